"""What the bureau does with a captive's card, custody, health and protection."""

from wayhome.bureau.captives.actions.custody import (
    DutyDone,
    Happening,
    find_or_make_place,
    note_duty,
    record_custody_event,
)
from wayhome.bureau.captives.actions.harm import (
    ask_to_lift,
    lift_harm_flag,
    set_harm_flag,
    take_back_harm_flags,
    why_not_now,
)
from wayhome.bureau.captives.actions.health import note_health
from wayhome.bureau.captives.actions.registering import (
    Captured,
    NewCaptive,
    Received,
    correct_card,
    faults_of,
    register_captive,
    unsaved_captive,
)

__all__ = [
    "Captured",
    "DutyDone",
    "Happening",
    "NewCaptive",
    "Received",
    "ask_to_lift",
    "correct_card",
    "faults_of",
    "find_or_make_place",
    "lift_harm_flag",
    "note_duty",
    "note_health",
    "record_custody_event",
    "register_captive",
    "set_harm_flag",
    "take_back_harm_flags",
    "unsaved_captive",
    "why_not_now",
]
