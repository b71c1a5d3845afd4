"""What was begun and is not done goes back to the queue, and nothing waits behind it for ever."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from wayhome.config import jobs_again
from wayhome.config.jobs_again import (
    MOST_FAILURES,
    give_back_the_failed,
    give_back_the_stalled,
    make_up_for_the_missed,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SEARCH = "comparisons.search"
QUIET: dict[str, Any] = {"install_signal_handlers": False, "listen_notify": False}
ATTEMPTS = "SELECT attempts FROM procrastinate_jobs WHERE id = %(job)s"


def put(status: str, *, lock: str | None = None, attempts: int = 0) -> int:
    """A job of no worker, as a killed one or a failed one leaves it. Returns its number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs"
            " (task_name, queue_name, status, lock, queueing_lock, attempts)"
            " VALUES (%s, 'default', %s, %s, %s, %s) RETURNING id",
            [SEARCH, status, lock, lock, attempts],
        )
        return int(cursor.fetchone()[0])


def told() -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status FROM procrastinate_jobs")
        return dict(cursor.fetchall())


def run(step: Callable[[Any], Any]) -> None:
    async def once() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as jobs:
            async with jobs.open_async():
                await step(jobs)

    # In a thread of its own: a browser's driver keeps a loop in this one.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, once()).result()


def ended(job: int, seconds: float) -> None:
    """Its last event was so long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at)"
            " VALUES (%s, 'failed', now() - make_interval(secs => %s))",
            [job, seconds],
        )
        cursor.execute(
            "DELETE FROM procrastinate_events WHERE job_id = %s AND type <> 'failed'", [job]
        )


def test_what_a_killed_worker_had_begun_waits_again():
    job = put("doing", lock=SEARCH)

    run(lambda jobs: give_back_the_stalled(jobs.job_manager))

    assert told() == {job: "todo"}


def test_where_another_of_its_kind_waits_that_one_stands_for_it():
    """Else the lock of what was begun would keep each later search from beginning."""
    put("doing", lock=SEARCH)
    waits, after = put("todo", lock=SEARCH), put("doing")

    run(lambda jobs: give_back_the_stalled(jobs.job_manager))

    assert told() == {waits: "todo", after: "todo"}


@pytest.mark.parametrize(
    ("failures", "seconds", "then"),
    [
        (1, 9, "failed"), (1, 11, "todo"), (2, 39, "failed"), (2, 41, "todo"),
        (MOST_FAILURES - 1, 641, "todo"), (MOST_FAILURES, 10**6, "failed"),
    ],
)  # fmt: skip
def test_what_failed_is_tried_again_after_a_while_and_not_for_ever(failures, seconds, then):
    job = put("failed", attempts=2 * failures - 1)
    ended(job, seconds)

    run(lambda jobs: give_back_the_failed(jobs.job_manager))

    assert told() == {job: then}


def test_what_failed_is_left_where_another_of_its_kind_waits():
    failed, waits = put("failed", lock=SEARCH, attempts=1), put("todo", lock=SEARCH)
    ended(failed, 100)

    run(lambda jobs: give_back_the_failed(jobs.job_manager))

    assert told() == {failed: "failed", waits: "todo"}


def test_what_fell_due_while_no_worker_ran_is_asked_for_once():
    """A question of the month would wait for the next one; what never ran waits for its hour."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)"
            " VALUES ('enquiries.ask_question', '', extract(epoch FROM now())::bigint - 8000000)"
        )

    run(make_up_for_the_missed)
    run(make_up_for_the_missed)

    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status FROM procrastinate_jobs")
        assert cursor.fetchall() == [("enquiries.ask_question", "todo")]
        cursor.execute("DELETE FROM procrastinate_jobs")
    run(make_up_for_the_missed)
    assert told() == {}


def test_each_failure_of_the_real_worker_counts_as_is_reckoned_here(monkeypatch):
    """Attempts after each: 1, 3, 5 …, and after the last it is left."""
    job, seen = put("todo"), []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET task_name = 'unknown', queue_name = 'apart'")
    monkeypatch.setattr(jobs_again, "AGAIN_AFTER_SECONDS", 0)

    async def fails_again_and_again(jobs: Any) -> None:
        for _ in range(MOST_FAILURES + 1):
            await jobs.run_worker_async(queues=["apart"], wait=False, **QUIET)
            row = await jobs.connector.execute_query_one_async(ATTEMPTS, job=job)
            seen.append(row["attempts"])
            await give_back_the_failed(jobs.job_manager)

    run(fails_again_and_again)

    assert seen == [1, 3, 5, 7, 9, 9]
    assert told()[job] == "failed"
