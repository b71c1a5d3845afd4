"""The captive's own pages: his secret, one question a screen, what he allows now, the end.

No view here needs its idempotency key: the same answer sent twice adds nothing, and a page kept
by the browser must never swallow an answer that he changed.
"""

from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse, reverse_lazy

from wayhome.bureau.consents.actions import matches_of, withdraw
from wayhome.bureau.consents.models import Consent, Sitting
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.consents.sittings import (
    close_sitting,
    give_secret,
    has_secret,
    secret_is_locked,
    set_secret,
    touch,
)
from wayhome.bureau.journal import actions as journal
from wayhome.lib.refusal import Refused
from wayhome.web.access import CaptiveRequest, captive, public
from wayhome.web.once import see_other
from wayhome.web.tablet import asking, belongings, calls, letters, own_file
from wayhome.web.tablet.day import day_of
from wayhome.web.tablet.forms import NewSecretForm, SecretForm, StepForm, show_on
from wayhome.web.tablet.session import KEY, sitting_of
from wayhome.web.tablet.steps import KINDS, Step, asker_of, find, named_by, steps_of, words_of
from wayhome.web.tablet.words import ALLOWED, ANSWERS, NOT_OPEN, OPEN_ALREADY, WRONG

UNPROCESSABLE = 422
CARD_URL = reverse_lazy("tablet:write", args=["capture-card"])


@public(methods=("GET", "POST"), form_at="account_login")
def locked(request: HttpRequest) -> HttpResponse:
    """Where a sitting waits for his secret, and where this browser is once it is over."""
    sitting = sitting_of(request)
    if sitting is None:
        _leave(request)
        return _no_sitting(request)
    if sitting.unlocked_at:
        refusal = OPEN_ALREADY if request.method == "POST" else None
        context = {"go_on": reverse("tablet:start"), "refusal": refusal}
        return _page(request, "tablet/unlocked.html", context)
    if not has_secret(sitting.captive):
        return _first_secret(request, sitting)
    return _secret(request, sitting)


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, template, context, status=status)


def _sent(request: HttpRequest) -> Any:
    """What was sent; an empty form too is one."""
    return request.POST if request.method == "POST" else None


def _no_sitting(request: HttpRequest) -> HttpResponse:
    refusal = NOT_OPEN if request.method == "POST" else None
    return _page(request, "tablet/no_sitting.html", {"refusal": refusal})


def _first_secret(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    form = NewSecretForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("secret", "again")}
        try:
            set_secret(**given, by=sitting)
            return _come_in(request)
        except Refused as refused:
            show_on(form, refused)
    return _page(request, "tablet/secret.html", {"form": form, "is_first": True})


def _secret(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    form = SecretForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            if give_secret(secret=form.cleaned_data["secret"], by=sitting):
                return _come_in(request)
            form.add_error("secret", WRONG)
        except Refused as refused:
            show_on(form, refused)
    context = {"form": form, "no_more": secret_is_locked(sitting.captive)}
    return _page(request, "tablet/secret.html", context)


def _come_in(request: HttpRequest) -> HttpResponse:
    request.session.cycle_key()
    return see_other("tablet:start")


@captive()
def start(request: CaptiveRequest) -> HttpResponse:
    """His first screen."""
    return see_other("tablet:step", steps_of(request.sitting)[0].slug)


@captive(methods=("GET", "POST"))
def step(request: CaptiveRequest, step: str) -> HttpResponse:
    """One question."""
    sitting = request.sitting
    touch(sitting)
    steps = steps_of(sitting)
    this = find(steps, step)
    if this is None:
        raise Http404
    form = asking.form_of(sitting, this, _sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            asking.keep(sitting, this, form)
            return see_other(_address(_beside(steps, this, 1)))
        except Refused as refused:
            show_on(form, refused)
    return _page(request, "tablet/step.html", _question(sitting, steps, this, form))


def _question(sitting: Sitting, steps: list[Step], this: Step, form: StepForm) -> dict[str, Any]:
    before = _beside(steps, this, -1)
    asker = None
    if this.match and this.topic != "things":
        asker = asker_of(this.match)
        if this.topic == "who" and not form.is_bound:
            number = this.match.enquiry.bureau_number
            journal.looked(subject=this.match, by=sitting, person=number, purpose="who asks")
    return {
        "form": form,
        "words": words_of(this, sitting),
        "asker": asker,
        "card_url": reverse("tablet:write", args=["capture-card"])
        if this.topic == "rights"
        else "",
        "named": named_by(sitting) if this.topic == "tell" else (),
        "file": own_file.told_of_his_file(sitting) if this.topic == "file" else None,
        "back_url": _address(before) if before else "",
        "stop_url": reverse("tablet:end"),
    }


def _beside(steps: list[Step], this: Step, way: int) -> Step | None:
    place = steps.index(this) + way
    return steps[place] if 0 <= place < len(steps) else None


def _address(step: Step | None) -> str:
    return reverse("tablet:step", args=[step.slug]) if step else reverse("tablet:allowed")


@captive()
def allowed(request: CaptiveRequest) -> HttpResponse:
    """What he allows now, each with one press that takes it back."""
    touch(request.sitting)
    return render(request, "tablet/allowed.html", _overview(request.sitting))


def _overview(sitting: Sitting) -> dict[str, Any]:
    people = [
        {
            "asker": asker_of(match),
            "match": match.pk,
            "rows": [
                _row(topic, kind, Consent.objects.in_force(match, kind))
                for topic, kind in KINDS.items()
            ],
        }
        for match in matches_of(sitting.captive)
    ]
    own = _row("home", Kind.GO_HOME, Consent.objects.of_his_own(sitting.captive))
    return {
        "people": people,
        "own": own,
        "day": day_of(sitting),
        "back_url": _address(steps_of(sitting)[-1]),
        "stop_url": reverse("tablet:end"),
    }


def _row(topic: str, kind: Kind, consent: Consent | None) -> dict[str, Any]:
    answer = Answer(consent.answer) if consent else None
    return {
        "kind": kind.value,
        "label": ALLOWED[topic],
        "answer": ANSWERS[answer],
        "is_yes": answer == Answer.YES,
    }


class WithdrawForm(django_forms.Form):
    match = django_forms.UUIDField(required=False)
    kind = django_forms.ChoiceField(choices=[(kind.value, kind.value) for kind in Kind])


@captive(methods=("POST",), form_at="tablet:allowed")
def take_back(request: CaptiveRequest) -> HttpResponse:
    """He no longer allows it; in force at once."""
    touch(request.sitting)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        context = {**_overview(request.sitting), "form": form}
        return _page(request, "tablet/allowed.html", context)
    pk, kind = form.cleaned_data["match"], Kind(form.cleaned_data["kind"])
    match = get_object_or_404(matches_of(request.sitting.captive), pk=pk) if pk else None
    try:
        withdraw(match=match, kind=kind, by=request.sitting)
    except Refused as refused:
        context = {**_overview(request.sitting), "refusals": refused.refusals}
        return _page(request, "tablet/allowed.html", context)
    return see_other("tablet:allowed")


@captive()
def end(request: CaptiveRequest) -> HttpResponse:
    """The same last screen after every answer."""
    touch(request.sitting)
    context = {"form": StepForm(), "back_url": reverse("tablet:allowed")}
    return render(request, "tablet/end.html", context)


@captive(methods=("POST",), form_at="tablet:end", ends_session=True)
def finish(request: CaptiveRequest) -> HttpResponse:
    """He gives the tablet back: nothing of his is left in this browser."""
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(request, "tablet/end.html", {"form": form})
    close_sitting(sitting=request.sitting, by=request.sitting)
    response = see_other("tablet:locked")
    request.session.flush()
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response


def _leave(request: HttpRequest) -> None:
    """A sitting that ended takes its session with it."""
    if KEY in request.session:
        old = Sitting.objects.filter(pk=request.session[KEY]).select_related("captive").first()
        if old:
            close_sitting(sitting=old, by=old)
        request.session.flush()


setattr(step, "steps", ("rights", "file", "fear", "harm", "tell", "home"))
urlpatterns = [
    path("", locked, name="locked"),
    path("start/", start, name="start"),
    path("allowed/", allowed, name="allowed"),
    path("allowed/take-back/", take_back, name="take_back"),
    path("end/", end, name="end"),
    path("end/finish/", finish, name="finish"),
    *letters.urlpatterns,
    *belongings.urlpatterns,
    *calls.urlpatterns,
    *own_file.urlpatterns,
    path("<str:step>/", step, name="step"),
]
