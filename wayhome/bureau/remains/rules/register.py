"""What is registered of the dead, how they were found, and which parts may be one body's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.lib.dates import PartialDate
from wayhome.lib.refusal import Refusal

LONGEST_BAG = 40


def choices(kinds: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


class RemainsKind(StrEnum):
    UNKNOWN = "unknown"  # nobody has opened the bag yet
    WHOLE = "whole"
    PART = "part"
    PARTS = "parts"  # perhaps of several people


PARTIAL = (RemainsKind.PART, RemainsKind.PARTS)
KIND_NAMES = {
    RemainsKind.UNKNOWN: _("not known yet"),
    RemainsKind.WHOLE: _("whole body"),
    RemainsKind.PART: _("part of a body"),
    RemainsKind.PARTS: _("parts, perhaps of several people"),
}


class State(StrEnum):
    """Where they are on their way; it follows from what was recorded."""

    KEPT = "kept"
    BURIED = "buried"
    HOME = "home"  # a consignment was received, with its receipt


STATE_NAMES = {
    State.KEPT: _("in keeping"),
    State.BURIED: _("buried"),
    State.HOME: _("gone home"),
}


@dataclass(frozen=True)
class Found:
    """How they were found; only what is visible: no pocket is emptied, no phone unlocked."""

    on: str = ""  # EDTF
    scene: str = ""
    grid: str = ""  # of a map, as it was read
    latitude: str = ""
    longitude: str = ""
    team: str = ""
    how: str = ""
    visible: str = ""

    def as_kept(self) -> dict[str, str]:
        return {name: text.strip() for name, text in vars(self).items() if text.strip()}


def why_not_coordinates(latitude: str, longitude: str) -> Refusal | None:
    """Say why these are no place on Earth. Both or neither; in degrees, with a point."""
    if bool(latitude) != bool(longitude):
        text = _("Write both coordinates, or neither.")
        return Refusal("remains.half_a_place", text, field="longitude" if latitude else "latitude")
    if not latitude:
        return None
    for words, most, field in ((latitude, 90, "latitude"), (longitude, 180, "longitude")):
        try:
            degrees = float(words)
        except ValueError:
            degrees = float("nan")
        if not -most <= degrees <= most:
            text = _("Write degrees with a point, such as 48.5132.")
            return Refusal("remains.coordinates", text, field=field)
    return None


def faults_of_recovery(found: Found, *, today: date) -> Iterator[Refusal]:
    """Say what cannot be so in how they were found; each at its field."""
    first = PartialDate(found.on).earliest() if found.on else None
    if first and first > today:
        yield Refusal("remains.future", _("This is in the future."), field="on")
    if not found.scene.strip() and not found.grid.strip() and not found.latitude:
        text = _("Write the place, its grid or its coordinates.")
        yield Refusal("remains.no_scene", text, "GC I 16", field="scene")
    if refusal := why_not_coordinates(found.latitude, found.longitude):
        yield refusal


def why_not_correct_recovery(*, version: int, reason: str) -> Refusal | None:
    """Say why what was written of the recovery cannot be superseded."""
    if version > 1 and not reason.strip():
        return Refusal("remains.no_reason", _("Give your reason."), field="reason")
    return None


# Parts of one body are linked, never merged: each keeps its number, its chain and its samples.


@dataclass(frozen=True)
class Pair:
    """Two remains that somebody calls parts of one body, as far as the rule asks."""

    same: bool
    linked: bool
    kinds: frozenset[RemainsKind]


def why_not_link(pair: Pair, *, grounds: str) -> Refusal | None:
    """Say why these two cannot be called parts of one body."""
    if pair.same:
        return Refusal("remains.itself", _("This is the same number."), field="number")
    if pair.linked:
        return Refusal("remains.linked", _("These two are linked already."), field="number")
    if pair.kinds == {RemainsKind.WHOLE}:
        text = _("Two whole bodies are not parts of one.")
        return Refusal("remains.two_wholes", text, field="number")
    if not grounds.strip():
        return Refusal("remains.no_grounds", _("Write what speaks for it."), field="grounds")
    return None


def why_not_unlink(*, standing: bool, reason: str) -> Refusal | None:
    """Say why a link of two parts cannot be taken back."""
    if not standing:
        return Refusal("remains.unlinked", _("This link was taken back already."))
    if not reason.strip():
        return Refusal("remains.no_reason", _("Give your reason."), field="reason")
    return None
