"""Who is served at which address: said once at the view, asked before the body is read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse

from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.enquiries.models import Enquirer
from wayhome.bureau.journeys.models import ConvoyPhone
from wayhome.bureau.journeys.phones import phone_of, phone_that_knocks
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Forbidden, Permission, Role, roles_with

View = TypeVar("View", bound=Callable[..., HttpResponse])
EVERYBODY = frozenset(Role)
# Where somebody who is signed out is sent, by whom the address serves.
DOORS = {Role.FAMILY: "portal:come_back", Role.CAPTIVE: "tablet:locked"}
STAFF_DOOR = "account_login"


@dataclass(frozen=True)
class Access:
    roles: frozenset[Role]
    methods: tuple[str, ...] = ("GET",)
    form_at: str = ""  # the address's name that shows the form; empty is the address itself
    ends_session: bool = False
    door: str = STAFF_DOOR
    by_phone: bool = False  # by the secret of an escort's phone: docs/decisions/0053
    # Asked of the identity besides its role, such as an unlocked sitting.
    extra: dict[str, Any] = field(default_factory=dict)


class StaffRequest(HttpRequest):
    user: Staff


class FamilyRequest(HttpRequest):
    family: Enquirer


class CaptiveRequest(HttpRequest):
    sitting: Sitting


class PhoneRequest(HttpRequest):
    """`phone` is None for an escort who came by a session: it does nothing here."""

    phone: ConvoyPhone | None
    knocks: bool


def _marks(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def public(
    *, methods: tuple[str, ...] = ("GET",), form_at: str = "", ends_session: bool = False
) -> Callable[[View], View]:
    """Served to everybody, signed in or not."""
    return _marks(Access(EVERYBODY, methods, form_at, ends_session))


def allowed(
    *permissions: Permission,
    methods: tuple[str, ...] = ("GET", "POST"),
    form_at: str = "",
    ends_session: bool = False,
) -> Callable[[View], View]:
    """Served to staff whose role has one of these permissions."""
    roles = frozenset[Role]().union(*(roles_with(p) for p in permissions))
    staff_roles = roles - {Role.FAMILY, Role.CAPTIVE, Role.NOBODY}
    return _marks(Access(staff_roles, methods, form_at, ends_session))


def escorts_phone(*, form_at: str) -> Callable[[View], View]:
    """Served to an escort's phone, by what it alone holds: no session, no cookie counts here."""
    roles = roles_with(Permission.MEET_FAMILY)
    return _marks(Access(roles, ("POST",), form_at, by_phone=True))


def family(
    *, methods: tuple[str, ...] = ("GET",), form_at: str = "", ends_session: bool = False
) -> Callable[[View], View]:
    """Served to a family that came in with its code and PIN."""
    door = DOORS[Role.FAMILY]
    return _marks(Access(frozenset({Role.FAMILY}), methods, form_at, ends_session, door))


def captive(
    *, methods: tuple[str, ...] = ("GET",), form_at: str = "", ends_session: bool = False
) -> Callable[[View], View]:
    """Served to a captive in his own sitting, after he gave his secret."""
    door = DOORS[Role.CAPTIVE]
    return _marks(Access(frozenset({Role.CAPTIVE}), methods, form_at, ends_session, door))


# Views of libraries, which cannot carry a mark of ours; by the address's name.
THEIRS: dict[str, Access] = {
    "account_login": Access(EVERYBODY, ("GET", "POST")),
    "account_logout": Access(frozenset(roles_with(Permission.USE_CONSOLE)), ("GET", "POST"),
                             ends_session=True),
    "account_change_password": Access(roles_with(Permission.USE_CONSOLE), ("GET", "POST")),
    "account_reauthenticate": Access(roles_with(Permission.USE_CONSOLE), ("GET", "POST")),
    "mfa_authenticate": Access(EVERYBODY, ("GET", "POST"), form_at="account_login"),
    "mfa_index": Access(roles_with(Permission.USE_CONSOLE), ("GET",)),
    "mfa_activate_totp": Access(roles_with(Permission.USE_CONSOLE), ("GET", "POST"),
                                form_at="mfa_index"),
    "mfa_reauthenticate": Access(roles_with(Permission.USE_CONSOLE), ("GET", "POST")),
}  # fmt: skip


def role_of(request: HttpRequest) -> Role:
    """The role in which this request comes. A captive's sitting hides every other."""
    if request.session.get("sitting_id"):
        sitting = _open_sitting(request.session["sitting_id"])
        setattr(request, "sitting", sitting)
        return Role.CAPTIVE if sitting else Role.NOBODY
    if request.user.is_authenticated:
        return request.user.acting_role
    if request.session.get("enquirer_id"):
        enquirers = Enquirer.objects.filter(forgotten_at=None).select_related("key")
        enquirer = enquirers.filter(pk=request.session["enquirer_id"]).first()
        setattr(request, "family", enquirer)
        return Role.FAMILY if enquirer else Role.NOBODY
    return Role.NOBODY


def _open_sitting(sitting_id: str) -> Sitting | None:
    sittings = Sitting.objects.unlocked()
    return sittings.select_related("captive__key", "neutral").filter(pk=sitting_id).first()


def _role_of_phone(request: HttpRequest) -> Role | None:
    """What a phone shows in a header: no page of another site can add it."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    find = {"Phone": phone_of, "Knock": phone_that_knocks}.get(kind)
    phone = find(secret) if find else None
    setattr(request, "phone", phone)
    setattr(request, "knocks", kind == "Knock")
    return Role.ESCORT if phone else None


def access_of(request: HttpRequest, view: Any) -> Access | None:
    match = request.resolver_match
    name = match.view_name if match else ""
    return getattr(view, "access", None) or THEIRS.get(name)


class AccessMiddleware:
    """Asks the table before anything else: before CSRF, before the body, before the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        access = access_of(request, view)
        if access is None:
            raise Forbidden("address in no table")
        by_phone = _role_of_phone(request) if access.by_phone else None
        role = request.role = by_phone or role_of(request)  # type: ignore[attr-defined]
        if role not in access.roles:
            return self._refuse(request, access, role)
        if request.method not in (*access.methods, "HEAD", "OPTIONS"):
            return HttpResponseNotAllowed(access.methods)
        return None

    @staticmethod
    def _refuse(request: HttpRequest, access: Access, role: Role) -> HttpResponse:
        if role != Role.NOBODY:
            raise Forbidden("role")
        door = reverse(access.door)
        if access.door == STAFF_DOOR and request.method == "GET":
            door += f"?next={request.path}"
        response = redirect(door)
        response.status_code = 303
        return response
