"""The register: who is in the bureau's hands, his page, his card."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.actions import correct_card, register_captive
from wayhome.bureau.captives.models import Captive, CaptiveQuerySet
from wayhome.bureau.captives.queries import not_given_to_authority
from wayhome.bureau.captives.rules import IdentityState, Purpose
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.search import cards_named
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import captive_page
from wayhome.web.console.forms.captives import CorrectForm, PurposeForm, RegisterForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views import custody
from wayhome.web.console.views.custody import one, show_on
from wayhome.web.console.wording import IDENTITIES, PURPOSES, STATES
from wayhome.web.once import once, see_other

SEE, REGISTER, CORRECT = (
    Permission.SEE_CAPTIVE, Permission.REGISTER_CAPTIVE, Permission.CORRECT_CARD,
)  # fmt: skip
COLUMNS = {"number": "bureau_number", "registered": "registered_at", "state": "custody_state"}
WORDS = {
    "console:custody_event": _("Record an event"),
    "console:duty": _("Note what was done for him"),
    "console:captive_correct": _("Correct the card"),
    "console:health": _("Note his health"),
    "console:harm": _("Telling his family could do harm"),
    "console:inquest_ask": _("Ask for an enquiry into an injury"),
    "console:sitting": _("His sitting"),
    "console:own_page": _("Give him the tablet"),
    "console:danger_man": _("Danger of return"),
    "console:roads_health": _("Findings for a road home"),
    "console:roads_of": _("Roads home"),
    "console:roads_legal": _("Findings for a road home"),
    "console:roads_neutral": _("Findings for a road home"),
    "console:welfare": _("His welfare"),
    "console:his_health": _("His health"),
}
LOOKS = "looks"  # in the session: the purpose given for each captive


def sorted_language(request: StaffRequest) -> str:
    code = request.LANGUAGE_CODE[:2]
    return code if code in dict(settings.LANGUAGES) else "en"


@allowed(SEE, methods=("GET",))
def captives(request: StaffRequest) -> HttpResponse:
    """The captives whom this person may see, in the order of the alphabet of their language."""
    rows = _filtered(request, Captive.objects.visible_to(request.user).select_related("site"))
    columns = {"name": f"sort_{sorted_language(request)}", **COLUMNS}
    page = page_of(request, sorted_by(request, rows, columns, "name"))
    context = {
        "page": page,
        "men": [captive_page.key_facts(each, request.LANGUAGE_CODE) for each in page.object_list],
        "states": list(STATES.items()),
        "identities": list(IDENTITIES.items()),
        "q": asked(request, "q"),
        "may_register": request.user.may(REGISTER),
        "filtered": any(asked(request, name) for name in ("q", "state", "identity", "authority")),
    }
    return render(request, "console/captives/captives.html", context)


def _filtered(request: StaffRequest, rows: CaptiveQuerySet) -> CaptiveQuerySet:
    if state := asked(request, "state"):
        rows = rows.filter(custody_state=state)
    if identity := asked(request, "identity"):
        rows = rows.filter(identity_state=identity)
    if asked(request, "authority") == "none":
        rows = not_given_to_authority(rows)
    if text := asked(request, "q"):
        rows = rows.filter(pk__in=cards_named(text))
    return rows


@allowed(REGISTER)
@once
def register(request: StaffRequest) -> HttpResponse:
    """The capture card of GC III 122 and Annex IV B."""
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            captive = register_captive(received=form.received(), by=request.user)
            give_purpose(request, captive, Purpose.CARD)
            return see_other("console:captive", captive.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, "console/captives/register.html", {"form": form}, status=status)


def give_purpose(request: StaffRequest, captive: Captive, purpose: Purpose) -> None:
    looks = request.session.get(LOOKS, {})
    request.session[LOOKS] = {**looks, captive.bureau_number: purpose.value}


@allowed(SEE)
def captive(request: StaffRequest, captive_number: str) -> HttpResponse:
    """One page that says where he stands. Why it is opened is asked once a session and man."""
    man = one(request, captive_number)
    if request.method == "POST":
        return _ask_purpose(request, man, PurposeForm(request.POST))
    purpose = request.session.get(LOOKS, {}).get(man.bureau_number)
    if purpose is None:
        return _ask_purpose(request, man, PurposeForm())
    journal.looked(subject=man, by=request.user, person=man.bureau_number, purpose=purpose)
    return render(request, "console/captives/captive.html", _page(request, man, purpose))


def _ask_purpose(request: StaffRequest, man: Captive, form: PurposeForm) -> HttpResponse:
    if form.is_valid():
        give_purpose(request, man, Purpose(form.cleaned_data["purpose"]))
        return see_other("console:captive", man.bureau_number)
    context = {"form": form, "number": man.bureau_number}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/captives/purpose.html", context, status=status)


def _page(request: StaffRequest, man: Captive, purpose: str) -> dict[str, Any]:
    person, language = request.user, request.LANGUAGE_CODE
    others = man.all_records().exclude(pk=man.pk).order_by("bureau_number")
    return {
        **captive_page.key_facts(man, language),
        "purpose": PURPOSES[Purpose(purpose)],
        "versions": captive_page.versions(man, person, language),
        "ledger": captive_page.ledger(man, person, language),
        "clocks": captive_page.clocks(man),
        "told": captive_page.rights_told(man),
        "deeds": captive_page.deeds(man, person, WORDS),
        "others": [each.bureau_number for each in others & Captive.objects.visible_to(person)],
        "among_the_dead": Remains.objects.visible_to(person).filter(captive=man).exists(),
        "may_know_place": person.may(Permission.SEE_PLACE),
        "may_see_health": person.may(Permission.SEE_HEALTH),
        "health": captive_page.health(man, person),
        "weights": captive_page.weights(man, person),
        "may_see_flags": person.may(Permission.SEE_HARM_FLAG),
        "flags": captive_page.flags(man, person),
        "to_physician": man.identity_state == IdentityState.UNABLE,
    }


@allowed(CORRECT)
@once
def correct(request: StaffRequest, captive_number: str) -> HttpResponse:
    """A corrected card supersedes the one before, with a reason."""
    man = one(request, captive_number)
    if request.method == "POST":
        form = CorrectForm(request.POST)
        if form.is_valid():
            try:
                reason = form.cleaned_data["reason"]
                correct_card(captive=man, card=form.changes(), reason=reason, by=request.user)
                return see_other("console:captive", man.bureau_number)
            except Refused as refused:
                show_on(form, refused)
    else:
        last = man.last_card()
        card = last.as_received if last else {}
        form = CorrectForm(initial=CorrectForm.initial_of(card))
        custody.look(request, man, Purpose.CARD)
    context = {"form": form, "captive": shown(man, "file")}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/captives/correct.html", context, status=status)


urlpatterns = [
    path("captives/", captives, name="captives"),
    path("captives/new/", register, name="captive_new"),
    path("captives/<str:captive_number>/", captive, name="captive"),
    path("captives/<str:captive_number>/correction/", correct, name="captive_correct"),
    *custody.urlpatterns,
]
