"""The screens of a sitting: their order depends on who asks for him, never on what he answers."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wayhome.bureau.answers.rules import ReachOutcome
from wayhome.bureau.consents.actions import matches_of
from wayhome.bureau.consents.models import PersonToTell, Sitting
from wayhome.bureau.consents.rules import Kind
from wayhome.bureau.enquiries.rules import Relation
from wayhome.bureau.matches.models import Match
from wayhome.bureau.staff.disclosure import shown

KINDS = {
    "lives": Kind.LIVES,
    "how": Kind.HOW_I_AM,
    "letters": Kind.LETTERS,
    "calls": Kind.CALLS,
    "papers": Kind.PAPERS,
    "dna": Kind.DNA,
    "return": Kind.GO_HOME,
}
BEFORE = ("rights", "file")
OF_A_MATCH = ("things", "who", *KINDS)
AFTER = ("fear", "harm", "tell", "home")
RELATIONS = {
    Relation.MOTHER: pgettext_lazy("who asks", "mother"),
    Relation.FATHER: pgettext_lazy("who asks", "father"),
    Relation.WIFE: pgettext_lazy("who asks", "wife"),
    Relation.HUSBAND: pgettext_lazy("who asks", "husband"),
    Relation.PARTNER: pgettext_lazy("who asks", "partner"),
    Relation.SISTER: pgettext_lazy("who asks", "sister"),
    Relation.BROTHER: pgettext_lazy("who asks", "brother"),
    Relation.SON: pgettext_lazy("who asks", "son"),
    Relation.DAUGHTER: pgettext_lazy("who asks", "daughter"),
    Relation.GRANDPARENT: pgettext_lazy("who asks", "grandparent"),
    Relation.OTHER_RELATIVE: pgettext_lazy("who asks", "other relative"),
    Relation.FRIEND: pgettext_lazy("who asks", "friend"),
}


STATES = {
    None: _("We have not tried yet."),
    ReachOutcome.TOLD: _("This person was told."),
    ReachOutcome.NOT_REACHED: _("We tried and did not reach this person. We try again."),
    ReachOutcome.WRONG_ANSWER: _("The answer to your question was wrong. We told nothing."),
}


@dataclass(frozen=True)
class Step:
    """One screen. About a match its address names the match, so that no answer goes astray."""

    topic: str
    match: Match | None = None

    @property
    def slug(self) -> str:
        return f"{self.topic}-{self.match.pk}" if self.match else self.topic

    @property
    def kind(self) -> Kind:
        return KINDS[self.topic]


@dataclass(frozen=True)
class Asker:
    """Who asks for him, as far as he is told."""

    relation: Any
    name: str


def asker_of(match: Match) -> Asker:
    enquiry, enquirer = shown(match.enquiry, "file"), shown(match.enquiry.enquirer, "contact")
    return Asker(RELATIONS[Relation(enquiry.relation)], enquirer.name or "")


@dataclass(frozen=True)
class Named:
    """Somebody whom he named, and what has come of it."""

    name: str
    state: Any


def named_by(sitting: Sitting) -> list[Named]:
    """Whom he named, the earliest first."""
    people = PersonToTell.objects.visible_to(sitting).select_related("key").order_by("at")
    return [Named(one.who["name"], _state_of(one)) for one in people]


def _state_of(one: PersonToTell) -> Any:
    last = one.attempts.order_by("-at").first()
    return STATES[ReachOutcome(last.outcome) if last else None]


def words_of(step: Step, sitting: Sitting) -> "Words":
    """The screen's words; of his rights, as they are today."""
    words = WORDS[step.topic]
    if step.topic != "rights" or sitting.neutral_id is not None:
        return words
    kept = (each for each in words.lead if each is not WITH_NEUTRAL)
    return Words(words.heading, (WITHOUT_NEUTRAL, STILL_OPEN, *kept))


def questions_of(match: Match) -> list[str]:
    """Her questions without her answers."""
    return [thing["question"] for thing in match.enquiry.three_things or []]


def steps_of(sitting: Sitting) -> list[Step]:
    """All screens before the overview, in their order.

    Without a neutral he is asked nothing: he reads, writes, takes back, complains (P7).
    """
    steps = [Step(topic) for topic in BEFORE]
    if sitting.neutral_id is None:
        return steps
    for match in matches_of(sitting.captive):
        asked = OF_A_MATCH if questions_of(match) else OF_A_MATCH[1:]
        steps += [Step(topic, match) for topic in asked]
    return steps + [Step(topic) for topic in AFTER]


def find(steps: list[Step], slug: str) -> Step | None:
    return next((step for step in steps if step.slug == slug), None)


@dataclass(frozen=True)
class Words:
    """A screen's heading and its short paragraphs."""

    heading: Any
    lead: tuple[Any, ...] = ()


WITH_NEUTRAL = _("A yes counts because a neutral person is with you. Camp staff cannot be there.")
WITHOUT_NEUTRAL = _("No neutral person is with you today. So you are asked nothing.")
STILL_OPEN = _("You can write letters and cards, take back what you allowed, and complain.")
NOBODY_ELSE = _("Only the legal officer and the neutral person can read your answer.")
WORDS: dict[str, Words] = {
    "rights": Words(
        _("Your rights"),
        (
            _("You need say only five things: surname, first names, rank, date of birth, number."),
            _("You may answer no to every question. A no needs no reason and nobody beside you."),
            _("A no costs you nothing. It changes nothing in how you are treated."),
            _("What you allow you can take back on any day, in one step."),
            WITH_NEUTRAL,
            _("What you write to somebody may be read by others, also in your own country."),
            _("You can stop at any moment. What you answered until then is kept."),
        ),
    ),
    "file": Words(
        _("What is written about you"),
        (
            _("This is your card, line by line. Nobody may change it without a reason."),
            _("If a line is wrong, say so. A clerk must look at it and answer you here."),
        ),
    ),
    "things": Words(
        _("Somebody asks you these questions"),
        (
            _("The person believes that only the two of you know the answers."),
            _("You need not answer. Write what you know, or leave it empty."),
        ),
    ),
    "who": Words(
        _("Who asks for you"),
        (
            _("This person learns only what you allow."),
            _("On the next pages you decide what this person may know."),
        ),
    ),
    "lives": Words(_("May this person know that you live?")),
    "how": Words(_("May this person know how you are?")),
    "letters": Words(_("May this person send you letters?")),
    "calls": Words(_("May this person talk with you in a call?")),
    "papers": Words(
        _("May we compare your papers with those of this person?"),
        (_("It may help to prove that you are relatives. This person sees nothing of yours."),),
    ),
    "dna": Words(
        _("May a sample of yours be compared once with one of this person?"),
        (
            _("The sample is DNA, from inside your cheek. It shows whether you are relatives."),
            _("It is compared once, for nothing else, while a neutral person is there."),
            _("It is destroyed the same day. You may say no: there are other ways of proof."),
        ),
    ),
    "return": Words(_("Do you want to go home by this programme if this person comes for you?")),
    "fear": Words(
        _("Do you fear to go back?"),
        (
            NOBODY_ELSE,
            _("If you fear it or are not sure, nobody takes you back before it is looked at."),
        ),
    ),
    "tell": Words(
        _("Is there somebody whom we should tell about you?"),
        (_("It may be anybody. You may also leave this empty."),),
    ),
    "harm": Words(
        _("Could it harm you or your family if your family is told about you?"),
        (
            _("Only the legal officer and the neutral person can read your reasons."),
            _("If it could, or if you are not sure, we tell your family nothing."),
        ),
    ),
    "home": Words(
        _("Do you want to go home of your own wish?"),
        (
            _("This needs no family. Your wish is looked at like every other."),
            _("You will be asked again before anything happens."),
        ),
    ),
}
