"""The form in which somebody says whether two enquiries seek one man."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.rules import ProposalState
from wayhome.web.forms import IdempotentForm, Radios

VERDICTS = [
    (ProposalState.SAME.value, _("One man is sought")),
    (ProposalState.DIFFERENT.value, _("Two different men are sought")),
    (ProposalState.UNDECIDED.value, _("I cannot decide")),
]


class SameSoughtForm(IdempotentForm):
    verdict = forms.ChoiceField(
        label=_("Your judgement"),
        choices=VERDICTS,
        widget=Radios(
            hints={
                ProposalState.SAME.value: _(
                    "The enquiries are linked for those who judge candidates."
                    " Nothing is merged, and nobody who asks learns of it."
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
