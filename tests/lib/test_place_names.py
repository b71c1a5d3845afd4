import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.lib.place_names import names_one

PLACE = "Верхнеозёрск"


@pytest.mark.parametrize(
    "text",
    [
        "лежит в Верхнеозёрске",
        "верхнеозерск",
        "ВЕРХНЕОЗЕРСКИЙ госпиталь",
        "Верхньоозерськ",
        "near Verkhneozersk.",
        "Verhneozyorsk",
        "(Verkhneozyorskaya str. 5)",
    ],
)
def test_a_place_is_known_in_any_spelling(text):
    assert names_one(text, [PLACE])


@pytest.mark.parametrize("text", ["", "ранен в руку, заживает", "Верховина", "озеро", "12 / 5"])
def test_what_names_no_such_place_does_not(text):
    assert not names_one(text, [PLACE])


FORMS = {
    "Кологрив": "Кологриве, Кологрива, КОЛОГРИВОМ, кологривский, Kologriv, Kolohryv, Колоґрив",
    "Вінниця": "Вінниці, вінницькій, Винница, Виннице, Vinnytsia, Vinnitsa, Vinnytsya",
    "Харків": "Харкові, Харкова, харківський, Харьков, Харькове, Kharkiv, Kharkov",
    "Львів": "Львові, Львовом, львівський, Львов, Львове, Lviv, Lvov, Lwow",
    "Київ": "Києві, Києва, київський, Киев, Киеве, Kyiv, Kiev",
    "Рівне": "Рівного, Рівному, Ровно, Rivne, Rovno, рівненський",
    "Біла Церква": "Білій Церкві, Білу Церкву, Белой Церкви, Bila Tserkva",
    "Кривий Ріг": "Кривому Розі, Кривого Рогу, Кривой Рог, Кривом Роге, Kryvyi Rih, Krivoy Rog",
    "Запоріжжя": "Запоріжжі, Запорожье, Запорожья, Zaporizhzhia, запорізький",
    "Чернігів": "Чернігова, Чернигов, Чернигове, Chernihiv, Chernigov, чернігівський",
    "Ірпінь": "Ірпені, Ирпень, Ирпене, Irpin, Irpen",
    "Ізюм": "Ізюмі, Изюме, Izium, Izyum",
    "Юр'ївка": "Юр’ївці, Юрївка, Юрьевка, Юрьевке, Yuriivka, Yuryevka",
    "Яготин": "Яготині, Яготине, Yahotyn, Yagotin",
    "Лозова": "Лозовій, Лозовую, Лозовой, Lozova",
    "Щедрик": "Щедрику, Щедрика, Shchedryk",
    "Об'єкт 3": "об'єкті 3, об’єкта № 3, объекте 3",
    "Колонія №17": "колонии 17, 17-й колонии, колонією № 17",
}


@pytest.mark.parametrize(("place", "form"), [
    (place, form) for place, forms in FORMS.items() for form in forms.split(", ")
])  # fmt: skip
def test_a_place_is_found_in_every_case_script_and_transliteration(place, form):
    for text in (f"Мы сейчас в {form}, тут тихо.", form.upper(), f"({form})"):
        assert names_one(text, [place]), text


ORDINARY = """Мама, я жив и здоров. Кормят, чай дают. Мне 25 лет, ноги целы. Как корова, даёт ли
молоко? Дед посадил яблоню, собака родила щенков. Сумка моя где? Одеться не забудь, одеяло тёплое.
Кривая улыбка. Белая рубашка. Лозунги не слушай. Ромка, привет! Тут есть другие ребята.
Мамо, я живий. Годують добре. Чекаю зустрічі. Цілую міцно. Корову не продавай.
Dear mother, I am alive and well. They feed us and we have tea. Kiss the children.
Камень на могиле поправь. Лагерная смена у сына как прошла? Пенсия пришла?"""


def test_ordinary_words_of_a_letter_name_none_of_these():
    places = [*FORMS, "Суми", "Одеса", "Ромни"]
    flagged = [text for text in ORDINARY.split(".") if names_one(text, places)]
    assert not flagged


@pytest.mark.parametrize(
    ("place", "text", "named"),
    [
        ("Орёл", "в Орле", False),  # its vowel flees: the person who reads knows it
        ("Орёл", "город Орел", True),
        ("№ 5", "палата 5", False),
        ("Яр", "ярко", False),
        ("біля лісу", "за лісом", False),
        ("Лікарня № 3, Зоряний", "у Зоряному", True),
        ("Лікарня № 3, Зоряний", "у лікарні добре годують", False),
        ("Лікарня № 3, Зоряний", "у третій лікарні, тобто 3", True),
    ],
)
def test_a_short_name_or_a_kind_of_place_alone_is_not_enough(place, text, named):
    assert names_one(text, [place]) is named


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_text_gets_an_answer(text, places):
    assert names_one(text, places) in (True, False)


@given(st.text(max_size=30), st.text(max_size=30))
def test_around_it_may_stand_anything(before, after):
    assert names_one(f"{before} {PLACE} {after}", [PLACE])
