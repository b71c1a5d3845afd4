import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.cores.names.marks import (
    MarkTie,
    RankTie,
    read_number,
    read_rank,
    read_unit,
    tie_marks,
    tie_ranks,
)


@pytest.mark.parametrize(
    ("one", "other", "tie"),
    [
        ("в/ч 74577", "войсковая часть 74577", MarkTie.EXACT),
        ("в/ч 74577", "74577", MarkTie.EXACT),
        ("75 отбр", "75-я отбр", MarkTie.EXACT),
        ("75 отбр", "75 бригада", MarkTie.SAME_DIGITS),
        ("75 отбр", "75-я отдельная танковая бригада", MarkTie.EXACT),
        ("75 отбр", "75 окрема танкова бригада", MarkTie.EXACT),
        ("75 отбр", "75th tank brigade", MarkTie.EXACT),
        ("2 мсд", "2nd motor rifle division", MarkTie.EXACT),
        ("2 мсд", "2-га мотострілецька дивізія", MarkTie.EXACT),
        ("15 мсп", "15-й гв. мотострелковый полк", MarkTie.EXACT),
        ("155 обрмп", "155 бригада морской пехоты", MarkTie.EXACT),
        ("155 обрмп", "155th marine brigade", MarkTie.EXACT),
        ("11 одшбр", "11 десантно-штурмовая бригада", MarkTie.EXACT),
        ("331 пдп", "331-й парашютно-десантный полк", MarkTie.EXACT),
        ("36 мсп ТерО", "36 мотострелковый полк территориальной обороны", MarkTie.EXACT),
        ("36 мсп ТерО", "36 мсп", MarkTie.SAME_DIGITS),
        ("1 мсб 114 омсбр", "114 омсбр", MarkTie.EXACT),
        ("114 омсбр, 1 мсб", "114 омсбр", MarkTie.EXACT),
        ("2-й батальон 488 мсп", "488 мсп", MarkTie.EXACT),
        ("1 взвод 2 роты 3 батальона 488-го мсп", "488 мсп", MarkTie.EXACT),
        ("15 мсп 2 мсд", "15 мсп", MarkTie.EXACT),
        ("2 мсд 15 мсп", "15 мсп", MarkTie.EXACT),
        ("2nd battalion, 75th tank brigade", "75 отбр", MarkTie.EXACT),
        ("75 отбр (в/ч 74577)", "в/ч 74577", MarkTie.EXACT),
        ("в/ч 74577", "в/ч 74578", MarkTie.ONE_SLIP),
        ("в/ч 74577", "75 отбр", MarkTie.OTHER_KIND),
        ("75 отбр", "12 мсд", MarkTie.DIFFERS),
        ("", "75 отбр", MarkTie.UNKNOWN),
        ("?!", "75 отбр", MarkTie.UNKNOWN),
    ],
)
def test_units_are_compared_in_one_form(one, other, tie):
    assert tie_marks(read_unit(one), read_unit(other)) == tie


@pytest.mark.parametrize(
    ("one", "other", "tie"),
    [
        ("АЕ-480674", "AE 480674", MarkTie.EXACT),
        ("АЕ-480674", "АЖ-480674", MarkTie.SAME_DIGITS),
        ("АЕ-480674", "АЕ-48074", MarkTie.ONE_SLIP),
        ("АЕ-480674", "ПР-111111", MarkTie.DIFFERS),
        ("АЕ-48О674", "АЕ-480674", MarkTie.EXACT),
        ("АЕ-480674", "АЕ-480647", MarkTie.ONE_SLIP),
    ],
)
def test_service_numbers_survive_a_slip(one, other, tie):
    assert tie_marks(read_number(one), read_number(other)) == tie


_NUMBERS = st.text("0123456789оОoбз3lIіАЕн етßИ-/.№", max_size=12) | st.text(max_size=90)


@given(_NUMBERS)
def test_a_number_as_it_is_kept_is_read_as_itself(text):
    once = read_number(text)

    assert read_number(once.text) == once


@pytest.mark.parametrize(
    ("text", "kept"), [("0бб", "066"), ("н-е-т", ""), ("1оо1", "1001"), ("ß" * 80, "s" * 80)]
)
def test_letters_among_digits_are_digits_and_no_number_is_longer_than_what_is_read(text, kept):
    assert read_number(text).text == kept


@pytest.mark.parametrize(
    ("one", "other", "tie"),
    [
        ("рядовой", "ряд.", RankTie.EXACT),
        ("ст. с-т", "старший сержант", RankTie.EXACT),
        ("сержант", "младший сержант", RankTie.ONE_STEP),
        ("рядовой", "полковник", RankTie.DIFFERS),
        ("рядовой", "солдат", RankTie.EXACT),
        ("ryadovoy", "рядовий", RankTie.EXACT),
        ("старший солдат", "yefreytor", RankTie.EXACT),
        ("serzhant", "Sgt.", RankTie.EXACT),
        ("гв. ст. л-т запаса", "first lieutenant", RankTie.EXACT),
        ("капітан 3 рангу", "майор юстиции", RankTie.EXACT),
        ("штаб-сержант", "старшина", RankTie.EXACT),
        ("pidpolkovnyk", "п/п-к", RankTie.EXACT),
        ("прапор", "прапорщик", RankTie.EXACT),
        ("рядовому", "рядовой", RankTie.EXACT),
        ("рядовим", "солдата", RankTie.EXACT),
        ("сержанта", "сержант", RankTie.EXACT),
        ("мл. сержанту", "младшего сержанта", RankTie.EXACT),
        ("старшим лейтенантом", "Oberleutnant", RankTie.EXACT),
        ("старшине", "Oberfeldwebel", RankTie.EXACT),
        ("Feldwebel", "старший сержант", RankTie.EXACT),
        ("Gefreiter", "ефрейтора", RankTie.EXACT),
        ("Hauptmann", "kapitan", RankTie.EXACT),
        ("podpułkownik", "підполковника", RankTie.EXACT),
        ("Oberst", "полковником", RankTie.EXACT),
        ("мобилизованный", "рядовой", RankTie.UNKNOWN),
        ("рядовой", "шаман", RankTie.UNKNOWN),
    ],
)
def test_ranks_are_compared_by_steps(one, other, tie):
    assert tie_ranks(read_rank(one), read_rank(other)) == tie
