"""Who is at the other end of a socket: the session that came in by a link, and nobody else."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host

from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.contact.calls.models import CallParty
from wayhome.bureau.enquiries.models import Enquirer
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.web.access import role_of

KEY = "call"  # of the session: which participant this browser is, and its device
Person = Enquirer | Sitting | Staff


@dataclass(frozen=True)
class Caller:
    """One participant and the person who is it."""

    party: CallParty
    person: Person
    device: str


def caller_of(session_key: str) -> Caller | None:
    """The participant that this session is now; None once it has ended or is somebody else's."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    kept = request.session.get(KEY)
    person = person_of(request)
    if not isinstance(kept, dict) or person is None:
        return None
    rows = CallParty.objects.of(person).select_related("call")
    party = rows.filter(pk=kept["party"], device=kept["device"]).first()
    return Caller(party, person, kept["device"]) if party else None


def person_of(request: HttpRequest) -> Person | None:
    """Who is signed in, in the one role that the session has."""
    request.user = get_user(request)
    role = role_of(request)
    if role == Role.FAMILY:
        return getattr(request, "family", None)
    if role == Role.CAPTIVE:
        return getattr(request, "sitting", None)
    return request.user if isinstance(request.user, Staff) else None


def session_key_in(headers: dict[bytes, bytes]) -> str:
    """The session that a browser names in its cookies."""
    cookies = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
    return str(cookies.get(settings.SESSION_COOKIE_NAME, ""))


def is_from_our_page(headers: dict[bytes, bytes]) -> bool:
    """Whether a page of ours opened the socket: browsers send cookies for other people's too."""
    host = headers.get(b"host", b"").decode("latin-1")
    origin = urlsplit(headers.get(b"origin", b"").decode("latin-1")).netloc
    name, _ = split_domain_port(host)
    return bool(name) and origin == host and validate_host(name, settings.ALLOWED_HOSTS)
