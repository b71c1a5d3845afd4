"""CSV files read row after row with Python's reader: the measure of the fast one."""

import csv
import gzip
import io
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from wayhome.cores.names.dates import read_born
from wayhome.cores.names.letters import says_nothing
from wayhome.cores.names.sheets import FIELDS, NAME_COLUMNS, Reject, UnreadableFile


@dataclass
class Reading:
    """Rows that can be used, each with its id and known columns, and the rejects."""

    rows: list[dict[str, str]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


def read_plainly(path, id_column) -> Reading:
    """Read a CSV file (.csv or .csv.gz, UTF-8), setting aside the rows that cannot be used."""
    reading, seen = Reading(), set()
    for line, row, fault in _rows(path, id_column):
        problem = fault or _why_not(row, id_column, seen)
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


def _why_not(row, id_column, seen):
    id = row[id_column].strip()
    if not id:
        return id_column, "empty"
    if id in seen:
        return id_column, "stands in the file twice; the first is used"
    for name, value in row.items():
        if any("\ud800" <= x <= "\udfff" for x in value):
            return name, "not UTF-8"
    if not any(row.get(x, "").strip() for x in NAME_COLUMNS):
        return "surname", "no name"
    return None


def _rows(path, id_column):
    with _opened(path) as text:
        reader = csv.reader(text, strict=True)
        heading = None
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield reader.line_num, {}, ("", str(error))
                continue
            except (OSError, EOFError, zlib.error) as error:
                yield reader.line_num, {}, ("", f"the file breaks off: {error}")
                return
            if heading is None:
                heading = [x.strip().casefold() for x in cells]
                if id_column not in heading:
                    raise UnreadableFile(f"{path.name}: no column {id_column}")
            elif len(cells) == len(heading):
                yield reader.line_num, dict(zip(heading, cells, strict=True)), None
            elif cells:
                fault = f"{len(cells)} fields instead of {len(heading)}"
                yield reader.line_num, {}, ("", fault)


@contextmanager
def _opened(path):
    with ExitStack() as stack:
        raw = stack.enter_context(path.open("rb"))
        data = stack.enter_context(gzip.open(raw)) if path.suffix == ".gz" else raw
        yield io.TextIOWrapper(data, "utf-8-sig", errors="surrogateescape", newline="")
