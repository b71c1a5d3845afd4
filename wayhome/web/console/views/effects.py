"""A man's welfare page, his register of effects and money, and what waits for a signature."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import Purpose
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.search import captives_named
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.welfare import actions
from wayhome.bureau.welfare.models import Difference, Entry
from wayhome.bureau.welfare.printing import receipt_of
from wayhome.bureau.welfare.rules import ENTRY_NAMES, EntryKind
from wayhome.bureau.welfare.wording import thing
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import welfare_page
from wayhome.web.console.captive_page import first_language
from wayhome.web.console.forms.welfare import CorrectionForm, GivenForm, TakenForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import look, one, show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other
from wayhome.web.papers import to_read

SEE, KEEP, SIGN = Permission.SEE_WELFARE, Permission.KEEP_WELFARE, Permission.SIGN_EFFECTS
LATEST_MEALS = 10
COLUMNS = {"at": "at", "number": "captive__bureau_number", "kind": "kind"}
WAITS = {"signature": _("waits for the second signature"), "receipt": _("he has no receipt yet")}


@allowed(SEE, methods=("GET",))
def welfare(request: StaffRequest, captive_number: str) -> HttpResponse:
    """How one man is kept: what is held for him, his parcels, what was otherwise at meals."""
    man = one(request, captive_number)
    look(request, man, Purpose.CARE)
    return render(request, "console/welfare/man.html", _page(request, man))


def _page(request: StaffRequest, man: Captive) -> dict[str, Any]:
    person = request.user
    meals = Difference.objects.visible_to(person).standing().filter(captive=man)
    entries = welfare_page.entries_of(man, person)
    latest = meals.select_related("captive", "key", "by").order_by("-on", "-at")[:LATEST_MEALS]
    return {
        "captive": shown(man, "file"),
        "held": [thing(line) for line in actions.held_by(entries)],
        "open": actions.why_not_close(entries),
        "due": welfare_page.due_of(man, person),
        "register": welfare_page.register(entries, person),
        "parcels": welfare_page.parcels_of(man, person),
        "differences": welfare_page.differences(list(latest)),
        "certificates": welfare_page.certificates_of(man, person),
        "may_keep": person.may(KEEP),
        "may_ask": person.may(Permission.ASK_CERTIFICATE),
        "press": IdempotentForm(auto_id=False),
    }


@allowed(KEEP)
@once
def taken(request: StaffRequest, captive_number: str) -> HttpResponse:
    """Enter what is taken into keeping."""
    man = one(request, captive_number)
    sent = request.POST if request.method == "POST" else None
    form = TakenForm(sent, initial={"language": first_language(man)})
    return _enter(request, man, form, "taken")


@allowed(KEEP)
@once
def given(request: StaffRequest, captive_number: str) -> HttpResponse:
    """Enter what is given back, paid out or forwarded, of what is held for him."""
    man = one(request, captive_number)
    sent = request.POST if request.method == "POST" else None
    held = actions.held_for(man)
    form = GivenForm(sent, held=held, initial={"language": first_language(man)})
    return _enter(request, man, form, "given", rows=[(thing(line), f) for line, f in form.rows])


def _enter(
    request: StaffRequest, man: Captive, form: TakenForm | GivenForm, name: str, **more: Any
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter_effects(captive=man, written=form.written(), by=request.user)
            return see_other("console:welfare", man.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        look(request, man, Purpose.CARE)
    context = {"form": form, "captive": shown(man, "file"), **more}
    status = 422 if request.method == "POST" else 200
    return render(request, f"console/welfare/{name}.html", context, status=status)


def _entry(request: StaffRequest, entry_id: Any) -> Entry:
    rows = Entry.objects.visible_to(request.user).select_related("captive__key", "key", "by")
    return get_object_or_404(rows, pk=entry_id)


@allowed(KEEP)
@once
def correct(request: StaffRequest, entry_id: Any) -> HttpResponse:
    """Take an entry back by a second one; nothing is written over."""
    entry = _entry(request, entry_id)
    man = entry.captive
    sent = request.POST if request.method == "POST" else None
    form = CorrectionForm(sent, initial={"issued_by": (entry.details or {}).get("issued_by", "")})
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_entry(entry=entry, by=request.user, **_plain(form))
            return see_other("console:welfare", man.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        look(request, man, Purpose.CARE)
    context = {
        "form": form,
        "captive": shown(man, "file"),
        "entry": shown(entry, "welfare"),
        "kind": ENTRY_NAMES[EntryKind(entry.kind)],
        "lines": [thing(line) for line in entry.said()],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/welfare/correct.html", context, status=status)


def _plain(form: CorrectionForm) -> dict[str, str]:
    return {name: form.cleaned_data[name] for name in ("reason", "issued_by")}


@allowed(SIGN, methods=("POST",), form_at="console:effects")
@once
def sign(request: StaffRequest, entry_id: Any) -> HttpResponse:
    """The second of two people signs."""
    return _press(request, _entry(request, entry_id), actions.sign_entry)


@allowed(KEEP, methods=("POST",), form_at="console:effects")
@once
def handed(request: StaffRequest, entry_id: Any) -> HttpResponse:
    """He was given the receipt on paper."""
    return _press(request, _entry(request, entry_id), actions.hand_receipt)


def _press(request: StaffRequest, entry: Entry, action: Any) -> HttpResponse:
    refusals = press(request, lambda: action(entry=entry, by=request.user))
    if not refusals:
        return see_other("console:welfare", entry.captive.bureau_number)
    context = {**_listed(request), "refusals": refusals}
    return render(request, "console/welfare/effects.html", context, status=422)


@allowed(SEE, methods=("GET",))
def receipt(request: StaffRequest, entry_id: Any) -> HttpResponse:
    """The receipt to print, in his language. Its name in a browser says nothing."""
    entry = _entry(request, entry_id)
    number = entry.captive.bureau_number
    journal.looked(subject=entry, by=request.user, person=number, purpose="receipt printed")
    return to_read(receipt_of(entry), "paper.pdf")


@allowed(SEE, methods=("GET",))
def effects(request: StaffRequest) -> HttpResponse:
    """Entries of all men, what waits first: for a second signature, or for its receipt."""
    return render(request, "console/welfare/effects.html", _listed(request))


def _listed(request: StaffRequest) -> dict[str, Any]:
    person = request.user
    rows = Entry.objects.visible_to(person).select_related("captive", "key", "by", "second_by")
    waits = asked(request, "waits")
    if waits == "signature":
        rows = rows.filter(second_at=None)
    elif waits == "receipt":
        rows = rows.without_receipt()
    if text := asked(request, "q"):
        rows = rows.filter(captive__in=captives_named(text, by=person))
    page = page_of(request, sorted_by(request, rows, COLUMNS, "-at"))
    return {
        "page": page,
        "rows": [_row(entry, person) for entry in page.object_list],
        "waits": list(WAITS.items()),
        "filtered": bool(waits or asked(request, "q")),
        "press": IdempotentForm(auto_id=False),
    }


def _row(entry: Entry, person: Any) -> dict[str, Any]:
    return {
        "entry": shown(entry, "welfare"),
        "captive": shown(entry.captive, "file"),
        "words": ENTRY_NAMES[EntryKind(entry.kind)],
        "lines": [thing(line) for line in entry.said()],
        "may_sign": welfare_page.may_sign(entry, person),
        "may_hand": welfare_page.may_hand(entry, person),
    }


urlpatterns = [
    path("captives/<str:captive_number>/welfare/", welfare, name="welfare"),
    path("captives/<str:captive_number>/effects/taken/", taken, name="effects_taken"),
    path("captives/<str:captive_number>/effects/given/", given, name="effects_given"),
    path("effects/", effects, name="effects"),
    path("effects/<uuid:entry_id>/correction/", correct, name="effects_correct"),
    path("effects/<uuid:entry_id>/signature/", sign, name="effects_sign"),
    path("effects/<uuid:entry_id>/handed/", handed, name="effects_handed"),
    path("effects/<uuid:entry_id>/receipt/", receipt, name="effects_receipt"),
]
