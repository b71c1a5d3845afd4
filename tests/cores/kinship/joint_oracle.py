"""A second opinion on who is who: every way in turn, each by the plain summation of `oracle`.

It reads the JSON of an event and shares no code with the engine (an import contract).
"""

import json
from functools import cache
from itertools import product
from math import prod

from tests.cores.kinship import oracle


def ways(event):
    """Every (who is whose, bodies, likelihood): remains → missing or '*', and sets of remains."""
    remains = [one["id"] for one in event["victims"]]
    for bodies in partitions(remains) if event.get("parts") else [[[one] for one in remains]]:
        if not all(of_one_sex(event, body) for body in bodies):
            continue
        for names in product(["*", *event["missing"]], repeat=len(bodies)):
            found = [name for name in names if name != "*"]
            if len(set(found)) < len(found):
                continue
            pairs = list(zip(bodies, names, strict=True))
            if all(name == "*" or fits(event, body, name) for body, name in pairs):
                whose = {one: name for body, name in pairs for one in body}
                yield whose, bodies, likelihood(event, pairs)


def partitions(items):
    if not items:
        yield []
        return
    first, *rest = items
    for smaller in partitions(rest):
        yield [[first], *smaller]
        for n, body in enumerate(smaller):
            yield [*smaller[:n], [first, *body], *smaller[n + 1 :]]


def sexes(event, body):
    return {one["sex"] for one in event["victims"] if one["id"] in body} - {"U"}


def of_one_sex(event, body):
    return len(sexes(event, body)) < 2


def fits(event, body, missing):
    known = sexes(event, body)
    return not known or known == {member(event, missing)["sex"]}


def member(event, code):
    return next(p for f in event["families"] for p in f["persons"] if p["id"] == code)


def likelihood(event, pairs):
    """Of all families and remains: each family by itself, with the remains that are its own.

    Each sample is a twin of the man whose it is. Whoever is of no family is a family of his own.
    """
    if has_urns(event):
        return weighed_in_urns(event, pairs)
    found = 1.0
    for family in event["families"]:
        found *= of_one_family(event, family["persons"], theirs(family, pairs))
    for body, name in pairs:
        if name == "*":
            found *= of_strangers(event, [body])
    return found


def has_urns(event):
    lineages = event.get("lineages") or []
    return any(one.get("theta") for one in (event, *lineages))


def weighed_in_urns(event, pairs):
    """With co-ancestry: nobody is found, times what each family makes likelier, it and its
    remains in one urn, than if the same were strangers there; and so for parts of one body."""
    found = 1.0
    for family in event["families"]:
        persons = family["persons"]
        bodies = [body for body, _ in theirs(family, pairs)]
        found *= of_one_family(event, persons, [])
        found *= of_one_family(event, persons, theirs(family, pairs))
        below = of_strangers(event, bodies, persons)
        found = found / below if below else 0.0
    for body, _ in pairs:
        found *= prod(of_strangers(event, [[one]]) for one in body)
        apart = of_strangers(event, [[one] for one in body])
        found *= of_strangers(event, [body]) / apart if apart else 0.0
    return found


def theirs(family, pairs):
    codes = {one["id"] for one in family["persons"]}
    return [(body, name) for body, name in pairs if name in codes]


def of_strangers(event, bodies, beside=()):
    """The likelihood of bodies that are nobody's kin, all in the urn of those beside them."""
    names = [f"somebody {n}" for n in range(len(bodies))]
    somebody = [
        {
            "id": name,
            "sex": (sexes(event, body) or {"M"}).pop(),
            "father": None,
            "mother": None,
        }
        for name, body in zip(names, bodies, strict=True)
    ]
    return of_one_family(event, [*beside, *somebody], list(zip(bodies, names, strict=True)))


def of_one_family(event, persons, pairs):
    by_id = {one["id"]: one for one in persons}
    everybody, twins = list(persons), []
    for body, name in pairs:
        codes = [f"remains {one}" for one in body]
        twins.append([name, *codes])
        everybody += [by_id[name] | {"id": code} for code in codes]
    case = {"hypotheses": {"H": {"persons": everybody, "mz_twins": twins}}}
    found = 1.0
    for markers, theta, recombination in sites(event):
        case |= {
            "markers": markers,
            "theta": theta,
            "genotypes": event["genotypes"]["am"] | of_remains(event["genotypes"]["pm"]),
            "evidence": evidence(event),
        }
        found *= worked_out(json.dumps(case), recombination)
    for lineage in event.get("lineages") or []:
        case |= {"markers": [as_marker(lineage)], "theta": lineage.get("theta", 0)}
        shown = {
            side: {code: {lineage["name"]: [label, label]} for code, label in told.items()}
            for side, told in lineage["profiles"].items()
        }
        case |= {"genotypes": shown["am"] | of_remains(shown["pm"]), "evidence": {}}
        found *= worked_out(json.dumps(case), None)
    return found


def evidence(event):
    """Poor samples of remains, and of members where they are told under `am`."""
    told = event.get("evidence") or {}
    if set(told) - {"pm", "am"}:
        return of_remains(told)
    return told.get("am", {}) | of_remains(told.get("pm", {}))


def of_remains(profiles):
    return {f"remains {code}": profile for code, profile in profiles.items()}


def sites(event):
    """Every (markers, theta, recombination): a linked pair together, others by themselves."""
    by_name = {marker["name"]: marker for marker in event["markers"]}
    theta = event.get("theta", 0)
    for pair in event.get("linkage") or []:
        yield [by_name.pop(name) for name in pair["markers"]], theta, pair["recombination"]
    for marker in by_name.values():
        yield [marker], theta, None


def as_marker(lineage):
    """Haplotypes as alleles that change at a rate, into others by their shares."""
    names, p = list(lineage["frequencies"]), list(lineage["frequencies"].values())
    rate = (lineage.get("mutation") or {"rate": 0})["rate"]
    rows = [
        [1 - rate if i == j else rate * p[j] / (1 - p[i]) for j in range(len(p))]
        for i in range(len(p))
    ]
    model = {"model": "custom", "matrix": rows}
    return {
        "name": lineage["name"],
        "chrom": lineage["chrom"],
        "alleles": names,
        "freqs": p,
        "mutation": {"female": model, "male": model},
    }


@cache
def worked_out(case, recombination):
    document = json.loads(case)
    if recombination is None:
        return oracle.likelihood(document, "H", 0)
    return oracle.joint_likelihood(document, "H", recombination)


def posterior(event):
    """Of each (remains, missing or '*'): its share of all ways, each with its prior."""
    found = {
        (one["id"], name): 0.0 for one in event["victims"] for name in [*event["missing"], "*"]
    }
    prior = event.get("prior") or {}
    total = 0.0
    for whose, bodies, weight in ways(event):
        for body in bodies:
            if whose[body[0]] != "*":
                weight *= prior.get("each", 1)
        for one, name in whose.items():
            weight *= (prior.get("pairs") or {}).get(one, {}).get(name, 1)
        total += weight
        for one, name in whose.items():
            found[one, name] += weight
    return {pair: share / total for pair, share in found.items()} if total else None
