"""Whom a captive wants told is read by those who can reach them, and by nobody else."""

import uuid

import pytest
from django.test import Client

from tests.cases import Case
from tests.factories import HarmFlagFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.answers import actions
from wayhome.bureau.answers.models import ReachAttempt
from wayhome.bureau.answers.rules import ReachOutcome
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.consents.actions import name_person_to_tell
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Role
from wayhome.lib.refusal import Refused
from wayhome.web.tablet.steps import STATES, named_by

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NAMED = "/console/first-news/named/"
WHO = {
    "name": "Буйничева Пелагея",
    "reach": "+7 000 000 00 00",
    "question": "Как звали кота?",
    "right_answer": "Дым",
    "words": "Жди меня",
}
LISTED = ("name", "reach")


@pytest.fixture
def case() -> Case:
    one = Case()
    name_person_to_tell(who=WHO, by=one.sitting)
    return one


def of(case: Case) -> str:
    return f"{NAMED}{case.captive.persons_to_tell.get().pk}/"


def pressed(client: Client, address: str, outcome: str) -> int:
    sent = {"idempotency_key": str(uuid.uuid4()), "outcome": outcome}
    return client.post(address, sent).status_code


def signed_in(role: Role) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=role))
    return client


def test_the_family_contact_reads_whom_he_named_and_the_look_is_in_the_journal(case):
    client = signed_in(Role.CONTACT)
    page = client.get(NAMED).content.decode()
    assert all(WHO[told] in page for told in LISTED)
    assert WHO["right_answer"] not in page

    page = client.get(of(case)).content.decode()
    assert all(told in page for told in WHO.values())
    assert Entry.objects.filter(action="looked at", person=case.captive.bureau_number).exists()


def test_nobody_else_of_the_console_opens_the_list(case):
    for role in sorted(CONSOLE_ROLES - {Role.CONTACT}):
        client = signed_in(role)
        assert client.get(NAMED).status_code == 403, role
        assert client.get(of(case)).status_code == 403, role


def test_where_telling_could_do_harm_nobody_is_listed(case):
    address = of(case)
    HarmFlagFactory(captive=case.captive)
    client = signed_in(Role.CONTACT)

    assert WHO["name"] not in client.get(NAMED).content.decode()
    assert client.get(address).status_code == 404


def test_words_that_name_his_place_are_held_back(case):
    case.brought_to("Кологривская застава")
    told = {**WHO, "words": "я в кологривской заставе"}
    new = name_person_to_tell(who=told, by=case.sitting)

    page = signed_in(Role.CONTACT).get(f"{NAMED}{new.pk}/").content.decode()

    assert "кологривск" not in page.casefold()
    assert "Held back: it names a place." in page


def test_the_neutral_finds_them_on_his_own_page_of_the_man(case):
    page = signed_in(Role.NEUTRAL).get(f"/console/sittings/{case.captive.bureau_number}/")

    assert WHO["name"] in page.content.decode()


@pytest.mark.parametrize("outcome", list(ReachOutcome))
def test_what_came_of_it_is_noted_and_he_reads_it(case, outcome):
    client = signed_in(Role.CONTACT)

    assert pressed(client, of(case), "not reached") == 303
    assert pressed(client, of(case), outcome) == 303

    assert [one.outcome for one in ReachAttempt.objects.order_by("at")] == ["not reached", outcome]
    still_listed = WHO["name"] in client.get(NAMED).content.decode()
    assert still_listed is (outcome == ReachOutcome.NOT_REACHED)
    assert WHO["name"] in client.get(NAMED, {"state": "all"}).content.decode()
    assert Entry.objects.filter(action=actions.REACHED[outcome]).exists()
    assert [one.state for one in named_by(case.sitting)] == [STATES[outcome]]


def _harm(case: Case) -> None:
    HarmFlagFactory(captive=case.captive)


def _died(case: Case) -> None:
    happened = captives.Happening(EventKind.DIED, on="2022-05-01")
    captives.record_custody_event(
        captive=case.captive, happened=happened, by=case.staff(Role.REGISTRAR)
    )


def _told(case: Case) -> None:
    named = case.captive.persons_to_tell.get()
    actions.note_reached(named=named, outcome=ReachOutcome.TOLD, by=case.staff(Role.CONTACT))


def _alone(case: Case) -> None:
    Sitting.objects.update(neutral=None)


def _no_question(case: Case) -> None:
    named = case.captive.persons_to_tell.get()
    named.who = {**WHO, "question": ""}
    named.save(update_fields=["who"])


AGAINST = {
    "consents.harm": _harm,
    "consents.state": _died,
    "reach.settled": _told,
    "reach.neutral": _alone,
    "reach.question": _no_question,
}


@pytest.mark.parametrize("code", AGAINST)
def test_what_stands_against_telling_somebody_he_named(case, code):
    AGAINST[code](case)
    named = case.captive.persons_to_tell.get()
    contact = case.staff(Role.CONTACT)

    with nothing_written(), pytest.raises(Refused, match=code.replace(".", r"\.")):
        actions.note_reached(named=named, outcome=ReachOutcome.TOLD, by=contact)
