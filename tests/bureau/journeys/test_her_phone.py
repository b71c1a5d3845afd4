"""Her own phone: one number, one phone, one day, and nothing of ours before it."""

import re
import secrets
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.at_once import DONE, all_at_once
from tests.factories import StaffFactory
from tests.journeying import TOMORROW, confirmed_today
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.journeys.her_phone import (
    answer_knock,
    code_of,
    code_that_waits,
    document_of,
    give_code,
    take_pass,
)
from wayhome.bureau.journeys.models import Journey, PassPhone
from wayhome.bureau.journeys.passes import end_pass, make_pass, text_of
from wayhome.bureau.journeys.rules.plans import Cancelled, JourneyState
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def given(journey: Journey) -> PassPhone:
    return give_code(journey=journey, by=journey.escort.staff)


def secret() -> str:
    return secrets.token_urlsafe(32)


def refused(code: str, knock: str = "") -> None:
    with pytest.raises(Refused, match=r"passes\.code"):
        take_pass(code=code, knock=knock or secret())


def becomes(journey: Journey, **facts: Any) -> None:
    Journey.objects.filter(pk=journey.pk).update(**facts)


def test_one_number_gives_one_phone_the_sheet_for_one_day():
    """One world for all of it: it costs seconds to make."""
    journey = confirmed_today()
    before_the_day(journey)
    the_first_phone_alone(journey)
    of_twenty_at_once_one(journey)
    what_the_database_holds_to(journey)
    it_is_deleted_where_the_journey_stops(journey)
    after_the_day(journey)


def before_the_day(journey: Journey) -> None:
    with pytest.raises(Forbidden):
        give_code(journey=journey, by=StaffFactory(role=Role.LEGAL))
    becomes(journey, on=TOMORROW)
    with pytest.raises(Refused, match=r"passes\.not_today"):
        given(journey)
    assert not PassPhone.objects.exists()
    becomes(journey, on=timezone.localdate())


def the_first_phone_alone(journey: Journey) -> None:
    one, knock = given(journey), secret()
    assert timezone.now() < one.until_at < timezone.now() + timedelta(hours=31)
    assert given(journey) == one
    code = code_of(one)
    assert re.fullmatch("[0-9]{12}", code)
    assert code_that_waits(journey) == code

    taken = take_pass(code=code, knock=knock)

    assert take_pass(code=code, knock=knock) == taken  # its answer was lost on the way
    refused(code)
    refused("000000000000")
    assert not code_that_waits(journey)
    sheet, words = document_of(taken), one.travel_pass.words
    assert (sheet["pass"], sheet["word"]) == (text_of(one.travel_pass), words["hers"])
    assert (sheet["language"], len(sheet["legs"])) == ("ru", 2)
    assert "по Варшаве" in sheet["legs"][0]["departs"]
    assert sheet["if_no"]
    captive = journey.application.captive
    assert captive is not None
    hidden = (words["ours"], captive.surname, captive.bureau_number, str(journey.pk))
    assert not [each for each in hidden if each in str(sheet)]
    told = Entry.objects.filter(subject_id=str(one.pk)).order_by("at")
    assert [each.action for each in told] == [
        "number for her phone given",
        "pass taken onto her phone",
    ]


def of_twenty_at_once_one(journey: Journey) -> None:
    code = code_of(given(journey))

    came = all_at_once([partial(take_pass, code=code, knock=secret()) for _ in range(20)], "take")

    assert came == {DONE: 1, "passes.code": 19}
    assert Entry.objects.filter(action="pass taken onto her phone").count() == 2


def what_the_database_holds_to(journey: Journey) -> None:
    one = given(journey)
    for wrong in ({"taken_at": timezone.now()}, {"knock_index": b"x"}, {"until_at": one.made_at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PassPhone.objects.filter(pk=one.pk).update(**wrong)


def it_is_deleted_where_the_journey_stops(journey: Journey) -> None:
    codes, knocks = [], [secret(), secret()]
    for knock in knocks:
        codes.append(code_of(given(journey)))
        take_pass(code=codes[-1], knock=knock)
    assert not answer_knock(knock=knocks[0], wiped=False)
    assert not answer_knock(knock=secret(), wiped=False)

    assert answer_knock(knock=knocks[0], wiped=True)
    refused(codes[0], knocks[0])
    assert not answer_knock(knock=knocks[1], wiped=False)
    stopped = {"cancelled": Cancelled.ROAD_CLOSED, "cancelled_at": timezone.now()}
    becomes(journey, state=JourneyState.CANCELLED, **stopped)
    assert answer_knock(knock=knocks[1], wiped=False)
    becomes(journey, state=JourneyState.CONFIRMED, cancelled="", cancelled_at=None)
    waits, coordinator = given(journey), StaffFactory(role=Role.COORDINATOR)
    end_pass(journey=journey, by=coordinator)
    assert answer_knock(knock=knocks[1], wiped=False)
    refused(code_of(waits))
    with pytest.raises(Refused, match=r"passes\.none"):
        given(journey)
    make_pass(journey=journey, by=coordinator)


def after_the_day(journey: Journey) -> None:
    one = given(journey)
    now = timezone.now()
    PassPhone.objects.filter(pk=one.pk).update(made_at=now - timedelta(days=2), until_at=now)

    refused(code_of(one))
    assert not code_that_waits(journey)
