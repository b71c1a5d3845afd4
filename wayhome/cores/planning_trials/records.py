"""The two files of a plan, as the checker reads them: plainly, and by itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

SCHEMA = "wayhome-plan/1"
Spans = Sequence[tuple[date, date]]


class BadFile(ValueError):
    """A file that is no problem, or no plan."""


@dataclass(frozen=True)
class Trip:
    """One assignment of the plan."""

    family: str
    day: date
    crossing: str
    vehicle: str
    escort: str
    route: str
    shelter: str
    exit: str


@dataclass(frozen=True)
class Files:
    """Problem and plan, by id."""

    days: Sequence[date]
    nights: int
    rest_hours: float
    aims: Mapping[str, Any]
    crossings: Mapping[str, Any]
    routes: Mapping[str, Any]
    vehicles: Mapping[str, Any]
    escorts: Mapping[str, Any]
    families: Mapping[str, Any]
    captives: Mapping[str, Any]
    shelters: Mapping[str, Any]
    exits: Mapping[str, Any]
    closures: Sequence[tuple[str, str, Spans]]
    dangers: Sequence[tuple[str, Spans]]
    trips: Sequence[Trip]
    unplaced: Sequence[tuple[str, Sequence[str]]]
    objective: float
    bound: float
    promises: Mapping[str, Any] | None

    def known(self, kind: str) -> Mapping[str, Any]:
        """All of one kind, by id."""
        plural = {"family": "families"}.get(kind, f"{kind}s")
        found: Mapping[str, Any] = getattr(self, plural)
        return found

    def captives_of(self, family: str) -> list[Any]:
        return self._captives_of.get(family, [])

    @cached_property
    def _captives_of(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for one in self.captives.values():
            found.setdefault(one["family"], []).append(one)
        return found

    def persons(self, family: str) -> int:
        """The family and those it came for."""
        return int(self.families[family]["size"]) + len(self.captives_of(family))

    def leaves(self, trip: Trip) -> date:
        """The day on which they leave for good."""
        return trip.day + timedelta(days=self.nights)

    def hours(self, trip: Trip) -> tuple[datetime, datetime]:
        """When the journey begins and ends."""
        route = self.routes[trip.route]
        leaves, arrives = (time.fromisoformat(route[x]) for x in ("leaves", "arrives"))
        return datetime.combine(trip.day, leaves), datetime.combine(trip.day, arrives)

    def since(self, family: str) -> date:
        return date.fromisoformat(self.families[family]["since"])


def read_files(problem: Any, plan: Any) -> Files:
    """Both files. Raises BadFile, or what Python raises where something is missing."""
    for name, document in (("problem", problem), ("plan", plan)):
        if not isinstance(document, dict) or document.get("schema") != SCHEMA:
            raise BadFile(f"the {name} has no schema {SCHEMA}")
    closures = [(next(key for key in one if key != "days"), one) for one in problem["closures"]]
    return Files(
        days=[date.fromisoformat(one) for one in problem["days"]],
        nights=problem["nights"],
        rest_hours=problem["rest_hours"],
        aims=problem["objective"],
        **{kind: _by_id(problem[kind]) for kind in KINDS},
        closures=[(kind, one[kind], _spans(one["days"])) for kind, one in closures],
        dangers=[(one["area"], _spans(one["days"])) for one in problem["dangers"]],
        trips=[_trip(one) for one in plan["assignments"]],
        unplaced=[(one["family"], one["rules"]) for one in plan["unplaced"]],
        objective=float(plan["objective"]),
        bound=float(plan["bound"]),
        promises=plan.get("promises"),
    )


KINDS = (
    *("crossings", "routes", "vehicles", "escorts", "families", "captives", "shelters", "exits"),
)


def _by_id(items: Any) -> dict[str, Any]:
    return {one["id"]: one for one in items}


def _trip(one: Any) -> Trip:
    codes = {key: one[key] for key in Trip.__dataclass_fields__ if key != "day"}
    return Trip(day=date.fromisoformat(one["day"]), **codes)


def _spans(spans: Any) -> Spans:
    return [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in spans]


def in_spans(day: date, spans: Any) -> bool:
    """Whether a day lies in one of these periods, as texts or as days."""
    return any(str(first) <= day.isoformat() <= str(last) for first, last in spans)


def read_json(path: Path) -> Any:
    """A JSON file. Raises BadFile or OSError."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadFile(f"no JSON: {error}") from None
