"""Whatever is sent to a form: an ordinary page says no, quickly, and nothing is written."""

import io
import time
import zlib
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from tests.browser import PARTS, in_parts
from tests.cases import PIN, Case
from tests.factories import StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.staff.permissions import Role
from wayhome.config.access import table

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
QUICK_SECONDS = 5
URLENCODED = "application/x-www-form-urlencoded"
BESIDES = ("django_session", "cache_entry", "enquiries_draft", "persons_personkey")


def page_of(answer: Any) -> str:
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


def told_no(answer: Any) -> None:
    """An ordinary page of a 4xx, without a trace of the program."""
    page = page_of(answer)
    assert 400 <= answer.status_code < 500, (answer.status_code, page[:300])
    assert "text/html" in answer.headers["Content-Type"]
    assert "<h1" in page
    assert "Traceback" not in page
    assert "Exception" not in page


@pytest.fixture
def registrar() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(StaffFactory(role=Role.REGISTRAR))
    return client


@pytest.fixture
def family() -> Client:
    case, session = Case(), SessionStore()
    session["enquirer_id"] = str(case.enquirer.pk)
    session.create()
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = session.session_key or ""
    return client


BODIES = {
    "bytes of no encoding": b"surname=%ff%fe%c3%28&relation=\xff\xfe",
    "cp1251 where UTF-8 is said": "surname=Буйничев".encode("cp1251"),
    "a NUL": "relation=mo%00ther&party=%00&surname=Буй%00ничев".encode(),
    "a lone surrogate": b"relation=%ed%a0%80&surname=%ed%a0%80",
    "nothing but separators": b"&&&===&&&;;;",
    "half an escape": b"relation=%&surname=%4",
    "five hundred fields": "&".join(f"f{n}=1" for n in range(500)).encode(),
    "one field of two megabytes": b"surname=" + b"a" * 2_000_000,
    "the same field a hundred times": b"&".join([b"relation=mother"] * 100) + b"&answered=",
    "no text at all": bytes(range(256)),
}
MULTIPART = {
    "no boundary": ("multipart/form-data", b"--x\r\n\r\n"),
    "a boundary that never comes": ("multipart/form-data; boundary=x", b"nothing of the kind"),
    "an end in the middle": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="paper"; filename="a"\r\n\r\nhalf',
    ),
    "a part without a name": ("multipart/form-data; boundary=x", b"--x\r\n\r\nabc\r\n--x--\r\n"),
    "a boundary of NULs": ("multipart/form-data; boundary=\0\0", b"--\0\0\r\n"),
    "base64 that is none": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="note"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n***\r\n--x--\r\n",
    ),
    "an unknown charset": (f"{URLENCODED}; charset=klingon", b"relation=mother"),
    "JSON": ("application/json", b'{"relation": "mother"}'),
    "a length that is a lie": (URLENCODED, b""),
}


@in_parts
def test_any_body_at_any_form_is_answered_with_a_page(registrar, family, part):
    asked, posts = 0, [row for row in table() if row["method"] == "POST"]
    for client, role in ((Client(), "nobody"), (family, "family"), (registrar, "registrar")):
        client.raise_request_exception = False
        for row in posts:
            if role not in row["allow"] or row["ends_session"] or "/account/" in row["url"]:
                continue
            turn = zlib.crc32(row["name"].encode())  # so that each form meets a third of the bodies
            for what, body in list(BODIES.items())[(turn + part) % PARTS :: PARTS]:
                with nothing_written(besides=BESIDES):
                    answer = client.post(row["url"], body, content_type=URLENCODED)
                asked += 1
                assert answer.status_code != 303 or role == "nobody", (row["url"], what)
                if answer.status_code != 303:
                    told_no(answer)
    print(f"{asked} broken bodies, each answered with a page")
    assert asked > 200


@pytest.mark.parametrize("what", MULTIPART)
def test_a_form_in_broken_parts_is_answered_with_a_page(what, registrar, family):
    kind, body = MULTIPART[what]
    for client, url in ((Client(), "/ask/who/"), (family, "/papers/"),
                        (registrar, "/console/captives/register/"),
                        (registrar, "/console/imports/")):  # fmt: skip
        client.raise_request_exception = False
        with nothing_written(besides=BESIDES):
            answer = client.generic("POST", url, body, content_type=kind)
        told_no(answer)


def test_a_form_in_another_encoding_than_its_page_is_refused_in_words():
    """No browser sends it so: pages are UTF-8. Files in cp1251 are taken (test_reading_files)."""
    body = b"answered=yes&surname=%C1%F3%E9%ED%E8%F7%E5%E2"
    kind = f"{URLENCODED}; charset=windows-1251"

    with nothing_written(besides=BESIDES):
        told_no(Client().generic("POST", "/ask/name/", body, content_type=kind))


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200f", "\x00", "\x1b[31m", "\x7f"])
def test_marks_that_turn_or_end_a_name_are_taken_out_of_it(mark):
    client = Client()
    answer = client.post(
        "/ask/name/", {"answered": "yes", "surname": f"Буй{mark}ничев", "given": "Прохор"}
    )

    if mark == "\x00":  # Django says no to it at the field
        assert answer.status_code in (303, 422)
    else:
        assert answer.status_code == 303
        page = client.get("/ask/name/").content.decode()
        assert mark not in page


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_a_method_that_an_address_has_not_is_refused(method, registrar):
    for client, url in ((Client(), "/ask/who/"), (registrar, "/console/captives/register/")):
        with nothing_written(besides=BESIDES):
            answer = client.generic(method.upper(), url, "x=1", content_type=URLENCODED)
        assert answer.status_code == 405
        assert answer.headers["Allow"]


def test_forty_megabytes_are_refused_quickly_and_kept_nowhere(registrar, family, settings):
    for client, url, name in ((family, "/papers/", "paper"),
                              (registrar, "/console/imports/", "file")):  # fmt: skip
        large = io.BytesIO(b"\xff\xd8\xff" + bytes(40_000_000))
        large.name = "large.jpg"
        began = time.monotonic()
        with nothing_written(besides=BESIDES):
            answer = client.post(url, {name: large, "kind": "cards"})
        took = time.monotonic() - began
        print(f"40 MB at {url}: {answer.status_code} after {took:.1f} s")
        told_no(answer)
        assert took < QUICK_SECONDS
    left = [path for path in settings.FOLDER.tmp.rglob("*") if path.is_file()]
    assert not [path for path in left if path.stat().st_size > 1_000_000]


def test_a_name_is_never_markup(registrar):
    planted = "<img src=x onerror=alert(1)>{{7*7}}{% now %}"
    client = Client()
    client.post("/ask/name/", {"answered": "yes", "surname": planted})
    page = client.get("/ask/name/").content.decode() + client.get("/ask/check/").content.decode()

    assert "<img src=x" not in page
    assert "49" not in page.split("surname")[1][:200]


def test_wrong_words_and_pins_are_answered_alike_whatever_they_are():
    for words in ("", "a" * 5000, "\x00", "ряд " * 9, "' OR 1=1 --", "%s%n", "９９９９９９"):
        answer = Client().post("/back/", {"words": words, "pin": PIN})
        told_no(answer)
