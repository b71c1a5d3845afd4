"""What may be done with a captive's card and custody, and what follows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.reading.cards import OLDEST, YOUNGEST
from wayhome.lib.dates import PartialDate, Said
from wayhome.lib.refusal import Refusal

AUTHORITY_WITHIN = timedelta(hours=24)  # GC III 12; policy of the bureau
RIGHTS_WITHIN = timedelta(hours=24)
RIGHTS_VERSION = 1  # of the text that the tablet and the leaflet tell
CARD_WITHIN = timedelta(days=7)  # GC III 70
INSPECTION_EVERY = timedelta(days=31)  # GC III 31: at least once a month
LIGHTEST_KG, HEAVIEST_KG = 25.0, 250.0
FALL_WITHIN, FALL_TOO_MUCH = timedelta(days=62), 0.1  # of the weight; ours, for the physician's eye
SOON = timedelta(hours=6)  # a clock that ends so soon is shown as pressing

# GC III 17: nothing but these is asked of him; whatever else he says is voluntary.
ASKED = ("surname", "given", "rank", "born", "service_no")
VOLUNTARY = (
    "patronymic",
    "power",
    "unit",
    "birthplace",
    "father_name",
    "mother_name",
    "mothers_maiden_name",
    "inform_person",
    "inform_address",
    "letters_address",
)
HEALTH = ("health",)  # read by whoever keeps the card and by the physician
CAPTURE = ("captured_where", "captured_by", "given_to")  # where and by whom: with SEE_PLACE
KEPT = ("status", "note")  # read by whoever keeps the card
# Values in their own right, of every field; no rule takes anything from a man for them.
SAID = frozenset({Said.DECLINED.value, Said.UNKNOWN.value, Said.UNABLE.value})


def choices(kinds: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


class StatusBasis(StrEnum):
    PRESUMED = "presumed"  # GC III 5: in doubt, treated as a prisoner of war
    DETERMINED = "determined"


class IdentityState(StrEnum):
    STATED = "stated"
    DECLINED = "declined"
    UNKNOWN = "unknown"
    UNABLE = "unable"  # GC III 17(5): goes to the physician


class Captor(StrEnum):
    UNIT = "unit"
    CIVILIANS = "civilians"
    AUTHORITY = "authority"
    UNKNOWN = "unknown"


class Purpose(StrEnum):
    """Why somebody opens a captive's page; asked once a session and man."""

    CARD = "card"
    CUSTODY = "custody"
    CARE = "care"
    HEALTH = "health"
    PROTECTION = "protection"
    RETURN = "return"
    COMPLAINT = "complaint"
    OWN_QUESTION = "own question"


class DutyKind(StrEnum):
    RIGHTS = "rights"
    AUTHORITY = "authority"
    FAMILY_CARD = "family card"
    AGENCY_CARD = "agency card"


# What a person notes by hand; the authority follows from the ledger.
NOTED = (DutyKind.RIGHTS, DutyKind.FAMILY_CARD, DutyKind.AGENCY_CARD)


class Outcome(StrEnum):
    DONE = "done"
    DECLINED = "declined"


class CustodyState(StrEnum):
    HELD = "held"
    RETURNED = "returned"
    RELEASED = "released"
    EXCHANGED = "exchanged"
    ESCAPED = "escaped"
    DEAD = "dead"


class EventKind(StrEnum):
    CAPTURED = "captured"
    GIVEN_TO_AUTHORITY = "given to authority"
    ARRIVED = "arrived"
    LEFT = "left"
    HOSPITAL = "hospital"
    RETURNED = "returned"
    RELEASED = "released"
    EXCHANGED = "exchanged"
    ESCAPED = "escaped"
    DIED = "died"


CLOSING = [EventKind.RETURNED, EventKind.RELEASED, EventKind.EXCHANGED, EventKind.DIED]
STATE_AFTER = {
    EventKind.RETURNED: CustodyState.RETURNED,
    EventKind.RELEASED: CustodyState.RELEASED,
    EventKind.EXCHANGED: CustodyState.EXCHANGED,
    EventKind.ESCAPED: CustodyState.ESCAPED,
    EventKind.DIED: CustodyState.DEAD,
}
_HELD_KINDS = frozenset(
    {
        EventKind.GIVEN_TO_AUTHORITY,
        EventKind.ARRIVED,
        EventKind.LEFT,
        EventKind.HOSPITAL,
        EventKind.RETURNED,
        EventKind.RELEASED,
        EventKind.EXCHANGED,
        EventKind.ESCAPED,
        EventKind.DIED,
    }
)
# What may follow what; None is a captive without an event yet.
MAY_FOLLOW: dict[EventKind | None, frozenset[EventKind]] = {
    None: frozenset({EventKind.CAPTURED}),
    EventKind.CAPTURED: _HELD_KINDS,
    EventKind.GIVEN_TO_AUTHORITY: _HELD_KINDS - {EventKind.GIVEN_TO_AUTHORITY},
    EventKind.ARRIVED: _HELD_KINDS - {EventKind.ARRIVED, EventKind.GIVEN_TO_AUTHORITY},
    EventKind.LEFT: _HELD_KINDS - {EventKind.LEFT, EventKind.GIVEN_TO_AUTHORITY},
    EventKind.HOSPITAL: _HELD_KINDS - {EventKind.GIVEN_TO_AUTHORITY},
    EventKind.ESCAPED: frozenset({EventKind.CAPTURED, EventKind.DIED}),
    EventKind.RETURNED: frozenset(),
    EventKind.RELEASED: frozenset(),
    EventKind.EXCHANGED: frozenset(),
    EventKind.DIED: frozenset(),
}


class ProposalState(StrEnum):
    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


class FileKind(StrEnum):
    CARDS = "cards"
    ENQUIRIES = "enquiries"


class FileState(StrEnum):
    CHECKED = "checked"
    IMPORTING = "importing"
    STOPPED = "stopped"  # goes on from there when somebody wants it
    DONE = "done"
    CANCELLED = "cancelled"  # thrown away: its key is destroyed


FILE_KEPT_FOR = timedelta(days=7)  # without a decision: it holds what nobody has a use for yet
GOES_ON = frozenset({FileState.IMPORTING, FileState.STOPPED})  # some of its lines may be taken
# Before any look at the names, how likely it is that a new card's man has a card already; and
# from which probability and evidence on people are asked: docs/decisions/0022.
SAME_MAN_PRIOR = 0.5
SAME_MAN_LEAST_PROBABILITY = 0.3
SAME_MAN_LEAST_BITS = 16.0
SAME_MAN_AT_MOST = 3  # earlier cards proposed for one new card


def state_after(kind: EventKind) -> CustodyState:
    return STATE_AFTER.get(kind, CustodyState.HELD)


def authority_clock_runs(captor: Captor, *, listed: bool) -> bool:
    """Whether the 24 hours run in which he must be given to an authority (LAW 8).

    A list is some authority's own register: of a man on it they run only if the list says that
    a unit or civilians took him. Whoever is registered here is presumed not given yet.
    """
    if captor == Captor.AUTHORITY:
        return False
    return not listed or captor in {Captor.UNIT, Captor.CIVILIANS}


@dataclass(frozen=True)
class Span:
    """A moment as far as it is known: between the first and the last that it can have been."""

    first: datetime | None = None
    last: datetime | None = None


def span_of(at: datetime | None, on: str, zone: tzinfo) -> Span:
    """The span of an event: its moment, or else the days that its EDTF text can mean."""
    if at is not None:
        return Span(at, at)
    known = PartialDate(on if on not in SAID else "")
    first, last = known.earliest(), known.latest()
    if first is None or last is None:
        return Span()
    return Span(
        datetime.combine(first, time.min, tzinfo=zone),
        datetime.combine(last, time.max.replace(microsecond=0), tzinfo=zone),
    )


def stated(card: Mapping[str, str], field: str) -> str:
    """What he stated; "" where he declined, was unable, or nothing is known."""
    value = card.get(field, "")
    return "" if value in SAID else value


def identity_state_of(card: Mapping[str, str]) -> IdentityState:
    """What is known of who he is. Unable comes first: such a man goes to the physician."""
    said = {card.get(field, "") for field in (*ASKED, "full_name")}
    if Said.UNABLE in said:
        return IdentityState.UNABLE
    if any(stated(card, field) for field in ("surname", "given", "full_name", "service_no")):
        return IdentityState.STATED
    return IdentityState.DECLINED if Said.DECLINED in said else IdentityState.UNKNOWN


def status_basis_of(card: Mapping[str, str]) -> StatusBasis:
    """Presumed a prisoner of war unless a tribunal is named that decided (GC III 5)."""
    return StatusBasis.DETERMINED if stated(card, "status_decided") else StatusBasis.PRESUMED


def faults_of_card(
    card: Mapping[str, str], *, captured_on: PartialDate, today: date
) -> Iterator[Refusal]:
    """Say what cannot be so on a card; each at its field."""
    if not any(card.get(field) for field in (*ASKED, "full_name")):
        text = _("Write a name or a number, or choose why it is not known.")
        yield Refusal("captives.nobody", text, "GC III 17", field="surname")
    born = PartialDate(stated(card, "born"))
    first, last = born.earliest(), born.latest()
    if not first or not last:
        return
    on = min(captured_on.latest() or today, today)
    if first > today:
        yield Refusal("captives.born_in_future", _("This is in the future."), field="born")
    elif on.year - first.year < YOUNGEST or on.year - last.year > OLDEST:
        yield Refusal("captives.age", _("This age is not possible."), field="born")


def faults_of_capture(
    captured: Span, given: Span, *, given_to: str, war_began_on: date, now: datetime
) -> Iterator[Refusal]:
    """Say what cannot be so in how he came into custody; each at its field."""
    if captured.first and captured.first > now:
        yield Refusal("captives.future", _("This is in the future."), field="captured_on")
    if captured.last and captured.last.date() < war_began_on:
        text = _("This is before the war began.")
        yield Refusal("captives.before_war", text, field="captured_on")
    if given.first and given.first > now:
        yield Refusal("captives.given_future", _("This is in the future."), field="given_on")
    if given.last and captured.first and given.last < captured.first:
        text = _("This is earlier than the capture.")
        yield Refusal("captives.given_before", text, field="given_on")
    if given.first and not given_to:
        text = _("Write the authority.")
        yield Refusal("captives.no_authority", text, "GC III 12", field="given_to")
    if given_to and not given.first:
        text = _("Write when he was given to this authority.")
        yield Refusal("captives.no_day_given", text, "GC III 12", field="given_on")


def why_not_correct(
    *, old: Mapping[str, str], new: Mapping[str, str], reason: str
) -> Iterator[Refusal]:
    """Say why this card cannot supersede the one before."""
    if not reason.strip():
        yield Refusal("captives.no_reason", _("Give your reason."), field="reason")
    if dict(old) == dict(new):
        yield Refusal("captives.same", _("Nothing was changed."))


def why_not_record(
    kind: EventKind,
    *,
    last_kind: EventKind | None,
    happened_at: datetime | None,
    last_at: datetime | None,
    now: datetime,
    happened_until: datetime | None = None,
) -> Refusal | None:
    """Say why this custody event cannot be the next one, or None if it can.

    Where only a day is known `happened_at` is its first moment and `happened_until` its last.
    """
    if kind not in MAY_FOLLOW[last_kind]:
        return Refusal("captives.order", _("This event cannot follow the last one."), field="kind")
    if happened_at and happened_at > now:
        return Refusal("captives.future", _("This is in the future."), field="happened_at")
    until = happened_until or happened_at
    if until and last_at and until < last_at:
        return Refusal(
            "captives.before", _("This is earlier than the last event."), field="happened_at"
        )
    return None


def why_not_record_any(last_kind: EventKind | None) -> Refusal | None:
    """Say why no clerk can add an event now, or None if some event may follow."""
    if MAY_FOLLOW[last_kind]:
        return None
    return Refusal("captives.closed", _("His custody has ended. Nothing can follow."))


NEEDS_PLACE = frozenset({EventKind.ARRIVED, EventKind.HOSPITAL})


def why_not_by_hand(
    kind: EventKind, *, has_place: bool, to_authority: str, has_time: bool
) -> Iterator[Refusal]:
    """Say why a clerk cannot write this event, whatever came before it."""
    if kind == EventKind.RETURNED:
        text = _("A return is recorded by its sealed act.")
        yield Refusal("captives.by_act", text, field="kind")
    if not has_time:
        yield Refusal("captives.no_time", _("Write when it was."), field="happened_at")
    if kind in NEEDS_PLACE and not has_place:
        yield Refusal("captives.no_place", _("Choose or write the place."), field="place")
    if kind == EventKind.GIVEN_TO_AUTHORITY and not to_authority.strip():
        text = _("Write the authority.")
        yield Refusal("captives.no_authority", text, "GC III 12", field="to_authority")


def why_not_flag(*, reason: str, by_himself: bool) -> Refusal | None:
    """Say why this harm flag cannot be set. He himself needs no reason."""
    if not by_himself and not reason.strip():
        return Refusal("captives.no_reason", _("Give your reason."), field="reason")
    return None


@dataclass(frozen=True)
class FlagFacts:
    """What the lifting of a harm flag depends on."""

    by_himself: bool
    taken_back: bool
    lifted: bool
    asked: bool
    asked_by_me: bool


def _why_never_lift(flag: FlagFacts) -> Refusal | None:
    if flag.lifted:
        return Refusal("captives.flag_lifted", _("This flag is lifted already."))
    if flag.by_himself and not flag.taken_back:
        return Refusal("captives.his_word", _("He set it himself. Only he can take it back."))
    return None


def why_not_ask_to_lift(flag: FlagFacts, *, reason: str) -> Refusal | None:
    """Say why nobody can ask now to lift this flag."""
    if never := _why_never_lift(flag):
        return never
    if flag.asked:
        return Refusal("captives.flag_asked", _("A second person must decide this."))
    if not reason.strip():
        return Refusal("captives.no_reason", _("Give your reason."), field="reason")
    return None


def why_not_lift(flag: FlagFacts) -> Refusal | None:
    """Say why this person cannot lift this flag now."""
    if never := _why_never_lift(flag):
        return never
    if not flag.asked:
        return Refusal("captives.flag_not_asked", _("Nobody has asked to lift it yet."))
    if flag.asked_by_me:
        return Refusal("captives.flag_one_person", _("A second person must decide this."))
    return None


def why_not_note_duty(
    kind: DutyKind, *, at: datetime, now: datetime, language: str
) -> Refusal | None:
    """Say why this cannot be noted as done. Rights are told in a language that he understands."""
    if kind not in NOTED:
        return Refusal("captives.duty", _("This follows from the custody record."), field="kind")
    if at > now:
        return Refusal("captives.future", _("This is in the future."), field="at")
    if kind == DutyKind.RIGHTS and not language:
        text = _("Choose in which language he was told.")
        return Refusal("captives.no_language", text, "GC III 69", field="language")
    return None


def why_not_note_health(note: str, weight_kg: float | None) -> Refusal | None:
    """A note says something, or is an inspection with a weight that a man can have."""
    if not note.strip() and weight_kg is None:
        return Refusal("captives.no_note", _("Write what you found."), field="note")
    if weight_kg is not None and not LIGHTEST_KG <= weight_kg <= HEAVIEST_KG:
        return Refusal(
            "captives.weight", _("Give the weight in kilograms, such as 68.5."), field="weight_kg"
        )
    return None


@dataclass(frozen=True)
class Weighing:
    """One weight of a monthly inspection."""

    at: datetime
    kg: float


def fall_of_weight(series: Sequence[Weighing]) -> float | None:
    """The share lost since the heaviest weighing of the last two months, if it is too much.

    `series` in the order of time; the last one is looked at.
    """
    if not series:
        return None
    last = series[-1]
    heaviest = max(each.kg for each in series if last.at - each.at <= FALL_WITHIN)
    if last.kg > heaviest * (1 - FALL_TOO_MUCH):
        return None
    return 1 - last.kg / heaviest


@dataclass(frozen=True)
class FileFacts:
    """What the import of a file depends on."""

    state: FileState
    problem: str = ""
    whole_faulty: bool = False  # a fault of the file itself, such as a column twice
    faulty_lines: int = 0
    good_lines: int = 0


def why_not_import(file: FileFacts, *, set_aside: bool) -> Refusal | None:
    """Say why this file cannot be imported, or not gone on with, now."""
    if file.state in (FileState.DONE, FileState.CANCELLED):
        return Refusal("files.over", _("This file is imported, or thrown away."))
    if file.problem:
        return Refusal("files.problem", _("The file cannot be read. Nothing was imported."))
    if file.whole_faulty:
        return Refusal("files.columns", _("The columns of the file must be mended first."))
    if file.faulty_lines and not set_aside:
        return Refusal("files.faults", _("Mend the lines with faults, or set them aside."))
    if not file.good_lines:
        return Refusal("files.nothing", _("No line of this file can be imported."))
    return None


def why_not_at_site(exists: bool) -> Refusal | None:
    """Say why nothing can be imported at this site."""
    return None if exists else Refusal("files.no_site", _("There is no such site."))


def why_not_stop_import(state: FileState) -> Refusal | None:
    """Say why the import of this file cannot be stopped."""
    if state != FileState.IMPORTING:
        return Refusal("files.not_running", _("This import does not run."))
    return None


def why_not_drop_file(state: FileState) -> Refusal | None:
    """Say why this file cannot be thrown away."""
    if state != FileState.CHECKED:
        return Refusal("files.begun", _("Its import has begun. It cannot be thrown away."))
    return None


def why_not_judge_same_man(
    verdict: ProposalState, *, last: ProposalState, reason: str
) -> Iterator[Refusal]:
    """Say why this verdict on two records cannot be taken. An earlier one can be changed."""
    if not reason.strip():
        yield Refusal("captives.no_reason", _("Give your reason."), field="reason")
    if verdict == last:
        text = _("This is the judgement that stands already.")
        yield Refusal("captives.same_verdict", text, field="verdict")


def may_be_same_man(*, bits: float, probability: float) -> bool:
    """Whether people should look at two cards."""
    return bits >= SAME_MAN_LEAST_BITS and probability >= SAME_MAN_LEAST_PROBABILITY
