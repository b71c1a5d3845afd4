"""The outbox: what is due to his Power and to the Central Tracing Agency."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.exchange.actions import release_to_power
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import KIND_NAMES, ROUTE_NAMES, STATE_NAMES
from wayhome.bureau.staff.permissions import AT_ONE_SITE, Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, see_other

AT_A_SITE = {"due": "due_at", "kind": "kind", "route": "route"}
COLUMNS = {**AT_A_SITE, "state": "state"}


class ReleaseForm(IdempotentForm):
    reason = forms.CharField(
        label=_("Why his Power may be told after all"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )


@allowed(Permission.SEE_OUTBOX, methods=("GET",))
def notices(request: StaffRequest) -> HttpResponse:
    rows = Notice.objects.visible_to(request.user).select_related("captive", "enquiry")
    # Held is only what a flag holds back: who works at a site notices none.
    tells_state = request.user.acting_role not in AT_ONE_SITE
    for name in ("route", "kind", "state"):
        if asked(request, name) and (tells_state or name != "state"):
            rows = rows.filter(**{name: asked(request, name)})
    if number := asked(request, "q"):
        rows = (
            rows.filter(captive__bureau_number__iexact=number)
            | rows.filter(enquiry__bureau_number__iexact=number)
            | rows.filter(about=number)
        )
    context = {
        "page": page_of(
            request, sorted_by(request, rows, COLUMNS if tells_state else AT_A_SITE, "due")
        ),
        "tells_state": tells_state,
        "kinds": [(kind.value, name) for kind, name in KIND_NAMES.items()],
        "routes": [(route.value, name) for route, name in ROUTE_NAMES.items()],
        "states": [(state.value, name) for state, name in STATE_NAMES.items()],
        "now": timezone.now(),
        "may_release": request.user.may(Permission.ASSESS_DANGER),
    }
    return render(request, "console/outbox/notices.html", context)


@allowed(Permission.ASSESS_DANGER, methods=("GET", "POST"))
@once
def release(request: StaffRequest, notice_id: str) -> HttpResponse:
    rows = Notice.objects.visible_to(request.user).select_related("captive", "enquiry")
    notice = get_object_or_404(rows, pk=notice_id)
    form = ReleaseForm(request.POST or None)
    refusals = []
    if request.method == "POST" and form.is_valid():
        try:
            release_to_power(notice=notice, reason=form.cleaned_data["reason"], by=request.user)
            return see_other("console:outbox")
        except Refused as refused:
            refusals = list(refused.refusals)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "notice": notice, "refusals": refusals}
    return render(request, "console/outbox/release.html", context, status=status)


urlpatterns = [
    path("outbox/", notices, name="outbox"),
    path("outbox/<uuid:notice_id>/release/", release, name="outbox_release"),
]
