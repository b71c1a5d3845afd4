"""Telling a family of the day of a journey."""

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal


def why_not_note_told(*, told: bool, frozen: bool) -> Refusal | None:
    if told:
        return Refusal("journeys.told", _("This family was told already."))
    if frozen:
        return Refusal("journeys.frozen", _("A person must first speak with this family."))
    return None
