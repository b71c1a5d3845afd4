"""A letter a year: its text, approved by a second; whom to call and read it out; who wants one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.yearly import actions
from wayhome.bureau.yearly.models import YearlyLetter, YearlyText, YearlyWish
from wayhome.bureau.yearly.rules import LANGUAGES
from wayhome.lib.numbers import parse
from wayhome.lib.refusal import Refusal, Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.yearly import WishForm, YearlyTextForm
from wayhome.web.console.listing import page_of
from wayhome.web.console.views.custody import show_on
from wayhome.web.console.wording_enquiries import LANGUAGES as LANGUAGE_NAMES
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other

TELL = Permission.TELL_FAMILY
NO_SUCH = Refusal("enquiry.no_number", _("No enquiry has this number."), field="number")


@allowed(TELL, methods=("GET",))
def yearly(request: StaffRequest) -> HttpResponse:
    """Whom to call, the text in use, those that wait for a second person."""
    return _page(request)


def _page(request: StaffRequest, **more: Any) -> HttpResponse:
    texts = YearlyText.objects.visible_to(request.user).select_related("written_by", "approved_by")
    in_use = texts.in_use()
    page = page_of(request, actions.to_call())
    context = {
        "page": page,
        "letters": [
            {"letter": shown(one, "contact"), "number": one.enquiry.bureau_number}
            for one in page.object_list
        ],
        "in_use": _text(in_use, request) if in_use else None,
        "waiting": [_text(one, request) for one in texts.filter(approved_at=None)],
        "wishes": YearlyWish.objects.count(),
        "press": IdempotentForm(auto_id=False),
    }
    status = 422 if more else 200
    return render(request, "console/yearly/yearly.html", {**context, **more}, status=status)


def _text(one: YearlyText, request: StaffRequest) -> dict[str, Any]:
    return {
        "text": shown(one, "contact"),
        "parts": [
            {"language": LANGUAGE_NAMES[code], "code": code, "says": one.texts.get(code, "")}
            for code in LANGUAGES
        ],
        "own": one.written_by_id == request.user.pk,
    }


@allowed(TELL)
@once
def yearly_text_new(request: StaffRequest) -> HttpResponse:
    """Write the text in every language; words that no family reads are refused at the field."""
    form = YearlyTextForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_text(texts=form.texts(), by=request.user)
            return see_other("console:yearly")
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, "console/yearly/text.html", {"form": form}, status=status)


@allowed(TELL, methods=("POST",), form_at="console:yearly")
@once
def yearly_text_approve(request: StaffRequest, yearly_text_id: Any) -> HttpResponse:
    """A second person has read it in every language."""
    text = get_object_or_404(YearlyText.objects.visible_to(request.user), pk=yearly_text_id)
    refusals = press(request, lambda: actions.approve_text(text=text, by=request.user))
    return _page(request, refusals=refusals) if refusals else see_other("console:yearly")


@allowed(TELL)
@once
def yearly_letter(request: StaffRequest, yearly_letter_id: Any) -> HttpResponse:
    """Her number and hours, the letter in her language, and that it was read out."""
    rows = YearlyLetter.objects.visible_to(request.user)
    joined = rows.select_related("enquiry__enquirer__key", "text")
    letter = get_object_or_404(joined, pk=yearly_letter_id)
    refusals: list[Any] = []
    if request.method == "POST":
        refusals = press(request, lambda: actions.note_read_out(letter=letter, by=request.user))
        if not refusals:
            return see_other("console:yearly")
    else:
        number = letter.enquiry.bureau_number
        journal.looked(subject=letter, by=request.user, person=number, purpose="yearly letter")
    enquirer = letter.enquiry.enquirer
    contact = enquirer.contact or {}  # nothing is left once the key is destroyed
    context = {
        "letter": shown(letter, "contact"),
        "number": letter.enquiry.bureau_number,
        "to": contact.get("to", ""),
        "hours": contact.get("hours", ""),
        "code_word": contact.get("code_word", ""),
        "language": enquirer.language,
        "says": letter.said_in(enquirer.language),
        "form": IdempotentForm(),
        "refusals": refusals,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/yearly/letter.html", context, status=status)


@allowed(TELL)
@once
def yearly_wish(request: StaffRequest) -> HttpResponse:
    """Write down what she said of it."""
    form = WishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _say(request, form)
            return see_other("console:yearly")
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, "console/yearly/wish.html", {"form": form}, status=status)


def _say(request: StaffRequest, form: WishForm) -> None:
    number = parse(form.cleaned_data["number"])
    rows = Enquiry.objects.visible_to(request.user).exclude(state=EnquiryState.FORGOTTEN)
    enquiry = rows.filter(bureau_number=str(number or "")).select_related("enquirer").first()
    if enquiry is None:
        raise Refused(NO_SUCH)
    wanted = form.cleaned_data["wanted"] == "yes"
    actions.say_wish(enquiry=enquiry, wanted=wanted, by=request.user)


urlpatterns = [
    path("yearly/", yearly, name="yearly"),
    path("yearly/text/", yearly_text_new, name="yearly_text_new"),
    path("yearly/text/<uuid:yearly_text_id>/", yearly_text_approve, name="yearly_text_approve"),
    path("yearly/letters/<uuid:yearly_letter_id>/", yearly_letter, name="yearly_letter"),
    path("yearly/wish/", yearly_wish, name="yearly_wish"),
]
