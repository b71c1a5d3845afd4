"""The words for what captives call wrong, and for what others decide in a man's place."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wayhome.bureau.concerns.rules import ComplaintState, ObjectionState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OBJECTIONS: "dict[str, StrOrPromise]" = {
    ObjectionState.OPEN: pgettext_lazy("objection", "Open"),
    ObjectionState.CORRECTED: _("The card was corrected"),
    ObjectionState.KEPT: _("The line stays as it is"),
}
COMPLAINTS: "dict[str, StrOrPromise]" = {
    ComplaintState.OPEN: pgettext_lazy("complaint", "Not answered yet"),
    ComplaintState.ANSWERED: pgettext_lazy("complaint", "Answered"),
}
