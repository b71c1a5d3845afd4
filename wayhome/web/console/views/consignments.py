"""Consignments of remains: put together, counted from hand to hand, received with a signature."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.remains.queries import numbered
from wayhome.bureau.remains.rules.intake import bag_key
from wayhome.bureau.repatriations import actions
from wayhome.bureau.repatriations.actions.legs import before_leg, signs
from wayhome.bureau.repatriations.models import Consignment, Discrepancy, Leg, Piece
from wayhome.bureau.repatriations.papers import (
    manifest_paper,
    names_paper,
    pass_paper,
    receipt_paper,
)
from wayhome.bureau.repatriations.rules.consigning import (
    DIFFERS,
    STATE_NAMES,
    LegState,
    why_not_leave,
    why_not_sign,
)
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.numbers import parse
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import consignment_page
from wayhome.web.console.forms.repatriations import (
    CloseCountForm,
    ConsignmentForm,
    CountForm,
    LegForm,
    PieceForm,
    ReasonForm,
    ReceiptForm,
    WordsForm,
)
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other
from wayhome.web.papers import to_read

SEE, RECORD = Permission.SEE_CONSIGNMENT, Permission.RECORD_REMAINS
COLUMNS = {"number": "number", "power": "power", "state": "state", "opened": "opened_at"}
FOLDER = "console/consignments"


@allowed(SEE, methods=("GET",))
def consignments(request: StaffRequest) -> HttpResponse:
    """Consignments, searched by their number or by that of the remains on them."""
    rows = Consignment.objects.visible_to(request.user).select_related("key", "site", "opened_by")
    if state := asked(request, "state"):
        rows = rows.filter(state=state)
    if asked(request, "only") == "differs":
        open_ones = Discrepancy.objects.open().exclude(leg__state=LegState.STOPPED)
        rows = rows.filter(pk__in=open_ones.values("leg__consignment"))
    if asked(request, "only") == "doubted":
        rows = rows.doubted()
    if text := asked(request, "q"):
        rows = _searched(rows, text)
    page = page_of(request, sorted_by(request, rows, COLUMNS, "-number"))
    context = {
        "page": page,
        "rows": [consignment_page.head(each) for each in page.object_list],
        "states": [(state.value, words) for state, words in STATE_NAMES.items()],
        "may_open": request.user.may(RECORD),
        "filtered": any(asked(request, name) for name in ("q", "state", "only")),
    }
    return render(request, f"{FOLDER}/list.html", context)


def _searched(rows: Any, text: str) -> Any:
    if text.isdecimal():
        return rows.filter(number=int(text[:9]))
    code = str(parse(text) or text)
    return rows.filter(pieces__code_key=bag_key(code)).distinct()


@allowed(RECORD)
@once
def consignment_new(request: StaffRequest) -> HttpResponse:
    """Open a consignment at one's own site."""
    form = ConsignmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_consignment(journey=form.journey(), by=request.user)
            return see_other("console:consignment_add", opened.pk)
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, f"{FOLDER}/new.html", {"form": form}, status=status)


def _one(request: StaffRequest, consignment_id: Any) -> Consignment:
    rows = Consignment.objects.visible_to(request.user).select_related("key", "site", "opened_by")
    return get_object_or_404(rows.select_related("receipt__key", "receipt__by"), pk=consignment_id)


def _look(request: StaffRequest, this: Consignment, purpose: str = "consignment") -> None:
    journal.looked(subject=this, by=request.user, person="", purpose=f"{purpose} {this.number}")


def _answer(
    request: StaffRequest, name: str, this: Consignment, form: Any, **more: Any
) -> HttpResponse:
    context = {"form": form, **consignment_page.head(this), **more}
    status = 422 if request.method == "POST" else 200
    return render(request, f"{FOLDER}/{name}.html", context, status=status)


@allowed(SEE, methods=("GET",))
def consignment(request: StaffRequest, consignment_id: Any) -> HttpResponse:
    """One page: the manifest, changes of hands, what differs, what can be done next."""
    this = _one(request, consignment_id)
    _look(request, this)
    context = consignment_page.page_of(this, request.user)
    return render(request, f"{FOLDER}/consignment.html", context)


@allowed(RECORD)
@once
def consignment_add(request: StaffRequest, consignment_id: Any) -> HttpResponse:
    """A box for the next bag; below it what stands on the manifest."""
    this = _one(request, consignment_id)
    form = PieceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        remains = _found(request, clean_line(form.cleaned_data["number"]))
        try:
            actions.add(consignment=this, remains=remains, by=request.user)
            return see_other("console:consignment_add", this.pk)
        except Refused as refused:
            show_on(form, refused)
    page = consignment_page.page_of(this, request.user)
    return _answer(request, "add", this, form, pieces=page["pieces"][::-1])


def _found(request: StaffRequest, text: str) -> Remains | None:
    """The one whose number, bag or seal this is; none where several begin like it."""
    rows = Remains.objects.visible_to(request.user)
    found = list(numbered(rows, text)[:2]) if bag_key(text) else []
    return found[0] if len(found) == 1 else None


@allowed(RECORD)
@once
def consignment_take_off(request: StaffRequest, piece_id: Any) -> HttpResponse:
    """Take a bag or a packet off the manifest, with the reason."""
    rows = Piece.objects.visible_to(request.user).select_related("key", "remains", "consignment")
    piece = get_object_or_404(rows, pk=piece_id)
    this = _one(request, piece.consignment_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = clean_text(form.cleaned_data["reason"])
            actions.take_off(piece=piece, reason=reason, by=request.user)
            return see_other("console:consignment", this.pk)
        except Refused as refused:
            show_on(form, refused)
    return _answer(request, "take_off", this, form, **consignment_page.piece_of(piece))


@allowed(RECORD)
@once
def consignment_stop(request: StaffRequest, consignment_id: Any) -> HttpResponse:
    """Stop it: what stood on it may go with another one."""
    this = _one(request, consignment_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = clean_text(form.cleaned_data["reason"])
            actions.stop(consignment=this, reason=reason, by=request.user)
            return see_other("console:consignment", this.pk)
        except Refused as refused:
            show_on(form, refused)
    return _answer(request, "stop", this, form)


@allowed(RECORD)
@once
def leg_new(request: StaffRequest, consignment_id: Any) -> HttpResponse:
    """Begin the next change of hands; with the first one the manifest is closed."""
    this = _one(request, consignment_id)
    form = LegForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            leg = actions.open_leg(consignment=this, ends=form.ends(), by=request.user)
            return see_other("console:consignment_leg", leg.pk)
        except Refused as refused:
            show_on(form, refused)
    against = list(why_not_leave(before_leg(this, request.user)))
    return _answer(request, "leg_new", this, form, against=against)


def _leg(request: StaffRequest, hands_id: Any) -> Leg:
    rows = Leg.objects.visible_to(request.user).select_related(
        "key", "giver", "receiver", "consignment__key"
    )
    return get_object_or_404(rows, pk=hands_id)


@allowed(RECORD)
@once
def leg(request: StaffRequest, hands_id: Any) -> HttpResponse:
    """Count: a box for the next label, above all what is missing and what differs."""
    this = _leg(request, hands_id)
    form = CountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        read, seal = clean_line(said["number"]), clean_line(said["seal"])
        try:
            actions.count(leg=this, read=read, seal=seal, by=request.user)
            return see_other("console:consignment_leg", this.pk)
        except Refused as refused:
            show_on(form, refused)
    return _leg_page(request, this, form)


def _leg_page(request: StaffRequest, this: Leg, form: Any, **more: Any) -> HttpResponse:
    differs = LegState(this.state) in DIFFERS
    signing = why_not_sign(
        differs=differs, theirs=signs(this, request.user), unexplained=this.unexplained().count()
    )
    told: dict[str, Any] = {
        **consignment_page.leg_of(this),
        "leg_state": LegState(this.state).value,
        **consignment_page.counting(this),
        "differences": consignment_page.differences_of(this.consignment),
        "differing": differs,
        "why_not_sign": list(signing) if differs else [],
        "press": IdempotentForm(auto_id=False),
        **more,
    }
    context = consignment_page.head(this.consignment)
    told["consignment_state"] = context.pop("state")
    status = 422 if request.method == "POST" else 200
    page = {"form": form, **context, **told}
    return render(request, f"{FOLDER}/leg.html", page, status=status)


@allowed(RECORD)
@once
def leg_close(request: StaffRequest, hands_id: Any) -> HttpResponse:
    """Close the running count: with it one end of the change of hands is signed."""
    this = _leg(request, hands_id)
    form = CloseCountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            condition = clean_text(form.cleaned_data["condition"])
            closed = actions.close_count(leg=this, condition=condition, by=request.user)
            return _after(closed)
        except Refused as refused:
            show_on(form, refused)
    told = {**consignment_page.leg_of(this), **consignment_page.counting(this)}
    told["differing"] = [row for row in told["rows"] if row["differs"]]
    del told["state"]
    return _answer(request, "leg_close", this.consignment, form, **told)


def _after(leg: Leg) -> HttpResponse:
    """To the next count, or back to the consignment once it has changed hands."""
    if leg.state == LegState.DONE:
        return see_other("console:consignment", leg.consignment_id)
    return see_other("console:consignment_leg", leg.pk)


@allowed(RECORD, methods=("POST",), form_at="console:consignment_leg")
@once
def leg_sign(request: StaffRequest, hands_id: Any) -> HttpResponse:
    """Sign a change of hands whose count differed and was explained by two."""
    this = _leg(request, hands_id)
    refusals = press(request, lambda: actions.sign(leg=this, by=request.user))
    if not refusals:
        return _after(_leg(request, hands_id))
    return _leg_page(request, this, CountForm(), refusals=refusals)


def _difference(request: StaffRequest, count_difference_id: Any) -> Discrepancy:
    rows = Discrepancy.objects.visible_to(request.user).select_related(
        "key", "leg__consignment__key", "piece", "by", "second_by"
    )
    return get_object_or_404(rows, pk=count_difference_id)


@allowed(RECORD)
@once
def difference(request: StaffRequest, count_difference_id: Any) -> HttpResponse:
    """Write what is known of a difference, as the first of two."""
    this = _difference(request, count_difference_id)
    form = WordsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            words = clean_text(form.cleaned_data["words"])
            actions.explain(difference=this, words=words, by=request.user)
            return see_other("console:consignment_leg", this.leg_id)
        except Refused as refused:
            show_on(form, refused)
    told = consignment_page.difference_of(this)
    return _answer(request, "difference", this.leg.consignment, form, one=told)


@allowed(RECORD, methods=("POST",), form_at="console:consignment_leg")
@once
def difference_confirm(request: StaffRequest, count_difference_id: Any) -> HttpResponse:
    """Sign an explanation as the second of two."""
    this = _difference(request, count_difference_id)
    refusals = press(request, lambda: actions.confirm(difference=this, by=request.user))
    if not refusals:
        return see_other("console:consignment_leg", this.leg_id)
    return _leg_page(request, _leg(request, this.leg_id), CountForm(), refusals=refusals)


@allowed(RECORD)
@once
def consignment_receipt(request: StaffRequest, consignment_id: Any) -> HttpResponse:
    """The signature of who received it closes the consignment."""
    this = _one(request, consignment_id)
    form = ReceiptForm(
        request.POST if request.method == "POST" else None, request.FILES or None,
        initial={"who": _taken_by(this)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.receive(
                consignment=this, who=clean_line(said["who"]), picture=said["picture"],
                words=clean_text(said["words"]), by=request.user,
            )  # fmt: skip
            return see_other("console:consignment", this.pk)
        except Refused as refused:
            show_on(form, refused)
    return _answer(request, "receipt", this, form, signing=True)


def _taken_by(this: Consignment) -> str:
    last = this.last_leg()
    return last.taking if last and last.is_to_outside else ""


@allowed(SEE, methods=("GET",))
def consignment_paper(request: StaffRequest, consignment_id: Any, paper: str) -> HttpResponse:
    """The manifest, the pass or the receipt, in both languages: numbers and seals, no name."""
    this = _one(request, consignment_id)
    made = PAPERS.get(paper, manifest_paper)(this)
    _look(request, this, f"{paper} printed")
    return to_read(made, f"{paper}.pdf")


PAPERS = {"manifest": manifest_paper, "pass": pass_paper, "receipt": receipt_paper}
consignment_paper.steps = tuple(PAPERS)  # type: ignore[attr-defined]


@allowed(Permission.SIGN_IDENTIFICATION, Permission.WEIGH_BY_NAME, methods=("GET",))
def consignment_names(request: StaffRequest, consignment_id: Any) -> HttpResponse:
    """The certified list with names that the law wants (GC I 16): for the sealed envelope."""
    this = _one(request, consignment_id)
    for number in this.standing_pieces().bags().values_list("code", flat=True):
        journal.looked(subject=this, by=request.user, person=number, purpose="document")
    return to_read(names_paper(this), "list.pdf")


urlpatterns = [
    path("consignments/", consignments, name="consignments"),
    path("consignments/new/", consignment_new, name="consignment_new"),
    path("consignments/<uuid:consignment_id>/", consignment, name="consignment"),
    path("consignments/<uuid:consignment_id>/bags/", consignment_add, name="consignment_add"),
    path("consignments/<uuid:consignment_id>/stop/", consignment_stop, name="consignment_stop"),
    path("consignments/<uuid:consignment_id>/hands/", leg_new, name="consignment_leg_new"),
    path(
        "consignments/<uuid:consignment_id>/receipt/",
        consignment_receipt,
        name="consignment_receipt",
    ),
    path("consignments/<uuid:consignment_id>/names/", consignment_names, name="consignment_names"),
    path(
        "consignments/<uuid:consignment_id>/papers/<slug:paper>/",
        consignment_paper,
        name="consignment_paper",
    ),
    path(
        "consignments/pieces/<uuid:piece_id>/off/",
        consignment_take_off,
        name="consignment_take_off",
    ),
    path("consignments/hands/<uuid:hands_id>/", leg, name="consignment_leg"),
    path("consignments/hands/<uuid:hands_id>/close/", leg_close, name="consignment_leg_close"),
    path("consignments/hands/<uuid:hands_id>/sign/", leg_sign, name="consignment_leg_sign"),
    path(
        "consignments/differences/<uuid:count_difference_id>/",
        difference,
        name="consignment_difference",
    ),
    path(
        "consignments/differences/<uuid:count_difference_id>/confirm/",
        difference_confirm,
        name="consignment_difference_confirm",
    ),
]
