"""Papers that prove kinship: every rung open to everybody from the first day, in the same words."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.relations.actions import drawn_anew, send_paper
from wayhome.bureau.relations.models import Paper
from wayhome.bureau.relations.rules import MOST_PAPERS, PaperFor, why_not_take
from wayhome.lib.refusal import Refused, refuse_if
from wayhome.lib.text import clean_text
from wayhome.web.access import FamilyRequest, family
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, see_other
from wayhome.web.portal import decoy
from wayhome.web.portal.own import own_enquiry
from wayhome.web.portal.views.enquiry import sent


class PaperForm(IdempotentForm):
    paper = forms.FileField(
        label=_("Choose a photo or a PDF"),
        help_text=_("At most 10 megabytes. We remove what the file says about place and device."),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty. Choose another."),
        },
    )
    note = forms.CharField(
        label=_("What is it?"),
        help_text=_("For example: birth certificate. You need not say."),
        max_length=200,
        required=False,
    )

    def clean_note(self) -> str:
        return clean_text(self.cleaned_data["note"])

    def clean_paper(self) -> Any:
        file = self.cleaned_data["paper"]
        if file.size > settings.LARGEST_UPLOAD_BYTES:
            raise ValidationError(_("This file is too large. It may have at most 10 megabytes."))
        return file


# By what a paper serves: the name of its page, and under which key a second PIN remembers it.
PAGES = {
    PaperFor.KINSHIP: ("portal:papers", "papers"),
    PaperFor.JOURNEY: ("portal:travel_papers", "journey_papers"),
}


@family(methods=("GET", "POST"))
@once
def papers(request: FamilyRequest) -> HttpResponse:
    return _page(request, PaperFor.KINSHIP, "portal/papers.html")


@family(methods=("GET", "POST"))
@once
def travel_papers(request: FamilyRequest) -> HttpResponse:
    """Papers to travel with: photographed by phone, when she likes, and by every family alike."""
    return _page(request, PaperFor.JOURNEY, "portal/travel_papers.html")


def _page(request: FamilyRequest, serves: PaperFor, template: str) -> HttpResponse:
    form = PaperForm(sent(request), request.FILES if request.method == "POST" else None)
    if form.is_valid() and _taken(request, form, serves):
        return see_other(PAGES[serves][0])
    context = {
        "form": form,
        "sent": _sent(request, serves),
        "most": MOST_PAPERS,
        "back_url": reverse(
            "portal:waiting" if serves == PaperFor.KINSHIP else "portal:application"
        ),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, template, context, status=status)


def _taken(request: FamilyRequest, form: PaperForm, serves: PaperFor) -> bool:
    content, note = form.cleaned_data["paper"].read(), form.cleaned_data["note"]
    try:
        if decoy.is_decoy(request):
            both = sum(len(_sent(request, each)) for each in PaperFor)
            refuse_if(why_not_take(papers=both))
            drawn_anew(content)  # the same work and the same refusals, and nothing kept
            decoy.add(request, PAGES[serves][1], {"note": note})
        else:
            send_paper(
                enquiry=own_enquiry(request),
                content=content,
                note=note,
                by=request.family,
                serves=serves,
            )
    except Refused as refused:
        form.add_error("paper", refused.refusal.reason)
        return False
    return True


def _sent(request: FamilyRequest, serves: PaperFor) -> list[tuple[datetime, str]]:
    enquiry = own_enquiry(request)
    rows = Paper.objects.visible_to(request.family).filter(enquiry=enquiry, serves=serves)
    listed = [
        (timezone.localtime(paper.sent_at), paper.note or "")
        for paper in rows.select_related("key")
    ]
    for each in decoy.recall(request, PAGES[serves][1], []):
        at = timezone.localtime(datetime.fromisoformat(each["at"]))
        listed.append((at, each["note"]))
    return sorted(listed)


urlpatterns = [
    path("papers/", papers, name="papers"),
    path("papers/journey/", travel_papers, name="travel_papers"),
]
