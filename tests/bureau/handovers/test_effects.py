"""What is held for him is given back line by line in the act, and the register says so."""

import base64
import io
from decimal import Decimal

import pytest
from django.utils import translation
from pypdf import PdfReader

from tests.cases import Case
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.handovers import actions
from wayhome.bureau.handovers.effects import Belonging, item_of
from wayhome.bureau.journal.models import Entry as JournalEntry
from wayhome.bureau.oversight.clocks import running_for
from wayhome.bureau.oversight.rules import ClockKind
from wayhome.bureau.staff.permissions import Role
from wayhome.bureau.welfare import actions as welfare
from wayhome.bureau.welfare.models import Entry
from wayhome.bureau.welfare.rules import EntryKind, Issuer, Line
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WATCH, MONEY = Line("часы", Decimal(1)), Line("", Decimal("400.00"), "RUB")
ISSUER = Issuer("майор Б.", "сержант В.")


@pytest.fixture
def case() -> Case:
    return Case()


def take(case: Case, *lines: Line) -> Entry:
    """Take something into keeping, signed by two, the receipt in his hands."""
    clerk = case.staff(Role.WELFARE)
    written = welfare.Written(EntryKind.TAKEN, lines, ISSUER, "ru", "на сохранение")
    entry = welfare.enter_effects(captive=case.captive, written=written, by=clerk)
    welfare.sign_entry(entry=entry, by=case.staff(Role.CUSTODY))
    return welfare.hand_receipt(entry=entry, by=clerk)


def list_all(case: Case, **why_not: str) -> None:
    """List what the register holds now: given back, but what `why_not` names by its article."""
    listed = [
        Belonging(
            item_of(each.line),
            why := why_not.get(each.line.what, ""),
            each,
            returned=not why,
        )
        for each in welfare.held_for_man(case.captive)
    ]
    clerk = case.staff(Role.COORDINATOR)
    actions.note_belongings(act=case.act, belongings=listed, by=clerk)


def seal(case: Case) -> None:
    actions.seal_act(act=case.ready, by=case.staff(Role.COORDINATOR))


def stands_against_his_file(case: Case) -> list[str]:
    return [each.code for each in welfare.why_not_close(list(case.captive.effects.all()))]


def test_the_seal_enters_what_was_given_back_and_closes_his_register(case):
    take(case, WATCH, MONEY)
    _ = case.ready
    list_all(case)

    seal(case)

    given = case.captive.effects.get(kind=EntryKind.RETURNED)
    coordinator, neutral = case.staff(Role.COORDINATOR), case.staff(Role.NEUTRAL)
    assert given.said() == [WATCH, MONEY]
    assert (given.by, given.second_by) == (coordinator, neutral)
    assert given.receipt_at is not None
    assert case.captive.bureau_number in given.details["reason"]
    assert stands_against_his_file(case) == []
    assert JournalEntry.objects.filter(action="effects entered", person=case.captive.bureau_number)


def test_the_act_lists_each_line_in_both_languages(case):
    take(case, WATCH, MONEY)
    _ = case.ready
    with translation.override("uk"):  # a clerk's page; a test before may have left another
        list_all(case, часы="потеряны, ищем")

    seal(case)

    document = base64.b64decode(actions.Act.objects.get(pk=case.act.pk).document)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)
    assert "потеряны, ищем" in text
    assert "400,00 RUB" in text
    assert "Повернено / Возвращено" in " ".join(text.split())


def test_what_was_not_given_back_stays_held_its_clock_runs_and_his_file_does_not_close(case):
    take(case, WATCH, MONEY)
    _ = case.ready
    list_all(case, часы="следует дипломатической почтой")

    seal(case)

    case.captive.refresh_from_db()
    assert case.captive.custody_state == CustodyState.RETURNED
    assert welfare.held_for(case.captive) == [WATCH]
    assert stands_against_his_file(case) == ["welfare.held"]
    running = {clock.kind for clock in running_for(case.staff(Role.NEUTRAL))}
    assert ClockKind.EFFECTS in running


def test_nothing_moves_before_the_seal(case):
    take(case, WATCH)
    _ = case.ready
    list_all(case)

    assert welfare.held_for(case.captive) == [WATCH]
    assert not case.captive.effects.filter(kind=EntryKind.RETURNED).exists()


def test_an_act_that_does_not_list_what_is_held_now_is_not_sealed(case):
    _ = case.ready  # of a man for whom nothing was held
    take(case, WATCH)
    with pytest.raises(Refused, match=r"handovers\.register"):
        seal(case)

    list_all(case)
    take(case, MONEY)
    with pytest.raises(Refused, match=r"handovers\.register"):
        seal(case)
    assert not case.captive.effects.filter(kind=EntryKind.RETURNED).exists()


def test_a_line_without_a_word_on_it_is_not_sealed(case):
    take(case, WATCH)
    _ = case.ready
    (held,) = welfare.held_for_man(case.captive)
    clerk = case.staff(Role.COORDINATOR)
    actions.note_belongings(
        act=case.act, belongings=[Belonging(item_of(WATCH), "", held)], by=clerk
    )

    with pytest.raises(Refused, match=r"handovers\.belongings"):
        seal(case)


def test_effects_of_a_second_record_of_the_man_are_given_back_under_that_record(case):
    other = Case(card={"born": "2001-05-03"})
    take(other, MONEY)
    take(case, WATCH)
    _ = case.ready
    other.captive.same_as = case.captive
    other.captive.save(update_fields=["same_as"])
    list_all(case)

    seal(case)

    assert [e.said() for e in Entry.objects.filter(kind=EntryKind.RETURNED).order_by("at")] in (
        [[WATCH], [MONEY]],
        [[MONEY], [WATCH]],
    )
    assert not welfare.held_for_man(case.captive)
