import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.cores.names.dates import Born, BornTie, BornVocabulary, read_born, tie_born, written

BORN = st.builds(
    Born,
    year=st.integers(1960, 2005),
    month=st.integers(1, 12),
    day=st.integers(1, 28),
    about=st.just(0),
) | st.builds(Born, year=st.integers(1960, 2005), month=st.integers(0, 12), about=st.integers(0, 7))


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
        ("199X", "1991-01-14", BornTie.ABOUT),
        ("199X", "1985-01-14", BornTie.DIFFERS),
        ("1998/2000", "2000-01-14", BornTie.ABOUT),
        ("1998/2000", "2001-01-14", BornTie.DIFFERS),
        ("30 лет в 2022", "1991-12-31", BornTie.ABOUT),
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


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("14.01.99", Born(1999, 1, 14)),
        ("14.01.09", Born(2009, 1, 14)),
        ("14/1/1999", Born(1999, 1, 14)),
        ("14 01 1999", Born(1999, 1, 14)),
        ("1999.01.14", Born(1999, 1, 14)),
        ("19990114", Born(1999, 1, 14)),
        ("14 января 1999 г.", Born(1999, 1, 14)),
        ("14 янв. 1999 года рождения", Born(1999, 1, 14)),
        ("14 січня 1999 р.н.", Born(1999, 1, 14)),
        ("14 студзеня 1999", Born(1999, 1, 14)),
        ("Jan 14, 1999", Born(1999, 1, 14)),
        ("14th of January 1999", Born(1999, 1, 14)),
        ("12-SEP-98", Born(1998, 9, 12)),
        ("14. Januar 1999", Born(1999, 1, 14)),
        ("14 janvier 1999", Born(1999, 1, 14)),
        ("14 stycznia 1999", Born(1999, 1, 14)),
        ("январь 1999", Born(1999, 1)),
        ("01.1999", Born(1999, 1)),
        ("1999-01-XX", Born(1999, 1)),
        ("1999-XX-14", Born(1999)),
        ("XX.XX.1999", Born(1999)),
        ("1975 г.р.", Born(1975)),
        ("1999-01-14?", Born(1999, 1, 14, 2)),
        ("около 1975", Born(1975, about=2)),
        ("19XX", Born()),
        ("1950/2000", Born()),
        ("30 лет", Born()),
        ("99", Born()),
        ("14011999", Born(1999, 1, 14)),
        ("19990000", Born(1999)),
        ("14771999", Born()),
        ("41600123", Born()),
        ("14,01,1999", Born(1999, 1, 14)),
        ("14.01.1999 0:00:00", Born(1999, 1, 14)),
        ("1999-01-14T00:00:00", Born(1999, 1, 14)),
        ("01/14/1999 12:00 AM", Born(1999, 1, 14)),
        ("г.р. 1999", Born(1999)),
        ("1999 г/р", Born(1999)),
        ("99 г.р.", Born(1999)),
        ("рожд. 14.01.1999", Born(1999, 1, 14)),
        ("дата народження: 14.01.1999", Born(1999, 1, 14)),
        ("born 14.01.1999", Born(1999, 1, 14)),
        ("geb. 14.01.1999", Born(1999, 1, 14)),
        ("ur. 14 stycznia 1999 r.", Born(1999, 1, 14)),
        ("14 қаңтар 1999", Born(1999, 1, 14)),
        ("1999 жылы 14 маусым", Born(1999, 6, 14)),
        ("[1998,1999]", Born(1999, about=1)),
        ("1998 или 1999", Born(1999, about=1)),
        ("1998 до 2000", Born(1999, about=1)),
        ("../1999", Born(1999)),
        ("??.??.1999", Born(1999)),
        ("00.00.1999", Born(1999)),
        ("xx/xx/1999", Born(1999)),
        ("хх.хх.99", Born(1999)),
        ("дд.мм.1999", Born(1999)),
        ("--.05.1999", Born(1999, 5)),
        ("_.05.1999", Born(1999, 5)),
        ("14.??.1999", Born(1999)),
        ("1999-05-??", Born(1999, 5)),
        ("__ __________ 1999 г.", Born(1999)),
        ("«14» мая 1999", Born(1999, 5, 14)),
        ("«__» мая 1999 г.", Born(1999, 5)),
        ("н/д 1999", Born(1999)),
        ("н/д.05.1999", Born(1999, 5)),
        ("точно не помню, 1999", Born(1999)),
        ("1999 (не пам'ятаю точно)", Born(1999)),
        ("день и месяц неизвестны, 1999", Born(1999)),
        ("день невідомий, травень 1999", Born(1999, 5)),
        ("exact date unknown, 1999", Born(1999)),
        ("??.??.????", Born()),
    ],
)
def test_a_date_is_read_however_it_is_written(text, born):
    assert read_born(text) == born


@pytest.mark.parametrize(
    ("text", "year"), [("30 лет", 1994), ("32 роки", 1992), ("aged 41", 1983), ("25", 1999)]
)
def test_an_age_is_a_year_give_or_take_one_when_told_of_which_year(text, year):
    assert read_born(text, 2024) == Born(year, about=1)


def test_an_age_about_which_nobody_is_sure_may_be_further_off():
    assert read_born("около 26 лет", 2026) == Born(2000, about=3)


@pytest.mark.slow
@given(BORN)
def test_what_is_written_is_read_again(born):
    if not born.about:
        assert read_born(written(born)) == born
    else:
        read = read_born(written(born))
        assert (read.year, read.about) == (born.year, born.about)


@pytest.mark.slow
@given(st.text(max_size=70))
def test_any_text_is_a_date_or_none(text):
    born = read_born(text, 2024)

    assert born == Born() or 900 < born.year < 10_000
