"""A fingerprint as a picture: which finger, and where it is from."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.prints.rules import FINGER_NAMES, LONGEST_SOURCE, Finger, Taken
from wayhome.lib.text import clean_line
from wayhome.web.forms import IdempotentForm


class PrintForm(IdempotentForm):
    """One finger a picture is best: it keeps every line of the skin."""

    finger = forms.ChoiceField(
        label=_("Which finger"),
        choices=[("", _("Choose")), *((one.value, FINGER_NAMES[one]) for one in Finger)],
        error_messages={"required": _("Choose which finger it is.")},
    )
    file = forms.FileField(
        label=_("Picture"),
        help_text=_("One finger a picture. It is drawn anew: place and camera are gone from it."),
        max_length=200,
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty."),
            "max_length": _("The name of the file is too long."),
        },
    )
    source = forms.CharField(
        label=_("How it was taken, or from which card or thing it is"),
        max_length=LONGEST_SOURCE,
        required=False,
    )
    on = forms.CharField(
        label=_("When it was taken"),
        help_text=_("A day, a month or a year, such as 05.2021. Empty if nobody knows."),
        max_length=40,
        required=False,
    )

    def taken(self) -> Taken:
        said = self.cleaned_data
        return Taken(Finger(said["finger"]), clean_line(said["source"]), clean_line(said["on"]))
