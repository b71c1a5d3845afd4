"""The forms with which a file is given, and what is done with it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.reading.mending import FAULT_TEXTS
from wayhome.bureau.captives.reading.tables import LARGEST_FILE, Problem
from wayhome.web.forms import IdempotentForm


class UploadForm(IdempotentForm):
    file = forms.FileField(
        label=_("File: XLSX or CSV"),
        help_text=_("At most 30 megabytes. Nothing is imported before you have looked at it."),
        max_length=200,
        error_messages={
            "required": _("Choose a file first."),
            "empty": FAULT_TEXTS[Problem.EMPTY],
            "max_length": _("The name of the file is too long."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(FAULT_TEXTS[Problem.TOO_LARGE])
        return file


class FileForm(IdempotentForm):
    """What to do with a file that was taken in; each button is a form of its own."""

    IMPORT, ASIDE, STOP, GO_ON, DROP = "import", "set aside", "stop", "go on", "drop"
    do = forms.ChoiceField(
        choices=[(each, each) for each in (IMPORT, ASIDE, STOP, GO_ON, DROP)],
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Choose what to do with the file."),
            "invalid_choice": _("Choose what to do with the file."),
        },
    )
