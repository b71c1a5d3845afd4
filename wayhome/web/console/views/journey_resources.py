"""What journeys are made of: one page of lists, one form a kind."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journeys.models import RESOURCES, Resource
from wayhome.bureau.journeys.resources import end_resource, keep_resource
from wayhome.bureau.journeys.rules.resources import KIND_NAMES, SEXES, ZONES, ResourceKind
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.languages import LANGUAGE_NAMES
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.journeys import RESOURCE_FORMS, ResourceForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other

PLAN = Permission.PLAN_JOURNEYS
COLUMNS = {"name": "name"}
HOUR = "%H:%M"
SEARCHED = {ResourceKind.WAY: "region", ResourceKind.VEHICLE: "region", ResourceKind.DANGER: "area"}
JOINED = {
    ResourceKind.WAY: ("crossing",),
    ResourceKind.ESCORT: ("staff",),
    ResourceKind.CLOSURE: ("crossing", "way", "vehicle", "escort", "shelter"),
}


def _day(day: Any) -> str:
    return day.strftime("%d.%m.%Y") if day else "–"


def _days(one: Any) -> tuple[Any, Any]:
    return _("On these days"), f"{_day(one.from_on)} – {_day(one.until_on) if one.until_on else ''}"


def _at(hour: Any, zone: str) -> str:
    return f"{hour.strftime(HOUR)} {ZONES[zone]}"


def _crossing(one: Any) -> list[tuple[Any, Any]]:
    hours = f"{one.opens.strftime(HOUR)}–{_at(one.closes, one.zone)}"
    return [
        (_("Open"), hours),
        (_("In a day"), one.places_in),
        (_("Out a day"), one.places_out),
        (_("Baggage, kg"), one.baggage_kg),
    ]


def _way(one: Any) -> list[tuple[Any, Any]]:
    return [
        (_("Region"), one.region),
        (_("Leaves"), _at(one.leaves, one.zone)),
        (_("Crossing"), one.crossing.name),
        (_("Areas"), ", ".join(one.areas) or "–"),
    ]


def _vehicle(one: Any) -> list[tuple[Any, Any]]:
    return [(_("Region"), one.region), (_("Seats"), one.seats), _days(one)]


def _escort(one: Any) -> list[tuple[Any, Any]]:
    spoken = ", ".join(str(LANGUAGE_NAMES[code]) for code in one.languages)
    return [
        (_("Languages"), spoken),
        (_("Woman or man"), SEXES[one.sex]),
        (_("Hours"), one.hours),
        _days(one),
    ]


def _shelter(one: Any) -> list[tuple[Any, Any]]:
    return [(_("Beds"), one.places), (_("Areas"), ", ".join(one.areas) or "–")]


def _danger(one: Any) -> list[tuple[Any, Any]]:
    return [(_("Area"), one.area), _days(one)]


def _closure(one: Any) -> list[tuple[Any, Any]]:
    kind = ResourceKind(one.what)
    return [(_("What is closed"), f"{KIND_NAMES[kind]}: {one.closed.name}"), _days(one)]


CELLS: dict[ResourceKind, Callable[[Any], list[tuple[Any, Any]]]] = {
    ResourceKind.CROSSING: _crossing,
    ResourceKind.WAY: _way,
    ResourceKind.VEHICLE: _vehicle,
    ResourceKind.ESCORT: _escort,
    ResourceKind.SHELTER: _shelter,
    ResourceKind.DANGER: _danger,
    ResourceKind.CLOSURE: _closure,
}
NAMED = {ResourceKind.ESCORT: _("Number"), ResourceKind.CLOSURE: _("Why")}


def _kind(text: str) -> ResourceKind:
    if text not in [each.value for each in ResourceKind]:
        raise Http404
    return ResourceKind(text)


@allowed(PLAN, methods=("GET",))
def resources(request: StaffRequest) -> HttpResponse:
    """One list at a time; what is used no longer stands in none."""
    kind = _kind(asked(request, "kind") or ResourceKind.CROSSING.value)
    rows = RESOURCES[kind].objects.visible_to(request.user).in_use()
    rows = rows.select_related(*JOINED.get(kind, ())) if kind in JOINED else rows
    if text := asked(request, "q"):
        also = Q(**{f"{SEARCHED[kind]}__icontains": text}) if kind in SEARCHED else Q()
        rows = rows.filter(Q(name__icontains=text) | also)
    page = page_of(request, sorted_by(request, rows, COLUMNS, "name"))
    lines = [(one, CELLS[kind](shown(one, "file") if kind != ResourceKind.CLOSURE else one))
             for one in page.object_list]  # fmt: skip
    context = {
        "kinds": [(each.value, name) for each, name in KIND_NAMES.items()],
        "kind": kind.value,
        "kind_name": KIND_NAMES[kind],
        "named": NAMED.get(kind, _("Name")),
        "page": page,
        "lines": lines,
        "headings": [heading for heading, _cell in lines[0][1]] if lines else [],
        "q": asked(request, "q"),
    }
    return render(request, "console/journeys/resources.html", context)


@allowed(PLAN)
@once
def new(request: StaffRequest, resource_kind: str) -> HttpResponse:
    kind = _kind(resource_kind)
    first = {"from_on": timezone.localdate()}
    form = RESOURCE_FORMS[kind](request.POST if request.method == "POST" else None, initial=first)
    return _written(request, kind, form, None)


@allowed(PLAN)
@once
def change(request: StaffRequest, resource_kind: str, resource_id: Any) -> HttpResponse:
    kind = _kind(resource_kind)
    kept = _one(request, kind, resource_id)
    form_of = RESOURCE_FORMS[kind]
    form = form_of(
        request.POST if request.method == "POST" else None, initial=form_of.initial_of(kept)
    )
    return _written(request, kind, form, kept)


def _one(request: StaffRequest, kind: ResourceKind, resource_id: Any) -> Resource:
    rows = RESOURCES[kind].objects.visible_to(request.user).in_use()
    found: Resource = get_object_or_404(rows, pk=resource_id)
    return found


def _written(
    request: StaffRequest, kind: ResourceKind, form: ResourceForm, kept: Resource | None
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            keep_resource(kind=kind, told=form.told(), by=request.user, resource=kept)
            return see_other(_list_of(kind))
        except Refused as refused:
            show_on(form, refused)
    return _page(request, kind, form, kept)


def _page(
    request: StaffRequest,
    kind: ResourceKind,
    form: ResourceForm,
    kept: Resource | None,
    **more: Any,
) -> HttpResponse:
    context = {
        "kind": kind.value,
        "kind_name": KIND_NAMES[kind],
        "list_url": _list_of(kind),
        "form": form,
        "kept": kept and shown(kept, "file"),
        "end_form": IdempotentForm(auto_id="end_%s"),
        **more,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/journeys/resource.html", context, status=status)


def _list_of(kind: ResourceKind) -> str:

    return f"{reverse('console:resources')}?kind={kind.value}"


@allowed(PLAN, methods=("POST",), form_at="console:resource")
@once
def end(request: StaffRequest, resource_kind: str, resource_id: Any) -> HttpResponse:
    """It is used no longer."""
    kind = _kind(resource_kind)
    kept = _one(request, kind, resource_id)
    refusals = press(request, lambda: end_resource(resource=kept, by=request.user))
    if not refusals:
        return see_other(_list_of(kind))
    form_of = RESOURCE_FORMS[kind]
    return _page(request, kind, form_of(initial=form_of.initial_of(kept)), kept, refusals=refusals)


urlpatterns = [
    path("journeys/resources/", resources, name="resources"),
    path("journeys/resources/<str:resource_kind>/new/", new, name="resource_new"),
    path("journeys/resources/<str:resource_kind>/<uuid:resource_id>/", change, name="resource"),
    path("journeys/resources/<str:resource_kind>/<uuid:resource_id>/end/", end,
         name="resource_end"),
]  # fmt: skip
