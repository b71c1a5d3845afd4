"""A man who cannot decide: physician and neutral, a week at a time; for a child his guardian."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.bureau.consents.test_actions import proven, sitting_of, withdraw_match
from tests.factories import CaptiveFactory, MatchFactory, SiteFactory, StaffFactory
from wayhome.bureau.answers.actions import matches_to_tell
from wayhome.bureau.answers.composing import compose
from wayhome.bureau.captives.actions import note_health
from wayhome.bureau.captives.models import HealthNote
from wayhome.bureau.consents import actions
from wayhome.bureau.consents.in_his_place import agree_for_him, decide_for_him, end_decision
from wayhome.bureau.consents.models import DecisionForHim
from wayhome.bureau.consents.rules import Answer, Kind, Unable, may_be_a_child
from wayhome.bureau.matches.models import Match
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def match() -> Match:
    found = MatchFactory(captive=CaptiveFactory(born="1995-04-04"))
    proven(found)
    return found


@pytest.fixture
def physician(match: Match):
    return StaffFactory(role=Role.PHYSICIAN, site=match.captive.site)


@pytest.fixture
def neutral():
    return StaffFactory(role=Role.NEUTRAL)


def unable(match: Match, physician, *, days_ago: int = 0) -> HealthNote:
    note = note_health(captive=match.captive, note="Без сознания", cannot_decide=True, by=physician)
    HealthNote.objects.filter(pk=note.pk).update(at=timezone.now() - timedelta(days=days_ago))
    return note


def proposed(match: Match, neutral, kind: Kind = Kind.LIVES, **more) -> DecisionForHim:
    given = {"why": Unable.ILL, "grounds": "Мать ищет его", **more}
    return decide_for_him(match=match, kind=kind, by=neutral, **given)


def told(match: Match, kind: Kind = Kind.LIVES) -> bool:
    return not actions.why_not_disclose(match, kind)


def test_neutral_and_physician_together_and_only_for_a_week(match, physician, neutral):
    unable(match, physician)
    decision = proposed(match, neutral)
    assert not told(match)
    assert match not in matches_to_tell()

    agree_for_him(decision=decision, by=physician)

    assert told(match)
    assert match in matches_to_tell()
    assert not told(match, Kind.HOW_I_AM)
    assert compose(match).said["how_known"] == "seen by a neutral"
    DecisionForHim.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert not told(match)
    assert match not in matches_to_tell()
    with pytest.raises(Refused, match=r"for_him\.settled"):
        agree_for_him(decision=decision, by=physician)


def test_without_a_physicians_word_of_this_week_nothing_is_decided(match, physician, neutral):
    with pytest.raises(Refused, match=r"for_him\.physician"):
        proposed(match, neutral)
    unable(match, physician, days_ago=8)
    with pytest.raises(Refused, match=r"for_him\.physician"):
        proposed(match, neutral)
    assert not DecisionForHim.objects.exists()


def test_his_own_answer_is_never_overruled_and_ends_it(match, physician, neutral):
    unable(match, physician)
    agree_for_him(decision=proposed(match, neutral), by=physician)
    sitting = sitting_of(match.captive)

    actions.answer(match=match, kind=Kind.LIVES, answer=Answer.NO, by=sitting)

    assert not told(match)
    assert DecisionForHim.objects.get().ended_at
    with pytest.raises(Refused, match=r"for_him\.himself"):
        proposed(match, neutral)


def test_once_the_physician_notes_that_he_can_decide_it_holds_no_longer(match, physician, neutral):
    unable(match, physician)
    agree_for_him(decision=proposed(match, neutral), by=physician)

    note_health(captive=match.captive, note="Пришёл в себя", by=physician)

    assert not told(match)


@pytest.mark.parametrize("kind", [Kind.LETTERS, Kind.CALLS, Kind.PAPERS, Kind.DNA, Kind.GO_HOME])
def test_nothing_that_takes_him_anywhere_or_takes_of_him_is_decided(
    match, physician, neutral, kind
):
    unable(match, physician)
    with pytest.raises(Refused, match=r"for_him\.kind"):
        proposed(match, neutral, kind)


def test_a_guardian_decides_for_a_child_before_the_neutral(neutral):
    born = timezone.localdate() - timedelta(days=365 * 16)
    match = MatchFactory(captive=CaptiveFactory(born=born.isoformat()))
    proven(match)

    with pytest.raises(Refused, match=r"for_him\.guardian"):
        proposed(match, neutral, why=Unable.CHILD)
    decision = proposed(match, neutral, why=Unable.CHILD, guardian="Тётка, по решению суда")

    assert told(match)
    end_decision(decision=decision, by=neutral)
    assert not told(match)


def test_a_grown_man_has_no_guardian(match, neutral):
    with pytest.raises(Refused, match=r"for_him\.age"):
        proposed(match, neutral, why=Unable.CHILD, guardian="Тётка")


def test_a_withdrawn_match_ends_it(match, physician, neutral):
    unable(match, physician)
    agree_for_him(decision=proposed(match, neutral), by=physician)
    withdraw_match(match)
    assert DecisionForHim.objects.get().ended_at


def test_a_physician_of_another_site_and_the_legal_officer_do_not_agree(match, physician, neutral):
    unable(match, physician)
    decision = proposed(match, neutral)
    other = StaffFactory(role=Role.PHYSICIAN, site=SiteFactory(code="B"))

    assert not DecisionForHim.objects.visible_to(other).exists()
    with pytest.raises(DecisionForHim.DoesNotExist):
        agree_for_him(decision=decision, by=other)
    with pytest.raises(Forbidden):
        agree_for_him(decision=decision, by=StaffFactory(role=Role.LEGAL))
    with pytest.raises(Forbidden):
        proposed(match, physician)


def test_the_database_keeps_no_decision_of_one_alone(match, physician, neutral):
    unable(match, physician)
    decision = proposed(match, neutral)
    for change in ({"agreed_at": timezone.now()}, {"agreed_at": timezone.now(), "until": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DecisionForHim.objects.filter(pk=decision.pk).update(**change)


@pytest.mark.parametrize(
    ("born", "child"),
    [("2008-03-01", False), ("2008-03-02", True), ("2010", True), ("1999", False), ("", True)],
)
def test_under_age_is_counted_by_the_day(born, child):
    assert may_be_a_child(born, date(2026, 3, 1)) is child
