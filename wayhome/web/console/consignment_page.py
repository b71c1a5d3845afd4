"""Consignments in words: the manifest with its counts, changes of hands, what differs.

Numbers and seals alone: no name of the dead reaches these pages.
"""

from collections import defaultdict
from collections.abc import Container, Sequence
from typing import Any
from uuid import UUID

from wayhome.bureau.remains.models import Burial, Remains
from wayhome.bureau.remains.rules.burial import STORE_NAMES, StoreKind
from wayhome.bureau.remains.rules.register import KIND_NAMES, RemainsKind
from wayhome.bureau.remains.rules.register import State as WhereState
from wayhome.bureau.repatriations.actions.consigning import given_back, is_movable
from wayhome.bureau.repatriations.actions.legs import lines_of
from wayhome.bureau.repatriations.facts import held_back
from wayhome.bureau.repatriations.models import Consignment, Discrepancy, Leg, Piece
from wayhome.bureau.repatriations.rules.consigning import (
    COUNTING,
    DIFFERS,
    DIFFERS_NAMES,
    IS_OPEN,
    LEG_NAMES,
    PIECE_NAMES,
    RUNNING,
    STATE_NAMES,
    WAY_NAMES,
    Differs,
    LegState,
    PieceKind,
    State,
    Way,
    how_it_differs,
    tally,
    way_of,
)
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission


def head(consignment: Consignment) -> dict[str, Any]:
    """One line of the list, and what stands on top of every page about it."""
    pieces = list(consignment.standing_pieces().values_list("kind", flat=True))
    unexplained = Discrepancy.objects.open().filter(leg__consignment=consignment)
    return {
        "consignment": shown(consignment, "work"),
        "state": STATE_NAMES[State(consignment.state)],
        "journey": consignment.journey or {},  # nothing is left once the key is destroyed
        "bags": pieces.count(PieceKind.BAG),
        "packets": pieces.count(PieceKind.PACKET),
        "unexplained": unexplained.exclude(leg__state=LegState.STOPPED).count(),
    }


def page_of(consignment: Consignment, person: Staff) -> dict[str, Any]:
    """Everything about it, and what this person may do next."""
    legs = list(consignment.legs.select_related("key", "giver", "receiver"))
    running = next((one for one in legs if LegState(one.state) in RUNNING), None)
    last = next((one for one in reversed(legs) if one.state == LegState.DONE), None)
    pieces = list(consignment.pieces.select_related("key", "remains__key", "by", "stayed_by",
                                                    "follows__consignment"))  # fmt: skip
    records, is_open = person.may(Permission.RECORD_REMAINS), consignment.state in IS_OPEN
    left_us = last is not None and last.is_to_outside
    receipt = getattr(consignment, "receipt", None)
    back = given_back(consignment)
    movable = {one.pk for one in pieces if is_movable(consignment) or one.remains_id in back}
    told = head(consignment)
    return {
        **told,
        "is_open": is_open,
        "pieces": manifest(pieces, legs, movable if records else ()),
        "stayed": [piece_of(one) for one in pieces if one.stayed_at],
        "legs": [leg_of(one) for one in legs],
        "running": leg_of(running) if running else None,
        "differences": differences_of(consignment),
        "receipt": shown(receipt, "work") if receipt else None,
        "holder": last.taking if last else "",
        "held_back": _held_back(pieces) if is_open else [],
        "left_us": left_us,
        "may_record": records and is_open,
        "may_take_off": records and bool(movable),
        "may_add": records and consignment.state == State.PREPARING,
        "may_begin": records and is_open and running is None and not left_us,
        "may_receive": records and is_open and running is None and left_us,
        "may_stop": records and is_open and not (left_us and told["bags"]),
        "may_name": may_name(person),
    }


def of_remains(remains: Remains, person: Staff) -> list[dict[str, Any]]:
    """For the page of remains: the consignments on which they stood or stand."""
    bags = Piece.objects.visible_to(person).bags().filter(remains=remains)
    return [
        {
            "id": bag.consignment_id,
            "number": bag.consignment.number,
            "state": STATE_NAMES[State(bag.consignment.state)],
            "code": bag.consignment.state,
            "stayed_at": bag.stayed_at,
        }
        for bag in bags.select_related("consignment").order_by("at")
    ]


def may_name(person: Staff) -> bool:
    """Who may print the list with the names: whoever signs boards, or traces by name."""
    return any(
        person.may(each) for each in (Permission.SIGN_IDENTIFICATION, Permission.WEIGH_BY_NAME)
    )


def piece_of(piece: Piece) -> dict[str, Any]:
    return {
        "piece": shown(piece, "work"),
        "number": piece.remains.bureau_number,
        "kind": PIECE_NAMES[PieceKind(piece.kind)],
        "is_bag": piece.kind == PieceKind.BAG,
        "what": KIND_NAMES[RemainsKind(piece.remains.kind)],
        "bag": piece.remains.bag,
        "has_gap": piece.remains.has_gap,
        "follows": piece.follows.consignment.number if piece.follows else "",
    }


def manifest(
    pieces: Sequence[Piece], legs: Sequence[Leg], movable: Container[UUID]
) -> list[dict[str, Any]]:
    """What is on it, each with the counts that it passed, and whether it may be taken off."""
    passed: dict[Any, list[str]] = defaultdict(list)
    for leg in legs:
        for way, piece in leg.counts.filter(piece__isnull=False).values_list("way", "piece"):
            passed[piece].append(f"{leg.number} {WAY_NAMES[Way(way)]}")
    return [
        {**piece_of(one), "passed": passed[one.pk], "may_take_off": one.pk in movable}
        for one in pieces
        if one.stayed_at is None
    ]


def leg_of(leg: Leg) -> dict[str, Any]:
    details = leg.details or {}
    state = LegState(leg.state)
    return {
        "leg": shown(leg, "work"),
        "state": LEG_NAMES[state],
        "is_late": state in DIFFERS,
        "is_done": state == LegState.DONE,
        "giving": leg.giver.number,
        "taking": leg.taking,
        "place": details.get("place", ""),
        "conditions": [details[way.value] for way in Way if details.get(way.value)],
    }


def counting(leg: Leg) -> dict[str, Any]:
    """The running count of a leg, line by line; the latest read first, the missing above all."""
    state = LegState(leg.state)
    way = way_of(state)
    found = lines_of(leg, way)
    rows = [
        {
            "code": piece.code if piece else one.read if one else "",
            "bag": piece.remains.bag if piece and piece.kind == PieceKind.BAG else "",
            "kind": PIECE_NAMES[PieceKind(piece.kind)] if piece else "",
            "seal": piece.seal if piece else "",
            "read": one.seal if one else "",
            "count": shown(one, "work") if one else None,
            "differs": differing,
            "words": DIFFERS_NAMES[differing] if differing else "",
        }
        for line, piece, one in found
        for differing in [how_it_differs(line)]
    ]
    return {
        "way": WAY_NAMES[way],
        "is_out": way == Way.OUT,
        "is_counting": state in COUNTING,
        "tally": tally([line for line, _piece, _one in found]),
        "rows": sorted(rows, key=lambda row: row["differs"] is None),
        "latest": _latest(leg, way),
    }


def _latest(leg: Leg, way: Way) -> list[Any]:
    rows = leg.counts.filter(way=way).select_related("by").order_by("-at")[:3]
    return [shown(one, "work") for one in rows]


def differences_of(consignment: Consignment) -> list[dict[str, Any]]:
    """Every difference that was ever found, with what two people said of it."""
    rows = Discrepancy.objects.filter(leg__consignment=consignment)
    joined = rows.select_related("key", "leg", "piece", "by", "second_by").order_by("found_at")
    return [difference_of(one) for one in joined]


def difference_of(one: Discrepancy) -> dict[str, Any]:
    return {
        "difference": shown(one, "work"),
        "leg": one.leg.number,
        "way": WAY_NAMES[Way(one.way)],
        "code": one.piece.code if one.piece else one.read,
        "seal": one.piece.seal if one.piece else "",
        "words": DIFFERS_NAMES[Differs(one.kind)],
        "is_seal": one.kind == Differs.SEAL,
        "is_stopped": one.leg.state == LegState.STOPPED,
    }


def _held_back(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """What came up since they were put on the manifest."""
    bags = [one for one in pieces if one.kind == PieceKind.BAG and one.stayed_at is None]
    return [
        {"number": remains.bureau_number, "reason": reason.reason, "provision": reason.provision}
        for remains, reason in held_back(bag.remains for bag in bags)
    ]


def where(remains: Remains) -> dict[str, Any]:
    """Where they lie meanwhile: a store and its shelf, or a grave."""
    if remains.state == WhereState.BURIED:
        burial = Burial.objects.filter(remains=remains).select_related("plot").latest("buried_at")
        return {"plot": burial.plot.name, "row": burial.row, "grave": burial.number}
    stay = next((one for one in remains.stays.all() if one.ended_at is None), None)
    if stay is None:
        return {}
    kind = STORE_NAMES[StoreKind(stay.store.kind)]
    return {"store": stay.store.name, "shelf": stay.shelf, "kind": kind}
