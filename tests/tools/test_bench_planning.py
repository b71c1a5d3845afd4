from tools.bench_planning import HEADING, measured, table
from wayhome.cores.planning import Limits


def test_each_way_of_planning_has_a_row_and_none_undercuts_its_bound():
    rows = measured((8, 6, 2), 1, Limits(effort=0.1), Limits(effort=0.1))

    assert [one.what for one in rows] == [
        "first come, first served",
        "greedy",
        "improved",
        "planned anew",
    ]
    assert all(one.bound is None or one.bound <= one.waiting for one in rows)
    assert rows[2].waiting <= rows[1].waiting
    assert rows[3].kept.endswith(" at most")
    assert len(table(rows).splitlines()) == 2 + len(rows)
    assert all(len(one.cells()) == len(HEADING) for one in rows)
