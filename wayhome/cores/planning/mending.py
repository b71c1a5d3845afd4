"""A plan made better by taking some families out and giving them their days anew.

Some days of some regions are emptied and filled again in another order; what is not better is
taken back (ruin and recreate: Schrimpf and others 2000). Everything goes through the ledger, so
every plan on the way keeps every rule. What chance decides is the same in every run.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .greedy import Promised
from .ledger import Ledger
from .plan import Assignment
from .problem import Family

SEED = 20220302
SPANS = (3, 5, 8, 13)  # days that are emptied at once
MOST_OUT = 40  # families taken out at once
SHAKEN_DAYS = 4.0  # by how much the order of the linear program is changed
SHAKEN_SHARE = 0.4  # by how much other orders are


@dataclass(frozen=True)
class Ruin:
    """What was taken out, and the escorts before it."""

    first: date
    out: tuple[Family, ...]
    had: tuple[Assignment, ...]
    escorts: dict[tuple[date, str], str]


class Mending:
    """Steps that make a plan better or leave it as it was."""

    def __init__(self, ledger: Ledger, after_days: dict[str, float], promised: Promised) -> None:
        self.ledger, self.problem = ledger, ledger.problem
        self._after_days = after_days
        self._chance = Random(SEED)
        self._regions = sorted({one.region for one in self.problem.families})
        self._promised = {code for code, one in promised.items()
                          if ledger.days.get(code) == one.day}  # fmt: skip

    def step(self) -> int:
        """Try one change; return what it saved."""
        ruin = self._ruined()
        before = self._cost(ruin.out, {one.family: one for one in ruin.had})
        self._fill(ruin)
        saved = before - self._cost(ruin.out, self.ledger.placed)
        if saved < 0:
            self._take_back(ruin)
        return max(0, saved)

    def _cost(self, families: Iterable[Family], placed: Mapping[str, Assignment]) -> int:
        return sum(
            self.problem.cost(one, placed[one.id].day if one.id in placed else None)
            for one in families
        )

    def _ruined(self) -> Ruin:
        """Empty some days of a region or two; families without a day come in too."""
        first = self._chance.choice(self.problem.days)
        last = first + timedelta(days=self._chance.choice(SPANS))
        number = min(len(self._regions), self._chance.choice((1, 1, 2)))
        regions = self._chance.sample(self._regions, number)
        family, placed = self.problem.family, self.ledger.placed
        here = [
            one
            for code, one in placed.items()
            if first <= one.day <= last
            and family[code].region in regions
            and code not in self._promised
        ]
        if len(here) > MOST_OUT:
            here = self._chance.sample(here, MOST_OUT)
        left = [one for one in self.problem.families
                if one.id not in placed and one.region in regions]  # fmt: skip
        escorts = self.ledger.escorts_from(first)
        for one in here:
            self.ledger.take_out(one.family)
        out = (*(family[one.family] for one in here), *left)
        return Ruin(first, out, tuple(here), escorts)

    def _fill(self, ruin: Ruin) -> None:
        """Days anew, none before those that were emptied, in an order that chance has a hand in."""
        key = self._chance.choice((self._by_program, self._by_urgency, self._by_days))
        turns = {one.id: key(one) for one in ruin.out}
        for one in sorted(ruin.out, key=lambda one: (turns[one.id], one.id)):
            days = self.ledger.choices.days(one)
            any(self.ledger.place(one, day) for day in days if day >= ruin.first)

    def _by_program(self, family: Family) -> float:
        return self._after_days[family.id] + self._chance.gauss(0, SHAKEN_DAYS)

    def _by_urgency(self, family: Family) -> float:
        return -family.weight / family.size * self._shaken()

    def _by_days(self, family: Family) -> float:
        """Those with fewest days first: who has many finds another."""
        return len(self.ledger.choices.days(family)) * self._shaken()

    def _shaken(self) -> float:
        return self._chance.uniform(1 - SHAKEN_SHARE, 1 + SHAKEN_SHARE)

    def _take_back(self, ruin: Ruin) -> None:
        for one in ruin.out:
            if one.id in self.ledger.placed:
                self.ledger.take_out(one.id)
        self.ledger.put_escorts_back(ruin.escorts)
        for trip in ruin.had:
            self.ledger.enter(trip)
