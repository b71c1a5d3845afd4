"""Everything that a report on a case tells, as plain data for whoever prints it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

from . import drawing
from .cases import Case
from .evidence import Genotype
from .files import parsed_document
from .markers import Marker
from .mutation import MutationModel
from .ratios import Result, Unexplained, rests_on, unexplained
from .saying import SENTENCES, Said, Sentences, in_words
from .sensitivity import Varied, sensitivity

Words = Callable[[str], str]


@dataclass(frozen=True)
class Origin:
    """Which file was read, and with what it was computed."""

    sha256: str
    name: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


def report(
    result: Result,
    origin: Origin,
    data: bytes,
    prior: Mapping[str, float] | None = None,
    sentences: Sentences = SENTENCES,
) -> dict[str, Any]:
    """What is printed of a case that was worked out; `data` are the bytes of its file.

    Everything is said in `sentences`, and every number is a text already, as it is to be read.
    Raises MalformedCase for a prior that is none.
    """
    case = result.case
    rests = rests_on(case)

    def words(said: str) -> str:
        return in_words(said, sentences)

    read = parsed_document(data)
    return {
        "id": case.id,
        "origin": {"sha256": origin.sha256, "name": origin.name, "versions": dict(origin.versions)},
        "reference": case.reference,
        "hypotheses": [_hypothesis(case, name, sentences) for name in case.hypotheses],
        "totals": [_total(result, name, words) for name in result.others],
        "posterior": _posterior(result, prior, words),
        "markers": _markers(result, words),
        "lineages": _lineages(result, words),
        "people": _people(case),
        "unexplained": [_unfit(one) for one in unexplained(case)],
        "sensitivity": [_varied(result, one, words) for one in sensitivity(case)],
        "assumed": {
            "frequencies": words(rests["frequencies"]),
            "theta": f"{case.theta:g}",
            "mutation": _mutation(case, words),
            "mutates": any(m.maternal or m.paternal for m in case.markers),
            "silent": [f"{m.name}: {m.silent:g}" for m in case.markers if m.silent],
            "drop_out": [words(one) for one in _drop_out(case)],
            "linked": [
                words(
                    Said(
                        "linked",
                        one=pair.markers[0],
                        other=pair.markers[1],
                        recombination=f"{pair.recombination:g}",
                    )
                )
                for pair in case.linkage
            ],
            "added": [f"{marker} {allele}: {floor:g}" for marker, allele, floor in case.added],
            "unrelated": [f"{n}: {', '.join(who)}" for n, who in rests["unrelated"].items()],
            "notes": [words(note) for note in case.notes],
            "converted": str(read.get("source") or ""),
        },
        "tables": [_table(marker) for marker in case.markers],
        "engine": rests["engine"],
    }


def _hypothesis(case: Case, name: str, sentences: Sentences) -> dict[str, Any]:
    pedigree = case.hypotheses[name]
    marks = drawing.marks_of(case)
    return {
        "name": name,
        "is_reference": name == case.reference,
        "says": drawing.described(pedigree, marks, sentences),
        "svg": drawing.sheet({name: pedigree}, marks, name, sentences),
    }


def _total(result: Result, name: str, words: Words) -> dict[str, Any]:
    log = result.log10_ratio(name)
    return {"name": name, "log10": words(_log(log)), "lr": words(_ratio_of(log))}


def _posterior(
    result: Result, prior: Mapping[str, float] | None, words: Words
) -> list[dict[str, str]]:
    if not prior:
        return []
    after = result.posterior(prior) or {}
    return [
        {
            "name": n,
            "prior": f"{p:.6g}",
            "posterior": words(_probability(after[n])) if after else "–",
        }
        for n, p in prior.items()
    ]


def _probability(p: float) -> str:
    """A probability; near 1 what is left of it, since a few digits would say 1."""
    if p == 1:
        return Said("nearly certain")
    if p > 0.999:
        return f"1 − {_scientific(1 - p, 2)}"
    return f"{p:.6g}" if p == 0 or p > 1e-3 else _scientific(p)


def _markers(result: Result, words: Words) -> list[dict[str, Any]]:
    case = result.case
    ratios = {name: result.ratios(name) for name in result.others}
    found = []
    for n, name in enumerate(result.markers):
        pair = case.linked_to.get(name)
        found.append(
            {
                "name": " + ".join(pair.markers) if pair else name,
                "likelihoods": [
                    _scientific(result.likelihoods[h][n].value) for h in result.likelihoods
                ],
                "lr": [words(_ratio(ratios[h][n])) for h in result.others],
            }
        )
    return found


def _lineages(result: Result, words: Words) -> list[dict[str, Any]]:
    ratios = {name: result.lineage_ratios(name) for name in result.others}
    return [
        {
            "name": f"{lineage.marker.name} ({lineage.marker.chrom})",
            "likelihoods": [_scientific(each[n].value) for each in result.lineages.values()],
            "lr": [words(_ratio(ratios[h][n])) for h in result.others],
            "profiles": [f"{who}: {what}" for who, what in lineage.profiles.items()],
            "theta": f"{lineage.theta:g}",
        }
        for n, lineage in enumerate(result.case.lineages)
    ]


def _people(case: Case) -> dict[str, Any]:
    """What was seen: a row a marker, a column a person."""
    codes = list(dict.fromkeys((*case.genotypes, *case.evidence)))
    rows = [[marker.name, *(_seen(case, code, marker.name) for code in codes)]
            for marker in case.markers]  # fmt: skip
    return {"codes": codes, "rows": rows}


def _seen(case: Case, code: str, marker: str) -> str:
    return ", ".join(
        "/".join(one.alleles)
        if isinstance(one, Genotype)
        else "{" + ", ".join(sorted(one.alleles)) + "}"
        for one in case.seen(marker).get(code, [])
    )


def _unfit(one: Unexplained) -> dict[str, Any]:
    who = ", ".join(f"{code} {shown}" for code, shown in one.persons.items())
    return {
        "marker": one.marker,
        "hypothesis": one.hypothesis,
        "who": who,
        "possible": one.possible,
    }


def _varied(result: Result, one: Varied, words: Words) -> dict[str, Any]:
    logs = [words(_log(one.log10_lr.get(name))) if one.log10_lr else "–" for name in result.others]
    return {"assumption": words(one.assumption), "log10": logs, "why_not": one.why_not}


def _mutation(case: Case, words: Words) -> list[dict[str, str]]:
    """The models, each with the markers that have it."""
    groups: dict[tuple[str, str], list[str]] = {}
    for marker in case.markers:
        key = _model(marker.maternal, words), _model(marker.paternal, words)
        groups.setdefault(key, []).append(marker.name)
    return [
        {"female": female, "male": male, "markers": ", ".join(names)}
        for (female, male), names in groups.items()
    ]


def _model(model: MutationModel | None, words: Words) -> str:
    if model is None:
        return words(Said("none"))
    parts = [f"{key} {v:g}" for key in ("rate", "rate2", "range") if (v := getattr(model, key))]
    matrix = [words(Said("matrix"))] if model.matrix else []
    return ", ".join([model.name, *parts, *matrix, *([model.transform] if model.transform else [])])


def _drop_out(case: Case) -> list[str]:
    found: list[str] = []
    for code, profile in case.evidence.items():
        for one in list(profile.values())[:1]:
            found.append(
                Said(
                    "drop-out",
                    person=code,
                    once=f"{one.drop_out:g}",
                    twice=f"{one.drop_out_twice:g}",
                    foreign=f"{one.drop_in:g}",
                )
            )
    return found


def _table(marker: Marker) -> dict[str, Any]:
    return {
        "name": marker.name,
        "chrom": marker.chrom,
        "alleles": [[a, f"{f:.6g}"] for a, f in zip(marker.alleles, marker.freqs, strict=True)],
    }


# Numbers as they are read


def _log(log: float | None) -> str:
    if log is None:
        return Said("none")
    return "−∞" if log == -inf else f"{log:.4f}".replace("-", "−")


def _ratio_of(log: float | None) -> str:
    """A ratio from its logarithm, as 1.23 × 10^4."""
    if log is None:
        return Said("no reference")
    if log == -inf:
        return "0"
    return _times_ten(log)


def _ratio(ratio: float | None) -> str:
    if ratio is None:
        return Said("none")
    if ratio == inf:
        return Said("above")
    return f"{ratio:.6g}" if 1e-3 <= ratio < 1e6 or ratio == 0 else _scientific(ratio)


def _scientific(number: float, digits: int = 5) -> str:
    if not number:
        return "0"
    mantissa, _, exponent = f"{number:.{digits}e}".partition("e")
    return f"{mantissa} × 10^{int(exponent)}"


def _times_ten(log: float) -> str:
    exponent = int(log // 1)
    mantissa = f"{10 ** (log - exponent):.3f}"
    if mantissa == "10.000":
        mantissa, exponent = "1.000", exponent + 1
    if -3 <= exponent <= 3:
        return f"{10**log:.4g}"
    return f"{mantissa} × 10^{exponent}"
