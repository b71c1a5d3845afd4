"""Programmes from the draft to the public page, and the question whether a paper is from us."""

import re
import uuid
from dataclasses import replace

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.cases import Case
from wayhome.bureau.returns.jobs import tell_all
from wayhome.bureau.returns.models import Programme
from wayhome.bureau.returns.programmes import draft_programme, end_programme, publish_programme
from wayhome.bureau.returns.rules.programmes import ProgrammeState
from wayhome.bureau.staff.permissions import Role
from wayhome.config.demo.programmes import FIRST, told_in
from wayhome.web.console.forms.programmes import initial_of
from wayhome.web.portal import limits
from wayhome.web.voice import forbidden_on, long_sentences, texts_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    cache.clear()


def visitor(language: str = "en") -> Client:
    return Client(headers={"accept-language": language})


def client_of(case: Case, role: Role, number: int = 1) -> Client:
    client = visitor()
    client.force_login(case.staff(role, number))
    return client


def published(case: Case) -> Programme:
    draft = draft_programme(told=told_in(FIRST), by=case.staff(Role.LEGAL))
    return publish_programme(programme=draft, by=case.staff(Role.LEGAL, 2))


def filled(**changed: object) -> dict[str, object]:
    """The whole form as a legal officer sends it."""
    told = {name: value for name, value in initial_of(told_in(FIRST)).items() if value is not None}
    first = told.pop("opens_on")
    day = {"opens_on_day": first.day, "opens_on_month": first.month, "opens_on_year": first.year}
    return {"idempotency_key": str(uuid.uuid4()), **told, **day, **changed}


def test_from_the_draft_of_one_to_the_page_that_everybody_reads():
    case = Case()
    first, second = client_of(case, Role.LEGAL), client_of(case, Role.LEGAL, 2)
    new = reverse("console:programme_new")
    bad = first.post(new, filled(ru_lead="Ваш сын не найден."))
    assert bad.status_code == 422
    assert "We do not say to families: ваш сын, не найден." in bad.content.decode()

    kept = first.post(new, filled(alone=""))

    assert kept.status_code == 303
    draft = Programme.objects.get()
    page = reverse("console:programme", args=[draft.number])
    assert (
        "It must have a road for the man whom nobody comes for" in second.get(page).content.decode()
    )
    assert visitor().get(f"/programmes/{draft.number}/").status_code == 303  # no draft is public
    assert client_of(case, Role.OPERATOR).get(page).status_code == 404
    publish = reverse("console:programme_publish", args=[draft.number])
    key = {"idempotency_key": str(uuid.uuid4())}
    assert second.post(publish, key).status_code == 422
    edit = reverse("console:programme_edit", args=[draft.number])
    assert first.post(edit, filled()).status_code == 303
    assert first.post(publish, key).status_code == 422  # a second person
    assert second.post(publish, key).status_code == 303

    told = visitor().get(f"/programmes/{draft.number}/").content.decode()
    assert "Invitation to mothers" in told
    assert "Kaliningrad" in told
    spoken = client_of(case, Role.OPERATOR).get(page).content.decode()
    assert "Mothers of captives can come to Kyiv. Everything is free." in spoken
    pdf = client_of(case, Role.OPERATOR).get(
        reverse("console:programme_leaflet", args=[draft.number, "ru"])
    )
    assert pdf.content.startswith(b"%PDF")


def test_a_programme_is_withdrawn_on_its_page_and_every_family_reads_it(monkeypatch):
    case = Case()
    one, legal = published(case), client_of(case, Role.LEGAL)
    deferred: list[str] = []
    monkeypatch.setattr(tell_all, "defer", lambda programme_id: deferred.append(programme_id))
    address = reverse("console:programme_withdraw", args=[one.number])
    assert legal.post(address, {"idempotency_key": "a" * 32, "reason": ""}).status_code == 422

    done = legal.post(address, {"idempotency_key": "a" * 32, "reason": "скасовано"})

    assert done.status_code == 303
    assert deferred == [str(one.pk)]
    assert "Journeys that have begun go on." in visitor().get("/programmes/").content.decode()
    family = visitor()
    session = family.session
    session["enquirer_id"] = str(case.enquirer.pk)
    session.save()
    hers = family.get("/waiting/").content.decode()
    assert "The programme “Invitation to mothers” was withdrawn on" in hers
    closing = reverse("console:programme_close", args=[one.number])
    again = legal.post(closing, {"idempotency_key": "b" * 32, "reason": "строк"})
    assert again.status_code == 422


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_are_plain_in_every_language_and_say_nothing_that_we_do_not_say(language):
    case = Case()
    one = published(case)
    reason = {"reason": "строк минув", "by": case.staff(Role.LEGAL)}
    end_programme(programme=one, to=ProgrammeState.CLOSED, **reason)
    client = visitor(language)
    for path in ("/programmes/", f"/programmes/{one.number}/", "/genuine/"):
        page = client.get(path)
        html = page.content.decode()
        assert page.status_code == 200
        assert "<script" not in html.replace('<script src="/static/', "<served ")
        assert not forbidden_on(html, language), path
        assert not [text for text in texts_of(html) if long_sentences(text)], path
    assert one.texts[language]["title"] in client.get(f"/programmes/{one.number}/").content.decode()
    leaflet = client.get(f"/programmes/{one.number}/leaflet.pdf")
    assert leaflet["Content-Disposition"] == f'inline; filename="leaflet-{language}.pdf"'
    assert leaflet.content.startswith(b"%PDF")


def test_a_code_answers_genuine_or_not_and_nothing_else():
    one = published(Case())
    client = visitor()
    random = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|value="[^"]*"')

    def asked(code: str) -> str:
        answer = client.post("/genuine/", {"code": code})
        assert answer.status_code == 200
        return random.sub("", answer.content.decode())

    yes, no = asked(one.codes["ru"]), asked("0000-0000-0000")

    assert "Genuine: we printed this code." in yes
    assert "Check in a second way" in yes
    assert yes.replace("Genuine: we printed this code.", "?") == no.replace(
        "Not genuine: we did not print this code.", "?"
    )
    assert client.post("/genuine/", {"code": ""}).status_code == 422


def test_codes_cannot_be_tried_without_end(monkeypatch):
    monkeypatch.setattr(limits, "CODES", replace(limits.CODES, an_address=3))
    client = visitor()

    tries = [client.post("/genuine/", {"code": "0000"}) for _ in range(5)]

    assert [answer.status_code for answer in tries] == [200, 200, 200, 429, 429]
    assert "Too many tries." in tries[-1].content.decode()
    assert "enuine: we" not in tries[-1].content.decode()


def test_an_address_of_no_programme_leads_to_those_that_there_are():
    for path in ("/programmes/99/", "/programmes/99/leaflet.pdf"):
        answer = visitor().get(path)
        assert (answer.status_code, answer["Location"]) == (303, "/programmes/")
    assert "No programme is published at present." in visitor().get("/programmes/").content.decode()
