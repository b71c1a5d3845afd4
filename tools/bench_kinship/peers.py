"""pedprobr on the same families, where R has it."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from wayhome.cores.kinship import Marker, Pedigree

SCRIPT = Path(__file__).with_name("peers.R")
NEEDED = ("jsonlite", "pedtools", "pedprobr")
MOST_SECONDS = 600


@dataclass(frozen=True)
class Peer:
    """What a peer found in the same run."""

    log10_lr: float
    per_second: float


def why_not() -> str | None:
    """Why pedprobr cannot be run here, or None if it can."""
    if not shutil.which("Rscript"):
        return "R is not installed"
    for package in NEEDED:
        asked = f'quit(status = !requireNamespace("{package}", quietly = TRUE))'
        if subprocess.run(["Rscript", "-e", asked], capture_output=True, check=False).returncode:
            return f"R has no package {package}"
    return None


def measured(markers: Sequence[Marker], families: Sequence[Mapping[str, Any]]) -> dict[str, Peer]:
    """The ratios a second of each family, by name. Raises RuntimeError if R fails."""
    task = {"markers": [_marker(one) for one in markers], "families": list(families)}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "task.json"
        file.write_text(json.dumps(task), encoding="utf-8")
        done = subprocess.run(
            ["Rscript", str(SCRIPT), str(file)],
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["R failed"])[-1])
    found = {}
    for line in done.stdout.splitlines():
        name, log10_lr, per_second = line.split()
        found[name] = Peer(float(log10_lr), float(per_second))
    return found


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
