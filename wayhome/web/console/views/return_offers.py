"""Offers of remains to their country and its answers; requests of country and kin, decided."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.remains.rules.register import KIND_NAMES, RemainsKind
from wayhome.bureau.remains.rules.register import State as WhereState
from wayhome.bureau.repatriations import actions
from wayhome.bureau.repatriations.actions.offering import why_not_send_now
from wayhome.bureau.repatriations.facts import home_country_of, why_not_go_now
from wayhome.bureau.repatriations.models import Offer, OfferLine, ReturnRequest
from wayhome.bureau.repatriations.papers import offer_paper, refusal_paper
from wayhome.bureau.repatriations.rules.offering import ANSWER_NAMES, ANSWER_WITHIN, Answer
from wayhome.bureau.repatriations.rules.requesting import (
    ASKER_NAMES,
    HOME_NAMES,
    OBJECT_WITHIN,
    STATE_NAMES,
    Asker,
    Home,
    RequestState,
)
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.numbers import parse
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import consignment_page
from wayhome.web.console.forms.repatriations import (
    REFUSE,
    AnswerForm,
    DecideForm,
    HomeForm,
    OfferForm,
    RequestForm,
)
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other
from wayhome.web.papers import to_read

SEE_OFFER, OFFER = Permission.SEE_OFFER, Permission.OFFER_REMAINS
SEE, TAKE = Permission.SEE_RETURN_REQUEST, Permission.TAKE_RETURN_REQUEST
OFFER_COLUMNS = {"number": "number", "power": "power", "sent": "sent_at"}
COLUMNS = {"number": "number", "remains": "remains__bureau_number", "state": "state",
           "came": "came_on"}  # fmt: skip
FOLDER = "console/return_offers"


# Offers


@allowed(SEE_OFFER, methods=("GET",))
def offers(request: StaffRequest) -> HttpResponse:
    """Offers, searched by their number or by that of remains."""
    rows = Offer.objects.visible_to(request.user).select_related("key", "written_by")
    if answer := asked(request, "answer"):
        rows = rows.filter(sent_at__isnull=False, lines__answer=answer).distinct()
    if text := asked(request, "q"):
        rows = _searched(rows, text, "lines__remains__bureau_number")
    page = page_of(request, sorted_by(request, rows, OFFER_COLUMNS, "-number"))
    context = {
        "page": page,
        "rows": [_offer_head(each) for each in page.object_list],
        "answers": [(answer.value, words) for answer, words in ANSWER_NAMES.items()],
        "may_offer": request.user.may(OFFER),
        "filtered": any(asked(request, name) for name in ("q", "answer")),
    }
    return render(request, f"{FOLDER}/offers.html", context)


def _searched(rows: Any, text: str, column: str) -> Any:
    if text.isdecimal():
        return rows.filter(number=int(text[:9]))
    number = parse(text)
    return rows.filter(**{column: str(number)}).distinct() if number else rows.none()


def _offer_head(offer: Offer) -> dict[str, Any]:
    said = Counter(offer.lines.values_list("answer", flat=True))
    due = offer.sent_at + ANSWER_WITHIN if offer.sent_at else None
    return {
        "offer": shown(offer, "work"),
        "lines": sum(said.values()),
        "counts": [(ANSWER_NAMES[one], one.value, said[one]) for one in Answer if said[one]],
        "due": due,
        "is_late": due is not None and due < timezone.now() and bool(said[Answer.WAITS]),
    }


@allowed(OFFER)
@once
def offer_new(request: StaffRequest) -> HttpResponse:
    """Write an offer: a country, and remains by number."""
    form = OfferForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            written = actions.write_offer(
                power=clean_line(said["power"]), wanted=form.wanted(),
                words=clean_text(said["words"]), by=request.user,
            )  # fmt: skip
            return see_other("console:offer", written.pk)
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, f"{FOLDER}/offer_new.html", {"form": form}, status=status)


def _offer(request: StaffRequest, offer_id: Any) -> Offer:
    rows = Offer.objects.visible_to(request.user).select_related("key", "written_by", "sent_by")
    return get_object_or_404(rows, pk=offer_id)


@allowed(SEE_OFFER, methods=("GET",))
def offer(request: StaffRequest, offer_id: Any) -> HttpResponse:
    """One offer: each of the remains, where they lie meanwhile, what was answered."""
    this = _offer(request, offer_id)
    journal.looked(subject=this, by=request.user, person="", purpose=f"offer {this.number}")
    return render(request, f"{FOLDER}/offer.html", _offer_page(request, this))


def _offer_page(request: StaffRequest, this: Offer, **more: Any) -> dict[str, Any]:
    may = request.user.may(OFFER)
    return {
        **_offer_head(this),
        "rows": [_line(each) for each in _lines(this)],
        "may_send": may and this.sent_at is None,
        "days": ANSWER_WITHIN.days,
        "why_not_send": why_not_send_now(this) if may and this.sent_at is None else [],
        "may_answer": may and this.sent_at is not None,
        "may_open_remains": request.user.may(Permission.SEE_REMAINS),
        "press": IdempotentForm(auto_id=False),
        **more,
    }


def _lines(this: Offer) -> list[OfferLine]:
    rows = this.lines.select_related("key", "noted_by", "remains__key")
    return list(rows.prefetch_related("remains__stays__store"))


def _line(one: OfferLine) -> dict[str, Any]:
    return {
        "line": shown(one, "work"),
        "number": one.remains.bureau_number,
        "what": KIND_NAMES[RemainsKind(one.remains.kind)],
        "answer": ANSWER_NAMES[Answer(one.answer)],
        "is_home": one.remains.state == WhereState.HOME,
        "where": consignment_page.where(one.remains),
    }


@allowed(OFFER, methods=("POST",), form_at="console:offer")
@once
def offer_send(request: StaffRequest, offer_id: Any) -> HttpResponse:
    """Send it: a notice goes to the Agency, and the time for an answer runs."""
    this = _offer(request, offer_id)
    refusals = press(request, lambda: actions.send_offer(offer=this, by=request.user))
    if not refusals:
        return see_other("console:offer", this.pk)
    context = _offer_page(request, this, refusals=refusals)
    return render(request, f"{FOLDER}/offer.html", context, status=422)


@allowed(OFFER)
@once
def offer_answer(request: StaffRequest, offer_id: Any) -> HttpResponse:
    """Note one answer about some of those offered, or that none came in time."""
    this = _offer(request, offer_id)
    lines = _lines(this)
    form = AnswerForm(request.POST if request.method == "POST" else None, rows=lines)
    if request.method == "POST" and form.is_valid():
        ticked = set(form.cleaned_data["lines"])
        chosen = [each for each in lines if str(each.pk) in ticked]
        try:
            actions.answer(offer=this, lines=chosen, said=form.said(), by=request.user)
            return see_other("console:offer", this.pk)
        except Refused as refused:
            show_on(form, refused)
    context = {"form": form, **_offer_head(this)}
    status = 422 if request.method == "POST" else 200
    return render(request, f"{FOLDER}/answer.html", context, status=status)


@allowed(SEE_OFFER, methods=("GET",))
def offer_print(request: StaffRequest, offer_id: Any) -> HttpResponse:
    """The offer in both languages, as it goes to the home country."""
    this = _offer(request, offer_id)
    journal.looked(subject=this, by=request.user, person="", purpose="document")
    return to_read(offer_paper(this), "offer.pdf")


# Requests


@allowed(SEE, methods=("GET",))
def return_requests(request: StaffRequest) -> HttpResponse:
    """Requests for remains, searched by their number or by that of remains."""
    rows = ReturnRequest.objects.visible_to(request.user)
    if state := asked(request, "state"):
        rows = rows.filter(state=state)
    if text := asked(request, "q"):
        rows = _searched(rows, text, "remains__bureau_number")
    joined = rows.select_related("key", "remains", "enquiry", "decided_by")
    page = page_of(request, sorted_by(request, joined, COLUMNS, "-number"))
    context = {
        "page": page,
        "rows": [_request_head(each) for each in page.object_list],
        "states": [(state.value, words) for state, words in STATE_NAMES.items()],
        "may_take": request.user.may(TAKE),
        "filtered": any(asked(request, name) for name in ("q", "state")),
    }
    return render(request, f"{FOLDER}/requests.html", context)


def _request_head(one: ReturnRequest) -> dict[str, Any]:
    return {
        "request_": shown(one, "work"),
        "number": one.remains.bureau_number,
        "asker": ASKER_NAMES[Asker(one.asker)],
        "of": one.enquiry.bureau_number if one.enquiry else one.power,
        "is_kin": one.asker == Asker.KIN,
        "state": STATE_NAMES[RequestState(one.state)],
        "home": HOME_NAMES[Home(one.home)],
    }


@allowed(TAKE)
@once
def return_request_new(request: StaffRequest) -> HttpResponse:
    """Write down who asks for which remains."""
    form = RequestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        number, enquiry = parse(said["number"]), parse(said["enquiry"])
        remains = Remains.objects.filter(bureau_number=str(number)).first() if number else None
        hers = Enquiry.objects.open().filter(bureau_number=str(enquiry)) if enquiry else None
        try:
            taken = actions.take_request(
                remains=remains, asked=form.asked(), enquiry=hers.first() if hers else None,
                by=request.user,
            )  # fmt: skip
            return see_other("console:return_request", taken.pk)
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, f"{FOLDER}/request_new.html", {"form": form}, status=status)


def _request(request: StaffRequest, return_request_id: Any) -> ReturnRequest:
    rows = ReturnRequest.objects.visible_to(request.user).select_related(
        "key", "remains__key", "enquiry", "taken_by", "decided_by"
    )
    return get_object_or_404(rows, pk=return_request_id)


@allowed(SEE, methods=("GET",))
def return_request(request: StaffRequest, return_request_id: Any) -> HttpResponse:
    """One request: who asks, whether the home country objects, what stands against it."""
    this = _request(request, return_request_id)
    number = this.remains.bureau_number
    journal.looked(subject=this, by=request.user, person=number, purpose="request for remains")
    person, is_open = request.user, this.state == RequestState.OPEN
    context = {
        **_request_head(this),
        "country": this.power or home_country_of(this.remains),
        "is_open": is_open,
        "against": actions.why_not_grant_now(this) if is_open else [],
        "may_note": is_open and person.may(TAKE) and this.asker == Asker.KIN,
        "may_decide": is_open and person.may(Permission.DECIDE_RETURN),
        "is_refused": this.state == RequestState.REFUSED,
        "is_buried": this.remains.state == WhereState.BURIED,
        "held_back": why_not_go_now(this.remains) if this.state == RequestState.GRANTED else (),
    }
    return render(request, f"{FOLDER}/request.html", context)


def _request_form(
    request: StaffRequest, template: str, this: ReturnRequest, form: Any, **more: Any
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context = {"form": form, **_request_head(this), **more}
    return render(request, f"{FOLDER}/{template}.html", context, status=status)


@allowed(TAKE)
@once
def return_request_home(request: StaffRequest, return_request_id: Any) -> HttpResponse:
    """Note that the home country was asked whether it objects, or what it said."""
    this = _request(request, return_request_id)
    before = Home(this.home)
    form = HomeForm(request.POST if request.method == "POST" else None, before=before)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            on = said["on"] or timezone.localdate()
            actions.note_home(request=this, home=said["home"], on=on, by=request.user)
            return see_other("console:return_request", this.pk)
        except Refused as refused:
            show_on(form, refused)
    return _request_form(request, "home", this, form, days=OBJECT_WITHIN.days)


@allowed(Permission.DECIDE_RETURN)
@once
def return_request_decide(request: StaffRequest, return_request_id: Any) -> HttpResponse:
    """Grant it; or refuse it with the reason and where to turn."""
    this = _request(request, return_request_id)
    form = DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, this, form.cleaned_data)
            return see_other("console:return_request", this.pk)
        except Refused as refused:
            show_on(form, refused)
    against = actions.why_not_grant_now(this)
    return _request_form(request, "decide", this, form, against=against)


def _decide(request: StaffRequest, this: ReturnRequest, said: dict[str, Any]) -> None:
    reason, remedy = clean_text(said["reason"]), clean_text(said["remedy"])
    if said["decision"] == REFUSE:
        actions.refuse(request=this, reason=reason, remedy=remedy, by=request.user)
    else:
        actions.grant(request=this, reason=reason, by=request.user)


@allowed(SEE, methods=("GET",))
def return_request_refusal(request: StaffRequest, return_request_id: Any) -> HttpResponse:
    """The refusal in both languages, with its reason, who decided, and where to turn."""
    this = _request(request, return_request_id)
    if this.state != RequestState.REFUSED:
        raise Http404
    number = this.remains.bureau_number
    journal.looked(subject=this, by=request.user, person=number, purpose="document")
    return to_read(refusal_paper(this), "decision.pdf")


urlpatterns = [
    path("offers/", offers, name="offers"),
    path("offers/new/", offer_new, name="offer_new"),
    path("offers/<uuid:offer_id>/", offer, name="offer"),
    path("offers/<uuid:offer_id>/send/", offer_send, name="offer_send"),
    path("offers/<uuid:offer_id>/answer/", offer_answer, name="offer_answer"),
    path("offers/<uuid:offer_id>/paper/", offer_print, name="offer_paper"),
    path("return-requests/", return_requests, name="return_requests"),
    path("return-requests/new/", return_request_new, name="return_request_new"),
    path("return-requests/<uuid:return_request_id>/", return_request, name="return_request"),
    path(
        "return-requests/<uuid:return_request_id>/home/",
        return_request_home,
        name="return_request_home",
    ),
    path(
        "return-requests/<uuid:return_request_id>/decide/",
        return_request_decide,
        name="return_request_decide",
    ),
    path(
        "return-requests/<uuid:return_request_id>/refusal/",
        return_request_refusal,
        name="return_request_refusal",
    ),
]
