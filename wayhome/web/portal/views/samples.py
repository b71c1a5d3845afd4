"""A sample for a comparison: offered to every family from the first day, in the same words.

Asks the database only about the samples that she herself offered (P5).
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.comparisons.actions import give_sample, withdraw_sample
from wayhome.bureau.comparisons.actions.samples import Gift
from wayhome.bureau.comparisons.models import ReferenceSample
from wayhome.bureau.comparisons.rules.samples import (
    KIN_NAMES,
    LONGEST_NAME,
    SCOPE_NAMES,
    WAY_NAMES,
    Kin,
    Scope,
    Way,
    why_not_give,
)
from wayhome.bureau.enquiries.actions import is_pin
from wayhome.lib.refusal import Refused, refuse_if
from wayhome.lib.sheet_codes import in_groups, new_sheet_code
from wayhome.web.access import FamilyRequest, family
from wayhome.web.forms import IdempotentForm, Radios
from wayhome.web.once import once, see_other
from wayhome.web.portal import decoy, limits
from wayhome.web.portal.forms import CHOOSE, SECRET
from wayhome.web.portal.own import own_enquiry
from wayhome.web.portal.views.enquiry import sent
from wayhome.web.portal.views.waiting import TOO_MANY

GIVEN, BACK = "samples", "samples_back"  # of the world behind the second PIN


class SampleForm(IdempotentForm):
    """What she offers, and what whoever gives it allows."""

    kin = forms.ChoiceField(
        label=_("Who gives it? To the person you seek this is"),
        choices=[("", _("Choose")), *((kin.value, KIN_NAMES[kin]) for kin in Kin)],
        error_messages=CHOOSE,
    )
    name = forms.CharField(
        label=_("Name of who gives it"),
        help_text=_("So that the kit reaches the right person. The laboratory sees no name."),
        max_length=LONGEST_NAME,
        required=False,
    )
    way = forms.ChoiceField(
        label=_("How shall the kit come?"),
        choices=[(way.value, WAY_NAMES[way]) for way in Way],
        widget=Radios,
        error_messages=CHOOSE,
    )
    to = forms.CharField(
        label=_("Address, or which consulate or office"),
        help_text=_("It comes in a plain envelope without our name."),
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        max_length=500,
        required=False,
    )
    scope = forms.ChoiceField(
        label=_("With whom may it be compared?"),
        choices=[(scope.value, SCOPE_NAMES[scope]) for scope in Scope],
        widget=Radios,
        initial=Scope.THIS_BUREAU,
        error_messages=CHOOSE,
    )
    adult = forms.BooleanField(label=_("Who gives it is 18 or older"), required=False)
    allowed = forms.BooleanField(
        label=_("Who gives it has read this page and says: I allow this comparison"),
        required=False,
    )

    def gift(self) -> Gift:
        return Gift.told(self.cleaned_data)


class WithdrawForm(forms.Form):
    sample = forms.ChoiceField(
        label=_("Which sample?"),
        widget=Radios,
        error_messages={**CHOOSE, "invalid_choice": CHOOSE["required"]},
    )
    pin = forms.CharField(
        label=_("Your PIN"),
        max_length=64,
        widget=forms.PasswordInput(SECRET),
        error_messages={"required": _("Please type your PIN.")},
    )

    def __init__(self, *args: Any, given: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        which = self.fields["sample"]
        assert isinstance(which, forms.ChoiceField)
        which.choices = [(str(one["id"]), _in_a_line(one)) for one in given]


def _in_a_line(one: dict[str, Any]) -> str:
    return ", ".join(filter(None, (str(one["who"]), one["name"], one["code"])))


@family(methods=("GET", "POST"))
@once
def samples(request: FamilyRequest) -> HttpResponse:
    """The offer, its form, and what she offered."""
    form = SampleForm(sent(request))
    if form.is_valid() and _taken(request, form):
        return see_other("portal:samples")
    context = {"form": form, "given": _given(request), "back_url": reverse("portal:waiting")}
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/samples.html", context, status=status)


def _taken(request: FamilyRequest, form: SampleForm) -> bool:
    gift = form.gift()
    try:
        if decoy.is_decoy(request):
            _pretend(request, gift)
        else:
            give_sample(enquiry=own_enquiry(request), gift=gift, by=request.family)
    except Refused as refused:
        for refusal in refused.refusals:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal.reason))
        return False
    return True


def _pretend(request: FamilyRequest, gift: Gift) -> None:
    """The same refusals, and nothing kept."""
    others = [Kin(one["kin"]) for one in _given(request) if not one["withdrawn_on"]]
    refuse_if(
        why_not_give(
            allowed=gift.allowed, adult=gift.adult, name=gift.name, kin=gift.kin, way=gift.way,
            to=gift.to, others=others,
        )
    )  # fmt: skip
    told = {"name": gift.name, "kin": gift.kin.value, "code": new_sheet_code()}
    decoy.add(request, GIVEN, {"id": str(uuid4()), **told})


def _given(request: FamilyRequest) -> list[dict[str, Any]]:
    """What she offered and what she took back; never what became of it."""
    rows = ReferenceSample.objects.visible_to(request.family).filter(enquiry=own_enquiry(request))
    listed = [
        {
            "id": one.pk,
            "at": timezone.localtime(one.allowed_at),
            "name": (one.giver or {}).get("name", ""),
            "kin": one.kin,
            "code": in_groups(one.code),
            "withdrawn_on": one.withdrawn_at,
        }
        for one in rows.select_related("key")
    ]
    for each in decoy.recall(request, GIVEN, []):
        at = timezone.localtime(datetime.fromisoformat(each["at"]))
        told = {"id": UUID(each["id"]), "at": at, "code": in_groups(each["code"])}
        listed.append({**each, **told, "withdrawn_on": None})
    back = {UUID(each["id"]): each["at"] for each in decoy.recall(request, BACK, [])}
    for one in listed:
        if one["id"] in back:
            one["withdrawn_on"] = timezone.localtime(datetime.fromisoformat(back[one["id"]]))
        one["who"] = KIN_NAMES[Kin(one["kin"])]
    return listed


@family(methods=("GET", "POST"))
def sample_withdraw(request: FamilyRequest) -> HttpResponse:
    """Take a sample back, with her PIN: one step, no reason."""
    given = [one for one in _given(request) if not one["withdrawn_on"]]
    form = WithdrawForm(sent(request), given=given)
    context = {"form": form, "given": given, "back_url": reverse("portal:samples")}
    if request.method == "POST" and limits.is_reached(request, limits.WRONG_PINS):
        form.add_error(None, _("Too many tries. Please wait for a quarter of an hour."))
        return render(request, "portal/sample_withdraw.html", context, status=TOO_MANY)
    if form.is_valid() and _withdrawn(request, form):
        return see_other("portal:samples")
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/sample_withdraw.html", context, status=status)


def _withdrawn(request: FamilyRequest, form: WithdrawForm) -> bool:
    her, which = request.family, form.cleaned_data["sample"]
    hashed = her.second_pin_hash if decoy.is_decoy(request) else her.pin_hash
    if not is_pin(form.cleaned_data["pin"], hashed):
        limits.count(request, limits.WRONG_PINS)
        form.add_error("pin", _("This is not your PIN as it is now."))
        return False
    if decoy.is_decoy(request):
        decoy.add(request, BACK, {"id": which})
        return True
    rows = ReferenceSample.objects.visible_to(her).select_related("enquiry", "key")
    try:
        withdraw_sample(sample=rows.get(pk=which), by=her)
    except Refused as refused:  # taken back in another window meanwhile
        form.add_error(None, str(refused.refusal.reason))
        return False
    return True


urlpatterns = [
    path("sample/", samples, name="samples"),
    path("sample/back/", sample_withdraw, name="sample_withdraw"),
]
