"""A grave is opened: on whose order, for what, by which two people (AP I 34)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal


class Why(StrEnum):
    """AP I 34(4) knows no other: the way home, or public necessity."""

    HOME = "home"
    IDENTITY = "identity"
    NECESSITY = "necessity"


WHY_NAMES = {
    Why.HOME: _("they go home, on request of their country or of their kin"),
    Why.IDENTITY: _("they must be examined to find out who they are or how they died"),
    Why.NECESSITY: _("overriding public necessity"),
}
# Where they do not go home, their country is told before, and where they are buried again.
COUNTRY_IS_TOLD = frozenset({Why.IDENTITY, Why.NECESSITY})


@dataclass(frozen=True)
class Opened:
    """What is written of it: by whose order, who was there, how seal and remains looked."""

    ground: Why
    order: str
    present: str
    seal: str
    condition: str
    at: datetime
    told_on: date | None = None  # when their country was told
    again_at: str = ""  # where they are buried again

    def as_kept(self) -> dict[str, str]:
        told = {"order": self.order, "present": self.present, "condition": self.condition,
                "again_at": self.again_at}  # fmt: skip
        return {name: text.strip() for name, text in told.items() if text.strip()}


def why_not_open(opened: Opened, *, buried_at: datetime | None, now: datetime) -> Iterator[Refusal]:
    """Say why this grave cannot be opened."""
    if buried_at is None:
        yield Refusal("opening.not_buried", _("They are not buried."))
    elif opened.at < buried_at:
        text = _("This is earlier than the burial.")
        yield Refusal("opening.before_burial", text, field="on")
    if opened.at > now:
        yield Refusal("opening.future", _("This is in the future."), field="on")
    if not opened.order.strip():
        text = _("Write on whose order: office, number and day.")
        yield Refusal("opening.no_order", text, "AP I 34", field="order")
    if opened.ground in COUNTRY_IS_TOLD:
        yield from _why_not_told(opened)
    if not opened.present.strip():
        text = _("Write who was there: who dug, who examined.")
        yield Refusal("opening.nobody", text, "Minnesota Protocol", field="present")
    if not opened.condition.strip():
        text = _("Write how grave, bag and seal look.")
        yield Refusal("opening.no_condition", text, "Minnesota Protocol", field="condition")


def _why_not_told(opened: Opened) -> Iterator[Refusal]:
    if opened.told_on is None or opened.told_on > localdate(opened.at):
        text = _("Their country is told before. Write on which day it was.")
        yield Refusal("opening.not_told", text, "AP I 34", field="told_on")
    if not opened.again_at.strip():
        text = _("Write where they are buried again: their country is told that too.")
        yield Refusal("opening.no_place", text, "AP I 34", field="again_at")


def why_not_sign(*, signed: bool, own: bool) -> Refusal | None:
    """Say why this person cannot be the second who signs for an opened grave."""
    if signed:
        return Refusal("opening.signed", _("Two people have signed this already."))
    if own:
        text = _("A second person who was there must sign this.")
        return Refusal("opening.own", text, "Minnesota Protocol")
    return None
