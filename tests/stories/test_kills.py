"""`kill -9` of web, worker and database while families ask and are invited.

No acknowledged enquiry is lost, none is there twice, no letter is tried twice by itself, and the
journal is sound. A kill counts as a hit when the killed process held an open transaction.
"""

import asyncio
import contextlib
import html
import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.browser import by_thirds
from tests.prepared import migrated
from tests.stories.living import READY_SECONDS, Bureau, MailSink, within
from wayhome.config.database import Database
from wayhome.lib.cluster import ADMINISTRATOR, HOST, free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
KILLS = ["worker", "web", "database", "backend"] * 2
BETWEEN_SECONDS = (0.3, 1.2)
LOOK_SECONDS = 4.0  # for an open transaction, at two kills of three; the third is blind
RECOVERED_SECONDS = 30
LEAST_HITS = 3  # kills that met an open transaction; fewer would prove nothing
NOTICED_SECONDS = 2  # until the last kill has been felt by all that still answer
FAMILIES = 3
SLOW_SERVER_SECONDS = 0.3
QUIET_SECONDS = 400
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
OF_PART = {"web": "wayhome_web", "worker": "wayhome_worker"}
WORDS = re.compile(r'<ol class="wh-words">(.*?)</ol>', re.DOTALL)
WORD = re.compile(r"<li>([^<]+)</li>")
PIN = {"pin": "904417", "again": "904417"}


@dataclass
class SlowSink(MailSink):
    """Takes everything, after a while in which its client may die."""

    tried: Counter[str] = field(default_factory=Counter)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self.tried[str(self.messages[-1][1]["Message-ID"])] += 1
        await asyncio.sleep(SLOW_SERVER_SECONDS)
        return answer


@dataclass
class Family:
    """Somebody at a browser without JavaScript who asks for one person."""

    port: int
    surname: str
    cookies: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """The status, and the page or where it sends to. Raises OSError or HTTPException."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=20)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            body = answer.read().decode()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer.status, answer.headers.get("Location") or body

    def page(self, path: str) -> dict[str, str]:
        """The hidden fields of the form on a page."""
        status, page = self.call("GET", path)
        if status != 200:
            raise OSError(status)
        return dict(HIDDEN.findall(page))

    def say(self, path: str, **answer: str) -> None:
        status, _ = self.call("POST", path, {**self.page(path), **answer})
        if status != 303:
            raise OSError(status)

    def ask(self) -> bool:
        """From the first question to the last; whether it was acknowledged."""
        self.say("/ask/who/", relation="mother")
        self.say("/ask/side/", party="adverse")
        self.say("/ask/name/", surname=self.surname, given="Остап")
        self.say("/ask/check/")
        self.say("/ask/pin/", **PIN)
        return self.sends("/ask/second-pin/", self.page("/ask/second-pin/"), to="/ask/code/")

    def write(self) -> bool:
        """Come back with her words and write to him; whether the letter was acknowledged."""
        _, page = self.call("GET", "/ask/code/")
        listed = WORDS.search(html.unescape(page))
        if listed is None:
            raise OSError("the page with the words did not come")
        self.say("/back/", words=" ".join(WORD.findall(listed[1])), pin=PIN["pin"])
        form = {**self.page("/letters/"), "text": f"Пише {self.surname}"}
        return self.sends("/letters/", form, to="/letters/")

    def sends(self, path: str, form: dict[str, str], *, to: str) -> bool:
        """Send a form until it is answered: always the same, with the same key."""
        for _ in range(10):
            with contextlib.suppress(OSError, http.client.HTTPException):
                status, sent_to = self.call("POST", path, form)
                if status == 303:
                    return to in sent_to
                assert status >= 500, (status, sent_to[-800:])
            time.sleep(0.3)
        return False


@dataclass
class Asking:
    """Families who ask one after the other, several at once."""

    port: int
    stop: threading.Event = field(default_factory=threading.Event)
    begun: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    wrote: list[str] = field(default_factory=list)  # whose letters were acknowledged
    faults: list[str] = field(default_factory=list)

    def one_after_another(self, which: int) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            surname = f"Скоробогатько{'абвгд'[which]}{number}"
            self.begun.append(surname)
            try:
                family = Family(self.port, surname)
                if family.ask():
                    self.acknowledged.append(surname)
                    if family.write():
                        self.wrote.append(surname)
            except (OSError, http.client.HTTPException):
                time.sleep(0.2)
            except AssertionError as fault:
                self.faults.append(str(fault))


@contextlib.contextmanager
def asking(port: int) -> Iterator[Asking]:
    people = Asking(port)
    threads = [
        threading.Thread(target=people.one_after_another, args=(which,))
        for which in range(FAMILIES)
    ]
    for thread in threads:
        thread.start()
    try:
        yield people
    finally:
        people.stop.set()
        for thread in threads:
            thread.join(60)


@contextlib.contextmanager
def inviting(bureau: Bureau) -> Iterator[None]:
    """Somebody who brings case after case to an invitation; the letters are told in a file."""
    environment = bureau.environment | Database(bureau.folder, None).environment("owner")
    with (
        (bureau.root / "letters").open("w") as letters,
        subprocess.Popen(
            [sys.executable, "-m", "tests.stories.inviting"],
            stdout=letters,
            stderr=letters,
            env=environment,
        ) as process,
    ):
        try:
            yield
        finally:
            process.kill()


@pytest.fixture
def bureau() -> Iterator[Bureau]:
    """A bureau at work whose mail server is slow; no browser comes."""
    root = Path(tempfile.mkdtemp(prefix="wayhome-kills-"))
    root.chmod(0o711)
    sink, mail_port = SlowSink(), free_port()
    server = Controller(sink, hostname=HOST, port=mail_port)
    server.start()
    one = Bureau(root, free_port(), mail_port, sink, browser=None)  # type: ignore[arg-type]
    try:
        migrated(one.folder.root)
        one.begin()
        yield one
    finally:
        one.end()
        server.stop()
        shutil.rmtree(root)


@dataclass
class Killer:
    """Kills one part after the other, and sees whether each had a transaction open."""

    bureau: Bureau
    chance: random.Random
    done: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)

    @property
    def database(self) -> Database:
        return Database(self.bureau.folder, None)

    def kill(self, part: str, *, look: bool) -> None:
        """Kill it; where the database recovers still from the kill before, as soon as it can."""
        until = time.monotonic() + RECOVERED_SECONDS
        while True:
            try:
                is_hit = self._kill_once(part, look=look)
                break
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
        self.done[part] += 1
        self.hits[part] += is_hit

    def _kill_once(self, part: str, *, look: bool) -> bool:
        with self._open_eye() as eye:
            until = time.monotonic() + (LOOK_SECONDS if look else 0)
            while True:
                while time.monotonic() < until and not self._open(eye, part):
                    time.sleep(0.002)
                victim = self._victim(eye, part)
                if part in OF_PART:  # held still, so that what is seen is what is killed
                    os.kill(victim, signal.SIGSTOP)
                is_hit = bool(self._open(eye, part))
                if is_hit or time.monotonic() >= until:
                    break
                if part in OF_PART:
                    os.kill(victim, signal.SIGCONT)
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        return is_hit

    @contextlib.contextmanager
    def _open_eye(self) -> Iterator[psycopg.Connection]:
        """A connection that sees everybody's transactions. Its own end is no fault."""
        account = self.database._account_or_new("administrator", ADMINISTRATOR)
        url = self.database._embedded_url(account, self.database._port())
        eye = psycopg.connect(url, autocommit=True, connect_timeout=10)
        try:
            yield eye
        finally:
            eye.close()

    @staticmethod
    def _open(eye: psycopg.Connection, part: str) -> list[int]:
        """The backends that hold a transaction with something written, of this part's user."""
        rows = eye.execute(
            "SELECT pid FROM pg_stat_activity WHERE xact_start IS NOT NULL"
            " AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
            " AND (usename = %(user)s OR %(user)s = '')",
            {"user": OF_PART.get(part, "")},
        )
        return [row[0] for row in rows]

    def _victim(self, eye: psycopg.Connection, part: str) -> int:
        if part == "backend":  # one server process of the database: all others fall with it
            everybody = [
                row[0]
                for row in eye.execute(
                    "SELECT pid FROM pg_stat_activity WHERE usename LIKE 'wayhome_%%'"
                    " AND pid <> pg_backend_pid()"
                )
            ]
            return self.chance.choice(self._open(eye, part) or everybody)
        if part == "database":
            return self.database.cluster.pid() or 0
        assert self.bureau.process
        found = subprocess.run(
            ["pgrep", "-P", str(self.bureau.process.pid), "-f", f"commands {part}"],
            capture_output=True,
            text=True,
            check=True,
        )
        return int(found.stdout.split()[0])


def left_over(eye: psycopg.Connection) -> list[tuple[str, int]]:
    """What still waits for the worker: jobs, and entries of the journal without a place."""
    return eye.execute(
        "SELECT task_name || ' ' || status, count(*) FROM procrastinate_jobs"
        " WHERE status IN ('todo', 'doing') GROUP BY 1"
        " UNION ALL"
        " SELECT 'entry', count(*) FROM journal_entry WHERE seq IS NULL HAVING count(*) > 0"
    ).fetchall()


@by_thirds(0)
def test_no_kill_loses_an_enquiry_or_sends_a_letter_twice(bureau: Bureau) -> None:
    killer = Killer(bureau, random.Random())
    chance, began = killer.chance, time.monotonic()
    with asking(bureau.port) as families, inviting(bureau):
        within(
            READY_SECONDS, lambda: bureau.mail.messages and families.acknowledged, "work has begun"
        )
        for number, part in enumerate(KILLS):
            time.sleep(chance.uniform(*BETWEEN_SECONDS))
            killer.kill(part, look=number % 3 != 0)
            within(READY_SECONDS, bureau.is_ready, f"ready again after {part} was killed")
    told = (bureau.root / "letters").read_text()
    time.sleep(NOTICED_SECONDS)
    within(READY_SECONDS, bureau.is_ready, "ready at the end")

    with killer._open_eye() as eye:
        try:
            within(QUIET_SECONDS, lambda: not left_over(eye))
        except AssertionError:
            pytest.fail(f"left over after {QUIET_SECONDS} s: {left_over(eye)}")
        there = Counter(row[0] for row in eye.execute("SELECT surname FROM enquiries_enquiry"))
        letters = Counter(
            row[0]
            for row in eye.execute(
                "SELECT surname FROM contact_letter JOIN enquiries_enquiry e ON enquiry_id = e.id"
            )
        )
        states = dict(eye.execute("SELECT message_id, state FROM answers_outgoingmessage"))
        doubled = eye.execute(
            "SELECT count(*) - count(DISTINCT bureau_number) FROM enquiries_enquiry"
        ).fetchone()
    tried = bureau.mail.tried  # type: ignore[attr-defined]
    journal = bureau.told("journal", "verify")

    print(f"kills: {dict(killer.done)}; with an open transaction: {dict(killer.hits)}")
    print(
        f"enquiries begun {len(families.begun)}, acknowledged {len(families.acknowledged)};"
        f" letters to him acknowledged {len(families.wrote)}; messages written"
        f" {len(told.split())}, tried {len(tried)}, as they stand:"
        f" {dict(Counter(states.values()))}; journal {journal['entries']} entries;"
        f" {time.monotonic() - began:.0f} s"
    )
    assert not families.faults
    assert "Traceback" not in told, told[-2000:]
    assert killer.done.total() == len(KILLS)
    assert killer.hits.total() >= LEAST_HITS, killer.hits
    assert len(families.acknowledged) > 5
    assert [s for s in families.acknowledged if there[s] != 1] == []
    assert [s for s in families.begun if there[s] > 1] == []
    assert doubled == (0,)
    assert len(families.wrote) > 1
    assert [s for s in families.wrote if letters[s] != 1] == []
    assert len(told.split()) > 5
    assert set(told.split()) <= set(states)
    assert set(tried.values()) == {1}, [one for one, times in tried.items() if times > 1]
    assert {m for m, state in states.items() if state == "sent"} <= set(tried)
    assert "written" not in states.values(), "a letter was left behind"
    assert journal["ok"], json.dumps(journal)
