"""What one more fact would decide: how much surer it is expected to make who is meant, in bits.

For staff alone. No family is asked because of it: what families are asked follows from the calendar
(bureau/enquiries/asking.py, docs/decisions/0027).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from wayhome.bureau.matches.models import Candidate
from wayhome.bureau.matches.rules import CandidateState
from wayhome.bureau.persons.models import Described

FIELDS = ("born", "birthplace", "mother_name", "patronymic", "unit", "rank", "service_no")
# A family's answer is his own value in so many cases; a stranger's is a certain value by chance.
RIGHT = 0.85
BY_CHANCE = {
    "born": 1e-4, "birthplace": 5e-3, "mother_name": 1e-3, "patronymic": 0.02, "unit": 5e-3,
    "rank": 0.2, "service_no": 1e-4,
}  # fmt: skip
LEAST_TELLING = 0.01  # bits; a fact that tells less is not listed


@dataclass(frozen=True)
class Telling:
    """One fact that the enquiry lacks, and by how many bits it is expected to lessen the doubt."""

    field: str
    bits: float
    doubt: float  # the bits of doubt there are


def what_would_tell(candidate: Candidate) -> list[Telling]:
    """Facts that would decide who of this enquiry's candidates is meant, the most telling first."""
    rows = candidate.enquiry.candidates.exclude(state=CandidateState.GONE)
    men = [
        (each.probability, {name: getattr(each.compared, name) for name in FIELDS})
        for each in rows.select_related("captive", "record").order_by("rank", "pk")
    ]
    asked = {name: getattr(candidate.enquiry, name) for name in Described.DESCRIBING}
    if asked["full_name"]:  # a patronymic may stand in it
        asked["patronymic"] = asked["full_name"]
    return tellings(asked, men)


def tellings(
    asked: Mapping[str, str], men: Sequence[tuple[float, Mapping[str, str]]]
) -> list[Telling]:
    """For men with their probabilities and values; what is missing to one is "none of them"."""
    shares = [share for share, _ in men]
    none_of_them = max(0.0, 1.0 - sum(shares))
    doubt = entropy([*shares, none_of_them])
    found = [
        Telling(name, doubt - _doubt_after(name, men, none_of_them), doubt)
        for name in FIELDS
        if not asked.get(name)
    ]
    telling = [each for each in found if each.bits >= LEAST_TELLING]
    return sorted(telling, key=lambda each: (-each.bits, each.field))


def entropy(shares: Sequence[float]) -> float:
    """Shannon's, in bits, of shares that need not sum to one."""
    whole = sum(shares)
    parts = [share / whole for share in shares if share > 0.0] if whole else []
    return -sum(part * log2(part) for part in parts)


def _doubt_after(name: str, men: Sequence[tuple[float, Mapping[str, str]]], none: float) -> float:
    """The doubt expected when the answer is known: one man's value, another's, or anything else."""
    values = sorted({told[name] for _, told in men if told[name]})
    left = 0.0
    answers: list[str | None] = [*values, None]
    for answer in answers:
        joint = [
            share * _likely(answer, told[name], values, BY_CHANCE[name]) for share, told in men
        ]
        joint.append(none * _likely(answer, "", values, BY_CHANCE[name]))
        left += sum(joint) * entropy(joint)
    return left


def _likely(answer: str | None, his: str, values: Sequence[str], by_chance: float) -> float:
    """How likely she answers so if a man of this value is meant; None is any other answer."""
    told = dict.fromkeys(values, by_chance * (1.0 - RIGHT if his else 1.0))
    if his:
        told[his] = RIGHT
    if answer is None:
        return max(0.0, 1.0 - sum(told.values()))
    return told[answer]
