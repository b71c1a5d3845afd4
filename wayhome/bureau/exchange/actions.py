"""Fill the outbox: each new or changed particular that the Conventions make due."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import (
    SEND_WITHIN,
    NoticeKind,
    NoticeState,
    Route,
    state_of_new,
    why_not_release,
)
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.copying import copy_in
from wayhome.lib.refusal import refuse_if

BOTH = (Route.AGENCY, Route.POWER)


@dataclass(frozen=True)
class Due:
    """Something that became due about somebody. `cause` is the id of what made it so."""

    kind: NoticeKind
    cause: str
    particulars: dict[str, Any]
    captive: Captive | None = None
    enquiry: Enquiry | None = None
    routes: tuple[Route, ...] = field(default=BOTH)
    about: str = ""  # of many at once: the number of what lists them
    key: PersonKey | None = None  # under which it is sealed, if not under that of whom it is about


def note_due(dues: Iterable[Due]) -> None:
    """Put notices into the outbox, in the running transaction; the same cause once a route."""
    notices = [_notice(due, route, _harm(due)) for due in dues for route in due.routes]
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=1000)


def note_new(dues: Iterable[Due]) -> None:
    """As `note_due`, for men registered this moment: no flag stands, nothing was noted yet."""
    copy_in([_notice(due, route, harm=False) for due in dues for route in due.routes])


def _harm(due: Due) -> bool:
    return due.captive is not None and due.captive.under_harm_flag()


def _notice(due: Due, route: Route, harm: bool) -> Notice:
    whose = due.captive or due.enquiry
    key = due.key or (whose.key if whose else None)
    assert key is not None, "a notice is about somebody"
    return Notice(
        route=route,
        kind=due.kind,
        captive=due.captive,
        enquiry=due.enquiry,
        about=due.about,
        key=key,
        particulars=due.particulars,
        state=state_of_new(route, harm=harm),
        harm=harm and route == Route.AGENCY,
        cause=due.cause,
        due_at=timezone.now() + SEND_WITHIN,
    )


def hold_for_lawyer(captive: Captive) -> None:
    """Hold every unsent copy to his Power while a harm flag stands."""
    waiting = Notice.objects.filter(captive=captive, state=NoticeState.DUE)
    waiting.filter(route=Route.POWER).update(state=NoticeState.HELD)
    waiting.filter(route=Route.AGENCY).update(harm=True)


@transaction.atomic
def release_to_power(*, notice: Notice, reason: str, by: Staff) -> Notice:
    """A named lawyer's dated decision that his Power gets this notice after all."""
    by.must(Permission.ASSESS_DANGER)
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    refuse_if(why_not_release(NoticeState(notice.state), reason))
    notice.state = NoticeState.DUE
    notice.save(update_fields=["state"])
    number = notice.captive.bureau_number if notice.captive else ""
    journal.record(
        "notice released to his Power",
        subject=notice,
        by=by,
        person=number,
        facts={"reason": reason},
    )
    return notice
