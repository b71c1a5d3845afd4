"""Plans of journeys: who travels, what a plan says, what if, publish."""

from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys import plans as actions
from wayhome.bureau.journeys.models import Crossing, Party, Plan
from wayhome.bureau.journeys.parties import granted, keep_party
from wayhome.bureau.journeys.publishing import publish_plan, why_not_publish_now
from wayhome.bureau.journeys.rules.plans import PLAN_STATES, PlanState
from wayhome.bureau.matches.search import captives_named
from wayhome.bureau.returns.facts import is_open, she_comes
from wayhome.bureau.returns.models import Application
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.plans import (
    NewPlanForm,
    PartyForm,
    PinForm,
    PlanForm,
    SupposeForm,
)
from wayhome.web.console.listing import ROWS_A_PAGE, asked, page_of, sorted_by
from wayhome.web.console.plan_page import PlanPage
from wayhome.web.console.views.custody import show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other

PLAN = Permission.PLAN_JOURNEYS
TAGS = {
    PlanState.DRAFT: "soon",
    PlanState.IMPROVING: "now",
    PlanState.PUBLISHED: "done",
    PlanState.REPLACED: "done",
    PlanState.DROPPED: "done",
}
PLANS = {"made": "made_at", "first": "first_on"}
MADE = {"made": "made_at"}


def _status(request: StaffRequest) -> int:
    return 422 if request.method == "POST" else 200


# Who travels.


@allowed(PLAN, methods=("GET",))
def parties(request: StaffRequest) -> HttpResponse:
    """Families whose road was opened: of whom it is known who travels, and of whom not."""
    rows = granted()
    if text := asked(request, "q"):
        rows = rows.filter(captive__in=captives_named(text))
    state = asked(request, "state")
    known = Party.objects.values("pk")
    if state == "asked":
        rows = rows.filter(enquiry__enquirer__in=known)
    elif state == "unasked":
        rows = rows.exclude(enquiry__enquirer__in=known)
    page = page_of(request, sorted_by(request, rows, MADE, "made"))
    told = Party.objects.visible_to(request.user).select_related("key").in_bulk(
        [one.enquiry.enquirer_id for one in page.object_list]
    )  # fmt: skip
    context = {
        "page": page,
        "rows": [_party(one, told.get(one.enquiry.enquirer_id)) for one in page.object_list],
        "states": [("unasked", _("Not known yet")), ("asked", _("Known who travels"))],
        "q": text,
    }
    return render(request, "console/journeys/parties.html", context)


def _party(application: Application, party: Party | None) -> dict[str, Any]:
    return {
        "application": application,
        "captive": application.captive,
        "party": party.told if party else None,
        "comes": she_comes(application),
        "is_open": is_open(application),
    }


@allowed(PLAN)
@once
def party(request: StaffRequest, application_id: Any) -> HttpResponse:
    """Who travels with her, from where, and when."""
    one = get_object_or_404(granted(), pk=application_id)
    assert one.enquiry is not None, "granted() names a family's"
    assert one.captive is not None, "granted() names a man"
    kept = Party.objects.visible_to(request.user).filter(pk=one.enquiry.enquirer_id).first()
    first = PartyForm.initial_of(kept.told if kept else None, one.enquiry.enquirer.language)
    form = PartyForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            keep_party(application=one, told=form.told(), by=request.user)
            return see_other("console:parties")
        except Refused as refused:
            show_on(form, refused)
    if request.method == "GET":
        number = one.captive.bureau_number
        journal.looked(subject=one, by=request.user, person=number, purpose="application")
    context = {**_party(one, kept), "form": form}
    return render(request, "console/journeys/party.html", context, status=_status(request))


# Plans.


@allowed(PLAN)
@once
def plans(request: StaffRequest) -> HttpResponse:
    """Make one; below it those that were made."""
    first = {"first_on": timezone.localdate() + timedelta(days=1)}
    form = NewPlanForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("first_on", "days")}
        try:
            return see_other("console:plan", actions.make_plan(**told, by=request.user).pk)
        except Refused as refused:
            show_on(form, refused)
    rows = Plan.objects.visible_to(request.user).exclude(state=PlanState.DROPPED)
    if (state := asked(request, "state")) in [each.value for each in PlanState]:
        rows = rows.filter(state=state)
    rows = rows.select_related("made_by").defer("problem", "promised", "result")
    page = page_of(request, sorted_by(request, rows, PLANS, "-made"))
    context = {
        "form": form,
        "page": page,
        "rows": [_row(one) for one in page.object_list],
        "states": [
            (each.value, PLAN_STATES[each]) for each in PlanState if each != PlanState.DROPPED
        ],
        "state": state,
    }
    return render(request, "console/journeys/plans.html", context, status=_status(request))


def _row(one: Plan) -> dict[str, Any]:
    state = PlanState(one.state)
    return {
        "plan": shown(one, "file"),
        "last_on": one.last_on,
        "state": PLAN_STATES[state],
        "tag": TAGS[state],
        "supposes": one.supposed is not None,
    }


def _one(request: StaffRequest, plan_id: Any) -> Plan:
    rows = Plan.objects.visible_to(request.user).exclude(state=PlanState.DROPPED)
    rows = rows.select_related("key", "made_by", "published_by", "base")
    return get_object_or_404(rows, pk=plan_id)


@allowed(PLAN)
@once
def plan(request: StaffRequest, plan_id: Any) -> HttpResponse:
    """One plan: its calendar, who travels when and why, who not yet; what to do with it."""
    one = _one(request, plan_id)
    form = PlanForm(request.POST if request.method == "POST" else None)
    refusals: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _do(request, one, form)
        except Refused as refused:
            refusals = list(refused.refusals)
    return _page(request, one, form=form, refusals=refusals)


def _do(request: StaffRequest, one: Plan, form: PlanForm) -> HttpResponse:
    what = form.cleaned_data["do"]
    if what == PlanForm.DROP:
        actions.drop_plan(plan=one, by=request.user)
        return see_other("console:plans")
    if what == PlanForm.STOP:
        actions.stop_improving(plan=one, by=request.user)
    else:
        actions.improve_plan(plan=one, seconds=form.seconds_to_seek(), by=request.user)
    return see_other("console:plan", one.pk)


def _page(request: StaffRequest, one: Plan, **more: Any) -> HttpResponse:
    told, is_draft = PlanPage(one), one.state == PlanState.DRAFT
    crossings, days = told.calendar()
    rows, on, at = told.rows(), asked(request, "on"), asked(request, "at")
    if on:
        rows = [row for row in rows if row.day.isoformat() == on]
    if at:
        rows = [row for row in rows if row.code_of["crossing"] == at]
    if text := asked(request, "q"):
        rows = [row for row in rows if text.casefold() in told.title_of(row.code).casefold()]
    context = {
        **_row(one),
        "base": one.base_id,
        "supposed": one.supposed and _supposed(one.supposed),
        "crossings": crossings,
        "days": days,
        "page": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "unplaced": told.unplaced(),
        "promises": told.promises(),
        "gap": round(100 * one.result["gap"], 1),
        "ended": one.result["ended"],
        "progress": min(100, round(100 * one.elapsed / max(1, one.seconds))),
        "is_draft": is_draft,
        "became": told.became(asked(request, "chosen")) if is_draft else None,
        "against": why_not_publish_now(one) if is_draft and one.supposed is None else [],
        "form": PlanForm(),
        "pin_form": PinForm(auto_id="pin_%s", families=told.families()),
        "suppose_form": SupposeForm(auto_id="suppose_%s"),
        "publish_form": IdempotentForm(auto_id="publish_%s"),
        "q": text,
        "on": on,
        "at": at,
        **more,
    }
    return render(request, "console/journeys/plan.html", context, status=_status(request))


def _supposed(told: dict[str, str]) -> dict[str, Any]:
    closed = Crossing.objects.filter(pk=told["crossing"]).first()
    days = {name: date.fromisoformat(told[name]) for name in ("from_on", "until_on")}
    return {"name": closed.name if closed else "–", **days}


@allowed(PLAN, methods=("POST",), form_at="console:plan")
@once
def pin(request: StaffRequest, plan_id: Any) -> HttpResponse:
    """A person chooses the day of a family; all others are planned anew around it."""
    one = _one(request, plan_id)
    families = PlanPage(one).families()
    form = PinForm(request.POST, auto_id="pin_%s", families=families)
    if form.is_valid():
        family, day = form.cleaned_data["family"], form.cleaned_data["day"]
        try:
            actions.pin_family(plan=one, family=family, day=day, by=request.user)
            return see_other(f"{reverse('console:plan', args=[one.pk])}?chosen={family}")
        except Refused as refused:
            show_on(form, refused)
    return _page(request, one, pin_form=form)


@allowed(PLAN, methods=("POST",), form_at="console:plan")
@once
def suppose(request: StaffRequest, plan_id: Any) -> HttpResponse:
    """What if this crossing were closed: a plan beside this one."""
    one = _one(request, plan_id)
    form = SupposeForm(request.POST, auto_id="suppose_%s")
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("crossing", "from_on", "until_on")}
        try:
            made = actions.suppose(plan=one, supposed=actions.Supposed(**told), by=request.user)
            return see_other("console:plan", made.pk)
        except Refused as refused:
            show_on(form, refused)
    return _page(request, one, suppose_form=form)


@allowed(PLAN, methods=("POST",), form_at="console:plan")
@once
def publish(request: StaffRequest, plan_id: Any) -> HttpResponse:
    """Promise these days, and tell whomever they concern."""
    one = _one(request, plan_id)
    refusals = press(request, lambda: publish_plan(plan=one, by=request.user))
    if not refusals:
        return see_other("console:journeys")
    return _page(request, one, refusals=refusals)


urlpatterns = [
    path("journeys/travellers/", parties, name="parties"),
    path("journeys/travellers/<uuid:application_id>/", party, name="party"),
    path("journeys/plans/", plans, name="plans"),
    path("journeys/plans/<uuid:plan_id>/", plan, name="plan"),
    path("journeys/plans/<uuid:plan_id>/pin/", pin, name="plan_pin"),
    path("journeys/plans/<uuid:plan_id>/suppose/", suppose, name="plan_suppose"),
    path("journeys/plans/<uuid:plan_id>/publish/", publish, name="plan_publish"),
]
