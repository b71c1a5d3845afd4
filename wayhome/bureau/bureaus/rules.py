"""Agreements with other bureaus, and what may be asked and answered under one, one at a time."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wayhome.lib.refusal import Refusal

GUIDE = "ICRC, Missing people, DNA analysis"
# log10 of the ratio from which the answer is yes: far above what strangers reach, and far below
# what identifies. Below it nothing is told, so that nobody can feel their way to a family.
ANSWERED_FROM = 4.0
FEWEST_MARKERS = 12  # of a profile that travels: with fewer a yes says little, a no nothing
ASKED_AGAIN_AFTER = timedelta(days=90)  # families give samples later: a no is no last word
MOST_A_MONTH = 1_000  # that any agreement may allow
LONGEST_NAME, LONGEST_PURPOSE = 200, 2_000
# Allele lengths as laboratories write them; nothing else is read from a stranger's file.
_ALLELE = re.compile(r"[0-9]{1,3}(\.[0-9])?|[XY]")
_MARKER = re.compile(r"[A-Za-z0-9_ -]{1,20}")
_REFERENCE = re.compile(r"[0-9a-f-]{36}")
MOST_MARKERS = 60


class Direction(StrEnum):
    OUT = "out"  # we ask
    IN = "in"  # they ask


DIRECTION_NAMES = {
    Direction.OUT: pgettext_lazy("question", "asked by us"),
    Direction.IN: pgettext_lazy("question", "asked by them"),
}


class State(StrEnum):
    TO_CHECK = "to check"
    STANDS = "stands"
    ENDED = "ended"


STATE_NAMES = {
    State.TO_CHECK: pgettext_lazy("agreement", "waits for a second lawyer"),
    State.STANDS: pgettext_lazy("agreement", "in force"),
    State.ENDED: pgettext_lazy("agreement", "ended"),
}


@dataclass(frozen=True)
class Agreed:
    """What an agreement says: with whom, for what, by which act, until when, how many a month."""

    name: str
    purpose: str
    act: str
    until: date | None
    most_a_month: int
    key: str

    def as_kept(self) -> dict[str, str]:
        return {"purpose": self.purpose.strip(), "act": self.act.strip()}


def why_not_agree(
    agreed: Agreed, *, key_is_good: bool, key_is_known: bool, today: date
) -> Iterator[Refusal]:
    """Say why this is no agreement."""
    if not agreed.name.strip():
        yield Refusal("agreement.no_name", _("Write with which bureau."), field="name")
    if not agreed.purpose.strip():
        text = _("Write for what: which dead, which families, and nothing else.")
        yield Refusal("agreement.no_purpose", text, GUIDE, field="purpose")
    if not agreed.act.strip():
        text = _("Write the act or treaty on which it rests, and who signed it.")
        yield Refusal("agreement.no_act", text, GUIDE, field="act")
    if agreed.until is None or agreed.until <= today:
        text = _("Write the day on which it ends: after today.")
        yield Refusal("agreement.no_end", text, GUIDE, field="until")
    if not 1 <= agreed.most_a_month <= MOST_A_MONTH:
        text = _("From 1 to 1,000 questions a month, each asked for one of the dead.")
        yield Refusal("agreement.many", text, GUIDE, field="most_a_month")
    if not key_is_good:
        text = _("This is no key of a bureau. It is one line that begins with wayhome-key/1.")
        yield Refusal("agreement.key", text, field="key")
    elif key_is_known:
        text = _("Another agreement under this key was not ended. End it first.")
        yield Refusal("agreement.key_known", text, field="key")


def why_not_check(*, state: State, own: bool) -> Refusal | None:
    """Say why this lawyer cannot be the second who has read it."""
    if state != State.TO_CHECK:
        return Refusal("agreement.checked", _("This agreement does not wait for a second lawyer."))
    if own:
        return Refusal("agreement.own", _("You wrote it down. A second lawyer checks it."))
    return None


def why_not_end(*, ended: bool, reason: str) -> Iterator[Refusal]:
    """Say why it cannot be ended; one whose day is over is ended so that a new one can begin."""
    if ended:
        yield Refusal("agreement.ended", _("This agreement has ended."))
    if not reason.strip():
        yield Refusal("agreement.no_reason", _("Give your reason."), field="reason")


def state_of(*, checked: bool, ended: bool, until: date, today: date) -> State:
    if ended or until < today:
        return State.ENDED
    return State.STANDS if checked else State.TO_CHECK


def why_not_use(*, state: State, asked_this_month: int, most_a_month: int) -> Iterator[Refusal]:
    """Say why nothing goes out under this agreement now, and nothing that comes is answered."""
    if state != State.STANDS:
        text = _("This agreement is not in force.")
        yield Refusal("question.no_agreement", text, GUIDE)
    elif asked_this_month >= most_a_month:
        text = _("This month's questions are used up. They begin anew on the first.")
        yield Refusal("question.many", text, GUIDE)


def why_not_ask(*, markers: int | None, asked: bool) -> Refusal | None:
    """Say why these remains cannot be asked for. Only the dead are: no relative's profile goes."""
    if markers is None:
        text = _("No profile of these remains is here.")
        return Refusal("question.no_profile", text, field="number")
    if markers < FEWEST_MARKERS:
        text = _("Their profile has fewer than 12 markers. It would say too little.")
        return Refusal("question.few_markers", text, "ISFG 2007", field="number")
    if asked:
        text = _("This bureau was asked for them within the last 90 days.")
        return Refusal("question.asked", text, field="number")
    return None


@dataclass(frozen=True)
class Question:
    """What travels: a profile under a number that says nothing, and the sex it tells."""

    reference: str
    sex: str
    genotypes: Mapping[str, tuple[str, ...]]

    def as_body(self) -> dict[str, Any]:
        return {
            "kind": "question",
            "reference": self.reference,
            "sex": self.sex,
            "markers": {name: list(alleles) for name, alleles in self.genotypes.items()},
        }


@dataclass(frozen=True)
class Answer:
    """Yes with its ratio, or no with nothing."""

    reference: str
    fits: bool
    log10_lr: float | None
    markers: int

    def as_body(self) -> dict[str, Any]:
        return {
            "kind": "answer",
            "reference": self.reference,
            "fits": self.fits,
            "log10_lr": self.log10_lr,
            "markers": self.markers,
        }


class Unread(ValueError):
    """The body of a message is none of ours; `field` is what is wrong in it."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


def read_body(body: Mapping[str, Any]) -> Question | Answer:
    """The question or answer that a message holds. Raises Unread."""
    reference = body.get("reference")
    if not isinstance(reference, str) or not _REFERENCE.fullmatch(reference):
        raise Unread("reference")
    if body.get("kind") == "question":
        return _read_question(reference, body)
    if body.get("kind") == "answer":
        return _read_answer(reference, body)
    raise Unread("kind")


def _read_question(reference: str, body: Mapping[str, Any]) -> Question:
    sex, markers = body.get("sex"), body.get("markers")
    if sex not in ("M", "F", "U"):
        raise Unread("sex")
    if not isinstance(markers, dict) or not FEWEST_MARKERS <= len(markers) <= MOST_MARKERS:
        raise Unread("markers")
    for name, alleles in markers.items():
        good = isinstance(alleles, list) and 1 <= len(alleles) <= 2
        if not (_MARKER.fullmatch(name) and good and all(map(_is_allele, alleles))):
            raise Unread("markers")
    return Question(reference, sex, {name: tuple(of) for name, of in markers.items()})


def that_travel(genotypes: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Of a laboratory's profile what the format can say."""
    told = {name: tuple(map(str, alleles)) for name, alleles in genotypes.items()}
    good = {
        name: alleles
        for name, alleles in told.items()
        if _MARKER.fullmatch(name) and 1 <= len(alleles) <= 2 and all(map(_is_allele, alleles))
    }
    return dict(list(good.items())[:MOST_MARKERS])


def _is_allele(allele: object) -> bool:
    return isinstance(allele, str) and bool(_ALLELE.fullmatch(allele))


def _read_answer(reference: str, body: Mapping[str, Any]) -> Answer:
    fits, log10_lr, markers = body.get("fits"), body.get("log10_lr"), body.get("markers")
    if not isinstance(fits, bool):
        raise Unread("fits")
    if type(markers) is not int or not 0 <= markers <= MOST_MARKERS:
        raise Unread("markers")
    if not fits and log10_lr is not None:
        raise Unread("log10_lr")
    if not fits:
        return Answer(reference, False, None, markers)
    # Others write a whole number without its point.
    if not isinstance(log10_lr, int | float) or not ANSWERED_FROM <= log10_lr < 1_000:
        raise Unread("log10_lr")
    return Answer(reference, True, float(log10_lr), markers)


def answer_to(question: Question, best_log10_lr: float | None, markers: int) -> Answer:
    """Yes from the threshold on; below it a plain no, whatever was computed."""
    fits = best_log10_lr is not None and best_log10_lr >= ANSWERED_FROM
    log10_lr = round(float(best_log10_lr), 2) if fits and best_log10_lr is not None else None
    return Answer(question.reference, fits, log10_lr, markers if fits else 0)
