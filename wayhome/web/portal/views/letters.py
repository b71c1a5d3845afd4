"""Her letters: taken from every family in the same words, whatever we know (P5)."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.answers.models import Told
from wayhome.bureau.contact.actions import take_back, write_to_him
from wayhome.bureau.contact.models import Letter
from wayhome.bureau.contact.rules import (
    HOLD_REASONS,
    LONGEST_LETTER,
    ON_ITS_WAY,
    HoldReason,
    LetterState,
)
from wayhome.bureau.staff.disclosure import shown
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_text
from wayhome.web.access import FamilyRequest, family
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, see_other, why_not_press
from wayhome.web.portal import decoy
from wayhome.web.portal.own import moments, own_enquiry
from wayhome.web.portal.views.enquiry import sent

# Read only by a family that a person has told that he lives; every other reads one sentence.
TOLD_STATES = {
    LetterState.KEPT: _("We keep it."),
    LetterState.TO_REVIEW: _("It is read once, then it goes on."),
    LetterState.HELD: _("It is held back."),
    LetterState.PASSED: _("It is on its way."),
    LetterState.DELIVERED: _("It was given to the person you seek."),
    LetterState.TAKEN_BACK: _("You took it back."),
}


class LetterForm(IdempotentForm):
    text = forms.CharField(
        label=_("Your letter"),
        help_text=_("Write about the family. Please do not write about units or places of war."),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=LONGEST_LETTER,
        error_messages={"required": _("Please write some words.")},
    )

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


@family(methods=("GET", "POST"))
@once
def letters(request: FamilyRequest) -> HttpResponse:
    """Write one, and see those she wrote."""
    form = LetterForm(sent(request))
    if form.is_valid() and _kept(request, form):
        return see_other("portal:letters")
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/letters.html", _page(request, form), status=status)


def _kept(request: FamilyRequest, form: LetterForm) -> bool:
    text = form.cleaned_data["text"]
    if decoy.is_decoy(request):
        decoy.add(request, "letters", {})
        return True
    try:
        write_to_him(enquiry=own_enquiry(request), text=text, by=request.family)
    except Refused as refused:
        form.add_error("text", refused.refusal.reason)
        return False
    return True


def _page(request: FamilyRequest, form: LetterForm, **more: Any) -> dict[str, Any]:
    return {
        "form": form,
        "letters": _written(request),
        "take_back": IdempotentForm(auto_id=False),
        "back_url": reverse("portal:waiting"),
        **more,
    }


def _written(request: FamilyRequest) -> list[dict[str, Any]]:
    """What she wrote, the newest first; where each is, only once a person has told her of him."""
    tells = _tells(request)
    remembered = [{"at": at} for at in moments(decoy.recall(request, "letters", []))]
    rows = Letter.objects.visible_to(request.family).select_related("key").order_by("-written_at")
    return [*reversed(remembered), *(_row(one, tells=tells) for one in rows)]


def _tells(request: FamilyRequest) -> bool:
    """Whether a person has told her of him, and she did not come in under her second PIN."""
    told = Told.objects.visible_to(request.family).standing_for(own_enquiry(request))
    return told is not None and not decoy.is_decoy(request)


def _row(letter: Letter, *, tells: bool) -> dict[str, Any]:
    own = shown(letter, "self_")
    row: dict[str, Any] = {"at": timezone.localtime(own.written_at)}
    if not tells:
        return row
    row |= {"pk": own.pk, "state": TOLD_STATES[LetterState(own.state)]}
    if own.state == LetterState.HELD:
        row |= {"why": HOLD_REASONS[HoldReason(own.hold_reason)], "until": own.held_until}
    return {**row, "may_take_back": own.state in ON_ITS_WAY}


@family(methods=("POST",), form_at="portal:letters")
@once
def letter_take_back(request: FamilyRequest, letter_id: Any) -> HttpResponse:
    """She takes one back; before she is told of him she cannot, for where it is would be an answer.

    Whoever wants nothing to go on before that has the enquiry forgotten.
    """
    if not _tells(request):
        raise Http404
    rows = Letter.objects.visible_to(request.family).select_related("key")
    letter = get_object_or_404(rows, pk=letter_id)
    refusals: list[Any] = why_not_press(request)
    if not refusals:
        try:
            take_back(letter=letter, by=request.family)
            return see_other("portal:letters")
        except Refused as refused:
            refusals = list(refused.refusals)
    context = _page(request, LetterForm(), refusals=refusals)
    return render(request, "portal/letters.html", context, status=422)


urlpatterns = [
    path("letters/", letters, name="letters"),
    path("letters/<uuid:letter_id>/take-back/", letter_take_back, name="letter_take_back"),
]
