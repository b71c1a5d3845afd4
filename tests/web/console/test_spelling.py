"""Spelling help: for those who write names down, and silent about who is held or sought."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import CaptiveFactory, EnquiryFactory, StaffFactory
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Permission, Role, roles_with
from wayhome.web.console.forms.suggesting import KINDS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MAY = (
    roles_with(Permission.ENTER_ENQUIRY)
    | roles_with(Permission.REGISTER_CAPTIVE)
    | roles_with(Permission.CORRECT_CARD)
)
RARE = "Ющекяжев"  # nobody's, and in no table


def signed_in(role=Role.OPERATOR, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(StaffFactory(role=role))
    return client


def asked(client, typed, field="surname"):
    return client.get(f"/console/spelling/{field}/", {field: typed})


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES))
def test_it_is_served_to_those_who_write_names_down(role):
    status = asked(signed_in(role), "Bujnichov").status_code

    assert status == (200 if role in MAY else 403)


def test_nobody_and_no_family_is_served():
    assert asked(Client(), "Bujnichov").status_code == 303


@pytest.mark.parametrize("field", sorted(KINDS))
def test_each_field_has_its_list_with_what_was_typed_last(field):
    html = asked(signed_in(), "Kostya", field).content.decode()

    assert f'id="spellings-{field}"' in html
    assert html.count('data-fill="Kostya"') == 1
    assert html.rindex('data-fill="Kostya"') == html.rindex("data-fill=")


def test_an_unknown_field_is_no_page():
    assert asked(signed_in(), "Kostya", "unit").status_code == 404


@pytest.mark.parametrize(
    "typed", [RARE, RARE[:4], "Yushchekyazhev", "Ющекяжов", "Ющекяжева", RARE.upper()]
)
def test_the_answer_is_the_same_whoever_is_held_or_sought(typed):
    client = signed_in()
    before = asked(client, typed).content

    for _ in range(5):
        CaptiveFactory(surname=RARE)
        EnquiryFactory(surname=RARE)

    assert asked(client, typed).content == before


def test_the_beginning_of_a_name_that_is_held_is_not_completed():
    CaptiveFactory(surname=RARE)
    EnquiryFactory(surname=RARE)

    assert RARE not in asked(signed_in(), RARE[:5]).content.decode()


def test_no_table_of_persons_is_asked_and_nothing_is_entered():
    client = signed_in()
    entries = Entry.objects.count()

    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        asked(client, "Bujnichov")

    tables = " ".join(query["sql"] for query in asked_for.captured_queries)
    assert not any(name in tables for name in ("captives_", "enquiries_", "persons_", "matches_"))
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("path", ["/", "/ask/", "/back/"])
def test_the_families_pages_have_no_such_help(path):
    html = Client().get(path, follow=True).content.decode()

    assert "spelling" not in html
    assert "data-combobox" not in html


@pytest.mark.parametrize(
    ("role", "path", "fields"),
    [
        (Role.OPERATOR, "/console/hotline/new/", 7),
        (Role.TRACING, "/console/hotline/new/", 7),
        (Role.REGISTRAR, "/console/captives/new/", 6),
    ],
)
def test_the_forms_in_which_names_are_written_have_it(role, path, fields):
    html = signed_in(role).get(path).content.decode()

    assert html.count('data-combobox="fill"') == fields
    assert html.count('hx-get="/console/spelling/') == fields
