"""The pages of files: given, looked at, imported by the worker, stopped, mended, refused."""

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.bureau.captives.test_importing import content_of, list_of, man
from tests.factories import SiteFactory, StaffFactory
from wayhome.bureau.captives import jobs
from wayhome.bureau.captives.actions import files
from wayhome.bureau.captives.importing import CARDS
from wayhome.bureau.captives.models import Captive, CardFile, SameManProposal
from wayhome.bureau.captives.reading.tables import LARGEST_FILE
from wayhome.bureau.captives.rules import FileState
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BAD = man(2).replace("16.04.2022", "31.02.2022")


@pytest.fixture
def clerk():
    return StaffFactory(role=Role.REGISTRAR)


@pytest.fixture
def office(clerk, client):
    client.force_login(clerk)
    client.cookies["language"] = "en"
    return client


def give(client: Client, content: bytes, name: str = "list.csv"):
    return client.post(reverse("console:imports"), {"file": SimpleUploadedFile(name, content)})


def given(client: Client, content: bytes, name: str = "list.csv") -> CardFile:
    answer = give(client, content, name)
    assert answer.status_code == 303, answer.content.decode()
    file = CardFile.objects.latest("at")
    assert answer["Location"] == page(file)
    return file


def page(file: CardFile) -> str:
    return reverse("console:import_file", args=[file.pk])


def do(client: Client, file: CardFile, what: str):
    return client.post(page(file), {"do": what})


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def work() -> None:
    """What the worker does, until nothing is left of the imports."""
    while True:
        waiting = ProcrastinateJob.objects.filter(
            status="todo", task_name="captives.import_cards"
        ).first()
        if waiting is None:
            return
        jobs.import_cards.func(**waiting.args)
        ProcrastinateJob.objects.filter(pk=waiting.pk).delete()


def test_a_file_is_looked_at_first_and_imported_by_the_worker(office):
    file = given(office, list_of(3))
    seen = text_of(office.get(page(file)))
    assert "Import 3 lines" in seen
    assert "Date of birth" in seen
    assert "kept on the card as it stands" in seen  # the column of places
    assert "Буйничев" not in seen
    assert not Captive.objects.exists()

    assert do(office, file, "import").status_code == 303
    assert 'http-equiv="refresh"' in office.get(page(file)).content.decode()
    work()

    done = office.get(page(file))
    assert "Imported" in text_of(done)
    assert 'http-equiv="refresh"' not in done.content.decode()
    assert Captive.objects.count() == 3
    entry = Entry.objects.filter(action="captive registered").first()
    assert entry.actor_role == "registrar"


def test_the_preview_says_what_is_known_and_who_may_be_here_already(office):
    do(office, given(office, list_of(3)), "import")
    work()
    other = man(2).replace(";Прохор;Лаврентьевич", ";Прохор;")

    file = given(office, content_of([man(1), other, man(9)]))

    seen = text_of(office.get(page(file)))
    assert re.search(r"New 2\b", seen), seen
    assert re.search(r"Known already 1\b", seen), seen
    assert "At least 1 new line" in seen


def test_faults_stand_by_line_and_column_and_keep_everything_out(office):
    file = given(office, content_of([man(1), BAD]))

    seen = text_of(office.get(page(file)))
    assert "1 fault" in seen
    assert "3 Дата полонення There is no such day." in seen
    assert "Import 1 line without faults" in seen
    refused = do(office, file, "import")
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    work()
    assert not Captive.objects.exists()


def test_lines_set_aside_are_taken_mended_and_given_again(office):
    file = given(office, content_of([man(1), BAD]))
    do(office, file, "set aside")
    work()
    assert Captive.objects.count() == 1

    mend = office.get(reverse("console:import_mend", args=[file.pk]))
    assert "Буйничев" not in mend["Content-Disposition"]
    assert Entry.objects.filter(action="lines to mend taken").exists()
    told = mend.content.decode("utf-8-sig")
    assert "There is no such day." in told
    again = given(office, told.replace("31.02.2022", "28.02.2022").encode(), "mended.csv")
    do(office, again, "import")
    work()

    assert Captive.objects.count() == 2
    whole = given(office, content_of([man(1), man(2).replace("16.04", "28.02")]))
    assert re.search(r"New 0\b", text_of(office.get(page(whole))))


def test_a_file_without_faults_gives_nothing_to_mend(office):
    file = given(office, list_of(1))

    assert office.get(reverse("console:import_mend", args=[file.pk])).status_code == 404


def test_an_import_is_stopped_and_goes_on(office, monkeypatch):
    monkeypatch.setattr(files, "AT_A_TIME", 1)
    file = given(office, list_of(3))
    do(office, file, "import")
    files.Import(CardFile.objects.get(), CARDS.importer).batch()

    assert do(office, file, "stop").status_code == 303
    work()
    assert Captive.objects.count() == 1
    assert "1 of 3 lines" in text_of(office.get(page(file)))
    assert do(office, file, "stop").status_code == 422

    assert do(office, file, "go on").status_code == 303
    work()
    assert Captive.objects.count() == 3


def test_a_file_is_thrown_away(office):
    file = given(office, list_of(1))

    assert do(office, file, "drop").status_code == 303

    assert CardFile.objects.get().state == FileState.CANCELLED
    assert office.get(page(file)).status_code == 200
    assert do(office, file, "import").status_code == 422


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 120_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"x" * (LARGEST_FILE + 1), "too large"),
        (zip_bomb(), "too much"),
        (b"PK\x03\x04 broken", "cannot be read"),
        (b"\x00\x01\x02" * 400, "letters of the file cannot be read"),
        (b"one;two\n1;2\n", "No line of headings"),
    ],
    ids=["empty", "huge", "bomb", "broken", "bytes", "no headings"],
)
def test_a_bad_file_is_refused_in_words_and_leaves_nothing(office, content, says):
    answer = give(office, content)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert says in text_of(answer)
    assert not CardFile.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(("language", "says"), [("uk", "Файл порожній"), ("ru", "Файл пуст")])
def test_a_refusal_is_in_the_language_of_the_person(office, language, says):
    office.cookies["language"] = language

    assert says in text_of(give(office, b"\n\n"))


def test_a_clerks_old_export_simply_works(office):
    file = given(office, content_of([man(1)]).decode().encode("cp1251"))

    do(office, file, "import")
    work()

    assert Captive.objects.get().surname == "Жерех1"


def test_an_empty_form_writes_nothing(office):
    file = given(office, list_of(1))
    before = Entry.objects.count()

    assert office.post(reverse("console:imports"), {}).status_code == 422
    assert office.post(page(file), {}).status_code == 422
    assert Entry.objects.count() == before


def test_the_same_form_twice_takes_one_file(office):
    key = "k" * 32
    for _ in range(2):
        office.post(
            reverse("console:imports"),
            {"file": SimpleUploadedFile("l.csv", list_of(1)), "idempotency_key": key},
        )

    assert CardFile.objects.count() == 1


def test_a_file_of_another_site_or_kind_is_not_there(office, client):
    file = given(office, list_of(1))
    strangers = [
        StaffFactory(role=Role.REGISTRAR, site=SiteFactory(code="B")),
        StaffFactory(role=Role.TRACING),
    ]

    for one in strangers:
        client.force_login(one)
        assert client.get(page(file)).status_code == 404
        assert do(client, file, "import").status_code == 404
    client.force_login(StaffFactory(role=Role.PHYSICIAN))
    assert client.get(reverse("console:imports")).status_code == 403


def test_files_are_listed_by_state_and_sorted(office):
    short, long = given(office, list_of(1), "short.csv"), given(office, list_of(4), "long.csv")
    do(office, short, "drop")

    listed = office.get(reverse("console:imports"), {"sort": "-lines"}).content.decode()
    assert listed.index(page(long)) < listed.index(page(short))
    waiting = office.get(reverse("console:imports"), {"state": "checked"}).content.decode()
    assert page(long) in waiting
    assert page(short) not in waiting


def test_men_on_two_lists_wait_under_one_man_two_cards(office):
    do(office, given(office, list_of(30)), "import")
    work()
    second = given(office, content_of([man(number) + " 8" for number in (4, 5)]))
    do(office, second, "import")
    work()
    jobs.propose_same_men.func(
        captive_ids=[str(pk) for pk in Captive.objects.values_list("pk", flat=True)]
    )

    assert Captive.objects.count() == 32  # never doubled silently, never merged
    assert SameManProposal.objects.count() == 2
    assert "2 pairs of records may be one man's" in text_of(office.get(page(second)))


def test_the_tracing_officer_imports_enquiries_with_the_same_pages(client):
    officer = StaffFactory(role=Role.TRACING)
    client.force_login(officer)
    client.cookies["language"] = "en"
    content = "surname,given,relation\nЖерех,Глеб,mother\n".encode()

    file = given(client, content, "enquiries.csv")
    assert "Import 1 line" in text_of(client.get(page(file)))
    do(client, file, "import")
    job = ProcrastinateJob.objects.get(task_name="enquiries.import_enquiries")
    from wayhome.bureau.enquiries.jobs import import_enquiries

    import_enquiries.func(**job.args)

    assert Enquiry.objects.get().surname == "Жерех"
    assert "Added 1" in text_of(client.get(page(file)))
