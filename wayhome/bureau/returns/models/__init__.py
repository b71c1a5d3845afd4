"""Applications to go home, boards and their decisions; on what roads rest; programmes."""

from wayhome.bureau.returns.models.applications import (
    Application,
    ApplicationQuerySet,
    Appointment,
    DayTold,
)
from wayhome.bureau.returns.models.boards import Board, Seat
from wayhome.bureau.returns.models.grounds import READS_ROADS, Finding, Ground
from wayhome.bureau.returns.models.guarantees import Guarantee
from wayhome.bureau.returns.models.programmes import PrintedCode, Programme, What

__all__ = [
    "READS_ROADS",
    "Application",
    "ApplicationQuerySet",
    "Appointment",
    "Board",
    "DayTold",
    "Finding",
    "Ground",
    "Guarantee",
    "PrintedCode",
    "Programme",
    "Seat",
    "What",
]
