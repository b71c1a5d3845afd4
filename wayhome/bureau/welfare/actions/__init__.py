"""What is done for the men who are held, each written down when it is done."""

from wayhome.bureau.welfare.actions.day_book import (
    held_at,
    keep_day,
    note_difference,
    take_back_difference,
)
from wayhome.bureau.welfare.actions.effects import (
    Held,
    Written,
    correct_entry,
    enter_effects,
    give_back_by_act,
    hand_receipt,
    held_by,
    held_for,
    held_for_man,
    lock_registers,
    read_receipts,
    sign_entry,
    why_not_close,
    with_balance,
)
from wayhome.bureau.welfare.actions.illness import (
    ask_certificate,
    call_recovered,
    call_seriously_ill,
    issue_certificate,
    note_week,
    open_illness,
)
from wayhome.bureau.welfare.actions.parcels import note_parcel, open_parcel

__all__ = [
    "Held",
    "Written",
    "ask_certificate",
    "call_recovered",
    "call_seriously_ill",
    "correct_entry",
    "enter_effects",
    "give_back_by_act",
    "hand_receipt",
    "held_at",
    "held_by",
    "held_for",
    "held_for_man",
    "issue_certificate",
    "keep_day",
    "lock_registers",
    "note_difference",
    "note_parcel",
    "note_week",
    "open_illness",
    "open_parcel",
    "read_receipts",
    "sign_entry",
    "take_back_difference",
    "why_not_close",
    "with_balance",
]
