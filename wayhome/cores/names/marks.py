"""Unit, service number and rank: brought to one form, and how two of them are tied."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from .fuzzy import Fuzzy
from .letters import LOOKALIKES, one_script, plain, readings, says_nothing

SLIPS = 2
FEWEST_LETTERS = 5  # of one of two marks; shorter ones are not compared by slips
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


# What a unit is: the branch and the size, by abbreviation or by the beginnings of words in
# Russian, Ukrainian and English; the first that fits. Then what a unit of both is usually called.
_BRANCHES = (
    ("теро", r"тер(?:о|р|итор)|\bтро\b|territ"),
    ("мп", r"морск\w* пехот|морськ\w* піхот|marine|naval inf|\w*мп\b"),
    ("дш", r"десантно.штурм|штурмов\w* десант|air.?assault|\w*дш[бпд]р?\b"),
    ("пд", r"парашют|парашут|parachut|\w*пд[бпд]\b"),
    ("вд", r"возд\w*.десант|повітр\w*.десант|airborne|\w*вдд\b|\bвдв\b"),
    ("мс", r"мото.?стр|motor|мотор\w* стр|\w*мс[бпд]р?\b|omsbr|\bms[bpd]r?\b"),
    ("мех", r"механ|mechani[sz]|\bо?мехбр\b|\bомбр\b"),
    ("т", r"танков|tank|armou?r|\bг?в?о?т[бпд]р?\b|\bo?tbr\b"),
    ("шт", r"штурм|assault|\w*ошбр\b|шо\b"),
    ("осн", r"спец\w*.?наз|спец\w* призн|special|spetsnaz|spec|\w*осн\w*\b|обрспн|\w*спн\b"),
    ("зр", r"зенит|зеніт|anti.?air|air.?def|\w*зр[пб]р?\b"),
    ("рд", r"развед|розвід|recon|\bо?рб\b"),
    ("арт", r"артил|artil|гаубич|\bартбр\b|\bг?с?а[пб]р?\b"),
    ("инж", r"инжен|інжен|engineer|сапер|\w*исб\b"),
)
_SIZES = (
    ("бр", r"бригад|brigad|\bbde\b|\w*бр(?:мп|он|спн)?\b|\w*br\b"),
    ("д", r"дивиз|дивіз|divis|\bdiv\b|\w*(?:мс|т|вд|дш)д\b|\bmsd\b"),
    ("п", r"полк|regim|\brgt\b|\w*(?:мс|т|пд|дш|зр|а)п\b|пмп\b|\bmsp\b"),
    ("б", r"батальон|батальйон|\bбат\b|battal|\bbn\b|\w*(?:мс|т|пд|дш|р|ис)б\b|бмп\b|\bmsb\b"),
    ("а", r"арми|армі|army"),
    ("к", r"корпус|corps"),
)
_USUAL = {
    ("мс", "бр"): "омсбр", ("т", "бр"): "отбр", ("дш", "бр"): "одшбр", ("мп", "бр"): "обрмп",
    ("мп", "п"): "опмп", ("мп", "б"): "обмп", ("теро", "п"): "мсптеро", ("мех", "бр"): "омбр",
    ("вд", "бр"): "овдбр", ("арт", "п"): "ап", ("арт", "бр"): "абр", ("осн", "бр"): "обрспн",
}  # fmt: skip


def read_unit(text: str) -> Mark:
    """в/ч 12345, «75-я отбр», "75th tank brigade": number and kind, in one form.

    A unit with a field post number is of the kind "postbox", any other of the kind "name". Of
    «1 мсб 114 омсбр» the brigade is taken, of a regiment and its division the regiment.
    """
    if says_nothing(text):
        return Mark()
    text = plain(text[:MOST_LETTERS])
    text, postbox = _POSTBOX.subn("", text) if re.search(r"\d{4,}", text) else (text, 0)
    text = text if postbox else _most_telling(text)
    digits = "".join(re.findall(r"\d{4,}" if postbox else r"\d+", text)[:1])
    words = re.sub(r"(?<=\d)\s*-?(я|й|ая|ый|ий|а|та|га|nd|th|st|rd)\b", "", text)
    letters = "".join(x for x in one_script(words) if x.isalnum())
    if not letters:
        return Mark()
    if postbox or len(digits) >= 4:
        return Mark(digits or letters, digits, "postbox")
    return Mark(digits + _kind_of_unit(words) if _kind_of_unit(words) else letters, digits, "name")


def _most_telling(text: str) -> str:
    """Of several units with a number each, that which says most: a brigade or a regiment."""
    units: list[str] = re.findall(r"\d+\D*", text)
    if len(units) < 2:
        return text
    return min(units, key=lambda x: _TELLING.index(_size_of(_bare(x))))


_TELLING = ("бр", "п", "д", "б", "к", "а", "")


def _bare(words: str) -> str:
    return one_script(re.sub(r"[\d.,\"«»№-]+", " ", words))


def _size_of(words: str) -> str:
    return next((x for x, pattern in _SIZES if re.search(pattern, words)), "")


def _kind_of_unit(words: str) -> str:
    """отбр for "отд. танковая бригада", "" if it cannot be told."""
    words = _bare(words)
    branch = next((x for x, pattern in _BRANCHES if re.search(pattern, words)), "")
    size = _size_of(words)
    return _USUAL.get((branch, size), branch + size) if branch and size else ""


_MISREAD = str.maketrans("оіlзб", "01136")  # letters among digits
_MISREAD_AFTER = re.compile(r"(?<=\d)[оіlзб]+")


def read_number(text: str) -> Mark:
    """A service or personal number: letters and digits only; look-alike letters are one."""
    if says_nothing(text):
        return Mark()
    letters = "".join(LOOKALIKES.get(x, x) for x in plain(text[:MOST_LETTERS]) if x.isalnum())
    letters = _MISREAD_AFTER.sub(_as_digits, letters)[:MOST_LETTERS]
    if says_nothing(letters):
        return Mark()
    digits = "".join(x for x in letters if x.isdigit())
    return Mark(letters, digits, "number")


def _as_digits(letters: re.Match[str]) -> str:
    return letters[0].translate(_MISREAD)


def read_numbers(texts: Sequence[str]) -> list[str]:
    """What `read_number` makes of each text; of all of them at once, if none is strange."""
    lines = _WITHOUT_DIGITS.sub(_unless_nothing, "\n".join(texts))
    whole = unicodedata.normalize("NFC", lines).casefold().translate(_FOLDED)
    letters = _MISREAD_AFTER.sub(_as_digits, _NO_LETTER.sub("", whole))
    found = _WITHOUT_DIGITS.sub(_unless_nothing, letters).split("\n")
    longest = max((len(x) for several in (texts, found) for x in several), default=0)
    if len(found) != len(texts) or longest > MOST_LETTERS:
        return [read_number(x).text for x in texts]
    return found


def _unless_nothing(line: re.Match[str]) -> str:
    return "" if says_nothing(line[0]) else line[0]


_FOLDED = str.maketrans({"ё": "е"} | LOOKALIKES)
_WITHOUT_DIGITS = re.compile(r"^[^\d\n]+$", re.MULTILINE)
_NO_LETTER = re.compile(r"[^\w\n]|_")


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
    if max(len(one.text), len(other.text)) < FEWEST_LETTERS or slips > SLIPS:
        return MarkTie.DIFFERS
    return MarkTie.ONE_SLIP if slips == 1 else MarkTie.TWO_SLIPS


class MarkVocabulary:
    """The distinct units, or numbers, of a register."""

    def __init__(self) -> None:
        self.values: list[Mark] = [Mark()]
        self._numbers: dict[Mark, int] = {Mark(): 0}
        self._by_digits: defaultdict[str, list[int]] = defaultdict(list)
        self._by_kind: defaultdict[str, list[int]] = defaultdict(list)
        self._others: dict[str, NDArray[np.int64]] = {}
        self._near = Fuzzy()

    def __len__(self) -> int:
        return len(self.values)

    def _of_another(self, kind: str) -> NDArray[np.int64]:
        """The numbers of all marks of other kinds; to make an array of them takes longest."""
        found = self._others.get(kind)
        if found is None:
            several = [x for each, x in self._by_kind.items() if each != kind]
            found = self._others[kind] = np.array([y for x in several for y in x], np.int64)
        return found

    def add(self, mark: Mark) -> int:
        number = self._numbers.get(mark)
        if number is None:
            number = self._numbers[mark] = len(self.values)
            self.values.append(mark)
            self._by_kind[mark.kind].append(number)
            self._others.clear()
            self._near.add(mark.text, number)
            if mark.digits:
                self._by_digits[mark.digits].append(number)
        return number

    def ties(self, mark: Mark) -> NDArray[np.uint8]:
        """The tie of one mark with each of the vocabulary; as `tie_marks`, all at once."""
        ties = np.full(len(self.values), MarkTie.DIFFERS, np.uint8)
        if not mark.text:
            return np.zeros(len(self.values), np.uint8)
        owners, slips = self._near.within(mark.text, SLIPS)
        longest = [max(len(mark.text), len(self.values[x].text)) for x in owners.tolist()]
        long_enough = np.array(longest, np.int64) >= FEWEST_LETTERS
        for count, tie in ((2, MarkTie.TWO_SLIPS), (1, MarkTie.ONE_SLIP)):
            ties[owners[long_enough & (slips == count)]] = tie
        if mark.digits:
            ties[self._by_digits.get(mark.digits, [])] = MarkTie.SAME_DIGITS
        ties[self._of_another(mark.kind)] = MarkTie.OTHER_KIND
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


# In order of seniority, Russian | Ukrainian | short forms | English, German and Polish.
LADDER = (
    "рядовой|солдат|рядовий|ряд|ряд вой|матрос|private|стрелок|стрілець|pvt|soldier|seaman|рекрут|"
    "боец|боєць|доброволец|доброволець|гвардеец|szeregowy|soldat|schütze|grenadier|rekrut",
    "ефрейтор|ефр|ефр р|старший солдат|ст солдат|старший матрос|ст матрос|lance corporal|corporal|"
    "єфрейтор|pfc|private first class|senior soldier|cpl|specialist|gefreiter|obergefreiter|"
    "hauptgefreiter|stabsgefreiter|starszy szeregowy",
    "младший сержант|мл с т|мл сержант|мл серж|молодший сержант|мол сержант|мол с т|"
    "старшина 2 статьи|старшина 2 статті|junior sergeant|jr sergeant|jr sgt|unteroffizier|kapral",
    "сержант|с т|старшина 1 статьи|старшина 1 статті|sergeant|sgt|серж|"
    "unterfeldwebel|stabsunteroffizier|plutonowy|sierżant",
    "старший сержант|ст с т|ст сержант|ст серж|головний сержант|главный старшина|"
    "головний старшина|senior sergeant|staff sergeant|ssgt|sr sgt|"
    "feldwebel|starszy sierżant|sergeant first class|sfc",
    "старшина|ст на|стар на|главный корабельный старшина|штаб сержант|sergeant major|"
    "майстер сержант|старший майстер сержант|головний майстер сержант|master sergeant|"
    "starshina|first sergeant|oberfeldwebel|hauptfeldwebel|stabsfeldwebel",
    "прапорщик|пр к|прап|прапор|мичман|мічман|warrant officer|ensign|wo|прап к|fähnrich|chorąży",
    "старший прапорщик|ст пр к|ст прапорщик|ст прап|старший мичман|старший мічман|"
    "senior warrant officer|chief warrant officer|senior ensign|"
    "stabsfähnrich|starszy chorąży",
    "младший лейтенант|мл л т|мл лейтенант|мл лейт|молодший лейтенант|мол лейтенант|"
    "junior lieutenant|third lieutenant|jr lieutenant|unterleutnant",
    "лейтенант|л т|лейт|lieutenant|second lieutenant|lt|2lt|leutnant|podporucznik",
    "старший лейтенант|ст л т|ст лейтенант|ст лейт|старлей|senior lieutenant|first lieutenant|"
    "1lt|sr lt|oberleutnant|porucznik",
    "капитан|к н|кап|капітан|капитан лейтенант|капітан лейтенант|captain|cpt|capt|к т|"
    "hauptmann|kapitan",
    "майор|м р|капитан 3 ранга|капітан 3 рангу|major|maj",
    "подполковник|п п к|подп к|подполк|підполковник|капитан 2 ранга|капітан 2 рангу|"
    "lieutenant colonel|lt col|ltc|oberstleutnant|podpułkownik",
    "полковник|п к|полк|полк к|капитан 1 ранга|капітан 1 рангу|colonel|col|oberst|pułkownik",
    "генерал майор|г м|ген майор|бригадний генерал|контр адмирал|major general|brigadier general",
    "генерал лейтенант|г л|ген лейтенант|вице адмирал|lieutenant general",
)
_STEPS = {name: step for step, names in enumerate(LADDER, 1) for name in names.split("|")}
_BY_SOUND = {
    readings(name.replace(" ", ""))[0]: step for name, step in _STEPS.items() if len(name) > 4
}
# Endings of gender and case: «младшего сержанта», «рядовому».
_ENDING = re.compile(
    r"(?<=[а-яіїєґ]{4})(?:[иыіо]й|[ое]го|[ое]му|[иы]м|[оеє][мю]|[ое]ві|[аеиіуы])(?= |$)"
)
_BY_STEM = {_ENDING.sub("", name): step for name, step in _STEPS.items()}
_NO_RANK = re.compile(
    r"^(?:гвардии|гвардії|гв|guards?) | (?:запаса|запасу|в отставке|у відставці|юстиции|юстиції|"
    r"медицинской службы|медичної служби|м с|мед службы|полиции|поліції|внутренней службы)$"
)


def read_rank(text: str) -> int:
    """The step of a rank on the ladder from 1, or 0 if it is not known to us."""
    words = "".join(x if x.isalnum() else " " for x in one_script(plain(text[:MOST_LETTERS])))
    words = _NO_RANK.sub("", _NO_RANK.sub("", " ".join(words.split())))
    if words in _STEPS:
        return _STEPS[words]
    if _ENDING.sub("", words) in _BY_STEM:
        return _BY_STEM[_ENDING.sub("", words)]
    return next((_BY_SOUND[x] for x in readings(words) if x in _BY_SOUND), 0)


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
