"""How people judge what the machine proposes."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from math import log2, nextafter

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.rules import ProposalState
from wayhome.lib.refusal import Refusal


class Verdict(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    UNDECIDED = "undecided"
    ONE_OF_TWO = "one of these two"


class CandidateState(StrEnum):
    PROPOSED = "proposed"
    HALF_JUDGED = "half judged"  # one verdict given, unseen by the second officer
    DISAGREED = "disagreed"  # waits for a new fact
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    UNDECIDED = "undecided"
    GONE = "gone"  # the evidence changed and the machine no longer proposes it


VERDICTS_TO_CONFIRM = 2  # people, blind to each other (docs/decisions)
ASK_WITHIN_HOURS = 72  # of a confirmed match he is asked

# The machine proposes at most so many men to people, and none less probable than this.
SHOWN_AT_MOST = 10
LEAST_PROBABILITY = 0.01
LEAST_BITS = 12.0
# The share of enquiries whose man is on the register, before it is learned: the first bureau's.
PRIOR = 0.02
# With fewer the share of men on the register would be a guess, and a bold one.
FEWEST_CARDS, FEWEST_ENQUIRIES = 1000, 200
LOOKED_BACK_DAYS = 28  # over which the daily inflow is counted, for the queue's threshold
KEPT_FREE = 6  # one place in so many is kept for pairs that come in during the day
AT_A_TIME = 200  # enquiries kept in one transaction

# Before any look at the names, how likely it is that somebody else asks for the same man: a guess,
# until the judgements of this bureau say more. Below it people are not asked about two enquiries.
SAME_SOUGHT_PRIOR = 0.2
SAME_SOUGHT_LEAST_PROBABILITY = 0.3
SAME_SOUGHT_LEAST_BITS = 16.0
SAME_SOUGHT_AT_MOST = 5  # other enquiries proposed for one

OPEN_STATES = frozenset(
    {
        CandidateState.PROPOSED,
        CandidateState.HALF_JUDGED,
        CandidateState.DISAGREED,
        CandidateState.UNDECIDED,
    }
)


def is_worth_showing(*, rank: int, bits: float, probability: float) -> bool:
    """Whether people should look at it: probable, or the best of an enquiry with real evidence."""
    return probability >= LEAST_PROBABILITY or (rank == 1 and bits >= LEAST_BITS)


def least_bits_worth_showing(captives: int, prior: float) -> float:
    """The bits below which nobody among so many is worth showing, whoever else fits."""
    odds = LEAST_PROBABILITY * (1 - prior) / prior
    return min(LEAST_BITS, log2(odds * max(captives, 1)))


def why_not_learn(*, cards: int, enquiries: int) -> Iterator[Refusal]:
    """Say why nothing can be learned yet of what agreements are worth."""
    if cards < FEWEST_CARDS or enquiries < FEWEST_ENQUIRIES:
        text = _(
            "There is too little to learn from: at least %(fewest_cards)d cards and"
            " %(fewest)d open enquiries are needed; there are %(cards)d and %(enquiries)d."
        )
        yield Refusal(
            "matches.too_few_to_learn",
            text
            % {
                "fewest_cards": FEWEST_CARDS,
                "fewest": FEWEST_ENQUIRIES,
                "cards": cards,
                "enquiries": enquiries,
            },
        )


def may_seek_same_man(*, bits: float, probability: float) -> bool:
    """Whether people should look at two enquiries."""
    return bits >= SAME_SOUGHT_LEAST_BITS and probability >= SAME_SOUGHT_LEAST_PROBABILITY


def why_not_judge_same_sought(
    verdict: ProposalState, *, last: ProposalState, reason: str, forgotten: bool
) -> Iterator[Refusal]:
    """Say why this verdict on two enquiries cannot be taken. An earlier one can be changed."""
    if forgotten:
        yield Refusal("matches.pair_forgotten", _("One of the two was forgotten."))
    if verdict == ProposalState.OPEN:
        yield Refusal("matches.no_verdict", _("Choose a judgement."), field="verdict")
    if not reason.strip():
        yield Refusal("matches.reason", _("Give your reason."), field="reason")
    if verdict == last:
        text = _("This is the judgement that stands already.")
        yield Refusal("matches.same_verdict", text, field="verdict")


def threshold_for(probabilities: Sequence[float], *, places: int) -> float:
    """The least probability from which on no more pairs come than there are places for; 0: all."""
    if len(probabilities) <= places:
        return 0.0
    first_left_out = sorted(probabilities, reverse=True)[places]
    return min(1.0, nextafter(first_left_out, 1.0))


def state_after_verdicts(verdicts: Sequence[Verdict]) -> CandidateState:
    """What two blind verdicts of one round make of a candidate; there is no majority."""
    if not verdicts:
        return CandidateState.PROPOSED
    if len(verdicts) < VERDICTS_TO_CONFIRM:
        return CandidateState.HALF_JUDGED
    both = set(verdicts)
    if both == {Verdict.SAME}:
        return CandidateState.CONFIRMED
    if both == {Verdict.DIFFERENT}:
        return CandidateState.REJECTED
    if Verdict.SAME in both or Verdict.DIFFERENT in both:
        return CandidateState.DISAGREED
    return CandidateState.UNDECIDED


def why_not_judge(
    *,
    state: CandidateState,
    judged_by_me: bool,
    new_fact: str,
    reason: str,
    other: bool,
    verdict: Verdict,
) -> list[Refusal]:
    """Say why this verdict cannot be taken; an empty list permits it."""
    refusals = []
    if state in (CandidateState.CONFIRMED, CandidateState.GONE):
        refusals.append(Refusal("matches.closed", _("This candidate is judged already.")))
    if judged_by_me:
        refusals.append(Refusal("matches.again", _("You have judged this candidate already.")))
    if state in NEEDS_A_NEW_FACT and not new_fact.strip():
        refusals.append(
            Refusal("matches.new_fact", _("A new round needs a new fact."), field="new_fact")
        )
    if not reason.strip():
        refusals.append(Refusal("matches.reason", _("Give your reason."), field="reason"))
    if verdict == Verdict.ONE_OF_TWO and not other:
        refusals.append(Refusal("matches.other", _("Name the other man."), field="or_else"))
    return refusals


NEEDS_A_NEW_FACT = frozenset(
    {CandidateState.DISAGREED, CandidateState.REJECTED, CandidateState.UNDECIDED}
)


def why_not_ask_withdrawal(*, withdrawn: bool, asked: bool, reason: str) -> Refusal | None:
    if withdrawn:
        return Refusal("matches.withdrawn", _("This match was withdrawn."))
    if asked:
        return Refusal("matches.asked", _("A withdrawal is asked already."))
    if not reason.strip():
        return Refusal("matches.reason", _("Give your reason."), field="reason")
    return None


def why_not_withdraw(*, withdrawn: bool, asked: bool, asked_by_me: bool) -> Refusal | None:
    if withdrawn:
        return Refusal("matches.withdrawn", _("This match was withdrawn."))
    if not asked:
        return Refusal("matches.not_asked", _("Nobody has asked to withdraw it."))
    if asked_by_me:
        return Refusal("matches.second", _("A second person withdraws it."))
    return None
