"""How often each value stands in a register, and so what it is worth that two values agree."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from wayhome.cores.names.dates import BornVocabulary, tie_born
from wayhome.cores.names.fuzzy import Grown
from wayhome.cores.names.marks import MarkVocabulary, RankVocabulary, tie_marks, tie_ranks
from wayhome.cores.names.spelling import Spelling, Tie, tie
from wayhome.cores.names.weights import WEIGHTS, Floats, Weighing, Weights, kind_of

from .vocabulary import Vocabulary

KEPT_WORTHS = 2000
Ties = NDArray[np.uint8]


class Column(Protocol):
    """One field: numbered values, how many cards hold each, and how any value is tied to them."""

    def add(self, value: Any) -> int: ...
    def count(self, number: int, change: int) -> None: ...
    def tie(self, one: Any, other: Any) -> IntEnum: ...
    def ties(self, value: Any) -> Ties: ...
    def bits(self, value: Any) -> Floats: ...


class Values(Protocol):
    """The distinct values of one field."""

    def __len__(self) -> int: ...
    def add(self, value: Any) -> int: ...
    def ties(self, value: Any) -> Ties: ...


class _Counted(ABC):
    """What all columns share: counts of cards, and bits worked out from them."""

    def __init__(self, weighing: Weighing) -> None:
        self._weighing = weighing
        self._cards = Grown(np.int64)
        self._worth: dict[Any, Floats] = {}

    def count(self, number: int, change: int) -> None:
        self._cards.count(number, change)
        self._worth.clear()

    def bits(self, value: Any) -> Floats:
        """Bits of each tie to this asked value; worked out once until a card comes or goes."""
        worth = self._worth.get(value)
        if worth is None:
            if len(self._worth) >= KEPT_WORTHS:
                self._worth.clear()
            worth = self._worth[value] = self._weigh(value)
        return worth

    @abstractmethod
    def _weigh(self, value: Any) -> Floats: ...


class NameColumn(_Counted):
    """A field that holds a word of a name; several such fields share one vocabulary."""

    def __init__(self, weighing: Weighing, vocabulary: Vocabulary) -> None:
        super().__init__(weighing)
        self.vocabulary = vocabulary

    def add(self, value: Spelling) -> int:
        return self.vocabulary.add(value)

    def tie(self, one: Spelling, other: Spelling) -> IntEnum:
        return tie(one, other)

    def ties(self, value: Spelling) -> Ties:
        size = len(self.vocabulary)
        if not value.folded:
            return np.zeros(size, np.uint8)
        view = self.vocabulary.view(value)
        ties = np.full(size, Tie.DIFFERS, np.uint8)
        ties[view.ids] = view.ties
        ties[0] = Tie.UNKNOWN
        return ties

    @property
    def cards(self) -> NDArray[np.int64]:
        """How many cards hold each word."""
        return self._cards.upto(len(self.vocabulary))

    def masses(self, value: Spelling) -> Floats:
        """How many cards show each tie to a word; none to an empty one."""
        if not value.folded:
            return np.zeros(len(Tie))
        view = self.vocabulary.view(value)
        cards = self._cards.upto(len(self.vocabulary))
        masses = np.bincount(view.ties, cards[view.ids], len(Tie)).astype(float)
        masses[Tie.DIFFERS] = float(cards[1:].sum()) - masses.sum()
        return masses

    def _weigh(self, value: Spelling) -> Floats:
        masses = self.masses(value)
        if not value.folded:
            return masses
        return self._weighing.bits(masses, float(masses.sum()), kind_of(value))


class ValueColumn(_Counted):
    """A field that holds one value out of its own vocabulary: a date, a mark, a rank."""

    def __init__(
        self, weighing: Weighing, values: Values, tie: Callable[[Any, Any], IntEnum]
    ) -> None:
        super().__init__(weighing)
        self.values = values
        self.tie = tie

    def add(self, value: Any) -> int:
        return self.values.add(value)

    def ties(self, value: Any) -> Ties:
        return self.values.ties(value)

    def _weigh(self, value: Any) -> Floats:
        ties = self.values.ties(value)
        cards = self._cards.upto(len(self.values))
        masses = np.bincount(ties, cards, len(self._weighing.ties)).astype(float)
        return self._weighing.bits(masses, float(cards[1:].sum()), kind_of(value))


NAME_FIELDS = ("surname", "given", "patronymic")


class Frequencies:
    """All columns of a register. Of an empty register it gives first guesses."""

    def __init__(self, weights: Weights = WEIGHTS) -> None:
        self.weights = weights
        self._total = 0
        by = weights.fields
        names, places = Vocabulary(), Vocabulary()
        self.columns: dict[str, Column] = {
            **{field: NameColumn(by[field], names) for field in NAME_FIELDS},
            "born": ValueColumn(by["born"], BornVocabulary(), tie_born),
            "birthplace": NameColumn(by["birthplace"], places),
            "unit": ValueColumn(by["unit"], MarkVocabulary(), tie_marks),
            "rank": ValueColumn(by["rank"], RankVocabulary(), tie_ranks),
            "service_no": ValueColumn(by["service_no"], MarkVocabulary(), tie_marks),
            "mother_given": NameColumn(by["mother_given"], names),
            "mother_patronymic": NameColumn(by["mother_patronymic"], names),
        }

    @property
    def cards(self) -> int:
        """How many cards have been counted."""
        return self._total

    def take(self, numbers: Mapping[str, int], change: int) -> None:
        """Count one card more, or one less, that holds these values."""
        self._total += change
        for field, number in numbers.items():
            self.columns[field].count(number, change)

    def bits(self, field: str, value: Any) -> Floats:
        """Bits of each tie that a value of the register may have to this asked value."""
        return self.columns[field].bits(value)
