"""Which sitting this browser is in. Its id is all that the session holds."""

from django.http import HttpRequest

from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.consents.sittings import close_sitting
from wayhome.bureau.staff.models import Staff

KEY = "sitting_id"


def sitting_of(request: HttpRequest) -> Sitting | None:
    """The open sitting of this browser, unlocked or not."""
    rows = Sitting.objects.open().select_related("captive__key", "neutral")
    return rows.filter(pk=request.session[KEY]).first() if KEY in request.session else None


def end_at_sign_in(request: HttpRequest, staff: Staff) -> None:
    """A staff member took the tablet back: what he opened ends, and only then the console opens."""
    pk = getattr(request, "session", {}).pop(KEY, None)
    sitting = Sitting.objects.filter(pk=pk).select_related("captive").first() if pk else None
    if sitting:
        close_sitting(sitting=sitting, by=staff)
