"""What is found on the dead: pictures, samples, effects signed by two, the examination."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from wayhome.bureau.persons.vault import CannotOpen
from wayhome.bureau.remains import actions
from wayhome.bureau.remains.models import EffectsList, Photograph
from wayhome.bureau.remains.printing import effects_paper
from wayhome.bureau.remains.rules.findings import SampleKind, View
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.remains import ReasonForm
from wayhome.web.console.forms.remains_found import (
    EffectsForm,
    ExaminationForm,
    PhotographForm,
    SampleForm,
)
from wayhome.web.console.remains_found_page import effects_row
from wayhome.web.console.views.remains import (
    EXAMINE,
    RECORD,
    SEE,
    answer,
    enter,
    look,
    one,
)
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other
from wayhome.web.papers import to_read


@allowed(RECORD)
@once
def photograph_new(request: StaffRequest, remains_number: str) -> HttpResponse:
    """Bring a picture; whoever does not examine does not see it again."""
    this = one(request, remains_number)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PhotographForm(*sent)

    def act() -> None:
        said = form.cleaned_data
        actions.take_photograph(
            remains=this,
            view=View(said["view"]),
            content=said["file"].read(),
            words=clean_line(said["words"]),
            by=request.user,
        )

    return enter(request, "photograph", this, form, act)


@allowed(EXAMINE, methods=("GET",))
def photograph(request: StaffRequest, photograph_id: Any) -> HttpResponse:
    """The picture itself, for who examines. Its name in a browser says nothing."""
    rows = Photograph.objects.visible_to(request.user).select_related("key", "remains")
    this = get_object_or_404(rows, pk=photograph_id)
    try:
        content = actions.open_photograph(photograph=this, by=request.user)
    except (FileNotFoundError, CannotOpen):
        raise Http404 from None
    return to_read(content, "picture.jpg", "image/jpeg")


@allowed(EXAMINE)
@once
def sample_new(request: StaffRequest, remains_number: str) -> HttpResponse:
    """Note a sample; its code is made here."""
    this = one(request, remains_number)
    form = SampleForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        said = form.cleaned_data
        actions.take_sample(
            remains=this,
            kind=SampleKind(said["kind"]),
            what=clean_line(said["what"]),
            taken_at=form.moment("taken_on", "taken_time"),
            by=request.user,
        )

    return enter(request, "sample", this, form, act)


@allowed(EXAMINE)
@once
def no_sample(request: StaffRequest, remains_number: str) -> HttpResponse:
    """Say that no sample can be taken, and why."""
    this = one(request, remains_number)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        reason = clean_text(form.cleaned_data["reason"])
        actions.say_no_sample(remains=this, reason=reason, by=request.user)

    return enter(request, "no_sample", this, form, act)


@allowed(RECORD)
@once
def effects_new(request: StaffRequest, remains_number: str) -> HttpResponse:
    """The first of two people lists what was found."""
    this = one(request, remains_number)
    form = EffectsForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        said = form.cleaned_data
        actions.list_effects(
            remains=this,
            pieces=form.listed(),
            nothing=said["nothing"],
            packet=clean_line(said["packet"]),
            by=request.user,
        )

    return enter(request, "effects", this, form, act)


def _effects(request: StaffRequest, effects_list_id: Any) -> EffectsList:
    rows = EffectsList.objects.visible_to(request.user)
    joined = rows.select_related("remains__key", "key", "by", "second_by")
    return get_object_or_404(joined, pk=effects_list_id)


@allowed(RECORD)
@once
def effects_sign(request: StaffRequest, effects_list_id: Any) -> HttpResponse:
    """The second of two people holds the list against the things, and signs."""
    effects = _effects(request, effects_list_id)
    refusals: list[Any] = []
    if request.method == "POST":
        refusals = press(request, lambda: actions.sign_effects(effects=effects, by=request.user))
        if not refusals:
            return see_other("console:remains", effects.remains.bureau_number)
    else:
        look(request, effects.remains)
    more = {"row": effects_row(effects, request.user), "refusals": refusals}
    return answer(request, "effects_sign", effects.remains, IdempotentForm(), **more)


@allowed(SEE, methods=("GET",))
def effects_list(request: StaffRequest, effects_list_id: Any) -> HttpResponse:
    """The list that goes into the packet, to print."""
    effects = _effects(request, effects_list_id)
    look(request, effects.remains, "list of effects printed")
    return to_read(effects_paper(effects, request.LANGUAGE_CODE), "list.pdf")


@allowed(EXAMINE)
@once
def examination(request: StaffRequest, remains_number: str) -> HttpResponse:
    """Write the examination by groups, with the teeth; or write it anew, with the reason."""
    this = one(request, remains_number)
    last = this.examinations.select_related("key").order_by("-version").first()
    initial = ExaminationForm.initial_of(last.said or {}, last.chart()) if last else {}
    form = ExaminationForm(
        request.POST if request.method == "POST" else None,
        corrects=last is not None,
        initial=initial,
    )

    def act() -> None:
        reason = clean_line(form.cleaned_data.get("reason", ""))
        actions.examine(
            remains=this, said=form.said(), teeth=form.chart(), reason=reason, by=request.user
        )

    return enter(request, "examination", this, form, act)


urlpatterns = [
    path("remains/photographs/<uuid:photograph_id>/", photograph, name="remains_photograph"),
    path("remains/effects/<uuid:effects_list_id>/", effects_sign, name="remains_effects_sign"),
    path("remains/effects/<uuid:effects_list_id>/list/", effects_list, name="remains_effects_list"),
    path("remains/<str:remains_number>/photograph/", photograph_new, name="remains_photograph_new"),
    path("remains/<str:remains_number>/sample/", sample_new, name="remains_sample"),
    path("remains/<str:remains_number>/no-sample/", no_sample, name="remains_no_sample"),
    path("remains/<str:remains_number>/effects/", effects_new, name="remains_effects"),
    path("remains/<str:remains_number>/examination/", examination, name="remains_examination"),
]
