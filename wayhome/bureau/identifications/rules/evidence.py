"""Lines of evidence, each weighed in words; and what is missing before anybody may be named.

The words are those of INTERPOL's guide (2023): identity is excluded, possible, probable or
established, or nothing can be compared. Fingerprints, teeth and DNA are primary identifiers;
whatever else there is supports them, and recognition by sight alone is none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.identifications.policy import Policy
from wayhome.lib.refusal import Refusal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

GUIDE = "INTERPOL DVI 2023"


class Kind(StrEnum):
    """What one line of evidence rests on."""

    DNA = "dna"
    DENTAL = "dental"
    PRINTS = "prints"
    DOCUMENTS = "documents"
    EFFECTS = "effects"
    MEDICAL = "medical"
    PLACE = "place"
    SIGHT = "sight"


KIND_NAMES = {
    Kind.DNA: _("DNA"),
    Kind.DENTAL: _("Teeth"),
    Kind.PRINTS: _("Fingerprints"),
    Kind.DOCUMENTS: _("Names on papers, tags, tattoos and telephones"),
    Kind.EFFECTS: _("Clothing and effects"),
    Kind.MEDICAL: _("Body and medical traces"),
    Kind.PLACE: _("Place and unit"),
    Kind.SIGHT: _("Recognised by sight"),
}
PRIMARY = frozenset({Kind.DNA, Kind.DENTAL, Kind.PRINTS})
# Weighed by code, without a name; the others are weighed by whoever may read the enquiry.
BY_CODE = frozenset({Kind.DNA, Kind.DENTAL, Kind.PRINTS, Kind.EFFECTS, Kind.MEDICAL})


class Word(StrEnum):
    """How far a line carries, from against to for."""

    EXCLUDED = "excluded"
    SILENT = "silent"
    POSSIBLE = "possible"
    PROBABLE = "probable"
    ESTABLISHED = "established"


WORD_NAMES = {
    Word.EXCLUDED: _("excluded"),
    Word.SILENT: _("nothing can be compared"),
    Word.POSSIBLE: _("possible"),
    Word.PROBABLE: _("probable"),
    Word.ESTABLISHED: _("established"),
}
WORD_MEANINGS = {
    Word.EXCLUDED: _("It cannot be this person."),
    Word.SILENT: _("What would be compared is missing on one side."),
    Word.POSSIBLE: _("Nothing speaks against it, and little for it."),
    Word.PROBABLE: _("Particular things agree. Nothing unexplained speaks against it."),
    Word.ESTABLISHED: _("By this line alone no doubt is left."),
}
_RISING = (Word.EXCLUDED, Word.SILENT, Word.POSSIBLE, Word.PROBABLE, Word.ESTABLISHED)


def at_least(word: Word, least: Word) -> bool:
    return _RISING.index(word) >= _RISING.index(least)


def most_of(kind: Kind) -> Word:
    """The strongest word that a line of this kind can carry."""
    if kind == Kind.SIGHT:
        return Word.POSSIBLE
    return Word.ESTABLISHED if kind in PRIMARY else Word.PROBABLE


@dataclass(frozen=True)
class Weighed:
    """What a person writes of one line."""

    word: Word
    reason: str
    explained: str = ""  # of what contradicts

    def as_kept(self) -> dict[str, str]:
        return {"reason": self.reason.strip(), "explained": self.explained.strip()}


@dataclass(frozen=True)
class Basis:
    """What stands behind a line, read from the comparison and never typed."""

    posterior: float | None = None  # of DNA: None where none was computed
    contradictions: int = 0
    compared: bool = True  # whether there is something on both sides


def why_not_weigh(
    kind: Kind, weighed: Weighed, basis: Basis, policy: Policy, *, is_open: bool
) -> Iterator[Refusal]:
    """Say why a line cannot be weighed so."""
    if not is_open:
        text = _("It lies before the board, or is decided. Nothing is weighed now.")
        yield Refusal("evidence.not_open", text)
    if not weighed.reason.strip():
        text = _("Write what was compared with what, and why it weighs so much.")
        yield Refusal("evidence.no_reason", text, field="reason")
    if not at_least(most_of(kind), weighed.word):
        yield Refusal("evidence.too_strong", _too_strong(kind), GUIDE, field="word")
    speaks = weighed.word not in (Word.SILENT, Word.EXCLUDED)
    if kind == Kind.DNA:
        yield from _why_not_so_much(weighed.word, basis.posterior, policy)
    elif speaks and not basis.compared:
        text = _("There is nothing to compare on one side. Choose those words.")
        yield Refusal("evidence.one_sided", text, field="word")
    if at_least(weighed.word, Word.PROBABLE) and basis.contradictions and not weighed.explained:
        text = _("Something contradicts. Explain it, or weigh the line less.")
        yield Refusal("evidence.unexplained", text, GUIDE, field="explained")


def _too_strong(kind: Kind) -> "StrOrPromise":
    if kind == Kind.SIGHT:
        return _("A face that was recognised makes it possible at the most.")
    return _("A line that is not primary makes it probable at the most.")


def _why_not_so_much(word: Word, posterior: float | None, policy: Policy) -> Iterator[Refusal]:
    """A number is computed and never typed, and no word goes beyond it."""
    if posterior is None:
        if word != Word.SILENT:
            text = _("No comparison of DNA is computed for these two. A number is never typed.")
            yield Refusal("evidence.no_number", text, "ISFG 2007", field="word")
        return
    least = least_posterior(word, policy)
    if posterior < least:
        text = _("The posterior is %(have)s. For this word it must be %(least)s or more.")
        told = text % {"have": share(posterior), "least": share(least)}
        yield Refusal("evidence.number_too_low", told, "ISFG 2007", field="word")


def least_posterior(word: Word, policy: Policy) -> float:
    """The posterior from which on a line of DNA may carry this word."""
    return {Word.ESTABLISHED: policy.alone, Word.PROBABLE: policy.with_primary}.get(word, 0.0)


def share(probability: float) -> str:
    """A probability in six digits; never a 1 that was only rounded."""
    return "> 0.999999" if probability > 0.999_999 else f"{probability:.6f}"


@dataclass(frozen=True)
class Line:
    """One weighed line as the rules of naming see it."""

    kind: Kind
    word: Word
    posterior: float | None = None
    contradictions: int = 0
    explained: bool = False
    is_stale: bool = False  # what it was read from has changed since


@dataclass(frozen=True)
class Facts:
    """What else the bureau knows of these remains and of this person."""

    examined: bool
    held_alive: bool = False  # a standing match with a captive who is held
    named_otherwise: bool = False  # a standing decision names somebody else
    another_body: bool = False  # another whole body bears this name
    linked_otherwise: bool = False  # remains said to be of the same body bear another name
    doubt_open: bool = False  # no line was weighed since the last doubt
    mixed_up: bool = False  # a sample of these remains is suspected to be another's


MIXED_UP = Refusal(
    "identify.mix_up",
    _("DNA: a sample of these remains may be mixed up. The geneticist settles it first."),
    GUIDE,
)


TWO_BODIES = Refusal(
    "identify.two_bodies",
    _("Another whole body bears this name. It must be doubted first."),
    GUIDE,
)


def why_not_identify(lines: Sequence[Line], facts: Facts, policy: Policy) -> Iterator[Refusal]:
    """Say everything that is missing before a board may be asked to name these remains."""
    yield from _why_not_at_all(facts)
    yield from _contradictions(lines)
    speaking = [line for line in lines if at_least(line.word, Word.POSSIBLE)]
    if facts.mixed_up and any(line.kind == Kind.DNA for line in speaking):
        yield MIXED_UP
    if not speaking:
        yield Refusal("identify.nothing", _("No line of evidence speaks for it yet."), GUIDE)
    elif all(line.kind == Kind.SIGHT for line in speaking):
        text = _("Recognition by sight alone never identifies.")
        yield Refusal("identify.sight", text, GUIDE)
    elif all(line.kind not in PRIMARY for line in speaking):
        text = _("A primary identifier is missing: fingerprints, teeth or DNA.")
        yield Refusal("identify.no_primary", text, GUIDE)
    elif not reaches(lines, policy):
        yield Refusal("identify.too_little", _("What is weighed is not enough to name."), GUIDE)
    if speaking and len({line.kind for line in lines}) == 1:
        text = _("One line stands alone. Weigh another one, be it only that nothing compares.")
        yield Refusal("identify.one_line", text, GUIDE)


def _why_not_at_all(facts: Facts) -> Iterator[Refusal]:
    if not facts.examined:
        text = _("No examination has confirmed death and described the remains.")
        yield Refusal("identify.no_examination", text, "GC I 17")
    if facts.doubt_open:
        text = _("It was doubted. Weigh anew what the doubt touches.")
        yield Refusal("identify.doubt", text, GUIDE)
    if facts.held_alive:
        text = _("He is on the register, and not as dead. Settle that first.")
        yield Refusal("identify.held", text, GUIDE)
    if facts.named_otherwise:
        text = _("These remains bear another name. It must be doubted first.")
        yield Refusal("identify.named", text, GUIDE)
    if facts.another_body:
        yield TWO_BODIES
    if facts.linked_otherwise:
        text = _("Remains linked with these bear another name. Doubt it, or take the link back.")
        yield Refusal("identify.linked", text, GUIDE)


def _contradictions(lines: Sequence[Line]) -> Iterator[Refusal]:
    for line in lines:
        name = {"line": KIND_NAMES[line.kind]}
        if line.is_stale:
            text = _("%(line)s: what it was read from has changed. Weigh it anew.") % name
            yield Refusal(f"identify.stale.{line.kind}", text)
        elif line.word == Word.EXCLUDED:
            text = _("%(line)s: excluded.") % name
            yield Refusal(f"identify.excluded.{line.kind}", text, GUIDE)
        elif line.contradictions and not line.explained and line.word != Word.SILENT:
            text = _("%(line)s: a contradiction is not explained.") % name
            yield Refusal(f"identify.unexplained.{line.kind}", text, GUIDE)


def reaches(lines: Sequence[Line], policy: Policy) -> bool:
    """Whether the lines together are enough, by the figures of the policy."""
    strong = {line.kind for line in lines if at_least(line.word, Word.PROBABLE)}
    sure = {line.kind for line in lines if line.word == Word.ESTABLISHED}
    if (sure & PRIMARY) - {Kind.DNA} or {Kind.DENTAL, Kind.PRINTS} <= strong:
        return True
    dna = next((line for line in lines if line.kind == Kind.DNA and line.kind in strong), None)
    if dna is None or dna.posterior is None:
        return False
    needed = policy.alone
    if (strong & PRIMARY) - {Kind.DNA}:
        needed = policy.with_primary
    elif len(strong - PRIMARY) >= policy.secondary_lines:
        needed = policy.with_secondary
    return dna.posterior >= needed


def why_not_exclude(lines: Sequence[Line], *, mixed_up: bool) -> Iterator[Refusal]:
    """Say why a board cannot be asked to exclude: only a primary identifier excludes."""
    excluding = [line for line in lines if line.word == Word.EXCLUDED and not line.is_stale]
    if mixed_up and any(line.kind == Kind.DNA for line in excluding):
        yield MIXED_UP
    if not any(line.kind in PRIMARY for line in excluding):
        text = _("Only fingerprints, teeth or DNA exclude.")
        yield Refusal("exclude.no_primary", text, GUIDE)
