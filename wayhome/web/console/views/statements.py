"""Statements about comrades: the neutral takes them, tracing reads them from one enquiry alone."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.statements import actions
from wayhome.bureau.statements.models import Statement
from wayhome.bureau.statements.rules import Seen, Tie, Verdict
from wayhome.lib.languages import LANGUAGE_NAMES
from wayhome.lib.refusal import Refusal, Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.captive_page import day
from wayhome.web.console.evidence import side_by_side, together
from wayhome.web.console.forms.statements import (
    SEEN,
    VERDICTS,
    StatementForm,
    TakeBackForm,
    WeighForm,
)
from wayhome.web.console.listing import page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.console.wording_statements import OTHER_LANGUAGE, TIES
from wayhome.web.once import once, see_other

TAKE, READ, COMRADES = (
    Permission.TAKE_STATEMENT,
    Permission.READ_STATEMENT,
    Permission.SEE_COMRADES,
)
COLUMNS = {"at": "at", "number": "captive__bureau_number"}
TOO_MANY = 429


@allowed(TAKE, methods=("GET",))
def statements(request: StaffRequest) -> HttpResponse:
    """What the neutrals took, the newest first. Tracing has no such list."""
    rows = Statement.objects.visible_to(request.user).select_related("captive", "before", "key")
    page = page_of(request, sorted_by(request, rows, COLUMNS, "-at"))
    context = {
        "page": page,
        "rows": [
            {"one": shown(one, "statement"), "number": one.captive.bureau_number,
             "seen": SEEN[Seen(one.seen)]}
            for one in page.object_list
        ],
    }  # fmt: skip
    return render(request, "console/statements/statements.html", context)


@allowed(TAKE)
@once
def take(request: StaffRequest, captive_number: str) -> HttpResponse:
    """What one captive says about one comrade. What is warned of once is kept when sent again."""
    rows = Captive.objects.visible_to(request.user).select_related("same_as", "key")
    captive = get_object_or_404(rows, bureau_number=captive_number).principal
    sent = request.POST if request.method == "POST" else None
    today = timezone.localdate().strftime("%d.%m.%Y")
    form = StatementForm(sent, initial={"told_on": today})
    warnings: list[Refusal] = []
    if request.method == "POST" and form.is_valid():
        account = form.told()
        try:
            warnings = actions.warnings_of(captive, account)
            if not warnings or form.cleaned_data["warned"]:
                new = actions.take_statement(captive=captive, account=account, by=request.user)
                return see_other("console:statement", new.pk)
            form = _warned(request, form)
        except Refused as refused:
            show_on(form, refused)
    context = {"form": form, "captive": shown(captive, "file"), "warnings": warnings}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/statements/take.html", context, status=status)


def _warned(request: StaffRequest, form: StatementForm) -> StatementForm:
    """The same form with what was written: sent once more it is kept as it stands."""
    sent = request.POST.copy()
    sent["warned"] = "1"
    again = StatementForm(sent)
    again.is_valid()
    return again


@allowed(TAKE)
@once
def statement(request: StaffRequest, statement_id: Any) -> HttpResponse:
    """One statement as it was taken; he may take it back on any day."""
    rows = Statement.objects.visible_to(request.user)
    one = get_object_or_404(rows.select_related("captive", "before", "key"), pk=statement_id)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.take_back_statement(statement=one, by=request.user)
        return see_other("console:statement", one.pk)
    if request.method == "GET":
        number = one.captive.bureau_number
        journal.looked(subject=one, by=request.user, person=number, purpose="statement")
    context = {
        **_facts(one, request.LANGUAGE_CODE),
        "form": form,
        "one": shown(one, "statement", "taking"),
        "captive": shown(one.captive, "file"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/statements/statement.html", context, status=status)


def _facts(one: Statement, language: str) -> dict[str, Any]:
    return {
        "seen": SEEN[Seen(one.seen)],
        "seen_on": day(one.seen_on, language),
        "born": day(one.born, language),
        "language": LANGUAGE_NAMES.get(one.language, OTHER_LANGUAGE) if one.language else "",
    }


def _enquiry(request: StaffRequest, enquiry_number: str) -> Enquiry:
    rows = Enquiry.objects.visible_to(request.user).select_related("key")
    return get_object_or_404(rows, bureau_number=enquiry_number)


@allowed(COMRADES, methods=("GET",))
def comrades(request: StaffRequest, enquiry_number: str) -> HttpResponse:
    """From one enquiry: what comrades said of him, and who they are. Each shown is counted."""
    enquiry = _enquiry(request, enquiry_number)
    refusals: list[Refusal] = []
    found: list[actions.Found] = []
    against = actions.why_not_see_comrades(enquiry, request.user)
    if against is None:
        try:
            found = actions.comrades_of(enquiry, by=request.user)
        except Refused as refused:
            refusals = list(refused.refusals)
    told = actions.told_of(enquiry, by=request.user)
    context = {
        "enquiry": shown(enquiry, "file"),
        "against": against,
        "refusals": refusals,
        "told": [_told(one, request.LANGUAGE_CODE) for one in told],
        "comrades": [
            {"man": shown(one.captive, "evidence"), "tie": TIES[Tie(one.tie)]} for one in found
        ],
    }
    status = TOO_MANY if refusals else 200
    return render(request, "console/statements/comrades.html", context, status=status)


def _told(one: actions.ToldOfHim, language: str) -> dict[str, Any]:
    return {
        "statement": shown(one.statement, "evidence"),
        "name": one.statement.name,
        "bits": one.bits,
        **_facts(one.statement, language),
    }


@allowed(COMRADES)
@once
def told_of_him(request: StaffRequest, enquiry_number: str, statement_id: Any) -> HttpResponse:
    """One statement beside the man sought: its evidence, for a person to judge."""
    enquiry = _enquiry(request, enquiry_number)
    told = actions.told_of(enquiry, by=request.user)
    one = next((each for each in told if each.statement.pk == statement_id), None)
    if one is None:
        raise Http404
    form = WeighForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            verdict, reason = Verdict(form.cleaned_data["verdict"]), form.cleaned_data["reason"]
            actions.weigh_statement(
                told=one, enquiry=enquiry, verdict=verdict, reason=reason, by=request.user
            )
            return see_other("console:told_of_him", enquiry.bureau_number, one.statement.pk)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        # In his name who said it too: he may ask who has read it.
        for number in (enquiry.bureau_number, one.statement.captive.bureau_number):
            journal.looked(
                subject=one.statement, by=request.user, person=number, purpose="statement"
            )
    return _beside(request, enquiry, one, form)


def _beside(
    request: StaffRequest, enquiry: Enquiry, one: actions.ToldOfHim, form: WeighForm
) -> HttpResponse:
    language = request.LANGUAGE_CODE
    sought, said = shown(enquiry, "file"), shown(one.statement, "evidence")
    rows = side_by_side(one.evidence, sought, said, language)
    weighed = actions.weighed_of(enquiry, one.statement, by=request.user)
    context = {
        **_facts(one.statement, language),
        "form": form,
        "enquiry": sought,
        "statement": said,
        "words": actions.for_tracing(one.statement),
        "rows": rows,
        "total": together(rows),
        "weighed": [
            {"one": shown(each, "judge"), "verdict": VERDICTS[Verdict(each.verdict)],
             "by": each.by.number}
            for each in weighed
        ],
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "console/statements/told_of_him.html", context, status=status)


urlpatterns = [
    path("statements/", statements, name="statements"),
    path("statements/<uuid:statement_id>/", statement, name="statement"),
    path("sittings/<str:captive_number>/statement/", take, name="statement_take"),
    path("enquiries/<str:enquiry_number>/comrades/", comrades, name="comrades"),
    path(
        "enquiries/<str:enquiry_number>/comrades/<uuid:statement_id>/",
        told_of_him,
        name="told_of_him",
    ),
]
