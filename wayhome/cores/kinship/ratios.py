"""A case worked out: likelihoods, ratios, posterior, and why a marker does not fit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from math import fsum, inf, isclose
from typing import Any

import numpy as np

from .cases import Case, Linkage
from .elimination import Scaled
from .evidence import Genotype, Observation
from .faults import MalformedCase
from .likelihood import Seen, likelihood
from .markers import Marker
from .pedigree import Pedigree
from .saying import Said
from .sites import sites_of, sites_of_lineages

ENGINE = "wayhome.cores.kinship 1"


@dataclass(frozen=True)
class Unexplained:
    """A marker that a hypothesis cannot explain as it stands.

    `persons` are as few of the typed as cannot be together. With `possible` the hypothesis still
    holds, by a mutation or a silent allele that the case allows; without, its likelihood is 0.
    """

    marker: str
    hypothesis: str
    persons: Mapping[str, str]
    possible: bool

    def as_dict(self) -> dict[str, Any]:
        """As it is printed, with the sentence beside."""
        return {**asdict(self), "says": str(self)}

    def __str__(self) -> str:
        who = ", ".join(f"{code} {shown}" for code, shown in self.persons.items())
        how = "only by a mutation or a silent allele" if self.possible else "in no way"
        return f"{self.marker}: {who} go together {how} under {self.hypothesis}"


@dataclass(frozen=True)
class Result:
    """Everything that a case says, with what it rests on.

    `likelihoods` has, for each hypothesis, one value a marker in the order of the case; a linked
    pair has one value, at its first marker, and `markers` names them. `lineages` has those of
    haplotypes.
    """

    case: Case
    markers: tuple[str, ...]
    likelihoods: Mapping[str, tuple[Scaled, ...]]
    lineages: Mapping[str, tuple[Scaled, ...]]

    @cached_property
    def others(self) -> tuple[str, ...]:
        """The hypotheses that are held against the reference."""
        return tuple(name for name in self.likelihoods if name != self.case.reference)

    def ratios(self, hypothesis: str) -> list[float | None]:
        """The likelihood ratio of each marker; None where the reference explains nothing."""
        return _ratios(self.likelihoods, hypothesis, self.case.reference)

    def lineage_ratios(self, hypothesis: str) -> list[float | None]:
        return _ratios(self.lineages, hypothesis, self.case.reference)

    def log10_ratio(self, hypothesis: str) -> float | None:
        """The logarithm of the whole ratio; None where the reference is impossible."""
        logs = [
            one.log10_over(other)
            for each in (self.likelihoods, self.lineages)
            for one, other in zip(each[hypothesis], each[self.case.reference], strict=True)
        ]
        if any(log is None for log in logs):
            return None
        known = [log for log in logs if log is not None]
        return -inf if -inf in known else fsum(known)

    def posterior(self, prior: Mapping[str, float]) -> dict[str, float] | None:
        """The probability of each hypothesis after the evidence, from that before it.

        The hypotheses are taken as all there are. None where none explains the evidence. Raises
        MalformedCase unless every hypothesis has a prior and they sum to 1.
        """
        _check_prior(prior, self.likelihoods)
        logs = {}
        for name, p in prior.items():
            parts = [*self.likelihoods[name], *self.lineages[name]]
            alone = [one.log10_over(Scaled(1.0)) for one in parts]
            logs[name] = fsum(map(_known, alone)) + (np.log10(p) if p else -inf)
        top = max(logs.values())
        if top == -inf:
            return None
        weights = {name: float(10 ** (log - top)) for name, log in logs.items()}
        return {name: weight / fsum(weights.values()) for name, weight in weights.items()}

    def as_dict(self) -> dict[str, Any]:
        """As it is printed: -inf is a text, a ratio to 0 is null."""
        found: dict[str, Any] = {
            "id": self.case.id,
            "reference": self.case.reference,
            "markers": list(self.markers),
            "likelihoods": _values(self.likelihoods),
            "lr": {name: _all_printed(self.ratios(name)) for name in self.others},
            "log10_lr_total": {name: printed(self.log10_ratio(name)) for name in self.others},
        }
        if self.case.lineages:
            found["lineages"] = {
                "names": [lineage.marker.name for lineage in self.case.lineages],
                "likelihoods": _values(self.lineages),
                "lr": {name: _all_printed(self.lineage_ratios(name)) for name in self.others},
            }
        return found | {"rests_on": rests_on(self.case)}


def _known(log: float | None) -> float:
    return -inf if log is None else log


def _values(likelihoods: Mapping[str, Sequence[Scaled]]) -> dict[str, list[float]]:
    return {name: [one.value for one in each] for name, each in likelihoods.items()}


def printed(number: float | None) -> float | str | None:
    """A number as JSON may hold it: beyond what a float holds it is a text."""
    return str(number) if number in (inf, -inf) else number


def _all_printed(numbers: Sequence[float | None]) -> list[float | str | None]:
    return [printed(number) for number in numbers]


def _ratios(
    likelihoods: Mapping[str, Sequence[Scaled]], name: str, reference: str
) -> list[float | None]:
    pairs = zip(likelihoods[name], likelihoods[reference], strict=True)
    return [one.over(other) for one, other in pairs]


def _check_prior(prior: Mapping[str, float], hypotheses: Mapping[str, object]) -> None:
    if set(prior) != set(hypotheses):
        raise MalformedCase(
            "prior", f"priors of {', '.join(prior) or 'nothing'}", f"of {', '.join(hypotheses)}"
        )
    if not all(0 <= p <= 1 for p in prior.values()) or not isclose(sum(prior.values()), 1):
        raise MalformedCase("prior", f"a sum of {sum(prior.values()):.9g}", "priors that sum to 1")


def solve(case: Case) -> Result:
    """All likelihoods of a case, exactly. Raises TooLarge where they cannot be had."""
    sites = sites_of(case.markers, case.linkage, case.theta)
    seen = {site.name: [case.seen(marker.name) for marker in site.markers] for site in sites}
    haplotypes = sites_of_lineages(case.lineages)
    shown = [
        {code: [Genotype((label,))] for code, label in lineage.profiles.items()}
        for lineage in case.lineages
    ]
    return Result(
        case,
        tuple(site.name for site in sites),
        {
            name: tuple(site.likelihood(pedigree, seen[site.name]) for site in sites)
            for name, pedigree in case.hypotheses.items()
        },
        {
            name: tuple(
                site.likelihood(pedigree, [profiles])
                for site, profiles in zip(haplotypes, shown, strict=True)
            )
            for name, pedigree in case.hypotheses.items()
        },
    )


def unexplained(case: Case) -> list[Unexplained]:
    """The markers that a hypothesis explains by a mutation or a silent allele only, or not at all.

    Each marker is looked at by itself, linked or not.
    """
    found = []
    for name, pedigree in case.hypotheses.items():
        for marker in case.markers:
            seen = case.seen(marker.name)
            unchanged = strict(marker)
            if _is_possible(pedigree, unchanged, seen):
                continue
            few = _as_few_as_clash(pedigree, unchanged, seen)
            shown = {code: _shown(seen[code]) for code in few}
            found.append(
                Unexplained(marker.name, name, shown, _is_possible(pedigree, marker, seen))
            )
    return found


def strict(marker: Marker) -> Marker:
    """The marker if every allele were seen and passed on as it is."""
    freqs = tuple(freq / (1 - marker.silent) for freq in marker.freqs)
    return replace(marker, maternal=None, paternal=None, silent=0.0, freqs=freqs)


def _is_possible(pedigree: Pedigree, marker: Marker, seen: Seen) -> bool:
    return likelihood(pedigree, marker, seen).mantissa > 0


def _as_few_as_clash(pedigree: Pedigree, marker: Marker, seen: Seen) -> list[str]:
    """A smallest set of persons who cannot be together: nobody can be left out of it."""
    few = dict(seen)
    for code in seen:
        without = {other: what for other, what in few.items() if other != code}
        if not _is_possible(pedigree, marker, without):
            few = without
    return list(few)


def _shown(observations: Sequence[Observation]) -> str:
    return ", ".join(
        "/".join(one.alleles) if isinstance(one, Genotype) else "+".join(sorted(one.alleles))
        for one in observations
    )


def rests_on(case: Case) -> dict[str, Any]:
    """What a result stands on, for whoever must repeat it."""
    return {
        "engine": ENGINE,
        "theta": case.theta,
        "frequencies": case.frequencies or Said("given"),
        "mutation": {marker.name: models_of(marker) for marker in case.markers},
        "silent": {marker.name: marker.silent for marker in case.markers if marker.silent},
        "drop_out": sorted(case.evidence),
        "linked": linked_pairs(case.linkage),
        "lineages": lines_of((one.marker, one.theta) for one in case.lineages),
        "added_alleles": [
            {"marker": marker, "allele": allele, "frequency": floor}
            for marker, allele, floor in case.added
        ],
        "unrelated": {name: _unrelated(one) for name, one in case.hypotheses.items()},
        "notes": list(case.notes),
    }


def linked_pairs(linkage: Iterable[Linkage]) -> list[dict[str, Any]]:
    """Linked pairs as they are printed."""
    return [
        {"markers": list(pair.markers), "recombination": pair.recombination} for pair in linkage
    ]


def lines_of(lineages: Iterable[tuple[Marker, float]]) -> dict[str, Any]:
    """Haplotypes as they are printed: what their shares rest on is told beside the frequencies."""
    return {
        marker.name: {
            "chrom": marker.chrom,
            "theta": theta,
            "mutation_rate": round(1 - float(marker.locus.maternal[0, 0]), 12),
            "haplotypes": len(marker.alleles),
        }
        for marker, theta in lineages
    }


def models_of(marker: Marker) -> dict[str, Any] | None:
    pair = {"female": marker.maternal, "male": marker.paternal}
    if not any(pair.values()):
        return None
    return {
        role: model
        and {
            "model": model.name,
            **{k: v for k in ("rate", "rate2", "range") if (v := getattr(model, k))},
            **({"transform": model.transform} if model.transform else {}),
        }
        for role, model in pair.items()
    }


def _unrelated(pedigree: Pedigree) -> list[str]:
    """The founders: nobody of them is taken to be another's kin."""
    return [person.id for person in pedigree if person.is_founder]
