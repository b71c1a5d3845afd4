"""What is found on and of the dead: pictures, samples, effects, the examination by its groups."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.remains.rules.teeth import Tooth
from wayhome.lib.refusal import Refusal

MOST_PIECES = 10_000
MOST_PHOTOGRAPHS = 60


class View(StrEnum):
    """What a photograph shows; the ICRC's set wants a whole view, a face and what is particular."""

    WHOLE = "whole"
    FACE = "face"
    MARK = "mark"
    TEETH = "teeth"
    CLOTHING = "clothing"
    EFFECTS = "effects"
    SCENE = "scene"
    GRAVE = "grave"


VIEW_NAMES = {
    View.WHOLE: _("the whole, with its number"),
    View.FACE: _("the face, with its number"),
    View.MARK: _("a scar, tattoo or other mark"),
    View.TEETH: _("the teeth"),
    View.CLOTHING: _("the clothing"),
    View.EFFECTS: _("the effects"),
    View.SCENE: _("where they were found"),
    View.GRAVE: _("the grave"),
}
# Of the remains themselves, as the minimum set before burial asks; the others may come later.
OF_THE_REMAINS = frozenset({View.WHOLE, View.FACE, View.MARK, View.TEETH})


def why_not_photograph(*, known: bool, photographs: int) -> Refusal | None:
    """Say why this photograph is not kept."""
    if known:
        return Refusal("photograph.known", _("This picture is here already."), field="file")
    if photographs >= MOST_PHOTOGRAPHS:
        text = _("There are 60 pictures of these remains. That is enough.")
        return Refusal("photograph.too_many", text, field="file")
    return None


class SampleKind(StrEnum):
    BLOOD = "blood"
    SWAB = "swab"
    TISSUE = "tissue"
    NAIL = "nail"
    TOOTH = "tooth"
    BONE = "bone"


SAMPLE_NAMES = {
    SampleKind.BLOOD: _("blood"),
    SampleKind.SWAB: _("swab"),
    SampleKind.TISSUE: _("tissue"),
    SampleKind.NAIL: _("nail"),
    SampleKind.TOOTH: _("tooth"),
    SampleKind.BONE: _("bone"),
}


def why_not_sample(*, what: str, taken_at: datetime, now: datetime) -> Iterator[Refusal]:
    """Say why this sample cannot be noted."""
    if taken_at > now:
        yield Refusal("sample.future", _("This is in the future."), field="taken_on")
    if not what.strip():
        text = _("Write from which part of the body, left or right.")
        yield Refusal("sample.no_part", text, field="what")


def why_not_impossible(*, reason: str, sampled: bool) -> Refusal | None:
    """Say why it cannot be noted that no sample can be taken."""
    if sampled:
        return Refusal("sample.taken", _("A sample was taken already."), field="reason")
    if not reason.strip():
        text = _("Write why no bone, tooth or other sample can be taken.")
        return Refusal("sample.no_reason", text, "Customary rule 116", field="reason")
    return None


# Effects of the dead: two people list them, and the list closes with the packet's seal (GC I 16).


@dataclass(frozen=True)
class Piece:
    """So many of one thing, as it looks; what is written on it is read, never what is locked."""

    what: str
    pieces: int = 1

    def as_kept(self) -> dict[str, str | int]:
        return {"what": self.what.strip(), "pieces": self.pieces}


def why_not_list(
    pieces: Sequence[Piece], *, nothing: bool, packet: str, packet_used: bool
) -> Iterator[Refusal]:
    """Say why this is no list of effects. That nothing was found is a list too."""
    if nothing and pieces:
        text = _("Either list what was found, or say that nothing was.")
        yield Refusal("effects.both", text, field="nothing")
    if not nothing and not pieces:
        text = _("List what was found, or say that nothing was.")
        yield Refusal("effects.none", text, "GC I 16", field="what_1")
    if any(not piece.what.strip() for piece in pieces):
        yield Refusal("effects.no_article", _("Write what it is."), "GC I 16", field="what_1")
    if any(not 0 < piece.pieces <= MOST_PIECES for piece in pieces):
        yield Refusal("effects.pieces", _("Write a whole number above nothing."), field="what_1")
    if pieces and not packet.strip():
        text = _("Write the seal of the packet into which they go.")
        yield Refusal("effects.no_packet", text, "GC I 16", field="packet")
    if packet_used:
        text = _("This seal was put on before. A seal is used once.")
        yield Refusal("effects.seal_used", text, "Minnesota Protocol", field="packet")


def why_not_sign(*, signed: bool, own: bool) -> Refusal | None:
    """Say why this person cannot be the second who signs a list of effects."""
    if signed:
        return Refusal("effects.signed", _("Two people have signed this already."))
    if own:
        text = _("A second person must sign this.")
        return Refusal("effects.own", text, "GC I 15, 16")
    return None


# The examination, by the groups of INTERPOL's pink form and the ICRC's minimum set.


@dataclass(frozen=True)
class Group:
    """Fields that belong together; what is not known stays empty, what was looked for says so."""

    name: str
    words: object
    fields: Mapping[str, object]


GROUPS: tuple[Group, ...] = (
    Group(
        "state",
        _("State of the remains"),
        {
            "condition": _("Complete, burnt, decomposed, skeletal; which parts are there"),
            "died": _("When death probably came"),
            "cause": _("Wounds, and the cause of death if it can be seen"),
        },
    ),
    Group(
        "physical",
        _("Physical description"),
        {
            "sex": _("Sex, and what shows it"),
            "age": _("Age: from, to, and by what"),
            "height": _("Height in centimetres, and how measured"),
            "build": _("Build"),
            "hair": _("Hair: colour, length, baldness"),
            "beard": _("Beard and moustache"),
            "eyes": _("Eyes"),
            "marks": _("Scars, moles, tattoos: where, how large, what they show"),
            "hands": _("Hands: state of the fingers, prints taken or why not"),
        },
    ),
    Group(
        "clothing",
        _("Clothing and what is worn"),
        {
            "outer": _("Outer clothing, from the head down: kind, colour, size, label"),
            "under": _("Underclothing"),
            "shoes": _("Shoes: kind, size"),
            "worn": _("Watch, rings, chains, tags: as they are worn"),
        },
    ),
    Group(
        "medical",
        _("Medical"),
        {
            "operations": _("Traces of operations, scars of them"),
            "implants": _("Implants, plates, prostheses: kind, place, serial number"),
            "fractures": _("Old fractures and diseases of bones"),
            "inside": _("Organs, if a full examination was made"),
        },
    ),
    Group(
        "teeth",
        _("Teeth"),
        {
            "bite": _("Bite, wear, colour, gums"),
            "dentures": _("Dentures and bridges: material, marks"),
        },
    ),
)
FIELDS = frozenset(name for group in GROUPS for name in group.fields)


def why_not_keep_examination(
    said: Mapping[str, str], teeth: Mapping[int, Tooth], *, version: int, reason: str
) -> Iterator[Refusal]:
    """Say why this examination cannot be kept. A later one supersedes and says why."""
    if not any(text.strip() for text in said.values()) and not teeth:
        text = _("Write at least what state they are in.")
        yield Refusal("examination.empty", text, "GC I 17", field="condition")
    if version > 1 and not reason.strip():
        yield Refusal("examination.no_reason", _("Give your reason."), field="reason")


def pieces_of(kept: Iterable[Mapping[str, object]] | None) -> list[Piece]:
    """A kept list of effects; nothing once its key is destroyed."""
    return [Piece(str(one["what"]), int(str(one["pieces"]))) for one in kept or ()]
