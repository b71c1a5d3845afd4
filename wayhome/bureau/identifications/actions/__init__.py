"""What the bureau does to give the dead their names."""

from wayhome.bureau.identifications.actions.contradicting import (
    see_to_link,
    see_to_match,
    see_to_parts,
)
from wayhome.bureau.identifications.actions.deciding import (
    doubt,
    present,
    see_to_kind,
    see_to_numbers,
    sign,
    why_not_present_now,
    why_not_sign_now,
)
from wayhome.bureau.identifications.actions.weighing import (
    open_between,
    open_for_captive,
    open_identification,
    weigh,
)

__all__ = [
    "doubt",
    "open_between",
    "open_for_captive",
    "open_identification",
    "present",
    "see_to_kind",
    "see_to_link",
    "see_to_match",
    "see_to_numbers",
    "see_to_parts",
    "sign",
    "weigh",
    "why_not_present_now",
    "why_not_sign_now",
]
