"""How staff sign in: allauth with our rules. No sign-up, no mail."""

import io
import time
from collections.abc import Mapping
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from segno import make_qr

from wayhome.bureau.staff.actions import note_failed_sign_in


def note_failure(sender: Any, credentials: Mapping[str, Any], **_: Any) -> None:
    """A listener: a wrong password, or a wrong code from the telephone."""
    note_failed_sign_in(username=str(credentials.get("username", ""))[:80])


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """A closed account answers as a wrong password does."""
        user = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing about an account leaves by mail."""

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Whoever wrote the password a moment ago is not asked for it again."""
        records = get_authentication_records(context.request, context.request.user)
        last = max((record["at"] for record in records), default=0.0)
        return bool(time.time() - last > app_settings.REAUTHENTICATION_TIMEOUT)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def build_totp_svg(self, url: str) -> str:
        """The key as a square, by the library that draws every other one of ours."""
        drawn = io.BytesIO()
        make_qr(url).save(drawn, kind="svg", scale=4, xmldecl=False)
        return drawn.getvalue().decode()
