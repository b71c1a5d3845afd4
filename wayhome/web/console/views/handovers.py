"""The day of the handover: identities, belongings, the last question, signatures, the seal."""

import base64
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.handovers import actions
from wayhome.bureau.handovers.effects import what_became_of
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.passes import journey_of
from wayhome.bureau.handovers.rules import (
    MEDICAL_FILE_NAMES,
    PASS_NAMES,
    SIGNERS,
    STATE_NAMES,
    ActState,
    MedicalFile,
    PassHow,
    why_not_seal,
)
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.search import captives_named
from wayhome.bureau.returns.models import Application
from wayhome.bureau.returns.rules import ROAD_NAMES, Road
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.welfare.actions import held_for_man
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.handovers import (
    BelongingsForm,
    IdentityForm,
    LastQuestionForm,
    OnwardForm,
    SignatureForm,
    WithPassForm,
)
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import key_of, once, press, see_other, why_not_press

COLUMNS = {"prepared": "prepared_at", "state": "state"}
BOTH = (Permission.PREPARE_ACT, Permission.WITNESS_ACT)
WHO = {
    "he": _("He who returns"),
    "she": _("The person who met him"),
    "witness": _("Neutral witness"),
}


@allowed(*BOTH, methods=("GET",))
def acts(request: StaffRequest) -> HttpResponse:
    rows = Act.objects.visible_to(request.user).select_related("captive", "appointment")
    if state := asked(request, "state"):
        rows = rows.filter(state=state)
    if text := asked(request, "q"):
        rows = rows.filter(captive__in=captives_named(text))
    context = {
        "page": page_of(request, sorted_by(request, rows, COLUMNS, "-prepared")),
        "states": [(state.value, name) for state, name in STATE_NAMES.items()],
    }
    return render(request, "console/handovers/acts.html", context)


def _one(request: StaffRequest, act_id: Any) -> Act:
    rows = Act.objects.visible_to(request.user).select_related(
        "captive__key", "application__captive", "application__enquiry__enquirer__key",
        "application__key", "appointment__key", "key", "witness", "last_asked_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=act_id)


def _page(request: StaffRequest, act: Act, **more: Any) -> dict[str, Any]:
    ready = actions.readiness(act)
    is_open = act.state == ActState.PREPARED
    signed = set(act.signatures or {})
    steps = [
        (
            who,
            WHO[who],
            (act.identified or {}).get(who, ""),
            who in signed,
            _pass_of(act) if who == "she" else "",
        )
        for who in SIGNERS
        if who == "witness" or who in ready.needed
    ]
    return {
        "act": act,
        "captive": act.captive,
        "road_name": ROAD_NAMES[Road(act.road)],
        "states": [(state.value, name) for state, name in STATE_NAMES.items()],
        "against": why_not_seal(ready) if is_open else [],
        "steps": steps,
        "belongings": [(each["item"], what_became_of(each)) for each in act.belongings or []],
        "medical_file": act.onward and MEDICAL_FILE_NAMES[MedicalFile(act.onward["medical"])],
        "is_open": is_open,
        "seal_form": IdempotentForm(),
        "may_prepare": request.user.may(Permission.PREPARE_ACT),
        "may_witness": request.user.may(Permission.WITNESS_ACT),
        **more,
    }


def _pass_of(act: Act) -> str:
    """What was noted of the pass, in the language of whoever reads."""
    if not act.her_pass:
        return ""
    name, why = str(PASS_NAMES[PassHow(act.her_pass["how"])]), act.her_pass["why"]
    return f"{name}: {why}" if why else name


@allowed(*BOTH, methods=("GET",))
def act(request: StaffRequest, act_id: Any) -> HttpResponse:
    one = _one(request, act_id)
    journal.looked(
        subject=one, by=request.user, person=one.captive.bureau_number, purpose="handover"
    )
    return render(request, "console/handovers/act.html", _page(request, one))


@allowed(Permission.PREPARE_ACT)
@once
def prepare(request: StaffRequest, application_id: Any) -> HttpResponse:
    rows = Application.objects.visible_to(request.user).filter(captive__isnull=False)
    application = get_object_or_404(
        rows.select_related("captive__key", "enquiry", "key"), pk=application_id
    )
    refusals = actions.why_not_prepare_act(application)
    form = IdempotentForm(request.POST or None)
    if request.method == "POST":
        refusals = why_not_press(request) or refusals
    if request.method == "POST" and form.is_valid() and key_of(request):
        try:
            new = actions.prepare_act(application=application, by=request.user)
            return see_other("console:act", new.pk)
        except Refused as refused:
            refusals = list(refused.refusals)
    context = {"application": application, "captive": application.captive,
               "refusals": refusals, "form": form}  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "console/handovers/prepare.html", context, status=status)


def _step(
    request: StaffRequest,
    act_id: Any,
    heading: Any,
    form: forms.Form,
    take: Callable[[Act, dict[str, Any]], object],
    **more: Any,
) -> HttpResponse:
    """One page of the day: a form, an action, and back to the act."""
    one = _one(request, act_id)
    refusals = []
    if request.method == "POST" and form.is_valid():
        try:
            take(one, form.cleaned_data)
            return see_other("console:act", one.pk)
        except Refused as refused:
            refusals = list(refused.refusals)
    context = {"act": one, "form": form, "heading": heading, "refusals": refusals, **more}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/handovers/step.html", context, status=status)


@allowed(Permission.PREPARE_ACT)
@once
def identify(request: StaffRequest, act_id: Any, who: str) -> HttpResponse:
    one = _one(request, act_id)
    form = _identity_form(request, one, who)
    return _step(
        request,
        act_id,
        WHO.get(who, WHO["he"]),
        form,
        lambda one, said: actions.note_identified(
            act=one,
            who=who,
            how=said["how"],
            by=request.user,
            shown=form.pass_shown() if isinstance(form, WithPassForm) else None,
        ),
    )


def _identity_form(request: StaffRequest, act: Act, who: str) -> IdentityForm:
    """As it stands; with the pass where somebody comes by a journey that has one."""
    initial = {"how": (act.identified or {}).get(who, "")}
    if who == "she" and journey_of(act) is not None:
        noted = bool(act.her_pass)
        return WithPassForm(request.POST or None, initial=initial, noted=noted)
    return IdentityForm(request.POST or None, initial=initial)


@allowed(Permission.PREPARE_ACT)
@once
def belongings(request: StaffRequest, act_id: Any) -> HttpResponse:
    one = _one(request, act_id)
    held = held_for_man(one.captive)
    form = BelongingsForm(request.POST or None, held=held, listed=one.belongings)
    return _step(
        request,
        act_id,
        _("Belongings and money"),
        form,
        lambda one, said: actions.note_belongings(
            act=one, belongings=form.belongings(), by=request.user
        ),
    )


@allowed(Permission.PREPARE_ACT)
@once
def onward(request: StaffRequest, act_id: Any) -> HttpResponse:
    kept = _one(request, act_id).onward
    initial = kept and {**kept, "contact": "yes" if kept["reach"] else "no"}
    form = OnwardForm(request.POST or None, initial=initial)
    return _step(
        request,
        act_id,
        _("What goes with him"),
        form,
        lambda one, said: actions.note_onward(act=one, onward=form.onward(), by=request.user),
    )


@allowed(Permission.WITNESS_ACT)
@once
def last_question(request: StaffRequest, act_id: Any) -> HttpResponse:
    return _step(
        request,
        act_id,
        _("The last question"),
        LastQuestionForm(request.POST or None),
        lambda one, said: actions.ask_last_question(
            act=one, wants_to_go=said["answer"] == "yes", by=request.user
        ),
        alone=True,
    )


@allowed(Permission.PREPARE_ACT)
@once
def sign(request: StaffRequest, act_id: Any, who: str) -> HttpResponse:
    return _signing(request, act_id, who if who in ("he", "she") else "he")


@allowed(Permission.WITNESS_ACT)
@once
def witness(request: StaffRequest, act_id: Any) -> HttpResponse:
    return _signing(request, act_id, "witness")


def _signing(request: StaffRequest, act_id: Any, who: str) -> HttpResponse:
    return _step(
        request,
        act_id,
        WHO[who],
        SignatureForm(request.POST or None, request.FILES or None),
        lambda one, said: actions.sign(act=one, who=who, picture=said["picture"], by=request.user),
        signing=True,
    )


@allowed(Permission.PREPARE_ACT, methods=("POST",), form_at="console:act")
@once
def seal(request: StaffRequest, act_id: Any) -> HttpResponse:
    one = _one(request, act_id)
    refusals = press(request, lambda: actions.seal_act(act=one, by=request.user))
    if not refusals:
        return see_other("console:act", one.pk)
    context = _page(request, _one(request, act_id), refusals=refusals)
    return render(request, "console/handovers/act.html", context, status=422)


@allowed(*BOTH, methods=("GET",))
def document(request: StaffRequest, act_id: Any) -> HttpResponse:
    one = get_object_or_404(
        Act.objects.visible_to(request.user).select_related("key", "captive"),
        pk=act_id,
        state=ActState.SEALED,
    )
    journal.looked(
        subject=one, by=request.user, person=one.captive.bureau_number, purpose="document"
    )
    content = base64.b64decode(one.document)
    name = f"document-{one.captive.bureau_number}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


identify.steps = sign.steps = ("he", "she")  # type: ignore[attr-defined]
urlpatterns = [
    path("acts/", acts, name="acts"),
    path("applications/<uuid:application_id>/act/", prepare, name="act_prepare"),
    path("acts/<uuid:act_id>/", act, name="act"),
    path("acts/<uuid:act_id>/identity/<str:who>/", identify, name="act_identify"),
    path("acts/<uuid:act_id>/belongings/", belongings, name="act_belongings"),
    path("acts/<uuid:act_id>/onward/", onward, name="act_onward"),
    path("acts/<uuid:act_id>/last-question/", last_question, name="act_last_question"),
    path("acts/<uuid:act_id>/signature/<str:who>/", sign, name="act_sign"),
    path("acts/<uuid:act_id>/witness/", witness, name="act_witness"),
    path("acts/<uuid:act_id>/seal/", seal, name="act_seal"),
    path("acts/<uuid:act_id>/document/", document, name="act_document"),
]
