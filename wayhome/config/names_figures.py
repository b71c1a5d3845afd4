"""What the names core takes: time of look-ups and batches, size of an index, memory.

Everything is measured in one run on one machine, so that the ratios mean something: look-ups one
after another on a warm index, then all enquiries at once on all processors.
"""

import csv
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from wayhome.cores.names import Candidate, Description, Index
from wayhome.cores.names.files import match
from wayhome.cores.names.sheets import Sheet, read_sheet

TOP = 50
WARMING = 1000  # other look-ups before any is timed: a bureau's index has answered many more
FEWEST = 20
HEADING = ("enquiry_id", "register_id", "rank", "bits", "probability")

Progress = Callable[[str, int, int], None]


@dataclass
class Run:
    """One run: its files and what was measured so far."""

    register: Path
    enquiries: Path
    folder: Path
    lookups: int
    progress: Progress
    figures: dict[str, Any] = field(default_factory=dict)

    def told(self, what: str) -> Callable[[int, int], None]:
        """Progress of one part."""
        return lambda done, of: self.progress(what, done, of)


def measure(
    register: Path,
    enquiries: Path,
    *,
    lookups: int,
    candidates: Path | None = None,
    progress: Progress = lambda what, done, of: None,
) -> tuple[dict[str, Any], Sheet, list[Description], list[list[str]]]:
    """All figures of the core, with the register, the enquiries, and whom the look-ups found.

    `candidates` gets what the timed look-ups themselves returned.
    """
    folder = Path(tempfile.mkdtemp(prefix="wayhome-names-bench-"))
    try:
        run = Run(register, enquiries, folder, lookups, progress)
        sheet = _built(run)
        asked = list(read_sheet(enquiries, "enquiry_id").descriptions())
        found = _looked_up(run, asked)
        if candidates:
            _write(candidates, asked, found)
        _batch(run, len(asked))
        run.figures["memory_mb"] = round(
            max(resource.getrusage(x).ru_maxrss for x in _PROCESSES) / 1024, 1
        )
        ranked = [[x.id for x in one] for one in found]
        return run.figures, sheet, asked, ranked
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_PROCESSES = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def _built(run: Run) -> Sheet:
    """Build an index of the register in a folder, from the file to the last byte written."""
    started = time.perf_counter()
    sheet = read_sheet(run.register, "register_id", progress=run.told("Read"))
    read_s = time.perf_counter() - started
    index = Index.build_from(sheet, run.folder, progress=run.told("Built"))
    build_s = time.perf_counter() - started
    size = sum(x.stat().st_size for x in run.folder.rglob("*") if x.is_file())
    run.figures |= {
        "persons": len(index),
        "rejected": len(sheet.rejects),
        "processors": len(os.sched_getaffinity(0)),
        "read_s": round(read_s, 3),
        "build_s": round(build_s, 3),
        "build_persons_per_s": round(len(index) / build_s, 1),
        "index_bytes": size,
        "index_bytes_per_person": round(size / max(len(index), 1), 2),
    }
    return sheet


def _looked_up(run: Run, asked: Sequence[Description]) -> list[list[Candidate]]:
    """One look-up after another on an index that was just opened and warmed."""
    started = time.perf_counter()
    index = Index.open(run.folder)
    run.figures["open_ms"] = round(1000 * (time.perf_counter() - started), 3)
    some = asked[: run.lookups]
    others = asked[run.lookups :]
    for one in others[:WARMING] if len(others) >= FEWEST else asked[-FEWEST:]:
        index.candidates(one, top=TOP)
    found, wall, busy = [], [], []
    for number, one in enumerate(some, 1):
        before, before_busy = time.perf_counter(), time.thread_time()
        found.append(index.candidates(one, top=TOP))
        busy.append(time.thread_time() - before_busy)
        wall.append(time.perf_counter() - before)
        run.progress("Look-ups", number, len(some))
    run.figures |= {"lookups": len(some), **percentiles("lookup", wall)}
    run.figures["lookup_cpu_p50_ms"] = percentiles("cpu", busy)["cpu_p50_ms"]
    return found


def _batch(run: Run, count: int) -> None:
    """All enquiries at once, from file to file; what was built before is not counted twice."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        match(run.folder, run.enquiries, Path(out) / "out.csv", top=TOP, progress=run.told("Batch"))
    seconds = time.perf_counter() - started
    run.figures |= {
        "batch_enquiries": count,
        "batch_s": round(seconds, 3),
        "batch_enquiries_per_s": round(count / seconds, 1),
    }


def percentiles(name: str, seconds: Sequence[float]) -> dict[str, float]:
    """The middle and the hundredth slowest, in milliseconds."""
    if not len(seconds):
        return {f"{name}_p50_ms": 0.0, f"{name}_p99_ms": 0.0}
    half, most = np.percentile(np.array(seconds) * 1000, [50, 99]).tolist()
    return {f"{name}_p50_ms": round(half, 4), f"{name}_p99_ms": round(most, 4)}


def _write(path: Path, asked: Sequence[Description], found: Sequence[list[Candidate]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(HEADING)
        for one, candidates in zip(asked, found, strict=False):
            writer.writerows(
                [one.id, x.id, x.rank, f"{x.bits:.6f}", f"{x.probability:.9g}"] for x in candidates
            )
