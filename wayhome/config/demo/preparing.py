"""Fill a demo, step by step; a step that was done is not done again."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from procrastinate.contrib.django import app

from wayhome.bureau.captives import importing as cards
from wayhome.bureau.enquiries import importing as enquiries
from wayhome.bureau.matches.actions import match_all
from wayhome.config.demo import (
    bureaus,
    comparisons,
    going_home,
    journeys,
    measuring,
    names_of_the_dead,
    people,
    programmes,
    remains,
    stories,
    yearly,
)
from wayhome.config.folder import Folder, write_private

Bar = Callable[[int, int], None]
Facts = dict[str, Any]
SITE = "A"
DONE = "preparing.json"
# Other files of these names, of invented people too: for whoever shows Wayhome with their own.
FILES = Path(os.environ.get("WAYHOME_DEMO_FILES_DIR") or Path(__file__).with_name("files"))
LIST = "cards-20k.xlsx"
CLERKS = "cards-cp1251.csv"
ENQUIRIES = "enquiries-3k.csv"
TRUTH = "enquiries-3k-truth.csv"
# Always ours: a few lines of which one is faulty, so that somebody sees how lines are mended.
TO_MEND = Path(__file__).with_name("files")
CARDS_TO_MEND = "cards-to-mend.csv"
ENQUIRIES_TO_MEND = "enquiries-to-mend.csv"
DONE_BY_COMPARING = ("matches.rematch_captives", "matches.rematch_enquiries")


@dataclass(frozen=True)
class Step:
    """One part of preparing; `what` is told to whoever waits."""

    name: str
    what: str
    do: Callable[[Folder, Bar], Facts]


def prepare(folder: Folder, *, progress: Callable[[str, int, int], None]) -> Facts:
    """Do every step that is not done yet, and mark the folder prepared.

    After a kill at any moment the next call goes on from there; after an upgrade it adds what is
    new. Returns what was measured.
    """
    done = done_in(folder)
    for step in STEPS:
        if step.name not in done:
            done[step.name] = step.do(folder, partial(progress, step.what))
            write_private(folder.root / DONE, json.dumps(done, indent=2).encode() + b"\n")
    folder.mark_prepared(done)
    return done


def done_in(folder: Folder) -> Facts:
    """The steps that are done, with their facts."""
    try:
        done: Facts = json.loads((folder.root / DONE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return done


def import_from(importing: Any, name: str, folder: Folder, bar: Bar) -> Facts:
    """Import one file; its faulty lines are set aside."""
    done = importing.import_file(FILES / name, site=SITE, progress=bar)
    return {count: getattr(done, count) for count in ("lines", "added", "known", "set_aside")}


def import_to_mend(folder: Folder, bar: Bar) -> Facts:
    """Import two small files of which one line each must be mended."""
    of_cards = cards.import_file(TO_MEND / CARDS_TO_MEND, site=SITE)
    of_enquiries = enquiries.import_file(TO_MEND / ENQUIRIES_TO_MEND, site=SITE)
    bar(2, 2)
    return {"set_aside": of_cards.set_aside + of_enquiries.set_aside}


def compare(folder: Folder, bar: Bar) -> Facts:
    """Compare every enquiry with every card: what the imports left to the worker is done by it."""
    for task in DONE_BY_COMPARING:
        for job in app.job_manager.list_jobs(status="todo", task=task):
            app.job_manager.cancel_job_by_id(job.id or 0, delete_job=True)
    found = match_all(progress=bar)
    return {"candidates": found.candidates, "seconds": round(found.seconds, 1)}


def measure(folder: Folder, bar: Bar) -> Facts:
    """Hold what the machine proposes against the truth of the demo's files."""
    found = measuring.measure(truth=FILES / TRUTH, cards=FILES / LIST)
    bar(1, 1)
    return found.as_dict()


# In this order. A step that comes later in the life of Wayhome gets a new name.
STEPS = (
    Step("people", "Staff", people.make_people),
    Step("list", "Cards of the ministry's list", partial(import_from, cards, LIST)),
    Step("clerk's cards", "Cards of a clerk's export", partial(import_from, cards, CLERKS)),
    Step("enquiries", "Families' enquiries", partial(import_from, enquiries, ENQUIRIES)),
    Step("to mend", "Files with a line to mend", import_to_mend),
    Step("compared", "Enquiries compared", compare),
    Step("measured", "Measured", measure),
    Step("stories", "Stories begun", stories.tell),
    Step("programmes", "Programmes and acts of law", programmes.tell),
    Step("the dead", "The dead", remains.make),
    Step("comparisons", "Families and their dead", comparisons.make),
    Step("bureaus", "Questions between bureaus", bureaus.make),
    Step("names of the dead", "Names of the dead", names_of_the_dead.make),
    Step("going home", "The dead on their way home", going_home.make),
    Step("yearly", "Letters of the year", yearly.make),
    Step("journeys", "Journeys", journeys.tell),
    Step("stopped journeys", "Journeys that stopped", journeys.stop),
)
