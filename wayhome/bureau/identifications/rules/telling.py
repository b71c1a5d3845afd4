"""How a family hears of a death: by people, in a talk, on the road of every first news."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.enquiries.rules import Channel, Relation
from wayhome.lib.refusal import Refusal


class Way(StrEnum):
    """How she is told. There is no written one."""

    IN_PERSON = "in person"
    SOCIETY = "society"  # of her country, through the Central Tracing Agency
    TELEPHONE = "telephone"


WAY_NAMES = {
    Way.IN_PERSON: _("In person, two of us"),
    Way.SOCIETY: _("Through the Central Tracing Agency and the society of her country"),
    Way.TELEPHONE: _("By telephone, at the hour that she picked"),
}


@dataclass(frozen=True)
class Case:
    """What telling a family of a death rests on at this moment."""

    stands: bool  # the board's decision
    alive: bool = False  # somebody whom this would be is in the register, and not as dead
    harm_flag: bool = False
    is_friend: bool = False
    invited: bool = False
    told: bool = False
    told_of_him: bool = False  # by other remains of the same person
    forgotten: bool = False
    kinship_proven: bool = True  # by a verdict that a second verifier confirmed


def why_not_tell_at_all(case: Case) -> Iterator[Refusal]:
    """Say why this family may not be told of this death."""
    if not case.stands:
        text = _("No decision of the board stands.")
        yield Refusal("telling.no_decision", text)
    if case.alive:
        text = _("He is on the register, and not as dead. Settle that first.")
        yield Refusal("telling.alive", text)
    if case.forgotten:
        yield Refusal("telling.forgotten", _("She had her enquiry forgotten."))
    if case.harm_flag:
        yield Refusal("consents.harm", _("Stopped by the legal officer."))
    if case.is_friend:
        text = _("A friend hears it from the family. Find a relative first.")
        yield Refusal("telling.friend", text)
    if not case.kinship_proven:
        text = _("Two verifiers have not confirmed yet that she is a relative.")
        yield Refusal("telling.kinship", text)
    if case.told:
        yield Refusal("telling.told", _("She was told already."))
    elif case.told_of_him:
        text = _("She has been told of his death already.")
        yield Refusal("telling.told_of_him", text)


def why_not_invite_to_it(case: Case) -> list[Refusal]:
    """Say why she cannot be invited to the talk; the invitation is the same for every news."""
    refusals = list(why_not_tell_at_all(case))
    if case.invited:
        refusals.append(Refusal("answers.invited", _("An invitation is open already.")))
    return refusals


@dataclass(frozen=True)
class Talk:
    """How the talk was, as whoever told writes it down."""

    way: str
    second: str = ""  # number of the second person
    present: str = ""  # who was with her
    words: str = ""  # what she asked, in short

    def as_kept(self) -> dict[str, str]:
        return {
            "way": self.way,
            "present": self.present.strip(),
            "words": self.words.strip(),
        }


@dataclass(frozen=True)
class Reach:
    """How she let herself be reached, when she asked."""

    channel: str
    society: bool


def why_not_note_told(case: Case, talk: Talk, reach: Reach, *, pair: bool) -> Iterator[Refusal]:
    """Say why it cannot be noted so that she was told; `pair`: a second one of us was there."""
    yield from why_not_tell_at_all(case)
    if not case.invited:
        text = _("She is invited first, in the same words as all.")
        yield Refusal("telling.not_invited", text)
    if talk.way == Way.IN_PERSON and not pair:
        text = _("In person two of us come. Write the number of the second.")
        yield Refusal("telling.alone", text, field="second")
    if talk.way == Way.SOCIETY and not reach.society:
        text = _("She did not ask for the society of her country.")
        yield Refusal("telling.no_society", text, field="way")
    if talk.way == Way.TELEPHONE and reach.channel != Channel.TELEPHONE:
        text = _("She did not give a telephone. She comes, or the society of her country does.")
        yield Refusal("telling.no_telephone", text, field="way")
    if talk.way not in set(Way):
        yield Refusal("telling.no_way", _("Please choose how she was told."), field="way")


def is_friend(relation: str) -> bool:
    return relation == Relation.FRIEND


# What a family may choose, never in the first talk.


class Return(StrEnum):
    """What shall become of the body."""

    HOME = "home"
    HERE = "here"
    PARTS_FIRST = "parts first"
    NOT_YET = "not yet"


RETURN_NAMES = {
    Return.HOME: _("Bring the body home"),
    Return.HERE: _("No return: bury here, in a grave with the name"),
    Return.PARTS_FIRST: _("Wait first whether further parts are found"),
    Return.NOT_YET: _("She does not decide yet"),
}


class Belongings(StrEnum):
    """What shall become of the effects."""

    TO_HER = "to her"
    WITH_HIM = "with him"
    KEEP = "keep"
    NOT_YET = "not yet"


BELONGINGS_NAMES = {
    Belongings.TO_HER: _("Send them to her"),
    Belongings.WITH_HIM: _("Let them go with the body"),
    Belongings.KEEP: _("Keep them for her"),
    Belongings.NOT_YET: _("She does not decide yet"),
}


def why_not_choose(*, told_on: date | None, today: date) -> Refusal | None:
    """Say why no wish of hers can be noted: in the first talk nothing is asked of her."""
    if told_on is None:
        return Refusal("telling.not_told", _("She was not told yet."))
    if today <= told_on:
        text = _("Nothing is asked of her on the day of the first talk. Call again another day.")
        return Refusal("telling.too_soon", text)
    return None


def why_not_note_correction(*, withdrawn: bool, told: bool) -> Refusal | None:
    """Say why it cannot be noted that a person told her of an error."""
    if not withdrawn:
        return Refusal("telling.stands", _("What she was told still stands."))
    if told:
        return Refusal("telling.corrected", _("A person has told her already."))
    return None
