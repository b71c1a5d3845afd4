"""The cards of a file, put on the register many at once."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils import timezone

from wayhome.bureau.captives.actions.files import Fresh
from wayhome.bureau.captives.actions.registering import (
    Captured,
    NewCaptive,
    Received,
    unsaved_captive,
)
from wayhome.bureau.captives.announcements import cards_imported
from wayhome.bureau.captives.models import Captive, CardFile
from wayhome.bureau.captives.reading.lines import CardLine, heading_of
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import MACHINE
from wayhome.bureau.staff.actions import take_numbers
from wayhome.lib.copying import copy_in

OTHER = "other:"  # before the heading of a column that is no field of the card


def store_cards(*, file: CardFile, fresh: Sequence[Fresh]) -> None:
    """Put new men on the register, in the running transaction of their batch.

    Whoever began the import was asked for permission then.
    """
    if not fresh:
        return
    headings = heading_of([(heading, name) for heading, name in file.found["columns"]])
    numbers = take_numbers(file.site, len(fresh))
    now = timezone.now()
    men = [
        unsaved_captive(
            received=received(one, file, headings), number=number, site=file.site, by=file.by,
            now=now,
        )
        for one, number in zip(fresh, numbers, strict=True)
    ]  # fmt: skip
    _save(men)
    captives = [man.captive for man in men]
    told = [(captive, captive.bureau_number) for captive in captives]
    journal.record_many("captive registered", subjects=told, by=file.by or MACHINE, purpose="file")
    cards_imported.send(Captive, captives=captives, cards=[man.card for man in men])


def _save(men: Sequence[NewCaptive]) -> None:
    copy_in([man.key for man in men])
    copy_in([man.captive for man in men])
    copy_in([man.card for man in men])
    copy_in([event for man in men for event in man.events])


def received(one: Fresh, file: CardFile, headings: Mapping[str, str]) -> Received:
    """The card as it came: what was read, a day also as it was written, and every other column."""
    values = {name: text for name, text in one.line.values.items() if text}
    return Received(
        card={**values, **dict(_as_said(one.line, headings)), **dict(_others(one.line, headings))},
        captured=Captured(
            on=values.get("captured_on", ""),
            by=values.get("captured_by", ""),
            where=values.get("captured_where", ""),
            given_to=values.get("given_to", ""),
            given_on=values.get("given_on", ""),
        ),
        source="file",
        from_file=file,
        line=one.line.row,
        line_digest=one.digest,
    )


def _as_said(line: CardLine, headings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each value that was read into another form, as it stood."""
    for name, heading in headings.items():
        raw = line.raw.get(heading, "")
        if raw and raw != line.values.get(name, ""):
            yield f"{name}_as_said", raw


def _others(line: CardLine, headings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    own = set(headings.values())
    for heading, raw in line.raw.items():
        if raw and heading not in own:
            yield f"{OTHER}{heading}", raw
