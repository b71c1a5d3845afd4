"""Twenty people press at the same moment: one succeeds, the others read an ordinary sentence."""

import pytest

from tests.at_once import DONE, all_at_once
from tests.boards import board_members, vote_all
from tests.cases import SECRET, Case
from tests.factories import StaffFactory
from wayhome.bureau.answers import actions as answers
from wayhome.bureau.answers.models import Invitation, OutgoingMessage, Told
from wayhome.bureau.captives.models import CustodyEvent
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.consents import sittings
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.enquiries import actions as enquiries
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeKind
from wayhome.bureau.handovers import actions as handovers
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import ActState
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.journal.sequencing import sequence_all, witness_file
from wayhome.bureau.journal.verification import verify
from wayhome.bureau.matches.actions import Judged, ask_withdrawal, judge_candidate, withdraw_match
from wayhome.bureau.matches.models import Judgement, Match
from wayhome.bureau.matches.rules import Verdict
from wayhome.bureau.relations.actions import Weighed, confirm_verdict, give_verdict
from wayhome.bureau.relations.models import KinshipVerdict
from wayhome.bureau.relations.rules import Check, Level, Rung
from wayhome.bureau.returns import actions as returns
from wayhome.bureau.returns import boards
from wayhome.bureau.returns.models import Application, Appointment, Board
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TWENTY = 20
SAME = Judged(Verdict.SAME, "имя и день рождения")


@pytest.fixture
def case() -> Case:
    witness_file().unlink(missing_ok=True)  # of another test's journal
    return Case()


def staff(role: Role) -> list:
    return [StaffFactory(role=role) for _ in range(TWENTY)]


def told(action: str) -> int:
    return Entry.objects.filter(action=action).count()


def sound() -> bool:
    sequence_all()
    return verify().ok


def test_twenty_clerks_confirm_the_same_match(case):
    """One verdict stands already: any second "same" confirms."""
    judge_candidate(candidate=case.candidate, judged=SAME, by=case.staff(Role.TRACING))

    came = all_at_once(
        [
            lambda by=by: judge_candidate(candidate=case.candidate, judged=SAME, by=by)
            for by in staff(Role.TRACING)
        ],
        "confirm the same match",
    )

    assert came == {DONE: 1, "matches.closed": TWENTY - 1}
    assert Match.objects.count() == 1
    assert Judgement.objects.count() == 2
    assert told("match confirmed") == 1
    assert sound()


def test_twenty_who_judge_first_are_two_judges_and_one_match(case):
    came = all_at_once(
        [
            lambda by=by, candidate=case.candidate: judge_candidate(
                candidate=candidate, judged=SAME, by=by
            )
            for by in staff(Role.TRACING)
        ],
        "judge the same candidate",
    )

    assert came == {DONE: 2, "matches.closed": TWENTY - 2}
    assert Match.objects.count() == 1


def test_one_officer_on_twenty_screens_judges_once(case):
    by, candidate = case.staff(Role.TRACING), case.candidate
    came = all_at_once(
        [lambda: judge_candidate(candidate=candidate, judged=SAME, by=by)] * TWENTY,
        "one officer judges",
    )

    assert came == {DONE: 1, "matches.again": TWENTY - 1}
    assert not Match.objects.exists()


def test_twenty_withdraw_the_same_match(case):
    ask_withdrawal(match=case.match, reason="не он", by=case.staff(Role.TRACING))
    came = all_at_once(
        [lambda by=by: withdraw_match(match=case.match, by=by) for by in staff(Role.TRACING)],
        "withdraw the same match",
    )

    assert came == {DONE: 1, "matches.withdrawn": TWENTY - 1}
    assert told("match withdrawn") == 1


def test_twenty_coordinators_seal_the_same_act(case):
    act = case.ready
    came = all_at_once(
        [lambda by=by: handovers.seal_act(act=act, by=by) for by in staff(Role.COORDINATOR)],
        "seal the same act",
    )

    assert came[DONE] == 1
    assert set(came) <= {DONE, "handovers.sealed", "returns.not_held"}
    assert came.total() == TWENTY
    assert Act.objects.filter(state=ActState.SEALED).count() == 1
    assert told("act sealed") == 1
    returned = CustodyEvent.objects.filter(captive=case.captive, kind=EventKind.RETURNED)
    assert returned.count() == 1
    assert Notice.objects.filter(kind=NoticeKind.RETURNED).count() == 2
    assert sound()


def test_twenty_prepare_an_act_for_the_same_man(case):
    _ = case.appointment
    came = all_at_once(
        [
            lambda by=by: handovers.prepare_act(application=case.granted, by=by)
            for by in staff(Role.COORDINATOR)
        ],
        "prepare an act",
    )

    assert came == {DONE: 1, "handovers.second": TWENTY - 1}


def test_twenty_invite_the_same_family(case):
    _ = case.verdict, case.consented
    came = all_at_once(
        [lambda by=by: answers.invite(match=case.match, by=by) for by in staff(Role.CONTACT)],
        "invite the same family",
    )

    assert came == {DONE: 1, "answers.invited": TWENTY - 1}
    assert Invitation.objects.count() == OutgoingMessage.objects.count() == 1


def test_twenty_note_the_same_talk(case):
    invitation = case.invitation
    came = all_at_once(
        [
            lambda by=by: answers.note_told(invitation=invitation, by=by)
            for by in staff(Role.CONTACT)
        ],
        "note the same talk",
    )

    assert came == {DONE: 1, "answers.not_open": TWENTY - 1}
    assert Told.objects.count() == 1


def test_twenty_decide_the_same_application_and_set_its_day(case):
    _ = case.application, case.verdict, case.consented, case.assessed, case.ground
    three, decision = board_members(), boards.Decision("условия есть")
    came = all_at_once(
        [
            lambda by=by: boards.convene_board(
                application=case.application, road=case.road, members=three, by=by
            )
            for by in staff(Role.DECISION)
        ],
        "convene the same board",
    )
    assert came == {DONE: 1, "boards.sits": TWENTY - 1}

    vote_all(Board.objects.get())
    came = all_at_once(
        [
            lambda by=by: boards.decide_application(
                application=case.application, decision=decision, by=by
            )
            for by in staff(Role.DECISION)
        ],
        "decide the same application",
    )
    assert came == {DONE: 1, "returns.decided": TWENTY - 1}

    granted = case.__dict__["granted"] = Application.objects.select_related("key").get()
    _ = case.guaranteed
    came = all_at_once(
        [
            lambda by=by: returns.set_appointment(application=granted, meeting=case.meeting, by=by)
            for by in staff(Role.COORDINATOR)
        ],
        "set the day",
    )
    assert came == {DONE: TWENTY}  # each in turn; the last one's day stands
    assert Appointment.objects.filter(cancelled_at=None).count() == 1


def test_a_mother_presses_twenty_times(case):
    _ = case.made
    came = all_at_once(
        [lambda: returns.apply_for_him(enquiry=case.enquiry, wish={}, by=case.enquirer)] * TWENTY,
        "ask to bring him home",
    )
    assert came == {DONE: 1, "returns.open": TWENTY - 1}


def test_he_presses_twenty_times(case):
    sitting = case.sitting
    came = all_at_once(
        [lambda: returns.apply_himself(wish={}, by=sitting)] * TWENTY, "ask to go home himself"
    )
    assert came == {DONE: 1, "returns.open": TWENTY - 1}


def test_twenty_neutrals_open_a_sitting_for_the_same_man(case):
    captive = case.captive
    came = all_at_once(
        [
            lambda by=by: sittings.open_sitting(captive=captive, language="ru", by=by)
            for by in staff(Role.NEUTRAL)
        ],
        "open a sitting",
    )

    assert came == {DONE: 1, "sitting.open": TWENTY - 1}
    assert Sitting.objects.filter(closed_at=None).count() == 1


def test_his_secret_is_set_once(case):
    opened = sittings.open_sitting(captive=case.captive, language="ru", by=case.staff(Role.NEUTRAL))
    came = all_at_once(
        [lambda: sittings.set_secret(secret=SECRET, again=SECRET, by=opened)] * TWENTY,
        "set his secret",
    )

    assert came == {DONE: 1, "secret.set": TWENTY - 1}


def test_twenty_verifiers_confirm_the_same_verdict(case):
    _, proven = case.match, Weighed(Level.PROVEN, {Rung.THINGS: Check.AGREES}, "ответы те же")
    fresh = give_verdict(match=case.match, weighed=proven, by=case.staff(Role.VERIFIER))
    came = all_at_once(
        [lambda by=by: confirm_verdict(verdict=fresh, by=by) for by in staff(Role.VERIFIER)],
        "confirm kinship",
    )

    assert came == {DONE: 1, "relations.confirmed": TWENTY - 1}
    assert KinshipVerdict.objects.standing().count() == 1


def test_she_forgets_twenty_times_at_once(case):
    _ = case.made
    came = all_at_once(
        [lambda: enquiries.forget_enquiry(enquiry=case.enquiry, by=case.enquirer)] * TWENTY,
        "forget",
    )

    assert came == {DONE: 1, "enquiry.forgotten": TWENTY - 1}
    assert told("enquiry forgotten") == 1


def test_wrong_pins_tried_at_once_are_all_counted(case):
    code = case.made.code
    found = []
    all_at_once(
        [lambda: found.append(enquiries.find_enquirer(code_number=code, pin="999999"))] * TWENTY,
        "try a wrong PIN",
    )

    assert found == [None] * TWENTY
    case.enquirer.refresh_from_db()
    assert case.enquirer.locked_until


@pytest.mark.parametrize("other", ["withdraw", "forget"])
def test_a_seal_and_what_takes_its_ground_away_are_never_both_half_done(case, other):
    """Whichever comes first, the act is whole and sealed, or stopped and he is in custody."""
    act, coordinator = case.ready, case.staff(Role.COORDINATOR)
    ask_withdrawal(match=case.match, reason="не он", by=case.staff(Role.TRACING))
    second = case.staff(Role.TRACING, 2)
    steps = {
        "seal": lambda: handovers.seal_act(act=act, by=coordinator),
        "withdraw": lambda: withdraw_match(match=case.match, by=second),
        "forget": lambda: enquiries.forget_enquiry(enquiry=case.enquiry, by=case.enquirer),
    }

    came = all_at_once([steps["seal"], steps[other]] * 3, f"seal and {other}")

    assert not [how for how in came if ":" in how], came
    kept = Act.objects.get()
    held = CustodyEvent.objects.filter(kind=EventKind.RETURNED).count()
    assert (kept.state, held) in {(ActState.SEALED, 1), (ActState.STOPPED, 0)}
