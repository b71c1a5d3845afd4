"""One captive at the tablet, from the neutral's screen to the closed page."""

import re

import pytest
from django.test import Client

from tests.factories import CaptiveFactory, EnquiryFactory, MatchFactory, StaffFactory
from wayhome.bureau.consents.models import (
    Consent,
    FearAnswer,
    PersonToTell,
    Sitting,
    ThingsAnswer,
)
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.returns.models import Application
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SECRET = "калина47"
THINGS = [
    {"question": "Как звали первую собаку?", "answer": "Жучка"},
    {"question": "Что стояло у окна?", "answer": "Швейная машинка"},
]
PLACE = {"yes": ["yes", "yes"], "no": ["no", "no"], "not now": ["not now", "unsure"]}


@pytest.fixture
def match():
    return MatchFactory(enquiry=EnquiryFactory(three_things=THINGS))


@pytest.fixture
def neutral():
    return StaffFactory(role=Role.NEUTRAL)


def opened(match_or_captive, neutral, language="en") -> Client:
    captive = getattr(match_or_captive, "captive", match_or_captive)
    client = Client(headers={"accept-language": language})
    client.force_login(neutral)
    answer = client.post(f"/console/sittings/{captive.bureau_number}/", {"language": language})
    assert (answer.status_code, answer["Location"]) == (303, "/tablet/")
    return client


def unlocked(match_or_captive, neutral, language="en") -> Client:
    client = opened(match_or_captive, neutral, language)
    answer = client.post("/tablet/", {"secret": SECRET, "again": SECRET})
    assert (answer.status_code, answer["Location"]) == (303, "/tablet/start/")
    return client


def fields_for(path: str, page: str, answer: str) -> dict[str, str]:
    """What somebody who gives this answer everywhere sends from this page."""
    allow, sure = PLACE[answer]
    choice = sure if path.rsplit("/", 2)[-2] in {"fear", "harm"} else allow
    sent = {"go_on": "1"}
    if 'name="answer"' in page:
        sent["answer"] = choice
    if "/things-" in path:
        sent |= {"answer_1": "Жучка", "answer_2": ""}
    return sent


def walk(client: Client, answer: str) -> list[tuple[str, str]]:
    """Every screen to the overview, as (path, page)."""
    seen, path = [], client.get("/tablet/start/")["Location"]
    while path != "/tablet/allowed/":
        page = client.get(path)
        assert page.status_code == 200
        text = page.content.decode()
        seen.append((path, text))
        done = client.post(path, fields_for(path, text, answer))
        assert done.status_code == 303, done.content.decode()
        path = done["Location"]
    return seen


def test_from_the_first_screen_to_the_closed_page(match, neutral):
    client = unlocked(match, neutral)

    seen = walk(client, "yes")
    last = client.get("/tablet/end/")
    closed = client.post("/tablet/end/finish/", {"go_on": "1"})

    topics = [path.split("/")[2].split("-")[0] for path, _ in seen]
    assert topics[:3] == ["rights", "things", "who"]
    assert {row.kind for row in Consent.objects.filter(match=match)} == set(Kind)
    assert all(row.before == neutral for row in Consent.objects.all())
    assert ThingsAnswer.objects.get().answers == ["Жучка", ""]
    assert FearAnswer.objects.get().answer["fear"] == "yes"
    assert Application.objects.get().by_captive
    assert last.status_code == 200
    assert (closed.status_code, closed["Location"]) == (303, "/tablet/")
    assert Sitting.objects.get().closed_at
    assert client.get(seen[0][0])["Location"] == "/tablet/"
