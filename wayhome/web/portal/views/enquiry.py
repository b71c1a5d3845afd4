"""Asking: one question a page, then the PINs, then the code in words."""

from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wayhome.bureau.enquiries.actions import hash_pin, is_pin, keep_in_draft, make_enquiry
from wayhome.bureau.enquiries.models import Draft
from wayhome.lib.codes import encode
from wayhome.web.access import public
from wayhome.web.once import once, see_other
from wayhome.web.portal import drafts, limits
from wayhome.web.portal.forms import CheckForm, PinForm, SecondPinForm, StepForm, WrittenForm
from wayhome.web.portal.questions import (
    BY_SLUG,
    QUESTIONS,
    Answers,
    Question,
    applying,
    before,
    left_off_at,
    missing,
    next_after,
    particulars,
    rows,
)

UNPROCESSABLE = 422
TOO_MANY = 429
MADE = "made"  # the key in the draft once the enquiry is stored


def address_of(question: Question | None) -> str:
    if question is None:
        return reverse("portal:ask_check")
    return reverse("portal:ask", args=[question.slug])


@public()
def go_on(request: HttpRequest) -> HttpResponse:
    """Where she left off: the first page that has no answer yet."""
    answers = drafts.answers_of(request)
    if MADE in answers:
        return see_other("portal:ask_code")
    return see_other(address_of(left_off_at(answers)))


@public(methods=("GET", "POST"))
def ask(request: HttpRequest, step: str) -> HttpResponse:
    """One question."""
    question = BY_SLUG.get(step)
    if question is None:
        raise Http404
    answers = drafts.answers_of(request)
    if MADE in answers:
        return see_other("portal:ask_code")
    if not question.applies(answers):
        return see_other("portal:ask_go_on")
    form = question.form(sent(request), initial=answers.get(step))
    if form.is_valid() and _may_begin(request, form, answers):
        drafts.keep(request, step, form.answers())
        return see_other(_onward(request, question, {**answers, step: form.answers()}))
    return _page(request, question, form, answers)


ask.steps = tuple(question.slug for question in QUESTIONS)  # type: ignore[attr-defined]


def _may_begin(request: HttpRequest, form: StepForm, answers: Answers) -> bool:
    """Whether this address has not begun too often; the first answer is counted."""
    if answers:
        return True
    if limits.is_reached(request, limits.BEGUN):
        form.add_error(None, _("Too many enquiries came from here. Please try again in an hour."))
        return False
    limits.count(request, limits.BEGUN)
    return True


def _onward(request: HttpRequest, question: Question, answers: Answers) -> str:
    if "change" in request.GET:
        left = missing(answers)
        return f"{address_of(left)}?change=1" if left else address_of(None)
    return address_of(next_after(question, answers))


def _page(
    request: HttpRequest, question: Question, form: StepForm, answers: Answers
) -> HttpResponse:
    changing = "change" in request.GET
    back = before(question, answers)
    context = {
        "form": form,
        "question_heading": question.heading,
        "lead": question.lead,
        "note": question.note,
        "back_url": address_of(None) if changing else _back_to(back),
        "skip_url": _onward(request, question, answers) if question.skip else "",
    }
    return answer_page(request, question.template, context)


def _back_to(question: Question | None) -> str:
    return address_of(question) if question else reverse("portal:start")


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, were it nothing at all; None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def answer_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page; with status 422 if something that was sent needs attention."""
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, template, context, status=status)


@public(methods=("GET", "POST"), form_at="portal:come_back")
def check(request: HttpRequest) -> HttpResponse:
    """Check your answers before sending."""
    answers = drafts.answers_of(request)
    if MADE in answers:
        return see_other("portal:ask_code")
    form = CheckForm(sent(request))
    left = missing(answers)
    if form.is_valid():
        return see_other(address_of(left) if left else "portal:ask_pin")
    if left and request.method == "GET":
        return see_other(address_of(left))
    context = {
        "form": form,
        "rows": rows(applying(answers), answers, lambda q: f"{address_of(q)}?change=1"),
        "back_url": address_of(applying(answers)[-1]),
    }
    return answer_page(request, "portal/ask/check.html", context)


@public(methods=("GET", "POST"))
def pin(request: HttpRequest) -> HttpResponse:
    """A PIN of her own."""
    answers = drafts.answers_of(request)
    if MADE in answers:
        return see_other("portal:ask_code")
    form = PinForm(sent(request))
    if form.is_valid() and not answers:
        return see_other(address_of(QUESTIONS[0]))
    if form.is_valid():
        drafts.keep(request, "pin", hash_pin(form.cleaned_data["pin"]))
        return see_other("portal:ask_second_pin")
    context = {"form": form, "back_url": address_of(None)}
    return answer_page(request, "portal/ask/pin.html", context)


@public(methods=("GET", "POST"))
@once
def second_pin(request: HttpRequest) -> HttpResponse:
    """The second PIN, offered to all; with it, or without, the enquiry is sent."""
    form = SecondPinForm(sent(request))
    if request.method == "GET" and MADE in drafts.answers_of(request):
        return see_other("portal:ask_code")
    if form.is_valid():
        if limits.is_reached(request, limits.NEW_ENQUIRIES):
            form.add_error(
                None, _("Too many enquiries came from here. Please try again in an hour.")
            )
            return _second_pin_page(request, form, status=TOO_MANY)
        if sent_to := _send(request, form):
            return see_other(sent_to)
    return _second_pin_page(request, form, status=UNPROCESSABLE if form.is_bound else 200)


def _second_pin_page(request: HttpRequest, form: SecondPinForm, *, status: int) -> HttpResponse:
    context = {"form": form, "back_url": reverse("portal:ask_pin")}
    return render(request, "portal/ask/second_pin.html", context, status=status)


@transaction.atomic
def _send(request: HttpRequest, form: SecondPinForm) -> str:
    """Store the enquiry of this draft, once however often it is sent. Empty if refused."""
    draft = drafts.locked(request)
    answers = draft.answers if draft else {}
    if MADE in answers:
        return reverse("portal:ask_code")
    if draft is None or (left := missing(answers)):
        return address_of(left if draft else QUESTIONS[0])
    if "pin" not in answers:
        return reverse("portal:ask_pin")
    second = form.cleaned_data["second"]
    if second and is_pin(second, answers["pin"]):
        form.add_error("second", _("The second PIN must not be the same as the first."))
        return ""
    limits.count(request, limits.NEW_ENQUIRIES)
    _store(draft, answers, second)
    return reverse("portal:ask_code")


def _store(draft: Draft, answers: Answers, second: str) -> None:
    made = make_enquiry(
        particulars=particulars(
            answers,
            language=(get_language() or "uk")[:2],
            pin_hash=answers["pin"],
            second_pin_hash=hash_pin(second),
        ),
        by=None,
    )
    # Only the code stays, sealed, until she says that she wrote it down.
    kept = {"code": str(made.code), "at": timezone.localdate().isoformat()}
    keep_in_draft(draft=draft, answers={MADE: kept}, instead=True)


def _words(answers: Answers) -> list[str]:
    return encode(int(answers[MADE]["code"]), (get_language() or "uk")[:2])


@public(methods=("GET", "POST"), form_at="portal:come_back")
def code(request: HttpRequest) -> HttpResponse:
    """Her code in words, again and again until she says that she wrote it down."""
    answers = drafts.answers_of(request)
    form = WrittenForm(sent(request))
    if form.is_valid():
        drafts.drop(request)
        return see_other("portal:ask_done")
    if MADE not in answers:
        if request.method == "POST":
            return render(request, "portal/ask/no_code.html", {"form": form}, status=UNPROCESSABLE)
        return see_other("portal:come_back")
    context = {"form": form, "words": _words(answers)}
    return answer_page(request, "portal/ask/code.html", context)


@public()
def receipt(request: HttpRequest) -> HttpResponse:
    """A sheet to print: her words, the day, what happens, and who will never call."""
    answers = drafts.answers_of(request)
    if MADE not in answers:
        return see_other("portal:come_back")
    context = {
        "words": _words(answers),
        "received_on": date.fromisoformat(answers[MADE]["at"]),
        "back_url": reverse("portal:ask_code"),
    }
    return render(request, "portal/ask/receipt.html", context)


@public()
def done(request: HttpRequest) -> HttpResponse:
    """After the words are on paper."""
    return render(request, "portal/ask/done.html")


urlpatterns = [
    path("ask/", go_on, name="ask_go_on"),
    path("ask/check/", check, name="ask_check"),
    path("ask/pin/", pin, name="ask_pin"),
    path("ask/second-pin/", second_pin, name="ask_second_pin"),
    path("ask/code/", code, name="ask_code"),
    path("ask/receipt/", receipt, name="ask_receipt"),
    path("ask/done/", done, name="ask_done"),
    path("ask/<str:step>/", ask, name="ask"),
]
