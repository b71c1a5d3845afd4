"""Invented persons and how their families would write them, of the words that a register holds.

Every word comes from another record, so that nobody real is put together; what is made here goes
through the core in memory and is written down nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from wayhome.lib.scripts import in_other_script, is_cyrillic

NAMES = ("surname", "given", "patronymic")
FIELDS = (*NAMES, "born", "birthplace", "mother_name", "rank")
MARK = "invented-"  # every planted id begins so
# How a family's words differ from a card's, as shares of enquiries. Guesses on the hard side, of
# what a frightened family writes: where every man is found, a fall would not be seen.
OTHER_SCRIPT, NO_PATRONYMIC, NO_PLACE, NO_MOTHER, A_SLIP = 0.4, 0.6, 0.7, 0.8, 0.25
NO_DATE, ONLY_YEAR, SWAPPED = 0.3, 0.3, 0.03
MIDDLE_OF_A_MONTH = 12  # a day up to here may be taken for the month


Words = dict[str, str]  # a description's columns


@dataclass(frozen=True)
class Planted:
    """A card that nobody has, and the enquiry that should find it."""

    id: str
    card: Words
    enquiry: Words


def plant(register: Sequence[Words], *, pairs: int, chance: Random) -> list[Planted]:
    """So many invented persons, each with an enquiry for them; none of a register of a few."""
    named = [each for each in register if each["surname"] and each["given"]]
    of_scripts = [
        [each for each in named if is_cyrillic(each["surname"]) == cyrillic]
        for cyrillic in (True, False)
    ]
    written = [people for people in of_scripts if len(people) > len(FIELDS)]
    if not written:
        return []
    sizes = [len(people) for people in written]
    planted = []
    for number in range(pairs):
        (people,) = chance.choices(written, sizes)
        givers = chance.sample(people, len(FIELDS))
        card = {name: giver[name] for name, giver in zip(FIELDS, givers, strict=True)}
        planted.append(Planted(f"{MARK}{number}", card, _asked_for(card, chance)))
    return planted


def _asked_for(card: Words, chance: Random) -> Words:
    """What a family writes: less, otherwise spelled, with a slip now and then."""
    asked = {**card, "rank": "", "born": _date(card["born"], chance)}
    for name, share in (
        ("patronymic", NO_PATRONYMIC),
        ("birthplace", NO_PLACE),
        ("mother_name", NO_MOTHER),
    ):
        if chance.random() < share:
            asked[name] = ""
    if chance.random() < OTHER_SCRIPT:
        asked |= {name: in_other_script(asked[name]) for name in (*NAMES, "birthplace")}
    if chance.random() < A_SLIP:
        asked["surname"] = _slip(asked["surname"], chance)
    return asked


def _date(born: str, chance: Random) -> str:
    roll, parts = chance.random(), born.split("-")
    if roll < NO_DATE:
        return ""
    if roll < NO_DATE + ONLY_YEAR:
        return parts[0][:4]
    is_whole = len(parts) == len(("year", "month", "day")) and parts[2].isdecimal()
    if is_whole and roll < NO_DATE + ONLY_YEAR + SWAPPED and int(parts[2]) <= MIDDLE_OF_A_MONTH:
        return "-".join((parts[0], parts[2], parts[1]))
    return born


def _slip(word: str, chance: Random) -> str:
    """One letter left out, never the first."""
    if len(word) < len("слип"):
        return word
    at = chance.randrange(1, len(word))
    return word[:at] + word[at + 1 :]
