"""A day set by hand falls with what it rests on; he is told of it by a person."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cases import Case
from tests.factories import StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.models import Consent
from wayhome.bureau.consents.rules import Kind
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.journeys.queries import fell_by_hand
from wayhome.bureau.returns.days import look_at_all_days, note_he_knows
from wayhome.bureau.returns.facts import standing_appointment
from wayhome.bureau.returns.grounds import end_ground
from wayhome.bureau.returns.guarantees import end_guarantee
from wayhome.bureau.returns.models import DayTold
from wayhome.bureau.returns.rules import FRESH_FOR, Road
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TODAY = timezone.localdate()


def with_a_day(case: Case) -> Case:
    case.meeting = replace(case.meeting, on=TODAY + timedelta(days=20))
    _ = case.appointment
    return case


def test_a_day_set_by_hand_falls_with_what_it_rests_on():
    word, said, law, other = (
        with_a_day(case) for case in (Case(), Case(), Case(), Case(Road.UNILATERAL))
    )

    def stand() -> list[bool]:
        return [standing_appointment(one.granted) is not None for one in (word, said, law, other)]

    end_guarantee(guarantee=word.guaranteed, by=word.staff(Role.COORDINATOR))
    consents.withdraw(match=said.match, kind=Kind.GO_HOME, by=said.sitting)
    assert stand() == [False, False, True, True]

    assert law.ground
    end_ground(ground=law.ground, reason="скасовано", by=law.staff(Role.LEGAL))
    assert ProcrastinateJob.objects.filter(task_name="returns.look_at_days").exists()
    # A yes that grew old is asked anew before the day: the day stands until then.
    Consent.objects.update(at=timezone.now() - FRESH_FOR - timedelta(hours=1))
    look_at_all_days()
    assert stand() == [False, False, False, True]

    assert Entry.objects.filter(action="day fell").count() == 3
    coordinator = StaffFactory(role=Role.COORDINATOR)
    fell = {one.pk for one in (word.granted, said.granted, law.granted)}
    assert set(fell_by_hand(coordinator).values_list("pk", flat=True)) == fell
    desk = Client(headers={"accept-language": "en"})
    desk.force_login(coordinator)
    assert "Days set by hand that fell" in desk.get("/console/").content.decode()
    listed = desk.get("/console/applications/?state=fell").content.decode()
    assert word.captive.bureau_number in listed
    assert other.captive.bureau_number not in listed


def test_he_is_told_of_his_day_by_a_person_and_that_it_fell():
    case = with_a_day(Case())
    neutral, desk = case.staff(Role.NEUTRAL), Client(headers={"accept-language": "en"})
    desk.force_login(neutral)
    number, day = case.captive.bureau_number, case.appointment
    place, key = f"/console/sittings/{number}/", {"idempotency_key": str(uuid.uuid4())}
    told, fell = {"day": str(day.pk), "fell": "False"}, {"day": str(day.pk), "fell": "True"}

    def waits() -> bool:
        return "What he is to hear" in desk.get("/console/sittings/").content.decode()

    assert waits()
    assert "A day is set for you to go home" in desk.get(place).content.decode()
    for wrong in ({}, told, {**fell, **key}, {"day": str(uuid.uuid4()), **key}):
        with nothing_written():
            assert desk.post(f"{place}told/", wrong).status_code == 422
    assert desk.post(f"{place}told/", {**told, **key}).status_code == 303
    assert not waits()
    coordinator = Client(headers={"accept-language": "en"})
    coordinator.force_login(case.staff(Role.COORDINATOR))
    page = coordinator.get(f"/console/applications/{case.granted.pk}/").content.decode()
    assert neutral.number in page
    with nothing_written(), pytest.raises(Refused, match=r"returns\.day_told"):
        note_he_knows(captive=case.captive, appointment=day, fell=False, by=neutral)

    end_guarantee(guarantee=case.guaranteed, by=case.staff(Role.COORDINATOR))

    assert "does not stand any more" in desk.get(place).content.decode()
    other = {"idempotency_key": str(uuid.uuid4())}
    assert desk.post(f"{place}told/", {**fell, **other}).status_code == 303
    assert not waits()
    assert [one.fell for one in DayTold.objects.order_by("at")] == [False, True]
