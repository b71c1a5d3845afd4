"""What a captive says of his own will about a comrade. Nothing about orders, operations, guilt."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wayhome.bureau.statements.actions import Account, Comrade
from wayhome.bureau.statements.rules import LONGEST, Seen, Verdict
from wayhome.lib.languages import LANGUAGE_NAMES
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.console.forms.captives import read_day
from wayhome.web.forms import IdempotentForm, PartialDateInput, Radios

LONGEST_LINE = 300
SEEN = {
    Seen.ALIVE: _("He saw him alive"),
    Seen.WOUNDED: _("He saw him wounded"),
    Seen.DEAD: _("He saw him dead"),
    Seen.HEARD: _("He heard of him from others"),
}
VERDICTS = {
    Verdict.SAME: _("It speaks of the man sought"),
    Verdict.DIFFERENT: _("It speaks of somebody else"),
    Verdict.UNDECIDED: _("It cannot be told"),
}


def line(label: Any, hint: Any = "") -> forms.CharField:
    box = forms.TextInput({"autocomplete": "off"})
    return forms.CharField(
        label=label, help_text=hint, widget=box, required=False, max_length=LONGEST_LINE
    )


def several(label: Any, hint: Any = "", rows: int = 4) -> forms.CharField:
    area = forms.Textarea({"rows": rows})
    return forms.CharField(
        label=label, help_text=hint, widget=area, required=False, max_length=LONGEST
    )


def day_of(text: str) -> str:
    """As it was said, in a form that can be compared."""
    return read_day(clean_line(text)).text if text else ""


class StatementForm(IdempotentForm):
    """It refuses nothing that can be kept; what should be looked at again it says first."""

    warned = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)
    surname = line(_("Surname of the comrade"))
    given = line(pgettext_lazy("of a comrade", "Given name"))
    patronymic = line(pgettext_lazy("of a comrade", "Patronymic"))
    born = forms.CharField(
        label=_("When he was born, if known"),
        widget=PartialDateInput,
        required=False,
        max_length=LONGEST_LINE,
    )
    birthplace = line(_("Where he comes from, if known"))
    seen = forms.ChoiceField(
        label=_("How he knows of him"),
        choices=[(each.value, SEEN[each]) for each in Seen],
        widget=Radios,
        error_messages={"required": _("Choose how he knows of him.")},
    )
    seen_on = forms.CharField(
        label=_("When he last saw him"),
        widget=PartialDateInput,
        required=False,
        max_length=LONGEST_LINE,
    )
    seen_where = line(_("Where he last saw him"), _("A place of detention stays with you."))
    account = several(
        _("What he says, in his words"),
        _("Only about the comrade: how he was, what became of him."),
        rows=8,
    )
    told_on = forms.CharField(
        label=_("Said on which day"),
        help_text=_("A whole day, like 3.05.2022."),
        widget=PartialDateInput,
        max_length=LONGEST_LINE,
        error_messages={"required": _("Write when it was.")},
    )
    where = line(_("Where you spoke with him"), _("Read by the neutral alone."))
    language = forms.ChoiceField(
        label=_("In which language"),
        choices=[("", "–"), *LANGUAGE_NAMES.items(), ("other", _("another language"))],
        required=False,
    )
    translator = line(_("Who translated, if anybody"))
    free = forms.ChoiceField(
        label=_("Does he speak freely, of his own will?"),
        choices=[("yes", _("Yes")), ("no", _("No, or it is not sure"))],
        widget=Radios(inline=True),
        error_messages={"required": _("Say whether he speaks freely.")},
    )
    how_asked = several(
        _("How you asked him that, and who was near"),
        _("For example: alone, that he may stop, that nobody learns whether he spoke."),
        rows=3,
    )

    def clean_born(self) -> str:
        return day_of(self.cleaned_data["born"])

    def clean_seen_on(self) -> str:
        return day_of(self.cleaned_data["seen_on"])

    def clean_told_on(self) -> date:
        found = read_day(clean_line(self.cleaned_data["told_on"]))
        first = found.earliest()
        if first is None or first != found.latest():
            raise forms.ValidationError(_("A whole day, like 3.05.2022."))
        if first > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return first

    def told(self) -> Account:
        said = self.cleaned_data
        names = ("surname", "given", "patronymic", "birthplace")
        about = Comrade(**{name: clean_line(said[name]) for name in names}, born=said["born"])
        return Account(
            about=about,
            words=clean_text(said["account"]),
            seen=Seen(said["seen"]),
            seen_on=said["seen_on"],
            seen_where=clean_line(said["seen_where"]),
            told_on=said["told_on"],
            where=clean_line(said["where"]),
            language=said["language"],
            translator=clean_line(said["translator"]),
            free=said["free"] == "yes",
            how_asked=clean_text(said["how_asked"]),
        )


class TakeBackForm(IdempotentForm):
    sure = forms.BooleanField(
        label=_("He takes it back"), error_messages={"required": _("Say that it is so.")}
    )


class WeighForm(IdempotentForm):
    verdict = forms.ChoiceField(
        label=_("Does it speak of the man sought?"),
        choices=[(each.value, VERDICTS[each]) for each in Verdict],
        widget=Radios,
        error_messages={"required": _("Choose a verdict.")},
    )
    reason = forms.CharField(
        label=_("Your reason"),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST,
        error_messages={"required": _("Give your reason.")},
    )
