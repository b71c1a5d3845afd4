"""How sure: cards of one person, what one more fact would tell, and drift."""

from dataclasses import replace
from itertools import product, repeat
from math import fsum

import numpy as np
import pytest

from wayhome.cores.names import Description, Index
from wayhome.cores.names.columns import FIELDS
from wayhome.cores.names.drift import drift, spread_of
from wayhome.cores.names.engine import Question, weigh_one
from wayhome.cores.names.expected import as_good, doubt, worth_asking
from wayhome.cores.names.same_person import may_weigh

from .people import KONSTANTIN, REGISTER, sought

SECOND = Description(
    id="C2",
    surname="Buinichev",
    given="Konstantin",
    born="1999-01-14",
    unit="в/ч 74577",
    kind="remains",
)
NAMESAKE = Description(id="C3", surname="Буйничев", given="Константин", born="1971-08-30")
ASKED = sought(surname="Буйничев", given="Константин", unit="в/ч 74577")


def test_two_cards_of_one_person_have_his_weight_together():
    index = Index.build([*REGISTER, SECOND, NAMESAKE])

    ranking = index.rank(ASKED, 20)

    assert {*ranking.ids[:2]} == {"C1", "C2"}
    assert ranking.persons.first[:3].tolist() == [0, 0, 2]
    of_persons = 2.0**ranking.persons.bits
    assert of_persons[0] == of_persons[1] == pytest.approx((2.0 ** ranking.bits[:2]).sum())


def test_cards_of_one_person_show_his_probability():
    index = Index.build([*REGISTER, SECOND, NAMESAKE])

    first, second, third = index.candidates(ASKED, top=3, prior=0.7)

    assert first.person == second.person == first.id
    assert first.probability == second.probability > 0.9
    assert third.person == third.id
    assert first.probability + third.probability <= 1.0


def test_namesakes_are_persons_of_their_own():
    index = Index.build([*REGISTER, NAMESAKE, replace(NAMESAKE, id="C4", born="1988-02-02")])

    ranking = index.rank(sought(surname="Буйничев", given="Константин"), 20)

    assert ranking.persons.first.tolist() == list(range(20))


def test_a_sum_over_persons_is_the_sum_over_their_cards():
    index = Index.build([*REGISTER, SECOND, replace(KONSTANTIN, id="C5"), NAMESAKE])

    ranking = index.rank(ASKED, 20)

    of_persons = (2.0**ranking.persons.bits)[ranking.persons.first == np.arange(20)]
    assert of_persons.sum() == pytest.approx((2.0**ranking.bits).sum())
    assert (np.diff(ranking.persons.bits) <= 1e-9).all()


def test_no_two_cards_are_passed_over_that_weigh_enough():
    index = Index.build([*REGISTER, SECOND])
    index.add(replace(KONSTANTIN, id="C5", surname="Буйнічев", service_no=""))
    index.add(NAMESAKE)
    cards = [(part, part.codes_of(part.in_rows())) for part in index.frequencies.parts]
    last, before = cards[-1][1], cards[0][1][:40]
    passed_over, weighed = 0, []
    for ours, theirs in product([*zip(repeat(0), before), *zip(repeat(1), last)], repeat=2):
        one, other = ((cards[x][0], codes) for x, codes in (ours, theirs))
        row = np.flatnonzero((cards[theirs[0]][1] == theirs[1]).all(1))[0]
        place = (theirs[0], int(other[0].in_rows()[row]))
        found = weigh_one(card_asked(*one), index.frequencies.parts, index.frequencies, place)
        bits = float(found.bits[0])
        assert may_weigh(bits, one, other, index.frequencies)
        passed_over += not may_weigh(max(bits, 0.0) + 15.0, one, other, index.frequencies)
        weighed.append(bits)
    assert max(weighed) > 30.0
    assert passed_over > 100


def card_asked(part, codes):
    return Question.of_values(
        [part.value(x, y) for x, y in zip(FIELDS, codes.tolist(), strict=True)]
    )


@pytest.mark.parametrize("prior", [0.02, 0.7])
def test_all_persons_and_not_here_sum_to_one(prior):
    index = Index.build([*REGISTER, SECOND, NAMESAKE])
    ranking = index.rank(ASKED, len(index))

    shares = ranking.probabilities(prior, len(index))[
        ranking.persons.first == np.arange(len(index))
    ]

    assert shares.sum() + ranking.absent(prior) == pytest.approx(1.0)


def test_an_empty_register_holds_no_person():
    ranking = Index().rank(KONSTANTIN, 20)

    assert ranking.persons.order.tolist() == ranking.persons.first.tolist() == []
    assert ranking.absent(0.3) == pytest.approx(1.0)


def test_others_who_fit_nearly_as_well_are_counted():
    assert as_good(np.array([12.0, 10.5, 9.5, 3.0])) == 2
    assert as_good(np.array([12.0, 10.5, 9.5, 3.0]), 3) == 3
    assert as_good(np.array([])) == 0


def test_doubt_is_measured_in_bits():
    assert doubt([0.5, 0.5]) == pytest.approx(1.0)
    assert doubt([0.25]) == pytest.approx(0.8113, abs=1e-4)
    assert doubt([1.0]) == 0
    assert doubt([]) == 0


def test_one_look_tells_the_candidates_and_how_likely_nobody_is():
    index = Index.build(REGISTER)
    ranking = index.rank(ASKED, 20)

    found = ranking.candidates(0.3, len(index))

    assert found == index.candidates(ASKED, top=20, prior=0.3)
    assert all(fsum(x.bits for x in each.evidence) == each.bits for each in found)
    persons = {each.person: each.probability for each in found}
    assert sum(persons.values()) + ranking.absent(0.3) == pytest.approx(1.0)


def test_the_fact_that_tells_namesakes_apart_is_worth_asking_for():
    twins = [
        replace(KONSTANTIN, id=f"T{born}", born=born, service_no="", mother_name="")
        for born in ("1968-02-03", "1974-05-21", "1979-11-17", "1983-08-09", "1990-12-30")
    ]
    index = Index.build([*REGISTER[1:], *twins])
    asked = sought(surname="Буйничев", given="Константин", patronymic="Олегович")
    ranking = index.rank(asked, 10)

    gains = worth_asking(
        ranking.found,
        ranking.probabilities(0.9, len(index)),
        index.frequencies.parts,
        index.frequencies,
    )

    assert gains[0].field == "born"
    assert gains[0].doubt > gains[0].bits > 1.0
    assert "patronymic" not in [x.field for x in gains]  # the enquiry holds it
    assert [x.bits for x in gains] == sorted([x.bits for x in gains], reverse=True)


def test_nothing_is_worth_asking_when_nobody_fits():
    index = Index.build(REGISTER)
    ranking = index.rank(sought(surname="Тверитинов", given="Остап", born="1955-05-05"), 10)
    shares = ranking.probabilities(0.02, len(index))

    gains = worth_asking(ranking.found, shares, index.frequencies.parts, index.frequencies)

    assert all(x.bits <= x.doubt for x in gains)
    assert sum(x.bits for x in gains) < 0.2


def test_the_same_register_has_not_drifted():
    parts = Index.build(REGISTER).frequencies.parts

    found = drift(spread_of(parts), spread_of(parts))

    assert {x.field for x in found} >= {"surname", "born", "unit"}
    assert all(x.index == 0 and not x.drifted for x in found)
    assert found[0].sentence.startswith("The register looks")


def test_a_register_that_turned_to_another_script_has_drifted():
    other = [replace(x, surname="Ivanov", born="1961") for x in REGISTER]

    found = drift(
        spread_of(Index.build(REGISTER).frequencies.parts),
        spread_of(Index.build(other).frequencies.parts),
    )

    assert {x.field for x in found if x.drifted} == {"surname", "born"}
    assert "anew" in found[0].sentence


def test_where_nothing_was_learned_nothing_drifts():
    assert drift({}, spread_of(Index.build(REGISTER).frequencies.parts)) == []
    assert spread_of([]) == {}
