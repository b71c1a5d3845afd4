"""A whole case out of parts: profiles, pedigrees, frequencies and what is assumed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..cases import PARAMETERS, SCHEMA, read_case
from ..faults import MalformedCase
from .frequencies import Frequencies
from .records import Contents, Document, Fault, FaultyFile, shown
from .tables import number_in

# Markers on the X chromosome that frequency tables call otherwise than DXS….
ON_X = re.compile(r"DXS|HPRTB|GATA172D05|GATA31E08|ARA$", re.IGNORECASE)
ROLES = ("female", "male")


@dataclass(frozen=True)
class Assumptions:
    """What a person decides: no file of profiles says it.

    `mutation` is each sex's model, as in a case. What is None stays as the file has it.
    """

    id: str = ""
    reference: str = ""
    theta: float | None = None
    floor: float | None = None
    mutation: Mapping[str, Document] = field(default_factory=dict)
    linkage: tuple[Document, ...] = ()
    population: str = ""
    source: str = ""


def assembled(
    profiles: Contents,
    assumed: Assumptions,
    pedigrees: Contents | None = None,
    frequencies: Frequencies | None = None,
) -> tuple[Document, list[str]]:
    """A case that the engine takes, and notes on how it came about. Raises FaultyFile."""
    parts = {**profiles.document, **({"hypotheses": _of(pedigrees)} if pedigrees else {})}
    document: Document = {"schema": SCHEMA, "id": assumed.id or parts.get("id") or "case"}
    document["hypotheses"] = parts.get("hypotheses") or _lacking("hypotheses", "--pedigrees")
    document["reference"] = _reference(assumed, parts, pedigrees is not None)
    document["theta"] = parts.get("theta", 0) if assumed.theta is None else assumed.theta
    document["genotypes"], notes = _of_persons(parts)
    notes = [*profiles.notes, *(pedigrees.notes if pedigrees else ()), *notes]
    document["markers"], said = _markers(document, parts, assumed, frequencies)
    if said:
        document["frequencies"] = said
    if assumed.floor is not None:
        document["unknown_alleles"] = {"floor": assumed.floor}
    if assumed.linkage:
        document["linkage"] = list(assumed.linkage)
    kept = ("unknown_alleles", "evidence", "linkage", "lineages", "description")
    document |= {key: parts[key] for key in kept if parts.get(key) and key not in document}
    _check(document, {**profiles.document.get("sexes", {})})
    if notes:
        document["source"] = "; ".join(notes)
    return document, notes


def _of(pedigrees: Contents) -> Document:
    hypotheses: Document = pedigrees.document.get("hypotheses", {})
    return hypotheses


def _lacking(what: str, option: str) -> Any:
    raise FaultyFile([Fault(0, what, f"none; expected some, as by {option}")])


def _reference(assumed: Assumptions, parts: Document, chosen_apart: bool) -> str:
    names = list(parts["hypotheses"])
    told = assumed.reference or ("" if chosen_apart else parts.get("reference", "")) or names[-1]
    if told not in names:
        fault = f"{shown(told)}; expected one of {', '.join(names)}"
        raise FaultyFile([Fault(0, "reference", fault)])
    return str(told)


def _of_persons(parts: Document) -> tuple[Document, list[str]]:
    """The profiles of those who are in the pedigrees."""
    known = {one["id"] for pedigree in parts["hypotheses"].values() for one in pedigree["persons"]}
    genotypes = {c: dict(p) for c, p in parts.get("genotypes", {}).items() if c in known}
    others = sorted(set(parts.get("genotypes", {})) - known)
    elsewhere = parts.get("evidence") or parts.get("lineages")
    if not any(genotypes.values()) and not elsewhere:
        told = f"of nobody in the pedigrees; the file has {', '.join(others[:8]) or 'none'}"
        raise FaultyFile([Fault(0, "genotypes", told)])
    notes = [f"samples in no pedigree were left out: {', '.join(others)}"] if others else []
    return {code: profile for code, profile in genotypes.items() if profile}, notes


def _markers(
    document: Document, parts: Document, assumed: Assumptions, frequencies: Frequencies | None
) -> tuple[list[Document], str]:
    """The markers that somebody was typed at, and where their frequencies come from."""
    if frequencies is None:
        markers = parts.get("markers") or _lacking("markers", "--frequencies")
        said = assumed.source or parts.get("frequencies") or ""
        return [one | _mutation(one.get("mutation"), assumed) for one in markers], said
    profiles = [*document["genotypes"].values()]
    profiles += [one["alleles"] for one in (parts.get("evidence") or {}).values()]
    typed = dict.fromkeys(name for profile in profiles for name in profile)
    table = frequencies.of(assumed.population)
    used = [name for name in typed if name in table]
    if not used:
        _lacking("markers that the frequency table has", "another table")
    markers = [
        {
            "name": name,
            "chrom": "X" if ON_X.match(name) else "A",
            "alleles": list(table[name]),
            "freqs": list(table[name].values()),
            **_mutation(None, assumed),
        }
        for name in used
    ]
    said = frequencies.told(assumed.population, used)
    return markers, f"{said}; {assumed.source}" if assumed.source else said


def _mutation(told: Document | None, assumed: Assumptions) -> Document:
    if assumed.mutation:
        return {"mutation": {role: assumed.mutation.get(role) for role in ROLES}}
    return {"mutation": told} if told else {}


def read_mutation(told: Iterable[str]) -> dict[str, Document]:
    """Mutation models as they are typed: `[female:|male:]stepwise,rate=0.002,rate2=1e-6,range=0.1`.

    Without a sex it is that of both. Raises FaultyFile.
    """
    found: dict[str, Document] = {}
    for one in told:
        role, _, text = one.rpartition(":")
        name, *numbers = text.split(",")
        if name not in PARAMETERS or name == "custom" or role not in ("", *ROLES):
            known = ", ".join(key for key in PARAMETERS if key != "custom")
            fault = f"{shown(one)}; expected [female:|male:]MODEL,NAME=NUMBER,… of {known}"
            raise FaultyFile([Fault(0, "mutation", fault)])
        model: Document = {"model": name}
        for number in numbers:
            key, _, value = number.partition("=")
            try:
                model[key] = value if key == "transform" else float(value)
            except ValueError:
                raise FaultyFile(
                    [Fault(0, "mutation", f"{shown(number)}; expected NAME=NUMBER")]
                ) from None
        for sex in (role,) if role else ROLES:
            found[sex] = model
    return found


def read_linkage(told: Iterable[str]) -> tuple[Document, ...]:
    """Linked pairs as they are typed: `vWA,D12S391=0.12`. Raises FaultyFile."""
    found = []
    for one in told:
        pair = re.fullmatch(r"([^,=]+),([^,=]+)=([0-9.]{1,9})", one)
        share = number_in(pair[3]) if pair else None
        if pair is None or share is None:
            raise FaultyFile([Fault(0, "linked", f"{shown(one)}; expected MARKER,MARKER=R")])
        found.append({"markers": [pair[1].strip(), pair[2].strip()], "recombination": share})
    return tuple(found)


def _check(document: Document, sexes: Mapping[str, str]) -> None:
    faults = [
        Fault(0, one["id"], f"{one['sex']} in {name}, but {sexes[one['id']]} by the profile")
        for name, pedigree in document["hypotheses"].items()
        for one in pedigree["persons"]
        if sexes.get(one["id"], "U") != "U" and one["sex"] not in ("U", sexes[one["id"]])
    ]
    if faults:
        raise FaultyFile(faults)
    try:
        read_case(document)
    except MalformedCase as fault:
        raise FaultyFile([Fault(0, fault.place, fault.bare())]) from None
