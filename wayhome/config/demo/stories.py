"""Stories that are under way when somebody opens a demo: one at each stage of the main way."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from wayhome.bureau.captives.models import Captive, CaptureCard
from wayhome.bureau.enquiries.actions import hash_pin
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import Party, Relation
from wayhome.bureau.persons.vault import blind_index
from wayhome.config.demo.cases import BY_EMAIL, BY_TELEPHONE, Case, Man
from wayhome.config.folder import Folder, write_private
from wayhome.lib.codes import encode

PIN, SECOND_PIN = "481516", "230815"
KEPT = "demo-families.json"
FAMILYS, CAPTIVES = "waits", "to ask"  # whose session a demo opens from outside
TOLD = "told"


@dataclass(frozen=True)
class Story:
    """A man and his family, how far they have come, and what of it is unlike the others."""

    name: str
    man: Man
    as_far_as: tuple[str, ...]  # steps of Case
    unlike: tuple[tuple[str, Any], ...] = ()  # fields of Case


def _man(card: str, sought: str, born: str, birthplace: str, mother: str, **more: Any) -> Man:
    return Man(card, sought, born, birthplace, mother, **more)


STORIES = (
    Story(FAMILYS, _man("Остроглазов Фаддей Лукич", "Остроглазов Фадій Лукич", "1998-05-03",
                        "Кологрив", "Остроглазова Ганна Петрівна", language="uk"),
          ("made", "she_wrote", "sample")),
    Story("half judged", _man("Вершинников Кондрат Мефодьевич", "Вершинников Кондрат Мефодійович",
                              "1999-11-17", "Чухлома", "Вершинникова Серафима Ильинична",
                              language="uk"), ("half_judged",)),
    Story(CAPTIVES, _man("Подлесный Евстигней Карпович", "Подлесный Евстигней Карпович",
                         "2001-03-08", "Солигалич", "Подлесная Аграфена Фоминична"),
          ("match", "by_hand", "call_wanted", "wrote_home", "kept")),
    Story("no", _man("Забелинский Мартьян Никонович", "Забелинский Мартьян Никонович", "1997-08-21",
                     "Шенкурск", "Забелинская Пелагея Саввична"), ("said_no",)),
    Story("fear", _man("Колодезников Ефим Силантьевич", "Kolodeznikov Yefim Silantyevich",
                       "2000-02-29", "Вытегра", "Колодезникова Фёкла Макаровна",
                       relation=Relation.SISTER, language="en"), ("fears",)),
    Story("weighed", _man("Перелётов Клим Аверьянович", "Перельотов Клим Авер'янович", "1996-12-30",
                          "Нерехта", "Перелётова Домна Сидоровна", language="uk"),
          ("paper", "weighed")),
    Story("to invite", _man("Сухоруков Панкрат Ильич", "Сухоруков Панкрат Ильич", "1995-09-12",
                            "Кунгур", "Сухорукова Матрёна Кузьминична"), ("proven",)),
    Story("invited", _man("Трезвонов Лука Порфирьевич", "Трезвонов Лука Порфирьевич", "2002-07-01",
                          "Елабуга", "Трезвонова Ульяна Карповна"), ("invitation",),
          (("contact", BY_EMAIL),)),
    Story(TOLD, _man("Кочубинский Сила Тихонович", "Кочубинский Сила Тихонович", "1994-04-14",
                       "Галич", "Кочубинская Степанида Ермолаевна", relation=Relation.WIFE),
          ("told", "she_wrote", "call_agreed"), (("contact", BY_TELEPHONE),)),
    Story("applied", _man("Несговоров Ипат Фролович", "Несговоров Ипат Фролович", "1998-10-05",
                          "Тотьма", "Несговорова Анисья Львовна"),
          ("application", "assessed", "call_held")),
    Story("before a board", _man("Неустроев Агей Пахомович", "Неустроєв Агій Пахомович",
                                 "1999-03-30", "Солигалич", "Неустроева Меланья Титовна",
                                 language="uk"), ("half_voted",)),
    Story("refused", _man("Завьяловский Прокл Евсеевич", "Завьяловский Прокл Евсеевич",
                          "1996-08-16", "Нерехта", "Завьяловская Нонна Аристарховна"),
          ("refused",)),
    Story("granted", _man("Благодатных Мирон Самсонович", "Благодатных Мирон Самсонович",
                          "2000-11-02", "Шенкурск", "Благодатных Таисья Гордеевна"),
          ("travel_paper", "guaranteed")),
    Story("act", _man("Долгополов Савва Игнатьевич", "Долгополов Савва Игнатьевич", "1999-06-18",
                      "Кадников", "Долгополова Евдокия Прохоровна"), ("act",)),
    Story("ready", _man("Сковородников Фрол Денисович", "Сковородников Фрол Денисович",
                        "1997-07-07", "Буй", "Сковородникова Вера Павловна"), ("ready",),
          (("in_days", 0),)),
    Story("sealed", _man("Белопашинцев Тит Онуфриевич", "Белопашинцев Тит Онуфриевич", "1993-01-25",
                         "Устюжна", "Белопашинцева Лукерья Захаровна"), ("sealed",),
          (("in_days", 0),)),
    Story("withdrawn", _man("Рассказчиков Гурий Вавилович", "Рассказчиков Гурий Вавилович",
                            "2000-08-09", "Макарьев", "Рассказчикова Варвара Никитична"),
          ("told", "call_agreed", "withdrawn")),
    Story("exchanged", _man("Переяславцев Нил Зосимович", "Переяславцев Нил Зосимович",
                            "1996-02-17", "Чердынь", "Переяславцева Устинья Наумовна"),
          ("told", "exchanged"), (("contact", BY_TELEPHONE),)),
    Story("died", _man("Голубятников Юст Ермилович", "Голубятников Юст Єрмилович", "1998-09-03",
                       "Яренск", "Голубятникова Марья Лукинична", language="uk"),
          ("proven", "looked_into")),
    Story("harm", _man("Одноцветов Харитон Егорович", "Одноцветов Харитон Егорович", "1997-03-19",
                       "Пошехонье", "Одноцветова Глафира Семёновна"),
          ("match", "flagged", "held_by_court", "press_asked")),
    Story("cared for", _man("Житников Карп Мокеевич", "Житников Карп Мокеевич", "1996-05-27",
                            "Любим", "Житникова Авдотья Ивановна"),
          ("candidate", "cared_for", "kept", "ill", "found_grave", "injured")),
    Story("two cards", _man("Самойленков Ерофей Макарович", "Самойленков Єрофій Макарович",
                            "1998-12-12", "Кинешма", "Самойленкова Дарья Ильинична"),
          ("second_card",)),
    Story("two enquiries", _man("Pryakhin Terentiy Zakharovich", "Пряхин Терентий Захарович",
                                "1999-02-11", "Сольвычегодск", "Пряхина Аксинья Петровна"),
          ("made", "second_enquiry")),
    Story("himself", _man("Одинцовский Влас Кириллович", "", "1992-02-02",
                          "Варнавин", ""), ("wrote", "objected", "complained", "applied_himself",
                                    "spoke")),
    Story("unable", _man("Волкодавенко Тарас Юхимович", "Волкодавенко Тарас Юхимович",
                         "1995-04-04", "Гадяч", "Волкодавенко Олена Юхимівна", language="uk"),
          ("unable",)),
    Story("forgotten", _man("", "Забытов Аким Павлович", "2001-01-10",
                            "Судиславль", "Забытова Надежда Олеговна"), ("forgotten",)),
    Story("for the agency", _man("", "Верховинець Орест Данилович", "1990-11-11",
                                 "Косів", "Верховинець Олена Іванівна", language="uk"), ("made",),
          (("party", Party.OWN_SOLDIER),)),
)  # fmt: skip


def tell(folder: Folder, progress: Callable[[int, int], None]) -> dict[str, int]:
    """Bring each story as far as it goes, whole or not at all; what was told is left."""
    bring(STORIES, folder, progress)
    return {"stories": len(STORIES)}


def bring(
    stories: Sequence[Story],
    folder: Folder,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> None:
    """Bring these stories as far as they go; of others than STORIES, by a later step."""
    pins = hash_pin(PIN), hash_pin(SECOND_PIN)
    for done, story in enumerate(stories, start=1):
        if not _is_told(story):
            case = Case(story.man, mark_of(story.name), *pins, **dict(story.unlike))
            _bring(case, story, folder)
        progress(done, len(stories))


def _is_told(story: Story) -> bool:
    mark = mark_of(story.name)
    cards = CaptureCard.objects.filter(line_digest=mark)
    return cards.exists() or Enquiry.objects.filter(line_digest=mark).exists()


@transaction.atomic
def _bring(case: Case, story: Story, folder: Folder) -> None:
    for step in story.as_far_as:
        getattr(case, step)
    if story.name in (FAMILYS, TOLD):
        # Before the commit: words that are kept nowhere else must not be lost between the two.
        words = " ".join(encode(case.made.code, story.man.language))
        _keep(folder, Family(story.name, words, PIN, SECOND_PIN))


def mark_of(name: str) -> bytes:
    """By which a story's card and enquiry are known again."""
    return blind_index("demo story", name)


def captive_of(name: str) -> Captive | None:
    """The man of this story, if it was told."""
    return Captive.objects.filter(cards__line_digest=mark_of(name)).first()


def enquirer_of(name: str) -> Enquirer | None:
    """Who asks in this story, if it was told and is not forgotten."""
    return Enquirer.objects.filter(enquiries__line_digest=mark_of(name), forgotten_at=None).first()


@dataclass(frozen=True)
class Family:
    """How an invented family comes back to its page."""

    story: str
    words: str
    pin: str
    second_pin: str


def families_of(folder: Folder) -> list[Family]:
    """The families whose words are printed: one that waits, and one that was told."""
    try:
        kept = json.loads((folder.keys / KEPT).read_text("utf-8"))
    except FileNotFoundError:
        return []
    return [Family(**each) for each in kept]


def _keep(folder: Folder, family: Family) -> None:
    others = [each for each in families_of(folder) if each.story != family.story]
    kept = [asdict(each) for each in (*others, family)]
    write_private(folder.keys / KEPT, json.dumps(kept, ensure_ascii=False, indent=2).encode())
