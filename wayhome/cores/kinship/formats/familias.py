"""Familias project files (.fam): one value a line, in a fixed order.

What each line holds was learnt from files of Familias 3 and from the manual of the R package
pedFamilias (doi:10.1016/j.fsigen.2020.102376). Alleles and persons are told by their places, from
0. A file with a section [DVI] gives `wayhome-dvi/1`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ..evidence import ANY
from .records import (
    SAME,
    Contents,
    Document,
    Fault,
    FaultyFile,
    Profiles,
    Written,
    marker_name,
    shown,
)
from .tables import text_of

HEADING = "Output from Familias"
YES, NO = "#TRUE#", "#FALSE#"
MOST_OF_ANYTHING = 100_000
# Familias' mutation models by number. Its stepwise ones differ in how they treat microvariants.
EQUAL, PROPORTIONAL, STEPWISE, STATIONARY, EXTENDED = range(5)
MODEL_NAMES = ("equal", "proportional", "stepwise", "stepwise", "stepwise")
SUM_MAY_BE_OFF = 0.05
DVI_SCHEMA = "wayhome-dvi/1"


@dataclass
class Lines:
    """A file, line after line."""

    lines: list[str]
    at: int = 0

    def next(self, what: str) -> str:
        """The next line, without its quotation marks."""
        if self.at >= len(self.lines):
            raise FaultyFile([Fault(self.at, what, "the file ends before it")])
        self.at += 1
        return self.lines[self.at - 1].strip().strip('"')

    def peek(self) -> str:
        """The line that comes next; nothing at the end."""
        return self.lines[self.at].strip().strip('"') if self.at < len(self.lines) else ""

    def whole(self, what: str, most: int = MOST_OF_ANYTHING, least: int = 0) -> int:
        """A whole number from `least` to `most`, perhaps with words behind it."""
        told = self.next(what)
        found = re.match(r"-?\d{1,9}(?=\s|$)", told)
        if not found or not least <= int(found[0]) <= most:
            self.wrong(what, f"{shown(told)}; expected a whole number from {least} to {most}")
        return int(found[0])

    def number(self, what: str, most: float = 1.0) -> float:
        """A number from 0 to `most`."""
        told = self.next(what).replace(",", ".")
        if not re.fullmatch(r"\d*\.?\d+([eE][-+]?\d{1,3})?", told) or not float(told) <= most:
            self.wrong(what, f"{shown(told)}; expected a number from 0 to {most:g}")
        return float(told)

    def yes(self, what: str) -> bool:
        """#TRUE# or #FALSE#."""
        told = self.next(what)
        if not told.startswith((YES, NO)):
            self.wrong(what, f"{shown(told)}; expected {YES} or {NO}")
        return told.startswith(YES)

    def wrong(self, what: str, fault: str) -> NoReturn:
        """Raise the fault at the line that was read last. What follows would have no meaning."""
        raise FaultyFile([Fault(self.at, what, fault)])


@dataclass
class Project:
    """What a .fam file tells, while it is read."""

    one_allele: str
    persons: list[tuple[str, str]] = field(default_factory=list)  # code, sex
    typed: list[tuple[int, int, tuple[int, int], int]] = field(default_factory=list)
    pedigrees: dict[str, Document] = field(default_factory=dict)
    markers: list[Document] = field(default_factory=list)
    theta: float = 0.0
    database: str = ""
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_familias(data: bytes, one_allele: str = SAME) -> Contents:
    """Hypotheses, profiles, markers with their mutation models, and theta.

    Raises FaultyFile where the order of the lines is broken.
    """
    lines = Lines(text_of(data).splitlines())
    project = Project(one_allele)
    _read_heading(lines)
    _read_persons(lines, project)
    _read_pedigrees(lines, project)
    _read_database(lines, project)
    profiles = _profiles(project)
    if any(line.strip() == "[DVI]" for line in lines.lines):
        return _read_dvi(lines, project)
    more: Document = {"markers": project.markers, "theta": project.theta}
    if project.pedigrees:
        more["hypotheses"] = project.pedigrees
        more["reference"] = list(project.pedigrees)[-1]
        project.notes.append(f"the last pedigree, {more['reference']}, is the reference")
    more["frequencies"] = f"database {project.database or 'without a name'} of the Familias file"
    profiles.faults.extend(project.faults)
    return profiles.contents(more, *project.notes)


def _read_heading(lines: Lines) -> None:
    if not lines.next("heading").startswith(HEADING):
        lines.wrong("heading", f"no Familias file; expected {HEADING!r}")
    lines.next("heading")
    lines.next("version")
    if not lines.peek():  # older versions lack this line
        lines.next("description")


def _read_persons(lines: Lines, project: Project) -> None:
    for number in range(lines.whole("number of persons")):
        code = lines.next("person") or f"person-{number + 1}"
        if code in {other for other, _ in project.persons}:
            lines.wrong("person", f"{shown(code)} twice; expected each person once")
        lines.yes("child")
        if "dropout" in lines.next("year of birth"):
            project.notes.append(f"drop-out of {code} was not read: it is told apart, as evidence")
        lines.yes("past")
        project.persons.append((code, "M" if lines.yes("male") else "F"))
        for _ in range(lines.whole("number of genotypes")):
            alleles = (lines.whole("allele 1"), lines.whole("allele 2"))
            project.typed.append((lines.at, number, alleles, lines.whole("marker")))


def _read_pedigrees(lines: Lines, project: Project) -> None:
    if lines.next("relations") != "Known relations":
        lines.wrong("relations", f"{shown(lines.lines[lines.at - 1])}; expected Known relations")
    persons = [*project.persons, *_extras(lines, "extra", len(project.persons))]
    known = _read_relations(lines, persons)
    for _ in range(lines.whole("number of pedigrees")):
        lines.whole("number of the pedigree")
        name = lines.next("name of the pedigree") or f"H{len(project.pedigrees) + 1}"
        if name in project.pedigrees:
            lines.wrong("name of the pedigree", f"{shown(name)} twice; expected each name once")
        # Untyped persons of one pedigree only come last and have no code of their own.
        local = [*persons, *_extras(lines, "extra", len(persons))]
        parents = {child: dict(of) for child, of in known.items()}
        for child, of in _read_relations(lines, local).items():
            parents.setdefault(child, {}).update(of)
        project.pedigrees[name] = {"persons": with_parents(local, parents)}


def _extras(lines: Lines, word: str, before: int) -> list[tuple[str, str]]:
    women = lines.whole("extra women", 1000)
    sexes = "F" * women + "M" * lines.whole("extra men", 1000)
    return [(f"{word}-{before + n + 1}", sex) for n, sex in enumerate(sexes)]


def _read_relations(lines: Lines, persons: list[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """For each child: who is its father and its mother."""
    found: dict[str, dict[str, str]] = {}
    for _ in range(lines.whole("number of relations")):
        if re.search(r"[A-Za-z]", lines.peek()):
            lines.next("relation")
            lines.wrong("relation", "persons who are one, or twins: not read from Familias files")
        parent, sex = persons[lines.whole("parent", len(persons) - 1)]
        child, _ = persons[lines.whole("child", len(persons) - 1)]
        role = "father" if sex == "M" else "mother"
        if found.setdefault(child, {}).setdefault(role, parent) != parent:
            lines.wrong("child", f"{child} has two {role}s")
    return found


def with_parents(
    persons: list[tuple[str, str]], parents: Mapping[str, Mapping[str, str]]
) -> list[Document]:
    """Persons of a pedigree; whoever has one parent gets an unknown other one."""
    added: list[Document] = []
    found: list[Document] = []
    for code, sex in persons:
        of = dict(parents.get(code, {}))
        for role, theirs in (("father", "M"), ("mother", "F")):
            if of and role not in of:
                of[role] = f"{role}-of-{code}"
                added.append({"id": of[role], "sex": theirs, "father": None, "mother": None})
        found.append(
            {"id": code, "sex": sex, "father": of.get("father"), "mother": of.get("mother")}
        )
    return [*added, *found]


def _read_database(lines: Lines, project: Project) -> None:
    if lines.peek().startswith(YES):
        lines.next("probabilities")
        lines.wrong("probabilities", "computed already; save the file without its results")
    if found := re.search(r"Fst:\s*([\d.eE+-]+)", lines.next("database")):
        try:
            project.theta = float(found[1])
        except ValueError:
            lines.wrong("theta", f"{shown(found[1])}; expected a number")
    if not 0 <= project.theta < 1:
        lines.wrong("theta", f"{project.theta:g}; expected a number from 0, below 1")
    count = lines.whole("number of markers", 10_000)
    if lines.yes("database"):
        project.database = lines.next("name of the database")
    for _ in range(count):
        project.markers.append(_read_marker(lines, project))


def _read_marker(lines: Lines, project: Project) -> Document:
    name = lines.next("name of the marker")
    begun = lines.at
    rates = lines.number("rate, female"), lines.number("rate, male")
    models = lines.whole("model, female", 4), lines.whole("model, male", 4)
    lines.whole("number of alleles", 10_000)
    ranges = lines.number("range, female"), lines.number("range, male")
    rates2 = lines.number("rate 2, female"), lines.number("rate 2, male")
    has_silent = lines.yes("silent")
    silent = lines.number("silent frequency")
    alleles, freqs = [], []
    for _ in range(lines.whole("number of alleles", 10_000)):
        alleles.append(lines.next("allele"))
        freqs.append(lines.number("frequency"))
    where = marker_name(name)
    if where in {one["name"] for one in project.markers}:
        project.faults.append(Fault(begun, where, "this marker twice; expected each once"))
    marker: Document = {"name": where, "chrom": "A"}
    marker |= _shares(project, begun, where, alleles, freqs, silent if has_silent else 0.0)
    numbers = zip(("female", "male"), models, rates, rates2, ranges, strict=True)
    mutation = {
        role: _model(number, rate, rate2, range_) for role, number, rate, rate2, range_ in numbers
    }
    if any(mutation.values()):
        marker["mutation"] = mutation
    return marker


def _shares(
    project: Project, line: int, name: str, alleles: list[str], freqs: list[float], silent: float
) -> Document:
    """Alleles and frequencies that sum to 1, and by how much they were off."""
    total = sum(freqs) + silent
    if abs(total - 1) > SUM_MAY_BE_OFF or not freqs:
        project.faults.append(Fault(line, name, f"frequencies sum to {total:.6g}; expected 1"))
        return {"alleles": alleles, "freqs": freqs}
    if abs(total - 1) > 1e-9:
        project.notes.append(f"{name}: frequencies summed to {total:.9g} and were divided by it")
        freqs = [freq / total for freq in freqs]
        silent /= total
    kept = [(a, f) for a, f in zip(alleles, freqs, strict=True) if f > 0]
    if len(kept) < len(alleles):
        project.notes.append(f"{name}: alleles of frequency 0 were left out")
    found: Document = {"alleles": [a for a, _ in kept], "freqs": [f for _, f in kept]}
    return found | ({"silent_freq": silent} if silent else {})


def _model(number: int, rate: float, rate2: float, range_: float) -> Document | None:
    if number <= PROPORTIONAL:
        return {"model": MODEL_NAMES[number], "rate": rate} if rate else None
    if not rate and (number != EXTENDED or not rate2):
        return None
    rate2 = rate2 if number == EXTENDED else 0.0
    found: Document = {"model": "stepwise", "rate": rate, "rate2": rate2, "range": range_}
    return found | ({"transform": "PM"} if number == STATIONARY else {})


def _profiles(project: Project) -> Profiles:
    """Genotypes out of places of alleles; persons in no pedigree would be refused, so all are."""
    profiles = Profiles(project.one_allele)
    for code, sex in project.persons:
        profiles.sexes[code] = sex
    for line, person, alleles, number in project.typed:
        if number >= len(project.markers):
            project.faults.append(Fault(line + 1, "marker", f"no marker {number}"))
            continue
        marker = project.markers[number]
        if max(alleles) >= len(marker["alleles"]):
            told = f"allele {max(alleles)} of {marker['name']}; expected one of its alleles"
            project.faults.append(Fault(line, marker["name"], told))
            continue
        called = [marker["alleles"][n] for n in alleles]
        profiles.add(line, project.persons[person][0], marker["name"], called)
    return profiles


# [DVI]


def _read_dvi(lines: Lines, project: Project) -> Contents:
    """The section of victims and reference families, as wayhome-dvi/1."""
    values = _values(lines)
    victims = _dvi_persons(values, project, "Unidentified persons")
    families, missing, am = _dvi_families(values, project)
    pm = {code: profile for code, _, profile in victims}
    if project.theta:
        project.notes.append(f"theta {project.theta:g} has no place in {DVI_SCHEMA}")
    document = {
        "schema": DVI_SCHEMA,
        "id": "familias",
        "markers": project.markers,
        "victims": [{"id": code, "sex": sex} for code, sex, _ in victims],
        "families": families,
        "missing": missing,
        "genotypes": {"pm": pm, "am": am},
    }
    return Contents(document, tuple(sorted(project.faults)), tuple(project.notes))


def _values(lines: Lines) -> Iterator[tuple[int, str, str]]:
    """(line, key, value) of every `Key= value`; a heading has its text as key."""
    while lines.at < len(lines.lines):
        told = lines.next("DVI")
        if found := re.fullmatch(r"\[+([^\]]*)\]+", told):
            yield lines.at, f"[{found[1].strip()}]", ""
        elif "=" in told:
            key, _, value = told.partition("=")
            yield lines.at, key.strip(), value.strip()


def _dvi_persons(
    values: Iterator[tuple[int, str, str]], project: Project, heading: str
) -> list[tuple[str, str, dict[str, list[str]]]]:
    """The persons under a heading, up to the next section that is none of theirs."""
    found: list[tuple[str, str, dict[str, list[str]]]] = []
    within = not heading
    marker, first = "", ""
    for line, key, value in values:
        if key == f"[{heading}]":
            within = True
        elif within and key in ("[Notes]", "[Pedigrees]"):
            break
        elif within and key == "Name":
            found.append((value, "U", {}))
        elif within and found and key == "Gender":
            code, _, profile = found.pop()
            found.append((code, {"Male": "M", "Female": "F"}.get(value, "U"), profile))
        elif within and key == "SystemName":
            marker = marker_name(value)
        elif within and key == "Allele1":
            first = value
        elif within and found and key == "Allele2":
            _dvi_genotype(project, line, found[-1], marker, [first, value])
    return found


def _dvi_genotype(
    project: Project,
    line: int,
    person: tuple[str, str, dict[str, list[str]]],
    marker: str,
    alleles: list[str],
) -> None:
    known = {one["name"]: one["alleles"] for one in project.markers}
    for allele in alleles:
        if allele not in known.get(marker, []):
            told = f"{shown(allele)} at {shown(marker)}; expected an allele of the database"
            project.faults.append(Fault(line, person[0], told))
            return
    person[2][marker] = alleles


def _dvi_families(
    values: Iterator[tuple[int, str, str]], project: Project
) -> tuple[list[Document], list[str], Document]:
    """Every reference family by its last pedigree, the one with the missing person in it.

    Familias tells each family first without and then with the missing person, whom it calls so.
    """
    families: list[Document] = []
    missing: list[str] = []
    typed: Document = {}
    name = ""
    for _, key, value in values:
        if key == "Name":
            name = value
        if key != "[Persons]":
            continue
        persons = _dvi_persons(values, project, "")
        pedigree, lost = _dvi_pedigree(values, persons, len(families) + 1, project)
        missing.append(lost)
        typed |= {code: profile for code, _, profile in persons if profile}
        families.append({"id": name or f"family-{len(families) + 1}", "persons": pedigree})
    return families, missing, typed


def _dvi_pedigree(
    values: Iterator[tuple[int, str, str]],
    persons: list[tuple[str, str, Any]],
    number: int,
    project: Project,
) -> tuple[list[Document], str]:
    lost = f"missing-{number}"
    codes = {code: sex for code, sex, _ in persons}
    line, relations = _last_relations(values)
    parents, faults = _dvi_parents(relations, codes, lost)
    project.faults.extend(Fault(line, "relations", fault) for fault in faults)
    of_lost = {role for of in parents.values() for role, code in of.items() if code == lost}
    sex = {"father": "M", "mother": "F"}[of_lost.pop()] if of_lost else "U"
    return with_parents([*codes.items(), (lost, sex)], parents), lost


def _last_relations(
    values: Iterator[tuple[int, str, str]],
) -> tuple[int, list[tuple[str, str]]]:
    """The pairs of parent and child of a family's last pedigree, and where it ends."""
    pedigrees = wanted = line = 0
    relations: list[tuple[str, str]] = []
    parent = ""
    for at, key, value in values:
        line = at
        if key == "nPedigrees":
            pedigrees = _count(value)
        elif key == "nRelations":
            pedigrees, wanted, relations = pedigrees - 1, _count(value), []
        elif key == "Parent":
            parent = value
        elif key == "Child":
            relations.append((parent, value))
        whole = key in ("nPedigrees", "nRelations", "Child") and len(relations) >= wanted
        if pedigrees <= 0 and whole:
            break
    return line, relations


def _count(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0


def _dvi_parents(
    relations: list[tuple[str, str]], codes: Mapping[str, str], lost: str
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Who is whose parent; where the missing person stands follows from the other parent."""
    parents: dict[str, dict[str, str]] = {}
    faults = []
    theirs = {"Missing person": lost}
    for parent, child in sorted(relations, key=lambda pair: pair[0] in theirs):
        one, other = theirs.get(parent, parent), theirs.get(child, child)
        for code in (one, other):
            if code != lost and code not in codes:
                faults.append(f"{shown(code)} is not among the persons")
        of = parents.setdefault(other, {})
        sex = codes.get(one, "U")
        role = {"M": "father", "F": "mother"}.get(sex) or (
            "father" if "father" not in of else "mother"
        )
        if of.setdefault(role, one) != one:
            faults.append(f"{shown(other)} has two {role}s")
    return parents, faults


# Writing


def write_familias(document: Document) -> Written:
    """A project that Familias opens. Raises FaultyFile for what it cannot express."""
    faults = list(_why_not(document))
    if faults:
        raise FaultyFile(faults)
    people: dict[str, str] = {}
    for pedigree in document.get("hypotheses", {}).values():
        people |= {one["id"]: one.get("sex", "U") for one in pedigree["persons"]}
    markers = document.get("markers", [])
    lines = ['"Output from Familias, version 3.2.8"', '"(written by Wayhome)"', "3.2.8", '""']
    lines += [str(len(people))]
    for code, sex in people.items():
        lines += [f'"{code}"', NO, "-1", NO, YES if sex == "M" else NO]
        lines += _genotype_lines(document.get("genotypes", {}).get(code, {}), markers)
    lines += ['"Known relations"', "0", "0", "0", *_pedigree_lines(document, list(people))]
    theta = document.get("theta") or 0
    lines += [f"{NO} (#Databases: 1 ;Theta/Kinship/Fst: {theta:.12g} )", str(len(markers))]
    lines += [YES, '"Wayhome"', *(line for one in markers for line in _marker_lines(one))]
    left = tuple(key for key in ("unknown_alleles", "frequencies") if document.get(key))
    return Written(("\n".join(lines) + "\n").encode(), left)


def _why_not(document: Document) -> Iterator[Fault]:
    if not document.get("markers"):
        yield Fault(0, "markers", "none; Familias needs them with their frequencies")
    for key in ("evidence", "linkage", "lineages"):
        if document.get(key):
            yield Fault(0, key, "Familias files have no place for it")
    for name, pedigree in document.get("hypotheses", {}).items():
        if pedigree.get("mz_twins"):
            yield Fault(0, f"{name}/mz_twins", "twins of one egg are not written")
        for one in pedigree["persons"]:
            if one.get("founder_inbreeding") or one.get("founder_inbreeding_x"):
                yield Fault(0, f"{name}/{one['id']}", "Familias has no inbred founders")
            if one.get("sex", "U") == "U":
                yield Fault(0, f"{name}/{one['id']}", "of unknown sex; Familias wants M or F")
    yield from _why_not_markers(document)


def _why_not_markers(document: Document) -> Iterator[Fault]:
    alleles = {one["name"]: set(one["alleles"]) for one in document.get("markers", [])}
    for one in document.get("markers", []):
        if one.get("chrom") == "X":
            yield Fault(0, one["name"], "an X marker; Familias files have autosomal ones")
        for role, model in (one.get("mutation") or {}).items():
            if model and _number_of(model) is None:
                told = f"{model['model']} {model.get('transform', '')}".strip()
                yield Fault(0, f"{one['name']}/{role}", f"{told}: no mutation model of Familias")
    for code, profile in document.get("genotypes", {}).items():
        for name, told in profile.items():
            if name in alleles and not set(told) <= alleles[name]:
                what = "an allele unseen" if ANY in told else "an allele that is not in the table"
                yield Fault(0, f"{code}/{name}", f"{'/'.join(told)}: {what}")


def _number_of(model: Document | None) -> int | None:
    if model is None:
        return EQUAL
    transform = model.get("transform", "")
    if model["model"] in MODEL_NAMES[:2] and not transform:
        return MODEL_NAMES.index(model["model"])
    if model["model"] != "stepwise" or transform not in ("", "PM"):
        return None
    if transform:
        return None if model.get("rate2") else STATIONARY
    return EXTENDED


def _genotype_lines(profile: Mapping[str, list[str]], markers: list[Document]) -> list[str]:
    found = [
        str(place)
        for number, marker in enumerate(markers)
        if marker["name"] in profile
        for place in (*map(marker["alleles"].index, profile[marker["name"]]), number)
    ]
    return [str(len(found) // 3), *found]


def _pedigree_lines(document: Document, people: list[str]) -> list[str]:
    hypotheses = document.get("hypotheses", {})
    # The reference comes last, where the reader looks for it.
    names = sorted(hypotheses, key=lambda name: name == document.get("reference"))
    lines = [str(len(names))]
    for number, name in enumerate(names):
        pairs = [
            (one[role], one["id"])
            for one in hypotheses[name]["persons"]
            for role in ("father", "mother")
            if one.get(role)
        ]
        lines += [str(number), f'"{name}"', "0", "0", str(len(pairs))]
        lines += [str(people.index(code)) for pair in pairs for code in pair]
    return lines


def _marker_lines(marker: Document) -> list[str]:
    models = [(marker.get("mutation") or {}).get(role) for role in ("female", "male")]
    silent = marker.get("silent_freq") or 0.0
    count = len(marker["alleles"])
    lines = [f'"{marker["name"]}"', *_told(models, "rate", 0.0)]
    lines += [str(_number_of(model)) for model in models]
    lines += [str(count + bool(silent)), *_told(models, "range", 0.1), *_told(models, "rate2", 0.0)]
    lines += [YES if silent else NO, f"{silent!r}"]
    lines += [
        f"{count}\t(DatabaseSize = 1000 , Dropout probability = 0 , Minor allele frequency = 0 )"
    ]
    for allele, freq in zip(marker["alleles"], marker["freqs"], strict=True):
        lines += [f'"{allele}"', repr(freq)]
    return lines


def _told(models: list[Document | None], key: str, otherwise: float) -> list[str]:
    return [repr(float((model or {}).get(key, otherwise))) for model in models]
