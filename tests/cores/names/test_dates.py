import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.cores.names.dates import Born, BornTie, BornVocabulary, read_born, tie_born

BORN = st.builds(
    Born,
    year=st.integers(1960, 2005),
    month=st.integers(1, 12),
    day=st.integers(1, 28),
    about=st.just(False),
) | st.builds(Born, year=st.integers(1960, 2005), month=st.integers(0, 12), about=st.booleans())


@pytest.mark.parametrize(
    ("one", "other", "tie"),
    [
        ("1999-01-14", "1999-01-14", BornTie.EXACT),
        ("1999-01-12", "1999-12-01", BornTie.DAY_MONTH_SWAPPED),
        ("1999-01-14", "1989-01-14", BornTie.YEAR_OFF),
        ("1999-01-14", "1999-05-14", BornTie.ONE_DIGIT),
        ("1999-01-14", "1999-01-20", BornTie.DAYS_OFF),
        ("1999-01", "1999-01-14", BornTie.SAME_MONTH),
        ("1999", "1999-01-14", BornTie.SAME_YEAR),
        ("1999~", "2001-01-14", BornTie.ABOUT),
        ("1999~", "2005-01-14", BornTie.DIFFERS),
        ("2001-21", "2001-04-02", BornTie.SAME_YEAR),
        ("1998", "1999-01-14", BornTie.NEXT_YEAR),
        ("14.01.1999", "1999-01-14", BornTie.EXACT),
        ("1999-14-01", "1999-01-14", BornTie.EXACT),
        ("", "1999-01-14", BornTie.UNKNOWN),
        ("soon", "1999-01-14", BornTie.UNKNOWN),
    ],
)
def test_two_dates_of_birth_are_tied_by_the_closest_rule(one, other, tie):
    assert tie_born(read_born(one), read_born(other)) == tie


@pytest.mark.slow
@given(BORN, st.lists(BORN, max_size=20))
def test_the_fast_dates_agree_with_the_plain_ones(asked, held):
    vocabulary = BornVocabulary()
    numbers = [vocabulary.add(x) for x in held]

    ties = vocabulary.ties(asked)

    assert [ties[x] for x in numbers] == [tie_born(asked, x) for x in held]


@pytest.mark.slow
@given(BORN, BORN)
def test_dates_are_tied_the_same_from_both_sides(one, other):
    assert tie_born(one, other) == tie_born(other, one)
