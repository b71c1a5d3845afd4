"""The register of kits and reference samples: for who speaks with families. No profile is here."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.comparisons import actions
from wayhome.bureau.comparisons.models import ReferenceSample
from wayhome.bureau.comparisons.rules.samples import (
    KIN_NAMES,
    SCOPE_NAMES,
    STATE_NAMES,
    WAY_NAMES,
    Kin,
    Scope,
    State,
    Way,
    next_of,
)
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.numbers import parse
from wayhome.lib.refusal import Refused
from wayhome.lib.sheet_codes import in_groups, read_typed
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.comparisons import GiftForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other

KEEP = Permission.KEEP_REFERENCES
COLUMNS = {"code": "code", "enquiry": "enquiry__bureau_number", "changed": "changed_at"}


def _words(sample: ReferenceSample) -> dict[str, Any]:
    """A sample as the register shows it."""
    return {
        "sample": shown(sample, "contact"),
        "number": sample.enquiry.bureau_number,
        "code": in_groups(sample.code),
        "kin": KIN_NAMES[Kin(sample.kin)],
        "state": STATE_NAMES[State(sample.state)],
        "way": WAY_NAMES[Way(sample.way)],
        "scope": SCOPE_NAMES[Scope(sample.scope)],
        "giver": sample.giver or {},
    }


@allowed(KEEP, methods=("GET",))
def reference_samples(request: StaffRequest) -> HttpResponse:
    """Every kit; searched by its code or the number of the enquiry."""
    rows = ReferenceSample.objects.visible_to(request.user).select_related("enquiry", "key")
    if state := asked(request, "state"):
        rows = rows.filter(state=state)
    if text := asked(request, "q"):
        number, code = parse(text), read_typed(text)
        rows = rows.filter(enquiry__bureau_number=str(number)) if number else rows.filter(
            code=code or text
        )  # fmt: skip
    page = page_of(request, sorted_by(request, rows, COLUMNS, "-changed"))
    context = {
        "page": page,
        "rows": [_words(each) for each in page.object_list],
        "states": [(state.value, words) for state, words in STATE_NAMES.items()],
        "filtered": bool(asked(request, "state") or asked(request, "q")),
    }
    return render(request, "console/references/list.html", context)


@allowed(KEEP)
@once
def reference_new(request: StaffRequest) -> HttpResponse:
    """Note a sample that is offered by telephone, on paper or here."""
    given = {"enquiry": asked(request, "enquiry")}
    form = GiftForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        number = parse(form.cleaned_data["enquiry"])
        enquiries = Enquiry.objects.visible_to(request.user)
        enquiry = enquiries.filter(bureau_number=str(number)).first() if number else None
        if enquiry is None:
            form.add_error("enquiry", str(_("No enquiry has this number.")))
        else:
            try:
                made = actions.give_sample(enquiry=enquiry, gift=form.gift(), by=request.user)
                return see_other("console:reference", made.pk)
            except Refused as refused:
                show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, "console/references/new.html", {"form": form}, status=status)


@allowed(KEEP)
@once
def reference(request: StaffRequest, reference_id: Any) -> HttpResponse:
    """One kit: who gives it, what was allowed, where it is; and its next step."""
    rows = ReferenceSample.objects.visible_to(request.user)
    one = get_object_or_404(rows.select_related("enquiry", "key", "entered_by"), pk=reference_id)
    refusals: list[Any] = []
    if request.method == "POST":
        refusals = press(request, lambda: _do(request, one))
        if not refusals:
            return see_other("console:reference", one.pk)
    else:
        number = one.enquiry.bureau_number
        journal.looked(subject=one, by=request.user, person=number, purpose="reference samples")
    context = {
        **_words(one),
        "steps": [(step.value, STATE_NAMES[step]) for step in next_of(State(one.state))],
        "may_withdraw": one.state != State.WITHDRAWN,
        "form": IdempotentForm(),
        "refusals": refusals,
    }
    status = 422 if refusals else 200
    return render(request, "console/references/one.html", context, status=status)


def _do(request: StaffRequest, one: ReferenceSample) -> None:
    """The step that was pressed; withdrawal is a step of its own."""
    to = request.POST.get("to", "")
    if to == State.WITHDRAWN:
        actions.withdraw_sample(sample=one, by=request.user)
    elif to in {step.value for step in State}:
        actions.note_step(sample=one, to=State(to), by=request.user)
    else:
        actions.note_step(sample=one, to=State.ASKED, by=request.user)  # refused by its rule


urlpatterns = [
    path("references/", reference_samples, name="references"),
    path("references/new/", reference_new, name="reference_new"),
    path("references/<uuid:reference_id>/", reference, name="reference"),
]
