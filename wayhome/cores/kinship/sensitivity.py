"""How much a result hangs on each assumption: the case again, with one of them changed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from .cases import Case
from .evidence import Detection
from .faults import KinshipError
from .markers import Marker
from .mutation import MutationModel
from .ratios import printed, solve
from .saying import Said

THETAS = (0.0, 0.01, 0.03)
RATE_FACTORS = (0.1, 10.0)
DROP_OUT_FACTORS = (0.5, 2.0)


@dataclass(frozen=True)
class Varied:
    """The total log10 ratio of each hypothesis if one assumption were another.

    `log10_lr` is empty, and `why_not` says why, where the changed case cannot be computed.
    """

    assumption: str
    log10_lr: Mapping[str, float | None]
    why_not: str = ""

    def as_dict(self) -> dict[str, object]:
        """As it is printed."""
        found: dict[str, object] = {
            "assumption": self.assumption,
            "log10_lr_total": {name: printed(log) for name, log in self.log10_lr.items()},
        }
        return found | ({"why_not": self.why_not} if self.why_not else {})


def sensitivity(case: Case) -> list[Varied]:
    """The case as it is, and then with each assumption changed alone."""
    stated = _worked_out(Said("as stated"), lambda: case)
    return [stated, *(_worked_out(said, change) for said, change in _changes(case))]


def _worked_out(assumption: str, change: Callable[[], Case]) -> Varied:
    try:
        result = solve(change())
    except KinshipError as error:
        return Varied(assumption, {}, str(error))
    return Varied(assumption, {name: result.log10_ratio(name) for name in result.others})


def _changes(case: Case) -> Iterator[tuple[str, Callable[[], Case]]]:
    for theta in THETAS:
        if theta != case.theta:
            yield Said("theta", theta=f"{theta:g}"), partial(replace, case, theta=theta)
    if any(marker.maternal or marker.paternal for marker in case.markers):
        for factor in RATE_FACTORS:
            yield Said("rates", factor=f"{factor:g}"), partial(_with_markers, case, factor)
        yield Said("no mutation"), partial(_with_markers, case, 0.0)
    if case.evidence:
        for factor in DROP_OUT_FACTORS:
            yield (
                Said("drop-out times", factor=f"{factor:g}"),
                partial(_with_drop_out, case, factor),
            )
        yield Said("no drop-in"), partial(_without_drop_in, case)
    if case.linkage:
        yield Said("linked apart"), partial(replace, case, linkage=())
    if case.lineages:
        yield Said("no haplotypes"), partial(replace, case, lineages=())


def _with_markers(case: Case, factor: float) -> Case:
    """The case with all mutation rates multiplied; a given matrix stays, unless by 0."""
    return replace(case, markers=tuple(_with_rates(marker, factor) for marker in case.markers))


def _with_rates(marker: Marker, factor: float) -> Marker:
    maternal, paternal = (_rated(model, factor) for model in (marker.maternal, marker.paternal))
    return replace(marker, maternal=maternal, paternal=paternal)


def _rated(model: MutationModel | None, factor: float) -> MutationModel | None:
    if model is None or not factor:
        return None
    return replace(model, rate=model.rate * factor, rate2=model.rate2 * factor)


def _with_drop_out(case: Case, factor: float) -> Case:
    return _with_evidence(
        case,
        lambda seen: replace(
            seen,
            drop_out=min(1.0, seen.drop_out * factor),
            drop_out_twice=min(1.0, seen.drop_out_twice * factor**2),
        ),
    )


def _without_drop_in(case: Case) -> Case:
    return _with_evidence(case, lambda seen: replace(seen, drop_in=0.0))


def _with_evidence(case: Case, change: Callable[[Detection], Detection]) -> Case:
    evidence = {
        person: {marker: change(seen) for marker, seen in profile.items()}
        for person, profile in case.evidence.items()
    }
    return replace(case, evidence=evidence)
