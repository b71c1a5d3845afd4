"""The neutral's sittings: who must be asked, by when, and opening the tablet for one man."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents import sittings as bureau
from wayhome.bureau.consents.actions import matches_of, matches_to_ask
from wayhome.bureau.consents.models import PersonToTell, Sitting, of_same_man
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.rules import ASK_WITHIN_HOURS
from wayhome.bureau.returns.days import ToTell, days_to_tell, note_he_knows, words_to_him
from wayhome.bureau.returns.models import Appointment
from wayhome.bureau.returns.rules import why_not_note_he_knows
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, Refused, refuse_if
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.captive_page import first_language
from wayhome.web.console.forms.sittings import (
    CloseForm,
    DayToldForm,
    OpenSittingForm,
    SureForm,
)
from wayhome.web.console.listing import asked, page_of
from wayhome.web.once import OUT_OF_DATE, once, press, see_other

SOON = timedelta(hours=24)
MOST_FOUND = 25


@dataclass(frozen=True)
class ToAsk:
    """One man who waits to be asked: by the oldest of his matches."""

    captive: Any
    due_at: datetime
    now: datetime

    @property
    def is_late(self) -> bool:
        return self.due_at < self.now

    @property
    def is_soon(self) -> bool:
        return not self.is_late and self.due_at < self.now + SOON


@allowed(Permission.OPEN_SITTING, methods=("GET",))
def sittings(request: StaffRequest) -> HttpResponse:
    """Who must be asked, whom a number finds, and the sittings until now."""
    text = asked(request, "q")
    past = Sitting.objects.visible_to(request.user).select_related("captive", "neutral")
    page = page_of(request, past.order_by("-opened_at", "pk"))
    context = {
        "to_ask": _to_ask(),
        "days": [_day(one) for one in days_to_tell(timezone.localdate())],
        "q": text,
        "found": [shown(each, "file") for each in _found(request, text)],
        "page": page,
        "rows": [_past(sitting) for sitting in page.object_list],
    }
    return render(request, "console/sittings/sittings.html", context)


def _to_ask() -> list[ToAsk]:
    """Each man once, the most urgent first."""
    now, within = timezone.now(), timedelta(hours=ASK_WITHIN_HOURS)
    men: dict[Any, ToAsk] = {}
    for match in matches_to_ask():
        captive = match.captive.principal
        men.setdefault(captive.pk, ToAsk(shown(captive, "file"), match.confirmed_at + within, now))
    return list(men.values())


def _day(one: ToTell) -> dict[str, Any]:
    return {
        "captive": shown(one.captive, "file"),
        "appointment": shown(one.appointment, "self_"),
        "fell": one.fell,
    }


def _found(request: StaffRequest, text: str) -> "QuerySet[Captive] | list[Captive]":
    if not text:
        return []
    rows = Captive.objects.visible_to(request.user).in_custody()
    by_number = Q(bureau_number__iexact=text) | Q(bureau_number__istartswith=text)
    return rows.filter(by_number).order_by("bureau_number")[:MOST_FOUND]


def _past(sitting: Sitting) -> dict[str, Any]:
    return {
        "sitting": shown(sitting, "consent"),
        "number": sitting.captive.bureau_number,
        "neutral": sitting.neutral.number if sitting.neutral else "",
    }


def _man(request: StaffRequest, captive_number: str) -> Captive:
    rows = Captive.objects.visible_to(request.user).select_related("same_as")
    return get_object_or_404(rows, bureau_number=captive_number).principal


@allowed(Permission.OPEN_SITTING)
@once
def sitting(request: StaffRequest, captive_number: str) -> HttpResponse:
    """One man's page; its form opens his sitting, and this browser is the captive's from then."""
    captive = _man(request, captive_number)
    form = OpenSittingForm(
        request.POST if request.method == "POST" else None,
        initial={"language": first_language(captive)},
    )
    if request.method == "POST":
        if not form.is_valid():
            return _page(request, captive, form=form)
        try:
            return _hand_over(request, captive, form.cleaned_data["language"])
        except Refused as refused:
            return _page(request, captive, form=form, refusals=refused.refusals)
    journal.looked(
        subject=captive, by=request.user, person=captive.bureau_number, purpose="sitting"
    )
    return _page(request, captive, form=form)


@allowed(Permission.OPEN_HIS_PAGE)
@once
def own_page(request: StaffRequest, captive_number: str) -> HttpResponse:
    """A welfare officer gives him the tablet where no neutral can come: for what needs none."""
    captive = _man(request, captive_number)
    form = OpenSittingForm(
        request.POST if request.method == "POST" else None,
        initial={"language": first_language(captive)},
    )
    refusals: tuple[Refusal, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            return _hand_over(request, captive, form.cleaned_data["language"])
        except Refused as refused:
            refusals = refused.refusals
    context = {"captive": shown(captive, "file"), "form": form, "refusals": refusals}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/sittings/own_page.html", context, status=status)


def _hand_over(request: StaffRequest, captive: Captive, language: str) -> HttpResponse:
    """Sign whoever opens it out and leave nothing in this browser but the sitting's number."""
    new = bureau.open_sitting(captive=captive, language=language, by=request.user)
    logout(request)
    request.session.cycle_key()
    request.session["sitting_id"] = str(new.pk)
    response = see_other("tablet:locked")
    # His language everywhere on this tablet, errors too; it goes when he gives the tablet back.
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _page(
    request: StaffRequest, captive: Captive, *, refusals: tuple[Refusal, ...] = (), **forms: Any
) -> HttpResponse:
    mine = Sitting.objects.visible_to(request.user).filter(captive=captive)
    is_open = mine.open().select_related("neutral").first()
    context = {
        "captive": shown(captive, "file"),
        "held": captive.custody_state == CustodyState.HELD,
        "to_tell": matches_of(captive).count(),
        "days": [_to_read(one) for one in days_to_tell(timezone.localdate(), captive)],
        "named": [
            shown(one, "consent")
            for one in PersonToTell.objects.visible_to(request.user)
            .filter(of_same_man(captive))
            .select_related("key")
            .order_by("at")
        ],
        "has_secret": bureau.has_secret(captive),
        "secret_is_locked": bureau.secret_is_locked(captive),
        "open": shown(is_open, "consent") if is_open else None,
        "refusals": refusals,
        "form": OpenSittingForm(initial={"language": first_language(captive)}),
        "reset_form": SureForm(auto_id="reset_%s"),
        "close_form": CloseForm(auto_id="close_%s"),
        **forms,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/sittings/sitting.html", context, status=status)


def _to_read(one: ToTell) -> dict[str, Any]:
    """What is read to him, in his language, and the form that notes it."""
    language = first_language(one.captive) or get_language() or settings.LANGUAGE_CODE
    told = {"day": one.appointment.pk, "fell": one.fell}
    form = DayToldForm(initial=told, auto_id=False)
    return {"words": words_to_him(one, language), "lang": language, "form": form}


@allowed(Permission.OPEN_SITTING, methods=("POST",), form_at="console:sitting")
@once
def told_day(request: StaffRequest, captive_number: str) -> HttpResponse:
    """He was told, in person, of the day that is set for him, or that it fell."""
    captive, form = _man(request, captive_number), DayToldForm(request.POST)
    if not form.is_valid():
        return _page(request, captive, refusals=(OUT_OF_DATE,))
    day = Appointment.objects.filter(pk=form.cleaned_data["day"]).first()
    refusals = press(request, lambda: _note(captive, day, form, request.user))
    if refusals:
        return _page(request, captive, refusals=tuple(refusals))
    return see_other("console:sitting", captive.bureau_number)


def _note(captive: Captive, day: Appointment | None, form: DayToldForm, by: Staff) -> None:
    refuse_if(why_not_note_he_knows(waits=day is not None))
    assert day is not None
    note_he_knows(captive=captive, appointment=day, fell=form.cleaned_data["fell"], by=by)


@allowed(Permission.OPEN_SITTING, methods=("POST",), form_at="console:sitting")
@once
def reset_secret(request: StaffRequest, captive_number: str) -> HttpResponse:
    """Let him choose a new secret in his next sitting."""
    captive = _man(request, captive_number)
    form = SureForm(request.POST, auto_id="reset_%s")
    if not form.is_valid():
        return _page(request, captive, reset_form=form)
    bureau.reset_secret(captive=captive, by=request.user)
    return see_other("console:sitting", captive.bureau_number)


@allowed(Permission.OPEN_SITTING, methods=("POST",), form_at="console:sitting")
@once
def close(request: StaffRequest, captive_number: str) -> HttpResponse:
    """End a sitting that was left open elsewhere."""
    captive = _man(request, captive_number)
    form = CloseForm(request.POST, auto_id="close_%s")
    if not form.is_valid():
        return _page(request, captive, close_form=form)
    for each in Sitting.objects.visible_to(request.user).filter(captive=captive, closed_at=None):
        bureau.close_sitting(sitting=each, by=request.user)
    return see_other("console:sitting", captive.bureau_number)


urlpatterns = [
    path("sittings/", sittings, name="sittings"),
    path("sittings/<str:captive_number>/", sitting, name="sitting"),
    path("captives/<str:captive_number>/own-page/", own_page, name="own_page"),
    path("sittings/<str:captive_number>/told/", told_day, name="sitting_told_day"),
    path("sittings/<str:captive_number>/secret/", reset_secret, name="sitting_secret"),
    path("sittings/<str:captive_number>/close/", close, name="sitting_close"),
]
