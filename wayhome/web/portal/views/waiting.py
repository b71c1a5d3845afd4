"""The waiting page, and what a family may do from it.

Asks the database only about what she herself told, what she was invited to and told in person,
and the bureau's day of comparison (P5): never candidates, matches, consents or captives.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from wayhome.bureau.answers.models import Told
from wayhome.bureau.contact.calls.seeing import call_waits
from wayhome.bureau.enquiries.actions import change_pin, forget_enquiry, hash_pin, is_pin
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.web.access import FamilyRequest, family
from wayhome.web.once import see_other
from wayhome.web.portal import decoy, limits
from wayhome.web.portal.forms import ChangePinForm, ForgetForm
from wayhome.web.portal.month import question_for
from wayhome.web.portal.own import answers_in, change, moments, own_enquiry
from wayhome.web.portal.questions import BY_SLUG, CHANGEABLE, FIXED, rows
from wayhome.web.portal.views.enquiry import answer_page, sent
from wayhome.web.portal.views.letters import long_since_written
from wayhome.web.portal.views.programmes import lately_withdrawn
from wayhome.web.waiting import (
    ADDED,
    APPLIED,
    PAPERS,
    compared_on,
    spoken_about_a_change,
    stages_of,
    told_of_a_death,
    waits_for_a_talk,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TOO_MANY = 429


@family()
def waiting(request: FamilyRequest) -> HttpResponse:
    """The same sentence for every family, until a person has spoken with her."""
    enquiry = own_enquiry(request)
    context = {
        "sought_name": _name(request, enquiry),
        "compared_on": compared_on(),
        "for_agency": enquiry.state == EnquiryState.FOR_AGENCY,
        "stages": _stages(request, enquiry),
        "asked": question_for(request, enquiry),
        "long_since_written": long_since_written(request),
        "withdrawn": lately_withdrawn(),
        **_spoken(request, enquiry),
    }
    return render(request, "portal/waiting.html", context)


def _spoken(request: FamilyRequest, enquiry: Enquiry) -> dict[str, Any]:
    """Whether a person wants to talk with her, and what was said. Under her second PIN: never."""
    invited = waits_for_a_talk(request.family, enquiry)
    told = Told.objects.visible_to(request.family).standing_for(enquiry)
    died = told_of_a_death(request.family, enquiry)
    talk = spoken_about_a_change(request.family, enquiry)
    if decoy.is_decoy(request):
        return {"invited": False, "told": None}
    if died is not None:
        return {"invited": invited, "died": died, "asked": ""}
    if talk is not None:
        return {"invited": invited, "told": None, "talked_on": talk.ended_at}
    return {"invited": invited, "told": told, "call_waits": call_waits(request.family, enquiry)}


def _name(request: FamilyRequest, enquiry: Enquiry) -> str:
    name = answers_in(request, enquiry)["name"]
    parts = [name.get(part, "") for part in ("surname", "given", "patronymic")]
    return " ".join(part for part in parts if part) or name.get("full_name", "")


def _stages(request: FamilyRequest, enquiry: Enquiry) -> "list[tuple[StrOrPromise, date]]":
    """What she herself did, in the decoy's world too."""
    remembered = {ADDED: "added_on", PAPERS: "papers", APPLIED: "application"}
    also = {stage: moments(decoy.recall(request, key, [])) for stage, key in remembered.items()}
    return stages_of(request.family, enquiry, also)


@family()
def review(request: FamilyRequest) -> HttpResponse:
    """What she told, each with a link to change it."""
    answers = answers_in(request, own_enquiry(request))
    context = {
        "rows": rows(CHANGEABLE, answers, lambda q: reverse("portal:change", args=[q.slug])),
        "back_url": reverse("portal:waiting"),
    }
    return render(request, "portal/review.html", context)


@family(methods=("GET", "POST"))
def change_answer(request: FamilyRequest, step: str) -> HttpResponse:
    """The same question as at first, with her answer in it."""
    question = BY_SLUG.get(step)
    if question is None or step in FIXED:
        raise Http404
    enquiry = own_enquiry(request)
    form = question.form(sent(request), initial=answers_in(request, enquiry).get(step))
    form.leave_out_first_only()
    if form.is_valid():
        change(request, enquiry, step, form.answers())
        return see_other("portal:review")
    context = {
        "form": form,
        "question_heading": question.heading,
        "lead": question.lead,
        "note": question.note,
        "back_url": reverse("portal:review"),
        "button": _("Keep this"),
    }
    return answer_page(request, question.template, context)


change_answer.steps = tuple(question.slug for question in CHANGEABLE)  # type: ignore[attr-defined]


@family(methods=("GET", "POST"))
def change_pins(request: FamilyRequest) -> HttpResponse:
    """A new PIN, and a new second one if she likes."""
    if not request.family.pin_hash:  # she came in by the agreed word
        return see_other("portal:first_pin")
    form = ChangePinForm(sent(request))
    context = {"form": form, "back_url": reverse("portal:waiting")}
    if request.method == "POST" and limits.is_reached(request, limits.WRONG_PINS):
        form.add_error(None, _("Too many tries. Please wait for a quarter of an hour."))
        return render(request, "portal/change_pins.html", context, status=TOO_MANY)
    if form.is_valid() and _pins_changed(request, form):
        return see_other("portal:pin_changed")
    return answer_page(request, "portal/change_pins.html", context)


def _pins_changed(request: FamilyRequest, form: ChangePinForm) -> bool:
    typed = form.cleaned_data
    is_first = is_pin(typed["now"], request.family.pin_hash)
    is_second = is_pin(typed["now"], request.family.second_pin_hash)
    if not (is_second if decoy.is_decoy(request) else is_first):
        limits.count(request, limits.WRONG_PINS)
        form.add_error("now", _("This is not your PIN as it is now."))
        return False
    if _are_one(request, typed):
        form.add_error("second", _("The second PIN must not be the same as the first."))
        return False
    pin_hash, second = hash_pin(typed["pin"]), hash_pin(typed["second"])
    if not decoy.is_decoy(request):
        change_pin(
            enquirer=request.family,
            by=request.family,
            pin_hash=pin_hash,
            second_pin_hash=second or None,
        )
    return True


def _are_one(request: FamilyRequest, typed: dict[str, str]) -> bool:
    """Whether the two PINs would be the same, the second one new or as it stands."""
    if typed["second"] or decoy.is_decoy(request):
        return typed["second"] == typed["pin"]
    return is_pin(typed["pin"], request.family.second_pin_hash)


@family()
def pin_changed(request: FamilyRequest) -> HttpResponse:
    return render(request, "portal/pin_changed.html", {"back_url": reverse("portal:waiting")})


@family(methods=("GET", "POST"), ends_session=True)
def forget(request: FamilyRequest) -> HttpResponse:
    """Forget my enquiry: one step."""
    form = ForgetForm(sent(request))
    if form.is_valid():
        with transaction.atomic():
            if not decoy.is_decoy(request):
                forget_enquiry(enquiry=own_enquiry(request), by=request.family)
        request.session.flush()
        return see_other("portal:forgotten")
    context = {"form": form, "back_url": reverse("portal:waiting")}
    return answer_page(request, "portal/forget.html", context)


urlpatterns = [
    path("waiting/", waiting, name="waiting"),
    path("waiting/answers/", review, name="review"),
    path("waiting/answers/<str:step>/", change_answer, name="change"),
    path("waiting/pin/", change_pins, name="change_pins"),
    path("waiting/pin/changed/", pin_changed, name="pin_changed"),
    path("waiting/forget/", forget, name="forget"),
]
