"""Letters to be read, each once; and those that wait to be given to the post."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.contact import actions
from wayhome.bureau.contact.models import Letter, LetterQuerySet, Scan
from wayhome.bureau.contact.printing import sheet_of
from wayhome.bureau.contact.rules import (
    HOLD_REASONS,
    KIND_NAMES,
    REVIEW_WITHIN,
    SIDES,
    STATE_NAMES,
    UNREAD_AT_MOST,
    Box,
    Direction,
    HoldReason,
    LetterKind,
    LetterState,
    passages_of,
    read_boxes,
)
from wayhome.bureau.contact.sheets import goes_on
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.search import captives_named
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.languages import LANGUAGE_NAMES, LANGUAGES
from wayhome.lib.refusal import Refusal, Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.console.views.paper import picture_facts
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other
from wayhome.web.papers import to_read

PASS, HOLD, LANGUAGE = "pass", "hold", "language"
ANY_LANGUAGE = "any"
GONE = Refusal(
    "letter.gone",
    _("This letter was taken back, or is not allowed any more. Nothing was done with it."),
)
OPEN = (LetterState.TO_REVIEW, LetterState.HELD)


class ReviewForm(IdempotentForm):
    """Which passages are made black; or why, and until when, the letter is held back."""

    what = forms.ChoiceField(
        choices=[(each, each) for each in (PASS, HOLD, LANGUAGE)],
        widget=forms.HiddenInput,
        error_messages={"required": _("Pass it on, or hold it back.")},
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", "–"), *((each.value, HOLD_REASONS[each]) for each in HoldReason)],
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", "–"), *LANGUAGES.items()], required=False
    )
    # How many sides its page showed; none is said of a page that shows none.
    sides = forms.IntegerField(widget=forms.HiddenInput, required=False)
    until = forms.DateField(
        label=_("Held until"),
        widget=forms.DateInput({"type": "date", "class": "govuk-input--width-10"}),
        required=False,
        error_messages={"invalid": _("Please give a day, such as 2022-05-03.")},
    )

    def __init__(self, *args: Any, passages: list[str], sides: list[Scan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(place), passage) for place, passage in enumerate(passages)]
        self.fields["black"] = forms.MultipleChoiceField(choices=places, required=False)
        for scan in sides:
            self.fields[boxes_of(scan)] = BoxesField(label=_("Parts of this picture made black"))


class BoxesField(forms.CharField):
    """Rectangles of a picture: drawn with the pointer, or typed, one a line."""

    widget = forms.Textarea

    def __init__(self, **more: Any) -> None:
        super().__init__(
            required=False,
            help_text=_(
                "Draw on the picture, or write one part a line: "
                "left, top, right and bottom in percent."
            ),
            **more,
        )
        self.widget.attrs |= {"rows": 3, "class": "govuk-input--width-20", "spellcheck": "false"}

    def clean(self, value: Any) -> list[Box]:
        boxes = read_boxes(super().clean(value))
        if boxes is None:
            raise forms.ValidationError(
                _("Write four numbers a line, such as 10 20 60 25: left, top, right, bottom.")
            )
        return boxes


def boxes_of(scan: Scan) -> str:
    """The field for what is made black in a side."""
    return f"boxes_{scan.pk.hex}"


@allowed(Permission.REVIEW_LETTER, methods=("GET",))
def letters(request: StaffRequest) -> HttpResponse:
    """What waits to be read, the longest first."""
    return render(request, "console/letters/letters.html", _listed(request))


def _listed(request: StaffRequest) -> dict[str, Any]:
    rows = Letter.objects.visible_to(request.user)
    state = asked(request, "state")
    rows = rows.filter(state=state) if state in set(LetterState) else rows.filter(state__in=OPEN)
    rows = _in_language(rows, request)
    page = page_of(request, sorted_by(request, rows, {"since": "waits_since"}, "since"))
    return {
        "page": page,
        "rows": [
            {
                "letter": shown(one, "review"),
                "kind": KIND_NAMES[LetterKind(one.kind)],
                "state_name": STATE_NAMES[LetterState(one.state)],
                "late": _waits_longer(one, REVIEW_WITHIN),
                "unread": _waits_longer(one, UNREAD_AT_MOST),
            }
            for one in page.object_list
        ],
        "states": [(each.value, STATE_NAMES[each]) for each in LetterState if each in _SEEN],
        "languages": list(LANGUAGES.items()),
        "choices": [
            *([(ANY_LANGUAGE, _("Every language"))] if request.user.reads else []),
            *LANGUAGES.items(),
        ],
        "reads": _named(request.user.reads.split()),
    }


def _in_language(rows: LetterQuerySet, request: StaffRequest) -> LetterQuerySet:
    """In the language that was asked for, or in those that this person reads."""
    language = asked(request, "language")
    if language in LANGUAGES:
        return rows.filter(language=language)
    return rows if language else rows.for_reader(request.user, timezone.now())


def _named(codes: list[str]) -> str:
    return ", ".join(str(LANGUAGE_NAMES[code]) for code in codes if code in LANGUAGE_NAMES)


def _waits_longer(letter: Letter, than: timedelta) -> bool:
    since = letter.waits_since
    return letter.state in OPEN and since is not None and timezone.now() - since > than


_SEEN = frozenset({*OPEN, LetterState.PASSED, LetterState.DELIVERED})


@allowed(Permission.REVIEW_LETTER)
@once
def review(request: StaffRequest, letter_id: Any) -> HttpResponse:
    """One letter: read it, make passages black, pass it on or hold it back."""
    one = _one(request, letter_id)
    if one is None:
        context = {**_listed(request), "refusals": [GONE]}
        return render(request, "console/letters/letters.html", context, status=422)
    passages = passages_of(one.content.get("text", ""))
    sides = list(one.scans.order_by("side"))
    form = ReviewForm(request.POST or None, passages=passages, sides=sides)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, one, sides, form.cleaned_data)
            return see_other("console:letters")
        except Refused as refused:
            show_on(form, refused)
        except Letter.DoesNotExist:
            show_on(form, Refused(GONE))
    if request.method == "GET":
        person = (one.enquiry or one.captive).bureau_number  # type: ignore[union-attr]
        journal.looked(subject=one, by=request.user, person=person, purpose="letter read")
    tells = actions.passages_that_tell_a_place(one)
    black = set(request.POST.getlist("black"))
    context = {
        "letter": shown(one, "review"),
        "kind": KIND_NAMES[LetterKind(one.kind)],
        "state_name": STATE_NAMES[LetterState(one.state)],
        "may_decide": one.state in OPEN,
        "passages": [
            {"place": place, "text": text, "tells": place in tells, "black": str(place) in black}
            for place, text in enumerate(passages)
        ],
        "sides": [
            {"scan": shown(side, "review"), "field": form[boxes_of(side)], **picture_facts(side)}
            for side in sides
        ],
        "unread": _waits_longer(one, UNREAD_AT_MOST),
        "was_held": one.state == LetterState.TO_REVIEW and one.held_until is not None,
        "side_missing": one.by_hand and len(sides) < SIDES[LetterKind(one.kind)],
        "why": HOLD_REASONS[HoldReason(one.hold_reason)] if one.hold_reason else "",
        "language_name": LANGUAGES.get(one.language, one.language),
        "not_theirs": bool(request.user.reads) and one.language not in request.user.reads.split(),
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/letters/letter.html", context, status=status)


def _one(request: StaffRequest, letter_id: Any) -> Letter | None:
    """The letter; None of one that was taken back, or forbidden, since its page was opened."""
    rows = Letter.objects.visible_to(request.user).select_related("key", "captive", "enquiry")
    if request.method == "POST":
        return rows.filter(pk=letter_id).first()
    return get_object_or_404(rows, pk=letter_id)


def _decide(
    request: StaffRequest, letter: Letter, sides: list[Scan], given: dict[str, Any]
) -> None:
    if given["what"] == PASS:
        black = frozenset(map(int, given["black"]))
        boxes = {side.pk: given[boxes_of(side)] for side in sides}
        actions.pass_letter(
            letter=letter, black_out=black, boxes=boxes, sides=given["sides"], by=request.user
        )
    elif given["what"] == LANGUAGE:
        actions.note_language(letter=letter, language=given["language"], by=request.user)
    else:
        actions.hold_letter(
            letter=letter, reason=given["reason"], until=given["until"], by=request.user
        )


@allowed(Permission.SEND_LETTER, methods=("GET",))
def letters_to_send(request: StaffRequest) -> HttpResponse:
    """What is on its way: to be printed and given to the post or the Central Tracing Agency."""
    return render(request, "console/letters/to_send.html", _to_send(request))


def _to_send(request: StaffRequest) -> dict[str, Any]:
    rows = Letter.objects.visible_to(request.user).select_related("captive")
    state = asked(request, "state") or LetterState.PASSED.value
    rows = rows.filter(state=state)
    if text := asked(request, "q"):
        rows = rows.filter(captive__in=captives_named(text, by=request.user))
    page = page_of(request, sorted_by(request, rows, {"written": "written_at"}, "written"))
    return {
        "page": page,
        "rows": [
            {
                "letter": shown(one, "send"),
                "kind": KIND_NAMES[LetterKind(one.kind)],
                "captive": shown(one.captive, "file") if one.captive else None,
                "to_him": one.direction == Direction.TO_HIM,
            }
            for one in page.object_list
        ],
        "sent": state == LetterState.DELIVERED,
        "delivered": LetterState.DELIVERED.value,
        "form": IdempotentForm(auto_id=False),
    }


@allowed(Permission.SEND_LETTER, methods=("GET",))
def letter_sheet(request: StaffRequest, letter_id: Any) -> HttpResponse:
    """The sheet to print, at its real size. Its name in a browser says nothing."""
    rows = Letter.objects.visible_to(request.user).select_related("captive__key", "key")
    one = get_object_or_404(rows, pk=letter_id)
    assert one.captive is not None, "what goes on has him at one end"
    journal.looked(
        subject=one, by=request.user, person=one.captive.bureau_number, purpose="letter printed"
    )
    on_sheets = one.by_hand or one.kind == LetterKind.MESSAGE
    return to_read(goes_on(one) if on_sheets else sheet_of(one), "sheet.pdf")


@allowed(Permission.SEND_LETTER, methods=("POST",), form_at="console:letters_to_send")
@once
def letter_sent(request: StaffRequest, letter_id: Any) -> HttpResponse:
    one = _one(request, letter_id)
    try:
        refusals = press(request, lambda: _send(request, one))
    except Letter.DoesNotExist:
        refusals = [GONE]
    if not refusals:
        return see_other("console:letters_to_send")
    context = {**_to_send(request), "refusals": refusals}
    return render(request, "console/letters/to_send.html", context, status=422)


def _send(request: StaffRequest, one: Letter | None) -> None:
    if one is None:
        raise Refused(GONE)
    actions.note_sent(letter=one, by=request.user)


urlpatterns = [
    path("letters/", letters, name="letters"),
    path("letters/to-send/", letters_to_send, name="letters_to_send"),
    path("letters/<uuid:letter_id>/", review, name="letter"),
    path("letters/<uuid:letter_id>/sheet/", letter_sheet, name="letter_sheet"),
    path("letters/<uuid:letter_id>/sent/", letter_sent, name="letter_sent"),
]
