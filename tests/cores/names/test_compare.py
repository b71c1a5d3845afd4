from dataclasses import replace
from math import fsum, isfinite

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wayhome.cores.names import RULES, Frequencies, Index, compare
from wayhome.cores.names.compare import OTHER_FIELDS

from .people import DESCRIPTIONS, KONSTANTIN, REGISTER, sought

INDEX = Index.build(REGISTER)


def evidence_of(field, sought_as, found):
    pieces = compare(sought_as, found, INDEX.frequencies)
    return next(x for x in pieces if x.field == field)


@pytest.mark.slow
@given(DESCRIPTIONS, DESCRIPTIONS)
@settings(max_examples=60, deadline=None)
def test_any_two_descriptions_give_finite_evidence_by_listed_rules(one, other):
    for frequencies in (INDEX.frequencies, Frequencies()):
        for piece in compare(one, other, frequencies):
            assert isfinite(piece.bits)
            assert piece.rule in RULES
            assert piece.verdict != "agrees" or piece.bits >= 0
            assert piece.verdict != "disagrees" or piece.bits <= 0
            assert piece.verdict != "unknown" or piece.bits == 0


@given(DESCRIPTIONS)
@settings(max_examples=30, deadline=None)
def test_silence_weighs_nothing(description):
    pieces = compare(description, sought(), INDEX.frequencies)

    assert all(x.bits == 0 for x in pieces if x.field not in ("order", "others"))


@pytest.mark.slow
@given(DESCRIPTIONS, st.sampled_from(["surname", "given", "patronymic", *OTHER_FIELDS[:5]]))
@settings(max_examples=60, deadline=None)
def test_one_more_field_that_agrees_never_speaks_against_him(description, field):
    description = replace(description, full_name="", **{field: ""})
    told = replace(description, **{field: getattr(KONSTANTIN, field)})

    pieces = compare(description, KONSTANTIN, INDEX.frequencies)
    assume(all(x.rule != "order.swapped" for x in pieces))  # or what it fits is what told him
    before = fsum(x.bits for x in pieces)
    after = fsum(x.bits for x in compare(told, KONSTANTIN, INDEX.frequencies))

    assert after >= before - 1e-9


def test_case_and_spaces_say_nothing():
    shouted = replace(
        KONSTANTIN,
        id="E1",
        **{x: f"  {getattr(KONSTANTIN, x).upper()} " for x in ("surname", "given", "birthplace")},
    )

    bits = [x.bits for x in compare(shouted, KONSTANTIN, INDEX.frequencies)]

    assert bits == [x.bits for x in compare(KONSTANTIN, KONSTANTIN, INDEX.frequencies)]


def test_a_rare_surname_weighs_more_than_a_common_one():
    rare = evidence_of("surname", sought(surname="Буйничев"), KONSTANTIN)
    common = evidence_of("surname", sought(surname="Иванов"), REGISTER[1])

    assert rare.bits > common.bits > 0


def test_the_sides_of_the_evidence_come_out_right_when_swapped():
    asked = sought(surname="Buinichev", born="1999")

    straight = compare(asked, KONSTANTIN, INDEX.frequencies)
    swapped = compare(KONSTANTIN, asked, INDEX.frequencies, swap=True)

    assert straight[0].sought == swapped[0].found == "buinichev"
    assert [x.bits for x in straight] == [x.bits for x in swapped]


@pytest.mark.parametrize(
    ("fields", "field", "rule"),
    [
        ({"surname": "Buinichev"}, "surname", "surname.translit.icao"),
        ({"surname": "Bujnitschew"}, "surname", "surname.translit.german"),
        ({"given": "Konstantin"}, "given", "given.translit"),
        ({"surname": "Буйничева"}, "surname", "surname.form"),
        ({"surname": "Буйничеву"}, "surname", "surname.form"),
        ({"surname": "Буйнечев"}, "surname", "surname.confused"),
        ({"surname": "Буйзичев"}, "surname", "surname.one_slip"),
        ({"surname": "Буйничев-Орлов"}, "surname", "surname.part"),
        ({"surname": "Буйнич"}, "surname", "surname.two_slips"),
        ({"surname": "Орлов"}, "surname", "surname.differs"),
        ({"given": "Костя"}, "given", "given.diminutive"),
        ({"given": "Kostiantyn"}, "given", "given.language"),
        ({"given": "Костянтин"}, "given", "given.language"),
        ({"given": "К."}, "given", "given.initial"),
        ({"patronymic": "О."}, "patronymic", "patronymic.initial"),
        ({"patronymic": "Олегівна"}, "patronymic", "patronymic.language"),
        ({"born": "1999-10-41"}, "born", "dob.year_agrees_only"),
        ({"born": "1999-01-15"}, "born", "dob.one_digit"),
        ({"birthplace": "г. Вологда"}, "birthplace", "birthplace.exact"),
        ({"mother_name": "Олена Петрівна"}, "mother_given", "mother_given.language"),
    ],
)
def test_each_rule_is_named(fields, field, rule):
    assert evidence_of(field, sought(**fields), KONSTANTIN).rule == rule


def test_an_old_name_of_a_place_is_told_as_such():
    found = replace(KONSTANTIN, birthplace="г. Екатеринбург")

    rule = evidence_of("birthplace", sought(birthplace="Свердловск"), found).rule

    assert rule == "birthplace.renamed"
