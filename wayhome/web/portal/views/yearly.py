"""A letter once a year, if she wants one: offered to every family in the same words.

Asks the database only about her own wish and the letters that were written to her (P5).
"""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.yearly.actions import say_wish
from wayhome.bureau.yearly.models import YearlyLetter, YearlyWish
from wayhome.web.access import FamilyRequest, family
from wayhome.web.forms import IdempotentForm, Radios
from wayhome.web.once import once, see_other
from wayhome.web.portal import decoy
from wayhome.web.portal.forms import CHOOSE
from wayhome.web.portal.own import own_enquiry
from wayhome.web.portal.views.enquiry import sent

REMEMBERED = "yearly"  # of the world behind the second PIN


class YearlyForm(IdempotentForm):
    wanted = forms.ChoiceField(
        label=_("Would you like one letter a year?"),
        choices=[("yes", _("Yes, one letter a year")), ("no", _("No letter"))],
        widget=Radios,
        error_messages=CHOOSE,
    )


@family(methods=("GET", "POST"))
@once
def yearly(request: FamilyRequest) -> HttpResponse:
    """The offer, what she chose, and the letters that came."""
    enquiry = own_enquiry(request)
    stored = YearlyWish.objects.filter(enquiry=enquiry).exists()
    wanted = decoy.recall(request, REMEMBERED, stored)
    form = YearlyForm(sent(request), initial={"wanted": "yes" if wanted else "no"})
    if form.is_valid():
        said = form.cleaned_data["wanted"] == "yes"
        if decoy.is_decoy(request):
            decoy.remember(request, REMEMBERED, said)
        else:
            say_wish(enquiry=enquiry, wanted=said, by=request.family)
        return see_other("portal:yearly")
    letters = YearlyLetter.objects.visible_to(request.family).filter(enquiry=enquiry)
    context = {
        "form": form,
        "letters": [
            {"on": one.made_at, "says": one.said_in(request.LANGUAGE_CODE)}
            for one in letters.select_related("text")
        ],
        "back_url": reverse("portal:waiting"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/yearly.html", context, status=status)


urlpatterns = [path("waiting/yearly/", yearly, name="yearly")]
