"""What the bureau does with a captive's card, custody, health and protection."""

from wayhome.bureau.captives.actions.custody import (
    DutyDone,
    Happening,
    find_or_make_place,
    note_duty,
    note_own_card,
    note_told_rights,
    record_custody_event,
)
from wayhome.bureau.captives.actions.files import drop_file, start_import, stop_import
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
from wayhome.bureau.captives.actions.same_man import judge_same_man, propose_same_men

__all__ = [
    "Captured",
    "DutyDone",
    "Happening",
    "NewCaptive",
    "Received",
    "ask_to_lift",
    "correct_card",
    "drop_file",
    "faults_of",
    "find_or_make_place",
    "judge_same_man",
    "lift_harm_flag",
    "note_duty",
    "note_health",
    "note_own_card",
    "note_told_rights",
    "propose_same_men",
    "record_custody_event",
    "register_captive",
    "set_harm_flag",
    "start_import",
    "stop_import",
    "take_back_harm_flags",
    "unsaved_captive",
    "why_not_now",
]
