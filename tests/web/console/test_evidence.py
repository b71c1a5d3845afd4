import pytest

from tests.factories import CaptiveFactory
from wayhome.bureau.staff.disclosure import shown
from wayhome.web.console.evidence import side_by_side


@pytest.mark.django_db
def test_what_weighs_nothing_and_stands_on_neither_record_is_left_out():
    captive = shown(CaptiveFactory(), "file")
    evidence = [
        ["surname", "agrees", "surname.exact", 0.01],
        ["order", "disagrees", "order.unsure", -0.003],
        ["together", "disagrees", "together.common", -0.4],
        ["others", "agrees", "others.nobody_like_him", 0.04],
    ]

    rows = side_by_side(evidence, captive, captive, "en")

    assert [row.bits for row in rows] == [0.01, -0.4]
