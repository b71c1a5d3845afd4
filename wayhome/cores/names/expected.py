"""What one more fact would tell: how much surer it would make who is meant, in bits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .columns import FIELDS, WORDS
from .engine import Found
from .frequencies import Asked, Frequencies, asked
from .part import Part
from .recent import Recent
from .spelling import spelling

NEARLY = 3.0  # bits; so close below the best fits nearly as well
AGREES = 0.85  # so often what a family knows agrees with the card, in one spelling or another
LEAST = 0.005  # bits; what tells less is not worth a question
ASKABLE = ("born", "birthplace", "unit", "rank", "service_no", "mother_given", "patronymic")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gain:
    """By how many bits a fact is expected to lessen the doubt, and how much doubt there is."""

    field: str
    bits: float
    doubt: float


def as_good(bits: Floats, place: int = 0) -> int:
    """How many others fit nearly as well as this one, or better."""
    if not len(bits):
        return 0
    return int(np.count_nonzero(bits >= bits[place] - NEARLY)) - 1


def doubt(shares: Sequence[float] | Floats) -> float:
    """The entropy, in bits, of who is meant; what is missing to one is "not on the register"."""
    all_of_them = np.append(np.asarray(shares, np.float64), 0.0)
    all_of_them[-1] = max(0.0, 1.0 - all_of_them.sum())
    known = all_of_them[all_of_them > 0.0]
    found: float = -(known * np.log2(known)).sum()
    return found


def worth_asking(
    found: Found,
    shares: Floats,
    parts: Sequence[Part | Recent],
    frequencies: Frequencies,
    fields: Sequence[str] = ASKABLE,
) -> list[Gain]:
    """Of each fact that the enquiry does not hold, what asking for it is expected to give.

    `shares` are those of the best rows, each card's own. If a row is the person, the answer will
    agree with his value as often as true pairs do, and with other values by chance; if nobody is,
    with all by chance. The gain is the doubt now less the doubt that is expected to be left. The
    most telling fact first; facts that would tell nothing are left out.
    """
    now = doubt(shares)
    told = []
    for field in fields:
        if found.masses[:, FIELDS.index(field), 1:].any():
            continue
        agrees, chance = _answers(field, found, parts, frequencies)
        gain = now - _left(np.asarray(shares, np.float64), agrees, chance)
        if gain >= LEAST:
            told.append(Gain(field, gain, now))
    return sorted(told, key=lambda x: -x.bits)


def _answers(
    field: str, found: Found, parts: Sequence[Part | Recent], frequencies: Frequencies
) -> tuple[NDArray[np.bool_], Floats]:
    """The different answers the best rows would give (answers, rows), and how common each is."""
    weighing = frequencies.weights.fields[field]
    close = [int(x) for x in weighing.held] or [1]
    places = found.places.tolist()
    codes = [
        int(parts[part].codes_of(np.array([row]))[0, FIELDS.index(field)]) for part, row in places
    ]
    agrees, chance = [], []
    told = np.zeros(len(places), np.bool_)
    for row, (number, _) in enumerate(places):
        value = _as_asked(field, parts[number], codes[row]) if codes[row] else None
        if told[row] or value is None:
            continue
        same = [_same(field, value, part, close) for part in parts]
        answer = np.array([codes[x] in same[places[x][0]] for x in range(len(places))])
        answer[row] = True
        agrees.append(answer & ~told)
        told |= answer
        masses = frequencies.worth(field, value)[1]
        chance.append(masses[close].sum() / max(frequencies.cards, 1))
    return np.array(agrees, np.bool_).reshape(-1, len(places)), np.array(chance)


def _as_asked(field: str, part: Part | Recent, code: int) -> Asked | None:
    value = part.value(field, code)
    return asked(spelling(*value)) if field in WORDS else asked(value)


def _same(field: str, value: Asked, part: Part | Recent, close: Sequence[int]) -> set[int]:
    codes, ties = part.look(field, value[0])
    return set(codes[np.isin(ties, close)].tolist())


def _left(shares: Floats, agrees: NDArray[np.bool_], chance: Floats) -> float:
    """The doubt that is left on average, once one of the answers, or another, was given."""
    who = np.append(shares, max(0.0, 1.0 - shares.sum()))  # the last: nobody of them
    given = np.tile(chance[:, None], (1, len(who)))
    given[:, :-1] = np.where(agrees, np.maximum(AGREES, chance[:, None]), chance[:, None])
    given /= np.maximum(given.sum(0), 1.0)
    another = np.maximum(0.0, 1.0 - given.sum(0))
    left = 0.0
    for answer in (*given, another):
        together = who * answer
        total = float(together.sum())
        if total > 0.0:
            left += total * doubt(together[:-1] / total)
    return left
