"""What one more fact would decide: for staff, and never a reason to ask a family."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import CandidateFactory, CaptiveFactory, EnquiryFactory
from wayhome.bureau.enquiries import asking
from wayhome.bureau.matches.telling import FIELDS, entropy, tellings, what_would_tell

NOTHING = dict.fromkeys(FIELDS, "")


def man(share: float, **told: str) -> tuple[float, dict[str, str]]:
    return share, {**NOTHING, **told}


def test_between_two_namesakes_the_date_decides_and_a_shared_village_does_not():
    men = [
        man(0.45, born="1999-05-03", birthplace="Ветлуга", rank="рядовой"),
        man(0.45, born="1987-01-20", birthplace="Ветлуга", rank="сержант"),
    ]

    found = tellings(NOTHING, men)

    by_field = {each.field: each.bits for each in found}
    assert found[0].field == "born"
    assert by_field["born"] > 0.8
    assert by_field["born"] > by_field["rank"] > 0
    assert by_field["birthplace"] < by_field["rank"]  # it tells him from nobody, not from the other
    assert not {"unit", "service_no"} & by_field.keys()  # on no card


def test_what_the_enquiry_holds_is_not_asked_and_a_sure_case_lacks_nothing():
    men = [man(0.5, born="1999-05-03"), man(0.4, born="1987-01-20")]

    assert not tellings({**NOTHING, "born": "1999"}, men)
    assert not tellings(NOTHING, [man(1.0, born="1999-05-03")])
    assert not tellings(NOTHING, [])


@given(
    st.lists(
        st.tuples(
            st.floats(0, 1), st.dictionaries(st.sampled_from(FIELDS), st.sampled_from("абв"))
        ),
        max_size=6,
    )
)
def test_a_fact_never_adds_doubt_nor_takes_more_than_there_is(men):
    whole = max(1.0, sum(share for share, _ in men))

    for each in tellings(NOTHING, [man(share / whole, **told) for share, told in men]):
        assert 0 < each.bits <= each.doubt + 1e-9


def test_two_equal_shares_are_one_bit_of_doubt():
    assert entropy([0.5, 0.5]) == pytest.approx(1.0)
    assert entropy([0.2]) == 0
    assert entropy([]) == 0


@pytest.mark.django_db
def test_it_is_read_from_the_candidates_of_the_enquiry():
    enquiry = EnquiryFactory(born="", patronymic="")
    one, _other = (
        CandidateFactory(
            enquiry=enquiry, probability=0.4, rank=rank,
            captive=CaptiveFactory(born=born, patronymic="Ильич"),
        )
        for rank, born in ((1, "1999-05-03"), (2, "1987-01-20"))
    )  # fmt: skip

    first, *_ = what_would_tell(one)
    assert first.field == "born"


def test_asking_families_knows_nothing_of_it():
    """The subject that asks families stands below: it cannot even import what is known of a man."""
    tree = ast.parse(Path(asking.__file__).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert imported
    assert not [name for name in imported if "matches" in str(name) or "captives" in str(name)]
