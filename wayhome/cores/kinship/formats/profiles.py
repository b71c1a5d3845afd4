"""Tables of profiles: a row a genotype (GeneMapper too), a row a sample, and pedigree tables."""

import re
from collections.abc import Mapping
from typing import Any

from ..evidence import ANY
from .records import SAME, UNTYPED, Contents, Document, Fault, Profiles, Written, marker_name, shown
from .tables import Table, as_csv, missing_headings, read_table

SAMPLE = ("sample", "samplename", "sampleid", "samplefile", "specimen", "specimenid", "person")
MARKER = ("marker", "markername", "locus", "locusname", "system")
GENOTYPE = ("genotype", "alleles")
FATHER, MOTHER = ("father", "fid", "fatherid"), ("mother", "mid", "motherid")
HYPOTHESIS = ("hypothesis", "famid", "family", "familyid", "pedigree")
# Beside profiles, tables of laboratories hold columns that are no marker.
NO_MARKER = {
    "",
    "sex",
    "gender",
    "comment",
    "comments",
    "date",
    "category",
    "kit",
    "panel",
    "batch",
}
SEXES = {
    **dict.fromkeys(("m", "male", "1", "man"), "M"),
    **dict.fromkeys(("f", "female", "2", "woman"), "F"),
    **dict.fromkeys(("u", "", "0", "unknown", "?", "na"), "U"),
}


def looks_like(table: Table) -> str:
    """Which of the tables this is: pedigree, long or wide."""
    if table.column("id", "person") is not None and table.column(*FATHER) is not None:
        return "pedsuite"
    return "csv" if table.column(*MARKER) is not None else "wide"


def read_long(data: bytes, one_allele: str = SAME) -> Contents:
    """A row a genotype: sample, marker, allele 1, allele 2, … or the genotype as 12/13.

    Raises FaultyFile where a column is missing.
    """
    table = read_table(data)
    sample, marker = table.column(*SAMPLE, "id"), table.column(*MARKER)
    alleles = table.columns(r"(allele|a)\d{1,2}")
    genotype = table.column(*GENOTYPE)
    first = alleles[0] if alleles else genotype
    missing_headings(table, {"sample": sample, "marker": marker, "allele 1": first})
    assert sample is not None
    assert marker is not None
    profiles = Profiles(one_allele, faults=list(table.faults))
    sex = table.column("sex", "gender")
    for line, cells in table.rows:
        told = [cells[n] for n in alleles] if alleles else _split(cells[genotype or 0])
        profiles.add(line, cells[sample], cells[marker], told)
        if sex is not None:
            _read_sex(profiles, line, cells[sample].strip(), cells[sex])
    return profiles.contents()


def read_wide(data: bytes, one_allele: str = SAME) -> Contents:
    """A row a sample: a column for each marker (12/13), or two of one name (12 and 13).

    Raises FaultyFile where a column is missing.
    """
    table = read_table(data)
    sample = table.column(*SAMPLE, "id", "name", "code")
    markers = _marker_columns(table, {sample})
    missing_headings(
        table,
        {"sample": sample, "a marker": next((n for ns in markers.values() for n in ns), None)},
    )
    assert sample is not None
    profiles = Profiles(one_allele, faults=list(table.faults))
    sex = table.column("sex", "gender")
    seen: dict[str, int] = {}
    for line, cells in table.rows:
        if (before := seen.setdefault(cells[sample].strip(), line)) != line:
            fault = f"{shown(cells[sample].strip())} again, after line {before}; expected each once"
            profiles.faults.append(Fault(line, "sample", fault))
            continue
        _read_cells(profiles, table, markers, line, cells[sample], cells)
        if sex is not None:
            _read_sex(profiles, line, cells[sample].strip(), cells[sex])
    return profiles.contents()


def read_pedigrees(data: bytes, one_allele: str = SAME) -> Contents:
    """A row a person: id, father, mother, sex, and genotypes if there are any.

    As pedtools, forrel and dvir have it (famid, id, fid, mid, sex, markers). Rows of one
    `hypothesis`, or famid, are one pedigree. Raises FaultyFile where a column is missing.
    """
    table = read_table(data)
    place = {
        "id": table.column("id", "person"),
        "father": table.column(*FATHER),
        "mother": table.column(*MOTHER),
        "sex": table.column("sex", "gender"),
    }
    missing_headings(table, place)
    at = {name: n for name, n in place.items() if n is not None}
    under = table.column(*HYPOTHESIS)
    markers = _marker_columns(table, {*at.values(), under})
    profiles = Profiles(one_allele, faults=list(table.faults))
    hypotheses: dict[str, dict[str, list[Document]]] = {}
    for line, cells in table.rows:
        code = profiles.code(line, "id", cells[at["id"]])
        name = (cells[under].strip() if under is not None else "") or "H1"
        if code:
            persons = hypotheses.setdefault(name, {"persons": []})["persons"]
            persons.append(_person(profiles, line, code, cells, at))
            _read_cells(profiles, table, markers, line, code, cells)
    if not markers:
        profiles.genotypes.clear()
    else:
        for code in [c for c, typed in profiles.genotypes.items() if not typed]:
            del profiles.genotypes[code]
    return profiles.contents({"hypotheses": hypotheses})


def _person(
    profiles: Profiles, line: int, code: str, cells: tuple[str, ...], at: Mapping[str, int]
) -> Document:
    parents: dict[str, str | None] = {}
    for role in ("father", "mother"):
        told = cells[at[role]].strip()
        parents[role] = None if told in {"", "0", ANY, "NA"} else told
    if (parents["father"] is None) != (parents["mother"] is None):
        fault = f"{code} with one parent only; expected both, or none"
        profiles.faults.append(Fault(line, "father, mother", fault))
    return {"id": code, "sex": _read_sex(profiles, line, code, cells[at["sex"]]), **parents}


def _read_sex(profiles: Profiles, line: int, sample: str, told: str) -> str:
    sex = SEXES.get(told.strip().lower())
    if sex is None:
        profiles.faults.append(Fault(line, "sex", f"{shown(told)}; expected M, F or U (1, 2 or 0)"))
    elif sample:
        profiles.sexed(line, sample, sex)
    return sex or "U"


def _marker_columns(table: Table, taken: set[int | None]) -> dict[str, list[int]]:
    """The columns of each marker: one, or two that differ by their last digit at most."""
    titles = {
        n: title
        for n, title in enumerate(table.titles)
        if n not in taken and table.headings[n] not in NO_MARKER
    }
    bases = {n: re.sub(r"(?<=.)[\s._-][12ab]$", "", title) for n, title in titles.items()}
    found: dict[str, list[int]] = {}
    for n, title in titles.items():
        pair = list(bases.values()).count(bases[n]) == 2
        found.setdefault(bases[n] if pair else title, []).append(n)
    return found


def _read_cells(
    profiles: Profiles,
    table: Table,
    markers: Mapping[str, list[int]],
    line: int,
    sample: str,
    cells: tuple[str, ...],
) -> None:
    profiles.add(line, sample, "AMEL", [])  # a sample without any marker is one too
    for name, places in markers.items():
        told = [cells[n] for n in places]
        profiles.add(line, sample, name, told if len(told) > 1 else _split(told[0]))


def _split(cell: str) -> list[str]:
    """A genotype in one cell: 12/13; with `/` untyped alleles are kept apart."""
    parts = re.split(r"[/|;\s]+", cell.strip())
    return [] if cell.strip() in {*UNTYPED, "-/-", "0/0", "NA"} else parts


# Writers


def _others(document: Document, *known: str) -> tuple[str, ...]:
    """The parts of a case that a table has no place for."""
    parts = ("hypotheses", "markers", "theta", "evidence", "linkage", "lineages", "unknown_alleles")
    return tuple(part for part in parts if document.get(part) and part not in known)


def write_long(document: Document) -> Written:
    """A row a genotype, as CSV."""
    return Written(as_csv([["sample", "marker", "allele1", "allele2"], *_genotypes(document)]),
                   _others(document))  # fmt: skip


def write_genemapper(document: Document) -> Written:
    """A row a genotype, tab separated, with GeneMapper's headings."""
    heading = ["Sample Name", "Marker", "Allele 1", "Allele 2"]
    return Written(as_csv([heading, *_genotypes(document)], "\t"), _others(document))


def _genotypes(document: Document) -> list[list[str]]:
    return [
        [sample, marker, *alleles]
        for sample, profile in document.get("genotypes", {}).items()
        for marker, alleles in profile.items()
    ]


def write_wide(document: Document) -> Written:
    """A row a sample, as CSV."""
    genotypes = document.get("genotypes", {})
    names = _names(document)
    rows = [[s, *_row(profile, names, "")] for s, profile in genotypes.items()]
    return Written(as_csv([["sample", *names], *rows]), _others(document))


def write_pedigrees(document: Document) -> Written:
    """A row a person of each hypothesis: famid, id, fid, mid, sex, markers, tab separated."""
    genotypes, names = document.get("genotypes", {}), _names(document)
    rows = [["famid", "id", "fid", "mid", "sex", *names]]
    for hypothesis, pedigree in document.get("hypotheses", {}).items():
        for one in pedigree["persons"]:
            parents = [one.get(role) or "0" for role in ("father", "mother")]
            sex = {"M": "1", "F": "2"}.get(one.get("sex", "U"), "0")
            typed = _row(genotypes.get(one["id"], {}), names, "-")
            rows.append([hypothesis, one["id"], *parents, sex, *typed])
    left_out = [*_others(document, "hypotheses"), *_of_pedigrees(document)]
    return Written(as_csv(rows, "\t"), tuple(left_out))


def _of_pedigrees(document: Document) -> list[str]:
    pedigrees = document.get("hypotheses", {}).values()
    inbred = any(
        one.get("founder_inbreeding") or one.get("founder_inbreeding_x")
        for pedigree in pedigrees
        for one in pedigree["persons"]
    )
    twins = any(pedigree.get("mz_twins") for pedigree in pedigrees)
    return [*(["founder_inbreeding"] if inbred else []), *(["mz_twins"] if twins else [])]


def _names(document: Document) -> list[str]:
    """The markers in the order of the case, then those that only profiles have."""
    listed = [one["name"] for one in document.get("markers", [])]
    typed = [name for profile in document.get("genotypes", {}).values() for name in profile]
    return list(dict.fromkeys(n for n in (*listed, *typed) if n in set(typed)))


def _row(profile: Mapping[str, Any], names: list[str], untyped: str) -> list[str]:
    return ["/".join(profile[name]) if name in profile else untyped for name in names]


__all__ = [
    "looks_like",
    "marker_name",
    "read_long",
    "read_pedigrees",
    "read_wide",
    "write_genemapper",
    "write_long",
    "write_pedigrees",
    "write_wide",
]
