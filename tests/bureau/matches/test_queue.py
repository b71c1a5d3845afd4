"""The queue stays human: so many pairs a day reach people, the best first, and none is lost."""

import random
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import CandidateFactory, CaptiveFactory, EnquiryFactory, StaffFactory
from wayhome.bureau.matches import bridge, queue
from wayhome.bureau.matches.actions import Judged, judge_candidate, match_all, rematch_enquiry
from wayhome.bureau.matches.models import Candidate, Outlook, Threshold
from wayhome.bureau.matches.queue import begin_day, figures, fill_queue
from wayhome.bureau.matches.rules import (
    KEPT_FREE,
    CandidateState,
    Verdict,
    threshold_for,
)
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_indexes")]
HE = {"surname": "Буйничев", "given": "Константин", "patronymic": "Ильич", "born": "1999-04-12"}


class Clock:
    """The queue's own clock, set by a test."""

    def __init__(self) -> None:
        self.at = timezone.localtime().replace(hour=4, minute=0)

    def now(self) -> datetime:
        return self.at

    def localtime(self) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch) -> Clock:
    set_by_test = Clock()
    monkeypatch.setattr(queue, "timezone", set_by_test)
    return set_by_test


def pairs(probabilities: list[float], at: datetime | None = None) -> list[Candidate]:
    """So many candidates of one enquiry; only their probabilities matter here."""
    enquiry, man = EnquiryFactory(), CaptiveFactory()
    at = at or timezone.now()
    rows = [
        Candidate(
            enquiry=EnquiryFactory() if number else enquiry,
            captive=man,
            rank=1,
            bits=1.0,
            probability=probability,
            computed_at=at,
            proposed_at=at,
        )
        for number, probability in enumerate(probabilities)
    ]
    return Candidate.objects.bulk_create(rows)


@given(st.lists(st.floats(0, 1), max_size=60), st.integers(0, 60))
def test_from_the_threshold_on_no_more_come_than_there_are_places_for(found, places):
    least = threshold_for(found, places=places)

    assert 0.0 <= least <= 1.0
    if 1.0 not in found:
        assert sum(each >= least for each in found) <= places
    if len(found) <= places:
        assert least == 0.0


def test_with_room_every_pair_reaches_people_at_once():
    CaptiveFactory(**HE)
    enquiry = EnquiryFactory(**HE)

    rematch_enquiry(enquiry)

    assert Candidate.objects.in_queue().get().enquiry == enquiry
    assert figures().threshold == 0.0


@pytest.mark.slow
def test_never_more_than_the_days_places_reach_people_whatever_comes_in(settings, clock):
    """Three hundred enquiries and thirty cards bring about 90 pairs a day, for two weeks."""
    settings.PAIRS_A_DAY = 60
    of_day, chance = [], random.Random(4)
    for _day in range(14):
        before = set(Candidate.objects.in_queue().values_list("pk", flat=True))
        pairs([chance.random() ** 2 for _ in range(45)], clock.at)
        fill_queue()
        begin_day()
        clock.at += timedelta(hours=9)
        pairs([chance.random() ** 2 for _ in range(45)], clock.at)
        for _ in range(3):
            fill_queue()
        reached = set(Candidate.objects.in_queue().values_list("pk", flat=True)) - before
        of_day.append(len(reached))
        clock.at += timedelta(hours=15)

    assert max(of_day) <= 60
    assert sum(of_day[7:]) > 0.75 * 7 * 60  # and the places are used
    waits = Candidate.objects.below_threshold()
    assert waits.count() == 14 * 90 - sum(of_day)  # none is lost


def test_the_best_come_first_and_some_places_are_kept_for_the_day(settings):
    settings.PAIRS_A_DAY = 12
    made = pairs([number / 100 for number in range(1, 41)])

    begin_day()

    queued = sorted(Candidate.objects.in_queue().values_list("probability", flat=True))
    assert queued == [number / 100 for number in range(31, 41)]  # 12 less a sixth
    assert KEPT_FREE == 6
    assert len(made) == 40
    late = pairs([0.99, 0.98, 0.97])
    fill_queue()
    assert [Candidate.objects.in_queue().filter(pk=each.pk).exists() for each in late] == [
        True, True, False
    ]  # fmt: skip


def test_a_pair_below_comes_back_with_new_evidence():
    for number in range(6):
        CaptiveFactory(surname="Буйничев", given="Константин", born=f"{1980 + number}-04-12")
    enquiry = EnquiryFactory(surname="Буйничев", given="Константин")
    best = bridge.proposals_for_enquiry(enquiry).all[0].probability
    Threshold.objects.create(
        at=timezone.now(), probability=best * 2, pairs_a_day=60, proposed_a_day=5, true_below=0
    )
    rematch_enquiry(enquiry)
    assert Candidate.objects.below_threshold().exists()
    assert not Candidate.objects.in_queue().exists()

    enquiry.born = "1983-04-12"
    enquiry.save()
    rematch_enquiry(enquiry)

    assert Candidate.objects.in_queue().get().captive.born == "1983-04-12"


def test_what_was_gone_must_reach_people_anew():
    CaptiveFactory(**HE)
    enquiry = EnquiryFactory(**HE)
    rematch_enquiry(enquiry)
    for surname, state in (("Жерех", CandidateState.GONE), ("Буйничев", CandidateState.PROPOSED)):
        enquiry.surname, enquiry.born = surname, HE["born"] if surname == "Буйничев" else "1950"
        enquiry.given = HE["given"] if surname == "Буйничев" else "Глеб"
        enquiry.patronymic = ""
        enquiry.save()
        rematch_enquiry(enquiry)
        assert Candidate.objects.get().state == state
        assert (Candidate.objects.get().queued_at is None) == (state == CandidateState.GONE)


def test_what_one_person_judged_waits_for_another_on_either_side_of_the_threshold(settings):
    settings.PAIRS_A_DAY = 0
    candidate = CandidateFactory()
    officer = StaffFactory(role=Role.TRACING)

    judge_candidate(candidate=candidate, judged=Judged(Verdict.SAME, "дата"), by=officer)

    assert Candidate.objects.in_queue().get() == candidate


def test_pairs_expected_below_are_the_sum_of_their_probabilities(settings):
    settings.PAIRS_A_DAY = 2
    made = pairs([0.9, 0.8, 0.5, 0.2])
    Outlook.objects.create(enquiry=made[0].enquiry, absent=0.0, unshown=0.1, at=timezone.now())
    fill_queue()

    now = figures()

    assert (now.waiting, now.below, now.reached_today) == (2, 2, 2)
    assert now.true_below == pytest.approx(0.7)
    assert now.recall_of_queue == pytest.approx(1.7 / 2.5)
    assert now.recall_of_kept == pytest.approx(2.4 / 2.5)


def test_a_bureau_without_pairs_has_figures_too():
    now = figures()

    assert (now.waiting, now.below, now.recall_of_queue, now.recall_of_kept) == (0, 0, None, None)


def test_comparing_everything_begins_the_day():
    CaptiveFactory(**HE)
    EnquiryFactory(**HE)

    match_all()

    assert Threshold.objects.get().probability == 0.0
    assert Candidate.objects.in_queue().count() == 1
