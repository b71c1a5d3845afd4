"""What is written of a death or an injury that is looked into outside the camp."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.inquests.rules import (
    FINDING_NAMES,
    LONGEST_WHO,
    SOURCE_NAMES,
    Finding,
    Reported,
    Said,
    Source,
)
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.console.forms.captives import time_field
from wayhome.web.console.forms.remains import AtForm, text, when
from wayhome.web.forms import IdempotentForm, Radios


class AskForm(IdempotentForm):
    """A physician, the neutral or a legal officer saw an injury that somebody may have caused."""

    what = text(
        _("What is seen of the injury, and what is said of it"),
        rows=4,
        help_text=_("Nobody of the camp reads this. It goes to legal officers elsewhere."),
    )


class HearForm(AtForm):
    """One statement."""

    source = forms.ChoiceField(
        label=_("From whom, or from what"),
        choices=[(source.value, SOURCE_NAMES[source]) for source in Source],
        widget=Radios,
        error_messages={"required": _("Choose from whom or from what it is.")},
    )
    who = forms.CharField(
        label=_("Who it is: name or number, and what they are"),
        max_length=LONGEST_WHO,
        required=False,
    )
    words = text(_("What was said or seen, in the words of who said it"), rows=8)
    present = forms.CharField(
        label=_("Who else was in the room"), max_length=LONGEST_WHO, required=False
    )
    camp_present = forms.BooleanField(
        label=_("Somebody of the camp was in the room"), required=False
    )
    on = when(_("Heard on"))
    time = time_field()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.ask_for_the_time("on", "time")
        return cleaned

    def said(self) -> Said:
        said = self.cleaned_data
        return Said(
            Source(said["source"]),
            clean_line(said["who"]),
            clean_text(said["words"]),
            self.moment(),
            clean_line(said["present"]),
            said["camp_present"],
        )


class ReportForm(IdempotentForm):
    """What was found."""

    finding = forms.ChoiceField(
        label=_("What caused it"),
        choices=[(finding.value, FINDING_NAMES[finding]) for finding in Finding],
        widget=Radios,
        error_messages={"required": _("Choose what caused it.")},
    )
    cause = text(_("What happened, and what shows it"), rows=6)
    no_witness = text(
        _("Why no captive could be heard"),
        rows=2,
        help_text=_("Empty where a captive was heard."),
    )
    measures = text(
        _("What was done so that somebody answers for it"),
        rows=3,
        help_text=_("Needed where another person caused it."),
    )
    reason = text(_("Why it supersedes the report before"), rows=2)

    def __init__(self, *args: Any, supersedes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not supersedes:
            del self.fields["reason"]

    def reported(self) -> Reported:
        said = self.cleaned_data
        texts = {
            name: clean_text(said.get(name, ""))
            for name in ("cause", "no_witness", "measures", "reason")
        }
        return Reported(Finding(said["finding"]), **texts)
