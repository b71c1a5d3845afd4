"""The enquiries of families: the list, and one enquiry.

Nothing is corrected here: what stands in an enquiry is read by the family on her own page (P5).
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from wayhome.bureau.enquiries.models import Enquiry, EnquiryQuerySet
from wayhome.bureau.enquiries.rules import EnquiryState, why_not_change
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.search import sought_named
from wayhome.bureau.staff.permissions import Permission
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import enquiry_page
from wayhome.web.console.forms.enquiries import WhyForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views import hotline
from wayhome.web.console.views.captives import sorted_language
from wayhome.web.console.wording_enquiries import (
    LANGUAGES,
    RELATIONS,
    SOURCES,
    STATES,
    WHY,
)
from wayhome.web.once import see_other

SEE, ENTER = Permission.SEE_ENQUIRY, Permission.ENTER_ENQUIRY
COLUMNS = {"number": "bureau_number", "received": "received_at", "state": "state"}
FILTERS = {
    "state": "state",
    "source": "source",
    "relation": "relation",
    "language": "enquirer__language",
}
LOOKS = "enquiry_looks"  # in the session: the purpose given for each enquiry


@allowed(SEE, methods=("GET",))
def enquiries(request: StaffRequest) -> HttpResponse:
    """All enquiries, in the order of the alphabet of this person's language."""
    rows = _filtered(request, Enquiry.objects.visible_to(request.user))
    columns = {"name": f"sort_{sorted_language(request)}", **COLUMNS}
    page = page_of(request, sorted_by(request, rows, columns, "name"))
    context = {
        "page": page,
        "rows": [enquiry_page.key_facts(each, request.LANGUAGE_CODE) for each in page.object_list],
        "q": asked(request, "q"),
        "states": list(STATES.items()),
        "sources": list(SOURCES.items()),
        "relations": list(RELATIONS.items()),
        "languages": list(LANGUAGES.items()),
        "may_enter": request.user.may(ENTER),
        "filtered": any(asked(request, name) for name in ("q", *FILTERS)),
    }
    return render(request, "console/enquiries/enquiries.html", context)


def _filtered(request: StaffRequest, rows: EnquiryQuerySet) -> EnquiryQuerySet:
    """What was forgotten is nobody's business any more, unless it is asked for."""
    if not asked(request, "state"):
        rows = rows.exclude(state=EnquiryState.FORGOTTEN)
    wanted = {column: asked(request, name) for name, column in FILTERS.items()}
    rows = rows.filter(**{column: value for column, value in wanted.items() if value})
    if text := asked(request, "q"):
        rows = rows.filter(pk__in=sought_named(text))
    return rows


def _one(request: StaffRequest, enquiry_number: str) -> Enquiry:
    rows = Enquiry.objects.visible_to(request.user).select_related("key", "site", "enquirer__key")
    return get_object_or_404(rows, bureau_number=enquiry_number)


@allowed(SEE)
def enquiry(request: StaffRequest, enquiry_number: str) -> HttpResponse:
    """One enquiry. Why it is opened is asked once a session and enquiry."""
    one = _one(request, enquiry_number)
    if request.method == "POST":
        return _ask_why(request, one, WhyForm(request.POST))
    purpose = request.session.get(LOOKS, {}).get(one.bureau_number)
    if purpose is None:
        return _ask_why(request, one, WhyForm())
    journal.looked(subject=one, by=request.user, person=one.bureau_number, purpose=purpose)
    return render(request, "console/enquiries/enquiry.html", _page(request, one, purpose))


def _ask_why(request: StaffRequest, one: Enquiry, form: WhyForm) -> HttpResponse:
    if form.is_valid():
        looks = request.session.get(LOOKS, {})
        request.session[LOOKS] = {**looks, one.bureau_number: form.cleaned_data["purpose"]}
        return see_other("console:enquiry", one.bureau_number)
    context = {"form": form, "number": one.bureau_number}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/enquiries/why.html", context, status=status)


def _page(request: StaffRequest, one: Enquiry, purpose: str) -> dict[str, Any]:
    """An enquiry that was forgotten has nothing left to show but that it was."""
    person, language = request.user, request.LANGUAGE_CODE
    page: dict[str, Any] = {
        **enquiry_page.key_facts(one, language),
        "purpose": WHY[purpose],
        "forgotten": why_not_change(one.state),
    }
    if page["forgotten"]:
        return page
    return {
        **page,
        "sought": enquiry_page.sought_rows(one, language),
        "asking": list(enquiry_page.asking_rows(one, person)),
        "things": enquiry_page.things(one, person),
        "links": list(enquiry_page.links(one, person)),
        "corrections": enquiry_page.corrections(one, language),
        "first": enquiry_page.first_received(one, language),
    }


urlpatterns = [
    *hotline.urlpatterns,
    path("enquiries/", enquiries, name="enquiries"),
    path("enquiries/<str:enquiry_number>/", enquiry, name="enquiry"),
]
