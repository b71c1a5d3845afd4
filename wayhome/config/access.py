"""The access table: every address of the program, and whom it serves."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from wayhome.bureau.answers.models import Invitation, OutgoingMessage
from wayhome.bureau.captives.models import Captive, CardFile, HarmFlag, SameManProposal
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.matches.models import Candidate, Match
from wayhome.bureau.relations.models import Paper
from wayhome.bureau.returns.models import Application, Appointment
from wayhome.bureau.staff.models import Staff
from wayhome.web.access import THEIRS, Access

# An example of what stands in an address, for whoever walks the table.
EXAMPLES: dict[str, Callable[[], Any]] = {
    "captive_number": lambda: _first(Captive, "bureau_number"),
    "enquiry_number": lambda: _first(Enquiry, "bureau_number"),
    "candidate_id": lambda: _first(Candidate, "pk"),
    "match_id": lambda: _first(Match, "pk"),
    "file_id": lambda: _first(CardFile, "pk"),
    "proposal_id": lambda: _first(SameManProposal, "pk"),
    "flag_id": lambda: _first(HarmFlag, "pk"),
    "paper_id": lambda: _first(Paper, "pk"),
    "invitation_id": lambda: _first(Invitation, "pk"),
    "message_id": lambda: _first(OutgoingMessage, "pk"),
    "application_id": lambda: _first(Application, "pk"),
    "appointment_id": lambda: _first(Appointment, "pk"),
    "act_id": lambda: _first(Act, "pk"),
    "notice_id": lambda: _first(Notice, "pk"),
    "staff_number": lambda: Staff.objects.get_queryset().values_list("number", flat=True).first(),
    "sitting_id": lambda: _first(Sitting, "pk"),
    "code": lambda: "en",
}
# Where nothing of the kind is in this demo the address still stands, with a number of nobody.
NOBODYS = {"_number": "A-000000-0", "_id": "00000000-0000-7000-8000-000000000000"}


def _first(model: Any, field: str) -> Any:
    return model.objects.order_by(field).values_list(field, flat=True).first()


@dataclass(frozen=True)
class Address:
    pattern: str
    name: str
    access: Access | None
    kwargs: tuple[str, ...]
    steps: tuple[str, ...]


def addresses() -> list[Address]:
    """Every URL pattern with the view's access; None where a view has none (a fault)."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], before: str, space: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            yield _address(pattern, route, space)


def _address(pattern: URLPattern, route: str, space: str) -> Address:
    name = f"{space}{pattern.name}"
    access = getattr(pattern.callback, "access", None) or THEIRS.get(name)
    steps = tuple(getattr(pattern.callback, "steps", ()))
    return Address(route, name, access, tuple(re.findall(r"<(?:\w+:)?(\w+)>", route)), steps)


def table() -> list[dict[str, Any]]:
    """The whole table, a row for each URL pattern and method, with an example of each."""
    return [
        row for address in addresses() if address.access for row in _rows(address, address.access)
    ]


def _rows(address: Address, access: Access) -> Iterator[dict[str, Any]]:
    url = _example(address)
    for method in access.methods:
        form_url = ""
        if method == "POST":
            form_url = _form_url(address, access, url)
        yield {
            "pattern": f"/{address.pattern}",
            "name": address.name,
            "url": url,
            "method": method,
            "allow": sorted(role.value for role in access.roles),
            "form": method == "POST",
            "form_url": form_url,
            "ends_session": access.ends_session,
        }


def _form_url(address: Address, access: Access, url: str) -> str:
    if not access.form_at:
        return url
    page = next(other for other in addresses() if other.name == access.form_at)
    return _example(page)


def _example(address: Address) -> str:
    values = {kwarg: _value(address, kwarg) for kwarg in address.kwargs}
    return reverse(address.name, kwargs=values)


def _value(address: Address, kwarg: str) -> Any:
    if kwarg in EXAMPLES:
        nobodys = next((value for end, value in NOBODYS.items() if kwarg.endswith(end)), "none")
        return EXAMPLES[kwarg]() or nobodys
    return address.steps[0] if address.steps else "none"
