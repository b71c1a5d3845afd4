"""Every address × method × role, and another family: who is served, who is not, and nothing else.

The world is a small demo, filled by the demo's own steps, so that every address has an object.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings

from tests.small_demo import cut
from tests.web.walking import Answer, Walk
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.staff.permissions import NOT_STAFF, Role
from wayhome.config.access import EXAMPLES, FITTING, addresses, table
from wayhome.config.demo import people, preparing, stories
from wayhome.config.folder import Folder
from wayhome.config.sessions import open_session

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("world")]
# Not the bureau's: the visitors' own sessions, and how often somebody tried to sign in.
NOT_COUNTED = ("django_session", "cache_entry")


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Folder]:
    """A small demo in the database of the tests, gone again after this module."""
    folder = settings.FOLDER
    files = cut(tmp_path_factory.mktemp("files"), cards=60, enquiries=20)
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(DEMO=True, PASSWORD_HASHERS=quick),
        django_db_blocker.unblock(),
    ):
        patch.setattr(preparing, "FILES", files)
        with transaction.atomic():
            preparing.prepare(folder, progress=lambda what, done, of: None)
            yield folder
            transaction.set_rollback(True)
    for noted in ("prepared.json", preparing.DONE, f"keys/{people.KEPT}", f"keys/{stories.KEPT}"):
        (folder.root / noted).unlink()


class Browser:
    """A visitor through Django's own client, with the CSRF check on."""

    def __init__(self, role: str, site: str = "") -> None:
        cache.clear()  # each comes from an address of their own
        self.client = Client(enforce_csrf_checks=True)
        self.client.cookies.load(open_session(role, site)["cookies"])

    def ask(self, method: str, url: str, form: dict[str, str] | None = None) -> Answer:
        send = getattr(self.client, method.lower())
        answer = send(url, form) if form is not None else send(url)
        body = answer.content if not answer.streaming else b""
        return Answer(answer.status_code, answer.get("Location", ""), body.decode(errors="replace"))


class Contents:
    """A digest of every row of every table, but for when a tablet was last touched.

    It is taken anew only where PostgreSQL has counted a row written in the meantime.
    """

    def __init__(self) -> None:
        self.written: Any = None
        self.digests: Any = None

    def __call__(self) -> Any:
        written = rows_written()
        if written != self.written:
            self.written, self.digests = written, digests()
        return self.digests


def rows_written() -> Any:
    """How many rows of each table were written in this transaction, kept or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE relname <> ALL(%s)",
            [list(NOT_COUNTED)],
        )
        return dict(cursor.fetchall())


def digests() -> Any:
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor)) - set(NOT_COUNTED)
        each = (
            f"SELECT '{name}', md5(coalesce(string_agg(told, '|' ORDER BY told), '')) FROM"
            f" (SELECT (to_jsonb(t) - 'last_seen_at')::text AS told FROM \"{name}\" t) AS rows"
            for name in sorted(names)
        )
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def test_what_is_written_is_noticed() -> None:
    contents = Contents()
    before = contents()
    Captive.objects.filter(pk=Captive.objects.values("pk")[:1]).update(site="B")

    assert contents() != before


@pytest.mark.timeout(2400)
def test_every_pair_is_as_the_table_says() -> None:
    today = date.today().toordinal() % 2  # two days ask for every pair
    walk = Walk(table(), [role.value for role in Role], Browser, Contents(), today)
    walk.walk()

    print(
        f"{walk.asked} pairs asked: {walk.served} pages served, {walk.refused} refused,"
        f" {walk.forms} empty forms"
    )
    assert not walk.faults, "\n".join(walk.faults)
    assert walk.asked > 3000
    assert walk.forms > 200


def test_every_address_says_whom_it_serves() -> None:
    assert not [address.pattern for address in addresses() if address.access is None]


def test_every_address_has_an_object_of_the_demo() -> None:
    lacking = [name for name, example in EXAMPLES.items() if example() is None]
    lacking += [str(name) for name, example in FITTING.items() if example() is None]
    assert not lacking


def test_another_family_meets_nothing_of_the_first() -> None:
    """Her pages have no number in their address: what they show is hers by her session alone."""
    first, other = (stories.enquirer_of(name) for name in (stories.FAMILYS, "invited"))
    assert first
    assert other
    enquiry = first.enquiries.get()
    hers = (enquiry.bureau_number, enquiry.surname, first.name, str(first.pk), str(enquiry.pk))
    visitor = Browser("family")
    session = visitor.client.session
    session["enquirer_id"] = str(other.pk)
    session.save()
    pages = [row for row in table() if row["method"] == "GET" and row["allow"] == ["family"]]

    seen = [visitor.ask("GET", row["url"]).body for row in pages]

    assert len(pages) > 5
    assert other.enquiries.get().surname in "".join(seen)
    assert not [word for word in hers for body in seen if word in body]


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.CUSTODY, Role.WELFARE, Role.PHYSICIAN])
def test_another_site_meets_no_captive_of_the_first(role: Role) -> None:
    visitor = Browser(role.value, "B")
    captives = [
        row
        for row in table()
        if row["pattern"].startswith("/console/captives/<")
        and row["method"] == "GET"
        and role.value in row["allow"]
    ]

    answers = [visitor.ask("GET", row["url"]).status for row in captives]

    assert Captive.objects.filter(site="A").exists()
    assert answers
    assert set(answers) == {404}


def test_a_session_of_every_role_can_be_opened() -> None:
    for role in Role:
        visitor = Browser(role.value)
        own = {"family": "/waiting/", "captive": "/tablet/allowed/"}.get(role.value, "/console/")
        served = visitor.ask("GET", own).status == 200
        assert served == (role != Role.NOBODY), role
    assert len(Role) == 18 + len(NOT_STAFF)


def test_files_of_the_demo_are_all_there() -> None:
    names = (preparing.LIST, preparing.CLERKS, preparing.ENQUIRIES, preparing.TRUTH)
    shipped = Path(preparing.__file__).with_name("files")
    assert all((shipped / name).stat().st_size > 10_000 for name in names)
