"""An enquiry that knows no unit, and with whom he served."""

import random
from dataclasses import replace
from math import log2

import numpy as np
import pytest

from wayhome.cores.names import Description, Index
from wayhome.cores.names.comrades import described, unit_of
from wayhome.cores.names.engine import UNIT
from wayhome.cores.names.learning import learn
from wayhome.cores.names.marks import MarkTie, read_unit
from wayhome.cores.names.weights import (
    FIELDS,
    SURE,
    WEIGHTS,
    UnitKind,
    Weights,
    kind_of_comrade,
)

from .drawn import drawn_description, drawn_register

OFTEN = Weights(prior=0.6)  # as a bureau may have learned
UNITS = [f"в/ч {41000 + 1117 * number}" for number in range(40)]  # no two by a slip or two
SURNAMES = [f"{a}{b}{c}" for a in ("Кал", "Мор", "Бер", "Тур", "Лоз") for b in ("ин", "ев", "ун")
            for c in ("ов", "ский", "енко", "ук")]  # fmt: skip
COMRADE = Description(
    id="comrade", surname="Щеголихин", given="Аристарх", patronymic="Феоктистович",
    born="1988-05-17", unit=UNITS[7], rank="сержант",
)  # fmt: skip
HE = Description(
    id="he", surname="Калинов", given="Пётр", patronymic="Ильич", born="1996-02-03", unit=UNITS[7]
)
NAMESAKE = replace(HE, id="namesake", unit=UNITS[8])


def others(many=300):
    draw = random.Random(5)
    return [
        Description(
            id=f"R{number}",
            surname=draw.choice(SURNAMES),
            given=draw.choice(("Иван", "Олег", "Пётр", "Юрий", "Баир")),
            patronymic=draw.choice(("Иванович", "Ильич", "Олегович")),
            born=f"{draw.randrange(1980, 2005)}-0{draw.randrange(1, 10)}-1{draw.randrange(10)}",
            unit=UNITS[number % len(UNITS)],
        )
        for number in range(many)
    ]


INDEX = Index.build([*others(), COMRADE, HE, NAMESAKE], weights=OFTEN)
ASKED = Description(id="E", surname="Калинов", given="Петр", born="1996")
NAMED = replace(ASKED, comrade="Щеголихин Аристарх Феоктистович, 17.05.1988")


def unit_piece(evidence):
    return next(x for x in evidence if x.field == "unit")


def both(asked, index=INDEX):
    """What the unit says of the man, and of his namesake from another one."""
    return [unit_piece(index.evidence(asked, x)) for x in ("he", "namesake")]


@pytest.mark.parametrize(
    "line",
    [
        "Щеголихин Аристарх Феоктистович",
        "с Щеголихиным Аристархом Феоктистовичем",
        "служил вместе с Щеголихиным Аристархом Феоктистовичем",
        "разом із Щеголіхіним Арістархом Феоктистовичем, 1988",
        "served with Aristarkh Shchegolikhin 17.05.1988",
        "сержант Щеголихин А. Ф., 1988 г.р.",
    ],
)
def test_a_comrade_in_one_line_tells_the_unit(line):
    he, namesake = both(replace(ASKED, comrade=line))

    assert he.bits > 2 > 0 > namesake.bits
    assert (he.verdict, namesake.verdict) == ("agrees", "disagrees")
    assert (he.rule, namesake.rule) == ("unit.comrade", "unit.comrade_differs")


def test_all_ways_to_ask_agree():
    best = INDEX.candidates(NAMED, top=5)

    assert [x.id for x in best[:2]] == ["he", "namesake"]
    for one in best[:2]:
        assert INDEX.evidence(NAMED, one.id) == one.evidence
    assert INDEX.rank(NAMED, 5).bits.tolist() == [x.bits for x in best]
    inspected = INDEX.inspect(NAMED, 5)
    assert sorted(inspected.ids) == sorted(x.id for x in best)
    assert inspected.kinds[0, UNIT] == UnitKind.CERTAIN


def test_the_evidence_shows_the_name_that_was_given_and_not_the_comrades_card():
    he, _ = both(NAMED)

    assert he.sought == NAMED.comrade
    assert he.found == INDEX.evidence(ASKED, "he")[7].found


def test_a_unit_of_his_own_is_all_that_counts():
    own = replace(ASKED, unit=UNITS[8])

    for id in ("he", "namesake"):
        assert INDEX.evidence(replace(own, comrade=NAMED.comrade), id) == INDEX.evidence(own, id)


@pytest.mark.parametrize("line", ["Брюховецкий Савва Карпович", "нет", "неизвестно", "-", "1988"])
def test_a_comrade_who_is_not_on_the_register_changes_nothing(line):
    with_him, without = (INDEX.candidates(x, top=9) for x in (replace(ASKED, comrade=line), ASKED))

    assert with_him == without
    assert [x.evidence for x in with_him] == [x.evidence for x in without]


def test_a_unit_in_the_comrades_own_line_counts_where_he_is_not_on_the_register():
    he, namesake = both(replace(ASKED, comrade=f"Брюховецкий Савва, {UNITS[7]}"))

    assert he.bits > 2 > 0 > namesake.bits
    assert he.rule == "unit.comrade"


def test_two_namesakes_in_different_units_share_the_doubt():
    two = Index.build([*others(), COMRADE, HE, NAMESAKE], weights=OFTEN)
    asked = replace(ASKED, comrade="Щеголихин Аристарх Феоктистович")
    alone, against = both(asked, two)

    two.add(replace(COMRADE, id="other", unit=UNITS[9], born="1979-11-30"))

    he, namesake = both(asked, two)
    assert 0 < he.bits < alone.bits
    assert 0 > namesake.bits > against.bits


def test_what_changes_on_the_register_changes_what_the_comrade_tells():
    index = Index.build([*others(), HE, NAMESAKE], weights=OFTEN)
    assert both(NAMED, index)[0].bits == 0

    index.add(COMRADE)
    assert both(NAMED, index)[0].bits > 2

    index.remove("comrade")
    assert both(NAMED, index)[0].bits == 0


def test_a_new_card_meets_enquiries_as_if_they_named_nobody():
    waiting = Index.build([replace(NAMED, id="E1"), COMRADE])

    (piece,) = (x for x in waiting.evidence(HE, "E1", swap=True) if x.field == "unit")

    assert (piece.bits, piece.rule) == (0, "unit.unknown")


def test_of_one_person_each_unit_counts_once():
    one, other = read_unit(UNITS[0]), read_unit(UNITS[1])

    assert unit_of([(one, 0, 0.4), (one, 0, 0.4), (other, 2, 0.35), (other, 3, 0.3)]) == (
        other, UnitKind.LIKELY,
    )  # fmt: skip
    assert unit_of([(None, 0, 0.9), (one, 1, 0.05)]) is None
    assert unit_of([]) is None


@pytest.mark.parametrize("sure", [0.0, 0.05, 0.1, 0.29, 0.3, 0.6, 0.89, 0.9, 1.0])
def test_nobody_counts_as_surer_than_he_is(sure):
    kind = kind_of_comrade(sure)

    assert (SURE[kind] <= sure) if kind else (sure < 0.1)


@pytest.mark.parametrize("kind", SURE)
def test_the_doubt_about_the_comrade_is_in_the_bits(kind):
    unit, masses = FIELDS["unit"], np.zeros(len(MarkTie))
    masses[[MarkTie.EXACT, MarkTie.DIFFERS]] = 40, 99_960

    bits = unit.bits(masses, 100_000.0, kind)

    u = unit.shares(masses, 100_000.0, kind)
    for tie in (MarkTie.EXACT, MarkTie.DIFFERS):
        odds = SURE[kind] * unit.m_table[kind, tie] / u[tie] + 1 - SURE[kind]
        assert bits[tie] == pytest.approx(log2(odds))
    assert bits[MarkTie.EXACT] < unit.bits(masses, 100_000.0, UnitKind.ANY)[MarkTie.EXACT]


def test_nobody_named_is_a_nobody():
    assert described("неизвестно") is None
    assert described("с Петровым Иваном").full_name == "Петровым Иваном"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_a_comrade_lowers_no_score_but_of_a_man_of_another_unit(seed):
    draw = random.Random(seed)
    register = drawn_register(draw, 120)
    index = Index.build(register, weights=Weights(prior=draw.choice((0.02, 0.6, 0.95))))
    for number in range(25):
        asked = replace(drawn_description(draw, "E", register), unit="")
        friend = draw.choice(register)
        line = f"{friend.surname} {friend.given} {friend.patronymic} {friend.born}"
        named = replace(asked, comrade=line)
        for card in draw.sample(register, 10):
            with_him = unit_piece(index.evidence(named, card.id))
            assert unit_piece(index.evidence(asked, card.id)).bits == 0
            assert with_him.bits >= 0 or with_him.rule == "unit.comrade_differs", number


@pytest.mark.slow
def test_how_often_comrades_share_a_unit_is_learned_apart_from_units_that_families_give():
    """Of 800 enquiries whose comrades stand on the register half of them were moved."""
    draw, register, asked = random.Random(3), [], []
    for number in range(800):

        def man(id, unit, number=number):
            return Description(
                id=id,
                surname=f"{SURNAMES[number % 60]}{'абвгдежзик'[number % 10]}ин",
                given=("Иван", "Олег", "Пётр")[number % 3],
                born=f"{1960 + number // 20}-{1 + number % 12:02}-{1 + number % 27:02}",
                unit=unit,
                service_no=f"{id}{number:05}",
            )

        unit = draw.choice(UNITS)
        he = man(f"А-{number}", unit if draw.random() < 0.5 else draw.choice(UNITS))
        comrade = man(f"Щ-{number}", unit)
        comrade = replace(comrade, surname=f"Щ{comrade.surname.lower()}ко", given="Савва")
        register += [he, comrade]
        line = f"{comrade.surname} Савва {comrade.born} {comrade.service_no}"
        asked.append(replace(he, id=f"E{number}", unit="", comrade=line))
    index = Index.build(register, weights=OFTEN)

    learned = learn(index, asked, start=OFTEN).fields["unit"]

    kinds = [index.inspect(x, 1).kinds[0, UNIT] for x in asked[:50]]
    (kind,) = {x for x in kinds if x} & set(SURE)
    agreeing = SURE[kind] * learned.m[kind][MarkTie.EXACT] + (1 - SURE[kind]) / len(UNITS)
    assert agreeing == pytest.approx(0.5 + 0.5 / len(UNITS), abs=0.03)
    assert learned.m[UnitKind.ANY][MarkTie.EXACT] == pytest.approx(
        WEIGHTS.fields["unit"].m[UnitKind.ANY][MarkTie.EXACT] / 1.07, rel=0.01
    )
