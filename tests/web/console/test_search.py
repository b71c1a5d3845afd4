"""The search in every page's head: who has it, what it shows, what it says when nobody fits."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories import CaptiveFactory, EnquiryFactory, SiteFactory, StaffFactory
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches import search_rules
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Permission, Role, roles_with
from wayhome.web.console.listing import ROWS_A_PAGE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SEARCH = "/console/search/"
MAY = roles_with(Permission.SEE_CAPTIVE) | roles_with(Permission.SEE_ENQUIRY)


@pytest.fixture(autouse=True)
def _indexes_of_this_test(fresh_indexes):
    cache.clear()


def signed_in(role=Role.NEUTRAL, language="en", **more):
    client = Client(headers={"accept-language": language})
    client.force_login(StaffFactory(role=role, **more))
    return client


def page(client, line, *, typed=False, **more):
    headers = {"HX-Request": "true"} if typed else {}
    answer = client.get(SEARCH, {"q": line, **more}, headers=headers)
    return answer, answer.content.decode()


def numbers(html):
    return re.findall(r'/console/(?:captives|enquiries)/([A-Z]-[^/"]+)/', html)


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES))
def test_the_box_is_on_the_pages_of_those_whose_work_it_is(role):
    client = signed_in(role)

    home = client.get("/console/").content.decode()

    assert (f'action="{SEARCH}"' in home) == (role in MAY)
    assert client.get(SEARCH).status_code == (200 if role in MAY else 403)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_nobody_else_learns_anything_as_they_type(role):
    man = CaptiveFactory()

    answer, html = page(signed_in(role), man.surname, typed=True)

    assert answer.status_code == 403
    assert man.surname not in html


def test_signed_out_it_leads_to_the_door():
    assert Client().get(SEARCH, {"q": "Буйничев"}).status_code == 303


def test_the_list_as_one_types_says_who_and_why():
    man = CaptiveFactory(surname="Буйничев", given="Константин", born="1999-01-14")

    answer, html = page(signed_in(), "Bujnichov Kostya 14.01.1999", typed=True)

    assert answer.status_code == 200
    assert "<html" not in html
    assert html.count('role="option"') == 2  # he, and "all that fit"
    assert f'data-url="/console/captives/{man.bureau_number}/"' in html
    assert "<bdi" in html
    assert "14 January 1999" in html
    assert "Date of birth: the same" in html
    assert "Surname:" in html
    assert not re.search(r"\d+(\.\d+)? ?(%|bits)", html)


def test_all_who_fit_stand_on_a_page_of_their_own_with_paging():
    men = [CaptiveFactory(surname="Иванов") for _ in range(ROWS_A_PAGE + 3)]
    client = signed_in()

    first, rest = page(client, "Иванов")[1], page(client, "Иванов", page="2")[1]

    assert len(set(numbers(first))) == ROWS_A_PAGE
    assert {*numbers(first), *numbers(rest)} == {one.bureau_number for one in men}
    assert f'start="{ROWS_A_PAGE + 1}"' in rest
    assert "q=%D0%98" in first  # the next page keeps the line
    assert 'value="Иванов"' in first


def test_too_many_are_cut_and_the_page_says_what_to_add(monkeypatch):
    monkeypatch.setattr("wayhome.web.console.views.search.MOST_SHOWN", 3)
    for _ in range(5):
        CaptiveFactory(surname="Иванов")

    _, html = page(signed_in(), "Иванов")

    assert len(numbers(html)) == 3
    assert "Only the best 3 are shown" in html


def test_nobody_is_said_without_saying_that_he_is_not_held():
    CaptiveFactory(surname="Иванов")
    client = signed_in()

    for typed in (True, False):
        answer, html = page(client, "Ющекяжев", typed=typed)
        assert answer.status_code == 200
        assert "Nobody whom you may see fits this line." in html
    assert "That is no answer to a family" in html


@pytest.mark.parametrize("line", ["в/ч 12345", "1999", "14.01.1999"])
def test_a_unit_or_a_date_alone_is_refused(line):
    CaptiveFactory(unit="в/ч 12345", born="1999-01-14")

    for typed in (True, False):
        answer, html = page(signed_in(), line, typed=typed)
        assert answer.status_code == 422
        assert "Add a name or a number" in html
        assert not numbers(html)
    assert 'role="alert"' in html
    assert not Entry.objects.filter(action="shown by a search").exists()


def test_the_reading_budget_ends_a_day_of_looking_around(monkeypatch):
    monkeypatch.setattr(search_rules, "READING_BUDGET", 1)
    CaptiveFactory(surname="Иванов")
    other = CaptiveFactory(surname="Щербаков")
    client = signed_in()
    assert page(client, "Иванов", typed=True)[0].status_code == 200

    answer, html = page(client, "Щербаков")

    assert answer.status_code == 429
    assert 'role="alert"' in html
    assert other.bureau_number not in html


def test_the_page_warns_before_the_budget_ends(monkeypatch):
    monkeypatch.setattr("wayhome.web.console.views.search.READING_WARNED", 1)
    CaptiveFactory(surname="Иванов")

    assert "more persons today" in page(signed_in(), "Иванов")[1]


def test_another_site_is_not_searched():
    CaptiveFactory(surname="Иванов")
    there = SiteFactory(code="B", name="Second site")

    _, html = page(signed_in(Role.REGISTRAR, site=there), "Иванов")

    assert not numbers(html)


def test_the_tracing_officer_finds_enquiries_and_no_captive():
    man = CaptiveFactory(surname="Иванов")
    enquiry = EnquiryFactory(surname="Иванов")

    _, html = page(signed_in(Role.TRACING), "Иванов")

    assert numbers(html) == [enquiry.bureau_number]
    assert man.bureau_number not in html


def test_a_page_is_asked_for_anew_each_time_and_kept_nowhere():
    assert page(signed_in(), "Иванов")[0].headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "line", ["\0", "'", '"><script>alert(1)</script>', "<" * 300, "🙂🙂", "%%__"]
)
def test_whatever_is_typed_gives_a_page(line):
    CaptiveFactory(surname="Иванов")

    for typed in (True, False):
        answer, html = page(signed_in(), line, typed=typed)
        assert answer.status_code in (200, 422)
        assert "<script>alert" not in html
