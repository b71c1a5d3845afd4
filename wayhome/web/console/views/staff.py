"""The administrator's accounts: opened and closed; never a person's file."""

from django import forms
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.staff.actions import (
    close_account,
    note_languages,
    note_profession,
    open_account,
    reopen_account,
)
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, ROLE_NAMES, Permission, Role, roles_with
from wayhome.bureau.staff.rules import PROFESSION_NAMES, Profession
from wayhome.lib.languages import LANGUAGE_NAMES
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.forms import Checkboxes, IdempotentForm
from wayhome.web.once import once, see_other

COLUMNS = {"number": "number", "username": "username", "role": "role", "site": "site"}


REVIEWERS = roles_with(Permission.REVIEW_LETTER)


def _profession(form: forms.Form) -> Profession | None:
    told = form.cleaned_data["profession"]
    return Profession(told) if told else None


def languages_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Languages that this person reads letters in"),
        help_text=_("A call supervisor is shown letters in these languages."),
        choices=list(LANGUAGE_NAMES.items()),
        widget=Checkboxes,
        required=False,
    )


class LanguagesForm(forms.Form):
    """Which languages somebody who reviews letters reads."""

    reads = languages_field()


def profession_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Profession"),
        help_text=_("A board is made of members of different professions."),
        choices=[("", _("Not said")), *((each.value, w) for each, w in PROFESSION_NAMES.items())],
        required=False,
    )


class ProfessionForm(forms.Form):
    """What somebody learned who sits on boards."""

    profession = profession_field()


class AccountForm(IdempotentForm):
    username = forms.CharField(label=_("Name to sign in with"), max_length=80)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, ROLE_NAMES[role]) for role in sorted(CONSOLE_ROLES)],
    )
    site = forms.ModelChoiceField(Site.objects.all(), label=_("Site"))
    profession = profession_field()
    reads = languages_field()
    password = forms.CharField(
        label=_("First password"),
        help_text=_("At least 12 characters. Hand it over in person."),
        widget=forms.PasswordInput,
        min_length=12,
    )


@allowed(Permission.MANAGE_STAFF, methods=("GET",))
def people(request: StaffRequest) -> HttpResponse:
    rows = Staff.objects.visible_to(request.user).select_related("site")
    if text := asked(request, "q"):
        rows = rows.filter(username__icontains=text) | rows.filter(number__iexact=text)
    if role := asked(request, "role"):
        rows = rows.filter(role=role)
    context = {
        "page": page_of(request, sorted_by(request, rows, COLUMNS, "number")),
        "roles": [(role.value, ROLE_NAMES[role]) for role in sorted(CONSOLE_ROLES)],
    }
    return render(request, "console/staff/people.html", context)


@allowed(Permission.MANAGE_STAFF)
@once
def new(request: StaffRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                open_account(
                    username=form.cleaned_data["username"],
                    password=form.cleaned_data["password"],
                    role=Role(form.cleaned_data["role"]),
                    site=form.cleaned_data["site"],
                    reads=form.cleaned_data["reads"],
                    profession=_profession(form),
                    by=request.user,
                )
            return see_other("console:staff")
        except Refused as refused:
            form.add_error(refused.refusal.field or None, str(refused.refusal.reason))
    status = 422 if request.method == "POST" else 200
    return render(request, "console/staff/new.html", {"form": form}, status=status)


@allowed(Permission.MANAGE_STAFF)
def account(request: StaffRequest, staff_number: str) -> HttpResponse:
    person = get_object_or_404(Staff.objects.visible_to(request.user), number=staff_number)
    form = LanguagesForm(_sent(request, "languages"), initial={"reads": person.reads.split()})
    profession_form = ProfessionForm(
        _sent(request, "profession"), initial={"profession": person.profession}
    )
    refusals = []
    if request.method == "POST":
        try:
            if _change(request, person, form, profession_form):
                return see_other("console:staff")
        except Refused as refused:
            refusals = list(refused.refusals)
    context = {
        "person": person,
        "refusals": refusals,
        "role_name": ROLE_NAMES[Role(person.role)],
        "form": form if person.role in REVIEWERS else None,
        "profession_form": profession_form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/staff/account.html", context, status=status)


def _sent(request: StaffRequest, change: str) -> QueryDict | None:
    return request.POST if request.POST.get("change") == change else None


def _change(
    request: StaffRequest, person: Staff, form: LanguagesForm, profession: ProfessionForm
) -> bool:
    """Do what was pressed. False if it was nothing that this page has."""
    if person.role in REVIEWERS and form.is_valid():
        note_languages(staff=person, reads=form.cleaned_data["reads"], by=request.user)
        return True
    if profession.is_valid():
        note_profession(staff=person, profession=_profession(profession), by=request.user)
        return True
    change = {"close": close_account, "reopen": reopen_account}.get(request.POST.get("change", ""))
    if change:
        change(staff=person, by=request.user)
    return change is not None


urlpatterns = [
    path("staff/", people, name="staff"),
    path("staff/new/", new, name="staff_new"),
    path("staff/<str:staff_number>/", account, name="staff_account"),
]
