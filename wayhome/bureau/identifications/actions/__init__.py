"""What the bureau does to give the dead their names."""

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
    "see_to_numbers",
    "sign",
    "weigh",
    "why_not_present_now",
    "why_not_sign_now",
]
