"""The roads home: the table by which each opens, what stands against each for one man, findings."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import Purpose
from wayhome.bureau.returns.actions import open_by_law, why_not_open_by_law_for
from wayhome.bureau.returns.facts import facts_of, facts_of_man
from wayhome.bureau.returns.grounds import (
    check_ground,
    end_ground,
    keep_finding,
    record_ground,
)
from wayhome.bureau.returns.models import READS_ROADS, Application, Finding, Ground
from wayhome.bureau.returns.queries import without_plan
from wayhome.bureau.returns.rules import (
    ROAD_NAMES,
    TABLE,
    WHOSE_NAMES,
    Facts,
    Reason,
    Road,
    by_when,
    reasons_against,
)
from wayhome.bureau.returns.rules.grounds import (
    FINDING_NAMES,
    GROUND_NAMES,
    VALUES,
    FindingKind,
    GroundKind,
)
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.jurisdiction import profile
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.roads import CheckForm, EndForm, FindingForm, GroundForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import look, one, show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other

LEGAL, SEE = Permission.ASSESS_DANGER, Permission.SEE_APPLICATION
PLAN = Permission.SET_APPOINTMENT
PLANS = {"registered": "registered_at", "number": "bureau_number"}
CHECK, END = "check_%s", "end_%s"  # two forms on one page
GROUNDS = {"from": "from_on", "kind": "kind"}


@allowed(*READS_ROADS, methods=("GET",))
def table(request: StaffRequest) -> HttpResponse:
    """The decision table itself, row by row, as the rules have it."""
    within = profile().within
    context = {
        "roads": list(ROAD_NAMES.values()),
        "rows": [
            {
                "reason": row.reason,
                "whose": WHOSE_NAMES[row.reason.whose],
                "days": within.get(row.reason.whose.value),
                "on": [road in row.roads for road in Road],
            }
            for row in TABLE
        ],
    }
    return render(request, "console/roads/table.html", context)


@allowed(SEE, LEGAL, methods=("GET",))
def of_man(request: StaffRequest, captive_number: str) -> HttpResponse:
    """Each road for one man, with everything against it that this reader may read."""
    man = get_object_or_404(_men(request), bureau_number=captive_number)
    look(request, man, Purpose.RETURN)
    return _page_of_man(request, man)


def _page_of_man(request: StaffRequest, man: Captive, **more: Any) -> HttpResponse:
    application = _application_of(man)
    facts = facts_of(application, None) if application else facts_of_man(man, None)
    since = timezone.localdate(application.made_at) if application else timezone.localdate()
    context = {
        "captive": man,
        "application": application,
        "open_form": IdempotentForm(),
        "may_open": request.user.may(PLAN) and why_not_open_by_law_for(man) is None,
        "roads": [
            (name, [_told(reason, since) for reason in _against(facts, road)])
            for road, name in ROAD_NAMES.items()
        ],
        "may_assess": request.user.may(LEGAL),
        **more,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/roads/man.html", context, status=status)


@allowed(PLAN, methods=("POST",), form_at="console:roads_of")
@once
def open_file(request: StaffRequest, captive_number: str) -> HttpResponse:
    """Hostilities have ended and nobody asked for him: his file is opened all the same."""
    man = get_object_or_404(_men(request), bureau_number=captive_number)
    refusals = press(request, lambda: open_by_law(captive=man, by=request.user))
    if refusals:
        return _page_of_man(request, man, refusals=refusals)
    made = Application.objects.visible_to(request.user).filter(by_law=True, captive=man)
    return see_other("console:application", made.latest("made_at").pk)


def _against(facts: Facts, road: Road) -> list[Reason]:
    return reasons_against(replace(facts, road=road))


def _told(reason: Reason, since: date) -> dict[str, Any]:
    return {
        "reason": reason,
        "whose": WHOSE_NAMES[reason.whose],
        "by": by_when(reason, since, profile().within),
    }


def _men(request: StaffRequest) -> "QuerySet[Captive]":
    """The legal officer's are all; others' are those who applied, or who wait for a plan."""
    if request.user.may(LEGAL):
        return Captive.objects.visible_to(request.user).filter(same_as=None)
    applied = Application.objects.visible_to(request.user).filter(captive__isnull=False)
    theirs = Captive.objects.filter(pk__in=applied.values("captive"))
    return theirs | Captive.objects.filter(pk__in=without_plan(timezone.localdate()).values("pk"))


def _application_of(man: Captive) -> Application | None:
    """The last by which he may go home, for whoever reads applications."""
    rows = Application.objects.that_may_lead_home().filter(captive__in=man.all_records())
    rows = rows.select_related("captive__key", "enquiry", "key")
    return rows.order_by("-made_at").first()


@allowed(SEE, LEGAL, methods=("GET",))
def no_plan(request: StaffRequest) -> HttpResponse:
    """Once hostilities have ended: every file without a day home (GC III 118)."""
    today = timezone.localdate()
    rows = without_plan(today)
    if text := asked(request, "q"):
        rows = rows.filter(bureau_number__istartswith=text)
    page = page_of(request, sorted_by(request, rows, PLANS, "registered"))
    context = {
        "page": page,
        "men": page.object_list,
        "ended_on": Ground.objects.hostilities_ended_on(today),
        "q": text,
    }
    return render(request, "console/roads/without_plan.html", context)


# Acts of law.


@allowed(LEGAL)
@once
def grounds(request: StaffRequest) -> HttpResponse:
    """The register of agreements and laws, and one more."""
    form = GroundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return see_other("console:ground", record_ground(act=form.act(), by=request.user).pk)
        except Refused as refused:
            show_on(form, refused)
    rows = sorted_by(request, Ground.objects.visible_to(request.user), GROUNDS, "-from")
    page = page_of(request, rows)
    context = {"page": page, "rows": [_ground(each) for each in page.object_list], "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/roads/grounds.html", context, status=status)


def _ground(ground: Ground) -> dict[str, Any]:
    signer = profile().authority(ground.signed_by)
    return {
        "one": shown(ground, "file"),
        "kind": GROUND_NAMES[GroundKind(ground.kind)],
        "signed_by": signer or ground.signed_by,
    }


def _its_page(request: StaffRequest, found: Ground, **more: Any) -> HttpResponse:
    mine = found.recorded_by_id == request.user.pk
    context = {
        **_ground(found),
        "waits": found.checked_at is None and found.ended_at is None,
        "mine": mine,
        "check_form": CheckForm(auto_id=CHECK),
        "end_form": EndForm(auto_id=END),
        **more,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/roads/ground.html", context, status=status)


def _one_ground(request: StaffRequest, ground_id: Any) -> Ground:
    rows = Ground.objects.visible_to(request.user)
    rows = rows.select_related("recorded_by", "checked_by", "ended_by")
    return get_object_or_404(rows, pk=ground_id)


@allowed(LEGAL, methods=("GET",))
def ground(request: StaffRequest, ground_id: Any) -> HttpResponse:
    return _its_page(request, _one_ground(request, ground_id))


@allowed(LEGAL, methods=("POST",), form_at="console:ground")
@once
def ground_check(request: StaffRequest, ground_id: Any) -> HttpResponse:
    found, form = _one_ground(request, ground_id), CheckForm(request.POST, auto_id=CHECK)
    if form.is_valid():
        improves = form.cleaned_data["only_improves"] == "yes"
        try:
            check_ground(ground=found, only_improves=improves, by=request.user)
            return see_other("console:ground", found.pk)
        except Refused as refused:
            show_on(form, refused)
    return _its_page(request, found, check_form=form)


@allowed(LEGAL, methods=("POST",), form_at="console:ground")
@once
def ground_end(request: StaffRequest, ground_id: Any) -> HttpResponse:
    found, form = _one_ground(request, ground_id), EndForm(request.POST, auto_id=END)
    if form.is_valid():
        try:
            end_ground(ground=found, reason=form.cleaned_data["reason"], by=request.user)
            return see_other("console:ground", found.pk)
        except Refused as refused:
            show_on(form, refused)
    return _its_page(request, found, end_form=form)


# Findings about one man: of the physician, of the legal officer, of the neutral.


def _findings(
    request: StaffRequest, captive_number: str, permission: Permission, purpose: Purpose
) -> HttpResponse:
    man = one(request, captive_number)
    form = FindingForm(request.POST if request.method == "POST" else None, permission=permission)
    if request.method == "POST" and form.is_valid():
        try:
            keep_finding(captive=man, found=form.found(), by=request.user)
            return see_other(request.path)
        except Refused as refused:
            show_on(form, refused)
    context: dict[str, Any] = {"captive": shown(man, "file"), "form": form}
    if request.method == "GET":  # a refused form opens nothing
        look(request, man, purpose)
        context["findings"] = [_finding(each) for each in _kept(request, man)]
    status = 422 if request.method == "POST" else 200
    return render(request, "console/roads/findings.html", context, status=status)


def _kept(request: StaffRequest, man: Captive) -> "QuerySet[Finding]":
    rows = Finding.objects.visible_to(request.user).filter(captive__in=man.all_records())
    return rows.select_related("key", "by").order_by("-at")


def _finding(each: Finding) -> dict[str, Any]:
    kind = FindingKind(each.kind)
    return {
        "one": shown(each, "finding"),
        "kind": FINDING_NAMES[kind],
        "value": VALUES[kind][each.told["value"]],
        "words": each.told["words"],
    }


@allowed(Permission.NOTE_HEALTH)
@once
def health(request: StaffRequest, captive_number: str) -> HttpResponse:
    """What the physician finds: fitness, the findings of GC III 110, who is proposed."""
    return _findings(request, captive_number, Permission.NOTE_HEALTH, Purpose.HEALTH)


@allowed(LEGAL)
@once
def legal(request: StaffRequest, captive_number: str) -> HttpResponse:
    """What the legal officer finds: a court, retained personnel, limits of a programme."""
    return _findings(request, captive_number, LEGAL, Purpose.PROTECTION)


@allowed(Permission.OPEN_SITTING)
@once
def neutral(request: StaffRequest, captive_number: str) -> HttpResponse:
    """What the neutral heard: a guardian's word, a word of honour."""
    return _findings(request, captive_number, Permission.OPEN_SITTING, Purpose.RETURN)


urlpatterns = [
    path("roads/", table, name="roads"),
    path("roads/without-plan/", no_plan, name="without_plan"),
    path("roads/grounds/", grounds, name="grounds"),
    path("roads/grounds/<uuid:ground_id>/", ground, name="ground"),
    path("roads/grounds/<uuid:ground_id>/check/", ground_check, name="ground_check"),
    path("roads/grounds/<uuid:ground_id>/end/", ground_end, name="ground_end"),
    path("roads/of/<str:captive_number>/", of_man, name="roads_of"),
    path("roads/of/<str:captive_number>/open/", open_file, name="roads_open"),
    path("roads/health/<str:captive_number>/", health, name="roads_health"),
    path("roads/legal/<str:captive_number>/", legal, name="roads_legal"),
    path("roads/neutral/<str:captive_number>/", neutral, name="roads_neutral"),
]
