"""The distinct words of one family of fields, in plain arrays that can lie in a file.

A part of a register has one `WordIndex` for the words of names and one for places. It is asked
with one word and gives all its words that are tied to that one, and how: for every pair exactly
the tie of `spelling.tie`. It never changes; words that come later stand in `GrowingWords`.

Numbers: 0 is the empty word, and every word in which nothing can be read. The others follow in
the order of their sounds, so that words that sound alike are neighbours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .spelling import spelling
from .vocabulary import Vocabulary

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class View:
    """All words tied to one asked word, and how; words that differ or say nothing are left out.

    `ids` int32, ascending, without 0; `ties` uint8, values of `Tie`, shape as `ids`.
    """

    ids: NDArray[np.int32]
    ties: NDArray[np.uint8]


class WordIndex:
    """Words that can be looked up and never change. Several threads may ask at once."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays: Arrays = arrays
        ends = arrays["word_ends"].tolist()
        blob = bytes(arrays["word_letters"])
        texts = [blob[a:b].decode() for a, b in zip([0, *ends[:-1]], ends, strict=True)]
        self._words = [(x.partition("\0")[0], x.partition("\0")[2]) for x in texts]
        self._vocabulary = Vocabulary()
        for word, also in self._words[1:]:
            self._vocabulary.add(spelling(word, also))

    @classmethod
    def build(
        cls, words: Sequence[str], also: Sequence[str] | None = None
    ) -> tuple[Self, NDArray[np.int32]]:
        """An index of these words, and the number of each: shape (words,).

        Words may repeat, or be one word written with other capitals. `also`, if given, holds for
        each word another reading (keyboard left on Latin) or "".
        """
        read = [spelling(x, y) for x, y in zip(words, also or [""] * len(words), strict=True)]
        keys = [(x.literal, x.also) if x.folded else ("", "") for x in read]
        first = {(x.literal, x.also): (x.stems[0], *y) for x, y in zip(read, keys) if x.folded}
        order = [("", ""), *sorted(first, key=first.__getitem__)]
        numbers = {key: number for number, key in enumerate(order)}
        texts = [f"{x}\0{y}".rstrip("\0").encode() for x, y in order]
        arrays = {
            "word_letters": np.frombuffer(b"".join(texts), np.uint8),
            "word_ends": np.cumsum([len(x) for x in texts]).astype(np.uint32),
        }
        return cls.of(arrays), np.array([numbers[x] for x in keys], np.int32)

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """The index that these arrays hold; they may be memory-mapped and read-only."""
        return cls(arrays)

    def __len__(self) -> int:
        """How many numbers there are, that of the empty word included."""
        return len(self._words)

    def look(self, word: str, also: str = "") -> View:
        """All words tied to this one; empty for a word in which nothing can be read."""
        view = self._vocabulary.view(spelling(word, also))
        return View(view.ids, view.ties)

    def find(self, word: str, also: str = "") -> int:
        """The number of this very word, -1 if it is not here; 0 for an unreadable one."""
        read = spelling(word, also)
        key = (read.literal, read.also)
        return 0 if not read.folded else self._words.index(key) if key in self._words else -1

    def text(self, number: int) -> tuple[str, str]:
        """A word as it was written (lower case, see `letters.plain`), and its other reading."""
        return self._words[number]


class GrowingWords:
    """A few thousand words in memory, to which more can be added; asked like a `WordIndex`.

    Numbers are given in the order of arrival. One thread adds while no other asks.
    """

    def __init__(self) -> None:
        self._vocabulary = Vocabulary()

    def __len__(self) -> int:
        return len(self._vocabulary)

    def add(self, word: str, also: str = "") -> int:
        """The number of a word, which is taken in if it is new; 0 if nothing can be read in it."""
        read = spelling(word, also)
        return self._vocabulary.add(read) if read.folded else 0

    def look(self, word: str, also: str = "") -> View:
        """All words tied to this one; as `WordIndex.look`."""
        view = self._vocabulary.view(spelling(word, also))
        return View(view.ids, view.ties)

    def find(self, word: str, also: str = "") -> int:
        """The number of this very word, -1 if it is not here; 0 for an unreadable one."""
        read = spelling(word, also)
        words = self._vocabulary.words
        if not read.folded:
            return 0
        return next((i for i, x in enumerate(words) if x == read), -1)

    def text(self, number: int) -> tuple[str, str]:
        """A word as it was written (lower case), and its other reading."""
        word = self._vocabulary.words[number]
        return word.literal, word.also
