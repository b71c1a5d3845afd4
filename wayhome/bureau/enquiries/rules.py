"""Who may ask, about whom, how a family may be reached, and what holds an enquiry."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal


class Relation(StrEnum):
    MOTHER = "mother"
    FATHER = "father"
    WIFE = "wife"
    HUSBAND = "husband"
    PARTNER = "partner"
    SISTER = "sister"
    BROTHER = "brother"
    SON = "son"
    DAUGHTER = "daughter"
    GRANDPARENT = "grandparent"
    OTHER_RELATIVE = "other relative"
    FRIEND = "friend"


class Source(StrEnum):
    PORTAL = "portal"
    TELEPHONE = "telephone"
    PAPER = "paper"
    ABROAD = "abroad"  # somebody abroad asks for her
    FILE = "file"


class EnquiryState(StrEnum):
    OPEN = "open"
    FORGOTTEN = "forgotten"
    FOR_AGENCY = "for agency"  # his own side's soldier or civilian: the Central Agency asks


class Channel(StrEnum):
    NONE = "none"  # "I come back myself"
    TELEPHONE = "telephone"
    EMAIL = "email"


class Party(StrEnum):
    """Whose the sought person is, as the enquirer says."""

    ADVERSE = "adverse"  # the other side's forces: whom this bureau may hold
    CIVILIAN = "civilian"  # a civilian of another country
    OWN_SOLDIER = "own soldier"
    OWN_CIVILIAN = "own civilian"
    UNKNOWN = "unknown"


SPOKEN_SHORTEST = 4  # letters
THINGS = 3  # that only he and she know
TRIES = 5  # wrong PINs in a row, then her door stays shut for a while
LOCKED_FOR = timedelta(minutes=15)
DRAFT_KEPT_FOR = timedelta(hours=24)  # longer than a session lives (settings)
OUR_OWN = frozenset({Party.OWN_SOLDIER, Party.OWN_CIVILIAN})


@dataclass(frozen=True)
class Sought:
    """The sought person as told; each may be empty. `born` is an EDTF text (lib/dates.py)."""

    surname: str = ""
    given: str = ""
    patronymic: str = ""
    full_name: str = ""
    born: str = ""
    birthplace: str = ""
    unit: str = ""
    rank: str = ""
    service_no: str = ""
    mother_name: str = ""
    father_name: str = ""
    comrade: str = ""  # with whom he served, in one line


@dataclass(frozen=True)
class Contact:
    """The one way she may be reached, and how not."""

    channel: Channel = Channel.NONE
    to: str = ""
    hours: str = ""
    code_word: str = ""
    society_route: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Thing:
    """A question that only he and she can answer, and her answer."""

    question: str
    answer: str


@dataclass(frozen=True)
class NewEnquiry:
    """Everything somebody told when asking for the first time."""

    sought: Sought
    relation: Relation
    party: Party = Party.ADVERSE
    enquirer_name: str = ""
    language: str = "uk"
    contact: Contact = Contact()
    three_things: tuple[Thing, ...] = ()
    may_tell_him: bool = True
    source: Source = Source.PORTAL
    pin_hash: str = ""
    second_pin_hash: str = ""
    spoken_hash: str = ""  # of the word agreed with her, where staff writes for her
    received_at: datetime | None = None  # None is now
    line_digest: bytes | None = None  # of the line of the file it came in
    list_number: str = ""


def state_for(party: Party) -> EnquiryState:
    """Our own soldiers and civilians are asked for through the Central Agency."""
    return EnquiryState.FOR_AGENCY if party in OUR_OWN else EnquiryState.OPEN


def why_not_ask(sought: Mapping[str, str]) -> Refusal | None:
    """Say why nobody can be sought by this description, or None if somebody can."""
    if not (sought.get("surname") or sought.get("full_name")):
        reason = _("Please write at least the surname of the person you seek.")
        return Refusal("enquiry.nameless", reason, field="surname")
    return None


def why_not_reach(contact: Contact) -> Refusal | None:
    """Say what is missing to reach her this way, or None."""
    if contact.channel == Channel.TELEPHONE and not contact.to:
        return Refusal("contact.number", _("Please write the telephone number."), field="number")
    if contact.channel == Channel.EMAIL and not contact.to:
        return Refusal("contact.email", _("Please write the e-mail address."), field="email")
    return None


def spoken(word: str) -> str:
    """A word as it is compared however it was said and written down: letters and digits alone."""
    letters = word.casefold().replace("ё", "е")
    return "".join(letter for letter in letters if letter.isalnum())


def why_not_spoken(word: str, sought: Mapping[str, str]) -> Refusal | None:
    """Say why this cannot be the word agreed with her, or None if it can."""
    said = spoken(word)
    if len(said) < SPOKEN_SHORTEST:
        reason = _("Agree on a word of four letters or more.")
        return Refusal("spoken.short", reason, field="spoken")
    names = ("surname", "given", "patronymic", "full_name", "mother_name", "father_name")
    told = spoken("".join(sought.get(name) or "" for name in names))
    if said in told or said.isdigit():
        reason = _("Choose a word that is no name of the person and no number.")
        return Refusal("spoken.easy", reason, field="spoken")
    return None


def why_not_things(things: Sequence[Thing]) -> Refusal | None:
    """Say why these are not up to three questions with answers, or None."""
    if len(things) > THINGS:
        return Refusal("things.many", _("Please write three questions at most."))
    if any(not thing.question or not thing.answer for thing in things):
        return Refusal("things.half", _("Please write the answer beside each question."))
    return None


def why_not_add(sought: Mapping[str, str], things: Sequence[Thing]) -> Refusal | None:
    """Say why there is nothing to add, or None."""
    if not any(sought.values()) and not things:
        return Refusal("enquiry.nothing_new", _("Write down what the caller adds."))
    return None


def why_not_change(state: str) -> Refusal | None:
    """Say why an enquiry cannot be changed any more, or None."""
    if state == EnquiryState.FORGOTTEN:
        return Refusal("enquiry.forgotten", _("This enquiry has been forgotten."))
    return None


# What families are asked anew, in this order, one each month: nothing about the army. Which of them
# is asked follows from the month alone (docs/decisions/0027).
MONTHLY_QUESTIONS = ("born", "birthplace", "mother_name", "patronymic")


def question_of(month: date) -> str:
    """The question of a month: the same whatever anybody knows."""
    return MONTHLY_QUESTIONS[(12 * month.year + month.month) % len(MONTHLY_QUESTIONS)]


def is_left_empty(question: str, sought: Mapping[str, str]) -> bool:
    """Whether she left this open. A name written in one line may hold a patronymic."""
    if question == "patronymic" and sought.get("full_name"):
        return False
    return not sought.get(question)


def why_not_answer(question: str, text: str) -> Refusal | None:
    """Say why this is no answer to the question of the month, or None."""
    if not question:
        return Refusal("question.none", _("There is no question for you now."))
    if not text:
        reason = _("Write your answer, or go back: you may leave it open.")
        return Refusal("question.empty", reason, field=question)
    return None


def corrections_in(as_received: Mapping[str, Any]) -> list[datetime]:
    """The moments at which something was added or corrected, oldest first."""
    return [datetime.fromisoformat(one["at"]) for one in as_received.get("corrections", [])]
