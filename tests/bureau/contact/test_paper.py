"""A letter by hand: printed, written, scanned, filed, read, made black, passed on."""

import io
import os
import time
from dataclasses import replace

import pypdf
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import override_settings
from PIL import Image

from tests.cases import Case
from tests.paper import as_file, pages_of, photographed, written_on
from tests.traces import nothing_written
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.contact import actions, paper
from wayhome.bureau.contact.folder import NOT_OPENED, QUIET_SECONDS, take_scans
from wayhome.bureau.contact.jobs import bring_letters_forward
from wayhome.bureau.contact.models import CopyPicture, Letter, LetterCopy, Scan, Sheet
from wayhome.bureau.contact.rules import (
    Box,
    Direction,
    LetterKind,
    LetterState,
    NotFiled,
    ScanState,
)
from wayhome.bureau.contact.sheets import blank, goes_on
from wayhome.bureau.contact.store import CAME, GOES_ON
from wayhome.bureau.enquiries.actions import forget_enquiry
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Role
from wayhome.lib.refusal import Refused
from wayhome.lib.scans import Side, sides_of
from wayhome.lib.sheet_codes import OnSheet, in_groups, new_sheet_code

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def case() -> Case:
    return Case()


@pytest.fixture
def folder(tmp_path):
    """A data folder's own folder of scans, empty."""
    with override_settings(FOLDER=replace(settings.FOLDER)):
        os.environ["WAYHOME_SCANS_DIR"] = str(tmp_path)
        yield tmp_path
        del os.environ["WAYHOME_SCANS_DIR"]


def officer(case: Case):
    one = case.staff(Role.WELFARE)
    if one.site_id != case.captive.site_id:
        one.site = case.captive.site
        one.save()
    return one


def sheet_for_him(case: Case, kind: LetterKind = LetterKind.CARD) -> Sheet:
    printed = paper.print_for_him(
        captive=case.captive, kind=kind, copies=1, language="ru", by=officer(case)
    )
    return printed[0]


def picture(shade: str = "white") -> bytes:
    return as_file(Image.new("RGB", (320, 240), shade))


def side(*codes: OnSheet, shade: str = "white") -> Side:
    return Side(picture(shade), 320, 240, codes)


def come(*sides: Side, by=None) -> list[Scan]:
    """Sides that came in one file, as the sandbox gives them."""
    return paper.take_in(digest=os.urandom(32), sides=sides, by=by)


def hers(case: Case) -> Sheet:
    return paper.print_for_her(enquiry=case.enquiry, by=case.enquirer)


def put(folder, name: str, content: bytes, *, age: float = QUIET_SECONDS + 1):
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (time.time() - age,) * 2)
    return path


def passed(case: Case, letter: Letter, **more) -> Letter:
    by = case.staff(Role.SUPERVISOR)
    return actions.pass_letter(letter=letter, black_out=frozenset(), by=by, **more)


def test_a_printed_card_comes_back_by_the_folder_and_is_filed_by_its_code(case, folder):
    sheet = sheet_for_him(case)
    front, back = pages_of(blank([sheet]))
    put(folder, "IMG_0001.jpg", as_file(photographed(written_on(front), turned=187, scale=0.7)))
    put(folder, "scan.pdf", as_file(written_on(back), kind="PDF"))

    assert take_scans() == 2

    letter = Letter.objects.get()
    assert (letter.captive, letter.direction) == (case.captive, Direction.FROM_HIM)
    assert (letter.kind, letter.state) == (LetterKind.CARD, LetterState.TO_REVIEW)
    assert letter.content == {}
    assert list(letter.scans.order_by("side").values_list("side", "state")) == [
        (1, ScanState.FILED),
        (2, ScanState.FILED),
    ]
    assert not list(folder.iterdir())
    assert Entry.objects.filter(action="scan filed", actor_role="machine").count() == 2


def test_pictures_are_drawn_anew_under_his_key_and_nothing_of_the_file_is_left(case, folder):
    sheet = sheet_for_him(case)
    front = written_on(pages_of(blank([sheet]))[0])
    exif = Image.Exif()
    exif[0x010E] = "taken at a secret place"
    put(folder, "a.jpg", as_file(front, exif=exif))

    take_scans()

    scan = Scan.objects.select_related("key").get()
    raw = CAME.path(scan.picture).read_bytes()
    drawn = CAME.read(scan.picture, scan.key)
    assert scan.key == case.captive.key
    assert b"secret" not in drawn
    assert not Image.open(io.BytesIO(drawn)).getexif()
    assert drawn[:40] not in raw


def test_a_file_that_is_still_being_written_waits(case, folder):
    sheet = sheet_for_him(case)
    put(folder, "a.jpg", as_file(pages_of(blank([sheet]))[0]), age=0)

    assert take_scans() == 0
    assert len(list(folder.iterdir())) == 1


def test_what_cannot_be_opened_is_set_apart_and_shown_to_a_person(folder):
    put(folder, "Ознобихин.jpg", b"\xff\xd8\xff broken")

    assert take_scans() == 1
    assert take_scans() == 0

    scan = Scan.objects.get()
    assert (scan.state, scan.why) == (ScanState.UNREADABLE, NotFiled.NOT_OPENED)
    (apart,) = (folder / NOT_OPENED).iterdir()
    assert apart.name == f"{scan.pk.hex}.jpg"
    assert list(Scan.objects.waiting()) == [scan]


def test_a_file_that_cannot_be_moved_keeps_no_other_waiting(case, folder, tmp_path_factory):
    (folder / NOT_OPENED).symlink_to(tmp_path_factory.mktemp("elsewhere") / "file")
    put(folder, "a.jpg", b"\xff\xd8\xff broken", age=100)
    good = put(folder, "b.jpg", as_file(pages_of(blank([sheet_for_him(case)]))[0]))

    with pytest.raises(OSError):  # noqa: PT011
        take_scans()

    assert not good.exists()
    assert Letter.objects.count() == 1


def test_the_same_file_met_again_is_one_letter(case, folder):
    content = as_file(pages_of(blank([sheet_for_him(case)]))[0])
    put(folder, "a.jpg", content)
    take_scans()
    put(folder, "b.jpg", content)

    assert take_scans() == 1

    assert Scan.objects.count() == 1
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("codes", "why"),
    [
        ((), NotFiled.NO_CODE),
        ((OnSheet(new_sheet_code(), 1),), NotFiled.UNKNOWN_CODE),
        ((OnSheet(new_sheet_code(), 1), OnSheet(new_sheet_code(), 2)), NotFiled.SEVERAL_CODES),
    ],
)
def test_what_no_code_files_waits_for_a_person_under_a_key_of_its_own(codes, why):
    (scan,) = come(side(*codes))

    assert (scan.state, scan.why, scan.letter) == (ScanState.NOT_FILED, why, None)
    assert CAME.read(scan.picture, scan.key) == picture()


def test_a_clerk_files_a_side_by_the_code_that_is_typed(case):
    sheet, clerk = sheet_for_him(case), case.staff(Role.SUPERVISOR)
    (scan,) = come(side())
    before, own_key = scan.picture, scan.key
    typed = in_groups(sheet.code).lower().replace("0", "o")

    with pytest.raises(Refused, match=r"scan\.code"):
        paper.file_scan(scan=scan, code="123", side=1, of_its_own=False, by=clerk)
    paper.file_scan(scan=scan, code=typed, side=1, of_its_own=False, by=clerk)

    scan.refresh_from_db()
    own_key.refresh_from_db()
    assert (scan.state, scan.letter.captive, scan.decided_by) == ("filed", case.captive, clerk)
    assert CAME.read(scan.picture, scan.key) == picture()
    assert own_key.is_destroyed
    assert scan.picture != before
    with nothing_written(), pytest.raises(Refused, match=r"scan\.state"):
        paper.file_scan(scan=scan, code=sheet.code, side=2, of_its_own=False, by=clerk)


def test_a_side_that_came_before_is_no_second_letter_unless_a_person_says_so(case):
    sheet, clerk = sheet_for_him(case), case.staff(Role.SUPERVISOR)
    come(side(OnSheet(sheet.code, 1)))
    (again,) = come(side(OnSheet(sheet.code, 1), shade="grey"))
    assert (again.why, Letter.objects.count()) == (NotFiled.CAME_BEFORE, 1)
    with pytest.raises(Refused, match="came before"):
        paper.file_scan(scan=again, code=sheet.code, side=1, of_its_own=False, by=clerk)

    paper.file_scan(scan=again, code=sheet.code, side=1, of_its_own=True, by=clerk)

    assert Letter.objects.filter(captive=case.captive).count() == 2


def test_a_side_put_aside_is_kept_and_can_be_taken_up_again(case):
    clerk = case.staff(Role.SUPERVISOR)
    (scan,) = come(side())
    paper.put_aside(scan=scan, by=clerk)
    assert not Scan.objects.waiting().exists()

    sheet = sheet_for_him(case)
    paper.file_scan(scan=scan, code=sheet.code, side=1, of_its_own=False, by=clerk)

    assert Letter.objects.get().captive == case.captive


def test_what_is_made_black_is_gone_from_the_picture_that_goes_on(case):
    sheet = sheet_for_him(case)
    (scan,) = come(side(OnSheet(sheet.code, 1), shade="orange"))
    letter = passed(case, scan.letter, boxes={scan.pk: [Box(0.25, 0.25, 0.5, 0.5)]})

    copy = CopyPicture.objects.select_related("key").get(copy__letter=letter)
    went = Image.open(io.BytesIO(GOES_ON.read(copy.pk, copy.key)))
    assert (copy.boxes, copy.copy.blacked_out) == (1, 1)
    for x in range(84, 160, 5):
        for y in range(60, 120, 5):
            assert max(went.getpixel((x, y))) < 12, (x, y)
    assert went.getpixel((20, 20))[0] > 200
    came = Image.open(io.BytesIO(CAME.read(scan.picture, scan.key)))
    assert came.getpixel((100, 90))[0] > 200  # what he wrote is kept as it came

    sheet_pdf = pypdf.PdfReader(io.BytesIO(goes_on(letter)))
    (drawn,) = sheet_pdf.pages[0].images
    inside = drawn.image.convert("RGB")
    assert max(inside.getpixel((inside.width * 3 // 8, inside.height * 3 // 8))) < 12
    assert [round(float(at) / 72 * 25.4) for at in sheet_pdf.pages[0].mediabox[2:]] == [150, 100]


def test_hers_waits_for_every_family_alike_and_goes_on_when_he_allows_it(case):
    (scan,) = come(side(OnSheet(hers(case).code, 1)))
    letter = scan.letter
    assert (letter.state, letter.captive, letter.kind) == ("kept", None, LetterKind.MESSAGE)

    _ = case.verdict, case.consented
    letter.refresh_from_db()
    assert (letter.state, letter.captive) == (LetterState.TO_REVIEW, case.captive)

    passed(case, letter)
    assert actions.read_letter(letter=letter, by=case.sitting).pictures.count() == 1
    consents.answer(match=case.match, kind=Kind.LETTERS, answer=Answer.NO, by=case.sitting)
    letter.refresh_from_db()
    assert letter.state == LetterState.DELIVERED


def test_passed_and_not_delivered_it_comes_back_when_he_allows_it_no_more(case):
    _ = case.consented
    (scan,) = come(side(OnSheet(hers(case).code, 1)))
    bring_letters_forward(str(case.enquiry.pk))
    letter = passed(case, Letter.objects.get())
    assert CopyPicture.objects.exists()

    consents.answer(match=case.match, kind=Kind.LETTERS, answer=Answer.NO, by=case.sitting)

    letter.refresh_from_db()
    assert letter.state == LetterState.KEPT
    assert not CopyPicture.objects.exists()
    assert not LetterCopy.objects.exists()
    assert Scan.objects.get() == scan


def test_the_second_part_of_her_message_is_his_answer_once_it_reached_him(case):
    _ = case.consented
    sheet = hers(case)
    come(side(OnSheet(sheet.code, 1)))
    bring_letters_forward(str(case.enquiry.pk))
    first = passed(case, Letter.objects.get())

    (scan,) = come(side(OnSheet(sheet.code, 2), shade="grey"))

    reply = scan.letter
    assert (reply.direction, reply.answers) == (Direction.FROM_HIM, first)
    assert (reply.captive, reply.state) == (case.captive, LetterState.TO_REVIEW)
    (again,) = come(side(OnSheet(sheet.code, 2), shade="blue"))
    assert again.why == NotFiled.CAME_BEFORE


def test_the_second_part_of_his_message_is_an_answer_to_him_whoever_wrote_it(case):
    sheet = sheet_for_him(case, LetterKind.MESSAGE)
    (scan,) = come(side(OnSheet(sheet.code, 1)))
    passed(case, scan.letter)

    (came,) = come(side(OnSheet(sheet.code, 2), shade="grey"))

    reply = came.letter
    assert (reply.direction, reply.enquiry, reply.captive) == ("to him", None, case.captive)
    passed(case, reply)
    assert actions.read_letter(letter=reply, by=case.sitting)


def test_her_sides_before_it_goes_on_are_one_letter(case):
    sheet = hers(case)
    first, second = come(side(OnSheet(sheet.code, 1)), side(OnSheet(sheet.code, 2)))

    assert first.letter == second.letter


def test_of_who_had_herself_forgotten_nothing_is_kept_or_begun(case):
    sheet = hers(case)
    (scan,) = come(side(OnSheet(sheet.code, 1)))
    path = CAME.path(scan.picture)
    assert path.exists()
    with transaction.atomic():
        forget_enquiry(enquiry=case.enquiry, by=case.enquirer)

    (late,) = come(side(OnSheet(sheet.code, 2)))
    assert (late.why, Letter.objects.get().state) == ("sender forgotten", LetterState.TAKEN_BACK)


def test_who_prints_sheets_and_who_files_what_came(case):
    (scan,) = come(side())
    sheet = sheet_for_him(case)
    prints, files = {Role.WELFARE}, {Role.SUPERVISOR, Role.WELFARE}
    everybody = {role: case.staff(role) for role in CONSOLE_ROLES}
    card = {"captive": case.captive, "kind": LetterKind.CARD, "copies": 1, "language": "ru"}
    filing = {"scan": scan, "code": sheet.code, "side": 1, "of_its_own": False}
    with nothing_written():
        for role in CONSOLE_ROLES - prints:
            with pytest.raises(Forbidden):
                paper.print_for_him(**card, by=everybody[role])
        for role in CONSOLE_ROLES - files:
            with pytest.raises(Forbidden):
                paper.file_scan(**filing, by=everybody[role])
            with pytest.raises(Forbidden):
                paper.take_in(digest=b"1" * 32, sides=[side()], by=everybody[role])


def test_a_welfare_officer_files_only_what_was_brought_at_their_site(case):
    (of_the_folder,) = come(side())
    with pytest.raises(Scan.DoesNotExist):
        paper.put_aside(scan=of_the_folder, by=officer(case))

    (own,) = come(side(), by=officer(case))
    assert paper.put_aside(scan=own, by=officer(case)).state == ScanState.PUT_ASIDE


@pytest.mark.parametrize(
    ("kind", "copies", "code"),
    [
        (LetterKind.CAPTURE_CARD, 1, r"sheet\.kind"),
        (LetterKind.CARD, 0, r"sheet\.copies"),
        (LetterKind.CARD, 21, r"sheet\.copies"),
    ],
)
def test_a_refused_printing_leaves_no_trace(case, kind, copies, code):
    by = officer(case)
    with nothing_written(), pytest.raises(Refused, match=code):
        paper.print_for_him(captive=case.captive, kind=kind, copies=copies, language="ru", by=by)


def test_sheets_have_codes_of_their_own_that_tell_nothing(case):
    printed = paper.print_for_him(
        captive=case.captive, kind=LetterKind.LETTER, copies=3, language="ru", by=officer(case)
    )
    assert len({sheet.code for sheet in printed}) == 3

    pages = pages_of(blank(printed))
    assert len(pages) == 6
    (read,) = sides_of(as_file(pages[3]))
    assert read.codes == (OnSheet(printed[1].code, 2),)


@pytest.mark.parametrize(
    "broken",
    [
        {"state": ScanState.FILED},
        {"picture": None},
    ],
)
def test_the_database_keeps_what_is_always_true_of_a_side(broken):
    (scan,) = come(side())
    with pytest.raises(IntegrityError), transaction.atomic():
        Scan.objects.filter(pk=scan.pk).update(**broken)
