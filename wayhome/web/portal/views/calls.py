"""Her call: asked for by every family in the same words, then a time, then the way in (P5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.contact.calls import actions
from wayhome.bureau.contact.calls.models import CallOffer, CallParty, CallWish
from wayhome.bureau.contact.calls.rules import HOW_NAMES, How, Side
from wayhome.bureau.contact.calls.seeing import Look, Seen, of_hers
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_text
from wayhome.web.access import FamilyRequest, family
from wayhome.web.forms import IdempotentForm, Radios
from wayhome.web.once import OUT_OF_DATE, once, see_other, why_not_press
from wayhome.web.portal import decoy
from wayhome.web.portal.own import moments, own_enquiry
from wayhome.web.portal.views.enquiry import sent
from wayhome.web.times import ZONES, TimesForm, in_words, kept_times
from wayhome.web.waiting import heard_that_he_is_gone

LONGEST_WORRY = 4_000
NONE = "none"


class WishForm(TimesForm):
    zone = forms.ChoiceField(
        label=_("By the clock of which city do you live?"),
        choices=list(ZONES.items()),
        initial="Europe/Moscow",
        error_messages={"required": _("Choose one of these answers.")},
    )
    field_order = ("zone", "days", "parts", "language", "idempotency_key")


class ChooseForm(IdempotentForm):
    """One of the times, by its moment; or none of them.

    Not by its place: by the time she answers, one of those before it may be gone.
    """

    time = forms.ChoiceField(
        label=_("Which time suits you?"),
        widget=Radios,
        error_messages={
            "required": _("Choose one of these answers."),
            "invalid_choice": _("This time is not free any more. Please choose another one."),
        },
    )

    def __init__(self, *args: Any, offers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [*offers, (NONE, _("None of these times suits me"))]
        self.fields["time"].choices = choices  # type: ignore[attr-defined]


class HowForm(IdempotentForm):
    how = forms.ChoiceField(
        label=_("How was the call?"),
        choices=[(how.value, HOW_NAMES[how]) for how in How],
        widget=Radios,
        error_messages={"required": _("Choose one of these answers.")},
    )
    worry = forms.CharField(
        label=_("Did something worry you?"),
        help_text=_(
            "This goes to people outside the place where the person is. "
            "Nobody who decides about the person reads it."
        ),
        widget=forms.Textarea({"rows": 5, "autocomplete": "off"}),
        max_length=LONGEST_WORRY,
        required=False,
    )

    def clean_worry(self) -> str:
        return clean_text(self.cleaned_data["worry"])


@dataclass(frozen=True)
class Hers:
    """What her page knows of her calls."""

    now: Seen | None  # the one to come
    over: list[Seen]
    asked_at: datetime | None = None  # under her second PIN: what that page remembers
    wish: dict[str, Any] | None = None


def _hers(request: FamilyRequest) -> Hers:
    enquiry = own_enquiry(request)
    seen = of_hers(enquiry, request.family, timezone.now())
    if decoy.is_decoy(request):
        return _of_the_other_page(request, seen)
    now = next((each for each in seen if each.is_to_come), None)
    return Hers(now, [each for each in seen if not each.is_to_come])


def _of_the_other_page(request: FamilyRequest, seen: list[Seen]) -> Hers:
    """Under her second PIN no call is more than kept, and what she does there takes no effect."""
    now = next((each for each in seen if each.is_to_come), None)
    asked, wish = (now.call.she_asked_at, _wish_of(now)) if now else (None, None)
    for each in decoy.recall(request, "call", []):
        asked = moments([each])[0] if asked is None or not each["again"] else asked
        wish = each["wish"]
    gone = moments(decoy.recall(request, "call_back", []))
    if asked is None or (gone and max(gone) > asked):
        return Hers(None, [])
    return Hers(None, [], asked, wish)


def _wish_of(now: Seen) -> dict[str, Any]:
    wish = CallWish.objects.filter(call=now.call, side=Side.FAMILY).select_related("key")
    last = wish.first()
    return {**kept_times(last.times if last else None), "language": now.call.language}


@family(methods=("GET", "POST"))
@once
def calls(request: FamilyRequest) -> HttpResponse:
    """Ask for a call; or what became of the wish, as far as every family may read it."""
    hers = _hers(request)
    asked = hers.now is not None or hers.asked_at is not None
    form = WishForm(sent(request), initial={"language": request.family.language})
    # Asked already: the page says so.
    if form.is_valid() and (asked or _kept(request, form)):
        return see_other("portal:calls")
    return _page(request, hers, form=None if asked else form)


def _page(request: FamilyRequest, hers: Hers, **more: Any) -> HttpResponse:
    context = {
        **_told(request, hers),
        "back_form": IdempotentForm(auto_id=False),
        "back_url": reverse("portal:waiting"),
        **more,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/calls.html", context, status=status)


def _told(request: FamilyRequest, hers: Hers) -> dict[str, Any]:
    now, zone = hers.now, _zone(request, hers)
    look = now.look if now else Look.KEPT if hers.asked_at else ""
    asked_at = now.call.she_asked_at or now.call.asked_at if now else hers.asked_at
    context: dict[str, Any] = {
        "look": look,
        "asked_on": timezone.localtime(asked_at) if asked_at else None,
        "over": [_row(each, zone) for each in hers.over],
        "gone": bool(hers.over) and heard_that_he_is_gone(request.family, own_enquiry(request)),
    }
    if now is not None and now.look == Look.TIMES:
        context["choose_form"] = _choose_form(now, zone)
    if now is not None and now.at is not None:
        context |= {"when": in_words(now.at, zone), "minutes": now.minutes}
        if now.may_enter:
            party = CallParty.objects.of(request.family).get(call=now.call)
            context |= {
                "token": actions.link_for(party),
                "may_enter": True,
                "enter_url": reverse("portal:call_enter"),
            }
    return context


def _row(seen: Seen, zone: str) -> dict[str, Any]:
    return {
        "look": seen.look,
        "when": in_words(seen.at, zone) if seen.at else "",
        "talked": seen.call.talked,
        "may_say_how": seen.may_say_how,
    }


def _zone(request: FamilyRequest, hers: Hers) -> str:
    """By which clock she lives, as she said with her last wish."""
    calls = [each.call for each in ([hers.now] if hers.now else []) + hers.over]
    wishes = CallWish.objects.filter(call__in=calls, side=Side.FAMILY).select_related("key")
    last = wishes.order_by("-at").first()
    return str(last.times["zone"]) if last and last.times else "Europe/Moscow"


def _choose_form(now: Seen, zone: str, data: Any = None) -> ChooseForm:
    offers = [(_moment(offer), in_words(offer.starts_at, zone)) for offer in now.offers]
    return ChooseForm(data, offers=offers)


def _moment(offer: CallOffer) -> str:
    return str(int(offer.starts_at.timestamp()))


def _remember(request: FamilyRequest, form: WishForm, *, again: bool) -> None:
    given = form.cleaned_data
    wish = {**form.times(given["zone"]).as_json(), "language": given["language"]}
    decoy.add(request, "call", {"wish": wish, "again": again})


def _kept(request: FamilyRequest, form: WishForm) -> bool:
    if decoy.is_decoy(request):
        _remember(request, form, again=False)
        return True
    try:
        actions.ask_for_call(
            enquiry=own_enquiry(request),
            times=form.times(form.cleaned_data["zone"]),
            language=form.cleaned_data["language"],
            by=request.family,
        )
    except Refused as refused:
        form.add_error(None, str(refused.refusal.reason))
        return False
    return True


@family(methods=("POST",), form_at="portal:calls")
@once
def choose(request: FamilyRequest) -> HttpResponse:
    """Her yes to one of the times; or that none suits, and then when else she can."""
    hers = _hers(request)
    if hers.now is None or hers.now.look != Look.TIMES:
        return _nothing_here(request, hers)
    form = _choose_form(hers.now, _zone(request, hers), request.POST)
    if form.is_valid():
        if form.cleaned_data["time"] == NONE:
            return see_other("portal:call_other_times")
        offers = {_moment(offer): offer.pk for offer in hers.now.offers}
        chosen = offers[form.cleaned_data["time"]]
        try:
            actions.choose_time(call=hers.now.call, offer=chosen, by=request.family)
            return see_other("portal:calls")
        except Refused as refused:
            form.add_error("time", str(refused.refusal.reason))
    return _page(request, hers, choose_form=form, form=None)


@family(methods=("GET", "POST"))
@once
def other_times(request: FamilyRequest) -> HttpResponse:
    """When else she can talk; the times that were offered are given back."""
    hers = _hers(request)
    if hers.now is None and hers.asked_at is None:
        return _nothing_here(request, hers)
    form = WishForm(sent(request), initial=_wish_of(hers.now) if hers.now else hers.wish)
    if form.is_valid() and _changed(request, hers, form):
        return see_other("portal:calls")
    context = {"form": form, "back_url": reverse("portal:calls")}
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/call_other_times.html", context, status=status)


def _changed(request: FamilyRequest, hers: Hers, form: WishForm) -> bool:
    if hers.now is None:
        _remember(request, form, again=True)
        return True
    try:
        actions.want_other_times(
            call=hers.now.call,
            times=form.times(form.cleaned_data["zone"]),
            language=form.cleaned_data["language"],
            by=request.family,
        )
    except Refused as refused:
        form.add_error(None, str(refused.refusal.reason))
        return False
    return True


def _nothing_here(request: FamilyRequest, hers: Hers) -> HttpResponse:
    """The page that she came from: what she wanted to answer is not asked any more."""
    refusals = [OUT_OF_DATE] if request.method == "POST" else []
    asked = hers.now is not None or hers.asked_at is not None
    form = WishForm(initial={"language": request.family.language})
    return _page(request, hers, refusals=refusals, form=None if asked else form)


@family(methods=("POST",), form_at="portal:calls")
@once
def call_take_back(request: FamilyRequest) -> HttpResponse:
    """She does not want the call after all. The answer is the same wherever it is."""
    hers = _hers(request)
    if (hers.now is None and hers.asked_at is None) or why_not_press(request):
        return _nothing_here(request, hers)
    if hers.now is None:
        decoy.add(request, "call_back", {})
        return see_other("portal:calls")
    try:
        actions.take_back_wish(call=hers.now.call, by=request.family)
        return see_other("portal:calls")
    except Refused as refused:
        return _page(request, hers, refusals=refused.refusals, form=None)


@family()
def before(request: FamilyRequest) -> HttpResponse:
    """How a call goes: open to every family from the first day."""
    return render(request, "portal/call_before.html", {"back_url": reverse("portal:calls")})


@family(methods=("GET", "POST"))
@once
def how_it_was(request: FamilyRequest) -> HttpResponse:
    """She is asked apart how it was, and whether something worried her."""
    hers = _hers(request)
    over = next((each for each in hers.over if each.may_say_how), None)
    form = HowForm(sent(request))
    if over is None:
        return _nothing_here(request, hers)
    if form.is_valid():
        how, worry = How(form.cleaned_data["how"]), form.cleaned_data["worry"]
        try:
            actions.say_how_it_was(call=over.call, how=how, worry=worry, by=request.family)
            return see_other("portal:call_thanks")
        except Refused as refused:
            form.add_error(None, str(refused.refusal.reason))
    context = {"form": form, "back_url": reverse("portal:calls")}
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/call_how.html", context, status=status)


@family()
def thanks(request: FamilyRequest) -> HttpResponse:
    return render(request, "portal/call_thanks.html", {"back_url": reverse("portal:calls")})


urlpatterns = [
    path("calls/", calls, name="calls"),
    path("calls/choose/", choose, name="call_choose"),
    path("calls/other-times/", other_times, name="call_other_times"),
    path("calls/take-back/", call_take_back, name="call_take_back"),
    path("calls/before/", before, name="call_before"),
    path("calls/how/", how_it_was, name="call_how"),
    path("calls/thanks/", thanks, name="call_thanks"),
]
