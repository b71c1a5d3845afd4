"""Files of capture cards: read, checked, and written back to be mended."""

from datetime import date
from pathlib import Path
from typing import Any

from wayhome.bureau.captives.reading.headings import CARDS
from wayhome.bureau.captives.reading.lines import (
    CardFile,
    Draft,
    Fault,
    Kind,
    Warn,
    content_of,
    read_lines,
)
from wayhome.bureau.captives.reading.tables import LARGEST_FILE, FileRefused, Problem
from wayhome.lib.sandbox import FailureKind, SandboxFailure, run_sandboxed

YOUNGEST, OLDEST = 10, 100  # years at capture, beyond which a date of birth is a slip
SECONDS = 60
MEMORY_BYTES = 1536 * 1024 * 1024
CHECKED_IN = "wayhome.bureau.captives.reading.cards.checked"


def check(file: Path | bytes, *, name: str, war_began_on: date, today: date) -> CardFile:
    """Read and check a file of cards in this process. Never raises for what it holds."""

    def own_checks(draft: Draft) -> None:
        if not draft.has("surname", "given", "full_name", "service_no"):
            named = [x for x in ("surname", "full_name", "service_no") if x in draft.heading_of]
            draft.fault(named[0] if named else "row", Fault.NEITHER_NAME_NOR_NUMBER)
        _check_born(draft, today)
        _check_capture(draft, war_began_on, today)

    kind = Kind(
        CARDS, ("captured_on", "given_on", "born"), own_checks, Fault.SAME_CARD,
        "number_on_list", today,
    )  # fmt: skip
    read = read_lines(file, name=name, kind=kind)
    if not read.problem and "captured_on" not in [name for _, name in read.columns]:
        read.warnings.append(Warn.NO_CAPTURE_COLUMN)
    return read


def _check_born(draft: Draft, today: date) -> None:
    born = draft.dates.get("born")
    first, last = (born.earliest(), born.latest()) if born else (None, None)
    if not first or not last:
        return
    if first > today:
        draft.fault("born", Fault.BORN_IN_FUTURE)
        return
    captured = draft.dates.get("captured_on")
    on = min((captured.latest() if captured else None) or today, today)
    if on.year - first.year < YOUNGEST or on.year - last.year > OLDEST:
        draft.fault("born", Fault.IMPOSSIBLE_AGE)


def _check_capture(draft: Draft, war_began_on: date, today: date) -> None:
    captured = draft.dates.get("captured_on")
    if captured is None:  # no such column, or a fault already
        return
    first, last = captured.earliest(), captured.latest()
    if not first or not last:
        if not captured.said:
            draft.fault("captured_on", Fault.NO_CAPTURE_DATE)
    elif last < war_began_on:
        draft.fault("captured_on", Fault.BEFORE_WAR)
    elif first > today:
        draft.fault("captured_on", Fault.CAPTURED_IN_FUTURE)


def checked(content: bytes, *, name: str, war_began_on: str, today: str) -> dict[str, Any]:
    """As `check`, with values that JSON can hold: what runs in the sandbox."""
    days = {"war_began_on": date.fromisoformat(war_began_on), "today": date.fromisoformat(today)}
    return check(content, name=name, **days).as_json()


def check_sandboxed(file: Path | bytes, *, name: str, war_began_on: date, today: date) -> CardFile:
    """As `check`, in a process of its own: for every file that somebody sent."""
    days = {"war_began_on": war_began_on.isoformat(), "today": today.isoformat()}
    return run_reader(CHECKED_IN, file, name=name, **days)


def run_reader(function_path: str, file: Path | bytes, *, name: str, **kwargs: str) -> CardFile:
    """Run a reader in the sandbox; what stops it becomes the file's problem."""
    try:
        content = content_of(file)
        if len(content) > LARGEST_FILE:
            raise FileRefused(Problem.TOO_LARGE)
        told = run_sandboxed(
            function_path, content, seconds=SECONDS, memory_bytes=MEMORY_BYTES, name=name, **kwargs
        )
    except FileRefused as refused:
        return CardFile(name=name, problem=str(refused.problem))
    except SandboxFailure as failure:
        large = failure.kind in (FailureKind.TOO_LARGE, FailureKind.TOO_SLOW)
        return CardFile(name=name, problem=Problem.ZIP_BOMB if large else Problem.UNREADABLE)
    return CardFile.from_json(told)
