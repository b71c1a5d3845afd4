"""What the page of a plan shows: the calendar with its load, who travels when and why, who not."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from wayhome.bureau.journeys.models import Crossing, Escort, Plan, Shelter, Vehicle, Way
from wayhome.bureau.journeys.rules.plans import RULE_NAMES
from wayhome.bureau.returns.models import Application

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NAMED = {"crossing": Crossing, "route": Way, "vehicle": Vehicle, "escort": Escort,
         "shelter": Shelter, "exit": Crossing}  # fmt: skip


@dataclass(frozen=True)
class Man:
    """Whom a family comes for."""

    name: str
    number: str
    application: Any


@dataclass(frozen=True)
class Load:
    """How many cross on a day, of how many that can."""

    crossing: str
    persons: int
    places: int

    @property
    def is_full(self) -> bool:
        return self.persons >= self.places


@dataclass(frozen=True)
class Barred:
    """Some days, and in words why not on them."""

    days: str
    rules: "list[StrOrPromise]"


@dataclass(frozen=True)
class Became:
    """What became of a family whose day a person chose, or left to the plan again."""

    name: str
    on: date | None
    pinned: bool


@dataclass(frozen=True)
class Row:
    """A family and what it was given."""

    code: str
    title: str
    men: list[Man]
    day: date
    persons: int
    given: dict[str, str]
    why: list[Barred]
    pinned: bool
    code_of: dict[str, str]


class PlanPage:
    """A plan, read for a coordinator: with the names of the men, and of nobody else."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.problem, self.result = plan, plan.problem, plan.result
        self.sizes = {one["id"]: one["size"] for one in self.problem["families"]}
        self.men = self._men()
        self.names = self._names()

    def _men(self) -> dict[str, list[Man]]:
        codes = {one["id"]: one["family"] for one in self.problem["captives"]}
        found: dict[str, list[Man]] = {family: [] for family in self.sizes}
        rows = Application.objects.filter(pk__in=codes).select_related("captive")
        for one in rows:
            captive = one.captive
            name, number = (captive.name, captive.bureau_number) if captive else ("–", "")
            found[codes[str(one.pk)]].append(Man(name, number, one.pk))
        return found

    def _names(self) -> dict[str, dict[str, str]]:
        used = {kind: {one[kind] for one in self._all_given()} for kind in NAMED}
        return {kind: _names_of(model, used[kind]) for kind, model in NAMED.items()}

    def _all_given(self) -> list[dict[str, Any]]:
        given: list[dict[str, Any]] = self.result["assignments"]
        return given

    def title_of(self, family: str) -> str:
        return ", ".join(man.name for man in self.men.get(family, [])) or "–"

    def families(self) -> list[tuple[str, str]]:
        """Whom somebody may pin, by the men's names."""
        return sorted(((code, self.title_of(code)) for code in self.sizes), key=lambda one: one[1])

    def rows(self) -> list[Row]:
        return [self._row(one) for one in self._all_given()]

    def _row(self, one: dict[str, Any]) -> Row:
        family = one["family"]
        return Row(
            code=family,
            title=self.title_of(family),
            men=self.men.get(family, []),
            day=date.fromisoformat(one["day"]),
            persons=self.sizes[family],
            given={kind: self.names[kind].get(one[kind], "–") for kind in NAMED},
            why=[barred(each) for each in one["why"]],
            pinned=family in self.plan.pins,
            code_of={kind: one[kind] for kind in NAMED},
        )

    def unplaced(self) -> list[dict[str, Any]]:
        """Families without a day, each with the rules that bar it, by days."""
        return [
            {
                "code": one["family"],
                "title": self.title_of(one["family"]),
                "men": self.men.get(one["family"], []),
                "rules": [RULE_NAMES.get(rule, rule) for rule in one["rules"]],
                "why": [barred(each) for each in one["why"]],
            }
            for one in self.result["unplaced"]
        ]

    def became(self, family: str) -> Became | None:
        """Where a family stands now, if this plan knows it."""
        if family not in self.sizes:
            return None
        days = [one["day"] for one in self._all_given() if one["family"] == family]
        on = date.fromisoformat(days[0]) if days else None
        return Became(self.title_of(family), on, family in self.plan.pins)

    def calendar(self) -> tuple[list[str], list[tuple[date, list[Load]]]]:
        """The crossings, and for each day how many persons cross at each."""
        places = {one["id"]: one["places"] for one in self.problem["crossings"]}
        known = dict(Crossing.objects.filter(pk__in=places).values_list("pk", "name"))
        names = {str(pk): name for pk, name in known.items()}
        crossings = sorted((one for one in places if places[one]), key=lambda one: names[one])
        cross: dict[tuple[str, str], int] = {}
        for one in self._all_given():
            at = one["day"], one["crossing"]
            cross[at] = cross.get(at, 0) + self.sizes[one["family"]]
        days = [
            (date.fromisoformat(day),
             [Load(one, cross.get((day, one), 0), places[one]) for one in crossings])
            for day in self.problem["days"]
        ]  # fmt: skip
        return [names[one] for one in crossings], days

    def promises(self) -> dict[str, Any] | None:
        """What became of the days of the plan before, with the men's names."""
        told = self.result["promises"]
        if told is None:
            return None
        broken = [
            {
                "men": self.men.get(one["family"], []),
                "was": date.fromisoformat(one["was"]["day"]),
                "now": one["now"] and date.fromisoformat(one["now"]["day"]),
                "rules": [RULE_NAMES.get(rule, rule) for rule in one["rules"]],
            }
            for one in told["broken"]
        ]
        return {**told, "broken": broken, "changed": len(told["changed"])}


def _names_of(model: Any, ids: set[str]) -> dict[str, str]:
    rows = model.objects.filter(pk__in=ids).values_list("pk", "name")
    return {str(pk): name for pk, name in rows}


def barred(one: dict[str, Any]) -> Barred:
    days = [date.fromisoformat(day) for day in one["days"]]
    return Barred(spans(days), [RULE_NAMES.get(rule, rule) for rule in one["rules"]])


def spans(days: list[date]) -> str:
    """Days as people write them: those that follow each other as one span."""
    runs = [
        [day for _, day in run]
        for _, run in groupby(enumerate(days), lambda one: one[1].toordinal() - one[0])
    ]
    return ", ".join(
        f"{run[0]:%d.%m}–{run[-1]:%d.%m}" if len(run) > 1 else f"{run[0]:%d.%m}" for run in runs
    )
