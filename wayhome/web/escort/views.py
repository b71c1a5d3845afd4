"""The page of an escort's phone: a shell with nobody in it; the day; what the phone tells."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from wayhome.bureau.journeys.convoy_day import day_of
from wayhome.bureau.journeys.phones import is_to_wipe, keep_events, load_day, note_knock
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, Refused
from wayhome.web.access import PhoneRequest, StaffRequest, allowed, escorts_phone, public
from wayhome.web.escort.forms import KnockForm, LoadForm, TellForm
from wayhome.web.escort.shells import Shell, may_stay, told_why, worker_of
from wayhome.web.escort.words import words

MEET = Permission.MEET_FAMILY
CAMERA = "camera=(self), microphone=(), geolocation=(), interest-cohort=()"
# All that the page needs without a network. None of it tells of anybody.
SHELL = Shell("day", "escort:page", (
    "wayhome/portal.css",
    "wayhome/escort/page.css",
    "wayhome/escort/page.js",
    "wayhome/escort/shell.js",
    "wayhome/escort/store.js",
    "wayhome/escort/vault.js",
    "wayhome/escort/passes.js",
    "wayhome/escort/reading.js",
    "wayhome/escort/icon-192.png",
    "wayhome/escort/icon-512.png",
    "wayhome/vendor/noble-ed25519/index.js",
    "wayhome/vendor/qr/index.js",
    "wayhome/vendor/qr/decode.js",
))  # fmt: skip
INCOMPLETE = Refusal(
    "convoy.incomplete", gettext_lazy("Open the page of the day, and load it there.")
)


@allowed(MEET, methods=("GET",))
def page(request: StaffRequest) -> HttpResponse:
    """The shell: whoever finds it on a phone finds nobody in it."""
    told = json.dumps(words(), ensure_ascii=False)
    response = render(request, "escort/page.html", {"words": told})
    response.headers["Permissions-Policy"] = CAMERA
    return may_stay(response)


@allowed(MEET, methods=("POST",), form_at="escort:page")
def load(request: StaffRequest) -> HttpResponse:
    """Today's families, for a phone of the escort who is signed in."""
    form = LoadForm(request.POST)
    if not form.is_valid():
        return told_why(request, INCOMPLETE)
    try:
        phone = load_day(**form.cleaned_data, by=request.user)
    except Refused as refused:
        return told_why(request, *refused.refusals)
    return JsonResponse({"day": day_of(phone, _language())})


@escorts_phone(form_at="escort:page")
@csrf_exempt  # no cookie counts here: a page of another site has no secret to show
def tell(request: PhoneRequest) -> HttpResponse:
    """What the phone noted, and the day as it is now."""
    form = TellForm(request.POST)
    if request.phone is None or request.knocks or not form.is_valid():
        return told_why(request, INCOMPLETE)
    try:
        complete = keep_events(phone=request.phone, told=form.cleaned_data["events"])
    except Refused as refused:
        return told_why(request, *refused.refusals)
    wipe = is_to_wipe(request.phone)
    day = None if wipe else day_of(request.phone, _language())
    return JsonResponse({"complete": complete, "wipe": wipe, "day": day})


@escorts_phone(form_at="escort:page")
@csrf_exempt
def knock(request: PhoneRequest) -> HttpResponse:
    """A locked phone asks whether it is to be wiped, or says that it was."""
    form = KnockForm(request.POST)
    if request.phone is None or not form.is_valid():
        return told_why(request, INCOMPLETE)
    return JsonResponse({"wipe": note_knock(phone=request.phone, **form.cleaned_data)})


def _language() -> str:
    return get_language() or "uk"


@public()
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: it keeps the shell, and nothing else."""
    return worker_of(request, SHELL)


@public()
def manifest(request: HttpRequest) -> HttpResponse:
    """What it is called among the programs of the phone: nothing that tells of us."""
    name = _("Today")
    icons = [
        {"src": static(f"wayhome/escort/icon-{size}.png"), "sizes": f"{size}x{size}",
         "type": "image/png", "purpose": "any"}
        for size in (192, 512)
    ]  # fmt: skip
    told = {
        "id": reverse("escort:page"),
        "start_url": reverse("escort:page"),
        "scope": reverse("escort:page"),
        "name": name,
        "short_name": name,
        "lang": _language(),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#17555c",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")
