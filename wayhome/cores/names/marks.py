"""Unit, service number and rank: brought to one form, and how two of them are tied."""

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from .fuzzy import Fuzzy
from .letters import LOOKALIKES, one_script, plain

SLIPS = 2
MOST_LETTERS = 80


class MarkTie(IntEnum):
    """How two units, or two numbers, are tied."""

    UNKNOWN = 0
    EXACT = 1
    SAME_DIGITS = 2
    ONE_SLIP = 3
    TWO_SLIPS = 4
    OTHER_KIND = 5
    DIFFERS = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """A unit or a number in one form; two of different kinds can hardly be compared."""

    text: str = ""
    digits: str = ""
    kind: str = ""


_POSTBOX = re.compile(r"(?:войсков\w+ част\w*|військов\w+ частин\w*|[вv][\s./\\]*[чc]h?)[\s№.]*")


def read_unit(text: str) -> Mark:
    """в/ч 12345, «75-я отбр», "75 otbr": number and letters, and which kind of name it is."""
    text = plain(text[:MOST_LETTERS])
    text, postbox = _POSTBOX.subn("", text) if re.search(r"\d{4,}", text) else (text, 0)
    digits = "".join(re.findall(r"\d+", text)[:1])
    words = re.sub(r"(?<=\d)\s*-?(я|й|ая|ый|ий|а|nd|th|st|rd)\b", "", text)
    letters = "".join(x for x in one_script(words) if x.isalnum())
    if not letters:
        return Mark()
    kind = "postbox" if postbox or len(digits) >= 4 else "name"
    return Mark(digits if kind == "postbox" and digits else letters, digits, kind)


def read_number(text: str) -> Mark:
    """A service or personal number: letters and digits only; look-alike letters are one."""
    letters = "".join(LOOKALIKES.get(x, x) for x in plain(text[:MOST_LETTERS]) if x.isalnum())
    digits = "".join(x for x in letters if x.isdigit())
    return Mark(letters, digits, "number") if letters else Mark()


def tie_marks(one: Mark, other: Mark) -> MarkTie:
    """The closest tie of two marks; plain and slow, the measure of the fast one."""
    if not one.text or not other.text:
        return MarkTie.UNKNOWN
    if one.kind != other.kind:
        return MarkTie.OTHER_KIND
    if one.text == other.text:
        return MarkTie.EXACT
    if one.digits and one.digits == other.digits:
        return MarkTie.SAME_DIGITS
    slips = OSA.distance(one.text, other.text)
    if len(one.text) < 5 or slips > SLIPS:
        return MarkTie.DIFFERS
    return MarkTie.ONE_SLIP if slips == 1 else MarkTie.TWO_SLIPS


class MarkVocabulary:
    """The distinct units, or numbers, of a register."""

    def __init__(self) -> None:
        self.values: list[Mark] = [Mark()]
        self._numbers: dict[Mark, int] = {Mark(): 0}
        self._by_digits: defaultdict[str, list[int]] = defaultdict(list)
        self._by_kind: defaultdict[str, list[int]] = defaultdict(list)
        self._near = Fuzzy()

    def __len__(self) -> int:
        return len(self.values)

    def add(self, mark: Mark) -> int:
        number = self._numbers.get(mark)
        if number is None:
            number = self._numbers[mark] = len(self.values)
            self.values.append(mark)
            self._by_kind[mark.kind].append(number)
            self._near.add(mark.text, number)
            if mark.digits:
                self._by_digits[mark.digits].append(number)
        return number

    def ties(self, mark: Mark) -> NDArray[np.uint8]:
        """The tie of one mark with each of the vocabulary; as `tie_marks`, all at once."""
        ties = np.full(len(self.values), MarkTie.DIFFERS, np.uint8)
        if not mark.text:
            return np.zeros(len(self.values), np.uint8)
        if len(mark.text) >= 5:
            owners, slips = self._near.within(mark.text, SLIPS)
            for count, tie in ((2, MarkTie.TWO_SLIPS), (1, MarkTie.ONE_SLIP)):
                ties[owners[slips == count]] = tie
        if mark.digits:
            ties[self._by_digits.get(mark.digits, [])] = MarkTie.SAME_DIGITS
        for kind, numbers in self._by_kind.items():
            if kind != mark.kind:
                ties[numbers] = MarkTie.OTHER_KIND
        if mark in self._numbers:
            ties[self._numbers[mark]] = MarkTie.EXACT
        ties[0] = MarkTie.UNKNOWN
        return ties


class RankTie(IntEnum):
    """How two ranks are tied."""

    UNKNOWN = 0
    EXACT = 1
    ONE_STEP = 2
    TWO_STEPS = 3
    DIFFERS = 4


# In order of seniority, Russian | Ukrainian | short forms | English.
LADDER = (
    "рядовой|солдат|рядовий|ряд|матрос|private|стрелок|pvt|soldier|seaman",
    "ефрейтор|ефр|старший солдат|старший матрос|lance corporal|corporal|єфрейтор",
    "младший сержант|мл с т|мл сержант|молодший сержант|мол сержант|старшина 2 статьи|"
    "junior sergeant",
    "сержант|с т|старшина 1 статьи|sergeant|sgt|серж",
    "старший сержант|ст с т|ст сержант|головний сержант|главный старшина|"
    "senior sergeant|staff sergeant",
    "старшина|ст на|главный корабельный старшина|штаб сержант|sergeant major|майстер сержант",
    "прапорщик|пр к|прап|мичман|warrant officer|ensign",
    "старший прапорщик|ст пр к|ст прапорщик|старший мичман|senior warrant officer",
    "младший лейтенант|мл л т|мл лейтенант|молодший лейтенант|junior lieutenant",
    "лейтенант|л т|lieutenant|second lieutenant",
    "старший лейтенант|ст л т|ст лейтенант|старлей|senior lieutenant|first lieutenant",
    "капитан|к н|кап|капітан|капитан лейтенант|captain|cpt",
    "майор|м р|капитан 3 ранга|major|maj",
    "подполковник|п п к|підполковник|капитан 2 ранга|lieutenant colonel",
    "полковник|п к|капитан 1 ранга|colonel",
    "генерал майор|г м|контр адмирал|major general",
    "генерал лейтенант|вице адмирал|lieutenant general",
)
_STEPS = {name: step for step, names in enumerate(LADDER, 1) for name in names.split("|")}


def read_rank(text: str) -> int:
    """The step of a rank on the ladder from 1, or 0 if it is not known to us."""
    words = "".join(x if x.isalnum() else " " for x in plain(text))
    words = " ".join(words.removesuffix(" запаса").removesuffix(" в отставке").split())
    return _STEPS.get(words.removeprefix("гвардии "), 0)


def tie_ranks(one: int, other: int) -> RankTie:
    """Neighbouring ranks may be the same man, promoted or misremembered."""
    if not one or not other:
        return RankTie.UNKNOWN
    return (
        (RankTie.EXACT, RankTie.ONE_STEP, RankTie.TWO_STEPS)[abs(one - other)]
        if (abs(one - other) <= 2)
        else RankTie.DIFFERS
    )


class RankVocabulary:
    """All steps of the ladder; a rank's number is its step."""

    def __len__(self) -> int:
        return len(LADDER) + 1

    def add(self, step: int) -> int:
        return step

    def ties(self, step: int) -> NDArray[np.uint8]:
        return np.array([tie_ranks(step, x) for x in range(len(self))], np.uint8)
