"""The danger of return: what he fears, sealed, and the legal officer's assessment of every man."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.consents.actions import assess_danger
from wayhome.bureau.consents.models import DangerAssessment, FearAnswer, of_same_man
from wayhome.bureau.consents.rules import Danger, Fear
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.returns.queries import to_assess
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.danger import FEARS, FINDINGS, AssessmentForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.once import once, see_other

COLUMNS = {"registered": "registered_at", "number": "bureau_number"}
WHO = (Permission.SEE_FEAR, Permission.ASSESS_DANGER)


@allowed(*WHO, methods=("GET",))
def danger(request: StaffRequest) -> HttpResponse:
    """Every man who must be assessed before he can go anywhere; or all men, by number."""
    rows = Captive.objects.visible_to(request.user).filter(same_as=None)
    if text := asked(request, "q"):
        rows = rows.filter(bureau_number__istartswith=text)
    else:
        rows = rows.filter(to_assess(timezone.localdate()))
    page = page_of(request, sorted_by(request, rows, COLUMNS, "registered"))
    context = {"page": page, "men": [shown(each, "file") for each in page.object_list], "q": text}
    return render(request, "console/danger/men.html", context)


@dataclass(frozen=True)
class Said:
    """One sealed answer or finding, in words."""

    at: datetime
    finding: Any
    words: str
    by: str = ""


@allowed(*WHO, methods=("GET",))
def man(request: StaffRequest, captive_number: str) -> HttpResponse:
    captive = _man(request, captive_number)
    return _page(request, captive)


@allowed(Permission.ASSESS_DANGER)
@once
def assess(request: StaffRequest, captive_number: str) -> HttpResponse:
    captive = _man(request, captive_number)
    form = AssessmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        finding, reasons = form.cleaned_data["danger"], form.cleaned_data["reasons"]
        try:
            assess_danger(captive=captive, danger=Danger(finding), reasons=reasons, by=request.user)
            return see_other("console:danger_man", captive.bureau_number)
        except Refused as refused:
            return _page(request, captive, form=form, refusals=refused.refusals)
    return _page(request, captive, form=form)


def _man(request: StaffRequest, captive_number: str) -> Captive:
    rows = Captive.objects.visible_to(request.user).select_related("same_as")
    return get_object_or_404(rows, bureau_number=captive_number).principal


def _page(request: StaffRequest, captive: Captive, **more: Any) -> HttpResponse:
    """His fear is opened here and nowhere else, and the look is in the journal.

    A refused form is shown without it: it writes nothing, so it opens nothing.
    """
    status = 422 if request.method == "POST" else 200
    context = {
        "captive": shown(captive, "file"),
        "may_assess": request.user.may(Permission.ASSESS_DANGER),
        **more,
    }
    if request.method != "POST":
        context |= {"is_opened": True, **_opened(request, captive)}
    return render(request, "console/danger/man.html", context, status=status)


def _opened(request: StaffRequest, captive: Captive) -> dict[str, Any]:
    journal.looked(
        subject=captive, by=request.user, person=captive.bureau_number, purpose="danger of return"
    )
    fears = FearAnswer.objects.visible_to(request.user).filter(of_same_man(captive))
    found = DangerAssessment.objects.visible_to(request.user).filter(of_same_man(captive))
    return {
        "fears": [_fear(each) for each in fears.select_related("key").order_by("-at")],
        "findings": [_finding(each) for each in found.select_related("key", "by").order_by("-at")],
    }


def _fear(each: FearAnswer) -> Said:
    return Said(each.at, FEARS[Fear(each.answer["fear"])], each.answer["words"])


def _finding(each: DangerAssessment) -> Said:
    danger = FINDINGS[Danger(each.finding["danger"])]
    return Said(each.at, danger, each.finding["reasons"], each.by.number)


urlpatterns = [
    path("danger/", danger, name="danger"),
    path("danger/<str:captive_number>/", man, name="danger_man"),
    path("danger/<str:captive_number>/assessment/", assess, name="danger_assess"),
]
