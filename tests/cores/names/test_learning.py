from dataclasses import replace

import numpy as np
import pytest

from wayhome.cores.names import Index
from wayhome.cores.names.dates import BornTie
from wayhome.cores.names.learning import Sample, estimate, learn
from wayhome.cores.names.marks import MarkTie
from wayhome.cores.names.spelling import Tie
from wayhome.cores.names.weights import FIELDS, WEIGHTS

from .people import REGISTER

CARDS = 10_000
ROWS = 50
ON_REGISTER, NAMESAKES = 0.6, 0.3
PLANTED = {
    "surname": {Tie.EXACT: 0.85, Tie.TYPO1: 0.1, Tie.DIFFERS: 0.05},
    "given": {Tie.EXACT: 0.8, Tie.TYPO1: 0.12, Tie.DIFFERS: 0.08},
    "patronymic": {Tie.EXACT: 0.9, Tie.DIFFERS: 0.1},
    "born": {BornTie.EXACT: 0.6, BornTie.YEAR_OFF: 0.25, BornTie.DIFFERS: 0.15},
    "unit": {MarkTie.EXACT: 0.7, MarkTie.DIFFERS: 0.3},
}
CHANCE = {
    "surname": {Tie.EXACT: 0.0005, Tie.TYPO1: 0.001, Tie.DIFFERS: 0.9985},
    "given": {Tie.EXACT: 0.02, Tie.TYPO1: 0.01, Tie.DIFFERS: 0.97},
    "patronymic": {Tie.EXACT: 0.02, Tie.DIFFERS: 0.98},
    "born": {BornTie.EXACT: 0.0002, BornTie.YEAR_OFF: 0.001, BornTie.DIFFERS: 0.9988},
    "unit": {MarkTie.EXACT: 0.01, MarkTie.DIFFERS: 0.99},
}


def drawn(random, shares, many):
    return random.choice([int(x) for x in shares], p=list(shares.values()), size=many)


def scored(ties):
    """Rough bits of rows, by which the best are kept."""
    score = np.zeros(len(ties))
    for field, chance in list(CHANCE.items())[: ties.shape[1]]:
        for tie, share in chance.items():
            same = ties[:, list(FIELDS).index(field)] == tie
            score += np.where(same, np.log2(PLANTED[field].get(tie, 1e-4) / share), 0.0)
    return score


def simulated(many, seed):
    """Enquiries whose persons are on the register, are not, or have a namesake on it."""
    random = np.random.default_rng(seed)
    fields, ties = list(FIELDS), max(len(x.ties) for x in FIELDS.values())
    sample = Sample(
        cards=CARDS,
        rows=np.full(many, ROWS),
        ties=np.zeros((many, ROWS, len(fields)), np.uint8),
        ways=np.zeros((many, ROWS), np.uint8),
        masses=np.zeros((many, 1, len(fields), ties)),
        kinds=np.zeros((many, 1, len(fields)), np.uint8),
        offs=np.zeros((many, 1, 8)),
        orders=np.zeros((many, 1)),
        seen=np.zeros((many, 1)),
        said=np.zeros((many, ROWS), np.int8),
        like_ties=np.zeros((many, ROWS, len(fields)), np.uint8),
        like_ways=np.zeros((many, ROWS), np.int64),
    )
    for field, shares in CHANCE.items():
        for tie, share in shares.items():
            sample.masses[:, 0, fields.index(field), tie] = share * CARDS
    for enquiry in range(many):
        case = random.random()
        register = np.zeros((CARDS, len(fields)), np.uint8)
        for field, chance in CHANCE.items():
            column = register[:, fields.index(field)]
            column[:] = drawn(random, chance, CARDS)
            namesake = case > 1 - NAMESAKES * (1 - ON_REGISTER)
            if case < ON_REGISTER or (namesake and field in ("surname", "given", "patronymic")):
                column[0] = drawn(random, PLANTED[field], 1)[0]
        best = np.argsort(-scored(register), kind="stable")[:ROWS]
        sample.ties[enquiry] = register[best]
        by_name = np.argsort(-scored(register[:, :3]), kind="stable")[:ROWS]
        sample.like_ties[enquiry] = register[by_name]
    return sample


@pytest.mark.slow
def test_planted_shares_are_found_without_labels():
    weights = estimate(simulated(2000, seed=5), WEIGHTS)

    assert weights.prior == pytest.approx(ON_REGISTER, abs=0.03)
    assert weights.namesakes == pytest.approx(NAMESAKES, abs=0.05)
    for field, tie in (
        ("born", BornTie.EXACT),
        ("born", BornTie.YEAR_OFF),
        ("born", BornTie.DIFFERS),
        ("unit", MarkTie.DIFFERS),
        ("given", Tie.DIFFERS),
        ("given", Tie.TYPO1),
        ("patronymic", Tie.DIFFERS),
    ):
        learned = weights.fields[field].m[0][tie]
        assert learned == pytest.approx(PLANTED[field][tie], abs=0.03), (field, tie)


def test_a_few_enquiries_change_little():
    weights = estimate(simulated(3, seed=5), WEIGHTS)

    born, first = weights.fields["born"].m[0], WEIGHTS.fields["born"].m[0]
    assert born[BornTie.EXACT] == pytest.approx(first[BornTie.EXACT], abs=0.1)
    assert weights.namesakes == pytest.approx(WEIGHTS.namesakes, abs=0.05)


def test_what_people_judged_counts_as_known():
    sample = simulated(40, seed=6)
    sample.ties[:, 0, list(FIELDS).index("unit")] = MarkTie.DIFFERS
    judged = replace(sample, said=sample.said.copy())
    judged.said[:, 0] = 1
    refused = replace(sample, said=sample.said.copy())
    refused.said[:, 0] = -1

    differs = {
        name: estimate(x, WEIGHTS).fields["unit"].m[0][MarkTie.DIFFERS]
        for name, x in (("judged", judged), ("not", sample), ("refused", refused))
    }

    assert differs["judged"] > differs["not"] > differs["refused"]
    assert differs["judged"] > 0.6


class TestLearn:
    enquiries = [replace(x, id=f"E{number}", unit="") for number, x in enumerate(REGISTER[:60])]

    def test_the_same_input_gives_the_same_weights(self):
        one, two = (learn(Index.build(REGISTER), self.enquiries, on="2026-01-01") for _ in range(2))

        assert one.to_json() == two.to_json()

    def test_weights_say_what_they_were_made_of(self):
        made = learn(
            Index.build(REGISTER),
            self.enquiries,
            judgements={"E0": {"C1": True, "N3": False}},
            on="2026-01-01",
        ).made

        assert made.version == 1
        assert (made.on, made.cards, made.enquiries, made.judgements) == ("2026-01-01", 301, 60, 2)

    def test_an_empty_bureau_keeps_its_first_guesses(self):
        assert learn(Index(), self.enquiries) is WEIGHTS
        assert learn(Index.build(REGISTER), []) is WEIGHTS

    def test_learned_weights_find_the_same_man(self):
        index = Index.build(REGISTER)
        index.use(learn(index, self.enquiries))

        found = index.candidates(self.enquiries[0], top=1, prior=index.weights.prior)

        assert found[0].id == REGISTER[0].id
        assert found[0].probability > 0.9
