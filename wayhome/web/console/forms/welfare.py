"""What is written down of a man's welfare: day book, effects and money, parcels, illness."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.welfare.actions import Written
from wayhome.bureau.welfare.rules import (
    BEFORE_NAMES,
    CONDITION_NAMES,
    DIFFERED_NAMES,
    ENTRY_NAMES,
    GIVING,
    MEAL_NAMES,
    TAKEN_OUT_NAMES,
    Before,
    Condition,
    Currency,
    Differed,
    EntryKind,
    Issuer,
    Line,
    Meal,
    TakenOut,
    Treated,
)
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.console.forms.captives import LONGEST, LONGEST_NOTE, time_field
from wayhome.web.forms import IdempotentForm, Radios

ARTICLES, AMOUNTS, REMOVED = 6, 2, 5  # rows of a form; whoever has more writes a second entry
COUNT = {"inputmode": "numeric", "class": "govuk-input--width-5", "autocomplete": "off"}
SHORT = {"class": "govuk-input--width-10", "autocomplete": "off"}


def day_field(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date", "class": "govuk-input--width-10"}, format="%Y-%m-%d")
    wrong = _("Please give a day, such as 2022-05-03.")
    return forms.DateField(
        label=label, widget=widget, error_messages={"invalid": wrong, "required": wrong}, **more
    )


def paper_language(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=settings.LANGUAGES,
        widget=Radios(inline=True),
        error_messages={"required": _("Choose his language.")},
    )


class DayForm(IdempotentForm):
    """How many were served: four numbers, one press."""

    on = day_field(_("Day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for meal, name in MEAL_NAMES.items():
            self.fields[meal.value] = forms.IntegerField(
                label=name,
                widget=forms.TextInput(COUNT),
                required=False,
                error_messages={"invalid": _("Write a number of men, such as 212.")},
            )

    @property
    def meals(self) -> list[Any]:
        return [self[meal.value] for meal in Meal]

    def counts(self) -> dict[Meal, int | None]:
        return {meal: self.cleaned_data[meal.value] for meal in Meal}


class DifferenceForm(IdempotentForm):
    on = day_field(_("Day"))
    meal = forms.ChoiceField(
        label=_("Meal"),
        choices=[(each.value, MEAL_NAMES[each]) for each in Meal],
        widget=Radios(inline=True),
        error_messages={"required": _("Choose the meal.")},
    )
    how = forms.ChoiceField(
        label=_("What was otherwise for him"),
        choices=[(each.value, DIFFERED_NAMES[each]) for each in Differed],
        widget=Radios,
        error_messages={"required": _("Choose what was otherwise.")},
    )
    words = forms.CharField(label=_("Remark, if one is needed"), max_length=LONGEST, required=False)

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "on": data["on"],
            "meal": Meal(data["meal"]),
            "how": Differed(data["how"]),
            "words": clean_line(data["words"]),
        }


class IssuerForm(IdempotentForm):
    """Who orders and who issues (GC III 18), and in which language he gets his receipt."""

    issued_by = forms.CharField(
        label=_("Who issues the receipt: name, rank and unit"), max_length=LONGEST, required=False
    )
    language = paper_language(_("Language of his receipt"))


class TakenForm(IssuerForm):
    """Articles and money taken into keeping: so many pieces, or an amount, a row each."""

    officer = forms.CharField(
        label=_("On whose order: the officer's name and rank"), max_length=LONGEST, required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, required=False)

    field_order = ("officer", "reason", "issued_by", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in range(1, ARTICLES + 1):
            self.fields[f"what_{row}"] = forms.CharField(
                label=_("Article, as he describes it"),
                widget=forms.TextInput({"autocomplete": "off"}),
                max_length=LONGEST,
                required=False,
            )
            self.fields[f"pieces_{row}"] = forms.IntegerField(
                label=_("Pieces"),
                widget=forms.TextInput(COUNT),
                initial=None,
                required=False,
                error_messages={"invalid": _("Articles are counted in whole pieces.")},
            )
        for row in range(1, AMOUNTS + 1):
            self.fields[f"amount_{row}"] = _amount()
            self.fields[f"currency_{row}"] = forms.ChoiceField(
                label=_("Currency"),
                choices=[(each.value, each.value) for each in Currency],
                required=False,
            )

    @property
    def articles(self) -> list[tuple[Any, Any]]:
        return [(self[f"what_{row}"], self[f"pieces_{row}"]) for row in range(1, ARTICLES + 1)]

    @property
    def amounts(self) -> list[tuple[Any, Any]]:
        return [(self[f"amount_{row}"], self[f"currency_{row}"]) for row in range(1, AMOUNTS + 1)]

    def _lines(self) -> Iterator[Line]:
        said = self.cleaned_data
        for row in range(1, ARTICLES + 1):
            what, pieces = clean_line(said[f"what_{row}"]), said[f"pieces_{row}"]
            if what or pieces is not None:
                yield Line(what, Decimal(1 if pieces is None else pieces))
        for row in range(1, AMOUNTS + 1):
            if said[f"amount_{row}"] is not None:
                yield Line("", said[f"amount_{row}"], said[f"currency_{row}"])

    def written(self) -> Written:
        said = self.cleaned_data
        issuer = Issuer(clean_line(said["officer"]), clean_line(said["issued_by"]))
        reason = clean_line(said["reason"])
        return Written(EntryKind.TAKEN, tuple(self._lines()), issuer, said["language"], reason)


def _amount() -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Amount"),
        widget=forms.TextInput({**SHORT, "inputmode": "decimal"}),
        localize=True,
        max_digits=12,
        decimal_places=2,
        required=False,
        error_messages={"invalid": _("Write an amount, such as 1500.50.")},
    )


class GivenForm(IssuerForm):
    """Of what is held for him: how much of each is given now."""

    kind = forms.ChoiceField(
        label=_("What is done"),
        choices=[(each.value, ENTRY_NAMES[each]) for each in GIVING],
        widget=Radios,
        error_messages={"required": _("Choose what is done.")},
    )
    reason = forms.CharField(label=_("To whom, or what for"), max_length=LONGEST, required=False)
    field_order = ("kind", "reason", "issued_by", "language")

    def __init__(self, *args: Any, held: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = list(held)
        for row in range(1, len(self.held) + 1):
            field = _amount()
            field.label = _("Given now")
            field.widget.attrs["aria-describedby"] = f"held_{row}"
            self.fields[f"give_{row}"] = field

    @property
    def rows(self) -> list[tuple[Line, Any]]:
        return [(line, self[f"give_{row}"]) for row, line in enumerate(self.held, start=1)]

    def written(self) -> Written:
        said = self.cleaned_data
        lines = tuple(
            Line(line.what, said[f"give_{row}"], line.currency)
            for row, line in enumerate(self.held, start=1)
            if said[f"give_{row}"]
        )
        issuer = Issuer("", clean_line(said["issued_by"]))
        kind, reason = EntryKind(said["kind"]), clean_line(said["reason"])
        return Written(kind, lines, issuer, said["language"], reason)


class CorrectionForm(IdempotentForm):
    reason = forms.CharField(label=_("What was wrong"), max_length=LONGEST, required=False)
    issued_by = forms.CharField(
        label=_("Who issues the receipt: name, rank and unit"), max_length=LONGEST, required=False
    )


class ParcelForm(IdempotentForm):
    sender = forms.CharField(label=_("From whom, as written on it"), max_length=LONGEST,
                             required=False)  # fmt: skip
    arrived_on = day_field(_("Came on"))
    time = time_field()

    def arrived_at(self) -> datetime:
        """Without a time: the first moment of the day. A clock is never kind."""
        on, at = self.cleaned_data["arrived_on"], self.cleaned_data["time"] or time.min
        return datetime.combine(on, at, timezone.get_current_timezone())


class OpeningForm(IdempotentForm):
    """Before whom it was opened, and what was taken out, each for a reason of the list."""

    before = forms.ChoiceField(
        label=_("Opened"),
        choices=[(each.value, BEFORE_NAMES[each]) for each in Before],
        widget=Radios,
        required=False,
    )
    comrade = forms.CharField(
        label=_("Whom he sent, if he did not come himself"), max_length=LONGEST, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = [("", "–"), *((each.value, TAKEN_OUT_NAMES[each]) for each in TakenOut)]
        for row in range(1, REMOVED + 1):
            self.fields[f"what_{row}"] = forms.CharField(
                label=_("What was taken out"), max_length=LONGEST, required=False
            )
            self.fields[f"why_{row}"] = forms.ChoiceField(
                label=_("Why, and where it is"), choices=reasons, required=False
            )

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"what_{row}"], self[f"why_{row}"]) for row in range(1, REMOVED + 1)]

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "before": data["before"],
            "comrade": clean_line(data["comrade"]),
            "removed": [
                (clean_line(data[f"what_{row}"]), data[f"why_{row}"])
                for row in range(1, REMOVED + 1)
            ],
        }


class WeekForm(IdempotentForm):
    condition = forms.ChoiceField(
        label=_("How he is, against last week"),
        choices=[(each.value, CONDITION_NAMES[each]) for each in Condition],
        widget=Radios,
        error_messages={"required": _("Choose how he is.")},
    )
    note = forms.CharField(
        label=_("What you found"),
        help_text=_("For physicians alone. Only how he is goes on."),
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_NOTE,
        required=False,
    )


class AskForm(IdempotentForm):
    language = paper_language(_("Language of the certificate"))


class CertificateForm(IdempotentForm):
    """What GC III 30 wants in it."""

    illness = forms.CharField(
        label=_("Nature of the illness or injury"),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_NOTE,
        required=False,
    )
    treatment = forms.CharField(
        label=_("How it was treated"),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_NOTE,
        required=False,
    )
    since = day_field(_("Treated since"), required=False)
    until = day_field(
        _("Treated until"), required=False, help_text=_("Empty: the treatment goes on.")
    )

    def treated(self) -> Treated:
        said = self.cleaned_data
        illness, treatment = clean_text(said["illness"]), clean_text(said["treatment"])
        return Treated(illness, treatment, said["since"], said["until"])
