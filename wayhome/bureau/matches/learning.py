"""What agreements are worth here: learned from the register, enquiries and people's verdicts."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches import bridge
from wayhome.bureau.matches.checking import FEWEST_JUDGED, agreed_pairs
from wayhome.bureau.matches.models import Candidate
from wayhome.bureau.matches.rules import why_not_learn
from wayhome.bureau.persons.models import NameWeights
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if

TASK = "matches.learn_weights"


def is_being_learned() -> bool:
    """Whether somebody has asked for it, and it is not done."""
    return ProcrastinateJob.objects.filter(task_name=TASK, status__in=("todo", "doing")).exists()


def why_not_learn_now() -> Iterator[Refusal]:
    """Say why it cannot be learned now."""
    return why_not_learn(cards=bridge.on_register(), enquiries=Enquiry.objects.open().count())


def ask_to_learn(by: Staff) -> None:
    """Have the weights learned anew; once, however often it is asked for. Raises Refused."""
    by.must(Permission.LEARN_WEIGHTS)
    refuse_if(why_not_learn_now())
    if is_being_learned():
        return
    job = app.configure_task(TASK, queueing_lock=TASK, lock=TASK)
    try:
        with transaction.atomic():
            job.defer(staff_id=str(by.pk))
    except AlreadyEnqueued:
        return


def learn_anew(by: Staff) -> NameWeights:
    """Learn them, and weigh by them from now on. Raises Refused."""
    by.must(Permission.LEARN_WEIGHTS)
    refuse_if(why_not_learn_now())
    verdicts = _verdicts()
    enquiries = Enquiry.objects.exclude(state=EnquiryState.FORGOTTEN)
    learned = bridge.learned_weights(
        enquiries.filter(Q(state=EnquiryState.OPEN) | Q(pk__in=verdicts)).order_by("pk"),
        verdicts,
        version=NameWeights.newest_version(),
        on=timezone.localdate().isoformat(),
    )
    return _use(learned, by, "weights learned")


def _verdicts() -> dict[str, dict[str, bool]]:
    """By enquiry and record, whether people found both to be one man; none of too few pairs."""
    agreed = {each.candidate_id: each.is_same for each in agreed_pairs()}
    found: dict[str, dict[str, bool]] = {}
    if len(agreed) >= FEWEST_JUDGED:
        for one in Candidate.objects.filter(pk__in=agreed):
            records = found.setdefault(str(one.enquiry_id), {})
            records[str(one.record_id or one.captive_id)] = agreed[one.pk]
    return found


def go_back_to_the_first(by: Staff) -> None:
    """Weigh by what came with the program again, until they are learned anew."""
    by.must(Permission.LEARN_WEIGHTS)
    if bridge.weights_in_use().made.version:
        _use("", by, "weights taken back")


@transaction.atomic
def _use(learned: str, by: Staff, action: str) -> NameWeights:
    version = NameWeights.newest_version() + 1
    weights = NameWeights.objects.create(version=version, learned=learned)
    journal.record(action, subject=weights, by=by, facts={"version": version})
    return weights
