"""The legal officer's assessment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.consents.rules import Danger, Fear
from wayhome.web.forms import IdempotentForm, Radios

FEARS = {
    Fear.YES: _("He fears to go back"),
    Fear.UNSURE: _("He is not sure"),
    Fear.NO: _("He does not fear to go back"),
}
FINDINGS = {
    Danger.NONE_KNOWN: _("No danger known"),
    Danger.SUBSTANTIAL: _("Substantial grounds for believing that he would be in danger"),
    Danger.MORE_NEEDED: _("More to find out"),
}


class AssessmentForm(IdempotentForm):
    danger = forms.ChoiceField(
        label=_("Danger of return"),
        choices=[(danger.value, words) for danger, words in FINDINGS.items()],
        widget=Radios,
        error_messages={"required": _("Choose a finding.")},
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        help_text=_("Torture, ill-treatment, arbitrary killing, persecution: what speaks for it."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=8000,
        error_messages={"required": _("Give your reasons.")},
    )
