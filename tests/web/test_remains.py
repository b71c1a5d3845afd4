"""A lorry with the dead, by HTTP: ticked in, sealed, from hand to hand, labels, what is broken."""

import io
import re

import pypdf
import pypdfium2 as pdfium
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.cases import signature
from tests.factories import CustodyEventFactory
from tests.web.desk import Desk
from wayhome.bureau.remains.models import (
    BagLine,
    Change,
    EffectsList,
    Intake,
    Photograph,
    Plot,
    Remains,
    Sample,
    Store,
)
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.sheet_codes import in_groups

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
    for desk, waits in ((expert, 1), (officer, 0)):
        assert re.search(
            rf"Remains wait for your signature</a></td><td[^>]*>(<span[^>]*>)?{waits}<",
            desk.page("/console/"),
        )
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


def test_from_the_find_to_the_grave_nothing_of_the_minimum_is_left_out():
    officer, expert = Desk(Role.CUSTODY), Desk(Role.FORENSIC)
    officer.send("/console/remains/new/", kind="whole", scene="яр")
    remains = Remains.objects.get()
    path = f"/console/remains/{remains.bureau_number}/"
    officer.send(
        "/console/remains/plots/new/", name="Східна", rows="2", in_row="3", latitude="48.5",
        longitude="37.9",
    )  # fmt: skip
    plot = Plot.objects.get()
    grave = {"plot": str(plot.pk), "row": "1", "number": "2", "latitude": "48.5", "longitude": "38"}
    told = officer.refused(f"{path}burial/", **grave)
    for words in ("No examination", "not photographed", "effects are not listed", "No sample"):
        assert words in told, words

    _what_is_found(officer, expert, path)
    page = expert.page(path)
    assert "Nothing is missing." in page
    assert "48.5" not in officer.page(path)
    officer.send(f"{path}burial/", **grave, marker="№ 17", disc_on_body="on")

    page = officer.page(path)
    assert "row 1, grave 2" in page
    assert "Before a burial" not in page
    the_map = officer.page(f"/console/remains/plots/{plot.pk}/")
    assert the_map.count("<rect") == 6
    taken = r'<rect x="60" y="34"[^>]*fill="currentColor"'
    assert len(re.findall(taken, the_map)) == the_map.count('fill="currentColor"><title>') == 1
    assert remains.bureau_number in the_map
    assert Desk(Role.CUSTODY, site="B").status(f"/console/remains/plots/{plot.pk}/") == 404


def _what_is_found(officer: Desk, expert: Desk, path: str) -> None:
    officer.send("/console/remains/places/", name="Камера 1", kind="cold")
    officer.send(f"{path}put/", store=str(Store.objects.get().pk), shelf="3")
    picture = SimpleUploadedFile("IMG_1.jpg", signature())
    officer.send(f"{path}photograph/", view="whole", file=picture)
    text = SimpleUploadedFile("IMG_2.jpg", b"no picture")
    assert "This is no picture." in officer.refused(f"{path}photograph/", view="face", file=text)
    assert "List what was found" in officer.refused(f"{path}effects/")
    officer.send(f"{path}effects/", what_1="годинник", what_2="гільза", pieces_2="3", packet="П 1")
    effects = f"/console/remains/effects/{EffectsList.objects.get().pk}/"
    assert "A second person must sign this." in officer.refused(effects)
    assert "Effects of the dead to be signed by a second person" in expert.page("/console/")
    assert officer.page("/console/remains/?only=effects").count("/console/remains/A-") == 1
    expert.send(effects)
    (paper,) = pages_of(officer.client.get(f"{effects}list/"))
    for words in ("годинник", "гільза", "П 1", officer.staff.number, expert.staff.number):
        assert words in paper, words
    wrong = expert.refused(f"{path}examination/", teeth_filled="19 36", teeth_sound="36")
    assert "19 is no tooth of this notation." in wrong
    assert "Tooth 36 stands in two lines." in wrong
    expert.send(f"{path}examination/", sex="чоловік", teeth_filled="36 16", teeth_sound="11-13")
    assert "Write from which part" in expert.refused(f"{path}sample/", kind="tooth")
    expert.send(f"{path}sample/", kind="tooth", what="46")
    page = expert.page(path)
    assert re.search(r"36</span><br>filled", page)
    assert in_groups(Sample.objects.get().code) in page
    hidden = officer.page(path)
    assert "чоловік" not in hidden
    assert "1 picture, seen by who examines" in hidden
    photograph = f"/console/remains/photographs/{Photograph.objects.get().pk}/"
    assert expert.client.get(photograph)["Content-Type"] == "image/jpeg"
    assert officer.status(photograph) == 403


def test_who_died_in_custody_is_found_from_his_card_and_without_his_name_by_the_expert():
    officer, expert = Desk(Role.CUSTODY), Desk(Role.FORENSIC)
    man = CustodyEventFactory().captive
    path = f"/console/captives/{man.bureau_number}/"
    officer.send(f"{path}event/", kind="died", on=timezone.localdate().isoformat())
    officer.send(path, purpose="custody")

    assert f'href="/console/remains/{man.bureau_number}/"' in officer.page(path)
    page = expert.page(f"/console/remains/{man.bureau_number}/")
    assert officer.staff.number in page
    assert man.surname not in page
    assert expert.status(path) == 403
