"""Is the machine right, does it find, has the register changed? Figures, and nobody behind them."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import CandidateFactory, CaptiveFactory, EnquiryFactory, StaffFactory
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.matches import bridge, trials
from wayhome.bureau.matches.actions import Judged, judge_candidate
from wayhome.bureau.matches.checking import (
    AS_FAR_BACK,
    DRIFT_ALARM,
    calibration,
    drift,
    judged_pairs,
    stability_index,
    wilson,
    worth_here,
)
from wayhome.bureau.matches.models import Candidate, Outlook, WeekOfTracing
from wayhome.bureau.matches.planting import MARK, plant
from wayhome.bureau.matches.rules import Verdict
from wayhome.bureau.staff.permissions import Role

pytestmark = pytest.mark.django_db
SURNAMES = ("Жерех", "Лаптун", "Мокроусов", "Пичугин", "Ряполов", "Сыроват", "Тючев", "Щапов")
GIVEN = ("Глеб", "Яким", "Прохор", "Фаддей", "Мартьян", "Савва", "Тит", "Клим")
FATHERS = ("Титович", "Лукич", "Саввич", "Фролович", "Ильич", "Карпович", "Львович", "Климович")
PLACES = ("Ветлуга", "Онега", "Кологрив", "Чухлома", "Тотьма", "Буй", "Любим", "Галич")


def register(men: int) -> None:
    chance = Random(7)
    for number in range(men):
        CaptiveFactory(
            surname=f"{chance.choice(SURNAMES)}{'аоиу'[number % 4]}в", given=chance.choice(GIVEN),
            patronymic=chance.choice(FATHERS), birthplace=chance.choice(PLACES),
            born=f"{1970 + number % 35}-0{1 + number % 9}-1{number % 9}",
        )  # fmt: skip


# Calibration


def test_the_curve_sets_what_was_said_beside_what_people_found():
    said = [(0.95, True)] * 9 + [(0.95, False)] + [(0.2, True)] + [(0.2, False)] * 4

    low, high = calibration(said)

    assert (low.pairs, low.said, low.same) == (5, pytest.approx(0.2), pytest.approx(0.2))
    assert (high.pairs, high.said, high.same) == (10, pytest.approx(0.95), pytest.approx(0.9))
    assert not high.is_off
    (off,) = calibration([(0.95, number < 20) for number in range(100)])
    assert off.is_off


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=50))
def test_every_judged_pair_is_in_one_bin(judged):
    bins = calibration(judged)

    assert sum(each.pairs for each in bins) == len(judged)
    for each in bins:
        assert 0 <= each.low <= each.same + 1e-9
        assert each.same <= each.high + 1e-9 <= 1 + 1e-8
        assert each.least - 1e-9 <= each.said <= each.most + 1e-9


def test_the_interval_of_a_share_is_wilsons():
    low, high = wilson(8, 10)  # Brown, Cai and DasGupta 2001: .490 to .943

    assert (low, high) == (pytest.approx(0.490, abs=1e-3), pytest.approx(0.943, abs=1e-3))


def test_a_pair_counts_as_two_people_judged_it_with_what_the_machine_said_then():
    officers = [StaffFactory(role=Role.TRACING) for _ in range(2)]
    for verdicts, probability in (
        ((Verdict.SAME, Verdict.SAME), 0.8),
        ((Verdict.DIFFERENT, Verdict.DIFFERENT), 0.3),
        ((Verdict.SAME, Verdict.DIFFERENT), 0.5),
        ((Verdict.UNDECIDED, Verdict.UNDECIDED), 0.4),
    ):
        candidate = CandidateFactory(probability=probability)
        for verdict, officer in zip(verdicts, officers, strict=True):
            judge_candidate(candidate=candidate, judged=Judged(verdict, "дата"), by=officer)
        Candidate.objects.filter(pk=candidate.pk).update(probability=0.01)  # recomputed since

    assert sorted(judged_pairs()) == [(0.3, False), (0.8, True)]


# Planted pairs


def test_an_invented_man_is_put_together_of_different_peoples_words():
    people = [
        {"surname": s, "given": g, "patronymic": f, "born": f"19{70 + n}-05-03",
         "birthplace": p, "mother_name": "", "rank": ""}
        for n, (s, g, f, p) in enumerate(zip(SURNAMES, GIVEN, FATHERS, PLACES, strict=True))
    ]  # fmt: skip

    made = plant(people, pairs=50, chance=Random(1))

    assert len(made) == 50
    assert all(each.id.startswith(MARK) for each in made)
    assert all(each.card["surname"] in SURNAMES for each in made)
    wholes = {tuple(each[x] for x in ("surname", "given", "patronymic")) for each in people}
    assert not [x for x in made if tuple(map(x.card.get, ("surname", "given", "patronymic")))
                in wholes]  # fmt: skip
    assert any(each.enquiry["surname"] != each.card["surname"] for each in made)
    assert any(not each.enquiry["born"] for each in made)
    assert plant(people[:3], pairs=5, chance=Random(1)) == []


@pytest.mark.slow
def test_a_week_is_tried_in_memory_and_leaves_nothing_but_figures(monkeypatch):
    monkeypatch.setattr(trials, "PLANTED", 40)
    monkeypatch.setattr(trials, "ABSENT", 20)
    register(150)
    bridge.REGISTER.forget()
    EnquiryFactory(surname="Жерех")
    before = contents()

    week = trials.try_this_week()

    changed = {table for table, digest in contents().items() if before[table] != digest}
    assert changed == {"matches_weekoftracing"}
    assert week.week.weekday() == 0
    assert (week.planted, week.absent, week.cards) == (40, 20, 150)
    assert week.first <= week.among_ten <= week.planted
    assert week.among_ten > 0.7 * week.planted
    assert len(bridge.REGISTER) == 150
    assert trials.try_this_week() == week
    assert WeekOfTracing.objects.count() == 1
    assert (Captive.objects.count(), Enquiry.objects.count()) == (150, 1)


def contents() -> dict[str, str]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        cursor.execute(" UNION ALL ".join(
            f"SELECT '{name}', md5(coalesce(string_agg(told, '|' ORDER BY told), '')) FROM"
            f' (SELECT to_jsonb(t)::text AS told FROM "{name}" t) AS rows' for name in names
        ))  # fmt: skip
        return dict(cursor.fetchall())


def test_a_new_bureau_tries_nothing_and_stumbles_over_nothing():
    week = trials.try_this_week()

    assert (week.planted, week.first, week.agreeing) == (0, 0, {})


def test_a_week_that_does_not_add_up_is_not_kept():
    with pytest.raises(IntegrityError), transaction.atomic():
        _week(0, {}, planted=5, first=6, among_ten=6)


# Drift


def _week(number: int, agreeing: dict[str, dict[str, int]], **more: int) -> WeekOfTracing:
    counts = {"planted": 0, "first": 0, "among_ten": 0, "reached": 0, "absent": 0}
    return WeekOfTracing.objects.create(
        week=date(2026, 1, 5) + timedelta(weeks=number), at=timezone.now(), version=0, cards=9,
        absent_reached=0, agreeing=agreeing, **{**counts, **more},
    )  # fmt: skip


def test_the_index_is_nothing_for_the_same_and_grows_with_the_difference():
    same = {"born.exact": 80, "born.unknown": 20}

    assert stability_index(same, same) == pytest.approx(0)
    assert stability_index(same, {"born.exact": 78, "born.unknown": 22}) < 0.1
    assert stability_index(same, {"born.exact": 30, "born.unknown": 70}) > DRIFT_ALARM


def test_an_alarm_when_likely_pairs_agree_otherwise_than_at_first():
    usual = {"born": {"born.exact": 90, "born.unknown": 10}, "rank": {"rank.exact": 100}}
    other = {"born": {"born.exact": 20, "born.unknown": 80}, "rank": {"rank.exact": 100}}
    for number in range(AS_FAR_BACK):
        _week(number, usual)
    for number in range(AS_FAR_BACK, 2 * AS_FAR_BACK):
        _week(number, other)
    weeks = list(WeekOfTracing.objects.order_by("-week"))

    born, rank = drift(weeks)

    assert (born.field, born.is_alarm) == ("born", True)
    assert (rank.field, rank.is_seen) == ("rank", False)
    assert drift(weeks[AS_FAR_BACK:]) == []  # nothing to set them against
    assert drift([]) == []


def test_a_new_version_of_the_weights_begins_anew():
    for number in range(2 * AS_FAR_BACK):
        _week(number, {"born": {"born.exact": 100}})
    WeekOfTracing.objects.filter(week__gte=date(2026, 2, 16)).update(version=1)

    assert drift(list(WeekOfTracing.objects.order_by("-week"))) == []


def test_how_likely_pairs_agree_is_counted_by_rule_and_without_anybody():
    today = timezone.localdate()
    evidence = [["surname", "agrees", "surname.exact", 9.0], ["born", "unknown", "x", 0.0]]
    CandidateFactory(evidence=evidence, probability=0.9)
    CandidateFactory(evidence=evidence, probability=0.2)

    counted = trials.how_likely_pairs_agree(today, today + timedelta(days=1))

    assert counted == {"surname": {"surname.exact": 1}, "born": {"x": 1}}


def test_what_a_field_weighs_here_is_the_mean_of_its_proposals():
    for bits in (8.0, 10.0):
        CandidateFactory(evidence=[["surname", "agrees", "surname.exact", bits],
                                   ["born", "unknown", "x", 0.0]])  # fmt: skip

    by_field = {each.field: each for each in worth_here()}

    assert by_field["surname"].agrees == pytest.approx(9.0)
    assert by_field["surname"].disagrees is None
    assert (by_field["surname"].known, by_field["born"].known) == (1.0, 0.0)
    assert set(bridge.first_weights()) >= {"surname", "given", "born"}
    assert Outlook.objects.count() == 0
