"""A small invented register, and strategies for descriptions of any kind."""

from dataclasses import replace

from hypothesis import strategies as st

from wayhome.cores.names import Description

KONSTANTIN = Description(
    id="C1",
    surname="Буйничев",
    given="Константин",
    patronymic="Олегович",
    born="1999-01-14",
    birthplace="Вологда",
    unit="в/ч 74577",
    rank="рядовой",
    service_no="АЕ-480674",
    mother_name="Буйничева Елена Петровна",
)

_SURNAMES = [
    "Иванов",
    "Петров",
    "Сидоренко",
    "Ковальчук",
    "Магомедов",
    "Хабибуллин",
    "Дорошевич",
    "Гайтукаев",
    "Щукин",
    "Жамбалов",
    "Зеленьков",
    "Буйнов",
    "Юрченко",
    "Цыбин",
    "Ёлкин",
    "Харитонов",
    "Гаджиев",
    "Лисицын",
    "Яковлев",
    "Чернов",
    "Быков",
    "Кучеров",
]
_GIVEN = [
    "Иван",
    "Николай",
    "Дмитрий",
    "Сергей",
    "Магомед",
    "Рустам",
    "Андрей",
    "Баир",
    "Владимир",
    "Юрий",
    "Павел",
]
_FATHERS = ["Иванович", "Сергеевич", "Олегович", "Магомедович", "Юрьевич", "Андреевич", "Петрович"]


def neighbours() -> list[Description]:
    """A few hundred other men, made by turning three wheels of names."""
    return [
        Description(
            id=f"N{number}",
            surname=_SURNAMES[number % len(_SURNAMES)],
            given=_GIVEN[number % len(_GIVEN)],
            patronymic=_FATHERS[number % len(_FATHERS)],
            born=f"{1970 + number % 33}-{1 + number % 12:02d}-{1 + number % 28:02d}",
            unit=f"{10 + number % 90} отбр",
        )
        for number in range(300)
    ]


REGISTER = [KONSTANTIN, *neighbours()]


def sought(**fields: str) -> Description:
    """What a family knows of a man, and nothing else."""
    return replace(Description(id="E1"), **fields)


_WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [*_SURNAMES, *_GIVEN, *_FATHERS, "Bujnitschew", "<eqybxtd", "И.", "Костя", "Мага", "оглы"]
    ),
)
_DATES = st.one_of(
    st.dates().map(str),
    st.sampled_from(["", "1999", "1999-01", "1999~", "2001-21", "0000-00-00", "2021-02-31", "?"]),
    st.text(max_size=10),
)
DESCRIPTIONS = st.builds(
    Description,
    id=st.just("X"),
    surname=_WORDS,
    given=_WORDS,
    patronymic=_WORDS,
    full_name=st.one_of(st.just(""), st.lists(_WORDS, max_size=4).map(" ".join)),
    born=_DATES,
    birthplace=_WORDS,
    unit=st.one_of(st.text(max_size=12), st.sampled_from(["в/ч 74577", "75-я отбр", "75 отбр"])),
    rank=st.one_of(st.text(max_size=8), st.sampled_from(["рядовой", "ряд.", "ст. с-т", "капитан"])),
    service_no=st.one_of(st.text(max_size=12), st.sampled_from(["АЕ-480674", "AE480647"])),
    mother_name=st.lists(_WORDS, max_size=3).map(" ".join),
)
