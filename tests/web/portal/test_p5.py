"""Promise P5: until she is invited to a talk a family's pages are equal, whatever we know.

Two families told the same on the same day. What the bureau knows of their men differs, one hidden
fact in each world, made by the bureau's own actions. Every page that a family is served must come
with the same status, headers, length and bytes, and ask the database the same questions.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

import pytest
from django.core.cache import cache as tries
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.boards import convened, decided
from tests.bureau.identifications.dead import identified
from tests.calling import ANY
from tests.cases import Case
from tests.factories import EnquiryFactory, HarmFlagFactory, StaffFactory
from tests.web.portal.test_own_page import picture
from tests.web.portal.walking import Seen, change, seen, visitor
from wayhome.bureau.answers.actions import invite
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.rules import EventKind, ProposalState
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Answer, Danger, Fear, Kind
from wayhome.bureau.contact.calls import actions as calls
from wayhome.bureau.contact.calls.models import Call
from wayhome.bureau.matches.actions import (
    Judged,
    ask_withdrawal,
    judge_candidate,
    withdraw_match,
)
from wayhome.bureau.matches.models import SameSought
from wayhome.bureau.matches.rules import Verdict
from wayhome.bureau.matches.same_sought import judge_same_sought
from wayhome.bureau.relations import actions as relations
from wayhome.bureau.relations.models import Paper
from wayhome.bureau.relations.rules import Level
from wayhome.bureau.returns import actions as returns
from wayhome.bureau.returns.grounds import Found, keep_finding
from wayhome.bureau.returns.models import Application
from wayhome.bureau.returns.rules.grounds import VALUES, FindingKind
from wayhome.bureau.staff.permissions import Role
from wayhome.config.access import addresses
from wayhome.web.access import EVERYBODY

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(900)]
Make = Callable[[Case], object]
Walked = tuple[dict[str, tuple[Seen, list[str]]], list[Seen]]  # each page with questions; each step
ON = datetime(2026, 3, 9, 11, 30, tzinfo=UTC)
LITERAL = re.compile(r"'[^']*'(?:::\w+)?|\b\d+\b")


def _judged_once(case: Case) -> None:
    same = Judged(Verdict.SAME, "похоже")
    judge_candidate(candidate=case.candidate, judged=same, by=case.staff(Role.TRACING))


def _judged_different(case: Case) -> None:
    for number in (1, 2):
        another = Judged(Verdict.DIFFERENT, "другой человек")
        by = case.staff(Role.TRACING, number)
        judge_candidate(candidate=case.candidate, judged=another, by=by)


def _said(case: Case, answer: Answer, fear: Fear = Fear.NO) -> None:
    for kind in Kind:
        consents.answer(match=case.match, kind=kind, answer=answer, by=case.sitting)
    consents.answer_fear(fear=fear, words="так", by=case.sitting)


def _took_back(case: Case) -> None:
    _ = case.consented
    consents.withdraw(match=case.match, kind=Kind.LIVES, by=case.sitting)


def _harm(case: Case) -> None:
    _ = case.match
    HarmFlagFactory(captive=case.captive)


def _died(case: Case) -> None:
    _ = case.consented
    happened = captives.Happening(EventKind.DIED, on="2022-05-01")
    captives.record_custody_event(
        captive=case.captive, happened=happened, by=case.staff(Role.REGISTRAR)
    )


def _moved(case: Case) -> None:
    _ = case.match
    case.brought_to("Барак 7")


def _unproven(case: Case) -> None:
    weighed = relations.Weighed(Level.NOT_SUPPORTED, {}, "ответы другие")
    given = relations.give_verdict(match=case.match, weighed=weighed, by=case.staff(Role.VERIFIER))
    relations.confirm_verdict(verdict=given, by=case.staff(Role.VERIFIER, 2))


def _in_danger(case: Case) -> None:
    _ = case.consented
    consents.assess_danger(
        captive=case.captive, danger=Danger.SUBSTANTIAL, reasons="угрозы", by=case.staff(Role.LEGAL)
    )


def _withdrawn(case: Case) -> None:
    _ = case.verdict, case.consented
    ask_withdrawal(match=case.match, reason="другой человек", by=case.staff(Role.TRACING))
    withdraw_match(match=case.match, by=case.staff(Role.TRACING, 2))


def _applied_himself(case: Case) -> None:
    _ = case.consented
    returns.apply_himself(wish={"words": "домой"}, by=case.sitting)


def _of_other_families(case: Case) -> None:
    for _ in range(3):
        EnquiryFactory()


def _sought_by_another_too(case: Case) -> None:
    other = EnquiryFactory(surname=case.surname)
    pair = SameSought.objects.create(earlier=case.enquiry, later=other, bits=30, probability=0.9)
    judge_same_sought(
        pair=pair, verdict=ProposalState.SAME, reason="одна мать", by=case.staff(Role.TRACING)
    )


# What the bureau may know, and she may not.
HIDDEN: dict[str, Make] = {
    "named among the dead": lambda case: identified(enquiry=case.enquiry),
    "registered": lambda case: case.captive,
    "candidate": lambda case: case.candidate,
    "judged once": _judged_once,
    "judged different": _judged_different,
    "confirmed match": lambda case: case.match,
    "sitting open": lambda case: (case.match, case.sitting),
    "his yes": lambda case: case.consented,
    "his no": lambda case: _said(case, Answer.NO),
    "not now": lambda case: _said(case, Answer.NOT_NOW),
    "he fears": lambda case: _said(case, Answer.YES, Fear.YES),
    "unsure": lambda case: _said(case, Answer.YES, Fear.UNSURE),
    "taken back": _took_back,
    "kinship proven": lambda case: (case.verdict, case.consented),
    "kinship not supported": _unproven,
    "harm flag": _harm,
    "moved": _moved,
    "dead": _died,
    "no danger known": lambda case: (case.consented, case.assessed),
    "danger": _in_danger,
    "withdrawn": _withdrawn,
    "applied himself": _applied_himself,
    "other families": _of_other_families,
    "sought by another too": _sought_by_another_too,
}
# What may become of her wish; she told it in every world.
AFTER_HER_WISH: dict[str, Make] = {
    "granted": lambda case: case.granted,
    "refused": lambda case: _decided(case, granted=False),
    "before a board": lambda case: convened(case.application, case.road, case.staff(Role.DECISION)),
    "appointed": lambda case: case.appointment,
    "ready to sign": lambda case: case.ready,
    "withdrawn": lambda case: (case.granted, _withdrawn(case)),
    "dead": lambda case: (case.granted, _died(case)),
    "his no": lambda case: (case.application, _said(case, Answer.NO)),
    "court and illness": lambda case: (case.granted, _found(case)),
}


def _found(case: Case) -> None:
    """What holds him back, and what would send him home."""
    for role, kind in ((Role.LEGAL, FindingKind.COURT), (Role.PHYSICIAN, FindingKind.MEDICAL)):
        worst = Found(kind, next(iter(VALUES[kind])), "Суд № 3")
        keep_finding(captive=case.captive, found=worst, by=case.staff(role))


def _his_wish_too(case: Case) -> None:
    _ = case.consented
    calls.ask_for_call_himself(to=case.match, times=ANY, language="ru", by=case.sitting)


def _reached_him(case: Case) -> None:
    _ = case.verdict, case.consented
    calls.bring_forward(case.enquiry.pk)


def _his_no_to_a_call(case: Case) -> None:
    _reached_him(case)
    call = Call.objects.get(enquiry=case.enquiry)
    calls.say_no(call=call, answer=Answer.NO, by=case.sitting)


def _call_stopped(case: Case) -> None:
    _reached_him(case)
    consents.withdraw(match=case.match, kind=Kind.CALLS, by=case.sitting)


# What may become of her wish for a call until a person has told her of him.
AFTER_HER_CALL: dict[str, Make] = {
    "his wish too": _his_wish_too,
    "reached him": _reached_him,
    "his no": _his_no_to_a_call,
    "stopped": _call_stopped,
}


def _decided(case: Case, *, granted: bool) -> None:
    _ = case.verdict, case.consented, case.assessed
    votes = (granted,) * 3
    decided(case.application, case.road, case.staff(Role.DECISION), votes, ON.date())


def world(make: Make | None, *, wished: bool = False, called: bool = False) -> tuple[Case, Client]:
    """One family as all others, and what the bureau knows in this world."""
    case = Case()
    case.surname = "Ознобихин"
    _ = case.made
    if wished:
        _ = case.application
    if called:
        calls.ask_for_call(enquiry=case.enquiry, times=ANY, language="ru", by=case.enquirer)
    if make:
        make(case)
    client = visitor()
    session = client.session
    session["enquirer_id"] = str(case.enquirer.pk)
    session.save()
    client.get("/waiting/")  # the cookie for the forms
    return case, client


def family_pages() -> list[str]:
    """Every address of the access table that a family may open, each step of a question too."""
    pages = []
    for address in addresses():
        access = address.access
        ours = access is not None and address.name.startswith("portal:")
        if not ours or "GET" not in access.methods or address.name == "portal:leave":
            continue
        if access.roles == EVERYBODY or any(role.value == "family" for role in access.roles):
            steps = address.steps or ((),)
            pages += [reverse(address.name, args=[step] if step else []) for step in steps]
    return pages


PAGES = family_pages()


def walked(client: Client) -> dict[str, Seen]:
    return {path: seen(client.get(path)) for path in PAGES}


def met(client: Client) -> dict[str, tuple[Seen, list[str]]]:
    """Each page, and the questions that it puts to the database, without their values."""
    pages = {}
    for path in PAGES:
        with CaptureQueriesContext(connection) as queries:
            page = seen(client.get(path))
        pages[path] = page, [LITERAL.sub("?", query["sql"]) for query in queries]
    return pages


def done(client: Client) -> list[Seen]:
    """What she does herself, the same in every world; the last step closes her page."""
    steps = [
        change(client, "born", {"born": "4.05.2001"}),
        change(client, "born", {"born": "никогда"}),
        client.post("/papers/", {"paper": picture(), "note": "метрика"}),
        client.post("/papers/", {}),
        client.post("/papers/journey/", {"paper": picture(), "note": "паспорт"}),
        client.post("/bring-home/", {"travel": "no", "words": "двое детей"}),
        client.post("/bring-home/", {"travel": "yes"}),
        client.post("/letters/", {"text": "Мы тебя ждём."}),
        client.post("/letters/", {"text": " "}),
        client.get("/letters/"),
        client.post("/letters/take-back/", {"number": "1"}),
        client.post("/letters/take-back/", {"number": "1"}),
        client.get("/letters/"),
        client.post("/calls/", {}),
        client.post("/calls/", {"zone": "Asia/Omsk", "language": "tt", "days": ["1"]}),
        client.get("/calls/"),
        client.post("/calls/other-times/", {"zone": "Asia/Omsk", "language": "ru"}),
        client.get("/calls/other-times/"),
        client.post("/calls/choose/", {"time": "1"}),
        client.post("/calls/take-back/", {"idempotency_key": "e" * 32}),
        client.get("/calls/"),
        client.post("/waiting/pin/", {"now": "555444"}),
    ]
    Paper.objects.update(sent_at=ON)
    steps += [
        client.get(path) for path in ("/waiting/", "/papers/", "/papers/journey/", "/bring-home/")
    ]
    steps += [client.post("/waiting/forget/", {"sure": "on"}), client.get("/waiting/")]
    return [seen(step) for step in steps]


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    tries.clear()


def test_the_walk_is_whole():
    assert len(PAGES) >= 35
    for path in ("/waiting/", "/papers/", "/bring-home/", "/waiting/answers/contact/"):
        assert path in PAGES
    case, client = world(None)
    assert all(page.status in (200, 303) for page in walked(client).values())
    assert case.surname in walked(client)["/waiting/"].body


def test_a_page_that_was_only_opened_complains_of_nothing():
    _, client = world(None)

    assert not [path for path, page in walked(client).items() if 'role="alert"' in page.body]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_her_pages_are_equal_whatever_we_know(hidden: str):
    plain = walked_knowing_nothing()
    _, knowing = world(HIDDEN[hidden])

    _compare(plain, knowing)


@pytest.mark.parametrize("hidden", AFTER_HER_WISH)
def test_her_pages_are_equal_whatever_becomes_of_her_wish(hidden: str):
    plain = walked_knowing_nothing(wished=True)
    case, knowing = world(AFTER_HER_WISH[hidden], wished=True)
    assert Application.objects.filter(by_captive=False, enquiry=case.enquiry).count() == 1

    _compare(plain, knowing)


@pytest.mark.parametrize(
    "hidden",
    [pytest.param(one, marks=() if one == "his no" else pytest.mark.all) for one in AFTER_HER_CALL],
)
def test_her_pages_are_equal_whatever_becomes_of_her_call(hidden: str):
    plain = walked_knowing_nothing(called=True)
    _, knowing = world(AFTER_HER_CALL[hidden], called=True)

    _compare(plain, knowing)


def test_a_call_that_he_asked_for_is_hidden_and_becomes_hers_unseen():
    plain = walked_knowing_nothing()
    _, knowing = world(_his_wish_too)

    _compare(plain, knowing)


@cache
def walked_knowing_nothing(*, wished: bool = False, called: bool = False) -> Walked:
    """The pages and the steps of a family of whose man nothing is known; the same for all."""
    _, client = world(None, wished=wished, called=called)
    return met(client), done(client)


def _compare(plain: Walked, knowing: Client) -> None:
    pages, others = plain[0], met(knowing)
    for path in PAGES:
        (page, asked), (other, asked_there) = pages[path], others[path]
        assert page == other, path
        # The time an answer takes is what it asks for: the same questions, in the same order.
        assert asked == asked_there, path
    assert plain[1] == done(knowing)


def test_the_invitation_is_the_first_difference_and_the_same_for_every_kind_of_news():
    _, plain = world(None)
    _, all_allowed = world(lambda case: case.invitation)
    _, little_allowed = world(_invited_with_little)
    waits, invited, other = walked(plain), walked(all_allowed), walked(little_allowed)

    assert invited["/waiting/"].body != waits["/waiting/"].body
    assert "A member of our staff would like to talk with you." in invited["/waiting/"].body
    assert invited == other
    rest = [path for path in PAGES if path != "/waiting/"]
    assert [invited[path] for path in rest] == [waits[path] for path in rest]


def _invited_with_little(case: Case) -> None:
    consents.answer_things(match=case.match, answers=["Жучка", "Ива"], by=case.sitting)
    consents.answer(match=case.match, kind=Kind.LIVES, answer=Answer.YES, by=case.sitting)
    for kind in (Kind.HOW_I_AM, Kind.LETTERS, Kind.CALLS, Kind.GO_HOME):
        consents.answer(match=case.match, kind=kind, answer=Answer.NO, by=case.sitting)
    consents.answer_fear(fear=Fear.NO, words="", by=case.sitting)
    _ = case.verdict
    invite(match=case.match, by=StaffFactory(role=Role.CONTACT))


def test_what_is_random_on_a_page_has_one_length():
    _, client = world(None)
    for path in PAGES:
        lengths = {len(client.get(path).content) for _ in range(5)}
        assert len(lengths) == 1, path
