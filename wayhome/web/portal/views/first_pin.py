"""Who asked by telephone or on paper came in with the agreed word: now she chooses a PIN."""

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.enquiries.actions import change_pin, hash_pin
from wayhome.web.access import FamilyRequest, family
from wayhome.web.once import see_other
from wayhome.web.portal.forms import PinForm
from wayhome.web.portal.views.enquiry import answer_page, sent


@family(methods=("GET", "POST"), form_at="portal:change_pins")
def first_pin(request: FamilyRequest) -> HttpResponse:
    """A PIN of her own in place of the agreed word; whoever has one changes it elsewhere."""
    form = PinForm(sent(request))
    if request.family.pin_hash and (request.method == "GET" or form.is_valid()):
        return see_other("portal:change_pins")
    if request.method == "POST" and form.is_valid():
        pin_hash = hash_pin(form.cleaned_data["pin"])
        change_pin(enquirer=request.family, by=request.family, pin_hash=pin_hash)
        return see_other("portal:waiting")
    context = {
        "form": form,
        "question_heading": _("Choose a PIN of your own"),
        "lead": (
            _("The word that we agreed has opened your page."),
            _("From now on your words and this PIN open it. The word is for the telephone."),
        ),
        "back_url": reverse("portal:waiting"),
        "button": _("Keep this PIN"),
    }
    return answer_page(request, "portal/ask/question.html", context)


urlpatterns = [path("waiting/first-pin/", first_pin, name="first_pin")]
