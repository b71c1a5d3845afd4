"""The worker from inside: what its jobs ask for, and what watches beside them."""

import asyncio
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from procrastinate.periodic import PeriodicRegistry

from wayhome.bureau.journeys.jobs import look_at_all
from wayhome.bureau.oversight import actions
from wayhome.bureau.oversight.jobs import tell_overdue
from wayhome.config.commands.running import jobs_of_the_worker, watching


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_a_job_asks_for_stands_or_falls_with_its_transaction(monkeypatch):
    """Else another lane would begin before what it is about is there (docs/decisions/0003)."""
    seen_meanwhile = []

    @transaction.atomic
    def asks_and_fails(now):
        look_at_all.configure(queue="another").defer()
        seen_meanwhile.append(connection.in_atomic_block)
        raise RuntimeError

    async def work() -> None:
        async with jobs_of_the_worker().open_async() as jobs:
            jobs.periodic_registry = PeriodicRegistry()
            await jobs.run_worker_async(
                queues=["apart"], wait=False, install_signal_handlers=False, listen_notify=False
            )

    monkeypatch.setattr(actions, "tell_overdue", asks_and_fails)
    tell_overdue.configure(queue="apart").defer(timestamp=0)
    with ThreadPoolExecutor(1) as apart:  # a browser's driver keeps a loop in this thread
        apart.submit(asyncio.run, work()).result()

    with connection.cursor() as cursor:
        cursor.execute("SELECT queue_name, status FROM procrastinate_jobs")
        left = cursor.fetchall()
    assert seen_meanwhile == [True]
    assert left == [("apart", "failed")]


def test_a_watch_that_breaks_ends_the_worker_which_is_started_again():
    """Calls would end no more in time, and nobody would know."""
    heard, stop = [], threading.Event()

    def breaks(stop):
        raise LookupError

    before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
    try:
        watching(breaks, stop)
        stop.set()
        watching(lambda stop: None, stop)
    finally:
        signal.signal(signal.SIGTERM, before)

    assert heard == [signal.SIGTERM]
