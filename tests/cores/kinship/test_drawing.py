"""Pedigrees as pictures and in words."""

import json
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cores.kinship.families import families, twins_in
from wayhome.cores.kinship import Pedigree, Person, drawing, read_case
from wayhome.cores.kinship.drawing import Marks
from wayhome.cores.kinship.layout import Family, places

REFERENCE = Path(__file__).parent / "reference" / "cases"
SVG = "{http://www.w3.org/2000/svg}"
TRIO = Pedigree((Person("FA", "M"), Person("MO", "F"), Person("MP", "M", father="FA", mother="MO")))


def read(name):
    return read_case(json.loads((REFERENCE / f"{name}.json").read_text("utf-8")))


def shapes(svg, tag):
    return list(ElementTree.fromstring(svg).iter(f"{SVG}{tag}"))


def test_men_are_squares_and_women_circles_and_codes_stand_below():
    drawn = drawing.svg(TRIO)

    assert len(shapes(drawn, "circle")) == 1
    assert len(shapes(drawn, "rect")) == 1 + 2  # the paper, and two men
    assert [one.text for one in shapes(drawn, "text")] == ["FA", "MO", "MP"]


def test_each_mark_is_seen_without_colour_and_explained():
    drawn = drawing.svg(TRIO, ["MO"], ["MP"], ["FA"], asked=["MP"])

    words = [one.text for one in shapes(drawn, "text")]
    assert words[-4:] == ["typed", "missing", "dead", "place in question"]
    assert "?" in words
    assert "stroke-dasharray" in drawn


def test_a_picture_says_the_same_in_words():
    root = ElementTree.fromstring(drawing.svg(TRIO, ["MO"], title="A son"))

    assert root.get("role") == "img"
    assert root.get("aria-label") == "A son"
    said = root.find(f"{SVG}desc").text
    assert said == "FA (man) and MO (woman, typed) have the child MP (man)."


def test_twins_strangers_and_kin_are_told():
    persons = (
        *TRIO,
        Person("TW", "M", father="FA", mother="MO"),
        Person("SI", "F", father="FA", mother="MO"),
        Person("CH", "U", father="TW", mother="SI"),
        Person("X", "U"),
    )

    said = drawing.described(Pedigree(persons, (("MP", "TW"),)))

    assert "MP and TW are twins of one egg." in said
    assert "TW (man) and SI (woman), who are kin, have the child CH (sex unknown)." in said
    assert "X (sex unknown) is related to nobody here." in said


def test_a_code_is_text_and_never_markup():
    drawn = drawing.svg(Pedigree((Person("<b>&\"'", "M"),)), title='"><script>')

    assert [one.text for one in shapes(drawn, "text")] == ["<b>&\"'"]
    assert shapes(drawn, "script") == []


def test_what_xml_cannot_hold_is_left_out():
    drawn = drawing.svg(Pedigree((Person("A\x00\ud800", "M"),)), title="\x01")

    assert [one.text for one in shapes(drawn, "text")] == ["A\ufffd\ufffd"]


def test_whose_place_differs_between_hypotheses_is_marked():
    assert set(drawing.marks_of(read("k08-duo-father-onestep-o")).asked) == {"MP"}
    assert set(drawing.marks_of(read("k18-widow-two-children-o")).asked) == {"MP"}


def test_generations_follow_descent_and_partners_stand_side_by_side():
    layers = Family(read("k13-avuncular-o").hypotheses["H1"]).layers

    assert layers == {"GF": 0, "GM": 0, "UN": 1, "PA": 1, "MA": 1, "MP": 2}


def test_a_widow_who_married_again_stands_between_her_husbands():
    persons = (
        *TRIO,
        Person("WI", "F"),
        Person("H2", "M"),
        Person("C1", "M", father="MP", mother="WI"),
        Person("C2", "F", father="H2", mother="WI"),
    )

    layers = Family(Pedigree(persons)).layers

    assert (layers["MP"], layers["WI"], layers["H2"]) == (1, 1, 1)
    assert (layers["C1"], layers["C2"]) == (2, 2)


def test_generations_that_are_entangled_have_an_end():
    persons = (
        *(Person("A", "M"), Person("Z", "F"), Person("E", "F"), Person("Y", "M")),
        Person("P", "M", father="A", mother="Z"),
        Person("Q", "F", father="Y", mother="E"),
        Person("AQ", "M", father="A", mother="Q"),
        Person("PE", "M", father="P", mother="E"),
    )

    layers = Family(Pedigree(persons)).layers

    assert max(layers.values()) == 2


def test_two_large_families_that_marry_are_drawn_without_a_crossing():
    pedigree = read("k23-large-family-o").hypotheses["H1"]

    assert crossings(pedigree) == 0


def crossings(pedigree):
    """Pairs of lines from parents to a child that cross between two generations."""
    at, family = places(pedigree), Family(pedigree)
    lines = [
        ((at[father][0] + at[mother][0]) / 2, at[child][0], at[child][1])
        for (father, mother), born in family.children.items()
        for child in born
    ]
    return sum(
        one[2] == other[2] and (one[0] - other[0]) * (one[1] - other[1]) < 0
        for one, other in combinations(lines, 2)
    )


@pytest.mark.parametrize("file", sorted(REFERENCE.glob("*.json")), ids=lambda file: file.stem)
def test_every_reference_case_can_be_drawn(file):
    case = read(file.stem)

    drawn = drawing.of_case(case)

    words = [one.text for one in shapes(drawn, "text")]
    for pedigree in case.hypotheses.values():
        assert {one.id for one in pedigree} <= set(words)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_nobody_stands_upon_another_and_children_stand_below(data):
    persons = data.draw(families(most=9))
    twins = data.draw(twins_in(persons))
    pedigree = Pedigree(
        tuple(Person(p["id"], p["sex"], p["father"], p["mother"]) for p in persons),
        tuple(map(tuple, twins)),
    )

    at = places(pedigree)

    for (x, y), (other_x, other_y) in combinations(at.values(), 2):
        assert y != other_y or abs(x - other_x) > 0.999
    for one in pedigree:
        for parent in filter(None, (one.father, one.mother)):
            assert at[parent][1] < at[one.id][1]
    ElementTree.fromstring(drawing.sheet({"H": pedigree}, Marks(typed=[persons[0]["id"]]), "H"))


@pytest.mark.slow
def test_a_family_of_a_hundred_is_drawn_too():
    persons = [Person("F0", "M"), Person("M0", "F")]
    for n in range(1, 50):
        sex = "M" if n % 2 else "F"
        persons.append(Person(f"C{n}", sex, f"F{(n - 1) // 2}", f"M{(n - 1) // 2}"))
        theirs = {"M": (f"F{n}", f"M{n}")}.get(sex, (f"F{n}", f"M{n}"))
        persons[-1] = Person(theirs[0] if sex == "M" else theirs[1], sex,
                             persons[-1].father, persons[-1].mother)  # fmt: skip
        persons.append(Person(theirs[1] if sex == "M" else theirs[0], "F" if sex == "M" else "M"))

    at = places(Pedigree(tuple(persons)))

    assert len(at) == 100
