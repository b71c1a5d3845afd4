"""Files of profiles and cases, in the formats that laboratories exchange.

`read` takes any bytes and gives what it understood with every fault by line and field, or raises
FaultyFile; `write` gives bytes and says what the format has no place for.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from ..cases import SCHEMA, read_case
from ..events import read_event
from ..faults import MalformedCase
from ..files import parsed_document
from . import codis, familias, profiles
from .assembling import Assumptions, assembled, read_linkage, read_mutation
from .codis import Header
from .frequencies import Frequencies, names_of_tables, read_frequencies, table_of
from .records import ONE_ALLELE, SAME, Contents, Document, Fault, FaultyFile, Written
from .tables import read_table

__all__ = [
    "FORMATS",
    "ONE_ALLELE",
    "SAME",
    "Assumptions",
    "Contents",
    "Fault",
    "FaultyFile",
    "Frequencies",
    "Header",
    "Written",
    "assembled",
    "detect",
    "names_of_tables",
    "needs_a_case",
    "read",
    "read_frequencies",
    "read_linkage",
    "read_mutation",
    "table_of",
    "write",
]


@dataclass(frozen=True)
class Format:
    """One kind of file. `whole` is one that needs a whole case to be written."""

    about: str
    read: Callable[[bytes, str], Contents]
    write: Callable[[Document, Header], Written]
    whole: bool = False


def _read_case(data: bytes, one_allele: str = SAME) -> Contents:
    """A case of ours; what it does not mean is one fault, at its place."""
    try:
        document = parsed_document(data)
        read_case(document)
    except MalformedCase as fault:
        raise FaultyFile([Fault(0, fault.place, fault.bare())]) from None
    sexes = {
        one["id"]: one["sex"]
        for pedigree in document["hypotheses"].values()
        for one in pedigree["persons"]
    }
    return Contents({**document, "sexes": sexes})


def _read_event(data: bytes, one_allele: str = SAME) -> Contents:
    """Victims and families of ours."""
    try:
        document = parsed_document(data)
        read_event(document)
    except MalformedCase as fault:
        raise FaultyFile([Fault(0, fault.place, fault.bare())]) from None
    return Contents(document)


def _write_event(document: Document, header: Header) -> Written:
    if document.get("schema") != familias.DVI_SCHEMA:
        told = "no victims and families in it; a Familias file with a section [DVI] has them"
        raise FaultyFile([Fault(0, "", told)])
    try:
        read_event(document)
    except MalformedCase as fault:
        raise FaultyFile([Fault(0, fault.place, fault.bare())]) from None
    return _write_case(document, header)


def _write_case(document: Document, header: Header) -> Written:
    """A whole case, or an event, as JSON."""
    told = {key: value for key, value in document.items() if key != "sexes"}
    return Written((json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode())


def _plain(write: Callable[[Document], Written]) -> Callable[[Document, Header], Written]:
    return lambda document, header: write(document)


FORMATS = {
    "case": Format(f"a case, {SCHEMA}", _read_case, _write_case, whole=True),
    "csv": Format(
        "CSV, a row a sample and marker", profiles.read_long, _plain(profiles.write_long)
    ),
    "wide": Format("CSV, a row a sample", profiles.read_wide, _plain(profiles.write_wide)),
    "genemapper": Format(
        "GeneMapper's table", profiles.read_long, _plain(profiles.write_genemapper)
    ),
    "pedsuite": Format(
        "a row a person, as forrel and dvir have it",
        profiles.read_pedigrees,
        _plain(profiles.write_pedigrees),
    ),
    "familias": Format(
        "a project of Familias 3", familias.read_familias, _plain(familias.write_familias), True
    ),
    "cmf": Format("CODIS import, CMF 3.2", codis.read_codis, codis.write_codis),
    "dvi": Format(f"victims and families, {familias.DVI_SCHEMA}", _read_event, _write_event),
}


def detect(data: bytes) -> str:
    """Which format these bytes are most like. Raises FaultyFile for no text."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:64]
    if start.startswith(b"{"):
        return "dvi" if familias.DVI_SCHEMA.encode() in data[:4096] else "case"
    if start.startswith(b"<"):
        return "cmf"
    if start.lstrip(b'"').startswith(familias.HEADING.encode()):
        return "familias"
    return profiles.looks_like(read_table(data, only_headings=True))


def read(data: bytes, form: str = "", one_allele: str = SAME) -> Contents:
    """What a file holds. Raises FaultyFile where nothing can be made of it."""
    return FORMATS[form or detect(data)].read(data, one_allele)


def needs_a_case(form: str, document: Document, parts_given: bool = False) -> bool:
    """Whether a case is to be made of what was read before it can be written so."""
    if document.get("schema") == familias.DVI_SCHEMA or form == "dvi":
        return False
    return parts_given or FORMATS[form].whole


def write(document: Document, form: str, header: Header | None = None) -> Written:
    """A case, or parts of one, as a file. Raises FaultyFile for what the format cannot say."""
    return FORMATS[form].write(document, header or Header())
