"""Files of enquiries: imported once, found again by their lines."""

from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories import StaffFactory
from wayhome.bureau.captives.actions import files, start_import
from wayhome.bureau.captives.models import CardFile
from wayhome.bureau.captives.rules import FileState
from wayhome.bureau.enquiries.importing import ENQUIRIES, check_file, import_file
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import Forbidden, Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HEADINGS = "enquiry_id,surname,given,dob,service_no,language,relation,enquirer_name"
LINES = (
    "Q1,Буйничев,Прохор,1999-05-03,,ru,mother,Буйничева Агафья",
    "Q2,Жерех,Глеб,1985,,uk,wife,",
    "Q3,Лаптун,Архип,,,en,friend,",
)
NUMBER_ONLY = "Q4,,,,ЧУ-543375,ru,mother,"


def file_at(folder: Path, *lines: str) -> Path:
    path = folder / "enquiries.csv"
    path.write_text("\n".join([HEADINGS, *lines]), "utf-8")
    return path


def test_every_line_becomes_an_enquiry_with_its_enquirer(tmp_path):
    done = import_file(file_at(tmp_path, *LINES), site="A")

    assert (done.lines, done.added, done.known, done.set_aside) == (3, 3, 0, 0)
    enquiry = Enquiry.objects.select_related("enquirer__key").get(list_number="Q1")
    assert (enquiry.surname, enquiry.born, enquiry.relation) == ("Буйничев", "1999-05-03", "mother")
    assert (enquiry.state, enquiry.source) == (EnquiryState.OPEN, "file")
    assert enquiry.enquirer.name == "Буйничева Агафья"
    assert enquiry.enquirer.language == "ru"
    entries = Entry.objects.filter(action="enquiry made")
    assert {entry.actor_role for entry in entries} == {"machine"}
    assert entries.count() == 3
    assert ProcrastinateJob.objects.filter(task_name="matches.rematch_enquiries").count() == 1


def test_a_second_import_adds_nothing(tmp_path):
    path = file_at(tmp_path, *LINES)
    import_file(path, site="A")

    again = import_file(path, site="A")

    assert (again.added, again.known) == (0, 3)
    assert Enquiry.objects.count() == 3


def test_two_families_who_ask_for_one_man_are_both_kept(tmp_path):
    wife = LINES[0].replace("Q1", "Q9").replace("mother", "wife")

    done = import_file(file_at(tmp_path, LINES[0], wife), site="A")

    assert done.added == 2


def test_a_line_without_a_surname_is_a_fault_and_not_lost(tmp_path):
    path = file_at(tmp_path, *LINES, NUMBER_ONLY)

    checked = check_file(path)
    done = import_file(path, site="A", read=checked)

    assert [(one.row, one.field, one.fault) for one in checked.faults] == [
        (5, "surname", "surname missing")
    ]
    assert (done.added, done.set_aside) == (3, 1)
    assert [line.row for line in files.lines_of(CardFile.objects.get())] == [5]


def test_only_who_imports_enquiries_may(tmp_path):
    content = file_at(tmp_path, *LINES).read_bytes()
    read = ENQUIRIES.check(content, "e.csv")
    registrar, officer = StaffFactory(role=Role.REGISTRAR), StaffFactory(role=Role.TRACING)

    with pytest.raises(Forbidden):
        ENQUIRIES.keep(read, content, site=registrar.site, by=registrar)

    file = ENQUIRIES.keep(read, content, site=officer.site, by=officer)
    with pytest.raises(Forbidden):
        start_import(file=file, set_aside=False, by=registrar)
    start_import(file=file, set_aside=False, by=officer)
    assert ENQUIRIES.go_on(file).state == FileState.DONE
    assert Entry.objects.filter(action="enquiry made", actor_id=officer.number).count() == 3
