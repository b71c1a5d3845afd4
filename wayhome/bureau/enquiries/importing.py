"""A file of enquiries as a whole: the machinery of card files, with enquiries in its lines."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from django.utils import timezone

from wayhome.bureau.captives.actions.files import Fresh, Importer
from wayhome.bureau.captives.importing import FileImport
from wayhome.bureau.captives.models import CardFile
from wayhome.bureau.captives.reading.lines import ROW, CardLine, Fault, heading_of
from wayhome.bureau.captives.reading.lines import CardFile as Read
from wayhome.bureau.captives.rules import SAID, FileKind
from wayhome.bureau.enquiries.actions import make_enquiries
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.reading import check_sandboxed
from wayhome.bureau.enquiries.rules import NewEnquiry, Relation, Sought, Source, why_not_ask

NUMBER = "enquiry_id"
DESCRIBING = tuple(one.name for one in fields(Sought))


def sought_in(line: CardLine) -> Sought:
    """Whom a line seeks; "unknown" is nothing said."""
    values = {name: line.values.get(name, "") for name in DESCRIBING}
    return Sought(**{name: "" if text in SAID else text for name, text in values.items()})


def _checked(file: Path | bytes, name: str) -> Read:
    read = check_sandboxed(file, name=name, today=timezone.localdate())
    headings = heading_of(read.columns)
    for line in read.good:
        # What keeps a family's own form from being sent keeps a line from being imported.
        if why_not_ask({name: getattr(sought_in(line), name) for name in DESCRIBING}):
            line.faults.append((headings.get("surname", ROW), str(Fault.NO_SURNAME)))
    return read


def _known(digests: Sequence[bytes]) -> set[bytes]:
    rows = Enquiry.objects.filter(line_digest__in=digests)
    return {bytes(digest or b"") for digest in rows.values_list("line_digest", flat=True)}


def _new(one: Fresh) -> NewEnquiry:
    values = one.line.values
    return NewEnquiry(
        sought=sought_in(one.line),
        relation=Relation(values.get("relation") or Relation.OTHER_RELATIVE),
        enquirer_name=values.get("enquirer_name", ""),
        language=values.get("language") or NewEnquiry.language,
        source=Source.FILE,
        line_digest=one.digest,
        list_number=values.get(NUMBER, "")[:40],
    )


def _store(file: CardFile, fresh: Sequence[Fresh]) -> None:
    make_enquiries(particulars=[_new(one) for one in fresh], by=file.by, site=file.site)


ENQUIRIES = FileImport(
    Importer(
        kind=FileKind.ENQUIRIES,
        number=NUMBER,
        known=_known,
        likely=lambda lines: 0,  # two enquiries about one man are two people's questions
        store=_store,
    ),
    _checked,
)
check_file = ENQUIRIES.check_file
import_file = ENQUIRIES.import_file
