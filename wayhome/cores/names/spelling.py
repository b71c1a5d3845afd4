"""One word of a name with all that it may be, and the rule that joins two such words."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from .forms import (
    full_forms,
    groups_of,
    in_russian_papers,
    is_of_father,
    is_short_form,
    nominative,
    nominatives,
    stem,
)
from .letters import plain, readings, script_of
from .likely import SOUNDS, likely

MAX_READINGS = 10
MOST_LETTERS = 80  # longer than any name; what is beyond is not read
MIN_PREFIX = 3
LETTERS = SOUNDS
# Two sounds that are taken for each other: heard alike (б/п, о/а), or their letters written alike
# (и/н, ш/т in a hand; c/e, l/i in print). And sounds that are easily lost, or put in.
_CONFUSED = """
bp dt fv sz SZ Ss Zz Cc CS CZ hk hf mn ei ao ou ae eo iu au ai
in ip np kn St lm lp bv cu ce oc il uv hn ch rt
"""
CONFUSED = frozenset(frozenset(x) for x in _CONFUSED.split())
LOST = frozenset("aehiouv")


class Tie(IntEnum):
    """How two words of a name are tied; a smaller number is a closer tie."""

    UNKNOWN = 0
    EXACT = 1
    TRANSLIT = 2
    VARIANT = 3
    FORM = 4
    LANGUAGE = 5
    DIMINUTIVE = 6
    LIKELY = 7
    CONFUSED = 8
    TYPO1 = 9
    TYPO2 = 10
    TYPO3 = 11
    PART = 12
    PREFIX = 13
    INITIAL = 14
    DIFFERS = 15


SAME = range(Tie.EXACT, Tie.DIMINUTIVE + 1)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word as written, and its readings: folded, in the nominative, as other names.

    likely: learned readings of a Latin word; what a Cyrillic one may be in the nominative.
    """

    literal: str
    script: str
    folded: tuple[str, ...]
    stems: tuple[str, ...]
    likely: tuple[str, ...]
    others: tuple[str, ...]
    groups: frozenset[int]
    short: bool
    parts: tuple[str, ...]
    initial: bool
    initials: frozenset[str]
    also: str = ""

    @property
    def near(self) -> tuple[str, ...]:
        """What is compared by distance: its own readings and the full forms of its names."""
        return self.stems + (self.likely[:1] if self.script != "c" else ()) + self.others


@lru_cache(maxsize=400_000)
def spelling(word: str, also: str = "") -> Spelling:
    """Read a word; `also` is another reading of it (keyboard left on Latin)."""
    literal = plain(word[: 2 * MOST_LETTERS]).strip(" ,;")[:MOST_LETTERS]
    sounds = _unique((*readings(literal), *readings(also[:MOST_LETTERS])))[:MAX_READINGS]
    script = script_of(also or literal)
    named = [nominative(x) if script == "c" else x for x in sounds]
    groups = frozenset[int]().union(*map(groups_of, named))
    stems = _unique(map(stem, (*sounds, *named)))
    learned = _unique(stem(x) for x in likely(literal))
    if named and all(map(is_of_father, groups_of(named[0]))):
        cases = nominatives if script == "c" else in_russian_papers
        learned = _unique((*learned, *cases(named[0])))
    others = _unique(form for group in sorted(groups) for form in full_forms(group)[:3])
    pieces = [x for x in literal.replace("-", " ").split() if len(x) > 2]
    return Spelling(
        literal=literal,
        script=script,
        folded=sounds,
        stems=stems,
        likely=tuple(x for x in learned if x not in stems),
        others=tuple(x for x in others if x not in stems)[:MAX_READINGS],
        groups=groups,
        short=any(map(is_short_form, named)),
        parts=_unique(stem(x) for piece in pieces for x in readings(piece))
        if len(pieces) > 1
        else (),
        initial=sum(x.isalpha() for x in literal) <= 2 and all(len(x) <= 2 for x in sounds),
        initials=frozenset(x[0] for x in (*sounds, *others)),
        also=also,
    )


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(x for x in words if x))


def slips_allowed(length: int) -> int:
    """How many slips of the pen a word of so many sounds may hold and still be compared."""
    return 1 if length < 5 else 2 if length < 9 else 3


def tie(one: Spelling, other: Spelling) -> Tie:
    """The closest tie between two words; plain and slow, the measure of the fast one."""
    if not one.folded or not other.folded:
        return Tie.UNKNOWN
    for found in (_same(one, other), _slipped(one, other), _partial(one, other)):
        if found:
            return found
    return Tie.DIFFERS


def _same(one: Spelling, other: Spelling) -> Tie | None:
    if one.literal == other.literal:
        return Tie.EXACT
    if not set(one.folded).isdisjoint(other.folded):
        return Tie.VARIANT if one.script == other.script else Tie.TRANSLIT
    if not set(one.stems).isdisjoint(other.stems):
        return Tie.FORM
    if one.groups & other.groups:
        return Tie.DIMINUTIVE if one.short or other.short else Tie.LANGUAGE
    if not {*one.stems, *one.likely}.isdisjoint((*other.stems, *other.likely)):
        return Tie.LIKELY
    return None


def _slipped(one: Spelling, other: Spelling) -> Tie | None:
    pairs = [(a, b) for a in one.near for b in other.near]
    if any(confused(a, b) for a, b in pairs):
        return Tie.CONFUSED
    best = min(
        (slips for a, b in pairs if (slips := max(1, OSA.distance(a, b))) <= slips_allowed(len(a))),
        default=9,
    )
    return {1: Tie.TYPO1, 2: Tie.TYPO2, 3: Tie.TYPO3}.get(best)


def confused(one: str, other: str) -> bool:
    """Say whether two strings of sounds differ by one sound that is easily taken for another."""
    if len(one) < len(other):
        one, other = other, one
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(other))
    if len(one) == len(other):
        alike = one[same + 1 :] == other[same + 1 :]
        return same < len(one) and alike and frozenset((one[same], other[same])) in CONFUSED
    return one[:same] + one[same + 1 :] == other and one[same] in LOST


def _partial(one: Spelling, other: Spelling) -> Tie | None:
    ours, theirs = {*one.parts, *one.stems}, {*other.parts, *other.stems}
    if (one.parts or other.parts) and not ours.isdisjoint(theirs):
        return Tie.PART
    if not one.initial and not other.initial and _prefixed(one, other):
        return Tie.PREFIX
    if (one.initial or other.initial) and one.initials & other.initials:
        return Tie.INITIAL
    return None


def _prefixed(one: Spelling, other: Spelling) -> bool:
    return any(
        (len(a) >= MIN_PREFIX and b.startswith(a)) or (len(b) >= MIN_PREFIX and a.startswith(b))
        for a in one.folded
        for b in other.folded
    )
