"""Work shared out over a Spark cluster, or over the processors here as Spark sees them.

The one module that knows the package `pyspark`, which comes with `pip install wayhome[spark]` and
needs Java 17 or newer. Without a master of its own it stays on this machine: loopback only, no
page of its own.
"""

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
PIECES_FOR_EACH_CORE = 4  # in a wave
LOOPBACK = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}
QUIET = {"spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}

T = TypeVar("T")
R = TypeVar("R")


class SparkMissing(RuntimeError):
    """Spark cannot be used here; the text says what to install."""


def why_missing() -> str:
    """What has to be installed before Spark can be used, or ""."""
    if importlib.util.find_spec("pyspark") is None:
        return "Spark is not installed: pip install 'wayhome[spark]'"
    java = os.environ.get("JAVA_HOME")
    if not (java and os.path.exists(os.path.join(java, "bin", "java"))) and not shutil.which(
        "java"
    ):
        return "Java is not installed: Spark needs version 17 or newer"
    return ""


@contextmanager
def session(name: str, master: str = LOCAL) -> "Iterator[SparkSession]":
    """A Spark session, ended with the block. Raises SparkMissing."""
    if missing := why_missing():
        raise SparkMissing(missing)
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = QUIET | (LOOPBACK if master.startswith("local") else {})
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.appName(name).master(master)
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()


def shared_out(
    spark: "SparkSession",
    pieces: Sequence[T],
    work: Callable[[T], Iterable[R]],
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[R]:
    """What `work` gives for each piece, in the order of the pieces.

    A piece and what `work` closes over are sent to the workers, so let a piece be numbers or rows,
    and let `work` open large things (an index, a table) by their path, once a process. Results
    come back in waves, so that they need not all fit into memory.
    """
    context = spark.sparkContext
    wave = PIECES_FOR_EACH_CORE * context.defaultParallelism
    for start in range(0, len(pieces), wave):
        some = list(pieces[start : start + wave])
        task = context.parallelize(some, len(some)).map(lambda piece: list(work(piece)))
        for place, found in enumerate(task.collect(), start + 1):
            yield from found
            if progress:
                progress(place, len(pieces))
