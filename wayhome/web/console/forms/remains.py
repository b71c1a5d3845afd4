"""What is written down of the dead: how they were found, from hand to hand, what lorries bring."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.reading.mending import FAULT_TEXTS
from wayhome.bureau.captives.reading.tables import FileRefused
from wayhome.bureau.remains.actions import Lorry, Seen
from wayhome.bureau.remains.reading import LARGEST_LIST, bags_in
from wayhome.bureau.remains.rules.custody import LONGEST_SEAL
from wayhome.bureau.remains.rules.intake import each_once, read_bags
from wayhome.bureau.remains.rules.register import KIND_NAMES, LONGEST_BAG, Found, RemainsKind
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import ROLE_NAMES, Permission, Role, roles_with
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.console.forms.captives import LONGEST, LONGEST_NOTE, read_day, time_field
from wayhome.web.console.forms.welfare import day_field
from wayhome.web.forms import IdempotentForm, PartialDateInput, Radios

LONGEST_LIST = 100_000
CODE = {"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}


def line(label: Any, *, required: bool = False, **more: Any) -> forms.CharField:
    """A box of one line; that it is empty the rules say, where it matters."""
    return forms.CharField(label=label, max_length=LONGEST, required=required, **more)


def text(label: Any, *, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea({"rows": rows}),
        max_length=LONGEST_NOTE,
        required=False,
        **more,
    )


def seal_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST_SEAL, required=False, widget=forms.TextInput(CODE)
    )


class AtForm(IdempotentForm):
    """A moment that is now unless somebody writes another one."""

    DAY, TIME = "on", "time"

    def moment(self, day: str = "on", at: str = "time") -> datetime:
        said = self.cleaned_data
        on, clock = said.get(day), said.get(at)
        if on is None and clock is None:
            return timezone.now()
        return datetime.combine(
            on or timezone.localdate(), clock or time.min, tzinfo=timezone.get_current_timezone()
        )

    def ask_for_the_time(self, day: str, at: str) -> None:
        """A day alone is no moment: hours without a custodian would be hidden in it."""
        said = self.cleaned_data
        if said.get(day) and said.get(at) is None and at not in self.errors:
            self.add_error(at, _("Write the time too."))


def when(label: Any) -> Any:
    field = day_field(label, required=False)
    field.help_text = _("Empty means now.")
    return field


class FoundForm(IdempotentForm):
    """How they were found: only what is visible."""

    on = forms.CharField(
        label=_("On which day"), widget=PartialDateInput, max_length=LONGEST, required=False
    )
    scene = line(_("Place, as people there call it"))
    grid = line(_("Grid of the map"))
    latitude = forms.CharField(
        label=_("Latitude"), max_length=20, required=False, widget=forms.TextInput(CODE)
    )
    longitude = forms.CharField(
        label=_("Longitude"), max_length=20, required=False, widget=forms.TextInput(CODE)
    )
    team = line(_("Who found them: team, names or numbers"))
    how = text(_("How they were found: position, depth, what lay beside them"))
    visible = text(
        _("What is visible on them"),
        help_text=_("Empty no pocket and unlock no phone: the effects are listed by two people."),
    )

    def clean_on(self) -> str:
        found = clean_line(self.cleaned_data["on"])
        return read_day(found).text if found else ""

    def found(self) -> Found:
        said = {name: clean_line(str(value)) for name, value in self.cleaned_data.items()}
        return Found(
            on=said["on"],
            scene=said["scene"],
            grid=said["grid"],
            latitude=said["latitude"].replace(",", "."),
            longitude=said["longitude"].replace(",", "."),
            team=said["team"],
            how=clean_text(self.cleaned_data["how"]),
            visible=clean_text(self.cleaned_data["visible"]),
        )


def kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What they are"),
        choices=[(kind.value, KIND_NAMES[kind]) for kind in RemainsKind],
        widget=Radios,
        error_messages={"required": _("Choose what they are.")},
    )


class RegisterForm(FoundForm, AtForm):
    """Remains that a team brings itself."""

    kind = kind_field()
    bag = forms.CharField(
        label=_("Number on the bag, if there is one"),
        max_length=LONGEST_BAG,
        required=False,
        widget=forms.TextInput(CODE),
    )
    taken_on = when(_("Taken into keeping on"))
    taken_time = time_field()
    field_order = ("kind", "bag", "on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.ask_for_the_time("taken_on", "taken_time")
        return cleaned


class RecoveryForm(FoundForm):
    """The same again, or corrected: then with a reason."""

    reason = line(_("Why it is corrected"))

    def __init__(self, *args: Any, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["reason"]


class KindForm(IdempotentForm):
    kind = kind_field()


class StaffChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of those who keep remains, by number, role and site; names stand nowhere."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {ROLE_NAMES[Role(obj.role)]} · {obj.site_id}"


def keepers(besides: Staff) -> Any:
    """Who can take remains: everybody whose role keeps them, but this one."""
    roles = [role.value for role in roles_with(Permission.RECORD_REMAINS)]
    rows = Staff.objects.get_queryset().filter(is_active=True, role__in=roles)
    return rows.exclude(pk=besides.pk).order_by("number")


class ReceiverForm(IdempotentForm):
    """To whom they go: one of the staff, or named hands outside."""

    receiver = StaffChoice(
        Staff.objects.none(),
        label=_("To whom"),
        required=False,
        empty_label=_("somebody from outside"),
        error_messages={"invalid_choice": _("Choose one of the list.")},
    )
    outside = line(_("From outside: name, and for whom they work"))

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        receiver = self.fields["receiver"]
        assert isinstance(receiver, forms.ModelChoiceField)
        receiver.queryset = keepers(by)


class GiveForm(ReceiverForm, AtForm):
    """Give them on: to one of the staff, who signs too, or to named hands outside."""

    given_on = when(_("Given at"))
    given_time = time_field()
    seal = seal_field(_("Seal, as it is read now"))
    condition = text(_("How bag and seal look"), rows=2)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.ask_for_the_time("given_on", "given_time")
        if cleaned.get("receiver") and cleaned.get("outside"):
            self.add_error("outside", _("Choose one of the list, or write a name. Not both."))
        return cleaned

    def seen(self) -> Seen:
        said = self.cleaned_data
        at = self.moment("given_on", "given_time")
        return Seen(at, clean_line(said["seal"]), clean_text(said["condition"]))


class ManyForm(GiveForm):
    """Give many at once: their numbers, scanned or typed one below the other."""

    numbers = forms.CharField(
        label=_("Numbers, one a line"),
        help_text=_("Scan one label after the other, or paste a list."),
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        max_length=LONGEST_LIST,
        error_messages={"required": _("Write at least one number.")},
    )
    field_order = ("numbers", "receiver", "given_on", "given_time", "condition")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Each keeps its own seal; outside hands sign a sheet for each, one by one.
        del self.fields["seal"], self.fields["outside"]
        receiver = self.fields["receiver"]
        assert isinstance(receiver, forms.ModelChoiceField)
        receiver.required, receiver.empty_label = True, _("Choose")
        receiver.error_messages["required"] = _("Choose who takes them.")

    def seen(self) -> Seen:
        at = self.moment("given_on", "given_time")
        return Seen(at, "", clean_text(self.cleaned_data["condition"]))


class TakeForm(AtForm):
    """The receiver signs: what they read and see themselves."""

    taken_on = when(_("Taken on"))
    taken_time = time_field()
    seal = seal_field(_("Seal, as you read it"))
    condition = forms.CharField(
        label=_("How bag and seal look"),
        widget=forms.Textarea({"rows": 2}),
        max_length=LONGEST_NOTE,
        error_messages={"required": _("Write how bag and seal look.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.ask_for_the_time("taken_on", "taken_time")
        return cleaned

    def seen(self) -> Seen:
        said = self.cleaned_data
        at = self.moment("taken_on", "taken_time")
        return Seen(at, clean_line(said["seal"]), clean_text(said["condition"]))


class TakeManyForm(TakeForm):
    """Sign for those that were ticked: their seals were read and are as the list says."""

    change = forms.MultipleChoiceField(
        label=_("Those that you have before you"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one."),
            "invalid_choice": _("Choose one of the list."),
        },
    )

    def __init__(self, *args: Any, waiting: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seal"], self.fields["condition"]
        field = self.fields["change"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(each.pk), each.remains.bureau_number) for each in waiting]


class TakeOverForm(TakeForm):
    """Take them from outside; or from one of us who cannot sign, with the reason."""

    giver = line(_("Who gives them: name, and for whom they work"))
    given_on = when(_("Given at"))
    given_time = time_field()
    reason = text(
        _("Why who has them cannot sign"),
        rows=2,
        help_text=_("It stands in the chain as a gap, on every page and paper."),
    )
    field_order = ("giver", "reason", "given_on", "given_time", "taken_on", "taken_time")

    def __init__(self, *args: Any, from_outside: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason" if from_outside else "giver"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.ask_for_the_time("given_on", "given_time")
        return cleaned

    def ends(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "giver": clean_line(said.get("giver", "")),
            "reason": clean_text(said.get("reason", "")),
            "given_at": self.moment("given_on", "given_time"),
            "seen": self.seen(),
        }


class SealForm(IdempotentForm):
    seal = seal_field(_("Number of the new seal"))
    reason = text(_("Why the seal before was opened"), rows=2)

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first:
            del self.fields["reason"]


class PartsForm(IdempotentForm):
    number = forms.CharField(
        label=_("Number of the other remains"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(CODE),
    )
    grounds = text(_("What speaks for one body: ends that fit, one sample, one set of clothing"))


class ReasonForm(IdempotentForm):
    reason = text(_("Reason"), rows=2)


class LorryForm(AtForm):
    """A lorry with bags, and its list: typed, pasted or from a file."""

    brought_by = line(_("Who brings them: name, and for whom they work"))
    came_from = line(_("From where"))
    papers = line(_("Papers that came with them: numbers, seals of the lorry"))
    arrived_on = when(_("Arrived on"))
    arrived_time = time_field()
    bags = forms.CharField(
        label=_("Numbers of the bags on its list"),
        help_text=_("One a line, or pasted from a table. Empty if there is no list."),
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        max_length=LONGEST_LIST,
        required=False,
    )
    file = forms.FileField(
        label=_("Or the list as a file: XLSX or CSV"),
        required=False,
        max_length=200,
        error_messages={
            "empty": _("This file is empty."),
            "max_length": _("The name of the file is too long."),
        },
    )

    def clean_file(self) -> list[str]:
        file = self.cleaned_data["file"]
        if not file:
            return []
        if file.size > LARGEST_LIST:
            raise ValidationError(_("This file is too large for a list of bags."))
        try:
            return bags_in(file.read())
        except FileRefused as refused:
            raise ValidationError(FAULT_TEXTS[refused.problem]) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.ask_for_the_time("arrived_on", "arrived_time")
        return cleaned

    def list_of_bags(self) -> list[str]:
        return each_once([*read_bags(self.cleaned_data["bags"]), *self.cleaned_data["file"]])

    def lorry(self) -> Lorry:
        said = self.cleaned_data
        at = self.moment("arrived_on", "arrived_time")
        texts = (clean_line(said[name]) for name in ("brought_by", "came_from", "papers"))
        return Lorry(at, *texts)


class BagForm(IdempotentForm):
    """One bag after the other: type or scan its number, Enter."""

    bag = forms.CharField(
        label=_("Number on the bag"),
        max_length=LONGEST_BAG,
        required=False,
        widget=forms.TextInput({**CODE, "autofocus": True}),
    )


class CloseForm(IdempotentForm):
    words = text(_("What is known of the differences"))
