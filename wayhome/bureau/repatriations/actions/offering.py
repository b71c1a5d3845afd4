"""Offer remains to their home country by number, and note what it answers about each."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.actions.registering import locked as locked_remains
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.remains.rules.register import State as WhereState
from wayhome.bureau.repatriations.announcements import offer_sent
from wayhome.bureau.repatriations.facts import (
    held_back,
    is_consigned,
    name_of,
    why_not_go_now,
)
from wayhome.bureau.repatriations.models import Offer, OfferLine
from wayhome.bureau.repatriations.numbering import next_number
from wayhome.bureau.repatriations.rules.offering import (
    STANDING,
    Answer,
    Offered,
    Said,
    why_not_answer,
    why_not_offer,
    why_not_send,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.numbers import parse
from wayhome.lib.refusal import Refusal, refuse_if

OFFER = Permission.OFFER_REMAINS


@dataclass(frozen=True)
class Wanted:
    """A line as it was typed: a number, and why they are of that force if nobody named them."""

    number: str
    grounds: str = ""


@transaction.atomic
def write_offer(*, power: str, wanted: Sequence[Wanted], words: str = "", by: Staff) -> Offer:
    """Write an offer, which `send_offer` sends. Raises Refused with what is wrong at any line."""
    by.must(OFFER)
    rows = _locked_in_order(wanted)
    refuse_if(why_not_offer(power, [_as_offered(one, rows.get(_plain(one))) for one in wanted]))
    offer = Offer.objects.create(
        number=next_number(Offer), key=PersonKey.make(), power=power.strip(),
        words=words.strip() or None, written_by=by, written_at=timezone.now(),
    )  # fmt: skip
    for place, one in enumerate(wanted, start=1):
        remains = rows[_plain(one)]
        line = OfferLine.objects.create(
            offer=offer, remains=remains, key=remains.key, place=place,
            named=name_of(remains) is not None, grounds=one.grounds.strip() or None,
        )  # fmt: skip
        number = remains.bureau_number
        journal.record("remains put on an offer", subject=line, by=by, person=number)
    return offer


def _plain(one: Wanted) -> str:
    number = parse(one.number)
    return str(number) if number else ""


def _locked_in_order(wanted: Sequence[Wanted]) -> dict[str, Remains]:
    """Locked in one order, so that two offers of the same remains do not wait in a ring."""
    numbers = {_plain(one) for one in wanted} - {""}
    found = Remains.objects.filter(bureau_number__in=numbers).order_by("pk")
    return {each.bureau_number: locked_remains(each) for each in found}


def _as_offered(one: Wanted, remains: Remains | None) -> Offered:
    if remains is None:
        return Offered(one.number, known=False)
    standing = OfferLine.objects.filter(remains=remains, answer__in=STANDING)
    return Offered(
        remains.bureau_number,
        named=name_of(remains) is not None,
        grounds=one.grounds,
        offered=standing.exists(),
        gone=remains.state == WhereState.HOME,
        against=why_not_go_now(remains),
    )


@transaction.atomic
def send_offer(*, offer: Offer, by: Staff) -> Offer:
    """Send it: a notice goes to the Central Tracing Agency, and the answer's time runs."""
    by.must(OFFER)
    offer = _locked(offer)
    refuse_if(why_not_send_now(offer))
    offer.sent_by, offer.sent_at = by, timezone.now()
    offer.save(update_fields=["sent_by", "sent_at"])
    journal.record("offer of remains sent", subject=offer, by=by, purpose=str(offer.number))
    offer_sent.send(Offer, offer=offer)
    return offer


def why_not_send_now(offer: Offer) -> list[Refusal]:
    """What stands against sending this offer now; empty permits it."""
    lines = [line.remains for line in offer.lines.select_related("remains__key")]
    against = [(remains.bureau_number, reason) for remains, reason in held_back(lines)]
    return list(why_not_send(sent=offer.sent_at is not None, against=against))


@transaction.atomic
def answer(*, offer: Offer, lines: Sequence[OfferLine], said: Said, by: Staff) -> list[OfferLine]:
    """Note one answer of the home country about several of those offered."""
    by.must(OFFER)
    offer = _locked(offer)
    chosen = list(
        offer.lines.select_related("remains", "key").filter(pk__in=[each.pk for each in lines])
    )
    now = timezone.now()
    # Locked, so that none of them is put on a manifest or a new offer at the same moment.
    remains = [
        locked_remains(line.remains) for line in sorted(chosen, key=lambda each: each.remains_id)
    ]
    anew = OfferLine.objects.filter(remains__in=remains, answer__in=STANDING).exclude(offer=offer)
    refuse_if(
        why_not_answer(
            said,
            before=[Answer(line.answer) for line in chosen],
            sent_at=offer.sent_at,
            consigned=is_consigned(remains),
            offered_anew=anew.exists(),
            now=now,
            today=timezone.localdate(),
        )
    )
    for line in chosen:
        line.answer, line.answered_on = said.answer, said.on
        line.answer_words = said.words.strip() or None
        line.noted_by, line.noted_at = by, now
        line.save()
        number = line.remains.bureau_number
        journal.record(
            "answer to an offer noted", subject=line, by=by, person=number, purpose=said.answer
        )
    return chosen


def _locked(offer: Offer) -> Offer:
    rows = Offer.objects.select_for_update(of=("self",)).select_related("key")
    return rows.get(pk=offer.pk)
