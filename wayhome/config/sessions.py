"""Sessions of invented people, for whoever inspects a demo. Refused anywhere else."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.enquiries.models import Enquirer
from wayhome.bureau.enquiries.rules import Source
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import NOT_STAFF, Role


class NotADemo(Exception):
    """Sessions are opened from outside in a demo's data folder only."""


def open_session(role: str, site: str = "") -> dict[str, Any]:
    """A session for an invented person of this role: {"cookies": {"sessionid": …}}.

    Raises NotADemo outside a demo's folder and ValueError for an unknown role or an empty demo.
    """
    if not settings.DEMO:
        raise NotADemo
    wanted = Role(role)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    if wanted == Role.FAMILY:
        session["enquirer_id"] = str(_family().pk)
    elif wanted == Role.CAPTIVE:
        session["sitting_id"] = str(_sitting().pk)
    elif wanted not in NOT_STAFF:
        _sign_in(session, _staff(wanted, site))
    session.create()
    return {"role": role, "cookies": {settings.SESSION_COOKIE_NAME: session.session_key}}


def _staff(role: Role, site: str) -> Staff:
    people = Staff.objects.get_queryset().filter(role=role.value, is_active=True)
    if site:
        people = people.filter(site=Site.objects.get(code=site))
    found = people.order_by("number").first()
    if found is None:
        raise ValueError(f"nobody has the role {role.value} there")
    return found


def _sign_in(session: Any, staff: Staff) -> None:
    session[SESSION_KEY] = str(staff.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    session["second_factor"] = True


def _family() -> Enquirer:
    open_ones = Enquirer.objects.filter(forgotten_at=None)
    portal = open_ones.filter(enquiries__source=Source.PORTAL)
    found = (portal or open_ones).order_by("made_at").first()
    if found is None:
        raise ValueError("this demo holds no family yet")
    return found


@transaction.atomic
def _sitting() -> Sitting:
    """An open sitting of a captive who has none of his own to be disturbed."""
    sitting = Sitting.objects.unlocked().first()
    if sitting:
        return sitting
    captive = Captive.objects.in_custody().filter(sittings=None).order_by("bureau_number").last()
    if captive is None:
        raise ValueError("this demo holds no captive yet")
    now = timezone.now()
    neutral = _staff(Role.NEUTRAL, "")
    return Sitting.objects.create(
        captive=captive, neutral=neutral, language="uk", opened_at=now, unlocked_at=now
    )
