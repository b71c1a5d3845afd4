"""Names for the dead: lines of evidence side by side, the board that signs apart, doubts."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.identifications import actions
from wayhome.bureau.identifications.actions.weighing import NEEDS
from wayhome.bureau.identifications.models import Identification
from wayhome.bureau.identifications.printing import notification_of_death
from wayhome.bureau.identifications.rules.board import STATE_NAMES, Asked, Cause, State
from wayhome.bureau.identifications.rules.evidence import KIND_NAMES, Kind
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.numbers import parse, parse_begun
from wayhome.lib.refusal import Refusal, Refused
from wayhome.lib.text import clean_text
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import identification_page
from wayhome.web.console.forms.identifications import DoubtForm, OpenForm, SignForm, WeighForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other
from wayhome.web.papers import to_read

SEE, WEIGH = Permission.SEE_IDENTIFICATION, Permission.WEIGH_IDENTITY
SIGN, DOUBT = Permission.SIGN_IDENTIFICATION, Permission.DOUBT_IDENTIFICATION
COLUMNS = {"number": "remains__bureau_number", "state": "state", "opened": "opened_at"}
NO_SUCH = Refusal("remains.no_number", _("No remains have this number."), field="number")


def _one(request: StaffRequest, identification_id: Any) -> Identification:
    rows = Identification.objects.visible_to(request.user).select_related(
        "key", "remains__key", "remains__site", "enquiry__key", "captive__key", "opened_by"
    )
    return get_object_or_404(rows, pk=identification_id)


def _look(request: StaffRequest, this: Identification) -> None:
    number = this.remains.bureau_number
    journal.looked(subject=this, by=request.user, person=number, purpose="identification")


def _answer(
    request: StaffRequest, template: str, this: Identification, form: Any, **more: Any
) -> HttpResponse:
    head = identification_page.head(this, request.user)
    status = 422 if request.method == "POST" else 200
    page = f"console/identifications/{template}.html"
    return render(request, page, {"form": form, **head, **more}, status=status)


@allowed(SEE, methods=("GET",))
def identifications(request: StaffRequest) -> HttpResponse:
    """Remains held against persons; searched by the number of either."""
    rows = _filtered(request, Identification.objects.visible_to(request.user))
    joined = rows.select_related("remains", "enquiry", "captive")
    page = page_of(request, sorted_by(request, joined, COLUMNS, "-opened"))
    context = {
        "page": page,
        "rows": [identification_page.head(each, request.user) for each in page.object_list],
        "states": [(state.value, words) for state, words in STATE_NAMES.items()],
        "may_open": request.user.may(WEIGH),
        "may_sign": request.user.may(SIGN),
        "filtered": any(asked(request, name) for name in ("q", "state", "only")),
    }
    return render(request, "console/identifications/list.html", context)


def _filtered(
    request: StaffRequest, rows: "QuerySet[Identification]"
) -> "QuerySet[Identification]":
    if state := asked(request, "state"):
        rows = rows.filter(state=state)
    if asked(request, "only") == "mine":
        waiting = Identification.objects.waiting_for(request.user)
        rows = rows.filter(pk__in=waiting.values("pk"))
    text = asked(request, "q")
    if not text:
        return rows
    number = parse(text)
    begun = str(number) if number else parse_begun(text)
    if not begun:
        return rows.none()
    ends = ("remains", "enquiry", "captive")
    found = Q()
    for end in ends:
        found |= Q(**{f"{end}__bureau_number__startswith": begun})
    return rows.filter(found)


@allowed(WEIGH)
@once
def open_new(request: StaffRequest) -> HttpResponse:
    """Hold remains against the person a family seeks, or against a captive."""
    form = OpenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = _opened(request, form)
            return see_other("console:identification", opened.pk)
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, "console/identifications/new.html", {"form": form}, status=status)


def _opened(request: StaffRequest, form: OpenForm) -> Identification:
    said = form.cleaned_data
    number, person = parse(said["number"]), str(parse(said["person"]) or "")
    remains = Remains.objects.filter(bureau_number=str(number)).first() if number else None
    if remains is None:
        raise Refused(NO_SUCH)
    enquiry = Enquiry.objects.open().filter(bureau_number=person).first() if person else None
    captive = None
    if enquiry is None and person:
        captive = Captive.objects.filter(bureau_number=person).first()
    return actions.open_identification(
        remains=remains, enquiry=enquiry, captive=captive, why=clean_text(said["why"]),
        by=request.user,
    )  # fmt: skip


@allowed(SEE, methods=("GET",))
def identification(request: StaffRequest, identification_id: Any) -> HttpResponse:
    """One page: each line before and after death, what is missing, what the board said."""
    this = _one(request, identification_id)
    _look(request, this)
    return _page(request, this)


def _page(request: StaffRequest, this: Identification, **more: Any) -> HttpResponse:
    context = identification_page.page_of(this, request.user, request.LANGUAGE_CODE)
    status = 422 if more else 200
    page = "console/identifications/identification.html"
    press_form = IdempotentForm(auto_id=False)
    return render(request, page, {**context, "press": press_form, **more}, status=status)


@allowed(Permission.WEIGH_BY_CODE)
@once
def weigh_by_code(request: StaffRequest, identification_id: Any, code_kind: str) -> HttpResponse:
    """Weigh DNA, teeth, prints, effects or what a body shows, without a name."""
    return _weigh(request, identification_id, code_kind)


@allowed(Permission.WEIGH_BY_NAME)
@once
def weigh_by_name(request: StaffRequest, identification_id: Any, name_kind: str) -> HttpResponse:
    """Weigh names on papers, place and unit, or who recognised whom."""
    return _weigh(request, identification_id, name_kind)


def _weigh(request: StaffRequest, identification_id: Any, name: str) -> HttpResponse:
    """Both sides of a line beside the form."""
    this = _one(request, identification_id)
    kind = next((kind for kind in Kind if kind == name), None)
    if kind is None or not request.user.may(NEEDS[kind]):
        raise Http404
    form = WeighForm(request.POST if request.method == "POST" else None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            actions.weigh(identification=this, kind=kind, weighed=form.weighed(), by=request.user)
            return see_other("console:identification", this.pk)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        _look(request, this)
    both = identification_page.compared(this, kind, request.LANGUAGE_CODE)
    one = {"name": KIND_NAMES[kind], **both}
    return _answer(request, "weigh", this, form, kind=KIND_NAMES[kind], one=one)


@allowed(WEIGH, methods=("POST",), form_at="console:identification")
@once
def present(request: StaffRequest, identification_id: Any) -> HttpResponse:
    """Bring it before the board: to name, or to exclude."""
    this = _one(request, identification_id)
    to_exclude = request.POST.get("asked") == Asked.EXCLUDE
    wanted = Asked.EXCLUDE if to_exclude else Asked.IDENTIFY

    def act() -> None:
        actions.present(identification=this, asked=wanted, by=request.user)

    refusals = press(request, act)
    if not refusals:
        return see_other("console:identification", this.pk)
    return _page(request, this, refusals=refusals)


@allowed(SIGN)
@once
def sign(request: StaffRequest, identification_id: Any) -> HttpResponse:
    """Sign as one of the board, all evidence beside the form and nobody else's word."""
    this = _one(request, identification_id)
    form = SignForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.sign(
                identification=this, word=said["word"], reason=clean_text(said["reason"]),
                by=request.user,
            )  # fmt: skip
            return see_other("console:identification", this.pk)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        _look(request, this)
    context = identification_page.page_of(this, request.user, request.LANGUAGE_CODE)
    return _answer(request, "sign", this, form, **context)


@allowed(DOUBT)
@once
def doubt(request: StaffRequest, identification_id: Any) -> HttpResponse:
    """Doubt a decision: it is reopened, and all that was signed stays."""
    this = _one(request, identification_id)
    form = DoubtForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.doubt(
                identification=this, cause=Cause(said["cause"]),
                reason=clean_text(said["reason"]), by=request.user,
            )  # fmt: skip
            return see_other("console:identification", this.pk)
        except Refused as refused:
            show_on(form, refused)
    return _answer(request, "doubt", this, form)


@allowed(SIGN, Permission.WEIGH_BY_NAME, methods=("GET",))
def notification(request: StaffRequest, identification_id: Any) -> HttpResponse:
    """The notification of death (Annex IV D), while the board's decision stands."""
    this = _one(request, identification_id)
    if this.state != State.IDENTIFIED:
        raise Http404
    number = this.remains.bureau_number
    journal.looked(subject=this, by=request.user, person=number, purpose="document")
    return to_read(notification_of_death(this, request.LANGUAGE_CODE), "notification.pdf")


urlpatterns = [
    path("identifications/", identifications, name="identifications"),
    path("identifications/new/", open_new, name="identification_new"),
    path("identifications/<uuid:identification_id>/", identification, name="identification"),
    path(
        "identifications/<uuid:identification_id>/evidence/<slug:code_kind>/",
        weigh_by_code,
        name="identification_weigh_by_code",
    ),
    path(
        "identifications/<uuid:identification_id>/names/<slug:name_kind>/",
        weigh_by_name,
        name="identification_weigh_by_name",
    ),
    path("identifications/<uuid:identification_id>/board/", present, name="identification_board"),
    path("identifications/<uuid:identification_id>/sign/", sign, name="identification_sign"),
    path(
        "identifications/<uuid:identification_id>/notification/",
        notification,
        name="identification_notification",
    ),
    path("identifications/<uuid:identification_id>/doubt/", doubt, name="identification_doubt"),
]
