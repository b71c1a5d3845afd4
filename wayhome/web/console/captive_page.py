"""What a captive's page shows to whom: each part only to those whose work needs it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.clocks import Clock, clocks_of
from wayhome.bureau.captives.models import Captive, CaptureCard, CustodyEvent, HarmFlag, HealthNote
from wayhome.bureau.captives.queries import places_of, times_of
from wayhome.bureau.captives.rules import (
    ASKED,
    CAPTURE,
    HEALTH,
    KEPT,
    SAID,
    VOLUNTARY,
    Captor,
    DutyKind,
    EventKind,
    Weighing,
    fall_of_weight,
    why_not_record_any,
)
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.dates import DateUnreadable, PartialDate, Said, display
from wayhome.lib.languages import LANGUAGE_NAMES
from wayhome.lib.place_names import names_one
from wayhome.lib.refusal import Refusal
from wayhome.web.console.forms.captives import DATES
from wayhome.web.console.wording import (
    CAPTORS,
    CARD_FIELDS,
    CLOCK_STATES,
    DETAILS,
    DUTIES,
    EVENTS,
    IDENTITIES,
    SAID_WORDS,
    STATES,
    STATUS,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOT_A_NAME = frozenset(CARD_FIELDS) - {
    "surname", "given", "patronymic", "full_name", "father_name", "mother_name",
    "mothers_maiden_name", "inform_person",
}  # fmt: skip
TAGS = {"late": "late", "done late": "late", "soon": "soon", "running": "now", "done": "done"}


def day(text: str, language: str) -> str:
    """A day kept as EDTF, or what was said in its place, in words."""
    if text in SAID:
        return str(SAID_WORDS[text])
    try:
        return display(PartialDate(text), language) if text else ""
    except DateUnreadable:
        return text


def is_whole(text: str) -> bool:
    """Whether this is one day, so that how it was written adds nothing."""
    try:
        known = PartialDate(text)
    except DateUnreadable:
        return False
    return known.earliest() is not None and known.earliest() == known.latest()


def first_language(captive: Captive) -> str:
    """The first language of the bureau that he speaks; "" if he speaks none of them."""
    spoken = captive.languages.split()
    return next((code for code, _name in settings.LANGUAGES if code in spoken), "")


HELD_BACK = "held back"  # in place of a value that this person may not read
_HELD_BACK = _("Held back: it names a place.")


def fields_for(person: Staff) -> tuple[str, ...]:
    """The fields of the card that this person's work needs."""
    fields: tuple[str, ...] = ("full_name", *ASKED, *VOLUNTARY, "captured_on", "status_decided")
    keeps = person.may(Permission.CORRECT_CARD)
    if keeps or person.may(Permission.SEE_HEALTH):
        fields += HEALTH
    if person.may(Permission.SEE_PLACE):
        fields += (*CAPTURE, "given_on")
    return fields + KEPT if keeps else fields


def card_rows(
    card: Mapping[str, str], fields: tuple[str, ...], language: str
) -> Iterator[dict[str, Any]]:
    """The card line by line; a value that he did not say stands as such."""
    for name, label in CARD_FIELDS.items():
        text = card.get(name, "")
        if name not in fields or not text:
            continue
        said = _HELD_BACK if text == HELD_BACK else SAID_WORDS.get(text)
        value = day(text, language) if name in DATES else text
        as_said = "" if is_whole(text) else card.get(f"{name}_as_said", "")
        yield {
            "key": label,
            "value": "" if said else f"{value} ({as_said})" if as_said else value,
            "empty": said,
            "name": name not in NOT_A_NAME,
        }


@dataclass(frozen=True)
class Version:
    """One version of the card with the reason why it superseded the one before."""

    card: Any
    rows: list[dict[str, Any]]
    by: str


def versions(captive: Captive, person: Staff, language: str) -> list[Version]:
    """All cards, the newest first; none was overwritten."""
    cards = captive.cards.select_related("key", "entered_by").order_by("-version")
    held_back = [] if person.may(Permission.SEE_PLACE) else places_of(captive)
    return [_version(card, person, held_back, language) for card in cards]


def _version(card: CaptureCard, person: Staff, held_back: list[str], language: str) -> Version:
    received = dict(card.as_received)
    for name in HEALTH:  # as a clerk typed it: it may tell where he lies
        if names_one(received.get(name, ""), held_back):
            received[name] = HELD_BACK
    rows = list(card_rows(received, fields_for(person), language))
    return Version(shown(card, "file"), rows, card.entered_by.number if card.entered_by else "")


@dataclass(frozen=True)
class Line:
    """One event of the ledger; the place and the details only for those who may know them."""

    number: int
    words: "StrOrPromise"
    at: datetime | None
    on: str
    by: str
    place: str = ""
    details: tuple[tuple[Any, Any], ...] = ()


def ledger(captive: Captive, person: Staff, language: str) -> list[Line]:
    events = captive.custody_events.select_related("recorded_by", "place", "key")
    return [_line(event, person.may(Permission.SEE_PLACE), language) for event in events]


def _line(event: CustodyEvent, may_know: bool, language: str) -> Line:
    record = shown(event, "file", "place") if may_know else shown(event, "file")
    return Line(
        number=record.number,
        words=EVENTS[record.kind],
        at=record.happened_at,
        on=day(record.happened_on, language),
        by=record.recorded_by.number if record.recorded_by else "",
        place=record.place.name if may_know and record.place else "",
        details=_details(record.details or {}) if may_know else (),
    )


def _details(told: Mapping[str, str]) -> tuple[tuple[Any, Any], ...]:
    words = {"captor": CAPTORS.get(Captor(told["captor"]), "")} if "captor" in told else {}
    return tuple((DETAILS[name], words.get(name, text)) for name, text in told.items())


@dataclass(frozen=True)
class Shown:
    """One clock in words."""

    words: "StrOrPromise"
    clock: Clock
    state: "StrOrPromise"
    tag: str


def clocks(captive: Captive) -> list[Shown]:
    now = timezone.now()
    return [
        Shown(DUTIES[one.kind], one, CLOCK_STATES[one.state(now)], TAGS[one.state(now)])
        for one in clocks_of(times_of(captive))
    ]


@dataclass(frozen=True)
class Told:
    """Once that he was told his rights: in which language, which text, when, and by whom."""

    note: Any
    language: "StrOrPromise"
    by: str


def rights_told(captive: Captive) -> list[Told]:
    rows = captive.duty_notes.filter(kind=DutyKind.RIGHTS).select_related("noted_by")
    return [
        Told(
            shown(note, "file"),
            LANGUAGE_NAMES.get(note.language, note.language),
            note.noted_by.number if note.noted_by else "",
        )
        for note in rows.order_by("-done_at")
    ]


@dataclass(frozen=True)
class Deed:
    """Something that this person may do with him; `refusal` says why not now."""

    words: "StrOrPromise"
    url: str
    refusal: Refusal | None = None


DEEDS = (
    (Permission.RECORD_CUSTODY, "console:custody_event"),
    (Permission.RECORD_CUSTODY, "console:duty"),
    (Permission.CORRECT_CARD, "console:captive_correct"),
    (Permission.NOTE_HEALTH, "console:health"),
    (Permission.SEE_HEALTH, "console:his_health"),
    (Permission.SEE_WELFARE, "console:welfare"),
    (Permission.SET_HARM_FLAG, "console:harm"),
    (Permission.ASK_FOR_INQUEST, "console:inquest_ask"),
    (Permission.OPEN_SITTING, "console:sitting"),
    (Permission.OPEN_HIS_PAGE, "console:own_page"),
    (Permission.SEE_FEAR, "console:danger_man"),
    (Permission.NOTE_HEALTH, "console:roads_health"),
    (Permission.ASSESS_DANGER, "console:roads_of"),
    (Permission.ASSESS_DANGER, "console:roads_legal"),
    (Permission.OPEN_SITTING, "console:roads_neutral"),
)


def deeds(captive: Captive, person: Staff, words: Mapping[str, Any]) -> list[Deed]:
    """What this person may do; each of it once."""
    last = captive.last_event()
    closed = why_not_record_any(EventKind(last.kind) if last else None)
    return [
        Deed(
            words[name],
            reverse(name, args=[captive.bureau_number]),
            closed if name == "console:custody_event" else None,
        )
        for permission, name in DEEDS
        if person.may(permission)
    ]


def key_facts(captive: Captive, language: str) -> dict[str, Any]:
    """The head of the page."""
    record = shown(captive, "file")
    return {
        "captive": record,
        "state": STATES[record.custody_state],
        "identity": IDENTITIES[record.identity_state],
        "status": STATUS[record.status_basis],
        "born": day(record.born, language),
        "captured_on": day(record.captured_on, language) or SAID_WORDS[Said.UNKNOWN],
    }


def flags(captive: Captive, person: Staff) -> list[Any]:
    """Harm flags on any record of him; for everybody else there is nothing, not even a heading."""
    rows = HarmFlag.objects.visible_to(person).filter(captive__in=captive.all_records())
    rows = rows.select_related("key", "first_lifter", "lifter").order_by("-set_at")
    return [shown(flag, "sealed") for flag in rows]


def weights(captive: Captive, person: Staff) -> dict[str, Any]:
    """The weights of his inspections, and what share he lost lately if it is too much."""
    rows = HealthNote.objects.visible_to(person).filter(captive=captive, inspection=True)
    notes = [shown(note, "health") for note in rows.select_related("key").order_by("at")]
    series = [Weighing(note.at, note.weight_kg) for note in notes]
    lost = fall_of_weight(series)
    return {"series": series, "lost_percent": round(lost * 100) if lost else 0}


def health(captive: Captive, person: Staff) -> list[Any]:
    rows = HealthNote.objects.visible_to(person).filter(captive=captive)
    return [shown(note, "health") for note in rows.select_related("key", "by").order_by("-at")]
