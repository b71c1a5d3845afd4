"""Enquiries for invented persons, as families send them, and the truth of each."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from random import Random

import numpy as np

from . import people as named
from . import slips
from .cards import day, service_number
from .people import peoples
from .persons import RANKS, World, world
from .roads import NAME_OF, written

ENQUIRY_HEADING = (
    "enquiry_id", "surname", "given", "patronymic", "full_name", "dob", "birthplace", "unit",
    "rank", "service_no", "mother_name",
)  # fmt: skip
TRUTH_HEADING = (
    "enquiry_id", "register_id", "case", "group", "script", "noise", "dob_noise", "reg_script",
)  # fmt: skip
ENQUIRY_ROADS = {
    "ru": 0.482, "uk": 0.101, "press": 0.06, "press2": 0.02, "press3": 0.02, "kmu": 0.089,
    "icao": 0.088, "fr": 0.07, "pl": 0.044, "de": 0.041,
}  # fmt: skip
# How often a family tells it when it tells much, and how much of that is left under stress.
TOLD = {"birthplace": 0.70, "unit": 0.44, "rank": 0.40, "service_no": 0.12, "mother_name": 0.60}
LEFT = {"birthplace": 0.34, "unit": 0.36, "rank": 0.35, "service_no": 0.36, "mother_name": 0.35}
DOB_LEFT = 0.65
DOB_NOISE = {
    "exact": 0.615, "missing": 0.142, "year_off": 0.07, "year_only": 0.07, "off_days": 0.053,
    "digit": 0.026, "swap_dm": 0.019, "year_month": 0.019,
}  # fmt: skip
# Each noise with its share; several may strike one enquiry.
NO_PATRONYMIC = {True: 0.12, False: 0.55}  # in Cyrillic, in Latin letters
NOISE = {
    "none": 0.25, "typo1": 0.055, "phonetic": 0.066, "one_line": 0.07, "ocr": 0.069,
    "swap_order": 0.053, "typo2": 0.048, "initials": 0.043, "diminutive": 0.046, "upper": 0.026,
    "keyboard": 0.046, "feminine": 0.022, "surname_changed": 0.02, "patronymic_wrong": 0.026,
    "double_part": 0.017, "genitive": 0.034, "homoglyph": 0.028, "given_wrong": 0.005,
    "truncated": 0.011, "surname_only": 0.008, "yo": 0.011,
}  # fmt: skip
ONLY_CYRILLIC = frozenset({"keyboard", "homoglyph", "genitive", "yo"})
SECOND_NOISE = 0.12
OTHER_PLACE, OTHER_UNIT, OTHER_RANK, BAD_NUMBER, OTHER_MOTHER = 0.08, 0.14, 0.05, 0.02, 0.10

SHARED_BY_NAMESAKES = ("people", "surname", "given", "father")
SHARED_BY_BROTHERS = (
    "people", "surname", "father", "mother", "mothers_father", "mother_surname", "place",
)  # fmt: skip


class Case(StrEnum):
    """Whether the sought person is on the register, and if not, who is."""

    MATCH = "match"
    ABSENT_RANDOM = "absent_random"
    ABSENT_NAMESAKE = "absent_namesake"
    ABSENT_BROTHER = "absent_brother"


@dataclass(frozen=True)
class Asked:
    """One enquiry before it is written: a person on the register, and somebody who is not."""

    number: int
    case: Case
    person: dict[str, int]
    stranger: dict[str, int]
    cards: list[str]
    roads: list[str]
    seed: int


@dataclass
class Told:
    """A man as his family knows him, and how it writes."""

    who: dict[str, int]
    road: str
    dice: Random
    them: World

    def on_road(self, russian: str, ukrainian: str) -> str:
        return written(russian, ukrainian, self.road)

    @cached_property
    def family_road(self) -> str:
        """Mother and birthplace: in an English spelling where the name is in a rarer one."""
        return "press2" if self.road in ("fr", "pl", "de") else self.road


def write_enquiry(asked: Asked, *, sparse: bool) -> tuple[list[str], list[list[str]]]:
    """The row of an enquiry, and the rows of its truth.

    The sparse one is the same enquiry with less in it.
    """
    dice = Random(asked.seed)
    who = _who(asked, dice)
    road = dice.choices(list(ENQUIRY_ROADS), list(ENQUIRY_ROADS.values()))[0]
    told = Told(who, road, dice, world())
    noise = _noises(told)
    names = _names(told, noise)
    dob_noise = dice.choices(list(DOB_NOISE), list(DOB_NOISE.values()))[0]
    dob = _dob(who["born"], dob_noise, dice)
    facts = _facts(told)
    if sparse:
        less = Random(asked.seed ^ 0x5EED)
        if dob and less.random() >= DOB_LEFT:
            dob, dob_noise = "", "missing"
        facts = {x: y if less.random() < LEFT[x] else "" for x, y in facts.items()}
    id = f"E{asked.number:07d}"
    row = [id, *names, dob, *facts.values()]
    group = peoples()[who["people"]].key
    rest = [asked.case, group, NAME_OF.get(road, road), "+".join(noise) or "none", dob_noise]
    if asked.case != Case.MATCH:
        return row, [[id, "", *rest, ""]]
    pairs = zip(asked.cards, asked.roads, strict=True)
    return row, [[id, card, *rest, NAME_OF.get(x, x)] for card, x in pairs]


def _who(asked: Asked, dice: Random) -> dict[str, int]:
    """The man himself, a stranger, a namesake of a card, or a brother of one."""
    on_card, stranger = asked.person, asked.stranger
    if asked.case == Case.MATCH:
        return on_card
    if asked.case == Case.ABSENT_RANDOM:
        return stranger
    if asked.case == Case.ABSENT_NAMESAKE:
        return stranger | {x: on_card[x] for x in SHARED_BY_NAMESAKES}
    brother = stranger | {x: on_card[x] for x in SHARED_BY_BROTHERS}
    brother["given"] = _other_given(on_card["people"], on_card["given"], dice)
    years = dice.choice([-1, 1]) * dice.uniform(1.0, 9.0)
    brother["born"] = min(max(on_card["born"] + round(years * 365.25), 0), 18_600)
    return brother


def _other_given(people: int, given: int, dice: Random) -> int:
    draws = world().men_of[people]
    for _ in range(20):
        found = draws.one(dice.random())
        if found != given:
            return found
    return int(next(x for x in draws.numbers if x != given))


def _noises(told: Told) -> list[str]:
    dice = told.dice
    seldom = NO_PATRONYMIC[told.road in ("ru", "uk")]
    found = ["no_patronymic"] if dice.random() < seldom else []
    kinds = [dice.choices(list(NOISE), list(NOISE.values()))[0]]
    if kinds[0] != "none" and dice.random() < SECOND_NOISE:
        kinds.append(dice.choices(list(NOISE), list(NOISE.values()))[0])
    for kind in kinds:
        if kind == "none" or kind in found:
            continue
        if kind in ONLY_CYRILLIC and told.road not in ("ru", "uk"):
            kind = "typo1"
        if kind == "genitive" and told.road != "ru":
            kind = "feminine"
        if kind == "patronymic_wrong" and "no_patronymic" in found:
            kind = "given_wrong"
        if kind == "diminutive" and not told.them.short[told.who["given"]]:
            kind = "phonetic"
        if kind not in found:
            found.append(kind)
    return found


def _names(told: Told, noise: list[str]) -> list[str]:
    """Surname, given name, patronymic, and the whole name where it is written in one line."""
    dice, them, who = told.dice, told.them, told.who
    if "surname_changed" in noise:
        who = who | {"surname": them.surname_of[who["people"]].one(dice.random())}
    if "given_wrong" in noise:
        who = who | {"given": _other_given(who["people"], who["given"], dice)}
    if "patronymic_wrong" in noise:
        who = who | {"father": _other_given(who["people"], who["father"], dice)}
    parts = [_in_both(told, who, part, noise) for part in ("surname", "given", "father")]
    names = [told.on_road(*x) for x in parts]
    if "no_patronymic" in noise or "surname_only" in noise:
        names[2] = ""
    if "surname_only" in noise:
        names[1] = ""
    return _spoiled(names, noise, dice)


def _in_both(told: Told, who: dict[str, int], part: str, noise: list[str]) -> tuple[str, str]:
    """A part of the name, Russian and Ukrainian."""
    dice, them = told.dice, told.them
    if part == "surname":
        both = list(them.surnames[who["surname"]])
        if "feminine" in noise:
            both = list(map(named.feminine, both))
        if "genitive" in noise:
            both = list(map(named.genitive, both))
        if "double_part" in noise:
            other = them.surname_of[0].one(dice.random())
            pair = them.surnames[other]
            first = dice.random() < 0.5
            both = [f"{x}-{y}" if first else f"{y}-{x}" for x, y in zip(both, pair, strict=True)]
    elif part == "given":
        both = list(them.men[who["given"]])
        short_forms = them.short[who["given"]]  # a wrong name may have none
        if "diminutive" in noise and short_forms:
            short = dice.choice(short_forms)
            both = [short, named.letters_in_ukrainian(short)]
    else:
        both = [named.patronymic(x) for x in them.men[who["father"]]]
    if "genitive" in noise and part != "surname":
        both = list(map(named.genitive_of_given, both))
    return both[0], both[1]


def _spoiled(names: list[str], noise: list[str], dice: Random) -> list[str]:
    for kind in noise:
        if kind in slips.SLIPS or kind == "yo":
            spoil = slips.SLIPS.get(kind, slips.yo)
            filled = [x for x in range(3) if names[x]]
            place = 0 if dice.random() < 0.5 else dice.choice(filled)
            names[place] = spoil(names[place], dice)
    if "truncated" in noise:
        names[0] = slips.truncated(names[0], dice)
    if "initials" in noise:
        names[1:] = [f"{x[0]}." if x else "" for x in names[1:]]
    if "homoglyph" in noise:
        names[0] = slips.homoglyph(names[0])
    if "keyboard" in noise:
        names = list(map(slips.keyboard, names))
    if "upper" in noise:
        names = [x.upper() for x in names]
    if "swap_order" in noise:
        names[0], names[1] = names[1], names[0]
    if "one_line" in noise:
        surname, given, patronymic = names
        order = (
            [surname, given, patronymic] if dice.random() < 0.5 else [given, patronymic, surname]
        )
        return ["", "", "", " ".join(x for x in order if x)]
    return [*names, ""]


def _dob(born: int, noise: str, dice: Random) -> str:
    if noise == "missing":
        return ""
    if noise == "off_days":
        return day(born + dice.choice([x for x in range(-31, 32) if x]))
    year, month, date = day(born).split("-")
    if noise == "year_off":
        year = str(int(year) + dice.choice([-10, -2, -1, 1, 2, 10]))
    if noise == "swap_dm" and int(date) <= 12:
        month, date = date, month
    if noise == "year_only":
        return year
    if noise == "year_month":
        return f"{year}-{month}"
    whole = f"{year}-{month}-{date}"
    return _another_digit(whole, dice) if noise == "digit" else whole


def _another_digit(date: str, dice: Random) -> str:
    """A date that differs in one digit and is still one."""
    while True:
        found = date[:2] + slips.digit(date[2:], dice)
        try:
            np.datetime64(found)
        except ValueError:
            continue
        return found


def _facts(told: Told) -> dict[str, str]:
    """Everything beside name and date; what is not told is empty."""
    dice, them, who = told.dice, told.them, told.who
    place = who["place"]
    if dice.random() < OTHER_PLACE:
        place = them.place.one(dice.random())
    unit = them.units[who["unit"]]
    if dice.random() < OTHER_UNIT:
        other = them.units[them.unit.one(dice.random())]
        unit = other if dice.random() < 0.7 else slips.digit(unit, dice)
    rank = who["rank"]
    if dice.random() < OTHER_RANK:
        rank = min(max(rank + dice.choice([-1, 1]), 0), len(RANKS) - 1)
    number = service_number(who["service"])
    if dice.random() < BAD_NUMBER:
        number = slips.digit(number, dice)
    facts = {
        "birthplace": written(*them.places[place], told.family_road),
        "unit": unit,
        "rank": RANKS[rank][0],
        "service_no": number,
        "mother_name": _mother(told),
    }
    return {x: y if dice.random() < TOLD[x] else "" for x, y in facts.items()}


def _mother(told: Told) -> str:
    them, who, dice = told.them, told.who, told.dice
    surname = who["mother_surname"]
    if dice.random() < OTHER_MOTHER:  # her maiden name, or that of another husband
        surname = them.surname_of[who["people"]].one(dice.random())
    words = (
        tuple(map(named.feminine, them.surnames[surname])),
        them.women[who["mother"]],
        tuple(map(named.fathers_daughter, them.men[who["mothers_father"]])),
    )
    found = [written(x[0], x[1], told.family_road) for x in words]
    if dice.random() < 0.03:
        found[0] = slips.typo(found[0], dice)
    return " ".join(found)
