"""The dead, and what is kept of them."""

from wayhome.bureau.remains.models.findings import (
    EffectsList,
    Examination,
    NoSample,
    Photograph,
    Sample,
)
from wayhome.bureau.remains.models.places import Burial, Opening, Plot, Stay, Store
from wayhome.bureau.remains.models.register import (
    BagLine,
    Change,
    Intake,
    PartLink,
    Recovery,
    Remains,
    RemainsQuerySet,
    Seal,
)

__all__ = [
    "BagLine",
    "Burial",
    "Change",
    "EffectsList",
    "Examination",
    "Intake",
    "NoSample",
    "Opening",
    "PartLink",
    "Photograph",
    "Plot",
    "Recovery",
    "Remains",
    "RemainsQuerySet",
    "Sample",
    "Seal",
    "Stay",
    "Store",
]
