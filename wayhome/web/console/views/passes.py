"""The pass of a journey, its itinerary, and today's convoy of an escort."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.her_phone import code_that_waits, give_code
from wayhome.bureau.journeys.itinerary import itinerary_of, leg_in_words
from wayhome.bureau.journeys.models import Journey
from wayhome.bureau.journeys.passes import (
    Looked,
    end_pass,
    look_at_pass,
    make_pass,
    standing_pass,
)
from wayhome.bureau.journeys.rules.passes import VERDICT_NAMES, Verdict
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.languages import LANGUAGE_NAMES
from wayhome.lib.refusal import Refusal
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import page_of
from wayhome.web.console.views.journeys import DAY_AND_HOUR, pressed
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other, why_not_press
from wayhome.web.papers import to_read

PLAN, MEET = Permission.PLAN_JOURNEYS, Permission.MEET_FAMILY


class PassForm(IdempotentForm):
    text = forms.CharField(
        label=_("What the code of the pass says"),
        help_text=_("Read the code with the telephone's camera, copy its text and put it here."),
        widget=forms.Textarea({"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        max_length=400,
        error_messages={"required": _("Put the text of the code here.")},
    )


@allowed(MEET)
def convoy(request: StaffRequest) -> HttpResponse:
    """Today's families of one's own convoy, and whether a pass is ours."""
    form = PassForm(request.POST if request.method == "POST" else None)
    looked = None
    if request.method == "POST" and form.is_valid():
        looked = look_at_pass(text=form.cleaned_data["text"], by=request.user)
        form = PassForm()
    status = 422 if request.method == "POST" and looked is None else 200
    return _convoy_page(request, form, looked, status)


def _convoy_page(
    request: StaffRequest,
    form: PassForm,
    looked: Looked | None,
    status: int,
    refusals: Sequence[Refusal] = (),
) -> HttpResponse:
    rows = Journey.objects.visible_to(request.user).filter(on=timezone.localdate()).standing()
    page = page_of(request, rows.with_all().order_by("way__leaves", "pk"))
    for each in page.object_list if request.method == "GET" else ():
        captive = each.application.captive
        number = captive.bureau_number if captive else ""
        journal.looked(subject=each, by=request.user, person=number, purpose="convoy")
    context = {
        "page": page,
        "rows": [_family(each) for each in page.object_list],
        "form": form,
        "code_form": IdempotentForm(),
        "address": request.build_absolute_uri(reverse("hers:page")),
        "refusals": refusals,
        "says": VERDICT_NAMES[looked.verdict] if looked else "",
        "is_good": looked is not None and looked.verdict == Verdict.GOOD,
        "found": looked and looked.journey and _family(looked.journey),
    }
    return render(request, "console/journeys/convoy.html", context, status=status)


def _family(one: Journey) -> dict[str, Any]:
    """What an escort needs to know them by: no name, no number of his."""
    found = standing_pass(one)
    enquiry = one.application.enquiry
    language = enquiry.enquirer.language if enquiry else ""
    return {
        "journey": shown(one, "file"),
        "language": LANGUAGE_NAMES.get(language, language),
        "words": found.words if found else None,
        "code": code_that_waits(one),
        "legs": [leg_in_words(each, DAY_AND_HOUR) for each in one.legs.order_by("number")],
    }


@allowed(MEET, methods=("POST",), form_at="console:convoy")
@once
def number_for_her(request: StaffRequest, journey_id: Any) -> HttpResponse:
    """A number with which her own phone gets the pass, once."""
    refusals = why_not_press(request)
    if not refusals:
        one = get_object_or_404(Journey.objects.visible_to(request.user), pk=journey_id)
        refusals = press(request, lambda: give_code(journey=one, by=request.user))
    if not refusals:
        return see_other("console:convoy")
    return _convoy_page(request, PassForm(), None, 422, refusals)


@allowed(PLAN, methods=("POST",), form_at="console:journey")
@once
def make(request: StaffRequest, journey_id: Any) -> HttpResponse:
    return pressed(request, journey_id, make_pass)


@allowed(PLAN, methods=("POST",), form_at="console:journey")
@once
def end(request: StaffRequest, journey_id: Any) -> HttpResponse:
    return pressed(request, journey_id, end_pass)


@allowed(PLAN, methods=("GET",))
def itinerary(request: StaffRequest, journey_id: Any, code: str) -> HttpResponse:
    """The page that is given at the first leg outside her own country, in one language."""
    one = get_object_or_404(Journey.objects.visible_to(request.user).with_all(), pk=journey_id)
    found = standing_pass(one)
    if found is None or code not in dict(settings.LANGUAGES):
        raise Http404
    captive = one.application.captive
    number = captive.bureau_number if captive else ""
    journal.looked(subject=found, by=request.user, person=number, purpose="convoy")
    return to_read(itinerary_of(found, code), f"page-{code}.pdf")


urlpatterns = [
    path("journeys/today/", convoy, name="convoy"),
    path("journeys/<uuid:journey_id>/pass/", make, name="journey_pass"),
    path("journeys/<uuid:journey_id>/pass/number/", number_for_her, name="journey_pass_number"),
    path("journeys/<uuid:journey_id>/pass/end/", end, name="journey_pass_end"),
    path("journeys/<uuid:journey_id>/itinerary/<str:code>.pdf", itinerary,
         name="journey_itinerary"),
]  # fmt: skip
