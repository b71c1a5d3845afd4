"""Take requests for remains, ask the home country whether it objects, decide with a remedy."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.remains.actions.registering import locked as locked_remains
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.remains.rules.register import State as WhereState
from wayhome.bureau.repatriations.facts import is_kin, is_still_theirs, why_not_go_now
from wayhome.bureau.repatriations.models import ReturnRequest
from wayhome.bureau.repatriations.numbering import next_number
from wayhome.bureau.repatriations.rules.requesting import (
    Asked,
    Asker,
    Asking,
    Home,
    RequestState,
    why_not_grant,
    why_not_note_home,
    why_not_refuse,
    why_not_take,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if

TAKE, DECIDE = Permission.TAKE_RETURN_REQUEST, Permission.DECIDE_RETURN


@transaction.atomic
def take_request(
    *, remains: Remains | None, asked: Asked, enquiry: Enquiry | None, by: Staff
) -> ReturnRequest:
    """Write down who asks for which remains."""
    by.must(TAKE)
    remains = locked_remains(remains) if remains else None
    enquiry = enquiry if asked.asker == Asker.KIN else None
    open_ones = ReturnRequest.objects.to_decide().filter(asker=asked.asker, remains=remains)
    refuse_if(
        why_not_take(
            asked,
            known=remains is not None,
            gone=remains is not None and remains.state == WhereState.HOME,
            is_kin=remains is not None and enquiry is not None and is_kin(remains, enquiry),
            open_one=remains is not None and open_ones.filter(enquiry=enquiry).exists(),
            today=timezone.localdate(),
        )
    )
    assert remains is not None, "asked by the rule above"
    request = ReturnRequest.objects.create(
        number=next_number(ReturnRequest), remains=remains, asker=asked.asker, enquiry=enquiry,
        key=enquiry.key if enquiry else remains.key,
        power=asked.power.strip() if asked.asker == Asker.HOME else "",
        came_on=asked.came_on, words=asked.words.strip(), taken_by=by, taken_at=timezone.now(),
    )  # fmt: skip
    _journal("request for remains taken", request, by)
    return request


@transaction.atomic
def note_home(*, request: ReturnRequest, home: str, on: date, by: Staff) -> ReturnRequest:
    """Note that the home country was asked whether it objects, or what it said (AP I 34)."""
    by.must(TAKE)
    request = _locked(request)
    refuse_if(
        why_not_note_home(
            home,
            before=Home(request.home),
            is_open=request.state == RequestState.OPEN,
            asker=Asker(request.asker),
            on=on,
            today=timezone.localdate(),
        )
    )
    request.home = home
    if home == Home.ASKED:
        request.home_asked_on = on
    else:
        request.home_answered_on = on
    request.save(update_fields=["home", "home_asked_on", "home_answered_on"])
    _journal("word of the home country noted", request, by, purpose=home)
    return request


def why_not_grant_now(request: ReturnRequest) -> list[Refusal]:
    """What stands against granting this request now; empty permits it."""
    asking = Asking(
        is_open=request.state == RequestState.OPEN,
        asker=Asker(request.asker),
        home=Home(request.home),
        home_asked_on=request.home_asked_on,
        is_kin=is_still_theirs(request),
        against=why_not_go_now(request.remains),
    )
    return list(why_not_grant(asking, today=timezone.localdate()))


@transaction.atomic
def grant(*, request: ReturnRequest, reason: str = "", by: Staff) -> ReturnRequest:
    """Grant it: the remains may go home with a consignment."""
    by.must(DECIDE)
    request = _locked(request)
    refuse_if(why_not_grant_now(request))
    request.reason = reason.strip() or None
    return _decided(request, RequestState.GRANTED, by)


@transaction.atomic
def refuse(*, request: ReturnRequest, reason: str, remedy: str, by: Staff) -> ReturnRequest:
    """Refuse it, with the reason, the name of who decided, and where to turn (ECHR 8)."""
    by.must(DECIDE)
    request = _locked(request)
    is_open = request.state == RequestState.OPEN
    refuse_if(why_not_refuse(is_open=is_open, reason=reason, remedy=remedy))
    request.reason, request.remedy = reason.strip(), remedy.strip()
    return _decided(request, RequestState.REFUSED, by)


def _decided(request: ReturnRequest, state: RequestState, by: Staff) -> ReturnRequest:
    request.state, request.decided_by, request.decided_at = state, by, timezone.now()
    request.save(update_fields=["state", "reason", "remedy", "decided_by", "decided_at"])
    _journal("request for remains decided", request, by, purpose=state)
    return request


def _journal(action: str, request: ReturnRequest, by: Staff, purpose: str = "") -> None:
    number = request.remains.bureau_number
    journal.record(action, subject=request, by=by, person=number, purpose=purpose)


def _locked(request: ReturnRequest) -> ReturnRequest:
    rows = ReturnRequest.objects.select_for_update(of=("self",))
    return rows.select_related("key", "remains__key", "enquiry").get(pk=request.pk)
