"""The day of his return: he is told of it by a person; set by hand, it falls with what it rests on.

The day of a journey is the journey's own: it falls there (docs/decisions/0054).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.returns.actions import cancel_appointment
from wayhome.bureau.returns.announcements import is_planned
from wayhome.bureau.returns.boards import locked, person_of
from wayhome.bureau.returns.facts import missing_for_travel
from wayhome.bureau.returns.models import Application, Appointment, DayTold
from wayhome.bureau.returns.rules import (
    ApplicationState,
    holds_still,
    looked_at_again_on,
    why_not_note_he_knows,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if


def look_at_days_of(captive: Captive) -> None:
    """Something changed that a road of his may rest on."""
    _look(Application.objects.filter(captive__in=captive.all_records()))


def look_at_day_on(application: Application) -> None:
    """The word of an authority, or his yes, carries this application no longer."""
    _look(Application.objects.filter(pk=application.pk))


def look_at_all_days() -> None:
    """An act of law ended, or a day passed that something lasted until. One after the other."""
    ahead = Appointment.objects.that_stand(timezone.localdate())
    for pk in list(ahead.order_by("on", "pk").values_list("application", flat=True)):
        _look(Application.objects.filter(pk=pk))


@transaction.atomic
def _look(rows: "QuerySet[Application]") -> None:
    # Locked before their days are read: one that is being set now waits, or is seen.
    granted = rows.filter(state=ApplicationState.GRANTED).select_for_update(of=("self",))
    for application in granted.order_by("pk"):
        ahead = application.appointments.filter(cancelled_at=None, on__gte=timezone.localdate())
        day = ahead.first()
        if day is None or _has_journey(application):
            continue
        if not holds_still(missing_for_travel(application)):
            cancel_appointment(application)
            number = person_of(application)
            journal.record("day fell", subject=day, by=journal.MACHINE, person=number)


def _has_journey(application: Application) -> bool:
    return any(says for _, says in is_planned.send(Application, application=application))


# He is told, in person.


@dataclass(frozen=True)
class ToTell:
    """What a man is to hear of a day: that it is set, or that it fell since he was told."""

    captive: Captive
    appointment: Appointment
    fell: bool


def days_to_tell(today: date, captive: Captive | None = None) -> Iterator[ToTell]:
    """Of everybody who is held, or of one man; who has another day now hears that one alone."""
    held = Captive.objects.in_custody()
    men = held if captive is None else held.filter(pk__in=captive.all_records().values("pk"))
    standing = Appointment.objects.that_stand(today)
    said = DayTold.objects.filter(appointment=OuterRef("pk"), fell=False)
    unsaid = standing.filter(~Exists(said), application__captive__in=men)
    for day in unsaid.select_related("application__captive__same_as").order_by("on", "pk"):
        assert day.application.captive is not None
        yield ToTell(day.application.captive.principal, day, fell=False)
    for told in (
        DayTold.objects.that_fell(today)
        .filter(captive__in=men)
        .select_related("captive__same_as", "appointment__application")
        .order_by("appointment__on", "pk")
    ):
        man = told.captive.principal
        if not standing.filter(application__captive__in=man.all_records()).exists():
            yield ToTell(man, told.appointment, fell=True)


def words_to_him(one: ToTell, language: str) -> str:
    """What his own page says of it; read to him in his language."""
    on, again = one.appointment.on, looked_at_again_on(timezone.localdate())
    with translation.override(language):
        gaps = {"on": date_format(on, "DATE_FORMAT"), "again": date_format(again, "DATE_FORMAT")}
        if one.fell:
            text = gettext("The day %(on)s does not stand any more. We look again on %(again)s.")
            return text % gaps
        free = gettext(
            "On the day you are asked once more, alone. You may say no until the last moment."
            " It costs you nothing."
        )
        return f"{gettext('A day is set for you to go home: %(on)s.') % gaps} {free}"


@transaction.atomic
def note_he_knows(*, captive: Captive, appointment: Appointment, fell: bool, by: Staff) -> DayTold:
    """Somebody has told him. Whoever reads no page hears it all the same (GC III 46, 48)."""
    by.must(Permission.OPEN_SITTING)
    locked(appointment.application)
    waiting = days_to_tell(timezone.localdate(), captive)
    waits = any((one.appointment.pk, one.fell) == (appointment.pk, fell) for one in waiting)
    refuse_if(why_not_note_he_knows(waits=waits))
    new = DayTold.objects.create(
        appointment=appointment, captive=captive.principal, fell=fell, by=by, at=timezone.now()
    )
    journal.record("told of his day", subject=new, by=by, person=captive.bureau_number)
    return new
