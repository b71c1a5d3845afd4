"""A lorry's list as a file: read in a process of its own, since strangers made it."""

from typing import Any

from wayhome.bureau.captives.reading.tables import FileRefused, Problem, read_tables
from wayhome.bureau.remains.rules.intake import column_of_bags
from wayhome.lib.sandbox import FailureKind, SandboxFailure, run_sandboxed

LARGEST_LIST = 5 * 1024 * 1024
SECONDS = 30
MEMORY_BYTES = 768 * 1024 * 1024


def bags_in(content: bytes) -> list[str]:
    """The numbers of the bags that a CSV or XLSX lists. Raises FileRefused."""
    if len(content) > LARGEST_LIST:
        raise FileRefused(Problem.TOO_LARGE)
    try:
        told: dict[str, Any] = run_sandboxed(
            "wayhome.bureau.remains.reading.read", content, seconds=SECONDS,
            memory_bytes=MEMORY_BYTES,
        )  # fmt: skip
    except SandboxFailure as failure:
        large = failure.kind in (FailureKind.TOO_LARGE, FailureKind.TOO_SLOW)
        raise FileRefused(Problem.ZIP_BOMB if large else Problem.UNREADABLE) from None
    if "problem" in told:
        raise FileRefused(Problem(told["problem"]))
    return [str(bag) for bag in told["bags"]]


def read(content: bytes) -> dict[str, Any]:
    """As `bags_in`, in this process: a value that JSON can hold."""
    try:
        tables = read_tables(content)
    except FileRefused as refused:
        return {"problem": str(refused.problem)}
    # A CSV is read with each separator: the one that gives the most columns is its own.
    widest = max(tables, key=lambda one: max((len(row) for _number, row in one.rows), default=0))
    return {"bags": column_of_bags([row for _number, row in widest.rows])}
