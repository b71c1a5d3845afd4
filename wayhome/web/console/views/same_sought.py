"""One man, two enquiries: pairs that the machine proposes, and what people say of them."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.rules import ProposalState
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import SameSought
from wayhome.bureau.matches.same_sought import judge_same_sought
from wayhome.bureau.matches.search import sought_named
from wayhome.bureau.matches.wording import chance_words
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import enquiry_page
from wayhome.web.console.chances import percent
from wayhome.web.console.evidence import side_by_side, together
from wayhome.web.console.forms.same_sought import SameSoughtForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.once import once, see_other

JUDGE = Permission.JUDGE_SAME_SOUGHT
COLUMNS = {"probability": "probability", "bits": "bits", "judged": "judged_at"}
LISTS = {
    ProposalState.OPEN.value: _("Waits for a judgement"),
    ProposalState.UNDECIDED.value: _("Undecided"),
    ProposalState.SAME.value: _("One man"),
    ProposalState.DIFFERENT.value: _("Two different men"),
}


@allowed(JUDGE, methods=("GET",))
def same_sought(request: StaffRequest) -> HttpResponse:
    """The pairs, likeliest first."""
    name = asked(request, "list")
    name = name if name in LISTS else ProposalState.OPEN.value
    rows = SameSought.objects.visible_to(request.user).filter(state=name)
    if text := asked(request, "q"):
        of_name = sought_named(text).filter(state=EnquiryState.OPEN)
        rows = rows.filter(Q(earlier__in=of_name) | Q(later__in=of_name))
    rows = rows.select_related("earlier", "later__key", "judged_by")
    page = page_of(request, sorted_by(request, rows, COLUMNS, "-probability"))
    context = {
        "page": page,
        "pairs": [_pair(each) for each in page.object_list],
        "lists": list(LISTS.items()),
        "list": name,
        "q": text,
    }
    return render(request, "console/same_sought/pairs.html", context)


def _pair(pair: SameSought) -> dict[str, Any]:
    return {
        "proposal": shown(pair, "judge"),
        "later": shown(pair.later, "file"),
        "earlier": shown(pair.earlier, "file"),
        "percent": percent(pair.probability),
    }


@allowed(JUDGE)
@once
def pair(request: StaffRequest, same_sought_id: Any) -> HttpResponse:
    """Two enquiries side by side, and the judgement on them."""
    rows = SameSought.objects.visible_to(request.user)
    rows = rows.select_related("earlier__key", "later__key", "judged_by")
    one = get_object_or_404(rows, pk=same_sought_id)
    form = SameSoughtForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            verdict = ProposalState(said["verdict"])
            judge_same_sought(pair=one, verdict=verdict, reason=said["reason"], by=request.user)
            return see_other("console:same_sought_pair", one.pk)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        for enquiry in (one.earlier, one.later):
            journal.looked(
                subject=enquiry,
                by=request.user,
                person=enquiry.bureau_number,
                purpose="same sought",
            )
    status = 422 if request.method == "POST" else 200
    context = {**_page(request, one), "form": form}
    return render(request, "console/same_sought/pair.html", context, status=status)


def _page(request: StaffRequest, one: SameSought) -> dict[str, Any]:
    language = request.LANGUAGE_CODE
    later, earlier = shown(one.later, "file"), shown(one.earlier, "file")
    rows = side_by_side(one.evidence, later, earlier, language)
    return {
        **_pair(one),
        "rows": rows,
        "total": together(rows),
        "chance": chance_words(one.probability),
        "facts": [enquiry_page.key_facts(each, language) for each in (one.later, one.earlier)],
        "state": LISTS[one.state],
        "others": [_pair(each) for each in _others(request, one)],
    }


def _others(request: StaffRequest, one: SameSought) -> "QuerySet[SameSought]":
    """Other pairs with one of these two."""
    both = [one.earlier_id, one.later_id]
    rows = SameSought.objects.visible_to(request.user).exclude(pk=one.pk)
    rows = rows.filter(Q(earlier__in=both) | Q(later__in=both)).order_by("-probability", "pk")
    return rows.select_related("earlier", "later__key")


urlpatterns = [
    path("same-sought/", same_sought, name="same_sought"),
    path("same-sought/<uuid:same_sought_id>/", pair, name="same_sought_pair"),
]
