"""If you think of a journey: a page for everybody, and the same as one sheet of A5."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language

from wayhome.bureau.journeys.leaflet import leaflet_of, told_in_leaflet
from wayhome.web.access import public
from wayhome.web.papers import to_read


def _language() -> str:
    return get_language() or "uk"


@public()
def road(request: HttpRequest) -> HttpResponse:
    """What is needed, what she takes along, whom to call, what if he says no."""
    context = {"told": told_in_leaflet(_language()), "back_url": reverse("portal:start")}
    return render(request, "portal/road.html", context)


@public()
def sheet(request: HttpRequest) -> HttpResponse:
    """The same to print, in the language of the page."""
    return to_read(leaflet_of(_language(), timezone.now()), f"sheet-{_language()}.pdf")


urlpatterns = [
    path("journey/", road, name="road"),
    path("journey/sheet.pdf", sheet, name="road_sheet"),
]
