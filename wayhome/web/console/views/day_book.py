"""The day book of a site: meals and tea by count, and by name what was otherwise."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone

from wayhome.bureau.captives.rules import Purpose
from wayhome.bureau.matches.search import captives_named
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.models import Site
from wayhome.bureau.staff.permissions import AT_ONE_SITE, Permission
from wayhome.bureau.welfare import actions
from wayhome.bureau.welfare.models import DayPage, Difference
from wayhome.bureau.welfare.rules import (
    DIFFERED_NAMES,
    MEAL_NAMES,
    NOT_SERVED,
    Differed,
    Meal,
    unaccounted,
)
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import welfare_page
from wayhome.web.console.forms.welfare import DayForm, DifferenceForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import look, one, show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, see_other, why_not_press

SEE, KEEP = Permission.SEE_WELFARE, Permission.KEEP_WELFARE
LAST_DAYS = 14


def _site(request: StaffRequest) -> Site:
    """Their own, or, for whoever sees all sites, the one that the address names."""
    person = request.user
    if person.acting_role in AT_ONE_SITE:
        return person.site
    return Site.objects.filter(code=asked(request, "site")).first() or person.site


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(asked(request, "on"))
    except ValueError:
        return timezone.localdate()


@allowed(SEE, methods=("GET",))
def day_book(request: StaffRequest) -> HttpResponse:
    """One day: what was served, what was otherwise, and the days before."""
    on = _day(request)
    return render(request, "console/welfare/day_book.html", _page(request, on, None))


@allowed(KEEP, methods=("POST",), form_at="console:day_book")
@once
def keep(request: StaffRequest) -> HttpResponse:
    """Keep the numbers of a day; a page that stands already is corrected by a new version."""
    form = DayForm(request.POST)
    if form.is_valid():
        on = form.cleaned_data["on"]
        try:
            actions.keep_day(on=on, counts=form.counts(), by=request.user)
            return see_other(f"{reverse('console:day_book')}?on={on.isoformat()}")
        except Refused as refused:
            show_on(form, refused)
    on = form.cleaned_data.get("on") or timezone.localdate()
    context = _page(request, on, form)
    return render(request, "console/welfare/day_book.html", context, status=422)


def _page(request: StaffRequest, on: date, form: DayForm | None) -> dict[str, Any]:
    site = _site(request)
    pages = DayPage.objects.visible_to(request.user).filter(site=site).select_related("by")
    differences = _differences(request).filter(on=on, captive__site=site)
    standing = pages.standing().filter(on=on).first()
    return {
        "on": on,
        "site": shown(site, "staff"),
        "held": standing.held if standing else actions.held_at(site),
        "form": form or DayForm(initial={"on": on, **(standing.counts if standing else {})}),
        "may_keep": request.user.may(KEEP),
        "meals": list(_meals(standing, differences)),
        "versions": [shown(each, "day") for each in pages.filter(on=on).order_by("-version")],
        "differences": welfare_page.differences(differences),
        "days": [_row(each) for each in pages.standing().order_by("-on")[:LAST_DAYS]],
        "meal_names": list(MEAL_NAMES.values()),
        "sites": _sites(request),
        "press": IdempotentForm(auto_id=False),
    }


def _sites(request: StaffRequest) -> list[Any]:
    if request.user.acting_role in AT_ONE_SITE:
        return []
    return [(site.code, site.name) for site in Site.objects.order_by("code")]


def _differences(request: StaffRequest) -> "QuerySet[Difference]":
    rows = Difference.objects.visible_to(request.user).standing()
    return rows.select_related("captive", "key", "by").order_by("meal", "captive__sort_uk")


def _meals(page: DayPage | None, differences: "QuerySet[Difference]") -> Iterator[dict[str, Any]]:
    """Of each meal how many were served, and for how many men nothing is written."""
    for meal, name in MEAL_NAMES.items():
        if page is None:
            continue
        otherwise = [each for each in differences if each.meal == meal and each.how in NOT_SERVED]
        served = page.counts.get(meal.value)
        men = {each.captive_id for each in otherwise}
        missing = unaccounted(held=page.held, served=served, otherwise=len(men))
        yield {"name": name, "served": served, "missing": missing}


def _row(page: DayPage) -> dict[str, Any]:
    counts = [page.counts.get(meal.value) for meal in Meal]
    return {"page": shown(page, "day"), "counts": counts, "iso": page.on.isoformat()}


COLUMNS = {"on": "on", "name": "captive__sort_uk", "noted": "at"}


@allowed(SEE, methods=("GET",))
def differences(request: StaffRequest) -> HttpResponse:
    """All that was otherwise, by name: searched, filtered, sorted."""
    return render(request, "console/welfare/differences.html", _listed(request))


def _listed(request: StaffRequest) -> dict[str, Any]:
    rows = Difference.objects.visible_to(request.user).standing()
    rows = rows.select_related("captive", "key", "by")
    if text := asked(request, "q"):
        rows = rows.filter(captive__in=captives_named(text, by=request.user))
    if (how := asked(request, "how")) in set(Differed):
        rows = rows.filter(how=how)
    page = page_of(request, sorted_by(request, rows, COLUMNS, "-on"))
    return {
        "page": page,
        "rows": welfare_page.differences(page),
        "hows": [(each.value, DIFFERED_NAMES[each]) for each in Differed],
        "may_keep": request.user.may(KEEP),
        "press": IdempotentForm(auto_id=False),
        "filtered": bool(asked(request, "q") or asked(request, "how")),
    }


@allowed(KEEP)
@once
def difference(request: StaffRequest, captive_number: str) -> HttpResponse:
    """Note what was otherwise for this man at one meal."""
    man = one(request, captive_number)
    sent = request.POST if request.method == "POST" else None
    form = DifferenceForm(sent, initial={"on": _day(request)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_difference(captive=man, by=request.user, **form.said())
            return see_other("console:welfare", man.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        look(request, man, Purpose.CARE)
    context = {"form": form, "captive": shown(man, "file")}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/welfare/difference.html", context, status=status)


@allowed(KEEP, methods=("POST",), form_at="console:differences")
@once
def take_back(request: StaffRequest, difference_id: Any) -> HttpResponse:
    rows = Difference.objects.visible_to(request.user)
    this = get_object_or_404(rows, pk=difference_id)
    refusals = why_not_press(request)
    if not refusals:
        actions.take_back_difference(difference=this, by=request.user)
        return see_other("console:differences")
    context = {**_listed(request), "refusals": refusals}
    return render(request, "console/welfare/differences.html", context, status=422)


urlpatterns = [
    path("welfare/", day_book, name="day_book"),
    path("welfare/keep/", keep, name="day_book_keep"),
    path("welfare/by-name/", differences, name="differences"),
    path("welfare/by-name/<uuid:difference_id>/take-back/", take_back, name="difference_back"),
    path("captives/<str:captive_number>/meals/", difference, name="difference"),
]
