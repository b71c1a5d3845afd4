"""Before any question: who we are, and what asking may mean."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from wayhome.web.access import public
from wayhome.web.portal.drafts import answers_of


@public()
def start(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "portal/start.html", {"begun": bool(answers_of(request))})


urlpatterns = [path("", start, name="start")]
