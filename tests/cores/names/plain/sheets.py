"""CSV files read row after row with Python's reader: the measure of the fast one."""

import csv
import gzip
import re
import zlib
from dataclasses import dataclass, field

from wayhome.cores.names.dates import read_born
from wayhome.cores.names.encoding import encoding_of, to_utf8
from wayhome.cores.names.letters import says_nothing
from wayhome.cores.names.sheets import FIELDS, NOT_CLOSED, Reject, UnreadableFile, holds_rows

LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


@dataclass
class Reading:
    """Rows that can be used, each with its id and known columns, and the rejects."""

    rows: list[dict[str, str]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


def read_plainly(path, id_column) -> Reading:
    """Read a CSV file (.csv or .csv.gz), setting aside the rows that cannot be used."""
    reading, seen = Reading(), set()
    for line, row, fault in _rows(path, id_column):
        problem = fault if not row else _why_not(row, id_column, seen, fault)
        if problem:
            reading.rejects.append(Reject(path.name, line, *problem))
            continue
        seen.add(row[id_column].strip())
        kept = {name: row[name].strip() for name in (id_column, *FIELDS) if name in row}
        if not says_nothing(kept.get("dob", "")) and not read_born(kept["dob"]).year:
            reading.rejects.append(
                Reject(path.name, line, "dob", "not a date; the row is used without it")
            )
        reading.rows.append(kept)
    if not reading.rows:
        raise UnreadableFile(f"{path.name}: no row could be read")
    return reading


def _why_not(row, id_column, seen, fault):
    id = row[id_column].strip()
    if not id:
        return id_column, "empty"
    if id in seen:
        return id_column, "stands in the file twice; the first is used"
    if fault:
        return fault
    if not any(row.get(x, "").strip() for x in FIELDS if x != "kind"):
        return "", "nothing is told of him"
    return None


def _rows(path, id_column):
    """Line, cells by heading, and what is wrong, if anything is."""
    content, broken = _content(path)
    encoding = encoding_of(content, id_column)
    text = to_utf8(encoding, content)(content).decode("utf-8", "surrogateescape")
    text = text[: text.rfind("\n") + 1] if broken else text
    lines = LINE.findall(text.removeprefix("\ufeff"))
    heading, divider, at = [], ",", 0
    while at < len(lines):
        if not heading:
            divider = _divider(lines, at, id_column)
        cells, fault, taken = _row(lines, at, divider)
        wrong = heading and (
            len(cells) != len(heading)
            or holds_rows("".join(lines[at : at + taken]), divider, len(heading))
        )
        if taken > 1 and (fault or wrong):
            fault, taken = NOT_CLOSED, 1
        at += taken
        if fault:
            yield at, {}, ("", fault)
        elif not cells:
            continue
        elif not heading:
            heading = [x.strip().casefold() for x in cells]
            if id_column not in heading:
                raise UnreadableFile(f"{path.name}: no column {id_column}")
        elif len(cells) == len(heading):
            row = dict(zip(heading, cells, strict=True))
            bad = [x for x, y in row.items() if any("\ud800" <= c <= "\udfff" for c in y)]
            yield at, row, (bad[0], f"not {encoding}") if bad else None
        else:
            yield at, {}, ("", f"{len(cells)} fields instead of {len(heading)}")
    if broken:
        yield at, {}, ("", f"the file breaks off: {broken}")


def _divider(lines, at, id_column):
    """What divides the headings."""
    for divider in ",;\t|":
        cells, _, _ = _row(lines, at, divider)
        if id_column in [x.strip().casefold() for x in cells]:
            return divider
    return ","


def _row(lines, at, divider):
    """The cells of the row that begins at a line, what is wrong, and how many lines it takes."""
    reader = csv.reader((lines[x] for x in range(at, len(lines))), strict=True, delimiter=divider)
    try:
        return next(reader), "", reader.line_num
    except csv.Error as error:
        fault = NOT_CLOSED if str(error) == "unexpected end of data" else str(error)
        return [], fault, reader.line_num


def _content(path):
    """All bytes that can be read, and what broke the reading."""
    content = b""
    with path.open("rb") as raw:
        data = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
        try:
            while piece := data.read1(8192):
                content += piece
        except (OSError, EOFError, zlib.error) as error:
            return content, str(error) or "damaged"
    return content, ""
