"""Reference samples, the geneticist's bench, what families tell."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.comparisons.actions.antemortem import Part
from wayhome.bureau.comparisons.actions.samples import Gift
from wayhome.bureau.comparisons.rules.antemortem import Asked
from wayhome.bureau.comparisons.rules.pedigrees import MISSING, Member
from wayhome.bureau.comparisons.rules.samples import (
    KIN_NAMES,
    SCOPE_NAMES,
    WAY_NAMES,
    Kin,
    Scope,
    Way,
)
from wayhome.bureau.remains.rules.teeth import (
    TOOTH_NAMES,
    Tooth,
    chart_from,
    field_of,
    why_not_chart,
)
from wayhome.lib.sheet_codes import in_groups, read_typed
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.console.forms.captives import LONGEST
from wayhome.web.console.forms.remains import CODE, line, text
from wayhome.web.console.forms.welfare import COUNT
from wayhome.web.forms import IdempotentForm, PartialDateInput, Radios

CHOOSE = {"required": _("Choose one of the list."), "invalid_choice": _("Choose one of the list.")}
SEXES = [("M", _("man")), ("F", _("woman")), ("U", _("not known"))]
SPARE_ROWS = 3


class GiftForm(IdempotentForm):
    """A sample that somebody offers by telephone, on paper or at the bureau."""

    enquiry = forms.CharField(
        label=_("Number of the enquiry"),
        max_length=24,
        widget=forms.TextInput(CODE),
        error_messages={"required": _("Write the number of the enquiry.")},
    )
    kin = forms.ChoiceField(
        label=_("What the giver is to the person sought"),
        choices=[("", _("Choose")), *((kin.value, KIN_NAMES[kin]) for kin in Kin)],
        error_messages=CHOOSE,
    )
    name = line(_("Name of who gives it"))
    way = forms.ChoiceField(
        label=_("How the kit goes"),
        choices=[(way.value, WAY_NAMES[way]) for way in Way],
        widget=Radios(inline=True),
        error_messages=CHOOSE,
    )
    to = text(_("Address, or which consulate or office"), rows=2)
    scope = forms.ChoiceField(
        label=_("With whom it may be compared"),
        choices=[(scope.value, SCOPE_NAMES[scope]) for scope in Scope],
        widget=Radios,
        initial=Scope.THIS_BUREAU,
        error_messages=CHOOSE,
    )
    adult = forms.BooleanField(label=_("The giver is 18 or older"), required=False)
    allowed = forms.BooleanField(
        label=_("The leaflet was read out or given, and the giver said: I allow this comparison"),
        required=False,
    )

    def gift(self) -> Gift:
        return Gift.told(self.cleaned_data)


class ProfilesForm(IdempotentForm):
    laboratory = line(_("Laboratory"))
    file = forms.FileField(
        label=_("File of profiles"),
        help_text=_("GeneMapper, CODIS (CMF 3.2), Familias, pedsuite, or a table with codes."),
        max_length=200,
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty."),
            "max_length": _("The name of the file is too long."),
        },
    )


class MissingForm(IdempotentForm):
    number = forms.IntegerField(
        label=_("How many missing people the dead may be"),
        widget=forms.TextInput(COUNT),
        required=False,
        error_messages={"invalid": _("Write a whole number of two or more.")},
    )
    grounds = text(_("On what this number rests"), rows=2)


class EliminationForm(IdempotentForm):
    staff_number = forms.CharField(
        label=_("Number of who was typed at their own wish"),
        max_length=20,
        widget=forms.TextInput(CODE),
        error_messages={"required": _("Write the number of somebody of the staff.")},
    )


class PedigreeForm(IdempotentForm):
    """A family, a person a line; who gave a sample stands under its code."""

    reason = line(_("Why it is written by hand"))

    def __init__(self, *args: Any, members: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.pop("reason")
        self.count = len(members) + SPARE_ROWS
        for row in range(1, self.count + 1):
            one = members[row - 1] if row <= len(members) else Member("", "")
            self.fields[f"id_{row}"] = self._code(_("Code"), one.id)
            self.fields[f"sex_{row}"] = forms.ChoiceField(
                label=_("Sex"), choices=[("", "–"), *SEXES], required=False, initial=one.sex
            )
            self.fields[f"father_{row}"] = self._code(_("Father"), one.father)
            self.fields[f"mother_{row}"] = self._code(_("Mother"), one.mother)
        self.fields["reason"] = reason

    @staticmethod
    def _code(label: Any, code: str) -> forms.CharField:
        initial = in_groups(code) if read_typed(code) else code
        return forms.CharField(
            label=label, max_length=40, required=False, initial=initial,
            widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        )  # fmt: skip

    @property
    def rows(self) -> list[list[Any]]:
        names = ("id", "sex", "father", "mother")
        return [[self[f"{name}_{row}"] for name in names] for row in range(1, self.count + 1)]

    def members(self) -> list[Member]:
        """The lines that have a code; codes of samples as they are kept."""
        said = self.cleaned_data

        def code(name: str) -> str:
            typed = clean_line(said[name])
            return read_typed(typed) or (typed.upper() if typed.upper() == MISSING else typed)

        return [
            Member(code(f"id_{n}"), said[f"sex_{n}"] or "U", code(f"father_{n}"),
                   code(f"mother_{n}"))
            for n in range(1, self.count + 1)
            if clean_line(said[f"id_{n}"])
        ]  # fmt: skip


class TalkForm(IdempotentForm):
    """One part of a talk: the questions of one group."""

    who = line(_("Who tells it: what she is to the person sought"))

    def __init__(self, *args: Any, group: Asked, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group
        for name, words in group.fields.items():
            self.fields[name] = text(words, rows=2)
        if group.name == "teeth":
            self.fields["chart_on"] = forms.CharField(
                label=_("From which day the dentist's chart is"),
                max_length=40, required=False, widget=PartialDateInput(),
            )  # fmt: skip
            for tooth in Tooth:
                if tooth != Tooth.LOST_AFTER_DEATH:
                    self.fields[field_of(tooth)] = forms.CharField(
                        label=TOOTH_NAMES[tooth], max_length=LONGEST, required=False,
                        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
                    )  # fmt: skip

    @property
    def questions(self) -> list[Any]:
        return [self[name] for name in self.group.fields]

    @property
    def teeth(self) -> list[Any]:
        names = [field_of(tooth) for tooth in Tooth]
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for refusal in why_not_chart(self._lines()):
            self.add_error(refusal.field, str(refusal.reason))
        return cleaned

    def _lines(self) -> dict[Tooth, str]:
        said = self.cleaned_data
        return {tooth: clean_line(said.get(field_of(tooth), "")) for tooth in Tooth}

    def part(self) -> Part:
        said = self.cleaned_data
        return Part(
            group=self.group.name,
            who=clean_line(said["who"]),
            said={name: clean_text(said[name]) for name in self.group.fields},
            teeth=chart_from(self._lines()),
            chart_on=clean_line(said.get("chart_on", "")),
        )
