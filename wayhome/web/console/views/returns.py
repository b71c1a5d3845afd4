"""Applications to go home: what stands against them, the decision, the day and the way out."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.models import Journey
from wayhome.bureau.journeys.queries import fell_by_hand
from wayhome.bureau.matches.search import captives_named
from wayhome.bureau.relations.models import Paper
from wayhome.bureau.relations.rules import PaperFor
from wayhome.bureau.returns.actions import Meeting, set_appointment
from wayhome.bureau.returns.boards import sitting_board
from wayhome.bureau.returns.facts import (
    WAY_OUT,
    facts_of,
    missing_to_set_out,
    she_comes,
    standing_appointment,
)
from wayhome.bureau.returns.models import (
    Application,
    ApplicationQuerySet,
    Appointment,
    DayTold,
)
from wayhome.bureau.returns.rules import (
    DECIDABLE,
    ROAD_NAMES,
    ApplicationState,
    Facts,
    Reason,
    Road,
    missing_for_act,
    reasons_against,
)
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.board import boards_told
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.forms import DateParts, IdempotentForm
from wayhome.web.once import once, see_other

COLUMNS = {"made": "made_at", "state": "state"}
STATE_NAMES = {
    ApplicationState.OPEN: _("Waits for a decision"),
    ApplicationState.GRANTED: _("Road opened"),
    ApplicationState.REFUSED: _("Not possible at present"),
    ApplicationState.WITHDRAWN: _("Withdrawn"),
    ApplicationState.CLOSED: _("Done"),
}
AGAIN = ("again", _("To be looked at again"))
FELL = ("fell", _("Whose day set by hand fell"))
TRAVEL_NAMES = {
    "yes": _("They could travel"),
    "no": _("They cannot travel"),
    "unsure": _("They do not know yet whether they can travel"),
}


class AppointmentForm(IdempotentForm):
    on = forms.DateField(label=_("Day"), widget=DateParts)
    crossing = forms.CharField(label=_("Crossing"), max_length=200)
    his_destination = forms.CharField(label=_("His way onward: where to"), max_length=300)
    his_papers = forms.CharField(label=_("His way onward: papers"), max_length=300)
    his_shelter = forms.CharField(label=_("His way onward: shelter"), max_length=300)
    his_legs = forms.CharField(label=_("His way onward: legs"), max_length=600)
    her_destination = forms.CharField(
        label=_("Her way onward: where to"), max_length=300, required=False
    )
    her_papers = forms.CharField(label=_("Her way onward: papers"), max_length=300, required=False)
    her_shelter = forms.CharField(
        label=_("Her way onward: shelter"), max_length=300, required=False
    )
    her_legs = forms.CharField(label=_("Her way onward: legs"), max_length=600, required=False)

    def __init__(self, *args: Any, she_comes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in WAY_OUT:
            if she_comes:  # the way out is there before the way in
                self.fields[f"her_{part}"].required = True
            else:
                del self.fields[f"her_{part}"]

    def way_out(self, whose: str) -> dict[str, str]:
        return {part: self.cleaned_data.get(f"{whose}_{part}", "") for part in WAY_OUT}


def _rows(request: StaffRequest) -> ApplicationQuerySet:
    rows = Application.objects.visible_to(request.user)
    return rows.select_related("captive", "enquiry", "key", "decided_by")


@allowed(Permission.SEE_APPLICATION, methods=("GET",))
def applications(request: StaffRequest) -> HttpResponse:
    """Applications that can be worked on: those about a man whom a match, or he himself, named."""
    rows = _rows(request).filter(captive__isnull=False)
    state = asked(request, "state")
    if state == AGAIN[0]:
        rows = rows.to_look_at_again(timezone.localdate())
    elif state == FELL[0]:
        rows = rows.filter(pk__in=fell_by_hand(request.user).values("pk"))
    elif state:
        rows = rows.filter(state=state)
    if text := asked(request, "q"):
        rows = rows.filter(captive__in=captives_named(text))
    context = {
        "page": page_of(request, sorted_by(request, rows, COLUMNS, "made")),
        "states": [(state.value, name) for state, name in STATE_NAMES.items()],
        "filters": [*((state.value, name) for state, name in STATE_NAMES.items()), AGAIN, FELL],
    }
    return render(request, "console/returns/applications.html", context)


def one_application(request: StaffRequest, application_id: Any) -> Application:
    rows = _rows(request).filter(captive__isnull=False)
    return get_object_or_404(rows, pk=application_id)


def _page(request: StaffRequest, application: Application, **more: Any) -> dict[str, Any]:
    road = Road(application.road) if application.road else None
    facts, appointment = facts_of(application, road), standing_appointment(application)
    granted = application.state == ApplicationState.GRANTED
    page = {
        "application": application,
        "captive": application.captive,
        "states": [(state.value, name) for state, name in STATE_NAMES.items()],
        "road_name": ROAD_NAMES[road] if road else "",
        "reasons": _missing(application, facts) if granted else reasons_against(facts),
        "appointment": appointment,
        "told_him": appointment and _told_him(request, appointment),
        "acts": application.acts.order_by("-prepared_at"),
        "papers": _travel_papers(request, application),
        "travel": TRAVEL_NAMES.get((application.wish or {}).get("travel", ""), ""),
        **_of_boards(request, application),
        "journey": _journey(request, application),
        "may_appoint": request.user.may(Permission.SET_APPOINTMENT),
        "may_prepare": request.user.may(Permission.PREPARE_ACT),
    }
    return {**page, "is_for_others": not _has_a_next_step(page), **more}


def _has_a_next_step(page: dict[str, Any]) -> bool:
    """Whether whoever reads the page can go on from it."""
    to_plan = page["may_appoint"] and page["application"].state == ApplicationState.GRANTED
    to_prepare = page["may_prepare"] and page["appointment"]
    led = page.get("may_convene") or page.get("board") or page["journey"] or page["acts"]
    return bool(led or to_plan or to_prepare)


def _told_him(request: StaffRequest, appointment: Appointment) -> DayTold | None:
    rows = DayTold.objects.visible_to(request.user).select_related("by")
    return rows.filter(appointment=appointment, fell=False).first()


def _journey(request: StaffRequest, application: Application) -> Journey | None:
    """The journey whose day it is, for whoever plans."""
    rows = Journey.objects.visible_to(request.user).that_count()
    return rows.filter(application=application).first()


def _travel_papers(request: StaffRequest, application: Application) -> list[Any]:
    """What she sent to travel with, for whoever plans, once a board has opened the road."""
    if application.state != ApplicationState.GRANTED or application.enquiry is None:
        return []
    rows = Paper.objects.visible_to(request.user).filter(serves=PaperFor.JOURNEY)
    rows = rows.filter(enquiry=application.enquiry).select_related("key")
    return [shown(paper, "self_") for paper in rows.order_by("sent_at")]


def _missing(application: Application, facts: Facts) -> list[Reason]:
    """Against setting out, and against the act; each once."""
    to_set_out = missing_to_set_out(application, facts)
    return list(dict.fromkeys([*to_set_out, *missing_for_act(facts)]))


def _of_boards(request: StaffRequest, application: Application) -> dict[str, Any]:
    """For whoever convenes: the board that sits, or that one may be asked."""
    if not request.user.may(Permission.DECIDE_APPLICATION):
        return {}
    board = sitting_board(application)
    return {
        "board": board,
        "may_convene": board is None and application.state in DECIDABLE,
        "boards": boards_told(application),
    }


@allowed(Permission.SEE_APPLICATION, methods=("GET",))
def application(request: StaffRequest, application_id: Any) -> HttpResponse:
    one = one_application(request, application_id)
    assert one.captive is not None
    journal.looked(
        subject=one, by=request.user, person=one.captive.bureau_number, purpose="application"
    )
    return render(request, "console/returns/application.html", _page(request, one))


@allowed(Permission.SET_APPOINTMENT)
@once
def appoint(request: StaffRequest, application_id: Any) -> HttpResponse:
    one = one_application(request, application_id)
    form = AppointmentForm(request.POST or None, she_comes=she_comes(one))
    if request.method == "POST" and form.is_valid():
        try:
            set_appointment(
                application=one,
                meeting=Meeting(
                    on=form.cleaned_data["on"],
                    crossing=form.cleaned_data["crossing"],
                    way_out_his=form.way_out("his"),
                    way_out_hers=form.way_out("her") if she_comes(one) else None,
                ),
                by=request.user,
            )
            return see_other("console:application", one.pk)
        except Refused as refused:
            return _again(request, "appoint", one, form, refused)
    return _again(request, "appoint", one, form)


def _again(
    request: StaffRequest,
    name: str,
    one: Application,
    form: forms.Form,
    refused: Refused | None = None,
) -> HttpResponse:
    refusals = list(refused.refusals) if refused else []
    status = 422 if request.method == "POST" else 200
    context = _page(request, one, form=form, refusals=refusals)
    return render(request, f"console/returns/{name}.html", context, status=status)


urlpatterns = [
    path("applications/", applications, name="applications"),
    path("applications/<uuid:application_id>/", application, name="application"),
    path("applications/<uuid:application_id>/appointment/", appoint, name="application_appoint"),
]
