import os
import signal
import subprocess
import sys
import time

import pytest

from wayhome.cores.names.workers import beside, workers


def by_whom(lot):
    return [(x, os.getpid()) for x in lot]


def refused(lot):
    raise ValueError(f"not {lot[0]}")


def killed(lot):
    os.kill(os.getpid(), signal.SIGKILL)


def test_results_come_in_order_and_a_lot_always_goes_to_the_same_process():
    lots, heard = [[1, 2], [3], [4], [5, 6, 7]], []

    with workers(2) as two:
        found = list(two.spread(lots, by_whom, lambda done, of: heard.append((done, of))))
        again = list(two.spread(lots, by_whom, lambda done, of: None))

    assert [x for x, _ in found] == [1, 2, 3, 4, 5, 6, 7]
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert again == found
    assert len({process for _, process in found}) == 2
    assert os.getpid() not in dict(found).values()


def test_what_a_worker_raises_is_raised_here():
    with workers(2) as two, pytest.raises(ValueError, match="not 7"):
        list(two.spread([[7]], refused, lambda done, of: None))


def test_a_worker_that_is_killed_stops_the_work_and_is_told():
    with workers(2) as two, pytest.raises(RuntimeError, match="ended before"):
        list(two.spread([[1], [2], [3]], killed, lambda done, of: None))


BUSY = """
import os
import time
from wayhome.cores.names.workers import beside, workers

def work(lot):
    os.write(1, b"begun\\n")  # whole, where another writes too
    time.sleep({seconds})
    return lot

result = beside(work, [0])
with workers(2) as two:
    list(two.spread([[1], [2], [3]], work, lambda done, of: None))
"""


@pytest.mark.slow
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("seconds", [0.1, 60])  # they hear of it when they answer, or before
def test_when_the_parent_is_ended_workers_end_soon_and_say_nothing(by, seconds):
    parent = subprocess.Popen(
        [sys.executable, "-c", BUSY.format(seconds=seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(3):
        assert parent.stdout.readline() == "begun\n"
    ended = time.monotonic()

    parent.send_signal(by)

    _, said = parent.communicate(timeout=30)  # until none of them is there to write
    assert time.monotonic() - ended < 5
    assert said == ""


def test_what_is_begun_beside_is_waited_for():
    mine, result = os.getpid(), beside(by_whom, [1, 2])

    (first, process), (second, _) = result()

    assert (first, second) == (1, 2)
    assert process != mine


def test_what_fails_beside_is_told_here():
    with pytest.raises(ValueError, match="not 7"):
        beside(refused, [7])()
    with pytest.raises(RuntimeError, match="ended before"):
        beside(killed, [7])()
