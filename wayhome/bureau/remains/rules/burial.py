"""Where they lie: cold places, graves on a plot; and what must be done before anybody is buried."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.remains.rules.register import why_not_coordinates
from wayhome.lib.refusal import Refusal

MOST_ROWS, MOST_IN_ROW = 60, 60


class StoreKind(StrEnum):
    COLD = "cold"
    FROZEN = "frozen"
    DRY = "dry"


STORE_NAMES = {
    StoreKind.COLD: _("cooled"),
    StoreKind.FROZEN: _("frozen"),
    StoreKind.DRY: _("dry, for bones"),
}


def why_not_open_store(*, name: str, taken: bool) -> Refusal | None:
    """Say why no store of this name can be opened."""
    if not name.strip():
        return Refusal("store.no_name", _("Write the name."), field="name")
    if taken:
        return Refusal("store.taken", _("There is one of this name already."), field="name")
    return None


def why_not_put(*, holds: bool, buried: bool, own_site: bool) -> Refusal | None:
    """Say why these remains cannot be put into this store."""
    if buried:
        return Refusal("store.buried", _("They are buried."))
    if not holds:
        text = _("Somebody else has them. Only who has them can put them somewhere.")
        return Refusal("store.not_yours", text, "Minnesota Protocol")
    if not own_site:
        return Refusal("store.another_site", _("This store is of another site."), field="store")
    return None


def why_not_lay_out(
    *, name: str, taken: bool, rows: int, in_row: int, latitude: str, longitude: str
) -> Iterator[Refusal]:
    """Say why this plot cannot be laid out."""
    if not name.strip():
        yield Refusal("plot.no_name", _("Write the name."), field="name")
    elif taken:
        text = _("There is one of this name already.")
        yield Refusal("plot.taken", text, field="name")
    if not (1 <= rows <= MOST_ROWS and 1 <= in_row <= MOST_IN_ROW):
        text = _("A plot has 1 to 60 rows of 1 to 60 graves.")
        yield Refusal("plot.size", text, field="rows")
    if not latitude and not longitude:
        text = _("Write the coordinates of the plot: graves are found again by them.")
        yield Refusal("plot.no_place", text, "GC I 17", field="latitude")
    elif refusal := why_not_coordinates(latitude, longitude):
        yield refusal


@dataclass(frozen=True)
class Minimum:
    """What was done of the minimum set before a burial."""

    photographed: bool
    effects_signed: bool
    sampled: bool  # or noted, with its reason, that it is impossible
    located: bool  # the grave has coordinates
    examined: bool
    waits: bool = False  # a change of hands for its second signature
    buried: bool = False
    needed: bool = False  # by an enquiry outside the camp, until a physician has spoken


def why_not_bury(minimum: Minimum) -> Iterator[Refusal]:
    """Say what is missing before these remains may be buried, each with its article."""
    if minimum.buried:
        yield Refusal("burial.buried", _("They are buried."), "AP I 34")
        return
    if not minimum.examined:
        text = _("No examination has confirmed death and described the remains.")
        yield Refusal("burial.no_examination", text, "GC I 17")
    if not minimum.photographed:
        text = _("They are not photographed.")
        yield Refusal("burial.no_photograph", text, "Customary rule 116")
    if not minimum.effects_signed:
        text = _("Their effects are not listed and signed by two people.")
        yield Refusal("burial.no_effects", text, "GC I 16")
    if not minimum.sampled:
        text = _("No sample is taken, and no reason is noted why none can be.")
        yield Refusal("burial.no_sample", text, "Customary rule 116")
    if not minimum.located:
        text = _("The grave has no coordinates.")
        yield Refusal("burial.no_coordinates", text, "GC I 17")
    if minimum.waits:
        text = _("A change of hands waits for the second signature.")
        yield Refusal("burial.waits", text, "Minnesota Protocol")
    if minimum.needed:
        text = _("The enquiry outside the camp waits for a physician's statement on the body.")
        yield Refusal("burial.needed", text, "GC III 121")


def why_not_this_grave(
    *, row: int, number: int, rows: int, in_row: int, taken: bool, buried_at: datetime,
    now: datetime,
) -> Iterator[Refusal]:  # fmt: skip
    """Say why this grave cannot be theirs: each lies alone (GC I 17)."""
    if not (1 <= row <= rows and 1 <= number <= in_row):
        yield Refusal("burial.no_such_grave", _("The plot has no such grave."), field="row")
    elif taken:
        text = _("Somebody lies in this grave.")
        yield Refusal("burial.taken", text, "GC I 17", field="row")
    if buried_at > now:
        yield Refusal("burial.future", _("This is in the future."), field="buried_on")
