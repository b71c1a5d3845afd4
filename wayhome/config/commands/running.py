"""Commands that run the service, and those by which the supervisor runs its parts."""

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from wayhome.config.commands.shell import Failure, ProgressBar, bureau, made_folder, say
from wayhome.config.folder import Folder, Kind
from wayhome.config.jobs_again import (
    HEARTBEAT_SECONDS,
    STALLED_SECONDS,
    make_up_for_the_missed,
    take_up_again,
)

PORT = 8000
WORKER_END_SECONDS = 2.5
logger = logging.getLogger("wayhome.worker")

on_port = click.option(
    "--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="Where to serve."
)


@click.command()
@on_port
def demo(port: int) -> None:
    """Run Wayhome with invented people, to be tried out.

    The data folder is made as a demo and stays one. It is served to this computer only.
    """
    run("demo", port)


@click.command()
@on_port
def serve(port: int) -> None:
    """Run Wayhome: database, web and worker, until Ctrl-C or SIGTERM.

    It is served to this computer only: put a proxy with TLS in front of it, and name that
    in WAYHOME_TRUSTED_PROXIES. WAYHOME_WEB_PROCESSES says how many processes serve pages.
    """
    run("live", port)


def run(kind: Kind, port: int) -> None:
    """Make the folder if need be and run what it needs."""
    from wayhome.config.processes import CannotRun, Supervisor

    folder = Folder.current()
    # `serve` serves a demo too, as a demo; a live folder never turns into one.
    folder.create(folder.kind if folder.is_made and kind == "live" else kind)
    say(f"Data: {folder.root} ({folder.kind})")
    try:
        Supervisor(folder, port, say).run()
    except CannotRun as error:
        raise Failure(str(error), error.exit_code) from error


@click.command()
def migrate() -> None:
    """Bring the tables of the database to this version of Wayhome."""
    with bureau():
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)


@click.command()
def worker() -> None:
    """Do the background work: matching, notices, messages. `serve` starts one by itself."""
    enter_as("worker")
    with bureau():
        from django.db import connections

        stop = threading.Event()
        beside = [
            threading.Thread(target=watching, args=[keep, stop], daemon=True)
            for keep in (keep_sequencing, keep_calls)
        ]
        for thread in beside:
            thread.start()
        try:
            asyncio.run(work())
        finally:
            stop.set()
            for thread in beside:
                thread.join(WORKER_END_SECONDS)
            connections.close_all()


async def work() -> None:
    """Run jobs until SIGTERM, each lane beside the other."""
    async with jobs_of_the_worker().open_async() as jobs:
        await make_up_for_the_missed(jobs)
        lanes = [asyncio.create_task(keep_lane(jobs, *lane)) for lane in lanes_of(jobs)]
        beside = [asyncio.create_task(one) for one in (end_asked(), take_up_again(jobs))]
        try:
            # Where one ends by itself all end: the supervisor starts us again.
            await asyncio.wait([*beside, *lanes], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in (*beside, *lanes):
                each.cancel()
            ended = await asyncio.gather(*beside, *lanes, return_exceptions=True)
    for fault in ended:
        if isinstance(fault, Exception):
            raise fault


def jobs_of_the_worker() -> Any:
    """The jobs, fetched and finished on connections that serve the worker's own loop.

    What a job itself asks for goes by Django's connection, as everywhere: so it stands or falls
    with the transaction that asks (docs/decisions/0003). `replace_connector` would part the two.
    """
    from procrastinate.contrib.django import app

    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    return app.with_connector(connector)


def lanes_of(jobs: Any) -> "list[tuple[list[str], int]]":
    """The queues of each lane, and how many jobs run in it at once.

    Letters and scans have one of their own: a comparison of many names may take minutes. So have
    plans, whose search takes as long as somebody gave it.
    """
    from wayhome.bureau.contact.jobs import LETTERS
    from wayhome.bureau.journeys.jobs import PLANS

    others = {task.queue for task in jobs.tasks.values()} - {LETTERS, PLANS}
    at_once = int(os.environ.get("WAYHOME_WORKER_JOBS", "1"))
    return [(sorted(others), at_once), ([LETTERS], 1), ([PLANS], 1)]


async def keep_lane(jobs: Any, queues: list[str], at_once: int) -> None:
    """Run the jobs of these queues until cancelled."""
    await jobs.run_worker_async(
        name="wayhome",
        queues=queues,
        concurrency=at_once,
        install_signal_handlers=False,
        shutdown_graceful_timeout=WORKER_END_SECONDS,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_SECONDS,
        delete_jobs="successful",
    )


async def end_asked() -> None:
    """Return when SIGTERM or SIGINT comes."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    await asked.wait()


def watching(keep: Callable[[threading.Event], None], stop: threading.Event) -> None:
    """Keep until told to stop. Where it ends by itself all end, as with the lanes."""
    try:
        keep(stop)
    except Exception:
        logger.exception("what watches beside the lanes has ended")
    finally:
        if not stop.is_set():
            os.kill(os.getpid(), signal.SIGTERM)


def keep_sequencing(stop: threading.Event) -> None:
    """Give journal entries their place, until told to stop."""
    from wayhome.bureau.journal import sequencing

    sequencing.keep_sequencing(stop)


def keep_calls(stop: threading.Event) -> None:
    """Watch over open calls, until told to stop."""
    from wayhome.web.calls.keeping import Keeper

    Keeper().keep(stop)


def enter_as(process: Any) -> None:
    """Enter the database as this process; the supervisor has seen to it already for its own."""
    if "WAYHOME_PROCESS" in os.environ:
        return
    from wayhome.config.database import Database, DatabaseError

    database = Database.of(made_folder())
    try:
        database.start()
        os.environ.update(database.environment(process))
    except DatabaseError as error:
        raise Failure(str(error)) from error


@click.command(hidden=True)
@click.option("--handle", type=int, required=True)
def web(handle: int) -> None:
    """Serve pages on a listening socket of the supervisor."""
    from wayhome.config.server import serve as serve_pages

    serve_pages(handle, Folder.current())


@click.command("prepare-demo", hidden=True)
def prepare_demo() -> None:
    """Fill a demo with its invented people; what was begun is continued."""
    folder = demo_folder()
    with bureau():
        from wayhome.config.demo.preparing import prepare

        bars: dict[str, ProgressBar] = {}

        def progress(what: str, done: int, of: int) -> None:
            bars.setdefault(what, ProgressBar(what))(done, of)

        prepare(folder, progress=progress)


@click.command("log-ins")
def log_ins() -> None:
    """Print how to sign in to a demo, with the six-digit code of this minute."""
    folder = demo_folder()
    with bureau():
        from wayhome.config.demo.leaflet import leaflet

        for line in leaflet(folder, program=program()):
            say(line)


def program() -> str:
    """How a person calls us."""
    return str(Path(sys.executable).with_name("wayhome"))


def demo_folder() -> Folder:
    """The data folder, if it is a demo's. Raises Failure otherwise."""
    folder = made_folder()
    if not folder.is_demo:
        raise Failure(f"{folder.root} is no demo")
    return folder
