"""A programme as it is written: its law, its roads, its words in each language."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.returns.rules import ROAD_NAMES
from wayhome.bureau.returns.rules.programmes import (
    COMES_NAMES,
    CONDITION_NAMES,
    LONGEST_MESSAGE,
    PART_NAMES,
    PARTS,
    ROADS_OF_PROGRAMMES,
    Told,
)
from wayhome.lib.jurisdiction import profile
from wayhome.lib.text import clean_text
from wayhome.web.forms import Checkboxes, DateParts, IdempotentForm
from wayhome.web.voice import forbidden_in, long_sentences

LONGEST_TEXT = 4000
SHORT = frozenset({"title", "act"})
ROADS = [(road.value, ROAD_NAMES[road]) for road in ROADS_OF_PROGRAMMES]


class ProgrammeForm(IdempotentForm):
    """A draft may lack anything but its first day; its words are asked against VOICE at once."""

    legal_act = forms.CharField(label=_("Act, date and number"), max_length=300, required=False)
    signed_by = forms.ChoiceField(label=_("Authority that signed it"), required=False)
    opens_on = forms.DateField(
        label=_("First day"),
        widget=DateParts,
        error_messages={"required": _("Write a day.")},
    )
    closes_on = forms.DateField(label=_("Last day"), widget=DateParts, required=False)
    comes = forms.MultipleChoiceField(
        label=_("Who may come"),
        choices=[(each.value, name) for each, name in COMES_NAMES.items()],
        widget=Checkboxes,
        required=False,
    )
    roads = forms.MultipleChoiceField(
        label=_("Roads home that it uses"), choices=ROADS, widget=Checkboxes, required=False
    )
    alone = forms.ChoiceField(
        label=_("Road of the man whom nobody comes for"),
        choices=[("", _("None yet")), *ROADS],
        required=False,
    )
    conditions = forms.MultipleChoiceField(
        label=_("Conditions that it names"),
        help_text=_("Nothing that a family does, says or pays may be a condition."),
        choices=[(each.value, name) for each, name in CONDITION_NAMES.items()],
        widget=Checkboxes,
        required=False,
    )
    crossings = forms.MultipleChoiceField(
        label=_("Crossings"), choices=[], widget=Checkboxes, required=False
    )
    phones = forms.CharField(
        label=_("Telephone numbers, one a line"),
        widget=forms.Textarea({"rows": 3}),
        max_length=300,
        required=False,
    )
    email = forms.CharField(label=_("E-mail"), max_length=200, required=False)
    channel = forms.CharField(label=_("Messenger channel"), max_length=200, required=False)
    baggage_kg = forms.IntegerField(
        label=_("Baggage for each, in kilograms"),
        min_value=0,
        max_value=500,
        error_messages={"required": _("Write a number.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = profile()
        signers = [(one.code, str(one)) for one in country.authorities]
        self.fields["signed_by"].choices = [("", _("None yet")), *signers]  # type: ignore[attr-defined]
        self.fields["crossings"].choices = [  # type: ignore[attr-defined]
            (one.code, str(one)) for one in country.crossings
        ]
        for language, name in settings.LANGUAGES:
            for part in PARTS:
                self.fields[f"{language}_{part}"] = _text_field(name, part)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for language, _name in settings.LANGUAGES:
            for part in PARTS:
                if fault := fault_of_voice(cleaned.get(f"{language}_{part}", ""), language):
                    self.add_error(f"{language}_{part}", fault)
        return cleaned

    def told(self) -> Told:
        given = self.cleaned_data
        phones = [line.strip() for line in given["phones"].splitlines()]
        return Told(
            legal_act=given["legal_act"],
            signed_by=given["signed_by"],
            opens_on=given["opens_on"],
            closes_on=given["closes_on"],
            comes=tuple(given["comes"]),
            roads=tuple(given["roads"]),
            alone=given["alone"],
            crossings=tuple(given["crossings"]),
            phones=tuple(phone for phone in phones if phone),
            email=given["email"],
            channel=given["channel"],
            baggage_kg=given["baggage_kg"],
            conditions=tuple(given["conditions"]),
            texts={
                language: {part: clean_text(given[f"{language}_{part}"]) for part in PARTS}
                for language, _name in settings.LANGUAGES
            },
        )


def initial_of(told: Told) -> dict[str, Any]:
    """The form with what a draft says already."""
    texts = {
        f"{language}_{part}": text
        for language, parts in told.texts.items()
        for part, text in parts.items()
    }
    plain = ("legal_act", "signed_by", "opens_on", "closes_on", "alone", "email", "channel",
             "baggage_kg")  # fmt: skip
    several = ("comes", "roads", "crossings", "conditions")
    return {
        **{name: getattr(told, name) for name in plain},
        **{name: list(getattr(told, name)) for name in several},
        "phones": "\n".join(told.phones),
        **texts,
    }


def _text_field(language: str, part: str) -> forms.CharField:
    label = _("%(part)s: %(language)s") % {"part": PART_NAMES[part], "language": language}
    longest = LONGEST_MESSAGE if part == "message" else 120 if part in SHORT else LONGEST_TEXT
    widget = forms.TextInput() if part in SHORT else forms.Textarea({"rows": 4})
    return forms.CharField(label=label, max_length=longest, widget=widget, required=False)


def fault_of_voice(text: str, language: str) -> ValidationError | None:
    """Words that no family reads from us, and sentences that are too long."""
    if found := forbidden_in(text, language, "family"):
        words = ", ".join(sorted(set(found)))
        return ValidationError(_("We do not say to families: %(words)s."), params={"words": words})
    if long_sentences(text):
        return ValidationError(_("A sentence here has more than 20 words."))
    return None


class EndProgrammeForm(IdempotentForm):
    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        error_messages={"required": _("Give your reason.")},
    )
