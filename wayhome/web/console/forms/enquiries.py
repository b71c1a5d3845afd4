"""An enquiry written down by staff, why one is opened, and the word of a caller."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.enquiries.actions import hash_spoken
from wayhome.bureau.enquiries.rules import (
    THINGS,
    Channel,
    Contact,
    NewEnquiry,
    Party,
    Relation,
    Sought,
    Source,
    Thing,
    why_not_add,
    why_not_ask,
    why_not_reach,
    why_not_spoken,
    why_not_things,
)
from wayhome.lib.codes import decode
from wayhome.lib.numbers import parse as parse_number
from wayhome.lib.refusal import Refusal
from wayhome.lib.text import clean_line
from wayhome.web.console.forms.captives import read_day
from wayhome.web.console.forms.letters import LettersForm
from wayhome.web.console.forms.suggesting import suggesting
from wayhome.web.console.wording_enquiries import (
    CHANNELS,
    LANGUAGES,
    PARTIES,
    RELATIONS,
    SOUGHT_FIELDS,
    SOURCES,
    WHY,
    YES_NO,
)
from wayhome.web.forms import IdempotentForm, PartialDateInput, Radios

BY_STAFF = (Source.TELEPHONE, Source.PAPER, Source.ABROAD)
OFF = {"autocomplete": "off", "spellcheck": "false"}
# What a rule calls a field, and where it stands in the form.
FIELDS = {"number": "to", "email": "to"}
SERVICE = ("unit", "comrade", "rank", "service_no")
CHOOSE = {"required": _("Choose one of the list.")}


class Line(forms.CharField):
    """One line as people type it: cleaned before it is measured."""

    def __init__(self, *, label: Any, max_length: int = 120, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.TextInput(dict(OFF)))
        super().__init__(label=label, max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


def name_box(field: str) -> forms.TextInput:
    """A box under which other spellings of a name are proposed."""
    return forms.TextInput({**OFF, **suggesting(field)})


class SoughtForm(LettersForm, IdempotentForm):
    """Who is sought: the part of the form that describes a person."""

    NAMES: tuple[str, ...] = (
        "surname", "given", "patronymic", "full_name", "mother_name", "father_name", "comrade",
    )  # fmt: skip
    surname = Line(label=SOUGHT_FIELDS["surname"], widget=name_box("surname"))
    given = Line(label=SOUGHT_FIELDS["given"], widget=name_box("given"))
    patronymic = Line(label=SOUGHT_FIELDS["patronymic"], widget=name_box("patronymic"))
    full_name = Line(
        label=SOUGHT_FIELDS["full_name"],
        widget=name_box("full_name"),
        max_length=300,
        help_text=_("Only if it is not clear which part is which."),
    )
    born = Line(
        label=SOUGHT_FIELDS["born"],
        widget=PartialDateInput,
        help_text=_("As far as it is known: 3.05.1999, 1999, spring 2001, about 20."),
    )
    birthplace = Line(label=SOUGHT_FIELDS["birthplace"], max_length=300)
    mother_name = Line(
        label=SOUGHT_FIELDS["mother_name"], widget=name_box("mother_name"), max_length=300
    )
    father_name = Line(
        label=SOUGHT_FIELDS["father_name"],
        widget=name_box("father_name"),
        max_length=300,
        help_text=_("If no patronymic is known."),
    )
    unit = Line(label=SOUGHT_FIELDS["unit"], max_length=200)
    comrade = Line(
        label=SOUGHT_FIELDS["comrade"],
        widget=name_box("comrade"),
        max_length=300,
        help_text=_("If no unit is known. His name, and his date of birth if they know it."),
    )
    rank = Line(label=SOUGHT_FIELDS["rank"], max_length=100)
    service_no = Line(label=SOUGHT_FIELDS["service_no"], max_length=100)

    def clean_born(self) -> str:
        return read_day(self.cleaned_data["born"]).text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.ask_about_letters(cleaned)
        if not self.has_error("surname") and not self.has_error("full_name"):
            self.refuse(self.why_not(cleaned))
        return cleaned

    def why_not(self, cleaned: dict[str, Any]) -> Refusal | None:
        """What of the description stands against it."""
        return why_not_ask(cleaned)

    def refuse(self, refusal: Refusal | None) -> None:
        """Show a rule's no at its field, or above the form."""
        if refusal is None:
            return
        field = FIELDS.get(refusal.field, refusal.field)
        self.add_error(field if field in self.fields else None, str(refusal.reason))

    def sought(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name) or "" for name in SOUGHT_FIELDS}

    def fields_sought(self) -> list[Any]:
        return [self[name] for name in SOUGHT_FIELDS if name not in SERVICE]

    def fields_service(self) -> list[Any]:
        return [self[name] for name in SERVICE]


class AddForm(SoughtForm):
    """What a caller adds; nothing that stands in her enquiry is shown here."""

    question = Line(
        label=_("One more question that only the two of them can answer"), max_length=300
    )
    answer = Line(label=_("The answer to it"), max_length=300)

    def why_not(self, cleaned: dict[str, Any]) -> Refusal | None:
        things = self.things()
        return why_not_things(things) or why_not_add(self.sought(), things)

    def things(self) -> list[Thing]:
        """Her one more thing, if she told one."""
        said = self.cleaned_data
        thing = Thing(said.get("question") or "", said.get("answer") or "")
        return [thing] if thing != Thing("", "") else []


class EnquiryForm(SoughtForm):
    """One screen for the telephone, a sheet of paper, and a relative abroad."""

    NAMES = (*SoughtForm.NAMES, "enquirer_name")
    source = forms.ChoiceField(
        label=_("How it came"),
        choices=[(one.value, SOURCES[one]) for one in BY_STAFF],
        initial=Source.TELEPHONE.value,
        widget=Radios(inline=True),
        error_messages=CHOOSE,
    )
    language = forms.ChoiceField(
        label=_("Language of the family"),
        choices=list(LANGUAGES.items()),
        widget=Radios(inline=True),
        error_messages=CHOOSE,
    )
    written_on = Line(
        label=_("Day written on the sheet"),
        widget=PartialDateInput,
        help_text=_("Only for a sheet of paper. Empty is today."),
    )
    relation = forms.ChoiceField(
        label=_("What is she, or he, to the person they seek?"),
        choices=[("", "–"), *RELATIONS.items()],
        error_messages=CHOOSE,
    )
    party = forms.ChoiceField(
        label=_("Who is the person they seek?"),
        choices=[("", "–"), *PARTIES.items()],
        error_messages=CHOOSE,
    )
    enquirer_name = Line(
        label=_("Name of who asks"), max_length=300, help_text=_("It may stay empty.")
    )
    may_tell = forms.ChoiceField(
        label=_("May the person be told that they ask?"),
        choices=list(YES_NO.items()),
        widget=Radios(inline=True),
        error_messages=CHOOSE,
    )
    channel = forms.ChoiceField(
        label=_("May we contact them, and how?"),
        choices=list(CHANNELS.items()),
        initial=Channel.NONE.value,
        widget=Radios,
        error_messages=CHOOSE,
    )
    to = Line(label=_("Number or e-mail address"), max_length=200)
    hours = Line(label=_("At which hours"))
    code_word = Line(label=_("Code word"), help_text=_("Whoever of us calls says it first."))
    society_route = forms.BooleanField(
        label=_("Their own Red Cross society may also bring them news"), required=False
    )
    spoken = Line(
        label=_("The word that you agree on"),
        max_length=40,
        required=True,
        help_text=_("They say it when they call, and write it once to choose a PIN on our page."),
        error_messages={"required": _("Agree on a word of four letters or more.")},
    )
    question_1 = Line(label=_("First question"), max_length=300)
    answer_1 = Line(label=_("Answer to the first question"), max_length=300)
    question_2 = Line(label=_("Second question"), max_length=300)
    answer_2 = Line(label=_("Answer to the second question"), max_length=300)
    question_3 = Line(label=_("Third question"), max_length=300)
    answer_3 = Line(label=_("Answer to the third question"), max_length=300)

    def clean_written_on(self) -> date | None:
        typed = self.cleaned_data["written_on"]
        if not typed:
            return None
        day = read_day(typed)
        first = day.earliest()
        if first is None or first != day.latest():
            raise forms.ValidationError(_("A whole day, like 3.05.2022."))
        if first > timezone.localdate():
            raise forms.ValidationError(_("This is in the future."))
        if first < date.fromisoformat(settings.WAR_BEGAN_ON):
            raise forms.ValidationError(_("This is before the war began."))
        return first

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("channel"):
            self.refuse(why_not_reach(self.contact()))
        if cleaned.get("channel") == Channel.EMAIL and cleaned.get("to"):
            self._check_address(cleaned["to"])
        if cleaned.get("spoken"):
            self.refuse(why_not_spoken(cleaned["spoken"], self.sought()))
        for number in range(1, THINGS + 1):
            self._check_thing(number)
        return cleaned

    def _check_address(self, address: str) -> None:
        try:
            forms.EmailField().clean(address)
        except forms.ValidationError:
            self.add_error("to", _("This is no e-mail address. Write it like name@example.org."))

    def _check_thing(self, number: int) -> None:
        thing = self._thing(number)
        if thing != Thing("", "") and (refusal := why_not_things([thing])):
            empty = "answer" if thing.question else "question"
            self.add_error(f"{empty}_{number}", str(refusal.reason))

    def _thing(self, number: int) -> Thing:
        said = self.cleaned_data
        return Thing(said.get(f"question_{number}") or "", said.get(f"answer_{number}") or "")

    def contact(self) -> Contact:
        said = self.cleaned_data
        channel = Channel(said.get("channel") or Channel.NONE)
        by_telephone = channel == Channel.TELEPHONE
        return Contact(
            channel=channel,
            to=said.get("to", "") if channel != Channel.NONE else "",
            hours=said.get("hours", "") if by_telephone else "",
            code_word=said.get("code_word", "") if by_telephone else "",
            society_route=bool(said.get("society_route")),
        )

    def particulars(self) -> NewEnquiry:
        said = self.cleaned_data
        things = (self._thing(number) for number in range(1, THINGS + 1))
        return NewEnquiry(
            sought=Sought(**self.sought()),
            relation=Relation(said["relation"]),
            party=Party(said["party"]),
            enquirer_name=said["enquirer_name"],
            language=said["language"],
            contact=self.contact(),
            three_things=tuple(thing for thing in things if thing.question),
            may_tell_him=said["may_tell"] == "yes",
            source=Source(said["source"]),
            spoken_hash=hash_spoken(said["spoken"]),
            received_at=self._received_at(),
        )

    def _received_at(self) -> datetime | None:
        """The noon of the day on the sheet; None is now."""
        on = self.cleaned_data["written_on"]
        if self.cleaned_data["source"] != Source.PAPER or on is None:
            return None
        at = datetime.combine(on, time(12), timezone.get_current_timezone())
        return min(at, timezone.now())

    def things(self) -> list[tuple[Any, Any]]:
        """The questions beside their answers, for the page."""
        return [(self[f"question_{n}"], self[f"answer_{n}"]) for n in range(1, THINGS + 1)]


class WrittenDownForm(forms.Form):
    written = forms.BooleanField(
        label=_("They have the words on paper"),
        error_messages={"required": _("Read or print the words first. Then mark this box.")},
    )


class WhyForm(forms.Form):
    purpose = forms.ChoiceField(
        label=_("Why do you open this enquiry?"),
        choices=list(WHY.items()),
        widget=Radios,
        error_messages={"required": _("Choose why.")},
    )


class CallerForm(forms.Form):
    which = Line(
        label=_("Number of the enquiry, or the nine words"),
        max_length=600,
        required=True,
        widget=forms.Textarea({"rows": 3, **OFF}),
        error_messages={"required": _("Write the number, or the words.")},
    )
    spoken = Line(
        label=_("The word that was agreed"),
        max_length=40,
        required=True,
        error_messages={"required": _("Write the word that the caller says.")},
    )

    def target(self) -> dict[str, Any]:
        """Which enquiry is meant: by its number, or by the number that its words stand for."""
        typed = self.cleaned_data["which"]
        if number := parse_number(typed):
            return {"number": str(number)}
        code = decode(typed)
        # What is neither is nobody's number: asked for like any other.
        return {"code_number": code} if code is not None else {"number": typed[:24]}
