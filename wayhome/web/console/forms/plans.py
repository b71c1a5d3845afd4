"""Plans of journeys: who travels, for which days, what is pinned, what is only supposed."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journeys.models import Crossing, Escort, Way
from wayhome.bureau.journeys.parties import Told
from wayhome.bureau.journeys.rules.plans import (
    LONGEST_PLAN_DAYS,
    MOST_TRAVELLERS,
    URGENT_NAMES,
)
from wayhome.bureau.journeys.rules.way_out import PAPER_NAMES, Out
from wayhome.bureau.journeys.ways_out import LegOut
from wayhome.lib.languages import LANGUAGE_NAMES
from wayhome.lib.text import clean
from wayhome.web.console.forms.journeys import CHOOSE, HOUR, NUMBER, OfList
from wayhome.web.forms import Checkboxes, DateParts, IdempotentForm, Radios

SHORT, LONG, LONGEST = 30, 120, 600
ENOUGH_DAYS = 28


class PartyForm(IdempotentForm):
    region = forms.ChoiceField(
        label=_("Region they set out from"),
        help_text=_("The regions of the ways in the list."),
        error_messages=CHOOSE,
    )
    size = forms.IntegerField(
        label=_("How many of them travel"), min_value=1, max_value=MOST_TRAVELLERS, initial=1,
        error_messages=NUMBER,
        widget=forms.TextInput({"class": "govuk-input--width-5", "inputmode": "numeric"}),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages they speak"), choices=list(LANGUAGE_NAMES.items()), widget=Checkboxes,
        error_messages={"required": _("Choose at least one language.")},
    )  # fmt: skip
    woman_escort = forms.ChoiceField(
        label=_("Must a woman go with them?"),
        choices=[("no", _("No")), ("yes", _("Yes"))],
        initial="no",
        widget=Radios(inline=True),
        error_messages=CHOOSE,
    )
    from_on = forms.DateField(
        label=_("They can travel from"), help_text=_("Leave it empty for any day."),
        widget=DateParts, required=False,
    )  # fmt: skip
    until_on = forms.DateField(
        label=_("They can travel until"), help_text=_("Leave it empty for any day."),
        widget=DateParts, required=False,
    )  # fmt: skip
    urgent = forms.MultipleChoiceField(
        label=_("What makes waiting heavier for them"),
        help_text=_("Only health and age. Nothing that they say, give or pay counts."),
        choices=[(each.value, name) for each, name in URGENT_NAMES.items()],
        widget=Checkboxes,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = Way.objects.in_use().values_list("region", flat=True)
        self.fields["region"].choices = [  # type: ignore[attr-defined]
            ("", "–"), *((each, each) for each in sorted(set(regions)))
        ]  # fmt: skip

    def told(self) -> Told:
        given = self.cleaned_data
        return Told(
            region=given["region"],
            size=given["size"],
            languages=tuple(given["languages"]),
            woman_escort=given["woman_escort"] == "yes",
            from_on=given["from_on"],
            until_on=given["until_on"],
            urgent=tuple(given["urgent"]),
        )

    @staticmethod
    def initial_of(kept: dict[str, Any] | None, language: str) -> dict[str, Any]:
        """What is known of them already; else that they speak the language in which they ask."""
        if kept is None:
            return {"languages": [language]}
        days = {name: kept[name] and date.fromisoformat(kept[name])
                for name in ("from_on", "until_on")}  # fmt: skip
        return {**kept, **days, "woman_escort": "yes" if kept["woman_escort"] else "no"}


class NewPlanForm(IdempotentForm):
    first_on = forms.DateField(
        label=_("First day"), widget=DateParts, error_messages={"required": _("Write a day.")}
    )
    days = forms.IntegerField(
        label=_("How many days"), min_value=1, max_value=LONGEST_PLAN_DAYS, initial=ENOUGH_DAYS,
        error_messages=NUMBER,
        widget=forms.TextInput({"class": "govuk-input--width-5", "inputmode": "numeric"}),
    )  # fmt: skip


class PlanForm(IdempotentForm):
    """What a button of a plan's page asks for."""

    IMPROVE, STOP, DROP = "improve", "stop", "drop"
    do = forms.ChoiceField(
        choices=[(each, each) for each in (IMPROVE, STOP, DROP)],
        error_messages={"required": _("Choose what to do.")},
    )
    seconds = forms.TypedChoiceField(
        label=_("Seek for"),
        choices=[(SHORT, _("30 seconds")), (LONG, _("2 minutes")), (LONGEST, _("10 minutes"))],
        coerce=int,
        initial=SHORT,
        required=False,
    )

    def seconds_to_seek(self) -> int:
        return int(self.cleaned_data["seconds"] or SHORT)


class PinForm(IdempotentForm):
    family = forms.ChoiceField(label=_("Family of"), error_messages=CHOOSE)
    day = forms.DateField(
        label=_("Day"),
        help_text=_("Leave it empty to let the plan choose again."),
        widget=DateParts,
        required=False,
    )

    def __init__(self, *args: Any, families: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["family"].choices = [("", "–"), *families]  # type: ignore[attr-defined]


class SupposeForm(IdempotentForm):
    crossing = OfList(label=_("Crossing"), queryset=Crossing.objects.none(), error_messages=CHOOSE)
    from_on = forms.DateField(
        label=_("Closed from"), widget=DateParts, error_messages={"required": _("Write a day.")}
    )
    until_on = forms.DateField(
        label=_("Closed until"), widget=DateParts, error_messages={"required": _("Write a day.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Crossing.objects.in_use().order_by("name")
        self.fields["crossing"].queryset = offered  # type: ignore[attr-defined]


class WayOutForm(IdempotentForm):
    """How one of them leaves. It may lack anything until the journey is to be confirmed."""

    destination = forms.CharField(
        label=_("Where to"),
        help_text=_("The place that they chose themselves."),
        max_length=300,
        required=False,
    )
    exits = forms.MultipleChoiceField(
        label=_("Exits that lead there"),
        help_text=_(
            "Leave out an exit beyond which a State refuses the transit, or the paper is not "
            "accepted. Choose none while nothing is known: then the plan takes any."
        ),
        widget=Checkboxes,
        required=False,
    )
    paper = forms.ChoiceField(
        label=_("Travel paper that is there"),
        choices=[("", _("None yet")), *((each.value, name) for each, name in PAPER_NAMES.items())],
        required=False,
    )
    paper_until = forms.DateField(
        label=_("The paper is valid until"), widget=DateParts, required=False
    )
    consents = forms.MultipleChoiceField(
        label=_("States that have allowed the transit"), widget=Checkboxes, required=False
    )
    phone = forms.CharField(
        label=_("Telephone for the first month"),
        help_text=_("The number that they will have, or are given with a card."),
        max_length=60,
        required=False,
    )

    def __init__(self, *args: Any, exit: Crossing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = list(Crossing.objects.in_use().filter(places_out__gt=0).order_by("name"))
        self.fields["exits"].choices = [(str(one.pk), one.name) for one in ways]  # type: ignore[attr-defined]
        # Of every exit: what one State has allowed is not lost when the plan takes another.
        states = dict.fromkeys(state for one in (exit, *ways) for state in one.states)
        self.fields["consents"].choices = [(one, one) for one in states]  # type: ignore[attr-defined]
        for name in ("exits", "consents"):
            if not self.fields[name].choices:  # type: ignore[attr-defined]
                del self.fields[name]

    def out(self) -> Out:
        given = self.cleaned_data
        return Out(
            destination=clean(given["destination"]),
            paper=given["paper"],
            paper_until=given["paper_until"],
            consents=tuple(given.get("consents", ())),
            phone=clean(given["phone"]),
            exits=tuple(given.get("exits", ())),
        )

    @staticmethod
    def initial_of(out: Out) -> dict[str, Any]:
        return {**vars(out), "consents": list(out.consents), "exits": list(out.exits)}


class LegOutForm(IdempotentForm):
    """The last leg: from the shelter to the border of exit."""

    hour = forms.TimeField(
        label=_("They leave the shelter at"),
        help_text=_("In the time of the bureau."),
        widget=forms.TimeInput({"class": "govuk-input--width-5"}, format="%H:%M"),
        error_messages=HOUR,
    )
    escort = OfList(label=_("Escort"), queryset=Escort.objects.none(), error_messages=CHOOSE)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._on = on
        free = Escort.objects.between(on, on).order_by("name")
        self.fields["escort"].queryset = free  # type: ignore[attr-defined]

    def leg(self) -> LegOut:
        departs = datetime.combine(self._on, self.cleaned_data["hour"])
        return LegOut(timezone.make_aware(departs), self.cleaned_data["escort"])
