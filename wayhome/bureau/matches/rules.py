"""How people judge what the machine proposes."""

from enum import StrEnum


class Verdict(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    UNDECIDED = "undecided"
    ONE_OF_TWO = "one of these two"


class CandidateState(StrEnum):
    PROPOSED = "proposed"
    HALF_JUDGED = "half judged"  # one verdict given, unseen by the second officer
    DISAGREED = "disagreed"  # waits for a new fact
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    UNDECIDED = "undecided"
    GONE = "gone"  # the evidence changed and the machine no longer proposes it


VERDICTS_TO_CONFIRM = 2  # people, blind to each other (docs/decisions)
ASK_WITHIN_HOURS = 72  # of a confirmed match he is asked
