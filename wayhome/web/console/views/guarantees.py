"""The guarantee for a journey: printed for an authority, signed on paper, recorded, ended."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.returns.facts import she_comes
from wayhome.bureau.returns.guarantees import (
    document_of,
    end_guarantee,
    guarantee_of,
    make_guarantee,
    record_signature,
)
from wayhome.bureau.returns.models import Application, Guarantee
from wayhome.bureau.returns.rules.guarantees import PROMISES
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.jurisdiction import profile
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.views.custody import show_on
from wayhome.web.console.views.returns import one_application
from wayhome.web.forms import DateParts, IdempotentForm
from wayhome.web.once import once, press, see_other
from wayhome.web.papers import to_read

APPOINT, AT = Permission.SET_APPOINTMENT, "console:application_guarantee"


class AuthorityForm(IdempotentForm):
    authority = forms.ChoiceField(
        label=_("Authority that gives its word"),
        error_messages={"required": _("Choose the authority that signs.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, str(one)) for one in profile().authorities]
        self.fields["authority"].choices = choices  # type: ignore[attr-defined]


class SignatureForm(IdempotentForm):
    signed_by = forms.CharField(
        label=_("Who signed"),
        help_text=_("Name and office, as they stand on the paper."),
        max_length=200,
        error_messages={"required": _("Write who signed: name and office.")},
    )
    signed_on = forms.DateField(
        label=_("Signed on"), widget=DateParts, error_messages={"required": _("Write a day.")}
    )


@allowed(APPOINT)
@once
def guarantee(request: StaffRequest, application_id: Any) -> HttpResponse:
    """Make the paper ready for an authority, or see how far it has come."""
    one = one_application(request, application_id)
    form = AuthorityForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        authority = form.cleaned_data["authority"]
        try:
            make_guarantee(application=one, authority=authority, by=request.user)
            return see_other(AT, one.pk)
        except Refused as refused:
            show_on(form, refused)
    return _page(request, one, form=form)


def _page(request: StaffRequest, one: Application, **more: Any) -> HttpResponse:
    it = guarantee_of(one)
    authority = profile().authority(it.authority) if it else None
    context = {
        "application": one,
        "captive": one.captive,
        "comes": she_comes(one),
        "promises": PROMISES,
        "it": shown(it, "file") if it else None,
        "authority": authority,
        "form": AuthorityForm(),
        "sign_form": SignatureForm(auto_id="sign_%s"),
        "end_form": IdempotentForm(auto_id="end_%s"),
        **more,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/returns/guarantee.html", context, status=status)


def _one(request: StaffRequest, one: Application) -> Guarantee:
    rows = Guarantee.objects.visible_to(request.user).filter(application=one, ended_at=None)
    return get_object_or_404(rows.select_related("application", "key"))


@allowed(APPOINT, methods=("POST",), form_at=AT)
@once
def sign(request: StaffRequest, application_id: Any) -> HttpResponse:
    one = one_application(request, application_id)
    form = SignatureForm(request.POST, auto_id="sign_%s")
    if form.is_valid() and guarantee_of(one):
        try:
            record_signature(
                guarantee=_one(request, one),
                signed_by=form.cleaned_data["signed_by"],
                signed_on=form.cleaned_data["signed_on"],
                by=request.user,
            )
            return see_other(AT, one.pk)
        except Refused as refused:
            show_on(form, refused)
    return _page(request, one, sign_form=form)


@allowed(APPOINT, methods=("POST",), form_at=AT)
@once
def end(request: StaffRequest, application_id: Any) -> HttpResponse:
    one = one_application(request, application_id)
    it = guarantee_of(one)
    refusals: Any = ()
    if it:
        refusals = press(request, lambda: end_guarantee(guarantee=it, by=request.user))
        if not refusals:
            return see_other(AT, one.pk)
    return _page(request, one, refusals=refusals)


@allowed(APPOINT, methods=("GET",))
def paper(request: StaffRequest, application_id: Any) -> HttpResponse:
    """The paper itself: for the authority to sign, then for whoever travels."""
    one = one_application(request, application_id)
    it = _one(request, one)
    assert one.captive is not None
    journal.looked(
        subject=it, by=request.user, person=one.captive.bureau_number, purpose="guarantee"
    )
    return to_read(document_of(it), "paper.pdf")


urlpatterns = [
    path("applications/<uuid:application_id>/guarantee/", guarantee, name="application_guarantee"),
    path("applications/<uuid:application_id>/guarantee/signed/", sign, name="guarantee_sign"),
    path("applications/<uuid:application_id>/guarantee/end/", end, name="guarantee_end"),
    path("applications/<uuid:application_id>/guarantee/paper/", paper, name="guarantee_paper"),
]
