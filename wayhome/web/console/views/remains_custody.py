"""From hand to hand: give, sign for taking, take over, seal; one by one or many at once."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _

from wayhome.bureau.remains import actions
from wayhome.bureau.remains.models import Change, Remains
from wayhome.bureau.remains.rules.intake import read_bags
from wayhome.lib.numbers import parse
from wayhome.lib.refusal import Refusal, Refused
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import remains_page
from wayhome.web.console.forms.remains import (
    GiveForm,
    ManyForm,
    SealForm,
    TakeForm,
    TakeManyForm,
    TakeOverForm,
)
from wayhome.web.console.views.custody import show_on
from wayhome.web.console.views.remains import (
    RECORD,
    enter,
    one,
    page_about,
    waiting_for,
)
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other


@allowed(RECORD)
@once
def give(request: StaffRequest, remains_number: str) -> HttpResponse:
    """Give them to one of the staff, who signs too, or to named hands outside."""
    this = one(request, remains_number)
    form = GiveForm(request.POST if request.method == "POST" else None, by=request.user)
    return enter(request, "give", this, form, lambda: _give(request, this, form))


def _give(request: StaffRequest, this: Remains, form: GiveForm) -> None:
    receiver, seen = form.cleaned_data["receiver"], form.seen()
    if receiver:
        actions.hand_over(remains=this, receiver=receiver, seen=seen, by=request.user)
    else:
        outside = clean_line(form.cleaned_data["outside"])
        try:
            actions.hand_outside(remains=this, receiver=outside, seen=seen, by=request.user)
        except Refused as refused:
            raise Refused(*(_at_outside(each) for each in refused.refusals)) from None


def _at_outside(refusal: Refusal) -> Refusal:
    """A missing name stands at the box where names from outside are written."""
    at = "outside" if refusal.code == "custody.no_name" else refusal.field
    return Refusal(refusal.code, refusal.reason, refusal.provision, at)


@allowed(RECORD)
@once
def give_many(request: StaffRequest) -> HttpResponse:
    """Give many at once, all or none, each with its own seal."""
    form = ManyForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid():
        many = _many(request, form)
        try:
            if not form.errors:
                receiver, seen = form.cleaned_data["receiver"], form.seen()
                actions.hand_over_many(many=many, receiver=receiver, seen=seen, by=request.user)
                return see_other("console:remains_waiting")
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, "console/remains/give_many.html", {"form": form}, status=status)


def _many(request: StaffRequest, form: ManyForm) -> list[Remains]:
    """Those of the list; each number that is none, or that they do not hold, is named."""
    typed = {text: parse(text) for text in read_bags(form.cleaned_data["numbers"])}
    numbers = [str(number) for number in typed.values() if number]
    rows = Remains.objects.visible_to(request.user).filter(bureau_number__in=numbers)
    found = {each.bureau_number: each for each in rows.select_related("key")}
    held = set(
        Change.objects.filter(is_last=True, receiver=request.user, remains__in=rows).values_list(
            "remains__bureau_number", flat=True
        )
    )
    if not typed:
        form.add_error("numbers", _("Write at least one number."))
    for text, number in typed.items():
        if str(number) not in found:
            form.add_error("numbers", _("%(text)s is no number of remains.") % {"text": text})
        elif str(number) not in held:
            words = _("%(text)s is not in your hands.") % {"text": text}
            form.add_error("numbers", words)
    return list(found.values())


@allowed(RECORD)
@once
def waiting(request: StaffRequest) -> HttpResponse:
    """What waits for this person's signature, to be signed at once; and what they have offered."""
    changes = list(waiting_for(request))
    mine = [each for each in changes if each.receiver_id == request.user.pk]
    form = TakeManyForm(request.POST if request.method == "POST" else None, waiting=mine)
    if request.method == "POST" and form.is_valid():
        ticked = set(form.cleaned_data["change"])
        try:
            chosen = [each for each in mine if str(each.pk) in ticked]
            taken_at = form.moment("taken_on", "taken_time")
            actions.take_many(changes=chosen, taken_at=taken_at, by=request.user)
            return see_other("console:remains_waiting")
        except Refused as refused:
            show_on(form, refused)
    context = {
        "form": form,
        "mine": remains_page.waiting(mine),
        "offered": remains_page.waiting([each for each in changes if each not in mine]),
        "press": IdempotentForm(auto_id=False),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/remains/waiting.html", context, status=status)


def _offer(request: StaffRequest, change_id: Any) -> Change:
    rows = Change.objects.visible_to(request.user).select_related("remains__key", "key")
    return get_object_or_404(rows, pk=change_id)


@allowed(RECORD)
@once
def take(request: StaffRequest, change_id: Any) -> HttpResponse:
    """Sign for taking: what is read and seen is written by who takes them."""
    change = _offer(request, change_id)
    this = change.remains
    form = TakeForm(request.POST if request.method == "POST" else None)
    (told,) = remains_page.waiting([change])

    def act() -> None:
        actions.take(change=change, seen=form.seen(), by=request.user)

    return enter(request, "take", this, form, act, offer=told)


@allowed(RECORD, methods=("POST",), form_at="console:remains_waiting")
@once
def take_back(request: StaffRequest, change_id: Any) -> HttpResponse:
    """Take an offer back that nobody has signed for."""
    change = _offer(request, change_id)
    refusals = press(request, lambda: actions.take_back(change=change, by=request.user))
    if not refusals:
        return see_other("console:remains", change.remains.bureau_number)
    context = {**page_about(request, change.remains), "refusals": refusals}
    return render(request, "console/remains/remains.html", context, status=422)


@allowed(RECORD)
@once
def take_over(request: StaffRequest, remains_number: str) -> HttpResponse:
    """Take them from hands outside; or, with a reason, from one of us who cannot sign."""
    this = one(request, remains_number)
    last = this.last_change()
    outside = last is not None and last.receiver_outside
    form = TakeOverForm(
        request.POST if request.method == "POST" else None,
        from_outside=outside,
        initial={"giver": last.taking if last and outside else ""},
    )

    def act() -> None:
        actions.take_over(remains=this, by=request.user, **form.ends())

    return enter(request, "take_over", this, form, act, outside=outside)


@allowed(RECORD)
@once
def seal(request: StaffRequest, remains_number: str) -> HttpResponse:
    """Put a seal on; the one before is opened with it."""
    this = one(request, remains_number)
    first = not this.last_seal()
    form = SealForm(request.POST if request.method == "POST" else None, first=first)

    def act() -> None:
        said = form.cleaned_data
        reason = clean_text(said.get("reason", ""))
        actions.put_seal_on(
            remains=this, seal=clean_line(said["seal"]), reason=reason, by=request.user
        )

    return enter(request, "seal", this, form, act)


urlpatterns = [
    path("remains/give/", give_many, name="remains_give_many"),
    path("remains/waiting/", waiting, name="remains_waiting"),
    path("remains/changes/<uuid:change_id>/take/", take, name="change_take"),
    path("remains/changes/<uuid:change_id>/back/", take_back, name="change_back"),
    path("remains/<str:remains_number>/give/", give, name="remains_give"),
    path("remains/<str:remains_number>/take-over/", take_over, name="remains_take_over"),
    path("remains/<str:remains_number>/seal/", seal, name="remains_seal"),
]
