"""Pages that everybody may read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone

from wayhome.web.access import public
from wayhome.web.portal import decoy, drafts


def _page(template: str) -> Callable[[HttpRequest], HttpResponse]:
    @public()
    def page(request: HttpRequest) -> HttpResponse:
        return render(request, template, {"back_url": reverse("portal:start")})

    return page


@public(ends_session=True)
def leave(request: HttpRequest) -> HttpResponse:
    """The quick way out: a neutral page, and nothing of hers can be opened by going back."""
    drafts.drop(request)
    for key in ("enquirer_id", decoy.SESSION_KEY):
        request.session.pop(key, None)
    return render(request, "leave.html", {"today": timezone.localdate()})


urlpatterns = [
    path("leave/", leave, name="leave"),
    path("help/", _page("portal/pages/help.html"), name="help"),
    path("privacy/", _page("portal/pages/privacy.html"), name="privacy"),
    path("accessibility/", _page("portal/pages/accessibility.html"), name="accessibility"),
    path("other-ways/", _page("portal/pages/other_ways.html"), name="other_ways"),
    path("beware/", _page("portal/pages/beware.html"), name="beware"),
    path("forgotten/", _page("portal/pages/forgotten.html"), name="forgotten"),
]
