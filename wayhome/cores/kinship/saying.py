"""Every sentence that this core says to people: a stable key each, English here.

Whoever has another language hands in the same keys with other sentences; the gaps are filled the
same way. Codes, models and numbers are in no language.
"""

from collections.abc import Mapping, Sequence
from typing import Any


def _(text: str) -> str:
    """Mark a sentence for translators."""
    return text


Sentences = Mapping[str, str]
SENTENCES: Sentences = {
    # Pedigrees in words
    "case": _("Case {id}"),
    "and": _("{first} and {last}"),
    "M": _("man"),
    "F": _("woman"),
    "U": _("sex unknown"),
    "typed": _("typed"),
    "missing": _("missing"),
    "dead": _("dead"),
    "asked": _("place in question"),
    "kin": _("couple of kin"),
    "child": _("{father} and {mother} have the child {children}."),
    "children": _("{father} and {mother} have the children {children}."),
    "child of kin": _("{father} and {mother}, who are kin, have the child {children}."),
    "children of kin": _("{father} and {mother}, who are kin, have the children {children}."),
    "twins": _("{who} are twins of one egg."),
    "alone": _("{who} is related to nobody here."),
    "all alone": _("{who} are related to nobody here."),
    # What was changed, to see what hangs on it
    "as stated": _("as stated"),
    "theta": _("theta {theta}"),
    "rates": _("mutation rates times {factor}"),
    "no mutation": _("no mutation"),
    "drop-out times": _("drop-out times {factor}"),
    "no drop-in": _("no drop-in"),
    "linked apart": _("linked markers taken as independent"),
    "no haplotypes": _("without haplotypes"),
    # What a reader should know
    "not read": _("{part} is not part of the schema and was not read"),
    "not used": _("{marker} is not among the markers, and was not used"),
    "not declared": _("{one} and {other} are linked, and were taken as independent"),
    "x apart": _("markers of one X chromosome were taken as independent"),
    # What was assumed
    "given": _("as given in the case"),
    "drop-out": _(
        "{person}: drop-out {once} of one copy, {twice} of both of a homozygote, drop-in {foreign}"
    ),
    "linked": _("{one} and {other}, recombination {recombination}"),
    "matrix": _("a matrix, see the case"),
    "none": _("none"),
    # Numbers that are none
    "no reference": _("none: the reference is impossible"),
    "above": _("above 10^308"),
    "nearly certain": _("1 − less than 10^-15"),
}


class Said(str):
    """A sentence in English that knows its key and what fills its gaps."""

    __slots__ = ("gaps", "key")
    key: str
    gaps: Mapping[str, Any]

    def __new__(cls, key: str, **gaps: Any) -> "Said":
        said = super().__new__(cls, SENTENCES[key].format(**gaps))
        said.key, said.gaps = key, gaps
        return said


def in_words(said: str, sentences: Sentences) -> str:
    """What was said, in another language; a text without a key stays as it is."""
    return sentences[said.key].format(**said.gaps) if isinstance(said, Said) else said


def listed(parts: Sequence[str], sentences: Sentences) -> str:
    """The parts with commas between, and an "and"."""
    if len(parts) == 1:
        return parts[0]
    return sentences["and"].format(first=", ".join(parts[:-1]), last=parts[-1])
