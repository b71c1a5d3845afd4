"""`python -m tools.bench_names [SIZE ...]`: tables of the names core on invented registers.

For each size a register is generated (its seed is not one that anything was tuned on), matched
rich and sparse, judged against the truth, and its look-ups are timed beside peers in the same run.
Figures are of this machine and of these invented registers, and are told as such. Every step is
the command that anybody can type.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SIZES = (100_000, 1_000_000)
SEED = 40_417
ENQUIRIES = 20_000
LOOKUPS = 1000
EVIDENCE = ("rich", "sparse")
FEWEST_OF_A_KIND = 200  # below, a kind's recall says little
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


def measure(size: int, folder: Path, peers: str, sample: int, enquiries: int) -> Figures:
    """Everything about one size."""
    found = Figures(size)
    wayhome(
        *("names", "generate", "--size", size, "--seed", SEED + size, "--out", folder),
        *("--enquiries", enquiries),
    )
    register = folder / "register.csv"
    found.speed = json.loads(
        wayhome(
            *("names", "bench", "--register", register, "--json", "--lookups", LOOKUPS),
            *("--enquiries", folder / "enquiries-rich.csv", "--peers", peers),
            *("--truth", folder / "truth-rich.csv", "--sample", sample),
        )
    )
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
        told = wayhome("names", "evaluate", "--truth", truth, "--candidates", out, "--json")
        found.quality[evidence] = json.loads(told) | {"match_s": round(seconds, 1)}
    return found


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
    sizes = [f"{x.size:,}" for x in all_found]
    parts = [
        "Look-ups one after another, batch on all processors, rich enquiries:",
        table(["", *sizes], [[x, *(f.speed.get(x) for f in all_found)] for x in SPEED]),
        "Peers on the same register and enquiries in the same run:",
        table(["peer", "cards", *PEER_COLUMNS], list(_peers(all_found))),
        "How good:",
        table(["", *(f"{x}, {y}" for x in sizes for y in EVIDENCE)], list(_quality(all_found))),
        "Recall@10 by script and people, and the gap to Russian asked in Russian:",
        table(["", *(f"{x}, {y}" for x in sizes for y in EVIDENCE)], list(_kinds(all_found))),
    ]
    return "\n\n".join(parts)


PEER_COLUMNS = ("look-up p50, ms", "p99, ms", "enquiries a second", "recall@1", "recall@10",
                "times our p50")  # fmt: skip


def _peers(all_found: Sequence[Figures]) -> Any:
    for found in all_found:
        ours = found.speed
        first = (ours["lookup_p50_ms"], ours["lookup_p99_ms"], ours["batch_enquiries_per_s"])
        yield ["Wayhome", found.size, *first, ours.get("recall@1"), ours.get("recall@10"), "1"]
        for name, peer in ours["peers"].items():
            if isinstance(peer, str):
                yield [name, found.size, peer, *[""] * 5]
                continue
            p50 = peer.get("lookup_p50_ms", "")
            times = round(p50 / ours["lookup_p50_ms"]) if p50 else ""
            yield [
                f"{peer['what']} ({peer['enquiries']} asked)", found.size, p50,
                peer.get("lookup_p99_ms", ""), peer["enquiries_per_s"], peer.get("recall@1"),
                peer.get("recall@10"), times,
            ]  # fmt: skip


def _quality(all_found: Sequence[Figures]) -> Any:
    for name in QUALITY:
        yield [name, *(f.quality[x][name] for f in all_found for x in EVIDENCE)]


def _kinds(all_found: Sequence[Figures]) -> Any:
    columns = [f.quality[x]["breakdown"] for f in all_found for x in EVIDENCE]
    for by in ("script", "group"):
        for kind in columns[0][by]:
            cells = []
            for column in columns:
                count, _, recall = column[by].get(kind, [0, 0.0, 0.0])
                usual = column[by].get("ru" if by == "script" else "russian", [0, 0.0, 0.0])[2]
                few = " (few)" if count < FEWEST_OF_A_KIND else ""
                cells.append(f"{recall:.4f} ({recall - usual:+.3f}){few}")
            yield [f"{by}: {kind}", *cells]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, metavar="SIZE")
    parser.add_argument("--peers", default="all", help="as of `wayhome names bench`")
    parser.add_argument("--sample", type=int, default=20, help="enquiries for each peer")
    parser.add_argument("--enquiries", type=int, default=ENQUIRIES)
    parser.add_argument("--json", metavar="FILE", help="the figures for a program")
    asked = parser.parse_args()
    found = []
    for size in asked.sizes or SIZES:
        folder = Path(tempfile.mkdtemp(prefix="wayhome-bench-names-"))
        try:
            found.append(measure(size, folder, asked.peers, asked.sample, asked.enquiries))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    if asked.json:
        Path(asked.json).write_text(json.dumps([x.__dict__ for x in found], indent=1))
    print(report(found))
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nMost memory of any step: {most:,.0f} MB.")


if __name__ == "__main__":
    main()
