"""Walking through a captive's pages as his browser does, without one."""

import re
from typing import Any

from django.test import Client

SECRET = "калина47"
THINGS = [
    {"question": "Как звали первую собаку?", "answer": "Жучка"},
    {"question": "Что стояло у окна?", "answer": "Швейная машинка"},
]
CHOICES = {"yes": ("yes", "yes"), "no": ("no", "no"), "not now": ("not now", "unsure")}
SURE = {"fear", "harm"}


def opened(captive: Any, neutral: Any, language: str = "en") -> Client:
    """The neutral opened his sitting on this client."""
    client = Client(headers={"accept-language": language})
    client.force_login(neutral)
    answer = client.post(f"/console/sittings/{captive.bureau_number}/", {"language": language})
    assert (answer.status_code, answer["Location"]) == (303, "/tablet/")
    return client


def unlocked(captive: Any, neutral: Any, language: str = "en") -> Client:
    """He gave his secret, for the first time or again."""
    client = opened(captive, neutral, language)
    answer = client.post("/tablet/", {"secret": SECRET, "again": SECRET})
    assert (answer.status_code, answer["Location"]) == (303, "/tablet/start/")
    return client


def topic_of(path: str) -> str:
    return path.split("/")[2].split("-")[0]


def sent_from(path: str, page: str, answer: str) -> dict[str, str]:
    """What somebody who gives this answer everywhere sends from this page."""
    allow, sure = CHOICES[answer]
    sent = {"go_on": "1"}
    if 'name="answer"' in page:
        sent["answer"] = sure if topic_of(path) in SURE else allow
    if topic_of(path) == "things" and answer == "yes":
        sent |= {"answer_1": "Жучка", "answer_2": "Не помню"}
    return sent


def walk(client: Client, answer: str) -> list[tuple[str, str]]:
    """Every screen to the last one, as (path, page); answered alike everywhere."""
    seen, path = [], client.get("/tablet/start/")["Location"]
    while path != "/tablet/allowed/":
        page = client.get(path)
        assert page.status_code == 200
        text = page.content.decode()
        seen.append((path, text))
        done = client.post(path, sent_from(path, text, answer))
        assert done.status_code == 303, done.content.decode()
        path = done["Location"]
    for path in ("/tablet/allowed/", "/tablet/end/"):
        seen.append((path, client.get(path).content.decode()))
    return seen


def masked(page: str) -> str:
    """A page without what differs each time: tokens, nonces and the ids of records."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1…", page)
    page = re.sub(r'(name="idempotency_key" value=")[^"]+', r"\1…", page)
    page = re.sub(r'nonce="[^"]+"', 'nonce="…"', page)
    return re.sub(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…", page)
