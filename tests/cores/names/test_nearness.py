import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from tests.browser import by_thirds
from wayhome.cores.names.letters import readings
from wayhome.cores.names.nearness import near_of, ready, room_for
from wayhome.cores.names.strings import Strings, coded, distinct, near, order_of, strings

from .spellings import invented


def _letters(draw):
    """One to nine of four letters: so few that strings are near each other."""
    return "".join(draw.choices("abcd", k=draw.randint(1, 9)))


def near_by(texts, asked, most):
    """The strings at most so many slips away, with their distance."""
    of, alphabet = coded(strings(texts))
    made = ready(near(of, len(alphabet) + 1))
    text = coded(strings([asked]), alphabet)[0].letters.astype(of.letters.dtype)
    found, slips, count = near_of(made, text, most, room_for(made))
    pairs = zip(found[:count].tolist(), slips[:count].tolist(), strict=True)
    return {texts[number]: distance for number, distance in pairs}


def plain_near(texts, asked, most):
    return {x: far for x in texts if (far := OSA.distance(asked, x)) <= most}


@pytest.mark.slow
@by_thirds(0)
@given(st.integers(0, 2**64 - 1))
@settings(max_examples=500, deadline=None)
def test_no_near_string_is_missed_and_no_other_found(seed):
    draw = random.Random(seed)
    texts = {_letters(draw) for _ in range(draw.randint(1, 200))}
    asked = _letters(draw)

    for most in (1, 2, 3):
        if most == 1 or len(asked) >= 4:
            assert near_by(sorted(texts), asked, most) == plain_near(texts, asked, most)


@pytest.mark.slow
def test_near_spellings_of_names_are_found_among_thousands():
    sounds = sorted({x for word in invented(4000, seed=9) for x in readings(word)})
    count = 0

    for asked in sounds[::90]:
        most = 1 if len(asked) < 5 else 2 if len(asked) < 9 else 3
        found = near_by(sounds, asked, most)
        assert found == plain_near(sounds, asked, most)
        count += len(found)

    assert count > 1000


@pytest.mark.parametrize("most", [2, 3])
def test_letters_swapped_where_the_string_is_cut_are_found(most):
    asked = "abcdefghij"[: 8 if most == 2 else 10]
    swapped = [asked[:k] + asked[k + 1] + asked[k] + asked[k + 2 :] for k in range(len(asked) - 1)]
    texts = sorted({x[1:] + "z" * (most - 2) for x in swapped} | set(swapped) | filler(asked))

    assert near_by(texts, asked, most) == plain_near(texts, asked, most)


def filler(asked):
    """Strings enough for the tries to divide them."""
    return {asked[:k] + x + y + asked[k:] for k in range(len(asked)) for x in "xyz" for y in "uvw"}


@pytest.mark.parametrize("most", [1, 2, 3])
def test_letters_beyond_those_that_have_a_bit_of_their_own_are_told_apart(most):
    draw = random.Random(most)
    letters = "".join(map(chr, range(0x430, 0x430 + 60)))
    asked = "".join(draw.choices(letters[25:], k=9))
    places = range(len(asked))
    texts = {asked[:k] + x + asked[k + 1 :] for k in places for x in letters}
    texts |= {x[: k + 2] + x[k:] for x in draw.sample(sorted(texts), 200) for k in places}

    found = near_by(sorted(texts), asked, most)

    assert found == plain_near(texts, asked, most)
    assert len(found) > 500


def test_long_strings_are_measured_by_the_plain_rule():
    asked = "ab" * 40
    texts = sorted({asked, asked[1:], asked[:-2] + "ba", "b" * 80})

    assert near_by(texts, asked, 3) == plain_near(texts, asked, 3)


@given(st.lists(st.text("abящ\U0001f600", max_size=40), max_size=30))
@settings(deadline=None)
def test_strings_are_sorted_and_made_distinct(texts):
    of, alphabet = coded(strings(texts))

    found, numbers = distinct(of)

    plain = Strings(
        alphabet[found.letters.astype(int) - 1] if len(alphabet) else found.letters, found.starts
    ).texts()
    assert plain == sorted(set(texts))
    assert [plain[number] for number in numbers] == texts


@given(st.lists(st.text("ab", max_size=70), max_size=20))
@settings(deadline=None)
def test_strings_are_sorted_from_their_ends_too(texts):
    of = coded(strings(texts))[0]

    backwards = [texts[x][::-1] for x in order_of(of, backwards=True).tolist()]

    assert backwards == sorted(backwards)
    assert np.array_equal(np.sort(order_of(of)), np.arange(len(texts)))
