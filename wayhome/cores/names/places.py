"""Places: what a birthplace is called now, without the words around it.

Towns were renamed, some twice and back, and a mother writes the name of her youth. RENAMED is a
table of our own of well-known renamings in Russia, Ukraine and their neighbours: one line for each
place, its name now | its names once, in Russian or Ukrainian. Words are compared by sound, so that
either script does. Of two places with one name the table knows only the better known. A gap
inside a name is written as _.
"""

import re
from functools import cache, lru_cache

from .forms import nominatives, stem
from .letters import changes, one_script, plain, readings, says_nothing

_RENAMED = """
Абай | Чурубай-Нура
Алчевск | Ворошиловск Коммунарск
Алматы | Алма-Ата Верный
Астана | Целиноград Акмола Акмолинск Нур-Султан
Атырау | Гурьев
Бахмут | Артёмовск Артемівськ
Бендеры | Тигина Бендер
Бишкек | Фрунзе Пишпек
Бобруйск | Бабруйск
Буйнакск | Темир-Хан-Шура
Бердянск | Осипенко
Варшава | Warszawa Warsaw
Великий Новгород | Новгород
Верхнедвинск | Дрисса
Виноградов | Севлюш
Владикавказ | Орджоникидзе Дзауджикау
Волгоград | Сталинград Царицын
Гагарин | Гжатск
Гвардейск | Тапиау
Горишние Плавни | Комсомольск-на-Днепре Горішні_Плавні
Гусев | Гумбиннен
Гюмри | Ленинакан Александрополь Кумайри
Гянджа | Кировабад Гандзак Елизаветполь
Днепр | Днепропетровск Дніпропетровськ Екатеринослав Січеслав Дніпро
Донецк | Сталино Юзовка
Дзержинск | Растяпино
Димитровград | Мелекесс
Дружковка | Дружківка
Душанбе | Сталинабад Дюшамбе
Екатеринбург | Свердловск Екб Jekaterinburg Ekaterinbourg Iekaterinbourg Jekaterynburg
Енакиево | Рыково
Жанаозен | Новый_Узень
Жезказган | Джезказган
Заречный | Пенза-19
Звягель | Новоград-Волынский Новоград-Волинський
Зеленогорск | Красноярск-45 Териоки
Ивано-Франковск | Станислав Станиславов Станіславів Івано-Франківськ
Иваново | Иваново-Вознесенск
Ижевск | Устинов
Йошкар-Ола | Царевококшайск Краснококшайск
Калининград | Кёнигсберг Кенигсберг
Каменское | Днепродзержинск Дніпродзержинськ Кам'янське
Каменец-Подольский | Кам'янець-Подільський
Канев | Канів
Каспийск | Двигательстрой
Кемерово | Щегловск
Кингисепп | Ямбург
Киров | Вятка Хлынов
Кировск | Хибиногорск
Королёв | Подлипки
Тутаев | Романов-Борисоглебск
Запорожье | Запоріжжя Запорижжя
Краснодар | Екатеринодар
Красный Лиман | Лиман
Кропивницкий | Кировоград Кіровоград Елисаветград Зиновьевск Кропивницький Елизаветград
Кропоткин | Романовский
Куляб | Кӯлоб
Кызыл | Белоцарск Хем-Белдыр
Кызылорда | Ак-Мечеть Перовск
Лисичанск | Лисичанськ
Луганск | Ворошиловград Ворошиловоград Луганськ
Лубны | Лубни
Львов | Lwów Lemberg Львів Lwiw Lviv Lvov
Мариинский Посад | Сундырь
Мариуполь | Жданов Маріуполь
Маркс | Екатериненштадт
Махачкала | Петровск-Порт Порт-Петровск
Мичуринск | Козлов
Мукачево | Мукачеве
Мурманск | Романов-на-Мурмане
Мирноград | Димитров
Могилёв | Магілёў
Набережные Челны | Брежнев Яр_Чаллы Чаллы Челны
Нарьян-Мар | Нарьянмар
Нижний Новгород | Горький Nischni_Nowgorod Nizhny_Novgorod Nijni_Novgorod
Нижний Тагил | Тагил
Николаев | Миколаїв
Новокузнецк | Сталинск
Новомосковск | Сталиногорск Бобрики
Новосибирск | Новониколаевск
Октябрьск | Батраки
Оренбург | Чкалов
Пермь | Молотов
Петропавловск | Кызылжар
Печоры | Петсери
Пушкин | Царское_Село Детское_Село
Переяслав | Переяслав-Хмельницкий Переяслав-Хмельницький
Первомайск | Голта
Покровск | Красноармейск Гришино Красноармійськ
Приозёрск | Кексгольм
Риддер | Лениногорск
Ростов-на-Дону | Ростов
Рыбинск | Андропов Щербаков
Рубежное | Рубіжне
Самара | Куйбышев
Санкт-Петербург | Ленинград Петроград СПб Питер Петербург Saint-Petersburg St.Petersburg
Санкт-Петербург | Спб Sankt-Petersburg Petersburg Saint-Pétersbourg Pétersbourg
Саров | Арзамас-16 Кремлёв
Светлогорск | Раушен
Семей | Семипалатинск
Сергиев Посад | Загорск Сергиев
Северодвинск | Молотовск Судострой
Североморск | Ваенга
Северск | Томск-7
Серов | Надеждинск Кабаковск
Снежинск | Челябинск-70
Советск | Тильзит
Советская Гавань | Императорская_Гавань
Сорочинск | Сорочинское
Степногорск | Целиноград-25
Стаханов | Кадиевка Серго
Степанакерт | Ханкенди
Сухум | Сухуми
Сыктывкар | Усть-Сысольск
Таллин | Ревель Tallinn
Тараз | Джамбул Жамбыл Аулие-Ата Мирзоян
Тбилиси | Тифлис
Тверь | Калинин
Темиртау | Самаркандский
Тольятти | Ставрополь-на-Волге
Торез | Чистяково
Трёхгорный | Златоуст-36
Туркменбаши | Красноводск
Тюмень | Чинги-Тура
Тернополь | Тернопіль Tarnopol
Ужгород | Унгвар
Улан-Удэ | Верхнеудинск
Ульяновск | Симбирск
Уральск | Орал
Уссурийск | Ворошилов Никольск-Уссурийский
Усть-Каменогорск | Оскемен
Фергана | Скобелев
Феодосия | Кафа
Хабаровск | Хабаровка
Ханты-Мансийск | Остяко-Вогульск
Хмельницкий | Проскуров Проскурів Хмельницький
Худжанд | Ленинабад Ходжент
Цхинвал | Сталинири Цхинвали
Черкесск | Баталпашинск Сулимов Ежово-Черкесск
Черновцы | Чернівці Czernowitz Cernauti
Черняховск | Инстербург
Чапаевск | Троцк Иващенково
Чайковский | Сайгатка
Шахты | Александровск-Грушевский
Шымкент | Чимкент
Шарыпово | Черненко
Шептицкий | Червоноград Шептицький
Самар | Новомосковськ
Электросталь | Затишье
Элиста | Степной Элст
Экибастуз | Екибастуз
Ясногорск | Лаптево
Яны Капу | Красноперекопск
Актау | Шевченко
Актобе | Актюбинск
Костанай | Кустанай
Грозный | Соьлжа-Гӏала Grosny Соьлжа-ГIала Groznyj
Новая Каховка | Нова_Каховка
Сватово | Сватове
Северодонецк | Сєвєродонецьк Сіверськодонецьк Лисхимстрой
Токмак | Большой_Токмак
Берестин | Красноград
Киев | Київ Kyjiw Kijów Kiew Kiev Kyiv
Харьков | Харків Charkow Charkiw Kharkiv Kharkov
Одесса | Одеса Odessa Odesa
Ровно | Рівне Rowno
Чернигов | Чернігів
Бельцы | Бэлць Balti
Кишинёв | Chisinau Кишинэу Кишинев Kischinjow
Вильнюс | Вильно Вильна Wilno Vilnius Vilna
Каунас | Ковно
Рига | Riga
Минск | Мінск Менск Mińsk Minsk
Гродно | Гродна
Брест | Брест-Литовск Брэст
Казань | Qazan Kasan
Майкоп | Мыекъуапэ
Москва | Мск Moscow Moskau Moskwa Moscou
Назрань | Наьсаре
Нальчик | Налшык
Саранск | Саранош
Севастополь | Sebastopol Sewastopol
Стерлитамак | Стәрлетамаҡ
Уфа | Өфө Ufa
Чебоксары | Шупашкар
Якутск | Дьокуускай
Даугавпилс | Двинск Динабург
Тарту | Юрьев Дерпт
"""

_PLACE_WORDS = frozenset(
    ("г", "гор", "город", "с", "село", "п", "пос", "поселок", "пгт", "д", "дер", "деревня", "ст",
     "станица", "станиця", "аул", "м", "місто", "смт", "селище", "х", "хутор", "хут", "рп", "нп",
     "ст-ца", "улус", "кишлак", "мкр", "gorod", "selo", "city", "town", "village", "of", "misto",
     "stadt", "dorf", "miasto", "ville", "born", "in", "de", "из", "із", "з", "зі", "в", "во", "у",
     "родом", "города", "городе", "міста", "місті", "села", "селе", "селі", "поселка", "деревни",
     "from", "aus", "z")
)  # fmt: skip
# Before a place in another case than the first: «родом из Самары».
_FROM = re.compile(r"\b(?:из|із|з|зі|в|во|у)\b")
_SHORT = changes(
    (r"\b[нn]\b[.\s-]*(?=новгород|тагил|novgorod|tagil)", "нижний "),
    (r"\bв\b[.\s-]*(?=новгород|луки)", "великий "),
    (r"\b(?:н|наб)\b[.\s-]*(?=челн)", "набережные "),
    (r"\b(?:с|ст|санкт)\b[.\s-]*(?=петербург)", "санкт-"),
    (r"\s*\bн\s?/\s?д\b", "-на-дону"),
    (r"\s*\bн\s?/\s?а\b", "-на-амуре"),
)
_REGION = (
    r"(?:обл(?:асть|\.|\b)|область|області|области|край|края|района?|р-н|райо?н|округа?|ао|"
    r"oblast|region|krai|kray|raion|rayon|district|voivodeship)"
)
# Short names of regions and their first letters, left out after a comma or in brackets.
_BESIDE = (
    r"(?:башкортостан|башкирия|башкирія|рб|татарстан|рт|дагестан|рд|чечня|чр|чувашия|чувашія|"
    r"ингушетия|інгушетія|ри|осетия|осетія|рсо|рсо-а|рсо-алания|северная осетия|кбр|кчр|"
    r"кабардино-балкария|карачаево-черкесия|калмыкия|калмикія|рк|мордовия|рм|марий эл|рмэ|"
    r"удмуртия|удмуртія|ур|коми|якутия|якутія|рс ?\(я\)|саха|бурятия|бурятія|тыва|тува|хакасия|рх|"
    r"алтай|ра|адыгея|карелия|карелія|крым|крим|днр|лнр|хмао|хмао-югра|югра|янао|ссср)"
)
_REGIONS = (
    re.compile(rf"\s*,\s*{_BESIDE}\s*\.?(?=,|$)|^{_BESIDE}\s*,\s*|\(\s*{_BESIDE}\s*\)"),
    re.compile(rf"[\w-]+(?:ой|ая|ий|ый|ого|ої|а|iy|yi|yy|ii|aya|aia|y|a)\s+{_REGION}\.?"),
    re.compile(r"\b(?:республика|респ\.?|республіка|republic(?: of)?)\s+[\w-]+"),
    re.compile(r"\b[\w-]+(?:ая|ська)\s+а?с?сс?р\b"),
    re.compile(
        r"\b(?:россия|рф|росія|украина|україна|ссср|срср|рсфср|усср|урср|беларусь|казахстан|"
        r"узбекистан|кыргызстан|киргизия|таджикистан|молдова|грузия|армения|азербайджан|"
        r"russia|ukraine|ussr|belarus|kazakhstan|uzbekistan|russian federation)\b"
    ),
)


def _lines() -> list[tuple[str, list[str]]]:
    pairs = (line.split(" | ") for line in _RENAMED.strip().splitlines())
    return [(plain(now), [plain(x.replace("_", " ")) for x in once.split()]) for now, once in pairs]


@cache
def _by_sound() -> dict[str, str]:
    """The sounds of each name, old or new, and the name now; the first line that has it decides."""
    found: dict[str, str] = {}
    for now, _ in _lines():
        found.setdefault(_sounds(now)[0], now)
    for now, once in _lines():
        for name in once:
            found.setdefault(_sounds(name)[0], now)
    return found


RENAMED: dict[str, str] = {old: now for now, once in reversed(_lines()) for old in once}


def _sounds(name: str) -> tuple[str, ...]:
    return readings(name.replace(" ", "").replace("-", "")) or ("",)


@lru_cache(maxsize=20_000)
def place_name(text: str) -> str:
    """The name of a place now, lower case, without "г." or "Вологодская обл.".

    "" where nothing is known.
    """
    if says_nothing(text):
        return ""
    text = _whole(text)
    name = _bare(text)
    known = [*_sounds(text), *_sounds(name)]
    if _FROM.search(text):
        known += [x for sounds in _sounds(name) for x in (stem(sounds), *nominatives(sounds))]
    return next((_by_sound()[x] for x in known if x in _by_sound()), name)


def written_name(text: str) -> str:
    """The name of a place as somebody wrote it, without "г." or "Вологодская обл."."""
    return _bare(_whole(text))


def is_renamed(one: str, other: str) -> bool:
    """Say whether two names of one place do not even sound alike."""
    return set(_sounds(written_name(one))).isdisjoint(_sounds(written_name(other)))


def _whole(text: str) -> str:
    text = one_script(plain(text))
    for pattern, whole in _SHORT:
        text = pattern.sub(whole, text)
    return text


def _bare(text: str) -> str:
    """The place itself; a region only where nothing else is said."""
    name = text
    for pattern in _REGIONS:
        shorter = pattern.sub(" ", name)
        name = shorter if _named(shorter) else name
    return _named(name) or _named(text)


def _named(text: str) -> str:
    words = text.replace(",", " ").replace(";", " ").split()
    words = [re.sub(r"^(?:г|гор|с|пос|п|д|дер|х|м|смт|ст)\.(?=\w)", "", x) for x in words]
    return " ".join(x.strip(".()") for x in words if x.strip(".()") not in _PLACE_WORDS).strip()
