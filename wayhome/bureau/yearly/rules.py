"""A letter once a year, for families who wait and want one: the same words for all of them."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal

LANGUAGES = ("uk", "ru", "en")
LATE_AT_MOST = timedelta(days=60)  # after the day of the year; then the next year's letter comes
READ_WITHIN = timedelta(days=14)  # over the telephone; the bureau's policy
LONGEST = 2_000


def day_of_the_year(asked_on: date, today: date) -> date | None:
    """The last day on which another year was full since she asked, if its letter is due still."""
    for years in (today.year - asked_on.year, today.year - asked_on.year - 1):
        if years >= 1 and (day := _years_later(asked_on, years)) <= today:
            return day if today - day <= LATE_AT_MOST else None
    return None


def _years_later(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year + years)
    except ValueError:  # the 29th of February
        return date(on.year + years, 3, 1)


def why_not_write(texts: Mapping[str, str]) -> Iterator[Refusal]:
    """Say what is missing of a text: every family reads it in her own language."""
    for language in LANGUAGES:
        if not texts.get(language, "").strip():
            text = _("Write the letter in this language too.")
            yield Refusal("yearly.no_text", text, field=language)


def why_not_approve(*, approved: bool, own: bool) -> Refusal | None:
    """Say why this person cannot be the second who has read the text."""
    if approved:
        return Refusal("yearly.approved", _("This text is approved already."))
    if own:
        return Refusal("yearly.own", _("You wrote this text. A second person approves it."))
    return None


def why_not_read_out(*, by_telephone: bool, read: bool) -> Refusal | None:
    """Say why a letter cannot be noted as read out to her."""
    if not by_telephone or read:
        return Refusal("yearly.read", _("This letter does not wait for a call."))
    return None
