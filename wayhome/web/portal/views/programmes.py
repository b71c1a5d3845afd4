"""Programmes for the way home, for everybody to read; and whether a paper is really from us."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.returns.genuine import is_genuine
from wayhome.bureau.returns.leaflets import leaflet_of, words_of
from wayhome.bureau.returns.models import Programme
from wayhome.bureau.returns.rules.programmes import ProgrammeState
from wayhome.lib.jurisdiction import profile
from wayhome.web.access import public
from wayhome.web.addresses import address_of
from wayhome.web.once import see_other
from wayhome.web.papers import to_read
from wayhome.web.portal import limits
from wayhome.web.portal.views.enquiry import sent

UNPROCESSABLE, TOO_MANY = 422, 429
TOLD_FOR = timedelta(days=30)  # so long a withdrawal stands on every family's page
LONGEST_CODE = 40


@public()
def programmes(request: HttpRequest) -> HttpResponse:
    """What is published, the open ones first, and what has ended."""
    rows = Programme.objects.public().order_by("ended_at", "-published_at")
    context = {
        "programmes": [words_of(one, _language()) for one in rows],
        "back_url": reverse("portal:start"),
    }
    return render(request, "portal/programmes.html", context)


def _language() -> str:
    return get_language() or "uk"


def _one(number: int) -> Programme | None:
    return Programme.objects.public().filter(number=number).first()


@public()
def programme(request: HttpRequest, programme_number: int) -> HttpResponse:
    """One programme, as its leaflet has it. An address of none leads to those that there are."""
    found = _one(programme_number)
    if found is None:
        return see_other("portal:programmes")
    context = {
        "programme": words_of(found, _language()),
        "second_way": profile().second_way[_language()],
        "back_url": reverse("portal:programmes"),
    }
    return render(request, "portal/programme.html", context)


@public()
def leaflet(request: HttpRequest, programme_number: int) -> HttpResponse:
    """The leaflet in the language of the page: one sheet of A5, on both sides."""
    found = _one(programme_number)
    if found is None:
        return see_other("portal:programmes")
    page = address_of(request, "portal:programme", found.number)
    return to_read(leaflet_of(found, _language(), page), f"leaflet-{_language()}.pdf")


@dataclass(frozen=True)
class Withdrawn:
    title: str
    ended_at: datetime


def lately_withdrawn() -> list[Withdrawn]:
    """What stands on every family's page for a month, whatever we know of anybody."""
    since = timezone.now() - TOLD_FOR
    rows = Programme.objects.filter(state=ProgrammeState.WITHDRAWN, ended_at__gte=since)
    return [
        Withdrawn(one.texts[_language()]["title"], one.ended_at)
        for one in rows.order_by("-ended_at")
        if one.ended_at
    ]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code on the paper"),
        help_text=_("Twelve letters and digits. Gaps and capitals make no difference."),
        max_length=LONGEST_CODE,
        widget=forms.TextInput({"class": "govuk-input--width-20", "autocomplete": "off"}),
        error_messages={"required": _("Write the code.")},
    )


@public(methods=("GET", "POST"))
def genuine(request: HttpRequest) -> HttpResponse:
    """Genuine, or not: nothing else is told, of leaflets and of acts alike."""
    form = CodeForm(sent(request))
    status, answer = 200, None
    if request.method == "POST":
        status = UNPROCESSABLE
        if limits.is_reached(request, limits.CODES):
            form.add_error(None, _("Too many tries. Please wait for a quarter of an hour."))
            status = TOO_MANY
        elif form.is_valid():
            limits.count(request, limits.CODES)
            answer, status = is_genuine(form.cleaned_data["code"]), 200
    context: dict[str, Any] = {
        "form": form,
        "is_answered": answer is not None,
        "is_genuine": answer,
        "second_way": profile().second_way[_language()],
        "back_url": reverse("portal:beware"),
    }
    return render(request, "portal/genuine.html", context, status=status)


programme.steps = leaflet.steps = ("1",)  # type: ignore[attr-defined]
urlpatterns = [
    path("programmes/", programmes, name="programmes"),
    path("programmes/<int:programme_number>/", programme, name="programme"),
    path("programmes/<int:programme_number>/leaflet.pdf", leaflet, name="leaflet"),
    path("genuine/", genuine, name="genuine"),
]
