"""Statements and the press on the staff's pages: warned of, never refused; refused, always."""

import pytest
from django.test import Client

from tests.bureau.statements.test_statements import UNIT, sought, taken
from tests.factories import CaptiveFactory, StaffFactory
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Match
from wayhome.bureau.matches.search import SHOWN
from wayhome.bureau.matches.search_rules import READING_BUDGET
from wayhome.bureau.press.models import PressRequest
from wayhome.bureau.staff.permissions import Role
from wayhome.bureau.statements.models import Statement, Weighed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
GIVEN = {
    "surname": "Остроглазов",
    "given": "Фадей",
    "seen": "seen wounded",
    "seen_on": "март 2022",
    "account": "Его ранило в руку.",
    "told_on": "3.05.2022",
    "free": "yes",
    "how_asked": "Наедине",
}


def signed_in(staff) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    return client


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_form_warns_once_and_then_keeps_it_as_it_stands():
    captive, client = CaptiveFactory(), signed_in(StaffFactory(role=Role.NEUTRAL))
    page = f"/console/sittings/{captive.bureau_number}/statement/"
    harsh = {**GIVEN, "account": "Нам отдали приказ о штурме.", "free": "no"}

    empty = client.post(page, {})
    warned = client.post(page, harsh)
    assert (empty.status_code, warned.status_code) == (422, 422)
    assert "orders, operations or guilt" in text_of(warned)
    assert "tracing never reads it" in text_of(warned)
    assert 'name="warned" value="1"' in text_of(warned)
    assert not Statement.objects.exists()

    assert client.post(page, {**harsh, "warned": "1"}).status_code == 303
    assert client.post(page, GIVEN).status_code == 303
    assert Statement.objects.filter(free=True, seen_on="2022-03").count() == 1


def test_from_one_enquiry_tracing_reads_what_was_said_and_who_his_comrades_are():
    neutral, officer = StaffFactory(role=Role.NEUTRAL), StaffFactory(role=Role.TRACING)
    teller = CaptiveFactory(surname="Рассказчиков", unit=UNIT)
    statement, enquiry = taken(neutral, teller), sought(unit=UNIT)
    client = signed_in(officer)
    page = f"/console/enquiries/{enquiry.bureau_number}/comrades/"

    shown = text_of(client.get(page))
    assert "Остроглазов Фадей Лукич" in shown
    assert "Рассказчиков" in shown  # as a comrade of the same unit
    assert teller.bureau_number not in shown
    beside = f"{page}{statement.pk}/"
    assert "Он был ранен в руку." in text_of(client.get(beside))
    assert client.post(beside, {}).status_code == 422
    said = {"verdict": "same", "reason": "Имя и день рождения"}
    assert client.post(beside, said).status_code == 303

    assert Weighed.objects.get().verdict == "same"
    assert not Match.objects.exists()
    other = sought(surname="Бесфамильный", given="Кузьма", patronymic="", born="1970")
    assert client.get(f"/console/enquiries/{other.bureau_number}/comrades/{statement.pk}/"
                      ).status_code == 404  # fmt: skip
    for role in (Role.VERIFIER, Role.REGISTRAR, Role.NEUTRAL, Role.LEGAL):
        assert signed_in(StaffFactory(role=role)).get(page).status_code == 403
    assert client.get("/console/statements/").status_code == 403


def test_a_spent_budget_shows_no_comrade():
    officer = StaffFactory(role=Role.TRACING)
    CaptiveFactory(surname="Сослуживцев", unit=UNIT)
    spent = [(officer, f"Z-{number:06d}-0") for number in range(READING_BUDGET)]
    journal.record_many(SHOWN, subjects=spent, by=officer, purpose="search")

    answer = signed_in(officer).get(
        f"/console/enquiries/{sought(unit=UNIT).bureau_number}/comrades/"
    )

    assert answer.status_code == 429
    assert "Сослуживцев" not in text_of(answer)


def test_a_statement_is_taken_back_on_its_page():
    neutral = StaffFactory(role=Role.NEUTRAL)
    statement, client = taken(neutral), signed_in(neutral)
    page = f"/console/statements/{statement.pk}/"
    assert client.post(page, {}).status_code == 422
    assert client.post(page, {"sure": "on"}).status_code == 303
    assert "Tracing reads it no longer" in text_of(client.get(page))


def test_a_request_of_the_press_is_refused_as_soon_as_it_is_written_down():
    client = signed_in(StaffFactory(role=Role.OPERATOR))
    given = {"asked": "a blurred call", "who": "Кореспондент", "words": "Дайте дзвінок"}
    assert client.post("/console/press/new/", {}).status_code == 422

    done = client.post("/console/press/new/", given)

    assert done.status_code == 303
    page = text_of(client.get(done["Location"]))
    assert "GC III 13" in page
    letter = client.get(f"{done['Location']}letter.pdf")
    assert (letter["Content-Type"], letter.content[:5]) == ("application/pdf", b"%PDF-")
    assert PressRequest.objects.get().asked == "a blurred call"
    assert signed_in(StaffFactory(role=Role.OPERATOR)).get(done["Location"]).status_code == 404
    assert signed_in(StaffFactory(role=Role.AUDITOR)).get(done["Location"]).status_code == 200
