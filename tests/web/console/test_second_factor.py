"""Staff reach nothing before the second factor, and our own pages ask for it."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import StaffFactory
from wayhome.bureau.staff.permissions import Role
from wayhome.config.access import table
from wayhome.web.access import THEIRS

pytestmark = [
    pytest.mark.django_db(transaction=True),  # the factor counts once it is committed
    pytest.mark.slow,
    pytest.mark.usefixtures("real_sign_in"),
]
PASSWORD = "a long invented password"
SET_UP = "/console/account/second-factor/on/"
LOGIN = "/console/account/login/"
SECRET = re.compile(r"\b[A-Z2-7]{32}\b")


@pytest.fixture(autouse=True)
def no_tries_counted():
    cache.clear()


@pytest.fixture
def clerk():
    clerk = StaffFactory(role=Role.REGISTRAR)
    clerk.set_password(PASSWORD)
    clerk.save()
    return clerk


def signed_in(clerk, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    answer = client.post(LOGIN, {"login": clerk.username, "password": PASSWORD})
    assert answer.status_code in (302, 303)
    return client


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up(client: Client) -> str:
    page = client.get(SET_UP).content.decode()
    secret = SECRET.search(page)
    assert secret
    assert "data:image/svg+xml" in page
    answer = client.post(SET_UP, {"code": code_of(secret.group())})
    assert answer.status_code == 303
    return secret.group()


def test_a_password_alone_opens_nothing(clerk):
    client = signed_in(clerk)

    for row in table():
        if "nobody" in row["allow"] or "registrar" not in row["allow"] or row["name"] in THEIRS:
            continue
        send = client.get if row["method"] == "GET" else client.post
        answer = send(row["url"])
        assert (answer.status_code, answer.headers.get("Location")) == (303, SET_UP), row["url"]


def test_setting_it_up_opens_the_console(clerk):
    client = signed_in(clerk)
    assert client.get("/console/").status_code == 303

    set_up(client)

    assert client.get("/console/").status_code == 200
    assert Authenticator.objects.get(user=clerk).type == Authenticator.Type.TOTP


def test_a_wrong_code_sets_nothing_up(clerk):
    client = signed_in(clerk)
    client.get(SET_UP)

    answer = client.post(SET_UP, {"code": "000000"})

    assert 'role="alert"' in answer.content.decode()
    assert not Authenticator.objects.exists()
    assert client.get("/console/").status_code == 303


def test_the_next_time_the_code_is_asked(clerk):
    secret = set_up(signed_in(clerk))
    again = signed_in(clerk)

    assert again.get("/console/").headers["Location"].startswith(LOGIN)
    page = again.get("/console/account/code/").content.decode()
    assert 'name="code"' in page
    wrong = again.post("/console/account/code/", {"code": "000000"})
    assert 'role="alert"' in wrong.content.decode()
    right = again.post("/console/account/code/", {"code": code_of(secret, 1)})
    assert right.headers["Location"] == "/console/"
    assert again.get("/console/").status_code == 200


def test_a_session_that_never_showed_the_code_is_ended(clerk):
    set_up(signed_in(clerk))
    client = Client()
    client.force_login(clerk)

    answer = client.get("/console/")

    assert (answer.status_code, answer.headers["Location"]) == (303, LOGIN)
    assert client.get("/console/").headers["Location"].startswith(f"{LOGIN}?next=")


@pytest.mark.parametrize(
    ("language", "word"), [("uk", "Пароль"), ("ru", "Пароль"), ("en", "Password")]
)
def test_the_pages_are_ours_in_three_languages(language, word):
    client = Client(headers={"accept-language": language})
    page = client.get(LOGIN).content.decode()

    assert f'lang="{language}"' in page
    assert word in page
    assert "Sign Up" not in page
    assert "wh-topbar" in page


def test_a_wrong_password_says_so_and_keeps_the_name(clerk):
    answer = Client().post(LOGIN, {"login": clerk.username, "password": "something else"})

    page = answer.content.decode()
    assert 'role="alert"' in page
    assert clerk.username in page
    assert "something else" not in page


def test_every_page_of_an_account_is_served_to_whoever_set_it_up(clerk):
    client = signed_in(clerk)
    set_up(client)

    for name in ("account_change_password", "mfa_index", "account_logout"):
        answer = client.get(reverse(name))
        assert answer.status_code == 200, name
        assert "wh-topbar" in answer.content.decode()
    new = {
        "oldpassword": PASSWORD,
        "password1": "another long one",
        "password2": "another long one",
    }
    assert client.post(reverse("account_change_password"), new).status_code == 303
    assert client.get("/console/").status_code == 200


def test_who_has_a_second_factor_is_led_to_it_and_not_to_an_error(clerk):
    client = signed_in(clerk)
    set_up(client)

    assert client.get(SET_UP).headers["Location"] == "/console/account/second-factor/"
