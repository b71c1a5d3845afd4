"""Accounts: signing in and out, the password, what of it stands in the journal."""

import hashlib
import json
import re

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories import StaffFactory
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import Role
from wayhome.web.console.second_factor import PASSED
from wayhome.web.voice import forbidden_on

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LOGIN, LOGOUT, PASSWORD_PAGE = (
    "/console/account/login/",
    "/console/account/logout/",
    "/console/account/password/",
)
PASSWORD = "a long invented password"
FAILED = "sign-in failed"


@pytest.fixture(autouse=True)
def no_tries_counted():
    cache.clear()


@pytest.fixture
def clerk():
    clerk = StaffFactory(role=Role.REGISTRAR, username="invented.clerk")
    clerk.set_password(PASSWORD)
    clerk.save()
    return clerk


def signed_in(person) -> Client:
    """By the password, so that it is not asked a second time; the code counts as shown."""
    person.set_password(PASSWORD)
    person.save()
    client = Client(headers={"accept-language": "en"})
    client.post(LOGIN, {"login": person.username, "password": PASSWORD})
    session = client.session
    session[PASSED] = True
    session.save()
    return client


def tried(username: str, password: str = "something else") -> str:
    answer = Client(headers={"accept-language": "en"}).post(
        LOGIN, {"login": username, "password": password}
    )
    return answer.content.decode()


def test_a_failed_try_says_the_same_for_a_name_that_nobody_has(clerk):
    pages = [tried(name).replace(name, "…") for name in (clerk.username, "nobody.of.us")]
    pages = [re.sub(r'csrfmiddlewaretoken" value="[^"]+', "…", page) for page in pages]

    assert pages[0] == pages[1]
    assert re.search(r'role="alert".*?incorrect|role="alert".*?not correct', pages[0], re.S)


def test_the_journal_keeps_every_failed_try_and_no_name(clerk):
    tried(clerk.username)
    tried("nobody.of.us")
    tried(clerk.username.upper())

    entries = list(Entry.objects.filter(action=FAILED).order_by("at"))
    assert len(entries) == 3
    for entry, name in zip(entries, (clerk.username, "nobody.of.us", clerk.username), strict=True):
        told = json.dumps({"username": name}, sort_keys=True, ensure_ascii=False)
        assert bytes(entry.digest) == hashlib.sha256(f"{entry.pk}|{told}".encode()).digest()
        assert (entry.actor_id, entry.person, entry.purpose) == ("machine", "", "")
        assert name not in f"{entry.subject_id} {entry.subject_type} {entry.purpose}"
    assert len({bytes(entry.digest) for entry in entries}) == 3  # salted: the same name differs
    assert len({entry.subject_id for entry in entries}) == 1  # whether the name is known or not


def test_the_auditor_finds_the_failed_tries(clerk):
    tried(clerk.username)

    page = signed_in(StaffFactory(role=Role.AUDITOR)).get(f"/console/journal/?action={FAILED}")

    assert page.content.decode().count(FAILED) >= 2  # in the filter and in the list
    assert clerk.username not in page.content.decode()


def test_a_right_password_leaves_no_such_entry(clerk):
    Client().post(LOGIN, {"login": clerk.username, "password": PASSWORD})

    assert not Entry.objects.filter(action=FAILED).exists()


def test_after_several_failed_tries_even_the_right_password_waits(clerk):
    for _ in range(5):
        tried(clerk.username)

    page = tried(clerk.username, PASSWORD)

    assert re.search(r'role="alert".*?Too many failed login attempts', page, re.S)


def test_a_closed_account_opens_nothing(clerk):
    clerk.is_active = False
    clerk.save()

    client = Client(headers={"accept-language": "en"})
    right = client.post(LOGIN, {"login": clerk.username, "password": PASSWORD})
    wrong = tried(clerk.username)

    hidden = r'csrfmiddlewaretoken" value="[^"]+'
    assert re.sub(hidden, "", right.content.decode()) == re.sub(hidden, "", wrong)
    assert Entry.objects.filter(action=FAILED).count() == 2
    assert client.get("/console/").status_code == 303


@pytest.mark.parametrize(
    ("typed", "says"),
    [({"oldpassword": "wrong"}, "current password"), ({"password1": "short"}, "too short"),
     ({"password2": "another one altogether"}, "same password"),
     ({"password1": "password12345", "password2": "password12345"}, "too common")],
)  # fmt: skip
def test_a_refused_password_says_where_and_changes_nothing(clerk, typed, says):
    new = {
        "oldpassword": PASSWORD,
        "password1": "another long one",
        "password2": "another long one",
    }

    page = signed_in(clerk).post(PASSWORD_PAGE, {**new, **typed}).content.decode()

    assert re.search(rf'role="alert".*?{says}.*?</ul>', page, re.S)
    assert "another long one" not in page
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_a_changed_password_is_the_one_that_counts(clerk):
    new = {
        "oldpassword": PASSWORD,
        "password1": "another long one",
        "password2": "another long one",
    }

    client = signed_in(clerk)
    assert client.post(PASSWORD_PAGE, new).status_code == 303

    clerk.refresh_from_db()
    assert clerk.check_password("another long one")
    assert client.get("/console/").status_code == 200


def test_signing_out_ends_the_session(clerk):
    client = signed_in(clerk)
    assert client.get(LOGOUT).status_code == 200
    assert client.get("/console/").status_code == 200

    assert client.post(LOGOUT).headers["Location"] == LOGIN

    assert client.get("/console/").headers["Location"].startswith(f"{LOGIN}?next=")


@pytest.mark.parametrize("path", [LOGOUT, PASSWORD_PAGE, "/console/account/second-factor/"])
def test_nobody_is_sent_to_the_door(path):
    assert Client().get(path).headers["Location"].startswith(LOGIN)


@pytest.mark.parametrize("language", ["uk", "ru", "en"])
def test_every_page_of_an_account_is_whole_in_its_language(clerk, language):
    visitor, client = Client(), signed_in(clerk)
    for one in (visitor, client):
        one.cookies["language"] = language
    paths = [LOGOUT, PASSWORD_PAGE, "/console/account/second-factor/",
             "/console/account/second-factor/on/"]  # fmt: skip
    pages = [visitor.get(LOGIN), *(client.get(path) for path in paths)]

    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert f'<html lang="{language}"' in text
        assert not forbidden_on(text, language, "staff")
        main = text[text.index("<main") : text.index("</main>")]
        words = re.sub(r"<[^>]+>|[A-Z2-7]{32}|PIN", " ", main)
        assert language == "en" or not re.search(r"[A-Za-z]{3,}", words), page.request["PATH_INFO"]
