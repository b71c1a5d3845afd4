"""How long the search box takes while somebody types, beside the same page without a line."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import F

from tools.bench.figures import Figure
from tools.bench.sources import SITE
from tools.bench.waiting import WARM_UP, load, percentiles, served
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.matches.search_rules import READING_BUDGET, SHOWN_AS_TYPED
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.config.folder import Folder
from wayhome.lib.scripts import in_other_script
from wayhome.web.console.second_factor import PASSED

PAGE = "/console/search/"
AS_TYPED = "HX-Request: true\r\n"
# No more persons than somebody may be shown in a day.
LINES = READING_BUDGET // (SHOWN_AS_TYPED + 1)
TURNS = 6
LOT, AT_ONCE = 1000, 100_000  # requests, and a rate that nobody can follow
A_BUREAU = 10  # requests a second of a whole bureau that types
Ask = Callable[[int, int], list[float]]  # so many requests at such a rate: how long each took
Prepared = tuple[str, list[str]]  # the cookie of somebody who may search, and what they type


def figures(folder: Folder, prepared: Prepared, *, seconds: int, rate: int) -> list[Figure]:
    cookie, lines = prepared
    asked = [f"{PAGE}?q={quote(line)}" for line in lines]
    with served(folder) as port:

        def bare(count: int, rate: int) -> list[float]:
            return asyncio.run(load(port, PAGE, cookie, count=count, rate=rate))

        def ours(count: int, rate: int) -> list[float]:
            return asyncio.run(load(port, asked, cookie, count=count, rate=rate, headers=AS_TYPED))

        for ask, count in ((ours, 1), (bare, WARM_UP), (ours, WARM_UP)):
            ask(count, rate)
        found = []
        for each in sorted({A_BUREAU, rate}):
            found += _at(each, *_in_turn(ours, bare, seconds * each // TURNS, each))
        most, bare_most = (LOT / max(ask(LOT, AT_ONCE)) for ask in (ours, bare))
    return [*found, Figure("search", "most answered in one second", most, "requests/s", bare_most)]


def _in_turn(ours: Ask, bare: Ask, count: int, rate: int) -> tuple[list[float], list[float]]:
    """The times of both, asked in turn, so that both meet the same machine."""
    found: tuple[list[float], list[float]] = [], []
    for _ in range(TURNS):
        for ask, times in zip((ours, bare), found, strict=True):
            times += ask(count, rate)
    return found


def _at(rate: int, ours: list[float], bare: list[float]) -> list[Figure]:
    (p50, p99), (bare50, bare99) = percentiles(ours), percentiles(bare)
    return [
        Figure("search", f"{rate} requests a second: answered", len(ours), "requests"),
        Figure("search", f"{rate} requests a second: p50", p50, "ms", bare50),
        Figure("search", f"{rate} requests a second: p99", p99, "ms", bare99),
    ]


def prepare() -> Prepared:
    """A neutral's session, and lines as people type them; made while the database runs for us."""
    # An ordinary hour: what the import changed a moment ago is an hour old.
    Captive.objects.update(changed_at=F("changed_at") - timedelta(hours=1))
    site = Site.objects.get(code=SITE)
    staff = Staff.objects.create(
        username="bench", number="S-9999", role=Role.NEUTRAL, site=site, password="!"
    )
    session = SessionStore()
    session[SESSION_KEY] = str(staff.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    session[PASSED] = True
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}", lines()


def lines() -> list[str]:
    """A whole name, a beginning, the other script, a name with its year: each a quarter."""
    men = Captive.objects.exclude(surname="").order_by("pk")[: LINES * 50 : 50]
    return [_typed(number % 4, man) for number, man in enumerate(men)]


def _typed(how: int, man: Captive) -> str:
    name = f"{man.surname} {man.given}"
    return (name, man.surname[:5], in_other_script(name), f"{man.born[:4]} {name}")[how]
