"""Whom a captive wants told is read by those who can reach them, and by nobody else."""

import pytest
from django.test import Client

from tests.cases import Case
from tests.factories import HarmFlagFactory, StaffFactory
from wayhome.bureau.consents.actions import name_person_to_tell
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NAMED = "/console/first-news/named/"
WHO = {"name": "Буйничева Пелагея", "reach": "+7 000 000 00 00", "words": "Жди меня"}


@pytest.fixture
def case() -> Case:
    one = Case()
    name_person_to_tell(who=WHO, by=one.sitting)
    return one


def signed_in(role: Role) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=role))
    return client


def test_the_family_contact_reads_whom_he_named_and_the_look_is_in_the_journal(case):
    page = signed_in(Role.CONTACT).get(NAMED).content.decode()

    assert all(told in page for told in WHO.values())
    assert Entry.objects.filter(action="looked at", person=case.captive.bureau_number).exists()


def test_nobody_else_of_the_console_opens_the_list(case):
    for role in sorted(CONSOLE_ROLES - {Role.CONTACT}):
        assert signed_in(role).get(NAMED).status_code == 403, role


def test_where_telling_could_do_harm_nobody_is_listed(case):
    HarmFlagFactory(captive=case.captive)

    assert WHO["name"] not in signed_in(Role.CONTACT).get(NAMED).content.decode()


def test_words_that_name_his_place_are_held_back(case):
    case.brought_to("Кологривская застава")
    name_person_to_tell(who={**WHO, "words": "я в кологривской заставе"}, by=case.sitting)

    page = signed_in(Role.CONTACT).get(NAMED).content.decode()

    assert "кологривск" not in page.casefold()
    assert "Held back: it names a place." in page


def test_the_neutral_finds_them_on_his_own_page_of_the_man(case):
    page = signed_in(Role.NEUTRAL).get(f"/console/sittings/{case.captive.bureau_number}/")

    assert WHO["name"] in page.content.decode()
