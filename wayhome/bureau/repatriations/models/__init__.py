"""The way home of the dead, and what is kept of it."""

from wayhome.bureau.repatriations.models.consignments import (
    Consignment,
    Count,
    Discrepancy,
    Leg,
    Piece,
    Receipt,
)
from wayhome.bureau.repatriations.models.offers import Offer, OfferLine
from wayhome.bureau.repatriations.models.requests import ReturnRequest

__all__ = [
    "Consignment",
    "Count",
    "Discrepancy",
    "Leg",
    "Offer",
    "OfferLine",
    "Piece",
    "Receipt",
    "ReturnRequest",
]
