"""What staff says when telling his family could do harm, and when it no longer could."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.web.forms import IdempotentForm


class HarmForm(IdempotentForm):
    reason = forms.CharField(
        label=_("What could harm whom"),
        help_text=_("Read by the legal officer and the neutral alone."),
        widget=forms.Textarea({"rows": 4}),
        max_length=4000,
        error_messages={"required": _("Give your reason.")},
    )


class AskToLiftForm(IdempotentForm):
    reason = forms.CharField(
        label=_("Why the flag is needed no longer"),
        widget=forms.Textarea({"rows": 4}),
        max_length=4000,
        error_messages={"required": _("Give your reason.")},
    )


class LiftForm(IdempotentForm):
    sure = forms.BooleanField(
        label=_("I have read both reasons, and the flag is needed no longer"),
        error_messages={"required": _("Say that it is so.")},
    )
