from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.lib.dates import DateUnreadable, PartialDate, Said, display, parse, read_date

TODAY = date(2022, 5, 1)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1999-01-14", "1999-01-14"),
        ("14.01.1999", "1999-01-14"),
        ("14/01/99", "1999-01-14"),
        ("01.05.22", "2022-05-01"),
        ("02.05.22", "1922-05-02"),
        ("1999", "1999"),
        ("1999 р.", "1999"),
        ("1999 г.р.", "1999"),
        ("1999 р.н.", "1999"),
        ("10.1993", "1993-10"),
        ("весна 2001", "2001-21"),
        ("навесні 2001", "2001-21"),
        ("spring 2001", "2001-21"),
        ("зимой 2001 г.", "2001-24"),
        ("около 20", "2002~"),
        ("близько 20 років", "2002~"),
        ("about 20", "2002~"),
        ("20 лет", "2002~"),
        ("около 1999 года", "1999~"),
        ("14 января 1999", "1999-01-14"),
        ("14 січня 1999 р.", "1999-01-14"),
        ("14 January 1999", "1999-01-14"),
        ("January 14, 1999", "1999-01-14"),
        ("листопад 1999", "1999-11"),
        ("1999-01-14 00:00:00", "1999-01-14"),
        ("../1999", "1999"),
        ("??.??.1999", "1999"),
        ("00.00.1999", "1999"),
        ("хх/хх/1999", "1999"),
        ("14.??.1999", "1999"),
        ("--.05.1999", "1999-05"),
        ("00.05.1999", "1999-05"),
        ("__ мая 1999 г.", "1999-05"),
        ("1999-05-??", "1999-05"),
        ("1999-00-00", "1999"),
        ("н/д 1999", "1999"),
        ("точно не помню, 1999", "1999"),
        ("день невідомий, 1999", "1999"),
        ("невідомо, травень 1999 р.", "1999-05"),
        (36174, "1999-01-14"),
        (1999.0, "1999"),
        (date(1999, 1, 14), "1999-01-14"),
        (datetime(1999, 1, 14, 12), "1999-01-14"),
        ("", ""),
        ("—", ""),
    ],
)
def test_a_date_is_read_as_people_write_it(typed, kept):
    assert str(parse(typed, today=TODAY)) == kept


@pytest.mark.parametrize("typed", ["31.02.1999", "31.02.99", "1999-02-31", "01.13.1999"])
def test_a_day_that_never_was_is_told_apart(typed):
    with pytest.raises(DateUnreadable, match="no such day"):
        parse(typed, today=TODAY)


@pytest.mark.parametrize("typed", ["невідомо!!", "45", "мабуть", -5, float("nan"), "14 січня"])
def test_what_is_no_date_is_told_apart(typed):
    with pytest.raises(DateUnreadable, match="not a date"):
        parse(typed, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("невідомо", Said.UNKNOWN), ("Неизвестно.", Said.UNKNOWN), ("unknown", Said.UNKNOWN),
     ("відмовився", Said.DECLINED), ("отказался", Said.DECLINED), ("declined", Said.DECLINED)],
)  # fmt: skip
def test_an_answer_that_is_no_date_is_kept_as_what_it_is(typed, said):
    assert parse(typed, today=TODAY) == PartialDate(said=said)


@given(st.dates(date(1923, 1, 1), TODAY))
def test_with_two_digits_of_the_year_nobody_is_born_in_the_future(born):
    assert parse(f"{born:%d.%m.%y}", today=TODAY).latest() <= TODAY
    assert parse(f"{born:%d.%m.%Y}", today=TODAY).earliest() == born


@given(st.text(max_size=30) | st.floats() | st.integers())
def test_any_text_or_number_is_a_date_or_refused(value):
    try:
        read = parse(value, today=TODAY)
    except DateUnreadable:
        return
    assert not read.known or read.earliest() <= read.latest()
    assert all(display(read, language) for language in ("uk", "ru", "en"))


def test_a_partial_date_spans_every_day_that_can_be_meant():
    assert PartialDate("2000-02").latest() == date(2000, 2, 29)
    assert (PartialDate("2001-21").earliest(), PartialDate("2001-21").latest()) == (
        date(2001, 3, 1),
        date(2001, 5, 31),
    )
    assert (PartialDate("2002~").earliest(), PartialDate("2002~").latest()) == (
        date(2000, 1, 1),
        date(2004, 12, 31),
    )
    assert PartialDate("").earliest() is None


def test_a_date_is_shown_in_each_language():
    shown = [display(PartialDate("1999-01-14"), language) for language in ("uk", "ru", "en")]

    assert shown == ["14 січня 1999 р.", "14 января 1999 г.", "14 January 1999"]
    assert display(PartialDate("2002~"), "en") == "about 2002"
    assert display(PartialDate("2001-21"), "uk") == "весна 2001 р."


def test_a_form_learns_that_a_date_cannot_be_read():
    assert read_date("мабуть навесні") is None
    assert str(read_date("3.05.1999")) == "1999-05-03"
