"""Which clocks run now, for whoever has to act."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.queries import not_given_to_authority
from wayhome.bureau.captives.rules import INSPECTION_EVERY
from wayhome.bureau.consents.actions import matches_to_ask
from wayhome.bureau.contact.models import Letter
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeState
from wayhome.bureau.oversight.rules import DEADLINES, INSPECTIONS_SHOWN, Clock, ClockKind
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import AT_ONE_SITE, Permission

# A board is read by people: of a kind of which thousands run, the most urgent are shown.
MOST_OF_A_KIND = 200


@dataclass(frozen=True)
class Running:
    """The rows for which clocks of one kind run, and the columns that say whose and since when."""

    kind: ClockKind
    rows: "QuerySet[Any]"
    number: str
    since: str
    due: str = ""  # where it is not `since` and the time that is allowed

    def clocks(self, number: str) -> Iterator[Clock]:
        """The most urgent, of everybody or of those whose number holds this."""
        rows = self.rows.filter(**{f"{self.number}__icontains": number}) if number else self.rows
        columns = [self.number, self.since, *([self.due] if self.due else [])]
        found = rows.order_by(self.due or self.since).values_list(*columns)
        for whose, at, *due in found[:MOST_OF_A_KIND]:
            yield Clock(self.kind, whose, at, due[0] if due else at + DEADLINES[self.kind].within)

    def late(self, now: datetime) -> int:
        """How many have run out, were they more than a board shows."""
        if self.due:
            return self.rows.filter(**{f"{self.due}__lt": now}).count()
        began_before = now - DEADLINES[self.kind].within
        return self.rows.filter(**{f"{self.since}__lt": began_before}).count()


def running_for(person: Staff, *, number: str = "") -> list[Clock]:
    """The clocks that this person may see, the most urgent first."""
    clocks = [clock for each in _kinds_for(person) for clock in each.clocks(number)]
    return sorted(clocks, key=lambda clock: clock.due_at)


def late_for(person: Staff, now: datetime) -> int:
    """How many deadlines have passed of those that this person may see."""
    return sum(each.late(now) for each in _kinds_for(person))


def _kinds_for(person: Staff) -> Iterator[Running]:
    if person.may(Permission.SEE_CAPTIVE) or person.may(Permission.READ_JOURNAL):
        yield _authority(person)
    if person.may(Permission.OPEN_SITTING) or person.may(Permission.READ_JOURNAL):
        yield _asked()
        yield _letters()
    if _sees_inspections(person):
        yield _inspections(person)
    if person.may(Permission.SEE_OUTBOX):
        yield _notices(person)


def _authority(person: Staff) -> Running:
    waiting = not_given_to_authority(Captive.objects.all())
    if person.acting_role in AT_ONE_SITE:
        waiting = waiting.filter(site=person.site)
    return Running(ClockKind.AUTHORITY, waiting, "bureau_number", "authority_clock_from")


def _asked() -> Running:
    """Standing matches whose captive can be asked, and has not been since."""
    return Running(ClockKind.ASKED, matches_to_ask(), "captive__bureau_number", "confirmed_at")


def _letters() -> Running:
    """Both ways: what waits for its one review, in whatever language."""
    return Running(
        ClockKind.LETTER, Letter.objects.to_review(), "captive__bureau_number", "waits_since"
    )


def _sees_inspections(person: Staff) -> bool:
    asked = (Permission.SEE_HEALTH, Permission.OPEN_SITTING, Permission.READ_JOURNAL)
    return any(person.may(permission) for permission in asked)


def _inspections(person: Staff) -> Running:
    """Those whom no physician has seen and weighed for almost a month."""
    inspected = Max("health_notes__at", filter=Q(health_notes__inspection=True))
    men = Captive.objects.in_custody().filter(same_as=None)
    if person.acting_role in AT_ONE_SITE:
        men = men.filter(site=person.site)
    since = men.annotate(seen_since=Coalesce(inspected, "registered_at"))
    due_soon = timezone.now() - INSPECTION_EVERY + INSPECTIONS_SHOWN
    waiting = since.filter(seen_since__lt=due_soon)
    return Running(ClockKind.INSPECTION, waiting, "bureau_number", "seen_since")


def _notices(person: Staff) -> Running:
    rows = Notice.objects.visible_to(person).filter(state=NoticeState.DUE, captive__isnull=False)
    if person.acting_role in AT_ONE_SITE:
        rows = rows.filter(captive__site=person.site)
    return Running(ClockKind.NOTICE, rows, "captive__bureau_number", "made_at", "due_at")
