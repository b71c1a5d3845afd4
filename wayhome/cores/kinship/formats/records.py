"""What a file held: parts of a case, and each fault by its line and field."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..evidence import ANY
from ..faults import KinshipError

SAME = "same"  # one allele alone is two copies of it
ONE_ALLELE = (SAME, "any")
LONGEST_CODE = 64
LONGEST_ALLELE = 20
SHOWN = 40
# Words that laboratories write where no allele was called.
NOT_CALLED = {"OL", "OMR", "OB", "NR", "INC", "NA", "N/A", "NAN", "ND", "NULL", "FAIL", "?", "ERR"}
UNTYPED = {"", ANY, "-9"}
# Names that kits and tables write in several ways.
MARKER_NAMES = {
    **{re.sub(r"[^A-Z0-9]", "", name.upper()): name for name in ("vWA", "TH01", "TPOX", "FGA")},
    **{f"PENTA{letter}": f"Penta {letter}" for letter in "CDE"},
    **{"THO1": "TH01", "TP0X": "TPOX", "HUMVWA": "vWA", "HUMTH01": "TH01", "HUMFGA": "FGA"},
    **{"CSF": "CSF1PO", "ACTBP2": "SE33"},
}
AMELOGENIN = {"AMEL", "AMELOGENIN", "AM", "AMELX"}
SEX_OF_AMELOGENIN = {("X",): "F", ("X", "X"): "F", ("X", "Y"): "M"}

Document = dict[str, Any]


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong with a file; line 0 is the file as a whole."""

    line: int
    field: str
    fault: str

    def as_dict(self) -> dict[str, Any]:
        """As it is printed."""
        return {"line": self.line, "field": self.field, "fault": self.fault}

    def __str__(self) -> str:
        where = ", ".join(filter(None, (f"line {self.line}" if self.line else "", self.field)))
        return f"{where}: {self.fault}" if where else self.fault


class FaultyFile(KinshipError):
    """A file that cannot be taken as it is, or a case that a format cannot hold."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("; ".join(map(str, self.faults)))


@dataclass(frozen=True)
class Contents:
    """What was read: a case or parts of one, in the words of the case schema.

    `document` has `genotypes` and whatever else the file told of: `hypotheses`, `markers`,
    `theta`, … and `sexes`, by person, which a case tells in its pedigrees. What is faulty is not in
    it. `notes` say how the file was understood.
    """

    document: Document
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """A file to be, and what of the case the format has no place for."""

    data: bytes
    left_out: tuple[str, ...] = ()


@dataclass
class Profiles:
    """Genotypes as they are read, one by one."""

    one_allele: str = SAME
    genotypes: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    sexes: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    doubled: int = 0
    half_seen: int = 0

    def add(
        self, line: int, sample: str, marker: str, alleles: Sequence[str], *, partial: bool = False
    ) -> None:
        """Take one genotype; untyped is none. In a partial profile one allele is one of two."""
        sample = self.code(line, "sample", sample)
        name = self.code(line, "marker", marker)
        if not sample or not name:
            return
        called = [one for one in map(tidy, alleles) if one not in UNTYPED]
        half = any(one.strip() == ANY for one in alleles) and bool(called)
        if why := _why_not_alleles(called):
            self.faults.append(Fault(line, name, why))
        elif name.upper() in AMELOGENIN:
            self._sexed(line, sample, name, called)
        elif called:
            self._typed(line, sample, self._named(name), called, half or partial)
        else:
            self.genotypes.setdefault(sample, {})

    def code(self, line: int, what: str, text: str) -> str:
        """A code as it may stand in a case, or nothing and a fault."""
        text = text.strip()
        if not text:
            self.faults.append(Fault(line, what, "it is empty; expected a code"))
        elif len(text) > LONGEST_CODE or not text.isprintable():
            fault = f"{shown(text)}; expected a code of up to {LONGEST_CODE} printable characters"
            self.faults.append(Fault(line, what, fault))
            return ""
        return text

    def sexed(self, line: int, sample: str, sex: str, said_by: str = "sex") -> None:
        """Take somebody's sex, which must not contradict what was said before."""
        before = self.sexes.setdefault(sample, sex)
        if before != sex and "U" not in (before, sex):
            self.faults.append(Fault(line, said_by, f"{sample} is {sex}, and was {before} before"))
        elif before == "U":
            self.sexes[sample] = sex

    def _sexed(self, line: int, sample: str, name: str, called: list[str]) -> None:
        sex = SEX_OF_AMELOGENIN.get(tuple(sorted(one.upper() for one in called)))
        if called and sex is None:
            told = f"{'/'.join(called)}; expected X, X/X or X/Y"
            self.faults.append(Fault(line, name, told))
        elif sex:
            self.sexed(line, sample, sex, name)
        self.genotypes.setdefault(sample, {})

    def _typed(self, line: int, sample: str, name: str, called: list[str], half: bool) -> None:
        if len(called) == 1 and (half or self.one_allele != SAME):
            self.half_seen += 1
            called = [*called, ANY]
        elif len(called) == 1:
            self.doubled += 1
            called = called * 2
        before = self.genotypes.setdefault(sample, {}).setdefault(name, called)
        if sorted(before) != sorted(called):
            told = f"{'/'.join(called)} of {sample}, told as {'/'.join(before)} before"
            self.faults.append(Fault(line, name, told))

    def _named(self, name: str) -> str:
        known = marker_name(name)
        if known != name:
            self.renamed[name] = known
        return known

    def notes(self) -> list[str]:
        """How the file was understood, where it could have been otherwise."""
        notes = [f"{name} was read as {known}" for name, known in sorted(self.renamed.items())]
        if self.doubled:
            notes.append(f"one allele alone was read as two copies of it: {self.doubled} genotypes")
        if self.half_seen:
            notes.append(f"one allele alone was read as one of two: {self.half_seen} genotypes")
        return notes

    def contents(self, more: Mapping[str, Any] | None = None, *notes: str) -> Contents:
        """All that was read."""
        document: Document = {"genotypes": self.genotypes, "sexes": self.sexes, **(more or {})}
        return Contents(document, tuple(sorted(set(self.faults))), (*self.notes(), *notes))


@lru_cache(maxsize=4096)
def marker_name(name: str) -> str:
    """A marker by the name that frequency tables use."""
    plain = re.sub(r"[^A-Z0-9]", "", name.upper())
    if plain in MARKER_NAMES:
        return MARKER_NAMES[plain]
    return plain if re.fullmatch(r"D[0-9XY]{1,2}S\d+", plain) else name.strip()


@lru_cache(maxsize=4096)
def tidy(allele: str) -> str:
    """An allele as tables have it: 9,3 is 9.3, and 12.0 is 12."""
    text = allele.strip().replace(",", ".")
    return re.sub(r"(?<=\d)\.0+$", "", text)


def shown(text: object) -> str:
    """A value as a fault shows it."""
    told = repr(text)
    return told if len(told) <= SHOWN else f"{told[: SHOWN - 1]}…"


@lru_cache(maxsize=4096)
def _why_not_allele(one: str) -> str:
    if one.upper() in NOT_CALLED or one[0] in "<>":
        return f"{one} is no allele; expected one such as 9.3, or nothing"
    if len(one) > LONGEST_ALLELE or re.search(r"[\s/|;\"]", one) or not one.isprintable():
        return f"{shown(one)}; expected an allele such as 9.3"
    return ""


def _why_not_alleles(called: Sequence[str]) -> str:
    for one in called:
        if why := _why_not_allele(one):
            return why
    if len(set(called)) > 2 or (len(called) > 2 and len(set(called)) > 1):
        return f"{len(called)} alleles, {'/'.join(called)[:SHOWN]}; expected two at most"
    return f"{called[0]} {len(called)} times; expected two alleles" if len(called) > 2 else ""
