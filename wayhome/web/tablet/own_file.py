"""His file read to him, "this is wrong" on each line, who looked at it; his complaints."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.concerns import actions
from wayhome.bureau.concerns.models import Complaint, Objection
from wayhome.bureau.concerns.rules import ComplaintState, ObjectionState
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.consents.sittings import touch
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import ROLE_NAMES
from wayhome.lib.dates import DateUnreadable, PartialDate, display
from wayhome.lib.refusal import Refused
from wayhome.web.access import CaptiveRequest, captive
from wayhome.web.once import once, see_other
from wayhome.web.tablet.forms import ComplaintForm, WrongForm, show_on
from wayhome.web.tablet.words import COMPLAINTS, LINES, OBJECTIONS, SAID

DATES = frozenset({"born", "captured_on"})


def told_of_his_file(sitting: Sitting) -> dict[str, Any]:
    """What the screen "what is written about you" holds."""
    said = _objections(sitting)
    lines = [_line(line, text, said.get(line)) for line, text in actions.lines_of(sitting.captive)]
    looked = [
        {"role": ROLE_NAMES[one.role], "last_on": one.last_on}
        for one in actions.who_looked(sitting.captive)
    ]
    return {"lines": lines, "looked": looked}


def _objections(sitting: Sitting) -> dict[str, Objection]:
    """What he said last of each line."""
    rows = Objection.objects.visible_to(sitting).select_related("key").order_by("at")
    return {one.line: one for one in rows}


def _line(line: str, text: str, objection: Objection | None) -> dict[str, Any]:
    is_open = objection is not None and objection.state == ObjectionState.OPEN
    record = shown(objection, "file") if objection else None
    return {
        "line": line,
        "label": LINES[line],
        "said": SAID.get(text),
        "text": _day(text) if line in DATES else text,
        "objection": record,
        "state": OBJECTIONS[ObjectionState(objection.state)] if objection else "",
        "may_object": not is_open,
    }


def _day(text: str) -> str:
    try:
        return display(PartialDate(text), get_language() or "en")
    except DateUnreadable:
        return text


@captive(methods=("GET", "POST"))
@once
def wrong(request: CaptiveRequest, field: str) -> HttpResponse:
    """He says that one line is wrong; the card stays as it is until a clerk has looked at it."""
    sitting = request.sitting
    touch(sitting)
    written = dict(actions.lines_of(sitting.captive))
    if field not in written:
        raise Http404
    form = WrongForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.object_to_line(line=field, words=form.cleaned_data["words"], by=sitting)
            return see_other("tablet:step", "file")
        except Refused as refused:
            show_on(form, refused)
    context = {
        "form": form,
        "one": _line(field, written[field], _objections(sitting).get(field)),
        "back_url": reverse("tablet:step", args=["file"]),
        "stop_url": reverse("tablet:end"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tablet/wrong.html", context, status=status)


@captive(methods=("GET", "POST"))
@once
def complaints(request: CaptiveRequest) -> HttpResponse:
    """A complaint goes past the camp; what came of the earlier ones is read here."""
    sitting = request.sitting
    touch(sitting)
    form = ComplaintForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.complain(text=form.cleaned_data["text"], by=sitting)
            return see_other("tablet:complaints")
        except Refused as refused:
            show_on(form, refused)
    rows = Complaint.objects.visible_to(sitting).select_related("key").order_by("-at")
    context = {
        "form": form,
        "lead": COMPLAINT_LEAD,
        "kept": [(shown(one, "concern"), COMPLAINTS[ComplaintState(one.state)]) for one in rows],
        "back_url": reverse("tablet:allowed"),
        "stop_url": reverse("tablet:end"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tablet/complaints.html", context, status=status)


COMPLAINT_LEAD = (
    _("It goes past this place: only the auditor and the neutral person read it."),
    _("Nobody who decides about you can see that you complained, or of what."),
    _("You may complain as often as you like. It costs you nothing, even if you are mistaken."),
)
urlpatterns = [
    path("file/<str:field>/", wrong, name="wrong"),
    path("complaints/", complaints, name="complaints"),
]
