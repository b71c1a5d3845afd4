"""Where the dead lie: stores, plots with their maps, and the burial behind its minimum set."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.remains import actions
from wayhome.bureau.remains.actions import why_not_bury_now
from wayhome.bureau.remains.models import Burial, Opening, Plot, Remains, Store
from wayhome.bureau.remains.printing import opened_grave_paper
from wayhome.bureau.remains.rules.burial import STORE_NAMES, StoreKind
from wayhome.bureau.staff.disclosure import shown
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_line
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import remains_found_page
from wayhome.web.console.forms.remains_found import (
    BuryForm,
    OpenForm,
    PlotForm,
    PutForm,
    StoreForm,
)
from wayhome.web.console.views.custody import show_on
from wayhome.web.console.views.remains import RECORD, SEE, answer, enter, look, one
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other
from wayhome.web.papers import to_read


@allowed(RECORD)
@once
def places(request: StaffRequest) -> HttpResponse:
    """The stores and plots that this person may see; below them a form for a new store."""
    form = StoreForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name, kind = clean_line(form.cleaned_data["name"]), form.cleaned_data["kind"]
        try:
            actions.open_store(name=name, kind=StoreKind(kind), by=request.user)
            return see_other("console:remains_places")
        except Refused as refused:
            show_on(form, refused)
    stores = Store.objects.visible_to(request.user).order_by("site", "name")
    plots = Plot.objects.visible_to(request.user).select_related("key").order_by("site", "name")
    context = {
        "form": form,
        "stores": [_store(each) for each in stores],
        "plots": [(shown(each, "file"), _lying(each).count()) for each in plots],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/remains/places.html", context, status=status)


def _store(store: Store) -> dict[str, Any]:
    return {
        "store": shown(store, "file"),
        "kind": STORE_NAMES[StoreKind(store.kind)],
        "held": store.stays.filter(ended_at=None).count(),
    }


@allowed(RECORD)
@once
def put(request: StaffRequest, remains_number: str) -> HttpResponse:
    """Put them into a store of one's own site."""
    this = one(request, remains_number)
    form = PutForm(request.POST if request.method == "POST" else None, by=request.user)

    def act() -> None:
        said = form.cleaned_data
        shelf = clean_line(said["shelf"])
        actions.put_into(remains=this, store=said["store"], shelf=shelf, by=request.user)

    return enter(request, "put", this, form, act)


@allowed(RECORD)
@once
def plot_new(request: StaffRequest) -> HttpResponse:
    """Lay a plot out."""
    form = PlotForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            plot = actions.lay_out_plot(ground=form.ground(), by=request.user)
            return see_other("console:plot", plot.pk)
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, "console/remains/plot_new.html", {"form": form}, status=status)


@allowed(SEE, methods=("GET",))
def plot(request: StaffRequest, plot_id: Any) -> HttpResponse:
    """A plot as a map and as a list of its graves."""
    rows = Plot.objects.visible_to(request.user).select_related("key", "site", "by")
    this = get_object_or_404(rows, pk=plot_id)
    journal.looked(subject=this, by=request.user, person="", purpose="remains")
    burials = list(_lying(this).select_related("key").order_by("row", "number"))
    theirs = Remains.objects.visible_to(request.user).filter(burials__in=burials)
    seen = dict(theirs.values_list("pk", "bureau_number"))
    context = {
        "plot": shown(this, "file"),
        "place": this.place or {},
        "map": remains_found_page.plot_map(this, burials, seen),
        "graves": [_grave(each, seen) for each in burials],
    }
    return render(request, "console/remains/plot.html", context)


def _lying(plot: Plot) -> "QuerySet[Burial]":
    """Whoever lies there now: whose grave was opened does not."""
    return plot.burials.filter(opened_at=None)


def _grave(burial: Burial, seen: dict[Any, str]) -> dict[str, Any]:
    return {
        "burial": shown(burial, "file"),
        "details": burial.details or {},
        "number": seen.get(burial.remains_id, ""),
    }


@allowed(RECORD)
@once
def bury(request: StaffRequest, remains_number: str) -> HttpResponse:
    """Bury them; whatever of the minimum set is missing stands above the form, with its article."""
    this = one(request, remains_number)
    refusals = why_not_bury_now(this)
    form = BuryForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            burial = actions.bury(remains=this, grave=form.grave(), by=request.user)
            return see_other("console:plot", burial.plot_id)
        except Refused as refused:
            refusals = [each for each in refused.refusals if not each.field]
            at_fields = [each for each in refused.refusals if each.field]
            if at_fields:
                show_on(form, Refused(*at_fields))
    elif request.method == "GET":
        look(request, this)
    return answer(request, "bury", this, form, refusals=refusals)


@allowed(RECORD)
@once
def open_grave(request: StaffRequest, remains_number: str) -> HttpResponse:
    """Open their grave; from then on they are in the hands of who opened it."""
    this = one(request, remains_number)
    form = OpenForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        actions.open_grave(remains=this, opened=form.opened(), by=request.user)

    return enter(request, "open", this, form, act)


def _opening(request: StaffRequest, opening_id: Any) -> Opening:
    rows = Opening.objects.visible_to(request.user).select_related(
        "key", "burial__remains__key", "burial__plot__key", "by", "second_by"
    )
    return get_object_or_404(rows, pk=opening_id)


@allowed(RECORD)
@once
def opening_sign(request: StaffRequest, opening_id: Any) -> HttpResponse:
    """The second of the two who were there reads what the first wrote, and signs."""
    opening = _opening(request, opening_id)
    remains = opening.burial.remains
    refusals: list[Any] = []
    if request.method == "POST":
        refusals = press(request, lambda: actions.sign_opening(opening=opening, by=request.user))
        if not refusals:
            return see_other("console:remains", remains.bureau_number)
    else:
        look(request, remains)
    row = remains_found_page.opening_row(opening, request.user)
    return answer(request, "open_sign", remains, IdempotentForm(), row=row, refusals=refusals)


@allowed(SEE, methods=("GET",))
def opening_paper(request: StaffRequest, opening_id: Any) -> HttpResponse:
    """The record of an opened grave, to print."""
    opening = _opening(request, opening_id)
    look(request, opening.burial.remains, "document")
    return to_read(opened_grave_paper(opening, request.LANGUAGE_CODE), "record.pdf")


urlpatterns = [
    path("remains/places/", places, name="remains_places"),
    path("remains/plots/new/", plot_new, name="plot_new"),
    path("remains/plots/<uuid:plot_id>/", plot, name="plot"),
    path("remains/openings/<uuid:opening_id>/", opening_sign, name="opening_sign"),
    path("remains/openings/<uuid:opening_id>/paper/", opening_paper, name="opening_paper"),
    path("remains/<str:remains_number>/opening/", open_grave, name="remains_open"),
    path("remains/<str:remains_number>/put/", put, name="remains_put"),
    path("remains/<str:remains_number>/burial/", bury, name="remains_bury"),
]
