"""Harm flags and health notes: who sets, who sees, who lifts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import CaptiveFactory, HarmFlagFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.captives.actions import (
    ask_to_lift,
    lift_harm_flag,
    note_health,
    set_harm_flag,
    take_back_harm_flags,
)
from wayhome.bureau.captives.models import HarmFlag, HealthNote
from wayhome.bureau.captives.rules import Weighing, fall_of_weight
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeKind, Route
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Permission, Role, roles_with
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
REASON = "Его семью уже спрашивали о нём"


@pytest.fixture
def captive():
    return CaptiveFactory()


def sitting_of(captive) -> Sitting:
    now = timezone.now()
    neutral = StaffFactory(role=Role.NEUTRAL)
    return Sitting.objects.create(
        captive=captive, neutral=neutral, language="ru", opened_at=now, unlocked_at=now
    )


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES))
def test_who_sets_a_flag_and_who_sees_it(captive, role):
    by = StaffFactory(role=role)
    if role not in roles_with(Permission.SET_HARM_FLAG):
        with pytest.raises(Forbidden):
            set_harm_flag(captive=captive, reason=REASON, by=by)
        return
    flag = set_harm_flag(captive=captive, reason=REASON, by=by)

    assert captive.under_harm_flag()
    assert flag.reason == REASON
    seen = HarmFlag.objects.visible_to(by).exists()
    assert seen == (role in {Role.LEGAL, Role.NEUTRAL})


def test_he_sets_one_himself_without_a_reason_and_only_for_himself(captive):
    sitting = sitting_of(captive)

    flag = set_harm_flag(captive=captive, reason="", by=sitting)

    assert (flag.set_by_role, flag.reason) == (Role.CAPTIVE, None)
    with pytest.raises(Forbidden):
        set_harm_flag(captive=CaptiveFactory(), reason="", by=sitting)


def test_a_flag_on_any_record_of_a_man_counts_for_all(captive):
    later = CaptiveFactory(same_as=captive)
    set_harm_flag(captive=later, reason="", by=sitting_of(captive))

    assert captive.under_harm_flag()
    assert later.under_harm_flag()


def test_the_agency_gets_the_flag(captive):
    set_harm_flag(captive=captive, reason=REASON, by=StaffFactory(role=Role.PHYSICIAN))

    assert Notice.objects.get(kind=NoticeKind.HARM).route == Route.AGENCY


def test_without_a_reason_staff_sets_nothing(captive):
    with pytest.raises(Refused, match=r"captives\.no_reason"):
        set_harm_flag(captive=captive, reason="  ", by=StaffFactory(role=Role.REGISTRAR))

    assert not HarmFlag.objects.exists()
    assert not Entry.objects.exists()


def test_two_people_lift_a_flag(captive):
    flag = HarmFlagFactory(captive=captive)
    first, second = StaffFactory(role=Role.LEGAL), StaffFactory(role=Role.NEUTRAL)

    with pytest.raises(Refused, match="flag_not_asked"):
        lift_harm_flag(flag=flag, by=second)
    ask_to_lift(flag=flag, reason="Семья выехала", by=first)
    with pytest.raises(Refused, match="flag_one_person"):
        lift_harm_flag(flag=flag, by=first)
    assert captive.under_harm_flag()
    lifted = lift_harm_flag(flag=flag, by=second)

    assert not captive.under_harm_flag()
    assert (lifted.reason, lifted.lift_reason) == (REASON, "Семья выехала")
    assert (lifted.first_lifter, lifted.lifter) == (first, second)
    with pytest.raises(Refused, match="flag_lifted"):
        lift_harm_flag(flag=flag, by=second)


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES - {Role.LEGAL, Role.NEUTRAL}))
def test_nobody_else_lifts_one(role):
    flag, by = HarmFlagFactory(), StaffFactory(role=role)

    with pytest.raises(Forbidden):
        ask_to_lift(flag=flag, reason="…", by=by)
    with pytest.raises(Forbidden):
        lift_harm_flag(flag=flag, by=by)


def test_never_against_his_word(captive):
    sitting = sitting_of(captive)
    flag = set_harm_flag(captive=captive, reason="боюсь за них", by=sitting)
    first, second = StaffFactory(role=Role.LEGAL), StaffFactory(role=Role.NEUTRAL)

    with pytest.raises(Refused, match="his_word"):
        ask_to_lift(flag=flag, reason="обошлось", by=first)
    assert take_back_harm_flags(captive=captive, by=sitting) == 1
    assert captive.under_harm_flag()  # until two people have looked at it
    ask_to_lift(flag=flag, reason="он взял назад", by=first)
    lift_harm_flag(flag=flag, by=second)

    assert not captive.under_harm_flag()


def test_staff_cannot_take_his_word_back_for_him(captive):
    set_harm_flag(captive=captive, reason="", by=sitting_of(captive))

    with pytest.raises(Forbidden):
        take_back_harm_flags(captive=captive, by=StaffFactory(role=Role.NEUTRAL))


def test_the_database_lifts_none_by_one_person_or_against_his_word(captive):
    one, other = StaffFactory(role=Role.LEGAL), StaffFactory(role=Role.NEUTRAL)
    flag = HarmFlagFactory(captive=captive)
    for lifters, name in [
        ({"lifter": one}, "harm_flag_lifted_by_two"),
        ({"first_lifter": one, "lifter": one}, "harm_flag_lifters_differ"),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            HarmFlag.objects.filter(pk=flag.pk).update(lifted_at=timezone.now(), **lifters)
    own = HarmFlagFactory(captive=captive, set_by_role=Role.CAPTIVE)
    with pytest.raises(IntegrityError, match="against_his_word"), transaction.atomic():
        HarmFlag.objects.filter(pk=own.pk).update(
            lifted_at=timezone.now(), first_lifter=one, lifter=other
        )


def test_the_journal_tells_of_no_flags_fate(captive):
    flag = HarmFlagFactory(captive=captive)
    ask_to_lift(flag=flag, reason="Семья выехала", by=StaffFactory(role=Role.LEGAL))
    lift_harm_flag(flag=flag, by=StaffFactory(role=Role.NEUTRAL))
    set_harm_flag(captive=captive, reason=REASON, by=StaffFactory(role=Role.REGISTRAR))

    said = {(e.action, e.subject_type, e.purpose) for e in Entry.objects.all()}
    assert said == {("protection noted", "captives.captive", "")}


def test_health_is_noted_by_the_physician_and_read_at_his_site(captive):
    physician = StaffFactory(role=Role.PHYSICIAN)

    note = note_health(captive=captive, note=" Рука заживает ", by=physician, cannot_decide=True)

    assert (note.note, note.cannot_decide) == ("Рука заживает", True)
    assert HealthNote.objects.visible_to(physician).count() == 1
    for role in CONSOLE_ROLES - {Role.PHYSICIAN}:
        other = StaffFactory(role=role)
        assert not HealthNote.objects.visible_to(other).exists()
        with pytest.raises(Forbidden):
            note_health(captive=captive, note="…", by=other)


def test_an_empty_note_is_none(captive):
    with pytest.raises(Refused, match=r"captives\.no_note"):
        note_health(captive=captive, note=" ", by=StaffFactory(role=Role.PHYSICIAN))

    assert not HealthNote.objects.exists()


@pytest.mark.parametrize("weight", [24.9, 250.1, -3.0, 0.0])
def test_a_weight_that_no_man_has_is_refused(captive, weight):
    physician = StaffFactory(role=Role.PHYSICIAN)
    with nothing_written(), pytest.raises(Refused, match=r"captives\.weight"):
        note_health(captive=captive, note="…", weight_kg=weight, by=physician)


def test_an_inspection_keeps_its_weight_unreadable_to_the_database(captive):
    note = note_health(
        captive=captive, note="", weight_kg=68.5, by=StaffFactory(role=Role.PHYSICIAN)
    )

    kept = type(note).objects.select_related("key").get(pk=note.pk)
    assert (kept.inspection, kept.weight_kg) == (True, 68.5)
    assert Entry.objects.filter(action="medical inspection noted").count() == 1


DAY = datetime(2022, 5, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("series", "lost"),
    [
        ([], None),
        ([(0, 80)], None),
        ([(0, 80), (31, 72)], 0.1),
        ([(0, 80), (31, 72.5)], None),
        ([(0, 80), (63, 70)], None),  # the eighty kilograms are more than two months ago
        ([(0, 60), (20, 80), (40, 70)], 0.125),
        ([(0, 80), (31, 70), (60, 79)], None),
    ],
)
def test_a_fall_of_weight_within_two_months_is_seen(series, lost):
    weighings = [Weighing(DAY + timedelta(days=day), kg) for day, kg in series]

    assert fall_of_weight(weighings) == (None if lost is None else pytest.approx(lost))
