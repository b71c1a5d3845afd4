"""Invented cases for the kinship core."""

from hypothesis import strategies as st

POOL = ("11", "12", "13", "13.2", "14")


def person(code, sex="M", father=None, mother=None, **more):
    return {"id": code, "sex": sex, "father": father, "mother": mother} | more


def marker(name="D1", alleles=("12", "13", "14"), freqs=(0.2, 0.3, 0.5), chrom="A", **more):
    return {"name": name, "chrom": chrom, "alleles": list(alleles), "freqs": list(freqs)} | more


def mother_and_son(**changes):
    """A mother, and remains that are her son's or a stranger's."""
    parents = [person("FA"), person("MO", "F")]
    case = {
        "schema": "wayhome-kinship-case/1",
        "id": "mother-and-son",
        "hypotheses": {
            "H1": {"persons": [*parents, person("MP", "M", "FA", "MO")]},
            "H2": {"persons": [*parents, person("SON", "M", "FA", "MO"), person("MP")]},
        },
        "reference": "H2",
        "theta": 0,
        "markers": [marker()],
        "genotypes": {"MO": {"D1": ["12", "13"]}, "MP": {"D1": ["13", "14"]}},
    }
    return case | changes


@st.composite
def families(draw, most=5):
    """Up to five persons, some the children of any two before them: loops and all."""
    persons = []
    for number in range(draw(st.integers(2, most))):
        sex = draw(st.sampled_from("MF"))
        fathers = [p["id"] for p in persons if p["sex"] == "M"]
        mothers = [p["id"] for p in persons if p["sex"] == "F"]
        if fathers and mothers and draw(st.integers(0, 3)):
            father, mother = draw(st.sampled_from(fathers)), draw(st.sampled_from(mothers))
            persons.append(person(f"P{number}", sex, father, mother))
        else:
            persons.append(person(f"P{number}", sex))
    return persons


@st.composite
def twins_in(draw, persons):
    """Perhaps one pair of twins among full siblings of one sex."""
    pairs = [
        [one["id"], other["id"]]
        for n, one in enumerate(persons)
        for other in persons[n + 1 :]
        if one["father"] is not None
        and all(one[key] == other[key] for key in ("sex", "father", "mother"))
    ]
    return [draw(st.sampled_from(pairs))] if pairs and draw(st.booleans()) else []


@st.composite
def models(draw, alleles):
    kind = draw(
        st.sampled_from(["equal", "proportional", "stepwise", "dawid", "custom", "onestep"])
    )
    if kind == "onestep" and "13.2" in alleles:
        kind = "equal"
    rate = draw(st.sampled_from([0.001, 0.02]))
    if kind == "custom":
        rows = []
        for i in range(len(alleles)):
            weights = [draw(st.integers(0, 4)) for _ in alleles]
            weights[i] += 5
            rows.append([weight / sum(weights) for weight in weights])
        return {"model": "custom", "matrix": rows}
    more = {"rate2": 0.004} if kind == "stepwise" else {}
    more |= {"range": 0.3} if kind in ("stepwise", "dawid") else {}
    return {"model": kind, "rate": rate} | more


@st.composite
def markers(draw, name="D1", *, chrom=None, most=3):
    alleles = draw(st.lists(st.sampled_from(POOL), min_size=2, max_size=most, unique=True))
    silent = draw(st.sampled_from([0, 0, 0.1]))
    weights = [draw(st.integers(1, 6)) for _ in alleles]
    freqs = [(1 - silent) * weight / sum(weights) for weight in weights]
    found = marker(name, alleles, freqs, chrom or draw(st.sampled_from("AAX")))
    if silent:
        found["silent_freq"] = silent
    if draw(st.booleans()):
        found["mutation"] = {"female": draw(models(alleles)), "male": draw(models(alleles))}
    return found


@st.composite
def profiles(draw, persons, markers):
    """What was seen: of some persons everything, of some a part, of some nothing."""
    found = {}
    for one in persons:
        profile = {}
        for at in markers:
            if draw(st.integers(0, 2)):
                shown = [draw(st.sampled_from([*at["alleles"], "-"])) for _ in range(2)]
                one_copy = at["chrom"] == "X" and one["sex"] == "M"
                profile[at["name"]] = [shown[0]] * 2 if one_copy else shown
        if profile:
            found[one["id"]] = profile
    return found


@st.composite
def poor_samples(draw, persons, markers):
    """Perhaps the set of alleles that was detected in a poor sample of one person."""
    if draw(st.integers(0, 3)):
        return {}
    code = draw(st.sampled_from([one["id"] for one in persons]))
    d = 0.3
    return {
        code: {
            "model": "per_allele_bernoulli",
            "d": d,
            "d_hom": draw(st.sampled_from([d * d, 0.05])),
            "drop_in": 0.1,
            "alleles": {
                at["name"]: draw(st.lists(st.sampled_from(at["alleles"]), unique=True))
                for at in markers
            },
        }
    }


@st.composite
def cases(draw, *, most=5):
    """Any case of one marker that the engine takes, under one hypothesis."""
    persons = draw(families(most))
    at = draw(markers())
    for one in persons:
        key = "founder_inbreeding" if at["chrom"] == "A" else "founder_inbreeding_x"
        may = one["father"] is None and (at["chrom"] == "A" or one["sex"] == "F")
        if may and not draw(st.integers(0, 4)):
            one[key] = 0.25
    twins = draw(twins_in(persons))
    if twins:
        for one in persons:
            one.pop("founder_inbreeding", None)
    return {
        "schema": "wayhome-kinship-case/1",
        "id": "any",
        "hypotheses": {"H": {"persons": persons, "mz_twins": twins}},
        "reference": "H",
        "theta": draw(st.sampled_from([0, 0, 0.03])),
        "markers": [at],
        "genotypes": draw(profiles(persons, [at])),
        "evidence": draw(poor_samples(persons, [at])),
    }


@st.composite
def linked_cases(draw):
    """Any case of two linked markers of two alleles each."""
    persons = draw(families(4))
    chrom = draw(st.sampled_from("AX"))
    pair = [draw(markers(name, chrom=chrom, most=2)) for name in ("D1", "D2")]
    return {
        "schema": "wayhome-kinship-case/1",
        "id": "linked",
        "hypotheses": {"H": {"persons": persons, "mz_twins": draw(twins_in(persons))}},
        "reference": "H",
        "theta": draw(st.sampled_from([0, 0.03])),
        "markers": pair,
        "genotypes": draw(profiles(persons, pair)),
        "linkage": [
            {"markers": ["D1", "D2"], "recombination": draw(st.sampled_from([0.0, 0.1, 0.5]))}
        ],
    }
