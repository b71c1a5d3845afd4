"""Their dead against our families: only those relatives who allowed it, and only this once."""

from dataclasses import dataclass

from wayhome.bureau.bureaus.rules import Question
from wayhome.bureau.comparisons import bridge
from wayhome.bureau.comparisons.bridge import Family, Typed
from wayhome.bureau.comparisons.models import ReferenceSample
from wayhome.bureau.comparisons.rules.samples import Scope, State
from wayhome.bureau.comparisons.searching import family_of
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState


@dataclass(frozen=True)
class Best:
    """The family that fits best, and how well; none where nobody fits at all."""

    enquiry: Enquiry | None = None
    log10_lr: float | None = None
    markers: int = 0
    rests_on: frozenset[str] = frozenset()  # codes of the samples that were compared


def best_family(question: Question) -> Best:
    """Search our families for one profile. A relative who did not allow it counts as not typed.

    Raises KinshipError for a profile of which nothing can be computed.
    """
    enquiries = {one.bureau_number: one for one in _who_allowed()}
    families = [kept for one in enquiries.values() if (kept := _as_allowed(one)).typed]
    if not families:
        return Best()
    genotypes = {name: list(alleles) for name, alleles in question.genotypes.items()}
    typed = Typed(question.reference, genotypes, question.sex)
    fits = bridge.compare_all([typed], families).fits  # the best first
    if not fits:
        return Best()
    fit = fits[0]
    family = next(one for one in families if one.number == fit.family)
    with_coancestry = bridge.ratio_of(family, typed, fit.left_out)
    log10_lr = fit.log10_lr if with_coancestry is None else with_coancestry
    return Best(enquiries[fit.family], log10_lr, fit.markers, frozenset(family.typed))


def still_allowed(best: Best) -> bool:
    """Whether every sample that was compared stands; its family is locked, so that it stays so.

    As whoever takes a sample back, or forgets, locks it first.
    """
    if best.enquiry is None:
        return True
    Enquiry.objects.select_for_update(of=("self",), no_key=True).get(pk=best.enquiry.pk)
    samples = ReferenceSample.objects.standing().filter(code__in=best.rests_on)
    return samples.filter(scope=Scope.OTHER_BUREAUS).count() == len(best.rests_on)


def _who_allowed() -> list[Enquiry]:
    samples = ReferenceSample.objects.standing().filter(
        scope=Scope.OTHER_BUREAUS, state=State.TYPED
    )
    rows = Enquiry.objects.exclude(state=EnquiryState.FORGOTTEN)
    return list(rows.filter(pk__in=samples.values("enquiry")).order_by("bureau_number"))


def _as_allowed(enquiry: Enquiry) -> Family:
    """The family as if only those had given a sample who allowed other bureaus."""
    family, number = family_of(enquiry), enquiry.bureau_number
    samples = ReferenceSample.objects.standing().filter(enquiry=enquiry)
    allowed = set(samples.filter(scope=Scope.OTHER_BUREAUS).values_list("code", flat=True))
    typed = {code: of for code, of in family.typed.items() if code in allowed}
    return Family(number, family.members, typed)
