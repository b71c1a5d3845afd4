"""Descriptions of persons as they come in, and what a comparison reads out of them."""

from dataclasses import dataclass
from functools import lru_cache

from .dates import Born, read_born
from .forms import is_given, is_patronymic
from .letters import from_latin_keys, one_script, plain, typed_on_latin_keys
from .marks import Mark, read_number, read_rank, read_unit
from .spelling import Spelling, spelling

EXPECTED_BITS = 0.0
UNDECIDED_FIRST_BITS = -0.5  # surname first, in a line that does not show which is which
UNDECIDED_LAST_BITS = -1.5
UNEXPECTED_BITS = -3.0
SWAPPED_BITS = -4.5  # about one card in twenty has surname and given name in each other's place


@dataclass(frozen=True, slots=True)
class Description:
    """A person as somebody described him; any field may be empty, in any script."""

    id: str
    surname: str = ""
    given: str = ""
    patronymic: str = ""
    full_name: str = ""
    born: str = ""
    birthplace: str = ""
    unit: str = ""
    rank: str = ""
    service_no: str = ""
    mother_name: str = ""
    kind: str = "capture"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One way to share out the words of a name, and what speaks against it, in bits."""

    surname: Spelling
    given: Spelling
    patronymic: Spelling
    bits: float = 0.0


@dataclass(frozen=True, slots=True)
class Particulars:
    """What of a description is compared."""

    names: tuple[Arrangement, ...]
    born: Born
    birthplace: Spelling
    unit: Mark
    rank: int
    service_no: Mark
    mother_given: Spelling
    mother_patronymic: Spelling


NOTHING = spelling("")

_PLACE_WORDS = frozenset(
    ("г", "гор", "город", "с", "село", "п", "пос", "поселок", "пгт", "д", "дер", "деревня", "ст",
     "станица", "аул", "м", "місто", "смт", "селище", "х", "хутор", "gorod", "selo")
)  # fmt: skip
RENAMED = {
    "свердловск": "екатеринбург", "ленинград": "санкт-петербург", "горький": "нижний новгород",
    "куйбышев": "самара", "калинин": "тверь", "орджоникидзе": "владикавказ", "устинов": "ижевск",
    "брежнев": "набережные челны", "андропов": "рыбинск", "загорск": "сергиев посад",
    "днепропетровск": "днепр", "дніпропетровськ": "дніпро", "кировоград": "кропивницкий",
    "артемовск": "бахмут", "артемівськ": "бахмут", "ворошиловград": "луганск",
    "ворошиловоград": "луганск", "гурьев": "атырау", "целиноград": "астана",
    "спб": "санкт-петербург", "питер": "санкт-петербург",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def read(description: Description) -> Particulars:
    """Read out of a description what is compared; anything unreadable counts as not known."""
    mother_given, mother_patronymic = _mother(description.mother_name)
    return Particulars(
        names=_arrangements(description),
        born=read_born(description.born),
        birthplace=_place(description.birthplace),
        unit=read_unit(description.unit),
        rank=read_rank(description.rank),
        service_no=read_number(description.service_no),
        mother_given=mother_given,
        mother_patronymic=mother_patronymic,
    )


def _word(word: str, *, latin_keys: bool) -> Spelling:
    found = spelling(word, from_latin_keys(word) if latin_keys else "")
    return found if found.folded else NOTHING


def _arrangements(of: Description) -> tuple[Arrangement, ...]:
    parts = [of.surname, of.given, of.patronymic]
    latin_keys = typed_on_latin_keys(" ".join(x for x in (*parts, of.full_name) if x))
    if not (of.surname.strip() or of.given.strip()) and of.full_name.strip():
        return _one_line(of.full_name, of.patronymic, latin_keys)
    surname, given, patronymic = map(str.strip, parts)
    words = given.split()
    if not patronymic and len(words) == 2 and is_patronymic(_typed(words[1], latin_keys)):
        given, patronymic = words
    return _both_orders((surname, given, patronymic), latin_keys, EXPECTED_BITS, SWAPPED_BITS)


def _typed(word: str, latin_keys: bool) -> str:
    return from_latin_keys(word) if latin_keys else word


def _both_orders(
    words: tuple[str, str, str], latin_keys: bool, straight: float, swapped: float
) -> tuple[Arrangement, ...]:
    surname, given, patronymic = (_word(x, latin_keys=latin_keys) for x in words)
    first = Arrangement(surname, given, patronymic, straight)
    if surname == given:
        return (first,)
    return (first, Arrangement(given, surname, patronymic, swapped))


def _one_line(line: str, patronymic: str, latin_keys: bool) -> tuple[Arrangement, ...]:
    words = line.replace(",", " ").split() if not latin_keys else line.split()
    words = _initials_apart(words)
    if not words:
        return (Arrangement(NOTHING, NOTHING, NOTHING),)
    if not patronymic:
        fathers = [x for x in words[1:] if is_patronymic(_typed(x, latin_keys))]
        if len(words) >= 3:
            patronymic = fathers[-1] if fathers else words[2]
            words.remove(patronymic)
        elif fathers and len(words) == 2 and is_given(_typed(words[0], latin_keys)):
            patronymic, words = words[1], words[:1]
            return (
                Arrangement(
                    NOTHING,
                    _word(words[0], latin_keys=latin_keys),
                    _word(patronymic, latin_keys=latin_keys),
                ),
            )
    first, second = words[0], " ".join(words[1:])
    given = [is_given(_typed(x, latin_keys)) for x in (first, second)]
    straight, swapped = UNDECIDED_FIRST_BITS, UNDECIDED_LAST_BITS
    if given[1] and not given[0]:
        straight, swapped = EXPECTED_BITS, UNEXPECTED_BITS
    elif given[0] and not given[1]:
        straight, swapped = UNEXPECTED_BITS, EXPECTED_BITS
    return _both_orders((first, second, patronymic), latin_keys, straight, swapped)


def _initials_apart(words: list[str]) -> list[str]:
    """«И.И.» is two words."""
    apart: list[str] = []
    for word in words:
        letters = [x for x in word.split(".") if x]
        short = "." in word and all(len(x) <= 2 for x in letters)
        apart += letters if short else [word]
    return apart or words


def _place(text: str) -> Spelling:
    words = [x for x in plain(text).replace(",", " ").split() if x.strip(".") not in _PLACE_WORDS]
    name = one_script(" ".join(words))
    found = spelling(RENAMED.get(name, name))
    return found if found.folded else NOTHING


def _mother(line: str) -> tuple[Spelling, Spelling]:
    """Given name and patronymic out of a line; her surname is mostly her son's, and no news."""
    words = line.replace(",", " ").split()
    at = next((i for i, x in enumerate(words) if i and is_patronymic(x)), None)
    if at is not None:
        return _word(words[at - 1], latin_keys=False), _word(words[at], latin_keys=False)
    if len(words) == 1:
        return (_word(words[0], latin_keys=False) if is_given(words[0]) else NOTHING), NOTHING
    if len(words) >= 2:
        given = words[0] if is_given(words[0]) and not is_given(words[1]) else words[1]
        father = words[2] if len(words) > 2 else ""
        return _word(given, latin_keys=False), _word(father, latin_keys=False)
    return NOTHING, NOTHING
