"""Forms of one name: languages, short forms, patronymics, endings of gender and case."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from .given_names import ENGLISH, IRREGULAR_PATRONYMICS, MEN, OTHER_SCRIPTS, WOMEN
from .letters import VOWELS, Change, changes, plain, readings

FATHER = 10_000  # a patronymic's group is its father's, moved up, so that the two never meet

# A word's stem: the first pattern that is found says what is changed; then nothing more is.
STEMS: tuple[tuple[re.Pattern[str], Change], ...] = (
    (
        re.compile(r"viC(a|u|em|om|e|i|evi|ovi)?$"),
        (re.compile(r"(?:ei|[aeoi])viC[a-z]*$"), "eviC"),
    ),
    (
        re.compile(r"([aeoi]vn|iCn|inicn)(a|i|u|oi|oiu|e|o)$"),
        (re.compile(r"[aeoi]vn(a|i|u|oi|oiu|e|o)$"), "evna"),
    ),
    *(
        (re.compile(pattern), (re.compile(pattern), ending))
        for pattern, ending in (
            (r"(enk)(a|u|om|ovi|i|e)$", r"\1o"),
            (r"(sk|ck)(aia|ia|a|oi|oho|omu|im|om|uiu|e|ei)$", r"\1i"),
            (r"([oe]v)(a|u|im|oi|e|em|om|i|iu|aia|oho|omu|uiu)$", r"\1"),
            (r"(?<=[a-zA-Z]{3})(in)(a|u|im|oi|e|om)$", r"\1"),
            (r"(?<=[a-zA-Z]{3})(aia|oho|omu|uiu|oi)$", "i"),
            (r"(iC|uk|ak|ik|ian)(a|u|om|em|evi|ovi)$", r"\1"),
        )
    ),
)
# Words whose stem does not say all that they may be: Мазепой, Ткачеві, Соловьём, Бойка, Курска.
# What is made of улы is a surname too, as a people writes it itself.
OPEN = re.compile(r"(?:oi|[oe]vi|ovem|[aeou]ik(?:a|u|om|ovi)|sk(?:a|u|e|om)|eiviC)$")
# What a surname as a people writes it itself may be in Russian papers.
OF_PEOPLES = changes(
    (r"(?<=.)iz[ao]d[ae]$", "ev"),  # Ализаде
    (r"(?<=.)([aeou])z[ao]d[ae]$", r"\1ev"),  # Мусазаде
    (r"(?<=..)([^aeiou])z[ao]d[ae]$", r"\1ov"),  # Рахмонзода
    (r"(?<=...)([^aeiou])l[iu]$", r"\1ov"),  # Мамедли
    (r"(?<=.)([aou])eiviC$", r"\1ev"),  # Мұсаұлы
    (r"(?<=.)([^aeiou])eiviC$", r"\1ov"),  # Серікұлы, Эркин уулу
    (r"(?<=.)([^aeiou])eiviC$", r"\1ev"),  # Әліұлы
    (r"(?<=..)oi?ti$", "oev"),  # Дзагойты
    (r"(?<=..)aiti$", "aev"),  # Абайты
    (r"(?<=.)eti$", "ev"),  # Джиоты, Тедеты
    (r"(?<=..)([^aeiou])oi$", r"\1oev"),  # Оздой
)
# What a word in another case may be in the nominative: each pattern that is found says one.
CASES = changes(
    (r"(?<=.)([^aeiou])(ia|iu|a|u|om|em|e|ovi|evi)$", r"\1"),  # Ткача, Ковалем
    (r"(?<=.)([^aeiou])([clkrn])(ia|iu|a|u|om|em|e|ovi|evi)$", r"\1e\2"),  # Кравца, Орлу
    (r"(?<=.)([^aeiou])k(a|u|om|e|ovi)$", r"\1ok"),  # Бычка
    (r"zaic(a|u|em|om|e|evi|ovi)$", "zaiac"),
    (r"([aeou])ic(a|u|em|om|e|evi|ovi)$", r"\1ec"),  # Бойца
    (r"(?<=..)([vbp])(ia|iu|em|e)$", r"\1ei"),  # Соловья
    (r"(?<=.)([aeou])(ia|iu|em|e|evi)$", r"\1i"),  # Цоя
    (r"(?<=..)([^aeiou])(i|e|u|oi|oiu)$", r"\1a"),  # Мазепы
    (r"(?<=..)([^aeiou])(i|e|iu|ei|eiu)$", r"\1ia"),  # Цибулі
    (r"(?<=..)([SZCc])(ei|eiu)$", r"\1a"),  # Лисицей
    (r"(?<=..)ci$", "ka"),  # Сороці
    (r"(?<=..)zi$", "ha"),
    (r"(?<=..)([kln])(a|u|om|ovi)$", r"\1o"),  # Бойка
    (r"(?<=..)([^aeiou])(im|om|em|a|u|ia|iu|oiu)$", r"\1i"),  # Белым, Біла
    (r"(?<=..)([^aeiouk])o$", r"\1a"),  # Мазепо
)
MOST_CASES = 6
# The other cases of a name, in sounds, by its last letter; "" for a consonant.
_CASES_OF_NAMES = {
    "а": (1, "i e u oi oiu ei eiu o"),
    "я": (2, "i e iu ei eiu"),
    "ь": (0, "ia iu em e i evi"),
    "й": (1, "ia iu em e i evi"),
    "о": (1, "a u om ovi e i"),
    "": (0, "a u om em e i ovi evi"),
}
_FATHERS = re.compile(r"(v|.l|.i|.t|.k|.m)iC(a|u|em|om|e)?$|[aeoi]vn(a|i|u|oi|oiu|e)$|niCn[a-z]*$")


def stem(sounds: str) -> str:
    """The form of a man in the nominative, for surnames and patronymics, in sounds."""
    for when, (pattern, ending) in STEMS:
        if when.search(sounds):
            return pattern.sub(ending, sounds)
    return sounds


def is_patronymic(sounds: Sequence[str]) -> bool:
    """Say whether a word that may sound so is formed like a patronymic.

    Петрович, Petrivna, Вагиф-оглы.
    """
    # The fourth of «Sergejewitsch» is his father's.
    return any(_FATHERS.search(x) for x in sounds[:4])


def _patronymics(father: str) -> list[str]:
    """The regular patronymics of a man's name, for a son and for a daughter."""
    if father.endswith(("ий", "ій")):
        roots = [father[:-2] + "ье", father[:-2] + "ие", father[:-1] + "йо"]
    elif father.endswith(("й", "ь")):
        roots = [father[:-1] + "е", father[:-1] + "йо"]
    elif father.endswith(("а", "о", "я")):
        roots = [father[:-1] + "о", father[:-1] + "е", father + "е"]
    elif father.endswith(("и", "у", "і")):
        roots = [father + "е"]
    else:
        roots = [father + "о"]
    return [root + ending for root in roots for ending in ("вич", "вна")]


@cache
def lexicon() -> tuple[dict[str, frozenset[int]], dict[int, tuple[str, ...]], frozenset[str]]:
    """Sounds -> groups; group -> its full forms in sounds; sounds that are only short forms."""
    groups: dict[str, set[int]] = {}
    full: dict[int, tuple[str, ...]] = {}
    short: set[str] = set()
    first: dict[str, int] = {}
    fathers = len(MEN.strip().splitlines())
    for number, line in enumerate((MEN.strip() + WOMEN.rstrip() + ENGLISH).splitlines()):
        names, _, tender = line.partition("|")
        first.setdefault(names.split()[0], number)
        full[number] = _sounds(names.split())
        for sounds in full[number]:
            groups.setdefault(sounds, set()).add(number)
        for sounds in _sounds(tender.split()):
            groups.setdefault(sounds, set()).add(number)
            short.add(sounds)
        if number < fathers:
            sons = [x for name in names.split() for x in _patronymics(name.casefold())]
            full[number + FATHER] = tuple(dict.fromkeys(map(stem, _sounds(sons))))
    for line in IRREGULAR_PATRONYMICS.strip().splitlines():
        father, *forms = line.split()
        group = first[father] + FATHER
        full[group] = tuple(dict.fromkeys((*map(stem, _sounds(forms)), *full[group])))
    for line in OTHER_SCRIPTS.strip().splitlines():
        name, *others = line.split()
        for sounds in _sounds(others):
            groups.setdefault(sounds, set()).add(first[name])
    for group, forms_of in full.items():
        if group >= FATHER:
            for sounds in forms_of:
                groups.setdefault(sounds, set()).add(group)
    frozen = {sounds: frozenset(numbers) for sounds, numbers in groups.items()}
    return frozen, full, frozenset(short) - {x for forms in full.values() for x in forms}


def _sounds(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(readings(plain(word))[0] for word in words))


@cache
def cases_of_names() -> dict[str, str]:
    """The cases of all names of men, and of women, in sounds, and the nominative of each.

    Sounds that are themselves a name are left out.
    """
    found: dict[str, str] = {}
    for names, of_men in ((MEN, True), (WOMEN, False)):
        for name in names.replace("|", " ").split():
            sounds = readings(plain(name))[0]
            for case in _cases(name.casefold(), sounds, of_men):
                found.setdefault(case, sounds)
    return {case: name for case, name in found.items() if case not in lexicon()[0]}


def _cases(name: str, sounds: str, of_man: bool) -> Iterator[str]:
    last = name[-1] if name[-1] in _CASES_OF_NAMES else ""
    if not last and (sounds[-1] in VOWELS or not of_man):
        return  # Гиви, Айшат stay as they are
    cut, endings = _CASES_OF_NAMES[last]
    root = sounds[: len(sounds) - cut]
    roots = [root, root[:-2] + root[-1]] if _FLEETING.search(name) else [root]
    for each in roots:
        for ending in (*endings.split(), *(("ia", "iu") if name[-1] == "р" else ())):
            yield _joined(each, ending)
    if last == "а" and root[-1:] in _SOFTENED:
        yield root[:-1] + _SOFTENED[root[-1]] + "i"  # Микитці


def _joined(root: str, ending: str) -> str:
    """As sounds are tidied: Дмитрием is Дмитрем."""
    if ending[0] in "eo":
        root = root.rstrip("i")
    return root.rstrip(ending[0]) + ending


_FLEETING = re.compile(r"^(?:лев|леў|павел)$|[^аеиоуыіюя][ео][кц]$")
_SOFTENED = {"k": "c", "h": "z"}


@lru_cache(maxsize=200_000)
def groups_of(sounds: str) -> frozenset[int]:
    """The names that these sounds are a form of; patronymics are found by their father's."""
    table = lexicon()[0]
    return table.get(sounds) or table.get(stem(sounds)) or frozenset()


def nominative(sounds: str) -> str:
    """A name in the nominative, if these sounds are a case of one; else themselves."""
    return cases_of_names().get(sounds, sounds)


def nominatives(sounds: str) -> tuple[str, ...]:
    """What a word that is in no table may be in the nominative, if it stands in another case."""
    if stem(sounds) != sounds and not OPEN.search(sounds):
        return ()
    return _changed(sounds, (*OF_PEOPLES, *CASES))


def in_russian_papers(sounds: str) -> tuple[str, ...]:
    """What a surname may be in Russian papers, if a people's own form of it is this."""
    return _changed(sounds, OF_PEOPLES)


def _changed(sounds: str, table: Sequence[Change]) -> tuple[str, ...]:
    found = [pattern.sub(root, sounds) for pattern, root in table if pattern.search(sounds)]
    return tuple(dict.fromkeys(map(stem, found[:MOST_CASES])))


def is_of_father(group: int) -> bool:
    """Say whether a group is of patronymics."""
    return group >= FATHER


def full_forms(group: int) -> tuple[str, ...]:
    return lexicon()[1][group]


def is_short_form(sounds: str) -> bool:
    return sounds in lexicon()[2]


def is_given(sounds: Sequence[str]) -> bool:
    """Say whether a word that may sound so is a known given name or a short form of one."""
    return any(g < FATHER for x in sounds[:3] for g in groups_of(nominative(x)))
