"""A demo's journeys stand at every stage: promised, confirmed, stopped, and on the way back."""

import pytest

from wayhome.bureau.journeys.models import Journey, Plan
from wayhome.bureau.journeys.publishing import why_not_publish_now
from wayhome.bureau.journeys.rules.plans import Cancelled, JourneyState, PlanState
from wayhome.config.demo.journeys import STOPPED, stop, tell
from wayhome.config.demo.people import make_people
from wayhome.config.demo.stories import enquirer_of
from wayhome.config.folder import Folder

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.all]


def nothing(done: int, of: int) -> None:
    """Nobody looks at the bar."""


def test_one_family_is_brought_back_one_was_stopped_and_the_others_keep_their_day(tmp_path):
    folder = Folder(tmp_path)
    folder.keys.mkdir()
    make_people(folder, nothing)
    tell(folder, nothing)
    before = {one.pk: (one.on, one.state) for one in Journey.objects.standing()}

    stop(folder, nothing)

    standing = {one.pk: (one.on, one.state) for one in Journey.objects.standing()}
    assert standing == before
    assert JourneyState.CONFIRMED in {state for _, state in standing.values()}
    back, stopped = (
        Journey.objects.get(application__enquiry__enquirer=enquirer_of(story.name))
        for story in STOPPED
    )
    assert list(Journey.objects.to_bring_back()) == [back]
    assert set(Journey.objects.stopped()) == {back, stopped}
    assert (back.cancelled, stopped.cancelled) == (Cancelled.LAPSED, Cancelled.ROAD_CLOSED)
    # The draft beside it can be published; what is done is not done twice.
    draft = Plan.objects.get(state=PlanState.DRAFT)
    assert not why_not_publish_now(draft)
    stop(folder, nothing)
    assert (Journey.objects.count(), Plan.objects.count()) == (len(before) + 2, 3)
