"""An invented event: families of many shapes, and remains of whom some are their missing.

    python -m tools.bench_kinship.event FOLDER --remains 1000 --families 1000

writes FOLDER/markers.json, families.jsonl, remains.jsonl and truth.csv. Alleles drop through the
pedigrees without mutation.
"""

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from tools.bench_kinship import invented
from wayhome.cores.kinship import Marker

SEED = 11
MISSED = 0.3  # of the missing, the share whose remains are found, if there are as many remains
NOT_TYPED = 0.05  # of the remains' markers
AT_ONCE = 10_000
PARENTS = (("FA", "M", None, None), ("MO", "F", None, None), ("MP", "M", "FA", "MO"))


@dataclass(frozen=True)
class Kind:
    """A shape of families: persons, parents first, who is typed, how many in a hundred."""

    name: str
    persons: tuple[tuple[str, str, str | None, str | None], ...]
    typed: tuple[str, ...]
    share: int


def _siblings(*codes: str) -> tuple[tuple[str, str, str, str], ...]:
    return tuple((code, "MF"[n % 2], "FA", "MO") for n, code in enumerate(codes))


KINDS = (
    Kind("mother", PARENTS, ("MO",), 25),
    Kind("father", PARENTS, ("FA",), 5),
    Kind("parents", PARENTS, ("FA", "MO"), 15),
    Kind("mother and sibling", (*PARENTS, *_siblings("S1")), ("MO", "S1"), 15),
    Kind("two siblings", (*PARENTS, *_siblings("S1", "S2")), ("S1", "S2"), 10),
    Kind("three siblings", (*PARENTS, *_siblings("S1", "S2", "S3")), ("S1", "S2", "S3"), 5),
    Kind(
        "widow and child",
        (("MP", "M", None, None), ("WI", "F", None, None), ("CH", "F", "MP", "WI")),
        ("WI", "CH"),
        15,
    ),
    Kind("one child", (("MP", "M", None, None), ("WI", "F", None, None), ("CH", "M", "MP", "WI")),
         ("CH",), 5),
    Kind(
        "uncle and grandmother",
        (
            *(("GF", "M", None, None), ("GM", "F", None, None), ("MO", "F", None, None)),
            *(("FA", "M", "GF", "GM"), ("UN", "M", "GF", "GM"), ("MP", "M", "FA", "MO")),
        ),
        ("GM", "UN"),
        5,
    ),
)  # fmt: skip


def persons_json(kind: Kind) -> list[dict[str, Any]]:
    keys = ("id", "sex", "father", "mother")
    return [dict(zip(keys, person, strict=True)) for person in kind.persons]


def dropped(
    kind: Kind, kit: list[Marker], families: int, chance: np.random.Generator
) -> dict[str, NDArray[np.intp]]:
    """Genes of everybody, (families, markers, 2), handed down."""
    genes: dict[str, NDArray[np.intp]] = {}
    for code, _, father, mother in kind.persons:
        if father is None or mother is None:
            columns = [_founders(marker, families, chance) for marker in kit]
            genes[code] = np.stack(columns, axis=1)
            continue
        copies = []
        for parent in (father, mother):
            strand = chance.integers(0, 2, size=(families, len(kit), 1))
            copies.append(np.take_along_axis(genes[parent], strand, axis=2))
        genes[code] = np.concatenate(copies, axis=2)
    return genes


def _founders(marker: Marker, families: int, chance: np.random.Generator) -> NDArray[np.intp]:
    shares = np.array(marker.freqs)
    return chance.choice(len(shares), size=(families, 2), p=shares / shares.sum())


def profile(kit: list[Marker], pairs: Any, left_out: Any = ()) -> dict[str, list[str]]:
    return {
        marker.name: [marker.alleles[pairs[n][0]], marker.alleles[pairs[n][1]]]
        for n, marker in enumerate(kit)
        if n not in left_out
    }


def write(folder: Path, remains: int, families: int, seed: int = SEED) -> None:
    """Write an event of this size; the same for the same seed."""
    folder.mkdir(parents=True, exist_ok=True)
    chance, kit = np.random.default_rng(seed), invented.kit()
    (folder / "markers.json").write_text(json.dumps([_marker(one) for one in kit]))
    found_share = min(1.0, MISSED * remains / families)
    waiting: list[tuple[str, Any]] = []
    with (folder / "families.jsonl").open("w") as lines:
        done = 0
        for kind in KINDS:
            count = families * kind.share // 100 if kind is not KINDS[-1] else families - done
            for first in range(0, count, AT_ONCE):
                some = min(AT_ONCE, count - first)
                genes = dropped(kind, kit, some, chance)
                _write_families(lines, kind, kit, genes, done + first)
                for n in np.flatnonzero(chance.random(some) < found_share):
                    waiting.append((f"F{done + first + int(n)}", genes["MP"][n].tolist()))
            done += count
    _write_remains(folder, kit, waiting, remains, chance)


def _write_families(
    lines: TextIO, kind: Kind, kit: list[Marker], genes: dict[str, NDArray[np.intp]], first: int
) -> None:
    persons = persons_json(kind)
    seen = {code: genes[code].tolist() for code in kind.typed}
    for n in range(len(genes["MP"])):
        family = {
            "id": f"F{first + n}",
            "missing": "MP",
            "persons": persons,
            "genotypes": {code: profile(kit, pairs[n]) for code, pairs in seen.items()},
        }
        lines.write(json.dumps(family) + "\n")


def _write_remains(
    folder: Path,
    kit: list[Marker],
    waiting: list[tuple[str, Any]],
    remains: int,
    chance: np.random.Generator,
) -> None:
    strangers = ("", None)
    order = chance.permutation(remains)
    with (folder / "remains.jsonl").open("w") as lines, (folder / "truth.csv").open("w") as truth:
        truth.write("remains_id,family_id\n")
        for number, place in enumerate(order):
            family, pairs = waiting[place] if place < len(waiting) else strangers
            if pairs is None:
                pairs = [_founders(marker, 1, chance)[0] for marker in kit]
            missing = set(np.flatnonzero(chance.random(len(kit)) < NOT_TYPED).tolist())
            found = {"id": f"R{number}", "sex": "M", "genotypes": profile(kit, pairs, missing)}
            lines.write(json.dumps(found) + "\n")
            truth.write(f"R{number},{family}\n")


def _marker(marker: Marker) -> dict[str, Any]:
    assert marker.maternal
    assert marker.paternal
    models = {"female": marker.maternal, "male": marker.paternal}
    return {
        "name": marker.name,
        "chrom": marker.chrom,
        "alleles": marker.alleles,
        "freqs": marker.freqs,
        "mutation": {
            sex: {"model": m.name} | {k: asdict(m)[k] for k in ("rate", "rate2", "range")}
            for sex, m in models.items()
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.bench_kinship.event")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--remains", type=int, default=1000)
    parser.add_argument("--families", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    write(asked.folder, asked.remains, asked.families, asked.seed)


if __name__ == "__main__":
    main()
