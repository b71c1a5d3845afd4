"""Teeth by the two-digit notation (FDI, ISO 3950), and two charts held tooth by tooth.

The first digit is the quarter of the mouth as its owner has it (1 upper right, 2 upper left,
3 lower left, 4 lower right; 5 to 8 the same for milk teeth), the second counts from the middle.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal

UPPER = (*range(18, 10, -1), *range(21, 29))  # as one who faces the mouth sees them
LOWER = (*range(48, 40, -1), *range(31, 39))
UPPER_MILK = (*range(55, 50, -1), *range(61, 66))
LOWER_MILK = (*range(85, 80, -1), *range(71, 76))
ADULT = frozenset({*UPPER, *LOWER})
MILK = frozenset({*UPPER_MILK, *LOWER_MILK})


class Tooth(StrEnum):
    """How one tooth is; one of which nothing is known stands in no chart."""

    SOUND = "sound"
    DECAYED = "decayed"
    FILLED = "filled"
    ROOT_FILLED = "root filled"
    CROWN = "crown"
    ROOT_ONLY = "root only"
    LOST_IN_LIFE = "lost in life"
    BRIDGE = "bridge"
    IMPLANT = "implant"
    NOT_YET_THROUGH = "not yet through"
    LOST_AFTER_DEATH = "lost after death"


TOOTH_NAMES = {
    Tooth.SOUND: _("sound"),
    Tooth.DECAYED: _("decayed"),
    Tooth.FILLED: _("filled"),
    Tooth.ROOT_FILLED: _("root filled"),
    Tooth.CROWN: _("crown"),
    Tooth.ROOT_ONLY: _("only the root"),
    Tooth.LOST_IN_LIFE: _("lost in life"),
    Tooth.BRIDGE: _("part of a bridge, or replaced"),
    Tooth.IMPLANT: _("implant"),
    Tooth.NOT_YET_THROUGH: _("not yet through"),
    Tooth.LOST_AFTER_DEATH: _("lost after death"),
}
# What a tooth may be later, by nature and by dentists. Nothing that was drilled grows whole again,
# and no tooth that was lost comes back but as a bridge or an implant.
_LATER: dict[Tooth, frozenset[Tooth]] = {
    Tooth.NOT_YET_THROUGH: frozenset(Tooth) - {Tooth.LOST_AFTER_DEATH},
    Tooth.SOUND: frozenset(Tooth) - {Tooth.NOT_YET_THROUGH, Tooth.LOST_AFTER_DEATH},
    Tooth.DECAYED: frozenset(
        {Tooth.FILLED, Tooth.ROOT_FILLED, Tooth.CROWN, Tooth.ROOT_ONLY, Tooth.LOST_IN_LIFE,
         Tooth.BRIDGE, Tooth.IMPLANT}
    ),
    Tooth.FILLED: frozenset(
        {Tooth.DECAYED, Tooth.ROOT_FILLED, Tooth.CROWN, Tooth.ROOT_ONLY, Tooth.LOST_IN_LIFE,
         Tooth.BRIDGE, Tooth.IMPLANT}
    ),
    Tooth.ROOT_FILLED: frozenset(
        {Tooth.CROWN, Tooth.ROOT_ONLY, Tooth.LOST_IN_LIFE, Tooth.BRIDGE, Tooth.IMPLANT}
    ),
    Tooth.CROWN: frozenset({Tooth.ROOT_ONLY, Tooth.LOST_IN_LIFE, Tooth.BRIDGE, Tooth.IMPLANT}),
    Tooth.ROOT_ONLY: frozenset({Tooth.LOST_IN_LIFE, Tooth.BRIDGE, Tooth.IMPLANT, Tooth.CROWN}),
    Tooth.LOST_IN_LIFE: frozenset({Tooth.BRIDGE, Tooth.IMPLANT}),
    Tooth.BRIDGE: frozenset({Tooth.LOST_IN_LIFE, Tooth.IMPLANT}),
    Tooth.IMPLANT: frozenset({Tooth.LOST_IN_LIFE, Tooth.BRIDGE}),
    Tooth.LOST_AFTER_DEATH: frozenset(),
}  # fmt: skip


class Verdict(StrEnum):
    AGREES = "agrees"
    EXPLAINED = "explained"  # by the time between the two charts
    CONTRADICTS = "contradicts"
    SILENT = "silent"


VERDICT_NAMES = {
    Verdict.AGREES: _("agrees"),
    Verdict.EXPLAINED: _("explained by the time between"),
    Verdict.CONTRADICTS: _("contradicts"),
    Verdict.SILENT: _("says nothing"),
}


@dataclass(frozen=True)
class Compared:
    """One tooth in an earlier and a later chart."""

    number: int
    earlier: Tooth | None
    later: Tooth | None
    verdict: Verdict


def compare_tooth(earlier: Tooth | None, later: Tooth | None) -> Verdict:
    """How one tooth's later state stands to its earlier one.

    What is not known, or was lost after death, says nothing. Sound beside sound agrees, but says
    little: how much, a board weighs, not this rule.
    """
    if earlier is None or later is None or Tooth.LOST_AFTER_DEATH in (earlier, later):
        return Verdict.SILENT
    if earlier == later:
        return Verdict.AGREES
    return Verdict.EXPLAINED if later in _LATER[earlier] else Verdict.CONTRADICTS


def compare_charts(
    earlier: Mapping[int, Tooth], later: Mapping[int, Tooth]
) -> tuple[Compared, ...]:
    """Each tooth of either chart, in the order of a mouth; milk teeth stand by themselves."""
    numbers = [*UPPER, *LOWER, *UPPER_MILK, *LOWER_MILK]
    return tuple(
        Compared(n, earlier.get(n), later.get(n), compare_tooth(earlier.get(n), later.get(n)))
        for n in numbers
        if n in earlier or n in later
    )


def counted(compared: Iterable[Compared]) -> dict[Verdict, int]:
    """How many teeth fall to each verdict."""
    told = list(compared)
    return {verdict: sum(one.verdict == verdict for one in told) for verdict in Verdict}


_SPAN = re.compile(r"(\d\d)\s*[-–—]\s*(\d\d)|(\d\d)")
_OTHER = re.compile(r"[^\s,;.]")


def read_teeth(text: str) -> tuple[list[int], list[str]]:
    """The teeth that a line names, such as "11-18 36", and what in it is no tooth."""
    numbers: list[int] = []
    wrong = _OTHER.findall(_SPAN.sub("", text))
    for first, last, alone in _SPAN.findall(text):
        span = _span(int(first), int(last)) if first else [int(alone)]
        known = [number for number in span if number in ADULT | MILK]
        numbers += known
        if not known or len(known) < len(span):
            wrong.append(f"{first}-{last}" if first else alone)
    return numbers, wrong


def _span(first: int, last: int) -> list[int]:
    """From one tooth to another of the same quarter; of two quarters no span is told."""
    if first // 10 != last // 10:
        return []
    low, high = sorted((first, last))
    return list(range(low, high + 1))


def why_not_chart(named: Mapping[Tooth, str]) -> Iterator[Refusal]:
    """Say what is wrong in the lines of a chart: each tooth has one state, by its number."""
    seen: dict[int, Tooth] = {}
    for tooth, text in named.items():
        numbers, wrong = read_teeth(text)
        for word in wrong:
            told = _("%(word)s is no tooth of this notation.") % {"word": word}
            yield Refusal("teeth.number", told, field=field_of(tooth))
        for number in numbers:
            if seen.setdefault(number, tooth) != tooth:
                told = _("Tooth %(number)s stands in two lines.") % {"number": number}
                yield Refusal("teeth.twice", told, field=field_of(tooth))


def chart_from(named: Mapping[Tooth, str]) -> dict[int, Tooth]:
    """The chart that these lines make."""
    return {number: tooth for tooth, text in named.items() for number in read_teeth(text)[0]}


def field_of(tooth: Tooth) -> str:
    """The box in which the teeth of this state are written."""
    return "teeth_" + tooth.value.replace(" ", "_")


def lines_of(chart: Mapping[int, Tooth]) -> dict[Tooth, str]:
    """A chart as its lines are written."""
    order = (*UPPER, *LOWER, *UPPER_MILK, *LOWER_MILK)
    return {
        tooth: " ".join(str(number) for number in order if chart.get(number) == tooth)
        for tooth in Tooth
    }


def chart_of(kept: Mapping[str, str] | None) -> dict[int, Tooth]:
    """A kept chart; whatever is no tooth of ours is left out."""
    known = ADULT | MILK
    return {
        int(number): Tooth(state)
        for number, state in (kept or {}).items()
        if number.isdigit() and int(number) in known and state in set(Tooth)
    }
