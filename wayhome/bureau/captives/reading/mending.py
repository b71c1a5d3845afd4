"""Lines that were set aside, written as a file to be mended; faults and problems in words."""

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.reading.lines import CardLine, Fault, Warn
from wayhome.bureau.captives.reading.tables import Problem

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MEND_HEADING = _("What to mend")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

# Every sentence by its key; English in the code, the rest from the catalogues.
FAULT_TEXTS: dict[str, "StrPromise"] = {
    Fault.NEITHER_NAME_NOR_NUMBER: _("There is neither a name nor a number."),
    Fault.NO_SUCH_DAY: _("There is no such day."),
    Fault.NOT_A_DATE: _("This is not a date."),
    Fault.BORN_IN_FUTURE: _("The date of birth is in the future."),
    Fault.BEFORE_WAR: _("The date of capture is before the war began."),
    Fault.CAPTURED_IN_FUTURE: _("The date of capture is in the future."),
    Fault.NO_CAPTURE_DATE: _("The date of capture is missing."),
    Fault.SAME_CARD: _("The same card stands on an earlier line."),
    Fault.SAME_ENQUIRY: _("The same enquiry stands on an earlier line."),
    Fault.IMPOSSIBLE_AGE: _("At this age nobody is captured. Check both dates."),
    Fault.FORMULA: _("The cell holds a formula. Write its value."),
    Fault.TOO_LONG: _("The line is too long."),
    Fault.UNKNOWN_RELATION: _("We do not know this word for a relation."),
    Fault.NO_SURNAME: _("The surname is missing."),
    Fault.COLUMN_TWICE: _("Two columns have the same meaning. Keep one."),
    Problem.TOO_LARGE: _("The file is too large."),
    Problem.EMPTY: _("The file is empty."),
    Problem.UNREADABLE: _("The file cannot be read. Save it as XLSX or CSV."),
    Problem.ENCODING: _("The letters of the file cannot be read. Save it as UTF-8."),
    Problem.ZIP_BOMB: _("The file holds too much to be opened safely."),
    Problem.TOO_MANY_LINES: _("The file has too many lines. Split it."),
    Problem.NO_HEADING: _("No line of headings was recognised."),
    Problem.LOCKED: _(
        "The file is locked, or in an old format. Save it as XLSX without a password."
    ),
    Warn.MIXED_SCRIPTS: _("One word holds Latin and Cyrillic letters."),
    Warn.UNREADABLE_LETTERS: _("Some letters could not be read."),
    Warn.NO_CAPTURE_COLUMN: _("The file has no column for the date of capture."),
    Warn.OTHER_SHEETS: _("Only one sheet of the file was read."),
}


def mend_file(lines: Iterable[CardLine], columns: Iterable[tuple[str, str]]) -> bytes:
    """The lines as CSV under the file's own headings, and what is wrong with each.

    The faults are in the language that is active. UTF-8 with a mark and semicolons, as Excel
    opens it; a text that a spreadsheet would take for a formula has an apostrophe before it,
    which reading the file again takes away.
    """
    headings = [heading for heading, _field in columns]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow([*map(neutral, headings), str(MEND_HEADING)])
    for line in lines:
        cells = [neutral(line.raw.get(heading, "")) for heading in headings]
        writer.writerow([*cells, neutral(faults_told(line))])
    return out.getvalue().encode("utf-8-sig")


def faults_told(line: CardLine) -> str:
    """A line's faults in words."""
    told = []
    for heading, fault in line.faults:
        sentence = str(FAULT_TEXTS.get(fault, fault))
        told.append(sentence if heading == "row" else f"{heading}: {sentence}")
    return " ".join(told)


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
