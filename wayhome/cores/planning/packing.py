"""From counts to names: every family of a day in a vehicle, with an escort, a bed and a way out.

Counts say that there are seats enough, and escorts enough of each kind. Whether families of two
and three fit into vehicles of five is another matter. Who does not fit is tried by the exact model
of the days around, and if that too finds nothing, travels on another day, which the plan tells.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from .counting import Counted, Counts
from .greedy import Promised, fill, keep, most_urgent_first
from .ledger import Ledger
from .naming import MOST_CHOICES, Naming, size_of
from .problem import Escort, Family, Route, Vehicle
from .searching import Limits, Watch

AROUND = timedelta(days=1)  # how far the exact model looks about a day that does not fit


def packed(
    counts: Counts, counted: Counted, promised: Promised, limits: Limits, watch: Watch
) -> tuple[Ledger, tuple[str, ...]]:
    """A plan with the days of the counts, and the families that had to be given another day."""
    ledger = Ledger(counts.choices)
    keep(ledger, {code: one for code, one in promised.items()
                  if counted.days.get(code) == one.day})  # fmt: skip
    for day in ledger.problem.days:
        _set_out(ledger, counts, counted, day)
        _seat(ledger, _of_day(ledger, counted, day), day)
    left = [code for code in counted.days if code not in ledger.placed]
    for day in sorted({counted.days[code] for code in left}):
        _pack_again(ledger, counted, day, limits, watch)
    fill(ledger, most_urgent_first(ledger.problem))
    moved = [code for code, day in counted.days.items() if ledger.days.get(code) != day]
    return ledger, tuple(moved)


def _set_out(ledger: Ledger, counts: Counts, counted: Counted, day: date) -> None:
    """Open the convoys that were counted, by vehicles and escorts who are free and rested.

    Large vehicles and escorts who suit most families come first, and go together.
    """
    for code, seats in sorted(_each(counted.convoys, day), key=lambda one: (-one[1], one[0])):
        route = ledger.problem.route[code]
        vehicle = _vehicle(ledger, day, route, seats)
        escort = _escort(ledger, counts, counted, day, route)
        if vehicle and escort:
            ledger.open_convoy(day, vehicle, route, escort)


def _each(counted: Mapping[tuple[date, str, int], int], day: date) -> list[tuple[str, int]]:
    """What was counted for a day, one by one."""
    return [key[1:] for key, number in counted.items() if key[0] == day for _ in range(number)]


def _vehicle(ledger: Ledger, day: date, route: Route, seats: int) -> Vehicle | None:
    under_way = ledger.convoys.get(day, {})
    for one in ledger.problem.vehicles:
        is_it = one.region == route.region and one.seats == seats and one.id not in under_way
        if is_it and day in one.days and not ledger.choices.closed("vehicle", one.id, day):
            return one
    return None


def _escort(
    ledger: Ledger, counts: Counts, counted: Counted, day: date, route: Route
) -> Escort | None:
    """One of the kinds that were counted for the region; of them who has rested longest."""
    here = Counter(n for region, n in _each(counted.escorts, day) if region == route.region)
    here.subtract(counts.kind_of[one.escort.id] for one in ledger.convoys.get(day, {}).values()
                  if one.route.region == route.region)  # fmt: skip
    able = [
        one
        for one in ledger.problem.escorts
        if here[counts.kind_of[one.id]] > 0
        and counts.is_free(one, day)
        and ledger.can_serve(one, day, route)
    ]

    def best(one: Escort) -> tuple[int, date, str]:
        suited = len(list(counts.kinds)[counts.kind_of[one.id]].suited)
        return (-suited, _last_duty(ledger, one.id, day), one.id)

    return min(able, key=best, default=None)


def _last_duty(ledger: Ledger, escort: str, day: date) -> date:
    return max((one for one in ledger.duties[escort] if one < day), default=date.min)


def _of_day(ledger: Ledger, counted: Counted, day: date) -> list[Family]:
    return [
        ledger.problem.family[code]
        for code, on in counted.days.items()
        if on == day and code not in ledger.placed
    ]


def _seat(ledger: Ledger, families: list[Family], day: date) -> None:
    """Those whom fewest escorts suit first, and large families before small ones."""

    def hardest(one: Family) -> tuple[int, int, str]:
        choice = ledger.choices.of(one, day)
        return (len(choice.escorts) if choice else 0, -one.size, one.id)

    families = sorted(families, key=hardest)
    for family in families:
        ledger.place(family, day)
    ledger.drop_empty(day)
    for family in families:
        if family.id not in ledger.placed:
            ledger.place(family, day)


def _pack_again(ledger: Ledger, counted: Counted, day: date, limits: Limits, watch: Watch) -> None:
    """Pack a day and its neighbours anew, exactly, each family on its day."""
    near = {code: on for code, on in counted.days.items()
            if abs(on - day) <= AROUND and ledger.days.get(code, on) == on}  # fmt: skip
    out = [ledger.take_out(code) for code in near if code in ledger.placed]
    days_of = {code: [on] for code, on in near.items()}
    if size_of(ledger, days_of) <= MOST_CHOICES:
        found, _ = Naming(ledger, days_of).solve(limits, watch, {})
        if len(found) > len(out):
            out = found
    for one in out:
        ledger.enter(one)
