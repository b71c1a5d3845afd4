"""Spellings proposed while a name is typed: the same in every bureau, whoever is held or sought."""

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.persons.bridge import How, Kind, suggest
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.text import clean_line
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.suggesting import KINDS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

P = Permission
HOW: "dict[How, StrOrPromise]" = {
    How.KEYS: _("the keyboard was left on Latin"),
    How.LETTERS: _("letters of one alphabet"),
    How.FULL: _("whole name"),
    How.RUSSIAN: _("in Russian"),
    How.UKRAINIAN: _("in Ukrainian"),
    How.CYRILLIC: _("in Cyrillic letters"),
    How.ALIKE: _("sounds the same"),
    How.PASSPORT: _("as in a passport"),
    How.BEGUN: _("begins so"),
    How.NEAR: _("one letter away"),
}


@allowed(P.ENTER_ENQUIRY, P.REGISTER_CAPTIVE, P.CORRECT_CARD, methods=("GET",))
def spelling(request: StaffRequest, field: str) -> HttpResponse:
    """A list for one field. It asks no database for names and enters nothing in the journal."""
    if field not in KINDS:
        raise Http404
    typed = clean_line(request.GET.get(field, ""))
    context: dict[str, Any] = {
        "field": field,
        "typed": typed,
        "suggestions": [(one.text, HOW[one.how]) for one in suggest(typed, Kind(KINDS[field]))],
    }
    return render(request, "console/spelling/suggestions.html", context)


urlpatterns = [path("spelling/<str:field>/", spelling, name="spelling")]
