"""What the page of an escort's phone sends: its secrets, what it noted, that it was wiped."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journeys.phones import Told
from wayhome.bureau.journeys.rules.convoy import MOST_AT_ONCE, EventKind
from wayhome.bureau.journeys.rules.passes import CODE_DIGITS

SECRET = r"^[0-9A-Za-z_-]{43}$"  # 256 bits of the browser's own chance
MOST_OCTETS = 60_000
MOST_NUMBERED = 100_000
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError)
FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class LoadForm(forms.Form):
    """The browser makes both secrets: asked again with them, it is the same phone."""

    token = forms.RegexField(SECRET)
    knock = forms.RegexField(SECRET)


class TellForm(forms.Form):
    events = forms.CharField(max_length=MOST_OCTETS)

    def clean_events(self) -> list[Told]:
        try:
            rows = json.loads(self.cleaned_data["events"])
            if not isinstance(rows, list) or len(rows) > MOST_AT_ONCE:
                raise ValueError
            return [_told(row) for row in rows]
        except UNREADABLE as fault:
            raise forms.ValidationError(_("This cannot be read.")) from fault


def _told(row: dict[str, Any]) -> Told:
    """One entry. Raises for whatever is none."""
    at = datetime.fromisoformat(row["at"]).astimezone(UTC)
    number, leg = _whole(row["number"]), row["leg"]
    if not FIRST < at < LAST or not 1 <= number <= MOST_NUMBERED:
        raise ValueError
    leg = None if leg is None else _whole(leg)
    return Told(UUID(row["journey"]), number, EventKind(row["kind"]), leg, at)


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


class KnockForm(forms.Form):
    wiped = forms.BooleanField(required=False)
    last = forms.IntegerField(min_value=0, max_value=MOST_NUMBERED)


class TakeForm(forms.Form):
    """The number as people type it, and a secret that the browser made."""

    code = forms.CharField(max_length=60)
    knock = forms.RegexField(SECRET)

    def clean_code(self) -> str:
        digits = re.sub(r"[^0-9]", "", self.cleaned_data["code"])
        if len(digits) != CODE_DIGITS:
            raise forms.ValidationError(_("This cannot be read."))
        return digits


class HerKnockForm(forms.Form):
    knock = forms.RegexField(SECRET)
    wiped = forms.BooleanField(required=False)
