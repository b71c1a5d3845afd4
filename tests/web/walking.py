"""Walk the access table from outside: every address × method × role, and hold each answer to it."""

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

Row = dict[str, Any]
DOOR = re.compile(r"/console/account/login/(\?.*)?|/back/|/tablet/")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
REDIRECTS = (301, 302, 303)
ALERT = 'role="alert"'
OTHER_METHODS = ("POST", "PUT", "DELETE", "PATCH")
MANY_FORBIDDEN = 2000


@dataclass(frozen=True)
class Answer:
    status: int
    location: str = ""
    body: str = ""


def differing(before: dict[str, Any], after: dict[str, Any]) -> str:
    """The tables that are not what they were; empty if all are."""
    return ", ".join(name for name in after if after[name] != before.get(name))


class Visitor(Protocol):
    """One person of one role, with cookies of their own."""

    def ask(self, method: str, url: str, form: dict[str, str] | None = None) -> Answer: ...


@dataclass
class Walk:
    """Ask for every pair; collect what disagrees with the table.

    Methods that an address has not are asked once, by the first role that it serves. Of what a role
    is refused one half is asked, that of this `turn`.

    `visitor` opens a session; `contents` sums up each table, so that an unwanted change shows.
    """

    rows: list[Row]
    roles: list[str]
    visitor: Callable[[str], Visitor]
    contents: Callable[[], dict[str, Any]]
    turn: int
    faults: list[str] = field(default_factory=list)
    asked: int = 0
    served: int = 0
    refused: int = 0
    forms: int = 0
    tried_otherwise: set[str] = field(default_factory=set)

    def walk(self) -> None:
        for role in self.roles:
            self._walk_as(role)

    def _walk_as(self, role: str) -> None:
        visitor = self.visitor(role)
        mine = [row for row in self.rows if role in row["allow"]]
        others = [row for row in self.rows if role not in row["allow"]]
        before = self.contents()
        for row in others:
            if zlib.crc32(f"{role} {row['method']} {row['name']}".encode()) % 2 == self.turn:
                self._must_refuse(visitor, role, row)
        if changed := differing(before, self.contents()):
            self.faults.append(f"{role}: a refused request has changed {changed}")
        for row in mine:
            self._must_serve(visitor, role, row)
            if row["ends_session"]:
                visitor = self.visitor(role)
        for row in self._other_methods(mine):
            answer = self._ask(visitor, row["method"], row["url"])
            self._expect(answer, role, row, answer.status == 405)

    def _ask(self, visitor: Visitor, method: str, url: str, **form: Any) -> Answer:
        self.asked += 1
        return visitor.ask(method, url, **form)

    def _must_refuse(self, visitor: Visitor, role: str, row: Row) -> None:
        answer = self._ask(visitor, row["method"], row["url"])
        self.refused += 1
        if role == "nobody":
            right = answer.status == 303 and bool(DOOR.fullmatch(answer.location))
        else:
            right = answer.status in (403, 404)
        self._expect(answer, role, row, right)

    def _must_serve(self, visitor: Visitor, role: str, row: Row) -> None:
        if row["method"] == "POST":
            self._must_refuse_the_empty_form(visitor, role, row)
            return
        answer = self._ask(visitor, "GET", row["url"])
        self.served += 1
        # What everybody may open may also send them to a door, such as a code that nobody has yet.
        is_served = "nobody" in row["allow"] or not DOOR.fullmatch(answer.location)
        elsewhere = answer.status in REDIRECTS and is_served
        self._expect(answer, role, row, answer.status == 200 or elsewhere)

    def _must_refuse_the_empty_form(self, visitor: Visitor, role: str, row: Row) -> None:
        self.forms += 1
        page = visitor.ask("GET", row["form_url"])
        token = TOKEN.search(page.body)
        if token is None:
            self.faults.append(
                f"{role}: no form of {row['url']} on {row['form_url']}: {page.status}"
            )
            return
        before = self.contents()
        form = {"csrfmiddlewaretoken": token.group(1)}
        answer = self._ask(visitor, "POST", row["url"], form=form)
        # To leave, nothing need be filled in.
        has_left = row["ends_session"] and answer.status == 303
        refused = answer.status == 422 and ALERT in answer.body
        self._expect(answer, role, row, refused or has_left)
        if changed := differing(before, self.contents()):
            self.faults.append(f"{role}: an empty form has changed {changed}: {row['url']}")

    def _other_methods(self, rows: list[Row]) -> Iterator[Row]:
        """Methods that an address has not, asked by whom it serves."""
        known: dict[str, set[str]] = {}
        for row in rows:
            known.setdefault(row["url"], {"GET"} if row["form"] else set()).add(row["method"])
        fresh = {url: known[url] for url in known if url not in self.tried_otherwise}
        self.tried_otherwise |= set(fresh)
        for url, methods in fresh.items():
            for method in OTHER_METHODS:
                if method not in methods:
                    yield {"url": url, "method": method}

    def _expect(self, answer: Answer, role: str, row: Row, right: bool) -> None:
        if not right:
            told = f"{answer.status} {answer.location}".strip()
            self.faults.append(f"{role}: {row['method']} {row['url']} gives {told}")
