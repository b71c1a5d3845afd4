"""CODIS import files, CMF 3.2 (XML), read and written by what its schema says.

The schema is the one that NCBI published with OSIRIS. It is held here as tables, so that every
fault has a line; the tests hold these tables against the schema itself. A document type, and so
every entity, is refused before anything of it is read.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from ..evidence import ANY
from .records import SAME, Contents, Document, Fault, FaultyFile, Profiles, Written, shown
from .tables import LARGEST_FILE_BYTES

NAMESPACE = "urn:CODISImportFile-schema"
SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
MOST_ELEMENTS = 3_000_000
DEEPEST = 8
LONGEST_TEXT = 4_096
EARLIEST, LATEST = datetime(1900, 1, 1), datetime(2079, 6, 6)
CATEGORIES = (
    *("Convicted Offender", "Forensic, Unknown", "Population", "Suspect, Known"),
    *("Unidentified Person", "Victim, Known", "Elimination, Known", "Biological Mother"),
    *("Biological Father", "Biological Sibling", "Alleged Mother", "Alleged Father"),
    *("Biological Child", "Proficiency", "Other", "Missing Person", "Forensic Mixture"),
    *("Maternal Relative", "Paternal Relative", "Deduced Victim Known", "Arrestee", "Deceased"),
    *("Deduced Suspect", "Staff", "Juvenile", "CO Duplicate", "Volunteer", "Spouse", "Legal"),
)
LOCI = (
    *("AMEL", "Amelogenin", "CSF1PO", "D13S317", "D16S539", "D18S51", "D19S433", "D21S11"),
    *("D2S1338", "D3S1358", "D5S818", "D7S820", "D8S1179", "FGA", "Penta D", "Penta E"),
    *("TH01", "THO1", "TP0X", "TPOX", "vWA"),
)
KITS = (
    *("COfiler", "Identifiler", "Profiler Plus", "PowerPlex 1.1", "PowerPlex 1.2"),
    *("PowerPlex 2.1", "PowerPlex 16", "Monoplex D5S818", "Monoplex D7S820", "Monoplex D13S317"),
    *("Monoplex D16S539", "Monoplex TH01", "Monoplex TPOX", "Monoplex CSF1PO", "Monoplex vWA"),
    "SGM Plus",
)
Check = Callable[[str], str]  # nothing, or what was expected


def _length(least: int, most: int) -> Check:
    return lambda text: "" if least <= len(text) <= most else f"{least} to {most} characters"


def _one_of(*words: str) -> Check:
    told = ", ".join(words[:4]) + (", …" if len(words) > 4 else "")
    return lambda text: "" if text in words else f"one of {told}"


def _version(text: str) -> str:
    plain = text.strip(" \t\r\n")
    found = re.fullmatch(r"[+-]?(\d*)(?:\.(\d*))?", plain)
    whole, part = (found[1].lstrip("0"), (found[2] or "").rstrip("0")) if found else ("", "")
    fits = found and re.search(r"\d", plain) and len(part) <= 1 and len(whole + part) <= 2
    return "" if fits else "a version such as 3.2"


def _moment(text: str) -> str:
    plain = text.strip(" \t\r\n")
    expected = "a moment such as 2026-05-03T14:00:00"
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", plain):
        return expected
    try:
        moment = datetime.fromisoformat(plain[:19])
    except ValueError:
        return expected
    return "" if EARLIEST < moment < LATEST else f"{expected}, after 1900 and before 6 June 2079"


def _boolean(text: str) -> str:
    return _one_of("true", "false", "1", "0")(text.strip(" \t\r\n"))


@dataclass(frozen=True)
class Kind:
    """An element: what it holds, in this order, or how its text is checked."""

    children: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # least, most
    attributes: Mapping[str, Check] = field(default_factory=dict)
    text: Check | None = None


MANY = MOST_ELEMENTS
ELEMENTS = {
    "CODISImportFile": Kind(
        {
            "HEADERVERSION": (1, 1),
            "MESSAGETYPE": (1, 1),
            "DESTINATIONORI": (1, 1),
            "SOURCELAB": (1, 1),
            "SUBMITBYUSERID": (1, 1),
            "SUBMITDATETIME": (1, 1),
            "BATCHID": (0, 1),
            "KIT": (0, 1),
            "SPECIMEN": (1, MANY),
        }
    ),
    "HEADERVERSION": Kind(text=_version),
    "MESSAGETYPE": Kind(text=_one_of("Import")),
    "DESTINATIONORI": Kind(text=_length(1, 10)),
    "SOURCELAB": Kind(text=_length(1, 10)),
    "SUBMITBYUSERID": Kind(text=_length(1, 20)),
    "SUBMITDATETIME": Kind(text=_moment),
    "BATCHID": Kind(text=_length(0, 32)),
    "KIT": Kind(text=_one_of(*KITS)),
    "SPECIMEN": Kind(
        {
            "SPECIMENID": (1, 1),
            "SPECIMENCATEGORY": (1, 1),
            "SPECIMENCOMMENT": (0, 1),
            "LOCUS": (1, 32),
        },
        {"SOURCEID": _one_of("Yes", "No", "N/A"), "CASEID": _length(0, 32), "PARTIAL": _boolean},
    ),
    "SPECIMENID": Kind(text=_length(1, 24)),
    "SPECIMENCATEGORY": Kind(text=_one_of(*CATEGORIES)),
    "SPECIMENCOMMENT": Kind(text=_length(0, 255)),
    "LOCUS": Kind(
        {
            "LOCUSNAME": (1, 1),
            "READINGBY": (1, 1),
            "READINGDATETIME": (1, 1),
            "ALLELE": (1, 8),
        },
        {"BATCHID": _length(0, 32), "KIT": _one_of(*KITS)},
    ),
    "LOCUSNAME": Kind(text=_one_of(*LOCI)),
    "READINGBY": Kind(text=_length(1, 20)),
    "READINGDATETIME": Kind(text=_moment),
    "ALLELE": Kind({"ALLELEVALUE": (1, 1)}, {"ALLELEREQUIRED": _boolean}),
    "ALLELEVALUE": Kind(text=_length(1, 10)),
}


@dataclass(slots=True)
class Node:
    """An element with its line."""

    tag: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def all(self, tag: str) -> list["Node"]:
        """Its children of this name."""
        return [child for child in self.children if child.tag == tag]

    def of(self, tag: str) -> str:
        """The text of its first child of this name; nothing if there is none."""
        return next((child.text for child in self.children if child.tag == tag), "")


class _Refused(Exception):
    pass


class _Tree:
    """Builds nodes out of what the parser meets, within bounds."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.hear
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse
        self.open: list[Node] = []
        self.root: Node | None = None
        self.count = 0

    def refuse(self, *_: object) -> None:
        raise _Refused("a document type; expected a file without")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.open) >= DEEPEST:
            raise _Refused("too many elements, or too deep")
        space, _, tag = name.rpartition(" ")
        tag = tag if space == NAMESPACE else f"{{{space}}}{tag}"
        node = Node(tag, self.parser.CurrentLineNumber, attributes)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def end(self, _: str) -> None:
        self.open.pop()

    def hear(self, text: str) -> None:
        node = self.open[-1]
        node.text += text
        if len(node.text) > LONGEST_TEXT and not node.children:
            raise _Refused(f"a text of more than {LONGEST_TEXT} characters")
        node.text = node.text[:LONGEST_TEXT]


def parsed(data: bytes) -> Node:
    """The elements of a file. Raises FaultyFile for what is no XML, or has a document type."""
    if len(data) > LARGEST_FILE_BYTES:
        told = f"{len(data)} bytes; expected {LARGEST_FILE_BYTES} at most"
        raise FaultyFile([Fault(0, "", told)])
    tree = _Tree()
    try:
        tree.parser.Parse(data, True)
    except _Refused as error:
        raise FaultyFile([Fault(tree.parser.CurrentLineNumber, "", str(error))]) from None
    except (expat.ExpatError, ValueError, LookupError) as error:
        told = expat.ErrorString(error.code) if isinstance(error, expat.ExpatError) else "encoding"
        fault = Fault(tree.parser.CurrentLineNumber, "", f"{told}; expected an XML file")
        raise FaultyFile([fault]) from None
    assert tree.root
    return tree.root


def faults_of(root: Node) -> Iterator[Fault]:
    """Everything in which a file departs from the schema."""
    if root.tag != "CODISImportFile":
        found = f"{shown(root.tag)}; expected CODISImportFile of {NAMESPACE}"
        yield Fault(root.line, root.tag, found)
        return
    yield from _faults(root)
    yield from _repeats(root.all("SPECIMEN"), "SPECIMENID")
    for specimen in root.all("SPECIMEN"):
        yield from _repeats(specimen.all("LOCUS"), "LOCUSNAME")


def _faults(node: Node) -> Iterator[Fault]:
    kind = ELEMENTS[node.tag]
    for name, value in node.attributes.items():
        space, _, _ = name.rpartition(" ")
        check = kind.attributes.get(name)
        if check is None and space != SCHEMA_INSTANCE:
            yield Fault(node.line, node.tag, f"an attribute {name} that the schema has not")
        elif check and (expected := check(value)):
            yield Fault(node.line, name, f"{shown(value)}; expected {expected}")
    if kind.text and (expected := kind.text(node.text)):
        yield Fault(node.line, node.tag, f"{shown(node.text)}; expected {expected}")
    if kind.children and node.text.strip():
        yield Fault(
            node.line, node.tag, f"text, {shown(node.text.strip())}; expected elements only"
        )
    yield from _order(node, kind)
    for child in node.children:
        if child.tag in kind.children:
            yield from _faults(child)


def _order(node: Node, kind: Kind) -> Iterator[Fault]:
    """Which children are unknown, out of their order, too few or too many."""
    names = list(kind.children)
    furthest = 0
    for child in node.children:
        if child.tag not in kind.children:
            yield Fault(child.line, child.tag, f"no element of {node.tag} in the schema")
        elif names.index(child.tag) < furthest:
            yield Fault(child.line, child.tag, f"after {names[furthest]}; expected before it")
        else:
            furthest = names.index(child.tag)
    for name, (least, most) in kind.children.items():
        count = len(node.all(name))
        if not least <= count <= most:
            expected = f"{least}" if least == most else f"{least} to {most}"
            yield Fault(node.line, name, f"{count} of them in {node.tag}; expected {expected}")


def _repeats(nodes: list[Node], tag: str) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for node in nodes:
        name = node.of(tag)
        if name in seen:
            told = f"{shown(name)} again, after line {seen[name]}; expected each once"
            yield Fault(node.line, tag, told)
        seen.setdefault(name, node.line)


def read_codis(data: bytes, one_allele: str = SAME) -> Contents:
    """Profiles of a CMF 3.2 file. Raises FaultyFile where it is no XML.

    In a specimen marked PARTIAL one allele alone is one of two.
    """
    root = parsed(data)
    profiles = Profiles(one_allele, faults=list(faults_of(root)))
    for specimen in root.all("SPECIMEN"):
        partial = specimen.attributes.get("PARTIAL", "").strip() in ("true", "1")
        for locus in specimen.all("LOCUS"):
            alleles = [one.of("ALLELEVALUE") for one in locus.all("ALLELE")]
            sample, name = specimen.of("SPECIMENID"), locus.of("LOCUSNAME")
            if sample and name:
                profiles.add(locus.line, sample, name, alleles, partial=partial)
    said = [f"{tag} {root.of(tag)}" for tag in ("SOURCELAB", "BATCHID") if root.of(tag)]
    return profiles.contents({}, f"CODIS file of {', '.join(said)}" if said else "CODIS file")


@dataclass(frozen=True)
class Header:
    """What a CODIS file says beside profiles. `categories` by sample; "" is that of the rest."""

    destination: str = ""
    source: str = ""
    user: str = ""
    at: str = ""
    categories: Mapping[str, str] = field(default_factory=dict)


def write_codis(document: Document, header: Header) -> Written:
    """Profiles as CMF 3.2. Raises FaultyFile unless the schema would take it."""
    left_out: list[str] = []
    specimens = [
        _specimen(code, profile, header, left_out)
        for code, profile in document.get("genotypes", {}).items()
    ]
    told = {
        "HEADERVERSION": "3.2",
        "MESSAGETYPE": "Import",
        "DESTINATIONORI": header.destination,
        "SOURCELAB": header.source,
        "SUBMITBYUSERID": header.user,
        "SUBMITDATETIME": header.at,
    }
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<CODISImportFile xmlns="{NAMESPACE}">',
        *(f"  <{tag}>{_text(text)}</{tag}>" for tag, text in told.items()),
        *filter(None, specimens),
        "</CODISImportFile>",
    ]
    data = ("\n".join(lines) + "\n").encode()
    faults = [Fault(0, one.field, one.fault) for one in faults_of(parsed(data))]
    if faults:
        raise FaultyFile(sorted(set(faults)))
    parts = [key for key in ("hypotheses", "markers", "theta", "evidence", "linkage", "lineages")
             if document.get(key)]  # fmt: skip
    return Written(data, (*parts, *sorted(set(left_out))))


def _specimen(
    code: str, profile: Mapping[str, list[str]], header: Header, left_out: list[str]
) -> str:
    known = {name: alleles for name, alleles in profile.items() if name in LOCI}
    left_out.extend(f"{name}, which CMF 3.2 has not" for name in profile if name not in LOCI)
    if not known:
        left_out.append(f"{code}, who has no marker of CMF 3.2")
        return ""
    partial = any(ANY in alleles for alleles in known.values())
    category = header.categories.get(code, header.categories.get("", ""))
    lines = [
        f"  <SPECIMEN{' PARTIAL=' + quoteattr('true') if partial else ''}>",
        f"    <SPECIMENID>{_text(code)}</SPECIMENID>",
        f"    <SPECIMENCATEGORY>{_text(category)}</SPECIMENCATEGORY>",
    ]
    for name, alleles in known.items():
        values = [one for one in alleles if one != ANY]
        # One value is a homozygote; in a partial profile it would be one of two, and stands twice.
        if not partial:
            values = list(dict.fromkeys(values))
        lines += [
            "    <LOCUS>",
            f"      <LOCUSNAME>{name}</LOCUSNAME>",
            f"      <READINGBY>{_text(header.user)}</READINGBY>",
            f"      <READINGDATETIME>{_text(header.at)}</READINGDATETIME>",
            *(f"      <ALLELE><ALLELEVALUE>{_text(one)}</ALLELEVALUE></ALLELE>" for one in values),
            "    </LOCUS>",
        ]
    return "\n".join([*lines, "  </SPECIMEN>"])


def _text(text: str) -> str:
    """Text as XML may hold it."""
    return escape(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text))
