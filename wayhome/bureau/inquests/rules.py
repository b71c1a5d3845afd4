"""Official enquiries outside the camp into deaths and serious injuries (GC III 121)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wayhome.lib.refusal import Refusal

ARTICLE = "GC III 121"
LED_WITHIN = timedelta(hours=24)  # "immediately followed": the bureau's policy
REPORTED_WITHIN = timedelta(days=30)  # policy; the Minnesota Protocol wants no delay
LONGEST_WHO = 200


class About(StrEnum):
    DEATH = "death"
    INJURY = "injury"


ABOUT_NAMES = {About.DEATH: _("Death in custody"), About.INJURY: _("Serious injury")}


class Source(StrEnum):
    """From whom, or from what, a statement is."""

    PRISONER = "prisoner"
    GUARD = "guard"
    OTHER = "other"
    PHYSICIAN = "physician"
    PLACE = "place"
    PAPER = "paper"


SOURCE_NAMES = {
    Source.PRISONER: _("a captive"),
    Source.GUARD: _("somebody who guarded them"),
    Source.OTHER: _("another witness"),
    Source.PHYSICIAN: _("the physician who examined"),
    Source.PLACE: _("what the place shows"),
    Source.PAPER: _("a paper, a recording, a thing"),
}
WITNESSES = frozenset({Source.PRISONER, Source.GUARD, Source.OTHER})


class Finding(StrEnum):
    NATURAL = "natural"
    ACCIDENT = "accident"
    OWN_HAND = "own hand"
    PERSON = "person"
    UNKNOWN = "unknown"


FINDING_NAMES = {
    Finding.NATURAL: _("an illness"),
    Finding.ACCIDENT: _("an accident"),
    Finding.OWN_HAND: _("his own hand"),
    Finding.PERSON: _("another person"),
    Finding.UNKNOWN: _("it cannot be found out"),
}


class State(StrEnum):
    """How far it has come; follows from who leads it and what was reported."""

    WAITS = "waits"
    LED = "led"
    REPORTED = "reported"


STATE_NAMES = {
    State.WAITS: pgettext_lazy("enquiry", "nobody leads it yet"),
    State.LED: pgettext_lazy("enquiry", "under way"),
    State.REPORTED: pgettext_lazy("enquiry", "reported"),
}


@dataclass(frozen=True)
class Said:
    """One statement: from whom, what, when, and who was in the room."""

    source: Source
    who: str
    words: str
    taken_at: datetime
    present: str = ""
    camp_present: bool = False

    def as_kept(self) -> dict[str, str]:
        told = {"who": self.who, "words": self.words, "present": self.present}
        return {name: text.strip() for name, text in told.items()}


@dataclass(frozen=True)
class Reported:
    """What the enquiry found, in the words of who leads it."""

    finding: Finding
    cause: str
    no_witness: str = ""  # why no captive could be heard
    measures: str = ""  # what was done so that somebody answers for it
    reason: str = ""  # why it supersedes the report before

    def as_kept(self) -> dict[str, str]:
        told = {"cause": self.cause, "no_witness": self.no_witness, "measures": self.measures,
                "reason": self.reason}  # fmt: skip
        return {name: text.strip() for name, text in told.items()}


@dataclass(frozen=True)
class Heard:
    """What stands in the file of an enquiry, as the rules of reporting see it."""

    about: About
    leads: bool
    physician: bool = False
    prisoners: bool = False
    reports: int = 0


def why_not_ask(*, what: str, one_is_open: bool) -> Iterator[Refusal]:
    """Say why no enquiry into an injury is opened."""
    if one_is_open:
        text = _("An enquiry about him is open already. Tell what you know to who leads it.")
        yield Refusal("inquest.open", text, ARTICLE)
    if not what.strip():
        text = _("Write what is seen of the injury, and what is said of it.")
        yield Refusal("inquest.no_words", text, ARTICLE, field="what")


def why_not_lead(*, led: bool, of_his_site: bool) -> Refusal | None:
    """Say why this person cannot lead it: somebody does, or they belong to where he was held."""
    if of_his_site:
        text = _("You work at the site where he was held. Somebody from elsewhere leads it.")
        return Refusal("inquest.own_site", text, ARTICLE)
    if led:
        return Refusal("inquest.led", _("Somebody leads this enquiry already."))
    return None


def why_not_hear(said: Said, *, leads: bool, now: datetime) -> Iterator[Refusal]:
    """Say why this statement cannot be kept."""
    if not leads:
        yield NOT_YOURS
    if not said.who.strip():
        yield Refusal("inquest.nobody", _("Write who or what it is from."), field="who")
    if not said.words.strip():
        yield Refusal("inquest.nothing_said", _("Write what was said or seen."), field="words")
    if said.taken_at > now:
        yield Refusal("inquest.future", _("This is in the future."), field="on")
    if said.source == Source.PRISONER and said.camp_present:
        text = _("A captive is heard without anybody of the camp. Hear him again, alone.")
        yield Refusal("inquest.not_alone", text, ARTICLE, field="camp_present")


def why_not_report(reported: Reported, heard: Heard) -> Iterator[Refusal]:
    """Say why the enquiry cannot be reported so: what was not asked, what is not said."""
    if not heard.leads:
        yield NOT_YOURS
    if not reported.cause.strip():
        text = _("Write what happened, and what shows it.")
        yield Refusal("inquest.no_cause", text, ARTICLE, field="cause")
    if heard.about == About.DEATH and not heard.physician:
        text = _("No physician's statement on the body is here.")
        yield Refusal("inquest.no_physician", text, "GC III 120")
    if not heard.prisoners and not reported.no_witness.strip():
        text = _("No captive was heard as a witness. Write why none could be.")
        yield Refusal("inquest.no_witness", text, ARTICLE, field="no_witness")
    if reported.finding == Finding.PERSON and not reported.measures.strip():
        text = _("Write what was done so that whoever is responsible answers for it.")
        yield Refusal("inquest.no_measures", text, ARTICLE, field="measures")
    if heard.reports and not reported.reason.strip():
        text = _("Write why this report supersedes the one before.")
        yield Refusal("inquest.no_reason", text, field="reason")


NOT_YOURS = Refusal("inquest.not_yours", _("Only who leads this enquiry can do this."))


def state_of(*, led: bool, reports: int) -> State:
    if reports:
        return State.REPORTED
    return State.LED if led else State.WAITS
