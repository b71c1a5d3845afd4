"""The physician's pages: the seriously ill, the weekly note, weights, certificates."""

from typing import Any

from django.conf import settings
from django.db.models import Max
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import Purpose
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.search import captives_named
from wayhome.bureau.oversight.rules import DEADLINES, ClockKind
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.welfare import actions
from wayhome.bureau.welfare.models import Certificate, Illness
from wayhome.bureau.welfare.printing import certificate_of
from wayhome.bureau.welfare.rules import Condition
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_text
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import captive_page, welfare_page
from wayhome.web.console.charts import weight_chart
from wayhome.web.console.forms.welfare import AskForm, CertificateForm, WeekForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import look, one, show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other
from wayhome.web.papers import to_read

SEE, NOTE, ASK = Permission.SEE_HEALTH, Permission.NOTE_HEALTH, Permission.ASK_CERTIFICATE
STATES = {"waits": _("to be written"), "issued": _("issued")}


@allowed(SEE, methods=("GET",))
def ill(request: StaffRequest) -> HttpResponse:
    """Who stands among the seriously ill; whose note is due first stands first."""
    rows = Illness.objects.visible_to(request.user).open().select_related("captive")
    if text := asked(request, "q"):
        rows = rows.filter(captive__in=captives_named(text, by=request.user))
    rows = rows.annotate(told=Coalesce(Max("notes__at"), "began_at"))
    columns = {"told": "told", "began": "began_at", "number": "captive__bureau_number"}
    page = page_of(request, sorted_by(request, rows, columns, "told"))
    within, now = DEADLINES[ClockKind.WEEKLY_NOTE].within, timezone.now()
    context = {
        "page": page,
        "rows": [
            {
                "illness": shown(each, "health"),
                "captive": shown(each.captive, "file"),
                "due_at": each.told + within,
                "late": each.told + within < now,
            }
            for each in page.object_list
        ],
        "filtered": bool(asked(request, "q")),
    }
    return render(request, "console/welfare/ill.html", context)


@allowed(SEE, methods=("GET",))
def his_health(request: StaffRequest, captive_number: str) -> HttpResponse:
    """One man for the physician: weights, weekly notes, stays in hospital, certificates."""
    man = one(request, captive_number)
    look(request, man, Purpose.HEALTH)
    return render(request, "console/welfare/health.html", _page(request, man))


def _page(request: StaffRequest, man: Captive) -> dict[str, Any]:
    person = request.user
    weights = captive_page.weights(man, person)
    return {
        "captive": shown(man, "file"),
        "is_ill": actions.open_illness(man) is not None,
        "due": welfare_page.due_of(man, person),
        "weeks": welfare_page.weeks_of(man, person),
        "weights": weights,
        "chart": weight_chart([(each.at, each.kg) for each in weights["series"]]),
        "stays": welfare_page.stays_of(man, request.LANGUAGE_CODE),
        "notes": captive_page.health(man, person),
        "certificates": welfare_page.certificates_of(man, person),
        "may_note": person.may(NOTE),
        "press": IdempotentForm(auto_id=False),
    }


@allowed(NOTE, methods=("POST",), form_at="console:his_health")
@once
def begin(request: StaffRequest, captive_number: str) -> HttpResponse:
    """From now on a note is due every week."""
    return _press(request, one(request, captive_number), actions.call_seriously_ill)


@allowed(NOTE, methods=("POST",), form_at="console:his_health")
@once
def end(request: StaffRequest, captive_number: str) -> HttpResponse:
    """He no longer stands among the seriously ill."""
    return _press(request, one(request, captive_number), actions.call_recovered)


def _press(request: StaffRequest, man: Captive, action: Any) -> HttpResponse:
    refusals = press(request, lambda: action(captive=man, by=request.user))
    if not refusals:
        return see_other("console:his_health", man.bureau_number)
    context = {**_page(request, man), "refusals": refusals}
    return render(request, "console/welfare/health.html", context, status=422)


@allowed(NOTE)
@once
def week(request: StaffRequest, captive_number: str) -> HttpResponse:
    """The weekly note of GC III 122."""
    man = one(request, captive_number)
    form = WeekForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        condition, note = form.cleaned_data["condition"], clean_text(form.cleaned_data["note"])
        try:
            actions.note_week(
                captive=man, condition=Condition(condition), note=note, by=request.user
            )
            return see_other("console:his_health", man.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        look(request, man, Purpose.HEALTH)
    context = {"form": form, "captive": shown(man, "file")}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/welfare/week.html", context, status=status)


@allowed(ASK, methods=("GET",))
def certificates(request: StaffRequest) -> HttpResponse:
    """What men asked for: those that wait, the longest first."""
    rows = Certificate.objects.visible_to(request.user).select_related("captive", "issued_by")
    state = asked(request, "state")
    if state in STATES:
        rows = rows.filter(issued_at__isnull=state == "waits")
    if text := asked(request, "q"):
        rows = rows.filter(captive__in=captives_named(text, by=request.user))
    columns = {"asked": "asked_at", "issued": "issued_at", "number": "captive__bureau_number"}
    page = page_of(request, sorted_by(request, rows, columns, "-asked"))
    context = {
        "page": page,
        "rows": [
            {
                "certificate": shown(each, "asked"),
                "captive": shown(each.captive, "file"),
                "language": dict(settings.LANGUAGES)[each.language],
            }
            for each in page.object_list
        ],
        "states": list(STATES.items()),
        "filtered": bool(state or asked(request, "q")),
        "may_note": request.user.may(NOTE),
        "may_read": request.user.may(SEE),
    }
    return render(request, "console/welfare/certificates.html", context)


@allowed(ASK)
@once
def ask(request: StaffRequest, captive_number: str) -> HttpResponse:
    """He asked for it: note that, and since when."""
    man = one(request, captive_number)
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        try:
            actions.ask_certificate(captive=man, language=language, by=request.user)
            return see_other("console:certificates")
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        look(request, man, Purpose.CARE)
    context = {"form": form, "captive": shown(man, "file")}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/welfare/ask.html", context, status=status)


def _certificate(request: StaffRequest, certificate_id: Any) -> Certificate:
    rows = Certificate.objects.visible_to(request.user)
    rows = rows.select_related("captive__key", "key", "issued_by")
    return get_object_or_404(rows, pk=certificate_id)


@allowed(NOTE)
@once
def certificate(request: StaffRequest, certificate_id: Any) -> HttpResponse:
    """The physician writes it; issued, it is not changed."""
    this = _certificate(request, certificate_id)
    man = this.captive
    form = CertificateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.issue_certificate(certificate=this, treated=form.treated(), by=request.user)
            return see_other("console:his_health", man.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        look(request, man, Purpose.HEALTH)
    context = {
        "form": None if this.issued_at and request.method == "GET" else form,
        "captive": shown(man, "file"),
        "certificate": shown(this, "asked", "health"),
        "language": dict(settings.LANGUAGES)[this.language],
        "stays": welfare_page.stays_of(man, request.LANGUAGE_CODE),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/welfare/certificate.html", context, status=status)


@allowed(SEE, methods=("GET",))
def paper(request: StaffRequest, certificate_id: Any) -> HttpResponse:
    """The certificate to print, in his language."""
    rows = Certificate.objects.visible_to(request.user).exclude(issued_at=None)
    this = get_object_or_404(rows.select_related("captive__key", "key", "issued_by"),
                             pk=certificate_id)  # fmt: skip
    number = this.captive.bureau_number
    journal.looked(subject=this, by=request.user, person=number, purpose="certificate printed")
    return to_read(certificate_of(this), "paper.pdf")


urlpatterns = [
    path("ill/", ill, name="ill"),
    path("captives/<str:captive_number>/his-health/", his_health, name="his_health"),
    path("captives/<str:captive_number>/ill/", begin, name="illness_begin"),
    path("captives/<str:captive_number>/recovered/", end, name="illness_end"),
    path("captives/<str:captive_number>/week/", week, name="week"),
    path("captives/<str:captive_number>/certificate/", ask, name="certificate_ask"),
    path("certificates/", certificates, name="certificates"),
    path("certificates/<uuid:certificate_id>/", certificate, name="certificate"),
    path("certificates/<uuid:certificate_id>/paper/", paper, name="certificate_paper"),
]
