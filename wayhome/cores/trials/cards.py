"""Cards of invented persons, as a register holds them: on some road, with gaps and slips."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

import numpy as np
from numpy.typing import NDArray

from . import people as named
from .persons import FIRST_DAY, RANKS, Draw, Names, Persons, world
from .roads import ROADS, written
from .slips import SLIPS, digit
from .strings import EMPTY, NOTHING, Ids, Strings

HEADING = (
    "register_id", "kind", "surname", "given", "patronymic", "dob", "birthplace", "unit", "rank",
    "service_no", "mother_name",
)  # fmt: skip
_COLUMNS = {name: place for place, name in enumerate((*HEADING[:-1], "m1", "m2", "m3"))}
_AFTER = b",,,,,,,,,,  \n"
REGISTER_ROADS = {"ru": 0.46, "uk": 0.34, "icao": 0.108, "press": 0.04, "press2": 0.014,
                  "press3": 0.014, "kmu": 0.05}  # fmt: skip
REMAINS = 0.136
# How often a field of a card is filled: of a captive's, of remains.
FILLED = {
    "given": (0.995, 0.996), "patronymic": (0.94, 0.393), "dob": (0.93, 0.398),
    "birthplace": (0.70, 0.396), "unit": (0.65, 0.646), "rank": (0.751, 0.405),
    "service_no": (0.453, 0.444), "mother_name": (0.35, 0.084),
}  # fmt: skip
YEAR_ONLY, YEAR_MONTH = 0.04, 0.01
WRONG_DATE = 0.01  # on a card: another digit, days off, ten years off
SHORT_RANK = 0.3
SLIP = {"surname": 0.035, "given": 0.022, "patronymic": 0.018, "m1": 0.01, "birthplace": 0.01}
SLIP_OF_A_DIGIT = 0.01  # in a unit or a number
TURNED = 0.02  # surname and given name in each other's column
SLIP_KINDS = {"typo1": 0.4, "phonetic": 0.27, "ocr": 0.25, "typo2": 0.08}
_SERVICE_LETTERS = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
_DAYS = int((np.datetime64("2010-01-01") - FIRST_DAY).astype(np.int64))


def service_number(number: int) -> str:
    """Two letters and six digits."""
    letters, count = _SERVICE_LETTERS, len(_SERVICE_LETTERS)
    first, second = number // 1_000_000 % count, number // 33_000_000 % count
    return f"{letters[first]}{letters[second]}-{number % 1_000_000:06d}"


def day(number: int) -> str:
    """A date of birth by its number."""
    return str(FIRST_DAY + np.timedelta64(number, "D"))


class Spelled:
    """Names of one kind on every road, spelled when they are first needed."""

    def __init__(self, strings: Strings, names: Names) -> None:
        self._strings, self._names = strings, names
        self._known: Ids = np.full((len(ROADS), len(names)), -1, np.int32)

    def ids(self, road: Ids, number: Ids) -> Ids:
        """The string of each name on its road."""
        found = self._known[road, number]
        missing = np.flatnonzero(found < 0)
        if len(missing):
            size = len(self._names)
            flat = np.unique(road[missing].astype(np.int64) * size + number[missing])
            roads, numbers = flat // size, flat % size
            self._known[roads, numbers] = self._strings.add(
                written(*self._names[n], ROADS[r])
                for r, n in zip(roads.tolist(), numbers.tolist(), strict=True)
            )
            found = self._known[road, number]
        return found


@dataclass
class Press:
    """Writes cards; holds all strings they are put together from."""

    strings: Strings

    def __post_init__(self) -> None:
        them, of = world(), self.strings
        self.surname = Spelled(of, them.surnames)
        self.mother_surname = Spelled(of, them.surnames.changed(named.feminine))
        self.given = Spelled(of, them.men)
        self.patronymic = Spelled(of, them.men.changed(named.patronymic))
        self.mother = Spelled(of, them.women)
        self.mothers_father = Spelled(of, them.men.changed(named.fathers_daughter))
        self.place = Spelled(of, them.places)
        self.unit = of.add(them.units)
        self.rank = np.array([of.add(x[:2]) for x in RANKS], np.int32)
        self.kind = of.add(["capture", "remains"])

    @cached_property
    def days(self) -> Ids:
        return self.strings.add(np.datetime_as_string(FIRST_DAY + np.arange(_DAYS)).tolist())

    @cached_property
    def months(self) -> Ids:
        count = _DAYS // 30
        first = FIRST_DAY.astype("datetime64[M]")
        return self.strings.add(np.datetime_as_string(first + np.arange(count)).tolist())

    @cached_property
    def years(self) -> Ids:
        return self.strings.add(str(x) for x in range(1955, 2012))


def road_numbers(count: int, shares: dict[str, float], dice: np.random.Generator) -> Ids:
    """A road for each of so many."""
    numbers = [ROADS.index(x) for x in shares]
    return Draw.of(numbers, list(shares.values())).take(dice.random(count))


def write_cards(
    press: Press, them: Persons, road: Ids, first: int, dice: np.random.Generator
) -> bytes:
    """Lines of a register: one card for each, numbered from `first`."""
    count = len(them)
    cells = np.zeros((count, len(_COLUMNS)), np.int32)
    remains = dice.random(count) < REMAINS
    filled = {
        name: dice.random(count) < np.where(remains, *reversed(shares))
        for name, shares in FILLED.items()
    }

    def put(name: str, ids: Ids, where: NDArray[np.bool_] | None = None) -> None:
        cells[:, _COLUMNS[name]] = ids if where is None else np.where(where, ids, EMPTY)

    put("kind", press.kind[remains.astype(np.intp)])
    put("surname", press.surname.ids(road, them.surname))
    put("given", press.given.ids(road, them.given), filled["given"])
    put("patronymic", press.patronymic.ids(road, them.father), filled["patronymic"])
    put("birthplace", press.place.ids(road, them.place), filled["birthplace"])
    put("unit", press.unit[them.unit], filled["unit"])
    short = (dice.random(count) < SHORT_RANK).astype(np.intp)
    put("rank", press.rank[them.rank, short], filled["rank"])
    put("m1", press.mother_surname.ids(road, them.mother_surname))
    put("m2", press.mother.ids(road, them.mother))
    put("m3", press.mothers_father.ids(road, them.mothers_father))
    cells[~filled["mother_name"], _COLUMNS["m1"] : _COLUMNS["m2"] + 1] = NOTHING
    cells[~filled["mother_name"], _COLUMNS["m3"]] = EMPTY
    put("dob", _dates(press, them.born, dice), filled["dob"])
    kept = len(press.strings)
    put("register_id", press.strings.add_fixed(_numbered(first, count)))
    has_number = np.flatnonzero(filled["service_no"])
    numbers = press.strings.add_fixed(_service_numbers(them.service[has_number]))
    cells[has_number, _COLUMNS["service_no"]] = numbers
    _spoil(press.strings, cells, dice)
    lines = press.strings.lines(cells, _AFTER)
    press.strings.cut(kept)
    return lines


def _dates(press: Press, born: Ids, dice: np.random.Generator) -> Ids:
    """Mostly right and whole; some off, some without day or month."""
    born = _wrong_dates(born, dice)
    kind = dice.random(len(born))
    moment = FIRST_DAY + born
    months = (moment.astype("datetime64[M]") - FIRST_DAY.astype("datetime64[M]")).astype(np.int64)
    years = (moment.astype("datetime64[Y]") - FIRST_DAY.astype("datetime64[Y]")).astype(np.int64)
    conditions = [kind < YEAR_ONLY, kind < YEAR_ONLY + YEAR_MONTH]
    found = [press.years[years], press.months[months]]
    dates: Ids = np.select(conditions, found, press.days[born]).astype(np.int32)
    return dates


def _wrong_dates(born: Ids, dice: np.random.Generator) -> Ids:
    off = dice.random(len(born)) < WRONG_DATE
    shift = np.where(
        dice.random(len(born)) < 0.5,
        dice.integers(-31, 32, len(born)),
        dice.choice([-3653, -731, -365, 365, 366, 731, 3653], len(born)),
    )
    return np.clip(np.where(off, born + shift, born), 0, _DAYS - 40).astype(np.int32)


def _numbered(first: int, count: int) -> NDArray[np.uint8]:
    """R000000000 and so on, one a row."""
    number = np.arange(first, first + count)
    out = np.empty((count, 10), np.uint8)
    out[:, 0] = ord("R")
    for place in range(9):
        out[:, 9 - place] = ord("0") + number // 10**place % 10
    return out


def _service_numbers(service: Ids) -> NDArray[np.uint8]:
    letters = np.array([list(x.encode()) for x in _SERVICE_LETTERS], np.uint8)
    number = service.astype(np.int64)
    out = np.empty((len(service), 11), np.uint8)
    out[:, 0:2] = letters[number // 1_000_000 % len(letters)]
    out[:, 2:4] = letters[number // 33_000_000 % len(letters)]
    out[:, 4] = ord("-")
    for place in range(6):
        out[:, 10 - place] = ord("0") + number // 10**place % 10
    return out


def _spoil(strings: Strings, cells: Ids, dice: np.random.Generator) -> None:
    """Slips here and there, and some names in each other's column."""
    hand = Random(int(dice.integers(2**63)))
    for name, share in SLIP.items():
        column = _COLUMNS[name]
        rows = np.flatnonzero((dice.random(len(cells)) < share) & (cells[:, column] > 0))
        texts = (strings.text(int(x)) for x in cells[rows, column])
        cells[rows, column] = strings.add(list(_slipped(texts, hand)))
    for name in ("unit", "service_no"):
        column = _COLUMNS[name]
        rows = np.flatnonzero((dice.random(len(cells)) < SLIP_OF_A_DIGIT) & (cells[:, column] > 0))
        wrong = [digit(strings.text(int(x)), hand) for x in cells[rows, column]]
        cells[rows, column] = strings.add(wrong)
    turned = np.flatnonzero(dice.random(len(cells)) < TURNED)
    one, other = _COLUMNS["surname"], _COLUMNS["given"]
    cells[turned, one], cells[turned, other] = cells[turned, other], cells[turned, one]


def _slipped(texts: Iterator[str], hand: Random) -> Iterator[str]:
    kinds, shares = list(SLIP_KINDS), list(SLIP_KINDS.values())
    for text in texts:
        yield SLIPS[hand.choices(kinds, shares)[0]](text, hand)
