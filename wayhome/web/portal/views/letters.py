"""Her letters: taken from every family in the same words, whatever we know (P5)."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.answers.models import Told
from wayhome.bureau.contact.actions import ask_back, write_to_him
from wayhome.bureau.contact.models import Letter, Sheet
from wayhome.bureau.contact.paper import print_for_her, sheet_of_nobody
from wayhome.bureau.contact.rules import (
    HOLD_REASONS,
    LONGEST_LETTER,
    ON_ITS_WAY,
    HoldReason,
    LetterState,
    is_long_since,
    why_not_ask_back,
)
from wayhome.bureau.contact.sheets import blank
from wayhome.bureau.staff.disclosure import shown
from wayhome.lib.languages import LANGUAGES
from wayhome.lib.refusal import Refused, refuse_if
from wayhome.lib.sheet_codes import new_sheet_code
from wayhome.lib.text import clean_text
from wayhome.web.access import FamilyRequest, family
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import OUT_OF_DATE, once, see_other, why_not_press
from wayhome.web.papers import to_read
from wayhome.web.portal import decoy
from wayhome.web.portal.own import moments, own_enquiry
from wayhome.web.portal.views.enquiry import sent
from wayhome.web.waiting import heard_that_he_is_gone, may_be_prompted

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
    language = forms.ChoiceField(
        label=_("In which language do you write?"),
        help_text=_("Any language is possible."),
        choices=list(LANGUAGES.items()),
        required=False,
    )
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
    form = _letter(sent(request))
    if form.is_valid() and _kept(request, form):
        return see_other("portal:letters")
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/letters.html", _page(request, form), status=status)


def _letter(said: QueryDict | None = None) -> LetterForm:
    """The form; it begins with the language in which the page is read."""
    return LetterForm(said, initial={"language": get_language()})


def _kept(request: FamilyRequest, form: LetterForm) -> bool:
    said = form.cleaned_data
    if decoy.is_decoy(request):
        decoy.add(request, "letters", {})
        return True
    try:
        write_to_him(
            enquiry=own_enquiry(request),
            text=said["text"],
            language=said["language"],
            by=request.family,
        )
    except Refused as refused:
        form.add_error("text", refused.refusal.reason)
        return False
    return True


def _page(request: FamilyRequest, form: LetterForm, **more: Any) -> dict[str, Any]:
    return {
        "form": form,
        "letters": list(reversed(_written(request))),
        "back_form": AskBackForm(auto_id=False),
        "sheet_form": IdempotentForm(auto_id=False),
        "postal_address": settings.POSTAL_ADDRESS,
        "back_url": reverse("portal:waiting"),
        **more,
    }


def _written(request: FamilyRequest) -> list[dict[str, Any]]:
    """What she wrote, numbered from the first; where each is, only while what she was told of him
    stands.
    """
    tells = _was_told(request) and not decoy.is_decoy(request)
    stored = Letter.objects.visible_to(request.family).select_related("key").order_by("written_at")
    rows = [_row(one, tells=tells) for one in stored]
    rows += [{"at": at} for at in moments(decoy.recall(request, "letters", []))]
    back = {each["number"] for each in decoy.recall(request, "letters_back", [])}
    for number, row in enumerate(rows, start=1):
        row["number"] = number
        row["asked_back"] = row.get("asked_back", False) or number in back
        row["may_ask_back"] = not row["asked_back"] and row.get("may_ask_back", True)
    return rows


def _was_told(request: FamilyRequest) -> bool:
    enquiry = own_enquiry(request)
    told = Told.objects.visible_to(request.family).standing_for(enquiry)
    return told is not None and not heard_that_he_is_gone(request.family, enquiry)


def _row(letter: Letter, *, tells: bool) -> dict[str, Any]:
    own = shown(letter, "self_")
    row: dict[str, Any] = {
        "at": timezone.localtime(own.written_at),
        "asked_back": own.asked_back_at is not None,
    }
    if not tells:
        return row
    row |= {
        "state": TOLD_STATES[LetterState(own.state)],
        "may_ask_back": own.state in ON_ITS_WAY,
    }
    if own.state == LetterState.HELD:
        row |= {"why": HOLD_REASONS[HoldReason(own.hold_reason)], "until": own.held_until}
    return row


def long_since_written(request: FamilyRequest) -> bool:
    """Whether four weeks passed since she wrote, or asked: the same for every family (P5)."""
    enquiry = own_enquiry(request)
    if not may_be_prompted(request.family, enquiry) and not decoy.is_decoy(request):
        return False
    written = Letter.objects.visible_to(request.family).values_list("written_at", flat=True)
    last = max([enquiry.received_at, *written, *moments(decoy.recall(request, "letters", []))])
    return is_long_since(last, timezone.now())


class AskBackForm(IdempotentForm):
    """The letter by its number among hers: its own id would be one more thing that differs."""

    number = forms.IntegerField(
        min_value=1,
        widget=forms.HiddenInput,
        error_messages={"required": _("This page is out of date. Open it again.")},
    )


@family(methods=("POST",), form_at="portal:letters")
@once
def letter_take_back(request: FamilyRequest) -> HttpResponse:
    """She wants one back. The answer is the same wherever it is."""
    form = AskBackForm(request.POST)
    refusals: list[Any] = []
    if form.is_valid():
        try:
            _ask_back(request, form.cleaned_data["number"])
            return see_other("portal:letters")
        except Refused as refused:
            refusals = list(refused.refusals)
    else:
        refusals = [OUT_OF_DATE]
    context = _page(request, _letter(), refusals=refusals)
    return render(request, "portal/letters.html", context, status=422)


def _ask_back(request: FamilyRequest, number: int) -> None:
    row = next((row for row in _written(request) if row["number"] == number), None)
    if row is None:
        raise Refused(OUT_OF_DATE)
    refuse_if(why_not_ask_back(asked=row["asked_back"]))
    if decoy.is_decoy(request):
        decoy.add(request, "letters_back", {"number": number})
        return
    rows = Letter.objects.visible_to(request.family).order_by("written_at")
    ask_back(letter=rows[number - 1], by=request.family)


@family(methods=("POST",), form_at="portal:letters")
@once
def letter_sheet_new(request: FamilyRequest) -> HttpResponse:
    """A sheet to write on by hand, with a code of its own."""
    refusals = why_not_press(request)
    if refusals:
        context = _page(request, _letter(), refusals=refusals)
        return render(request, "portal/letters.html", context, status=422)
    if decoy.is_decoy(request):
        decoy.remember(request, "sheet", {"code": new_sheet_code(), "at": _now()})
    else:
        print_for_her(enquiry=own_enquiry(request), by=request.family)
    return see_other("portal:letter_sheet")


@family()
def letter_sheet(request: FamilyRequest) -> HttpResponse:
    """The sheet she asked for last, at its real size. Its name in a browser says nothing."""
    remembered = decoy.recall(request, "sheet")
    if remembered:
        at = datetime.fromisoformat(remembered["at"])
        sheet = sheet_of_nobody(code=remembered["code"], at=at)
    else:
        rows = Sheet.objects.visible_to(request.family).order_by("-printed_at")
        found = rows.first()
        if found is None:  # none was asked for yet: the page that offers one
            return render(request, "portal/letters.html", _page(request, _letter()))
        sheet = found
    return to_read(blank([sheet]), "sheet.pdf")


def _now() -> str:
    return timezone.now().isoformat()


urlpatterns = [
    path("letters/", letters, name="letters"),
    path("letters/take-back/", letter_take_back, name="letter_take_back"),
    path("letters/sheet/new/", letter_sheet_new, name="letter_sheet_new"),
    path("letters/sheet/", letter_sheet, name="letter_sheet"),
]
