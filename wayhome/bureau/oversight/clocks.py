"""Which clocks run now, for whoever has to act."""

from django.db.models import Exists, OuterRef

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.consents.models import Consent, ThingsAnswer
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeState
from wayhome.bureau.matches.models import Match
from wayhome.bureau.oversight.rules import DEADLINES, Clock, ClockKind
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import AT_ONE_SITE, Permission

# A board is read by people: of a kind of which thousands run, the most urgent are shown.
MOST_OF_A_KIND = 200


def running_for(person: Staff) -> list[Clock]:
    """The clocks that this person may see, the most urgent first."""
    clocks: list[Clock] = []
    if person.may(Permission.SEE_CAPTIVE) or person.may(Permission.READ_JOURNAL):
        clocks += _authority(person)
    if person.may(Permission.OPEN_SITTING) or person.may(Permission.READ_JOURNAL):
        clocks += _asked()
    if person.may(Permission.SEE_OUTBOX):
        clocks += _notices(person)
    return sorted(clocks, key=lambda clock: clock.due_at)


def _authority(person: Staff) -> list[Clock]:
    within = DEADLINES[ClockKind.AUTHORITY].within
    waiting = Captive.objects.in_custody().filter(given_to_authority_at=None)
    if person.acting_role in AT_ONE_SITE:
        waiting = waiting.filter(site=person.site)
    rows = waiting.order_by("registered_at").values_list("bureau_number", "registered_at")
    return [
        Clock(ClockKind.AUTHORITY, number, at, at + within) for number, at in rows[:MOST_OF_A_KIND]
    ]


def _asked() -> list[Clock]:
    """Standing matches whose captive has not been asked since."""
    within = DEADLINES[ClockKind.ASKED].within
    asked = Consent.objects.filter(match=OuterRef("pk"))
    answered = ThingsAnswer.objects.filter(match=OuterRef("pk"))
    rows = Match.objects.standing().filter(~Exists(asked), ~Exists(answered))
    found = rows.order_by("confirmed_at").values_list("captive__bureau_number", "confirmed_at")
    return [
        Clock(ClockKind.ASKED, number, at, at + within) for number, at in found[:MOST_OF_A_KIND]
    ]


def _notices(person: Staff) -> list[Clock]:
    rows = Notice.objects.visible_to(person).filter(state=NoticeState.DUE, captive__isnull=False)
    if person.acting_role in AT_ONE_SITE:
        rows = rows.filter(captive__site=person.site)
    found = rows.order_by("due_at").values_list("captive__bureau_number", "made_at", "due_at")
    return [
        Clock(ClockKind.NOTICE, number, made_at, due_at)
        for number, made_at, due_at in found[:MOST_OF_A_KIND]
    ]
