"""How a man is kept, in words: his register, his parcels, his meals, his health."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from wayhome.bureau.captives.models import Captive, CustodyEvent
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.oversight.clocks import running_for
from wayhome.bureau.oversight.rules import Clock
from wayhome.bureau.staff.disclosure import Shown, shown
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.welfare.actions import with_balance
from wayhome.bureau.welfare.models import Certificate, Difference, Entry, Illness, Parcel
from wayhome.bureau.welfare.rules import (
    BEFORE_NAMES,
    CONDITION_NAMES,
    DIFFERED_NAMES,
    ENTRY_NAMES,
    MEAL_NAMES,
    TAKEN_OUT_NAMES,
    Before,
    Condition,
    Differed,
    EntryKind,
    Line,
    Meal,
    TakenOut,
)
from wayhome.bureau.welfare.wording import Thing, thing
from wayhome.web.console.captive_page import day

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class EntryRow:
    """One entry with what was held for him after it, and what its reader may do with it."""

    entry: Shown
    words: "StrOrPromise"
    lines: list[Thing]
    held: list[Thing]
    corrects: int | None
    corrected_by: int | None
    may_sign: bool
    may_hand: bool
    may_correct: bool


def entries_of(captive: Captive, person: Staff) -> list[Entry]:
    """His register, in the order of its numbers."""
    rows = Entry.objects.visible_to(person).filter(captive=captive)
    return list(rows.select_related("key", "by", "second_by").order_by("number"))


def may_sign(entry: Entry, person: Staff) -> bool:
    """Whether this person can be the second of the two who sign."""
    waits = entry.second_at is None and entry.by_id != person.pk
    return person.may(Permission.SIGN_EFFECTS) and waits


def may_hand(entry: Entry, person: Staff) -> bool:
    """Whether this person can note that he was given the receipt."""
    waits = entry.second_at is not None and entry.receipt_at is None
    return person.may(Permission.KEEP_WELFARE) and waits


def register(entries: Sequence[Entry], person: Staff) -> list[EntryRow]:
    """His whole register, the newest entry first; each with the balance after it."""
    number_of = {entry.pk: entry.number for entry in entries}
    corrected = {entry.corrects_id: entry.number for entry in entries if entry.corrects_id}
    shown_rows = [
        _entry_row(entry, held, person, number_of, corrected)
        for entry, held in with_balance(entries)
    ]
    return shown_rows[::-1]


def _entry_row(
    entry: Entry,
    held: Sequence[Line],
    person: Staff,
    number_of: dict[Any, int],
    corrected: dict[Any, int],
) -> EntryRow:
    keeps = person.may(Permission.KEEP_WELFARE)
    is_correction = entry.kind == EntryKind.CORRECTION
    return EntryRow(
        entry=shown(entry, "welfare"),
        words=ENTRY_NAMES[EntryKind(entry.kind)],
        lines=[thing(line) for line in entry.said()],
        held=[thing(line) for line in held],
        corrects=number_of.get(entry.corrects_id),
        corrected_by=corrected.get(entry.pk),
        may_sign=may_sign(entry, person),
        may_hand=may_hand(entry, person),
        may_correct=keeps and not is_correction and entry.pk not in corrected,
    )


@dataclass(frozen=True)
class ParcelRow:
    parcel: Shown
    before: "StrOrPromise"
    removed: list[tuple[str, "StrOrPromise"]]


def parcels(rows: Iterable[Parcel]) -> list[ParcelRow]:
    return [
        ParcelRow(
            shown(parcel, "welfare"),
            BEFORE_NAMES[Before(parcel.before)] if parcel.before else "",
            [
                (each["what"], TAKEN_OUT_NAMES[TakenOut(each["why"])])
                for each in (parcel.opening or {}).get("removed", [])
            ],
        )
        for parcel in rows
    ]


def parcels_of(captive: Captive, person: Staff) -> list[ParcelRow]:
    rows = Parcel.objects.visible_to(person).filter(captive=captive)
    return parcels(rows.select_related("key", "by", "opened_by").order_by("-arrived_at"))


def differences(rows: Iterable[Difference]) -> list[dict[str, Any]]:
    return [
        {
            "difference": shown(one, "welfare"),
            "captive": shown(one.captive, "file"),
            "meal": MEAL_NAMES[Meal(one.meal)],
            "how": DIFFERED_NAMES[Differed(one.how)],
        }
        for one in rows
    ]


def weeks_of(captive: Captive, person: Staff) -> list[dict[str, Any]]:
    """Each time that he stood among the seriously ill, with its weekly notes; the last first."""
    rows = Illness.objects.visible_to(person).filter(captive=captive)
    return [
        {
            "illness": shown(illness, "health"),
            "notes": [
                {
                    "note": shown(note, "health"),
                    "condition": CONDITION_NAMES[Condition(note.condition)]
                    if note.condition
                    else "",
                }
                for note in illness.notes.select_related("key", "by").order_by("-at")
            ],
        }
        for illness in rows.select_related("by", "ended_by").order_by("-began_at")
    ]


@dataclass(frozen=True)
class Stay:
    """One stay in hospital, as the ledger of custody has it. Never in which."""

    since: Any
    since_on: str
    until: Any
    until_on: str


def stays_of(captive: Captive, language: str) -> list[Stay]:
    """From each admission to the next event of his custody."""
    events: list[CustodyEvent | None] = [*captive.custody_events.order_by("number"), None]
    return [
        Stay(
            event.happened_at,
            day(event.happened_on, language),
            after.happened_at if after else None,
            day(after.happened_on, language) if after else "",
        )
        for event, after in pairwise(events)
        if event and event.kind == EventKind.HOSPITAL
    ]


def due_of(captive: Captive, person: Staff) -> list[tuple[Clock, str]]:
    """The clocks that run for this man and that his reader may see, with what each says."""
    now = timezone.now()
    running = running_for(person, number=captive.bureau_number)
    return [(clock, clock.state(now)) for clock in running if clock.number == str(captive)]


def certificates_of(captive: Captive, person: Staff) -> list[Shown]:
    """What he asked for; what stands in it is read by the physician alone."""
    rows = Certificate.objects.visible_to(person).filter(captive=captive)
    return [shown(one, "asked") for one in rows.select_related("issued_by").order_by("-asked_at")]
