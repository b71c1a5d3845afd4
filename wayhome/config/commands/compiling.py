"""`wayhome compile`: the machine code of the cores is made before anybody waits for it."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from wayhome.config.commands.shell import Failure, say

NAMES, KINSHIP = PARTS = ("names", "kinship")  # a process each

# One family and one of the dead: enough for every function to meet its types.
_MARKERS = [
    {
        "name": name,
        "chrom": "A",
        "alleles": ["8", "9", "9.3"],
        "freqs": [0.2, 0.3, 0.5],
    }
    for name in ("D1", "D2")
]
_EVENT = {
    "schema": "wayhome-blind/1",
    "id": "compile",
    "markers": _MARKERS,
    "families": [
        {
            "id": "F1",
            "missing": "MP",
            "persons": [
                {"id": "FA", "sex": "M", "father": None, "mother": None},
                {"id": "MO", "sex": "F", "father": None, "mother": None},
                {"id": "MP", "sex": "M", "father": "FA", "mother": "MO"},
            ],
            "genotypes": {"MO": {"D1": ["8", "9"], "D2": ["9", "9.3"]}},
        }
    ],
    "remains": [
        {"id": "R1", "sex": "M", "genotypes": {"D1": ["9", "9.3"], "D2": ["9", "9"]}},
        {"id": "R2", "sex": "M", "genotypes": {"D1": ["9", "9.3"], "D2": ["9", "9"]}},
    ],
}


@click.command("compile")
@click.option("--part", type=click.Choice(PARTS), hidden=True)
def compile_(part: str | None) -> None:
    """Make the machine code of the cores, once, so that nobody waits for it later.

    It is kept beside the program, or in the user's cache where that may not be written to
    (NUMBA_CACHE_DIR moves it), and made anew after a change of version. It takes a minute or two.
    Without it each function is made at its first use.
    """
    if part is not None:
        _work(part)
        return
    say("Making the machine code of the cores: this takes a minute or two, once.")
    command = [sys.executable, "-m", "wayhome.config.commands", "compile", "--part"]
    parts = [
        subprocess.Popen(
            [*command, x], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        for x in PARTS
    ]
    told = [x.communicate()[1].splitlines()[-1:] for x in parts]
    failed = [line for x, lines in zip(parts, told, strict=True) if x.returncode for line in lines]
    if failed:
        raise Failure(f"The machine code could not all be made: {failed[0]}")
    say("Done. Next: wayhome demo")


def _work(part: str) -> None:
    """Do small jobs of every kind with one core."""
    with tempfile.TemporaryDirectory(prefix="wayhome-compile-") as name:
        folder = Path(name)
        for command in (_names if part == NAMES else _kinship)(folder):
            _run(command)
        if part == NAMES:
            _as_the_bureau_does(folder / "bureau")


def _run(command: list[Any]) -> None:
    from wayhome.config.commands import wayhome

    with wayhome.make_context("wayhome", [str(x) for x in command]) as context:
        wayhome.invoke(context)


def _names(folder: Path) -> Iterator[list[Any]]:
    register, index = folder / "register.csv", folder / "index"
    rich, sparse = folder / "enquiries-rich.csv", folder / "enquiries-sparse.csv"
    yield ["names", "generate", "--size", 300, "--enquiries", 40, "--out", folder]
    yield ["names", "index", index, "--register", register]
    yield ["names", "search", "Иванов Иван Иванович 14.01.1990 Самара", "--index", index]
    yield ["names", "explain", "Буйничев Костя 1999", "Buinichev Konstantin 1999-01-14"]
    weights = folder / "weights.json"
    yield ["names", "learn", "--register", register, "--enquiries", sparse, "--out", weights]
    yield ["match", "--register", register, "--enquiries", rich, "--out", folder / "candidates.csv"]


def _kinship(folder: Path) -> Iterator[list[Any]]:
    event = folder / "event.json"
    event.write_text(json.dumps(_EVENT), encoding="utf-8")
    yield ["kinship", "search", event, "--out", folder / "pairs.csv"]
    yield ["kinship", "pairs", event, "--out", folder / "related.csv"]


def _as_the_bureau_does(folder: Path) -> None:
    """One card after the other, in a folder and in memory; what is suggested while typing."""
    from wayhome.cores.names import Description, Index
    from wayhome.cores.names.suggest import Kind, suggest

    one = Description(
        id="1", surname="Буйничев", given="Костя", born="1999-01-14", unit="в/ч 12345"
    )
    other = Description(id="2", surname="Bujnitschew", given="Konstantin", service_no="АБ-123456")
    for index in (Index.build([one]), Index.build([one], folder=folder)):
        index.add(other)
        index.candidates(other)
        index.remove(one.id)
        index.candidates(one)
        index.compact()
        index.candidates(one)
    suggest("Буйничеев", Kind.SURNAME)
