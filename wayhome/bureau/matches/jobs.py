"""Compare by itself: every new or changed card and enquiry, and everything once a day."""

from procrastinate.contrib.django import app

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.matches import actions, learning, same_sought, trials
from wayhome.bureau.matches.bridge import INDEXES
from wayhome.bureau.staff.models import Staff

# A file of many waits for the one family that asks now; candidates go before pairs of enquiries.
BEHIND_OTHERS, LAST = -10, -20


@app.task(name="matches.rematch_enquiry")
def rematch_enquiry(enquiry_id: str) -> None:
    enquiry = Enquiry.objects.filter(pk=enquiry_id).first()
    if enquiry:
        actions.rematch_enquiry(enquiry)


@app.task(name="matches.rematch_captive")
def rematch_captive(captive_id: str) -> None:
    captive = Captive.objects.filter(pk=captive_id).select_related("same_as").first()
    if captive:
        actions.rematch_captive(captive)


@app.task(name="matches.rematch_captives", priority=BEHIND_OTHERS)
def rematch_captives(captive_ids: list[str]) -> None:
    """Many new cards at once: each enquiry that one of them may answer is compared anew."""
    actions.rematch_captives(Captive.objects.filter(pk__in=captive_ids))


@app.task(name="matches.rematch_enquiries", priority=BEHIND_OTHERS)
def rematch_enquiries(enquiry_ids: list[str]) -> None:
    """Many new enquiries at once."""
    actions.rematch_enquiries(Enquiry.objects.filter(pk__in=enquiry_ids))


@app.task(name="matches.propose_same_sought", priority=LAST)
def propose_same_sought(enquiry_ids: list[str]) -> None:
    """Look whether somebody else asks for the same man."""
    same_sought.propose_same_sought(Enquiry.objects.filter(pk__in=enquiry_ids))


@app.task(name=learning.TASK, priority=BEHIND_OTHERS)
def learn_weights(staff_id: str) -> None:
    """Learn what agreements are worth, for whoever asked; then compare everything by it."""
    learning.learn_anew(Staff.objects.get(pk=staff_id))
    actions.match_all()


@app.periodic(cron="40 4 * * 1")
@app.task(name="matches.try_recall", queueing_lock="matches.try_recall", pass_context=False)
def try_recall(timestamp: int) -> None:
    """Every Monday: does the machine find invented men? Only the figures are kept."""
    trials.try_this_week()


@app.periodic(cron="15 3 * * *")
@app.task(name="matches.compare_all", queueing_lock="matches.compare_all", pass_context=False)
def compare_all(timestamp: int) -> None:
    """Every enquiry with every record, every day: what the waiting page says. Then the queue."""
    actions.match_all()


@app.periodic(cron="*/10 * * * *")
@app.task(name="matches.forget_names", queueing_lock="matches.forget_names", pass_context=False)
def forget_names(timestamp: int) -> None:
    """Whoever was taken out of an index since it was built is left in no file of it either."""
    for index in INDEXES:
        index.leave_nothing_of_the_removed()


@app.periodic(cron="5 3 * * *")
@app.task(name="matches.rebuild_indexes", queueing_lock="matches.rebuild", pass_context=False)
def rebuild_indexes(timestamp: int) -> None:
    """Once a day the indexes are made of the database anew, before everything is compared."""
    for index in INDEXES:
        index.rebuild()
