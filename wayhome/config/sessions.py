"""Sessions of invented people, for whoever inspects a demo. Refused anywhere else."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents import sittings
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.enquiries.models import Enquirer
from wayhome.bureau.enquiries.rules import Source
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import NOT_STAFF, Role
from wayhome.config.demo import stories
from wayhome.config.demo.calls import HIS_SECRET


class NotADemo(Exception):
    """Sessions are opened from outside in a demo's data folder only."""


def open_session(role: str, site: str = "") -> dict[str, Any]:
    """A session for an invented person of this role: {"cookies": {"sessionid": …}}.

    Raises NotADemo outside a demo's folder and ValueError for an unknown role or an empty demo.
    """
    if not settings.DEMO:
        raise NotADemo
    if role not in {one.value for one in Role}:
        raise ValueError(f"no role {role}: one of {', '.join(one.value for one in Role)}")
    wanted = Role(role)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    if wanted == Role.FAMILY:
        session["enquirer_id"] = str(_family().pk)
    elif wanted == Role.CAPTIVE:
        session["sitting_id"] = str(_sitting().pk)
    elif wanted not in NOT_STAFF:
        sign_in(session, _staff(wanted, site))
    session.create()
    return {"cookies": {settings.SESSION_COOKIE_NAME: session.session_key}}


def _staff(role: Role, site: str) -> Staff:
    people = Staff.objects.get_queryset().filter(role=role.value, is_active=True)
    if site:
        people = people.filter(site__code=site)
    found = people.order_by("number").first()
    if found is None:
        raise ValueError(f"nobody has the role {role.value} there")
    return found


def sign_in(session: Any, staff: Staff) -> None:
    """A session of staff, as after both factors."""
    session[SESSION_KEY] = str(staff.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    session["second_factor"] = True


def _family() -> Enquirer:
    """The family that waits, as most do; else any that can come back to the portal."""
    found = stories.enquirer_of(stories.FAMILYS)
    if found is None:
        open_ones = Enquirer.objects.filter(forgotten_at=None).order_by("made_at")
        found = open_ones.filter(enquiries__source=Source.PORTAL).first() or open_ones.first()
    if found is None:
        raise ValueError("this demo holds no family yet")
    return found


@transaction.atomic
def _sitting() -> Sitting:
    """The open sitting of the man who waits to be asked; he gave his secret before the neutral."""
    captive = _man_to_ask()
    unlocked = Sitting.objects.unlocked().filter(captive=captive).first()
    if unlocked:
        sittings.touch(unlocked)
        return unlocked
    neutral = _staff(Role.NEUTRAL, "")
    for locked in captive.sittings.filter(closed_at=None):
        sittings.close_sitting(sitting=locked, by=neutral)
    # Whoever tried the demo may have set another secret for him.
    sittings.reset_secret(captive=captive, by=neutral)
    opened = sittings.open_sitting(captive=captive, language="ru", by=neutral)
    return sittings.set_secret(secret=HIS_SECRET, again=HIS_SECRET, by=opened)


def _man_to_ask() -> Captive:
    """The man of the story; once he is home, anybody in custody."""
    man = stories.captive_of(stories.CAPTIVES)
    if man and man.principal.custody_state == CustodyState.HELD:
        return man.principal
    others = Captive.objects.in_custody().filter(same_as=None).order_by("bureau_number")
    found = others.last()
    if found is None:
        raise ValueError("this demo holds no captive yet")
    return found
