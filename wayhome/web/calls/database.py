"""The database from beside the loop: each piece of work in a thread, its connection given back."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.db import connections

Result = TypeVar("Result")


async def in_database(work: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
    """What `work` returns, done in a thread of its own."""
    todo = partial(_then_closed, partial(work, *arguments, **named))
    return await sync_to_async(todo, thread_sensitive=False)()


def _then_closed(work: Callable[[], Result]) -> Result:
    try:
        return work()
    finally:
        connections.close_all()
