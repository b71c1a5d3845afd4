"""What a clerk or the auditor answers to what a captive called wrong; deciding in his place."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.concerns.rules import LONGEST, ObjectionState
from wayhome.bureau.consents.rules import DECIDED_FOR_HIM, Kind, Unable
from wayhome.lib.text import clean_text
from wayhome.web.forms import IdempotentForm, Radios

KINDS = {Kind.LIVES: _("That he lives"), Kind.HOW_I_AM: _("How he is")}
WHY = {
    Unable.ILL: _("He is unconscious or too ill to decide"),
    Unable.CHILD: _("He is a child"),
}


def words(label: Any, *, rows: int = 4, hint: Any = "", required: Any = "") -> forms.CharField:
    """Several lines; without `required` what is missing the rule says."""
    return forms.CharField(
        label=label,
        help_text=hint,
        widget=forms.Textarea({"rows": rows}),
        max_length=LONGEST,
        error_messages={"required": required} if required else {},
        required=bool(required),
    )


class SettleForm(IdempotentForm):
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (ObjectionState.CORRECTED.value, _("The card was corrected")),
            (ObjectionState.KEPT.value, _("The line stays as it is")),
        ],
        widget=Radios,
        error_messages={"required": _("Choose what came of it.")},
    )
    reason = words(
        _("What he is told of it"),
        hint=_("In his language. He reads it on his page."),
        required=_("Say what he is to be told."),
    )

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"])


class AnswerForm(IdempotentForm):
    text = words(
        _("What he is told of it"),
        hint=_("In his language. He reads it on his page."),
        required=_("Say what he is to be told."),
    )

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class ForHimForm(IdempotentForm):
    """The neutral's: what is decided in his place, and why."""

    kind = forms.ChoiceField(
        label=_("What his family may know"),
        choices=[(kind.value, KINDS[kind]) for kind in DECIDED_FOR_HIM],
        widget=Radios,
        error_messages={"required": _("Choose what his family may know.")},
    )
    why = forms.ChoiceField(
        label=_("Why he cannot decide"),
        choices=[(why.value, WHY[why]) for why in Unable],
        widget=Radios(
            hints={
                Unable.ILL.value: _("A physician of his site must agree. It holds for a week."),
                Unable.CHILD.value: _("His guardian decides, before you."),
            }
        ),
        error_messages={"required": _("Choose why he cannot decide.")},
    )
    guardian = words(_("His guardian, and how you know it"), rows=2, hint=_("For a child only."))
    grounds = words(_("Why it is in his interest"), required=_("Say why it is in his interest."))


class AgreeForm(IdempotentForm):
    sure = forms.BooleanField(
        label=_("I have seen him. He cannot decide, and it is in his interest"),
        error_messages={"required": _("Say that it is so.")},
    )


class EndForm(IdempotentForm):
    sure = forms.BooleanField(
        label=_("It holds no longer"), error_messages={"required": _("Say that it is so.")}
    )
