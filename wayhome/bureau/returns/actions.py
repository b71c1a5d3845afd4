"""Applying to go home, deciding, and setting the day and the way out."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import why_not_change
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Match
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.returns.announcements import (
    application_changed,
    appointment_cancelled,
    is_planned,
)
from wayhome.bureau.returns.boards import (
    dissolve_boards_for,
    dissolve_boards_of,
    locked,
    person_of,
)
from wayhome.bureau.returns.facts import missing_for_travel, she_comes, whole_way_out
from wayhome.bureau.returns.models import Application, Appointment, Ground
from wayhome.bureau.returns.rules import (
    MAY_LEAD_HOME,
    ApplicationState,
    WaysOut,
    why_not_apply,
    why_not_appoint,
    why_not_open_by_law,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Forbidden, Permission
from wayhome.lib.refusal import Refusal, refuse_if


@transaction.atomic
def apply_for_him(*, enquiry: Enquiry, wish: dict[str, str], by: Enquirer) -> Application:
    """Keep her wish to bring him home. Says and shows nothing about whether he is known."""
    by.must(Permission.APPLY)
    if enquiry.enquirer_id != by.pk:
        raise Forbidden(Permission.APPLY.value)
    return _hers(enquiry, wish, by)


@transaction.atomic
def write_down_application(*, enquiry: Enquiry, wish: dict[str, str], by: Staff) -> Application:
    """Keep a wish that came on paper or in a talk, as if she had told it herself.

    Where one is kept already, what she says now takes its place: she may change her mind at any
    time, and her coming is never a price (customary rule 96).
    """
    by.must(Permission.WRITE_APPLICATION)
    refuse_if(why_not_change(enquiry.state))
    rows = enquiry.applications.select_for_update(of=("self",)).filter(state__in=MAY_LEAD_HOME)
    kept = rows.order_by("-made_at").first()
    return _said_anew(kept, wish, by) if kept else _hers(enquiry, wish, by)


def _said_anew(application: Application, wish: dict[str, str], by: Staff) -> Application:
    """Whoever comes no longer is awaited by no day and no act. What was decided stands."""
    application = locked(application)
    said = {name: words for name, words in wish.items() if words}
    application.wish = {**(application.wish or {}), **said}
    application.save(update_fields=["wish"])
    assert application.enquiry is not None
    number = application.enquiry.bureau_number
    journal.record("wish said anew", subject=application, by=by, person=number)
    application_changed.send(Application, application=application)
    return application


def _hers(enquiry: Enquiry, wish: dict[str, str], by: Enquirer | Staff) -> Application:
    is_open = enquiry.applications.filter(state=ApplicationState.OPEN).exists()
    refuse_if(why_not_apply(one_is_open=is_open))
    match = Match.objects.standing().filter(enquiry=enquiry).first()
    new = Application(
        enquiry=enquiry,
        captive=match.captive if match else None,
        key=enquiry.enquirer.key,
        by_captive=False,
        wish=wish,
        made_at=timezone.now(),
    )
    return _keep(new, by, enquiry.bureau_number)


@transaction.atomic
def apply_himself(*, wish: dict[str, str], by: Sitting) -> Application:
    """Keep his own application; it needs no family and no match."""
    by.must(Permission.APPLY)
    captive = by.captive
    open_ones = captive.applications.filter(state=ApplicationState.OPEN, by_captive=True)
    refuse_if(why_not_apply(one_is_open=open_ones.exists()))
    new = Application(
        captive=captive, key=captive.key, by_captive=True, wish=wish, made_at=timezone.now()
    )
    return _keep(new, by, captive.bureau_number)


@transaction.atomic
def open_by_law(*, captive: Captive, by: Staff) -> Application:
    """Open his file though nobody asked: hostilities have ended (GC III 118)."""
    by.must(Permission.SET_APPOINTMENT)
    records = {each.pk for each in captive.all_records()}
    locked = Captive.objects.select_for_update(of=("self",)).filter(pk__in=records).order_by("pk")
    captive = next(each for each in locked if each.pk == captive.pk)
    refuse_if(why_not_open_by_law_for(captive))
    new = Application(
        captive=captive,
        key=captive.key,
        by_captive=False,
        by_law=True,
        wish={},
        made_at=timezone.now(),
    )
    return _keep(new, by, captive.bureau_number)


def why_not_open_by_law_for(captive: Captive) -> Refusal | None:
    """Asked by the page and by the action."""
    standing = Application.objects.that_may_lead_home()
    return why_not_open_by_law(
        hostilities_ended=Ground.objects.hostilities_ended_on(timezone.localdate()) is not None,
        held=captive.custody_state == CustodyState.HELD,
        one_stands=standing.filter(captive__in=captive.all_records()).exists(),
    )


def _keep(new: Application, by: Any, person: str) -> Application:
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        refuse_if(why_not_apply(one_is_open=True))
    journal.record("application made", subject=new, by=by, person=person)
    application_changed.send(Application, application=new)
    return new


@dataclass(frozen=True)
class Meeting:
    """A day, a crossing, and how both leave: {"destination", "papers", "shelter", "legs"}."""

    on: date
    crossing: str
    way_out_his: dict[str, str]
    way_out_hers: dict[str, str] | None


@transaction.atomic
def set_appointment(*, application: Application, meeting: Meeting, by: Staff) -> Appointment:
    """Set the day by hand; an earlier appointment of the application is cancelled.

    Raises Refused while a journey stands: what was promised is not set aside in passing.
    """
    by.must(Permission.SET_APPOINTMENT)
    application = locked(application)
    planned = any(says for _, says in is_planned.send(Application, application=application))
    return _appoint(application, meeting, by, planned=planned)


@transaction.atomic
def appoint_journey(*, application: Application, meeting: Meeting, by: Staff) -> Appointment:
    """A journey was confirmed: its day is the appointment."""
    by.must(Permission.SET_APPOINTMENT)
    return _appoint(locked(application), meeting, by, planned=False)


def _appoint(
    application: Application, meeting: Meeting, by: Staff, *, planned: bool
) -> Appointment:
    hers = whole_way_out(meeting.way_out_hers) if she_comes(application) else None
    refuse_if(
        why_not_appoint(
            state=ApplicationState(application.state),
            on=meeting.on,
            today=timezone.localdate(),
            ways_out=WaysOut(his=whole_way_out(meeting.way_out_his), hers=hers),
            missing=missing_for_travel(application),
            planned=planned,
        )
    )
    cancel_appointment(application)
    appointment = Appointment.objects.create(
        application=application,
        key=PersonKey.objects.get(pk=application.key_id),
        on=meeting.on,
        crossing=meeting.crossing,
        way_out_his=meeting.way_out_his,
        way_out_hers=meeting.way_out_hers,
        by=by,
    )
    journal.record("appointment set", subject=appointment, by=by, person=person_of(application))
    return appointment


def cancel_appointment(application: Application) -> None:
    """The day that was set falls, and what rests on it."""
    for appointment in application.appointments.filter(cancelled_at=None):
        appointment.cancelled_at = timezone.now()
        appointment.save(update_fields=["cancelled_at"])
        appointment_cancelled.send(Appointment, appointment=appointment)


def stop_applications(match: Match) -> None:
    """A match was withdrawn: what rested on it no longer names the man, nor stays granted."""
    rows = Application.objects.filter(enquiry=match.enquiry, captive=match.captive)
    resting = list(rows.select_for_update(of=("self",)).select_related("key").order_by("pk"))
    dissolve_boards_of(match)
    for application in resting:
        if application.state == ApplicationState.CLOSED:
            continue  # its sealed act stays what it was
        application.captive = None
        application.road = ""
        if application.state == ApplicationState.GRANTED:
            newer = Application.objects.filter(enquiry=match.enquiry, state=ApplicationState.OPEN)
            application.state = (
                ApplicationState.WITHDRAWN if newer.exists() else ApplicationState.OPEN
            )
            application.decided_by = application.decided_at = application.decision = None
            application.review_on = None
        application.save()
        cancel_appointment(application)


def withdraw_applications(enquiry: Enquiry) -> None:
    """She took her enquiry back: what she asked for goes no further."""
    hers = list(enquiry.applications.select_for_update(of=("self",)).order_by("pk"))
    dissolve_boards_for(enquiry)
    for application in hers:
        if application.state not in (ApplicationState.OPEN, ApplicationState.GRANTED):
            continue
        application.state = ApplicationState.WITHDRAWN
        application.save(update_fields=["state"])
        cancel_appointment(application)


def join_applications(match: Match) -> None:
    """A match was confirmed: her wish, kept before, now is about him."""
    waiting = Application.objects.filter(enquiry=match.enquiry, captive=None)
    waiting.update(captive=match.captive)
