"""Telling a family of the day of a journey."""

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal


def why_not_note_told(*, told: bool, frozen: bool, stands: bool) -> Refusal | None:
    """`stands`: what is to be said still holds: a day that fell is not promised by telephone."""
    if told:
        return Refusal("journeys.told", _("This family was told already."))
    if frozen:
        return Refusal("journeys.frozen", _("A person must first speak with this family."))
    if not stands:
        text = _("This day does not stand any more. Do not call about it.")
        return Refusal("journeys.fell", text)
    return None
