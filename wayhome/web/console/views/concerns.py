"""What captives call wrong: lines of their cards for the registrar, complaints past the camp."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from wayhome.bureau.concerns import actions
from wayhome.bureau.concerns.models import Complaint, Objection
from wayhome.bureau.concerns.rules import ComplaintState, ObjectionState
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.captive_page import day
from wayhome.web.console.forms.captives import DATES
from wayhome.web.console.forms.concerns import AnswerForm, SettleForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.console.wording import CARD_FIELDS, SAID_WORDS
from wayhome.web.console.wording_concerns import COMPLAINTS, OBJECTIONS
from wayhome.web.console.wording_enquiries import LANGUAGES
from wayhome.web.once import once, see_other

COLUMNS = {"at": "at", "number": "captive__bureau_number", "state": "state"}


@allowed(Permission.CORRECT_CARD, methods=("GET",))
def objections(request: StaffRequest) -> HttpResponse:
    """Lines that men of this site called wrong: the open ones, unless all are asked for."""
    rows = Objection.objects.visible_to(request.user).select_related("captive")
    everything = bool(asked(request, "all"))
    rows = rows if everything else rows.open()
    page = page_of(request, sorted_by(request, rows, COLUMNS, "at"))
    context = {
        "page": page,
        "all": everything,
        "rows": [
            {
                "one": shown(one, "file"),
                "number": one.captive.bureau_number,
                "line": CARD_FIELDS[one.line],
                "state": OBJECTIONS[one.state],
            }
            for one in page.object_list
        ],
    }
    return render(request, "console/concerns/objections.html", context)


@allowed(Permission.CORRECT_CARD)
@once
def objection(request: StaffRequest, objection_id: Any) -> HttpResponse:
    """One line: what it said, what he says, what it says now; settled with a word to him."""
    rows = Objection.objects.visible_to(request.user).select_related("captive", "key", "card__key")
    one = get_object_or_404(rows, pk=objection_id)
    form = SettleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = ObjectionState(form.cleaned_data["outcome"])
            reason = form.cleaned_data["reason"]
            actions.settle_objection(objection=one, outcome=outcome, reason=reason, by=request.user)
            return see_other("console:objection", one.pk)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        number = one.captive.bureau_number
        journal.looked(subject=one, by=request.user, person=number, purpose="objection")
    context = {
        "form": form,
        "one": shown(one, "file"),
        "captive": shown(one.captive, "file"),
        "line": CARD_FIELDS[one.line],
        "state": OBJECTIONS[one.state],
        "is_open": one.state == ObjectionState.OPEN,
        "said_then": _as_written(one.line, actions.said_then(one), request.LANGUAGE_CODE),
        "says_now": _as_written(one.line, actions.says_now(one), request.LANGUAGE_CODE),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/concerns/objection.html", context, status=status)


def _as_written(line: str, text: str, language: str) -> Any:
    return SAID_WORDS.get(text) or (day(text, language) if line in DATES else text)


@allowed(Permission.READ_COMPLAINT, methods=("GET",))
def complaints(request: StaffRequest) -> HttpResponse:
    """Every complaint, the oldest unanswered first; no place, no name on the list."""
    rows = Complaint.objects.visible_to(request.user).select_related("captive")
    everything = bool(asked(request, "all"))
    rows = rows if everything else rows.open()
    page = page_of(request, sorted_by(request, rows, COLUMNS, "at"))
    context = {
        "page": page,
        "all": everything,
        "rows": [
            {
                "one": shown(one, "concern"),
                "number": one.captive.bureau_number,
                "language": LANGUAGES.get(one.language, one.language),
                "state": COMPLAINTS[one.state],
            }
            for one in page.object_list
        ],
    }
    return render(request, "console/concerns/complaints.html", context)


@allowed(Permission.READ_COMPLAINT)
@once
def complaint(request: StaffRequest, complaint_id: Any) -> HttpResponse:
    """One complaint, and the answer that he reads on his page."""
    rows = Complaint.objects.visible_to(request.user).select_related("captive", "key")
    one = get_object_or_404(rows, pk=complaint_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    number = one.captive.bureau_number
    if request.method == "POST" and form.is_valid():
        try:
            text = form.cleaned_data["text"]
            actions.answer_complaint(complaint=one, text=text, by=request.user)
            return see_other("console:complaint", one.pk)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        journal.looked(subject=one, by=request.user, person=number, purpose="complaint")
    context = {
        "form": form,
        "one": shown(one, "concern"),
        "number": number,
        "language": LANGUAGES.get(one.language, one.language),
        "state": COMPLAINTS[one.state],
        "is_open": one.state == ComplaintState.OPEN,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/concerns/complaint.html", context, status=status)


urlpatterns = [
    path("objections/", objections, name="objections"),
    path("objections/<uuid:objection_id>/", objection, name="objection"),
    path("complaints/", complaints, name="complaints"),
    path("complaints/<uuid:complaint_id>/", complaint, name="complaint"),
]
