"""What every answer of every address carries, and what an error page says."""

import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

import wayhome.web
from tests.factories import StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.staff.permissions import Role
from wayhome.config.access import addresses, table
from wayhome.web import errors

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
NONCE = re.compile(r"'nonce-([^']{16,})'")
EXACTLY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
NUMBER = re.compile(r"\b[0-9A-F]{8}\b")
SECRET = "Жимолостка"


def answers():
    """Every address as somebody signed out and as an auditor, and pages of errors."""
    auditor = Client(raise_request_exception=False)
    auditor.force_login(StaffFactory(role=Role.AUDITOR))
    for row in table():
        for client in (Client(raise_request_exception=False), auditor):
            yield row["url"], client.get(row["url"])
    for url in ("/nothing/here/", "/console/nothing/"):
        yield url, Client().get(url)
    yield "csrf", Client(enforce_csrf_checks=True).post("/ask/who/", {})
    yield "method", Client().put("/ask/who/")


def test_every_answer_carries_them():
    seen, nonces = 0, set()
    for url, answer in answers():
        if answer.status_code >= 500 and "/account/" in url:
            continue
        seen += 1
        for header, value in EXACTLY.items():
            assert answer.headers.get(header) == value, (url, header, answer.headers.get(header))
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, url
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "*" not in policy
        assert "Server" not in answer.headers
        assert "X-Powered-By" not in answer.headers
        page = answer.content.decode(errors="replace") if not answer.streaming else ""
        for tag in re.findall(r"<(?:script|style)\b[^>]*>", page):
            assert "src=" in tag or "nonce=" in tag, (url, tag)
        assert not re.search(r"<[a-z][^>]*\s(?:on[a-z]+|style)=", page), url
        nonces |= set(NONCE.findall(policy))
    print(f"{seen} answers of {len(addresses())} addresses looked at, {len(nonces)} nonces")
    assert seen > 150


@pytest.mark.parametrize("url", ["/", "/console/account/login/", "/nothing/here/"])
def test_a_nonce_is_never_the_same(url):
    nonces = set()
    for _ in range(5):
        answer = Client().get(url)
        in_page = set(re.findall(r'nonce="([^"]+)"', answer.content.decode()))
        in_policy = set(NONCE.findall(answer.headers["Content-Security-Policy"]))
        assert in_page <= in_policy
        assert not in_page & nonces
        nonces |= in_page


@pytest.mark.parametrize(
    "host",
    ["example.org", "localhost.example.org", "127.0.0.1.example.org", "", "a b", "[::1", "…"],
)
def test_a_foreign_host_is_refused(host):
    answer = Client().get("/", headers={"host": host})

    assert answer.status_code == 400
    assert answer.content == b"This host is not served here.\n"


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Forwarded-For", "X-Forwarded-Proto"])
def test_a_proxys_headers_are_ignored(header):
    answer = Client().get("/console/", headers={header: "example.org"})

    assert "example.org" not in str(answer.headers)


def test_a_broken_page_gives_a_number_that_stands_in_the_log_without_a_name(caplog):
    caplog.set_level(logging.INFO)
    request = RequestFactory().get("/")
    try:
        raise RuntimeError(f"somebody called {SECRET}")
    except RuntimeError:
        answer = errors.server_error(request)

    page = answer.content.decode()
    number = NUMBER.search(page)
    assert answer.status_code == 500
    assert number
    assert f"error {number[0]}: 500 RuntimeError" in caplog.text
    assert "test_headers.py" in caplog.text  # where it broke
    assert SECRET not in page
    # The line of the source that raised it stands in the log; what it was about does not.
    assert f"called {SECRET}" not in caplog.text
    assert "Traceback" not in page


@pytest.mark.parametrize(("url", "status"), [("/nothing/here/", 404), (f"/ask/{SECRET}/", 404)])
def test_each_refusal_has_a_number_in_the_log_too(url, status, caplog):
    caplog.set_level(logging.INFO)
    answer = Client().get(url)

    page = answer.content.decode()
    assert answer.status_code == status
    number = NUMBER.search(page)
    assert number, page
    assert f"error {number[0]}: {status}" in caplog.text
    assert SECRET not in caplog.text
    assert SECRET not in page


def test_a_page_without_its_token_says_so_with_a_number():
    with nothing_written():
        answer = Client(enforce_csrf_checks=True).post("/ask/who/", {"relation": "mother"})

    assert answer.status_code == 403
    assert NUMBER.search(answer.content.decode())


def test_wherever_a_template_tells_an_hour_it_tells_the_zone():
    hours = 0
    for path in (Path(wayhome.web.__file__).parent).rglob("*.html"):
        for said in re.findall(r'date:"([^"]*[HGhg][^"]*)"', path.read_text("utf-8")):
            hours += 1
            assert said.endswith((" T", " e", " O")), (path.name, said)
    assert settings.USE_TZ
    assert hours > 20
    print(f"{hours} moments in templates, each with its zone")
