"""The answers of somebody who is still asking, kept on our side and encrypted."""

from typing import Any

from django.http import HttpRequest

from wayhome.bureau.enquiries.actions import drop_draft, keep_in_draft, open_draft
from wayhome.bureau.enquiries.models import Draft

SESSION_KEY = "draft"


def draft_of(request: HttpRequest) -> Draft | None:
    """This session's draft, if it has one."""
    pk = request.session.get(SESSION_KEY)
    return Draft.objects.select_related("key").filter(pk=pk).first() if pk else None


def answers_of(request: HttpRequest) -> dict[str, Any]:
    """What was answered so far, by step."""
    draft = draft_of(request)
    return dict(draft.answers) if draft else {}


def keep(request: HttpRequest, step: str, answers: Any) -> None:
    """Keep one step's answers; the first begins the draft."""
    draft = draft_of(request) or open_draft()
    request.session[SESSION_KEY] = str(draft.pk)
    keep_in_draft(draft=draft, answers={step: answers})


def drop(request: HttpRequest) -> None:
    """Delete the draft and all that was typed."""
    draft = draft_of(request)
    request.session.pop(SESSION_KEY, None)
    if draft:
        drop_draft(draft=draft)


def locked(request: HttpRequest) -> Draft | None:
    """This session's draft, locked until the running transaction ends."""
    pk = request.session.get(SESSION_KEY)
    drafts = Draft.objects.select_for_update(of=("self",)).select_related("key")
    return drafts.filter(pk=pk).first() if pk else None
