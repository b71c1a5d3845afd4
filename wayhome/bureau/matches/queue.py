"""Which pairs reach people, and what is expected to be among those that do not yet.

At most settings.PAIRS_A_DAY a day, from a threshold on that is set each morning. What lies below it
is kept: it comes by itself with new evidence, or when there is room.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from wayhome.bureau.matches.models import Candidate, Match, Outlook, Threshold
from wayhome.bureau.matches.rules import KEPT_FREE, LOOKED_BACK_DAYS, CandidateState, threshold_for

QUEUEING = 0x57415951  # this lock's number: two jobs do not fill one day twice


@transaction.atomic
def fill_queue(*, least: float | None = None, keep_free: int = 0) -> int:
    """Let the best pairs reach people, as long as there are places today. Returns how many did.

    `least` is the threshold, where it is not the one that was set last.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [QUEUEING])
    places = settings.PAIRS_A_DAY - keep_free - reached_today()
    if places <= 0:
        return 0
    from_here_on = threshold() if least is None else least
    best = Candidate.objects.below_threshold().filter(probability__gte=from_here_on)
    # Rows that another job is just renewing are left to it: it fills the queue after that.
    best = best.select_for_update(of=("self",), skip_locked=True)
    chosen = [each.pk for each in best.order_by("-probability", "pk").only("pk")[:places]]
    reached: int = Candidate.objects.filter(pk__in=chosen).update(queued_at=timezone.now())
    return reached


def begin_day() -> Threshold:
    """Set the threshold anew and fill the queue, with some places kept for the day."""
    now = timezone.now()
    since = now - timedelta(days=LOOKED_BACK_DAYS)
    came = Candidate.objects.filter(proposed_at__gte=since).exclude(state=CandidateState.GONE)
    days = _days_at_work(now)
    probabilities = list(came.values_list("probability", flat=True))
    room = settings.PAIRS_A_DAY
    least = threshold_for(probabilities, places=room * days)
    fill_queue(least=least, keep_free=room // KEPT_FREE)
    return Threshold.objects.create(
        at=now,
        probability=least,
        pairs_a_day=room,
        proposed_a_day=len(probabilities) / days,
        true_below=figures().true_below,
    )


def _days_at_work(now: datetime) -> int:
    """How many days of proposals there are, at most those that are looked back on."""
    first = Candidate.objects.aggregate(first=Min("proposed_at"))["first"]
    if first is None:
        return 1
    days: float = (now - first) / timedelta(days=1)
    return min(LOOKED_BACK_DAYS, max(1, ceil(days)))


def threshold() -> float:
    """The one that holds today; 0 before the first was set."""
    last = Threshold.objects.order_by("-at").values_list("probability", flat=True).first()
    return last or 0.0


def reached_today() -> int:
    """How many pairs have reached people since midnight."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Candidate.objects.filter(queued_at__gte=midnight).count()


@dataclass(frozen=True)
class Figures:
    """What reaches people and what does not: pairs, and how many of them are expected to be right.

    Expected pairs are sums of probabilities, and as right as these are calibrated.
    """

    threshold: float
    pairs_a_day: int
    reached_today: int
    waiting: int
    true_waiting: float
    confirmed: int
    below: int
    true_below: float  # pairs that are kept
    true_unshown: float  # of men who fit worse than all that are kept

    @property
    def expected(self) -> float:
        """All true pairs that are expected among open enquiries, and those confirmed."""
        return self.true_waiting + self.confirmed + self.true_below + self.true_unshown

    @property
    def recall_of_queue(self) -> float | None:
        """The share of true pairs that have reached people."""
        reached = self.true_waiting + self.confirmed
        return reached / self.expected if self.expected else None

    @property
    def recall_of_kept(self) -> float | None:
        """The share of true pairs among the best ten that are kept for each enquiry."""
        return 1.0 - self.true_unshown / self.expected if self.expected else None


def figures() -> Figures:
    """As they are now."""
    settled = Match.objects.standing().values("enquiry")
    open_ones = Candidate.objects.exclude(enquiry__in=settled)
    # Two candidates whom the machine takes for one man are one true pair at most.
    true = Sum("probability", filter=Q(likely_same=None))
    waiting = open_ones.in_queue().aggregate(pairs=Count("pk"), true=true)
    below = open_ones.below_threshold().aggregate(pairs=Count("pk"), true=true)
    unshown = Outlook.objects.exclude(Q(enquiry__in=settled)).aggregate(true=Sum("unshown"))
    return Figures(
        threshold=threshold(),
        pairs_a_day=settings.PAIRS_A_DAY,
        reached_today=reached_today(),
        waiting=waiting["pairs"],
        true_waiting=waiting["true"] or 0.0,
        confirmed=Match.objects.standing().count(),
        below=below["pairs"],
        true_below=below["true"] or 0.0,
        true_unshown=unshown["true"] or 0.0,
    )
