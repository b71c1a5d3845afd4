"""Peers on the same work, where R has them: pedprobr and Familias for ratios, dvir for events."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from wayhome.cores.kinship import Marker, Pedigree

FOLDER = Path(__file__).parent
MOST_SECONDS = 3600


@dataclass(frozen=True)
class Program:
    """A peer: its script, NAME.R beside this file, needs these packages of R."""

    name: str
    needed: tuple[str, ...]

    @property
    def script(self) -> Path:
        return FOLDER / f"{self.name.lower()}.R"

    def why_not(self) -> str:
        """Why it cannot be run here; nothing if it can."""
        if not shutil.which("Rscript"):
            return "R is not installed"
        for package in ("jsonlite", *self.needed):
            asked = f'quit(status = !requireNamespace("{package}", quietly = TRUE))'
            if subprocess.run(
                ["Rscript", "-e", asked], capture_output=True, check=False
            ).returncode:
                return f"R has no package {package}"
        return ""

    def answers(self, task: Mapping[str, Any]) -> list[list[str]]:
        """What it prints for a task, by words. Raises RuntimeError if R fails."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "task.json"
            file.write_text(json.dumps(task), encoding="utf-8")
            done = subprocess.run(
                ["Rscript", str(self.script), str(file)],
                capture_output=True,
                text=True,
                timeout=MOST_SECONDS,
                check=False,
            )
        if done.returncode:
            raise RuntimeError((done.stderr.strip().splitlines() or ["R failed"])[-1])
        return [line.split() for line in done.stdout.splitlines()]


PEDPROBR = Program("pedprobr", ("pedtools", "pedprobr"))
FAMILIAS = Program("Familias", ("Familias",))
DVIR = Program("dvir", ("pedtools", "dvir"))
OF_RATIOS = (PEDPROBR, FAMILIAS)
EVERY = (*OF_RATIOS, DVIR)


@dataclass(frozen=True)
class Peer:
    """What a peer found in the same run."""

    log10_lr: float
    per_second: float


def measured(
    program: Program, markers: Sequence[Marker], families: Sequence[Mapping[str, Any]]
) -> dict[str, Peer]:
    """The ratios a second of each family, by name. Raises RuntimeError if R fails."""
    task = {"markers": [_marker(one) for one in markers], "families": list(families)}
    return {
        name: Peer(float(log10_lr), float(per_second))
        for name, log10_lr, per_second in program.answers(task)
    }


def _marker(marker: Marker) -> dict[str, Any]:
    assert marker.maternal
    assert marker.paternal
    return {
        "name": marker.name,
        "alleles": marker.alleles,
        "freqs": marker.freqs,
        "female": asdict(marker.maternal),
        "male": asdict(marker.paternal),
    }


def family(
    name: str,
    kin: Pedigree,
    stranger: Sequence[Pedigree],
    profiles: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """A family as the script reads it: one connected pedigree each."""
    return {
        "name": name,
        "kin": [asdict(person) for person in kin],
        "stranger": [[asdict(person) for person in part] for part in stranger],
        "profiles": profiles,
    }
