"""Calls of the demo's families: agreed, held and worried about; and one that is ready."""

from datetime import time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.answers.actions import note_reached
from wayhome.bureau.answers.rules import ReachOutcome
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents import sittings
from wayhome.bureau.contact.calls import actions as calls
from wayhome.bureau.contact.calls.actions import Opening
from wayhome.bureau.contact.calls.actions.arranging import SLOT_MINUTES
from wayhome.bureau.contact.calls.choosing import Times
from wayhome.bureau.contact.calls.models import Call, CallOffer
from wayhome.bureau.contact.calls.rules import CallState, How, Reason
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.config.demo.people import staff_of

if TYPE_CHECKING:
    from wayhome.config.demo.cases import Case

HIS_SECRET = "zhimolost7"  # of each man of the stories, on the tablet
HERS = Times("Europe/Moscow")
HIS = Times("Europe/Kyiv")
DAYS_OPEN = range(2, 9)
NOT_YET = timedelta(minutes=1)
NEAR = timedelta(minutes=SLOT_MINUTES)


class Calls:
    """What a story's family and man do about a call; a part of Case."""

    @cached_property
    def call_asked(self: "Case") -> Call:  # type: ignore[misc]
        """She asks; it waits for a time."""
        _ = self.told
        return asked(self.enquiry)

    @cached_property
    def call_agreed(self: "Case") -> Call:  # type: ignore[misc]
        """He is asked before a neutral, then she chooses; somebody accompanies it."""
        return agreed(self.call_asked, self.captive)

    @cached_property
    def call_held(self: "Case") -> None:  # type: ignore[misc]
        """They talked, the line being thin, by telephone; afterwards something worries her."""
        call, supervisor = begins_now(self.call_agreed), self.staff(Role.SUPERVISOR)
        calls.note_by_telephone(call=call, by=supervisor)
        calls.stop(call=call, reason=Reason.SUPERVISOR_ENDED, by=supervisor)
        Call.objects.filter(pk=call.pk).update(learns_at=timezone.now())
        worry = "Он кашлял и сильно похудел. Сказал, что всё хорошо."
        calls.say_how_it_was(call=call, how=How.MIXED, worry=worry, by=self.enquirer)

    @cached_property
    def call_wanted(self: "Case") -> None:  # type: ignore[misc]
        """He named his sister and his father, who were told; he wants to talk with his father."""
        for name, words in (
            ("Подлесная Дарья", "Даша, я жив."),
            ("Подлесный Карп", "Батя, я жив."),
        ):
            who = {
                "name": name, "reach": "+7 000 000 00 01", "question": "Кличка нашей лошади?",
                "right_answer": "Зорька", "words": words,
            }  # fmt: skip
            named = consents.name_person_to_tell(who=who, by=self.sitting)
            note_reached(named=named, outcome=ReachOutcome.TOLD, by=self.staff(Role.CONTACT))
        call = calls.ask_for_call_himself(to=named, times=HIS, language="ru", by=self.sitting)
        open_times()
        calls.offer_times(call=call, by=self.staff(Role.SUPERVISOR))


def open_times() -> None:
    """A week of free times; those that are there already stay."""
    supervisor = staff_of(Role.SUPERVISOR)
    for days in DAYS_OPEN:
        on = timezone.localdate() + timedelta(days=days)
        calls.open_times(opening=Opening(on, time(9), time(18)), by=supervisor)


def asked(enquiry: Enquiry) -> Call:
    """She asks, and her wish has reached him."""
    call = calls.ask_for_call(enquiry=enquiry, times=HERS, language="ru", by=enquiry.enquirer)
    calls.bring_forward(enquiry.pk)
    return Call.objects.get(pk=call.pk)


def agreed(call: Call, captive: Captive) -> Call:
    """Times are offered, he says yes before a neutral, she chooses, somebody accompanies it."""
    supervisor = staff_of(Role.SUPERVISOR)
    open_times()
    calls.offer_times(call=call, by=supervisor)
    offers = accompanied(call, supervisor)
    neutral = staff_of(Role.NEUTRAL)
    for left in captive.principal.sittings.filter(closed_at=None):
        sittings.close_sitting(sitting=left, by=neutral)
    sitting = sittings.open_sitting(captive=captive, language="ru", by=neutral)
    sittings.give_secret(secret=HIS_SECRET, by=sitting)
    calls.say_yes(call=call, offers=[one.pk for one in offers], times=None, by=sitting)
    sittings.close_sitting(sitting=sitting, by=sitting)
    assert call.enquiry is not None, "hers"
    calls.choose_time(call=call, offer=offers[0].pk, by=call.enquiry.enquirer)
    return calls.assign(call=call, supervisor=supervisor, interpreter=None, by=supervisor)


def accompanied(call: Call, supervisor: Staff) -> list[CallOffer]:
    """The times offered at which this supervisor has no other call: they are drawn by lot."""
    offers = call.offers.filter(closed_at=None).order_by("starts_at")
    others = Call.objects.live().filter(supervisor=supervisor).values_list("starts_at", flat=True)
    return [one for one in offers if all(abs(one.starts_at - at) >= NEAR for at in others if at)]


def begins_now(call: Call) -> Call:
    """In a demo, and nowhere else, the time of a call is moved to this minute."""
    Call.objects.filter(pk=call.pk).update(starts_at=timezone.now() + NOT_YET)
    return Call.objects.get(pk=call.pk)


@transaction.atomic
def ready_call(enquiry: Enquiry, captive: Captive) -> Call:
    """A call of these two that begins now: the one that is open or agreed, or a new one."""
    live = Call.objects.live().filter(enquiry=enquiry).first()
    if live is not None and live.state == CallState.OPEN:
        return live
    if live is not None and live.state == CallState.AGREED:
        return begins_now(live)
    if live is not None:
        calls.take_back_wish(call=live, by=enquiry.enquirer)
    return begins_now(agreed(asked(enquiry), captive))
