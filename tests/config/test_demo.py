"""The demo, started as a newcomer starts it, on a small cut of its files; with kills for real."""

import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.browser import by_thirds
from tests.config.test_processes import COMMAND, END_SECONDS, environment, within
from tests.small_demo import cut
from wayhome.config.database import Database
from wayhome.config.demo.people import KEPT
from wayhome.config.demo.stories import STORIES
from wayhome.config.folder import DEMO_EDITION, Folder
from wayhome.lib.cluster import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
PREPARED_SECONDS = 300  # on two busy cores
CARDS, ENQUIRIES = 60, 20
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Demo:
    """One start of `wayhome demo`."""

    folder: Folder
    port: int
    said: Path
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def text(self) -> str:
        return self.said.read_text("utf-8")

    def is_ready(self) -> bool:
        return "Ctrl-C ends it." in self.text()

    def has_failed(self) -> bool:
        return self.process.poll() is not None

    def health(self) -> int:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return 0

    def child(self, command: str) -> int:
        """The pid of one of its processes, 0 if it does not run."""
        asked = ["pgrep", "-P", str(self.process.pid), "-f", f"commands {command}"]
        found = subprocess.run(asked, capture_output=True, text=True).stdout.split()
        return int(found[0]) if found else 0

    def end(self, how: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(END_SECONDS)

    def asked(self, question: str) -> Any:
        """One value of its database."""
        with psycopg.connect(Database(self.folder, None).urls()["owner"]) as database:
            row = database.execute(question.encode()).fetchone()
        return row[0] if row else None


@dataclass
class Starter:
    """Starts the demo of one folder, again and again."""

    folder: Folder
    files: Path
    starts: int = 0

    @property
    def environment(self) -> dict[str, str]:
        return environment(self.folder) | {"WAYHOME_DEMO_FILES_DIR": str(self.files)}

    def start(self) -> Demo:
        self.starts += 1
        said, port = self.folder.root.parent / f"said-{self.starts}", free_port()
        with said.open("wb") as out:
            process = subprocess.Popen(
                [*COMMAND, "demo", "--port", str(port)],
                stdout=out,
                stderr=out,
                env=self.environment,
            )
        return Demo(self.folder, port, said, process)

    def ready(self) -> Demo:
        return prepared(self.start())


def prepared(demo: Demo) -> Demo:
    """A demo that has come so far; one that fails is ended, so that no later test meets it."""
    within(PREPARED_SECONDS, lambda: demo.is_ready() or demo.has_failed())
    if not demo.is_ready() or demo.has_failed():
        demo.end(signal.SIGKILL)
        pytest.fail(demo.text())
    return demo


@pytest.fixture(scope="module")
def starter(passable: Path) -> Starter:
    files = cut(passable / "files", cards=CARDS, enquiries=ENQUIRIES)
    return Starter(Folder(passable / "demo"), files)


@pytest.fixture(scope="module")
def demo(starter: Starter) -> Iterator[Demo]:
    """A demo whose preparing was killed with everything, and killed alone, and then went on."""
    first = starter.start()
    assert within(PREPARED_SECONDS, lambda: "Cards of the ministry's list" in first.text())
    assert first.health() == 503
    first.end(signal.SIGKILL)
    again = starter.start()
    assert within(PREPARED_SECONDS, lambda: "Stories begun" in again.text())
    if killed := again.child("prepare-demo"):
        os.kill(killed, signal.SIGKILL)
    yield prepared(again)
    again.end()


@by_thirds(2)
def test_what_was_killed_is_continued_and_nothing_is_there_twice(demo: Demo) -> None:
    clerks, mended = CARDS // 5, 2  # of each file that has a line to mend
    counted = {
        "SELECT count(*) FROM captives_capturecard WHERE source = 'file'": CARDS + clerks + mended,
        "SELECT count(*) FROM enquiries_enquiry WHERE list_number <> ''": ENQUIRIES + mended,
        "SELECT count(DISTINCT username) - count(*) FROM staff_staff": 0,
        "SELECT count(*) FROM handovers_act WHERE state = 'sealed'": 1,
        "SELECT count(*) - count(DISTINCT (invitation_id, asked_id, page_of_id))"
        " FROM answers_outgoingmessage": 0,
        "SELECT count(*) > 0 FROM answers_outgoingmessage": True,
    }

    assert {question: demo.asked(question) for question in counted} == counted
    assert demo.health() == 200


@by_thirds(2)
def test_what_it_measured_is_noted_and_told(demo: Demo) -> None:
    noted = demo.folder.prepared()
    found = noted["measured"]

    assert noted["edition"] == DEMO_EDITION
    assert found["on_list"] + found["absent"] == ENQUIRIES
    assert found["absent"] == ENQUIRIES // 4
    assert 0.8 * found["on_list"] <= found["proposed_first"] <= found["among_first_ten"]
    assert f"{found['proposed_first']} are proposed first" in demo.text()


@by_thirds(2)
def test_what_it_prints_signs_in(demo: Demo) -> None:
    printed = dict(re.findall(r"(Everybody's password|Six-digit code): +(\S+)", demo.text()))
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def filled(path: str, **form: str) -> str:
        page = browser.open(f"{demo.url}{path}", timeout=30).read().decode()
        token = TOKEN.search(page)
        assert token, page
        form["csrfmiddlewaretoken"] = token.group(1)
        sent = urllib.parse.urlencode(form).encode()
        with browser.open(f"{demo.url}{path}", sent, timeout=30) as answer:
            return str(answer.url)

    at_code = filled(
        "/console/account/login/", login="registrar", password=printed["Everybody's password"]
    )
    code = json.loads((demo.folder.keys / KEPT).read_text())["totp"]
    inside = filled("/console/account/code/", code=now(code))

    assert "/account/code/" in at_code
    assert inside == f"{demo.url}/console/"
    assert re.fullmatch(r"\d{6}", printed["Six-digit code"])


def now(secret: str) -> str:
    """The code of this half minute."""
    from wayhome.config.demo.people import Secrets

    return Secrets("", secret).code()


@by_thirds(2)
def test_the_doctor_finds_it_sound(demo: Demo, starter: Starter) -> None:
    told = subprocess.run(
        [*COMMAND, "doctor", "--deep", "--json"],
        capture_output=True,
        text=True,
        env=starter.environment,
    )

    found = json.loads(told.stdout)
    assert told.returncode == 0, found
    parts = {one["part"] for one in found["findings"]}
    assert {"master key", "worker", "journal", "papers", "acts", "pages", "demo"} <= parts


@by_thirds(2)
def test_it_ends_in_order_and_an_older_one_gets_what_is_new(demo: Demo, starter: Starter) -> None:
    stories = demo.asked("SELECT count(*) FROM captives_capturecard WHERE source = 'typed'")
    password = json.loads((demo.folder.keys / KEPT).read_text())["password"]
    began = time.monotonic()
    assert demo.end() == 0
    assert time.monotonic() - began < END_SECONDS
    older(demo.folder)

    upgraded = starter.ready()
    try:
        assert upgraded.folder.prepared()["edition"] == DEMO_EDITION
        assert f"Stories begun: {len(STORIES)} of {len(STORIES)}" in upgraded.text()
        assert "Cards of" not in upgraded.text().split("Wayhome is ready")[0]
        assert password in upgraded.text()
        typed = "SELECT count(*) FROM captives_capturecard WHERE source = 'typed'"
        assert upgraded.asked(typed) == stories
    finally:
        assert upgraded.end() == 0


def older(folder: Folder) -> None:
    """Make it look like a demo that an older version prepared: without its stories."""
    done = json.loads((folder.root / "preparing.json").read_text())
    done.pop("stories")
    (folder.root / "preparing.json").write_text(json.dumps(done))
    noted = folder.prepared() | {"edition": DEMO_EDITION - 1}
    (folder.root / "prepared.json").write_text(json.dumps(noted))
