"""For a man who cannot decide: a neutral proposes, a physician of his site agrees; a week long."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.consents.actions import matches_of
from wayhome.bureau.consents.in_his_place import (
    agree_for_him,
    decide_for_him,
    end_decision,
    unable_note,
)
from wayhome.bureau.consents.models import DecisionForHim, of_same_man
from wayhome.bureau.consents.rules import IN_HIS_INTEREST_FOR, Kind, Unable, may_be_a_child
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Match
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.concerns import KINDS, WHY, AgreeForm, EndForm, ForHimForm
from wayhome.web.console.listing import page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.once import once, see_other

DECIDES, AGREES = Permission.OPEN_SITTING, Permission.NOTE_HEALTH
NOBODY = _("No family waits that may be told of him.")
COLUMNS = {"at": "proposed_at", "number": "captive__bureau_number"}


@allowed(DECIDES, AGREES, methods=("GET",))
def in_his_place(request: StaffRequest) -> HttpResponse:
    """What is decided in the place of others: what waits for a physician, and what holds."""
    rows = DecisionForHim.objects.visible_to(request.user).filter(ended_at=None)
    rows = rows.select_related("captive")
    page = page_of(request, sorted_by(request, rows, COLUMNS, "-at"))
    context = {"page": page, "rows": [_row(one) for one in page.object_list]}
    return render(request, "console/in_his_place/list.html", context)


def _row(decision: DecisionForHim) -> dict[str, Any]:
    """Without the family: the physician decides what is good for him, not for whom."""
    return {
        "one": shown(decision, "health"),
        "number": decision.captive.bureau_number,
        "kind": KINDS[Kind(decision.kind)],
        "why": WHY[Unable(decision.why)],
        "waits": decision.agreed_at is None and decision.ended_at is None,
        "over": decision.until is not None and decision.until <= timezone.now(),
    }


@allowed(DECIDES)
@once
def for_him(request: StaffRequest, captive_number: str) -> HttpResponse:
    """The neutral's page of one man: for each family that may be told, what is in his interest."""
    rows = Captive.objects.visible_to(request.user).select_related("same_as", "key")
    captive = get_object_or_404(rows, bureau_number=captive_number).principal
    form = ForHimForm(request.POST if request.method == "POST" else None)
    matches = list(matches_of(captive))
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, matches, form)
            return see_other("console:for_him", captive.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        number = captive.bureau_number
        journal.looked(subject=captive, by=request.user, person=number, purpose="in his place")
    note = unable_note(captive)
    decisions = DecisionForHim.objects.visible_to(request.user).filter(of_same_man(captive))
    context = {
        "form": form,
        "captive": shown(captive, "file"),
        "families": len(matches),
        "unable_until": note.at + IN_HIS_INTEREST_FOR if note else None,
        "may_be_a_child": may_be_a_child(captive.born, timezone.localdate()),
        "rows": [
            {**_row(one), "enquiry": one.enquiry.bureau_number, "guardian": one.guardian}
            for one in decisions.select_related("captive", "enquiry", "key").order_by(
                "-proposed_at"
            )
        ],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/in_his_place/man.html", context, status=status)


@transaction.atomic
def _decide(request: StaffRequest, matches: list[Match], form: ForHimForm) -> None:
    """The same for every family of his that may be told: whoever asks is not weighed here."""
    if not matches:
        raise Refused(Refusal("for_him.nobody", NOBODY))
    given = form.cleaned_data
    for match in matches:
        decide_for_him(
            match=match,
            kind=Kind(given["kind"]),
            why=Unable(given["why"]),
            grounds=given["grounds"],
            guardian=given["guardian"],
            by=request.user,
        )


@allowed(DECIDES, AGREES)
@once
def decision(request: StaffRequest, decision_id: Any) -> HttpResponse:
    """One decision: a physician of his site agrees; neutral or physician ends it."""
    rows = DecisionForHim.objects.visible_to(request.user).select_related("captive", "key")
    one = get_object_or_404(rows, pk=decision_id)
    agrees = request.user.may(AGREES) and one.agreed_at is None and one.ended_at is None
    form = (AgreeForm if agrees else EndForm)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if agrees:
                agree_for_him(decision=one, by=request.user)
            else:
                end_decision(decision=one, by=request.user)
            return see_other("console:decision_for_him", one.pk)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        number = one.captive.bureau_number
        journal.looked(subject=one, by=request.user, person=number, purpose="in his place")
    context = {
        **_row(one),
        "form": form,
        "agrees": agrees,
        "captive": shown(one.captive, "file"),
        "ended": one.ended_at,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/in_his_place/decision.html", context, status=status)


urlpatterns = [
    path("in-his-place/", in_his_place, name="in_his_place"),
    path("in-his-place/<uuid:decision_id>/", decision, name="decision_for_him"),
    path("sittings/<str:captive_number>/in-his-place/", for_him, name="for_him"),
]
