"""The pass at the act: verified by its text or its word, refused with the reason, or told lost."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.cases import Case
from tests.journeying import BY_TELEPHONE, World
from tests.traces import nothing_written
from tests.web.console.test_on_the_way import Phone
from wayhome.bureau.handovers import actions
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import LookedAt, PassHow, ShownPass, why_not_take_pass
from wayhome.bureau.handovers.wording import told_in_act
from wayhome.bureau.journeys.models import Journey, JourneyPass
from wayhome.bureau.journeys.passes import end_pass, look_at_pass, make_pass, text_of
from wayhome.bureau.journeys.plans import make_plan
from wayhome.bureau.journeys.publishing import publish_plan
from wayhome.bureau.journeys.rules.passes import Verdict
from wayhome.bureau.journeys.rules.plans import Cancelled
from wayhome.bureau.journeys.rules.plans import JourneyState as J
from wayhome.bureau.returns.facts import standing_appointment
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.refusal import Refused

TODAY = timezone.localdate()
GOOD = LookedAt(is_ours=True, is_theirs=True, stands=True, on=TODAY)
TEXT, WORD = ShownPass(PassHow.TEXT, "WP1:…"), ShownPass(PassHow.WORD, "липа")
RULES = {
    "its text": (TEXT, GOOD, None),
    "its word": (WORD, GOOD, None),
    "lost, and how": (ShownPass(PassHow.LOST, "вкрадено"), LookedAt(is_ours=False), None),
    "lost, nobody says how": (ShownPass(PassHow.LOST, ""), GOOD, "pass_lost"),
    "nothing shown": (None, GOOD, "pass"),
    "forged": (TEXT, LookedAt(is_ours=False), "pass_not_ours"),
    "a wrong word": (WORD, LookedAt(is_ours=False), "pass_word"),
    "of another journey": (TEXT, LookedAt(True, False, True, TODAY), "pass_journey"),
    "made invalid": (TEXT, LookedAt(True, True, False, TODAY), "pass_invalid"),
    "of another day": (TEXT, LookedAt(True, True, True, TODAY - timedelta(days=1)), "pass_day"),
}


@pytest.mark.parametrize("what", RULES)
def test_a_pass_identifies_only_if_it_is_ours_of_this_journey_and_this_day(what):
    shown, looked, code = RULES[what]

    refusal = why_not_take_pass(shown, looked, today=TODAY)

    assert (refusal and refusal.code) == (code and f"handovers.{code}")


def journey_of_today(world: World, case: Case) -> Journey:
    """Confirmed for today, and the act can be prepared."""
    world.travels(case)
    publish_plan(plan=make_plan(first_on=TODAY, days=3, by=world.by), by=world.by)
    journey = world.confirmed(case)
    case.__dict__["appointment"] = standing_appointment(case.granted)
    return journey


def of_a_journey_before(journey: Journey, world: World) -> JourneyPass:
    """A pass of a journey of theirs that was cancelled before this one was promised."""
    before = Journey.objects.get(pk=journey.pk)
    before.pk, before.state, before.cancelled = uuid.uuid4(), J.CANCELLED, Cancelled.REPLANNED
    before.cancelled_at = timezone.now()
    before.save(force_insert=True)
    return JourneyPass.objects.create(
        journey=before, key=before.key, words={"hers": "клен", "ours": "дуб"}, made_by=world.by,
        made_at=timezone.now(), ended_at=timezone.now(),
    )  # fmt: skip


def codes_against(act: Act) -> set[str]:
    act = Act.objects.get(pk=act.pk)
    return {one.code for one in actions.why_not_seal(actions.readiness(act))}


@pytest.mark.django_db
@pytest.mark.slow
def test_whoever_comes_by_a_journey_with_a_pass_is_identified_by_it_too():
    world, case = World(), Case(contact=BY_TELEPHONE)
    journey, act = journey_of_today(world, case), case.act
    clerk = case.staff(Role.COORDINATOR)
    # No pass was made: nothing is asked.
    actions.note_identified(act=act, who="she", how="паспорт", by=clerk)
    assert "handovers.pass" not in codes_against(act)
    lost = make_pass(journey=journey, by=world.by)
    assert "handovers.pass" in codes_against(act)
    end_pass(journey=journey, by=world.by)
    made = make_pass(journey=journey, by=world.by)
    theirs = of_a_journey_before(journey, world)
    good = text_of(made)
    wrong = {
        "pass": None,
        "pass_not_ours": ShownPass(PassHow.TEXT, good[:-1] + ("A" if good[-1] != "A" else "B")),
        "pass_journey": ShownPass(PassHow.TEXT, text_of(theirs)),
        "pass_invalid": ShownPass(PassHow.TEXT, text_of(lost)),
        "pass_word": ShownPass(PassHow.WORD, made.words["ours"]),
    }
    for code, shown in wrong.items():
        with nothing_written(), pytest.raises(Refused, match=rf"handovers\.{code}$"):
            actions.note_identified(act=act, who="she", how="паспорт", by=clerk, shown=shown)

    page = Client(headers={"accept-language": "en"})
    page.force_login(world.by)
    where = f"/console/acts/{act.pk}/identity/she/"

    def post(shown: str, said: str) -> tuple[int, str]:
        told = {"how": "паспорт", "shown": shown, "said": said}
        answer = page.post(where, {**told, "idempotency_key": str(uuid.uuid4())})
        return answer.status_code, answer.content.decode()

    assert post("lost", "")[0] == 422
    status, text = post("text", text_of(lost))
    assert (status, "This pass was made invalid." in text) == (422, True)
    assert post("word", made.words["hers"].upper())[0] == 303
    assert Act.objects.get(pk=act.pk).her_pass == {"how": "word", "why": ""}
    found = Phone(journey)  # of the escort, who has the day on it
    assert post("lost", "вкрадено в дорозі")[0] == 303
    assert "вкрадено в дорозі" in str(told_in_act(Act.objects.get(pk=act.pk)))
    # Whoever finds it is known by it nowhere any more; another can be made.
    assert look_at_pass(text=good, by=journey.escort.staff).verdict == Verdict.INVALID
    assert str(made.pk) in found.tell().json()["day"]["ended"]
    for shown, said in (("text", good), ("word", made.words["hers"])):
        assert post(shown, said)[0] == 422
    assert post("lost", "вкрадено в дорозі, вдруге")[0] == 303
    good = text_of(make_pass(journey=journey, by=world.by))
    assert post("text", f" {good.lower()} ")[0] == 303
    assert post("", "")[0] == 303  # what was verified stays

    kept = Act.objects.get(pk=act.pk)
    assert kept.her_pass == {"how": "text", "why": ""}
    assert "handovers.pass" not in codes_against(act)
    told = str(told_in_act(kept))
    assert "підпис бюро, ця поїздка, цей день" in told
    assert good not in told
    assert "verified: signed by the bureau" in page.get(f"/console/acts/{act.pk}/").content.decode()
