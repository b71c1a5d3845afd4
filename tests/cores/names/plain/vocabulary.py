"""The distinct words of all names in a register, how often each stands in which place."""

from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wayhome.cores.names.fuzzy import Fuzzy, Ints
from wayhome.cores.names.spelling import (
    MIN_PREFIX,
    Spelling,
    Tie,
    confused,
    slips_allowed,
    spelling,
)

KEPT_VIEWS = 4000


@dataclass(frozen=True, slots=True)
class View:
    """All words of the vocabulary that are tied to one asked word, and how."""

    ids: Ints
    ties: NDArray[np.uint8]


class Vocabulary:
    """Words with numbers; number 0 is the empty word. Nothing is ever taken out, only counted."""

    def __init__(self) -> None:
        self.words: list[Spelling] = [spelling("")]
        self._numbers: dict[tuple[str, str], int] = {("", ""): 0}
        self._by_literal: defaultdict[str, list[int]] = defaultdict(list)
        self._by_folded: defaultdict[str, list[int]] = defaultdict(list)
        self._by_stem: defaultdict[str, list[int]] = defaultdict(list)
        self._by_likely: defaultdict[str, list[int]] = defaultdict(list)
        self._by_group: defaultdict[int, list[int]] = defaultdict(list)
        self._by_part: defaultdict[str, list[int]] = defaultdict(list)
        self._by_initial: defaultdict[str, list[int]] = defaultdict(list)
        self._initials: defaultdict[str, list[int]] = defaultdict(list)
        self._sorted: list[tuple[str, int]] = []
        self._unsorted: list[tuple[str, int]] = []
        self._near = Fuzzy()
        self._views: dict[Spelling, View] = {}

    def __len__(self) -> int:
        return len(self.words)

    def add(self, word: Spelling) -> int:
        """The number of a word, which is taken in if it is new."""
        key = word.literal, word.also
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.words)
            self._by_literal[word.literal].append(number)
            self.words.append(word)
            self._file(word, number)
            self._views.clear()
        return number

    def _file(self, word: Spelling, number: int) -> None:
        for sounds in word.folded:
            self._by_folded[sounds].append(number)
            self._unsorted.append((sounds, number))
        for sounds in word.stems:
            self._by_stem[sounds].append(number)
            self._by_likely[sounds].append(number)
        for sounds in word.likely:
            self._by_likely[sounds].append(number)
        for sounds in word.near:
            self._near.add(sounds, number)
        for group in word.groups:
            self._by_group[group].append(number)
        for part in word.parts:
            self._by_part[part].append(number)
        for letter in word.initials:
            (self._initials if word.initial else self._by_initial)[letter].append(number)

    def view(self, word: Spelling) -> View:
        """All words tied to this one; the same ties as `spelling.tie` gives one by one."""
        view = self._views.get(word)
        if view is None:
            if len(self._views) >= KEPT_VIEWS:
                self._views.clear()
            view = self._views[word] = self._look(word)
        return view

    def _look(self, word: Spelling) -> View:
        if not word.folded:
            return View(np.empty(0, np.int32), np.empty(0, np.uint8))
        ties = np.full(len(self.words), Tie.DIFFERS, np.uint8)
        # From the loosest tie to the closest: what is found later overwrites.
        self._mark_initials(word, ties)
        if not word.initial:
            self._mark(ties, self._prefixed(word), Tie.PREFIX)
        self._mark_parts(word, ties)
        self._mark_slips(word, ties)
        self._mark_same(word, ties)
        ids = np.flatnonzero(ties != Tie.DIFFERS).astype(np.int32)
        return View(ids, ties[ids])

    @staticmethod
    def _mark(ties: NDArray[np.uint8], numbers: list[int], kind: Tie) -> None:
        if numbers:
            ties[numbers] = kind

    def _mark_initials(self, word: Spelling, ties: NDArray[np.uint8]) -> None:
        for letter in word.initials:
            self._mark(ties, self._initials.get(letter, []), Tie.INITIAL)
            if word.initial:
                self._mark(ties, self._by_initial.get(letter, []), Tie.INITIAL)

    def _prefixed(self, word: Spelling) -> list[int]:
        self._sort()
        found: list[int] = []
        for sounds in word.folded:
            for end in range(MIN_PREFIX, len(sounds) + 1):
                found += self._by_folded.get(sounds[:end], [])
            if len(sounds) >= MIN_PREFIX:
                at = bisect_left(self._sorted, (sounds, 0))
                while at < len(self._sorted) and self._sorted[at][0].startswith(sounds):
                    found.append(self._sorted[at][1])
                    at += 1
        return [x for x in found if not self.words[x].initial]

    def _sort(self) -> None:
        if len(self._unsorted) > 100:
            self._sorted = sorted(self._sorted + self._unsorted)
        else:
            for pair in self._unsorted:
                insort(self._sorted, pair)
        self._unsorted.clear()

    def _mark_parts(self, word: Spelling, ties: NDArray[np.uint8]) -> None:
        for part in (*word.parts, *word.stems):
            self._mark(ties, self._by_part.get(part, []), Tie.PART)
        for part in word.parts:
            self._mark(ties, self._by_stem.get(part, []), Tie.PART)

    def _mark_slips(self, word: Spelling, ties: NDArray[np.uint8]) -> None:
        found = [self._near.within(x, slips_allowed(len(x))) for x in word.near]
        for slips in (3, 2, 1):
            for owners, distances in found:
                ties[owners[np.maximum(distances, 1) == slips]] = Tie.TYPO1 + slips - 1
        for owners, distances in found:
            alike = [
                x
                for x in owners[distances == 1]
                if any(confused(a, b) for a in word.near for b in self.words[x].near)
            ]
            self._mark(ties, alike, Tie.CONFUSED)

    def _mark_same(self, word: Spelling, ties: NDArray[np.uint8]) -> None:
        for sounds in (*word.stems, *word.likely):
            self._mark(ties, self._by_likely.get(sounds, []), Tie.LIKELY)
        for kind in (Tie.LANGUAGE, Tie.DIMINUTIVE):
            for group in word.groups:
                same = self._by_group.get(group, [])
                short = word.short or kind == Tie.LANGUAGE
                self._mark(ties, same if short else [x for x in same if self.words[x].short], kind)
        for sounds in word.stems:
            self._mark(ties, self._by_stem.get(sounds, []), Tie.FORM)
        for sounds in word.folded:
            for number in self._by_folded.get(sounds, []):
                alike = self.words[number].script == word.script
                ties[number] = Tie.VARIANT if alike else Tie.TRANSLIT
        self._mark(ties, self._by_literal.get(word.literal, []), Tie.EXACT)
