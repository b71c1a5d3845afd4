"""Agreements with other bureaus, and the files that go to them and come from them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.bureaus.rules import LONGEST_NAME, LONGEST_PURPOSE, Agreed
from wayhome.lib.sealed import LARGEST
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.console.forms.identifications import number_field
from wayhome.web.console.forms.remains import CODE, text
from wayhome.web.console.forms.welfare import COUNT, day_field
from wayhome.web.forms import IdempotentForm


class AgreementForm(IdempotentForm):
    """What two bureaus agreed on paper."""

    name = forms.CharField(label=_("With which bureau"), max_length=LONGEST_NAME, required=False)
    purpose = forms.CharField(
        label=_("For what: which dead, which families"),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_PURPOSE,
        required=False,
    )
    act = forms.CharField(
        label=_("The act or treaty on which it rests, and who signed it"),
        max_length=LONGEST_PURPOSE,
        required=False,
    )
    until = day_field(_("Until which day"), required=False)
    most_a_month = forms.IntegerField(
        label=_("Questions a month, at most, each way"),
        widget=forms.NumberInput(COUNT),
        required=False,
    )
    key = forms.CharField(
        label=_("Their key, one line"),
        help_text=_("They read its fingerprint to the second lawyer on the telephone."),
        widget=forms.TextInput({**CODE, "class": ""}),
        max_length=200,
        required=False,
    )

    def agreed(self) -> Agreed:
        said = self.cleaned_data
        return Agreed(
            clean_line(said["name"]),
            clean_text(said["purpose"]),
            clean_line(said["act"]),
            said["until"],
            said["most_a_month"] or 0,
            clean_line(said["key"]),
        )


class EndForm(IdempotentForm):
    reason = text(_("Reason"), rows=2)


class AskForm(IdempotentForm):
    number = number_field(_("Number of the remains"), _("One at a time. Their profile goes alone."))


class MessageForm(IdempotentForm):
    """A question or an answer that they sealed to us."""

    file = forms.FileField(
        label=_("Their file"),
        max_length=200,
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty."),
            "max_length": _("The name of the file is too long."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("This file is too large."))
        return file
