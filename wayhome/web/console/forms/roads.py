"""What is recorded on which roads rest: acts of law, and findings about one man."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.returns.grounds import Found, LawfulAct
from wayhome.bureau.returns.rules.grounds import (
    FINDING_NAMES,
    FOUND_BY,
    GROUND_NAMES,
    VALUES,
    FindingKind,
    GroundKind,
)
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.jurisdiction import profile
from wayhome.web.forms import DateParts, IdempotentForm, Radios

LONGEST_WORDS = 4000


def _values_of(kind: FindingKind) -> list[tuple[str, Any]]:
    return [(f"{kind.value}:{value}", words) for value, words in VALUES[kind].items()]


class GroundForm(IdempotentForm):
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[(kind.value, name) for kind, name in GROUND_NAMES.items()],
        widget=Radios,
        error_messages={"required": _("Choose what it is.")},
    )
    reference = forms.CharField(
        label=_("Act, date and number"),
        max_length=300,
        error_messages={"required": _("Write which act this is, with its date and number.")},
    )
    signed_by = forms.ChoiceField(label=_("Signed for us by"), required=False)
    from_on = forms.DateField(
        label=_("In force from"),
        help_text=_("For the end of hostilities: the day on which they ended."),
        widget=DateParts,
        error_messages={"required": _("Write a day.")},
    )
    until_on = forms.DateField(label=_("In force until"), widget=DateParts, required=False)
    forbids = forms.BooleanField(label=_("This law does not allow parole"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signers = [(one.code, str(one)) for one in profile().authorities]
        self.fields["signed_by"].choices = [("", _("None of ours")), *signers]  # type: ignore[attr-defined]

    def act(self) -> LawfulAct:
        given = self.cleaned_data
        return LawfulAct(
            GroundKind(given["kind"]),
            given["reference"],
            given["signed_by"],
            given["from_on"],
            given["until_on"],
            allows=not given["forbids"],
        )


class CheckForm(IdempotentForm):
    only_improves = forms.ChoiceField(
        label=_("What does it do to what the Convention gives?"),
        choices=[
            ("yes", _("It takes nothing away; it may add to it")),
            ("no", _("It takes something away")),
        ],
        widget=Radios,
        error_messages={"required": _("Choose one of these answers.")},
    )


class EndForm(IdempotentForm):
    reason = forms.CharField(
        label=_("Why it is in force no longer"),
        max_length=1000,
        error_messages={"required": _("Give your reason.")},
    )


class FindingForm(IdempotentForm):
    """One finding, of the kinds that whoever fills it in may find."""

    value = forms.ChoiceField(
        label=_("Finding"),
        error_messages={"required": _("Choose a finding.")},
    )
    until = forms.DateField(
        label=_("Last day of the certificate"),
        help_text=_("Only for a certificate of fitness; at most 31 days from now."),
        widget=DateParts,
        required=False,
    )
    words = forms.CharField(
        label=_("On what it rests"),
        help_text=_("Court and number, act, name and kinship, or the whole text of his promise."),
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_WORDS,
        required=False,
    )

    def __init__(self, *args: Any, permission: Permission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = FOUND_BY[permission]
        self.fields["value"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a finding.")),
            *((FINDING_NAMES[kind], _values_of(kind)) for kind in kinds),
        ]
        if FindingKind.FIT not in kinds:
            del self.fields["until"]

    def found(self) -> Found:
        kind, _colon, value = self.cleaned_data["value"].partition(":")
        return Found(
            FindingKind(kind), value, self.cleaned_data["words"], self.cleaned_data.get("until")
        )
