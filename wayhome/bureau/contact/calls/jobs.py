"""Bring wishes forward, give minutes back, remind, and close what its time has passed by.

Each may run twice and does no harm. None runs in a family's own request, whose time would tell.
"""

from procrastinate.contrib.django import app

from wayhome.bureau.contact.calls import actions


@app.task(name="calls.bring_forward")
def bring_forward(enquiry_id: str) -> None:
    actions.bring_forward(enquiry_id)


@app.task(name="calls.give_back")
def give_back(call_id: str) -> None:
    actions.give_back(call_id)


@app.periodic(cron="* * * * *")
@app.task(name="calls.tidy", queueing_lock="calls.tidy", pass_context=False)
def tidy(timestamp: int) -> None:
    """What the clock alone decides, once a minute; an open call's own end is watched by seconds."""
    actions.stop_over_time()
    actions.close_offers_passed()
    actions.cancel_calls_passed()
    actions.remind()
