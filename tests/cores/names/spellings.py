"""Invented words of names: roots with endings, spelt by several roads, with slips of the pen."""

from random import Random

from hypothesis import strategies as st

from wayhome.cores.names.letters import from_latin_keys

_ROOTS = (
    "Буйнич", "Щукн", "Жамбал", "Харитон", "Гайтука", "Магомед", "Ковальч", "Дорош", "Яковл", "Цыб",
    "Ёлк", "Быч", "Сидор", "Зеленьк", "Ткач", "Хабибулл", "Черн", "Шевч", "Кучер", "Лисиц", "Гадж",
    "Юрч", "Иван", "Петр", "Тверит", "Осип", "Ботав", "Мясоед", "Ярц", "Эркен", "Ющ", "Подвойс",
)  # fmt: skip
_ENDINGS = (
    "ов", "ев", "ова", "ин", "ина", "ский", "ская", "енко", "чук", "ук", "ич", "ець", "ян", "швили",
    "оглы", "ову", "ева", "ым", "ого",
)  # fmt: skip
_GIVEN = (
    "Саша", "Олександр", "Шура", "Костя", "Konstantin", "Костянтин", "Мага", "Магомед", "Мухаммад",
    "Микола", "Nikolai", "Дмитро", "Ваня", "Ян", "Иоганн", "Юрий", "Georgy", "Егор", "Слава",
    "Вячеслав", "Olena", "Елена", "Лена", "Сергеевич", "Serhiiovych", "Іванівна", "Ильич",
)  # fmt: skip
_ODD = (
    "И.", "К", "Ли", "Ян", "Сайын-Оол", "Оол", "Салтыков-Щедрин", "Щедрин", "О'Brien", "Гӏазиев",
    "3ахаров", "hayмов", "ß", "İsmet", "ﷺ", "李", "მამუკა", "Қасымов", "Žukov", "Müller",
    "Gaïtoukaev", "Ʒ", "1", "--", ";",
)  # fmt: skip
_ROADS = (
    {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"},
    {"ж": "sch", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch", "в": "w", "я": "ja"},
    {"ж": "ż", "х": "ch", "ц": "c", "ч": "cz", "ш": "sz", "щ": "szcz", "в": "w", "я": "ja"},
)
_PLAIN = dict(zip("абвгдеёзийклмнопрстуфыэьъ", "abvgdeeziiklmnoprstufye  ", strict=True))


def latin(word: str, road: int) -> str:
    """A Cyrillic word by one of three roads."""
    table = _PLAIN | {"ю": "ju"} | _ROADS[road]
    return "".join(table.get(x, x) for x in word.lower()).replace(" ", "")


def slipped(word: str, dice: Random) -> str:
    """A word with one letter changed, lost, doubled or swapped with its neighbour."""
    place = dice.randrange(len(word))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    return dice.choice(
        [
            before + dice.choice("аеионкрст") + after,
            before + after,
            before + 2 * letter + after,
            before + after[:1] + letter + after[1:],
        ]
    )


def invented(count: int, seed: int) -> list[str]:
    """So many words, all of them different."""
    dice = Random(seed)
    words = dict.fromkeys([*_GIVEN, *_ODD])
    while len(words) < count:
        word = dice.choice(_ROOTS) + dice.choice(_ENDINGS)
        for _ in range(dice.choice([0, 0, 1, 1, 2])):
            word = slipped(word, dice)
        words[word if dice.random() < 0.6 else latin(word, dice.randrange(3))] = None
    return list(words)[:count]


WORDS = st.one_of(
    st.sampled_from(invented(400, seed=1)),
    st.text(max_size=12),
    st.text("abcdeiknosvwzчшщяюьєґқ-' .4f", max_size=14),
)
READ = st.one_of(
    st.tuples(WORDS, st.just("")),
    WORDS.map(lambda x: (x, from_latin_keys(x))),
)
