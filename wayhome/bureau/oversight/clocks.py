"""Which clocks run now, for whoever has to act."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, F, Max, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.queries import not_given_to_authority, waiting_for
from wayhome.bureau.captives.rules import (
    INSPECTION_EVERY,
    STATE_AFTER,
    CustodyState,
    DutyKind,
)
from wayhome.bureau.concerns.models import Complaint
from wayhome.bureau.consents.actions import matches_to_ask
from wayhome.bureau.contact.models import Letter
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeState
from wayhome.bureau.identifications.telling import waiting_since
from wayhome.bureau.inquests.models import Inquest
from wayhome.bureau.journeys.trails import awaited
from wayhome.bureau.oversight.rules import DEADLINES, INSPECTIONS_SHOWN, Clock, ClockKind
from wayhome.bureau.repatriations.models import OfferLine, ReturnRequest
from wayhome.bureau.returns.models import Application, Ground
from wayhome.bureau.returns.queries import without_plan
from wayhome.bureau.returns.rules import ApplicationState
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import AT_ONE_SITE, Permission
from wayhome.bureau.welfare.models import Certificate, Entry, Illness, Parcel
from wayhome.bureau.yearly.actions import to_call

MOMENT: "DateTimeField[datetime, datetime]" = DateTimeField()
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
        return self._late(now).count()

    def all_late(self, now: datetime) -> Iterator[Clock]:
        """All that have run out."""
        columns = [self.number, self.since, *([self.due] if self.due else [])]
        for whose, at, *due in self._late(now).values_list(*columns):
            yield Clock(self.kind, whose, at, due[0] if due else at + DEADLINES[self.kind].within)

    def _late(self, now: datetime) -> "QuerySet[Any]":
        if self.due:
            return self.rows.filter(**{f"{self.due}__lt": now})
        began_before = now - DEADLINES[self.kind].within
        return self.rows.filter(**{f"{self.since}__lt": began_before})


@dataclass(frozen=True)
class Listed:
    """Clocks of one kind whose beginning no column holds: whose each is, and since when."""

    kind: ClockKind
    since: Sequence[tuple[str, datetime]]

    def clocks(self, number: str) -> Iterator[Clock]:
        found = (clock for clock in self._all() if number.casefold() in clock.number.casefold())
        yield from sorted(found, key=lambda clock: clock.due_at)[:MOST_OF_A_KIND]

    def late(self, now: datetime) -> int:
        return len(list(self.all_late(now)))

    def all_late(self, now: datetime) -> Iterator[Clock]:
        return (clock for clock in self._all() if clock.due_at < now)

    def _all(self) -> Iterator[Clock]:
        within = DEADLINES[self.kind].within
        return (Clock(self.kind, whose, at, at + within) for whose, at in self.since)


def running_for(person: Staff, *, number: str = "") -> list[Clock]:
    """The clocks that this person may see, the most urgent first."""
    clocks = [clock for _, each in _kinds_for(person) for clock in each.clocks(number)]
    return sorted(clocks, key=lambda clock: clock.due_at)


def late_for(person: Staff, now: datetime) -> int:
    """How many deadlines have passed of those that this person may see."""
    return sum(late_by_kind(person, now).values())


def late_by_kind(person: Staff, now: datetime) -> dict[ClockKind, int]:
    """The same for each kind of which one has passed, most first."""
    counted = {kind: each.late(now) for kind, each in _kinds_for(person)}
    late = ((kind, number) for kind, number in counted.items() if number)
    return dict(sorted(late, key=lambda pair: -pair[1]))


def all_late(now: datetime) -> Iterator[Clock]:
    """Every deadline of the bureau that has passed, at whatever site."""
    for kind in ClockKind:
        yield from RUNNING[kind](None).all_late(now)


# Who is told of which clock: whoever must act, the neutral, and the auditor of all of them.
P = Permission
TOLD: dict[ClockKind, tuple[Permission, ...]] = {
    ClockKind.AUTHORITY: (P.SEE_CAPTIVE,),
    ClockKind.ASKED: (P.OPEN_SITTING,),
    ClockKind.LETTER: (P.OPEN_SITTING,),
    ClockKind.UNREAD: (P.OPEN_SITTING,),
    ClockKind.INSPECTION: (P.SEE_HEALTH, P.OPEN_SITTING),
    ClockKind.NOTICE: (P.SEE_OUTBOX,),
    ClockKind.RIGHTS: (P.RECORD_CUSTODY, P.KEEP_WELFARE, P.OPEN_SITTING),
    ClockKind.FAMILY_CARD: (P.RECORD_CUSTODY, P.KEEP_WELFARE, P.OPEN_SITTING),
    ClockKind.AGENCY_CARD: (P.RECORD_CUSTODY, P.KEEP_WELFARE, P.OPEN_SITTING),
    ClockKind.WEEKLY_NOTE: (P.SEE_HEALTH, P.OPEN_SITTING),
    ClockKind.CERTIFICATE: (P.SEE_HEALTH, P.OPEN_SITTING),
    ClockKind.RECEIPT: (P.SEE_WELFARE,),
    ClockKind.PARCEL: (P.SEE_WELFARE,),
    ClockKind.EFFECTS: (P.SEE_WELFARE,),
    ClockKind.DAY_BOOK: (P.SEE_WELFARE,),
    ClockKind.COMPLAINT: (P.READ_COMPLAINT,),
    ClockKind.PLAN: (P.ASSESS_DANGER, P.SET_APPOINTMENT),
    ClockKind.REVIEW: (P.DECIDE_APPLICATION,),
    ClockKind.ON_THE_WAY: (P.PLAN_JOURNEYS,),
    ClockKind.INQUEST: (P.SEE_INQUEST,),
    ClockKind.INQUEST_REPORT: (P.SEE_INQUEST,),
    ClockKind.YEARLY_LETTER: (P.TELL_FAMILY,),
    ClockKind.DEAD_OFFERED: (P.OFFER_REMAINS,),
    ClockKind.DEAD_ASKED_FOR: (P.DECIDE_RETURN,),
    ClockKind.DEATH_TO_TELL: (P.TELL_FAMILY,),
}


def _kinds_for(person: Staff) -> Iterator[tuple[ClockKind, Running | Listed]]:
    site = person.site if person.acting_role in AT_ONE_SITE else None
    for kind, needed in TOLD.items():
        if any(person.may(each) for each in (*needed, P.READ_JOURNAL)):
            yield kind, RUNNING[kind](site)


def _at(site: Site | None, rows: "QuerySet[Any]", column: str = "site") -> "QuerySet[Any]":
    return rows if site is None else rows.filter(**{column: site})


def _authority(site: Site | None) -> Running:
    waiting = _at(site, not_given_to_authority(Captive.objects.all()))
    return Running(ClockKind.AUTHORITY, waiting, "bureau_number", "authority_clock_from")


def _asked(site: Site | None) -> Running:
    """Standing matches whose captive can be asked, and has not been since."""
    waiting = _at(site, matches_to_ask(), "captive__site")
    return Running(ClockKind.ASKED, waiting, "captive__bureau_number", "confirmed_at")


def _letters(site: Site | None) -> Running:
    """Both ways: what waits for its one review, in whatever language."""
    waiting = _at(site, Letter.objects.to_review(), "captive__site")
    return Running(ClockKind.LETTER, waiting, "captive__bureau_number", "waits_since")


def _unread(site: Site | None) -> Running:
    """What waits in a language that no reviewer has: no reason to keep it (71)."""
    waiting = _at(site, Letter.objects.to_review().that_nobody_reads(), "captive__site")
    return Running(ClockKind.UNREAD, waiting, "captive__bureau_number", "waits_since")


def _complaints(site: Site | None) -> Running:
    """Past the camp and whoever decides: told to neutral and auditor alone."""
    waiting = _at(site, Complaint.objects.open(), "captive__site")
    return Running(ClockKind.COMPLAINT, waiting, "captive__bureau_number", "at")


def _inspections(site: Site | None) -> Running:
    """Those whom no physician has seen and weighed for almost a month."""
    inspected = Max("health_notes__at", filter=Q(health_notes__inspection=True))
    men = _at(site, Captive.objects.in_custody().filter(same_as=None))
    since = men.annotate(seen_since=Coalesce(inspected, "registered_at"))
    due_soon = timezone.now() - INSPECTION_EVERY + INSPECTIONS_SHOWN
    waiting = since.filter(seen_since__lt=due_soon)
    return Running(ClockKind.INSPECTION, waiting, "bureau_number", "seen_since")


def _notices(site: Site | None) -> Running:
    if site is None:
        waiting = Notice.objects.filter(state=NoticeState.DUE, captive__isnull=False)
    else:  # a copy that is held runs with the others: nobody of a site notices a flag
        waiting = Notice.objects.of_site(site)
    return Running(ClockKind.NOTICE, waiting, "captive__bureau_number", "made_at", "due_at")


def _duty(kind: ClockKind, duty: DutyKind) -> "Callable[[Site | None], Running]":
    """His rights, or one of his two cards: as on his own page, for all men at once."""

    def running(site: Site | None) -> Running:
        men = waiting_for(duty, Captive.objects.all())
        return Running(kind, _at(site, men), "bureau_number", "due_since")

    return running


def _weekly_notes(site: Site | None) -> Running:
    """The seriously ill of whom nothing was told since the last note, or since it began."""
    ill = _at(site, Illness.objects.open(), "captive__site")
    since = ill.annotate(told_since=Coalesce(Max("notes__at"), "began_at"))
    return Running(ClockKind.WEEKLY_NOTE, since, "captive__bureau_number", "told_since")


def _certificates(site: Site | None) -> Running:
    waiting = _at(site, Certificate.objects.to_write(), "captive__site")
    return Running(ClockKind.CERTIFICATE, waiting, "captive__bureau_number", "asked_at")


def _receipts(site: Site | None) -> Running:
    """The first entry of each man of which he has no receipt."""
    waiting = _at(site, Entry.objects.without_receipt(), "captive__site")
    each = waiting.order_by().values("captive__bureau_number").annotate(since=Min("at"))
    return Running(ClockKind.RECEIPT, each, "captive__bureau_number", "since")


def _parcels(site: Site | None) -> Running:
    waiting = _at(site, Parcel.objects.to_open(), "captive__site")
    return Running(ClockKind.PARCEL, waiting, "captive__bureau_number", "arrived_at")


def _effects(site: Site | None) -> Running:
    """Men who are gone, while something is still held for them here."""
    gone = Captive.objects.exclude(custody_state=CustodyState.HELD)
    ended = Max("custody_events__recorded_at", filter=Q(custody_events__kind__in=STATE_AFTER))
    left = _at(site, gone.filter(effects_account__holds=True))
    since = left.annotate(gone_since=Coalesce(ended, "registered_at"))
    return Running(ClockKind.EFFECTS, since, "bureau_number", "gone_since")


def _day_books(site: Site | None) -> Running:
    """Sites where men are held and the last day has no page: it runs from that day's end.

    A site that kept no day yet is late from the first man on.
    """
    men = Captive.objects.in_custody().filter(site=OuterRef("pk"))
    kept = Max("day_pages__on", filter=Q(day_pages__is_last=True))
    sites = Site.objects.filter(Exists(men)).annotate(
        kept=kept, first=Min("captive__registered_at")
    )
    since = Coalesce(
        Cast(F("kept"), MOMENT) + timedelta(days=2),
        F("first"),
        output_field=MOMENT,
    )
    rows = _at(site, sites.annotate(since=since), "pk").filter(since__lt=timezone.now())
    return Running(ClockKind.DAY_BOOK, rows, "code", "since")


def _plans(site: Site | None) -> Running:
    """Once hostilities have ended: men without a day home, since that day or their registration."""
    today = timezone.localdate()
    ended = Ground.objects.hostilities_ended_on(today)
    began = datetime.combine(ended or today, time.min, tzinfo=timezone.get_current_timezone())
    waiting = _at(site, without_plan(today))
    since = waiting.annotate(
        plan_since=Greatest(F("registered_at"), Value(began, output_field=MOMENT))
    )
    return Running(ClockKind.PLAN, since, "bureau_number", "plan_since")


def _reviews(site: Site | None) -> Running:
    """Refusals, until the day is over on which each is looked at again."""
    refused = Application.objects.filter(
        state=ApplicationState.REFUSED, captive__isnull=False, review_on__isnull=False
    )
    day_over = Cast(F("review_on") + Value(timedelta(days=1)), output_field=MOMENT)
    rows = _at(site, refused.annotate(review_until=day_over), "captive__site")
    return Running(ClockKind.REVIEW, rows, "captive__bureau_number", "decided_at", "review_until")


def _on_the_way(site: Site | None) -> Running:
    """Of whom it is not told that they set out, or that they arrived."""
    legs = _at(site, awaited(timezone.now()), "journey__application__captive__site")
    number = "journey__application__captive__bureau_number"
    return Running(ClockKind.ON_THE_WAY, legs, number, "awaited_since")


def _yearly_letters(site: Site | None) -> Running:
    """Letters of the year that wait to be read out over the telephone."""
    waiting = _at(site, to_call(), "enquiry__site")
    return Running(ClockKind.YEARLY_LETTER, waiting, "enquiry__bureau_number", "made_at")


def _inquests(site: Site | None) -> Running:
    """Enquiries into deaths and injuries that nobody outside the camp leads yet."""
    waiting = _at(site, Inquest.objects.open().not_led(), "captive__site")
    return Running(ClockKind.INQUEST, waiting, "captive__bureau_number", "opened_at")


def _inquest_reports(site: Site | None) -> Running:
    waiting = _at(site, Inquest.objects.open(), "captive__site")
    return Running(ClockKind.INQUEST_REPORT, waiting, "captive__bureau_number", "opened_at")


def _dead_offered(site: Site | None) -> Running:
    """Each of the remains that was offered and has no answer."""
    waiting = _at(site, OfferLine.objects.waiting(), "remains__site")
    return Running(ClockKind.DEAD_OFFERED, waiting, "remains__bureau_number", "offer__sent_at")


def _dead_asked_for(site: Site | None) -> Running:
    waiting = _at(site, ReturnRequest.objects.to_decide(), "remains__site")
    return Running(ClockKind.DEAD_ASKED_FOR, waiting, "remains__bureau_number", "taken_at")


def _deaths_to_tell(site: Site | None) -> Listed:
    """Families of the named dead whom no person has told yet."""
    return Listed(ClockKind.DEATH_TO_TELL, waiting_since(site))


RUNNING: "dict[ClockKind, Callable[[Site | None], Running | Listed]]" = {
    ClockKind.AUTHORITY: _authority,
    ClockKind.ASKED: _asked,
    ClockKind.NOTICE: _notices,
    ClockKind.LETTER: _letters,
    ClockKind.UNREAD: _unread,
    ClockKind.INSPECTION: _inspections,
    ClockKind.RIGHTS: _duty(ClockKind.RIGHTS, DutyKind.RIGHTS),
    ClockKind.FAMILY_CARD: _duty(ClockKind.FAMILY_CARD, DutyKind.FAMILY_CARD),
    ClockKind.AGENCY_CARD: _duty(ClockKind.AGENCY_CARD, DutyKind.AGENCY_CARD),
    ClockKind.WEEKLY_NOTE: _weekly_notes,
    ClockKind.CERTIFICATE: _certificates,
    ClockKind.RECEIPT: _receipts,
    ClockKind.PARCEL: _parcels,
    ClockKind.EFFECTS: _effects,
    ClockKind.DAY_BOOK: _day_books,
    ClockKind.COMPLAINT: _complaints,
    ClockKind.PLAN: _plans,
    ClockKind.REVIEW: _reviews,
    ClockKind.ON_THE_WAY: _on_the_way,
    ClockKind.INQUEST: _inquests,
    ClockKind.INQUEST_REPORT: _inquest_reports,
    ClockKind.YEARLY_LETTER: _yearly_letters,
    ClockKind.DEAD_OFFERED: _dead_offered,
    ClockKind.DEAD_ASKED_FOR: _dead_asked_for,
    ClockKind.DEATH_TO_TELL: _deaths_to_tell,
}
