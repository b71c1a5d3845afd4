"""The hotline: an enquiry written down for somebody, and the waiting text read to a caller.

Whoever works here sees no enquiry and no captive: only what they write, and one text for all.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.answers.models import Told
from wayhome.bureau.enquiries.actions import (
    add_for_caller,
    drop_draft,
    keep_in_draft,
    make_enquiry,
    open_draft,
    open_waiting_text,
)
from wayhome.bureau.enquiries.models import Draft, Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.codes import encode
from wayhome.lib.refusal import Refused
from wayhome.lib.spelling import spelled
from wayhome.web import waiting
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.enquiries import (
    AddForm,
    CallerForm,
    EnquiryForm,
    WrittenDownForm,
)
from wayhome.web.console.listing import asked
from wayhome.web.console.wording_enquiries import LANGUAGES
from wayhome.web.limits import Limit, count, is_reached
from wayhome.web.once import once, see_other

ENTER, READ = Permission.ENTER_ENQUIRY, Permission.READ_WAITING_TEXT
UNPROCESSABLE, TOO_MANY = 422, 429
# In the session: drafts with words that were not read yet, and the caller's text that is open.
UNREAD, OPEN = "words_to_read", "waiting_text"
OPEN_FOR = timedelta(minutes=15)
WRONG_WORDS = Limit("spoken", a_session=10, an_address=60, a_target=5, seconds=900)


def family_language(request: StaffRequest) -> str:
    """In which language the family is spoken with: chosen on the page, else the page's own."""
    wanted = request.POST.get("language") or asked(request, "family") or request.LANGUAGE_CODE
    return wanted[:2] if wanted[:2] in LANGUAGES else "uk"


@allowed(ENTER)
@once
def new(request: StaffRequest) -> HttpResponse:
    """Write down an enquiry: one screen, with what is read aloud beside it."""
    language = family_language(request)
    posted = request.POST if request.method == "POST" else None
    form = EnquiryForm(posted, initial={"language": language})
    if posted is not None and form.is_valid():
        try:
            _make(request, form)
            return see_other("console:enquiry_words")
        except Refused as refused:
            for refusal in refused.refusals:
                form.refuse(refusal)
    context = {
        "form": form,
        "said": _in(language, waiting.BEFORE),
        "spelling": spelled(language),
        "language": language,
        "languages": list(LANGUAGES.items()),
        "unread": len(request.session.get(UNREAD, [])),
    }
    status = 200 if posted is None else UNPROCESSABLE
    return render(request, "console/hotline/new.html", context, status=status)


def _in(language: str, texts: Any) -> list[str]:
    """Texts in the family's language, whatever the page's own is."""
    with translation.override(language):
        return [str(text) for text in texts]


@transaction.atomic
def _make(request: StaffRequest, form: EnquiryForm) -> None:
    """Store the enquiry; of the code only a sealed draft stays, until the words were read."""
    made = make_enquiry(particulars=form.particulars(), by=request.user)
    kept = {
        "code": str(made.code),
        "number": made.enquiry.bureau_number,
        "language": made.enquirer.language,
        "on": timezone.localdate(made.enquiry.received_at).isoformat(),
    }
    draft = keep_in_draft(draft=open_draft(), answers=kept)
    request.session[UNREAD] = [*request.session.get(UNREAD, []), str(draft.pk)]


def _unread(request: StaffRequest) -> Draft | None:
    """The first draft whose words were not read yet; those that are gone are left out."""
    for pk in list(request.session.get(UNREAD, [])):
        draft = Draft.objects.select_related("key").filter(pk=pk).first()
        if draft:
            return draft
        _forget(request, pk)
    return None


def _forget(request: StaffRequest, pk: str) -> None:
    request.session[UNREAD] = [one for one in request.session.get(UNREAD, []) if one != pk]


@allowed(ENTER)
def words(request: StaffRequest) -> HttpResponse:
    """The code in words, to be read aloud or printed; afterwards it is kept nowhere."""
    draft = _unread(request)
    form = WrittenDownForm(request.POST if request.method == "POST" else None)
    if draft is None:
        status = UNPROCESSABLE if request.method == "POST" else 200
        return render(request, "console/hotline/no_words.html", status=status)
    if request.method == "POST" and form.is_valid():
        drop_draft(draft=draft)
        _forget(request, str(draft.pk))
        return see_other("console:enquiry_words" if _unread(request) else "console:enquiry_new")
    language = draft.answers["language"]
    context = {
        "form": form,
        "words": encode(int(draft.answers["code"]), language),
        "number": draft.answers["number"],
        "said": _in(language, waiting.WITH_WORDS),
        "sheet": _in(language, waiting.ON_THE_SHEET),
        "language": language,
        "on": draft.answers["on"],
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "console/hotline/words.html", context, status=status)


@allowed(READ)
def caller(request: StaffRequest) -> HttpResponse:
    """Who calls again says a number, or the words, and the word that was agreed."""
    form = CallerForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            status = _open(request, form)
            if not status:
                return see_other("console:caller_text")
    return render(request, "console/hotline/caller.html", {"form": form}, status=status)


def _open(request: StaffRequest, form: CallerForm) -> int:
    """Open the text, or say why not: nothing tells a wrong word from an enquiry of nobody."""
    target = form.target()
    tried_at = str(target)
    if is_reached(request, WRONG_WORDS, tried_at):
        form.add_error(None, _("Too many tries. Please wait for a quarter of an hour."))
        return TOO_MANY
    enquiry = open_waiting_text(word=form.cleaned_data["spoken"], by=request.user, **target)
    if enquiry is None:
        count(request, WRONG_WORDS, tried_at)
        form.add_error(None, _("This number or these words, and this word, open nothing."))
        return UNPROCESSABLE
    request.session[OPEN] = {"enquiry": str(enquiry.pk), "at": timezone.now().isoformat()}
    return 0


@allowed(READ, methods=("GET",))
def caller_text(request: StaffRequest) -> HttpResponse:
    """What her own page says, to be read to her in her language; never a file."""
    enquiry = _opened(request)
    if enquiry is None:
        return see_other("console:caller")
    number = enquiry.bureau_number
    journal.looked(subject=enquiry, by=request.user, person=number, purpose="read to a caller")
    with translation.override(enquiry.enquirer.language):
        context = {
            "language": enquiry.enquirer.language,
            "said": [str(text) for text in (*_text_for(enquiry), *_also(enquiry))],
            "stages": [
                (str(what), date_format(on))
                for what, on in waiting.stages_of(enquiry.enquirer, enquiry)
            ],
        }
    return render(request, "console/hotline/caller_text.html", context)


@allowed(READ, form_at="console:caller")
@once
def caller_add(request: StaffRequest) -> HttpResponse:
    """What a caller adds to her enquiry, once her word has opened it; nothing of it is shown."""
    enquiry = _opened(request)
    if enquiry is None:
        return _not_opened(request)
    language = enquiry.enquirer.language
    form = AddForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_for_caller(
                enquiry=enquiry, sought=form.sought(), things=form.things(), by=request.user
            )
            messages.success(request, _("It is added to the enquiry of the caller."))
            return see_other("console:caller_text")
        except Refused as refused:
            for refusal in refused.refusals:
                form.refuse(refusal)
    context = {"form": form, "spelling": spelled(language), "language": language}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "console/hotline/caller_add.html", context, status=status)


def _not_opened(request: StaffRequest) -> HttpResponse:
    """Without a word of this call nothing is added."""
    if request.method != "POST":
        return see_other("console:caller")
    form = CallerForm({})
    form.add_error(None, _("The call was closed. Open what may be read once more."))
    return render(request, "console/hotline/caller.html", {"form": form}, status=UNPROCESSABLE)


def _opened(request: StaffRequest) -> Enquiry | None:
    kept = request.session.get(OPEN)
    if not kept or timezone.now() - datetime.fromisoformat(kept["at"]) > OPEN_FOR:
        request.session.pop(OPEN, None)
        return None
    rows = Enquiry.objects.exclude(state=EnquiryState.FORGOTTEN)
    return rows.select_related("key", "enquirer__key").filter(pk=kept["enquiry"]).first()


def _text_for(enquiry: Enquiry) -> Any:
    """The invitation, or that somebody talked with her; else the sentence of every family."""
    family = enquiry.enquirer
    if waiting.waits_for_a_talk(family, enquiry):
        return [waiting.INVITATION]
    if waiting.spoken_about_a_change(family, enquiry):
        return [waiting.TALKED_OF_A_CHANGE]
    if waiting.told_of_a_death(family, enquiry):
        return [waiting.TALKED]
    if Told.objects.visible_to(family).standing_for(enquiry):
        return [waiting.TALKED]
    return waiting.sentences(date_format(waiting.compared_on()))


def _also(enquiry: Enquiry) -> Any:
    """Where she seeks one of our own: what her page says of it, too."""
    return [waiting.FOR_AGENCY] if enquiry.state == EnquiryState.FOR_AGENCY else []


urlpatterns = [
    path("hotline/new/", new, name="enquiry_new"),
    path("hotline/words/", words, name="enquiry_words"),
    path("hotline/caller/", caller, name="caller"),
    path("hotline/caller/text/", caller_text, name="caller_text"),
    path("hotline/caller/add/", caller_add, name="caller_add"),
]
