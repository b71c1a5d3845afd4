"""Our records into the names core's descriptions and back; indexes kept fresh in this process."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np

from wayhome.bureau.captives.bridge import COLUMNS, REGISTER, Fresh, description_of, evidence_of
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.matches.rules import (
    PRIOR,
    SAME_SOUGHT_AT_MOST,
    SAME_SOUGHT_PRIOR,
    SHOWN_AT_MOST,
)
from wayhome.cores.names import Description, Index
from wayhome.cores.names.drift import Drift, drift, spread_of
from wayhome.cores.names.expected import Gain, worth_asking
from wayhome.cores.names.index import probabilities
from wayhome.cores.names.learning import learn
from wayhome.cores.names.weights import WEIGHTS, Weights

FEW_ENQUIRIES = 64  # are asked for at first


@dataclass(frozen=True)
class Proposal:
    """What the core proposes: an enquiry, a captive, and why; no names in the evidence."""

    enquiry_id: str
    captive_id: str
    rank: int
    bits: float
    probability: float
    evidence: list[list[Any]]  # [field, verdict, rule, bits]
    record_id: str = ""  # the record compared, where another one stands for the man
    person: str = ""  # the first record of those that the core takes for one person's

    def about(self, captive_id: str) -> "Proposal":
        """The same proposal about the record that stands for the man."""
        return replace(self, captive_id=captive_id, record_id=self.record_id or self.captive_id)

    def and_also(self, other: "Proposal") -> "Proposal":
        """Of one man with two records: either may be the one that was meant.

        Records that the core takes for one person's carry what they have together already.
        """
        if self.person and self.person == other.person:
            return self
        both = min(1.0, self.probability + other.probability)
        return replace(self, probability=both)


@dataclass(frozen=True)
class Proposals:
    """Who may be the person sought, best first, and how likely he is not on the register."""

    all: list[Proposal]
    absent: float = 1.0


def _enquiries_in(state: EnquiryState, name: str) -> Fresh:
    rows = Enquiry.objects.only(*COLUMNS, "state")
    return Fresh(
        name,
        rows.all,
        belongs=lambda enquiry: enquiry.state == state,
        standing=lambda: rows.filter(state=state),
        learns=True,
    )


SOUGHT = _enquiries_in(EnquiryState.OPEN, "enquiries")
# Compared with nobody here, and looked up by whoever searches.
FOR_AGENCY = _enquiries_in(EnquiryState.FOR_AGENCY, "enquiries-for-agency")
INDEXES = (REGISTER, SOUGHT, FOR_AGENCY)


@contextmanager
def held() -> Iterator[None]:
    """Bring both indexes up to date once for many questions in a row."""
    with REGISTER.held(), SOUGHT.held():
        yield


def on_register() -> int:
    """How many records the register holds."""
    return len(REGISTER)


def _asked(enquiry: Enquiry) -> Description:
    """Who is sought on the register; a comrade stands there alone, and in no index (0064)."""
    return replace(description_of(enquiry), comrade=enquiry.comrade)


def proposals_for_enquiry(enquiry: Enquiry) -> Proposals:
    """Who on the register may be the person sought."""
    asked = _asked(enquiry)

    def told(index: Index) -> tuple[list[Any], float]:
        share = _prior_of(index)
        ranking = index.rank(asked, SHOWN_AT_MOST)
        return ranking.candidates(share, len(index)), ranking.absent(share)

    found, absent = REGISTER.ask(told)
    return Proposals([_proposal(str(enquiry.pk), x.id, x) for x in found], absent)


def prior() -> float:
    """The share of enquiries whose man is on the register, before any look at their names."""
    found: float = REGISTER.ask(_prior_of)
    return found


def _prior_of(index: Index) -> float:
    """As it was learned; else the first."""
    return index.weights.prior if index.weights.made.version else PRIOR


def facts_worth_asking(enquiry: Enquiry) -> list[Gain]:
    """Facts that the enquiry lacks, by what each is expected to tell; for staff alone (0027)."""
    asked = _asked(enquiry)

    def told(index: Index) -> list[Gain]:
        if not len(index):
            return []
        ranking = index.rank(asked, SHOWN_AT_MOST)
        own = probabilities(ranking.bits, ranking.odds, _prior_of(index), len(index))
        counted: Any = index.frequencies
        return worth_asking(ranking.found, own, counted.parts, counted)

    found: list[Gain] = REGISTER.ask(told)
    return found


def enquiries_answered_by(captive: Captive, *, least: float) -> list[str]:
    """Every open enquiry whose person this captive fits by so many bits, best first."""
    asked, top = description_of(captive), FEW_ENQUIRIES
    while True:
        found = SOUGHT.nearest(asked, top=top)
        worth = [each.id for each in found if each.bits >= least]
        if len(worth) < top:
            return worth
        top *= 4


def search_invented(
    register: Iterable[Mapping[str, str]],
    planted: Mapping[str, Mapping[str, str]],
    enquiries: Iterable[Mapping[str, str]],
) -> list[list[tuple[str, float]]]:
    """For each enquiry the ids and probabilities of the best, in an index of its own in memory.

    It holds the register's descriptions, without a name of a record, and those planted; it is
    thrown away with the answer.
    """
    index = Index.build(
        [
            *(Description(f"card-{at}", **each) for at, each in enumerate(register)),
            *(Description(id, **each) for id, each in planted.items()),
        ],
        weights=weights_in_use(),
    )
    return [
        [
            (found.id, found.probability)
            for found in index.candidates(
                Description("asked", **each), top=SHOWN_AT_MOST, prior=_prior_of(index)
            )
        ]
        for each in enquiries
    ]


def weights_in_use() -> Weights:
    """Those that the register is weighed by: learned ones, or what came with the program."""
    weights: Weights = REGISTER.ask(lambda index: index.weights)
    return weights


def learned_weights(
    enquiries: Iterable[Enquiry],
    verdicts: Mapping[str, Mapping[str, bool]],
    *,
    version: int,
    on: str,
) -> str:
    """What agreements are worth on the register, by these enquiries: a text to be kept.

    `verdicts`: by id of enquiry and record, whether people found both to be one man. `version` is
    that of the weights in use, `on` the day.
    """
    asked = [_asked(each) for each in enquiries]
    first = replace(WEIGHTS, made=replace(WEIGHTS.made, version=version))
    found: str = REGISTER.ask(
        lambda index: learn(index, asked, judgements=verdicts, start=first, on=on).to_json()
    )
    return found


def first_weights() -> dict[str, tuple[float, float]]:
    """For each field what the best and the worst tie weigh, before a register is counted."""
    worth = {}
    for name, weighing in weights_in_use().fields.items():
        bits = weighing.bits(np.zeros(len(weighing.ties)), 0.0)
        worth[name] = float(max(bits)), float(min(bits))
    return worth


def register_drift() -> list[Drift]:
    """How far each field of the register has moved since the weights in use were learned.

    Empty for the weights that came with the program: they were learned on no register.
    """

    def moved(index: Index) -> list[Drift]:
        was = index.weights.spread
        return drift(was, spread_of(index.frequencies.parts)) if was else []

    found: list[Drift] = REGISTER.ask(moved)
    return found


@dataclass(frozen=True)
class Alike:
    """Two enquiries that may seek one man, and why; no names in the evidence."""

    enquiry_id: UUID
    other_id: UUID
    bits: float
    probability: float
    evidence: list[list[Any]]  # [field, verdict, rule, bits]


def enquiries_like(enquiry: Enquiry) -> list[Alike]:
    """The other open enquiries that may seek the same man, best first."""
    asked = description_of(enquiry)
    found = SOUGHT.search_others(asked, top=SAME_SOUGHT_AT_MOST, prior=SAME_SOUGHT_PRIOR)
    return [
        Alike(enquiry.pk, UUID(each.id), each.bits, each.probability, evidence_of(each))
        for each in found
    ]


def principals(captive_ids: list[str]) -> dict[str, str]:
    """For each record the record that stands for the man."""
    rows = Captive.objects.filter(pk__in=captive_ids).values_list("pk", "same_as")
    return {str(pk): str(same_as or pk) for pk, same_as in rows}


def _proposal(enquiry_id: str, captive_id: str, found: Any) -> Proposal:
    return Proposal(
        enquiry_id,
        captive_id,
        found.rank,
        found.bits,
        found.probability,
        evidence_of(found),
        person=found.person,
    )
