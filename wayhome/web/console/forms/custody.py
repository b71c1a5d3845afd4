"""What happens to a captive, what is done for him, how he is."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.actions import DutyDone, Happening
from wayhome.bureau.captives.models import Place
from wayhome.bureau.captives.rules import (
    MAY_FOLLOW,
    NOTED,
    DutyKind,
    EventKind,
    Outcome,
)
from wayhome.lib.languages import LANGUAGE_NAMES
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.console.forms.captives import (
    LONGEST,
    LONGEST_NOTE,
    moment,
    read_day,
    time_field,
)
from wayhome.web.console.wording import DUTIES, EVENTS, OUTCOMES
from wayhome.web.forms import IdempotentForm, PartialDateInput, Radios


class PlaceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class EventForm(IdempotentForm):
    """The next event of his custody: only what may follow the last one is offered."""

    kind = forms.ChoiceField(
        label=_("What happened"),
        widget=Radios,
        error_messages={"required": _("Choose what happened.")},
    )
    on = forms.CharField(
        label=_("On which day"),
        widget=PartialDateInput,
        max_length=LONGEST,
        error_messages={"required": _("Write when it was.")},
    )
    time = time_field()
    place = PlaceChoice(
        Place.objects.none(), label=_("Place"), required=False, empty_label=_("None")
    )
    new_place = forms.CharField(
        label=_("Or a place that is not in the list"), max_length=200, required=False
    )
    to_authority = forms.CharField(label=_("Authority"), max_length=LONGEST, required=False)
    note = forms.CharField(
        label=_("Remark"),
        help_text=_("Read by those who may know the place."),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_NOTE,
        required=False,
    )

    def __init__(self, *args: Any, last_kind: EventKind | None, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        follow = [kind for kind in EventKind if kind in MAY_FOLLOW[last_kind]]
        kind, place = self.fields["kind"], self.fields["place"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(place, forms.ModelChoiceField)
        kind.choices = [(one.value, EVENTS[one]) for one in follow if one != EventKind.RETURNED]
        place.queryset = places

    def clean_on(self) -> str:
        found = read_day(clean_line(self.cleaned_data["on"]))
        if not found.known:
            raise forms.ValidationError(_("Write when it was."))
        return found.text

    def clean_new_place(self) -> str:
        return clean_line(self.cleaned_data["new_place"])

    def happened(self, place: Place | None) -> Happening:
        said = self.cleaned_data
        return Happening(
            kind=EventKind(said["kind"]),
            at=moment(said["on"], said["time"]),
            on=said["on"],
            place=place or said["place"],
            to_authority=clean_line(said["to_authority"]),
            note=clean_text(said["note"]),
        )


class DutyForm(IdempotentForm):
    kind = forms.ChoiceField(
        label=_("What was done for him"),
        choices=[(kind.value, DUTIES[kind]) for kind in NOTED],
        widget=Radios,
        error_messages={"required": _("Choose what was done.")},
    )
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=list(OUTCOMES.items()),
        initial=Outcome.DONE.value,
        required=False,
        widget=Radios(inline=True),
    )
    language = forms.ChoiceField(
        label=_("In which language"),
        choices=[("", "–"), *LANGUAGE_NAMES.items()],
        required=False,
    )
    on = forms.CharField(
        label=_("On which day"),
        help_text=_("A whole day, like 3.05.2022."),
        widget=PartialDateInput,
        max_length=LONGEST,
        error_messages={"required": _("Write when it was.")},
    )
    time = time_field()

    def clean_on(self) -> date:
        found = read_day(clean_line(self.cleaned_data["on"]))
        first = found.earliest()
        if first is None or first != found.latest():
            raise forms.ValidationError(_("A whole day, like 3.05.2022."))
        return first

    def done(self) -> DutyDone:
        said = self.cleaned_data
        # Without a time: the last moment of the day that has passed.
        end = datetime.combine(
            said["on"], said["time"] or time.max, timezone.get_current_timezone()
        )
        today = said["time"] is None and said["on"] == timezone.localdate()
        return DutyDone(
            kind=DutyKind(said["kind"]),
            at=timezone.now() if today else end.replace(microsecond=0),
            outcome=Outcome(said["outcome"] or Outcome.DONE),
            language=said["language"],
        )


class HealthForm(IdempotentForm):
    note = forms.CharField(
        label=_("What you found"),
        widget=forms.Textarea({"rows": 5}),
        max_length=LONGEST_NOTE,
        required=False,
    )
    weight_kg = forms.FloatField(
        label=_("Weight in kilograms"),
        help_text=_("With it this is the monthly inspection."),
        widget=forms.TextInput({"inputmode": "decimal", "class": "govuk-input--width-5"}),
        localize=True,
        required=False,
        error_messages={"invalid": _("Give the weight in kilograms, such as 68.5.")},
    )
    cannot_decide = forms.BooleanField(
        label=_("He is unable to decide for himself now"), required=False
    )

    def note_of(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "note": clean_text(said["note"]),
            "weight_kg": said["weight_kg"],
            "cannot_decide": said["cannot_decide"],
        }
