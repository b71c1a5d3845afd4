"""Chains and gaps in words, the same on every page and paper."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wayhome.bureau.remains.rules.custody import BREAK_NAMES, Break, Gap

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def gap_in_words(gap: Gap) -> "StrOrPromise":
    """Where a chain is broken, and why."""
    if gap.kind == Break.TIME and gap.lasted is not None:
        told = {"number": gap.number, "hours": _hours(gap.lasted)}
        return _("Change %(number)s: for %(hours)s nobody held them.") % told
    return _("Change %(number)s: %(why)s.") % {
        "number": gap.number,
        "why": str(BREAK_NAMES[gap.kind]),
    }


def _hours(lasted: timedelta) -> str:
    minutes = round(lasted.total_seconds() / 60)
    told = {"hours": minutes // 60, "minutes": minutes % 60}
    return _("%(hours)s h %(minutes)s min") % told
