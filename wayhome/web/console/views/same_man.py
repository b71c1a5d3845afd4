"""One man, two cards: pairs that the machine proposes, best first, and what people say of them."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.actions import judge_same_man
from wayhome.bureau.captives.models import Captive, SameManProposal
from wayhome.bureau.captives.rules import ProposalState
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.search import cards_named
from wayhome.bureau.matches.wording import chance_words
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.captive_page import day
from wayhome.web.console.chances import percent
from wayhome.web.console.evidence import side_by_side, together
from wayhome.web.console.forms.same_man import SameManForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.once import once, see_other

JUDGE = Permission.JUDGE_SAME_MAN
COLUMNS = {"probability": "probability", "bits": "bits", "judged": "judged_at"}
LISTS = {
    ProposalState.OPEN.value: _("Waits for a judgement"),
    ProposalState.UNDECIDED.value: _("Undecided"),
    ProposalState.SAME.value: _("One man"),
    ProposalState.DIFFERENT.value: _("Two different men"),
}


@allowed(JUDGE, methods=("GET",))
def same_man(request: StaffRequest) -> HttpResponse:
    """The pairs of this site, likeliest first."""
    name = asked(request, "list")
    name = name if name in LISTS else ProposalState.OPEN.value
    rows = SameManProposal.objects.visible_to(request.user).filter(state=name)
    if text := asked(request, "q"):
        rows = rows.filter(_about(text))
    rows = rows.select_related("earlier", "later__key", "judged_by")
    page = page_of(request, sorted_by(request, rows, COLUMNS, "-probability"))
    context = {
        "page": page,
        "pairs": [_pair(each) for each in page.object_list],
        "lists": list(LISTS.items()),
        "list": name,
        "q": text,
    }
    return render(request, "console/same_man/pairs.html", context)


def _about(text: str) -> Q:
    cards = cards_named(text)
    return Q(earlier__in=cards) | Q(later__in=cards)


def _pair(proposal: SameManProposal) -> dict[str, Any]:
    return {
        "proposal": shown(proposal, "file"),
        "later": shown(proposal.later, "evidence"),
        "earlier": shown(proposal.earlier, "evidence"),
    }


@allowed(JUDGE)
@once
def pair(request: StaffRequest, proposal_id: Any) -> HttpResponse:
    """Two records side by side, and the judgement on them."""
    rows = SameManProposal.objects.visible_to(request.user)
    rows = rows.select_related("earlier__site", "later__site", "later__key", "judged_by")
    proposal = get_object_or_404(rows, pk=proposal_id)
    form = SameManForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            verdict = ProposalState(said["verdict"])
            judge_same_man(
                proposal=proposal, verdict=verdict, reason=said["reason"], by=request.user
            )
            return see_other("console:same_man_pair", proposal.pk)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        for man in (proposal.earlier, proposal.later):
            journal.looked(
                subject=man, by=request.user, person=man.bureau_number, purpose="same man"
            )
    status = 422 if request.method == "POST" else 200
    context = {**_page(request, proposal), "form": form}
    return render(request, "console/same_man/pair.html", context, status=status)


def _page(request: StaffRequest, proposal: SameManProposal) -> dict[str, Any]:
    language = request.LANGUAGE_CODE
    later, earlier = shown(proposal.later, "evidence"), shown(proposal.earlier, "evidence")
    rows = side_by_side(proposal.evidence, later, earlier, language)
    return {
        **_pair(proposal),
        "rows": rows,
        "total": together(rows),
        "percent": percent(proposal.probability),
        "chance": chance_words(proposal.probability),
        "facts": [_facts(request, man) for man in (proposal.later, proposal.earlier)],
        "state": LISTS[proposal.state],
        "others": [_pair(each) for each in _others(request, proposal)],
    }


def _facts(request: StaffRequest, man: Captive) -> dict[str, Any]:
    """What is not weighed, of a man of this person's own site; of another's nothing."""
    if not Captive.objects.visible_to(request.user).filter(pk=man.pk).exists():
        return {"elsewhere": True}
    record = shown(man, "file")
    return {
        "record": record,
        "captured_on": day(record.captured_on, request.LANGUAGE_CODE),
        "same_as": record.same_as,
    }


def _others(request: StaffRequest, proposal: SameManProposal) -> "QuerySet[SameManProposal]":
    """Other pairs with one of these two."""
    both = [proposal.earlier_id, proposal.later_id]
    rows = SameManProposal.objects.visible_to(request.user).exclude(pk=proposal.pk)
    rows = rows.filter(Q(earlier__in=both) | Q(later__in=both)).order_by("-probability", "pk")
    return rows.select_related("earlier", "later__key")


urlpatterns = [
    path("same-man/", same_man, name="same_man"),
    path("same-man/<uuid:proposal_id>/", pair, name="same_man_pair"),
]
