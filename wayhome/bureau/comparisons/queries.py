"""What others read of comparisons: numbers with the codes behind them, never an allele."""

from dataclasses import dataclass

from wayhome.bureau.comparisons.models import AnteMortem, Hit, ReferenceSample, Run, Talk
from wayhome.bureau.comparisons.models.search import HitQuerySet
from wayhome.bureau.comparisons.rules.antemortem import put_together
from wayhome.bureau.comparisons.rules.profiles import MIX_UPS
from wayhome.bureau.comparisons.rules.samples import Kin
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.remains.rules.teeth import Compared, compare_charts


@dataclass(frozen=True)
class Evidence:
    """What DNA says of remains and a family. A ratio identifies nobody: a board does."""

    hit_id: str
    log10_lr: float
    missing: int
    prior: float
    posterior: float
    chance_matches: float
    markers: int
    contradictions: tuple[str, ...]
    not_supported: tuple[str, ...]


def hits_between(remains: Remains, enquiry: Enquiry) -> Hit | None:
    """What the last search found of these two; None if it is not listed."""
    return _hits().filter(remains=remains, enquiry=enquiry).first()


def hits_for(remains: Remains) -> list[Hit]:
    """The families that remains fit, the best first."""
    return list(_hits().filter(remains=remains).order_by("rank"))


def _hits() -> HitQuerySet:
    return Hit.objects.standing().select_related("key", "remains", "enquiry")


def is_mixed_up(remains: Remains) -> bool:
    """Whether the last search suspects that a sample of these remains is another's."""
    run = Run.objects.select_related("key").defer("checked").first()
    codes = set(remains.samples.values_list("code", flat=True))
    suspicions = (run.suspicions if run else None) or ()
    return any(one["kind"] in MIX_UPS and codes & set(one["codes"]) for one in suspicions)


def evidence_for(remains: Remains, enquiry: Enquiry) -> Evidence | None:
    """As `hits_between`, as a value that nobody can change."""
    hit = hits_between(remains, enquiry)
    if hit is None:
        return None
    return Evidence(
        hit_id=str(hit.pk),
        log10_lr=hit.log10_lr,
        missing=hit.missing,
        prior=hit.prior,
        posterior=hit.posterior,
        chance_matches=hit.chance_matches,
        markers=hit.markers,
        contradictions=tuple(hit.contradictions),
        not_supported=tuple(hit.not_supported),
    )


def samples_of(enquiry: Enquiry) -> list[tuple[str, Kin]]:
    """The codes of a family's standing samples, and what each giver is to the person sought."""
    rows = ReferenceSample.objects.standing().filter(enquiry=enquiry)
    return [(code, Kin(kin)) for code, kin in rows.values_list("code", "kin")]


def ante_mortem_of(enquiry: Enquiry) -> AnteMortem | None:
    """All that the family told, put together; None before the first talk."""
    talks = list(Talk.objects.filter(enquiry=enquiry).select_related("key", "by"))
    talks = [one for one in talks if one.said is not None]  # None once its key is destroyed
    if not talks:
        return None
    charts = [one for one in talks if one.teeth]
    return AnteMortem(
        enquiry=enquiry,
        version=len(talks),
        fields=put_together([one.said for one in talks]),
        teeth=charts[-1].teeth if charts else {},
        chart_on=charts[-1].chart_on if charts else "",
        by=talks[-1].by,
        at=talks[-1].at,
    )


def am_of(enquiry: Enquiry) -> dict[str, str]:
    """What was told, by field, without its groups."""
    told = ante_mortem_of(enquiry)
    groups = told.fields.values() if told else ()
    return {name: text for group in groups for name, text in group.items()}


def teeth_between(remains: Remains, enquiry: Enquiry) -> tuple[Compared, ...]:
    """The chart that a family brought against the one of the examination, tooth by tooth."""
    told = ante_mortem_of(enquiry)
    seen = remains.examinations.select_related("key").order_by("-version").first()
    if told is None or not told.teeth or seen is None or not seen.chart():
        return ()
    return compare_charts(told.chart(), seen.chart())
