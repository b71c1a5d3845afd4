"""What journeys are made of, as the coordinator writes it down."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journeys.models import Crossing, Escort, Resource, Shelter, Vehicle, Way
from wayhome.bureau.journeys.rules.resources import (
    CLOSABLE,
    KIND_NAMES,
    LONGEST_DUTY_HOURS,
    SEXES,
    ZONES,
    ResourceKind,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.languages import LANGUAGE_NAMES
from wayhome.lib.text import clean
from wayhome.web.forms import Checkboxes, DateParts, IdempotentForm, Radios

MOST = 10_000
LONGEST_LINE, MOST_LINES = 120, 40
NUMBER = {
    "required": _("Write a number."),
    "invalid": _("Write a number."),
    "min_value": _("Write a number of at least %(limit_value)s."),
    "max_value": _("Write a number of at most %(limit_value)s."),
}
HOUR = {
    "required": _("Write an hour, such as 06:30."),
    "invalid": _("Write an hour, such as 06:30."),
}
CHOOSE = {"required": _("Choose one of these answers.")}
NARROW = {"class": "govuk-input--width-5"}


class Lines(forms.CharField):
    """Several short texts, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.Textarea({"rows": 3}), max_length=4000, required=False, **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [clean(line, longest=LONGEST_LINE) for line in super().clean(value).splitlines()]
        return list(dict.fromkeys(line for line in lines if line))[:MOST_LINES]


class OfList(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of a list of resources, by its name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_label="–", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


def _name(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=200, error_messages={"required": _("Write a name.")}
    )


def _hour(label: Any, hint: Any = "") -> forms.TimeField:
    widget = forms.TimeInput(NARROW, format="%H:%M")
    return forms.TimeField(label=label, help_text=hint, widget=widget, error_messages=HOUR)


def _number(label: Any, *, least: int = 0, most: int = MOST, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=hint, min_value=least, max_value=most, error_messages=NUMBER,
        widget=forms.TextInput({**NARROW, "inputmode": "numeric"}),
    )  # fmt: skip


def _zone(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(ZONES.items()), initial=settings.TIME_ZONE)


def _region() -> forms.CharField:
    return forms.CharField(
        label=_("Region"),
        help_text=_("Where families set out from. Write it everywhere in the same way."),
        max_length=120,
        error_messages={"required": _("Write a region.")},
    )


def _first() -> forms.DateField:
    return forms.DateField(
        label=_("First day"), widget=DateParts, error_messages={"required": _("Write a day.")}
    )


def _last() -> forms.DateField:
    return forms.DateField(
        label=_("Last day"), help_text=_("Leave it empty if none is known."), widget=DateParts,
        required=False,
    )  # fmt: skip


def _areas() -> Lines:
    return Lines(
        label=_("Areas it leads through, one a line"),
        help_text=_("A danger notice for one of these areas closes it."),
    )


class ResourceForm(IdempotentForm):
    """A line of a list."""

    def told(self) -> dict[str, Any]:
        return {
            name: clean(value) if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
            if name != "idempotency_key"
        }

    @classmethod
    def initial_of(cls, kept: Resource) -> dict[str, Any]:
        names = cls.base_fields.keys() - {"idempotency_key"}
        return {name: getattr(kept, name) for name in names if hasattr(kept, name)}


class CrossingForm(ResourceForm):
    name = _name(_("Crossing"))
    zone = _zone(_("Its hours are"))
    opens = _hour(_("Opens at"))
    closes = _hour(_("Closes at"))
    places_in = _number(_("Persons a day on the way in"))
    places_out = _number(
        _("Persons a day on the way out"),
        hint=_("Without the places that you keep for men whom nobody comes for."),
    )
    baggage_kg = _number(
        _("Baggage that each may take out, in kilograms"),
        most=500,
        hint=_("At least 25 kilograms, unless nobody leaves by it."),
    )
    areas = _areas()
    states = Lines(
        label=_("States on the way out beyond it, one a line"),
        help_text=_("Each must consent to the transit before a journey is confirmed."),
    )


class WayForm(ResourceForm):
    name = _name(_("Route"))
    region = _region()
    crossing = OfList(label=_("Crossing"), queryset=Crossing.objects.none(), error_messages=CHOOSE)
    zone = _zone(_("The region has"))
    leaves = _hour(_("Leaves the region at"), _("In the time of the region."))
    crosses = _hour(_("Crosses at"), _("In the time of the crossing."))
    arrives = _hour(_("Arrives at"), _("In the time of the bureau."))
    areas = _areas()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Crossing.objects.in_use().order_by("name")
        self.fields["crossing"].queryset = offered  # type: ignore[attr-defined]


class VehicleForm(ResourceForm):
    name = _name(_("Vehicle"))
    region = _region()
    seats = _number(
        _("Seats for families"), least=1, most=200, hint=_("Driver and escort have their own.")
    )
    from_on = _first()
    until_on = _last()


class EscortForm(ResourceForm):
    staff = forms.ModelChoiceField(
        label=_("Number"), queryset=Staff.objects.none(), error_messages=CHOOSE
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=list(LANGUAGE_NAMES.items()), widget=Checkboxes,
        error_messages={"required": _("Choose at least one language.")},
    )  # fmt: skip
    sex = forms.ChoiceField(
        label=_("Woman or man"),
        help_text=_("Some families need a woman to go with them."),
        choices=list(SEXES.items()),
        widget=Radios(inline=True),
        error_messages=CHOOSE,
    )
    hours = _number(_("Hours on duty on one day, at most"), least=1, most=LONGEST_DUTY_HOURS)
    from_on = _first()
    until_on = _last()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        escorts = Staff.objects.get_queryset().filter(role=Role.ESCORT, is_active=True)
        self.fields["staff"].queryset = escorts.order_by("number")  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        return {**super().told(), "name": self.cleaned_data["staff"].number}


class ShelterForm(ResourceForm):
    name = _name(_("Shelter"))
    places = _number(
        _("Beds for both, each night"),
        hint=_("Without the beds that you keep for men whom nobody comes for."),
    )
    areas = _areas()


class DangerForm(ResourceForm):
    area = forms.CharField(
        label=_("Area"),
        help_text=_("As it is written at ways, crossings and shelters."),
        max_length=LONGEST_LINE,
        error_messages={"required": _("Write an area.")},
    )
    name = _name(_("What is known, and from whom"))
    from_on = _first()
    until_on = _last()


class ClosureForm(ResourceForm):
    closed = forms.ChoiceField(label=_("What is closed"), error_messages=CHOOSE)
    name = _name(_("Why"))
    from_on = _first()
    until_on = _last()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offered = {
            f"{kind.value}:{one.pk}": one
            for kind in CLOSABLE
            for one in OFFERED[kind].objects.in_use().order_by("name")
        }
        groups = [
            (KIND_NAMES[kind], [(key, one.name) for key, one in self._offered.items()
                                if key.startswith(f"{kind.value}:")])
            for kind in CLOSABLE
        ]  # fmt: skip
        self.fields["closed"].choices = [("", "–"), *groups]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        told = super().told()
        kind, one = told.pop("closed").partition(":")[0], self._offered[self.cleaned_data["closed"]]
        return {**told, **{each.value: None for each in CLOSABLE}, kind: one, "what": kind}

    @classmethod
    def initial_of(cls, kept: Resource) -> dict[str, Any]:
        closed = kept.closed  # type: ignore[attr-defined]
        return {**super().initial_of(kept), "closed": f"{closed.kind.value}:{closed.pk}"}


OFFERED: dict[ResourceKind, type[Resource]] = {
    ResourceKind.CROSSING: Crossing,
    ResourceKind.WAY: Way,
    ResourceKind.VEHICLE: Vehicle,
    ResourceKind.ESCORT: Escort,
    ResourceKind.SHELTER: Shelter,
}
RESOURCE_FORMS: dict[ResourceKind, type[ResourceForm]] = {
    ResourceKind.CROSSING: CrossingForm,
    ResourceKind.WAY: WayForm,
    ResourceKind.VEHICLE: VehicleForm,
    ResourceKind.ESCORT: EscortForm,
    ResourceKind.SHELTER: ShelterForm,
    ResourceKind.DANGER: DangerForm,
    ResourceKind.CLOSURE: ClosureForm,
}


class DoForm(IdempotentForm):
    """Which of several buttons was pressed."""

    do = forms.CharField(max_length=20, error_messages={"required": _("Choose what to do.")})
