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
from wayhome.bureau.relations.rules import MOST_PAPERS, why_not_take
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


@family(methods=("GET", "POST"))
@once
def papers(request: FamilyRequest) -> HttpResponse:
    form = PaperForm(sent(request), request.FILES if request.method == "POST" else None)
    if form.is_valid() and _taken(request, form):
        return see_other("portal:papers")
    context = {
        "form": form,
        "sent": _sent(request),
        "most": MOST_PAPERS,
        "back_url": reverse("portal:waiting"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/papers.html", context, status=status)


def _taken(request: FamilyRequest, form: PaperForm) -> bool:
    content, note = form.cleaned_data["paper"].read(), form.cleaned_data["note"]
    try:
        if decoy.is_decoy(request):
            refuse_if(why_not_take(papers=len(_sent(request))))
            drawn_anew(content)  # the same work and the same refusals, and nothing kept
            decoy.add(request, "papers", {"note": note})
        else:
            send_paper(enquiry=own_enquiry(request), content=content, note=note, by=request.family)
    except Refused as refused:
        form.add_error("paper", refused.refusal.reason)
        return False
    return True


def _sent(request: FamilyRequest) -> list[tuple[datetime, str]]:
    enquiry = own_enquiry(request)
    rows = Paper.objects.visible_to(request.family).filter(enquiry=enquiry).select_related("key")
    listed = [(timezone.localtime(paper.sent_at), paper.note or "") for paper in rows]
    for each in decoy.recall(request, "papers", []):
        at = timezone.localtime(datetime.fromisoformat(each["at"]))
        listed.append((at, each["note"]))
    return sorted(listed)


urlpatterns = [path("papers/", papers, name="papers")]
