"""What a blind search assumes, and what its numbers mean."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal

# A pair is listed from here. Far below what identifies: a board must see what competes.
MIN_LOG10_LR = 2.0
LISTED_OF_ONE = 20  # families of one remains, the best first
# Balding and Nichols (1994); 0.01 is what NRC II (1996) advises for large populations.
THETA = 0.01
FLOOR = 0.001  # of an allele that the table has not: about 2 in the 722 chromosomes of a table
TABLE, POPULATION = "NIST1036", "Cauc"  # docs/methods/kinship.md, section 6
# Stepwise, by sex, as in docs/guides/kinship.md: fathers pass on more changes than mothers.
MUTATION = {
    "female": {"model": "stepwise", "rate": 0.0005, "rate2": 1e-6, "range": 0.1},
    "male": {"model": "stepwise", "rate": 0.002, "rate2": 1e-6, "range": 0.1},
}
LINKED = (("D12S391", "vWA", 0.12), ("CSF1PO", "D5S818", 0.25))
SURPRISE_FROM = 2.0  # log10 by which a pair is likelier without one of the references
FEWEST_MISSING = 2  # of one alone the prior would be certain before any DNA
MOST_MISSING = 10_000_000


def prior_of(missing: int) -> float:
    """Before any DNA each of so many who are missing is as likely: one in as many."""
    return 1.0 / max(missing, FEWEST_MISSING)


def posterior_of(log10_lr: float, prior: float) -> float:
    """What a ratio makes of a prior (odds form of Bayes); never 1, however large the ratio."""
    if prior >= 1.0:
        return 1.0
    odds: float = 10.0 ** min(log10_lr, 300.0) * prior / (1.0 - prior)
    return odds / (1.0 + odds)


def chance_at_most(log10_lr: float, remains: int) -> float:
    """How many strangers among so many remains reach this ratio with one family, at most.

    A stranger's ratio is 1 on average, so that at most one in LR reaches LR (Markov's bound).
    """
    return remains * float(10.0 ** -max(log10_lr, 0.0))


def why_not_count(*, number: int | None, grounds: str) -> Iterator[Refusal]:
    """Say why this is no number of those who may be meant."""
    if number is None or not FEWEST_MISSING <= number <= MOST_MISSING:
        text = _("Write a whole number of two or more.")
        yield Refusal("missing.number", text, field="number")
    if not grounds.strip():
        text = _("Write on what this number rests.")
        yield Refusal("missing.grounds", text, "ISFG 2007", field="grounds")
