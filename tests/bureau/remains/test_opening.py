"""A grave is opened on an order, before two; the chain goes on from it, and the grave is free."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.bureau.remains.test_actions import registered
from tests.bureau.remains.test_burial import all_but_the_sample, grave, plot_of, sampled
from tests.factories import StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.remains import actions
from wayhome.bureau.remains.models import Burial, Opening
from wayhome.bureau.remains.printing import opened_grave_paper
from wayhome.bureau.remains.queries import gaps_in
from wayhome.bureau.remains.rules.opening import Opened, Why, why_not_open
from wayhome.bureau.remains.rules.register import State
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.refusal import Refused

NOON = timezone.now()
HOME = Opened(Why.HOME, "Міністерство, № 7 від 2 березня", "двоє землекопів, експерт", "Л 1",
              "мішок вологий, пломба ціла", NOON)  # fmt: skip
TODAY = timezone.localdate(NOON)
TOLD = {"told_on": TODAY, "again_at": "та сама ділянка"}
PAST_MIDNIGHT = datetime(2026, 11, 26, 22, 30, tzinfo=UTC)  # half past twelve in Kyiv, the next day


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ({}, []),
        ({"order": " ", "present": "", "condition": ""},
         ["opening.no_order", "opening.nobody", "opening.no_condition"]),
        ({"ground": Why.NECESSITY}, ["opening.not_told", "opening.no_place"]),
        ({"ground": Why.IDENTITY, **TOLD}, []),
        ({"ground": Why.IDENTITY, **TOLD, "told_on": TODAY + timedelta(days=1)},
         ["opening.not_told"]),
        ({"at": NOON - timedelta(days=2)}, ["opening.before_burial"]),
        ({"at": NOON + timedelta(minutes=1)}, ["opening.future"]),
    ],
)  # fmt: skip
def test_a_grave_is_opened_on_an_order_and_their_country_is_told_before(more, refused):
    found = why_not_open(replace(HOME, **more), buried_at=NOON - timedelta(days=1), now=NOON)

    assert [one.code for one in found] == refused
    none = why_not_open(HOME, buried_at=None, now=NOON)
    assert [one.code for one in none] == ["opening.not_buried"]


@pytest.mark.parametrize(("day", "refused"), [(27, []), (28, ["opening.not_told"])])
def test_a_day_is_that_of_the_clock_on_the_wall(day, refused):
    opened = replace(HOME, ground=Why.IDENTITY, at=PAST_MIDNIGHT, told_on=date(2026, 11, day),
                     again_at="та сама ділянка")  # fmt: skip

    found = why_not_open(opened, buried_at=PAST_MIDNIGHT, now=PAST_MIDNIGHT)

    assert [one.code for one in found] == refused


def ordered() -> Opened:
    """To be examined, by order: their country was told today."""
    told = {"told_on": timezone.localdate(), "again_at": "там само"}
    return replace(HOME, ground=Why.IDENTITY, at=timezone.now(), **told)


@pytest.fixture
def buried(db):
    """Remains in the first grave, the officer who buried them, and an expert."""
    officer, expert = StaffFactory(role=Role.CUSTODY), StaffFactory(role=Role.FORENSIC)
    remains = registered(officer)
    actions.put_seal_on(remains=remains, seal="Л 1", reason="", by=officer)
    all_but_the_sample(remains, officer, expert)
    sampled(remains, expert)
    plot = plot_of(officer)
    actions.bury(remains=remains, grave=grave(plot), by=officer)
    remains.refresh_from_db()
    return remains, officer, expert, plot


@pytest.mark.slow
def test_who_opens_it_has_them_and_no_gap_is_made_of_the_earth(buried):
    remains, officer, expert, plot = buried
    opened = ordered()
    opening = actions.open_grave(remains=remains, opened=opened, by=expert)

    remains.refresh_from_db()
    last = remains.last_change()
    assert (remains.state, last.receiver, last.giver_outside) == (State.KEPT, expert, True)
    assert "1/1" in last.giving
    assert (gaps_in(remains), remains.has_gap) == ([], False)
    with pytest.raises(Refused, match=r"opening\.own"):
        actions.sign_opening(opening=opening, by=expert)
    actions.sign_opening(opening=opening, by=officer)
    with pytest.raises(Refused, match=r"opening\.signed"):
        actions.sign_opening(opening=opening, by=StaffFactory(role=Role.CUSTODY))
    with pytest.raises(Refused, match=r"opening\.not_buried"), nothing_written():
        actions.open_grave(remains=remains, opened=opened, by=expert)
    for language in ("en", "uk", "ru"):
        assert opened_grave_paper(Opening.objects.get(), language).startswith(b"%PDF")

    actions.bury(remains=remains, grave=grave(plot), by=expert)  # the grave is free again
    assert remains.burials.filter(opened_at=None).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Burial.objects.update(opened_at=None)  # in one grave at most
    assert Entry.objects.filter(action="grave opened", person=remains.bureau_number).exists()


@pytest.mark.slow
def test_another_seal_than_was_buried_is_a_gap(buried):
    remains, _officer, expert, _plot = buried
    opened = replace(ordered(), seal="Л 9")
    actions.open_grave(remains=remains, opened=opened, by=expert)

    remains.refresh_from_db()
    assert remains.has_gap
