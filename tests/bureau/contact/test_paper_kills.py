"""`kill -9` at every step by which a scanned file becomes a letter: none lost, none doubled."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.bureau.contact.test_paper import folder, put, sheet_for_him
from tests.cases import Case
from tests.paper import as_file, pages_of, written_on
from wayhome.bureau.contact import folder as folder_of_scans
from wayhome.bureau.contact.folder import take_scans
from wayhome.bureau.contact.models import Letter, Scan
from wayhome.bureau.contact.rules import ScanState
from wayhome.bureau.contact.sheets import blank
from wayhome.bureau.contact.store import CAME
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.persons.store import Store
from wayhome.lib.scans import sides_of
from wayhome.lib.sheet_codes import OnSheet

__all__ = ["folder"]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
# Each is a step before and after which the process may die.
STEPS = (
    (folder_of_scans.paper, "came_before"),
    (folder_of_scans, "sides_of"),
    (Store, "keep"),
    (Letter, "save"),
    (Scan, "save"),
    (BaseDatabaseWrapper, "commit"),
    (folder_of_scans.Path, "unlink"),
)
MOST_STEPS = 60
FEWEST_HITS = 15


def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Take in the folder in a process that dies at this step; whether it came so far."""
    child = os.fork()
    if child == 0:
        try:
            for each in connections.all():
                each.connection = None  # the parent's: not closed, only forgotten
            left = iter(range(step - 1, -1, -1))
            for owner, name in STEPS:
                monkeypatch.setattr(owner, name, dies_at_last(getattr(owner, name), left))
            take_scans()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def dies_at_last(function: Callable[..., Any], left: Iterator[int]) -> Callable[..., Any]:
    def one_step() -> None:
        if next(left, None) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def stepping(*args: Any, **kwargs: Any) -> Any:
        one_step()
        done = function(*args, **kwargs)
        one_step()
        return done

    return stepping


@pytest.mark.django_db(transaction=True)
def test_a_letter_is_whole_or_not_there_yet_wherever_its_taking_in_is_killed(folder, monkeypatch):
    case, hits, left_behind = Case(), 0, Counter()
    pages = map(written_on, pages_of(blank([sheet_for_him(case)])))
    content = as_file(*pages, kind="PDF")
    read = sides_of(content)  # once: the sandbox has tests of its own
    for step in range(1, MOST_STEPS):
        sheet = sheet_for_him(case)
        sides = [
            replace(one, codes=(OnSheet(sheet.code, number),))
            for number, one in enumerate(read, start=1)
        ]
        monkeypatch.setattr(folder_of_scans, "sides_of", lambda content, sides=sides: sides)
        path = put(folder, f"{step}.pdf", content + b"\n%%%d" % step)

        killed = killed_at(step, monkeypatch)

        filed = Scan.objects.filter(letter__sheet=sheet)
        assert filed.count() in (0, 2), "both sides, or none"
        assert path.exists() or filed.count() == 2, "nowhere at all"
        left_behind["in the folder" if not filed.exists() else "stored"] += killed
        take_scans()
        assert not path.exists()
        assert sorted(filed.values_list("side", "state")) == [(1, "filed"), (2, "filed")]
        assert Letter.objects.filter(sheet=sheet).count() == 1
        for scan in filed.select_related("key"):
            assert CAME.read(scan.picture, scan.key) == sides[scan.side - 1].picture
        hits += killed
        if not killed:
            break
    told = ", ".join(f"{number} {where}" for where, number in left_behind.items())
    print(f"scanned letters: {hits} kills at {hits} steps: {told}; none lost, none doubled")
    assert hits >= FEWEST_HITS
    assert len(left_behind) == 2
    assert Entry.objects.filter(action="scan filed").count() == Scan.objects.count()
    assert set(Scan.objects.values_list("state", flat=True)) == {ScanState.FILED}
