"""The way home of the dead by HTTP: offered, answered, counted from hand to hand, received."""

import base64
import io
import re
from datetime import timedelta

import pypdf
import pytest
from django.utils import timezone
from PIL import Image, ImageDraw

from tests.bureau.repatriations.homeward import (
    DELEGATE,
    POWER,
    accepted,
    consignment,
    counted,
    leg,
    named,
    ready,
    told,
    wishes,
)
from tests.web.desk import Desk
from wayhome.bureau.identifications import actions as naming
from wayhome.bureau.identifications.rules.board import Cause
from wayhome.bureau.repatriations import actions
from wayhome.bureau.repatriations.models import Consignment, Discrepancy, Leg, Offer, ReturnRequest
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LIST, OFFERS, REQUESTS = "/console/consignments/", "/console/offers/", "/console/return-requests/"
JOURNEY = {"power": POWER, "through": "МКЧХ", "destination": "Липовий", "carrier": "Гомін Улас"}


def drawn() -> str:
    """A signature as a finger draws it, in base64."""
    image = Image.new("RGB", (300, 100), "white")
    ImageDraw.Draw(image).line([(20, 80), (140, 20), (280, 70)], fill="black", width=4)
    out = io.BytesIO()
    image.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def text_of(desk: Desk, path: str) -> str:
    answer = desk.client.get(path)
    assert answer.status_code == 200, path
    assert answer["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_from_an_offer_to_a_receipt_with_a_bag_that_is_missing_on_the_way():
    officer, expert = Desk(Role.CUSTODY), Desk(Role.FORENSIC)
    one, two = ready(officer.staff, 1), ready(officer.staff, 2, packet=False)
    identification, enquiry = named(one)
    wishes(told(identification, enquiry, days_ago=3), **{"return": "home"})

    _offered_and_accepted(expert, one.bureau_number, two.bureau_number)
    path = _put_together(officer, one, two, enquiry.surname)
    hands = _counted_out(officer, expert, path, one, two)
    _explained_by_two(officer, expert, hands)
    assert enquiry.surname not in officer.page(path)
    _counted_in(officer, expert, hands, one)
    _to_the_delegate(expert, path, one)
    _papers(expert, path, one, enquiry.surname)
    officer_page = officer.page(f"/console/remains/{one.bureau_number}/")
    assert "gone home" in officer_page
    assert DELEGATE in officer_page


def _offered_and_accepted(expert: Desk, one: str, two: str) -> None:
    told = expert.refused(f"{OFFERS}new/", power="", lines="A-1\n" + two)
    assert "Write the country." in told
    assert "A-1: No remains have this number." in told
    assert "Nobody knows who they are." in told
    typed = one.replace("-", " ").lower()  # the same number once more, in another way
    expert.send(f"{OFFERS}new/", power=POWER, lines=f"{one}\n{two}; шеврон\n{typed}")
    path = f"{OFFERS}{Offer.objects.get().pk}/"
    assert "A notice goes into the outbox" in expert.page(path)
    expert.send(f"{path}send/")
    assert "This offer is sent." in expert.refused(f"{path}send/")
    lines = [str(each.pk) for each in Offer.objects.get().lines.all()]
    told = expert.refused(f"{path}answer/", lines=lines, answer="silence")
    assert "Its time is not over yet." in told
    expert.send(f"{path}answer/", lines=lines, answer="accepted", words="нота 4")
    page = expert.page(path)
    assert page.count("нота 4") == 2
    assert "in no store" in page
    assert one in text_of(expert, f"{path}paper/")
    assert Desk(Role.CUSTODY).status(OFFERS) == 403
    assert f"{OFFERS}" in Desk(Role.COORDINATOR).page(f"{OFFERS}?q={one}")


def _put_together(officer: Desk, one, two, surname: str) -> str:
    told = officer.refused(f"{LIST}new/", power=POWER)
    assert "Write who drives." in told
    officer.send(f"{LIST}new/", **JOURNEY)
    path = f"{LIST}{Consignment.objects.get().pk}/"
    assert "No remains that you may see" in officer.refused(f"{path}bags/", number="В-99")
    officer.send(f"{path}bags/", number="п-1")
    officer.send(f"{path}bags/", number="М 102")
    assert "on this manifest already" in officer.refused(f"{path}bags/", number=one.bureau_number)
    page = officer.page(path)
    assert two.bureau_number in page
    assert "П 1" in page
    assert surname not in page
    return path


def _counted_out(officer: Desk, expert: Desk, path: str, one, two) -> str:
    told = expert.refused(f"{path}hands/", place="Склад", outside=DELEGATE)
    assert f"{one.bureau_number} is not in your hands." in told
    assert "Write where it changes hands." in officer.refused(f"{path}hands/", outside=DELEGATE)
    officer.send(f"{path}hands/", place="Склад", receiver=str(expert.staff.pk))
    hands = f"{LIST}hands/{Leg.objects.get().pk}/"
    officer.send(hands, number=one.bureau_number, seal="М 101")
    assert "counted already" in expert.refused(hands, number="П-1", seal="М 101")
    expert.send(hands, number="П 1")
    page = officer.page(f"{hands}close/")
    assert two.bureau_number in page
    assert "Close it with its differences" in page
    assert "Write how bags and seals look." in officer.refused(f"{hands}close/", condition="")
    officer.send(f"{hands}close/", condition="цілі")
    return hands


def _explained_by_two(officer: Desk, expert: Desk, hands: str) -> None:
    (missing,) = Discrepancy.objects.all()
    about = f"{LIST}differences/{missing.pk}/"
    assert "1 difference is not explained by two people" in officer.page(
        f"{LIST}{Consignment.objects.get().pk}/"
    )
    assert "not explained by two people" in officer.refused(f"{hands}sign/")
    officer.send(about, words="Лишився в контейнері: лід.")
    assert "You wrote it. Another person signs." in officer.refused(f"{about}confirm/")
    expert.send(f"{about}confirm/")
    officer.send(f"{hands}sign/")


def _counted_in(officer: Desk, expert: Desk, hands: str, one) -> None:
    assert "Count it in" in expert.page(hands)
    expert.send(hands, number=one.bureau_number, seal="М 101")
    expert.send(hands, number="П 1")
    assert "it is their signature" in officer.refused(f"{hands}close/", condition="цілі")
    expert.send(f"{hands}close/", condition="цілі")


def _to_the_delegate(expert: Desk, path: str, one) -> None:
    assert "not in the hands of whoever receives it" in expert.refused(
        f"{path}receipt/", who=DELEGATE, drawn=drawn()
    )
    expert.send(f"{path}hands/", place="Липовий", outside=DELEGATE)
    hands = f"{LIST}hands/{Leg.objects.order_by('-number')[0].pk}/"
    for _way in ("out", "in"):
        expert.send(hands, number=one.bureau_number, seal="М 101")
        expert.send(hands, number="П 1")
        expert.send(f"{hands}close/", condition="цілі")
    assert "Sign on the screen" in expert.refused(f"{path}receipt/", who=DELEGATE)
    expert.send(f"{path}receipt/", who=DELEGATE, drawn=drawn(), words="без зауважень")
    page = expert.page(path)
    assert "received" in page
    assert "без зауважень" in page


def _papers(expert: Desk, path: str, one, surname: str) -> None:
    for paper in ("manifest", "pass", "receipt"):
        told = text_of(expert, f"{path}papers/{paper}/")
        assert surname not in told
        assert POWER in told
    assert DELEGATE in text_of(expert, f"{path}papers/receipt/")
    assert "М 101" in text_of(expert, f"{path}papers/manifest/")
    assert expert.status(f"{path}names/") == 403
    assert surname in text_of(Desk(Role.TRACING), f"{path}names/")


def test_what_is_doubted_on_the_way_is_shown_taken_off_and_may_be_stopped():
    officer = Desk(Role.REGISTRAR)
    one = ready(officer.staff, 1)
    identification, enquiry = named(one)
    wishes(told(identification, enquiry, days_ago=3), **{"return": "home"})
    accepted(one)
    officer.send(f"{LIST}new/", **JOURNEY)
    path = f"{LIST}{Consignment.objects.get().pk}/"
    officer.send(f"{path}bags/", number=one.bureau_number)
    doubter = Desk(Role.TRACING)
    assert path not in officer.page(f"{LIST}?only=doubted")
    naming.doubt(
        identification=identification, cause=Cause.MIX_UP, reason="дві бирки", by=doubter.staff
    )

    assert f"{LIST}?only=doubted" in officer.page("/console/")
    assert path in officer.page(f"{LIST}?only=doubted")
    assert "These do not go on." in officer.page(path)
    piece = Consignment.objects.get().standing_pieces().get(code=one.bureau_number)
    off = f"{LIST}pieces/{piece.pk}/off/"
    assert "Give your reason." in officer.refused(off, reason=" ")
    officer.send(off, reason="Сумнів.")
    assert "Taken off, and stayed" in officer.page(path)
    assert path not in officer.page(f"{LIST}?only=doubted")
    officer.send(f"{path}stop/", reason="Порожній.")
    assert "This consignment is closed." in officer.refused(f"{path}stop/", reason="ще раз")
    assert "stopped" in officer.page(f"{LIST}?state=stopped")
    assert Desk(Role.CUSTODY, site="B").status(path) == 404


def test_a_request_of_kin_waits_for_the_home_country_and_a_refusal_says_where_to_turn():
    officer, contact, decider = Desk(Role.CUSTODY), Desk(Role.CONTACT), Desk(Role.DECISION)
    one = ready(officer.staff, 1)
    identification, enquiry = named(one)
    heard = told(identification, enquiry, days_ago=3)
    wishes(heard, **{"return": "home"})
    said = {"asker": "next of kin", "number": one.bureau_number, "words": "Віддайте тіло."}
    assert "No family with this enquiry" in contact.refused(f"{REQUESTS}new/", **said)
    contact.send(f"{REQUESTS}new/", **said, enquiry=enquiry.bureau_number)
    path = f"{REQUESTS}{ReturnRequest.objects.get().pk}/"
    assert enquiry.surname not in decider.page(path)
    assert "was not asked whether it objects" in decider.page(path)
    contact.send(f"{path}home/", home="asked")
    soon = timezone.localdate() + timedelta(days=30)
    assert f"may object until {soon:%d.%m.%Y}" in decider.refused(
        f"{path}decide/", decision="grant"
    )
    assert "Write where and until when" in decider.refused(
        f"{path}decide/", decision="refuse", reason="Заперечено."
    )
    assert contact.status(f"{path}decide/") == 403
    assert contact.status(f"{path}refusal/") == 404
    decider.send(f"{path}decide/", decision="refuse", reason="Слідство.", remedy="Суд, 30 днів.")
    page = contact.page(path)
    assert "Суд, 30 днів." in page
    paper = text_of(contact, f"{path}refusal/")
    assert decider.staff.number in paper
    assert "Слідство." in paper


def test_what_was_written_under_a_destroyed_key_is_gone_from_pages_and_papers():
    officer, second = Desk(Role.CUSTODY), Desk(Role.FORENSIC)
    one, two = ready(officer.staff, 1), ready(officer.staff, 2)
    opened = consignment(officer.staff, one, two)
    out = counted(leg(opened, officer.staff), officer.staff, besides=(two.bureau_number, "П 2"))
    for each in out.differences.all():
        actions.explain(difference=each, words="Лишився.", by=officer.staff)
        actions.confirm(difference=each, by=second.staff)
    counted(actions.sign(leg=out, by=officer.staff), officer.staff)
    actions.receive(consignment=opened, who=DELEGATE, picture=b"", words="так", by=officer.staff)
    offer = Offer.objects.get()
    for key in (opened.key, offer.key, one.key, two.key):
        key.destroy()
    path = f"{LIST}{opened.pk}/"

    pages = [second.page(each) for each in (LIST, path, f"{OFFERS}{offer.pk}/")]
    papers = [text_of(second, f"{path}papers/{paper}/") for paper in ("manifest", "receipt")]

    for text in (*pages, *papers, text_of(Desk(Role.TRACING), f"{path}names/")):
        assert not re.search("None|Лишився|Кнехт", text)
