"""What the neutral enters: the language, and that he was told of his day."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from wayhome.web.forms import IdempotentForm, Radios


class OpenSittingForm(IdempotentForm):
    language = forms.ChoiceField(
        label=_("His language"),
        choices=settings.LANGUAGES,
        widget=Radios(inline=True),
        error_messages={"required": _("Choose his language.")},
    )


class SureForm(IdempotentForm):
    """A step that is pressed twice: an empty form is not it."""

    sure = forms.BooleanField(
        label=_("He asked for it, and I am with him"),
        error_messages={"required": _("Say that it is so.")},
    )


class CloseForm(IdempotentForm):
    sure = forms.BooleanField(
        label=_("Nobody is using that tablet"), error_messages={"required": _("Say that it is so.")}
    )


class DayToldForm(IdempotentForm):
    """Of which day he was told, and whether that it is set or that it fell."""

    day = forms.UUIDField(widget=forms.HiddenInput)
    fell = forms.BooleanField(widget=forms.HiddenInput, required=False)
