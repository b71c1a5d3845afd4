"""A second opinion: the likelihood of a small case by plain summation over everything.

It reads the JSON of a case and shares no code with the engine (an import contract). Every person
gets every pair of genes in turn, so it is slow, and anybody can see that it is right.
"""

from itertools import pairwise, product
from math import prod


def likelihood(case, hypothesis, marker):
    """The probability of what was seen at one marker, given by its place in the list."""
    return Sum(case, hypothesis, [case["markers"][marker]], 0.5).total()


def joint_likelihood(case, hypothesis, recombination):
    """The probability of what was seen at the two markers of a case."""
    return Sum(case, hypothesis, case["markers"], recombination).total()


class Sum:
    def __init__(self, case, hypothesis, markers, recombination):
        pedigree = case["hypotheses"][hypothesis]
        self.case, self.markers, self.recombination = case, markers, recombination
        self.theta = case.get("theta", 0)
        self.persons = in_order(pedigree["persons"])
        self.twin_of = {
            twin: group[0] for group in pedigree.get("mz_twins") or [] for twin in group[1:]
        }

    def total(self):
        return self.next_person(0, {}, [[] for _ in self.markers])

    def next_person(self, number, genes, drawn):
        """Sum over the genes of this person and all who follow."""
        if number == len(self.persons):
            return prod(
                urn(alleles, shares(marker), self.theta)
                for alleles, marker in zip(drawn, self.markers, strict=True)
            )
        person = self.persons[number]
        first = self.twin_of.get(person["id"])
        if first is not None:
            weight = self.seen(person, genes[first])
            if not weight:
                return 0.0
            return weight * self.next_person(
                number + 1, genes | {person["id"]: genes[first]}, drawn
            )
        ways = self.founder(person) if person["father"] is None else self.child(person, genes)
        total = 0.0
        for chance, his, new in ways:
            weight = chance * self.seen(person, his) if chance else 0.0
            if weight:
                more = [old + fresh for old, fresh in zip(drawn, new, strict=True)]
                total += weight * self.next_person(number + 1, genes | {person["id"]: his}, more)
        return total

    def founder(self, person):
        """Every (chance, genes at each marker, draws from each urn) of a founder."""
        copies = self.copies(person)
        key = "founder_inbreeding_x" if self.markers[0]["chrom"] == "X" else "founder_inbreeding"
        f = person.get(key, 0) if copies == 2 else 0
        for his in product(*(product(range(size(m)), repeat=copies) for m in self.markers)):
            yield 1 - f, his, [list(pair) for pair in his]
            if f and all(pair[0] == pair[1] for pair in his):
                yield f, his, [[pair[0]] for pair in his]

    def child(self, person, genes):
        nobody = [[] for _ in self.markers]
        gametes = [list(self.gametes(sex, genes[code])) for sex, code in self.givers(person)]
        if not gametes:
            yield 1.0, tuple(() for _ in self.markers), nobody
            return
        for each in product(*gametes):
            chance = prod(one for one, _ in each)
            his = tuple(zip(*(alleles for _, alleles in each), strict=True))
            yield chance, his, nobody

    def givers(self, person):
        """From whom somebody has each copy."""
        father, mother = ("male", person["father"]), ("female", person["mother"])
        chrom, man = self.markers[0]["chrom"], person["sex"] == "M"
        both = [father, mother]
        return {
            "A": both,
            "X": [mother] if man else both,
            "Y": [father] if man else [],
            "M": [mother],
        }[chrom]

    def gametes(self, sex, genes):
        """Every (chance, allele at each marker) that a parent may pass on."""
        matrices = [matrix(marker, sex) for marker in self.markers]
        for alleles in product(*(range(size(marker)) for marker in self.markers)):
            chance = 0.0
            for strands in product(range(len(genes[0])), repeat=len(self.markers)):
                chance += self.strands(strands, len(genes[0])) * prod(
                    m[pair[strand]][to]
                    for m, pair, strand, to in zip(matrices, genes, strands, alleles, strict=True)
                )
            yield chance, alleles

    def strands(self, strands, copies):
        """The chance that a gamete has these markers from these of the parent's copies."""
        if copies == 1:
            return 1.0
        chance = 0.5
        for one, other in pairwise(strands):
            chance *= self.recombination if one != other else 1 - self.recombination
        return chance

    def copies(self, person):
        return len(self.givers({**person, "father": "", "mother": ""}))

    def seen(self, person, genes):
        """The probability of all that was seen of a person with these genes."""
        weight = 1.0
        for marker, pair in zip(self.markers, genes, strict=True):
            shown = self.case["genotypes"].get(person["id"], {}).get(marker["name"])
            if shown is not None and not agrees(shown, pair, marker["alleles"]):
                return 0.0
            poor = (self.case.get("evidence") or {}).get(person["id"])
            if poor and marker["name"] in poor["alleles"]:
                weight *= detected(poor, marker, pair)
        return weight


def in_order(persons):
    """Parents before their children."""
    left, done = list(persons), []
    while left:
        for person in left:
            known = {other["id"] for other in done} | {None}
            if person["father"] in known and person["mother"] in known:
                done.append(person)
                left.remove(person)
                break
    return done


def size(marker):
    return len(marker["alleles"]) + (1 if marker.get("silent_freq") else 0)


def shares(marker):
    return marker["freqs"] + ([marker["silent_freq"]] if marker.get("silent_freq") else [])


def urn(alleles, p, theta):
    """The chance of a row of draws, one after the other, from the urn of Balding and Nichols."""
    chance = 1.0
    for n, allele in enumerate(alleles):
        m = alleles[:n].count(allele)
        chance *= (m * theta + (1 - theta) * p[allele]) / (1 + (n - 1) * theta)
    return chance


def agrees(shown, genes, names):
    """Whether a laboratory would see this of these genes; the last gene may be silent."""
    visible = [names[gene] for gene in genes if gene < len(names)]
    if len(genes) == 1:
        return "-" in shown or visible == shown[:1]
    wanted = [allele for allele in shown if allele != "-"]
    if len(wanted) < 2:
        return all(allele in visible for allele in wanted)
    return set(visible) == set(wanted)


def detected(poor, marker, genes):
    chance = 1.0
    for n, (allele, p) in enumerate(zip(marker["alleles"], marker["freqs"], strict=True)):
        missed = (1 - poor["drop_in"] * p) * (1, poor["d"], poor["d_hom"])[genes.count(n)]
        chance *= 1 - missed if allele in poor["alleles"][marker["name"]] else missed
    return chance


def matrix(marker, sex):
    """Row: from; column: to. A silent allele stays what it is."""
    model = (marker.get("mutation") or {}).get(sex)
    names, n = marker["alleles"], len(marker["alleles"])
    total = sum(marker["freqs"])
    p = [freq / total for freq in marker["freqs"]]
    rows = [[1.0 if i == j else 0.0 for j in range(size(marker))] for i in range(size(marker))]
    for i in range(n):
        for j in range(n):
            if model and i != j:
                rows[i][j] = changes(model, names, p, i, j)
        if model and model["model"] != "custom":
            rows[i][i] = 1 - sum(rows[i][j] for j in range(n) if j != i)
        elif model:
            rows[i][i] = model["matrix"][i][i]
    return rows


def changes(model, names, p, i, j):
    """The chance that allele i is passed on as another one, j."""
    kind, others = model["model"], [k for k in range(len(names)) if k != i]
    if kind == "custom":
        return model["matrix"][i][j]
    if kind == "equal":
        return model["rate"] / len(others)
    if kind == "proportional":
        return model["rate"] * p[j] / sum(q * (1 - q) for q in p)
    length = [float(name) for name in names]
    group = [round(one % 1, 1) for one in length]
    if kind == "onestep":
        near = [k for k in others if abs(length[k] - length[i]) == 1]
        return model["rate"] / len(near) if j in near else 0.0
    if kind == "dawid":
        rank = [sorted(length).index(one) for one in length]
        power = {
            (a, b): model["range"] ** abs(rank[a] - rank[b])
            for a in range(len(p))
            for b in range(len(p))
            if a != b
        }
        return model["rate"] * power[i, j] / sum(power.values()) / p[i]
    assert kind == "stepwise"
    if group[i] != group[j]:
        return model["rate2"] / sum(1 for k in others if group[k] != group[i])
    steps = {k: model["range"] ** round(abs(length[k] - length[i])) for k in others}
    return model["rate"] * steps[j] / sum(steps[k] for k in others if group[k] == group[i])
