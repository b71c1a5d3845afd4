"""Frequency tables: how often each allele is met in a population, with source and licence."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePath
from typing import Any

from .records import Fault, FaultyFile, marker_name, shown, tidy
from .tables import Table, missing_headings, number_in, read_table

DATA = files(__package__) / "data"
SUM_MAY_BE_OFF = 0.05
SUM_IS_ONE_WITHIN = 1e-9
Shares = dict[str, float]


@dataclass(frozen=True)
class Frequencies:
    """The tables of one file: population → marker → allele → share. Each sums to 1.

    `rescaled` has, by population and marker, the sum that was told, where it was not 1.
    """

    name: str
    sha256: str
    title: str
    cite: str
    licence: str
    populations: Mapping[str, Mapping[str, Shares]]
    rescaled: Mapping[tuple[str, str], float]
    about: Mapping[str, str]

    def of(self, population: str) -> Mapping[str, Shares]:
        """The tables of one population; without a name, of the only one. Raises FaultyFile."""
        if not population and len(self.populations) == 1:
            return next(iter(self.populations.values()))
        if population not in self.populations:
            names = ", ".join(sorted(self.populations))
            fault = f"{shown(population)}; expected one of {names}"
            raise FaultyFile([Fault(0, "population", fault)])
        return self.populations[population]

    def told(self, population: str, markers: list[str]) -> str:
        """Where the frequencies come from, whose they are, and what was done to them."""
        population = population or next(iter(self.populations))
        of = self.about.get(population, population)
        off = {
            marker: total
            for marker in markers
            if (total := self.rescaled.get((population, marker))) is not None
        }
        if off:
            by = ", ".join(f"{marker} by {total:.9g}" for marker, total in off.items())
            how = f"divided, so that they sum to 1: {by}"
        else:
            how = "as published, they sum to 1"
        parts = (self.title, self.cite, f"licence: {self.licence}", f"population {of}", how)
        return "; ".join((*parts, f"SHA-256 of the table {self.sha256}"))

    def as_dict(self) -> dict[str, Any]:
        """What there is, as it is printed."""
        return {
            "name": self.name,
            "title": self.title,
            "cite": self.cite,
            "licence": self.licence,
            "sha256": self.sha256,
            "populations": {
                name: {"about": self.about.get(name, name), "markers": list(markers)}
                for name, markers in self.populations.items()
            },
            "rescaled": [
                {"population": population, "marker": marker, "sum": total}
                for (population, marker), total in self.rescaled.items()
            ],
        }


def names_of_tables() -> list[str]:
    """The tables that come with the library."""
    return list(_sources())


def _sources() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "SOURCES.json").read_text(encoding="utf-8"))
    return found


def table_of(name: str) -> Frequencies:
    """A table that comes with the library. Raises KeyError."""
    told = _sources()[name]
    data = (DATA / f"{name}.csv").read_bytes()
    return read_frequencies(
        data, name, told["title"], told["cite"], told["licence"], told["populations"]
    )


def read_frequencies(
    data: bytes,
    name: str,
    title: str = "",
    cite: str = "source not stated",
    licence: str = "not stated",
    about: Mapping[str, str] | None = None,
) -> Frequencies:
    """A table of one's own: a row an allele (population, locus, allele, freq), or a ladder.

    A ladder has alleles down the first column and a column for each marker. Raises FaultyFile.
    """
    table = read_table(data)
    long = table.column("locus", "marker", "markername") is not None
    raw, faults = _long(table) if long else _ladder(table)
    faults = [*table.faults, *faults]
    populations: dict[str, dict[str, Shares]] = {}
    rescaled: dict[tuple[str, str], float] = {}
    for (population, marker), (line, shares) in raw.items():
        total = sum(shares.values())
        if abs(total - 1) > SUM_MAY_BE_OFF:
            told = f"frequencies of {population} sum to {total:.6g}; expected 1".replace(
                " of  ", " "
            )
            faults.append(Fault(line, marker, told))
        elif abs(total - 1) > SUM_IS_ONE_WITHIN:
            rescaled[population, marker] = total
            shares = {allele: share / total for allele, share in shares.items()}
        populations.setdefault(population, {})[marker] = shares
    if not populations and not faults:
        faults.append(Fault(0, "", "no frequencies in it"))
    if faults:
        raise FaultyFile(faults)
    digest = hashlib.sha256(data).hexdigest()
    title = title or PurePath(name).name
    return Frequencies(name, digest, title, cite, licence, populations, rescaled, about or {})


Raw = dict[tuple[str, str], tuple[int, Shares]]


def _long(table: Table) -> tuple[Raw, list[Fault]]:
    place = {
        "locus": table.column("locus", "marker", "markername"),
        "allele": table.column("allele"),
        "freq": table.column("freq", "frequency"),
    }
    missing_headings(table, place)
    locus, allele, freq = (n for n in place.values() if n is not None)
    population = table.column("population", "pop")
    raw: Raw = {}
    faults: list[Fault] = []
    for line, cells in table.rows:
        of = cells[population].strip().replace("_", " ") if population is not None else ""
        _take(raw, faults, line, (of, marker_name(cells[locus])), cells[allele], cells[freq])
    return raw, faults


def _ladder(table: Table) -> tuple[Raw, list[Fault]]:
    missing_headings(table, {"allele": table.column("allele", "alleles", "")})
    raw: Raw = {}
    faults: list[Fault] = []
    for line, cells in table.rows:
        if not re.match(r"[\d<>]", cells[0].strip()) and number_in(cells[0]) is None:
            continue  # the number of persons, as such tables have it in their last line
        for title, cell in zip(table.titles[1:], cells[1:], strict=True):
            if title and cell.strip() not in ("", "-", "0", "NA"):
                _take(raw, faults, line, ("", marker_name(title)), cells[0], cell)
    return raw, faults


def _take(
    raw: Raw, faults: list[Fault], line: int, key: tuple[str, str], allele: str, freq: str
) -> None:
    allele, share = tidy(allele), number_in(freq)
    if not allele or not key[1]:
        faults.append(Fault(line, "allele", "a line without marker or allele"))
    elif share is None or not 0 <= share <= 1:
        faults.append(Fault(line, key[1], f"{shown(freq)}; expected a frequency from 0 to 1"))
    elif allele in raw.setdefault(key, (line, {}))[1]:
        faults.append(Fault(line, key[1], f"allele {allele} twice; expected each once"))
    elif share:
        raw[key][1][allele] = share
