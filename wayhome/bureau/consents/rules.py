"""What a captive may allow, and when an answer of his counts."""

from enum import StrEnum


class Kind(StrEnum):
    """What he is asked, each separately and to a named person."""

    LIVES = "that I live"
    HOW_I_AM = "how I am"
    LETTERS = "letters"
    CALLS = "calls"
    GO_HOME = "go home"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_NOW = "not now"


class Fear(StrEnum):
    YES = "yes"
    UNSURE = "unsure"
    NO = "no"


class Danger(StrEnum):
    """The legal officer's assessment of the danger of return."""

    NONE_KNOWN = "no danger known"
    SUBSTANTIAL = "substantial grounds"
    MORE_NEEDED = "more to find out"


# Yes to these opens disclosure, call, travel or handover: given or repeated before a neutral (P7).
NEEDS_NEUTRAL = frozenset(Kind)
