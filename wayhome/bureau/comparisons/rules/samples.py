"""Reference samples: who may give one, on what terms, and the way of a kit from hand to hand."""

from collections.abc import Collection, Iterator
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wayhome.lib.refusal import Refusal

MOST_SAMPLES = 12  # of one family that stand
LONGEST_NAME = 200


class Kin(StrEnum):
    """What somebody is to the person sought, as far as descent counts."""

    MOTHER = "mother"
    FATHER = "father"
    SON = "son"
    DAUGHTER = "daughter"
    BROTHER = "brother"
    SISTER = "sister"
    HALF_BROTHER_BY_MOTHER = "half brother by the mother"
    HALF_SISTER_BY_MOTHER = "half sister by the mother"
    HALF_BROTHER_BY_FATHER = "half brother by the father"
    HALF_SISTER_BY_FATHER = "half sister by the father"
    MOTHERS_MOTHER = "mother's mother"
    MOTHERS_FATHER = "mother's father"
    FATHERS_MOTHER = "father's mother"
    FATHERS_FATHER = "father's father"
    MOTHERS_BROTHER = "mother's brother"
    MOTHERS_SISTER = "mother's sister"
    FATHERS_BROTHER = "father's brother"
    FATHERS_SISTER = "father's sister"
    PARENT_OF_CHILD = "parent of a child"  # wife or husband: counts beside a child's sample
    OTHER = "other"  # placed by hand in the pedigree


KIN_NAMES = {
    Kin.MOTHER: pgettext_lazy("of the person sought", "mother"),
    Kin.FATHER: pgettext_lazy("of the person sought", "father"),
    Kin.SON: pgettext_lazy("of the person sought", "son"),
    Kin.DAUGHTER: pgettext_lazy("of the person sought", "daughter"),
    Kin.BROTHER: pgettext_lazy("of the person sought", "brother, of the same mother and father"),
    Kin.SISTER: pgettext_lazy("of the person sought", "sister, of the same mother and father"),
    Kin.HALF_BROTHER_BY_MOTHER: pgettext_lazy(
        "of the person sought", "brother by the mother alone"
    ),
    Kin.HALF_SISTER_BY_MOTHER: pgettext_lazy("of the person sought", "sister by the mother alone"),
    Kin.HALF_BROTHER_BY_FATHER: pgettext_lazy(
        "of the person sought", "brother by the father alone"
    ),
    Kin.HALF_SISTER_BY_FATHER: pgettext_lazy("of the person sought", "sister by the father alone"),
    Kin.MOTHERS_MOTHER: pgettext_lazy("of the person sought", "mother's mother"),
    Kin.MOTHERS_FATHER: pgettext_lazy("of the person sought", "mother's father"),
    Kin.FATHERS_MOTHER: pgettext_lazy("of the person sought", "father's mother"),
    Kin.FATHERS_FATHER: pgettext_lazy("of the person sought", "father's father"),
    Kin.MOTHERS_BROTHER: pgettext_lazy("of the person sought", "mother's brother"),
    Kin.MOTHERS_SISTER: pgettext_lazy("of the person sought", "mother's sister"),
    Kin.FATHERS_BROTHER: pgettext_lazy("of the person sought", "father's brother"),
    Kin.FATHERS_SISTER: pgettext_lazy("of the person sought", "father's sister"),
    Kin.PARENT_OF_CHILD: pgettext_lazy(
        "of the person sought", "mother or father of a common child"
    ),
    Kin.OTHER: pgettext_lazy("of the person sought", "another relative by blood"),
}
MALE = frozenset(
    {
        Kin.FATHER, Kin.SON, Kin.BROTHER, Kin.HALF_BROTHER_BY_MOTHER, Kin.HALF_BROTHER_BY_FATHER,
        Kin.MOTHERS_FATHER, Kin.FATHERS_FATHER, Kin.MOTHERS_BROTHER, Kin.FATHERS_BROTHER,
    }
)  # fmt: skip
# Of whom there is one: a second one is the same person or a mistake.
ONE_OF = frozenset(
    {
        Kin.MOTHER, Kin.FATHER, Kin.MOTHERS_MOTHER, Kin.MOTHERS_FATHER, Kin.FATHERS_MOTHER,
        Kin.FATHERS_FATHER, Kin.PARENT_OF_CHILD,
    }
)  # fmt: skip


def sex_of(kin: Kin, missing: str = "M") -> str:
    """M, F, or U where the word does not tell."""
    if kin == Kin.OTHER:
        return "U"
    if kin == Kin.PARENT_OF_CHILD:
        return {"M": "F", "F": "M"}.get(missing, "U")
    return "M" if kin in MALE else "F"


class Way(StrEnum):
    """How a kit comes to whoever gives the sample, and back."""

    POST = "post"
    CONSULATE = "consulate"
    HERE = "here"


WAY_NAMES = {
    Way.POST: _("by post"),
    Way.CONSULATE: _("at a consulate or a Red Cross office"),
    Way.HERE: _("at the bureau"),
}


class Scope(StrEnum):
    """With what the sample may be compared; the narrower one is as good as the wider."""

    THIS_BUREAU = "this bureau"
    OTHER_BUREAUS = "other bureaus"


SCOPE_NAMES = {
    Scope.THIS_BUREAU: _("only with the dead of this bureau"),
    Scope.OTHER_BUREAUS: _("also with the dead of other bureaus, by code and without a name"),
}


class State(StrEnum):
    ASKED = "asked"
    SENT = "sent"
    CAME = "came"
    AT_LABORATORY = "laboratory"
    TYPED = "typed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


STATE_NAMES = {
    State.ASKED: _("kit asked for"),
    State.SENT: _("kit sent"),
    State.CAME: _("sample here"),
    State.AT_LABORATORY: _("at the laboratory"),
    State.TYPED: _("profile here"),
    State.FAILED: _("no profile came of it"),
    State.WITHDRAWN: _("withdrawn and destroyed"),
}
# What may follow what. A sample taken here skips the post; withdrawal is open at every moment.
_NEXT: dict[State, frozenset[State]] = {
    State.ASKED: frozenset({State.SENT, State.CAME}),
    State.SENT: frozenset({State.CAME, State.FAILED}),
    State.CAME: frozenset({State.AT_LABORATORY, State.FAILED}),
    State.AT_LABORATORY: frozenset({State.TYPED, State.FAILED}),
    State.TYPED: frozenset(),
    State.FAILED: frozenset({State.SENT, State.CAME}),
    State.WITHDRAWN: frozenset(),
}
STEPS = (State.SENT, State.CAME, State.AT_LABORATORY, State.FAILED)  # which people note by hand


def next_of(state: State) -> list[State]:
    """The steps that somebody may note now."""
    return [one for one in STEPS if one in _NEXT[state]]


def why_not_step(state: State, to: State) -> Refusal | None:
    """Say why a kit cannot go from one state to another."""
    if state == State.WITHDRAWN:
        return Refusal("sample.withdrawn", _("This sample was withdrawn and destroyed."))
    if to not in _NEXT[state]:
        return Refusal("sample.order", _("This does not follow from where the kit is."))
    return None


def why_not_give(
    *,
    allowed: bool,
    adult: bool,
    name: str,
    kin: Kin,
    way: Way,
    to: str,
    others: Collection[Kin],
) -> Iterator[Refusal]:
    """Say why a reference sample cannot be noted. Nothing known of any dead is asked here.

    Whoever gives it must allow it in her own words: nobody can for another adult.
    """
    if not allowed:
        text = _("Without this box no sample is taken. Nothing else depends on it.")
        yield Refusal("sample.not_allowed", text, "ICRC, Missing people, DNA analysis", "allowed")
    if not adult:
        text = _("For a child, please talk with us first.")
        yield Refusal("sample.child", text, field="adult")
    if not name.strip():
        yield Refusal("sample.no_name", _("Write whose sample it is."), field="name")
    if way != Way.HERE and not to.strip():
        text = _("Write where the kit should go.")
        yield Refusal("sample.no_address", text, field="to")
    if kin in ONE_OF and kin in others:
        text = _("A sample of this relative is noted already.")
        yield Refusal("sample.twice", text, field="kin")
    if len(others) >= MOST_SAMPLES:
        text = _("There are as many samples as we can use. Please talk with us.")
        yield Refusal("sample.many", text, field="kin")


def why_not_withdraw(state: State) -> Refusal | None:
    """Say why a sample cannot be withdrawn: only because it is already."""
    if state == State.WITHDRAWN:
        return Refusal("sample.withdrawn", _("This sample was withdrawn and destroyed."))
    return None
