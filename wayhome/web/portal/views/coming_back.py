"""Coming back with the words and the PIN, and leaving."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from wayhome.bureau.enquiries.actions import Found, find_enquirer
from wayhome.web.access import FamilyRequest, family, public
from wayhome.web.once import see_other
from wayhome.web.portal import decoy, drafts, limits
from wayhome.web.portal.forms import ComeBackForm
from wayhome.web.portal.views.enquiry import sent

UNPROCESSABLE = 422
TOO_MANY = 429


@public(methods=("GET", "POST"))
def come_back(request: HttpRequest) -> HttpResponse:
    """Ask for the words and the PIN."""
    form = ComeBackForm(sent(request))
    if request.method != "POST":
        return render(request, "portal/come_back.html", {"form": form})
    status = UNPROCESSABLE
    if limits.is_reached(request, limits.WRONG_PINS):
        form.add_error(None, _("Too many tries. Please wait for a quarter of an hour."))
        status = TOO_MANY
    elif form.is_valid():
        found = find_enquirer(code_number=form.cleaned_data["words"], pin=form.cleaned_data["pin"])
        if found:
            return _let_in(request, found)
        limits.count(request, limits.WRONG_PINS)
        form.add_error(
            None,
            _(
                "These words and this PIN do not open a page. "
                "After several wrong tries you need to wait for a quarter of an hour."
            ),
        )
    return render(request, "portal/come_back.html", {"form": form}, status=status)


def _let_in(request: HttpRequest, found: Found) -> HttpResponse:
    # A new session: what stood in the old one, a draft aside, belonged to nobody known.
    draft = request.session.get(drafts.SESSION_KEY)
    request.session.flush()
    if draft:
        request.session[drafts.SESSION_KEY] = draft
    request.session["enquirer_id"] = str(found.enquirer.pk)
    if found.under_second_pin:
        decoy.enter(request)
    return see_other("portal:first_pin" if found.must_choose_pin else "portal:waiting")


@family(methods=("POST",), form_at="portal:waiting", ends_session=True)
def sign_out(request: FamilyRequest) -> HttpResponse:
    """Close her page on this device."""
    if "close" not in request.POST:
        return render(request, "portal/close.html", status=UNPROCESSABLE)
    request.session.flush()
    return see_other("portal:signed_out")


@public()
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "signed_out.html")


urlpatterns = [
    path("back/", come_back, name="come_back"),
    path("waiting/sign-out/", sign_out, name="sign_out"),
    path("signed-out/", signed_out, name="signed_out"),
]
