"""Her own phone: a number that is good once gives her the pass and the itinerary, for one day.

docs/decisions/0058.
"""

import hashlib
import hmac
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.cancelling import locked, person_of
from wayhome.bureau.journeys.itinerary import told_in_itinerary
from wayhome.bureau.journeys.models import Journey, PassPhone
from wayhome.bureau.journeys.passes import standing_pass, text_of
from wayhome.bureau.journeys.rules.passes import (
    AFTER_THE_DAY,
    CODE_DIGITS,
    LIVES,
    why_not_give_code,
    why_not_take,
)
from wayhome.bureau.journeys.rules.plans import JourneyState
from wayhome.bureau.persons.vault import blind_index, derived_key
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if

CODE, KNOCK = "pass code", "pass knock"
BURDENED = ("200", "300")  # what these mean to a family, no number of ours may carry


@transaction.atomic
def give_code(*, journey: Journey, by: Staff) -> PassPhone:
    """A number for her phone, on the day itself; the one that waits already, if one does."""
    by.must(Permission.MEET_FAMILY)
    journey = locked(journey)
    found = standing_pass(journey)
    stands = found is not None and journey.state == JourneyState.CONFIRMED
    refuse_if(why_not_give_code(stands=stands, on=journey.on, today=timezone.localdate()))
    assert found is not None
    if waiting := found.phones.filter(taken_at=None).first():
        return waiting
    night = timezone.make_aware(datetime.combine(journey.on + timedelta(days=1), time()))
    new = PassPhone(
        travel_pass=found, made_by=by, made_at=timezone.now(), until_at=night + AFTER_THE_DAY
    )
    new.code_index = blind_index(CODE, code_of(new))
    new.save(force_insert=True)
    number = person_of(journey)
    journal.record("number for her phone given", subject=new, by=by, person=number)
    return new


def code_of(one: PassPhone) -> str:
    """Its number, made from what it is and our key: it is kept nowhere."""
    key = derived_key("pass codes")
    for turn in range(1000):
        octets = hmac.digest(key, f"{one.pk} {turn}".encode(), hashlib.sha256)
        digits = f"{int.from_bytes(octets) % 10**CODE_DIGITS:0{CODE_DIGITS}}"
        if not any(each in digits for each in BURDENED):
            return digits
    raise AssertionError("a thousand numbers in turn were burdened")


def code_that_waits(journey: Journey) -> str:
    """The number of today that nobody has used yet; empty if there is none."""
    found = standing_pass(journey)
    waits = found and found.phones.filter(taken_at=None, until_at__gt=timezone.now()).first()
    return code_of(waits) if waits else ""


@transaction.atomic
def take_pass(*, code: str, knock: str) -> PassPhone:
    """Give the pass to the first phone that shows this number. Asked again, it is the same phone.

    `knock` is a secret that the phone made: with it, it asks later whether it is to be deleted.
    """
    rows = PassPhone.objects.select_for_update(of=("self",)).with_all()
    found = rows.filter(code_index=blind_index(CODE, code)).first()
    knock_index = blind_index(KNOCK, knock)
    holds = bool(
        found
        and not is_to_wipe(found)
        and timezone.now() < found.until_at
        and (found.taken_at is None or found.knock_index == knock_index)
    )
    refuse_if(why_not_take(holds=holds))
    assert found is not None
    if found.taken_at is None:
        found.taken_at, found.knock_index = timezone.now(), knock_index
        found.save(update_fields=["taken_at", "knock_index"])
        _record("pass taken onto her phone", found)
    return found


def _record(action: str, one: PassPhone) -> None:
    journey = one.travel_pass.journey
    assert journey.application.enquiry is not None
    her = journey.application.enquiry.enquirer
    journal.record(action, subject=one, by=her, person=person_of(journey))


def document_of(one: PassPhone) -> dict[str, Any]:
    """What the sheet says, in her language, with what the code carries and her own word."""
    found = one.travel_pass
    assert found.journey.application.enquiry is not None
    told = told_in_itinerary(found, found.journey.application.enquiry.enquirer.language)
    del told["qr"]  # the phone draws it
    told |= {"pass": text_of(found), "word": (found.words or {}).get("hers", "")}
    return told | {"until": one.until_at.isoformat()}


@transaction.atomic
def answer_knock(*, knock: str, wiped: bool) -> bool:
    """A phone asks whether it is to be deleted, or says that it was. Returns whether it is to be.

    Of a phone that we do not know nothing is asked.
    """
    rows = PassPhone.objects.select_for_update(of=("self",)).with_all()
    found = rows.filter(knock_index=blind_index(KNOCK, knock)).first()
    if found is None:
        return False
    if wiped and found.wiped_at is None:
        found.wiped_at = timezone.now()
        found.save(update_fields=["wiped_at"])
        _record("pass deleted from her phone", found)
    return is_to_wipe(found)


def is_to_wipe(one: PassPhone) -> bool:
    """It was deleted, its pass was made invalid, or the journey does not go on."""
    found = one.travel_pass
    stopped = found.journey.state not in LIVES
    return stopped or one.wiped_at is not None or found.ended_at is not None
