"""Registers of several bureaus that may not pool their cards, asked as if they were one.

Each bureau says of every enquiry how much likelier its register is if the man is one of its
persons, or has a namesake or a brother there, than if he is anybody (`files.match`). Such
likelihoods can be added up; ranks and probabilities, which are about one register, cannot. All
cards of all bureaus count as equally likely beforehand, and the formula is that of one register:
see `index.Ranking` and `weighing.of_others`.

A bureau counts its own cards alone: a rare word is less rare to it than to all of them together, by
the man's own card at least.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .files import (
    BROTHER,
    LIKELIHOODS,
    NAMESAKE,
    OTHER,
    PRIOR_ROUNDS,
    cell,
    figure,
    refuse_to_write,
    written,
)
from .learning import ABSENT_BEFOREHAND, ON_REGISTER_BEFOREHAND
from .likeness import MOST_BITS, beyond_chance
from .sheets import Reject, UnreadableFile, read_rows
from .weights import WEIGHTS, Floats

SUMS = (OTHER, NAMESAKE, BROTHER)
MOST_CARDS = 10**12
LEAST = 1e-9

Progress = Callable[[int, int], None]


class Shares(NamedTuple):
    """What is taken to be so beforehand, or was learned.

    `prior`: the share of persons sought who are on any register; `namesakes` and `kin`: for what
    share of the others one holds a namesake, or a brother, beyond chance.
    """

    prior: float
    namesakes: float = WEIGHTS.namesakes
    kin: float = WEIGHTS.kin


@dataclass(frozen=True, slots=True)
class PoolReport:
    """How many enquiries were asked of how many cards, and what was learned.

    `found`: of how many enquiries the man is expected to be on a register.
    """

    enquiries: int
    cards: int
    found: float
    shares: Shares


@dataclass(slots=True)
class _Said:
    """What one register says of an enquiry: likelihoods of its persons by rank, and of sums."""

    line: int  # the last one of the file that is about it
    persons: dict[int, float] = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Register:
    """What one bureau says of its register; `name` is that of its file."""

    name: str
    cards: int = 0
    batch: str = ""
    said: dict[str, _Said] = field(default_factory=dict)


def pool(
    files: Sequence[Path],
    out: Path,
    *,
    prior: float | None = None,
    absent: Path | None = None,
    progress: Progress | None = None,
) -> PoolReport:
    """Write how likely each person of several registers is the one sought.

    For each enquiry, in the order of the first file, the probabilities in OUT, with `absent`, sum
    to one. A person has the number under which his own bureau ranked him; the row "other" is all
    others of a bureau together. Without `prior` the share of persons who are on any register is
    learned from all enquiries together, and how many of the others have a namesake or a brother
    there. `progress` hears how many bytes of the files are read, of how many. Raises UnreadableFile
    if a file has a fault or is about other enquiries than the first, and UnwritableFile.
    """
    refuse_to_write((out, absent), read=files)
    registers = _read_all(files, progress)
    cards, odds, like = _added_up(registers)
    shares = _learned(odds, like, cards) if prior is None else Shares(prior)
    apart = _apart(shares, like, cards)
    whole = (1.0 - shares.prior) * apart + shares.prior * odds
    p_absent = (1.0 - shares.prior) * apart / whole
    each = shares.prior / cards / whole
    _write_persons(out, registers, each)
    if absent:
        with written(absent, "enquiry_id", "p_absent") as text:
            for id, share in zip(registers[0].said, p_absent.tolist(), strict=True):
                text.write(f"{cell(id)},{figure(share)}\n")
    return PoolReport(len(odds), cards, float((1.0 - p_absent).sum()), shares)


def _read_all(files: Sequence[Path], progress: Progress | None) -> list[_Register]:
    """What each bureau says. Raises UnreadableFile."""
    given = [path.resolve() for path in files]
    for number, path in enumerate(files):
        if given[number] in given[:number]:
            raise UnreadableFile(f"{path} is given twice")
    sizes = [path.stat().st_size if path.is_file() else 0 for path in files]
    registers = []
    for number, path in enumerate(files):
        before = sum(sizes[:number])

        def told(done: int, _: int, before: int = before) -> None:
            if progress:
                progress(before + done, sum(sizes))

        registers.append(_read(path, told))
        first, last = registers[0], registers[-1]
        if last.batch != first.batch or last.said.keys() != first.said.keys():
            raise UnreadableFile(f"{last.name} is about other enquiries than {first.name}")
    return registers


def _read(path: Path, progress: Progress) -> _Register:
    """What one bureau says. Raises UnreadableFile, with a line, for the first fault."""
    rows = read_rows(path, *LIKELIHOODS, progress=progress)
    register = _Register(str(path))
    faults = list(rows.rejects)
    for line, row in rows.found:
        if fault := _take(register, line, row):
            faults.append(Reject(path.name, line, *fault))
            break
    if not faults:
        faults += (
            Reject(path.name, said.line, "candidate", f"{id} has no row {who}")
            for id, said in register.said.items()
            for who in SUMS
            if who not in said.sums
        )
    if faults:
        raise UnreadableFile(str(min(faults, key=lambda x: x.line)))
    if not register.said:
        raise UnreadableFile(f"{path.name}: no row could be read")
    return register


def _take(register: _Register, line: int, row: dict[str, str]) -> tuple[str, str] | None:
    """Take in a row; or the field that is wrong, and why."""
    id, who, bits, cards, batch = (row[x] for x in LIKELIHOODS)
    if not id:
        return "enquiry_id", "expected the number of an enquiry"
    if not _is_count(cards):
        return "cards", "expected a whole number above 0"
    if not register.said:
        register.cards, register.batch = int(cards), batch
    if int(cards) != register.cards:
        return "cards", f"expected {register.cards}, as in the rows before it"
    if batch != register.batch:
        return "batch", f"expected {register.batch}, as in the rows before it"
    if who not in SUMS and not _is_count(who):
        return "candidate", f"expected a whole number above 0, or one of {', '.join(SUMS)}"
    likelihood = _likelihood(bits)
    if likelihood is None:
        return "bits", f"expected a number between {-MOST_BITS:.0f} and {MOST_BITS:.0f}"
    said = register.said.setdefault(id, _Said(line))
    said.line = line
    if who in said.sums or (who not in SUMS and int(who) in said.persons):
        return "candidate", f"{who} stands twice for {id}"
    if who in SUMS:
        said.sums[who] = likelihood
    else:
        said.persons[int(who)] = likelihood
    return None


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text[:20]) <= MOST_CARDS


def _likelihood(bits: str) -> float | None:
    try:
        number = float(bits)
    except ValueError:
        return None
    return 2.0**number if abs(number) <= MOST_BITS else None


def _added_up(registers: Sequence[_Register]) -> tuple[int, Floats, Floats]:
    """Cards of all registers; of each enquiry the mean likelihood of all cards, and (2, enquiries)
    that of a namesake and of a brother."""
    cards = sum(x.cards for x in registers)
    ids = registers[0].said
    odds, like = np.zeros(len(ids)), np.zeros((2, len(ids)))
    for register in registers:
        said = [register.said[id] for id in ids]
        odds += [(sum(x.persons.values()) + x.sums[OTHER]) / cards for x in said]
        share = register.cards / cards
        like += share * np.array([[x.sums[who] for x in said] for who in (NAMESAKE, BROTHER)])
    return cards, odds, like


def _apart(shares: Shares, like: Floats, cards: int) -> Floats:
    """How much likelier the registers are, if he is on none of them, than by chance."""
    beyond = np.array([beyond_chance(x, cards) for x in shares[1:]])
    apart: Floats = max(1.0 - beyond.sum(), LEAST) + beyond @ like
    return apart


def _learned(odds: Floats, like: Floats, cards: int) -> Shares:
    """Shares of all enquiries together, by expectation maximisation, as `learning.learn` does."""
    here, gone = ON_REGISTER_BEFOREHAND
    first = Shares(here / (here + gone))
    shares = first
    whole = beyond_chance(1.0, cards)
    for _ in range(PRIOR_ROUNDS):
        apart = _apart(shares, like, cards)
        absent = (1.0 - shares.prior) * apart
        p_absent = absent / (absent + shares.prior * odds)
        alike = [whole * x * float((p_absent * y / apart).sum())
                 for x, y in zip(shares[1:], like, strict=True)]  # fmt: skip
        count = float(p_absent.sum())
        shares = Shares(
            (len(odds) - count + here) / (len(odds) + here + gone),
            *(
                (x / whole + ABSENT_BEFOREHAND * y) / (count + ABSENT_BEFOREHAND)
                for x, y in zip(alike, first[1:], strict=True)
            ),
        )
    return shares


def _write_persons(out: Path, registers: Sequence[_Register], each: NDArray[np.float64]) -> None:
    """The persons of all registers by enquiry, likeliest first; then all others of each."""
    with written(out, "enquiry_id", "register", "candidate", "rank", "probability") as text:
        for id, share in zip(registers[0].said, each.tolist(), strict=True):
            persons = [
                (share * likelihood, register.name, number)
                for register in registers
                for number, likelihood in register.said[id].persons.items()
            ]
            persons.sort(key=lambda x: -x[0])
            for rank, (probability, name, number) in enumerate(persons, 1):
                told = f"{cell(id)},{cell(name)},{number},{rank},{figure(probability)}"
                text.write(told + "\n")
            for register in registers:
                others = figure(share * register.said[id].sums[OTHER])
                text.write(f"{cell(id)},{cell(register.name)},{OTHER},,{others}\n")
