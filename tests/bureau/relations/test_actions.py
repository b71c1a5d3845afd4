"""Her papers, drawn anew and unreadable on disk; kinship weighed by one, confirmed by another."""

import io
import stat

import pytest
from django.conf import settings
from PIL import Image
from PIL.ExifTags import IFD, Base
from pypdf import PdfWriter

from tests.cases import Case
from tests.factories import EnquirerFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.enquiries.actions import forget_enquiry
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.actions import ask_withdrawal, withdraw_match
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.persons.vault import CannotOpen
from wayhome.bureau.relations import actions, store
from wayhome.bureau.relations.models import KinshipVerdict, Paper
from wayhome.bureau.relations.rules import MOST_PAPERS, Check, Level, PaperFor, Rung
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.media import LARGEST_FILE
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PLANTED = b"Peremoha-Camera-7"


@pytest.fixture
def case() -> Case:
    return Case()


def photograph() -> bytes:
    """A photo that says with which camera, when and where it was taken."""
    picture, exif = Image.new("RGB", (300, 200), "white"), Image.Exif()
    exif[Base.Make] = exif[Base.ImageDescription] = PLANTED.decode()
    exif.get_ifd(IFD.GPSInfo)[1] = "N"
    exif.get_ifd(IFD.GPSInfo)[2] = (49.0, 26.0, 12.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=PLANTED)
    return out.getvalue()


def pdf(*, password: str = "") -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": PLANTED.decode(), "/Title": PLANTED.decode()})
    writer.add_attachment("note.txt", PLANTED)
    if password:
        writer.encrypt(password)
    writer.write(out)
    return out.getvalue()


def files() -> list[bytes]:
    folder = settings.FOLDER.media / "papers"
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", [photograph(), pdf()], ids=["photo", "pdf"])
def test_a_paper_is_drawn_anew_without_what_it_carried_and_unreadable_on_disk(case, content):
    assert PLANTED in content

    paper = actions.send_paper(
        enquiry=case.enquiry, content=content, note="метрика", by=case.enquirer
    )

    raw = store._path(paper.pk).read_bytes()
    drawn = actions.open_paper(paper=paper, by=case.staff(Role.VERIFIER))
    assert drawn != content
    for kept in (raw, drawn):
        assert PLANTED not in kept
        assert "метрика".encode() not in kept
    assert drawn[:4] not in raw[:64]
    assert stat.S_IMODE(store._path(paper.pk).stat().st_mode) == 0o600
    if paper.media_type == "image/jpeg":
        opened = Image.open(io.BytesIO(drawn))
        assert opened.size == (300, 200)
        assert not opened.getexif()
    assert [e.action for e in Entry.objects.filter(subject_id=str(paper.pk)).order_by("at")] == [
        "paper sent", "looked at",
    ]  # fmt: skip


def test_a_file_copied_to_anothers_place_does_not_open(case):
    one = actions.send_paper(enquiry=case.enquiry, content=photograph(), note="", by=case.enquirer)
    other = actions.send_paper(
        enquiry=case.enquiry, content=photograph(), note="", by=case.enquirer
    )
    store._path(one.pk).write_bytes(store._path(other.pk).read_bytes())

    with pytest.raises(CannotOpen):
        store.read(one.pk, one.key)


BAD = {
    "too large": (b"\xff\xd8\xff" + bytes(LARGEST_FILE), "too_large"),
    "a program": (b"MZ" + bytes(300), "not_a_picture_or_pdf"),
    "an empty file": (b"", "not_a_picture_or_pdf"),
    "a page of HTML": (b"<html><script>alert(1)</script>", "not_a_picture_or_pdf"),
    "half a photo": (photograph()[:200], "unreadable"),
    "a PDF with a password": (pdf(password="x"), "encrypted_pdf"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_refused_paper_leaves_no_row_and_no_file(case, what):
    content, code = BAD[what]
    _, before = case.made, files()

    with nothing_written(), pytest.raises(Refused, match=rf"relations\.{code}"):
        actions.send_paper(enquiry=case.enquiry, content=content, note="", by=case.enquirer)

    assert files() == before


def test_only_so_many_papers_are_kept_and_the_file_of_one_more_is_not(case):
    for _ in range(MOST_PAPERS):
        Paper.objects.create(
            enquiry=case.enquiry, key=case.enquirer.key, media_type="image/jpeg", size=1
        )
    before = files()

    with nothing_written(), pytest.raises(Refused, match=r"relations\.many"):
        actions.send_paper(enquiry=case.enquiry, content=photograph(), note="", by=case.enquirer)
    assert files() == before


def test_her_papers_are_hers_and_the_verifiers_alone(case):
    paper = actions.send_paper(
        enquiry=case.enquiry, content=photograph(), note="", by=case.enquirer
    )

    assert Paper.objects.visible_to(case.enquirer).get() == paper
    stranger = EnquirerFactory()
    assert not Paper.objects.visible_to(stranger).exists()
    with nothing_written(), pytest.raises(Forbidden):
        actions.send_paper(enquiry=case.enquiry, content=photograph(), note="", by=stranger)
    for role in (Role.TRACING, Role.CONTACT, Role.NEUTRAL, Role.ADMINISTRATOR):
        other = StaffFactory(role=role)
        assert not Paper.objects.visible_to(other).exists()
        with nothing_written(), pytest.raises(Forbidden):
            actions.open_paper(paper=paper, by=other)


def test_a_paper_to_travel_with_is_read_by_whoever_plans_and_by_no_verifier(case):
    passport = actions.send_paper(
        enquiry=case.enquiry, content=photograph(), note="паспорт", by=case.enquirer,
        serves=PaperFor.JOURNEY,
    )  # fmt: skip
    coordinator, verifier = case.staff(Role.COORDINATOR), case.staff(Role.VERIFIER)

    assert Paper.objects.visible_to(coordinator).get() == passport
    assert not Paper.objects.visible_to(verifier).exists()
    assert actions.open_paper(paper=passport, by=coordinator)
    with nothing_written(), pytest.raises(Forbidden):
        actions.open_paper(paper=passport, by=verifier)


@pytest.mark.django_db(transaction=True)
def test_what_she_takes_back_takes_her_papers_with_it(case):
    paper = actions.send_paper(
        enquiry=case.enquiry, content=photograph(), note="", by=case.enquirer
    )
    path = store._path(paper.pk)
    assert path.exists()

    forget_enquiry(enquiry=case.enquiry, by=case.enquirer)

    assert not Paper.objects.exists()
    assert not path.exists()


def weighed(level: Level = Level.PROVEN, reason: str = "ответы те же", **checks: Check):
    rungs = {Rung[name.upper()]: check for name, check in checks.items()}
    return actions.Weighed(level, rungs or {Rung.THINGS: Check.AGREES}, reason)


REFUSED = {
    "no reason": (weighed(reason=" "), "relations.reason"),
    "proven by nothing": (weighed(names=Check.AGREES), "relations.no_proof"),
    "proven against a contradiction": (
        weighed(things=Check.AGREES, birth=Check.DISAGREES), "relations.contradiction",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_refused_verdict_leaves_no_trace(case, what):
    verdict, code = REFUSED[what]
    _, verifier = case.match, case.staff(Role.VERIFIER)

    with nothing_written(), pytest.raises(Refused, match=code.replace(".", r"\.")):
        actions.give_verdict(match=case.match, weighed=verdict, by=verifier)


def test_kinship_is_proven_only_once_a_second_verifier_confirms(case):
    one, two, three = (case.staff(Role.VERIFIER, number) for number in (1, 2, 3))
    given = actions.give_verdict(match=case.match, weighed=weighed(), by=one)
    assert not KinshipVerdict.objects.proven(case.match)
    with nothing_written(), pytest.raises(Refused, match=r"relations\.own"):
        actions.confirm_verdict(verdict=given, by=one)

    actions.confirm_verdict(verdict=given, by=two)

    assert KinshipVerdict.objects.proven(case.match)
    with nothing_written(), pytest.raises(Refused, match=r"relations\.confirmed"):
        actions.confirm_verdict(verdict=given, by=three)


def test_a_newer_verdict_stops_the_older_one(case):
    one, two = case.staff(Role.VERIFIER), case.staff(Role.VERIFIER, 2)
    first = actions.give_verdict(match=case.match, weighed=weighed(), by=one)
    actions.give_verdict(match=case.match, weighed=weighed(Level.SUPPORTED), by=one)

    with nothing_written(), pytest.raises(Refused, match=r"relations\.stopped"):
        actions.confirm_verdict(verdict=first, by=two)
    assert KinshipVerdict.objects.standing().count() == 1


def test_no_kinship_is_weighed_once_the_match_is_withdrawn(case):
    _ = case.verdict
    ask_withdrawal(match=case.match, reason="не он", by=case.staff(Role.TRACING))
    withdraw_match(match=case.match, by=case.staff(Role.TRACING, 2))

    assert not KinshipVerdict.objects.proven(case.match)
    assert not KinshipVerdict.objects.standing().exists()
    with nothing_written(), pytest.raises(Refused, match=r"relations\.no_match"):
        actions.give_verdict(match=case.match, weighed=weighed(), by=case.staff(Role.VERIFIER))


def test_a_destroyed_key_leaves_nothing_of_a_paper(case):
    paper = actions.send_paper(
        enquiry=case.enquiry, content=photograph(), note="", by=case.enquirer
    )
    forget_enquiry(enquiry=case.enquiry, by=case.enquirer)

    with pytest.raises(CannotOpen):
        store.read(paper.pk, PersonKey.objects.get(pk=case.enquirer.key_id))
