"""What he is asked, one form a screen. Each holds a mark that it was sent: an empty one is none."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.consents.rules import SECRET_AT_MOST, Answer, Fear, Kind
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.forms import IdempotentForm, Radios

LONGEST_ANSWER = 500
LONGEST_WORDS = 4_000
ALLOW = [
    (Answer.YES.value, _("Yes, I allow it")),
    (Answer.NO.value, _("No")),
    (Answer.NOT_NOW.value, _("Not now")),
]
WANT = [
    (Answer.YES.value, _("Yes, I want to")),
    (Answer.NO.value, _("No")),
    (Answer.NOT_NOW.value, _("Not now")),
]
SURE = [
    (Fear.YES.value, _("Yes")),
    (Fear.UNSURE.value, _("I am not sure")),
    (Fear.NO.value, _("No")),
]
# Where words of his own reach the person with the answer.
WORDS_WITH = {
    Kind.LIVES: _("Words of your own to this person, if you like"),
    Kind.HOW_I_AM: _("How you are, in your own words, if you like"),
}


class Words(forms.CharField):
    """Several lines of his own; never asked for."""

    def __init__(self, *, label: Any, rows: int = 3) -> None:
        area = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
        super().__init__(label=label, widget=area, required=False, max_length=LONGEST_WORDS)

    def clean(self, value: Any) -> str:
        return clean_text(super().clean(value))


class Line(forms.CharField):
    def __init__(self, *, label: Any, longest: int = LONGEST_ANSWER, help_text: Any = "") -> None:
        line = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(
            label=label, widget=line, required=False, max_length=longest, help_text=help_text
        )

    def clean(self, value: Any) -> str:
        return clean_line(super().clean(value))


def one_of(choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    """One answer; none is chosen for him."""
    return forms.ChoiceField(
        label=_("Your answer"),
        choices=choices,
        widget=Radios,
        error_messages={"required": _("Please choose an answer.")},
    )


class StepForm(IdempotentForm):
    """A screen that he leaves by "Continue"."""

    go_on = forms.CharField(
        widget=forms.HiddenInput,
        initial="1",
        label="",
        error_messages={"required": _("This page is out of date. Open it again.")},
    )


class ThingsForm(StepForm):
    """Her questions in her words; her answers and her name are never here."""

    def __init__(self, *args: Any, questions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [f"answer_{number}" for number in range(1, len(questions) + 1)]
        for name, question in zip(self.names, questions, strict=True):
            self.fields[name] = Line(label=question)

    def answers(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.names]


class AllowForm(StepForm):
    answer = one_of(ALLOW)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == Kind.GO_HOME:
            self.fields["answer"] = one_of(WANT)
        if kind in WORDS_WITH:
            self.fields["words"] = Words(label=WORDS_WITH[kind])


class FearForm(StepForm):
    answer = one_of(SURE)
    words = Words(label=_("What you want to say about it, if you like"))


class HarmForm(StepForm):
    answer = one_of(SURE)
    words = Words(label=_("What you want to say about it, if you like"))


class HomeForm(StepForm):
    answer = one_of(WANT)
    would = Line(label=_("Where you would go, if you like to say"))
    would_not = Line(label=_("Where you would not go, if you like to say"))
    words = Words(label=_("What you want to say about it, if you like"))

    def told(self) -> dict[str, str]:
        given = {name: self.cleaned_data[name] for name in ("would", "would_not", "words")}
        return {name: text for name, text in given.items() if text}


class WrongForm(StepForm):
    """This line is wrong."""

    words = Words(label=_("What is right, if you like to say"))


class ComplaintForm(IdempotentForm):
    text = forms.CharField(
        label=_("What is wrong"),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
        required=False,
        max_length=LONGEST_WORDS,
    )

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class TellForm(StepForm):
    name = Line(label=_("Name of this person"))
    reach = Line(label=_("Number or address where this person can be reached"))
    question = Line(
        label=_("A question that only this person can answer"),
        help_text=_("We ask it before we say anything. So nobody else can pretend."),
    )
    right_answer = Line(label=_("The right answer"))
    words = Words(label=_("Your words to this person, if you like"))

    FIELDS = ("name", "reach", "question", "right_answer", "words")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        wanted = {
            "name": _("Please write the name of this person."),
            "reach": _("Please write where this person can be reached."),
            "question": _("Please write a question that only this person can answer."),
            "right_answer": _("Please write the right answer."),
        }
        if any(given.get(field) for field in self.FIELDS):
            for field, message in wanted.items():
                if field not in self.errors and not given.get(field):
                    self.add_error(field, message)
        return given

    def who(self) -> dict[str, str]:
        return {field: self.cleaned_data[field] for field in self.FIELDS}


def secret_field(label: Any, hint: Any = "") -> forms.CharField:
    """Typed unseen; the tablet's keyboard is asked to remember nothing."""
    box = forms.PasswordInput(
        attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    )
    return forms.CharField(
        label=label,
        help_text=hint,
        widget=box,
        max_length=SECRET_AT_MOST * 2,
        error_messages={"required": _("Please write your secret.")},
    )


class NewSecretForm(IdempotentForm):
    secret = secret_field(
        _("Choose a secret"),
        _("At least 6 digits, or a word. Tell it to nobody, not to the person with you either."),
    )
    again = secret_field(_("The same once more"))


class SecretForm(IdempotentForm):
    secret = secret_field(_("Your secret"))


def show_on(form: forms.Form, refused: Refused) -> None:
    """Each refusal at its field, or above the form."""
    for refusal in refused.refusals:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, str(refusal.reason))
