"""What one more fact would decide: for staff, and never a reason to ask a family."""

import ast
from pathlib import Path

import pytest

from tests.factories import CaptiveFactory, EnquiryFactory
from wayhome.bureau.enquiries import asking
from wayhome.bureau.matches import bridge
from wayhome.bureau.matches.bridge import facts_worth_asking

pytestmark = pytest.mark.django_db
HE = {"surname": "Ряполов", "given": "Яким", "patronymic": "Ильич", "birthplace": "Ветлуга"}
OTHERS = ("Жерех", "Лаптун", "Мокроусов", "Пичугин", "Сыроват", "Тючев", "Щапов", "Ощепков")


@pytest.fixture(autouse=True)
def _fresh_index():
    bridge.REGISTER.forget()


def namesakes() -> None:
    for born in ("1999-05-03", "1987-01-20"):
        CaptiveFactory(**HE, born=born)
    for number, surname in enumerate(OTHERS):
        CaptiveFactory(surname=surname, given="Глеб", patronymic="", born=f"{1970 + number}-01-09")


def test_between_two_namesakes_the_date_decides():
    namesakes()

    first, *_ = facts_worth_asking(EnquiryFactory(**HE))

    assert first.field == "born"
    assert 0 < first.bits <= first.doubt


def test_what_the_enquiry_holds_is_not_asked_and_on_an_empty_register_nothing_tells():
    enquiry = EnquiryFactory(**HE, born="1999-05-03")
    assert facts_worth_asking(enquiry) == []
    namesakes()
    bridge.REGISTER.forget()

    assert "born" not in [each.field for each in facts_worth_asking(enquiry)]


def test_asking_families_knows_nothing_of_it():
    """The subject that asks families stands below: it cannot even import what is known of a man."""
    tree = ast.parse(Path(asking.__file__).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert imported
    assert not [name for name in imported if "matches" in str(name) or "captives" in str(name)]
