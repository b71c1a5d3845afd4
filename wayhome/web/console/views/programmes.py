"""Programmes: written by one legal officer, published by another, closed or withdrawn."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone, translation

from wayhome.bureau.returns.leaflets import leaflet_of, words_of
from wayhome.bureau.returns.models import Programme
from wayhome.bureau.returns.programmes import (
    change_draft,
    draft_programme,
    end_programme,
    publish_programme,
)
from wayhome.bureau.returns.rules.programmes import (
    STATE_NAMES,
    ProgrammeState,
    names_of,
    why_not_publish,
)
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.jurisdiction import profile
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.addresses import address_of
from wayhome.web.console.forms.programmes import EndProgrammeForm, ProgrammeForm, initial_of
from wayhome.web.console.listing import page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other
from wayhome.web.papers import to_read

KEEP = Permission.KEEP_PROGRAMME
# Whoever families ask: the text for the telephone is read here.
READ = (KEEP, Permission.READ_WAITING_TEXT, Permission.TELL_FAMILY, Permission.SEE_APPLICATION)
COLUMNS = {"number": "number", "state": "state", "opens": "opens_on"}


@allowed(*READ, methods=("GET",))
def programmes(request: StaffRequest) -> HttpResponse:
    rows = sorted_by(request, Programme.objects.visible_to(request.user), COLUMNS, "-number")
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": [_row(one) for one in page.object_list],
        "may_write": request.user.may(KEEP),
    }
    return render(request, "console/programmes/programmes.html", context)


def _row(one: Programme) -> dict[str, Any]:
    language = translation.get_language() or "uk"
    return {
        "one": one,
        "title": one.texts.get(language, {}).get("title", ""),
        "state": STATE_NAMES[ProgrammeState(one.state)],
    }


def _one(request: StaffRequest, number: int) -> Programme:
    rows = Programme.objects.visible_to(request.user)
    rows = rows.select_related("drafted_by", "published_by", "ended_by")
    return get_object_or_404(rows, number=number)


@allowed(KEEP)
@once
def new(request: StaffRequest) -> HttpResponse:
    """A draft: it may lack anything until it is to be published."""
    first = {"baggage_kg": profile().baggage_kg, "opens_on": timezone.localdate()}
    form = ProgrammeForm(request.POST if request.method == "POST" else None, initial=first)
    return _written(request, form, lambda: draft_programme(told=form.told(), by=request.user))


@allowed(KEEP)
@once
def edit(request: StaffRequest, programme_number: int) -> HttpResponse:
    """A draft is written anew; what is published stays as it is."""
    found = _one(request, programme_number)
    form = ProgrammeForm(
        request.POST if request.method == "POST" else None, initial=initial_of(found.told())
    )
    return _written(
        request, form, lambda: change_draft(programme=found, told=form.told(), by=request.user)
    )


def _written(
    request: StaffRequest, form: ProgrammeForm, write: Callable[[], Programme]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            return see_other("console:programme", write().number)
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, "console/programmes/write.html", {"form": form}, status=status)


def _page(request: StaffRequest, found: Programme, **more: Any) -> HttpResponse:
    state, may_write = ProgrammeState(found.state), request.user.may(KEEP)
    against = why_not_publish(
        found.told(),
        state=state,
        drafted_by_me=found.drafted_by_id == request.user.pk,
        profile=profile(),
    )
    context = {
        **_row(found),
        "roads": names_of(found.roads),
        "texts": [(name, words_of(found, language)) for language, name in settings.LANGUAGES],
        "may_write": may_write,
        "is_draft": state == ProgrammeState.DRAFT,
        "is_open": state == ProgrammeState.PUBLISHED,
        "against": against if may_write and state == ProgrammeState.DRAFT else [],
        "publish_form": IdempotentForm(auto_id="publish_%s"),
        "close_form": EndProgrammeForm(auto_id="close_%s"),
        "withdraw_form": EndProgrammeForm(auto_id="withdraw_%s"),
        **more,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/programmes/programme.html", context, status=status)


@allowed(*READ, methods=("GET",))
def programme(request: StaffRequest, programme_number: int) -> HttpResponse:
    """What it says in each language, what stands against publishing it, its leaflets."""
    return _page(request, _one(request, programme_number))


@allowed(KEEP, methods=("POST",), form_at="console:programme")
@once
def publish(request: StaffRequest, programme_number: int) -> HttpResponse:
    found = _one(request, programme_number)
    refusals = press(request, lambda: publish_programme(programme=found, by=request.user))
    if not refusals:
        return see_other("console:programme", found.number)
    return _page(request, found, refusals=refusals)


def _end(
    request: StaffRequest, programme_number: int, to: ProgrammeState, shown_as: str
) -> HttpResponse:
    found = _one(request, programme_number)
    form = EndProgrammeForm(request.POST, auto_id=f"{shown_as}_%s")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            end_programme(programme=found, to=to, reason=reason, by=request.user)
            return see_other("console:programme", found.number)
        except Refused as refused:
            show_on(form, refused)
    return _page(request, found, **{f"{shown_as}_form": form})


@allowed(KEEP, methods=("POST",), form_at="console:programme")
@once
def close(request: StaffRequest, programme_number: int) -> HttpResponse:
    return _end(request, programme_number, ProgrammeState.CLOSED, "close")


@allowed(KEEP, methods=("POST",), form_at="console:programme")
@once
def withdraw(request: StaffRequest, programme_number: int) -> HttpResponse:
    return _end(request, programme_number, ProgrammeState.WITHDRAWN, "withdraw")


@allowed(*READ, methods=("GET",))
def leaflet(request: StaffRequest, programme_number: int, code: str) -> HttpResponse:
    """The leaflet in one language, to be printed; of a draft, to be looked at."""
    found = _one(request, programme_number)
    language = code if code in dict(settings.LANGUAGES) else "uk"
    page = address_of(request, "portal:programme", found.number)
    return to_read(leaflet_of(found, language, page), f"leaflet-{language}.pdf")


urlpatterns = [
    path("programmes/", programmes, name="programmes"),
    path("programmes/new/", new, name="programme_new"),
    path("programmes/<int:programme_number>/", programme, name="programme"),
    path("programmes/<int:programme_number>/edit/", edit, name="programme_edit"),
    path("programmes/<int:programme_number>/publish/", publish, name="programme_publish"),
    path("programmes/<int:programme_number>/close/", close, name="programme_close"),
    path("programmes/<int:programme_number>/withdraw/", withdraw, name="programme_withdraw"),
    path("programmes/<int:programme_number>/leaflet/<str:code>.pdf", leaflet,
         name="programme_leaflet"),
]  # fmt: skip
