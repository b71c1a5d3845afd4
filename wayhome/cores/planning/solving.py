"""A plan: the greedy one at once, then the best that counts and names find within the limits."""

import time
from dataclasses import dataclass, replace
from datetime import date

from . import explaining
from .choices import Choices
from .counting import Counted, Counts
from .deciding import decided, most_promises, waiting
from .greedy import Promised, bring_forward, greedy, most_urgent_first
from .ledger import Ledger
from .linear import Program, Relaxed
from .mending import Mending
from .naming import Naming, size_of
from .packing import packed
from .plan import Plan
from .problem import Problem
from .searching import Limits, Progress, Watch

FOR_PROMISES = 0.25  # of the time and effort, where promises cannot all be kept
FOR_PACKING = 0.1
FOR_SEARCH = 0.8  # of the time since the beginning, when the clock decides
FOR_MENDING = 0.95
MENDING_STEPS = 500  # for each unit of effort, when it does not
MENDING_TOLD = 500  # steps between two words of progress
LONGEST_RELAXED = 60.0  # seconds; in practice one or two
MOST_NAMED = 5_000  # of names in a problem that is also solved exactly
DEFAULT_LIMITS, DEFAULT_WATCH = Limits(), Watch()


@dataclass(frozen=True)
class Found:
    """A plan before it is explained."""

    ledger: Ledger
    bound: int
    at_most: int
    method: str
    ended: str
    moved: tuple[str, ...] = ()

    def rank(self, promised: Promised) -> tuple[int, int]:
        """Less is better: first promises, then waiting."""
        return (-kept(self.ledger, promised), self.ledger.cost)


def plan_at_once(problem: Problem, promised: Promised | None = None) -> Plan:
    """A plan that keeps all rules, in moments, with a bound that is hardly one."""
    begun = time.perf_counter()
    found = _at_once(Choices(problem), promised or {})
    return _explained(found, promised or {}, begun)


def plan(
    problem: Problem,
    limits: Limits = DEFAULT_LIMITS,
    promised: Promised | None = None,
    watch: Watch = DEFAULT_WATCH,
) -> Plan:
    """The best plan found within the limits.

    With `promised`, the assignments of an earlier plan, as many of their days as can be are kept;
    among such plans the one with least waiting is sought. Whoever stops the search by the watch
    has the best plan so far.
    """
    promised = promised or {}
    begun = time.perf_counter()
    found = _at_once(Choices(problem), promised)
    if not watch.stop():
        found = _improved(found, limits, promised, watch, begun)
    return _explained(found, promised, begun)


def _at_once(choices: Choices, promised: Promised) -> Found:
    ledger = greedy(choices, promised)
    return Found(ledger, _alone(choices), _possible(choices, promised), "greedy", "none")


def _alone(choices: Choices) -> int:
    """What the plan would cost if each family had the world to itself."""
    problem = choices.problem
    first = {one.id: next(iter(choices.days(one)), None) for one in problem.families}
    return sum(problem.cost(one, first[one.id]) for one in problem.families)


def _possible(choices: Choices, promised: Promised) -> int:
    family = choices.problem.family
    return sum(choices.of(family[code], one.day) is not None for code, one in promised.items())


def kept(ledger: Ledger, promised: Promised) -> int:
    """How many promised days a plan keeps."""
    return sum(ledger.days.get(code) == one.day for code, one in promised.items())


def _improved(
    found: Found, limits: Limits, promised: Promised, watch: Watch, begun: float
) -> Found:
    """The plan of the counts, seated and mended; or the one at hand where it is no worse."""
    counts = Counts(found.ledger.choices)
    program = waiting(counts)
    answer = _relaxed(program, limits)
    if answer is None:
        return replace(found, ended=_limit(limits))
    found = _guided(found, answer, promised)
    if promised:
        at_most = most_promises(counts, promised, found.ledger, limits.share(FOR_PROMISES), watch)
        found = replace(found, at_most=at_most)
        program = waiting(counts)  # which keep promises now
        answer = _relaxed(program, limits) or answer
    if watch.stop():
        return replace(found, ended="asked")
    search = _left(limits, begun, FOR_SEARCH)
    counted = decided(program, answer, found.ledger, promised, search, watch)
    if counted:
        found = replace(found, bound=max(found.bound, counted.bound), ended=counted.ended)
        found = _seated(found, counts, counted, limits, promised, watch)
    _mend(found, answer, limits, promised, watch, begun)
    if counted:
        found = replace(found, moved=_later(found.ledger, counted))
    return _named(found, limits, promised, watch) if found.ledger.cost > found.bound else found


def _limit(limits: Limits) -> str:
    return "effort" if limits.seconds is None else "seconds"


def _relaxed(program: Program, limits: Limits) -> Relaxed | None:
    seconds = LONGEST_RELAXED if limits.seconds is None else limits.seconds / 2
    return program.relaxed(seconds)


def _seated(
    found: Found,
    counts: Counts,
    counted: Counted,
    limits: Limits,
    promised: Promised,
    watch: Watch,
) -> Found:
    """The plan of the counts by name, if it is better than the one at hand."""
    ledger, _ = packed(counts, counted, promised, limits.share(FOR_PACKING), watch)
    bring_forward(ledger, most_urgent_first(counts.problem), promised)
    seated = replace(found, ledger=ledger, method="improved")
    return min(seated, found, key=lambda one: one.rank(promised))


def _later(ledger: Ledger, counted: Counted) -> tuple[str, ...]:
    """Who was counted into a day and travels later."""
    days = counted.days.items()
    return tuple(code for code, day in days if ledger.days.get(code, date.max) > day)


def _guided(found: Found, answer: Relaxed, promised: Promised) -> Found:
    """The greedy plan in the order of the linear program, if it is better; and its bound."""
    order = answer.order(found.ledger.problem.families)
    ledger = greedy(found.ledger.choices, promised, order)
    better = replace(found, ledger=ledger, method="improved")
    best = min(better, found, key=lambda one: one.rank(promised))
    return replace(best, bound=max(found.bound, answer.bound))


def _mend(
    found: Found,
    answer: Relaxed,
    limits: Limits,
    promised: Promised,
    watch: Watch,
    begun: float,
) -> None:
    """Make the plan better, step by step, for a part of the time or effort."""
    mending = Mending(found.ledger, answer.after_days, promised)
    cost, done = found.ledger.cost, 0
    while cost > found.bound and not watch.stop():
        spent = time.perf_counter() - begun
        if limits.seconds is None and done >= limits.effort * MENDING_STEPS:
            break
        if limits.seconds is not None and spent >= limits.seconds * FOR_MENDING:
            break
        cost -= mending.step()
        done += 1
        if done % MENDING_TOLD == 0:
            watch.hear(Progress(spent, cost, found.bound))
    bring_forward(found.ledger, most_urgent_first(found.ledger.problem), promised)


def _left(limits: Limits, begun: float, share: float) -> Limits:
    """What is left of this share of the time."""
    if limits.seconds is None:
        return limits
    spent = time.perf_counter() - begun
    return replace(limits, seconds=limits.seconds * share - spent)


def _named(found: Found, limits: Limits, promised: Promised, watch: Watch) -> Found:
    """The exact plan where everything can be named: then what does not pack is proven too."""
    choices = found.ledger.choices
    days_of = {one.id: choices.days(one) for one in choices.problem.families}
    if size_of(found.ledger, days_of) > MOST_NAMED:
        return found
    ledger = Ledger(choices)
    days = {code: one.day for code, one in promised.items()}
    assignments, search = Naming(ledger, days_of).solve(limits.share(0.5), watch, days)
    if not assignments:
        return found
    for one in assignments:
        ledger.enter(one)
    bring_forward(ledger, most_urgent_first(choices.problem), promised)
    better = replace(found, ledger=ledger, method="improved", moved=())
    best = min(better, found, key=lambda one: one.rank(promised))
    if search.ended == "proven":
        at_most = kept(best.ledger, promised)
        best = replace(best, bound=best.ledger.cost, ended="proven", at_most=at_most)
    return best


def _explained(found: Found, promised: Promised, begun: float) -> Plan:
    ledger = found.ledger
    told = explaining.promises(ledger, promised, found.at_most) if promised else None
    assignments = sorted(ledger.placed.values(), key=lambda one: (one.day, one.family))
    return Plan(
        assignments=tuple(assignments),
        unplaced=explaining.unplaced(ledger),
        objective=ledger.cost,
        bound=min(found.bound, ledger.cost),
        seconds=time.perf_counter() - begun,
        method=found.method,
        ended="proven" if found.bound >= ledger.cost else found.ended,
        moved=found.moved,
        promises=told,
        why=explaining.why(ledger),
    )
