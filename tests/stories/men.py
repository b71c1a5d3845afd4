"""The invented men of the stories, and the card file that a clerk has of them."""

import random
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

HEADINGS = (
    "№ з/п",
    "Прізвище",
    "Ім'я",
    "По батькові",
    "Дата народження",
    "Місце народження",
    "ПІБ матері",
    "Звання",
    "Особовий номер",
    "Дата полону",
    "Стан здоров'я",
)
OTHERS = 40
SURNAMES = ("Гусев", "Зотов", "Лапин", "Марков", "Носов", "Орлов", "Пахомов", "Титов")
GIVEN = ("Артём", "Борис", "Виктор", "Глеб", "Денис", "Егор", "Захар", "Илья", "Олег")
FATHERS = ("Андреевич", "Викторович", "Игоревич", "Олегович", "Петрович", "Юрьевич")
PLACES = ("Псков", "Рязань", "Омск", "Киров", "Тула")


@dataclass(frozen=True)
class Name:
    surname: str
    given: str
    patronymic: str

    def __str__(self) -> str:
        return f"{self.surname} {self.given} {self.patronymic}"


@dataclass(frozen=True)
class Man:
    """One man of the card file, and how those who seek him write his name."""

    card: Name
    spelt: dict[str, Name]
    born: str
    birthplace: str
    mother: str


def _man(ru: str, uk: str, en: str, born: str, birthplace: str, mother: str) -> Man:
    names = {"ru": Name(*ru.split()), "uk": Name(*uk.split()), "en": Name(*en.split())}
    return Man(names["ru"], names, born, birthplace, mother)


MEN = {
    "main-uk": _man("Верхотуров Лаврентий Савельевич", "Верхотуров Лаврентій Савелійович",
                    "Verkhoturov Lavrentiy Savelyevich", "03.05.1998", "Кунгур",
                    "Верхотурова Пелагея Кузьминична"),
    "main-ru": _man("Щегловитов Мирон Евстафьевич", "Щегловітов Мирон Євстафійович",
                    "Shcheglovitov Miron Yevstafyevich", "17.11.2001", "Елабуга",
                    "Щегловитова Аграфена Тихоновна"),
    "main-en": _man("Кологривов Тарас Никандрович", "Кологривов Тарас Никандрович",
                    "Kologrivov Taras Nikandrovich", "29.02.2000", "Вытегра",
                    "Кологривова Степанида Фоминична"),
    "no": _man("Дурасов Ермолай Поликарпович", "Дурасов Єрмолай Полікарпович",
               "Durasov Yermolay Polikarpovich", "08.08.1999", "Чухлома",
               "Дурасова Матрёна Ильинична"),
    "fear": _man("Ознобишин Зиновий Прохорович", "Ознобишин Зиновій Прохорович",
                 "Oznobishin Zinoviy Prokhorovich", "21.01.2002", "Шенкурск",
                 "Ознобишина Фёкла Макаровна"),
    "wrong": _man("Тугаринов Самсон Вукулович", "Тугаринов Самсон Вукулович",
                  "Tugarinov Samson Vukulovich", "12.07.1997", "Галич",
                  "Тугаринова Ульяна Карповна"),
    "pages": _man("Хвостовский Капитон Гурьевич", "Хвостовський Капітон Гурійович",
                  "Khvostovsky Kapiton Guryevich", "30.09.1995", "Нерехта",
                  "Хвостовская Домна Сидоровна"),
}  # fmt: skip
NOBODY = _man("Безродный Никто Неизвестнович", "Безрідний Онисим Хомич",
              "Bezrodny Onisim Khomich", "01.04.1996", "Солигалич",
              "Безродная Василиса Емельяновна")  # fmt: skip
DEAD = _man("Колоколов Аристарх Фролович", "Колоколов Аристарх Фролович",
            "Kolokolov Aristarkh Frolovich", "09.02.2000", "Кологрив",
            "Колоколова Аполлинария Фадеевна")  # fmt: skip
DEAD_TOO = _man("Мезенцев Порфирий Титович", "Мезенцев Порфирій Титович",
                "Mezentsev Porfiriy Titovich", "14.10.1997", "Тотьма",
                "Мезенцева Евлампия Захаровна")  # fmt: skip


def write_cards(path: Path) -> Path:
    """A clerk's list as XLSX: the men of the stories among others."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    for number, row in enumerate([*map(_row, MEN.values()), *_others()], start=1):
        sheet.append([number, *row])
    book.save(path)
    book.close()
    return path


def _row(man: Man) -> list[str]:
    name = man.card
    who = [name.surname, name.given, name.patronymic, man.born, man.birthplace, man.mother]
    return [*who, "рядовой", "", "16.04.2022", "ранен"]


def _others() -> list[list[str]]:
    chance = random.Random(4)
    return [_other(chance) for _ in range(OTHERS)]


def _other(chance: random.Random) -> list[str]:
    surname, given = chance.choice(SURNAMES), chance.choice(GIVEN)
    born = f"{chance.randint(1, 28):02}.{chance.randint(1, 12):02}.{chance.randint(1985, 2003)}"
    who = [surname, given, chance.choice(FATHERS), born, chance.choice(PLACES), ""]
    number = f"{chance.choice('АБВГ')}{chance.choice('ДЕЖЗ')}-{chance.randint(100000, 999999)}"
    return [*who, "рядовой", number, f"{chance.randint(1, 28):02}.03.2022", ""]
