"""A zoo of hard names: field, what was sought, what was found, verdict, rule.

*same* is one name in another spelling, language, gender or case; *look-alike* may be a slip, a part
or an initial of the other, and may be somebody else's; *different* is another name. The verdicts
were given by people who know the names; the rule is the one that must be named.
"""

import csv
from pathlib import Path

import pytest

from wayhome.cores.names import Index, compare

from .people import REGISTER, sought

with (Path(__file__).parent / "zoo.csv").open(encoding="utf-8", newline="") as file:
    ZOO = [tuple(row.values()) for row in csv.DictReader(file)]
INDEX = Index.build(REGISTER)


def bits_and_rule(field: str, asked: str, held: str) -> tuple[float, str]:
    # The rest of the name agrees, so that nobody takes its words in another order.
    rest = {"surname": "Тверитинов", "given": "Остап"}
    one, other = (sought(**(rest | {field: word})) for word in (asked, held))
    pieces = compare(one, other, INDEX.frequencies)
    piece = next(x for x in pieces if x.field == field)
    return piece.bits, piece.rule


def test_there_are_hard_names_of_every_kind():
    verdicts = [row[3] for row in ZOO]

    assert len(ZOO) >= 300
    assert all(verdicts.count(x) >= 50 for x in ("same", "look-alike", "different"))


@pytest.mark.parametrize(("field", "asked", "held", "verdict", "rule"), ZOO)
def test_each_verdict_holds_by_its_rule_and_its_bits(field, asked, held, verdict, rule):
    bits, named = bits_and_rule(field, asked, held)

    assert named == rule
    if verdict == "same":
        assert bits > 1
    elif verdict == "different":
        assert bits < 0
    else:
        assert bits >= 0  # towards a name with few neighbours, a slip may weigh as much as the name


@pytest.mark.parametrize(("field", "asked", "held", "verdict", "rule"), ZOO[::7])
def test_a_verdict_is_the_same_from_both_sides(field, asked, held, verdict, rule):
    there, back = bits_and_rule(field, asked, held)[0], bits_and_rule(field, held, asked)[0]

    assert (there < 0) == (back < 0)
