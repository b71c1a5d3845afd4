"""Calls: what is to be arranged, and by whom; one call's page; the times that are free."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.consents.rules import Answer
from wayhome.bureau.contact.calls import actions, facts, rules
from wayhome.bureau.contact.calls.actions import Opening
from wayhome.bureau.contact.calls.models import Call, CallEvent, CallParty, Slot
from wayhome.bureau.contact.calls.rules import (
    REASON_NAMES,
    STATE_NAMES,
    CallState,
    EventOfCall,
    Reason,
    Side,
)
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.search import captives_named
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.languages import LANGUAGES
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other

P = Permission
DAYS = {
    "today": _("Today"),
    "week": _("The next seven days"),
    "late": _("Waiting for a time"),
    "alone": _("Agreed, and given to nobody"),
}
SIDES = {Side.FAMILY: _("the family"), Side.CAPTIVE: _("himself")}
ANSWERS = {
    "": _("not asked yet"),
    Answer.YES: _("yes, before a neutral"),
    Answer.NO: _("no"),
    Answer.NOT_NOW: _("not now"),
}
EVENTS = {
    EventOfCall.OPENED: _("opened"),
    EventOfCall.ENTERED: _("came to the waiting room"),
    EventOfCall.ADMITTED: _("was let in"),
    EventOfCall.CONNECTED: _("line there"),
    EventOfCall.DROPPED: _("line dropped"),
    EventOfCall.BY_TELEPHONE: _("goes on by telephone"),
    EventOfCall.MUTED: _("muted"),
    EventOfCall.UNMUTED: _("heard again"),
    EventOfCall.LEFT: _("went out"),
    EventOfCall.OVER: _("over"),
}
KEY_REQUIRED = {"required": _("Please choose.")}


class AssignForm(IdempotentForm):
    supervisor = forms.ModelChoiceField(
        label=_("Who accompanies it"),
        queryset=Staff.objects.get_queryset().none(),
        error_messages=KEY_REQUIRED,
    )
    interpreter = forms.ModelChoiceField(
        label=_("Interpreter, if there is one"),
        help_text=_("Without one the call takes place all the same."),
        queryset=Staff.objects.get_queryset().none(),
        required=False,
    )

    def __init__(self, *args: Any, people: list[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Staff.objects.get_queryset().filter(pk__in=[one.pk for one in people])
        for name in ("supervisor", "interpreter"):
            self.fields[name].queryset = rows.order_by("number")  # type: ignore[attr-defined]


class ReasonForm(IdempotentForm):
    """A reason of the closed list: nothing else is written down."""

    reason = forms.ChoiceField(label=_("Reason"), error_messages=KEY_REQUIRED)

    def __init__(self, *args: Any, among: tuple[Reason, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "–"), *((each.value, REASON_NAMES[each]) for each in among)]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]


class OpenTimesForm(IdempotentForm):
    on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput({"type": "date", "class": "govuk-input--width-10"}),
        error_messages={
            "required": _("Please give a day, such as 2022-05-03."),
            "invalid": _("Please give a day, such as 2022-05-03."),
        },
    )
    start = forms.TimeField(
        label=_("From"),
        widget=forms.TimeInput({"type": "time", "class": "govuk-input--width-10"}, format="%H:%M"),
        initial=time(9),
        error_messages={
            "required": _("Please give a time, such as 9:30."),
            "invalid": _("Please give a time, such as 9:30."),
        },
    )
    end = forms.TimeField(
        label=_("Until"),
        widget=forms.TimeInput({"type": "time", "class": "govuk-input--width-10"}, format="%H:%M"),
        initial=time(17),
        error_messages={
            "required": _("Please give a time, such as 9:30."),
            "invalid": _("Please give a time, such as 9:30."),
        },
    )
    rooms = forms.IntegerField(
        label=_("How many calls at once"),
        min_value=1,
        max_value=9,
        initial=1,
        widget=forms.NumberInput({"class": "govuk-input--width-2"}),
        error_messages={"required": _("Please give a number from 1 to 9.")},
    )

    def opening(self) -> Opening:
        given = self.cleaned_data
        return Opening(given["on"], given["start"], given["end"], given["rooms"])


@allowed(P.ARRANGE_CALL, P.READ_JOURNAL, methods=("GET",))
def calls(request: StaffRequest) -> HttpResponse:
    """Today's calls first; searched, filtered, sorted and paged by the address alone."""
    arranges = request.user.may(P.ARRANGE_CALL)
    rows = _wanted(request, Call.objects.visible_to(request.user), arranges=arranges)
    columns = {"time": "starts_at", "asked": "asked_at", "state": "state"}
    rows = sorted_by(request, rows, columns, "time")
    page = page_of(request, rows.select_related("captive", "supervisor", "interpreter"))
    context = {
        "page": page,
        "rows": [_row(request, call, arranges=arranges) for call in page.object_list],
        "arranges": arranges,
        "q": asked(request, "q"),
        "states": [(each.value, STATE_NAMES[each]) for each in CallState],
        "days": list(DAYS.items()),
    }
    return render(request, "console/calls/calls.html", context)


def _wanted(request: StaffRequest, rows: "QuerySet[Call]", *, arranges: bool) -> "QuerySet[Call]":
    if (state := asked(request, "state")) in set(CallState):
        rows = rows.filter(state=state)
    rows = _of_day(rows, asked(request, "day"))
    if asked(request, "mine") and arranges:
        rows = rows.filter(supervisor=request.user) | rows.filter(interpreter=request.user)
    if arranges and (text := asked(request, "q")):
        rows = rows.filter(captive__in=captives_named(text))
    return rows


def _of_day(rows: "QuerySet[Call]", day: str) -> "QuerySet[Call]":
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    if day == "today":
        return rows.filter(starts_at__gte=today, starts_at__lt=today + timedelta(days=1))
    if day == "week":
        return rows.filter(starts_at__gte=today, starts_at__lt=today + timedelta(days=7))
    if day == "late":
        return rows.filter(state=CallState.ASKED)
    if day == "alone":
        return rows.filter(pk__in=Call.objects.unaccompanied().values("pk"))
    return rows


def _row(request: StaffRequest, call: Call, *, arranges: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "call": shown(call, "arrange" if arranges else "audit"),
        "state": STATE_NAMES[CallState(call.state)],
        "reason": REASON_NAMES[Reason(call.reason)] if call.reason else "",
        "supervisor": call.supervisor.number if call.supervisor else "",
    }
    if arranges:
        row["captive"] = shown(call.captive, "file") if call.captive else None
        row["mine"] = request.user.pk in (call.supervisor_id, call.interpreter_id)
        row["language"] = LANGUAGES.get(call.language, call.language)
        row["alone"] = _is_alone(call)
    return row


def _is_alone(call: Call) -> bool:
    return call.state == CallState.AGREED and call.supervisor_id is None


@allowed(P.ARRANGE_CALL, methods=("GET",))
def call(request: StaffRequest, call_id: Any) -> HttpResponse:
    """One call: where it stands, what stands against the next step, who must act."""
    one = _one(request, call_id)
    journal.looked(subject=one, by=request.user, person=one.person, purpose="call")
    return _page(request, one)


SHOWN = ("captive__same_as", "match__enquiry__enquirer__key", "named__key", "named__sitting",
         "supervisor", "interpreter", "enquiry")  # fmt: skip


def _one(request: StaffRequest, call_id: Any) -> Call:
    rows = Call.objects.visible_to(request.user).select_related(*SHOWN)
    return get_object_or_404(rows, pk=call_id)


def _page(request: StaffRequest, one: Call, **more: Any) -> HttpResponse:
    assert one.captive is not None, "a wish that is only kept is nobody's to see"
    people = actions.supervisors_of(request.user)
    before = {"supervisor": one.supervisor_id or request.user.pk, "interpreter": one.interpreter_id}
    context: dict[str, Any] = {
        "call": shown(one, "arrange"),
        "captive": shown(one.captive, "file"),
        "family": _family(one),
        "state": STATE_NAMES[CallState(one.state)],
        "reason": REASON_NAMES[Reason(one.reason)] if one.reason else "",
        "asked_by": SIDES[Side(one.asked_by)],
        "his_answer": ANSWERS[Answer(one.his_answer) if one.his_answer else ""],
        "language": LANGUAGES.get(one.language, one.language),
        "against": facts.why_not(one) if one.state in rules.LIVE else [],
        "offers": [shown(offer, "arrange") for offer in _offers(one)],
        "parties": [_party(party) for party in one.parties.select_related("staff")],
        "events": [_event(event) for event in CallEvent.objects.filter(call=one)],
        "steps": _steps(request, one),
        "key": IdempotentForm(auto_id=False),
        "assign_form": AssignForm(people=people, initial=before, prefix=None),
        "cancel_form": ReasonForm(among=rules.TO_CANCEL, auto_id="cancel_%s"),
        "end_form": ReasonForm(among=rules.TO_END, auto_id="end_%s"),
        **more,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/calls/call.html", context, status=status)


def _family(one: Call) -> Any:
    if one.named is not None:
        return one.named.who["name"]
    assert one.match is not None, "what can be arranged rests on a match"
    return shown(one.match.enquiry.enquirer, "contact").name or ""


def _offers(one: Call) -> Any:
    return one.offers.filter(closed_at=None).order_by("starts_at")


def _party(party: CallParty) -> dict[str, Any]:
    return {
        "party": shown(party, "arrange"),
        "kind": rules.PARTY_NAMES[rules.PartyKind(party.kind)],
        "number": party.staff.number if party.staff else "",
        "mute_reason": REASON_NAMES[Reason(party.mute_reason)] if party.mute_reason else "",
    }


def _event(event: CallEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "what": EVENTS[EventOfCall(event.what)],
        "kind": rules.PARTY_NAMES[rules.PartyKind(event.kind)] if event.kind else "",
        "reason": REASON_NAMES[Reason(event.reason)] if event.reason else "",
    }


def _steps(request: StaffRequest, one: Call) -> dict[str, Any]:
    """Which steps the page offers; each action asks the rules again."""
    state, now = CallState(one.state), timezone.now()
    mine = request.user.pk in (one.supervisor_id, one.interpreter_id)
    comes_in = mine and rules.is_way_open(state, one.starts_at, now)
    steps: dict[str, Any] = {
        "live": state in rules.LIVE,
        "offer": state == CallState.ASKED,
        "assign": state in rules.TO_COME,
        "alone": _is_alone(one),
        "other_times": state in (CallState.OFFERED, CallState.AGREED),
        "cancel": state in rules.TO_COME and not one.is_only_kept_for_her,
        "telephone": comes_in,
        "end": mine and state == CallState.OPEN,
    }
    if comes_in:
        party = CallParty.objects.of(request.user).filter(call=one).first()
        steps["token"] = actions.link_for(party) if party else ""
    return steps


def _pressed(request: StaffRequest, call_id: Any, act: Any) -> HttpResponse:
    """A form of one button."""
    one = _one(request, call_id)
    refusals = press(request, lambda: act(one))
    if not refusals:
        return see_other("console:call", one.pk)
    return _page(request, _one(request, call_id), refusals=refusals)


@allowed(P.ARRANGE_CALL, methods=("POST",), form_at="console:call")
@once
def call_offer(request: StaffRequest, call_id: Any) -> HttpResponse:
    """Offer times that suit both, drawn by lot."""
    return _pressed(request, call_id, lambda one: actions.offer_times(call=one, by=request.user))


@allowed(P.ARRANGE_CALL, methods=("POST",), form_at="console:call")
@once
def call_seek(request: StaffRequest, call_id: Any) -> HttpResponse:
    """Take the times back and look for others."""
    return _pressed(
        request, call_id, lambda one: actions.seek_other_times(call=one, by=request.user)
    )


@allowed(P.ARRANGE_CALL, methods=("POST",), form_at="console:call")
@once
def call_telephone(request: StaffRequest, call_id: Any) -> HttpResponse:
    """The two talk by telephone."""
    return _pressed(
        request, call_id, lambda one: actions.note_by_telephone(call=one, by=request.user)
    )


@allowed(P.ARRANGE_CALL, methods=("POST",), form_at="console:call")
@once
def call_assign(request: StaffRequest, call_id: Any) -> HttpResponse:
    one = _one(request, call_id)
    form = AssignForm(request.POST, people=actions.supervisors_of(request.user))
    if form.is_valid():
        chosen = {name: form.cleaned_data[name] for name in ("supervisor", "interpreter")}
        try:
            actions.assign(call=one, **chosen, by=request.user)
            return see_other("console:call", one.pk)
        except Refused as refused:
            show_on(form, refused)
    return _page(request, one, assign_form=form, faulty=form)


@allowed(P.ARRANGE_CALL, methods=("POST",), form_at="console:call")
@once
def call_cancel(request: StaffRequest, call_id: Any) -> HttpResponse:
    one = _one(request, call_id)
    form = ReasonForm(request.POST, among=rules.TO_CANCEL, auto_id="cancel_%s")
    if form.is_valid():
        try:
            actions.cancel_call(call=one, reason=form.cleaned_data["reason"], by=request.user)
            return see_other("console:call", one.pk)
        except Refused as refused:
            show_on(form, refused)
    return _page(request, one, cancel_form=form, faulty=form)


@allowed(P.ARRANGE_CALL, methods=("POST",), form_at="console:call")
@once
def call_end(request: StaffRequest, call_id: Any) -> HttpResponse:
    """End it from its page, too: a call by telephone has no other button."""
    one = _one(request, call_id)
    form = ReasonForm(request.POST, among=rules.TO_END, auto_id="end_%s")
    if form.is_valid():
        try:
            actions.stop(call=one, reason=form.cleaned_data["reason"], by=request.user)
            return see_other("console:call", one.pk)
        except Refused as refused:
            show_on(form, refused)
    return _page(request, one, end_form=form, faulty=form)


@allowed(P.ARRANGE_CALL)
@once
def call_slots(request: StaffRequest) -> HttpResponse:
    """The times that are free at this site, and opening more."""
    form = OpenTimesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_times(opening=form.opening(), by=request.user)
            return see_other("console:call_slots")
        except Refused as refused:
            show_on(form, refused)
    rows = Slot.objects.visible_to(request.user).filter(starts_at__gt=timezone.now())
    page = page_of(request, rows.order_by("starts_at", "room"))
    free = set(Slot.objects.free().filter(pk__in=[one.pk for one in page.object_list])
               .values_list("pk", flat=True))  # fmt: skip
    context = {
        "form": form,
        "page": page,
        "rows": [{"slot": shown(one, "arrange"), "free": one.pk in free} for one in
                 page.object_list],
        "back_url": reverse("console:calls"),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "console/calls/slots.html", context, status=status)


def todays(person: Staff, now: datetime) -> "QuerySet[Call]":
    """What is agreed or open today, for the first page."""
    rows = Call.objects.visible_to(person).filter(state__in=[CallState.AGREED, CallState.OPEN])
    return _of_day(rows, "today")


urlpatterns = [
    path("calls/", calls, name="calls"),
    path("calls/times/", call_slots, name="call_slots"),
    path("calls/<uuid:call_id>/", call, name="call"),
    path("calls/<uuid:call_id>/offer/", call_offer, name="call_offer"),
    path("calls/<uuid:call_id>/other-times/", call_seek, name="call_seek"),
    path("calls/<uuid:call_id>/assign/", call_assign, name="call_assign"),
    path("calls/<uuid:call_id>/cancel/", call_cancel, name="call_cancel"),
    path("calls/<uuid:call_id>/telephone/", call_telephone, name="call_telephone"),
    path("calls/<uuid:call_id>/end/", call_end, name="call_end"),
]
