"""What may be done with a call and what follows: states, reasons, times, minutes.

A call is asked for by one side, offered times, agreed by both, opened by the supervisor, ended.
Where it stands and what her page shows are two things: she learns of an end or a cancellation after
a delay drawn by lot and without a reason, and nothing while a person must speak with her first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal

MINUTES = (10, 15, 20, 30)  # that a call may be given; ours
USUAL_MINUTES = 15
OPENS_BEFORE = timedelta(minutes=15)  # the way into the waiting room
LATE_AT_MOST = timedelta(minutes=30)  # after its beginning nobody comes in for the first time
LONGER_AT_MOST = timedelta(minutes=30)  # that dropped lines may make a call longer
ALIVE_FOR = timedelta(seconds=15)  # a connection that is silent for longer is gone
ALONE_AT_MOST = timedelta(seconds=60)  # that an open call is accompanied by nobody
GIVEN_BACK_FROM = 120  # seconds left of a line that was lost for good: below, no new call
ANSWERED_BEFORE = timedelta(hours=12)  # an offered time nearer than this is not chosen any more
REMINDED_BEFORE = timedelta(hours=24)
LOOKED_INTO_WITHIN = timedelta(hours=24)  # a worry, by neutral or auditor (AP I 75; ours)
ASKED_AGAIN_FOR = timedelta(days=14)  # after a call each side is asked how it was, so long


class Side(StrEnum):
    """Who asked for it, or answers how it was."""

    FAMILY = "family"
    CAPTIVE = "captive"


class PartyKind(StrEnum):
    FAMILY = "family"
    CAPTIVE = "captive"
    SUPERVISOR = "supervisor"
    INTERPRETER = "interpreter"


PARTY_NAMES = {
    PartyKind.FAMILY: _("family"),
    PartyKind.CAPTIVE: _("captive"),
    PartyKind.SUPERVISOR: _("supervisor"),
    PartyKind.INTERPRETER: _("interpreter"),
}
STAFF_KINDS = frozenset({PartyKind.SUPERVISOR, PartyKind.INTERPRETER})
TALKING = frozenset({PartyKind.FAMILY, PartyKind.CAPTIVE})  # while both are in, minutes run


class CallState(StrEnum):
    ASKED = "asked"  # kept, until a match stands and he allows calls; then times are sought
    OFFERED = "offered"
    AGREED = "agreed"
    OPEN = "open"
    ENDED = "ended"
    CANCELLED = "cancelled"


STATE_NAMES = {
    CallState.ASKED: _("asked for"),
    CallState.OFFERED: _("times offered"),
    CallState.AGREED: _("agreed"),
    CallState.OPEN: _("open"),
    CallState.ENDED: _("ended"),
    CallState.CANCELLED: _("cancelled"),
}
# What may follow what. It is asked for again when none of the times suits, or one side cannot come.
MAY_FOLLOW: dict[CallState, frozenset[CallState]] = {
    CallState.ASKED: frozenset({CallState.OFFERED, CallState.CANCELLED}),
    CallState.OFFERED: frozenset({CallState.ASKED, CallState.AGREED, CallState.CANCELLED}),
    CallState.AGREED: frozenset({CallState.ASKED, CallState.OPEN, CallState.CANCELLED}),
    CallState.OPEN: frozenset({CallState.ENDED}),
    CallState.ENDED: frozenset(),
    CallState.CANCELLED: frozenset(),
}
TO_COME = frozenset({CallState.ASKED, CallState.OFFERED, CallState.AGREED})
LIVE = TO_COME | {CallState.OPEN}
OVER = frozenset({CallState.ENDED, CallState.CANCELLED})


class Reason(StrEnum):
    """The closed list of why a call was ended, cancelled or a voice muted. Nothing of content."""

    FAMILY_ENDED = "family ended"
    CAPTIVE_ENDED = "captive ended"
    TIME_OVER = "time over"
    PLACE = "place"
    MILITARY = "military"
    THREAT = "threat"
    DISTRESS = "distress"
    ALARM = "alarm"
    FILMING = "filming"
    OTHER_PERSON = "other person"
    SUPERVISOR_ENDED = "supervisor ended"
    NOT_ALLOWED = "not allowed"
    STATE = "state"
    RETURNED = "returned"
    PROTECTION = "protection"
    NO_MATCH = "no match"
    FORGOTTEN = "forgotten"
    EXTRA_CONNECTION = "extra connection"
    LINE_LOST = "line lost"
    NOBODY_CAME = "nobody came"
    SITE_CANNOT = "site cannot"
    FAMILY_CANNOT = "family cannot"
    CAPTIVE_CANNOT = "captive cannot"


REASON_NAMES = {
    Reason.FAMILY_ENDED: _("The family ended it."),
    Reason.CAPTIVE_ENDED: _("The captive ended it."),
    Reason.TIME_OVER: _("The time was over."),
    Reason.PLACE: _("A place where somebody is held was told or seen."),
    Reason.MILITARY: _("Forces, weapons or movements were told of."),
    Reason.THREAT: _("Somebody was threatened."),
    Reason.DISTRESS: _("One of the two was not well."),
    Reason.ALARM: _("There was an air-raid warning or another danger."),
    Reason.FILMING: _("The picture was being filmed or passed on."),
    Reason.OTHER_PERSON: _("Somebody else took the place of the family or the captive."),
    Reason.SUPERVISOR_ENDED: _("Both had said farewell."),
    Reason.NOT_ALLOWED: _("He does not allow calls any more."),
    Reason.STATE: _("His state changed."),
    Reason.RETURNED: _("He came home."),
    Reason.PROTECTION: _("Stopped to protect him or his family."),
    Reason.NO_MATCH: _("The match does not stand any more."),
    Reason.FORGOTTEN: _("The enquiry was forgotten."),
    Reason.EXTRA_CONNECTION: _("One connection more than there are persons came in."),
    Reason.LINE_LOST: _("The line was lost and did not come back."),
    Reason.NOBODY_CAME: _("One of the two did not come."),
    Reason.SITE_CANNOT: _("It is not possible on that day."),
    Reason.FAMILY_CANNOT: _("The family cannot come."),
    Reason.CAPTIVE_CANNOT: _("The captive does not want it, or cannot come."),
}
# What a supervisor may choose from, to mute, to end, to cancel.
TO_MUTE = (Reason.PLACE, Reason.MILITARY, Reason.THREAT, Reason.DISTRESS, Reason.ALARM)
TO_END = (
    Reason.SUPERVISOR_ENDED,
    *TO_MUTE,
    Reason.FILMING,
    Reason.OTHER_PERSON,
    Reason.LINE_LOST,
    Reason.NOBODY_CAME,
)
TO_CANCEL = (Reason.SITE_CANNOT, Reason.ALARM, Reason.NOBODY_CAME)
# What the bureau stops a call for by itself, in the transaction of what happened.
BY_ITSELF = frozenset(
    {
        Reason.NOT_ALLOWED,
        Reason.STATE,
        Reason.RETURNED,
        Reason.PROTECTION,
        Reason.NO_MATCH,
        Reason.FORGOTTEN,
    }
)
# Nobody's doing: what is left of the minutes is given back as a new call.
GIVEN_BACK = frozenset({Reason.LINE_LOST, Reason.ALARM})
# Of these no machine tells a family anything: a person speaks with her first (P20).
FREEZING = frozenset({Reason.STATE, Reason.NO_MATCH})


class EventOfCall(StrEnum):
    """What happened in a call. Nothing of content has a place."""

    OPENED = "opened"
    ENTERED = "entered"
    ADMITTED = "admitted"
    CONNECTED = "connected"
    DROPPED = "dropped"
    BY_TELEPHONE = "by telephone"
    MUTED = "muted"
    UNMUTED = "unmuted"
    LEFT = "left"
    OVER = "over"


class How(StrEnum):
    """How it was, each side asked apart. Nobody must answer."""

    GOOD = "good"
    MIXED = "mixed"
    HARD = "hard"
    NOT_SAID = "not said"


HOW_NAMES = {
    How.GOOD: _("It was good to talk"),
    How.MIXED: _("Some of it was good, some was hard"),
    How.HARD: _("It was hard"),
    How.NOT_SAID: _("I do not want to say"),
}


@dataclass(frozen=True)
class Calling:
    """What a call of these two rests on, at this moment."""

    against: tuple[Refusal, ...]  # what stands against telling her that he allows calls (P3)
    told: bool  # a person has told her of him (P6)
    frozen: bool  # a person must speak with her first (P20)
    his_no: bool  # to this very call


def why_not_call(facts: Calling) -> list[Refusal]:
    """Every reason why these two cannot be brought together now; an empty list permits it."""
    refusals = list(facts.against)
    if not facts.told:
        refusals.append(Refusal("call.not_told", _("No person has told the family of him yet.")))
    if facts.frozen:
        refusals.append(
            Refusal("call.frozen", _("Something changed. A person speaks with the family first."))
        )
    if facts.his_no:
        refusals.append(Refusal("call.his_no", _("He has not said yes to this call.")))
    return refusals


NOT_AT_THAT_STAGE = Refusal("call.state", _("This call is not at that stage any more."))


def why_not_move(now: CallState, then: CallState) -> Refusal | None:
    """Say why a call cannot go from one state to another, or None if it can."""
    return None if then in MAY_FOLLOW[now] else NOT_AT_THAT_STAGE


def why_not_ask(*, one_is_asked: bool) -> Refusal | None:
    """One call at a time for two people: the next is asked for when this one is over."""
    if one_is_asked:
        return Refusal("call.asked", _("You have asked for a call already."))
    return None


def why_not_yes(*, neutral: bool) -> Refusal | None:
    """His yes to this very call is given before a neutral (P7); a no needs nobody."""
    if not neutral:
        return Refusal(
            "call.yes_before_neutral",
            _("A yes can be given only when a neutral person is with you."),
            field="answer",
        )
    return None


def why_not_choose(*, still_offered: bool, starts_at: datetime | None, now: datetime) -> (
    Refusal | None
):  # fmt: skip
    """Say why this time cannot be chosen any more, or None if it can."""
    if not still_offered or starts_at is None or starts_at < now + ANSWERED_BEFORE:
        return Refusal(
            "call.time_gone", _("This time is not free any more. Please choose another one."),
            field="time",
        )  # fmt: skip
    return None


def why_not_open(*, supervisor: bool, starts_at: datetime | None, now: datetime) -> Refusal | None:
    """A call opens with a supervisor whom everybody sees, in its own time."""
    if not supervisor:
        return Refusal("call.no_supervisor", _("Nobody is assigned to accompany this call."))
    if not in_window(starts_at, now):
        return Refusal("call.not_now", _("This is not the time of this call."))
    return None


def why_not_reason(reason: str, among: Sequence[Reason]) -> Refusal | None:
    """A reason is of the closed list, or it is none."""
    if reason not in set(among):
        return Refusal("call.reason", _("Please choose the reason."), field="reason")
    return None


def in_window(starts_at: datetime | None, now: datetime) -> bool:
    """Whether the way into the waiting room is open."""
    if starts_at is None:
        return False
    return starts_at - OPENS_BEFORE <= now <= starts_at + LATE_AT_MOST


def is_way_open(state: str, starts_at: datetime | None, now: datetime) -> bool:
    """Whether those of a call in this state are shown the way in: while it is open, at any time."""
    return state == CallState.OPEN or (state == CallState.AGREED and in_window(starts_at, now))


LINK_USED = Refusal("call.link_used", _("This way in was used already. Open your page again."))
TWO_TABS = Refusal("call.two_tabs", _("The call is open in another window. Please close it."))


@dataclass(frozen=True)
class Entering:
    """What is known when somebody comes with a link of their own."""

    used: bool
    starts_at: datetime | None
    state: CallState
    came_before: bool  # this side was in already, and the line may have dropped


def why_not_enter(facts: Entering, now: datetime) -> Refusal | None:
    """A link works once, in its window of time. Each refusal is plain."""
    if facts.used:
        return LINK_USED
    if facts.state not in (CallState.AGREED, CallState.OPEN):
        return Refusal("call.over", _("This call is not possible at present."))
    back = facts.came_before and facts.state == CallState.OPEN
    if not back and not in_window(facts.starts_at, now):
        return Refusal("call.not_now", _("The way in opens 15 minutes before the call begins."))
    return None


def why_not_connect(*, same_device: bool, another_is_alive: bool) -> Refusal | None:
    """One connection a person: a second tab or tablet is refused, the first goes on."""
    if another_is_alive:
        return TWO_TABS
    if not same_device:
        return Refusal("call.device", _("The call was entered on another device."))
    return None


def seconds_left(minutes: int, used: float, running_since: datetime | None, now: datetime) -> int:
    """What is left of the minutes. They run only while both are in: what dropped is given back."""
    running = (now - running_since).total_seconds() if running_since else 0.0
    return max(0, round(minutes * 60 - used - max(0.0, running)))


def is_over(*, left: int, minutes: int, opened_at: datetime, now: datetime) -> bool:
    """Whether an open call must end: its minutes are used, or it has been open for too long."""
    longest = OPENS_BEFORE + timedelta(minutes=minutes) + LATE_AT_MOST + LONGER_AT_MOST
    return left == 0 or now >= opened_at + longest


def learns_at(reason: Reason, *, was_open: bool, now: datetime, lot: Random) -> datetime | None:
    """When her page may show that it ended or was cancelled; None until a person has spoken.

    By lot, so that the moment tells nothing: seconds after an open call, as if a line dropped,
    and up to two hours otherwise. What she did herself she knows at once.
    """
    if reason in FREEZING:
        return None
    if reason == Reason.FAMILY_ENDED:
        return now
    seconds = lot.uniform(5, 25) if was_open else lot.uniform(10 * 60, 120 * 60)
    return now + timedelta(seconds=seconds)


def why_not_note_spoken(*, frozen: bool, spoken: bool) -> Refusal | None:
    """It is noted once that a person has spoken with her, and only where that is owed (P20)."""
    if not frozen or spoken:
        return Refusal("call.not_frozen", _("Nothing waits for a talk here."))
    return None


ANSWERED = Refusal("call.answered", _("You have answered already. Thank you."))


def why_not_answer_after(*, over: bool, talked: bool, answered: bool) -> Refusal | None:
    """How it was is asked once of each side, after a call in which they were together."""
    if not over or not talked:
        return Refusal("call.not_over", _("This question is not asked now."))
    if answered:
        return ANSWERED
    return None
