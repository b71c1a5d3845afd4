"""What the page of a file shows: its columns, faults and counts; never a value of a line."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.models import CardFile, SameManProposal
from wayhome.bureau.captives.reading.lines import ROW
from wayhome.bureau.captives.reading.mending import FAULT_TEXTS
from wayhome.bureau.captives.rules import FileKind, FileState, ProposalState
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.web.console.wording import CARD_FIELDS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KINDS: "dict[str, StrOrPromise]" = {
    FileKind.CARDS: _("Capture cards"),
    FileKind.ENQUIRIES: _("Enquiries"),
}
STATES: "dict[str, StrOrPromise]" = {
    FileState.CHECKED: _("Waits for your decision"),
    FileState.IMPORTING: _("Is being imported"),
    FileState.STOPPED: _("Stopped"),
    FileState.DONE: _("Imported"),
    FileState.CANCELLED: _("Thrown away"),
}
TAGS = {
    FileState.CHECKED: "soon",
    FileState.IMPORTING: "now",
    FileState.STOPPED: "soon",
    FileState.DONE: "done",
    FileState.CANCELLED: "done",
}
FIELDS: "dict[str, StrOrPromise]" = {
    **CARD_FIELDS,
    "number_on_list": _("Number on the list"),
    "enquiry_id": _("Number on the list"),
    "enquirer_name": _("Name of who asks"),
    "relation": _("Relation"),
    "language": _("Language"),
}


@dataclass(frozen=True)
class Column:
    heading: str
    field: "StrOrPromise"  # empty where it is none that we know


@dataclass(frozen=True)
class Said:
    """A fault or a warning, by line and column."""

    row: int
    column: "StrOrPromise"
    text: "StrOrPromise"


def said(row: int, heading: str, key: str) -> Said:
    column = _("the whole line") if heading == ROW else heading
    return Said(row, column, FAULT_TEXTS.get(key, key))


def faults_of(file: CardFile) -> list[Said]:
    return [said(*one) for one in (file.found or {}).get("faults", [])]


def warnings_of(file: CardFile) -> list[Said]:
    return [said(*one) for one in (file.found or {}).get("line_warnings", [])]


def columns_of(file: CardFile) -> list[Column]:
    return [
        Column(heading, FIELDS.get(field, ""))
        for heading, field in (file.found or {}).get("columns", [])
    ]


def expected_fields(kind: FileKind, fields: list[str]) -> list[Any]:
    """What the columns of such a file may be called, where no heading was recognised."""
    return [FIELDS[name] for name in fields if name in FIELDS]


@dataclass(frozen=True)
class Progress:
    """How far an import is, of the lines that can be imported."""

    done: int
    of: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.of if self.of else 100


def progress_of(file: CardFile) -> Progress:
    return Progress(file.done, file.lines - file.set_aside)


def waiting_pairs(file: CardFile, person: Staff) -> int:
    """How many pairs with a card of this file wait for a judgement."""
    if file.kind != FileKind.CARDS or not person.may(Permission.JUDGE_SAME_MAN):
        return 0
    rows = SameManProposal.objects.visible_to(person).filter(state=ProposalState.OPEN)
    return rows.filter(later__cards__from_file=file).distinct().count()
