"""What was told of values is kept for a while, and let go without a trace in any answer."""

import numpy as np
import pytest

from wayhome.cores.names import Index, shelf
from wayhome.cores.names.shelf import Shelf

from .people import REGISTER, sought

TIES = 4


def put(on, key, codes):
    ties = np.ones(len(codes), np.uint8)
    return on.put(key, np.array(codes, np.int32), ties, np.arange(TIES, dtype=float))


def codes_at(on, slot):
    first, last = on.held.spans[slot]
    return on.held.codes[first:last].tolist()


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(shelf, "ROOM", 0)
    monkeypatch.setattr(shelf, "SLOTS", 3)


@pytest.mark.usefixtures("small")
def test_the_older_half_gives_way():
    held = Shelf(3, TIES)  # twelve values in a half
    slots = [put(held, x, [x, x + 1, x + 2]) for x in range(4)]

    assert [codes_at(held, x) for x in slots] == [[x, x + 1, x + 2] for x in range(4)]
    assert held.turned == 1
    assert [held.get(x) for x in range(4)] == slots

    put(held, 5, [1])
    put(held, 6, [1])
    put(held, 7, [1])

    assert held.turned == 2
    assert [held.get(x) for x in range(3)] == [-1, -1, -1]
    assert held.get(3) == slots[3]


@pytest.mark.usefixtures("small")
def test_a_half_is_full_when_its_values_do_not_fit():
    held = Shelf(2, TIES)  # eight values in a half

    put(held, "a", range(5))
    first = put(held, "b", range(5))

    assert held.turned == 1
    assert codes_at(held, first) == [*range(5)]
    assert held.room(1) == 3


def test_what_is_cleared_is_not_found():
    held = Shelf(10, TIES)
    put(held, "a", [1, 2])

    held.clear()

    assert held.get("a") == -1


def test_answers_do_not_depend_on_what_is_still_kept(monkeypatch):
    asked = [
        sought(surname=x.surname, given=y.given, patronymic=x.patronymic, born=y.born, unit=x.unit)
        for x, y in zip(REGISTER[:60], REGISTER[100:160], strict=True)
    ]
    roomy = Index.build(REGISTER)
    wanted = [roomy.rank(x, 20) for x in asked]
    monkeypatch.setattr(shelf, "ROOM", 0)
    monkeypatch.setattr(shelf, "SLOTS", 12)
    tight = Index.build(REGISTER)

    for one, ranking in zip(asked, wanted, strict=True):
        found = tight.rank(one, 20)
        assert found.ids == ranking.ids
        assert found.bits.tolist() == ranking.bits.tolist()
        assert found.odds == ranking.odds

    turned = tight.frequencies.parts[0].shelf.turned
    print("turned", turned)
    assert turned > 10
    assert roomy.frequencies.parts[0].shelf.turned == 0
