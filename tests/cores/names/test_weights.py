import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wayhome.cores.names.dates import Born
from wayhome.cores.names.likeness import common, expected_odds, odds_of, weigh
from wayhome.cores.names.spelling import Tie, spelling
from wayhome.cores.names.together import (
    AGREES,
    ALONE,
    CIRCLES,
    Together,
    _shared_out,
    joined,
    learn_together,
)
from wayhome.cores.names.weights import (
    FIELDS,
    NEW,
    SLIP,
    WEIGHTS,
    BadWeights,
    BornKind,
    Made,
    NameKind,
    Weights,
    kind_of,
)

BITS = st.lists(st.floats(-12, 40), min_size=10, max_size=10)
SETS = st.integers(0, 7)  # of names that agree
OFFS = st.lists(st.floats(0, 20), min_size=8, max_size=8).map(lambda x: [0, *x[1:]])


def masses_of(weighing, **cards):
    masses = np.zeros(len(weighing.ties))
    for name, count in cards.items():
        masses[weighing.ties[name]] = count
    return masses


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Буйничев", NameKind.WORD), ("Б.", NameKind.INITIAL), ("Сайын-Оол", NameKind.DOUBLE)],
)
def test_a_name_is_asked_for_as_a_word_an_initial_or_a_double_name(word, kind):
    assert kind_of(spelling(word)) == kind


@pytest.mark.parametrize(
    ("born", "kind"),
    [
        (Born(1999, 1, 14), BornKind.DAY),
        (Born(1999, 1), BornKind.MONTH),
        (Born(1999), BornKind.YEAR),
        (Born(1999, about=2), BornKind.ABOUT),
    ],
)
def test_a_date_is_asked_for_as_exactly_as_it_is_known(born, kind):
    assert kind_of(born) == kind


def test_a_rare_name_weighs_more_than_a_common_one():
    surname = FIELDS["surname"]

    rare = surname.bits(masses_of(surname, EXACT=1, DIFFERS=99_999), 100_000.0)
    common = surname.bits(masses_of(surname, EXACT=5_000, DIFFERS=95_000), 100_000.0)

    assert rare[Tie.EXACT] > common[Tie.EXACT] + 10
    assert common[Tie.DIFFERS] < 0


def test_a_name_new_to_the_register_is_of_a_kind_of_its_own():
    surname = FIELDS["surname"]

    assert surname.kind(NameKind.WORD, masses_of(surname, TYPO1=3, DIFFERS=7)) == NEW
    assert surname.kind(NameKind.WORD, masses_of(surname, LANGUAGE=1, DIFFERS=7)) == NameKind.WORD
    assert surname.kind(NameKind.INITIAL, masses_of(surname, DIFFERS=7)) == NameKind.INITIAL


def test_a_name_far_rarer_than_those_near_to_it_is_a_slip():
    surname = FIELDS["surname"]
    common = {"CONFUSED": 150, "TYPO1": 151, "DIFFERS": 10_000}

    assert surname.kind(NameKind.WORD, masses_of(surname, EXACT=3, **common)) == SLIP
    assert surname.kind(NameKind.WORD, masses_of(surname, EXACT=4, **common)) == NameKind.WORD
    assert surname.kind(NameKind.DOUBLE, masses_of(surname, EXACT=3, **common)) == NameKind.DOUBLE


@given(st.lists(st.integers(0, 1000), min_size=len(Tie), max_size=len(Tie)), st.integers(0, 4))
def test_agreement_is_never_held_against_a_person_nor_disagreement_for_him(masses, kind):
    for weighing in (FIELDS["surname"], FIELDS["given"]):
        bits = weighing.bits(np.array(masses, float), float(sum(masses[1:])), kind)

        assert bits[0] == 0
        assert (bits[~weighing.against] >= 0).all()
        assert (bits[weighing.against] <= 0).all()


@given(BITS, OFFS, SETS, st.sampled_from([0, 1, 2]))
@settings(deadline=None)
def test_one_more_name_that_agrees_never_lowers_the_sum(bits, off, agreeing, place):
    bits = np.array([abs(x) if agreeing >> i & 1 else -abs(x) for i, x in enumerate(bits[:3])])
    bits[place] = 0.0  # not known
    without = agreeing & ~(1 << place)
    more = bits.copy()
    more[place] = 3.0

    one_more = joined(more, without | 1 << place, np.array(off))
    assert one_more >= joined(bits, without, np.array(off))


def test_what_names_have_in_common_is_taken_off_those_that_agree():
    bits, off = np.full(3, 20.0), np.array([0, 0, 0, 4, 0, 2, 0, 10.0])

    assert 60.0 - joined(bits, 0b111, off) == 10
    assert 60.0 - joined(np.array([20.0, 20.0, 0.0]), 0b011, off) == 20 + 4
    assert [int(AGREES[x]) for x in (Tie.UNKNOWN, Tie.EXACT, Tie.TYPO1, Tie.DIFFERS)] == [
        0,
        1,
        1,
        0,
    ]


@given(BITS, OFFS, SETS, st.integers(0, 9), st.floats(0, 20))
@example([0, 30, 20, 0, 40, 0, 0, 0, 40, 40], [0, 0, 0, 20, 0, 0, 0, 20], 7, 0, 20)
@settings(deadline=None)
def test_agreeing_more_closely_never_lowers_the_total(bits, off, agreeing, field, closer):
    bits = np.array([abs(x) if i > 2 or agreeing >> i & 1 else -abs(x) for i, x in enumerate(bits)])
    more = bits.copy()
    more[field] += closer if field > 2 or agreeing >> field & 1 else 0.0
    rest = agreeing, np.array(off), -4.5

    assert weigh(more, *rest)[0] >= weigh(bits, *rest)[0] - 1e-9


@given(BITS, OFFS, SETS)
@settings(deadline=None)
def test_the_pieces_of_a_pair_sum_to_its_total(bits, off, agreeing):
    # What agrees is never held against a person, and what disagrees never for him.
    bits = [abs(x) if i > 2 or agreeing >> i & 1 else -abs(x) for i, x in enumerate(bits)]
    total, together = weigh(np.array(bits), agreeing, np.array(off), -1.5)

    assert total == pytest.approx(sum(bits) + together - 1.5)
    assert together <= 0


def test_what_all_others_add_to_the_odds_is_what_one_would_count():
    shares = np.zeros((10, 5))
    worth = np.zeros((10, 5))
    shares[:, 0] = 1.0
    shares[0] = [0.1, 0.02, 0.08, 0.1, 0.7]
    worth[0] = [0, 5.0, 2.5, 1.0, -4.0]
    shares[3] = [0.5, 0.05, 0.05, 0, 0.4]
    worth[3] = [0, 3.0, 1.0, 0, -2.0]
    below, cards = 3.3, 10_000
    plain = sum(
        p * q * 2 ** (a + b)
        for (p, a), (q, b) in itertools.product(
            zip(shares[0], worth[0], strict=True), zip(shares[3], worth[3], strict=True)
        )
        if a + b < below
    )
    above = sum(
        p * q
        for (p, a), (q, b) in itertools.product(
            zip(shares[0], worth[0], strict=True), zip(shares[3], worth[3], strict=True)
        )
        if a + b >= below
    )

    found = expected_odds(shares, worth, below, int(above * cards), cards)

    assert found == pytest.approx(plain, rel=0.02)


def test_the_many_who_agree_alike_are_counted_as_a_list_of_them_would():
    random, counted = np.random.default_rng(11), 0
    for cards in (2_000, 50_000, 3_000_000):
        masses, worth = np.zeros((10, len(Tie))), random.normal(2.0, 4.0, (10, len(Tie)))
        for field in range(3):
            ties = [0, Tie.EXACT, Tie.TRANSLIT, Tie.TYPO1, Tie.DIFFERS]
            masses[field, ties] = cards * random.dirichlet([0.3] * len(ties))
        worth[:3, Tie.DIFFERS], worth[:3, 0] = -3.0, 0.0
        worth[:3, 1 : Tie.DIFFERS] = abs(worth[:3, 1 : Tie.DIFFERS])
        off = np.array([0, 0, 0, 1.5, 0, 0.5, 0.7, 2.5])

        namesakes, kin = 0.0, 0.0
        for one, three, two in itertools.product(Tie, repeat=3):
            alike = [x not in (Tie.UNKNOWN, Tie.DIFFERS) for x in (one, three, two)]
            share = 1.0
            for field, tie in enumerate((one, three, two)):
                share *= masses[field, tie] / cards
            taken = together_of(alike, [worth[x, y] for x, y in enumerate((one, three, two))], off)
            if share * cards * 2.0 ** taken[0] >= 3.0:
                namesakes += share * 2.0 ** (taken[0] + taken[1])
                counted += 1
            if three == Tie.UNKNOWN:
                both = masses[0, one] * masses[2, two] / cards**2
                taken = together_of(
                    [alike[0], False, alike[2]], [worth[0, one], 0.0, worth[2, two]], off
                )
                if both * cards * 2.0 ** taken[0] >= 3.0:
                    kin += both * 2.0 ** (taken[0] + taken[1])

        assert common(masses, worth, off, 0.0, cards) == pytest.approx((namesakes, kin))
        half = common(masses, worth, off, -1.0, cards)
        assert half == pytest.approx((namesakes / 2, kin / 2))
    assert counted > 50


def together_of(alike, bits, off):
    """How much oftener such names stand together, and what they weigh so."""
    best = (0.0, 0.0)
    for subset in range(1, 8):
        some = [x for x in range(3) if subset >> x & 1]
        found = sum(bits[x] for x in some) - off[subset]
        if all(alike[x] for x in some) and found > best[1]:
            best = (off[subset], found)
    return best[0], best[1] + sum(bits[x] for x in range(3) if not alike[x])


def test_a_register_seen_whole_has_no_others():
    bits = np.array([12.0, 3.0, -8.0])

    odds = odds_of(bits, np.ones((10, 3)), np.ones((10, 3)), 3, 0.0)

    assert odds == pytest.approx((2**12 + 2**3 + 2**-8) / 3)
    assert odds_of(np.empty(0), np.ones((10, 3)), np.ones((10, 3)), 0, 0.0) == 0


def registered(random, many):
    """What the cards of two peoples who hardly mix are called."""
    rows = []
    for _ in range(many):
        people = "ab"[int(random.random() < 0.2)]
        wheel = random.integers(0, 9, 3)
        rows.append([f"{people}{kind}{x}" for kind, x in zip("sgp", wheel, strict=True)])
    words = [np.unique(x, return_inverse=True) for x in zip(*rows, strict=True)]
    return [(distinct.tolist(), of_card) for distinct, of_card in words]


def called(*words):
    return tuple(((word,) if word else (), ()) for word in words)


def test_names_of_one_people_are_found_to_go_together():
    circles = learn_together(registered(np.random.default_rng(7), 5000), circles=3)

    same, mixed = circles.bits([called("bs1", "bg1", "bp1"), called("as1", "bg1", "ap1")])

    assert same[3] == pytest.approx(np.log2(1 / 0.2), abs=0.3)
    assert same[7] == pytest.approx(2 * np.log2(1 / 0.2), abs=0.5)
    assert mixed[3] == 0
    assert same[0] == same[1] == same[2] == 0


def test_circles_are_the_same_each_time():
    one, two = (learn_together(registered(np.random.default_rng(7), 3000)) for _ in range(2))

    assert one.sizes == two.sizes
    assert one.likelier == two.likelier


def test_a_round_shares_each_card_out_among_the_circles():
    random = np.random.default_rng(3)
    sizes = random.dirichlet(np.ones(CIRCLES))
    likelier = random.uniform(0.1, 3.0, (12, CIRCLES))
    held = random.integers(0, 12, (40, 3))

    counts, nats = _shared_out(held, sizes, likelier)

    shares = sizes * likelier[held].prod(1)
    assert nats == pytest.approx(np.log(shares.sum(1)).sum())
    shares /= shares.sum(1, keepdims=True)
    for name in range(12):
        times = (held == name).sum(1)
        assert counts[name] == pytest.approx((shares * times[:, None]).sum(0))


def test_circles_are_found_where_no_card_has_a_patronymic():
    surnames, given, _ = registered(np.random.default_rng(7), 5000)
    nobody = ([""], np.zeros(5000, np.int64))

    circles = learn_together([surnames, given, nobody], circles=3)

    (same, mixed) = circles.bits([called("bs1", "bg1", ""), called("as1", "bg1", "")])
    assert same[3] > 1
    assert mixed[3] == 0


def test_a_handful_of_names_teaches_nothing():
    assert learn_together(registered(np.random.default_rng(7), 100)) is ALONE


def test_weights_come_back_from_their_text():
    weights = Weights(
        fields=FIELDS | {"given": replace(FIELDS["given"], new=0.25, strength=1.0)},
        together=Together((0.4, 0.6), ({"s": (2.0, 0.25)}, {"#1": (0.5, 1.5)}, {})),
        swapped=-3.4,
        namesakes=0.31,
        prior=0.7,
        spread={"surname": {"exact": 0.01}},
        made=Made(3, "2026-11-25", 1000, 50, 2),
    )

    back = Weights.of_json(weights.to_json())

    assert back.to_json() == weights.to_json()
    assert back.made == weights.made
    assert back.fields["given"].m_table == pytest.approx(weights.fields["given"].m_table, rel=1e-5)
    assert back.fields["given"].new == 0.25


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"format": 9}', WEIGHTS.to_json().replace('"kin"', '"king"')]
)
def test_a_text_without_weights_is_refused(text):
    with pytest.raises(BadWeights):
        Weights.of_json(text)
