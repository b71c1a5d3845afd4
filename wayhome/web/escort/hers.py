"""Her own page for one day: a shell with nobody in it; the sheet, once, to whoever has the number.

No session and no cookie counts at these addresses: what counts is the number that the escort gave,
and the secret that the phone made. A page of another site has neither.
"""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from wayhome.bureau.journeys.her_phone import answer_knock, document_of, take_pass
from wayhome.bureau.journeys.rules.passes import why_not_take
from wayhome.lib.refusal import Refusal, Refused, refuse_if
from wayhome.web import limits
from wayhome.web.access import public
from wayhome.web.escort.forms import HerKnockForm, TakeForm
from wayhome.web.escort.shells import Shell, may_stay, told_why, worker_of
from wayhome.web.escort.words import her_words

TOO_MANY = 429
WRONG_NUMBERS = limits.Limit("pass", a_session=20, an_address=60, seconds=900)
WAIT = Refusal("pass.tries", _("Too many tries. Please wait for a quarter of an hour."))
UNREADABLE = Refusal("pass.unreadable", _("This cannot be read."))
SHELL = Shell("pass", "hers:page", (
    "wayhome/portal.css",
    "wayhome/escort/page.css",
    "wayhome/escort/hers.js",
    "wayhome/escort/shell.js",
    "wayhome/escort/store.js",
    "wayhome/escort/vault.js",
    "wayhome/vendor/qr/index.js",
))  # fmt: skip


@public()
def page(request: HttpRequest) -> HttpResponse:
    """The shell: it says the same to everybody, and names no journey."""
    told = json.dumps(her_words(), ensure_ascii=False)
    return may_stay(render(request, "escort/hers.html", {"words": told}))


@public(methods=("POST",), form_at="hers:page")
@csrf_exempt
def take(request: HttpRequest) -> HttpResponse:
    """The sheet and the pass, to the first phone that shows the number."""
    if limits.is_reached(request, WRONG_NUMBERS):
        return told_why(request, WAIT, status=TOO_MANY)
    form = TakeForm(request.POST)
    try:
        if not form.is_valid():
            refuse_if(why_not_take(holds=False))
        sheet = document_of(take_pass(**form.cleaned_data))
    except Refused as refused:
        limits.count(request, WRONG_NUMBERS)
        return told_why(request, *refused.refusals)
    return JsonResponse({"sheet": sheet})


@public(methods=("POST",), form_at="hers:page")
@csrf_exempt
def knock(request: HttpRequest) -> HttpResponse:
    """A phone asks whether it is to be deleted, or says that it was."""
    form = HerKnockForm(request.POST)
    if not form.is_valid():
        return told_why(request, UNREADABLE)
    return JsonResponse({"wipe": answer_knock(**form.cleaned_data)})


@public()
def worker(request: HttpRequest) -> HttpResponse:
    return worker_of(request, SHELL)
