"""Where the dead lie, and what is found on them: stores, graves, pictures, samples, effects."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.remains.actions import Grave, Ground
from wayhome.bureau.remains.models import Plot, Store
from wayhome.bureau.remains.rules.burial import STORE_NAMES, StoreKind
from wayhome.bureau.remains.rules.findings import (
    GROUPS,
    SAMPLE_NAMES,
    VIEW_NAMES,
    Piece,
    SampleKind,
    View,
)
from wayhome.bureau.remains.rules.opening import WHY_NAMES, Opened, Why
from wayhome.bureau.remains.rules.teeth import (
    TOOTH_NAMES,
    Tooth,
    chart_from,
    field_of,
    lines_of,
    why_not_chart,
)
from wayhome.bureau.staff.models import Staff
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.console.forms.captives import LONGEST, time_field
from wayhome.web.console.forms.remains import CODE, AtForm, line, seal_field, text, when
from wayhome.web.console.forms.welfare import COUNT, day_field
from wayhome.web.forms import IdempotentForm, Radios


class StoreForm(IdempotentForm):
    name = line(_("Name of the store"))
    kind = forms.ChoiceField(
        label=_("How it keeps"),
        choices=[(kind.value, STORE_NAMES[kind]) for kind in StoreKind],
        widget=Radios(inline=True),
        error_messages={"required": _("Choose how it keeps.")},
    )


class Named(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class PutForm(IdempotentForm):
    store = Named(
        Store.objects.none(),
        label=_("Store"),
        empty_label=_("Choose"),
        error_messages={
            "required": _("Choose the store."),
            "invalid_choice": _("Choose one of the list."),
        },
    )
    shelf = forms.CharField(
        label=_("Shelf or place in it"),
        max_length=40,
        required=False,
        widget=forms.TextInput(CODE),
    )

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        store = self.fields["store"]
        assert isinstance(store, forms.ModelChoiceField)
        store.queryset = Store.objects.filter(site=by.site).order_by("name")


class PlacedForm(IdempotentForm):
    """With coordinates, as a receiver of satellites shows them."""

    latitude = forms.CharField(
        label=_("Latitude"), max_length=20, required=False, widget=forms.TextInput(CODE)
    )
    longitude = forms.CharField(
        label=_("Longitude"), max_length=20, required=False, widget=forms.TextInput(CODE)
    )

    def place(self) -> dict[str, str]:
        return {
            name: clean_line(self.cleaned_data[name]).replace(",", ".")
            for name in ("latitude", "longitude")
        }


def _count(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        widget=forms.TextInput(COUNT),
        error_messages={
            "required": _("Write a whole number above nothing."),
            "invalid": _("Write a whole number above nothing."),
        },
    )


class PlotForm(PlacedForm):
    name = line(_("Name of the plot"))
    rows = _count(_("Rows"))
    in_row = _count(_("Graves in a row"))
    words = text(_("How it is found: way, fence, what stands beside it"), rows=2)
    field_order = ("name", "rows", "in_row", "latitude", "longitude", "words")

    def ground(self) -> Ground:
        said = self.cleaned_data
        return Ground(
            name=clean_line(said["name"]),
            rows=said["rows"],
            in_row=said["in_row"],
            words=clean_text(said["words"]),
            **self.place(),
        )


class BuryForm(PlacedForm, AtForm):
    """A grave of its own on a plot of this site."""

    plot = Named(
        Plot.objects.none(),
        label=_("Plot"),
        empty_label=_("Choose"),
        error_messages={
            "required": _("Choose the plot."),
            "invalid_choice": _("Choose one of the list."),
        },
    )
    row = _count(_("Row"))
    number = _count(_("Grave in the row"))
    marker = line(_("What stands on the marker"))
    rite = line(_("Rite, and who held it"))
    disc_on_body = forms.BooleanField(label=_("Half of the disc stays with them"), required=False)
    buried_on = when(_("Buried on"))
    buried_time = time_field()
    field_order = ("plot", "row", "number", "latitude", "longitude", "marker", "rite")

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plot = self.fields["plot"]
        assert isinstance(plot, forms.ModelChoiceField)
        plot.queryset = Plot.objects.visible_to(by).order_by("name")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.ask_for_the_time("buried_on", "buried_time")
        return cleaned

    def grave(self) -> Grave:
        said = self.cleaned_data
        return Grave(
            plot=said["plot"],
            row=said["row"],
            number=said["number"],
            buried_at=self.moment("buried_on", "buried_time"),
            marker=clean_line(said["marker"]),
            rite=clean_line(said["rite"]),
            disc_on_body=said["disc_on_body"],
            **self.place(),
        )


class OpenForm(AtForm):
    """A grave that is opened: on whose order, for what, who was there."""

    ground = forms.ChoiceField(
        label=_("Why the grave is opened"),
        choices=[(why.value, WHY_NAMES[why]) for why in Why],
        widget=Radios,
        error_messages={"required": _("Choose why the grave is opened.")},
    )
    order = line(_("On whose order: office, number, day"))
    told_on = day_field(_("Their country was told on"), required=False)
    again_at = line(_("Where they are buried again"))
    present = text(_("Who was there: who dug, who examined"), rows=2)
    seal = seal_field(_("Seal on the bag, as you read it"))
    condition = text(_("How grave, bag and seal look"), rows=3)
    on = when(_("The grave was opened on"))
    time = time_field()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.ask_for_the_time("on", "time")
        return cleaned

    def opened(self) -> Opened:
        said = self.cleaned_data
        return Opened(
            Why(said["ground"]),
            clean_line(said["order"]),
            clean_text(said["present"]),
            clean_line(said["seal"]),
            clean_text(said["condition"]),
            self.moment(),
            said["told_on"],
            clean_line(said["again_at"]),
        )


class PhotographForm(IdempotentForm):
    view = forms.ChoiceField(
        label=_("What it shows"),
        choices=[(view.value, VIEW_NAMES[view]) for view in View],
        widget=Radios,
        error_messages={"required": _("Choose what it shows.")},
    )
    file = forms.FileField(
        label=_("Picture"),
        help_text=_("It is drawn anew: place and camera are gone from it."),
        max_length=200,
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty."),
            "max_length": _("The name of the file is too long."),
        },
    )
    words = line(_("Remark, if one is needed"))


class SampleForm(AtForm):
    kind = forms.ChoiceField(
        label=_("Kind of sample"),
        choices=[(kind.value, SAMPLE_NAMES[kind]) for kind in SampleKind],
        widget=Radios(inline=True),
        error_messages={"required": _("Choose the kind of sample.")},
    )
    what = line(_("From which part of the body, left or right"))
    taken_on = when(_("Taken from the body on"))
    taken_time = time_field()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.ask_for_the_time("taken_on", "taken_time")
        return cleaned


class EffectsForm(IdempotentForm):
    """The list of the first of two people; whoever finds more writes a second one."""

    ROWS = 12
    nothing = forms.BooleanField(label=_("Nothing was found on them"), required=False)
    packet = seal_field(_("Seal of the packet"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in range(1, self.ROWS + 1):
            self.fields[f"what_{row}"] = line(_("Thing, as it looks; what is written on it"))
            self.fields[f"pieces_{row}"] = forms.IntegerField(
                label=_("How many"),
                widget=forms.TextInput(COUNT),
                required=False,
                error_messages={"invalid": _("Write a whole number above nothing.")},
            )

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        numbers = range(1, self.ROWS + 1)
        return [(self[f"what_{row}"], self[f"pieces_{row}"]) for row in numbers]

    def listed(self) -> list[Piece]:
        said = self.cleaned_data
        told = (
            (clean_line(said[f"what_{row}"]), said[f"pieces_{row}"])
            for row in range(1, self.ROWS + 1)
        )
        return [
            Piece(what, 1 if pieces is None else pieces)
            for what, pieces in told
            if what or pieces is not None
        ]


class ExaminationForm(IdempotentForm):
    """What was seen, by groups; the teeth by their numbers, a line for each state."""

    reason = line(_("Why it is written anew"))

    def __init__(self, *args: Any, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.pop("reason")
        for group in GROUPS:
            for name, words in group.fields.items():
                self.fields[name] = text(words, rows=2)
        for tooth in Tooth:
            self.fields[field_of(tooth)] = forms.CharField(
                label=TOOTH_NAMES[tooth],
                max_length=LONGEST,
                required=False,
                widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
            )
        if corrects:
            self.fields["reason"] = reason

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        return [(group.words, [self[name] for name in group.fields]) for group in GROUPS]

    @property
    def teeth(self) -> list[Any]:
        return [self[field_of(tooth)] for tooth in Tooth]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for refusal in why_not_chart(self._lines()):
            self.add_error(refusal.field, str(refusal.reason))
        return cleaned

    def _lines(self) -> dict[Tooth, str]:
        return {tooth: clean_line(self.cleaned_data.get(field_of(tooth), "")) for tooth in Tooth}

    def said(self) -> dict[str, str]:
        names = [name for group in GROUPS for name in group.fields]
        return {name: clean_text(self.cleaned_data[name]) for name in names}

    def chart(self) -> dict[int, Tooth]:
        return chart_from(self._lines())

    @staticmethod
    def initial_of(said: dict[str, str], chart: dict[int, Tooth]) -> dict[str, str]:
        """What the last one said, to be corrected."""
        lines = {field_of(tooth): told for tooth, told in lines_of(chart).items()}
        return {**said, **lines}
