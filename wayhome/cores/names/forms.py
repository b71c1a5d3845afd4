"""Forms of one name: languages, short forms, patronymics, endings of gender and case."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from .given_names import ENGLISH, IRREGULAR_PATRONYMICS, MEN, OTHER_SCRIPTS, WOMEN
from .letters import Change, plain, readings

_FATHER = 10_000  # a patronymic's group is its father's, moved up, so that the two never meet

# A word's stem: the first pattern that is found says what is changed; then nothing more is.
STEMS: tuple[tuple[re.Pattern[str], Change], ...] = (
    (re.compile(r"viC(a|u|em|om|e)?$"), (re.compile(r"[aeoi]viC[a-z]*$"), "eviC")),
    (
        re.compile(r"([aeoi]vn|iCn|inicn)(a|i|u|oi|oiu|e)$"),
        (re.compile(r"[aeoi]vn(a|i|u|oi|oiu|e)$"), "evna"),
    ),
    *(
        (re.compile(pattern), (re.compile(pattern), ending))
        for pattern, ending in (
            (r"(sk|ck)(aia|ia|a|oi|oho|omu|im|om|uiu|e|ei)$", r"\1i"),
            (r"([oe]v)(a|u|im|oi|e|em|om|i|iu|aia|oho|omu|uiu)$", r"\1"),
            (r"(?<=[a-zA-Z]{3})(in)(a|u|im|oi|e|om)$", r"\1"),
            (r"(enk)(a|u|om|ovi|i|e)$", r"\1o"),
            (r"(?<=[a-zA-Z]{3})(aia|oho|omu|uiu|oi)$", "i"),
            (r"(iC|uk|ak|ik|ian)(a|u|om|em|evi|ovi)$", r"\1"),
        )
    ),
)
# Forms such as Дмитрия, Ивану: what is left without the ending, each tried in turn.
CASES: tuple[Change, ...] = tuple(
    (re.compile(rf"(?<=.{{4}}){ending}$"), root)
    for ending in ("u", "a", "em", "om", "iu", "ia")
    for root in ("", "i")
)
_FATHERS = re.compile(r"(v|.l|.i|.t|.k|.m)iC(a|u|em|om|e)?$|[aeoi]vn(a|i|u|oi|oiu|e)$|niCn[a-z]*$")
_TURKIC = re.compile(r"(..[oe]hl[iu]|..uhli|..ul[iu]|..[kh]izi)$")
_TURKIC_ENDINGS = ("оглы", "оглу", "оғлу", "улы", "уулу", "угли", "кызы", "гызы")


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
    return any(_FATHERS.search(x) or _TURKIC.search(x) for x in sounds[:4])


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
    regular = [root + ending for root in roots for ending in ("вич", "вна")]
    return regular + [father + ending for ending in _TURKIC_ENDINGS]


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
            full[number + _FATHER] = tuple(dict.fromkeys(map(stem, _sounds(sons))))
    for line in IRREGULAR_PATRONYMICS.strip().splitlines():
        father, *forms = line.split()
        group = first[father] + _FATHER
        full[group] = tuple(dict.fromkeys((*map(stem, _sounds(forms)), *full[group])))
    for line in OTHER_SCRIPTS.strip().splitlines():
        name, *others = line.split()
        for sounds in _sounds(others):
            groups.setdefault(sounds, set()).add(first[name])
    for group, forms_of in full.items():
        if group >= _FATHER:
            for sounds in forms_of:
                groups.setdefault(sounds, set()).add(group)
    frozen = {sounds: frozenset(numbers) for sounds, numbers in groups.items()}
    return frozen, full, frozenset(short) - {x for forms in full.values() for x in forms}


def _sounds(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(readings(plain(word))[0] for word in words))


@lru_cache(maxsize=200_000)
def groups_of(sounds: str) -> frozenset[int]:
    """The names that these sounds are a form of; patronymics are found by their father's."""
    table = lexicon()[0]
    return table.get(sounds) or table.get(stem(sounds)) or _of_a_case(sounds)


def _of_a_case(sounds: str) -> frozenset[int]:
    """The names of which this is a case, found again when the ending is taken off."""
    table = lexicon()[0]
    for pattern, root in CASES:
        candidate, found = pattern.subn(root, sounds)
        if found and candidate in table:
            return table[candidate]
    return frozenset()


def is_of_father(group: int) -> bool:
    """Say whether a group is of patronymics."""
    return group >= _FATHER


def full_forms(group: int) -> tuple[str, ...]:
    return lexicon()[1][group]


def is_short_form(sounds: str) -> bool:
    return sounds in lexicon()[2]


def is_given(sounds: Sequence[str]) -> bool:
    """Say whether a word that may sound so is a known given name or a short form of one."""
    return any(g < _FATHER for x in sounds[:3] for g in groups_of(x))
