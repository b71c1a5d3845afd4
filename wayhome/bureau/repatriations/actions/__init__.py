"""What the bureau does to bring the dead home."""

from wayhome.bureau.repatriations.actions.consigning import (
    add,
    open_consignment,
    receive,
    stop,
    take_off,
)
from wayhome.bureau.repatriations.actions.legs import (
    Ends,
    close_count,
    confirm,
    count,
    explain,
    open_leg,
    sign,
    tally_of,
)
from wayhome.bureau.repatriations.actions.offering import answer, send_offer, write_offer
from wayhome.bureau.repatriations.actions.requesting import (
    grant,
    note_home,
    refuse,
    take_request,
    why_not_grant_now,
)

__all__ = [
    "Ends",
    "add",
    "answer",
    "close_count",
    "confirm",
    "count",
    "explain",
    "grant",
    "note_home",
    "open_consignment",
    "open_leg",
    "receive",
    "refuse",
    "send_offer",
    "sign",
    "stop",
    "take_off",
    "take_request",
    "tally_of",
    "why_not_grant_now",
    "write_offer",
]
