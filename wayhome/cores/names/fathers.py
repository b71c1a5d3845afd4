"""Patronymics by the father's name: many papers hold the one and not the other."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from .forms import full_forms, groups_of, is_patronymic, lexicon, nominative
from .given_names import IRREGULAR_PATRONYMICS, MEN
from .letters import is_cyrillic, plain, readings

Forms = tuple[str, str]  # in Russian and in Ukrainian
SHORTEST = 3  # letters of a name that no table has
READINGS = 3  # of a word that are looked at, likeliest first


@lru_cache(maxsize=100_000)
def patronymic_of(father: str, *, known_only: bool = False) -> str:
    """What a son is called by this first name of his father: Николаевич of Николай, Mykola, Коля.

    Of a name that no table has the regular form; with `known_only` of names of the table alone, in
    the nominative. "" where it cannot be told, and of what is a patronymic already.
    """
    sounds = readings(plain(father))
    if is_patronymic(sounds):
        return ""
    known = lexicon()[0].get if known_only else lambda x: groups_of(nominative(x))
    groups = next(filter(None, map(known, sounds[:READINGS])), ())
    if groups:
        return _of_known(plain(father), sorted(x for x in groups if x < len(children())), sounds)
    name = father.casefold()
    if known_only or len(name) < SHORTEST or not all(map(is_cyrillic, name)):
        return ""
    return regular_in_russian(name)[0].capitalize()


def _of_known(father: str, groups: Sequence[int], sounds: Sequence[str]) -> str:
    """Of a name in these lines of the table of men; "" for a short form of several."""
    first = [x for x in groups if full_forms(x)[0] in sounds]
    whole = [x for x in groups if not set(full_forms(x)).isdisjoint(sounds)]
    likeliest = first or whole or (groups if len(groups) == 1 else [])
    if not likeliest:
        return ""
    name, in_ukrainian = (plain(x) for x in fathers()[likeliest[0]])
    russian, ukrainian = children()[likeliest[0]][0]
    return ukrainian if father == in_ukrainian != name else russian


@cache
def children() -> tuple[tuple[Forms, Forms], ...]:
    """Of each line of the table of men what his son is called, and his daughter."""
    irregular = {
        line.split()[0]: line.split()[1:] for line in IRREGULAR_PATRONYMICS.strip().splitlines()
    }
    return tuple(
        _sorted_out(irregular.get(russian, ()), russian, ukrainian)
        for russian, ukrainian in fathers()
    )


@cache
def fathers() -> tuple[Forms, ...]:
    """The name of each line of the table of men."""
    lines = (line.partition("|")[0].split() for line in MEN.strip().splitlines())
    return tuple((names[0], names[:2][-1]) for names in lines)


def _sorted_out(irregular: Iterable[str], russian: str, ukrainian: str) -> tuple[Forms, Forms]:
    """Irregular ones have a say."""
    irregular = list(irregular)
    daughters = [x for x in irregular if x.endswith("а")]
    sons = [x for x in irregular if not x.endswith("а")]
    theirs = [x for x in daughters if x.endswith("івна")]
    ours = [x for x in daughters if not x.endswith("івна")]
    regular = regular_in_russian(russian), _regular_in_ukrainian(ukrainian)
    return (
        (sons[0] if sons else regular[0][0], sons[1] if len(sons) > 1 else regular[1][0]),
        (ours[0] if ours else regular[0][1], theirs[0] if theirs else regular[1][1]),
    )


def regular_in_russian(father: str) -> Forms:
    """Петрович, Петровна; Юрьевич, Юрьевна; Андреевич, Андреевна."""
    if father.endswith("ий"):
        root = father[:-2] + ("ие" if father[-3] in "кгхц" or father[-4:-3] in "нтс" else "ье")
        return root + "вич", root + "вна"
    if father.endswith(("й", "ь")):
        return father[:-1] + "евич", father[:-1] + "евна"
    if father[-1] in "жшчщц":
        return father + "евич", father + "евна"
    root = father[:-1] if father[-1] in "аоя" else father
    return root + ("евич" if root[-1] in "иуеі" else "ович"), root + (
        "евна" if root[-1] in "иуеі" else "овна"
    )


def _regular_in_ukrainian(father: str) -> Forms:
    """Петрович, Петрівна; Андрійович, Андріївна; Ігорович, Ігорівна."""
    if father.endswith("й"):
        return father + "ович", father[:-1] + "ївна"
    if father.endswith("ль"):
        return father + "ович", father[:-1] + "івна"
    root = father[:-1] if father[-1] in "аояь" else father
    return root + "ович", root + "івна"
