"""Commands on plans: make one, check one, invent a problem to try both."""

import hashlib
import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wayhome.config.commands.shell import (
    BAR_SECONDS,
    EXIT_FAILED,
    EXIT_WRONG_USE,
    LINE_SECONDS,
    Failure,
    as_json,
    readable_file,
    say,
)
from wayhome.config.folder import program_version

if TYPE_CHECKING:
    from wayhome.cores.planning import Plan, Problem, Progress

DEFAULT = "make"
THOUSAND = 1000


class MakeOrElse(click.Group):
    """A group whose first word may be left out: `wayhome plan PROBLEM.json` makes a plan."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the word in where it is missing."""
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)


@click.group(cls=MakeOrElse)
def plan() -> None:
    """Days, crossings, vehicles and escorts for families: docs/methods/planning.md.

    `wayhome plan PROBLEM.json --out PLAN.json` makes a plan, as `wayhome plan make` does.
    """


@plan.command()
@click.argument("file", metavar="PROBLEM.json")
@click.option("--out", required=True, metavar="PLAN.json", help="The plan to be written.")
@click.option(
    "--seconds",
    type=click.FloatRange(0, 86_400),
    help="Search so long; 0 for the plan at hand. Without it, an effort that is the same on every "
    "machine, and so is the plan.",
)
@click.option(
    "--previous", metavar="PLAN.json", help="An earlier plan, whose days are kept where they can."
)
@as_json
def make(file: str, out: str, seconds: float | None, previous: str | None, as_json: bool) -> None:
    """Make a plan. Ctrl-C ends the search; the best plan so far is written."""
    from wayhome.cores.planning import Limits, Watch, plan, plan_at_once, read_problem
    from wayhome.cores.planning.plan import read_promises

    writable(out)
    document, digest = document_of(file)
    with faults_told(file):
        problem = read_problem(document)
    promised = None
    if previous:
        with faults_told(previous):
            promised = read_promises(document_of(previous)[0], problem)
    if seconds == 0:
        found = plan_at_once(problem, promised)
    else:
        limits = Limits() if seconds is None else Limits(seconds=seconds)
        with stopped_by_ctrl_c() as stop:
            found = plan(problem, limits, promised, Watch(Telling(), stop.is_set))
    rests_on = {"wayhome": program_version(), "input_sha256": digest}
    written = found.as_dict() | {"rests_on": rests_on}
    save(out, json.dumps(written, ensure_ascii=False, allow_nan=False, indent=1) + "\n")
    tell(found, written, problem, as_json)


@contextmanager
def stopped_by_ctrl_c() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; the second ends the command."""
    stop = threading.Event()

    def heed(number: int, frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, heed)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


class Telling:
    """Says on standard error how far the search has come."""

    def __init__(self) -> None:
        self._told_at = 0.0

    def __call__(self, progress: "Progress") -> None:
        """Hear of a better plan."""
        pause = BAR_SECONDS if sys.stderr.isatty() else LINE_SECONDS
        now = time.monotonic()
        if now - self._told_at < pause:
            return
        self._told_at = now
        waiting, least = progress.objective / THOUSAND, max(0, progress.bound) / THOUSAND
        gap = 100 * (waiting - least) / waiting if waiting else 0.0
        line = f"Waiting {waiting:.1f}, at least {least:.1f} (gap {gap:.1f} %). Ctrl-C ends it."
        click.echo(f"\r{line:79}" if sys.stderr.isatty() else line, err=True,
                   nl=not sys.stderr.isatty())  # fmt: skip


def tell(found: "Plan", written: dict[str, Any], problem: "Problem", as_json: bool) -> None:
    """Print how the plan did."""
    if as_json:
        left_out = ("assignments", "unplaced")
        counts = {"assigned": len(found.assignments), "unplaced": len(found.unplaced)}
        shown = counts | {key: one for key, one in written.items() if key not in left_out}
        click.echo(json.dumps(shown, ensure_ascii=False, allow_nan=False))
        return
    if sys.stderr.isatty():
        click.echo(err=True)
    say(f"{len(found.assignments)} of {len(problem.families)} families have a day.")
    say(f"Waiting {written['objective']}, at least {written['bound']}: gap "
        f"{100 * found.gap:.2f} %. Ended: {found.ended}, {found.seconds:.1f} s.")  # fmt: skip
    if found.moved:
        say(f"Moved, as they could not be seated on the day that was counted: "
            f"{', '.join(found.moved)}")  # fmt: skip
    if found.promises:
        told = found.promises
        say(f"{told.kept} of {told.made} promised days are kept; {told.at_most} at most can be.")
        for one in told.broken:
            now = one.now.day if one.now else "no day"
            say(f"{one.was.family}: {one.was.day} promised, {now}: {', '.join(one.rules)}")


@plan.command()
@click.argument("problem", metavar="PROBLEM.json")
@click.argument("plan_file", metavar="PLAN.json")
@as_json
def check(problem: str, plan_file: str, as_json: bool) -> int:
    """Say which rules a plan breaks, a line each; none of its code made the plan.

    Exit status: 0 if every rule is kept, 1 if one is broken, 2 if the files cannot be read.
    """
    from wayhome.cores.planning_trials.checking import faults_of
    from wayhome.cores.planning_trials.records import BadFile, read_json

    documents = []
    for path in map(readable_file, (problem, plan_file)):
        try:
            documents.append(read_json(path))
        except BadFile as error:
            raise Failure(f"{path.name}: {error}", EXIT_WRONG_USE) from None
    try:
        faults = faults_of(*documents)
    except BadFile as error:
        raise Failure(str(error), EXIT_WRONG_USE) from None
    if as_json:
        click.echo(json.dumps({"faults": [one.as_dict() for one in faults]}, ensure_ascii=False))
    elif not faults:
        say("Every rule is kept.")
    else:
        for one in faults:
            say(str(one))
    return EXIT_FAILED if faults else 0


@plan.command()
@click.option("--families", type=click.IntRange(1, 100_000), required=True)
@click.option("--days", type=click.IntRange(1, 366), required=True)
@click.option("--crossings", type=click.IntRange(1, 100), required=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--out", metavar="PROBLEM.json", help="Where it is written; else it is printed.")
def generate(families: int, days: int, crossings: int, seed: int, out: str | None) -> None:
    """Invent a problem. The same seed gives the same; nobody in it is real."""
    from wayhome.cores.planning_trials.invented import invented

    text = json.dumps(invented(families, days, crossings, seed), ensure_ascii=False, indent=1)
    if out:
        save(out, text + "\n")
    else:
        say(text)


def document_of(file: str) -> tuple[Any, str]:
    """A JSON document and the SHA-256 of its file. Raises Failure."""
    from wayhome.cores.planning import parsed_document

    data = readable_file(file).read_bytes()
    with faults_told(file):
        return parsed_document(data), hashlib.sha256(data).hexdigest()


@contextmanager
def faults_told(file: str) -> Iterator[None]:
    """A file that means nothing is told in one line."""
    from wayhome.cores.planning import PlanningError

    try:
        yield
    except PlanningError as error:
        raise Failure(f"{Path(file).name}: {error}", EXIT_WRONG_USE) from None


def writable(out: str) -> None:
    """Refuse a place that cannot be written, before anybody waits for a plan. Raises Failure."""
    folder = Path(out).parent
    if not folder.is_dir() or Path(out).is_dir():
        raise Failure(f"{out}: expected a file in a folder that is there", EXIT_WRONG_USE)


def save(out: str, text: str) -> None:
    """Write a file whole or not at all. Raises Failure."""
    path = Path(out)
    draft = path.with_name(path.name + ".part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Failure(f"{out}: {error.strerror}", EXIT_WRONG_USE) from None
