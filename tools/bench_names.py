"""`python -m tools.bench_names [SIZE ...]`: tables of the names core on invented registers.

For each size a register is generated (its seed is not one that anything was tuned on), matched
rich and sparse, judged against the truth, and its look-ups are timed beside peers in the same run.
Figures are of this machine and of these invented registers, and are told as such. Every step is
the command that anybody can type. `--json FILE` keeps the figures, those of other sizes too, and
`--charts FOLDER` draws them.
"""

import argparse
import csv
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Any

from tools.charts import Line, chart

SIZES = (100_000, 1_000_000)
SEED = 40_417
ENQUIRIES = 100_000  # at least 1,000 matches of every people but the rarest
TIMED = 20_000  # of them, in the batch that is timed
LOOKUPS = 1000
SAMPLE = 500
EVIDENCE = ("rich", "sparse")
FEWEST_OF_A_KIND = 1000  # below, a kind is shown but is never the worst
USUAL = {"group": "russian", "script": "ru"}
NORMAL_975 = NormalDist().inv_cdf(0.975)
QUALITY = (
    "recall@1", "recall@10", "recall@50", "recall@queue", "recall_at_precision_0.99",
    "false_rate_absent@recall0.8", "top_ece", "pair_ece", "roc_auc",
)  # fmt: skip
SPEED = (
    "build_s", "build_persons_per_s", "index_bytes_per_person", "open_ms", "lookup_p50_ms",
    "lookup_p99_ms", "batch_enquiries_per_s", "memory_mb",
)  # fmt: skip


@dataclass
class Figures:
    """What was measured on one size."""

    size: int
    speed: dict[str, Any] = field(default_factory=dict)
    quality: dict[str, dict[str, Any]] = field(default_factory=dict)


def wayhome(*arguments: object) -> str:
    """What a command prints; its progress goes to our standard error."""
    command = [sys.executable, "-m", "wayhome.config.commands", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


@dataclass(frozen=True)
class Wanted:
    """What is asked of each size."""

    peers: str
    sample: int
    longest: int
    enquiries: int
    speed: bool


def measure(size: int, folder: Path, wanted: Wanted) -> Figures:
    """Everything about one size."""
    found = Figures(size)
    wayhome(
        *("names", "generate", "--size", size, "--seed", SEED + size, "--out", folder),
        *("--enquiries", wanted.enquiries),
    )
    register, timed = folder / "register.csv", folder / "timed.csv"
    with (folder / "enquiries-rich.csv").open(encoding="utf-8") as lines:
        timed.write_text("".join(islice(lines, TIMED + 1)), encoding="utf-8")
    found.speed = json.loads(
        wayhome(
            *("names", "bench", "--register", register, "--json", "--lookups", LOOKUPS),
            *("--enquiries", timed, "--truth", folder / "truth-rich.csv"),
            *("--peers", wanted.peers, "--sample", wanted.sample, "--longest", wanted.longest),
        )
    )
    if wanted.speed:
        return found
    wayhome("names", "index", folder / "index", "--register", register)
    for evidence in EVIDENCE:
        out = folder / f"candidates-{evidence}.csv"
        started = time.perf_counter()
        wayhome(
            *("match", "--register", folder / "index", "--out", out),
            *("--enquiries", folder / f"enquiries-{evidence}.csv"),
        )
        seconds = time.perf_counter() - started
        truth = folder / f"truth-{evidence}.csv"
        measures = judged(truth, out) | {"match_s": round(seconds, 1)}
        measures["usual"] = judged(usual(truth), out)["recall@10"]
        found.quality[evidence] = measures
    return found


def judged(truth: Path, candidates: Path) -> dict[str, Any]:
    """The measures of candidates."""
    told = wayhome("names", "evaluate", "--truth", truth, "--candidates", candidates, "--json")
    measures: dict[str, Any] = json.loads(told)
    return measures


def usual(truth: Path) -> Path:
    """Of a truth the enquiries for Russian names in Russian, in a file beside it."""
    path = truth.with_name(f"usual-{truth.name}")
    with truth.open(encoding="utf-8", newline="") as text, path.open("w", encoding="utf-8") as out:
        reader = csv.DictReader(text)
        writer = csv.DictWriter(out, reader.fieldnames or (), lineterminator="\n")
        writer.writeheader()
        writer.writerows(x for x in reader if USUAL.items() <= x.items())
    return path


def most_likely(share: float, count: int) -> float:
    """The upper end of the 95 % interval of a share that was seen in so many trials.

    Wilson's score interval: E. B. Wilson, "Probable Inference, the Law of Succession, and
    Statistical Inference", JASA 22 (1927). Unlike share ± 1.96 standard errors it holds near 1.
    """
    if not count:
        return 1.0
    square = NORMAL_975**2 / count
    spread = NORMAL_975 * sqrt(share * (1 - share) / count + square / (4 * count))
    return min((share + square / 2 + spread) / (1 + square), 1.0)


@dataclass(frozen=True)
class Worst:
    """The kind of enquiries that is found least often, by what it may be at best."""

    kind: str
    matches: int
    recall: float
    at_best: float
    usual: float

    @property
    def gap(self) -> float:
        """Points below Russian asked in Russian."""
        return 100 * (self.usual - self.at_best)


def worst(quality: dict[str, Any]) -> Worst | None:
    """The worst script or people of those with enough matches; None if none has."""
    found = [
        Worst(f"{by}: {kind}", count, recall, most_likely(recall, count), quality["usual"])
        for by in USUAL
        for kind, (count, _, recall) in quality["breakdown"].get(by, {}).items()
        if count >= FEWEST_OF_A_KIND
    ]
    return min(found, key=lambda x: x.at_best, default=None)


def table(heading: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table as docs/ has it."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return "not reached"
    if isinstance(value, float):
        return f"{value:.4f}" if abs(value) < 1 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def report(all_found: Sequence[Figures]) -> str:
    """The tables."""
    parts = [
        "Look-ups one after another, batch on all processors, rich enquiries:",
        table(["", *(f"{x.size:,}" for x in all_found)],
              [[x, *(f.speed.get(x) for f in all_found)] for x in SPEED]),
        "Peers on the same register and enquiries in the same run:",
        table(["peer", "cards", *PEER_COLUMNS], list(_peers(all_found))),
    ]  # fmt: skip
    if of_quality := [x for x in all_found if x.quality]:
        parts += _how_good(of_quality)
    return "\n\n".join(parts)


def _how_good(all_found: Sequence[Figures]) -> list[str]:
    sizes = [f"{x.size:,}" for x in all_found]
    return [
        "How good:",
        table(["", *(f"{x}, {y}" for x in sizes for y in EVIDENCE)], list(_quality(all_found))),
        "Recall@10 by script and people, and the difference to Russian names in Russian; of (few) "
        f"there are less than {FEWEST_OF_A_KIND:,} matches:",
        table(["", *(f"{x}, {y}" for x in sizes for y in EVIDENCE)], list(_kinds(all_found))),
        "Worst script or people, recall@10, upper end of the 95 % interval, gap to Russian names "
        "in Russian:",
        table(["cards", "", "matches", "recall@10", "at best", "gap in points"],
              list(_gaps(all_found))),
    ]  # fmt: skip


PEER_COLUMNS = ("asked", "matches", "recall@1", "recall@10", "look-up p50, ms", "p99, ms",
                "times our p50", "enquiries a second")  # fmt: skip


def _peers(all_found: Sequence[Figures]) -> Iterator[list[object]]:
    for found in all_found:
        ours = found.speed
        speed = (ours["lookup_p50_ms"], ours["lookup_p99_ms"], "1", ours["batch_enquiries_per_s"])
        yield ["Wayhome", found.size, ours["lookups"], *_recalls(ours), *speed]
        for name, peer in ours["peers"].items():
            if isinstance(peer, str):
                yield [name, found.size, peer, *[""] * (len(PEER_COLUMNS) - 1)]
                continue
            p50 = peer.get("lookup_p50_ms", "")
            times = round(p50 / ours["lookup_p50_ms"]) if p50 else ""
            speed = (p50, peer.get("lookup_p99_ms", ""), times, peer["enquiries_per_s"])
            yield [peer["what"], found.size, peer["enquiries"], *_recalls(peer), *speed]


def _recalls(of: dict[str, Any]) -> list[object]:
    return [of.get(x) for x in ("matches", "recall@1", "recall@10")]


def _quality(all_found: Sequence[Figures]) -> Iterator[list[object]]:
    for name in QUALITY:
        yield [name, *(f.quality[x][name] for f in all_found for x in EVIDENCE)]


def _kinds(all_found: Sequence[Figures]) -> Iterator[list[object]]:
    columns = [f.quality[x] for f in all_found for x in EVIDENCE]
    for by in ("script", "group"):
        for kind in columns[0]["breakdown"][by]:
            cells = []
            for column in columns:
                count, _, recall = column["breakdown"][by].get(kind, [0, 0.0, 0.0])
                few = " (few)" if count < FEWEST_OF_A_KIND else ""
                cells.append(f"{recall:.4f} ({recall - column['usual']:+.3f}){few}")
            yield [f"{by}: {kind}", *cells]


def _gaps(all_found: Sequence[Figures]) -> Iterator[list[object]]:
    for found in all_found:
        for evidence in EVIDENCE:
            one = worst(found.quality[evidence])
            if one is None:
                yield [f"{found.size:,}, {evidence}", "too few matches", *[""] * 4]
                continue
            figures = (one.matches, one.recall, one.at_best, f"{one.gap:.1f}")
            yield [f"{found.size:,}, {evidence}", one.kind, *figures]


CARDS = "cards on the register"


def charts(all_found: Sequence[Figures]) -> Iterator[tuple[str, str]]:
    """Names and pictures of what time and memory a register of each size takes."""

    def line(name: str, figure: str, peer: str = "") -> Line:
        speeds = [(x.size, x.speed["peers"].get(peer, {}) if peer else x.speed) for x in all_found]
        measured = [(n, x[figure]) for n, x in speeds if isinstance(x, dict) and x.get(figure)]
        return Line(name, measured)

    peers = dict.fromkeys(x for found in all_found for x in found.speed["peers"])
    lookups = [
        line("Wayhome, p50", "lookup_p50_ms"),
        line("Wayhome, p99", "lookup_p99_ms"),
        line("p50 of processor time", "lookup_cpu_p50_ms"),  # beside other work the clock misleads
    ]
    lookups += [line(f"{x}, p50", "lookup_p50_ms", x) for x in peers]
    batch = [line("Wayhome", "batch_enquiries_per_s")]
    build = [line("Wayhome", "build_s"), line("pg_trgm", "build_s", "pg_trgm")]
    drawn = {
        "lookup": ("Time of one look-up", "milliseconds", lookups),
        "batch": ("Enquiries in a batch on all processors", "enquiries a second", batch),
        "build": ("Time to build the index", "seconds", build),
        "memory": (
            "Size of the index, mapped into memory",
            "bytes",
            [line("Wayhome", "index_bytes")],
        ),
    }
    for name, (title, unit, lines) in drawn.items():
        shown = [x for x in lines if x.points]
        if shown:
            yield f"names-{name}.svg", chart(title, CARDS, unit, shown)


def kept(path: Path) -> list[Figures]:
    """Figures that were measured before."""
    return [Figures(**x) for x in json.loads(path.read_text("utf-8"))] if path.exists() else []


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, metavar="SIZE")
    parser.add_argument("--peers", default="all", help="as of `wayhome names bench`")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="enquiries for each peer")
    parser.add_argument("--longest", type=int, default=600, help="seconds for each peer")
    parser.add_argument("--enquiries", type=int, default=ENQUIRIES)
    parser.add_argument("--speed", action="store_true", help="time and memory alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keeps the figures")
    parser.add_argument("--charts", type=Path, metavar="FOLDER", help="draws them")
    parser.add_argument("--again", action="store_true", help="measures nothing, shows what is kept")
    asked = parser.parse_args()
    wanted = Wanted(asked.peers, asked.sample, asked.longest, asked.enquiries, asked.speed)
    found = {x.size: x for x in (kept(asked.json) if asked.json else [])}
    for size in () if asked.again else asked.sizes or SIZES:
        folder = Path(tempfile.mkdtemp(prefix="wayhome-bench-names-"))
        try:
            one = measure(size, folder, wanted)
            one.quality = one.quality or found.get(size, one).quality
            found[size] = one
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if asked.json:
            lines = [json.dumps(found[x].__dict__) for x in sorted(found)]
            asked.json.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    ordered = [found[x] for x in sorted(found)]
    print(report(ordered))
    for name, picture in charts(ordered) if asked.charts else ():
        (asked.charts / name).write_text(picture, encoding="utf-8")
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nMost memory of any step: {most:,.0f} MB.")


if __name__ == "__main__":
    main()
