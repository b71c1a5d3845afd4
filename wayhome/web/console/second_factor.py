"""Staff reach nothing before the second factor: a code besides the password."""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from wayhome.bureau.staff.permissions import NOT_STAFF, Role
from wayhome.web.access import STAFF_DOOR, THEIRS, access_of
from wayhome.web.once import see_other

# In the session: set when the factor was set up in it, and for the invented people of a demo.
PASSED = "second_factor"
SET_UP = "mfa_activate_totp"


def passed(request: HttpRequest) -> bool:
    """Whether this session has shown the second factor."""
    if request.session.get(PASSED) is True:
        return True
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def remember_set_up(sender: Any, request: HttpRequest, **_: Any) -> None:
    """Whoever set the factor up a moment ago has shown it by its first code."""
    request.session[PASSED] = True


class SecondFactorMiddleware:
    """Stands behind AccessMiddleware: who was let in by role must have shown the code too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        access = access_of(request, view)
        name = request.resolver_match.view_name if request.resolver_match else ""
        is_public = access is None or Role.NOBODY in access.roles or name in THEIRS
        if access and access.by_phone and getattr(request, "phone", None):
            return None  # the phone was given its secret by somebody who had shown the code
        if is_public or getattr(request, "role", Role.NOBODY) in NOT_STAFF or passed(request):
            return None
        if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            # Signed in some way that did not ask for the code: sign in anew.
            logout(request)
            return see_other(STAFF_DOOR)
        return see_other(SET_UP)
