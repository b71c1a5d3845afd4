"""What the bureau does with the dead."""

from wayhome.bureau.remains.actions.custody import (
    Seen,
    hand_outside,
    hand_over,
    hand_over_many,
    put_seal_on,
    take,
    take_back,
    take_many,
    take_over,
)
from wayhome.bureau.remains.actions.intake import (
    Lorry,
    close_intake,
    count,
    open_intake,
    take_in,
)
from wayhome.bureau.remains.actions.registering import (
    FirstHands,
    link_parts,
    note_recovery,
    register_remains,
    say_kind,
    take_over_from_captives,
    unlink_parts,
)

__all__ = [
    "FirstHands",
    "Lorry",
    "Seen",
    "close_intake",
    "count",
    "hand_outside",
    "hand_over",
    "hand_over_many",
    "link_parts",
    "note_recovery",
    "open_intake",
    "put_seal_on",
    "register_remains",
    "say_kind",
    "take",
    "take_back",
    "take_in",
    "take_many",
    "take_over",
    "take_over_from_captives",
    "unlink_parts",
]
