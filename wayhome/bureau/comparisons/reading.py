"""A laboratory's file: read in a process of its own, since strangers made it."""

import json
from dataclasses import dataclass
from typing import Any

from wayhome.bureau.comparisons.bridge import read_profiles
from wayhome.lib.sandbox import SandboxFailure, run_sandboxed

SECONDS = 60
MEMORY_BYTES = 1024 * 1024 * 1024
NOTHING_MADE = "nothing can be made of this file"


@dataclass(frozen=True)
class ReadFile:
    """What a file held. With a fault nothing is taken of it."""

    form: str
    genotypes: dict[str, dict[str, list[str]]]  # code → marker → alleles
    sexes: dict[str, str]
    faults: list[dict[str, Any]]  # [{"line", "field", "fault"}]
    notes: list[str]


def read_file(content: bytes) -> ReadFile:
    """Read any bytes; whatever is wrong is among the faults."""
    try:
        told = run_sandboxed(
            "wayhome.bureau.comparisons.reading.read", content, seconds=SECONDS,
            memory_bytes=MEMORY_BYTES,
        )  # fmt: skip
    except SandboxFailure:
        told = {"faults": [{"line": 0, "field": "", "fault": NOTHING_MADE}]}
    empty: dict[str, Any] = {"form": "", "genotypes": {}, "sexes": {}, "faults": [], "notes": []}
    return ReadFile(**{**empty, **told})


def read(content: bytes) -> dict[str, Any]:
    """As `read_file`, in this process: a value that JSON can hold."""
    told: dict[str, Any] = json.loads(json.dumps(read_profiles(content)))
    return told
