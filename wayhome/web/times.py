"""When somebody can talk: the questions, and a moment by the clock of where they are."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.contact.calls.choosing import DAYS, PART_NAMES, Part, Times, zone_of
from wayhome.lib.languages import LANGUAGES
from wayhome.web.forms import Checkboxes, IdempotentForm

# Clocks that people go by, under a city that everybody knows. Daylight saving is in the zone.
ZONES = {
    "Europe/Kaliningrad": _("Kaliningrad"),
    "Europe/Moscow": _("Moscow"),
    "Europe/Samara": _("Samara"),
    "Asia/Yekaterinburg": _("Yekaterinburg"),
    "Asia/Omsk": _("Omsk"),
    "Asia/Novosibirsk": _("Novosibirsk"),
    "Asia/Krasnoyarsk": _("Krasnoyarsk"),
    "Asia/Irkutsk": _("Irkutsk"),
    "Asia/Yakutsk": _("Yakutsk"),
    "Asia/Vladivostok": _("Vladivostok"),
    "Asia/Magadan": _("Magadan"),
    "Asia/Kamchatka": _("Petropavlovsk-Kamchatsky"),
    "Europe/Minsk": _("Minsk"),
    "Europe/Kyiv": _("Kyiv"),
    "Europe/Chisinau": _("Chişinău"),
    "Europe/Warsaw": _("Warsaw"),
    "Europe/Berlin": _("Berlin"),
    "Europe/London": _("London"),
    "Europe/Istanbul": _("Istanbul"),
    "Asia/Tbilisi": _("Tbilisi"),
    "Asia/Yerevan": _("Yerevan"),
    "Asia/Baku": _("Baku"),
    "Asia/Almaty": _("Almaty"),
    "Asia/Tashkent": _("Tashkent"),
    "Asia/Bishkek": _("Bishkek"),
    "Asia/Dushanbe": _("Dushanbe"),
    "Asia/Jerusalem": _("Jerusalem"),
    "America/New_York": _("New York"),
}


class TimesForm(IdempotentForm):
    """On which days, at which hours, in which language. Whoever ticks nothing can at any hour."""

    days = forms.TypedMultipleChoiceField(
        label=_("On which days can you talk?"),
        help_text=_("Leave it empty if every day is good."),
        choices=[(day, WEEKDAYS[day]) for day in DAYS],
        coerce=int,
        widget=Checkboxes,
        required=False,
    )
    parts = forms.MultipleChoiceField(
        label=_("At what time of the day?"),
        help_text=_("Leave it empty if every time of the day is good."),
        choices=[(part.value, PART_NAMES[part]) for part in Part],
        widget=Checkboxes,
        required=False,
    )
    language = forms.ChoiceField(
        label=_("In which language will you talk?"),
        help_text=_("Any language is possible."),
        choices=list(LANGUAGES.items()),
        error_messages={"required": _("Choose one of these answers.")},
    )

    def times(self, zone: str) -> Times:
        given = self.cleaned_data
        return Times(zone, tuple(given["days"]), tuple(Part(part) for part in given["parts"]))


def in_words(at: datetime, zone: str) -> str:
    """A moment by the clock of this zone: "Wednesday, 3 May 2026, 15:00, Moscow time"."""
    local = at.astimezone(zone_of(zone))
    city = ZONES.get(zone)
    gaps = {
        "weekday": date_format(local, "l"),
        "day": date_format(local, "DATE_FORMAT"),
        "hour": date_format(local, "H:i"),
        "city": city or zone,
    }
    return gettext("%(weekday)s, %(day)s, %(hour)s by the clock of %(city)s") % gaps


def kept_times(kept: dict[str, Any] | None) -> dict[str, Any]:
    """What was said before, as a form begins with it."""
    return {name: kept.get(name) for name in ("zone", "days", "parts")} if kept else {}
