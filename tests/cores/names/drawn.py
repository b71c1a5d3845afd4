"""Registers and enquiries drawn at random, of few values: much agrees, and much is near."""

from dataclasses import replace

from wayhome.cores.names import Description
from wayhome.cores.names.spelling import spelling
from wayhome.cores.names.together import Together, known_so
from wayhome.cores.names.weights import Weights

_SURNAMES = ["Иванов", "Иваненко", "Петров", "Петренко", "Магомедов", "Bujnitschew", "Буйничев",
             "Щукин", "Shchukin", "Szczukin", "Николай", "Орлов-Петров", "И.", ""]  # fmt: skip
_GIVEN = ["Иван", "Ivan", "Николай", "Микола", "Коля", "Петр", "Пётр", "А.", "Сергей", "Serhii",
          "Магомед", "Иванов", ""]  # fmt: skip
_FATHERS = ["Иванович", "Миколайович", "Николаевич", "Petrovich", "Магомедович", "Иван", "", "",
            "И."]  # fmt: skip
_FIRST_NAMES = ["Николай", "Mykola", "Хасмагомед", "Иванов Иван Петрович", "нет", "", "", "", ""]
_PLACES = ["Вологда", "Vologda", "г. Казань", "Свердловск", "Екатеринбург", "", ""]
_UNITS = ["в/ч 74577", "74577", "75 отбр", "75-я отбр", "76 отбр", "", ""]
_RANKS = ["рядовой", "ефрейтор", "сержант", "капитан", "", ""]
_MOTHERS = ["Иванова Елена Петровна", "Олена Петрівна", "Мария", "", "", ""]


def drawn_description(draw, id, out_of=()):
    """Anybody; or, mostly, one of these records with a few of its fields drawn anew."""
    anew = Description(
        id=id,
        surname=draw.choice(_SURNAMES),
        given=draw.choice(_GIVEN),
        patronymic=draw.choice(_FATHERS),
        born=_date(draw),
        birthplace=draw.choice(_PLACES),
        unit=draw.choice(_UNITS),
        rank=draw.choice(_RANKS),
        service_no=draw.choice(["", "", f"АЕ-{draw.randrange(480670, 480680)}", "ЕА-480674"]),
        mother_name=draw.choice(_MOTHERS),
        father_name=draw.choice(_FIRST_NAMES),
    )
    if draw.random() < 0.2:
        slipped = draw.choice(("surname", "given"))
        anew = replace(anew, **{slipped: _slipped(draw, getattr(anew, slipped))})
    if draw.random() < 0.15:
        line = f"{anew.surname} {anew.given} {anew.patronymic}"
        return replace(anew, surname="", given="", patronymic="", full_name=line)
    if out_of and draw.random() < 0.7:
        kept = draw.choice(out_of)
        fields = ("surname", "given", "patronymic", "born", "birthplace", "unit", "service_no")
        return replace(anew, **{x: getattr(kept, x) for x in fields if draw.random() < 0.6})
    return anew


def drawn_register(draw, size):
    return [drawn_description(draw, f"R{number:05d}") for number in range(size)]


def _slipped(draw, word):
    """A word with a letter twice, without one, or with two in each other's place."""
    at = draw.randrange(len(word)) if word else 0
    letter, after = word[at : at + 1], word[at + 1 : at + 2]
    return (
        word[:at] + draw.choice((letter + letter + after, after, after + letter)) + word[at + 2 :]
    )


def drawn_weights(draw):
    """Weights by which some of these names go together, at random."""
    sizes = (0.5, 0.3, 0.2)
    tables = []
    for place, words in enumerate((_SURNAMES, _GIVEN, _FATHERS)):
        known = {x for word in words for x in known_so(place, spelling(word))[:1]}
        known |= {f"-{x[-3:]}" for x in known} if place == 0 else {"?"}
        some = sorted(x for x in known if draw.random() < 0.6)
        tables.append({x: tuple(draw.choice([0.2, 1.0, 2.5]) for _ in sizes) for x in some})
    return Weights(together=Together(sizes, tuple(tables)))


def _date(draw):
    year, month, day = draw.randrange(1989, 1993), draw.randrange(1, 13), draw.randrange(1, 29)
    written = [f"{year}-{month:02d}-{day:02d}"] * 5
    return draw.choice([*written, f"{year}", f"{year}-{month:02d}", f"{year}~", "", ""])
