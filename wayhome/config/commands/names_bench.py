"""`wayhome names bench`: how fast, how large, beside other programs on the same files."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wayhome.config.commands.names import faults_told, figure, rows_set_aside, tell_json
from wayhome.config.commands.shell import (
    ProgressBar,
    as_json,
    readable_file,
    say,
)

if TYPE_CHECKING:
    from wayhome.cores.trials.judging import Truth

PEERS = ("rapidfuzz", "pg_trgm", "nomenklatura", "splink")
FIRST = ("lookup_p50_ms", "lookup_p99_ms", "index_bytes_per_person", "build_persons_per_s",
         "batch_enquiries_per_s")  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """Which peers are asked, how many enquiries, and after how many seconds no more."""

    names: list[str]
    sample: int
    longest_s: int


@click.command()
@click.option("--register", required=True, metavar="R.csv", help="The register.")
@click.option("--enquiries", required=True, metavar="E.csv", help="Who is asked for.")
@click.option("--truth", metavar="T.csv", help="With it, how many were found is told too.")
@click.option("--candidates", metavar="C.csv", help="What the timed look-ups returned.")
@click.option("--lookups", type=click.IntRange(1), default=1000, show_default=True,
              help="How many enquiries are looked up one after another.")  # fmt: skip
@click.option("--peers", default="rapidfuzz", show_default=True, metavar="NAMES",
              help=f"Asked the same in this run: {', '.join(PEERS)}; or none, all.")  # fmt: skip
@click.option("--sample", type=click.IntRange(1), default=20, show_default=True,
              help="How many enquiries each peer is asked.")  # fmt: skip
@click.option("--longest", type=click.IntRange(1), default=600, show_default=True,
              metavar="SECONDS", help="After which a peer is asked no more.")  # fmt: skip
@as_json
def bench(
    register: str,
    enquiries: str,
    truth: str | None,
    candidates: str | None,
    lookups: int,
    peers: str,
    sample: int,
    longest: int,
    as_json: bool,
) -> None:
    """Measure look-ups, a batch and the size of an index, beside other programs.

    Look-ups are one after another on a warm index, in this process; the batch goes from file to
    file on all processors. Peers get the first --sample enquiries on the same register in the same
    run; `times_rapidfuzz` is how many times longer rapidfuzz takes for one look-up.
    """
    wanted = chosen(peers)
    paths = readable_file(register), readable_file(enquiries)
    answers = readable_file(truth) if truth else None
    with faults_told():
        found = figures(*paths, answers, candidates, lookups, Asked(wanted, sample, longest))
    if as_json:
        tell_json(found)
    else:
        tell(found)


def chosen(text: str) -> list[str]:
    """Which peers are asked."""
    names = [x.strip() for x in text.split(",") if x.strip()]
    if names == ["none"]:
        return []
    if names == ["all"]:
        return list(PEERS)
    unknown = [x for x in names if x not in PEERS]
    if unknown:
        raise click.BadParameter(f"{unknown[0]}: expected {', '.join(PEERS)}, none or all",
                                 param_hint="--peers")  # fmt: skip
    return names


def figures(
    register: Path,
    enquiries: Path,
    truth: Path | None,
    candidates: str | None,
    lookups: int,
    peers: Asked,
) -> dict[str, Any]:
    """Everything that is measured; `peers` holds the figures of the others by name."""
    from wayhome.config.names_figures import measure
    from wayhome.config.names_peers import Task, measured
    from wayhome.cores.trials.judging import read_truth

    bars: dict[str, ProgressBar] = {}

    def progress(what: str, done: int, of: int) -> None:
        bars.setdefault(what, ProgressBar(what))(done, of)

    truths: dict[str, Truth] = {}
    if truth:
        with rows_set_aside() as faults:
            truths = read_truth(truth, faults.append)
    found, sheet, asked, ranked = measure(
        *(register, enquiries),
        lookups=lookups,
        candidates=Path(candidates) if candidates else None,
        progress=progress,
    )
    ids = [x.id for x in asked]
    if truths:
        found |= recalls(ids, ranked, truths)
    task = Task.of(sheet, asked, peers.longest_s)
    others, rankings = measured(task, peers.sample, peers.names, progress)
    for name, ranking in rankings.items():
        others[name] |= recalls(ids, ranking, truths) if truths else {}
    found["peers"] = others
    rapidfuzz = others.get("rapidfuzz")
    if isinstance(rapidfuzz, dict) and found["lookup_p50_ms"]:
        found["rapidfuzz_lookup_p50_ms"] = rapidfuzz["lookup_p50_ms"]
        found["rapidfuzz_lookup_p99_ms"] = rapidfuzz["lookup_p99_ms"]
        found["rapidfuzz_enquiries_per_s"] = rapidfuzz["enquiries_per_s"]
        found["times_rapidfuzz"] = round(rapidfuzz["lookup_p50_ms"] / found["lookup_p50_ms"], 1)
    return found


def recalls(ids: list[str], ranked: list[list[str]], truths: Any) -> dict[str, Any]:
    """The share of men on the register of whom a card is among the first 1, 10 and 50."""
    asked = [(truths[id].cards, cards) for id, cards in zip(ids, ranked, strict=False)
             if id in truths and truths[id].cards]  # fmt: skip
    if not asked:
        return {}
    return {"matches": len(asked)} | {
        f"recall@{k}": round(
            sum(not true.isdisjoint(cards[:k]) for true, cards in asked) / len(asked), 4
        )
        for k in (1, 10, 50)
    }


def tell(found: dict[str, Any]) -> None:
    """The figures for a person: what matters first, then the rest, then the peers."""
    rest = [x for x in found if x not in (*FIRST, "peers")]
    for name in (*FIRST, *rest):
        say(f"{name:26} {figure(found[name])}")
    for name, figures in found["peers"].items():
        say("")
        if isinstance(figures, str):
            say(f"{name}: {figures}")
            continue
        say(f"{name}: {figures.pop('what')}")
        for key, value in figures.items():
            say(f"  {key:24} {figure(value)}")
