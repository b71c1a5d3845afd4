"""Letters by hand at the pages: printed, given back, filed at the desk, read, made black, sent."""

import io
import re

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.bureau.contact.test_paper import folder, put
from tests.cases import Case
from tests.paper import as_file, pages_of, photographed, written_on
from tests.web.test_letters import family, key, staff, tablet, text_of, welfare
from wayhome.bureau.contact.jobs import take_scans_in
from wayhome.bureau.contact.models import CopyPicture, Letter, Scan, Sheet
from wayhome.bureau.contact.rules import Direction, LetterState, ScanState
from wayhome.bureau.contact.store import GOES_ON
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.sheet_codes import in_groups
from wayhome.web.portal import decoy

__all__ = ["folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def case() -> Case:
    return Case()


def printed(client: Client, case: Case, kind: str = "card", copies: int = 1) -> bytes:
    """The PDF of sheets that a welfare officer asked for."""
    asked = {"number": case.captive.bureau_number, "kind": kind, "copies": copies, "language": "ru"}
    answer = client.post("/console/letters/sheets/", {**key(), **asked})
    assert answer.status_code == 303, answer.content.decode()
    pdf = client.get(answer["Location"])
    assert pdf["Content-Type"] == "application/pdf"
    return pdf.content


def give(client: Client, content: bytes, name: str = "IMG.jpg"):
    return client.post(
        "/console/letters/scans/", {**key(), "file": SimpleUploadedFile(name, content)}
    )


def test_his_letter_goes_all_the_way_on_paper(case, folder):
    officer, reader = welfare(case), staff(Role.SUPERVISOR)
    front, back = pages_of(printed(officer, case, "letter"))
    sides = (written_on(front), photographed(written_on(back), turned=92))
    put(folder, "scan0001.tif", as_file(*sides, kind="TIFF"))
    take_scans_in()
    assert not list(folder.iterdir())
    letter = Letter.objects.get()
    page = text_of(reader, f"/console/letters/{letter.pk}/")
    sides = re.findall(r'src="(/console/letters/scans/[^"]+/picture/)"', page)
    assert len(sides) == 2
    for url in sides:
        assert reader.get(url)["Content-Type"] == "image/jpeg"
    first = letter.scans.get(side=1)
    black = {**key(), "what": "pass", f"boxes_{first.pk.hex}": "10 60 90 80\n0, 0; 5, 5"}
    refused = reader.post(
        f"/console/letters/{letter.pk}/", {**black, f"boxes_{first.pk.hex}": "10 60 x"}
    )
    assert refused.status_code == 422
    assert "Write four numbers a line" in refused.content.decode()
    assert 'name="sides" value="2"' in page
    unseen = reader.post(f"/console/letters/{letter.pk}/", {**black, "sides": "1"})
    assert (unseen.status_code, 'name="sides" value="2"' in unseen.content.decode()) == (422, True)
    assert reader.post(f"/console/letters/{letter.pk}/", {**black, "sides": "2"}).status_code == 303

    pdf = officer.get(f"/console/letters/{letter.pk}/sheet/").content
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert [[round(float(at) / 72 * 25.4) for at in one.mediabox[2:]] for one in pages] == [
        [150, 290],
        [150, 290],
    ]
    went = CopyPicture.objects.select_related("key").get(side=1)
    picture = Image.open(io.BytesIO(GOES_ON.read(went.pk, went.key))).convert("L")
    middle = picture.crop(
        (picture.width // 5, picture.height * 62 // 100, picture.width * 4 // 5,
         picture.height * 78 // 100)
    )  # fmt: skip
    assert middle.getextrema()[1] < 12
    assert officer.post(f"/console/letters/{letter.pk}/sent/", key()).status_code == 303
    assert Letter.objects.get().state == LetterState.DELIVERED
    him = tablet(case)
    assert "Side 1, written by hand" in text_of(him, f"/tablet/letters/{letter.pk}/")
    assert him.get(f"/tablet/letters/{letter.pk}/2/")["Content-Type"] == "image/jpeg"
    assert him.get(f"/tablet/letters/{letter.pk}/3/").status_code == 404


def test_her_message_on_paper_reaches_him_and_his_reply_part_comes_back(case):
    her, officer, reader = family(case), welfare(case), staff(Role.SUPERVISOR)
    assert her.post("/letters/sheet/new/", key()).status_code == 303
    (front, _) = pages_of(her.get("/letters/sheet/").content)
    give(reader, as_file(photographed(written_on(front), turned=4)))
    letter = Letter.objects.get()
    assert (letter.state, letter.captive) == (LetterState.KEPT, None)
    assert "We have your letter." in text_of(her, "/letters/")
    assert letter.pk.hex not in text_of(reader, "/console/letters/").replace("-", "")

    _ = case.consented
    assert (
        reader.post(f"/console/letters/{letter.pk}/", {**key(), "what": "pass"}).status_code == 303
    )
    pdf = officer.get(f"/console/letters/{letter.pk}/sheet/").content
    written, reply = pages_of(pdf)
    assert written.size == reply.size
    assert officer.post(f"/console/letters/{letter.pk}/sent/", key()).status_code == 303
    give(officer, as_file(written_on(reply, seed=3)))

    answer = Letter.objects.exclude(pk=letter.pk).get()
    assert (answer.answers, answer.captive) == (letter, case.captive)
    assert answer.state == LetterState.TO_REVIEW


def test_what_has_no_code_waits_at_the_desk_and_is_filed_by_hand(case):
    officer, reader = welfare(case), staff(Role.SUPERVISOR)
    printed(officer, case)
    sheet = Sheet.objects.get()
    give(reader, as_file(Image.new("RGB", (400, 300), "white")))
    scan = Scan.objects.get()
    assert "No code can be read on it." in text_of(reader, "/console/letters/scans/")
    assert f"/console/letters/scans/{scan.pk}/" in text_of(reader, "/console/letters/scans/")
    page = f"/console/letters/scans/{scan.pk}/"

    for wrong in ({}, {"what": "file"}, {"what": "file", "code": "123"}):
        answer = reader.post(page, {**key(), **wrong})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
    filed = reader.post(page, {**key(), "what": "file", "code": sheet.code.lower(), "side": "2"})
    assert filed.status_code == 303

    assert Letter.objects.get().captive == case.captive
    assert Scan.objects.get().state == ScanState.FILED
    assert "came back" in text_of(officer, "/console/letters/sheets/")


def test_the_same_file_twice_and_what_is_no_picture_are_refused_plainly(case):
    reader = staff(Role.SUPERVISOR)
    file = as_file(Image.new("RGB", (40, 30), "white"))
    assert give(reader, file).status_code == 303

    for content, says in ((file, "came before"), (b"hello", "neither a picture nor a PDF")):
        answer = give(reader, content)
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert Scan.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"number": "A-999999-9"}, "nobody of this number"),
        ({"copies": "0"}, "between 1 and 20"),
        ({"kind": "capture card"}, "choose the kind|Select a valid choice"),
        ({}, ""),
    ],
)
def test_a_refused_printing_says_why(case, wrong, says):
    officer = welfare(case)
    asked = {"number": case.captive.bureau_number, "kind": "card", "copies": 1, "language": "ru"}
    answer = officer.post(
        "/console/letters/sheets/", {**key(), **asked, **wrong} if wrong else key()
    )
    assert answer.status_code == 422
    assert re.search(says, answer.content.decode())
    assert not Sheet.objects.exists()


def test_a_code_opens_nothing_to_anybody_who_is_not_of_the_bureau(case):
    officer = welfare(case)
    printed(officer, case)
    sheet = Sheet.objects.get()
    nobody, her = Client(), family(case)
    for client in (nobody, her):
        for path in ("/console/letters/sheets/", f"/console/letters/sheets/{sheet.pk}/"):
            answer = client.get(path, {"q": sheet.code})
            assert answer.status_code in (303, 403)
    assert her.get("/letters/sheet/").content[:4] != b"%PDF"  # none of hers was printed
    for page in ("/", "/come-back/", "/beware/"):
        assert sheet.code not in nobody.get(page, follow=True).content.decode()


def test_under_her_second_pin_a_sheet_is_printed_that_files_nothing(case):
    her, reader = family(case), staff(Role.SUPERVISOR)

    session = her.session
    request = type("Request", (), {"session": session})()
    decoy.enter(request)
    session.save()

    assert her.post("/letters/sheet/new/", key()).status_code == 303
    pdf = her.get("/letters/sheet/").content
    assert pdf[:4] == b"%PDF"
    assert not Sheet.objects.exists()
    give(reader, as_file(pages_of(pdf)[0]))
    assert Scan.objects.get().why == "unknown code"
    assert not Letter.objects.exists()


def test_every_look_at_a_picture_is_in_the_journal(case):
    officer, reader = welfare(case), staff(Role.SUPERVISOR)
    (front, _) = pages_of(printed(officer, case))
    give(reader, as_file(front))
    scan = Scan.objects.get()

    reader.get(f"/console/letters/scans/{scan.pk}/picture/")

    looked = Entry.objects.get(action="looked at", subject_id=str(scan.pk))
    assert looked.person == case.captive.bureau_number


def test_a_red_cross_message_is_typed_goes_on_with_an_empty_reply_and_the_reply_reaches_him(case):
    him, reader, officer = tablet(case), staff(Role.SUPERVISOR), welfare(case)
    sent = {**key(), "name": "Агафья", "address": "Садовая, 3", "text": "Я жив. Целую всех."}
    assert him.post("/tablet/letters/new/message/", sent).status_code == 303
    letter = Letter.objects.get()
    passed = reader.post(f"/console/letters/{letter.pk}/", {**key(), "what": "pass"})
    assert passed.status_code == 303

    pdf = officer.get(f"/console/letters/{letter.pk}/sheet/").content
    first, reply = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert "Я жив. Целую всех." in first.extract_text()
    assert in_groups(letter.sheet.code) in reply.extract_text()

    assert give(officer, as_file(written_on(pages_of(pdf)[1]))).status_code == 303
    answer = Letter.objects.get(answers=letter)
    assert (answer.direction, answer.state) == (Direction.TO_HIM, LetterState.TO_REVIEW)
    assert in_groups(letter.sheet.code) not in text_of(officer, "/console/letters/sheets/")
