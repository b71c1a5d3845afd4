"""A lorry with the dead, by HTTP: ticked in, sealed, from hand to hand, labels, what is broken."""

import io
import re

import pypdf
import pypdfium2 as pdfium
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.web.desk import Desk
from wayhome.bureau.remains.models import BagLine, Change, Intake, Remains
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LIST = "№;Номер мішка;Звідки\n1;У-7;Б\n2;У-8;Б\n3;У-9;Б\n".encode("cp1251")


def pages_of(answer) -> list[str]:
    assert answer.status_code == 200
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages]


def codes_on(content: bytes) -> list[str]:
    """What a scanner reads on each page."""
    document = pdfium.PdfDocument(content)
    drawn = [page.render(scale=3).to_pil() for page in document]
    document.close()
    return [code.text for picture in drawn for code in zxingcpp.read_barcodes(picture)]


def test_a_lorry_from_its_list_to_other_hands():
    officer, expert = Desk(Role.CUSTODY), Desk(Role.FORENSIC)

    lorry = _a_lorry_comes(officer)
    first = _ticked_in(officer, lorry)
    _labels(officer, lorry)
    _closed(officer, lorry)
    _given_and_taken(officer, expert, first)
    _many_at_once(officer, expert)
    _broken(officer, expert, first)


def _a_lorry_comes(officer: Desk) -> str:
    path = "/console/remains/lorries/"
    assert "the first hands of the chain" in officer.refused(path, brought_by="")
    wrong = SimpleUploadedFile("list.csv", b"")
    assert "This file is empty." in officer.refused(path, brought_by="Кіт", file=wrong)
    officer.send(
        path, brought_by="Кіт Остап, поховальна служба", bags="У-7",
        file=SimpleUploadedFile("list.csv", LIST),
    )  # fmt: skip
    page = officer.page(path)
    assert "Кіт Остап" in page
    intake = Intake.objects.get()
    assert [line.bag for line in intake.lines.all()] == ["У-7", "У-8", "У-9"]
    return f"{path}{intake.pk}/"


def _ticked_in(officer: Desk, lorry: str) -> Remains:
    page = officer.page(lorry)
    assert "autofocus" in page
    for bag in ("у-7", "У-8", "77"):
        officer.send(lorry, bag=bag)
    assert "ticked in already" in officer.refused(lorry, bag="У - 7")
    page = officer.page(f"{lorry}?show=missing")
    assert re.search(r"У-9</td>.*not in the lorry", page)
    assert re.search(r"77</td>.*on no list", officer.page(f"{lorry}?show=unlisted"))
    return BagLine.objects.get(bag="У-7").remains


def _labels(officer: Desk, lorry: str) -> None:
    for of in ("", "?of=seal"):
        answer = officer.client.get(f"{lorry}labels/{of}")
        assert codes_on(answer.content) == list(
            Remains.objects.order_by("bag_line__place").values_list("bureau_number", flat=True)
        )
    for language, words in (("uk", "Мішок"), ("ru", "Мешок"), ("en", "Bag")):
        officer.client.cookies.clear()
        officer.client.force_login(officer.staff)
        answer = officer.client.get(f"{lorry}labels/", headers={"accept-language": language})
        assert f"{words}: У-7" in pages_of(answer)[0]


def _closed(officer: Desk, lorry: str) -> None:
    assert "differ" in officer.refused(f"{lorry}close/", words="")
    officer.send(f"{lorry}close/", words="Дев'ятий залишився в Б.")
    page = officer.page(lorry)
    assert "Closed on" in page
    assert "Дев&#x27;ятий" in page
    assert "autofocus" not in page


def _given_and_taken(officer: Desk, expert: Desk, first: Remains) -> None:
    path = f"/console/remains/{first.bureau_number}/"
    officer.send(f"{path}seal/", seal="К 1001")
    assert "Write how bag and seal look." in officer.refused(
        f"{path}give/", receiver=str(expert.staff.pk), seal="К 1001", condition=""
    )
    officer.send(
        f"{path}give/", receiver=str(expert.staff.pk), seal="К 1001", condition="мішок цілий"
    )
    offer = Change.objects.waiting().get()
    assert "The second signature is missing." in officer.page(path)
    assert "Only who is named as the receiver" in officer.refused(
        f"/console/remains/changes/{offer.pk}/take/", seal="К 1001", condition="так"
    )
    expert.send(
        f"/console/remains/changes/{offer.pk}/take/", seal="К 1001", condition="мішок цілий"
    )
    page = expert.page(path)
    assert "The chain of custody is broken" not in page
    assert "Кіт Остап" in page
    assert "Somebody else has them." in officer.page(path)


def _many_at_once(officer: Desk, expert: Desk) -> None:
    held = Change.objects.filter(is_last=True, receiver=officer.staff)
    numbers = list(held.values_list("remains__bureau_number", flat=True))
    many = {"receiver": str(expert.staff.pk), "condition": "цілі"}
    told = officer.refused("/console/remains/give/", numbers=f"{numbers[0]}\nA-1", **many)
    assert "A-1 is no number of remains." in told
    officer.send("/console/remains/give/", numbers="\n".join(numbers), **many)
    waiting = "/console/remains/waiting/"
    assert "Tick at least one." in expert.refused(waiting)
    ids = [str(each.pk) for each in Change.objects.waiting()]
    expert.send(waiting, change=ids[:1])
    officer.send(f"/console/remains/changes/{ids[1]}/back/")
    assert not Change.objects.waiting().exists()


def _broken(officer: Desk, expert: Desk, first: Remains) -> None:
    """Somebody takes them over without the other's signature: every page and paper says so."""
    path = f"/console/remains/{first.bureau_number}/"
    assert "stands as a gap" in officer.refused(
        f"{path}take-over/", reason="", seal="К 1001", condition="цілий"
    )
    officer.send(f"{path}take-over/", reason="Хворіє.", seal="К 1001", condition="цілий")
    for page in (path, f"{path}give/", f"{path}recovery/"):
        assert "The chain of custody is broken" in officer.page(page), page
    for paper in ("labels/", "custody/"):
        text = " ".join(pages_of(officer.client.get(path + paper)))
        assert "The chain of custody is broken" in text, paper
    assert first.bureau_number in officer.page("/console/remains/?only=gap")
    assert first.bureau_number not in expert.page("/console/remains/?only=mine")


def test_a_team_registers_what_it_found_and_another_site_meets_nothing():
    officer, elsewhere = Desk(Role.CUSTODY), Desk(Role.CUSTODY, site="B")
    told = {"kind": "part", "scene": "лісосмуга", "latitude": "48,51", "longitude": "37.9"}
    assert "Write the time too." in officer.refused(
        "/console/remains/new/", **told, taken_on=timezone.localdate().isoformat()
    )
    officer.send("/console/remains/new/", **told)
    path = f"/console/remains/{Remains.objects.get().bureau_number}/"

    officer.send(f"{path}recovery/", **{**told, "scene": "яр"}, reason="назву уточнено")

    page = officer.page(path)
    assert "яр" in page
    assert "Version 1, superseded" in page
    assert "48.51" in page
    assert elsewhere.status(path) == 404
    assert "No remains are registered yet" in elsewhere.page("/console/remains/")
    assert Desk(Role.TRACING).status(path) == 403


def test_parts_are_linked_and_taken_back_on_the_page():
    officer, expert = Desk(Role.CUSTODY), Desk(Role.FORENSIC)
    for scene in ("яр", "поле"):
        officer.send("/console/remains/new/", kind="part", scene=scene)
    one, other = Remains.objects.order_by("bureau_number")
    path = f"/console/remains/{one.bureau_number}/"
    assert "No remains have this number." in expert.refused(f"{path}parts/", number="A-1")

    expert.send(f"{path}parts/", number=other.bureau_number.lower(), grounds="Кінці сходяться.")

    page = officer.page(f"/console/remains/{other.bureau_number}/")
    assert "Кінці сходяться." in page
    back = re.search(r"/console/remains/parts/[0-9a-f-]+/", expert.page(path)).group()
    expert.send(back, reason="Зразки різні.")
    assert "Taken back on" in expert.page(path)
