"""An invented register, enquiries and the truth, in a folder: `wayhome names generate`."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .cards import HEADING, REGISTER_ROADS, Press, road_numbers, write_cards
from .enquiries import ENQUIRY_HEADING, TRUTH_HEADING, Asked, Case, write_enquiry
from .persons import Persons, draw
from .roads import ROADS
from .strings import Strings

CARDS_AT_ONCE = 100_000
TWO_CARDS = 0.025  # of the persons
CASES = {
    Case.MATCH: 0.70,
    Case.ABSENT_RANDOM: 0.13,
    Case.ABSENT_NAMESAKE: 0.10,
    Case.ABSENT_BROTHER: 0.07,
}
EVIDENCE = ("rich", "sparse")

Progress = Callable[[int, int], None]


@dataclass
class _Sampled:
    """Persons of the register whom somebody asks for, with their cards."""

    persons: list[Persons] = field(default_factory=list)
    cards: list[list[int]] = field(default_factory=list)
    roads: list[list[int]] = field(default_factory=list)


def generate(
    size: int,
    seed: int,
    folder: Path,
    *,
    enquiries: int,
    evidence: tuple[str, ...] = EVIDENCE,
    progress: Progress | None = None,
) -> None:
    """Write register.csv with `size` cards, and enquiries-E.csv and truth-E.csv of each evidence.

    With one evidence only the files are enquiries.csv and truth.csv. The same seed gives the same
    files. Memory does not grow with the size.
    """
    if size < 1 or enquiries < 0:
        raise ValueError("a register has at least one card")
    folder.mkdir(parents=True, exist_ok=True)
    seeds = np.random.SeedSequence(seed)
    sampled = _write_register(folder / "register.csv", size, seeds, enquiries, progress)
    _write_enquiries(folder, sampled, np.random.default_rng([seed, 1]), enquiries, evidence)


def _write_register(
    path: Path, size: int, seeds: np.random.SeedSequence, enquiries: int, progress: Progress | None
) -> _Sampled:
    lots = [CARDS_AT_ONCE] * (size // CARDS_AT_ONCE)
    lots += [size % CARDS_AT_ONCE] if size % CARDS_AT_ONCE else []
    dice = np.random.default_rng(seeds.spawn(1)[0])
    wanted = dice.multinomial(enquiries, [x / size for x in lots])
    press, sampled, first = Press(Strings()), _Sampled(), 0
    part = path.with_name(path.name + ".part")
    with part.open("wb") as out:
        out.write((",".join(HEADING) + "\n").encode())
        for lot, seed, ask in zip(lots, seeds.spawn(len(lots)), wanted.tolist(), strict=True):
            out.write(_write_lot(press, lot, first, ask, np.random.default_rng(seed), sampled))
            first += lot
            if progress:
                progress(first, size)
    part.replace(path)
    return sampled


def _write_lot(
    press: Press, count: int, first: int, ask: int, dice: np.random.Generator, sampled: _Sampled
) -> bytes:
    """Cards of one lot; a person's second card stands somewhere in the same lot."""
    twice = round(count * TWO_CARDS / (1 + TWO_CARDS))
    them = draw(count - twice, dice)
    again = dice.choice(len(them), twice, replace=False)
    whose = dice.permutation(np.concatenate([np.arange(len(them)), again]))
    roads = road_numbers(count, REGISTER_ROADS, dice)
    asked = dice.choice(len(them), ask, replace=ask > len(them))
    order = np.argsort(whose, kind="stable")
    starts = np.searchsorted(whose[order], asked)
    ends = np.searchsorted(whose[order], asked, side="right")
    sampled.persons.append(them.at(asked))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        rows = order[start:end].tolist()
        sampled.cards.append([first + x for x in rows])
        sampled.roads.append([int(roads[x]) for x in rows])
    return write_cards(press, them.at(whose), roads, first, dice)


def _write_enquiries(
    folder: Path,
    sampled: _Sampled,
    dice: np.random.Generator,
    count: int,
    evidence: tuple[str, ...],
) -> None:
    them = Persons.joined(sampled.persons)
    order = dice.permutation(count)
    cases = dice.choice(len(CASES), count, p=list(CASES.values()))
    persons, strangers = list(them.each()), list(draw(count, dice).each())
    seeds = dice.integers(2**63, size=count).tolist()
    files = (
        {name: (f"enquiries-{name}.csv", f"truth-{name}.csv") for name in evidence}
        if len(evidence) > 1
        else {evidence[0]: ("enquiries.csv", "truth.csv")}
    )
    lots = {name: ([list(ENQUIRY_HEADING)], [list(TRUTH_HEADING)]) for name in evidence}
    for number, (place, case) in enumerate(zip(order.tolist(), cases.tolist(), strict=True)):
        asked = Asked(
            number=number,
            case=list(CASES)[case],
            person=persons[place],
            stranger=strangers[number],
            cards=[f"R{x:09d}" for x in sampled.cards[place]],
            roads=[ROADS[x] for x in sampled.roads[place]],
            seed=seeds[number],
        )
        for name in evidence:
            row, truth = write_enquiry(asked, sparse=name == "sparse")
            lots[name][0].append(row)
            lots[name][1].extend(truth)
    for name, pair in files.items():
        for file, rows in zip(pair, lots[name], strict=True):
            with (folder / file).open("w", encoding="utf-8", newline="") as text:
                csv.writer(text, lineterminator="\n").writerows(rows)
