import itertools
import random
from dataclasses import replace
from math import fsum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.browser import by_thirds
from wayhome.cores.names import Description, Index, candidates
from wayhome.cores.names.persons import NOTHING, read_quickly
from wayhome.cores.names.together import known_so

from .drawn import drawn_description, drawn_register, drawn_weights
from .people import DESCRIPTIONS, KONSTANTIN, REGISTER, sought
from .plain.index import Index as PlainIndex

INDEX = Index.build(REGISTER)
PLAIN = PlainIndex.build(REGISTER)
SINGLE = [f"{x}{y}" for x in "тсхпф" for y in ("ов", "ин", "енко", "ский")]  # endings of names

# What was written | who is meant: the hard names, each of which must find him first.
ZOO = {
    "ICAO passport": {"surname": "BUINICHEV", "given": "KONSTANTIN"},
    "German press": {"surname": "Bujnitschew", "given": "Konstantin"},
    "Polish press": {"surname": "Bujniczew", "given": "Konstantin", "patronymic": "Olegowicz"},
    "French press": {"surname": "Bouïnitchev", "given": "Konstantine"},
    "by ear": {"surname": "Bujnichov", "given": "Konstantyn"},
    "Ukrainian": {"surname": "Буйнічев", "given": "Костянтин", "patronymic": "Олегович"},
    "Ukrainian passport": {"surname": "Buinichev", "given": "Kostiantyn"},
    "tender": {"surname": "Буйничев", "given": "Костя"},
    "tender in Latin": {"surname": "Buinychev", "given": "Kostik"},
    "order swapped": {"surname": "Константин", "given": "Буйничев"},
    "one line": {"full_name": "Буйничев Константин Олегович"},
    "one line, given name first": {"full_name": "Константин Олегович Буйничев"},
    "one line in capitals": {"full_name": "BUINICHEV KONSTANTIN OLEGOVICH"},
    "initials": {"surname": "Буйничев", "given": "К.", "patronymic": "О."},
    "initials in one line": {"full_name": "Буйничев К.О."},
    "genitive": {"surname": "Буйничева", "given": "Константина", "patronymic": "Олеговича"},
    "dative": {"surname": "Буйничеву", "given": "Константину", "patronymic": "Олеговичу"},
    "look-alike letters": {"surname": "Бyйничeв", "given": "Koнcтaнтин"},
    "keyboard on Latin": {"surname": "<eqybxtd", "given": "Rjycnfynby"},
    "two slips": {"surname": "Буйнечов", "given": "Констатин"},
    "cut short": {"surname": "Буйни", "given": "Константин", "born": "1999"},
    "day first": {"surname": "Буйничев", "born": "1999-14-01"},
    "surname changed": {"given": "Константин", "surname": "Орлов", "born": "1999-01-14"},
    "mother alone": {"mother_name": "Буйничева Елена Петровна", "born": "1999"},
    "service number with a slip": {"service_no": "АЕ-480647", "given": "Костя"},
}


@pytest.mark.parametrize("written", ZOO.values(), ids=ZOO.keys())
def test_he_is_found_first_however_his_name_is_written(written):
    assert INDEX.candidates(sought(**written), top=3)[0].id == KONSTANTIN.id


def test_the_evidence_sums_to_the_bits_exactly():
    for found in INDEX.candidates(sought(**ZOO["by ear"], born="1999")):
        assert fsum(x.bits for x in found.evidence) == found.bits


def same_best(index, plain, asked, top):
    """Hold the best of an index against the full scan, whatever person they are ordered by."""
    ranking = index.rank(asked, top)
    bits = plain.bits(asked)
    rows = {plain.id_of(row): row for _, (row, _) in plain._held.items()}
    best = np.sort(bits[list(rows.values())])[::-1][:top]
    assert len(set(ranking.ids)) == len(ranking.ids) == len(best)
    alone = ranking.bits - ranking.found.others  # the same for all, whoever is best
    assert np.sort(alone)[::-1] == pytest.approx(best, abs=1e-9)
    assert alone == pytest.approx([bits[rows[x]] for x in ranking.ids], abs=1e-9)


@pytest.mark.slow
@given(DESCRIPTIONS)
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost_against_a_scan_of_every_row(asked):
    for top in (1, 10, 50):
        same_best(INDEX, PLAIN, asked, top)


@pytest.mark.slow
@by_thirds(0)
def test_nothing_is_lost_in_hundreds_of_registers_of_other_kinds():
    looked_up = 0
    for seed in range(400):
        draw = random.Random(seed)
        records = drawn_register(draw, draw.choice([1, 3, 30, 200]))
        weights = drawn_weights(draw)
        index = Index.build(records, weights=weights)
        plain = PlainIndex.build(records, weights=weights)
        for number in range(6):
            asked = drawn_description(draw, f"E{number}", out_of=records)
            same_best(index, plain, asked, draw.choice([1, 5, 50]))
            looked_up += 1
    assert looked_up == 2400


@pytest.mark.slow
@by_thirds(1)
def test_nothing_is_lost_while_cards_come_and_go():
    for seed in range(40):
        draw = random.Random(seed)
        records, weights = drawn_register(draw, 60), drawn_weights(draw)
        index = Index.build(records[:30], weights=weights)
        plain = PlainIndex.build(records[:30], weights=weights)
        for card in records[30:]:
            index.add(card)
            plain.add(card)
            gone = draw.choice(records).id
            if draw.random() < 0.4:
                index.remove(gone)
                plain.remove(gone)
            same_best(index, plain, drawn_description(draw, "E", out_of=records), 10)
        assert len(index) == len(plain)


@pytest.mark.slow
@given(DESCRIPTIONS, st.floats(1e-6, 1 - 1e-6))
@settings(max_examples=30, deadline=None)
def test_probabilities_sum_to_at_most_one(asked, prior):
    found = INDEX.candidates(asked, top=500, prior=prior)

    assert 0 <= fsum(x.probability for x in found if x.id == x.person) <= 1 + 1e-9
    assert [x.rank for x in found] == list(range(1, len(REGISTER) + 1))
    assert all(a.probability >= b.probability for a, b in itertools.pairwise(found))


def test_two_namesakes_share_the_probability():
    he, other = (
        replace(KONSTANTIN, id=f"C{year}", born=f"{year}-01-14", unit="", service_no="")
        for year in (1980, 1991)
    )
    index = Index.build([*REGISTER[1:], he, other])
    asked = sought(surname="Буйничев", given="Константин", patronymic="Олегович")

    first, second = index.candidates(asked, top=2, prior=0.7)

    assert first.probability == pytest.approx(second.probability)
    assert first.probability < 0.5


def test_names_in_each_others_place_are_no_rarer_than_in_their_own():
    drawn = drawn_register(random.Random(3), 4000)
    straight = [Description(id=f"S{x}", surname="Кузнецов", given="Степан") for x in range(200)]
    swapped = Description(id="T", surname="Степан", given="Кузнецов")
    index = Index.build([*drawn, *straight, swapped])

    asked = sought(surname="Кузнецов", given="Степан")
    best = [x.id for x in index.candidates(asked, top=100)]

    assert set(best) <= {x.id for x in straight}


@pytest.mark.parametrize("column", ["surname", "given"])
def test_a_register_of_single_names_says_nothing_of_their_order(column):
    words = [f"{a}{b}{c}" for a in "БВГДЖЗКЛМН" for b in ("ара", "уло", "ине") for c in SINGLE]
    index = Index.build(Description(id=x, **{column: x}) for x in words)

    best, *_ = index.candidates(Description(id="", **{column: "Barassoff"}), top=2)

    assert best.id == "Барасов"
    assert {x.field: x.bits for x in best.evidence}["order"] > -0.5


def test_only_words_that_stand_in_another_order_are_told_to():
    (straight,) = INDEX.candidates(sought(surname="Буйничев", given="Константин"), top=1)
    (swapped,) = INDEX.candidates(sought(surname="Константин", given="Буйничев"), top=1)

    assert straight.id == swapped.id == "C1"
    assert "order.swapped" not in {x.rule for x in straight.evidence}
    assert "order.swapped" in {x.rule for x in swapped.evidence}


def test_whether_anybody_else_is_like_him_is_told_of_all_alike():
    many = drawn_register(random.Random(4), 12_000)
    rare = Description(id="R", surname="Тверитинов", given="Прохор", patronymic="Лукич")
    index = Index.build([*many, rare])

    def others(surname, given, patronymic):
        asked = sought(surname=surname, given=given, patronymic=patronymic)
        best = index.candidates(asked, top=5)
        pieces = [next((y for y in x.evidence if y.field == "others"), None) for x in best]
        assert len({x and x.bits for x in pieces}) == 1
        return pieces[0]

    alike = others("Тверитинов", "Прохор", "Лукич")
    assert (alike.rule, alike.verdict) == ("others.like_him", "disagrees")
    assert alike.bits < -3
    alone = others("Щербаненко", "Варлам", "Савватеевич")
    assert (alone.rule, alone.verdict) == ("others.nobody_like_him", "agrees")
    assert 0 < alone.bits < 1.2


def test_a_misspelt_name_goes_together_with_others_as_the_one_that_is_meant():
    cards = [
        Description(id=f"R{number}", surname=surname, given="Рамазан")
        for number, surname in enumerate(["Магомедов"] * 3 + ["Магомедева"] * 2 + ["Иванов"] * 4)
    ]
    index = Index.build(cards[:5])
    for card in cards[5:]:
        index.add(card)
    meant, slipped, given = map(read_quickly, ("Магомедов", "Магомндов", "Рамазан"))

    called = index.frequencies.called(slipped, given, NOTHING)

    assert called[0] == (known_so(0, slipped), known_so(0, meant))
    assert called[1:] == ((known_so(1, given), ()), ((), ()))


def test_a_stranger_is_probably_not_on_the_register():
    asked = sought(surname="Тверитинов", given="Остап", patronymic="Маркович", born="1955-05-05")

    assert fsum(x.probability for x in INDEX.candidates(asked)) < 0.02


def test_a_card_added_is_found_at_once_and_one_removed_never():
    index = Index.build(REGISTER)
    asked = sought(surname="Тверитинов")
    index.add(Description(id="C9", surname="Tveritinov"))
    assert index.candidates(asked, top=1)[0].id == "C9"

    index.remove("C9")

    assert "C9" not in {x.id for x in index.candidates(asked, top=1000)}
    assert len(index) == len(REGISTER)


def test_adding_the_same_id_replaces_the_card():
    index = Index.build(REGISTER)
    index.add(replace(KONSTANTIN, surname="Тверитинов"))

    assert len(index) == len(REGISTER)
    assert index.candidates(sought(surname="Тверитинов"), top=1)[0].id == KONSTANTIN.id


@pytest.mark.slow
def test_an_index_that_changed_weighs_like_one_built_anew():
    changed = Index.build(REGISTER)
    for card in REGISTER[5:20]:
        changed.remove(card.id)
    for card in REGISTER[10:20]:
        changed.add(card)
    anew = Index.build([*REGISTER[:5], *REGISTER[10:]])
    asked = sought(**ZOO["by ear"], born="1999")

    one, other = changed.candidates(asked, top=400), anew.candidates(asked, top=400)

    assert {x.id: round(x.bits, 9) for x in one} == {x.id: round(x.bits, 9) for x in other}


def test_a_place_is_what_more_cards_have_as_birthplace_than_as_name():
    village = [sought(id=f"V{x}", surname="Гусев", birthplace="Гусево") for x in range(3)]
    index = Index.build([*village, sought(id="V3", surname="Зимин", birthplace="Зимин")])

    assert index.is_place("Гусево")
    assert index.is_place("Husevo")
    assert not index.is_place("Зимин")
    assert not index.is_place("Неведомск")


@pytest.mark.parametrize("line", ["Неведомск {}", "{} Неведомск", "Неведомск {} Олегович"])
def test_a_word_that_is_in_no_name_costs_little(line):
    asked = sought(surname="", full_name=line.format("Буйничев Константин"))

    best = INDEX.candidates(asked, top=1)[0]
    said = {x.field: x for x in best.evidence}

    assert best.id == KONSTANTIN.id
    assert said["order"].rule == "order.left_out"
    assert said["surname"].bits > 0
    assert said["given"].bits > 0
    assert said["patronymic"].verdict != "disagrees"


def test_an_empty_index_has_no_candidates():
    assert Index().candidates(KONSTANTIN) == []
    assert candidates(Index(), KONSTANTIN) == []


def test_enquiries_can_be_held_and_a_new_card_looked_up():
    enquiries = Index.build([sought(surname="Bujnitschew", born="1999")])

    (found,) = candidates(enquiries, KONSTANTIN, swap=True)

    assert found.id == "E1"
    assert found.evidence[0].sought == "bujnitschew"
    assert found.evidence[0].found == "буйничев"


def test_progress_is_told_while_building():
    heard: list[int] = []

    Index.build((Description(id=str(x)) for x in range(2000)), progress=heard.append)

    assert heard == [1000, 2000]


@pytest.mark.parametrize("line", [",", " . ", "И.", "Буйничев " * 3000, "\0", "- - -"])
def test_any_line_for_a_name_is_read(line):
    assert len(INDEX.candidates(sought(full_name=line, surname=""), top=2)) == 2


def test_an_endless_name_does_not_hold_up_the_bureau():
    endless = "Буйничев" * 50_000

    found = INDEX.candidates(sought(surname=endless, unit=endless, service_no=endless), top=1)

    assert len(found) == 1


def test_a_prior_outside_zero_and_one_is_refused():
    with pytest.raises(ValueError, match="prior"):
        INDEX.candidates(KONSTANTIN, prior=1.5)


def test_a_record_left_out_takes_no_share_of_the_probability():
    twin = replace(KONSTANTIN, id="twin")
    index = Index.build([*REGISTER, twin])

    alone = index.candidates(KONSTANTIN, top=5, prior=0.5, but=KONSTANTIN.id)
    both = index.candidates(KONSTANTIN, top=5, prior=0.5)

    assert KONSTANTIN.id not in [one.id for one in alone]
    assert alone[0].id == "twin"
    assert alone[0].probability > 0.9
    assert both[0].probability == both[1].probability > 0.9
    assert sum(one.probability for one in alone) <= 1.0


@pytest.mark.parametrize("before", [[], [KONSTANTIN]])
def test_beside_the_only_record_there_is_nobody(before):
    index = Index.build(before)
    index.change([KONSTANTIN])

    assert index.candidates(KONSTANTIN, top=5, but=KONSTANTIN.id) == []
    assert index.rank(KONSTANTIN, 5, but=KONSTANTIN.id).absent(0.5) == 1.0
