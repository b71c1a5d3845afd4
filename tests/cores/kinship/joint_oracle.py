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
    found = 1.0
    for family in event["families"]:
        codes = {one["id"] for one in family["persons"]}
        theirs = [(body, name) for body, name in pairs if name in codes]
        found *= of_one_family(event, family["persons"], theirs)
    for body, name in pairs:
        if name == "*":
            sex = (sexes(event, body) or {"M"}).pop()
            somebody = {"id": "somebody", "sex": sex, "father": None, "mother": None}
            found *= of_one_family(event, [somebody], [(body, "somebody")])
    return found


def of_one_family(event, persons, pairs):
    by_id = {one["id"]: one for one in persons}
    everybody, twins = list(persons), []
    for body, name in pairs:
        codes = [f"remains {one}" for one in body]
        twins.append([name, *codes])
        everybody += [by_id[name] | {"id": code} for code in codes]
    seen = {f"remains {one}": profile for one, profile in event["genotypes"]["pm"].items()}
    case = {
        "hypotheses": {"H": {"persons": everybody, "mz_twins": twins}},
        "markers": event["markers"],
        "genotypes": event["genotypes"]["am"] | seen,
    }
    return prod(worked_out(json.dumps(case), n) for n in range(len(event["markers"])))


@cache
def worked_out(case, number):
    return oracle.likelihood(json.loads(case), "H", number)


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
