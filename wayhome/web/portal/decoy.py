"""The world behind the second PIN: everything looks accepted there, nothing takes effect.

A view that would change something asks `is_decoy(request)` first and, if it is one, remembers what
was typed instead of calling the action; a view that shows something puts what was remembered in
place of, or after, what is stored. Both ways the page is the same, byte for byte.

Keys in use: "answers" {step: answers}, "added_on" [moments], "sheet" {code, at}, "papers",
"journey_papers", "application", "yearly", "letters", "letters_back", "samples", "samples_back",
"call" and "call_back" (a list of as their pages show them, each with its moment "at" as ISO text).
"""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from wayhome.bureau.enquiries.actions import keep_in_draft, open_draft
from wayhome.bureau.enquiries.models import Draft

SESSION_KEY = "other_draft"


def enter(request: HttpRequest) -> None:
    """Make this session one in which nothing takes effect."""
    request.session[SESSION_KEY] = str(open_draft().pk)


def is_decoy(request: HttpRequest) -> bool:
    """Whether she came in under her second PIN."""
    return SESSION_KEY in request.session


def remember(request: HttpRequest, key: str, value: Any) -> None:
    """Keep a value (JSON) for this session, encrypted, in place of what is under this key."""
    keep_in_draft(draft=_draft(request), answers={key: value})


def recall(request: HttpRequest, key: str, default: Any = None) -> Any:
    """What was remembered in this session; `default` in every other session."""
    return _draft(request).answers.get(key, default) if is_decoy(request) else default


def add(request: HttpRequest, key: str, entry: dict[str, Any]) -> None:
    """Add an entry to a remembered list, with its moment."""
    entries = recall(request, key, [])
    remember(request, key, [*entries, {"at": timezone.now().isoformat(), **entry}])


def _draft(request: HttpRequest) -> Draft:
    return Draft.objects.select_related("key").get(pk=request.session[SESSION_KEY])
