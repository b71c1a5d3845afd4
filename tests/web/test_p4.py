"""A place of detention reaches nobody but the staff who must know and the agency's outbox (P4).

A place name is planted wherever a clerk can type it, in every spelling; then every address is
asked for by every role, and every page, header, PDF, letter, row, log line and error is searched.
"""

import base64
import html
import io
import json
import logging
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from tests.calling import Calling
from tests.cases import BY_EMAIL, Case, signature
from tests.traces import digests
from wayhome.bureau.answers.mail import written
from wayhome.bureau.answers.models import Told
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.actions import Captured, Happening
from wayhome.bureau.captives.rules import Captor, EventKind, Purpose
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.contact.calls import actions as calls
from wayhome.bureau.contact.calls.rules import How
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import Route
from wayhome.bureau.relations.actions import send_paper
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Permission, Role, roles_with
from wayhome.bureau.statements.actions import Account, Comrade, take_statement
from wayhome.bureau.statements.rules import Seen
from wayhome.config.access import table
from wayhome.web.console.views import captives as captive_pages
from wayhome.web.console.views import enquiries as enquiry_pages

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.timeout(2400)]
PLACE = "Верхнеозёрск"
SPELT = ("верхнеозёрск", "ВЕРХНЕОЗЕРСК", "Верхньоозерськ", "Verkhneozyorsk", "Verhneozersk")
FOUND = re.compile("верх(не|ньо)оз[её]р|ver(kh|h)neoz(yo|e)r", re.IGNORECASE)
IN_HEALTH_NOTE = "Крутоярищенск"  # a physician's own words, for physicians
HEALTH_FOUND = re.compile("крутояр", re.IGNORECASE)
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def plain(text: str) -> str:
    """As a reader would see it: entities, percent and JSON escapes opened."""
    text = ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)
    return html.unescape(unquote(text))


def in_pdf(content: bytes) -> str:
    """Words, properties and XMP of a PDF, and its bytes as they are."""
    reader = PdfReader(io.BytesIO(content))
    words = "".join(page.extract_text() for page in reader.pages)
    more = reader.xmp_metadata.stream.get_data().decode() if reader.xmp_metadata else ""
    return words + str(reader.metadata) + more + content.decode("latin-1")


@dataclass
class Search:
    """What was read, and where the place was met."""

    read: Counter[str] = field(default_factory=Counter)
    met: dict[str, set[str]] = field(default_factory=dict)
    health: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)

    def look(self, who: str, what: str, text: str) -> None:
        self.read[who] += 1
        text = plain(text)
        if FOUND.search(text):
            self.met.setdefault(who, set()).add(what)
        if HEALTH_FOUND.search(text):
            self.health.add(who)


@pytest.fixture
def case() -> Case:
    """The place stands wherever somebody can type it."""
    case = Case(
        captured=Captured(
            on="2022-04-16", captor=Captor.CIVILIANS, by=f"жители {SPELT[1]}", where=PLACE,
            given_to=f"комендатура {PLACE}", given_on="2022-04-17",
        ),
        card={"health": f"ранен, лежит в {SPELT[0]}е"},
    )  # fmt: skip
    case.brought_to(PLACE, note=f"автобусом из {SPELT[3]}")
    clerk = case.staff(Role.REGISTRAR)
    hospital = Happening(EventKind.HOSPITAL, at=case.captive.custody_events.last().happened_at,
                     place=captives.find_or_make_place(site=clerk.site, name=SPELT[2], by=clerk),
                     note=SPELT[4])  # fmt: skip
    captives.record_custody_event(captive=case.captive, happened=hospital, by=clerk)
    captives.note_health(
        captive=case.captive, note=f"осмотрен в {IN_HEALTH_NOTE}", by=case.staff(Role.PHYSICIAN)
    )
    _ = case.consented
    # His own words to her tell where he is.
    consents.answer(
        match=case.match, kind=Kind.LIVES, answer=Answer.YES, by=case.sitting,
        words=f"Мама, я в {SPELT[1]}е",
    )  # fmt: skip
    # What he says of a comrade tells where both of them are.
    said = Account(
        about=Comrade(**{name: getattr(case.enquiry, name) for name in ("surname", "given")}),
        words=f"Он жив. Мы вместе в {SPELT[2]}у.", seen=Seen.ALIVE, seen_where=SPELT[3],
        where=PLACE, told_on=timezone.localdate(), language="ru", free=True, how_asked="Наедине",
    )  # fmt: skip
    take_statement(captive=case.captive, account=said, by=case.staff(Role.NEUTRAL))
    send_paper(enquiry=case.enquiry, content=signature(), note="метрика", by=case.enquirer)
    # They talk in a call, and say how it was; a worry may tell the place, to neutral and auditor.
    calling = Calling(case)
    _ = case.told, calling.open
    calls.stop(call=calling.call, by=case.sitting)
    calls.say_how_it_was(call=calling.call, how=How.HARD, worry="Кашляет.", by=case.enquirer)
    _ = case.sealed
    return case


def client_of(case: Case, role: Role) -> Client:
    client = Client(raise_request_exception=False)
    if role in CONSOLE_ROLES:
        staff = case.staff(role)
        staff.password = "md5$x$x"  # some password: without one there is no account
        staff.save(update_fields=["password"])
        client.force_login(staff)
        session = client.session  # why they look: the pages ask it once for each person
        session[captive_pages.LOOKS] = {case.captive.bureau_number: next(iter(Purpose)).value}
        session[enquiry_pages.LOOKS] = {case.enquiry.bureau_number: next(iter(enquiry_pages.WHY))}
        session.save()
        return client
    session = SessionStore()
    if role == Role.FAMILY:
        session["enquirer_id"] = str(case.enquirer.pk)
    if role == Role.CAPTIVE:
        session["sitting_id"] = str(case.sitting.pk)
    session.create()
    client.cookies["sessionid"] = session.session_key or ""
    return client


def walk(case: Case, search: Search, role: Role, rows: list[dict[str, Any]]) -> Counter[int]:
    """Ask for every address: what is served, empty forms, and a fifth of what is refused.

    Another fifth each day: all are asked for by the access matrix.
    """
    statuses: Counter[int] = Counter()
    client = client_of(case, role)
    for number, row in enumerate(rows):
        if role.value not in row["allow"] and number % 5 != date.today().toordinal() % 5:
            continue
        ask = client.get if row["method"] == "GET" else client.post
        answer = ask(row["url"])
        statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            search.broken.add(f"{role} {row['method']} {row['url']}")
        content = b"".join(answer) if answer.streaming else answer.content
        kind = answer.headers.get("Content-Type", "")
        text = in_pdf(content) if "pdf" in kind else content.decode(errors="replace")
        headers = str(list(answer.headers.items())) + str(answer.cookies)
        search.look(role, f"{row['method']} {row['pattern']} {answer.status_code}", text + headers)
        if row["ends_session"]:
            client = client_of(case, role)
    return statuses


def everything_stored() -> dict[str, str]:
    """Every table as text; what is encrypted stays so."""
    found = {}
    with connection.cursor() as cursor:
        for name in digests():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM \"{name}\" t")
            found[name] = cursor.fetchone()[0]
    return found


def test_the_place_is_met_by_those_who_must_know_and_by_nobody_else(case, caplog, settings):
    caplog.set_level(logging.DEBUG)
    search, rows = Search(), table()
    may_know = {role.value for role in roles_with(Permission.SEE_PLACE)}
    statuses: Counter[int] = Counter()
    for role in Role:
        statuses += walk(case, search, role, rows)

    print(f"{search.read.total()} answers searched, {dict(sorted(statuses.items()))};"
          f" met by {sorted(search.met)}")  # fmt: skip
    assert not search.broken
    assert statuses[200] > 200
    assert set(search.read) == set(Role)
    leaks = {who: what for who, what in search.met.items() if who not in may_know}
    assert not leaks
    assert may_know <= set(search.met), "the plant itself is not seen by those who may"
    assert search.health == {Role.PHYSICIAN.value}

    # Beside the pages: letters, the act, the log, the journal and every other row.
    aside = Search()
    aside.look("letter", "", written(case.message).as_string())
    aside.look("act", "", in_pdf(base64.b64decode(case.sealed.document)))
    aside.look("log", "", caplog.text + "".join(str(r.__dict__) for r in caplog.records))
    for file in settings.FOLDER.log.rglob("*"):
        aside.look("log file", file.name, file.name + file.read_text(errors="replace"))
    for file in settings.FOLDER.root.rglob("*"):
        aside.look("file name", str(file), file.name)
    for name, text in everything_stored().items():
        if name != "captives_place":
            aside.look("table", name, text)
    print(f"{aside.read.total()} files, letters, documents and tables searched")
    assert not aside.met
    assert not aside.health


def test_what_she_is_told_and_what_his_power_gets_never_hold_it(case):
    said = json.dumps(Told.objects.select_related("key").get().said, ensure_ascii=False)
    assert not FOUND.search(said)
    notices = Notice.objects.select_related("key")
    routes = dict.fromkeys(Route, 0)
    for notice in notices:
        routes[Route(notice.route)] += bool(
            FOUND.search(json.dumps(notice.particulars, ensure_ascii=False))
        )
    assert routes[Route.POWER] == 0
    assert routes[Route.AGENCY] >= 2


def test_what_of_a_refused_or_broken_request_names_it(case, caplog):
    """Somebody types the place into an address, a form, a header: it is not thrown back or kept."""
    caplog.set_level(logging.DEBUG)
    search = Search()
    for role in (Role.NOBODY, Role.FAMILY, Role.REGISTRAR, Role.AUDITOR):
        client = client_of(case, role)
        for url in (f"/{PLACE}", f"/console/captives/{PLACE}/", f"/ask/{PLACE}/",
                    f"/console/acts/{PLACE}/", f"/static/{PLACE}.css"):  # fmt: skip
            answer = client.get(url, HTTP_REFERER="http://testserver/x")
            assert answer.status_code in (303, 403, 404)
            headers = dict(answer.headers)
            headers.pop("Location", None)  # the sign-in page is told where to come back to
            search.look(role, url, answer.content.decode() + str(headers))
    assert not search.met
    assert not FOUND.search(plain(caplog.text))


def test_the_plant_is_planted(case):
    assert all(FOUND.search(spelling) for spelling in (PLACE, *SPELT))
    assert FOUND.search(str([e.details for e in case.captive.custody_events.select_related("key")]))
    card = case.captive.cards.select_related("key").get()
    assert FOUND.search(card.as_received["health"])
    assert BY_EMAIL.to == case.message.to
