"""The search in the head of every page: one line, in any script, with whatever is known."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from wayhome.bureau.matches.search import Found, Hit, look_for, read
from wayhome.bureau.matches.search_rules import (
    LEAST_LETTERS,
    MOST_SHOWN,
    READING_BUDGET,
    READING_WARNED,
    SHOWN_AS_TYPED,
)
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of
from wayhome.web.console.search_page import answer

TOO_MANY, UNPROCESSABLE = 429, 422


@allowed(Permission.SEE_CAPTIVE, Permission.SEE_ENQUIRY, methods=("GET",))
def search(request: StaffRequest) -> HttpResponse:
    """The whole answer; to the box, which asks as somebody types, the first few of it."""
    text = asked(request, "q")
    as_typed = request.headers.get("HX-Request") == "true"
    most = SHOWN_AS_TYPED if as_typed else MOST_SHOWN
    found = look_for(text, by=request.user, most=most)
    page = page_of(request, found.hits) if not as_typed else None
    hits = found.hits if page is None else list(page.object_list)
    refusals, read_today = _read(request, text, found, hits)
    context: dict[str, Any] = {
        "q": text,
        "page": page,
        "answers": [] if refusals else [answer(one, request.LANGUAGE_CODE) for one in hits],
        "more": found.more,
        "most": most,
        "too_short": len(text) < LEAST_LETTERS,
        "refusals": refusals,
        "left_to_read": READING_BUDGET - read_today if read_today >= READING_WARNED else None,
    }
    status = 200
    if refusals:
        status = UNPROCESSABLE if found.refusal else TOO_MANY
    template = "console/search/as_typed.html" if as_typed else "console/search/results.html"
    return render(request, template, context, status=status)


def _read(
    request: StaffRequest, text: str, found: Found, hits: Sequence[Hit]
) -> tuple[list[Refusal], int]:
    """Note whom the page shows; what stands against it, and how many were shown today."""
    if found.refusal:
        return [found.refusal], 0
    if len(text) < LEAST_LETTERS:
        return [], 0
    try:
        return [], read(text, hits, by=request.user)
    except Refused as refused:
        return list(refused.refusals), 0


urlpatterns = [path("search/", search, name="search")]
