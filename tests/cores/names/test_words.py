import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayhome.cores.names import looking
from wayhome.cores.names.growing import are_tied
from wayhome.cores.names.reading import read
from wayhome.cores.names.spelling import Tie, spelling, tie
from wayhome.cores.names.words import GrowingWords, WordIndex

from .spellings import READ, invented

BYTES_FOR_A_WORD = 100  # of these two in five are Latin, with many readings; of real ones fewer


def ties_of(index, asked):
    """What an index says of all its words, in the order of their numbers."""
    view = index.look(*asked)
    assert (np.diff(view.ids) > 0).all()
    assert view.ids.dtype == np.int32
    ties = np.full(len(index), Tie.DIFFERS if spelling(*asked).folded else Tie.UNKNOWN, np.uint8)
    ties[view.ids] = view.ties
    return ties.tolist()[1:]


def plain_ties(index, asked):
    words = [index.text(number) for number in range(1, len(index))]
    return [tie(spelling(*asked), spelling(*word)) for word in words]


def grown(words):
    index = GrowingWords()
    return index, [index.add(*word) for word in words]


def built(words):
    index, numbers = WordIndex.build([x for x, _ in words], [y for _, y in words])
    return index, numbers.tolist()


BOTH = pytest.mark.parametrize("made", [built, grown])


@pytest.mark.slow
@BOTH
@given(st.lists(READ, max_size=12), st.lists(READ, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_words_are_tied_as_the_plain_rule_ties_them(made, words, asked):
    index, numbers = made(words)

    for word in [*asked, *words[:3]]:
        assert ties_of(index, word) == plain_ties(index, word)
    assert [index.find(*word) for word in words] == numbers


@pytest.mark.slow
@BOTH
def test_thousands_of_spellings_are_tied_as_the_plain_rule_ties_them(made):
    words = invented(1500, seed=2)
    index, _ = made([(word, "") for word in words])
    seen: dict[Tie, int] = {}

    for word in [*words[:60:2], *invented(1500, seed=3)[-25:]]:
        found, plain = ties_of(index, (word, "")), plain_ties(index, (word, ""))
        assert found == plain
        for one in plain:
            seen[one] = seen.get(one, 0) + 1

    print({one.name: count for one, count in sorted(seen.items())}, sum(seen.values()), "compared")
    assert set(seen) >= set(Tie) - {Tie.UNKNOWN}


@pytest.mark.slow
def test_two_words_are_tied_as_the_plain_rule_ties_them():
    words = [x for x in invented(400, seed=2) if spelling(x).folded]
    tied = 0

    for one in words[::3]:
        for other in words:
            plain = tie(spelling(one), spelling(other))
            assert are_tied(read(one), read(other)) == (plain != Tie.DIFFERS)
            tied += plain != Tie.DIFFERS

    assert tied > 500


@BOTH
def test_a_word_has_one_number_however_often_it_comes(made):
    index, numbers = made([("Буйничев", ""), ("буйничев ", ""), ("Костя", ""), ("БУЙНИЧЕВ", "")])

    assert len(set(numbers)) == 2
    assert len(index) == 3
    assert index.find("буйничев") == numbers[0]
    assert index.text(numbers[0]) == ("буйничев", "")
    assert index.find("Буйнов") == -1


@BOTH
def test_what_cannot_be_read_is_number_nought_and_tied_to_nothing(made):
    index, numbers = made([("--", ""), ("", ""), ("Иван", ""), (" , ", "")])

    assert numbers[:2] == [0, 0]
    assert numbers[3] == 0
    assert index.find("?") == 0
    assert not len(index.look("").ids)
    assert index.look("Иван").ids.tolist() == [numbers[2]]


@BOTH
def test_a_word_typed_on_the_wrong_keyboard_is_kept_with_both_readings(made):
    index, (number,) = made([("<eqybxtd", "буйничев")])

    assert index.text(number) == ("<eqybxtd", "буйничев")
    assert index.find("<eqybxtd", "буйничев") == number
    assert index.look("Buinichev").ties.tolist() == [Tie.TRANSLIT]


@BOTH
def test_an_index_of_nothing_answers_nothing(made):
    index, numbers = made([])

    assert len(index) == 1
    assert not numbers
    assert not len(index.look("Буйничев").ids)
    assert index.find("Буйничев") == -1


def test_words_that_sound_alike_have_neighbouring_numbers():
    index, _ = built([(x, "") for x in ("Щукин", "Буйничев", "Shchukin", "Аннов", "Bujniczew")])

    texts = [index.text(number)[0] for number in range(1, len(index))]

    assert texts == ["shchukin", "щукин", "аннов", "bujniczew", "буйничев"]


def test_an_index_lies_in_files_and_is_read_where_it_lies(tmp_path):
    index, _ = built([(x, "") for x in invented(300, seed=4)])
    for name, array in index.arrays.items():
        np.save(tmp_path / name, array)

    mapped = WordIndex.of({x.stem: np.load(x, mmap_mode="r") for x in tmp_path.iterdir()})

    for word in ("Буйничев", "Саша", "И.", "Zhambalov"):
        assert ties_of(mapped, (word, "")) == ties_of(index, (word, ""))


def test_a_word_costs_few_bytes():
    index, _ = built([(x, "") for x in invented(12_000, seed=5)])

    size = sum(array.nbytes for array in index.arrays.values())

    assert size / len(index) < BYTES_FOR_A_WORD


def test_what_was_near_is_remembered_and_forgotten_when_there_is_no_room(monkeypatch):
    monkeypatch.setattr(looking, "KEPT_SOUNDS", 1 << 8)
    monkeypatch.setattr(looking, "KEPT_STRINGS", 1 << 6)
    index, _ = built([(word, "") for word in invented(600, seed=5)])
    fresh, _ = built([(word, "") for word in invented(600, seed=5)])

    for word in invented(150, seed=6) * 2:
        fresh._desks.clear()
        assert ties_of(index, (word, "")) == ties_of(fresh, (word, ""))


def test_many_threads_may_ask_at_once():
    from concurrent.futures import ThreadPoolExecutor

    words = invented(800, seed=6)
    index, _ = built([(x, "") for x in words])
    alone = [index.look(x).ties.tolist() for x in words[:100]]

    with ThreadPoolExecutor(4) as threads:
        together = [x.ties.tolist() for x in threads.map(index.look, words[:100])]

    assert together == alone
