"""What may be done with a captive's card and custody, as tables."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from wayhome.bureau.captives.clocks import Clock, Times, clocks_of
from wayhome.bureau.captives.rules import (
    ASKED,
    CLOSING,
    MAY_FOLLOW,
    SAID,
    VOLUNTARY,
    Captor,
    CustodyState,
    DutyKind,
    EventKind,
    FlagFacts,
    IdentityState,
    Span,
    StatusBasis,
    authority_clock_runs,
    faults_of_capture,
    faults_of_card,
    identity_state_of,
    span_of,
    state_after,
    status_basis_of,
    why_not_ask_to_lift,
    why_not_by_hand,
    why_not_correct,
    why_not_flag,
    why_not_lift,
    why_not_note_duty,
    why_not_record,
)
from wayhome.lib.dates import PartialDate

NOW = datetime(2022, 4, 20, 12, tzinfo=UTC)
TODAY = NOW.date()
WAR = date(2022, 2, 24)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
E = EventKind


def codes(refusals) -> set[str]:
    return {refusal.code for refusal in refusals if refusal}


def test_only_five_facts_are_asked():
    assert ASKED == ("surname", "given", "rank", "born", "service_no")
    assert not set(ASKED) & set(VOLUNTARY)


def test_every_kind_of_event_has_its_place_in_the_table():
    assert set(MAY_FOLLOW) == {None, *EventKind}
    followed = {kind for kinds in MAY_FOLLOW.values() for kind in kinds}
    assert followed == set(EventKind)


@pytest.mark.parametrize("kind", CLOSING)
def test_nothing_follows_the_end_of_custody(kind):
    assert not MAY_FOLLOW[kind]
    assert state_after(kind) != CustodyState.HELD


@pytest.mark.parametrize("last", [None, *EventKind])
@pytest.mark.parametrize("kind", list(EventKind))
def test_an_event_is_refused_exactly_where_the_table_has_none(last, kind):
    refusal = why_not_record(kind, last_kind=last, happened_at=NOW, last_at=None, now=NOW)

    assert (refusal is None) == (kind in MAY_FOLLOW[last])
    assert refusal is None or refusal.code == "captives.order"


@pytest.mark.parametrize(
    ("first", "last", "before", "code"),
    [
        (NOW, NOW, NOW - DAY, None),
        (NOW + HOUR, NOW + HOUR, None, "captives.future"),
        (NOW - HOUR, NOW + HOUR, None, None),  # today: it may have been already
        (NOW - 2 * DAY, NOW - 2 * DAY, NOW - DAY, "captives.before"),
        (NOW - 2 * DAY, NOW - HOUR, NOW - DAY, None),  # some day of these: it may be later
        (None, None, NOW, None),
    ],
)
def test_an_event_comes_after_the_last_and_never_tomorrow(first, last, before, code):
    refusal = why_not_record(
        E.ARRIVED,
        last_kind=E.CAPTURED,
        happened_at=first,
        happened_until=last,
        last_at=before,
        now=NOW,
    )

    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("kind", "place", "to", "time", "expected"),
    [
        (E.RETURNED, True, "", True, {"captives.by_act"}),
        (E.ARRIVED, False, "", True, {"captives.no_place"}),
        (E.HOSPITAL, False, "", True, {"captives.no_place"}),
        (E.LEFT, False, "", True, set()),
        (E.GIVEN_TO_AUTHORITY, False, " ", True, {"captives.no_authority"}),
        (E.GIVEN_TO_AUTHORITY, False, "Служба", True, set()),
        (E.DIED, False, "", False, {"captives.no_time"}),
    ],
)
def test_what_a_clerk_must_say_of_an_event(kind, place, to, time, expected):
    refusals = why_not_by_hand(kind, has_place=place, to_authority=to, has_time=time)

    assert codes(refusals) == expected


@pytest.mark.parametrize(
    ("card", "state"),
    [
        ({"surname": "Буйничев"}, IdentityState.STATED),
        ({"service_no": "АБ-1", "surname": "declined"}, IdentityState.STATED),
        ({"full_name": "Буйничев Прохор"}, IdentityState.STATED),
        ({"surname": "declined", "given": "declined"}, IdentityState.DECLINED),
        ({"surname": "unknown", "rank": "рядовой"}, IdentityState.UNKNOWN),
        ({}, IdentityState.UNKNOWN),
        ({"surname": "unable"}, IdentityState.UNABLE),
        ({"surname": "Буйничев", "born": "unable"}, IdentityState.UNABLE),
    ],
)
def test_who_he_is_follows_from_the_card(card, state):
    assert identity_state_of(card) == state


@pytest.mark.parametrize("decided", ["", *sorted(SAID)])
def test_in_doubt_he_is_presumed_a_prisoner_of_war(decided):
    assert status_basis_of({"status_decided": decided}) == StatusBasis.PRESUMED
    assert status_basis_of({"status_decided": "Суд, 3.05.2022"}) == StatusBasis.DETERMINED


@pytest.mark.parametrize("field", VOLUNTARY)
@pytest.mark.parametrize("value", sorted(SAID))
def test_no_rule_takes_anything_for_what_he_does_not_say(field, value):
    card = {"surname": "Буйничев"}
    silent = {**card, field: value}

    assert identity_state_of(silent) == identity_state_of(card)
    assert status_basis_of(silent) == status_basis_of(card)
    unknown = {"captured_on": PartialDate(), "today": TODAY}
    assert not list(faults_of_card(silent, **unknown))


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ({}, "captives.nobody"),
        ({"unit": "12345"}, "captives.nobody"),
        ({"surname": "declined"}, None),
        ({"rank": "unable"}, None),
        ({"surname": "Б", "born": "1999"}, None),
        ({"surname": "Б", "born": "unknown"}, None),
        ({"surname": "Б", "born": "2001-21"}, None),
        ({"surname": "Б", "born": "2002~"}, None),
        ({"surname": "Б", "born": "2023"}, "captives.born_in_future"),
        ({"surname": "Б", "born": "2015"}, "captives.age"),
        ({"surname": "Б", "born": "1901-01-01"}, "captives.age"),
    ],
)
def test_what_cannot_be_on_a_card(card, code):
    found = codes(faults_of_card(card, captured_on=PartialDate("2022-04-16"), today=TODAY))

    assert found == ({code} if code else set())


def span(first: datetime | None, last: datetime | None = None) -> Span:
    return Span(first, last or first)


@pytest.mark.parametrize(
    ("captured", "given", "to", "expected"),
    [
        (span(NOW - DAY), Span(), "", set()),
        (span(NOW + DAY), Span(), "", {"captives.future"}),
        (span(datetime(2022, 2, 1, tzinfo=UTC)), Span(), "", {"captives.before_war"}),
        (span(datetime(2022, 1, 1, tzinfo=UTC), NOW), Span(), "", set()),  # "in 2022"
        (span(NOW - DAY), span(NOW), "Служба", set()),
        (span(NOW - DAY), span(NOW), "", {"captives.no_authority"}),
        (span(NOW - DAY), Span(), "Служба", {"captives.no_day_given"}),
        (span(NOW), span(NOW - DAY), "Служба", {"captives.given_before"}),
        (span(NOW), span(NOW + DAY), "Служба", {"captives.given_future"}),
    ],
)
def test_what_cannot_be_in_how_he_came_into_custody(captured, given, to, expected):
    found = faults_of_capture(captured, given, given_to=to, war_began_on=WAR, now=NOW)

    assert codes(found) == expected


def test_a_day_is_from_its_first_moment_to_its_last():
    found = span_of(None, "2022-04", UTC)

    assert found.first == datetime(2022, 4, 1, tzinfo=UTC)
    assert found.last is not None
    assert found.last.date() == date(2022, 4, 30)
    assert span_of(NOW, "2022", UTC) == Span(NOW, NOW)
    assert span_of(None, "unknown", UTC) == span_of(None, "", UTC) == Span()


@pytest.mark.parametrize(
    ("new", "reason", "expected"),
    [
        ({"surname": "Б"}, "ослышка", {"captives.same"}),
        ({"surname": "В"}, " ", {"captives.no_reason"}),
        ({"surname": "В"}, "ослышка", set()),
    ],
)
def test_a_card_is_superseded_with_a_reason_and_by_another(new, reason, expected):
    assert codes(why_not_correct(old={"surname": "Б"}, new=new, reason=reason)) == expected


def test_only_he_himself_needs_no_reason_for_a_harm_flag():
    assert why_not_flag(reason=" ", by_himself=False)
    assert not why_not_flag(reason="", by_himself=True)
    assert not why_not_flag(reason="угрозы", by_himself=False)


def flag(**facts: bool) -> FlagFacts:
    names = ("by_himself", "taken_back", "lifted", "asked", "asked_by_me")
    return FlagFacts(**{name: facts.get(name, False) for name in names})


@pytest.mark.parametrize(
    ("facts", "ask", "lift"),
    [
        (flag(), None, "captives.flag_not_asked"),
        (flag(asked=True), "captives.flag_asked", None),
        (flag(asked=True, asked_by_me=True), "captives.flag_asked", "captives.flag_one_person"),
        (flag(lifted=True, asked=True), "captives.flag_lifted", "captives.flag_lifted"),
        (flag(by_himself=True), "captives.his_word", "captives.his_word"),
        (flag(by_himself=True, asked=True), "captives.his_word", "captives.his_word"),
        (flag(by_himself=True, taken_back=True), None, "captives.flag_not_asked"),
        (flag(by_himself=True, taken_back=True, asked=True), "captives.flag_asked", None),
    ],
)
def test_two_people_lift_a_harm_flag_and_never_against_his_word(facts, ask, lift):
    asked, lifted = why_not_ask_to_lift(facts, reason="угроза прошла"), why_not_lift(facts)

    assert (asked.code if asked else None) == ask
    assert (lifted.code if lifted else None) == lift


def test_the_authority_is_noted_in_the_ledger_and_nothing_tomorrow():
    assert why_not_note_duty(DutyKind.AUTHORITY, at=NOW, now=NOW, language="ru")
    assert why_not_note_duty(DutyKind.RIGHTS, at=NOW + HOUR, now=NOW, language="ru")
    assert not why_not_note_duty(DutyKind.RIGHTS, at=NOW, now=NOW, language="ru")


CAPTURED = NOW - 30 * DAY


def clocks(**times) -> dict[DutyKind, Clock]:
    return {clock.kind: clock for clock in clocks_of(Times(CAPTURED, CAPTURED, **times))}


def test_every_duty_has_a_clock_and_nothing_stops_it_but_being_done():
    found = clocks()

    assert set(found) == set(DutyKind)
    assert {clock.state(NOW) for clock in found.values()} == {"late"}
    assert found[DutyKind.RIGHTS].due_at == CAPTURED + 24 * HOUR
    assert found[DutyKind.AUTHORITY].due_at == CAPTURED + 24 * HOUR
    assert found[DutyKind.FAMILY_CARD].due_at == CAPTURED + 7 * DAY


@pytest.mark.parametrize("captor", Captor)
@pytest.mark.parametrize("listed", [False, True])
def test_the_24_hours_run_for_whoever_no_authority_is_known_to_hold(captor, listed):
    taken_by_others = captor in {Captor.UNIT, Captor.CIVILIANS}
    unknown_here = captor == Captor.UNKNOWN and not listed

    assert authority_clock_runs(captor, listed=listed) == (taken_by_others or unknown_here)
    kinds = {clock.kind for clock in clocks_of(Times(CAPTURED))}
    assert kinds == set(DutyKind) - {DutyKind.AUTHORITY}


@pytest.mark.parametrize(
    ("after", "state"),
    [(HOUR, "running"), (20 * HOUR, "soon"), (24 * HOUR, "soon"), (24 * HOUR + HOUR, "late")],
)
def test_a_clock_says_how_pressing_it_is(after, state):
    assert clocks()[DutyKind.RIGHTS].state(CAPTURED + after) == state


@pytest.mark.parametrize(("after", "state"), [(23 * HOUR, "done"), (25 * HOUR, "done late")])
def test_what_was_done_late_stays_shown_as_late(after, state):
    given = clocks(given_at=CAPTURED + after)[DutyKind.AUTHORITY]

    assert given.state(NOW) == state


def test_two_cards_are_his_anew_after_each_arrival():
    card = (DutyKind.FAMILY_CARD, CAPTURED + DAY)
    moved = (CAPTURED + 2 * DAY, CAPTURED + 20 * DAY)

    assert clocks(done=(card,))[DutyKind.FAMILY_CARD].state(NOW) == "done"
    again = clocks(done=(card,), cards_from=moved)[DutyKind.FAMILY_CARD]
    assert again.started_at == CAPTURED + 20 * DAY
    assert again.state(NOW) == "late"
    assert clocks(done=(card,))[DutyKind.AGENCY_CARD].state(NOW) == "late"


def test_rights_are_told_in_a_language_and_cards_need_none():
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    told = partial(why_not_note_duty, at=now, now=now)

    assert told(DutyKind.RIGHTS, language="").code == "captives.no_language"
    assert told(DutyKind.RIGHTS, language="bxr") is None
    assert told(DutyKind.FAMILY_CARD, language="") is None
