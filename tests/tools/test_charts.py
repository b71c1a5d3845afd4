from itertools import pairwise
from xml.etree import ElementTree

import pytest

from tools.charts import LEFT, LETTER_HEIGHT, RIGHT, WIDTH, Axis, Line, chart

SVG = "{http://www.w3.org/2000/svg}"
SIZES = (10_000, 100_000, 1_000_000)


def lines(count):
    return [Line(f"peer <{n}>", [(x, (n + 1) * x / 1e5) for x in SIZES]) for n in range(count)]


def test_lines_are_told_apart_without_colour():
    root = ElementTree.fromstring(chart("Time", "cards", "seconds", lines(6)))

    drawn = [
        x for x in root.iter(f"{SVG}path") if "L" in x.get("d", "") and x.get("d", "")[0] == "M"
    ]
    dashes = [x.get("stroke-dasharray") for x in drawn]
    assert len(set(dashes)) == len(dashes) == 6
    assert {x.get("stroke") for x in drawn} == {None}  # the ink of the whole picture


def test_the_numbers_are_told_in_words_and_axes_have_their_units():
    root = ElementTree.fromstring(chart("Time & memory", "cards", "seconds", lines(1)))

    told = root.findtext(f"{SVG}desc")
    texts = [x.text for x in root.iter(f"{SVG}text")]
    assert told == (
        "seconds against cards. peer <0>: 0.1 at 10,000, 1 at 100,000, 10 at 1 million."
    )
    assert {"Time & memory", "cards", "seconds", "10,000", "1 million", "peer <0>"} <= set(texts)


def test_names_of_lines_that_end_close_together_do_not_overlap():
    close = [Line(f"n{x}", [(10, 100 + x), (1000, 100 + x)]) for x in range(5)]

    root = ElementTree.fromstring(chart("", "x", "y", close))

    heights = sorted(
        float(x.get("y")) for x in root.iter(f"{SVG}text") if (x.text or "")[:1] == "n"
    )
    assert all(b - a >= LETTER_HEIGHT for a, b in pairwise(heights))


def test_ten_times_as_much_is_everywhere_as_far():
    axis = Axis.over([3, 70_000], 0, 500)

    assert (axis.low, axis.high) == (1, 100_000)
    assert axis.at(1000) - axis.at(100) == pytest.approx(axis.at(10) - axis.at(1)) == 100


@pytest.mark.parametrize("values", [[5.0], [1.0], [480.0, 1450.0], [0.3, 0.31], [9.9, 10.1]])
def test_a_short_axis_holds_its_values_between_two_ticks(values):
    axis = Axis.over(values, LEFT, WIDTH - LEFT - RIGHT)

    ticks = axis.ticks()
    assert ticks[0] <= min(values) * 1.001
    assert ticks[-1] >= max(values) * 0.999
    assert len(ticks) >= 2
    assert 0 < axis.at(values[0]) <= WIDTH
