"""What may be written, and what a review takes out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.bureau.contact import rules
from wayhome.bureau.contact.rules import HoldReason, LetterKind, LetterState

TODAY = date(2022, 5, 3)
WRITTEN = st.sampled_from([LetterKind.LETTER, LetterKind.CARD])
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=rules.LONGEST_CARD)


@given(kind=WRITTEN, text=WORDS.filter(str.strip), already=st.integers(0, 1000))
def test_no_number_of_letters_is_too_many(kind, text, already):
    """The floor of GC III 71: nothing that counts letters can refuse one, for nothing counts."""
    for _ in range(min(already, 7)):  # two letters and four cards, and one more
        assert rules.why_not_write(kind=kind, text=text, name="Аглая", address="Садовая") == []


@given(text=st.text(st.sampled_from("абв .!?…\n\"»«'"), max_size=60))
def test_passages_put_together_are_the_text(text):
    assert "".join(rules.passages_of(text)) == text


@given(data=st.data(), text=st.text(st.sampled_from("абвгд .!?\n"), min_size=1, max_size=80))
def test_what_is_blacked_out_is_gone_and_the_rest_stays(data, text):
    parts = rules.passages_of(text)
    out = data.draw(st.frozensets(st.integers(0, len(parts) - 1)))

    left = rules.blacked_out(text, out)

    assert left.count(rules.BLACK) == len(out)
    kept = [part for place, part in enumerate(parts) if place not in out]
    assert "".join(left.split(rules.BLACK)).split() == _words(kept, parts, out)


def _words(kept, parts, out):
    spaced = [
        part if place not in out else part[len(part.rstrip()) :] for place, part in enumerate(parts)
    ]
    return "".join(spaced).split()


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Мы в колонии №5", True),
        ("we are in camp no. 12 now", True),
        ("табір 4", True),
        ("49.8397, 24.0297", True),
        ("50° северной широты", True),
        ("49.84 24.03", True),
        ("49°50′23″ пн.ш. 24°01′47″", True),
        ("49 50 23 N, 24 01 47 E", True),
        ("N49 50.382 E024 01.782", True),
        ("37U DQ 12345 67890", True),
        ("8GX5RX+2Q", True),
        ("Ш 49.83 Д 24.02", True),
        ("широта 49.8, долгота 24.0", True),
        ("X=5412345 Y=7312345", True),
        ("квадрат 4512", True),
        ("в лагере номер пять", True),
        ("мы в пятом лагере", True),
        ("5-м лагере", True),
        ("сьомий табір", True),
        ("В'ЯЗНИЦЯ № 8", True),
        ("ИК-7", True),
        ("ІК 12", True),
        ("СІЗО №1", True),
        ("барак 12", True),
        ("камера 214", True),
        ("в/ч А1234", True),
        ("полевая почта 12345", True),
        ("colony seventeen", True),
        ("the third block", True),
        ("госпиталь 408", True),
        ("Мне 25 лет, ноги целы", False),
        ("Поцелуй Аню 3 раза", False),
        ("в 1999 году", False),
        ("День рождения 3.05.2001 помню", False),
        ("Пенсия 14 500 рублей пришла?", False),
        ("Корм по 12,50, температура 38,5", False),
        ("Телефон соседки 89101234567", False),
        ("Лагерная смена у сына как прошла?", False),
        ("Садовая, 3, кв. 12", False),
        ("У нас 5 детей и 2 коровы", False),
    ],
)
def test_a_position_in_a_text_is_seen(text, tells):
    assert rules.tells_a_position(text) is tells


@pytest.mark.parametrize(
    ("reason", "days", "codes"),
    [
        (HoldReason.PLACE, 7, []),
        ("discipline", 7, ["letter.reason"]),
        (HoldReason.PLACE, 0, ["letter.until"]),
        (HoldReason.PLACE, 31, ["letter.until"]),
        ("", None, ["letter.reason", "letter.until"]),
    ],
)
def test_a_letter_is_held_for_a_listed_reason_until_a_day_soon(reason, days, codes):
    until = None if days is None else TODAY + timedelta(days=days)

    refusals = rules.why_not_hold(reason=reason, until=until, today=TODAY)

    assert [refusal.code for refusal in refusals] == codes


def test_every_state_has_its_name_and_what_may_follow():
    assert set(rules.MAY_FOLLOW) == set(rules.STATE_NAMES) == set(LetterState)
    assert set(rules.HOLD_REASONS) == set(HoldReason)
    for ended in (LetterState.DELIVERED, LetterState.TAKEN_BACK):
        assert not rules.MAY_FOLLOW[ended]
