import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayhome.cores.names import machine
from wayhome.cores.names.letters import CYRILLIC_ROADS, LATIN_ROADS, TIDY, changed
from wayhome.cores.names.machine import Writer
from wayhome.cores.names.reading import as_kept, read, read_all
from wayhome.cores.names.records import record
from wayhome.cores.names.spelling import spelling

from .spellings import READ, invented

STEPS = (
    ({"szcz": "S", "sz": "s", "z": "", "a": "aa"},),
    ((re.compile(r"(.)\1+"), r"\1"), {"ts": "c"}),
    ((re.compile(r"(?<=[aeiou])s(?=[aeiou])"), "z"), (re.compile(r"^s|e$"), "")),
    ((re.compile(r"(a|ab)(c|bcd)?(?<!d)x*?y"), r"<\2\1>"),),
    ((re.compile(r"(?<=[a-c]{2})[^a-c]+$"), ""),),
    ((re.compile(r"(?!b)[abc].{1,2}|b{2,}"), "-"),),
)


def by_machine(steps, word):
    writer = Writer(steps, [])
    first, last = writer.steps(steps)
    letters = np.array([*map(ord, word)], np.uint32)
    text, new = np.zeros((2, machine.ROOM * len(word) + 64), np.uint32)
    text[: len(word)] = letters
    memory = machine.registers(len(word))
    size = machine.changed(writer.image(), first, last, text, len(word), new, memory)
    return "".join(map(chr, text[:size]))


@pytest.mark.slow
@pytest.mark.parametrize("steps", STEPS)
@given(word=st.text("abcdestxyz", max_size=12))
@settings(max_examples=100, deadline=None)
def test_the_machine_changes_words_as_the_plain_steps_do(steps, word):
    assert by_machine(steps, word) == changed(word, steps)


@pytest.mark.slow
@pytest.mark.parametrize("road", [*LATIN_ROADS, *CYRILLIC_ROADS], ids=lambda x: x.name)
def test_the_machine_goes_every_road(road):
    for word in map(as_kept, invented(150, seed=7)):
        assert by_machine((*road.steps, *TIDY), word) == changed(changed(word, road.steps), TIDY)


@pytest.mark.parametrize(
    "pattern",
    [r"a*", r"(?i)a", r"\w+", r"\bа", r"(?<!ab)c", r"(?P<x>a)(?(x)b|c)", r"(a*)*b", r"a\Z|\Ab"],
)
def test_what_the_machine_does_not_know_it_refuses(pattern):
    with pytest.raises(ValueError, match=r".+"):
        Writer([(re.compile(pattern), "")], []).steps([(re.compile(pattern), "")])


@pytest.mark.slow
@given(READ)
@settings(max_examples=400, deadline=None)
def test_any_word_is_read_as_the_plain_rule_reads_it(word):
    assert read(*word).tolist() == record(spelling(*word)).tolist()


@pytest.mark.slow
def test_thousands_of_words_are_read_as_the_plain_rule_reads_them():
    words = sorted({(as_kept(x), "") for x in invented(4000, seed=8)})

    records = read_all(words)

    for number, word in enumerate(words):
        start, end = records.starts[number : number + 2]
        assert records.numbers[start:end].tolist() == record(spelling(*word)).tolist()
    assert len(records.starts) == len(words) + 1


@pytest.mark.parametrize(
    "word", ["а-" * 40, "щ" * 90, "ß" * 90, "Иван " * 30, "ﷺ" * 80, "x" * 3000, "w" * 80]
)
def test_endless_words_are_read_as_the_plain_rule_reads_them(word):
    assert read(word).tolist() == record(spelling(word)).tolist()
