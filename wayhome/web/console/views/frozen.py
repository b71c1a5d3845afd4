"""Families whose messages are frozen: a person looks, speaks, and notes it (P20)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.answers import freezing
from wayhome.bureau.answers.models import Freeze
from wayhome.bureau.answers.rules import FREEZE_CAUSES, FREEZE_ENDS, FreezeCause, FreezeEnd
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.search import sought_named
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.wording_enquiries import LANGUAGES
from wayhome.web.forms import IdempotentForm, Radios
from wayhome.web.once import once, press, see_other

TELL = Permission.TELL_FAMILY
ENDED = "ended"


class EndForm(IdempotentForm):
    end = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (FreezeEnd.SPOKEN.value, _("I have spoken with her about it.")),
            (
                FreezeEnd.LOOKED_AT.value,
                _("She knows nothing yet, and nothing may be told."),
            ),
        ],
        widget=Radios,
        error_messages={"required": _("Please choose what came of it.")},
    )


@allowed(TELL, methods=("GET",))
def frozen(request: StaffRequest) -> HttpResponse:
    """Whose messages wait for a person, the longest first."""
    rows = Freeze.objects.visible_to(request.user).select_related("match__enquiry", "ended_by")
    ended = asked(request, "state") == ENDED
    rows = rows.filter(ended_at__isnull=not ended)
    if text := asked(request, "q"):
        rows = rows.filter(match__enquiry__in=sought_named(text))
    rows = rows.with_talks()
    page = page_of(request, sorted_by(request, rows, {"at": "at"}, "-at" if ended else "at"))
    context = {
        "page": page,
        "rows": [_row(one, told=one.told, invited=one.invited) for one in page.object_list],
        "ended": ended,
        "ended_value": ENDED,
    }
    return render(request, "console/answers/frozen.html", context)


def _row(one: Freeze, *, told: bool, invited: bool) -> dict[str, Any]:
    return {
        "frozen": shown(one, "contact"),
        "enquiry": shown(one.match.enquiry, "file"),
        "cause": FREEZE_CAUSES[FreezeCause(one.cause)],
        "end": FREEZE_ENDS[FreezeEnd(one.end)] if one.end else "",
        "told": told,
        "invited": invited,
    }


def _one(request: StaffRequest, freeze_id: Any) -> Freeze:
    rows = Freeze.objects.visible_to(request.user).with_family()
    return get_object_or_404(rows.select_related("ended_by"), pk=freeze_id)


def _page(one: Freeze, **more: Any) -> dict[str, Any]:
    standing = freezing.standing_of(one)
    return {
        **_row(one, told=standing.told, invited=standing.invited),
        "enquirer": shown(one.match.enquiry.enquirer, "contact"),
        "languages": list(LANGUAGES.items()),
        "against": freezing.why_not_invite_after_for(one, standing),
        "held_back": standing.held_back,
        **more,
    }


@allowed(TELL)
@once
def freeze(request: StaffRequest, freeze_id: Any) -> HttpResponse:
    """One family: what happened, what stands against a talk, and what came of it."""
    one = _one(request, freeze_id)
    form = EndForm(request.POST if request.method == "POST" else None)
    refusals: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            freezing.end_freeze(frozen=one, end=form.cleaned_data["end"], by=request.user)
            return see_other("console:frozen")
        except Refused as refused:
            refusals = list(refused.refusals)
    if request.method == "GET":
        number = one.match.enquiry.bureau_number
        journal.looked(subject=one, by=request.user, person=number, purpose="first news")
    context = _page(one, form=form, press=IdempotentForm(auto_id=False), refusals=refusals)
    status = 422 if request.method == "POST" else 200
    return render(request, "console/answers/freeze.html", context, status=status)


@allowed(TELL, methods=("POST",), form_at="console:freeze")
@once
def freeze_invite(request: StaffRequest, freeze_id: Any) -> HttpResponse:
    """She is invited, in the same sentence as for every kind of news."""
    one = _one(request, freeze_id)
    refusals = press(request, lambda: freezing.invite_after(frozen=one, by=request.user))
    if not refusals:
        return see_other("console:freeze", one.pk)
    context = _page(one, form=EndForm(), press=IdempotentForm(auto_id=False), refusals=refusals)
    return render(request, "console/answers/freeze.html", context, status=422)


urlpatterns = [
    path("first-news/frozen/", frozen, name="frozen"),
    path("first-news/frozen/<uuid:freeze_id>/", freeze, name="freeze"),
    path("first-news/frozen/<uuid:freeze_id>/invitation/", freeze_invite, name="freeze_invite"),
]
