"""What may be written of a man's welfare, and what his register adds up to."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wayhome.bureau.welfare.rules import (
    BEFORE_NAMES,
    CONDITION_NAMES,
    DIFFERED_NAMES,
    ENTRY_NAMES,
    GIVING,
    LARGEST_AMOUNT,
    MEAL_NAMES,
    NOT_SERVED,
    TAKEN_OUT_NAMES,
    Before,
    Condition,
    Differed,
    EntryKind,
    Issuer,
    Line,
    Meal,
    TakenOut,
    Treated,
    balance_of,
    moves,
    unaccounted,
    why_not_certify,
    why_not_close_effects,
    why_not_correct,
    why_not_enter,
    why_not_hand_receipt,
    why_not_keep_day,
    why_not_open_parcel,
    why_not_sign,
)

TODAY = date(2026, 3, 1)
ISSUER = Issuer("major B.", "sergeant V., guard company")
WATCH, ROUBLES = Line("Watch", Decimal(1)), Line("", Decimal("1500.50"), "RUB")
NO_MEAL: dict[Meal, int | None] = dict.fromkeys(Meal)


def codes(refusals):
    return [refusal.code.removeprefix("welfare.") for refusal in refusals]


def test_every_choice_has_its_words():
    for kinds, names in (
        (Meal, MEAL_NAMES),
        (Differed, DIFFERED_NAMES),
        (EntryKind, ENTRY_NAMES),
        (Before, BEFORE_NAMES),
        (TakenOut, TAKEN_OUT_NAMES),
        (Condition, CONDITION_NAMES),
    ):
        assert set(kinds) == set(names)
    assert set(Differed) > NOT_SERVED


@pytest.mark.parametrize(
    ("counts", "on", "expected"),
    [
        ({Meal.TEA: 212}, TODAY, []),
        ({Meal.TEA: 0}, TODAY, []),
        ({}, TODAY, ["no_count"]),
        ({Meal.TEA: -1}, TODAY, ["count"]),
        ({Meal.TEA: 100_001}, TODAY, ["count"]),
        ({Meal.TEA: 1}, TODAY + timedelta(days=1), ["future"]),
        ({Meal.TEA: 1}, TODAY - timedelta(days=31), []),
        ({Meal.TEA: 1}, TODAY - timedelta(days=32), ["too_late"]),
    ],
)
def test_which_day_can_be_kept(counts, on, expected):
    assert codes(why_not_keep_day({**NO_MEAL, **counts}, on=on, today=TODAY)) == expected


def test_of_whom_nothing_is_written_is_counted_and_never_below_nobody():
    assert unaccounted(held=212, served=209, otherwise=2) == 1
    assert unaccounted(held=212, served=214, otherwise=0) == 0
    assert unaccounted(held=212, served=None, otherwise=0) == 0


@pytest.mark.parametrize(
    ("kind", "lines", "held", "issuer", "reason", "expected"),
    [
        (EntryKind.TAKEN, [WATCH, ROUBLES], [], ISSUER, "safety", []),
        (EntryKind.TAKEN, [], [], ISSUER, "safety", ["no_line"]),
        (EntryKind.TAKEN, [WATCH], [], Issuer("", "V."), "safety", ["no_officer"]),
        (EntryKind.TAKEN, [WATCH], [], Issuer("B.", " "), "safety", ["no_issuer"]),
        (EntryKind.TAKEN, [WATCH], [], ISSUER, " ", ["no_reason"]),
        (EntryKind.TAKEN, [Line("ring", Decimal(0))], [], ISSUER, "x", ["quantity"]),
        (EntryKind.TAKEN, [Line("", LARGEST_AMOUNT + 1, "RUB")], [], ISSUER, "x", ["quantity"]),
        (EntryKind.TAKEN, [Line("ring", Decimal("1.5"))], [], ISSUER, "x", ["pieces"]),
        (EntryKind.TAKEN, [Line(" ", Decimal(1))], [], ISSUER, "x", ["no_article"]),
        (EntryKind.RETURNED, [WATCH], [WATCH], ISSUER, "", []),
        (EntryKind.RETURNED, [Line("watch ", Decimal(1))], [WATCH], ISSUER, "", []),
        (EntryKind.RETURNED, [WATCH], [], ISSUER, "", ["not_held"]),
        (EntryKind.SPENT, [Line("", Decimal(1501), "RUB")], [ROUBLES], ISSUER, "", ["not_held"]),
        (EntryKind.SPENT, [Line("", Decimal(1), "USD")], [ROUBLES], ISSUER, "", ["not_held"]),
        (EntryKind.FORWARDED, [ROUBLES], [ROUBLES], ISSUER, "", []),
    ],
)
def test_what_can_be_entered(kind, lines, held, issuer, reason, expected):
    refusals = why_not_enter(kind, lines, held=held, issuer=issuer, reason=reason)
    assert codes(refusals) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"corrected": True}, ["corrected"]),
        ({"kind": EntryKind.CORRECTION}, ["correction"]),
        ({"reason": " "}, ["no_reason"]),
        ({"held": []}, ["given_since"]),
    ],
)
def test_what_can_be_corrected(facts, expected):
    whole = {
        "kind": EntryKind.TAKEN, "corrected": False, "moved": [WATCH], "held": [WATCH],
        "reason": "two watches",
    }  # fmt: skip
    assert codes(why_not_correct(**{**whole, **facts})) == expected


things = st.sampled_from([("watch", ""), ("ring", ""), ("", "RUB"), ("", "UAH")])
steps = st.lists(
    st.tuples(
        st.sampled_from([EntryKind.TAKEN, *GIVING, EntryKind.CORRECTION]),
        things,
        st.integers(1, 5),
        st.integers(0, 9),
    ),
    max_size=25,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_whatever_is_asked_the_register_holds_what_was_taken_less_what_was_given(asked):
    """Allowed by the rules, step after step; a plain count of each thing is the oracle."""
    entries: list[tuple[EntryKind, list[Line]]] = []
    corrected: set[int] = set()
    plain: dict[tuple[str, str], Decimal] = {}
    for kind, thing, quantity, which in asked:
        held = balance_of(line for _kind, moved in entries for line in moved)
        if kind == EntryKind.CORRECTION:
            if which >= len(entries):
                continue
            of, moved = entries[which]
            refusals = why_not_correct(
                kind=of, corrected=which in corrected, moved=moved, held=held, reason="wrong"
            )
            if not list(refusals):
                entries.append((kind, [line.turned() for line in moved]))
                corrected.add(which)
                for line in moved:
                    plain[line.thing] -= line.quantity
            continue
        lines = [Line(thing[0], Decimal(quantity), thing[1])]
        if not list(why_not_enter(kind, lines, held=held, issuer=ISSUER, reason="safety")):
            entries.append((kind, moves(kind, lines)))
            sign = 1 if kind == EntryKind.TAKEN else -1
            plain[thing] = plain.get(thing, Decimal(0)) + sign * quantity

    held = balance_of(line for _kind, moved in entries for line in moved)
    assert {line.thing: line.quantity for line in held} == {
        thing: count for thing, count in plain.items() if count
    }
    assert all(line.quantity > 0 for line in held)


def test_two_sign_and_only_then_he_has_a_receipt():
    assert why_not_sign(signed=False, own=False) is None
    assert why_not_sign(signed=False, own=True).code == "welfare.one_person"
    assert why_not_sign(signed=True, own=False).code == "welfare.signed"
    assert why_not_hand_receipt(signed=False, handed=False).code == "welfare.one_signature"
    assert why_not_hand_receipt(signed=True, handed=False) is None
    assert why_not_hand_receipt(signed=True, handed=True).code == "welfare.handed"


def test_a_telephone_without_receipt_stands_against_closing_his_file():
    open_points = list(why_not_close_effects(held=[WATCH], without_receipt=[3]))

    assert codes(open_points) == ["no_receipt", "held"]
    assert "3" in str(open_points[0].reason)
    assert not list(why_not_close_effects(held=[], without_receipt=[]))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, []),
        ({"before": ""}, ["before_nobody"]),
        ({"before": "the guard"}, ["before_nobody"]),
        ({"before": "comrade"}, ["no_comrade"]),
        ({"before": "comrade", "comrade": "Lavr"}, []),
        ({"removed": [("knife", "weapon"), ("", "")]}, []),
        ({"removed": [("knife", "")]}, ["no_reason"]),
        ({"removed": [("sweets", "discipline")]}, ["no_reason"]),
        ({"removed": [("", "weapon")]}, ["no_article"]),
        ({"opened": True}, ["opened"]),
    ],
)
def test_a_parcel_is_opened_before_him_and_nothing_is_taken_without_a_reason_of_the_list(
    said, expected
):
    whole = {"opened": False, "before": "himself", "comrade": "", "removed": []}
    assert codes(why_not_open_parcel(**{**whole, **said})) == expected


@pytest.mark.parametrize(
    ("treated", "issued", "expected"),
    [
        (Treated("wound", "stitches", TODAY), False, []),
        (Treated("wound", "stitches", TODAY, TODAY), False, []),
        (Treated(" ", "stitches", TODAY), False, ["no_illness"]),
        (Treated("wound", "", TODAY), False, ["no_treatment"]),
        (Treated("wound", "stitches"), False, ["no_day"]),
        (Treated("wound", "stitches", TODAY + timedelta(days=1)), False, ["days"]),
        (Treated("wound", "stitches", TODAY, TODAY - timedelta(days=1)), False, ["days"]),
        (Treated("wound", "stitches", TODAY, TODAY + timedelta(days=1)), False, ["days"]),
        (Treated("wound", "stitches", TODAY), True, ["issued"]),
    ],
)
def test_what_a_certificate_must_say(treated, issued, expected):
    assert codes(why_not_certify(treated, issued=issued, today=TODAY)) == expected
