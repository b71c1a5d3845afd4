"""Two values are tied alike whichever of them is asked for.

What a tie weighs is another matter: that is counted for the value asked for. And the words of a
name asked for are shared out in several ways, while those of a card stand as they are; so whole
names are not compared here.
"""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayhome.cores.names import Frequencies, compare
from wayhome.cores.names.compare import NAME_FIELDS, OTHER_FIELDS
from wayhome.cores.names.dates import Born, BornTie, read_born, tie_born
from wayhome.cores.names.marks import (
    LADDER,
    MarkTie,
    RankTie,
    read_number,
    read_rank,
    read_unit,
    tie_marks,
    tie_ranks,
)
from wayhome.cores.names.near_dates import packed, tie_dates
from wayhome.cores.names.persons import Description, read
from wayhome.cores.names.places import RENAMED
from wayhome.cores.names.roads import ROADS, spelled
from wayhome.cores.names.rules import kind_of_rule
from wayhome.cores.names.spelling import Spelling, Tie, slips_allowed, spelling, tie
from wayhome.cores.trials import slips
from wayhome.cores.trials.persons import world

from .people import DESCRIPTIONS
from .test_zoo import ZOO

MANY = settings(max_examples=400, deadline=None)
SLIPPED = {Tie.TYPO1, Tie.TYPO2, Tie.TYPO3}
TRIALS = world()
_HAND = random.Random(1)
_CYRILLIC = "абвгґдеєёжзиіїйклмнопрстуўфхцчшщъыьэюяәғқңөұүһ"
WORDS = st.one_of(
    st.sampled_from(sorted({word for row in ZOO for word in row[1:3]})),
    st.sampled_from([*TRIALS.surnames.russian[::40], *TRIALS.surnames.ukrainian[::40]]),
    st.sampled_from([*TRIALS.men.russian, *TRIALS.women.ukrainian]),
    st.sampled_from([name for several in TRIALS.short for name in several]),
    st.builds(spelled, st.sampled_from(TRIALS.surnames.russian[::40]), st.sampled_from([*ROADS])),
    st.text(_CYRILLIC, max_size=12),
    st.text("abcdefghijklmnopqrstuvwxyzäçéğłñöőšżý'", max_size=12),
    st.text(max_size=8),
)


@st.composite
def near(draw, values):
    """A value, and another: itself, one near to it, a part of it, or any."""
    one = draw(values)
    hand = random.Random(draw(st.integers(0, 1 << 16)))
    other = draw(
        st.one_of(
            st.sampled_from([slips.typo, slips.typo2, slips.phonetic, slips.truncated, slips.digit])
            .map(lambda slip: slip(one, hand) if len(one) > 2 else one),
            st.sampled_from([one, one[:1], one[:4], f"{one}-{one[::-1]}", one.upper()]),
            values,
        )
    )  # fmt: skip
    return one, other


def may_differ(one: Spelling, other: Spelling) -> bool:
    """Whether the two sides may disagree about slips.

    A word may hold so many as its own sounds allow, and it is those of the word asked for that
    count: with those of both, every near word of a register would have to be measured twice.
    """
    allowed = {slips_allowed(len(x)) for word in (one, other) for x in word.near}
    return len(allowed) > 1


def held_alike(there: Tie, back: Tie, one: Spelling, other: Spelling) -> bool:
    """Whether ties from both sides are the same, or only the longer word could hold the slips."""
    if there == back:
        return True
    if not may_differ(one, other) or not SLIPPED & {there, back}:
        return False
    closer, further = (one, other) if there < back else (other, one)
    return max(map(len, closer.near)) > min(map(len, further.near))


@pytest.mark.slow
@given(near(WORDS))
@MANY
def test_two_words_are_tied_alike_from_both_sides(words):
    one, other = map(spelling, words)

    assert held_alike(tie(one, other), tie(other, one), one, other)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Костя", "Константин", Tie.DIMINUTIVE),
        ("К.", "Константин", Tie.INITIAL),
        ("Конст", "Константин", Tie.PREFIX),
        ("Орлов", "Орлов-Петров", Tie.PART),
        ("Буйничева", "Буйничев", Tie.FORM),
        ("Кравца", "Кравець", Tie.LIKELY),
        ("Микола", "Николай", Tie.LANGUAGE),
        ("Bujnitschew", "Буйничев", Tie.TRANSLIT),
    ],
)
def test_what_is_less_on_one_side_is_tied_by_the_same_rule(one, other, found):
    assert tie(spelling(one), spelling(other)) == found
    assert tie(spelling(other), spelling(one)) == found


PLACES = st.one_of(
    st.sampled_from(sorted({*TRIALS.places.russian, *TRIALS.places.ukrainian})),
    st.sampled_from(sorted({*RENAMED, *RENAMED.values()})),
    st.builds("г. {}, {} обл.".format, st.sampled_from(TRIALS.places.russian), WORDS),
    WORDS,
)


@pytest.mark.slow
@given(near(PLACES))
@MANY
def test_two_places_are_tied_alike_from_both_sides(places):
    one, other = (read(Description("X", birthplace=x)).birthplace for x in places)

    assert held_alike(tie(one, other), tie(other, one), one, other)


NUMBERS = st.one_of(
    st.from_regex(r"[А-Я]{2}-[0-9]{6}", fullmatch=True),
    st.from_regex(r"[0-9]{2,7}", fullmatch=True),
    st.text("АВКМ0123456789-", max_size=8),
)
UNITS = st.one_of(
    st.sampled_from(TRIALS.units),
    st.builds(
        "{} {}".format, st.integers(1, 130), st.sampled_from(["отбр", "омсбр", "полк", "ТЦК"])
    ),
    st.builds("в/ч {}".format, st.integers(1, 99999)),
    st.text(max_size=12),
)


@pytest.mark.slow
@given(near(NUMBERS), near(UNITS))
@MANY
def test_two_marks_are_tied_alike_from_both_sides(numbers, units):
    for one, other in (map(read_number, numbers), map(read_unit, units)):
        assert tie_marks(one, other) == tie_marks(other, one)


@pytest.mark.parametrize("read_mark", [read_number, read_unit])
def test_a_lost_digit_is_a_slip_on_whichever_side_it_was_lost(read_mark):
    short, long, another = map(read_mark, ("1234", "12345", "1235"))

    assert tie_marks(short, long) == tie_marks(long, short) == MarkTie.ONE_SLIP
    assert tie_marks(short, another) == tie_marks(another, short) == MarkTie.DIFFERS


DATES = st.one_of(
    st.builds(
        Born, st.integers(1985, 2008), st.integers(0, 12), st.just(0), st.sampled_from([0, 0, 1, 5])
    ),
    st.dates().map(lambda x: Born(x.year, x.month, x.day)),
    st.builds(Born, st.integers(1998, 2002), st.integers(1, 12), st.integers(1, 28)),
    st.text(max_size=10).map(read_born),
)


@pytest.mark.slow
@given(DATES, DATES)
@MANY
def test_two_dates_are_tied_alike_from_both_sides(one, other):
    assert tie_born(one, other) == tie_born(other, one)
    assert tie_dates(packed(one), packed(other)) == tie_dates(packed(other), packed(one))
    assert tie_born(one, one) in (BornTie.UNKNOWN, BornTie.ABOUT) or tie_born(one, one)


def test_any_two_ranks_are_tied_alike_from_both_sides():
    steps = [read_rank(names.split("|")[0]) for names in LADDER]
    for one in (0, *steps):
        for other in (0, *steps):
            assert tie_ranks(one, other) == tie_ranks(other, one)
            assert (tie_ranks(one, other) == RankTie.EXACT) == (one == other > 0)


@pytest.mark.slow
@given(DESCRIPTIONS, DESCRIPTIONS)
@settings(max_examples=150, deadline=None)
def test_the_evidence_of_two_descriptions_names_the_same_rules_from_both_sides(one, other):
    there, back = ({x.field: x for x in compare(*both, Frequencies())}
                   for both in ((one, other), (other, one)))  # fmt: skip
    ours, theirs = read(one), read(other)

    for field in OTHER_FIELDS:
        values = getattr(ours, field), getattr(theirs, field)
        if isinstance(values[0], Spelling) and may_differ(*values):
            continue
        assert there[field].rule == back[field].rule
        assert there[field].verdict == back[field].verdict
        assert (there[field].sought, there[field].found) == (back[field].found, back[field].sought)


@pytest.mark.slow
@given(near(WORDS), st.sampled_from(NAME_FIELDS))
@MANY
def test_the_evidence_of_a_word_names_the_same_rule_from_both_sides(words, field):
    # Of several words it is asked in which order they stand.
    one, other = (Description("X", **{field: x.replace(" ", "")}) for x in words)
    ours, theirs = (getattr(read(x).names[0], field) for x in (one, other))

    there, back = ({x.field: x for x in compare(*both, Frequencies())}
                   for both in ((one, other), (other, one)))  # fmt: skip

    if not may_differ(ours, theirs) and "order" not in {*there, *back}:
        assert kind_of_rule(there[field].rule) == kind_of_rule(back[field].rule)
        assert there[field].rule == back[field].rule
