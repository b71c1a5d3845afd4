"""Measure the kinship core, beside its peers where R has them; blind search on all processors.

Every ratio is of 24 invented markers with stepwise mutation, both hypotheses computed anew from
the genotypes. Compilation of plans is in the first run, which is not counted.
"""

import argparse
import json
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.bench_kinship import invented, joint, peers, searches
from tools.bench_kinship.measured import Measured
from wayhome.cores.kinship import Marker, Pedigree, Person
from wayhome.cores.kinship.batch import likelihoods, tables

AGREES = 1e-9
RUN = "run"


@dataclass(frozen=True)
class Work:
    """Ratios of so many families of one shape, each with remains of its own; how many a second
    one core is to reach, and in how many microseconds a marker's table."""

    name: str
    what: str
    kin: Pedigree
    stranger: Pedigree
    typed: tuple[str, ...]
    families: int
    reach: float
    tables_reach: float

    @property
    def members(self) -> tuple[str, ...]:
        return (*self.typed, "MP")


WORKS = (
    Work(
        *("duo", "mother and son"),
        *(invented.MOTHER_AND_SON, invented.MOTHER_AND_STRANGER),
        *(("MO",), 20_000, 20_000, 5),
    ),
    Work(
        *("ten", "family of ten, aunt, brother and cousin typed"),
        *(invented.FAMILY_OF_TEN, invented.TEN_AND_STRANGER),
        *(invented.TYPED_OF_TEN, 1_000, 500, 50),
    ),
)


def log10_ratios(
    work: Work, kit: Sequence[Marker], seen: Sequence[NDArray[np.intp]]
) -> NDArray[np.float64]:
    """The ratio of each family over all markers."""
    total = np.zeros(len(seen[0]))
    for marker, genotypes in zip(kit, seen, strict=True):
        above, below = (
            likelihoods(pedigree, marker, work.members, genotypes)
            for pedigree in (work.kin, work.stranger)
        )
        total += np.log10(above / below)
    return total


def seconds(run: Callable[[], object]) -> float:
    """Processor time of the second of two runs."""
    run()
    begun = time.process_time()
    run()
    return time.process_time() - begun


def measure(
    work: Work, kit: Sequence[Marker], found: Mapping[str, Mapping[str, peers.Peer]]
) -> list[Measured]:
    """The ratios a second by the batch call, and the time that a family's tables take.

    `found` is what each peer found, by the name of the peer and of the work.
    """
    seen = [invented.genotypes(marker, work.families, len(work.members)) for marker in kit]
    spent = seconds(lambda: log10_ratios(work, kit, seen))

    def every_table() -> None:
        for marker, genotypes in zip(kit, seen, strict=True):
            made = tables(work.kin, marker, work.typed, genotypes[:, :-1], "MP")
            assert made.ratios.size

    each = seconds(every_table) / work.families / len(kit) * 1e6
    ours = float(log10_ratios(work, kit, seen)[0])
    rates: dict[str, float | None] = {}
    for name, of_work in found.items():
        peer = of_work.get(work.name)
        rates[name] = peer and peer.per_second
        if peer and abs(ours - peer.log10_lr) > AGREES * max(1, abs(ours)):
            raise SystemExit(f"{work.what}: we find 10^{ours}, {name} 10^{peer.log10_lr}")
    rate = Measured(work.what, work.families / spent, "LR/s", work.reach, rates)
    return [rate, Measured(f"{work.what}: its tables", each, "µs a marker", work.tables_reach)]


def as_family(work: Work, kit: Sequence[Marker]) -> dict[str, object]:
    """The first of the families, for a peer."""
    profiles: dict[str, dict[str, str]] = {code: {} for code in work.members}
    for marker in kit:
        first = invented.genotypes(marker, work.families, len(work.members))[0]
        for code, pair in zip(work.members, first, strict=True):
            profiles[code][marker.name] = "/".join(marker.alleles[n] for n in pair)
    alone = Pedigree((Person("MP", "M"),))
    rest = tuple(person for person in work.stranger if person.id != "MP")
    return peers.family(work.name, work.kin, [Pedigree(rest), alone], profiles)


def of_peers(
    kit: Sequence[Marker],
) -> tuple[dict[str, dict[str, peers.Peer]], dict[str, str]]:
    """What each peer found, and of each whether it ran, or why it did not."""
    found: dict[str, dict[str, peers.Peer]] = {}
    told: dict[str, str] = {}
    for program in peers.EVERY:
        told[program.name] = program.why_not() or RUN
        if program in peers.OF_RATIOS:
            found[program.name] = {}
        if told[program.name] != RUN or program not in peers.OF_RATIOS:
            continue
        try:
            families = [as_family(work, kit) for work in WORKS]
            found[program.name] = peers.measured(program, kit, families)
        except RuntimeError as error:
            told[program.name] = str(error)
    return found, told


def line(one: Measured) -> str:
    """One figure in words."""
    said = [f"{one.what}: {one.value:,.1f} {one.unit}"]
    if one.reach:
        said[0] += f", to reach {one.reach:,.12g}"
    for name, peer in one.peers.items():
        said.append(f"{one.times(peer):,.0f} times {name}'s" if peer else f"{name} not measured")
    return "; ".join(said)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.bench_kinship", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON, for a program")
    parser.add_argument("--quick", action="store_true", help="leave out the largest search")
    parser.add_argument(
        "--event",
        action="append",
        default=[],
        type=Path,
        metavar="EVENT.json",
        help="measure joint identification on this event too (wayhome-dvi/1), may be repeated",
    )
    asked = parser.parse_args()
    for path in asked.event:
        if not path.is_file():
            parser.error(f"{path}: no such file")
    kit = invented.kit()
    found, told = of_peers(kit)
    measured = [one for work in WORKS for one in measure(work, kit, found)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    measured.append(Measured("memory at its most", peak, "MB"))
    measured.extend(joint.measured(asked.event, with_peer=told[peers.DVIR.name] == RUN))
    measured.extend(searches.measured(large=not asked.quick))
    if asked.json:
        print(json.dumps({"figures": [asdict(one) for one in measured], "peers": told}))
        return
    for one in measured:
        print(line(one))
    for name, why in told.items():
        if why != RUN:
            print(f"{name} was not measured: {why}.")


if __name__ == "__main__":
    main()
