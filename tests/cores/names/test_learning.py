from dataclasses import replace

import numpy as np
import pytest

from wayhome.cores.names import Index
from wayhome.cores.names.dates import BornTie
from wayhome.cores.names.learning import Best, Sample, _add_moved, estimate, inspect_all, learn
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
    best, like = (
        Best(
            np.full(many, ROWS),
            np.zeros((many * ROWS, len(fields)), np.uint8),
            np.zeros(many * ROWS, np.int64),
        )
        for _ in range(2)
    )
    sample = Sample(
        cards=CARDS,
        best=best,
        like=like,
        many=np.ones(many, np.int64),
        masses=np.zeros((many, len(fields), ties)),
        kinds=np.zeros((many, len(fields)), np.uint8),
        offs=np.zeros((many, 8)),
        orders=np.zeros(many),
        seen=np.zeros(many),
        said=np.zeros(many * ROWS, np.int8),
    )
    for field, shares in CHANCE.items():
        for tie, share in shares.items():
            sample.masses[:, fields.index(field), tie] = share * CARDS
    for enquiry in range(many):
        case = random.random()
        register = np.zeros((CARDS, len(fields)), np.uint8)
        for field, chance in CHANCE.items():
            column = register[:, fields.index(field)]
            column[:] = drawn(random, chance, CARDS)
            namesake = case > 1 - NAMESAKES * (1 - ON_REGISTER)
            if case < ON_REGISTER or (namesake and field in ("surname", "given", "patronymic")):
                column[0] = drawn(random, PLANTED[field], 1)[0]
        rows = slice(enquiry * ROWS, (enquiry + 1) * ROWS)
        by_all = np.argsort(-scored(register), kind="stable")[:ROWS]
        best.ties[rows] = register[by_all]
        by_name = np.argsort(-scored(register[:, :3]), kind="stable")[:ROWS]
        like.ties[rows] = register[by_name]
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
    sample.best.ties[::ROWS, list(FIELDS).index("unit")] = MarkTie.DIFFERS
    judged = replace(sample, said=sample.said.copy())
    judged.said[::ROWS] = 1
    refused = replace(sample, said=sample.said.copy())
    refused.said[::ROWS] = -1

    differs = {
        name: estimate(x, WEIGHTS).fields["unit"].m[0][MarkTie.DIFFERS]
        for name, x in (("judged", judged), ("not", sample), ("refused", refused))
    }

    assert differs["judged"] > differs["not"] > differs["refused"]
    assert differs["judged"] > 0.6


@pytest.mark.parametrize("by", [-9, -4, -1, 0, 2, 5, 9])
def test_what_is_moved_beyond_an_end_stays_there(by):
    of = np.random.default_rng(8).random(5)
    found, plain = np.ones(5), np.ones(5)

    _add_moved(found, of, by, 0.5)

    for place, each in enumerate(of):
        plain[min(max(place + by, 0), 4)] += 0.5 * each
    assert found.tolist() == plain.tolist()


class TestLearn:
    enquiries = [replace(x, id=f"E{number}", unit="") for number, x in enumerate(REGISTER[:60])]

    def test_the_same_input_gives_the_same_weights(self):
        one, two = (learn(Index.build(REGISTER), self.enquiries, on="2026-01-01") for _ in range(2))

        assert one.to_json() == two.to_json()

    def test_it_is_all_one_in_which_lots_they_are_inspected(self):
        index = Index.build(REGISTER)

        def in_lots(asked):
            return (inspect_all(index, asked[x : x + 7]) for x in range(0, len(asked), 7))

        by_lots = learn(index, self.enquiries, inspected=in_lots)

        assert by_lots.to_json() == learn(index, self.enquiries).to_json()

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
