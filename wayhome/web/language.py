"""The language of the pages: one view that sets it, for everybody."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language

from wayhome.web.access import public


@public()
def set_language_view(request: HttpRequest, code: str) -> HttpResponse:
    """Show the pages in this language from now on, and go back to the page it was asked on."""
    if code not in dict(settings.LANGUAGES) or not check_for_language(code):
        raise Http404
    response = HttpResponseRedirect(_way_back(request))
    response.status_code = 303
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        # No age: it goes when the browser is closed, and leaves no trace on a shared telephone.
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _way_back(request: HttpRequest) -> str:
    """Only a page of our own; anything else leads to the first page."""
    wanted = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "/"
