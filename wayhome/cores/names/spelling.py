"""One word of a name with all that it may be, and the rule that joins two such words."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from .forms import full_forms, groups_of, is_short_form, stem
from .letters import plain, readings, script_of

MAX_READINGS = 8
MOST_LETTERS = 80  # longer than any name; what is beyond is not read
MIN_PREFIX = 3
LETTERS = "abcdefhiklmnoprstuvzcSCZ"


class Tie(IntEnum):
    """How two words of a name are tied; a smaller number is a closer tie."""

    UNKNOWN = 0
    EXACT = 1
    TRANSLIT = 2
    VARIANT = 3
    FORM = 4
    LANGUAGE = 5
    DIMINUTIVE = 6
    TYPO1 = 7
    TYPO2 = 8
    TYPO3 = 9
    PART = 10
    PREFIX = 11
    INITIAL = 12
    DIFFERS = 13


SAME = range(Tie.EXACT, Tie.DIMINUTIVE + 1)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word as written, and its readings: folded, in the nominative, as other names."""

    literal: str
    script: str
    folded: tuple[str, ...]
    stems: tuple[str, ...]
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
        return self.stems + self.others


@lru_cache(maxsize=400_000)
def spelling(word: str, also: str = "") -> Spelling:
    """Read a word; `also` is another reading of it (keyboard left on Latin)."""
    literal = plain(word[: 2 * MOST_LETTERS]).strip(" ,;")[:MOST_LETTERS]
    sounds = _unique((*readings(literal), *readings(also[:MOST_LETTERS])))[:MAX_READINGS]
    groups = frozenset[int]().union(*(groups_of(x) for x in sounds))
    stems = _unique(map(stem, sounds))
    others = _unique(form for group in sorted(groups) for form in full_forms(group)[:3])
    pieces = [x for x in literal.replace("-", " ").split() if len(x) > 2]
    return Spelling(
        literal=literal,
        script=script_of(also or literal),
        folded=sounds,
        stems=stems,
        others=tuple(x for x in others if x not in stems)[:MAX_READINGS],
        groups=groups,
        short=any(map(is_short_form, sounds)),
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
    return None


def _slipped(one: Spelling, other: Spelling) -> Tie | None:
    best = min(
        (
            slips
            for a in one.near
            for b in other.near
            if (slips := max(1, OSA.distance(a, b))) <= slips_allowed(len(a))
        ),
        default=9,
    )
    return {1: Tie.TYPO1, 2: Tie.TYPO2, 3: Tie.TYPO3}.get(best)


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
