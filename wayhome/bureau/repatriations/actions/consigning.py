"""Put a consignment together, take pieces off it, stop it, close it with its receipt."""

import base64
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.actions import note_gone_home
from wayhome.bureau.remains.actions.registering import locked as locked_remains
from wayhome.bureau.remains.models import Change, Remains
from wayhome.bureau.remains.rules.intake import bag_key
from wayhome.bureau.repatriations.announcements import consignment_received
from wayhome.bureau.repatriations.facts import bag_of, earlier_part, packets_of
from wayhome.bureau.repatriations.models import Consignment, Leg, Piece, Receipt
from wayhome.bureau.repatriations.numbering import next_number
from wayhome.bureau.repatriations.rules.consigning import (
    IS_OPEN,
    Bag,
    Journey,
    LegState,
    PieceKind,
    State,
    Way,
    way_of,
    why_not_add,
    why_not_open,
    why_not_receive,
    why_not_stop,
    why_not_take_off,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if

RECORD = Permission.RECORD_REMAINS


@transaction.atomic
def open_consignment(*, journey: Journey, by: Staff) -> Consignment:
    """Open an empty consignment at one's own site."""
    by.must(RECORD)
    refuse_if(why_not_open(journey))
    consignment = Consignment.objects.create(
        number=next_number(Consignment), site=by.site, key=PersonKey.make(),
        power=journey.power.strip(), journey=journey.as_kept(), opened_by=by,
        opened_at=timezone.now(),
    )  # fmt: skip
    _journal("consignment opened", consignment, by)
    return consignment


@transaction.atomic
def add(*, consignment: Consignment, remains: Remains | None, by: Staff) -> list[Piece]:
    """Put remains on the manifest, with the packets of their effects.

    Both are locked: of two who put the same remains on two consignments the second is Refused.
    """
    by.must(RECORD)
    consignment = locked(consignment)
    remains = locked_remains(remains) if remains else None
    refuse_if(why_not_add_now(consignment, remains))
    assert remains is not None, "asked by the rule above"
    place = (consignment.pieces.aggregate(last=Max("place"))["last"] or 0) + 1
    number, now = remains.bureau_number, timezone.now()
    bag = Piece(
        consignment=consignment, remains=remains, key=remains.key, kind=PieceKind.BAG,
        place=place, code=number, code_key=bag_key(number), seal=remains.last_seal(),
        follows=earlier_part(remains), by=by, at=now,
    )  # fmt: skip
    packets = [
        Piece(
            consignment=consignment, remains=remains, key=remains.key, kind=PieceKind.PACKET,
            effects=listed, place=place + after, code=listed.packet, code_key=listed.packet_key,
            seal=listed.packet, by=by, at=now,
        )
        for after, listed in enumerate(packets_of(remains), start=1)
    ]  # fmt: skip
    pieces = [bag, *packets]
    for piece in pieces:
        piece.save(force_insert=True)
    purpose = str(consignment.number)
    journal.record(
        "remains put on a consignment", subject=bag, by=by, person=number, purpose=purpose
    )
    return pieces


def why_not_add_now(consignment: Consignment, remains: Remains | None) -> list[Refusal]:
    """What keeps these remains off this manifest now; empty permits it."""
    bag = Bag(known=False)
    if remains is not None:
        bag = bag_of(remains, consignment.power)
        here = consignment.standing_pieces().filter(remains=remains)
        if here.exists():
            bag = Bag(on_it=True)
    preparing = consignment.state == State.PREPARING
    return list(why_not_add(bag, preparing=preparing, pieces=consignment.pieces.count()))


@transaction.atomic
def take_off(*, piece: Piece, reason: str, by: Staff) -> Piece:
    """Take a bag off the manifest with its packets, or one packet alone; that it stood stays."""
    by.must(RECORD)
    consignment = locked(piece.consignment)
    piece = consignment.pieces.select_related("key", "remains").get(pk=piece.pk)
    refuse_if(
        why_not_take_off(
            movable=is_movable(consignment) or piece.remains_id in given_back(consignment),
            stayed=piece.stayed_at is not None,
            reason=reason,
        )
    )
    leave_here(piece, reason, by)
    return piece


def is_movable(consignment: Consignment) -> bool:
    """Whether pieces may still be taken off: they are in hands of ours, and not between two."""
    last, leg = consignment.last_leg(), consignment.running_leg()
    left_us = last is not None and last.is_to_outside
    return consignment.state in IS_OPEN and not left_us and not is_between(leg)


def given_back(consignment: Consignment) -> set[UUID]:
    """Remains that hands outside gave back before their receipt: they are ours by the chain."""
    last = consignment.last_leg()
    if consignment.state not in IS_OPEN or last is None or not last.is_to_outside:
        return set()
    bags = consignment.standing_pieces().bags().values("remains")
    ours = Change.objects.filter(is_last=True, receiver_outside=False, remains__in=bags)
    return set(ours.values_list("remains_id", flat=True))


def is_between(leg: Leg | None) -> bool:
    """Whether one of the staff gave them, and another has not signed for taking them yet."""
    return leg is not None and not leg.is_to_outside and way_of(LegState(leg.state)) == Way.IN


def leave_here(piece: Piece, reason: str, by: Staff) -> None:
    """It stays; whoever has the remains by their chain has them still."""
    by.must(RECORD)
    now = timezone.now()
    theirs = piece.consignment.standing_pieces().filter(remains=piece.remains_id)
    staying = theirs if piece.kind == PieceKind.BAG else theirs.filter(pk=piece.pk)
    for each in staying.select_related("key"):
        each.stayed_by, each.stayed_at, each.why_stayed = by, now, reason.strip()
        each.save(update_fields=["stayed_by", "stayed_at", "why_stayed"])
    number, purpose = piece.remains.bureau_number, str(piece.consignment.number)
    journal.record(
        "remains taken off a consignment", subject=piece, by=by, person=number, purpose=purpose
    )


@transaction.atomic
def stop(*, consignment: Consignment, reason: str, by: Staff) -> Consignment:
    """Stop it while it is in hands of ours: what stood on it may go with another one."""
    by.must(RECORD)
    consignment = locked(consignment)
    last, leg = consignment.last_leg(), consignment.running_leg()
    left_us = last is not None and last.is_to_outside
    refuse_if(
        why_not_stop(
            is_open=consignment.state in IS_OPEN,
            left_us=left_us and consignment.standing_pieces().bags().exists(),
            being_taken=is_between(leg),
            reason=reason,
        )
    )
    for piece in consignment.standing_pieces().bags().select_related("remains", "consignment"):
        leave_here(piece, reason, by)
    if leg is not None:
        leg.state = LegState.STOPPED
        leg.save(update_fields=["state"])
    consignment.why_stopped = reason.strip()
    _end(consignment, State.STOPPED, by)
    _journal("consignment stopped", consignment, by)
    return consignment


@transaction.atomic
def receive(
    *, consignment: Consignment, who: str, picture: bytes, words: str = "", by: Staff
) -> Receipt:
    """Keep the signature of who received it, and close it: they have gone home.

    `picture` is PNG: drawn on the screen, or a scan of the receipt on paper.
    """
    by.must(RECORD)
    consignment = locked(consignment)
    last = consignment.last_leg()
    bags = consignment.standing_pieces().bags()
    refuse_if(
        why_not_receive(
            is_open=consignment.state in IS_OPEN,
            leg_runs=consignment.running_leg() is not None,
            left_us=last is not None and last.is_to_outside,
            bags=bags.count(),
            who=who,
        )
    )
    receipt = Receipt.objects.create(
        consignment=consignment, key=consignment.key, who=who.strip(),
        picture=base64.b64encode(picture).decode(), words=words.strip() or None, by=by,
        at=timezone.now(),
    )  # fmt: skip
    for piece in bags.select_related("remains").order_by("remains"):
        note_gone_home(remains=piece.remains, by=by)
    _end(consignment, State.CLOSED, by)
    _journal("consignment received", consignment, by)
    consignment_received.send(Consignment, consignment=consignment)
    return receipt


def note_back(remains: Remains) -> None:
    """They had gone home and are in keeping again: from now on they may go with another one."""
    gone = Piece.objects.standing().filter(remains=remains, consignment__state=State.CLOSED)
    gone.update(came_back_at=timezone.now())


def _end(consignment: Consignment, state: State, by: Staff) -> None:
    consignment.state, consignment.ended_by, consignment.ended_at = state, by, timezone.now()
    consignment.save(update_fields=["state", "ended_by", "ended_at", "why_stopped"])


def _journal(action: str, consignment: Consignment, by: Staff) -> None:
    journal.record(action, subject=consignment, by=by, purpose=str(consignment.number))


def locked(consignment: Consignment) -> Consignment:
    """Locked first, before any remains: of two who change it at once one waits."""
    rows = Consignment.objects.select_for_update(of=("self",)).select_related("key", "site")
    return rows.get(pk=consignment.pk)
