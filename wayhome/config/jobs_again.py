"""Jobs that were begun and not done go back to the queue; what was missed is made up for.

Every job may run twice and do no harm (docs/ARCHITECTURE.md).
"""

import asyncio
import contextlib
import logging
import math
import time
from typing import Any

HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 20.0
AGAIN_AFTER_SECONDS = 10.0  # once failed; each time four times as long
MOST_FAILURES = 5

# Each failure counts one attempt and so does each taking up again. Where another of its kind
# waits, that one stands for it.
FAILED = """
    SELECT job.id FROM procrastinate_jobs AS job
     WHERE job.status = 'failed' AND job.attempts < 2 * %(most)s - 1
       AND NOT EXISTS (
           SELECT FROM procrastinate_jobs AS other
            WHERE other.status = 'todo' AND other.queueing_lock = job.queueing_lock)
       AND now() - make_interval(secs => %(wait)s * power(2, job.attempts - 1)) > (
           SELECT max(event.at) FROM procrastinate_events AS event WHERE event.job_id = job.id)
     ORDER BY job.id
"""

LAST_ASKED = """
    SELECT task_name, periodic_id, max(defer_timestamp) AS at
      FROM procrastinate_periodic_defers GROUP BY task_name, periodic_id
"""

logger = logging.getLogger("wayhome.worker")


async def make_up_for_the_missed(jobs: Any) -> None:
    """Ask once for what fell due while no worker ran: a night's work, a month's question.

    What never ran here waits for its own hour, so that a new bureau does not begin with all of it.
    """
    from procrastinate.periodic import PeriodicDeferrer

    rows = await jobs.connector.execute_query_all_async(LAST_ASKED)
    last = {(row["task_name"], row["periodic_id"]): row["at"] for row in rows}
    deferrer = PeriodicDeferrer(jobs.periodic_registry, max_delay=math.inf)
    await deferrer.defer_jobs(
        (task, at)
        for task, at in deferrer.get_previous_tasks(at=time.time())
        if last.get((task.task.name, task.periodic_id), at) < at
    )


async def take_up_again(jobs: Any) -> None:
    """Look now and then for what a killed worker had begun, and for what failed."""
    from procrastinate.exceptions import ProcrastinateException

    while True:
        with contextlib.suppress(ProcrastinateException):  # the database is away for a moment
            await give_back_the_stalled(jobs.job_manager)
            await give_back_the_failed(jobs.job_manager)
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def give_back_the_stalled(manager: Any) -> None:
    """Give back what a killed worker had begun."""
    from procrastinate.exceptions import UniqueViolation
    from procrastinate.jobs import Status

    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        logger.warning("job %s was left by a worker that has ended", job.id)
        try:
            await manager.retry_job(job)
        except UniqueViolation:  # another of its kind waits, and stands for it
            await manager.finish_job(job, Status.ABORTED, delete_job=True)


async def give_back_the_failed(manager: Any) -> None:
    """Give back what failed, after a while, and not for ever: a deadlock passes, a fault stays."""
    from procrastinate.exceptions import UniqueViolation
    from procrastinate.utils import utcnow

    rows = await manager.connector.execute_query_all_async(
        FAILED, most=MOST_FAILURES, wait=AGAIN_AFTER_SECONDS
    )
    for row in rows:
        logger.warning("job %s has failed and is tried again", row["id"])
        with contextlib.suppress(UniqueViolation):  # one of its kind came meanwhile
            await manager.retry_job_by_id_async(row["id"], utcnow())
