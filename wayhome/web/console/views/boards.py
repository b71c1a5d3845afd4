"""The board: convened by a decision officer, one page for each member, the decision recorded."""

from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.relations.rules import LEVEL_NAMES
from wayhome.bureau.returns.boards import (
    Decision,
    cast_vote,
    convene_board,
    decide_application,
    declare_conflict,
    declare_free,
    dissolve_board,
    look_again,
    replace_member,
    sitting_board,
    something_is_new,
    who_may_sit,
)
from wayhome.bureau.returns.facts import evidence_of, facts_of
from wayhome.bureau.returns.models import Application, Board, Seat
from wayhome.bureau.returns.rules import (
    DECIDABLE,
    ROAD_NAMES,
    ApplicationState,
    Road,
    looked_at_again_on,
    reasons_against,
)
from wayhome.bureau.returns.rules.boards import SEAT_NAMES, BoardState, SeatState, why_not_count
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.board import told_of
from wayhome.web.console.forms.boards import (
    ConveneForm,
    DecisionForm,
    DeclarationForm,
    ReasonForm,
    ReplaceForm,
    VoteForm,
)
from wayhome.web.console.listing import page_of
from wayhome.web.console.views.custody import show_on
from wayhome.web.console.views.returns import one_application
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, see_other

CONVENE, SIT = Permission.DECIDE_APPLICATION, Permission.SIT_ON_BOARD
DISSOLVE, REPLACE, AGAIN = "dissolve_%s", "replace_%s", "again_%s"  # forms on one page


# Whoever convenes.


@allowed(CONVENE)
@once
def board(request: StaffRequest, application_id: Any) -> HttpResponse:
    """Put an application before a board, or see how far the one that sits has come."""
    one = one_application(request, application_id)
    form = _convene_form(one, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            convene_board(
                application=one,
                road=Road(form.cleaned_data["road"]),
                members=form.chosen(),
                new_fact=form.cleaned_data.get("new_fact", ""),
                by=request.user,
            )
            return see_other("console:application_board", one.pk)
        except Refused as refused:
            show_on(form, refused)
    return _board_page(request, one, form=form)


def _convene_form(one: Application, sent: Any = None) -> ConveneForm:
    return ConveneForm(
        sent,
        who=who_may_sit(one),
        refused_before=one.state == ApplicationState.REFUSED,
        initial={"road": one.road},
    )


def _board_page(request: StaffRequest, one: Application, **more: Any) -> HttpResponse:
    sitting, status = sitting_board(one), 422 if request.method == "POST" else 200
    context: dict[str, Any] = {
        "application": one,
        "captive": one.captive,
        "sitting": sitting,
        "may_convene": sitting is None and one.state in DECIDABLE,
        **more,
    }
    if sitting:
        told = told_of(sitting)
        context.setdefault("replace_form", _replace_form(sitting))
        context.setdefault("dissolve_form", ReasonForm(auto_id=DISSOLVE))
        context |= {"board": told, "professions_left": who_may_sit(one)}
    else:
        context.setdefault("form", _convene_form(one))
        context.setdefault("again_form", ReasonForm(auto_id=AGAIN))
        refused = one.state == ApplicationState.REFUSED
        context["is_new"] = refused and something_is_new(one)
        context["nothing_is_new"] = refused and not context["is_new"]
        context["reasons"] = reasons_against(facts_of(one, _road_of(one)))
    return render(request, "console/returns/board.html", context, status=status)


def _road_of(one: Application) -> Road | None:
    return Road(one.road) if one.road else None


def _replace_form(sitting: Board, sent: Any = None) -> ReplaceForm:
    seats = (
        sitting.seats.filter(state__in=[SeatState.ASKED, SeatState.FREE, SeatState.CONFLICT])
        .select_related("member")
        .order_by("member__number")
    )
    seated = set(sitting.seats.values_list("member_id", flat=True))
    who = [each for each in who_may_sit(sitting.application) if each.pk not in seated]
    return ReplaceForm(sent, seats=list(seats), who=who, auto_id=REPLACE)


def _sitting(request: StaffRequest, one: Application) -> Board:
    rows = Board.objects.visible_to(request.user).sitting()
    return get_object_or_404(rows.select_related("key", "application"), application=one)


@allowed(CONVENE, methods=("POST",), form_at="console:application_board")
@once
def replace(request: StaffRequest, application_id: Any) -> HttpResponse:
    one = one_application(request, application_id)
    if sitting_board(one) is None:
        return _board_page(request, one)
    form = _replace_form(_sitting(request, one), request.POST)
    if form.is_valid():
        try:
            replace_member(
                seat=form.seats[form.cleaned_data["seat"]],
                instead=form.who[form.cleaned_data["instead"]],
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
            return see_other("console:application_board", one.pk)
        except Refused as refused:
            show_on(form, refused)
    return _board_page(request, one, replace_form=form)


@allowed(CONVENE, methods=("POST",), form_at="console:application_board")
@once
def dissolve(request: StaffRequest, application_id: Any) -> HttpResponse:
    one = one_application(request, application_id)
    if sitting_board(one) is None:
        return _board_page(request, one)
    form = ReasonForm(request.POST, auto_id=DISSOLVE)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            dissolve_board(board=_sitting(request, one), reason=reason, by=request.user)
            return see_other("console:application", one.pk)
        except Refused as refused:
            show_on(form, refused)
    return _board_page(request, one, dissolve_form=form)


@allowed(CONVENE, methods=("POST",), form_at="console:application_board")
@once
def again(request: StaffRequest, application_id: Any) -> HttpResponse:
    """Its day has come and nothing is new: it has a next day."""
    one = one_application(request, application_id)
    form = ReasonForm(request.POST, auto_id=AGAIN)
    if form.is_valid():
        try:
            look_again(application=one, reason=form.cleaned_data["reason"], by=request.user)
            return see_other("console:application", one.pk)
        except Refused as refused:
            show_on(form, refused)
    return _board_page(request, one, again_form=form)


@allowed(CONVENE)
@once
def decide(request: StaffRequest, application_id: Any) -> HttpResponse:
    """The votes are open: write the decision down. What it is, the majority has said."""
    one = one_application(request, application_id)
    sitting = sitting_board(one)
    told = told_of(sitting) if sitting else None
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        granted=bool(told and told.granted),
        initial={"review_on": looked_at_again_on(timezone.localdate())},
    )
    refusals: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        decision = Decision(form.cleaned_data["reason"], form.cleaned_data.get("review_on"))
        try:
            decide_application(application=one, decision=decision, by=request.user)
            return see_other("console:application", one.pk)
        except Refused as refused:
            refusals = refused.refusals
    standing = sitting.seats_standing() if sitting else []
    context = {
        "application": one,
        "captive": one.captive,
        "board": told,
        "form": form,
        "refusals": refusals,
        "waits": why_not_count(sits=sitting is not None, standing=[s.standing for s in standing]),
        "reasons": reasons_against(facts_of(one, Road(sitting.road))) if sitting else [],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/returns/decide.html", context, status=status)


# A member.


@allowed(SIT, methods=("GET",))
def boards(request: StaffRequest) -> HttpResponse:
    """My seats: those that want something of me first."""
    rows = Seat.objects.visible_to(request.user).select_related("board__application__captive")
    mine = Case(
        When(pk__in=rows.to_act().values("pk"), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    page = page_of(request, rows.annotate(order=mine).order_by("order", "-asked_at", "pk"))
    context = {
        "page": page,
        "rows": [
            {
                "seat": shown(each, "file"),
                "number": _number(each),
                "road": ROAD_NAMES[Road(each.board.road)],
                "state": SEAT_NAMES[SeatState(each.state)],
            }
            for each in page.object_list
        ],
    }
    return render(request, "console/returns/boards.html", context)


def _number(seat: Seat) -> str:
    captive = seat.board.application.captive
    return captive.bureau_number if captive else ""


@allowed(SIT, methods=("GET",))
def seat(request: StaffRequest, seat_id: Any) -> HttpResponse:
    mine = _mine(request, seat_id)
    journal.looked(subject=mine, by=request.user, person=_number(mine), purpose="board")
    return _seat_page(request, mine)


@allowed(SIT, methods=("POST",), form_at="console:seat")
@once
def declare(request: StaffRequest, seat_id: Any) -> HttpResponse:
    mine, form = _mine(request, seat_id), DeclarationForm(request.POST)
    if form.is_valid():
        try:
            if form.cleaned_data["between"] == "nothing":
                declare_free(seat=mine, by=request.user)
            else:
                declare_conflict(seat=mine, words=form.cleaned_data["words"], by=request.user)
            return see_other("console:seat", mine.pk)
        except Refused as refused:
            show_on(form, refused)
    return _seat_page(request, mine, form=form)


@allowed(SIT, methods=("POST",), form_at="console:seat")
@once
def vote(request: StaffRequest, seat_id: Any) -> HttpResponse:
    mine, form = _mine(request, seat_id), VoteForm(request.POST)
    if form.is_valid():
        votes_for, words = form.cleaned_data["vote"] == "for", form.cleaned_data["words"]
        try:
            cast_vote(seat=mine, votes_for=votes_for, words=words, by=request.user)
            return see_other("console:seat", mine.pk)
        except Refused as refused:
            show_on(form, refused)
    return _seat_page(request, mine, form=form)


def _mine(request: StaffRequest, seat_id: Any) -> Seat:
    rows = Seat.objects.visible_to(request.user).select_related(
        "key", "member", "board__key", "board__convened_by", "board__application__key",
        "board__application__captive", "board__application__enquiry__enquirer__key",
    )  # fmt: skip
    return get_object_or_404(rows, pk=seat_id)


def _seat_page(request: StaffRequest, mine: Seat, form: Form | None = None) -> HttpResponse:
    """Names to declare by; then the file by number, and no word of the family; then the votes."""
    application, state = mine.board.application, SeatState(mine.state)
    told = told_of(mine.board)
    context: dict[str, Any] = {
        "seat": shown(mine, "file", "sealed"),
        "number": _number(mine),
        "road": told.road,
        "state": SEAT_NAMES[state],
        "form": form,
    }
    if state == SeatState.ASKED and mine.board.state == BoardState.SITTING:
        context |= _people(application)
        context["form"] = form or DeclarationForm()
        context["asks"] = True
    elif state in (SeatState.FREE, SeatState.VOTED):
        sits = mine.board.state == BoardState.SITTING
        context |= _file(mine) if sits else {}
        context["sat"] = True
        context["board"] = told if told.is_open and state == SeatState.VOTED else None
        if sits and state == SeatState.FREE:
            context |= {"votes": True, "form": form or VoteForm()}
            context["leave_form"] = IdempotentForm(auto_id="leave_%s")
    status = 422 if request.method == "POST" else 200
    return render(request, "console/returns/seat.html", context, status=status)


def _people(application: Application) -> dict[str, Any]:
    """Whom a member must know by name, to say whether something stands between."""
    enquiry = application.enquiry
    return {
        "his_name": application.captive.name if application.captive else "",
        "her_name": (enquiry.enquirer.name or "") if enquiry else "",
    }


def _file(mine: Seat) -> dict[str, Any]:
    application, road = mine.board.application, Road(mine.board.road)
    evidence = evidence_of(application)
    return {
        "application": application,
        "reasons": reasons_against(facts_of(application, road)),
        "evidence": evidence,
        "kinship": LEVEL_NAMES[evidence.kinship] if evidence.kinship else "",
        "new_fact": mine.board.new_fact or "",
        "asked_on": timezone.localdate(application.made_at),
    }


urlpatterns = [
    path("applications/<uuid:application_id>/board/", board, name="application_board"),
    path("applications/<uuid:application_id>/board/member/", replace, name="board_replace"),
    path("applications/<uuid:application_id>/board/end/", dissolve, name="board_dissolve"),
    path("applications/<uuid:application_id>/again/", again, name="application_again"),
    path("applications/<uuid:application_id>/decision/", decide, name="application_decide"),
    path("boards/", boards, name="boards"),
    path("boards/<uuid:seat_id>/", seat, name="seat"),
    path("boards/<uuid:seat_id>/conflict/", declare, name="seat_declare"),
    path("boards/<uuid:seat_id>/vote/", vote, name="seat_vote"),
]
