"""Her wish to bring him home: kept from every family in the same words, whatever we know."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.answers.freezing import is_frozen
from wayhome.bureau.answers.models import Told
from wayhome.bureau.journeys.models import Journey
from wayhome.bureau.returns.actions import apply_for_him
from wayhome.bureau.returns.models import Application
from wayhome.bureau.returns.rules import ApplicationState, looked_at_again_on
from wayhome.bureau.staff.disclosure import shown
from wayhome.lib.jurisdiction import profile
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_text
from wayhome.web.access import FamilyRequest, family
from wayhome.web.forms import IdempotentForm, Radios
from wayhome.web.once import once, see_other
from wayhome.web.portal import decoy
from wayhome.web.portal.own import answers_in, own_enquiry
from wayhome.web.portal.views.enquiry import sent


class WishForm(IdempotentForm):
    travel = forms.ChoiceField(
        label=_("Could you travel to meet the person you seek?"),
        help_text=_("You may change your mind at any time. No road depends on your coming."),
        choices=[
            ("yes", _("Yes, I could travel")),
            ("no", _("No, I cannot travel")),
            ("unsure", _("I do not know yet")),
        ],
        widget=Radios,
        error_messages={"required": _("Choose one of these answers.")},
    )
    words = forms.CharField(
        label=_("Is there something we should know for the journey?"),
        help_text=_("For example an illness, or small children. You need not say."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )

    def wish(self) -> dict[str, str]:
        return {
            "travel": self.cleaned_data["travel"],
            "words": clean_text(self.cleaned_data["words"]),
        }


@family(methods=("GET", "POST"))
@once
def application(request: FamilyRequest) -> HttpResponse:
    form = WishForm(sent(request))
    if form.is_valid() and _kept(request, form):
        return see_other("portal:application")
    context: dict[str, Any] = {
        "form": form,
        "asked_on": _asked_on(request),
        "journey": _journey(request),
        "look_again_on": looked_at_again_on(timezone.localdate()),
        "can_bring": _she_can_bring(request),
        "to_complain": profile().neutrals,
        "back_url": reverse("portal:waiting"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/application.html", context, status=status)


def _she_can_bring(request: FamilyRequest) -> list[tuple[Any, str]]:
    """What she herself can bring, from her own deeds alone; all other reasons are one sentence."""
    things = answers_in(request, own_enquiry(request))["three-things"]
    bring = [(_("Papers that show your kinship"), reverse("portal:papers"))]
    if not any(things.values()):
        url = reverse("portal:change", args=["three-things"])
        bring.append((_("Three things that only the two of you know"), url))
    return bring


def _kept(request: FamilyRequest, form: WishForm) -> bool:
    if _asked_on(request) is not None:
        return True  # told already: the page says so, whatever became of it
    if decoy.is_decoy(request):
        decoy.add(request, "application", form.wish())
        return True
    try:
        apply_for_him(enquiry=own_enquiry(request), wish=form.wish(), by=request.family)
    except Refused as refused:
        form.add_error(None, refused.refusal.reason)
        return False
    return True


def _journey(request: FamilyRequest) -> Any:
    """Her own day, once a person has told her of him. Under her second PIN: never."""
    enquiry = own_enquiry(request)
    told = Told.objects.visible_to(request.family).standing_for(enquiry)
    journeys = Journey.objects.visible_to(request.family).standing().select_related("way")
    ahead = journeys.filter(application__enquiry=enquiry, on__gte=timezone.localdate())
    found = ahead.order_by("on").first()
    frozen = is_frozen(enquiry)
    if decoy.is_decoy(request) or told is None or frozen or found is None:
        return None
    return shown(found, "self_")


def _asked_on(request: FamilyRequest) -> date | None:
    """The day of her wish, as long as she has not withdrawn it; never what became of it."""
    rows = Application.objects.visible_to(request.family).filter(by_captive=False)
    rows = rows.filter(enquiry=own_enquiry(request)).exclude(state=ApplicationState.WITHDRAWN)
    moments = list(rows.values_list("made_at", flat=True))
    for each in decoy.recall(request, "application", []):
        moments.append(datetime.fromisoformat(each["at"]))
    return timezone.localdate(max(moments)) if moments else None


urlpatterns = [path("bring-home/", application, name="application")]
