"""Papers of the way home, in both languages: manifest, pass, receipt, list of names, offer.

Whoever drives or receives reads numbers and seals; names stand on one paper alone, for a sealed
envelope.
"""

import base64
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.remains.rules.register import KIND_NAMES, RemainsKind
from wayhome.bureau.repatriations.facts import name_of
from wayhome.bureau.repatriations.models import Consignment, Offer, Piece, ReturnRequest
from wayhome.bureau.repatriations.rules.consigning import PIECE_NAMES, PieceKind, Way
from wayhome.bureau.repatriations.rules.offering import ANSWER_WITHIN
from wayhome.bureau.repatriations.rules.requesting import ASKER_NAMES, Asker
from wayhome.lib.printing import printed
from wayhome.lib.two_languages import both

HERE = Path(__file__).parent
NOTHING = "–"
Pair = list[str]


def manifest_paper(consignment: Consignment) -> bytes:
    """Every bag and packet with its seal, and who has it now."""
    pieces = _pieces(consignment)
    told = _paper(_("Manifest of a consignment of remains"), _number(consignment)) | {
        "wide": True,
        "article": both_in_line(_("First Geneva Convention, Articles 15–17")),
        "facts": _facts(consignment, pieces),
        "stops": [both(_("The chain of custody is broken"))] * _any_gap(pieces),
        "head": [both(_("No.")), both(_("Bag or packet")), both(_("Number")), both(_("Bag")),
                 both(_("Seal number")), both(_("What they are")), both(_("Follows")),
                 both(_("Counted out")), both(_("Counted in"))],
        "widths": [0, 3, 3, 2, 2, 3, 2, 2, 2],
        "rows": [_row(place, piece) for place, piece in enumerate(pieces, start=1)],
        "after": _standing_words(),
        "signatures": [_signature(_("Given by")), _signature(_("Received by"))],
    }  # fmt: skip
    return _made(told)


def _row(place: int, piece: Piece) -> list[str]:
    is_bag = piece.kind == PieceKind.BAG
    return [
        str(place),
        both_in_line(PIECE_NAMES[PieceKind(piece.kind)]),
        piece.remains.bureau_number,
        piece.remains.bag if is_bag else "",
        piece.seal,
        both_in_line(KIND_NAMES[RemainsKind(piece.remains.kind)]) if is_bag else "",
        _follows(piece),
        "",
        "",
    ]


def _follows(piece: Piece) -> str:
    """The consignment with which an earlier part of the same body went home."""
    return f"№ {piece.follows.consignment.number}" if piece.follows else ""


def pass_paper(consignment: Consignment) -> bytes:
    """For whoever stops it on the road: what it is, under whose protection, whom to call."""
    pieces = _pieces(consignment)
    told = _paper(_("Pass for a consignment of remains"), _number(consignment)) | {
        "article": both_in_line(_("Customary rules 113 and 114 of humanitarian law")),
        "facts": _facts(consignment, pieces),
        "after": [
            both(_("This vehicle carries the dead home. Let it pass without delay.")),
            both(_("Bags and packets are sealed. Nobody opens them on the way.")),
            both(_("The dead are respected and protected; taking from them is a crime.")),
        ],
        "signatures": [
            _signature(_("Responsible authority: date, seal, signature")),
            _signature(_("Red Cross: date, signature")),
        ],
    }
    return _made(told)


def receipt_paper(consignment: Consignment) -> bytes:
    """What was received, with what differed; once it is signed, with the signature."""
    pieces = _pieces(consignment)
    receipt = getattr(consignment, "receipt", None)
    last = consignment.last_leg()
    counted = set(last.counts.filter(way=Way.IN).values_list("piece", flat=True)) if last else set()
    told = _paper(_("Receipt for a consignment of remains"), _number(consignment)) | {
        "article": both_in_line(_("First Geneva Convention, Article 16")),
        "facts": [
            *_facts(consignment, pieces),
            [*both(_("Received on")), _moment(receipt.at) if receipt else NOTHING],
            [*both(_("Noted at receipt")), (receipt.words if receipt else "") or NOTHING],
        ],
        "head": [both(_("No.")), both(_("Bag or packet")), both(_("Number")),
                 both(_("Seal number")), both(_("Counted in"))],
        "widths": [0, 3, 3, 3, 2],
        "rows": [
            [str(place), both_in_line(PIECE_NAMES[PieceKind(piece.kind)]),
             piece.remains.bureau_number, piece.seal,
             both_in_line(_("yes")) if piece.pk in counted else ""]
            for place, piece in enumerate(pieces, start=1)
        ],
        "after": [
            both(_("I counted what stands above and received it with its seals.")),
            *_stayed(consignment),
        ],
        "signatures": [
            _signature(_("Received by"), (receipt.who if receipt else "") or "",
                       base64.b64decode(receipt.picture) if receipt and receipt.picture else b""),
            _signature(_("Given by"), last.giver.number if last else ""),
        ],
    }  # fmt: skip
    return _made(told)


def _stayed(consignment: Consignment) -> list[Pair]:
    """What was on the manifest and did not go."""
    rows = consignment.pieces.exclude(stayed_at=None).order_by("place")
    if not (codes := ", ".join(rows.values_list("code", flat=True))):
        return []
    return [[f"{words} {codes}" for words in both(_("Taken off the manifest, and stayed:"))]]


def names_paper(consignment: Consignment) -> bytes:
    """The certified list: for each number the name that a board gave, and the packets with it."""
    bags = [piece for piece in _pieces(consignment) if piece.kind == PieceKind.BAG]
    told = _paper(_("Certified list of the dead"), _number(consignment)) | {
        "wide": True,
        "article": both_in_line(
            _("First Geneva Convention, Article 16; Third Geneva Convention, Article 120")
        ),
        "facts": _facts(consignment, bags)[:3],
        "head": [both(_("No.")), both(_("Number")), both(_("Seal number")), both(_("Name")),
                 both(_("Date of birth")), both(_("Identified by the board on")),
                 both(_("Packets of effects"))],
        "widths": [0, 3, 2, 5, 2, 3, 3],
        "rows": [_named_row(place, bag) for place, bag in enumerate(bags, start=1)],
        "after": [
            both(_("For a sealed envelope. It is opened by the authority that receives them.")),
        ],
        "signatures": [_signature(_("Responsible authority: date, seal, signature"))],
    }  # fmt: skip
    return _made(told)


def _named_row(place: int, bag: Piece) -> list[str]:
    named = name_of(bag.remains)
    decided = named.decision() if named else None
    told = (decided.named if decided else None) or {}
    packets = bag.consignment.standing_pieces().filter(remains=bag.remains_id)
    seals = packets.filter(kind=PieceKind.PACKET).values_list("seal", flat=True)
    return [
        str(place),
        bag.code,
        bag.seal,
        told.get("name", "") or both_in_line(_("not identified yet")),
        told.get("born", "") or NOTHING,
        _moment(decided.decided_at) if decided and decided.decided_at else NOTHING,
        ", ".join(seals) or NOTHING,
    ]


def offer_paper(offer: Offer) -> bytes:
    """The offer as it goes to the home country: numbers, what they are, when they were found."""
    lines = list(offer.lines.select_related("remains__key", "key"))
    told = _paper(_("Offer of remains to their home country"), f"№ {offer.number}") | {
        "article": both_in_line(_("Additional Protocol I, Article 34; customary rule 114")),
        "facts": [
            [*both(_("Home country")), offer.power],
            [*both(_("Through")), both_in_line(_("Central Tracing Agency and the Red Cross"))],
            [*both(_("Sent on")), _moment(offer.sent_at) if offer.sent_at else NOTHING],
            [*both(_("Days to answer about each number")), str(ANSWER_WITHIN.days)],
            *([[*both(_("Note")), offer.words]] if offer.words else []),
        ],
        "head": [both(_("No.")), both(_("Number")), both(_("What they are")),
                 both(_("Found on")), both(_("Named by a board")),
                 both(_("Why they are of that force")), both(_("Answer of the country"))],
        "widths": [0, 3, 3, 2, 2, 5, 2],
        "rows": [
            [str(place), line.remains.bureau_number,
             both_in_line(KIND_NAMES[RemainsKind(line.remains.kind)]),
             line.remains.found_on or NOTHING,
             both_in_line(_("yes") if line.named else _("no")), line.grounds or NOTHING, ""]
            for place, line in enumerate(lines, start=1)
        ],
        "after": [
            both(_("Names go apart, in a notice of the Central Tracing Agency.")),
            both(_("Until they go home they are kept cold or in graves of their own.")),
        ],
        "signatures": [_signature(_("Responsible authority: date, seal, signature"))],
    }  # fmt: skip
    return _made(told)


def refusal_paper(request: ReturnRequest) -> bytes:
    """Why a request for remains is refused, by whom, and where to turn (ECHR 8)."""
    decided = request.decided_by.number if request.decided_by else NOTHING
    told = _paper(_("Decision on a request for remains"), f"№ {request.number}") | {
        "article": both_in_line(_("Additional Protocol I, Article 34")),
        "facts": [
            [*both(_("Number of the remains")), request.remains.bureau_number],
            [*both(_("Who asks for them")), both_in_line(ASKER_NAMES[Asker(request.asker)])],
            [*both(_("On which day it came")), request.came_on.strftime("%d.%m.%Y")],
            [*both(_("Decision")), both_in_line(_("refused"))],
            [*both(_("Reason")), request.reason or NOTHING],
            [*both(_("Decided by")), decided],
            [*both(_("Decided on")), _moment(request.decided_at) if request.decided_at else ""],
            [*both(_("Where and until when this can be appealed")), request.remedy or NOTHING],
        ],
        "signatures": [_signature(_("Responsible authority: date, seal, signature"))],
    }
    return _made(told)


def both_in_line(words: Any) -> str:
    """Both languages on one line; once where they are the same."""
    return " / ".join(dict.fromkeys(both(words)))


def _number(consignment: Consignment) -> str:
    return f"№ {consignment.number}"


def _paper(title: Any, number: str) -> dict[str, Any]:
    demo = both_in_line(_("Demonstration: every person is invented")) if settings.DEMO else ""
    return {
        "title": both(title),
        "number": number,
        "article": "",
        "wide": False,
        "demo": demo,
        "facts": [],
        "stops": [],
        "head": [],
        "widths": [],
        "rows": [],
        "after": [],
        "signatures": [],
    }


def _made(told: dict[str, Any]) -> bytes:
    return printed(HERE / "paper.typ", told, timezone.now())


def _pieces(consignment: Consignment) -> list[Piece]:
    rows = consignment.standing_pieces().order_by("place")
    return list(rows.select_related("remains", "key", "consignment", "follows__consignment"))


def _any_gap(pieces: list[Piece]) -> bool:
    return any(piece.remains.has_gap for piece in pieces)


def _facts(consignment: Consignment, pieces: list[Piece]) -> list[list[str]]:
    journey = consignment.journey or {}  # nothing is left once the key is destroyed
    kinds = [piece.kind for piece in pieces]
    vehicle = journey.get("vehicle", "")
    return [
        [*both(_("Home country")), consignment.power],
        [*both(_("Through")), journey.get("through", NOTHING)],
        [*both(_("Where it changes hands")), journey.get("destination", NOTHING)],
        [*both(_("Who drives")), ", ".join(filter(None, (journey.get("carrier"), vehicle)))],
        [*both(_("Bags")), str(kinds.count(PieceKind.BAG))],
        [*both(_("Packets of effects")), str(kinds.count(PieceKind.PACKET))],
        [*both(_("Printed on")), _moment(timezone.now())],
    ]


def _standing_words() -> list[Pair]:
    return [
        both(_("At each change of hands everything is counted out and counted in by number.")),
        both(_("Whoever finds a difference stops, writes it down, and calls the bureau.")),
    ]


def _signature(label: Any, name: str = "", picture: bytes = b"") -> dict[str, Any]:
    return {"label": both(label), "name": name, "picture": list(picture)}


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%d.%m.%Y %H:%M %Z}"
