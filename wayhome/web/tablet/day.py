"""The day that is set for him, or that it is set no longer: on his own page, and never why."""

from typing import Any

from django.utils import timezone

from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.returns.models import Appointment
from wayhome.bureau.returns.rules import looked_at_again_on
from wayhome.bureau.staff.disclosure import shown


def day_of(sitting: Sitting) -> dict[str, Any] | None:
    """What his page says of his day; None where none was set that is still ahead."""
    today = timezone.localdate()
    ahead = Appointment.objects.visible_to(sitting).filter(on__gte=today)
    standing = ahead.filter(cancelled_at=None).order_by("on").first()
    last = standing or ahead.order_by("-cancelled_at").first()
    if last is None:
        return None
    return {
        "appointment": shown(last, "self_"),
        "stands": standing is not None,
        "again": looked_at_again_on(today),
    }
