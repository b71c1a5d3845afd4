"""The auditor's pages: one case from its entries, and what is wrong in the auditor's language."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from tests.factories import EnquiryFactory, StaffFactory
from wayhome.bureau.captives.rules import DutyKind, FileKind
from wayhome.bureau.enquiries.rules import Source
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal import verification
from wayhome.bureau.journal.wording import fault_in_words
from wayhome.bureau.staff.permissions import Role

CYRILLIC = re.compile("[а-яіїєґ]")


@pytest.mark.slow
@pytest.mark.django_db
def test_all_entries_of_one_case_are_one_press_away():
    clerk, one, other = StaffFactory(), EnquiryFactory(), EnquiryFactory()
    for enquiry in (one, other):
        number = enquiry.bureau_number
        journal.record("enquiry corrected", subject=enquiry, by=clerk, person=number)
    auditor = Client(headers={"accept-language": "en"})
    auditor.force_login(StaffFactory(role=Role.AUDITOR))
    page = auditor.get("/console/journal/").content.decode()
    assert f'href="?subject={one.pk}"' in page

    of_one = auditor.get(f"/console/journal/?subject={one.pk}").content.decode()

    assert "Only the entries of one record are shown." in of_one
    assert one.bureau_number in of_one
    assert other.bureau_number not in of_one


def said_by_the_verification() -> list[str]:
    """Every fault that its source can name, with a file's name in each gap."""
    source = Path(verification.__file__).read_text(encoding="utf-8")
    raised = re.findall(r'_Bad\([^"]*f?"([^"]+)"', source)
    return [re.sub(r"\{[^}]*\}", "some.file", one) for one in raised]


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_what_is_wrong_is_said_in_the_language_of_the_page(language):
    faults = said_by_the_verification()
    assert len(faults) >= 8

    with translation.override(language):
        told = {fault: fault_in_words(fault) for fault in faults}

    assert all(CYRILLIC.search(words) for words in told.values()), told
    assert all(("some.file" in fault) == ("some.file" in told[fault]) for fault in faults)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_purpose_that_is_a_stored_value_is_read_in_words():
    clerk, enquiry = StaffFactory(), EnquiryFactory()
    for purpose in (*Source, *FileKind, *DutyKind):
        journal.record("enquiry made", subject=enquiry, by=clerk, purpose=purpose.value)
    auditor = Client(headers={"accept-language": "uk"})
    auditor.force_login(StaffFactory(role=Role.AUDITOR))

    page = auditor.get("/console/journal/").content.decode()

    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    purposes = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)[5] for row in rows]
    assert len(purposes) >= len((*Source, *FileKind, *DutyKind))
    assert all(CYRILLIC.search(words) for words in purposes if words), purposes
