"""What follows calls outside the camp: worries; and those who agree on a time by telephone."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.contact.calls import actions
from wayhome.bureau.contact.calls.models import AfterCall, Call
from wayhome.bureau.contact.calls.rules import HOW_NAMES, LOOKED_INTO_WITHIN, CallState, How, Side
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.forms import IdempotentForm, Radios
from wayhome.web.once import once, see_other, why_not_press
from wayhome.web.times import in_words

P = Permission
WHO = {Side.FAMILY: _("the family"), Side.CAPTIVE: _("the captive")}


@allowed(P.SEE_WORRY, methods=("GET",))
def worries(request: StaffRequest) -> HttpResponse:
    """What worried somebody after a call, the oldest that nobody looked into first."""
    rows = AfterCall.objects.visible_to(request.user)
    done = asked(request, "state") == "done"
    rows = rows.exclude(looked_into_at=None) if done else rows.filter(looked_into_at=None)
    page = page_of(request, sorted_by(request, rows.select_related("call__captive"), {"at": "at"},
                                      "at"))  # fmt: skip
    late = timezone.now() - LOOKED_INTO_WITHIN
    context = {
        "page": page,
        "rows": [
            {
                "pk": one.pk,
                "at": one.at,
                "who": WHO[Side(one.side)],
                "number": one.call.person,
                "late": one.looked_into_at is None and one.at < late,
                "done_at": one.looked_into_at,
            }
            for one in page.object_list
        ],
        "done": done,
    }
    return render(request, "console/calls/worries.html", context)


@allowed(P.SEE_WORRY)
@once
def worry(request: StaffRequest, worry_id: Any) -> HttpResponse:
    """One worry, in the words of whoever has it; noted when it was looked into."""
    rows = AfterCall.objects.visible_to(request.user)
    one = get_object_or_404(rows.select_related("key", "call__captive", "looked_into_by"),
                            pk=worry_id)  # fmt: skip
    refusals: list[Any] = []
    if request.method == "POST":
        refusals = why_not_press(request)
        if not refusals:
            actions.look_into_worry(worry=one, by=request.user)
            return see_other("console:worries")
    else:
        journal.looked(subject=one, by=request.user, person=one.call.person, purpose="worry")
    context = {
        "worry": shown(one, "worry"),
        "who": WHO[Side(one.side)],
        "how": HOW_NAMES[How(one.how)],
        "number": one.call.person,
        "sees_captive": request.user.may(P.SEE_CAPTIVE),
        "form": IdempotentForm(),
        "refusals": refusals,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/calls/worry.html", context, status=status)


class HerTimeForm(IdempotentForm):
    time = forms.ChoiceField(
        label=_("Which time suits this person"),
        widget=Radios,
        error_messages={"required": _("Please choose.")},
    )

    def __init__(self, *args: Any, offers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time"].choices = offers  # type: ignore[attr-defined]


@allowed(P.TELL_FAMILY, methods=("GET",))
def call_families(request: StaffRequest) -> HttpResponse:
    """People whom he named: they have no page, and choose the time on the telephone."""
    rows = Call.objects.visible_to(request.user).to_call()
    page = page_of(request, rows.select_related("named__key").order_by("asked_at", "pk"))
    context = {"page": page, "rows": [_family(one) for one in page.object_list]}
    return render(request, "console/calls/families.html", context)


def _family(one: Call) -> dict[str, Any]:
    return {
        "call": shown(one, "spoken"),
        "name": one.named.who["name"] if one.named else "",
        "to_speak": one.frozen_at is not None and one.spoken_by_id is None,
    }


@allowed(P.TELL_FAMILY)
@once
def call_family(request: StaffRequest, call_id: Any) -> HttpResponse:
    """One of them: note that you have spoken with her, or which time she chose."""
    rows = Call.objects.visible_to(request.user)
    one = get_object_or_404(rows.select_related("enquiry", "named__key", "captive"), pk=call_id)
    offers = list(one.offers.filter(closed_at=None, suits_him=True).order_by("starts_at"))
    times = [(str(offer.pk), in_words(offer.starts_at, "Europe/Kyiv")) for offer in offers]
    chooses = one.named is not None and one.state == CallState.OFFERED
    sent = request.POST if request.method == "POST" else None
    form = HerTimeForm(sent, offers=times) if chooses else IdempotentForm(sent)
    refusals: list[Any] = []
    if request.method == "POST":
        refusals = why_not_press(request)
        if not refusals and form.is_valid():
            try:
                _noted(request, one, form, chooses=chooses)
                return see_other("console:call_families")
            except Refused as refused:
                refusals = list(refused.refusals)
    else:
        journal.looked(subject=one, by=request.user, person=one.person, purpose="call")
    context = {
        **_family(one),
        "reach": one.named.who["reach"] if one.named else "",
        "when": in_words(one.starts_at, "Europe/Kyiv") if one.starts_at else "",
        "chooses": chooses,
        "form": form,
        "refusals": refusals,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/calls/family.html", context, status=status)


def _noted(request: StaffRequest, one: Call, form: Any, *, chooses: bool) -> None:
    if chooses:
        offer = form.cleaned_data["time"]
        actions.choose_time_for_her(call=one, offer=offer, by=request.user)
    else:
        actions.note_spoken(call=one, by=request.user)


urlpatterns = [
    path("worries/", worries, name="worries"),
    path("worries/<uuid:worry_id>/", worry, name="worry"),
    path("calls/families/", call_families, name="call_families"),
    path("calls/families/<uuid:call_id>/", call_family, name="call_family"),
]
