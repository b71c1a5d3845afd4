"""The form in which somebody says whether two records are one man's."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.rules import ProposalState
from wayhome.web.forms import IdempotentForm, Radios

VERDICTS = [
    (ProposalState.SAME.value, _("One man")),
    (ProposalState.DIFFERENT.value, _("Two different men")),
    (ProposalState.UNDECIDED.value, _("I cannot decide")),
]


class SameManForm(IdempotentForm):
    verdict = forms.ChoiceField(
        label=_("Your judgement"),
        choices=VERDICTS,
        widget=Radios(
            hints={
                ProposalState.SAME.value: _(
                    "The records are linked. Nothing is merged, and a later judgement unlinks them."
                )
            }
        ),
        error_messages={"required": _("Choose a judgement.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        error_messages={"required": _("Give your reason.")},
    )
