"""Other bureaus: agreements, what was asked and answered under each, one question at a time."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from wayhome.bureau.bureaus import actions
from wayhome.bureau.bureaus.models import Agreement, Asked
from wayhome.bureau.bureaus.rules import DIRECTION_NAMES, STATE_NAMES, Direction, State
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.numbers import parse
from wayhome.lib.refusal import Refused
from wayhome.lib.sealed import PublicKey
from wayhome.lib.text import clean_text
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.bureaus import AgreementForm, AskForm, EndForm, MessageForm
from wayhome.web.console.listing import page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.console.views.remains import NO_SUCH
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other

SEE, KEEP = Permission.SEE_AGREEMENTS, Permission.KEEP_AGREEMENTS
GENETICS = Permission.SEE_GENETICS
COLUMNS = {"name": "name", "until": "until"}
ASKED = {"at": "at", "direction": "direction", "fits": "fits"}


@allowed(SEE, methods=("GET",))
def bureaus(request: StaffRequest) -> HttpResponse:
    """Every agreement, and our own key, for whoever makes a new one."""
    rows = Agreement.objects.visible_to(request.user).select_related("key")
    page = page_of(request, sorted_by(request, rows, COLUMNS, "name"))
    own = actions.own_key().public()
    context = {
        "page": page,
        "rows": [_row(each) for each in page.object_list],
        "may_keep": request.user.may(KEEP),
        "own": {"line": str(own), "fingerprint": own.fingerprint()},
    }
    return render(request, "console/bureaus/list.html", context)


def _row(agreement: Agreement) -> dict[str, Any]:
    state = agreement.state(timezone.localdate())
    return {
        "agreement": shown(agreement, "agreement"),
        "told": agreement.told or {},
        "state": STATE_NAMES[state],
        "code": state.value,
        "fingerprint": PublicKey.read(agreement.public_key).fingerprint(),
        "asked": actions.this_month(agreement, Direction.OUT),
        "answered": actions.this_month(agreement, Direction.IN),
    }


@allowed(KEEP)
@once
def bureau_new(request: StaffRequest) -> HttpResponse:
    """Write an agreement down."""
    form = AgreementForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.record_agreement(agreed=form.agreed(), by=request.user)
            return see_other("console:bureau", made.pk)
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, "console/bureaus/new.html", {"form": form}, status=status)


def _one(request: StaffRequest, agreement_id: Any) -> Agreement:
    rows = Agreement.objects.visible_to(request.user)
    joined = rows.select_related("key", "recorded_by", "checked_by", "ended_by")
    return get_object_or_404(joined, pk=agreement_id)


@allowed(SEE, methods=("GET",))
def bureau(request: StaffRequest, agreement_id: Any) -> HttpResponse:
    """One agreement: what it allows, how much of it was used, what may follow."""
    this = _one(request, agreement_id)
    journal.looked(subject=this, by=request.user, person="", purpose="agreement")
    return _page(request, this)


def _page(request: StaffRequest, this: Agreement, **more: Any) -> HttpResponse:
    person, state = request.user, this.state(timezone.localdate())
    asked = Asked.objects.visible_to(person).filter(agreement=this)
    joined = asked.select_related("agreement", "remains", "enquiry", "by")
    page = page_of(request, sorted_by(request, joined, ASKED, "-at"))
    context = {
        **_row(this),
        "page": page,
        "questions": [_question(each) for each in page.object_list],
        "sees_questions": person.may(GENETICS),
        "may_use": person.may(GENETICS) and state == State.STANDS,
        "may_check": person.may(KEEP) and state == State.TO_CHECK,
        "own_agreement": this.recorded_by_id == person.pk,
        "may_end": person.may(KEEP) and this.ended_at is None,
        "press": IdempotentForm(auto_id=False),
    }
    status = 422 if more else 200
    return render(request, "console/bureaus/bureau.html", {**context, **more}, status=status)


def _goes_out(asked: Asked) -> bool:
    """Under an agreement in force, and not once a sample was taken back on which it rested."""
    return bool(asked.file) and asked.agreement.state(timezone.localdate()) == State.STANDS


def _question(asked: Asked) -> dict[str, Any]:
    whose = asked.remains or asked.enquiry
    return {
        "asked": shown(asked, "genetics"),
        "direction": DIRECTION_NAMES[Direction(asked.direction)],
        "number": whose.bureau_number if whose else "",
        "goes_out": _goes_out(asked),
    }


@allowed(KEEP, methods=("POST",), form_at="console:bureau")
@once
def bureau_check(request: StaffRequest, agreement_id: Any) -> HttpResponse:
    """A second lawyer has read it, and heard the fingerprint."""
    this = _one(request, agreement_id)
    refusals = press(request, lambda: actions.check_agreement(agreement=this, by=request.user))
    if not refusals:
        return see_other("console:bureau", this.pk)
    return _page(request, this, refusals=refusals)


def _enter(
    request: StaffRequest, name: str, this: Agreement, form: Any, act: Callable[[], object]
) -> HttpResponse:
    """Do what a form about an agreement says, once it is sent and right."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
            return see_other("console:bureau", this.pk)
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    page = f"console/bureaus/{name}.html"
    return render(request, page, {"form": form, **_row(this)}, status=status)


@allowed(KEEP)
@once
def bureau_end(request: StaffRequest, agreement_id: Any) -> HttpResponse:
    """End an agreement before its day."""
    this = _one(request, agreement_id)
    form = EndForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        reason = clean_text(form.cleaned_data["reason"])
        actions.end_agreement(agreement=this, reason=reason, by=request.user)

    return _enter(request, "end", this, form, act)


@allowed(GENETICS)
@once
def bureau_ask(request: StaffRequest, agreement_id: Any) -> HttpResponse:
    """Ask for one of the dead: a file is made, for whoever carries it."""
    this = _one(request, agreement_id)
    form = AskForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        number = parse(form.cleaned_data["number"])
        rows = Remains.objects.visible_to(request.user).filter(bureau_number=str(number or ""))
        remains = rows.select_related("key").first()
        if remains is None:
            raise Refused(NO_SUCH)
        actions.ask(agreement=this, remains=remains, by=request.user)

    return _enter(request, "ask", this, form, act)


@allowed(GENETICS)
@once
def bureau_file(request: StaffRequest, agreement_id: Any) -> HttpResponse:
    """Read one file of theirs: their question is answered, their answer noted."""
    this = _one(request, agreement_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = MessageForm(*sent)

    def act() -> None:
        content = form.cleaned_data["file"].read()
        actions.take_in(agreement=this, content=content, by=request.user)

    return _enter(request, "file", this, form, act)


@allowed(GENETICS, methods=("GET",))
def bureau_message(request: StaffRequest, asked_id: Any) -> HttpResponse:
    """The sealed file that we send, again whenever it is lost on its way; while it may go out."""
    rows = Asked.objects.visible_to(request.user).select_related("agreement")
    this = get_object_or_404(rows, pk=asked_id)
    if not _goes_out(this):
        raise Http404
    journal.looked(subject=this, by=request.user, person="", purpose="agreement")
    headers = {"Content-Disposition": 'attachment; filename="message.json"'}
    return HttpResponse(this.file, content_type="application/json", headers=headers)


urlpatterns = [
    path("bureaus/", bureaus, name="bureaus"),
    path("bureaus/new/", bureau_new, name="bureau_new"),
    path("bureaus/messages/<uuid:asked_id>/", bureau_message, name="bureau_message"),
    path("bureaus/<uuid:agreement_id>/", bureau, name="bureau"),
    path("bureaus/<uuid:agreement_id>/check/", bureau_check, name="bureau_check"),
    path("bureaus/<uuid:agreement_id>/end/", bureau_end, name="bureau_end"),
    path("bureaus/<uuid:agreement_id>/ask/", bureau_ask, name="bureau_ask"),
    path("bureaus/<uuid:agreement_id>/file/", bureau_file, name="bureau_file"),
]
