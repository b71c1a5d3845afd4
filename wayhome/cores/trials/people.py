"""Names that invented persons bear: given names of each people, and how a father's name goes on.

Surnames and places stand in tables/*.tsv, learned from open lists of invented persons and from
Wikidata (both CC0). Given names are compiled from everyday usage: name, how many bear it,
how many fathers did where that is another number, Ukrainian form where it is another, then short
and tender forms.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent / "tables"

_RUSSIAN = """
Александр 3888 3275 Олександр | Саша Саня Шура Сашка Санек Алекс
Сергей 2807 2232 Сергій | Сережа Серега Сергуня
Алексей 2170 1244 Олексій | Леша Алеша Леха Лешка
Дмитрий 2144 850 Дмитро | Дима Димка Митя Димон
Андрей 2091 1113 Андрій | Андрюша Андрюха Дрюня
Евгений 1525 749 Євген | Женя Женька Жека
Владимир 1399 3122 Володимир | Вова Володя Вовка Вован
Иван 1320 1186 Іван | Ваня Ванька Ванек
Максим 1232 60 Максим | Макс Максик
Денис 1044 99 Денис | Дениска Дэн
Роман 950 237 Роман | Рома Ромка
Михаил 947 2098 Михайло | Миша Мишка Миха
Николай 866 2528 Микола | Коля Колян Колька
Артем 854 30 Артем | Тема Артемка
Антон 805 40 Антон | Антоша Тоха
Павел 748 624 Павло | Паша Пашка Павлик
Игорь 727 709 Ігор | Игорек Гоша
Олег 666 1032 Олег | Олежка Олежек
Виталий 645 285 Віталій | Виталик Виталя
Руслан 586 511 Руслан | Русик Рус
Виктор 546 1875 Віктор | Витя Витек
Юрий 527 1404 Юрій | Юра Юрка Юрик
Владислав 517 60 Владислав | Влад Владик
Никита 410 6 Микита | Никитка Никитос
Вячеслав 387 448 В'ячеслав | Слава Славик
Илья 366 56 Ілля | Илюша Илюха
Василий 353 1035 Василь | Вася Васек
Кирилл 351 10 Кирило | Кирюша Кирюха
Вадим 350 207 Вадим | Вадик Вадя
Валерий 291 991 Валерій | Валера Валерка
Станислав 261 159 Станіслав | Стас Стасик
Даниил 245 20 Данило | Даня Данька
Константин 240 198 Костянтин | Костя Костик Костян
Анатолий 226 1264 Анатолій | Толя Толик
Егор 215 39 Єгор | Егорка Жора
Григорий 129 191 Григорій | Гриша Гришка
Петр 109 713 Петро | Петя Петька
Семен 108 121 Семен | Сеня Сема
Ярослав 104 15 Ярослав | Ярик Слава
Геннадий 98 563 Геннадій | Гена Генка
Борис 97 474 Борис | Боря Борька
Федор 86 160 Федір | Федя Федька
Степан 85 88 Степан | Степа Степка
Эдуард 82 90 Едуард | Эдик
Данила 82 49 Данила | Даня Данилка
Георгий 80 83 Георгій | Жора Гоша
Глеб 72 0 Гліб | Глебка
Леонид 70 379 Леонід | Леня Ленька
Аркадий 42 67 Аркадій | Аркаша
Богдан 46 0 Богдан | Богданчик
Марк 43 0 Марк | Марик
Захар 43 6 Захар | Захарка
Матвей 39 0 Матвій | Мотя Матвейка
Герман 38 0 Герман | Гера
Тимофей 32 0 Тимофій | Тима Тимоха
Арсений 26 0 Арсеній | Сеня Арсюша
Альберт 26 0 Альберт | Алик
Родион 25 0 Родіон | Родя
Филипп 24 0 Пилип | Филя Филька
Давид 23 0 Давид | Дава
Савелий 22 0 Савелій | Сава
Роберт 22 0 Роберт | Робик
Ростислав 16 0 Ростислав | Ростик
Всеволод 14 0 Всеволод | Сева
Святослав 13 0 Святослав | Слава
Назар 15 0 Назар | Назарка
Мирон 15 0 Мирон | Мироша
Игнат 12 0 Гнат | Игнаша
Платон 10 0 Платон | Тоша
Макар 10 0 Макар | Макарка
Ефим 8 10 Юхим | Фима
Демьян 7 0 Дем'ян | Дема
Лев 20 13 Лев | Лева Левушка
Афанасий 5 0 Опанас | Афоня
Валентин 60 307 Валентин | Валя Валик
Лука 4 0 Лука
Елисей 6 0 Єлисей | Еля
Яков 14 42 Яків | Яша
Прохор 3 0 Прохор | Проша
Трофим 3 0 Трохим | Троша
Остап 2 0 Остап
Тарас 9 0 Тарас | Тарасик
Аким 2 0 Яким
Гордей 3 0 Гордій | Гордюша
Ян 9 0 Ян
Архип 2 0 Архип
Эльдар 10 0 Ельдар | Эля
"""

_TATAR = """
Рустам 305 | Рустик
Ильдар 225 | Ильдарчик
Марат 202 | Маратик
Айрат 161 | Айратик
Ринат 157 | Ринатик
Азат 148 | Азатик
Камиль 117 | Камильчик
Ильназ 108 | Ильназик
Ильнур 103 | Ильнурчик
Булат 103 | Булатик
Рамиль 100 | Рамильчик
Раиль 91 | Раильчик
Наиль 87 | Наильчик
Радик 81
Динар 72
Рафаэль 71 | Рафик Рафа
Фанис 68
Ильгиз 54
Рустем 53 | Рустик
Данил 52 | Даня
Салават 50 | Салаватик
Алмаз 46
Эмиль 45 | Эмилька
Ранис 45
Айнур 43
Фаниль 41
Ришат 36
Марсель 14
Шамиль 20 | Шама
Ильшат 22
Ленар 25
Тагир 12
Фаиль 9
Альфред 6
Дамир 40 | Дамирка
Ирек 12
Нияз 15
Вильдан 10
Урал 6
"""

_DAGESTANI = """
Магомед 402 | Мага Магомедик
Ахмед 371 | Аха
Тимур 281 | Тима Тимурчик
Рамазан 185 | Рамзик
Али 163 | Алишка
Мурад 137 | Мурадик
Заур 133 | Заурик
Шамиль 119 | Шама
Абдула 109
Арсен 105 | Арсенчик
Ибрагим 92 | Ибра
Гаджи 92
Магомедрасул 89 | Мага
Расул 87
Гаджимурад 82
Омар 54
Курбан 54
Юсуп 51
Муслим 46
Абдурахман 46 | Абдул
Хаджимурад 43
Осман 41
Нурмагомед 40 | Нурик
Гамзат 38
Абдулмуслим 35
Шахбан 30
Джамалутдин 12
Сулейман 14
Далгат 7
Эльдар 16
Камалутдин 5
Исмаил 14
"""

_CHECHEN = """
Аслан 146 | Асланчик
Ислам 122
Рамзан 102 | Рамзик
Адам 78
Умар 77
Муса 67
Иса 65
Хамзат 48 | Хамза
Зелимхан 47 | Зелим
Беслан 42
Асхаб 42
Мовсар 41
Шамхан 39
Лечи 38
Сайд-Магомед 36
Апти 33
Ваха 32
Абубакар 32
Висхан 31
Турпал-Али 28 | Турпал
Алихан 19
Магомед-Эмин 14
Идрис 10
Руслан 40 | Рус
Супьян 6
Хож-Ахмед 5
Бекхан 8
"""

_KAZAKH = """
Нурлан 146 | Нурик
Серик 111
Ерлан 100 | Ерланчик
Арман 79
Бауыржан 68 | Баур
Айбек 63
Данияр 51 | Даник
Жандос 47
Асхат 42 | Асик
Бахтияр 38 | Бахти
Канат 36
Талгат 35
Думан 33
Фарход 31
Жасулан 30
Бахром 27
Шухрат 25
Ержан 24
Санжар 23
Илхом 23
Мирас 22
Улугбек 19
Дильшод 19
Фируз 18
Рахмон 18
Сухроб 14
Акмал 13
Жамшид 11
Азиз 12
Фаррух 8
Мухаммад 8
Бектур 5
Нурсултан 9
"""

_BURYAT = """
Баир 154 | Баирчик
Батор 138
Бато 138
Зоригто 104
Жаргал 104
Саян 90
Солбон 86
Дамба 64
Аюр 61
Чингис 60
Даши 54
Дугар 53
Доржо 50
Баясхалан 47
Алдар 47
Бэлигто 45
Базар 45
Тумэн 37
Буда 34
Цыдып 33
Бата-Мунко 33
Эрдэм 28
Зорикто 28
Цырен 25
Жамсаран 25
Бадма 25
Содном 23
Мунко 21
Бэликто 21
Амгалан 20
Дашинима 15
Очир 12
Саян-Батор 3
"""

_TUVAN = """
Аяс 99
Буян 97
Мерген 87
Айдыс 78
Белек 70
Шолбан 68
Кежик 49
Аян 48
Ай-Херел 43
Эрес 39
Начын 39
Сайын-оол 37
Омак 33
Алдын-Херел 32
Чойган 30
Чинчи 28
Сылдыс 28
Орлан 27
Мерген-Херел 25
Артыш 25
Менги 24
Чаян 23
Субедей 23
Айдын 15
Кан-оол 17
Ачыты 17
Ондар-оол 16
Эртине 8
Байыр 19
"""

_CAUCASUS = """
Азамат 168 | Азик
Алан 85 | Аланчик
Сослан 69
Казбек 63
Таймураз 49 | Тамик
Хетаг 43
Тамерлан 43 | Тима
Мурат 42 | Муратик
Азрет 32
Ацамаз 34
Армен 28 | Арменчик
Нодар 25
Гор 24
Гагик 22
Арам 22
Аскер 22
Карен 20
Гиорги 18
Тигран 17
Ашот 17
Мухамед 16
Анзор 16
Хасан 10
Вазген 9
Инал 8
Вахтанг 6
Зураб 8
Хачик 4
"""

_FOREIGN = """
Бишнупрасад 45
Рам 41
Прем 31
Сурадж 24
Франк 20
Хосе 21
Кришна 18
Луис 18
Карлос 15
Андорф 15
Хорхе 13
Эммануэль 13
Вэй 13
Мохаммад 12
Мигель 11
Хусейн 10
Джозеф 10
Цзянь 10
Майкл 7
Лян 6
Самуэль 6
Абдул 6
"""

_WOMEN = """
Елена 1337 Олена
Ольга 1208 Ольга
Наталья 1191 Наталія
Татьяна 1176 Тетяна
Ирина 1046 Ірина
Светлана 956 Світлана
Людмила 747 Людмила
Галина 636 Галина
Марина 575 Марина
Валентина 560 Валентина
Надежда 521 Надія
Лариса 423 Лариса
Любовь 379 Любов
Оксана 368 Оксана
Анна 349 Ганна
Екатерина 310 Катерина
Нина 278 Ніна
Мария 275 Марія
Юлия 236 Юлія
Вера 234 Віра
Тамара 187 Тамара
Евгения 145 Євгенія
Антонина 137 Антоніна
Лидия 136 Лідія
Раиса 136 Раїса
Алла 136 Алла
Инна 101 Інна
Зинаида 89 Зінаїда
Жанна 79 Жанна
Маргарита 73 Маргарита
Виктория 60 Вікторія
Зоя 30 Зоя
"""
_WOMEN_OF_THE_SOUTH = """
Патимат 82
Гульнара 67
Фатима 60
Эльвира 48
Зухра 46
Мадина 43
Алия 40
Роза 35
Аминат 35
Динара 29
Зарема 23
Хадижат 12
"""
_WOMEN_OF_THE_EAST = """
Сэсэг 18
Долгор 11
Чечек 11
Айгуль 45
Дарима 9
Оюна 10
"""


@dataclass(frozen=True)
class Given:
    """A given name: its forms, how many bear it, how many fathers did, short forms (Russian)."""

    russian: str
    ukrainian: str
    weight: float
    fathers: float
    short: tuple[str, ...]


@dataclass(frozen=True)
class People:
    """A people: its share among the persons, its men's and women's names.

    `own_surnames` is the share of surnames that are made of its men's names (Магомед: Магомедов);
    `russian_names` the share of its men with a Russian given name.
    """

    key: str
    share: float
    men: tuple[Given, ...]
    women: tuple[Given, ...]
    own_surnames: float
    russian_names: float


def _given(text: str) -> tuple[Given, ...]:
    found = []
    for line in text.strip().splitlines():
        full, _, short = line.partition("|")
        russian, weight, *other = full.split()
        fathers = other.pop(0) if other and other[0].isdigit() else weight
        ukrainian = other[0] if other else letters_in_ukrainian(russian)
        found.append(Given(russian, ukrainian, float(weight), float(fathers), tuple(short.split())))
    return tuple(found)


_IN_UKRAINIAN = str.maketrans("иыэъёИЭЁ", "іие'еІЕЕ")
_VOWELS = frozenset("аеёиоуыэюяьъ")


def letters_in_ukrainian(word: str) -> str:
    """A Russian name written as a Ukrainian office writes it, letter by letter."""
    for ending, other in (
        ("ский", "ський"),
        ("цкий", "цький"),
        ("ская", "ська"),
        ("цкая", "цька"),
        ("ский-", "ський-"),
    ):
        if word.endswith(ending):
            return letters_in_ukrainian(word[: -len(ending)]) + other
    if word.endswith(("ый", "ий")):
        return letters_in_ukrainian(word[:-2]) + "ий"
    if word.endswith("ич"):
        return letters_in_ukrainian(word[:-2]) + "ич"
    out = ""
    for place, letter in enumerate(word):
        before = word[place - 1].lower() if place else ""
        if letter.lower() == "е" and (not before or before in _VOWELS or before in "-"):
            out += "є" if letter == "е" else "Є"
        elif letter == "ё":
            out += "йо" if not before or before in _VOWELS else "ьо"
        elif letter == "и" and before in _VOWELS and before:
            out += "ї"
        else:
            out += letter.translate(_IN_UKRAINIAN)
    return out


@cache
def peoples() -> tuple[People, ...]:
    """All peoples; shares sum to one."""
    women, south, east = (
        _given(x)
        for x in (
            _WOMEN,
            _WOMEN.rstrip() + _WOMEN_OF_THE_SOUTH,
            _WOMEN.rstrip() + _WOMEN_OF_THE_EAST,
        )
    )
    return (
        People("russian", 0.7485, _given(_RUSSIAN), women, 0.0, 1.0),
        People("tatar", 0.059, _given(_TATAR), south, 0.12, 0.10),
        People("dagestan", 0.050, _given(_DAGESTANI), south, 0.15, 0.03),
        People("chechen", 0.036, _given(_CHECHEN), south, 0.15, 0.03),
        People("buryat", 0.034, _given(_BURYAT), east, 0.15, 0.10),
        People("kazakh", 0.028, _given(_KAZAKH), south, 0.15, 0.06),
        People("caucasus", 0.020, _given(_CAUCASUS), south, 0.10, 0.12),
        People("tuvan", 0.018, _given(_TUVAN), east, 0.0, 0.05),
        People("foreign", 0.0065, _given(_FOREIGN), women, 0.0, 0.15),
    )


_IRREGULAR = {
    "Никита": "Никитич", "Илья": "Ильич", "Лука": "Лукич", "Михаил": "Михайлович",
    "Павел": "Павлович", "Петр": "Петрович", "Лев": "Львович", "Яков": "Яковлевич",
    "Данила": "Данилович", "Микола": "Миколайович", "Ілля": "Ілліч", "Микита": "Микитович",
    "Михайло": "Михайлович", "Григорій": "Григорович", "Федір": "Федорович", "Яків": "Якович",
    "Василь": "Васильович", "Ігор": "Ігорович", "Данило": "Данилович", "Павло": "Павлович",
    "Дмитро": "Дмитрович", "Петро": "Петрович", "Кирило": "Кирилович", "Гліб": "Глібович",
    "Гаджи": "Гаджиевич", "Муса": "Мусаевич", "Иса": "Исаевич",
    "Ваха": "Вахаевич",
}  # fmt: skip


def patronymic(father: str) -> str:
    """What his son is called by; works for Russian and for Ukrainian names."""
    if father in _IRREGULAR:
        return _IRREGULAR[father]
    if father.endswith("ий"):
        single = len(father) > 3 and father[-4].lower() in "аеиоуюя"
        return father[:-2] + ("ьевич" if single else "иевич")
    if father.endswith("ій"):
        return father[:-2] + "ійович"
    if father.endswith(("й", "ь")):
        return father[:-1] + "евич"
    if father.endswith("о"):
        return father[:-1] + "ович"
    if father.endswith(("а", "я")):
        return father[:-1] + "ович"
    if father.endswith(("и", "у", "ы", "е", "і", "о")):
        return father + "евич"
    return father + "ович"


def daughters(sons: str) -> str:
    """The patronymic of a daughter, from her brother's."""
    if sons.endswith(("тич", "льич", "лліч", "кич")) and not sons.endswith("вич"):
        return sons[:-2] + ("івна" if sons.endswith("іч") else "ична")
    for ending, other in (
        ("ійович", "іївна"),
        ("йович", "ївна"),
        ("ович", "овна"),
        ("евич", "евна"),
    ):
        if sons.endswith(ending):
            return sons[: -len(ending)] + other
    return sons


def fathers_daughter(father: str) -> str:
    """What his daughter is called by."""
    return daughters(patronymic(father))


def feminine(surname: str) -> str:
    """The surname of his mother or wife."""
    if "-" in surname and not surname.endswith("оол"):
        return "-".join(map(feminine, surname.split("-")))
    if surname.endswith(("ов", "ев", "ёв", "ин", "ын", "єв", "ін", "їн")):
        return surname + "а"
    for ending, other in (
        ("ський", "ська"),
        ("цький", "цька"),
        ("ский", "ская"),
        ("цкий", "цкая"),
        ("ной", "ная"),
        ("ый", "ая"),
    ):
        if surname.endswith(ending):
            return surname[: -len(ending)] + other
    return surname


GENITIVES = (
    ("ский", "ского"), ("цкий", "цкого"), ("ський", "ського"), ("цький", "цького"), ("ый", "ого"),
    ("ой", "ого"), ("ко", "ка"),
)  # fmt: skip


def genitive(surname: str) -> str:
    """«Ищу Буйничева»: the surname in the genitive, as a form is often answered."""
    if surname.endswith(("ов", "ев", "ин", "ын", "єв", "ін")):
        return surname + "а"
    for ending, other in GENITIVES:
        if surname.endswith(ending):
            return surname[: -len(ending)] + other
    if surname[-1:] in "бвгджзклмнпрстфхцчшщ":
        return surname + "а"
    return surname


def genitive_of_given(name: str) -> str:
    """The genitive of a given name or a patronymic."""
    if name.endswith(("ий", "ей", "ай", "ій")):
        return name[:-1] + "я"
    if name.endswith(("ь",)):
        return name[:-1] + "я"
    if name.endswith("а"):
        return name[:-1] + "ы"
    if name.endswith("я"):
        return name[:-1] + "и"
    if name == "Павел":
        return "Павла"
    if name.endswith("о"):
        return name[:-1] + "а"
    return name + "а" if name[-1:] in "бвгджзклмнпрстфхцчшщ" else name


def surname_of(father: str) -> str:
    """The surname that is made of a man's name: Магомед, Магомедов; Муса, Мусаев."""
    if father.endswith(("а", "я")):
        return (
            father + "ев" if father.endswith("са") or father.endswith("ха") else father[:-1] + "ев"
        )
    if father.endswith(("й", "ь")):
        return father[:-1] + "ев"
    if father.endswith(("и", "о", "э", "ы", "у", "е")):
        return father + "ев"
    return father + "ов"
