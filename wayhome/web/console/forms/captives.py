"""The capture card (GC III 122, Annex IV B), its correction, and why a file is opened."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.actions import Captured, Received
from wayhome.bureau.captives.rules import ASKED, SAID, Captor
from wayhome.lib.dates import DateUnreadable, PartialDate, Unreadable, parse
from wayhome.lib.languages import LANGUAGE_NAMES
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.console.forms.letters import LettersForm
from wayhome.web.console.forms.suggesting import suggesting
from wayhome.web.console.wording import CAPTORS, CARD_FIELDS, PURPOSES, SAID_WORDS
from wayhome.web.forms import Checkboxes, IdempotentForm, Radios

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST = 300
LONGEST_NOTE = 4000
DATES = ("born", "captured_on", "given_on")
NAMES = ("surname", "given", "patronymic", "father_name", "mother_name", "mothers_maiden_name")
SETS = (
    (_("These five facts are asked of him"), ASKED),
    (
        _("More about who he is: voluntary"),
        ("patronymic", "father_name", "mother_name", "mothers_maiden_name", "birthplace"),
    ),
    (_("His service: voluntary"), ("power", "unit")),
    (
        _("Whom to inform, where to write: voluntary"),
        ("inform_person", "inform_address", "letters_address"),
    ),
)
UNREADABLE = {
    Unreadable.NO_SUCH_DAY: _("There is no such day."),
    Unreadable.NOT_A_DATE: _("Write a date like 3.05.1999, 1999, spring 2001 or about 20."),
}


class Stated(forms.MultiWidget):
    """A box for what he said, and beside it why there is nothing in the box."""

    template_name = "console/captives/stated.html"
    use_fieldset = False

    def __init__(self, attrs: dict[str, Any]) -> None:
        said = [("", _("as written")), *SAID_WORDS.items()]
        box = forms.TextInput(
            {"class": "govuk-input govuk-input--width-20", "autocomplete": "off", **attrs}
        )
        super().__init__({"": box, "said": forms.Select({"class": "govuk-select"}, said)})
        self.label: StrOrPromise = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The list has a name of its own: whose value it stands for."""
        context = super().get_context(name, value, attrs)
        said = context["widget"]["subwidgets"][1]["attrs"]
        said["aria-label"] = _("%(field)s: if it is not written") % {"field": self.label}
        return context

    def decompress(self, value: Any) -> list[str]:
        return ["", value] if value in SAID else [value or "", ""]

    def id_for_label(self, id_: str, index: str = "0") -> str:
        return f"{id_}_{index}" if id_ else ""


class StatedField(forms.Field):
    """A value of the card: what he said, or one of "declined", "unknown", "unable", or nothing."""

    widget: Stated

    def __init__(self, *, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(widget=Stated(attrs or {}), required=False, **kwargs)
        self.widget.label = self.label or ""

    def clean(self, value: Any) -> str:
        text, said = (clean_line(str(part or "")) for part in (value or ("", "")))
        if len(text) > LONGEST:
            raise forms.ValidationError(_("This is too long."))
        if said and said not in SAID:
            raise forms.ValidationError(_("Choose one of the list."))
        if text and said:
            raise forms.ValidationError(_("Write what he said, or choose why not. Not both."))
        return text or said


class StatedDateField(StatedField):
    """A date as somebody knows it."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return read_day(text).text or read_day(text).said.value if text not in SAID else text


def read_day(text: str, age_on: date | None = None) -> PartialDate:
    """The date that this text means. Raises ValidationError."""
    try:
        return parse(text, today=timezone.localdate(), age_on=age_on)
    except DateUnreadable as unreadable:
        raise forms.ValidationError(UNREADABLE[unreadable.why]) from None


def moment(day: str, at: time | None) -> datetime | None:
    """The moment, where both the whole day and the time are known."""
    first, last = PartialDate(day).earliest(), PartialDate(day).latest()
    if at is None or first is None or first != last:
        return None
    return datetime.combine(first, at, tzinfo=timezone.get_current_timezone())


def time_field() -> forms.TimeField:
    return forms.TimeField(
        label=_("At what time, if known"),
        required=False,
        widget=forms.TimeInput({"class": "govuk-input--width-5", "autocomplete": "off"}, "%H:%M"),
        error_messages={"invalid": _("Write a time like 14:30.")},
    )


class CardForm(LettersForm, IdempotentForm):
    """What is on the card; the base of registering and correcting."""

    NAMES = NAMES
    captured_on = StatedDateField(label=CARD_FIELDS["captured_on"])
    health = StatedField(label=CARD_FIELDS["health"])
    status_decided = StatedField(
        label=CARD_FIELDS["status_decided"],
        help_text=_("Leave it empty in doubt: then he is presumed a prisoner of war (GC III 5)."),
    )
    note = forms.CharField(
        label=CARD_FIELDS["note"],
        help_text=_("No place, nothing about operations, opinions or faith."),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_NOTE,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {name: self.fields.pop(name) for name in list(self.fields)}
        for _legend, names in SETS:
            for name in names:
                self.fields[name] = card_field(name)
        self.fields.update(own)

    def card_sets(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """The fields of the card under their headings."""
        for legend, names in SETS:
            yield legend, [self[name] for name in names]

    def clean_note(self) -> str:
        return clean_text(self.cleaned_data["note"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._count_age_from_capture(cleaned)
        self.ask_about_letters(cleaned)
        return cleaned

    def _count_age_from_capture(self, cleaned: dict[str, Any]) -> None:
        """An age is his age when he was taken."""
        captured = PartialDate(_known(cleaned.get("captured_on"))).earliest()
        if captured and _known(cleaned.get("born")):
            on = min(captured, timezone.localdate())
            cleaned["born"] = read_day(self._typed("born"), age_on=on).text

    def _typed(self, name: str) -> str:
        return clean_line(str(self.data.get(self.add_prefix(name)) or ""))

    def card(self) -> dict[str, str]:
        """What the card holds: each value, and a day beside it as it was said."""
        values = {name: self.cleaned_data.get(name) or "" for name in CARD_FIELDS}
        for name in DATES:
            typed = self._typed(name)
            if name in self.fields and typed and typed != values[name]:
                values[f"{name}_as_said"] = typed
        return values


def _known(value: str | None) -> str:
    return value if value and value not in SAID else ""


def card_field(name: str) -> StatedField:
    if name == "born":
        hint = _("As far as it is known: 3.05.1999, 1999, spring 2001, about 20.")
        return StatedDateField(label=CARD_FIELDS[name], help_text=hint)
    return StatedField(label=CARD_FIELDS[name], attrs=suggesting(name))


class RegisterForm(CardForm):
    captured_time = time_field()
    captor = forms.ChoiceField(
        label=_("Taken by"),
        choices=list(CAPTORS.items()),
        initial=Captor.UNIT.value,
        required=False,
        widget=Radios(inline=True),
    )
    captured_by = forms.CharField(
        label=CARD_FIELDS["captured_by"],
        help_text=_("A name of the unit, or who the civilians were."),
        max_length=LONGEST,
        required=False,
    )
    captured_where = forms.CharField(
        label=CARD_FIELDS["captured_where"], max_length=LONGEST, required=False
    )
    given_to = forms.CharField(
        label=CARD_FIELDS["given_to"],
        help_text=_("Within 24 hours of the capture (GC III 12)."),
        max_length=LONGEST,
        required=False,
    )
    given_on = StatedDateField(label=CARD_FIELDS["given_on"])
    given_time = time_field()
    languages = forms.MultipleChoiceField(
        label=_("Languages that he understands"),
        choices=list(LANGUAGE_NAMES.items()),
        widget=Checkboxes,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("captured_on") and "captured_on" not in self.errors:
            self.add_error("captured_on", _("Write a day, or choose why it is not known."))
        for name in ("captured_by", "captured_where", "given_to"):
            cleaned[name] = clean_line(cleaned.get(name) or "")
        return cleaned

    def received(self) -> Received:
        said = self.cleaned_data
        captured = Captured(
            on=said["captured_on"],
            at=moment(_known(said["captured_on"]), said["captured_time"]),
            captor=Captor(said["captor"] or Captor.UNKNOWN),
            by=said["captured_by"],
            where=said["captured_where"],
            given_to=said["given_to"],
            given_on=_known(said["given_on"]),
            given_at=moment(_known(said["given_on"]), said["given_time"]),
        )
        card = {name: text for name, text in self.card().items() if text}
        return Received(card, captured, languages=" ".join(said["languages"]))


class CorrectForm(CardForm):
    reason = forms.CharField(
        label=_("Why the card is corrected"),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_NOTE,
        error_messages={"required": _("Give your reason.")},
    )

    @staticmethod
    def initial_of(card: dict[str, str]) -> dict[str, str]:
        """What the form shows of a card; a day as it was said."""
        said = {name: card[f"{name}_as_said"] for name in DATES if f"{name}_as_said" in card}
        return {**card, **said}

    def changes(self) -> dict[str, str]:
        """The fields of this form, emptied ones too; a day said otherwise before is gone."""
        own = {name: text for name, text in self.card().items() if name in self.fields}
        as_said = {f"{name}_as_said": "" for name in DATES if name in self.fields}
        told = {name: text for name, text in self.card().items() if name.endswith("_as_said")}
        return {**own, **as_said, **told}


class PurposeForm(forms.Form):
    purpose = forms.ChoiceField(
        label=_("Why do you open this file?"),
        choices=list(PURPOSES.items()),
        widget=Radios,
        error_messages={"required": _("Choose why.")},
    )
