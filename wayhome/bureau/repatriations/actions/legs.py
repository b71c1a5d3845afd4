"""Count a consignment out of one pair of hands and into the next; custody moves by its chain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.remains.actions import Seen, hand_outside, hand_over, take
from wayhome.bureau.remains.models import Change, Remains
from wayhome.bureau.remains.rules.intake import bag_key
from wayhome.bureau.repatriations.actions.consigning import RECORD, leave_here, locked
from wayhome.bureau.repatriations.facts import held_back
from wayhome.bureau.repatriations.models import Consignment, Count, Discrepancy, Leg, Piece
from wayhome.bureau.repatriations.models.consignments import LONGEST_CODE
from wayhome.bureau.repatriations.rules.consigning import (
    COUNTING,
    DIFFERS,
    IS_OPEN,
    LegState,
    Line,
    Next,
    PieceKind,
    State,
    Tally,
    Way,
    how_it_differs,
    tally,
    way_of,
    why_not_close_count,
    why_not_confirm,
    why_not_count,
    why_not_explain,
    why_not_open_leg,
    why_not_sign,
    why_not_taken,
)
from wayhome.bureau.staff.models import Staff
from wayhome.lib.numbers import parse
from wayhome.lib.refusal import Refusal, refuse_if


@dataclass(frozen=True)
class Ends:
    """Who takes it next, one of the staff or named hands outside, and where."""

    place: str
    receiver: Staff | None = None
    outside: str = ""

    def as_kept(self) -> dict[str, str]:
        told = {"place": self.place, "receiver": self.outside}
        return {name: text.strip() for name, text in told.items() if text.strip()}


def before_leg(consignment: Consignment, by: Staff) -> Next:
    """The consignment before its next change of hands, from the hands of this person."""
    bags = list(consignment.standing_pieces().bags().select_related("remains__key"))
    last = consignment.last_leg()
    return Next(
        is_open=consignment.state in IS_OPEN,
        bags=len(bags),
        leg_runs=consignment.running_leg() is not None,
        left_us=last is not None and last.is_to_outside,
        not_held=tuple(_not_held(bags, by)),
        against=tuple(_against(bags)),
    )


def _not_held(bags: Iterable[Piece], by: Staff) -> list[str]:
    theirs = [bag.remains for bag in bags]
    holding = Change.objects.filter(is_last=True, receiver=by, remains__in=theirs)
    held = set(holding.values_list("remains_id", flat=True))
    return [bag.code for bag in bags if bag.remains_id not in held]


def _against(bags: Iterable[Piece]) -> list[tuple[str, Refusal]]:
    """What came up since they were put on the manifest: a doubt, another wish of a family."""
    found = held_back(bag.remains for bag in bags)
    return [(remains.bureau_number, reason) for remains, reason in found]


@transaction.atomic
def open_leg(*, consignment: Consignment, ends: Ends, by: Staff) -> Leg:
    """Begin the next change of hands; with the first one the manifest is closed."""
    by.must(RECORD)
    consignment = locked(consignment)
    receiver = ends.receiver
    refuse_if(
        why_not_open_leg(
            before_leg(consignment, by),
            outside=ends.outside,
            to_staff=receiver is not None,
            able=receiver is not None and receiver.is_active and receiver.may(RECORD),
            to_oneself=receiver is not None and receiver.pk == by.pk,
            place=ends.place,
        )
    )
    leg = Leg.objects.create(
        consignment=consignment, key=consignment.key, number=consignment.legs.count() + 1,
        giver=by, receiver=receiver, details=ends.as_kept(), opened_at=timezone.now(),
    )  # fmt: skip
    if consignment.state == State.PREPARING:
        consignment.state = State.ON_THE_WAY
        consignment.save(update_fields=["state"])
    _journal("change of hands of a consignment begun", leg, by)
    return leg


@transaction.atomic
def count(*, leg: Leg, read: str, seal: str, by: Staff) -> Count:
    """Count one bag or packet by what was read of it. What is on no manifest is counted too."""
    by.must(RECORD)
    consignment, leg = _locked(leg)
    way = way_of(LegState(leg.state))
    piece = found_by(consignment, read)
    read_key = bag_key(read)[:LONGEST_CODE]
    known = leg.counts.filter(way=way)
    again = known.filter(piece=piece) if piece else known.filter(piece=None, read_key=read_key)
    refuse_if(
        why_not_count(counting=LegState(leg.state) in COUNTING, read=read_key, again=again.exists())
    )
    if piece is not None and read_key == bag_key(piece.seal):
        seal = seal or read  # the seal itself was scanned
    counted = Count.objects.create(
        leg=leg, way=way, piece=piece, read=read.strip()[:LONGEST_CODE], read_key=read_key,
        seal=seal.strip(), by=by, at=timezone.now(),
    )  # fmt: skip
    person = piece.remains.bureau_number if piece else ""
    purpose = f"{way} {consignment.number}.{leg.number}"
    journal.record("piece counted", subject=counted, by=by, person=person, purpose=purpose)
    return counted


def found_by(consignment: Consignment, read: str) -> Piece | None:
    """The piece with this number, bag or seal; none where the manifest has it not."""
    pieces = consignment.standing_pieces().select_related("remains", "key")
    if number := parse(read):
        return pieces.filter(kind=PieceKind.BAG, code=str(number)).first()
    if not (key := bag_key(read)[:LONGEST_CODE]):
        return None
    by_seal = (piece for piece in pieces if bag_key(piece.seal) == key)
    bags = pieces.filter(kind=PieceKind.BAG, remains__bag_key=key)
    return pieces.filter(code_key=key).first() or next(by_seal, None) or bags.first()


def lines_of(leg: Leg, way: Way) -> list[tuple[Line, Piece | None, Count | None]]:
    """Each line of the manifest, and what was counted beside it."""
    counts = list(leg.counts.filter(way=way).select_related("by", "piece"))
    by_piece = {one.piece_id: one for one in counts if one.piece_id}
    found: list[tuple[Line, Piece | None, Count | None]] = []
    for piece in expected(leg, way):
        one = by_piece.get(piece.pk)
        is_bag = piece.kind == PieceKind.BAG
        line = Line(True, one is not None, piece.seal, one.seal if one else "", is_bag)
        found.append((line, piece, one))
    found += [(Line(False, True, read=one.seal), None, one) for one in counts if not one.piece_id]
    return found


def expected(leg: Leg, way: Way) -> Sequence[Piece]:
    """What is on the manifest; and what was, when it was counted or missed here."""
    seen = Q(counts__leg=leg, counts__way=way) | Q(differences__leg=leg, differences__way=way)
    rows = leg.consignment.pieces.filter(Q(stayed_at=None) | seen).distinct()
    return list(rows.select_related("remains", "key").order_by("place"))


def tally_of(leg: Leg, way: Way) -> Tally:
    """How a count and the manifest stand to each other."""
    return tally([line for line, _piece, _count in lines_of(leg, way)])


@transaction.atomic
def close_count(*, leg: Leg, condition: str, by: Staff) -> Leg:
    """Close the running count. Without a difference it is signed; with one it waits for two."""
    by.must(RECORD)
    _consignment, leg = _locked(leg)
    way = way_of(LegState(leg.state))
    refuse_if(
        why_not_close_count(
            counting=LegState(leg.state) in COUNTING,
            theirs=signs(leg, by),
            counted=leg.counts.filter(way=way, piece__kind=PieceKind.BAG).count(),
            condition=condition,
        )
    )
    now = timezone.now()
    leg.details = {**(leg.details or {}), way.value: condition.strip()}
    if way == Way.OUT:
        leg.out_at = now
    else:
        leg.in_at = now
    if _differences(leg, way):
        leg.state = LegState.OUT_DIFFERS if way == Way.OUT else LegState.IN_DIFFERS
        leg.save()
        _journal("count of a consignment differs", leg, by)
        return leg
    leg.save()
    _journal("count of a consignment closed", leg, by)
    return _sign(leg, way, by)


def signs(leg: Leg, by: Staff) -> bool:
    """Whether this person signs at this end; for hands outside who gives sees to both counts."""
    inward = way_of(LegState(leg.state)) == Way.IN and leg.receiver_id is not None
    return by.pk == (leg.receiver_id if inward else leg.giver_id)


def _differences(leg: Leg, way: Way) -> int:
    now = timezone.now()
    rows = [
        Discrepancy(
            leg=leg, key=leg.key, way=way, kind=kind, piece=piece,
            read=one.read if one else "", seal=one.seal if one else "", found_at=now,
        )
        for line, piece, one in lines_of(leg, way)
        if (kind := how_it_differs(line))
    ]  # fmt: skip
    Discrepancy.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def explain(*, difference: Discrepancy, words: str, by: Staff) -> Discrepancy:
    """Write what is known of a difference, as the first of two."""
    by.must(RECORD)
    difference = _locked_difference(difference)
    refuse_if(why_not_explain(explained=difference.at is not None, words=words))
    difference.words, difference.by, difference.at = words.strip(), by, timezone.now()
    difference.save(update_fields=["words", "by", "at"])
    _journal_difference("difference of a consignment explained", difference, by)
    return difference


@transaction.atomic
def confirm(*, difference: Discrepancy, by: Staff) -> Discrepancy:
    """Sign the explanation as the second of two."""
    by.must(RECORD)
    difference = _locked_difference(difference)
    refuse_if(
        why_not_confirm(
            explained=difference.at is not None,
            confirmed=difference.second_at is not None,
            own=difference.by_id == by.pk,
        )
    )
    difference.second_by, difference.second_at = by, timezone.now()
    difference.save(update_fields=["second_by", "second_at"])
    _journal_difference("difference of a consignment confirmed", difference, by)
    return difference


@transaction.atomic
def sign(*, leg: Leg, by: Staff) -> Leg:
    """Sign a change of hands whose count differed, once two people explained each difference."""
    by.must(RECORD)
    _consignment, leg = _locked(leg)
    way = way_of(LegState(leg.state))
    refuse_if(
        why_not_sign(
            differs=LegState(leg.state) in DIFFERS,
            theirs=signs(leg, by),
            unexplained=leg.unexplained().count(),
        )
    )
    return _sign(leg, way, by)


def _sign(leg: Leg, way: Way, by: Staff) -> Leg:
    """Move custody of what was counted, by the chain of each; what was not counted stays."""
    came, uncounted = [], []
    for line, piece, one in lines_of(leg, way):
        if piece is None or piece.stayed_at:
            continue
        if line.counted and one is not None:
            came.append((piece, one))
        else:
            uncounted.append(piece)
    for piece in uncounted:
        if Piece.objects.filter(pk=piece.pk, stayed_at=None).exists():  # with its bag a packet goes
            leave_here(piece, _why_missing(leg, way, piece), by)
    bags = [(piece, one) for piece, one in came if piece.kind == PieceKind.BAG]
    if way == Way.OUT or leg.is_to_outside:
        refuse_if(_doubts(bags))
    else:
        refuse_if(why_not_taken(_not_given(leg, bags)))
    for piece, one in sorted(bags, key=lambda pair: pair[0].remains_id):
        _move(leg, way, piece.remains, Seen(timezone.now(), one.seal, _condition(leg, way)), by)
    leg.state = LegState.COUNTING_IN if way == Way.OUT else LegState.DONE
    leg.save(update_fields=["state"])
    _journal("consignment given" if way == Way.OUT else "consignment taken", leg, by)
    return leg


def _move(leg: Leg, way: Way, remains: Remains, seen: Seen, by: Staff) -> None:
    """One of the staff signs for each end; hands outside sign the receipt, once it is counted."""
    if leg.receiver is None:
        if way == Way.IN:
            hand_outside(remains=remains, receiver=leg.taking, seen=seen, by=by)
    elif way == Way.OUT:
        hand_over(remains=remains, receiver=leg.receiver, seen=seen, by=by)
    elif (offered := _offered(leg, remains)) is not None:
        take(change=offered, seen=seen, by=by)


def _offered(leg: Leg, remains: Remains) -> Change | None:
    """What was given by this leg and waits; none once it was signed for on its own page."""
    return remains.changes.waiting().filter(giver=leg.giver, receiver=leg.receiver).first()


def _not_given(leg: Leg, bags: Iterable[tuple[Piece, Count]]) -> list[str]:
    """Bags that were counted in and are neither in these hands nor offered to them any more."""
    return [
        piece.code
        for piece, _count in bags
        if _offered(leg, piece.remains) is None
        and not piece.remains.changes.filter(is_last=True, receiver=leg.receiver).exists()
    ]


def _condition(leg: Leg, way: Way) -> str:
    return str((leg.details or {}).get(way.value, ""))


def _why_missing(leg: Leg, way: Way, piece: Piece) -> str:
    known = leg.differences.filter(way=way, piece=piece).select_related("key").first()
    return str(known.words) if known and known.words else "–"


def _doubts(bags: Iterable[tuple[Piece, Count]]) -> list[Refusal]:
    """A doubt that came up while it was counted holds the whole: it is taken off first."""
    found = _against(piece for piece, _count in bags)
    return [
        Refusal(reason.code, f"{number}: {reason.reason}", reason.provision)
        for number, reason in found
    ]


def _locked(leg: Leg) -> tuple[Consignment, Leg]:
    consignment = locked(leg.consignment)
    rows = consignment.legs.select_related("key", "giver", "receiver", "consignment")
    return consignment, rows.get(pk=leg.pk)


def _locked_difference(difference: Discrepancy) -> Discrepancy:
    locked(difference.leg.consignment)
    rows = Discrepancy.objects.select_related("key", "leg__consignment", "piece__remains")
    return rows.get(pk=difference.pk)


def _journal(action: str, leg: Leg, by: Staff) -> None:
    purpose = f"{leg.consignment.number}.{leg.number}"
    journal.record(action, subject=leg, by=by, purpose=purpose)


def _journal_difference(action: str, difference: Discrepancy, by: Staff) -> None:
    person = difference.piece.remains.bureau_number if difference.piece else ""
    journal.record(action, subject=difference, by=by, person=person, purpose=difference.kind)
