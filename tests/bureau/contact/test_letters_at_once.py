"""Two act on one letter at the same moment: the later sees what the earlier did."""

import pytest

from tests.at_once import beside
from tests.bureau.contact.test_actions import passed, state
from tests.bureau.contact.test_paper import come, sheet_for_him, side
from tests.cases import Case
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.contact import actions
from wayhome.bureau.contact.models import Letter, LetterCopy, Scan
from wayhome.bureau.contact.rules import LetterState, NotFiled
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.sheet_codes import OnSheet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def says(case: Case, answer: Answer) -> None:
    consents.answer(match=case.match, kind=Kind.LETTERS, answer=answer, by=case.sitting)


def test_what_he_forbids_while_a_letter_is_passed_or_brought_forward_stops_it():
    case = Case()
    _ = case.consented, case.staff(Role.SUPERVISOR)
    letter = actions.write_to_him(enquiry=case.enquiry, text="Мы ждём.", by=case.enquirer)

    says(case, Answer.NO)
    says(case, Answer.YES)
    with beside(lambda: actions.bring_forward(case.enquiry)):
        says(case, Answer.NO)
    assert state(letter) == LetterState.KEPT

    says(case, Answer.YES)
    with beside(lambda: says(case, Answer.NO)):
        passed(case, Letter.objects.get())
    assert (state(letter), LetterCopy.objects.exists()) == (LetterState.KEPT, False)

    says(case, Answer.YES)
    assert passed(case, Letter.objects.get()).state == LetterState.PASSED


def test_a_side_that_comes_while_its_letter_is_passed_waits_for_a_person():
    case = Case()
    sheet = sheet_for_him(case)
    come(side(OnSheet(sheet.code, 1)))
    case.staff(Role.SUPERVISOR)

    with beside(lambda: come(side(OnSheet(sheet.code, 2), shade="grey"))):
        passed(case, Letter.objects.get())

    assert Scan.objects.get(side=2).why == NotFiled.LETTER_GONE
