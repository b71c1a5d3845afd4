"""The floor of GC III 71: two letters and four cards a month, whatever else is the case."""

import inspect
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.apps import apps
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import Case
from wayhome.bureau.contact import actions, paper, rules
from wayhome.bureau.contact.actions import Addressee
from wayhome.bureau.contact.models import Letter
from wayhome.bureau.contact.rules import HoldReason, LetterKind, LetterState
from wayhome.bureau.oversight.clocks import running_for
from wayhome.bureau.oversight.rules import ClockKind
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.refusal import Refused

TODAY = date(2022, 5, 3)
# All that a rule on letters may look at. Nothing here counts, punishes, ranks or costs.
MAY_BE_ASKED = {
    "kind", "text", "name", "address", "now", "then", "asked", "reason", "until", "today",
    "held_before", "side", "came", "letter", "code", "copies", "from_him", "language",
    "written_in", "shown",
}  # fmt: skip
MONEY = re.compile("fee|price|cost|charge|payment|postage|tariff", re.IGNORECASE)
LETTERS, CARDS = 2, 4
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=rules.LONGEST_CARD)


def test_no_rule_on_letters_can_know_how_many_were_written_or_who_is_punished():
    asked = {
        name: set(inspect.signature(function).parameters)
        for name, function in vars(rules).items()
        if name.startswith("why_not_")
    }
    assert len(asked) >= 9
    for name, parameters in asked.items():
        assert parameters <= MAY_BE_ASKED, name


@given(
    kind=st.sampled_from([LetterKind.LETTER, LetterKind.CARD, LetterKind.MESSAGE]),
    text=WORDS.filter(str.strip),
    name=WORDS.filter(str.strip),
    address=WORDS.filter(str.strip),
)
def test_any_words_that_fit_on_a_card_to_anybody_are_taken(kind, text, name, address):
    assert rules.why_not_write(kind=kind, text=text, name=name, address=address) == []


@given(kind=st.sampled_from(sorted(rules.BY_HAND)), copies=st.integers(1, LETTERS + CARDS))
def test_sheets_for_a_month_can_always_be_printed(kind, copies):
    assert rules.why_not_print(kind=kind, copies=copies, from_him=True) == []


@given(
    reason=st.one_of(st.sampled_from(sorted(HoldReason)), st.text(max_size=20)),
    days=st.integers(-400, 400),
    held_before=st.booleans(),
)
def test_nothing_is_held_but_for_a_listed_reason_once_and_for_days(reason, days, held_before):
    until = TODAY + timedelta(days=days)

    refusals = rules.why_not_hold(reason=reason, until=until, today=TODAY, held_before=held_before)

    allowed = reason in set(HoldReason) and 0 < days <= 30 and not held_before
    assert (not refusals) is allowed
    assert "discipline" not in set(HoldReason)


@given(st.sampled_from(sorted(LetterState)))
def test_from_every_state_a_letter_can_go_on_unless_its_sender_ended_it(state):
    """No state is a drawer: the way to delivered stays open."""
    reached, edge = {state}, {state}
    while edge:
        edge = set().union(*(rules.MAY_FOLLOW[one] for one in edge)) - reached
        reached |= edge
    assert LetterState.DELIVERED in reached or state == LetterState.TAKEN_BACK


@given(
    waited=st.timedeltas(timedelta(0), timedelta(days=60)),
    moment=st.datetimes(datetime(2022, 3, 1), datetime(2032, 1, 1), timezones=st.just(UTC)),
)
def test_four_weeks_are_four_weeks_in_every_season(waited, moment):
    assert rules.is_long_since(moment - waited, moment) is (waited >= timedelta(days=28))


def test_every_fee_is_zero_since_no_letter_sheet_or_parcel_has_a_place_for_one():
    for label in ("contact", "welfare"):
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.get_fields():
                assert not MONEY.search(field.name), (model, field.name)
    for template in Path(rules.__file__).parent.glob("*.typ"):
        assert "free" in template.read_text()


@pytest.mark.slow
@pytest.mark.django_db
def test_a_months_letters_and_cards_are_taken_whatever_else_happens():
    """Typed and by hand, held ones among them, on any day of the month; to him without limit."""
    case, to = Case(), Addressee("Аглая", "Садовая, 3")
    reader, began = case.staff(Role.SUPERVISOR), timezone.now()
    officer = case.staff(Role.WELFARE)
    officer.site = case.captive.site
    officer.save()
    sitting = case.sitting
    month = [LetterKind.LETTER] * LETTERS + [LetterKind.CARD] * CARDS
    for number, kind in enumerate(month * 2):
        letter = actions.write_from_him(kind=kind, to=to, text=f"Письмо {number}", by=sitting)
        if number % 3 == 0:
            tomorrow = timezone.localdate() + timedelta(days=1)
            actions.hold_letter(letter=letter, reason="place", until=tomorrow, by=reader)
        paper.print_for_him(captive=case.captive, kind=kind, copies=1, language="ru", by=officer)
    for number in range(40):
        actions.write_to_him(enquiry=case.enquiry, text=f"Мы ждём {number}", by=case.enquirer)

    assert Letter.objects.filter(captive=case.captive).count() == 2 * (LETTERS + CARDS)
    assert Letter.objects.filter(enquiry=case.enquiry).count() == 40
    assert began <= Letter.objects.order_by("written_at").first().written_at


@pytest.mark.slow
@pytest.mark.django_db
def test_a_hold_ends_with_its_day_and_cannot_be_made_anew():
    case, to = Case(), Addressee("Аглая", "Садовая, 3")
    letter = actions.write_from_him(kind=LetterKind.CARD, to=to, text="Жив", by=case.sitting)
    reader, auditor = case.staff(Role.SUPERVISOR), case.staff(Role.AUDITOR)
    until = timezone.localdate() + timedelta(days=2)
    actions.hold_letter(letter=letter, reason="place", until=until, by=reader)
    assert actions.end_holds() == 0

    with patch.object(timezone, "localdate", return_value=until + timedelta(days=1)):
        assert actions.end_holds() == 1

    letter.refresh_from_db()
    assert letter.state == LetterState.TO_REVIEW
    assert ClockKind.LETTER in {clock.kind for clock in running_for(auditor)}
    with pytest.raises(Refused, match=r"letter\.held_before"):
        actions.hold_letter(letter=letter, reason="place", until=until, by=reader)
    assert actions.pass_letter(letter=letter, black_out=frozenset(), by=reader)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("days", "late"), [(1, False), (2.1, True), (5.1, True)])
def test_a_letter_in_a_language_that_nobody_reads_is_told_to_the_auditor(days, late):
    """Not held, not destroyed: it waits, and the waiting is seen by the auditor by itself (71)."""
    case, to = Case(), Addressee("Дугар", "Улан-Удэ")
    letter = actions.write_from_him(
        kind=LetterKind.CARD, to=to, text="Сайн байна, эжы!", by=case.sitting
    )
    Letter.objects.filter(pk=letter.pk).update(waits_since=timezone.now() - timedelta(days=days))

    clocks = [c for c in running_for(case.staff(Role.AUDITOR)) if c.kind == ClockKind.LETTER]

    assert [clock.state(timezone.now()) == "late" for clock in clocks] == [late]
    letter.refresh_from_db()
    assert letter.state == LetterState.TO_REVIEW
