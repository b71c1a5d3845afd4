"""Blind search at size, on invented events: time, processor time, memory."""

import csv
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.bench_kinship import event
from tools.bench_kinship.measured import Measured
from wayhome.cores.kinship.blind.files import Input, pairs_files, read_lines, search_files
from wayhome.cores.kinship.blind.online import AgainstFamilies, AgainstRemains
from wayhome.cores.kinship.blind.pairs import ASKED, RELATIONS

THRESHOLD = 4.0
ONLINE_MS = 50
ASKED_ONLINE = 40  # calls of which the median is told
PAIRS_SECONDS = 300
FEWEST_FOUND = 0.9  # of the remains whose family is there, above the threshold


@dataclass(frozen=True)
class Size:
    """An event of so many remains and families, and what its search is to reach."""

    remains: int
    families: int
    seconds: float

    @property
    def name(self) -> str:
        return f"{self.remains:,} remains × {self.families:,} families"


SIZES = (Size(1_000, 1_000, 0.5), Size(10_000, 30_000, 5), Size(100_000, 300_000, 180))


def measured(*, large: bool) -> Iterator[Measured]:
    """Every size, one after the other; then the pairs and single calls of the last."""
    for size in SIZES if large else SIZES[:-1]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            event.write(folder, size.remains, size.families)
            yield from _searched(folder, size)
            yield from _one_by_one(folder, size)
            yield from _related(folder, size)


def _read(folder: Path, *, families: bool = True) -> Input:
    lines = folder / "families.jsonl" if families else None
    return read_lines(folder / "markers.json", folder / "remains.jsonl", lines)


def _searched(folder: Path, size: Size) -> Iterator[Measured]:
    out = folder / "pairs.csv"
    found = _read(folder)
    done = search_files(found, out, THRESHOLD, program="bench")
    _check(folder, out)
    each = done["tables_s"] / size.families / len(found.kit) * 1e6
    rate = done["compared"] / done["search_cpu_s"] / 1e6
    yield Measured(size.name, done["search_s"], "s", size.seconds)
    yield Measured(f"{size.name}: a core", rate, "million pairs/s of processor time")
    yield Measured(f"{size.name}: reading", done["read_s"], "s")
    yield Measured(f"{size.name}: tables", each, "µs a marker of a family")
    yield Measured(f"{size.name}: computed exactly", done["computed_exactly"], "pairs")
    yield Measured(f"{size.name}: found", done["pairs"], "pairs")
    yield Measured(f"{size.name}: memory", _peak_mb(), "MB", 8192)


def _check(folder: Path, out: Path) -> None:
    """A search that misses those who are there is not worth its time."""
    with (folder / "truth.csv").open() as text:
        truth = {r["remains_id"]: r["family_id"] for r in csv.DictReader(text) if r["family_id"]}
    with out.open() as text:
        hits = sum(truth.get(r["remains_id"]) == r["family_id"] for r in csv.DictReader(text))
    if hits < FEWEST_FOUND * len(truth):
        raise SystemExit(f"{hits} of {len(truth)} who are there were found")


def _one_by_one(folder: Path, size: Size) -> Iterator[Measured]:
    """The median of single calls, warm."""
    found = _read(folder)
    remains = AgainstRemains(found.remains, THRESHOLD)
    families = [json.loads(line) for line in _some_lines(folder / "families.jsonl", size.families)]
    spent = _median_ms(families, remains.family)
    yield Measured(f"one new family × {size.remains:,} remains", spent, "ms", ONLINE_MS)
    waiting = AgainstFamilies(found.families, THRESHOLD)
    people = [json.loads(line) for line in _some_lines(folder / "remains.jsonl", size.remains)]
    spent = _median_ms(people, waiting.remains)
    yield Measured(f"one new remains × {size.families:,} families", spent, "ms", ONLINE_MS)


def _some_lines(path: Path, count: int) -> list[str]:
    step = max(1, count // ASKED_ONLINE)
    with path.open() as lines:
        return [line for number, line in enumerate(lines) if number % step == 0]


def _median_ms(documents: list[dict[str, object]], call: Callable[[object], object]) -> float:
    for document in documents:
        call(document)
    spent = []
    for document in documents:
        begun = time.perf_counter()
        call(document)
        spent.append((time.perf_counter() - begun) * 1000)
    return sorted(spent)[len(spent) // 2]


def _related(folder: Path, size: Size) -> Iterator[Measured]:
    found = _read(folder, families=False)
    wanted = [RELATIONS[name] for name in ASKED]
    done = pairs_files(found, folder / "related.csv", wanted, THRESHOLD, program="bench")
    reach = PAIRS_SECONDS if size is SIZES[-1] else None
    what = f"all pairs of {size.remains:,} remains, {', '.join(ASKED)}"
    yield Measured(what, done["search_s"] + done["tables_s"], "s", reach)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
