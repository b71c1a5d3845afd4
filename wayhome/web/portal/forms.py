"""What a family is asked, one form a page. Every answer is text, a choice or a yes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.enquiries.rules import (
    THINGS,
    Channel,
    Contact,
    Party,
    Relation,
    Thing,
    why_not_ask,
    why_not_reach,
    why_not_things,
)
from wayhome.lib.codes import decode, why_not_pin
from wayhome.lib.dates import read_date
from wayhome.lib.refusal import Refusal
from wayhome.lib.text import clean_line, clean_text, mend_look_alikes
from wayhome.web.forms import IdempotentForm, PartialDateInput, Radios

WIDE = {"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}
SECRET = {"autocomplete": "off", "inputmode": "numeric", "class": "govuk-input--width-10"}
RELATIONS = [
    (Relation.MOTHER, _("Mother")),
    (Relation.FATHER, _("Father")),
    (Relation.WIFE, _("Wife")),
    (Relation.HUSBAND, _("Husband")),
    (Relation.PARTNER, _("Partner, not married")),
    (Relation.SISTER, _("Sister")),
    (Relation.BROTHER, _("Brother")),
    (Relation.SON, _("Son")),
    (Relation.DAUGHTER, _("Daughter")),
    (Relation.GRANDPARENT, _("Grandmother or grandfather")),
    (Relation.OTHER_RELATIVE, _("Another relative")),
    (Relation.FRIEND, _("Friend")),
]
PARTIES = [
    (Party.ADVERSE, _("With the Russian forces, in any unit or service")),
    (Party.CIVILIAN, _("A civilian from Russia or another country")),
    (Party.OWN_SOLDIER, _("A soldier of Ukraine")),
    (Party.OWN_CIVILIAN, _("A civilian of Ukraine")),
    (Party.UNKNOWN, _("I do not know")),
]
CHANNELS = [
    (Channel.NONE, _("Do not contact me. I come back myself")),
    (Channel.TELEPHONE, _("By telephone")),
    (Channel.EMAIL, _("By e-mail")),
]
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
CHOOSE = {"required": _("Choose one of these answers.")}


class Line(forms.CharField):
    """One line as people type it: cleaned, never empty of meaning."""

    def __init__(self, *, label: Any, max_length: int = 120, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(dict(WIDE)))
        super().__init__(label=label, max_length=max_length, required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class Lines(forms.CharField):
    """A few lines."""

    def __init__(self, *, label: Any, rows: int = 3, max_length: int = 1000, **kwargs: Any) -> None:
        widget = forms.Textarea({"rows": rows, "autocomplete": "off"})
        super().__init__(
            label=label, max_length=max_length, required=False, widget=widget, **kwargs
        )

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class StepForm(forms.Form):
    """One question. `answered` tells a page left empty from nothing sent at all."""

    answered = forms.CharField(
        label="",
        widget=forms.HiddenInput,
        initial="yes",
        error_messages={"required": _("This page is out of date. Open it again.")},
    )
    # Fields in which a Latin letter may have slipped into a Cyrillic word.
    NAMES: tuple[str, ...] = ()
    # Fields that are asked the first time and cannot be changed later.
    FIRST_ONLY: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mended: dict[str, str] = {}
        if self.is_bound and self.data.get("letters"):
            self.fields["letters"] = letters_field("", "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._look_at_letters(data)
        return data

    def _look_at_letters(self, data: dict[str, Any]) -> None:
        mended = {name: mend_look_alikes(data.get(name, "")) for name in self.NAMES}
        self.mended = {name: new for name, new in mended.items() if new != data.get(name, "")}
        choice = data.pop("letters", "")
        if not self.mended:
            return
        if choice == "ours":
            data.update(self.mended)
        elif choice != "mine":
            typed = ", ".join(data[name] for name in self.mended)
            self.fields["letters"] = letters_field(typed, ", ".join(self.mended.values()))
            self.add_error("letters", _("Please look at the spelling once more."))

    def leave_out_first_only(self) -> None:
        """Ask only what may be changed."""
        for name in self.FIRST_ONLY:
            del self.fields[name]

    def refuse(self, refusal: Refusal | None) -> None:
        """Show a rule's no at its field."""
        if refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.reason)

    def answers(self) -> dict[str, Any]:
        """What is kept: JSON."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("answered", "letters")}


def letters_field(typed: str, proposed: str) -> forms.ChoiceField:
    """Ask which spelling was meant."""
    return forms.ChoiceField(
        label=_("Some letters come from another alphabet and only look the same"),
        choices=[("ours", proposed), ("mine", typed)],
        required=False,
        widget=Radios(hints={"ours": _("Our proposal"), "mine": _("As you wrote it")}),
    )


class WhoForm(StepForm):
    relation = forms.ChoiceField(
        label=_("What are you to the person you seek?"),
        choices=RELATIONS,
        widget=Radios,
        error_messages=CHOOSE,
    )
    abroad = forms.BooleanField(
        label=_("I live abroad and ask for this relative, who cannot ask safely"), required=False
    )
    FIRST_ONLY = ("abroad",)


class SideForm(StepForm):
    party = forms.ChoiceField(
        label=_("Who is the person you seek?"),
        choices=PARTIES,
        widget=Radios,
        error_messages=CHOOSE,
    )


class ElsewhereForm(StepForm):
    """Only something to read."""


class NameForm(StepForm):
    NAMES = ("surname", "given", "patronymic", "full_name")
    surname = Line(label=_("Surname"))
    given = Line(label=_("First name"))
    patronymic = Line(label=_("Patronymic"), help_text=_("If there is one."))
    full_name = Line(
        label=_("Or the whole name in one line"),
        max_length=300,
        help_text=_("Use this if you are not sure which part is which."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.refuse(why_not_ask(data))
        return data


class PatronymicForm(StepForm):
    NAMES = ("patronymic",)
    patronymic = Line(
        label=_("What is the patronymic of the person you seek?"),
        help_text=_("If there is one."),
    )


class BornForm(StepForm):
    born = Line(
        label=_("When was the person you seek born?"),
        widget=PartialDateInput,
        help_text=_("Write what you know. For example: 3.05.1999, or 1999, or about 20 years old."),
    )

    def clean_born(self) -> str:
        typed: str = self.cleaned_data["born"]
        if typed and read_date(typed) is None:
            raise forms.ValidationError(
                _("We cannot read this date. Write it like 3.05.1999, or only the year.")
            )
        return typed


class BirthplaceForm(StepForm):
    NAMES = ("birthplace",)
    birthplace = Line(
        label=_("Where was the person you seek born?"),
        max_length=300,
        help_text=_("Town or village and region. You may leave it empty."),
    )


class MotherForm(StepForm):
    NAMES = ("mother_name",)
    mother_name = Line(
        label=_("What is the name of that person's mother?"),
        max_length=300,
        help_text=_(
            "It helps to tell apart people with the same name. If you are the mother, write yours."
        ),
    )


class YourNameForm(StepForm):
    NAMES = ("your_name",)
    your_name = Line(
        label=_("What is your name?"),
        max_length=300,
        help_text=_("You may leave it empty. Your enquiry counts the same without it."),
    )


class ThingsForm(StepForm):
    question_1 = Line(label=_("First question"), max_length=300)
    answer_1 = Line(label=_("Answer to the first question"), max_length=300)
    question_2 = Line(label=_("Second question"), max_length=300)
    answer_2 = Line(label=_("Answer to the second question"), max_length=300)
    question_3 = Line(label=_("Third question"), max_length=300)
    answer_3 = Line(label=_("Answer to the third question"), max_length=300)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for number in range(1, THINGS + 1):
            pair = Thing(data.get(f"question_{number}", ""), data.get(f"answer_{number}", ""))
            refusal = why_not_things([pair]) if pair != Thing("", "") else None
            if refusal:
                empty = "answer" if pair.question else "question"
                self.add_error(f"{empty}_{number}", refusal.reason)
        return data


class MayTellForm(StepForm):
    may_tell = forms.ChoiceField(
        label=_("May the person you seek be told that you ask?"),
        choices=YES_NO,
        error_messages=CHOOSE,
        widget=Radios(
            hints={
                "yes": _("We say who asks, in a talk without anybody else from the bureau's side."),
                "no": _("We do not say your name to that person. Your enquiry counts the same."),
            }
        ),
    )


class ContactForm(StepForm):
    channel = forms.ChoiceField(
        label=_("Which way is safe for you?"),
        choices=CHANNELS,
        initial=Channel.NONE,
        error_messages=CHOOSE,
        widget=Radios(
            hints={
                Channel.NONE: _("The safest way. You come back with your words and your PIN."),
                Channel.TELEPHONE: _("We never leave a message and never send an SMS."),
                Channel.EMAIL: _("The letter says only that there is something to read."),
            }
        ),
    )
    number = Line(
        label=_("Your telephone number"),
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
        max_length=40,
    )
    hours = Line(label=_("At which hours?"), help_text=_("For example: on weekdays from 18 to 20."))
    code_word = Line(
        label=_("A code word"),
        help_text=_("We say this word first, so that you know that it is really us."),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid": _("This is no e-mail address. Write it like name@example.org.")},
    )
    society_route = forms.BooleanField(
        label=_("My own Red Cross society may also bring me news"), required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            self.refuse(why_not_reach(contact_of(data)))
        return data


def contact_of(answers: dict[str, Any]) -> Contact:
    """The contact in a contact page's answers. Without any: she comes back herself."""
    channel = Channel(answers.get("channel") or Channel.NONE)
    to = {Channel.TELEPHONE: "number", Channel.EMAIL: "email"}.get(channel)
    by_telephone = channel == Channel.TELEPHONE
    return Contact(
        channel=channel,
        to=answers.get(to, "") if to else "",
        hours=answers.get("hours", "") if by_telephone else "",
        code_word=answers.get("code_word", "") if by_telephone else "",
        society_route=bool(answers.get("society_route")),
    )


class UnitForm(StepForm):
    unit = Line(label=_("Unit"), max_length=200)
    rank = Line(label=_("Rank"), max_length=100)
    service_no = Line(label=_("Personal number"), max_length=100)


class CheckForm(StepForm):
    """She has looked at her answers."""


def pin_field(label: Any, *, asked: Any = "", help_text: Any = "") -> forms.CharField:
    """Typed unseen, by digits. `asked` is said when it is left empty; without it, it may be."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.PasswordInput(SECRET),
        max_length=40,
        required=bool(asked),
        error_messages={"required": asked} if asked else None,
    )


class _TwicePin(StepForm):
    def check_pin(self, data: dict[str, Any], first: str, again: str) -> None:
        pin = data.get(first, "")
        if pin and (refusal := why_not_pin(pin)):
            self.add_error(first, refusal.reason)
        elif pin != data.get(again, ""):
            self.add_error(again, _("The two PINs are not the same. Please write both again."))


class PinForm(_TwicePin):
    pin = pin_field(_("Your PIN"), asked=_("Please choose a PIN."))
    again = pin_field(_("The same PIN once more"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.check_pin(data, "pin", "again")
        return data


class SecondPinForm(IdempotentForm, _TwicePin):
    second = pin_field(_("A second PIN"), help_text=_("Leave it empty if you do not want one."))
    again = pin_field(_("The same second PIN once more"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.check_pin(data, "second", "again")
        return data


class WrittenForm(forms.Form):
    written = forms.BooleanField(
        label=_("I have written the words on paper"),
        error_messages={"required": _("Write the words on paper first. Then mark this box.")},
    )


class ComeBackForm(forms.Form):
    words = forms.CharField(
        label=_("Your words"),
        widget=forms.Textarea(
            {"rows": 4, "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        ),
        max_length=600,
        help_text=_("In their order, with spaces between them. Any language of ours will do."),
        error_messages={"required": _("Please write the words from your paper.")},
    )
    pin = forms.CharField(
        label=_("Your PIN"),
        # No keyboard of digits alone: an agreed word may stand here once.
        widget=forms.PasswordInput({**SECRET, "inputmode": "text"}),
        max_length=40,
        help_text=_("Who asked by telephone or on paper writes the agreed word here, once."),
        error_messages={"required": _("Please write your PIN.")},
    )

    def clean_words(self) -> int:
        number = decode(self.cleaned_data["words"])
        if number is None:
            raise forms.ValidationError(
                _("One of the words is missing or written in another way. Please look once more.")
            )
        return number


class ChangePinForm(_TwicePin):
    now = pin_field(_("Your PIN as it is now"), asked=_("Please write your PIN."))
    pin = pin_field(_("The new PIN"), asked=_("Please choose a PIN."))
    again = pin_field(_("The new PIN once more"))
    second = pin_field(
        _("A new second PIN"), help_text=_("Leave it empty if it should stay as it is.")
    )
    second_again = pin_field(_("The new second PIN once more"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.check_pin(data, "pin", "again")
        self.check_pin(data, "second", "second_again")
        return data


class ForgetForm(forms.Form):
    sure = forms.BooleanField(
        label=_("Yes, forget everything that I told you"),
        error_messages={"required": _("Mark this box if you are sure.")},
    )
