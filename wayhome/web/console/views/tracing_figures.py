"""For whoever leads tracing: is the machine right, does it find, has the register changed?"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from wayhome.bureau.matches import bridge, learning
from wayhome.bureau.matches.checking import (
    FEWEST_JUDGED,
    FEWEST_PAIRS,
    calibration,
    drift,
    judged_pairs,
    worth_here,
)
from wayhome.bureau.matches.models import Threshold, WeekOfTracing
from wayhome.bureau.matches.queue import figures
from wayhome.bureau.matches.wording import field_words, weight_words
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.chances import counted, percent
from wayhome.web.console.charts import as_line, calibration_points, line_points
from wayhome.web.console.evidence import bar_of
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other

WEEKS = 26  # half a year
DAYS = 14


@allowed(Permission.SEE_TRACING_FIGURES, methods=("GET",))
def tracing_figures(request: StaffRequest) -> HttpResponse:
    """Figures alone: no name, no number, no single pair."""
    return _page(request)


@allowed(Permission.LEARN_WEIGHTS, methods=("POST",), form_at="console:tracing_figures")
@once
def learn_weights(request: StaffRequest) -> HttpResponse:
    """Have the weights learned anew; the page says when it is done."""
    refusals = press(request, lambda: learning.ask_to_learn(request.user))
    return _page(request, refusals) if refusals else see_other("console:tracing_figures")


@allowed(Permission.LEARN_WEIGHTS, methods=("POST",), form_at="console:tracing_figures")
@once
def first_weights(request: StaffRequest) -> HttpResponse:
    """Weigh by what came with the program again."""
    refusals = press(request, lambda: learning.go_back_to_the_first(request.user))
    return _page(request, refusals) if refusals else see_other("console:tracing_figures")


def _page(request: StaffRequest, refusals: Sequence[Refusal] = ()) -> HttpResponse:
    made = bridge.weights_in_use().made
    weeks = list(WeekOfTracing.objects.order_by("-week")[:WEEKS])
    context = {
        **_calibration(),
        **_recall(weeks),
        **_drift(weeks, made.version),
        "weights": _weights(),
        **_weights_in_use(request.user, made),
        "refusals": refusals,
        "room": figures(),
        "thresholds": [_day(each) for each in Threshold.objects.order_by("-at")[:DAYS]],
    }
    status = 422 if refusals else 200
    return render(request, "console/tracing/figures.html", context, status=status)


def _calibration() -> dict[str, Any]:
    judged = judged_pairs()
    bins = calibration(judged)
    return {
        "judged": len(judged),
        "few_judged": len(judged) < FEWEST_JUDGED,
        "points": calibration_points(bins),
        "bins": [
            {
                "bin": each,
                "said": percent(each.said),
                "same": counted(each.same),
                "low": counted(each.low),
                "high": counted(each.high),
            }
            for each in bins
        ],
    }


def _recall(weeks: list[WeekOfTracing]) -> dict[str, Any]:
    tried = [shown(each, "figures") for each in weeks if each.planted]
    lines = {
        name: as_line(line_points([getattr(each, name) / each.planted for each in reversed(tried)]))
        for name in ("among_ten", "reached")
    }
    rows = [
        {
            "week": each,
            "first": counted(each.first / each.planted),
            "among_ten": counted(each.among_ten / each.planted),
            "reached": counted(each.reached / each.planted),
            "absent_reached": counted(each.absent_reached / max(each.absent, 1)),
        }
        for each in tried
    ]
    return {"weeks": rows, "lines": lines if len(tried) > 1 else {}}


def _drift(weeks: list[WeekOfTracing], version: int) -> dict[str, Any]:
    found = drift([each for each in weeks if each.version == version])
    return {
        "drift": [{"drift": each, "field": field_words(each.field)} for each in found],
        "alarm": any(each.is_alarm for each in found),
        "fewest_pairs": FEWEST_PAIRS,
    }


def _weights() -> list[dict[str, Any]]:
    """Each field with what it weighs at first and what it weighed here, in words and bars."""
    here = {each.field: each for each in worth_here()}
    rows = []
    for name, (best, worst) in bridge.first_weights().items():
        now = here.get(name)
        agrees = now.agrees if now and now.agrees is not None else best
        disagrees = now.disagrees if now and now.disagrees is not None else worst
        rows.append(
            {
                "field": field_words(name),
                "agrees": agrees,
                "agrees_words": weight_words(agrees),
                "agrees_bar": bar_of(agrees),
                "disagrees": disagrees,
                "disagrees_words": weight_words(disagrees),
                "disagrees_bar": bar_of(disagrees),
                "known": counted(now.known) if now else "",
            }
        )
    return rows


def _weights_in_use(person: Staff, made: Any) -> dict[str, Any]:
    """Where the weights come from, and whether the register is still as it was then."""
    may_learn = person.may(Permission.LEARN_WEIGHTS)
    moved = bridge.register_drift()
    return {
        "made": made,
        "prior": counted(bridge.prior()),
        "learning": learning.is_being_learned(),
        "form": IdempotentForm() if may_learn else None,
        "why_not_learn": list(learning.why_not_learn_now()) if may_learn else [],
        "moved": [{"drift": each, "field": field_words(each.field)} for each in moved],
        "moved_alarm": any(each.drifted for each in moved),
    }


def _day(each: Threshold) -> dict[str, Any]:
    return {"day": shown(each, "judge"), "probability": percent(each.probability)}


urlpatterns = [
    path("tracing-figures/", tracing_figures, name="tracing_figures"),
    path("tracing-figures/learn/", learn_weights, name="learn_weights"),
    path("tracing-figures/first-weights/", first_weights, name="first_weights"),
]
