"""A request of the press, as it came."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.press.rules import ASKED_NAMES, LONGEST, Asked
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.forms import IdempotentForm, Radios

LONGEST_LINE = 200


class PressForm(IdempotentForm):
    asked = forms.ChoiceField(
        label=_("What is asked for"),
        choices=[(each.value, ASKED_NAMES[each]) for each in Asked],
        widget=Radios,
        error_messages={"required": _("Choose what is asked for.")},
    )
    who = forms.CharField(
        label=_("Who asks"),
        max_length=LONGEST_LINE,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Write who asks, so that the letter can be addressed.")},
    )
    outlet = forms.CharField(
        label=_("For which paper, agency or channel"),
        max_length=LONGEST_LINE,
        widget=forms.TextInput({"autocomplete": "off"}),
        required=False,
    )
    words = forms.CharField(
        label=_("The request in its own words"),
        help_text=_("Kept for the auditor. Look nobody up for it, and confirm nothing."),
        widget=forms.Textarea({"rows": 5}),
        max_length=LONGEST,
        required=False,
    )

    def given(self) -> dict[str, str]:
        said = self.cleaned_data
        return {
            "who": clean_line(said["who"]),
            "outlet": clean_line(said["outlet"]),
            "words": clean_text(said["words"]),
        }
