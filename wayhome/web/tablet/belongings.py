"""What is held for him, his receipts, his parcels, and the medical certificate he may ask for."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.consents.sittings import touch
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.welfare import actions
from wayhome.bureau.welfare.models import Certificate, Entry, Parcel
from wayhome.bureau.welfare.rules import (
    BEFORE_NAMES,
    ENTRY_NAMES,
    TAKEN_OUT_NAMES,
    Before,
    EntryKind,
    TakenOut,
)
from wayhome.bureau.welfare.wording import thing
from wayhome.web.access import CaptiveRequest, captive
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other


@captive()
def belongings(request: CaptiveRequest) -> HttpResponse:
    """His register with the balance after each entry; read here, a receipt is in his hands."""
    touch(request.sitting)
    actions.read_receipts(by=request.sitting)
    return render(request, "tablet/belongings.html", _page(request.sitting))


def _page(sitting: Sitting) -> dict[str, Any]:
    certificates = Certificate.objects.visible_to(sitting).select_related("key", "captive")
    return {
        "registers": [
            register for one in _records(sitting) if (register := _register(one, sitting))
        ],
        "parcels": _parcels(sitting),
        "certificates": [
            shown(one, "asked", "health") for one in certificates.order_by("-asked_at")
        ],
        "form": IdempotentForm(),
        "back_url": reverse("tablet:allowed"),
        "stop_url": reverse("tablet:end"),
    }


def _records(sitting: Sitting) -> list[Captive]:
    """Each record of his: every register is numbered apart."""
    return list(sitting.captive.all_records().order_by("registered_at"))


def _register(record: Captive, sitting: Sitting) -> dict[str, Any] | None:
    rows = Entry.objects.visible_to(sitting).filter(captive=record)
    entries = list(rows.select_related("key", "by", "second_by", "corrects").order_by("number"))
    if not entries:
        return None
    shown_rows = [
        {
            "entry": shown(entry, "welfare"),
            "words": ENTRY_NAMES[EntryKind(entry.kind)],
            "corrects": entry.corrects.number if entry.corrects else None,
            "lines": [thing(line) for line in entry.said()],
            "held": [thing(line) for line in held],
        }
        for entry, held in actions.with_balance(entries)
    ]
    return {"held": shown_rows[-1]["held"], "rows": shown_rows[::-1]}


def _parcels(sitting: Sitting) -> list[dict[str, Any]]:
    rows = Parcel.objects.visible_to(sitting).select_related("key").order_by("-arrived_at")
    return [
        {
            "parcel": shown(parcel, "welfare"),
            "before": BEFORE_NAMES[Before(parcel.before)] if parcel.before else "",
            "removed": [
                (each["what"], TAKEN_OUT_NAMES[TakenOut(each["why"])])
                for each in (parcel.opening or {}).get("removed", [])
            ],
        }
        for parcel in rows
    ]


@captive(methods=("POST",), form_at="tablet:belongings")
@once
def ask_certificate(request: CaptiveRequest) -> HttpResponse:
    """He asks for the paper on his illness and its treatment, in the language that he reads."""
    touch(request.sitting)
    his = request.sitting
    language = (get_language() or "en")[:2]
    refusals = press(
        request,
        lambda: actions.ask_certificate(captive=his.captive, language=language, by=his),
    )
    if not refusals:
        return see_other("tablet:belongings")
    context = {**_page(request.sitting), "refusals": refusals}
    return render(request, "tablet/belongings.html", context, status=422)


urlpatterns = [
    path("belongings/", belongings, name="belongings"),
    path("belongings/certificate/", ask_certificate, name="ask_certificate"),
]
