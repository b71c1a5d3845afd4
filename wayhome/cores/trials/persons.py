"""Invented persons, drawn by the thousand: numbers of their names, places, units and days."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from . import people as named
from .people import TABLES, peoples

Ints = NDArray[np.int32]
FIRST_DAY = np.datetime64("1955-01-01")
LAST_DAY = np.datetime64("2006-06-30")
MEDIAN_BORN, SPREAD_YEARS = 1991.5, 9.0
# Beyond the surnames that were seen, others are composed; their share is what a sample of that
# size leaves unseen (Good and Turing).
COMPOSED = 60_000
SHARE_OF_COMPOSED = 0.12
SURNAME_ENDINGS = ("ов", "ев", "ин", "енко", "ук", "ский", "кин", "ович", "ко", "цев", "ец", "як")
_SEED_OF_TABLES = 20220224  # the table of composed names is one and the same for every register
OTHER_MOTHERS = 0.09  # mothers who bear another surname than their son
UNITS = 360
POSTBOXES = 120  # of them, known by a number alone
UNIT_KINDS = ("отбр", "мсп", "пдп", "дшп", "одшбр", "омсбр", "обрмп", "тп", "мсд", "мсп ТерО")
RANKS = (
    ("рядовой", "ряд.", 0.52), ("ефрейтор", "ефр.", 0.10), ("младший сержант", "мл. с-т", 0.10),
    ("сержант", "с-т", 0.10), ("старший сержант", "ст. с-т", 0.05), ("старшина", "ст-на", 0.024),
    ("прапорщик", "пр-к", 0.024), ("младший лейтенант", "мл. л-т", 0.006),
    ("лейтенант", "л-т", 0.024), ("старший лейтенант", "ст. л-т", 0.02), ("капитан", "к-н", 0.019),
    ("майор", "м-р", 0.007), ("подполковник", "п/п-к", 0.004),
)  # fmt: skip


@dataclass(frozen=True)
class Names:
    """All names of one kind: Russian and Ukrainian form of each."""

    russian: tuple[str, ...]
    ukrainian: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.russian)

    def __getitem__(self, number: int) -> tuple[str, str]:
        return self.russian[number], self.ukrainian[number]

    def changed(self, change: Callable[[str], str]) -> "Names":
        """All names, changed in the same way."""
        return Names(tuple(map(change, self.russian)), tuple(map(change, self.ukrainian)))


@dataclass(frozen=True)
class Draw:
    """Numbers with what each is drawn by: running sums up to one."""

    numbers: Ints
    sums: NDArray[np.float64]

    @classmethod
    def of(cls, numbers: list[int], weights: list[float]) -> "Draw":
        sums = np.cumsum(np.array(weights, np.float64))
        return cls(np.array(numbers, np.int32), sums / sums[-1])

    def one(self, chance: float) -> int:
        """One number for one chance."""
        return int(self.take(np.array([chance]))[0])

    def take(self, chance: NDArray[np.float64]) -> Ints:
        """One number for each chance in [0, 1)."""
        return self.numbers[np.searchsorted(self.sums, chance, side="right")]


@dataclass(frozen=True)
class World:
    """What persons are drawn from. Patronymics have the number of the father's name."""

    surnames: Names
    men: Names
    women: Names
    places: Names
    short: tuple[tuple[str, ...], ...]
    surname_of: tuple[Draw, ...]
    men_of: tuple[Draw, ...]
    fathers_of: tuple[Draw, ...]
    women_of: tuple[Draw, ...]
    place: Draw
    unit: Draw
    units: tuple[str, ...]


@dataclass(frozen=True)
class Persons:
    """Persons, one a row of every array."""

    people: Ints
    surname: Ints
    given: Ints
    father: Ints
    mother_surname: Ints
    mother: Ints
    mothers_father: Ints
    born: Ints  # days since FIRST_DAY
    place: Ints
    unit: Ints
    rank: Ints
    service: Ints

    def __len__(self) -> int:
        return len(self.people)

    def at(self, rows: NDArray[np.intp]) -> "Persons":
        """Those of some rows."""
        return Persons(*(getattr(self, x)[rows] for x in self.__dataclass_fields__))

    def each(self) -> Iterator[dict[str, int]]:
        """One person after another, by field."""
        names = list(self.__dataclass_fields__)
        columns = [getattr(self, x).tolist() for x in names]
        return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))

    @classmethod
    def joined(cls, parts: list["Persons"]) -> "Persons":
        """Several lots as one."""
        return cls(
            *(np.concatenate([getattr(p, x) for p in parts]) for x in cls.__dataclass_fields__)
        )


@cache
def world() -> World:
    """The tables, read and composed once."""
    surnames, of_people, weights = _surnames()
    men = [x for people in peoples() for x in people.men]
    men_at = {x.russian: place for place, x in reversed(list(enumerate(men)))}
    women = list({x.russian: x for people in peoples() for x in people.women}.values())
    women_at = {x.russian: place for place, x in enumerate(women)}
    places = (TABLES / "places.tsv").read_text(encoding="utf-8").split("\n")[:-1]
    fixed = np.random.default_rng(_SEED_OF_TABLES)
    order = fixed.permutation(len(places)).tolist()
    return World(
        surnames=Names(tuple(surnames), tuple(map(named.letters_in_ukrainian, surnames))),
        men=Names(tuple(x.russian for x in men), tuple(x.ukrainian for x in men)),
        women=Names(tuple(x.russian for x in women), tuple(x.ukrainian for x in women)),
        places=Names(tuple(places), tuple(map(named.letters_in_ukrainian, places))),
        short=tuple(x.short for x in men),
        surname_of=tuple(
            Draw.of(of_people[x.key], [weights[i] for i in of_people[x.key]]) for x in peoples()
        ),
        men_of=tuple(
            Draw.of([men_at[x.russian] for x in people.men], [x.weight for x in people.men])
            for people in peoples()
        ),
        fathers_of=tuple(
            Draw.of([men_at[x.russian] for x in people.men], [x.fathers for x in people.men])
            for people in peoples()
        ),
        women_of=tuple(
            Draw.of([women_at[x.russian] for x in people.women], [x.weight for x in people.women])
            for people in peoples()
        ),
        place=Draw.of(order, [1 / (5 + x) ** 0.85 for x in range(len(order))]),
        unit=Draw.of(list(range(UNITS)), [1 / (4 + x) ** 0.7 for x in range(UNITS)]),
        units=_units(fixed),
    )


def _units(fixed: np.random.Generator) -> tuple[str, ...]:
    """Units by their number and kind, and some by a postbox, in no order."""
    named = zip(
        fixed.permutation(300)[: UNITS - POSTBOXES].tolist(),
        fixed.integers(0, len(UNIT_KINDS), UNITS - POSTBOXES).tolist(),
        strict=True,
    )
    units = [f"{1 + number} {UNIT_KINDS[kind]}" for number, kind in named]
    units += [f"в/ч {x}" for x in fixed.integers(10_000, 99_999, POSTBOXES).tolist()]
    return tuple(units[x] for x in fixed.permutation(UNITS).tolist())


def _surnames() -> tuple[list[str], dict[str, list[int]], list[float]]:
    """All surnames, those of each people, and how often each is borne."""
    names: list[str] = []
    weights: list[float] = []
    of_people: dict[str, list[int]] = {x.key: [] for x in peoples()}
    for line in (TABLES / "surnames.tsv").read_text(encoding="utf-8").splitlines():
        key, name, count = line.split("\t")
        of_people[key].append(len(names))
        names.append(name)
        weights.append(float(count))
    for people in peoples():
        _add_own(people, names, weights, of_people[people.key])
    _compose(names, weights, of_people["russian"])
    return names, of_people, weights


def _add_own(
    people: named.People, names: list[str], weights: list[float], of_people: list[int]
) -> None:
    """Surnames made of the people's own men's names."""
    if not people.own_surnames:
        return
    total = sum(weights[x] for x in of_people) * people.own_surnames
    each = sum(x.weight for x in people.men)
    for man in people.men:
        of_people.append(len(names))
        names.append(named.surname_of(man.russian))
        weights.append(total * man.weight / each)


def _compose(names: list[str], weights: list[float], of_people: list[int]) -> None:
    """Rare surnames: those seen elsewhere, and stems of known ones with other endings."""
    fixed = np.random.default_rng(_SEED_OF_TABLES)
    total = sum(weights[x] for x in of_people)
    rare = [x for x in of_people if not weights[x]]
    known, stems = set(names), [_stem(names[x]) for x in of_people]
    stems = sorted({x for x in stems if 3 <= len(x) <= 9 and "-" not in x})
    while len(rare) < COMPOSED:
        stem = stems[int(fixed.integers(len(stems)))]
        name = stem + SURNAME_ENDINGS[int(fixed.integers(len(SURNAME_ENDINGS)))]
        if name not in known:
            known.add(name)
            of_people.append(len(names))
            rare.append(len(names))
            names.append(name)
            weights.append(0.0)
    shares = 1.0 / (50.0 + np.arange(len(rare))) ** 0.8
    shares *= total * SHARE_OF_COMPOSED / (1 - SHARE_OF_COMPOSED) / shares.sum()
    for place, share in zip(fixed.permutation(len(rare)).tolist(), shares.tolist(), strict=True):
        weights[rare[place]] = share


def _stem(name: str) -> str:
    for ending in ("енков", "енко", "овский", "евский", "ский", "ович", "евич", "ов", "ев", "ин",
                   "ын", "ук", "юк", "ко", "ец", "ич", "як", "ий"):  # fmt: skip
        if name.endswith(ending):
            return name[: -len(ending)]
    return name


def draw(count: int, dice: np.random.Generator) -> Persons:
    """So many persons, independent of each other."""
    them = world()
    shares = np.cumsum([x.share for x in peoples()])
    people = np.searchsorted(shares / shares[-1], dice.random(count), side="right").astype(np.int32)
    surname, mothers = (_of_each(people, them.surname_of, dice.random(count)) for _ in range(2))
    same = dice.random(count) >= OTHER_MOTHERS
    return Persons(
        people=people,
        surname=surname,
        given=_of_each(_or_russian(people, dice), them.men_of, dice.random(count)),
        father=_of_each(_or_russian(people, dice), them.fathers_of, dice.random(count)),
        mother_surname=np.where(same, surname, mothers).astype(np.int32),
        mother=_of_each(people, them.women_of, dice.random(count)),
        mothers_father=_of_each(np.zeros_like(people), them.fathers_of, dice.random(count)),
        born=_births(count, dice),
        place=them.place.take(dice.random(count)),
        unit=them.unit.take(dice.random(count)),
        rank=_rank_draw().take(dice.random(count)),
        service=dice.integers(0, 2**31 - 1, count, dtype=np.int32),
    )


@cache
def _rank_draw() -> Draw:
    return Draw.of(list(range(len(RANKS))), [x[2] for x in RANKS])


def _or_russian(people: Ints, dice: np.random.Generator) -> Ints:
    """Some men of every people have a Russian name."""
    share = np.array([0.0 if x.key == "russian" else x.russian_names for x in peoples()])
    return np.where(dice.random(len(people)) < share[people], 0, people).astype(np.int32)


def _of_each(people: Ints, draws: tuple[Draw, ...], chance: NDArray[np.float64]) -> Ints:
    found = np.zeros(len(people), np.int32)
    for key, one in enumerate(draws):
        rows = np.flatnonzero(people == key)
        found[rows] = one.take(chance[rows])
    return found


def _births(count: int, dice: np.random.Generator) -> Ints:
    years = MEDIAN_BORN + SPREAD_YEARS * dice.standard_normal(count)
    years = np.where(years > 2005.3, 2010.6 - years, years)
    days = ((years - 1955.0) * 365.25).astype(np.int64)
    last = int((LAST_DAY - FIRST_DAY).astype(np.int64))
    spread = dice.integers(0, last, count)
    return np.where((days < 0) | (days > last), spread, days).astype(np.int32)
