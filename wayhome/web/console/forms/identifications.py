"""What people write about an identity: whom to hold remains against, how a line weighs, a vote."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.identifications.rules.board import BY_PEOPLE, CAUSE_NAMES, VERDICTS
from wayhome.bureau.identifications.rules.evidence import (
    WORD_MEANINGS,
    WORD_NAMES,
    Kind,
    Weighed,
    Word,
    at_least,
    most_of,
)
from wayhome.lib.text import clean_text
from wayhome.web.console.forms.remains import CODE, text
from wayhome.web.forms import IdempotentForm, Radios

WORD_MISSING = {"required": _("Please choose a word.")}


def number_field(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=40, widget=forms.TextInput(CODE),
        error_messages={"required": _("Write the number.")},
    )  # fmt: skip


class OpenForm(IdempotentForm):
    """Which remains, and whom they may be."""

    number = number_field(_("Number of the remains"), "")
    person = number_field(
        _("Number of the enquiry or of the captive"),
        _("Of the person sought, or of somebody on the register."),
    )
    why = text(_("Why these two are held against each other"))


class WeighForm(IdempotentForm):
    """One line in the words of the guide."""

    word = forms.ChoiceField(label=_("How far it carries"), error_messages=WORD_MISSING)
    reason = text(_("What was compared with what, and why it weighs so much"), rows=4)
    explained = text(
        _("How what contradicts is explained"),
        help_text=_("Where nothing contradicts this stays empty."),
    )

    def __init__(self, *args: Any, kind: Kind, **more: Any) -> None:
        super().__init__(*args, **more)
        words = [word for word in Word if at_least(most_of(kind), word)]
        hints = {word.value: WORD_MEANINGS[word] for word in words}
        field = self.fields["word"]
        assert isinstance(field, forms.ChoiceField)
        field.widget = Radios(hints=hints)
        field.choices = [(word.value, WORD_NAMES[word]) for word in words]

    def weighed(self) -> Weighed:
        said = self.cleaned_data
        reason, explained = clean_text(said["reason"]), clean_text(said["explained"])
        return Weighed(Word(said["word"]), reason, explained)


class SignForm(IdempotentForm):
    """What one member says, before seeing what the others do."""

    word = forms.ChoiceField(
        label=_("The identity is"),
        choices=[(word.value, WORD_NAMES[word]) for word in VERDICTS],
        widget=Radios(hints={word.value: WORD_MEANINGS[word] for word in VERDICTS}),
        error_messages=WORD_MISSING,
    )
    reason = text(_("What convinced you, or what did not"), rows=4)


class DoubtForm(IdempotentForm):
    """Why a decision is doubted."""

    cause = forms.ChoiceField(
        label=_("What speaks against it"),
        choices=[(cause.value, CAUSE_NAMES[cause]) for cause in BY_PEOPLE],
        widget=Radios,
        error_messages={"required": _("Please choose what speaks against it.")},
    )
    reason = text(_("Reason"), rows=4)
