"""Deaths and injuries that are looked into outside the camp: who leads, who was heard, what for."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from wayhome.bureau.captives.rules import Purpose
from wayhome.bureau.inquests import actions
from wayhome.bureau.inquests.models import Inquest, InquestQuerySet
from wayhome.bureau.inquests.printing import report_paper
from wayhome.bureau.inquests.rules import (
    ABOUT_NAMES,
    FINDING_NAMES,
    SOURCE_NAMES,
    STATE_NAMES,
    About,
    Finding,
    Source,
    State,
)
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.numbers import parse, parse_begun
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_text
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.inquests import AskForm, HearForm, ReportForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views import custody
from wayhome.web.console.views.custody import show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other
from wayhome.web.papers import to_read

SEE, LEAD = Permission.SEE_INQUEST, Permission.LEAD_INQUEST
COLUMNS = {"number": "captive__bureau_number", "opened": "opened_at", "about": "about"}


@allowed(SEE, methods=("GET",))
def inquests(request: StaffRequest) -> HttpResponse:
    """Every enquiry, the oldest without a report first; no name and no place on the list."""
    rows = _filtered(request, Inquest.objects.visible_to(request.user))
    joined = rows.select_related("captive", "lead")
    page = page_of(request, sorted_by(request, joined, COLUMNS, "opened"))
    context = {
        "page": page,
        "rows": [_row(each) for each in page.object_list],
        "states": [(state.value, words) for state, words in STATE_NAMES.items()],
        "filtered": any(asked(request, name) for name in ("q", "state")),
    }
    return render(request, "console/inquests/list.html", context)


def _filtered(request: StaffRequest, rows: InquestQuerySet) -> InquestQuerySet:
    state = asked(request, "state")
    if state == State.WAITS:
        rows = rows.open().not_led()
    elif state == State.LED:
        rows = rows.open().exclude(lead=None)
    elif state == State.REPORTED:
        rows = rows.reported()
    text = asked(request, "q")
    if not text:
        return rows
    begun = str(parse(text) or "") or parse_begun(text)
    return rows.filter(captive__bureau_number__startswith=begun) if begun else rows.none()


def _row(inquest: Inquest) -> dict[str, Any]:
    state = inquest.state()
    return {
        "inquest": shown(inquest, "inquest"),
        "number": inquest.captive.bureau_number,
        "about": ABOUT_NAMES[About(inquest.about)],
        "state": STATE_NAMES[state],
        "code": state.value,
        "lead": inquest.lead.number if inquest.lead else "",
    }


def _one(request: StaffRequest, inquest_id: Any) -> Inquest:
    rows = Inquest.objects.visible_to(request.user)
    joined = rows.select_related("key", "captive__key", "event", "lead", "opened_by")
    return get_object_or_404(joined, pk=inquest_id)


def _look(request: StaffRequest, this: Inquest, purpose: str = "enquiry outside the camp") -> None:
    number = this.captive.bureau_number
    journal.looked(subject=this, by=request.user, person=number, purpose=purpose)


def _head(this: Inquest) -> dict[str, Any]:
    return {**_row(this), "captive": shown(this.captive, "evidence")}


@allowed(SEE, methods=("GET",))
def inquest(request: StaffRequest, inquest_id: Any) -> HttpResponse:
    """One page: what it is about, every statement, every report, what may follow."""
    this = _one(request, inquest_id)
    _look(request, this)
    return _page(request, this)


def _page(request: StaffRequest, this: Inquest, **more: Any) -> HttpResponse:
    person = request.user
    may_lead = person.may(LEAD)
    context = {
        **_head(this),
        "statements": [
            {"one": shown(one, "inquest"), "source": SOURCE_NAMES[Source(one.source)]}
            for one in this.testimonies.select_related("key", "by")
        ],
        "reports": [
            {"one": shown(one, "inquest"), "finding": FINDING_NAMES[Finding(one.finding)]}
            for one in this.reports.select_related("key", "by").order_by("-number")
        ],
        "may_lead": may_lead,
        "leads": this.lead_id == person.pk,
        "why_not_lead": actions.why_not_lead_this(this, person) if may_lead else None,
        "press": IdempotentForm(auto_id=False),
    }
    status = 422 if more else 200
    return render(request, "console/inquests/inquest.html", {**context, **more}, status=status)


@allowed(LEAD, methods=("POST",), form_at="console:inquest")
@once
def lead(request: StaffRequest, inquest_id: Any) -> HttpResponse:
    """Take the lead of an enquiry."""
    this = _one(request, inquest_id)
    refusals = press(request, lambda: actions.lead(inquest=this, by=request.user))
    if not refusals:
        return see_other("console:inquest", this.pk)
    return _page(request, this, refusals=refusals)


def _enter(
    request: StaffRequest, name: str, this: Inquest, form: Any, act: Callable[[], object]
) -> HttpResponse:
    """Do what a form of who leads says, once it is sent and right; else the page with the form."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
            return see_other("console:inquest", this.pk)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        _look(request, this)
    status = 422 if request.method == "POST" else 200
    page = f"console/inquests/{name}.html"
    return render(request, page, {"form": form, **_head(this)}, status=status)


@allowed(LEAD)
@once
def hear(request: StaffRequest, inquest_id: Any) -> HttpResponse:
    """Write down what a witness, a physician or a place says."""
    this = _one(request, inquest_id)
    form = HearForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        actions.hear(inquest=this, said=form.said(), by=request.user)

    return _enter(request, "hear", this, form, act)


@allowed(LEAD)
@once
def report(request: StaffRequest, inquest_id: Any) -> HttpResponse:
    """Say what was found; a later report supersedes the one before."""
    this = _one(request, inquest_id)
    form = ReportForm(
        request.POST if request.method == "POST" else None, supersedes=this.reports.exists()
    )

    def act() -> None:
        actions.report(inquest=this, reported=form.reported(), by=request.user)

    return _enter(request, "report", this, form, act)


@allowed(SEE, methods=("GET",))
def paper(request: StaffRequest, inquest_id: Any) -> HttpResponse:
    """The last report with its statements, to print and to send to the Protecting Power."""
    this = _one(request, inquest_id)
    if this.last_report() is None:
        raise Http404
    _look(request, this, "document")
    return to_read(report_paper(this, request.LANGUAGE_CODE), "report.pdf")


@allowed(Permission.ASK_FOR_INQUEST)
@once
def ask(request: StaffRequest, captive_number: str) -> HttpResponse:
    """Ask for an enquiry into an injury; who works in the camp does not see what comes of it."""
    man = custody.one(request, captive_number)
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            what = clean_text(form.cleaned_data["what"])
            actions.ask_for_inquest(captive=man, what=what, by=request.user)
            return see_other("console:captive", man.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        custody.look(request, man, Purpose.PROTECTION)
    context = {"form": form, "captive": shown(man, "file")}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/inquests/ask.html", context, status=status)


urlpatterns = [
    path("inquests/", inquests, name="inquests"),
    path("inquests/<uuid:inquest_id>/", inquest, name="inquest"),
    path("inquests/<uuid:inquest_id>/lead/", lead, name="inquest_lead"),
    path("inquests/<uuid:inquest_id>/statement/", hear, name="inquest_hear"),
    path("inquests/<uuid:inquest_id>/report/", report, name="inquest_report"),
    path("inquests/<uuid:inquest_id>/paper/", paper, name="inquest_paper"),
    path("captives/<str:captive_number>/inquest/", ask, name="inquest_ask"),
]
