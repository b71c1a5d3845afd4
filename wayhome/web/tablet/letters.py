"""His letters and cards: what he wrote and where it is, what came to him, a new one."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.consents.sittings import touch
from wayhome.bureau.contact import actions
from wayhome.bureau.contact.actions import Addressee
from wayhome.bureau.contact.models import Letter
from wayhome.bureau.contact.queries import is_without_news
from wayhome.bureau.contact.rules import (
    HEALTH_NAMES,
    HOLD_REASONS,
    KIND_NAMES,
    ON_ITS_WAY,
    STATE_NAMES,
    Direction,
    Health,
    HoldReason,
    LetterKind,
    LetterState,
)
from wayhome.bureau.staff.disclosure import shown
from wayhome.lib.languages import LANGUAGES
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_text
from wayhome.web.access import CaptiveRequest, captive
from wayhome.web.forms import IdempotentForm, Radios
from wayhome.web.once import once, press, see_other
from wayhome.web.papers import to_read
from wayhome.web.tablet.forms import Line, show_on

KINDS = {
    "letter": LetterKind.LETTER,
    "card": LetterKind.CARD,
    "message": LetterKind.MESSAGE,
    "capture-card": LetterKind.CAPTURE_CARD,
}
HEADINGS = {
    LetterKind.LETTER: _("Write a letter"),
    LetterKind.CARD: _("Write a card"),
    LetterKind.MESSAGE: _("Write a Red Cross Message"),
    LetterKind.CAPTURE_CARD: _("Your capture card"),
}
LEADS = {
    LetterKind.LETTER: (
        _("It is free. You may write as many as you like."),
        _("One person here reads it once. Your own State may read it too."),
        _("Do not write where you are. Such words are made black."),
    ),
    LetterKind.CARD: (
        _("It is free. A card holds about ten lines."),
        _("One person here reads it once. Your own State may read it too."),
        _("Do not write where you are. Such words are made black."),
    ),
    LetterKind.MESSAGE: (
        _("It is free. It holds about 30 lines, with family news only."),
        _("An empty sheet for the answer goes with it."),
        _("One person here reads it once. Your own State may read it too."),
        _("Do not write where you are. Such words are made black."),
    ),
    LetterKind.CAPTURE_CARD: (
        _("It says your name, your date of birth, your rank and number, and how you are."),
        _("It goes to the Central Tracing Agency at once. Nobody holds it back."),
        _("If you name somebody, a second one goes to that person."),
    ),
}


class LetterForm(IdempotentForm):
    name = Line(label=_("To whom"))
    address = Line(label=_("Address, or telephone number"))
    language = forms.ChoiceField(
        label=_("In which language do you write?"),
        help_text=_("Any language is possible."),
        choices=list(LANGUAGES.items()),
        required=False,
    )
    text = forms.CharField(
        label=_("Your words"),
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off"}),
        required=False,
    )

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class CaptureCardForm(IdempotentForm):
    health = forms.ChoiceField(
        label=_("How you are"),
        choices=[(each.value, HEALTH_NAMES[each]) for each in Health],
        widget=Radios,
        error_messages={"required": _("Please choose an answer.")},
    )
    name = Line(label=_("To whom else, if you like"))
    address = Line(label=_("Address, or telephone number"))


@captive()
def letters(request: CaptiveRequest) -> HttpResponse:
    """What he wrote and what came to him, the newest first."""
    touch(request.sitting)
    rows = Letter.objects.visible_to(request.sitting).select_related("key").order_by("-written_at")
    context = {
        "came": [shown(one, "self_") for one in rows.filter(direction=Direction.TO_HIM)],
        "written": [_written(one) for one in rows.filter(direction=Direction.FROM_HIM)],
        "kinds": [(HEADINGS[kind], reverse("tablet:write", args=[step])) for step, kind in
                  KINDS.items()],
        "without_news": is_without_news(request.sitting, timezone.now()),
        "back_url": reverse("tablet:allowed"),
        "stop_url": reverse("tablet:end"),
    }  # fmt: skip
    return render(request, "tablet/letters.html", context)


def _written(letter: Letter) -> dict[str, Any]:
    held = letter.state == LetterState.HELD  # of one that goes on the reason is kept, not told
    return {
        "letter": shown(letter, "self_"),
        "kind": KIND_NAMES[LetterKind(letter.kind)],
        "state": STATE_NAMES[LetterState(letter.state)],
        "why": HOLD_REASONS[HoldReason(letter.hold_reason)] if held else "",
    }


@captive(methods=("GET", "POST"))
@once
def write(request: CaptiveRequest, step: str) -> HttpResponse:
    """A new letter, card or capture card."""
    touch(request.sitting)
    kind = KINDS.get(step)
    if kind is None:
        raise Http404
    form = _form_of(request, kind)
    if request.method == "POST" and form.is_valid():
        try:
            letter = _keep(request, kind, form.cleaned_data)
            return see_other("tablet:letter", letter.pk)
        except Refused as refused:
            show_on(form, refused)
    context = {
        "form": form,
        "heading": HEADINGS[kind],
        "lead": LEADS[kind],
        "back_url": reverse("tablet:letters"),
        "stop_url": reverse("tablet:end"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tablet/write.html", context, status=status)


def _form_of(request: CaptiveRequest, kind: LetterKind) -> CaptureCardForm | LetterForm:
    sent = request.POST if request.method == "POST" else None
    if kind == LetterKind.CAPTURE_CARD:
        return CaptureCardForm(sent)
    return LetterForm(sent, initial={"language": request.sitting.language})


def _keep(request: CaptiveRequest, kind: LetterKind, given: dict[str, Any]) -> Letter:
    to = Addressee(given["name"], given["address"])
    if kind == LetterKind.CAPTURE_CARD:
        health = Health(given["health"])
        return actions.write_capture_card(health=health, to=to, by=request.sitting)
    return actions.write_from_him(
        kind=kind, to=to, text=given["text"], language=given["language"], by=request.sitting
    )


@captive()
def letter(request: CaptiveRequest, letter_id: Any) -> HttpResponse:
    """One of his, or one that came to him: opened, it is delivered."""
    touch(request.sitting)
    rows = Letter.objects.visible_to(request.sitting).select_related("key")
    one = get_object_or_404(rows, pk=letter_id)
    context: dict[str, Any] = {
        "back_url": reverse("tablet:letters"),
        "stop_url": reverse("tablet:end"),
        **_written(one),
    }
    if one.direction == Direction.TO_HIM:
        copy = actions.read_letter(letter=one, by=request.sitting)
        sides = sorted(picture.side for picture in copy.pictures.all())
        context |= {"came": True, "text": copy.text, "blacked_out": copy.blacked_out}
    else:
        health = one.content.get("health")
        context |= {
            "text": one.content.get("text", ""),
            "health": HEALTH_NAMES[Health(health)] if health else "",
            "form": IdempotentForm() if one.state in ON_ITS_WAY else None,
        }
        sides = sorted(scan.side for scan in one.scans.all() if scan.side)
    context["sides"] = sides
    return render(request, "tablet/letter.html", context)


@captive()
def letter_side(request: CaptiveRequest, letter_id: Any, number: int) -> HttpResponse:
    """One side of a letter by hand: of his own as it came, of one to him as it goes on."""
    touch(request.sitting)
    rows = Letter.objects.visible_to(request.sitting)
    one = get_object_or_404(rows, pk=letter_id)
    picture = actions.picture_for_him(letter=one, side=number)
    if picture is None:
        raise Http404
    return to_read(picture, "side.jpg", "image/jpeg")


@captive(methods=("POST",), form_at="tablet:letter")
@once
def take_back(request: CaptiveRequest, letter_id: Any) -> HttpResponse:
    """He does not want it sent after all."""
    touch(request.sitting)
    rows = Letter.objects.visible_to(request.sitting).filter(direction=Direction.FROM_HIM)
    one = get_object_or_404(rows.select_related("key"), pk=letter_id)
    refusals = press(request, lambda: actions.take_back(letter=one, by=request.sitting))
    if not refusals:
        return see_other("tablet:letters")
    context = {"refusals": refusals, "back_url": reverse("tablet:letters"),
               "stop_url": reverse("tablet:end"), **_written(one),
               "text": one.content.get("text", "")}  # fmt: skip
    return render(request, "tablet/letter.html", context, status=422)


setattr(write, "steps", tuple(KINDS))
urlpatterns = [
    path("letters/", letters, name="letters"),
    path("letters/new/<str:step>/", write, name="write"),
    path("letters/<uuid:letter_id>/", letter, name="letter"),
    path("letters/<uuid:letter_id>/<int:number>/", letter_side, name="letter_side"),
    path("letters/<uuid:letter_id>/take-back/", take_back, name="letter_take_back"),
]
