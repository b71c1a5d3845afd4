"""One line about a man, as somebody types it: name, date, place, unit in any order and script.

Dates, units, numbers and ranks are known by their shape. A place is known by its name, by a word
before it («г. Самара», "born in Samara"), or because it stands apart from a name that is whole
without it. What cannot be placed stays with the name.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from .dates import SIGNS, read_born
from .letters import from_latin_keys, plain, readings, typed_on_latin_keys
from .marks import LADDER, read_rank
from .persons import (
    OTHER_SURNAME,
    RENAMED,
    Description,
    has_known_father,
    is_fathers_name,
    is_given_name,
)

MOST_LETTERS = 400
# Words of a sentence, which are in no name; they are left out unless they are all there is.
FILLERS = """
в во у на с со о об обо про от из для и а но это я мы он она его её ее их нас мой моя моё мое
моего моему моим моём моем мою моей наш наша нашего нашему нашим нашу нашей свой своего своему
свою своей сын сына сыну сыном сыне сынок сынка сыночек сыночка брат брата брату братом брате
братик братика муж мужа мужу мужем муже супруг супруга супругу отец отца отцу отцом папа папу папы
батя батю дочь дочери дочка дочку сестра сестру сестры сестре жена жену жены жене мать матери мама
маму мамы внук внука внуку племянник племянника племяннику дядя дядю дяди двоюродный двоюродного
друг друга жених жениха зять зятя родственник родственника человек человека мужчина мужчину
военнослужащий военнослужащего военнослужащая военнопленный военнопленного военнопленная пленный
пленного ищу ищем ищет ищут искать ищите разыскиваю разыскиваем разыскивает разыскивают
разыскивается розыск найти найдите найдись помогите помогут помочь прошу просим просит просьба
пожалуйста умоляю пропал пропала пропавший пропавшего пропавшая пропавшую пропавшем пропавшему
безвести исчез исчезла звать зовут имя имени фамилия фамилии отчество отчества фио рождения рождён
рожден родился родилась родом уроженец плен плена плену попал попала взят находится содержится
служил служила воевал погиб информация информацию информации сведения известно кто знает видел
если есть был была может быть последний раз связь ур дев урожд рожд
мій моє моєму моїм моєї нашого нашому нашої свій свого своєї його її їх ми він вона син сина сину
сином синові синок синка синочок синочка братові братику чоловік чоловіка чоловікові чоловіку
чоловіком батько батька батькові тато тата донька доньку доньки сестри дружина дружину дружини
мати матір мами онук онука племінник племінника дядько дядька наречений нареченого родич родича
людина людину військовий військового військовослужбовець військовослужбовця військовополонений
військовополоненого полонений полоненого безвісти вісти вести шукаю шукаємо шукає шукають розшукую
розшукуємо розшукує розшукують розшукується розшук знайти знайдіть допоможіть допоможи допомогти
просимо просить прохання будь благаю зник зникла зниклий зниклого зниклу звати звуть ім'я ім’я
прізвище піб народження народився народилась народилася полон полону полоні потрапив потрапила
перебуває утримується служив загинув інформація інформацію інформації відомості відомо хто знає
бачив бачили якщо був була може бути останній зв'язок зв’язок з із зі від та й є це
in at on is are am was we i our his her the from of and about please help find looking seeking
seek search searching missing for my son sons brother brothers husband father dad uncle nephew
grandson fiance daughter sister wife mother mum mom friend relative name named called surname
family captured captive prisoner pow soldier who knows seen with né née nee born
ich wir suche suchen sucht gesucht bitte helfen hilfe mein meinen meinem meines meine unser
unseren unseres sohn sohnes bruder bruders ehemann ehemannes vater vaters mutter tochter onkel
neffe neffen vermisst vermisste vermisster vermissten gefangen kriegsgefangener kriegsgefangenen
geboren geborene
je nous cherche cherchons recherche recherchons mon notre fils frère époux père oncle neveu fille
disparu disparue prisonnier capturé aidez trouver retrouver nom prénom
szukam szukamy szuka poszukuję poszukujemy mój mojego moim mojemu nasz naszego syn syna synem synu
brat brata bratem bratu mąż męża mężem ojciec ojca matka córka wujek zaginął zaginiony zaginionego
zaginionym jeniec jeńca proszę pomóżcie pomoc znaleźć urodzony urodzona imię nazwisko
moy moj moi moego nash sina muzh muzha ishu ischu ishchu propal propavshiy pomogite proshu nayti
naiti najti shukayu shukaiu znayty
"""
WORDS_OF_A_NAME = 3
LATEST_SHORT_YEAR = 30  # "14.01.29" is 2029, "14.01.31" is 1931

_BREAK = " ; "  # stands where something was taken out: what is beside it is not one name
# Of each month the forms that can be nothing else, then those that need a day beside them.
_MONTHS = (
    ("январ[яье] січня січень january stycznia", "янв січ jan januar janvier қаңтар"),
    ("феврал[яье] лютого лютий february lutego", "фев лют feb februar février ақпан"),
    ("марта березня березень march", "мар март бер mar marca märz mars наурыз"),
    ("апрел[яье] квітня квітень april kwietnia", "апр кві apr avril сәуір"),
    ("мая травня травень", "май тра may maja mai мамыр"),
    ("июн[яье] червня червень june czerwca", "июн чер jun juni juin маусым"),
    ("июл[яье] липня липень july lipca", "июл лип jul juli juillet шілде"),
    ("августа серпня серпень sierpnia", "авг август сер серп aug august août тамыз"),
    (
        "сентябр[яье] вересня вересень september września",
        "сен сент вер sep sept septembre қыркүйек",
    ),
    ("октябр[яье] жовтня жовтень october października", "окт жов oct oktober octobre қазан"),
    ("ноябр[яье] листопада листопад november listopada", "ноя нояб лис nov novembre қараша"),
    ("декабр[яье] грудня грудень december grudnia", "дек гру dec dezember décembre желтоқсан"),
)


def _months(*, short: bool) -> str:
    """Any month as a word of its own, each in a group of its number."""
    groups = (
        f"(?P<m{number}>{'|'.join(f'{full} {brief}'.split() if short else full.split())})"
        for number, (full, brief) in enumerate(_MONTHS, 1)
    )
    return rf"(?<!\w)(?:{'|'.join(groups)})(?!\w)\.?"


_MONTH, _WHOLE_MONTH = _months(short=True), _months(short=False)
_YEAR = r"(?P<year>19[3-9]\d|20[01]\d)"
_BORN = (
    r"(?:(?:(?<!\w)(?:рожд(?:\.|ен\w*|ён\w*)?|род(?:ился|илась|\.)?|народи(?:вся|лася|лась)|нар\.|born|dob|ur\.?"
    r"|geb(?:oren|\.)?|n[ée]e?\.?|ур\.|д\.?\s?р\.?|г\.?\s?/?\s?р\.?|р\.?\s?н\.?))\s*:?\s*(?:on\s+|am\s+|le\s+)?)?"
)
_OF_BIRTH = (
    r"(?:г\.?\s?/?\s?р\.?|р\.?\s?/?\s?н\.?|года?\s+рожд\w*|року\s+нар\w*|y\.?o\.?b\.?)(?!\w)"
)
_AFTER_YEAR = rf"(?:\s*(?:{_OF_BIRTH}|(?:года?|року|г\.|р\.|roku|rok|r\.|жылы?|ж\.)(?!\w)))?"
_AFTER_DATE = rf"(?:[T\s]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?(?!\w))?{_AFTER_YEAR}"
_ABOUT = r"~|≈|ок(?:оло|\.)|близько|приблизно|примерно|about|circa|c\.|ca\.?"
_DATES = tuple(
    re.compile(x, re.I)
    for x in (
        rf"(?<!\d){_BORN}{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?!\d){_AFTER_DATE}",
        rf"(?<!\d){_BORN}(?P<day>\d\d?)\s?[.,/-]\s?(?P<month>\d\d?)\s?[.,/-]\s?{_YEAR}(?!\d){_AFTER_DATE}",
        rf"(?<!\w){_BORN}(?:\d\d?|{SIGNS})\s?[.,/-]\s?(?:(?P<month>\d\d?)|{SIGNS})\s?[.,/-]\s?{_YEAR}(?!\d){_AFTER_DATE}",
        rf"(?<![\w№-])(?<!№\s){_BORN}(?P<eight>(?P<day>0[1-9]|[12]\d|3[01])(?P<month>0[1-9]|1[0-2]){_YEAR})(?!\w){_AFTER_YEAR}",
        rf"(?<![\w№-])(?<!№\s){_BORN}(?P<eight>{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01]))(?!\w){_AFTER_YEAR}",
        rf"(?<!\d){_BORN}(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<short>\d\d)(?!\d){_AFTER_YEAR}",
        rf"(?<!\d){_BORN}[«\"]?(?:(?P<day>\d\d?)(?:st|nd|rd|th)?|(?<!\w)(?:{SIGNS}))[»\"]?\.?\s+{_MONTH},?\s+{_YEAR}(?!\d){_AFTER_YEAR}",
        rf"{_MONTH}\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d)",
        rf"(?<!\d){_BORN}(?P<day>\d\d)\s(?P<month>\d\d)\s{_YEAR}(?!\d)",
        rf"(?<!\d){_BORN}{_YEAR}-(?P<month>\d\d)(?!\d){_AFTER_YEAR}",
        rf"(?<![\d./-]){_BORN}(?P<month>\d\d)[./]{_YEAR}(?!\d){_AFTER_YEAR}",
        rf"{_WHOLE_MONTH}\s+{_YEAR}(?!\d){_AFTER_YEAR}",
        rf"(?P<about>{_ABOUT})\s*{_YEAR}(?!\d){_AFTER_YEAR}",
        rf"(?<!\d){_BORN}{_YEAR}\s?(?:[/,]|или|або|чи|or)\s?(?P<last>19[3-9]\d|20[01]\d)(?!\d){_AFTER_YEAR}",
        rf"(?<![\d-]){_BORN}{_YEAR}(?P<about>\s?[~?])?(?![\d-]){_AFTER_YEAR}",
        rf"(?<![\w.,/-])(?P<short>\d\d)\s*{_OF_BIRTH}",
    )
)
_AGE = re.compile(
    rf"(?:(?:{_ABOUT})\s*)?(?:(?:(?<!\w)(?:aged?|возраст|вік|alter)\s*:?\s*(?P<stated>1[6-9]|[2-6]\d)(?!\d))"
    r"|(?<![\d-])(?P<age>1[6-9]|[2-6]\d)\s*(?:лет|л\.?|год[а]?|років|роки|рік|рок[иу]|years?(?:\s+old)?|y\.?\s?o\.?|jahre|lat|ans)(?!\w))",
    re.I,
)
_UNIT_WORDS = (
    r"(?:[а-яіїє]{0,4}(?:бр|бригад|полк(?!овн)|дивиз|дивіз|батальон|батальйон|арми|армі|корпус|рот[аыіу]|взвод)"
    r"|мсп|мсд|мсб|пдп|пдд|дшп|дшд|дшб|одшб|тп|тд|тб|ап|зрп|осн|осназ|обрмп|омсб|осб|отб|гмсд|гмсп|вдд"
    r"|отдельн|окрем|мотострел|мотострі|танков|десантн|штурмов|морск|артилл|арт|гвард|гв"
    r"|otbr|omsbr|odshbr|obrmp|msp|msd|pdp|dshp|brigad|regiment|division|battalion|motor|separate|guards|tank|airborne|marine)"
)
_UNITS = tuple(
    re.compile(x, re.I)
    for x in (
        r"(?<!\w)(?:(?:войсков|воинск|военн)\w+\s+част\w*|військов\w+\s+частин\w*|[вv]\s?[./\\]?\s?[чc]h?\.?)\s*(?:№\s*)?(?P<unit>[аaавв]?-?\d{4,5})(?!\d)",
        rf"(?<!\w)(?P<unit>\d{{1,4}}(?:\s?-?\s?(?:я|й|ая|ый|ий|а|тя|га|nd|th|st|rd))?\s+(?:гв\.?\s+)?{_UNIT_WORDS}[\w.]*(?:\s+(?:теро|{_UNIT_WORDS}[\w.]*|rifle)(?!\w|\s?-?\s?\d))*)",
    )
)
_NUMBERS = tuple(
    re.compile(x, re.I)
    for x in (
        r"(?:личн\w+\s+(?:номер|№)|особист\w+\s+номер|жетон|service\s+n(?:o|umber)\.?|№|\bno\.)\s*:?\s*(?P<number>[^\W\d_]{0,3}\s?-?\s?\d{4,9})(?!\d)",
        r"(?<!\w)(?P<number>[^\W\d_]{1,3}\s?-?\s?\d{5,8})(?!\w)",
        r"(?<![\w+-])(?P<number>\d{6,9})(?!\w)",
    )
)
_WORD = r"[^\W\d_][\w'’.-]*"
_FILLER = "|".join(map(re.escape, FILLERS.split()))
_HER_WORD = rf"(?!(?:{_FILLER})(?!\w)){_WORD}"
_MOTHER = re.compile(
    r"(?<!\w)(?:мать|мама|матери|мати|матір|мами|mother|mutter|matka|mère)(?!\w)\s*[:—–-]?\s*"
    rf"(?P<name>{_HER_WORD}(?:\s+{_HER_WORD}){{0,2}})",
    re.I,
)
# «с Петровым», «із Петренком»; not since when, nor from which town.
WITH = r"(?:с|со|з|із|зі|with)\s+(?!(?:г|гор|м|с|сел[аоу]|город[ау]?|міст[аоі])(?!\w))"
# «служил вместе с Петровым Иваном»
_COMRADE = re.compile(
    r"(?<!\w)(?:служи[лв]|воева[лв]|воюва[лв]|served|serving)\w*\s+(?:вместе\s+|разом\s+|together\s+)?"
    rf"{WITH}(?P<name>{_HER_WORD}(?:\s+{_HER_WORD}){{0,2}})",
    re.I,
)
# Not in other cases: who looks for his father seeks him.
_FATHER = re.compile(
    r"(?<!\w)(?:имя\s+отца|ім['’]я\s+батька|father['’]?s\s+name|отец|батько|тато|папа|father|dad|vater"
    rf"|père|ojciec)(?!\w)\s*[:—–-]?\s*(?P<name>{_HER_WORD}(?:\s+{_HER_WORD}){{0,2}})",
    re.I,
)
# The surname that somebody bore before a marriage, or bears since.
_OTHER_SURNAME = re.compile(
    rf"[(\[]?\s*(?<!\w)(?:{OTHER_SURNAME})\s*[:—–-]?\s*(?P<name>{_WORD})\s*[)\]]?",
    re.I,
)
_ALONE_IN_BRACKETS = re.compile(rf"\(\s*(?P<name>{_WORD})\s*\)")
_PLACE = re.compile(
    r"(?<!\w)(?:(?:род(?:ом|ился|\.)?\s+(?:из|в)|урож(?:енец|\.)|народився\s+(?:в|у)|born\s+in|from|"
    r"место\s+рождения|місце\s+народження|из|з|с)\s*:?\s+(?:г\.?|гор\.?|города?|м\.|міста?|с\.|села?)?\s*"
    r"|(?:г|гор|с|пос|пгт|м|смт|д|дер|х|ст(?!\.?\s*(?:[слп]р?-?[а-я]\b|серж|лейт|прап|матр|солд|мичм)))\.\s*|(?:город|село|поселок|посёлок|деревня|станица|місто|селище|хутор)\s+)"
    r"(?P<place>[^\W\d_][\w'’-]+(?:[ -](?:на|на-|upon)[ -][^\W\d_]+|"
    r"\s(?:Посад|Новгород|Челны|Тагил|Кут|Холм|Вишера|Поляны|Зори|Ключ|Сулин|Луки|Рог|Ріг))?)",
    re.I,
)
# Large towns, known without a word before them; the rest are known to `is_place`.
_TOWNS = """
Москва Санкт-Петербург Новосибирск Екатеринбург Казань Красноярск Челябинск Уфа Самара Омск
Ростов-на-Дону Краснодар Воронеж Пермь Волгоград Саратов Тюмень Тольятти Барнаул Махачкала Ижевск
Хабаровск Ульяновск Иркутск Владивосток Ярославль Севастополь Томск Ставрополь Кемерово
Новокузнецк Оренбург Рязань Чебоксары Калининград Пенза Липецк Астрахань Тула Сочи Курск Улан-Удэ
Тверь Магнитогорск Сургут Брянск Якутск Владикавказ Грозный Белгород Архангельск Чита Калуга
Смоленск Саранск Вологда Череповец Курган Орел Йошкар-Ола Нальчик Симферополь Мурманск Кострома
Тамбов Нижневартовск Новороссийск Таганрог Петрозаводск Комсомольск-на-Амуре Стерлитамак Шахты
Псков Бийск Сыктывкар Благовещенск Абакан Черкесск Майкоп Элиста Кызыл Магас Назрань Дербент
Хасавюрт Норильск Братск Ангарск Пятигорск Кисловодск Донецк Луганск Мариуполь Горловка Макеевка
Алчевск Бердянск Мелитополь Киев Харьков Одесса Днепр Запорожье Львов Херсон Полтава Чернигов
Черкассы Житомир Сумы Хмельницкий Винница Ровно Луцк Тернополь Ужгород Черновцы Кропивницкий
Алматы Астана Караганда Шымкент Минск Гомель Ташкент Самарканд Бишкек Ош Душанбе Худжанд Тбилиси
Батуми Ереван Гюмри Баку Кишинев Тирасполь Цхинвал Сухум
"""


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says of a man. `names_somebody`: a name or a number of his own is in it."""

    description: Description

    @property
    def names_somebody(self) -> bool:
        return bool(self.description.full_name or self.description.service_no)


def read_line(
    text: str,
    *,
    is_place: Callable[[str], bool] | None = None,
    this_year: int | None = None,
    id: str = "",
) -> Line:
    """Read one line; any text gives something, none raises.

    `is_place` knows further places, as the register at hand does. An age is understood where
    `this_year` is given: a core has no clock.
    """
    text = " ".join(text[:MOST_LETTERS].replace("\0", " ").split())
    if typed_on_latin_keys(text):
        text = from_latin_keys(text)
    found: dict[str, str] = {}
    if any(x.isdigit() for x in text):
        text = _with_numbers(text, found, this_year)
    text, other_surname = _without_other_surname(text, is_place)
    text = _taken(text, _MOTHER, found, "mother_name", "name")
    text = _taken(text, _COMRADE, found, "comrade", "name")
    text = _without_father(text, found)
    text = _taken(text, _PLACE, found, "birthplace", "place")
    groups = [x.split() for x in re.split(r"[;,()\n]+", text)]
    groups = _without_rank(_without_fillers([x for x in groups if x]), found)
    if "birthplace" not in found:
        groups = _without_place(groups, found, is_place)
    words = [word for group in groups for word in group if any(map(str.isalnum, word))]
    for other in ("mother_name", "father_name", "comrade"):  # «мать Петрова Ивана» is his mother
        if other in found and not words:
            words = found.pop(other).split()
    if other_surname and (len(words) > 1 or not words):
        words.append(other_surname)
    return Line(replace(Description(id=id, full_name=" ".join(words)), **found))


def _without_father(text: str, found: dict[str, str]) -> str:
    """The text without the name of his father, which stands behind his own.

    Before it nobody is named: «отец Николай» may be a priest, or be sought.
    """
    match = _FATHER.search(text)
    if not match:
        return text
    before = [x for x in re.findall(_WORD, text[: match.start()]) if x.casefold() not in _fillers()]
    words = match["name"].split()
    at = next((number for number, x in enumerate(words) if is_given_name(x.strip("."))), 0)
    whole = len(before) > 1 and not read_rank(" ".join(before))
    named = whole or any(map(is_given_name, before))
    if not named or is_fathers_name(words[at]):
        return text
    end = at + 1 + any(map(is_fathers_name, words[at + 1 : at + 2]))
    found["father_name"] = " ".join(words[:end])
    return text[: match.start()] + _BREAK + " ".join(words[end:]) + text[match.end() :]


def _without_other_surname(text: str, is_place: Callable[[str], bool] | None) -> tuple[str, str]:
    """The text without a second surname, and that, or "".

    A word alone in brackets may be one too, or what somebody is called.
    """
    for pattern in (_OTHER_SURNAME, _ALONE_IN_BRACKETS):
        match = pattern.search(text)
        if match and _may_be_surname(match["name"], is_place):
            return text[: match.start()] + " " + text[match.end() :], match["name"]
    return text, ""


def _may_be_surname(word: str, is_place: Callable[[str], bool] | None) -> bool:
    if word.casefold() in _fillers() or _of_a_name(word) or read_rank(word):
        return False
    return not _is_town(word, is_place)


def _without_fillers(groups: list[list[str]]) -> list[list[str]]:
    """Take out the words of a sentence, unless they are all there is.

    An initial stays, and so does Со or Та, where no such word follows it.
    """
    told = []
    for group in groups:
        fillers = [x.casefold().strip(":.!?—–-") in _fillers() for x in group]
        before_filler = [y and len(x.strip(".")) > 1 for x, y in zip(group, fillers, strict=True)]
        named = [
            len(x.strip(".")) <= 2 and x[0].isupper() and not following
            for x, following in zip(group, [*before_filler[1:], False], strict=True)
        ]
        words = zip(group, fillers, named, strict=True)
        told.append([x for x, filler, name in words if name or not filler])
    return [x for x in told if x] or groups


def _with_numbers(text: str, found: dict[str, str], this_year: int | None) -> str:
    """The text without date, unit, service number and age."""
    for pattern in _UNITS[:1]:
        text = _taken(text, pattern, found, "unit", "unit", whole=True)
    for pattern in _DATES:
        match = pattern.search(text)
        if match and (born := _born(match)):
            found["born"] = born
            text = _cut(text, match)
            break
    if "unit" not in found:
        text = _taken(text, _UNITS[1], found, "unit", "unit")
    if match := _AGE.search(text):
        if "born" not in found and this_year:
            found["born"] = f"{this_year - int(match['age'] or match['stated'])}~"
        text = _cut(text, match)
    for pattern in _NUMBERS:
        if "service_no" not in found:
            text = _taken(text, pattern, found, "service_no", "number")
    return text


def _taken(
    text: str,
    pattern: re.Pattern[str],
    found: dict[str, str],
    field: str,
    group: str,
    *,
    whole: bool = False,
) -> str:
    match = pattern.search(text)
    if not match:
        return text
    found[field] = (match[0] if whole else match[group]).strip()
    return _cut(text, match)


def _cut(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + _BREAK + text[match.end() :]


def _born(match: re.Match[str]) -> str:
    """A date as the core reads it, or "" if there is no such day."""
    parts = match.groupdict()
    if parts.get("short"):
        short = int(parts["short"])
        year = f"{2000 + short if short < LATEST_SHORT_YEAR else 1900 + short}"
    else:
        year = parts["year"]
    if parts.get("about"):
        return f"{year}~"
    if last := parts.get("last"):
        return f"{year}/{last}" if read_born(f"{year}/{last}").year else ""
    named = next((number for number in range(1, 13) if parts.get(f"m{number}")), 0)
    month, day = named or int(parts.get("month") or 0), int(parts.get("day") or 0)
    if month > 31 or day > 31 or (month > 12 and day > 12):
        return ""
    if parts.get("eight") and day > monthrange(int(year), month)[1]:
        return ""  # a service number rather than a slip
    return year + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")


@cache
def _fillers() -> frozenset[str]:
    return frozenset(FILLERS.split())


@cache
def _longest_rank() -> int:
    return max(len(name.split()) for names in LADDER for name in names.split("|"))


def _without_rank(groups: list[list[str]], found: dict[str, str]) -> list[list[str]]:
    """Take out the longest run of words that is a rank, unless it is all there is."""
    words = sum(map(len, groups))
    for size in range(min(_longest_rank(), words - 1), 0, -1):
        for number, group in enumerate(groups):
            for start in range(len(group) - size + 1):
                rank = " ".join(group[start : start + size])
                if len(rank) > 2 and read_rank(rank):
                    found["rank"] = rank
                    rest = [group[:start], group[start + size :]]
                    return [x for x in (*groups[:number], *rest, *groups[number + 1 :]) if x]
    return groups


@cache
def _town_sounds() -> tuple[frozenset[str], frozenset[str]]:
    """How towns sound, those of now and those of once."""
    now, once = [*_TOWNS.split(), *RENAMED.values()], RENAMED
    return _sounds_of(now), _sounds_of(once)


def _sounds_of(names: Iterable[str]) -> frozenset[str]:
    return frozenset(readings(x.replace(" ", ""))[0] for x in names)


KNOWN_HERE, TOWN, ONCE_A_TOWN, NO_PLACE = 3, 2, 1, 0


def _as_place(words: str, is_place: Callable[[str], bool] | None) -> int:
    """How surely words are a place: Калинин, once a town, is rather a man."""
    if is_place and is_place(words):
        return KNOWN_HERE
    now, once = _town_sounds()
    sounds = readings(words.replace(" ", ""))[:3]
    if any(x in now for x in sounds):
        return TOWN
    return ONCE_A_TOWN if any(x in once for x in sounds) else NO_PLACE


def _is_town(words: str, is_place: Callable[[str], bool] | None) -> bool:
    return _as_place(words, is_place) > NO_PLACE


def _without_place(
    groups: list[list[str]], found: dict[str, str], is_place: Callable[[str], bool] | None
) -> list[list[str]]:
    """Take out the place: the surest one that is known, or words apart from a whole name."""
    best, kept = (False, 0, NO_PLACE), groups
    for number, group in reversed(list(enumerate(groups))):
        for chosen, rest in _runs(group):
            left = [*groups[:number], *rest, *groups[number + 1 :]]
            others = [x for y in left for x in y]
            if not (len(others) >= 2 or (others and not any(rest))) or not _has_surname(others):
                continue
            sure = _as_place(" ".join(chosen), is_place)
            if len(chosen) == 1 and _of_a_name(chosen[0]):
                sure = sure if sure == KNOWN_HERE and any(map(is_given_name, others)) else NO_PLACE
            rank = sure > ONCE_A_TOWN, len(chosen), sure
            if sure and rank > best:
                best, kept = rank, [x for x in left if x]
                found["birthplace"] = " ".join(chosen)
    if "birthplace" in found:
        return kept
    if len(groups) > 1 and len(groups[0]) >= 2:
        for number, group in enumerate(groups[1:], 1):
            if not any(map(_of_a_name, group)) and len(plain(" ".join(group))) > 2:
                found["birthplace"] = " ".join(group)
                return groups[:number] + groups[number + 1 :]
    return groups


def _runs(group: list[str]) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Each run of a few words, and what stands before and behind it; the last ones first."""
    for size in range(min(len(group), WORDS_OF_A_NAME), 0, -1):
        for start in range(len(group) - size, -1, -1):
            yield group[start : start + size], [group[:start], group[start + size :]]


def _has_surname(words: list[str]) -> bool:
    """Whether a word may be the surname: Гусев is a town too, Антоневич made like a patronymic."""
    return any(not _of_a_name(x) for x in words) or sum(map(has_known_father, words)) > 1


def _of_a_name(word: str) -> bool:
    return is_given_name(word) or has_known_father(word)
