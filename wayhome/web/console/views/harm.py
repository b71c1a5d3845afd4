"""Harm flags: set by several, seen by the legal officer and the neutral, lifted by two of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.actions import (
    ask_to_lift,
    lift_harm_flag,
    set_harm_flag,
    why_not_now,
)
from wayhome.bureau.captives.models import Captive, HarmFlag
from wayhome.bureau.captives.rules import Purpose
from wayhome.bureau.matches.search import captives_named
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import ROLE_NAMES, Permission, Role
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.harm import AskToLiftForm, HarmForm, LiftForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import answer, look, one, show_on
from wayhome.web.once import once, see_other

COLUMNS = {"set": "set_at"}


@allowed(Permission.SET_HARM_FLAG)
@once
def harm(request: StaffRequest, captive_number: str) -> HttpResponse:
    """Set a flag. Whoever sets one reads the same whether others stand or not."""
    man = one(request, captive_number)
    form = HarmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            set_harm_flag(captive=man, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("It is kept. The legal officer reads it."))
            return see_other("console:captive", man.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        look(request, man, Purpose.PROTECTION)
    return answer(request, "harm", man, form)


@allowed(Permission.LIFT_HARM_FLAG, methods=("GET",))
def flags(request: StaffRequest) -> HttpResponse:
    """Flags that stand: those that wait for a second person first."""
    rows = HarmFlag.objects.visible_to(request.user).standing()
    rows = rows.filter(captive__in=Captive.objects.visible_to(request.user))
    if text := asked(request, "q"):
        rows = rows.filter(captive__in=captives_named(text, by=request.user))
    page = page_of(
        request, sorted_by(request, rows.select_related("captive", "first_lifter"), COLUMNS, "-set")
    )
    context = {
        "page": page,
        "rows": [(shown(each.captive, "file"), *_flag(each)) for each in page.object_list],
        "me": request.user.pk,
        "q": text,
    }
    return render(request, "console/captives/flags.html", context)


def _flag(flag: HarmFlag) -> tuple[Any, Any]:
    return shown(flag, "sealed"), ROLE_NAMES[Role(flag.set_by_role)]


@allowed(Permission.LIFT_HARM_FLAG)
@once
def flag(request: StaffRequest, flag_id: Any) -> HttpResponse:
    """One flag: asked to be lifted by one person, lifted by another."""
    rows = HarmFlag.objects.visible_to(request.user).filter(
        captive__in=Captive.objects.visible_to(request.user)
    )
    found = get_object_or_404(
        rows.select_related("captive", "key", "first_lifter", "lifter"), pk=flag_id
    )
    asking = found.first_lifter is None
    form = (AskToLiftForm if asking else LiftForm)(
        request.POST if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, found, form, asking)
            return see_other("console:harm_flag", found.pk)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        look(request, found.captive, Purpose.PROTECTION)
    record, set_by = _flag(found)
    more = {
        "flag": record,
        "set_by": set_by,
        "asking": asking,
        "refusal": why_not_now(found, request.user),
    }
    return answer(request, "flag", found.captive, form, **more)


def _decide(
    request: StaffRequest, found: HarmFlag, form: AskToLiftForm | LiftForm, asking: bool
) -> None:
    if asking:
        ask_to_lift(flag=found, reason=form.cleaned_data["reason"], by=request.user)
    else:
        lift_harm_flag(flag=found, by=request.user)


urlpatterns = [
    path("captives/<str:captive_number>/harm/", harm, name="harm"),
    path("harm/", flags, name="harm_flags"),
    path("harm/<uuid:flag_id>/", flag, name="harm_flag"),
]
