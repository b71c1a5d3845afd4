"""A running bureau for the stories: its processes, its people, their browsers, its mail."""

import base64
import hmac
import json
import re
import signal
import struct
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Browser, Locator, Page, Response

from tests.browser import PICTURES, SCREENSHOTS, Watch, new_context, watch
from tests.prepared import COMMAND, environment, hired
from wayhome.config.folder import Folder
from wayhome.lib.cluster import HOST, free_port
from wayhome.lib.codes import decode

READY_SECONDS = 120
MOST_LOGGED = 3000  # characters of each log that a failed story shows
END_SECONDS = 15
WORKER_SECONDS = 120  # from a sent page to what the worker makes of it, on two busy cores
PHONE, TABLET, OFFICE = 320, 800, 1280
PASSWORD = "a long invented password"
PROFESSIONS = {"board-1": "lawyer", "board-2": "physician", "board-3": "psychologist"}
STAFF = {
    "registrar": "registrar",
    "tracing-1": "tracing",
    "tracing-2": "tracing",
    "neutral": "neutral",
    "verifier-1": "verifier",
    "verifier-2": "verifier",
    "contact": "contact",
    "legal": "legal",
    "decision": "decision",
    "coordinator": "coordinator",
    "escort": "escort",
    "physician": "physician",
    "supervisor": "supervisor",
    "welfare": "welfare",
    "operator": "operator",
    "auditor": "auditor",
    "administrator": "administrator",
    "forensic": "forensic",
    "board-1": "board",
    "board-2": "board",
    "board-3": "board",
}
TOTP_SECONDS = 30
SECRET = re.compile(r"\b[A-Z2-7]{32}\b")


def within(
    seconds: float, happens: Callable[[], Any], what: str = "", *, pause: float = 0.25
) -> Any:
    """What `happens` returns once it is true, asked again after a pause. Fails if it comes late."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if got := happens():
            return got
        time.sleep(pause)
    raise AssertionError(f"not within {seconds} s: {what or happens}")


@dataclass
class MailSink:
    """A mail server that takes everything and keeps it."""

    messages: list[tuple[list[str], Message]] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self.messages.append((envelope.rcpt_tos, message_from_bytes(raw)))
        return "250 taken"

    def to(self, address: str) -> list[Message]:
        return [message for to, message in self.messages if address in to]


@contextmanager
def mail_sink() -> Iterator[tuple[MailSink, int]]:
    sink, port = MailSink(), free_port()
    server = Controller(sink, hostname=HOST, port=port)
    server.start()
    try:
        yield sink, port
    finally:
        server.stop()


@dataclass
class Account:
    """A staff member's name, and the second factor once it is set up."""

    username: str
    role: str
    secret: str = ""
    used: set[int] = field(default_factory=set)

    def code(self) -> str:
        """A code that was not used yet: the server takes the one before and after too."""
        while True:
            now = int(time.time()) // TOTP_SECONDS
            for step in (now, now + 1):
                if step not in self.used:
                    self.used.add(step)
                    return totp(self.secret, step)
            time.sleep(1)


def totp(secret: str, step: int) -> str:
    """The six digits of RFC 6238."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


@dataclass
class Album:
    """The pictures of one story in their order."""

    folder: Path
    number: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.glob("*.png"):
            old.unlink()

    def take(self, page: Page, name: str) -> None:
        self.number += 1
        path = self.folder / f"{self.number:02}-{name}.png"
        if PICTURES:
            page.screenshot(path=path, full_page=True)


def album(story: str, language: str) -> Album:
    return Album(SCREENSHOTS / story / language)


@dataclass
class Person:
    """Somebody at a browser of their own. Only clicks and typing; nothing is sent past a page."""

    page: Page
    url: str
    album: Album | None = None
    watcher: Watch = field(default_factory=Watch)

    def open(self, path: str) -> Response | None:
        return self.page.goto(urljoin(self.url, path))

    def look(self, name: str) -> None:
        if self.album:
            self.album.take(self.page, name)

    def type(self, **fields: str) -> None:
        for name, text in fields.items():
            self.page.locator(f"main [name={name}]:not([type=radio])").first.fill(text)

    def choose(self, name: str, value: str) -> None:
        self.page.locator(f'main input[name="{name}"][value="{value}"]').check()

    def select(self, name: str, value: str) -> None:
        self.page.locator(f"main select[name={name}]").select_option(value)

    def tick(self, name: str) -> None:
        self.page.locator(f"main input[type=checkbox][name={name}]").check()

    def press(self, selector: str = "main form button[type=submit]:enabled") -> None:
        """Press a button or a link, and wait for the page that follows."""
        self.page.locator(selector).last.click()
        self.page.wait_for_load_state()

    def follow(self, href: str) -> None:
        """Press the first link of the page whose address holds this."""
        self.page.locator(f'main a[href*="{href}"]').first.click()
        self.page.wait_for_load_state()

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def row(self, text: str) -> Locator:
        return self.page.locator("main tr", has_text=text)

    def refused(self) -> bool:
        return self.page.locator("main [role=alert]").count() > 0

    def leave(self) -> None:
        self.page.context.close()


@dataclass
class Bureau:
    """One data folder with its running processes."""

    root: Path
    port: int
    mail_port: int
    mail: MailSink
    browser: Browser
    process: "subprocess.Popen[bytes] | None" = None
    accounts: dict[str, Account] = field(default_factory=dict)
    offices: dict[str, Person] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/"

    @property
    def folder(self) -> Folder:
        return Folder(self.root / "data")

    @property
    def environment(self) -> dict[str, str]:
        return environment(self.folder) | {
            "WAYHOME_SMTP_URL": f"smtp://{HOST}:{self.mail_port}",
            "WAYHOME_MAIL_FROM": "bureau@example.org",
        }

    def begin(self) -> None:
        with open(self.root / "serve.log", "ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", "--port", str(self.port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
            )
        within(READY_SECONDS, self.is_ready, (self.root / "serve.log").read_text()[-2000:])

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}healthz", timeout=10) as answer:
                return int(answer.status) == 200
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            pass
        return False

    def end(self) -> None:
        for person in self.offices.values():
            person.leave()
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(END_SECONDS)

    def logged(self) -> str:
        """The last that each of its processes logged."""
        logs = [self.root / "serve.log", *sorted(self.folder.log.glob("*.log"))]
        return "\n".join(f"{one.name}:\n{one.read_text()[-MOST_LOGGED:]}" for one in logs)

    def wayhome(self, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        """One command of the command line."""
        return subprocess.run(
            [*COMMAND, *arguments],
            input=typed,
            capture_output=True,
            text=True,
            env=self.environment,
            timeout=120,
        )

    def told(self, *arguments: str, typed: str = "") -> Any:
        """What a command prints as JSON."""
        done = self.wayhome(*arguments, "--json", typed=typed)
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    def person(self, *, width: int, language: str, album: Album | None = None) -> Person:
        context = new_context(self.browser, width=width, language=language)
        context.set_default_timeout(20_000)
        page = context.new_page()
        return Person(page, self.url, album, watch(page))

    def office(self, username: str, album: Album | None = None) -> Person:
        """A staff member at the office's screen, signed in; the same one for all stories."""
        if username not in self.offices:
            self.offices[username] = self.person(width=OFFICE, language="uk")
            self.sign_in(self.offices[username], username)
        self.offices[username].album = album
        return self.offices[username]

    def sign_in(self, person: Person, username: str) -> None:
        account = self.accounts[username]
        person.open("console/account/login/")
        person.page.fill("[name=login]", username)
        person.page.fill("[name=password]", PASSWORD)
        person.page.locator("[name=password]").press("Enter")
        person.page.wait_for_load_state()
        if not account.secret:
            self._set_up_second_factor(person, account)
        else:
            person.page.fill("[name=code]", account.code())
            person.page.locator("[name=code]").press("Enter")
            person.page.wait_for_load_state()
        assert "/account/" not in person.page.url, person.page.url

    def _set_up_second_factor(self, person: Person, account: Account) -> None:
        if "second-factor" not in person.page.url:
            person.open("console/account/second-factor/on/")
        if "/again/" in person.page.url:
            person.page.fill("[name=password]", PASSWORD)
            person.page.locator("[name=password]").press("Enter")
            person.page.wait_for_load_state()
        found = SECRET.search(person.page.content())
        assert found, person.page.content()[-1500:]
        account.secret = found.group()
        person.page.fill("[name=code]", account.code())
        person.page.locator("[name=code]").press("Enter")
        person.page.wait_for_load_state()
        person.open("console/")


def words_on(page: Page) -> str:
    """The words of the code that is listed on a page.

    Only those in the list: nine words of the text around it are now and then a code too.
    """
    words = page.locator("ol.wh-words li").all_text_contents()
    assert decode(" ".join(words)) is not None, words
    return " ".join(words)


@contextmanager
def living_bureau(root: Path, browser: Browser) -> Iterator[Bureau]:
    """A bureau at work with its staff hired; who first comes sets up the second factor."""
    hired(root / "data")
    with mail_sink() as (sink, mail_port):
        bureau = Bureau(root, free_port(), mail_port, sink, browser)
        bureau.accounts = {name: Account(name, role) for name, role in STAFF.items()}
        try:
            bureau.begin()
            yield bureau
        finally:
            bureau.end()
