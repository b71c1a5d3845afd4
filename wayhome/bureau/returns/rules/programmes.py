"""Programmes: an announcement of the State, as data, and what must be in it before it is published.

No condition may name what a family does, says or pays (customary rule 96, P17); and each must have
a way for the man whom nobody comes for (GC III 16).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.returns.rules.roads import ROAD_NAMES, Road
from wayhome.lib.jurisdiction import LANGUAGES, LEAST_BAGGAGE_KG, Profile
from wayhome.lib.refusal import Refusal


class ProgrammeState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"  # its time is over; nothing new is begun
    WITHDRAWN = "withdrawn"  # taken back before its time; all are told


STATE_NAMES = {
    ProgrammeState.DRAFT: _("Draft"),
    ProgrammeState.PUBLISHED: _("Published"),
    ProgrammeState.CLOSED: _("Closed"),
    ProgrammeState.WITHDRAWN: _("Withdrawn"),
}
S = ProgrammeState
MAY_BECOME: dict[ProgrammeState, frozenset[ProgrammeState]] = {
    S.DRAFT: frozenset({S.PUBLISHED}),
    S.PUBLISHED: frozenset({S.CLOSED, S.WITHDRAWN}),
    S.CLOSED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
PUBLIC = frozenset({S.PUBLISHED, S.CLOSED, S.WITHDRAWN})
ENDED = frozenset({S.CLOSED, S.WITHDRAWN})


class Comes(StrEnum):
    """Who may come for whom."""

    MOTHER = "mother"
    CHOSEN = "person of his choice"


COMES_NAMES = {
    Comes.MOTHER: _("The mother of the person"),
    Comes.CHOSEN: _("Somebody whom the person chooses"),
}


class Condition(StrEnum):
    """Conditions of the law, the only ones that a programme may name."""

    HIS_YES = "his yes before a neutral"
    DANGER = "danger of return assessed"
    KINSHIP = "kinship of whoever comes"
    IDENTITY = "identity at the crossing"


CONDITION_NAMES = {
    Condition.HIS_YES: _("The person says yes, alone, before a neutral person"),
    Condition.DANGER: _("Nobody is sent where danger threatens"),
    Condition.KINSHIP: _("Whoever comes shows that they are family, or were chosen"),
    Condition.IDENTITY: _("Everybody shows who they are at the crossing"),
}
# What a programme says, in each language: a line break in `way` begins a new step.
PARTS = ("title", "act", "lead", "limits", "alone", "way", "message")
PART_NAMES = {
    "title": _("Title"),
    "act": _("The act, as this language calls it"),
    "lead": _("What it is, in a few sentences"),
    "limits": _("For whom it is, and for whom not"),
    "alone": _("For the person whom nobody comes for"),
    "way": _("The way, one step a line"),
    "message": _("Text for the telephone and for messengers"),
}
LONGEST_MESSAGE = 480  # three short messages of a telephone
ROADS_OF_PROGRAMMES = tuple(road for road in Road if road != Road.END_OF_HOSTILITIES)
Texts = Mapping[str, Mapping[str, str]]  # language, part


@dataclass(frozen=True)
class Told:
    """Everything that a programme says. `alone` is the road of whoever nobody comes for."""

    legal_act: str
    signed_by: str  # an authority of the profile
    opens_on: date
    closes_on: date | None
    comes: tuple[str, ...]
    roads: tuple[str, ...]
    alone: str
    crossings: tuple[str, ...]  # of the profile
    phones: tuple[str, ...]
    email: str
    channel: str
    baggage_kg: int
    conditions: tuple[str, ...] = tuple(Condition)
    texts: Texts = field(default_factory=dict)


def why_not_publish(
    told: Told, *, state: ProgrammeState, drafted_by_me: bool, profile: Profile
) -> list[Refusal]:
    """Say everything that stands against publishing this draft; an empty list permits it."""
    refusals = list(faults_of(told, profile))
    if S.PUBLISHED not in MAY_BECOME[state]:
        refusals.append(Refusal("programmes.state", _("This programme is published already.")))
    if drafted_by_me:
        text = _("A second person must publish what you wrote.")
        refusals.append(Refusal("programmes.second", text))
    return refusals


def faults_of(told: Told, profile: Profile) -> Iterator[Refusal]:
    """What a draft lacks, or what it may not hold; each at its field."""
    yield from _faults_of_law(told, profile)
    yield from _faults_of_reach(told, profile)
    for language in LANGUAGES:
        for part in PARTS:
            if not told.texts.get(language, {}).get(part, "").strip():
                text = _("This text is missing.")
                yield Refusal("programmes.text", text, field=f"{language}_{part}")
        if len(told.texts.get(language, {}).get("message", "")) > LONGEST_MESSAGE:
            text = _("This is too long for a message.")
            yield Refusal("programmes.long", text, field=f"{language}_message")


def _faults_of_law(told: Told, profile: Profile) -> Iterator[Refusal]:
    if not told.legal_act.strip():
        text = _("Write which act this is, with its date and number.")
        yield Refusal("programmes.act", text, field="legal_act")
    if profile.authority(told.signed_by) is None:
        text = _("Choose the authority that signed it.")
        yield Refusal("programmes.signed", text, field="signed_by")
    if not told.roads or set(told.roads) - set(ROADS_OF_PROGRAMMES):
        text = _("Choose the roads home that it uses.")
        yield Refusal("programmes.roads", text, "GC III 109-118", field="roads")
    if told.alone not in told.roads:
        text = _("It must have a road for the man whom nobody comes for, among its roads.")
        yield Refusal("programmes.alone", text, "GC III 16", field="alone")
    if set(told.conditions) - set(Condition):
        text = _("Nothing that a family does, says or pays may be a condition.")
        yield Refusal("programmes.price", text, "Customary rule 96", field="conditions")
    if told.baggage_kg < LEAST_BAGGAGE_KG:
        text = _("Everybody may take at least 25 kilograms.")
        yield Refusal("programmes.baggage", text, "GC III 119", field="baggage_kg")
    if told.closes_on and told.closes_on < told.opens_on:
        yield Refusal("programmes.days", _("This day is before the first."), field="closes_on")


def _faults_of_reach(told: Told, profile: Profile) -> Iterator[Refusal]:
    if not told.comes or set(told.comes) - set(Comes):
        yield Refusal("programmes.comes", _("Choose who may come."), field="comes")
    if not told.crossings or set(told.crossings) - {one.code for one in profile.crossings}:
        text = _("Choose at least one crossing.")
        yield Refusal("programmes.crossings", text, field="crossings")
    if not told.phones:
        text = _("Write at least one telephone number.")
        yield Refusal("programmes.phones", text, field="phones")


def why_not_change(state: ProgrammeState) -> Refusal | None:
    """What is published is never changed: it is withdrawn, and another is written."""
    if state != S.DRAFT:
        return Refusal("programmes.published", _("What is published cannot be changed."))
    return None


def why_not_end(state: ProgrammeState, to: ProgrammeState, *, reason: str) -> Refusal | None:
    """Say why it cannot be closed or withdrawn now, or None if it can."""
    if to not in MAY_BECOME[state]:
        return Refusal("programmes.not_open", _("Only a published programme can be ended."))
    if not reason.strip():
        return Refusal("programmes.reason", _("Give your reason."), field="reason")
    return None


def names_of(roads: list[str]) -> list[object]:
    return [ROAD_NAMES[Road(road)] for road in roads]
