"""How letters are spelled aloud on the telephone: a well-known name or word for each."""

_UKRAINIAN = (
    "Андрій Богдан Василь Григорій Ґанок Дмитро Емма Євген Женя Зоя Іван Їжак Йосип Кирило Леонід "
    "Марія Наталя Ольга Петро Роман Степан Тарас Уляна Федір Христина Цапля Чайка Шура Щука Юрій "
    "Яків"
)
_RUSSIAN = (
    "Анна Борис Василий Григорий Дмитрий Елена Ёлка Женя Зинаида Иван Константин Леонид Михаил "
    "Николай Ольга Павел Роман Семён Татьяна Ульяна Фёдор Харитон Цапля Человек Шура Щука Эхо Юрий "
    "Яков"
)
_ENGLISH = (
    "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar "
    "Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu"
)
# Letters with which no word begins: how they are called.
_CALLED = {
    "uk": (("И", "«и», як у слові «мир»"), ("Ь", "м'який знак"), ("'", "апостроф")),
    "ru": (("Й", "и краткое"), ("Ъ", "твёрдый знак"), ("Ы", "«ы», как в слове «мы»"),
           ("Ь", "мягкий знак")),
    "en": (),
}  # fmt: skip
_WORDS = {"uk": _UKRAINIAN, "ru": _RUSSIAN, "en": _ENGLISH}


def spelled(language: str) -> list[tuple[str, str]]:
    """Each letter of a language with what is said for it. Raises KeyError for another language."""
    return [(word[0], word) for word in _WORDS[language].split()] + list(_CALLED[language])
