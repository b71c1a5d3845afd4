"""The outbox fills by itself; a harm flag closes the Power's route and never the agency's (P3)."""

import pytest
from django.utils import timezone

from tests.cases import Case
from tests.factories import StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.enquiries.actions import forget_enquiry, make_enquiry
from wayhome.bureau.enquiries.rules import NewEnquiry, Party, Relation, Sought
from wayhome.bureau.exchange import actions
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import (
    KIND_OF_EVENT,
    PARTICULARS,
    SEND_WITHIN,
    NoticeKind,
    NoticeState,
    Route,
)
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import Forbidden, Permission, Role, roles_with
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
K, R = NoticeKind, Route
PLACE = "Верхнегорье"


@pytest.fixture
def case() -> Case:
    return Case()


def notices(case: Case, kind: NoticeKind) -> dict[str, Notice]:
    """By route."""
    rows = Notice.objects.filter(captive=case.captive, kind=kind).select_related("key")
    found = {Route(notice.route): notice for notice in rows}
    assert len(found) == len(rows)
    return found


def test_a_new_card_is_due_to_both_and_says_only_what_the_convention_lists(case):
    case.card["health"] = "ранен"
    due = notices(case, K.CAPTURED)

    assert set(due) == set(Route)
    for notice in due.values():
        assert set(notice.particulars) <= {"number", *PARTICULARS}
        assert notice.particulars["surname"] == case.surname
        assert "ранен" not in str(notice.particulars)
        assert notice.due_at <= timezone.now() + SEND_WITHIN


def test_how_he_was_captured_leaves_the_bureau_in_no_notice(case):
    case.captured = captives.Captured(on="2022-04-16", by="патруль", where=PLACE)
    _ = case.captive

    everything = str([n.particulars for n in Notice.objects.select_related("key")])
    assert PLACE not in everything
    assert "патруль" not in everything


def test_a_corrected_card_is_due_anew(case):
    captives.correct_card(
        captive=case.captive, card={"rank": "сержант"}, reason="документ",
        by=case.staff(Role.REGISTRAR),
    )  # fmt: skip

    assert set(notices(case, K.CORRECTED)) == set(Route)
    assert notices(case, K.CORRECTED)[R.AGENCY].particulars["rank"] == "сержант"


EVENTS = {
    EventKind.ARRIVED: K.TRANSFERRED,
    EventKind.LEFT: K.TRANSFERRED,
    EventKind.HOSPITAL: K.HOSPITAL,
    EventKind.ESCAPED: K.CLOSED,
    EventKind.RELEASED: K.CLOSED,
    EventKind.EXCHANGED: K.CLOSED,
    EventKind.DIED: K.CLOSED,
}


@pytest.mark.parametrize("kind", list(EVENTS))
def test_each_event_that_is_due_is_noted_and_where_he_is_reaches_the_agency_alone(case, kind):
    clerk = case.staff(Role.REGISTRAR)
    _ = case.captive
    place = captives.find_or_make_place(site=clerk.site, name=PLACE, by=clerk)
    happened = captives.Happening(kind, at=timezone.now(), place=place, note=f"из {PLACE}")

    captives.record_custody_event(captive=case.captive, happened=happened, by=clerk)

    due = notices(case, EVENTS[kind])
    assert due[R.AGENCY].particulars["place"] == PLACE
    assert PLACE not in str(due[R.POWER].particulars)
    assert due[R.POWER].particulars["event"] == kind


def test_every_kind_of_event_is_due_or_known_not_to_be():
    assert set(KIND_OF_EVENT) == {*EVENTS, EventKind.RETURNED}
    assert {EventKind.CAPTURED, EventKind.GIVEN_TO_AUTHORITY} == set(EventKind) - set(KIND_OF_EVENT)


def test_a_harm_flag_holds_his_powers_copies_and_warns_the_agency_alone(case):
    assert {n.state for n in notices(case, K.CAPTURED).values()} == {NoticeState.DUE}

    captives.set_harm_flag(captive=case.captive, reason="угрожали", by=case.staff(Role.LEGAL))
    case.brought_to(PLACE)

    assert set(notices(case, K.HARM)) == {R.AGENCY}
    for kind in (K.CAPTURED, K.TRANSFERRED):
        due = notices(case, kind)
        assert (due[R.POWER].state, due[R.AGENCY].state) == (NoticeState.HELD, NoticeState.DUE)
        assert (due[R.POWER].harm, due[R.AGENCY].harm) == (False, True)
    assert "угрожали" not in str([n.particulars for n in Notice.objects.select_related("key")])


def test_a_named_lawyers_dated_decision_releases_one_notice_to_his_power(case):
    captives.set_harm_flag(captive=case.captive, reason="угрожали", by=case.staff(Role.LEGAL))
    held = notices(case, K.CAPTURED)[R.POWER]
    lawyer = case.staff(Role.LEGAL)
    with nothing_written(), pytest.raises(Refused, match=r"exchange\.no_reason"):
        actions.release_to_power(notice=held, reason=" ", by=lawyer)

    actions.release_to_power(notice=held, reason="он сам просит", by=lawyer)

    assert notices(case, K.CAPTURED)[R.POWER].state == NoticeState.DUE
    entry = Entry.objects.get(action="notice released to his Power")
    assert (entry.actor_id, entry.person) == (lawyer.number, case.captive.bureau_number)
    with nothing_written(), pytest.raises(Refused, match=r"exchange\.not_held"):
        actions.release_to_power(notice=held, reason="ещё", by=lawyer)


@pytest.mark.parametrize("role", sorted(set(Role) - roles_with(Permission.ASSESS_DANGER)
                                        - {Role.NOBODY, Role.FAMILY, Role.CAPTIVE}))  # fmt: skip
def test_nobody_but_the_lawyer_releases(case, role):
    captives.set_harm_flag(captive=case.captive, reason="угрожали", by=case.staff(Role.LEGAL))
    held, other = notices(case, K.CAPTURED)[R.POWER], StaffFactory(role=role)

    with nothing_written(), pytest.raises(Forbidden):
        actions.release_to_power(notice=held, reason="прошу", by=other)


def test_the_same_cause_is_due_once_a_route(case):
    due = actions.Due(K.CAPTURED, "one cause", {"number": "1"}, captive=case.captive)
    before = Notice.objects.count()

    for _ in range(3):
        actions.note_due([due])

    assert Notice.objects.count() == before + len(Route)


def test_a_step_that_fails_leaves_no_notice(case):
    clerk = case.staff(Role.REGISTRAR)
    _ = case.captive
    before = Notice.objects.count()
    with nothing_written(), pytest.raises(Refused):
        captives.record_custody_event(
            captive=case.captive, happened=captives.Happening(EventKind.ARRIVED), by=clerk
        )

    assert Notice.objects.count() == before


def test_what_a_family_takes_back_does_not_go_to_the_agency():
    told = NewEnquiry(Sought("Коваль", "Остап"), Relation.FATHER, party=Party.OWN_SOLDIER)
    made = make_enquiry(particulars=told, by=None)
    assert Notice.objects.get().route == R.AGENCY

    forget_enquiry(enquiry=made.enquiry, by=made.enquirer)

    assert not Notice.objects.exists()
