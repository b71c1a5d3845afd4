"""The distinct words of one family of fields, in plain arrays that can lie in a file.

A part of a register has one `WordIndex` for the words of names and one for places. It is asked
with one word and gives all its words that are tied to that one, and how: for every pair exactly
the tie of `spelling.tie`. It never changes; words that come later stand in `GrowingWords`.

Numbers: 0 is the empty word, and every word in which nothing can be read. The others follow in
the order of their sounds, so that words that sound alike are neighbours.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from .arranging import arranged
from .compiled import Box, boxed
from .growing import GrowingWords
from .looking import SLIPS, TIES, Asking, Held, View, all_reached, desk_for, looked_up, written_so
from .nearness import Kept, Places, Trie, ready
from .reading import as_kept, read, read_all
from .records import FOLDED, Record
from .spelling import CONFUSED, LOST, MIN_PREFIX
from .strings import Strings, starts_of

Arrays = Mapping[str, NDArray[Any]]
Found = TypeVar("Found")
__all__ = ["GrowingWords", "View", "WordIndex"]


class WordIndex:
    """Words that can be looked up and never change. Several threads may ask at once."""

    def __init__(self, held: Held, also: Strings, also_words: Places) -> None:
        self._held = held
        self._letters = ["", *map(chr, held.letter_alphabet.tolist())]  # by their codes
        self._also = also
        self._also_words = also_words
        self._box = boxed(Asking(held, TIES, SLIPS, MIN_PREFIX))
        self._desks: list[Box] = []

    @classmethod
    def build(
        cls, words: Sequence[str], also: Sequence[str] | None = None
    ) -> tuple[Self, NDArray[np.int32]]:
        """An index of these words, and the number of each: shape (words,).

        Words may repeat, or be one word written with other capitals. `also`, if given, holds for
        each word another reading (keyboard left on Latin) or "".
        """
        pairs = [(as_kept(x), y) for x, y in zip(words, also or repeat(""), strict=False)]
        order = sorted(set(pairs))
        arrays, numbers = arranged(read_all(order), order)
        number_of = dict(zip(order, numbers.tolist(), strict=True))
        return cls.of(arrays), np.fromiter((number_of[x] for x in pairs), np.int32, len(pairs))

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """The index that these arrays hold; they may be memory-mapped and read-only."""
        kept = {name: _sealed(array) for name, array in arrays.items()}
        tries = (
            Trie(*(kept[f"{way}_{part}"] for part in Trie._fields))
            for way in ("forward", "backward")
        )
        part = {x: kept[f"sound_{x}"] for x in Kept._fields if f"sound_{x}" in kept}
        held = {x: kept[x] for x in Held._fields if x in kept}
        counts = np.bincount(kept["bent_sounds"], minlength=len(kept["sound_bags"]))
        held["bent_starts"] = _sealed(starts_of(counts).astype(np.uint32))
        listed = (kept[f"{x}_{y}"] for x in ("bent", "learned") for y in ("sounds", "words"))
        reached = all_reached(held["sound_flags"], held["spoken_starts"], held["spoken"], *listed)
        held["reached"], held["reached_starts"] = map(_sealed, reached)
        forward, backward = tries
        index = cls(
            Held(
                near=ready(Kept(**part, forward=forward, backward=backward)),
                confused=_confused(kept["alphabet"]),
                **held,
            ),
            Strings(kept["also_letters"], kept["also_starts"]),
            kept["also_words"],
        )
        index.arrays = kept
        return index

    arrays: Arrays

    def __len__(self) -> int:
        """How many numbers there are, that of the empty word included."""
        return len(self._held.word_flags)

    def look(self, word: str, also: str = "") -> View:
        """All words tied to this one; empty for a word in which nothing can be read."""
        return self.look_record(read(word, also))

    def look_record(self, asked: Record) -> View:
        """The same for a word that was read before."""
        return self.ask(lambda index, desk: View(*looked_up(index, asked, desk)))

    def ask(self, work: Callable[[Box, Box], Found]) -> Found:
        """What machine code finds here, at a desk that no other thread works at."""
        try:
            desk = self._desks.pop()
        except IndexError:
            desk = desk_for(len(self), self._held.near)
        found = work(self._box, desk)
        self._desks.append(desk)
        return found

    def find(self, word: str, also: str = "") -> int:
        """The number of this very word, -1 if it is not here; 0 for an unreadable one."""
        record = read(word, also)
        if not record[FOLDED]:
            return 0
        found = written_so(self._held, record)
        return next((number for number in found if self.text(number)[1] == also), -1)

    def text(self, number: int) -> tuple[str, str]:
        """A word as it was written (lower case, see `letters.plain`), and its other reading."""
        start, end = self._held.letter_starts[number : number + 2].tolist()
        word = "".join(map(self._letters.__getitem__, self._held.letters[start:end].tolist()))
        place = int(self._also_words.searchsorted(np.uint32(number)))
        if place == len(self._also_words) or self._also_words[place] != number:
            return word, ""
        start, end = self._also.starts[place : place + 2].tolist()
        return word, "".join(map(chr, self._also.letters[start:end].tolist()))


def _confused(alphabet: Places) -> NDArray[np.bool_]:
    """Which sounds are taken for each other, and which are lost: see `looking.Held`."""
    place = {chr(x): i + 1 for i, x in enumerate(alphabet.tolist())}
    table = np.zeros((len(place) + 1, len(place) + 2), np.bool_)
    for one, other in CONFUSED:
        table[place[one], place[other]] = table[place[other], place[one]] = True
    table[[place[x] for x in LOST], -1] = True
    return _sealed(table)


def _sealed(array: NDArray[Any]) -> NDArray[Any]:
    """The array as machine code knows it: nobody writes to it, mapped from a file or not."""
    array = array.view(np.ndarray)
    array.flags.writeable = False
    return array
