"""When an account may be opened or closed."""

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal


def why_not_open(*, username_taken: bool) -> Refusal | None:
    if username_taken:
        return Refusal("staff.taken", _("This name is in use already."), field="username")
    return None


def why_not_close(*, own: bool, active: bool) -> Refusal | None:
    if own:
        return Refusal("staff.own", _("You cannot close your own account."))
    if not active:
        return Refusal("staff.closed", _("This account is closed already."))
    return None
