"""The dead get a name: proposed by numbers, weighed by people, decided by three, doubted by a
fourth; and everything that is tried past them.
"""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.at_once import DONE, all_at_once
from tests.bureau.identifications.dead import (
    before_the_board,
    hit,
    identified,
    members,
    opened,
    remains_found,
    signed,
    weigh,
)
from tests.factories import (
    CaptiveFactory,
    CustodyEventFactory,
    EnquiryFactory,
    MatchFactory,
    StaffFactory,
)
from tests.traces import nothing_written
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.actions import Happening
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.comparisons.announcements import hits_changed
from wayhome.bureau.comparisons.models import Run
from wayhome.bureau.comparisons.rules.profiles import Suspicion
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.identifications import actions
from wayhome.bureau.identifications.actions import deciding
from wayhome.bureau.identifications.announcements import identification_reopened
from wayhome.bureau.identifications.comparing import facts_of, is_stale
from wayhome.bureau.identifications.models import BoardStatement, Identification
from wayhome.bureau.identifications.rules.board import Asked, Cause, Outcome, State
from wayhome.bureau.identifications.rules.evidence import Kind, Weighed, Word
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains import actions as remains_actions
from wayhome.bureau.remains.models import Remains, Sample
from wayhome.bureau.remains.rules.findings import SampleKind
from wayhome.bureau.remains.rules.register import RemainsKind
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Permission, Role, roles_with
from wayhome.bureau.staff.rules import Profession
from wayhome.lib.refusal import Refused

pytestmark = pytest.mark.django_db
E3 = (Word.ESTABLISHED,) * 3


def changed(remains: Remains) -> None:
    hits_changed.send(Remains, remains=remains)


def test_a_hit_opens_an_identification_by_itself_and_a_weak_one_does_not():
    remains, strong, weak = remains_found(), EnquiryFactory(), EnquiryFactory()
    hit(remains, strong, posterior=0.97)
    hit(remains, weak, posterior=0.3)

    changed(remains)
    changed(remains)

    (found,) = Identification.objects.all()
    assert found.enquiry == strong
    assert found.opened_by is None
    assert Entry.objects.get(action="identification opened").actor_id == "machine"


def test_the_numbers_of_a_line_are_those_that_were_computed():
    identification = opened()
    weigh(identification, Kind.DNA, Word.ESTABLISHED)

    line = identification.current_lines().get()
    assert line.basis["posterior"] == 0.999_95
    assert line.basis["missing"] == 400
    with connection.cursor() as cursor:
        cursor.execute("SELECT said, basis FROM identifications_evidenceline")
        (said, basis) = cursor.fetchone()
    assert "порівняно".encode() not in bytes(said)
    assert b"0.99995" not in bytes(basis)


def test_a_later_line_supersedes_and_the_earlier_stays():
    identification = opened()
    weigh(identification, Kind.PLACE, Word.POSSIBLE)
    weigh(identification, Kind.PLACE, Word.SILENT)

    assert [line.word for line in identification.current_lines()] == [Word.SILENT]
    assert identification.lines.count() == 2


def test_who_weighs_by_code_does_not_weigh_names_and_the_other_way_round():
    identification, said = opened(), Weighed(Word.SILENT, "так")
    for kind, role in ((Kind.DOCUMENTS, Role.FORENSIC), (Kind.DENTAL, Role.TRACING)):
        by = StaffFactory(role=role)
        with pytest.raises(Forbidden):
            actions.weigh(identification=identification, kind=kind, weighed=said, by=by)


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES - roles_with(Permission.SIGN_IDENTIFICATION)))
def test_nobody_else_signs(role):
    with pytest.raises(Forbidden):
        actions.sign(
            identification=Identification(), word=Word.ESTABLISHED, reason="так",
            by=StaffFactory(role=role),
        )  # fmt: skip


def test_a_number_alone_and_a_face_alone_do_not_come_before_the_board():
    identification = opened()
    by = weigh(identification, Kind.DNA, Word.ESTABLISHED)
    with nothing_written(), pytest.raises(Refused, match="one_line"):
        actions.present(identification=identification, asked=Asked.IDENTIFY, by=by)

    another = opened()
    by = weigh(another, Kind.SIGHT, Word.POSSIBLE)
    with pytest.raises(Refused, match=r"identify\.sight"):
        actions.present(identification=another, asked=Asked.IDENTIFY, by=by)


def test_three_of_different_professions_name_the_dead_and_dissent_stays():
    identification = before_the_board(opened())
    first, second, third = members()
    for member in (first, second):
        word = Word.ESTABLISHED
        actions.sign(identification=identification, word=word, reason="так", by=member)
        assert not BoardStatement.objects.visible_to(third).exists()
        assert BoardStatement.objects.visible_to(member).get().member == member
    actions.sign(identification=identification, word=Word.PROBABLE, reason="майже", by=third)

    identification.refresh_from_db()
    assert identification.state == State.IDENTIFIED
    decided = identification.decision()
    assert decided.named["name"] == identification.enquiry.name
    assert BoardStatement.objects.visible_to(first).count() == 3
    assert Entry.objects.filter(action="remains identified").exists()


def test_one_person_alone_two_of_one_profession_and_who_weighed_do_not_make_a_board():
    identification = before_the_board(opened())
    dentist = StaffFactory(role=Role.BOARD, profession=Profession.DENTIST)
    another = StaffFactory(role=Role.BOARD, profession=Profession.DENTIST)
    nothing = StaffFactory(role=Role.BOARD)
    weigher = identification.lines.first().by
    weigher.role, weigher.profession = Role.BOARD.value, Profession.GENETICIST.value
    weigher.save()
    said = {"identification": identification, "word": Word.ESTABLISHED, "reason": "так"}
    actions.sign(**said, by=dentist)

    for person, code in (
        (dentist, "signed"), (another, "same_profession"), (nothing, "no_profession"),
        (weigher, "board.weighed"),
    ):  # fmt: skip
        with nothing_written(), pytest.raises(Refused, match=code):
            actions.sign(**said, by=person)
    identification.refresh_from_db()
    assert identification.state == State.BEFORE_BOARD


def test_no_name_without_a_board_in_the_database():
    identification = opened()
    with pytest.raises(IntegrityError, match="has no board"):
        _named_past_the_board(identification)
    done = identified()
    statement = BoardStatement.objects.filter(round__identification=done).first()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        BoardStatement.objects.filter(pk=statement.pk).update(word=Word.EXCLUDED)


def _named_past_the_board(identification: Identification) -> None:
    with transaction.atomic():
        rows = Identification.objects.filter(pk=identification.pk)
        rows.update(state=State.IDENTIFIED, decided_at="2022-06-01T10:00Z")
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_remains_bear_one_name_and_one_whole_body_a_name():
    remains, first, second = remains_found(), EnquiryFactory(), EnquiryFactory()
    identified(remains, first)
    other = opened(remains, second)
    assert facts_of(other).named_otherwise

    assert facts_of(opened(remains_found(), first)).another_body
    assert not facts_of(opened(remains_found(RemainsKind.PART), first)).another_body


@pytest.mark.parametrize("state", ["held", "returned", "exchanged", "released"])
def test_a_man_who_is_known_alive_is_not_named_among_the_dead(state):
    match = MatchFactory()
    match.captive.custody_state = state
    match.captive.save()

    assert facts_of(opened(remains_found(), match.enquiry)).held_alive


def test_what_changes_before_the_last_signature_stops_the_board():
    identification = before_the_board(opened())
    hit(identification.remains, identification.enquiry, against=["D3S1358"])

    signed(identification, *E3)

    assert identification.state == State.OPEN
    assert identification.rounds.get().outcome == Outcome.STOPPED


def test_a_new_comparison_stops_an_open_board_and_reopens_a_decision():
    sitting, decided = before_the_board(opened()), identified()
    told = []
    listen = lambda sender, identification, **_: told.append(identification)  # noqa: E731
    identification_reopened.connect(listen)
    for each in (sitting, decided):
        hit(each.remains, each.enquiry, posterior=0.9)
        changed(each.remains)
        each.refresh_from_db()
    identification_reopened.disconnect(listen)

    assert sitting.state == State.OPEN
    assert sitting.rounds.get().outcome == Outcome.STOPPED
    assert decided.state == State.REOPENED
    assert decided.doubts.get().cause == Cause.NUMBERS
    assert told == [decided]


def test_a_mix_up_that_is_suspected_stops_a_board_and_reopens_a_decision():
    sitting, decided = before_the_board(opened()), identified()
    codes = [sample_of(each.remains).code for each in (sitting, decided)]
    Run.objects.create(
        key=PersonKey.make(), remains=2, families=2, missing=400, pairs=2, expected=0.1, seconds=1,
        suspicions=[{"kind": Suspicion.SAME_REMAINS.value, "codes": codes}], checked={},
    )  # fmt: skip

    for each in (sitting, decided):
        changed(each.remains)
        each.refresh_from_db()

    assert (sitting.state, decided.state) == (State.OPEN, State.REOPENED)
    by = StaffFactory(role=Role.FORENSIC)
    with pytest.raises(Refused, match=r"identify\.mix_up"):
        actions.present(identification=sitting, asked=Asked.IDENTIFY, by=by)


def sample_of(remains: Remains) -> Sample:
    by, now = StaffFactory(role=Role.FORENSIC), timezone.now()
    return remains_actions.take_sample(
        remains=remains, kind=SampleKind.BONE, what="стегно", taken_at=now, by=by
    )


def test_a_prior_that_moves_with_each_new_family_reopens_nothing():
    decided = identified()
    hit(decided.remains, decided.enquiry, posterior=0.999_91)
    changed(decided.remains)

    decided.refresh_from_db()
    assert decided.state == State.IDENTIFIED


def test_a_third_person_doubts_and_all_that_was_signed_stays():
    decided = identified()
    member = decided.decision().statements.first().member
    doubting = {"identification": decided, "cause": Cause.MIX_UP, "reason": "дві бирки"}
    with nothing_written(), pytest.raises(Refused, match=r"doubt\.own"):
        actions.doubt(**doubting, by=member)

    actions.doubt(**doubting, by=StaffFactory(role=Role.TRACING))

    decided.refresh_from_db()
    assert decided.state == State.REOPENED
    assert decided.decision() is None
    assert BoardStatement.objects.filter(round__identification=decided).count() == 3
    by = StaffFactory(role=Role.FORENSIC)
    with pytest.raises(Refused, match=r"identify\.doubt"):
        actions.present(identification=decided, asked=Asked.IDENTIFY, by=by)
    weigh(decided, Kind.DENTAL, Word.SILENT)
    actions.present(identification=decided, asked=Asked.IDENTIFY, by=by)
    decided.refresh_from_db()
    signed(decided, Word.ESTABLISHED, Word.POSSIBLE, Word.EXCLUDED)
    assert decided.state == State.OPEN
    assert [each.outcome for each in decided.rounds.all()] == [
        Outcome.IDENTIFIED, Outcome.NOT_YET,
    ]  # fmt: skip


def test_the_board_excludes_when_asked_to():
    identification = opened()
    by = weigh(identification, Kind.DENTAL, Word.EXCLUDED)
    actions.present(identification=identification, asked=Asked.EXCLUDE, by=by)
    identification.refresh_from_db()

    signed(identification, Word.EXCLUDED, Word.EXCLUDED, Word.POSSIBLE)

    assert identification.state == State.EXCLUDED
    assert identification.decision().named is None


def test_a_new_examination_asks_to_weigh_anew():
    identification = opened()
    weigh(identification, Kind.MEDICAL, Word.SILENT)
    (line,) = identification.current_lines()
    assert not is_stale(line)
    expert = StaffFactory(role=Role.FORENSIC)
    remains_actions.examine(
        remains=identification.remains, said={"height": "170"}, teeth={}, reason="переміряно",
        by=expert,
    )  # fmt: skip

    assert is_stale(line)


def test_who_dies_in_custody_is_held_against_his_card_and_whoever_asks_for_him():
    match = MatchFactory()
    CustodyEventFactory(captive=match.captive)
    died = Happening(EventKind.DIED, on=timezone.localdate().isoformat())
    by = StaffFactory(role=Role.REGISTRAR)

    captives.record_custody_event(captive=match.captive, happened=died, by=by)

    found = Identification.objects.get(remains__captive=match.captive)
    assert found.enquiry == match.enquiry
    assert found.captive == match.captive
    assert found.opened_by is None
    assert not facts_of(found).held_alive


def test_a_pair_is_opened_once():
    remains, by = remains_found(), StaffFactory(role=Role.TRACING)
    captive = CaptiveFactory()
    said = {"remains": remains, "enquiry": None, "captive": captive, "why": "жетон", "by": by}
    actions.open_identification(**said)

    with nothing_written(), pytest.raises(Refused, match="known"):
        actions.open_identification(**said)


def test_a_pair_that_a_card_joined_too_is_not_opened_beside_it():
    """He died in custody: held against his card and whoever asks for him, in one question."""
    match = MatchFactory()
    remains, by = remains_found(), StaffFactory(role=Role.TRACING)
    said = {"remains": remains, "why": "жетон", "by": by}
    actions.open_identification(**said, enquiry=match.enquiry, captive=match.captive)

    for whose in ({"enquiry": match.enquiry}, {"captive": match.captive}):
        with nothing_written(), pytest.raises(Refused, match="known"):
            actions.open_identification(**{"enquiry": None, "captive": None, **said, **whose})


def test_a_bag_that_nobody_opened_counts_as_a_whole_body():
    enquiry = EnquiryFactory()
    identified(remains_found(RemainsKind.UNKNOWN), enquiry)
    second = opened(remains_found(RemainsKind.UNKNOWN), enquiry)

    refusals = actions.why_not_present_now(second, Asked.IDENTIFY)
    assert "identify.two_bodies" in {one.code for one in refusals}

    officer, part = StaffFactory(role=Role.CUSTODY), remains_found(RemainsKind.PART)
    identified(part, enquiry)
    with nothing_written(), pytest.raises(Refused, match=r"identify\.two_bodies"):
        remains_actions.say_kind(remains=part, kind=RemainsKind.WHOLE, by=officer)
    remains_actions.say_kind(remains=part, kind=RemainsKind.PARTS, by=officer)


@pytest.mark.django_db(transaction=True)
def test_of_two_bodies_that_are_named_as_one_man_at_once_one_is():
    enquiry = EnquiryFactory()
    both = [before_the_board(opened(remains_found(), enquiry)) for _ in range(2)]
    lasts = []
    for one in both:
        first, second, third = members()
        for by in (first, second):
            actions.sign(identification=one, word=Word.ESTABLISHED, reason="так", by=by)
        lasts.append(third)

    said = {"word": Word.ESTABLISHED, "reason": "так"}
    done = all_at_once(
        [
            lambda one=one, by=by: actions.sign(identification=one, **said, by=by)
            for one, by in zip(both, lasts, strict=True)
        ]
    )

    assert done == {DONE: 2}
    for one in both:
        one.refresh_from_db()
    assert sorted(one.state for one in both) == [State.IDENTIFIED, State.OPEN]
    (stopped,) = (one for one in both if one.state == State.OPEN)
    assert stopped.rounds.get().outcome == Outcome.STOPPED
    assert facts_of(stopped).another_body


def test_the_database_lets_one_whole_body_bear_a_name(monkeypatch):
    enquiry = EnquiryFactory()
    identified(remains_found(), enquiry)
    monkeypatch.setattr(deciding, "missing", lambda identification: [])

    with pytest.raises(IntegrityError, match="another whole body"):
        _named_past_the_rule(enquiry)


@transaction.atomic
def _named_past_the_rule(enquiry) -> None:
    identified(remains_found(), enquiry)
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db(transaction=True)
def test_two_members_who_sign_last_at_once_decide_once():
    identification = before_the_board(opened())
    first, second, third = members()
    actions.sign(identification=identification, word=Word.ESTABLISHED, reason="так", by=first)

    said = {"identification": identification, "word": Word.ESTABLISHED, "reason": "так"}
    done = all_at_once([lambda by=by: actions.sign(**said, by=by) for by in (second, third)])

    assert done == {DONE: 2}
    identification.refresh_from_db()
    assert identification.state == State.IDENTIFIED
    assert Entry.objects.filter(action="remains identified").count() == 1


def test_the_agency_is_told_of_a_name_and_of_its_doubt():
    decided = identified()
    by = StaffFactory(role=Role.TRACING)
    actions.doubt(identification=decided, cause=Cause.OTHER, reason="так", by=by)

    notices = Notice.objects.filter(enquiry=decided.enquiry).select_related("key")
    named, doubted = notices.order_by("made_at")
    assert [named.kind, doubted.kind] == ["named", "doubted"]
    assert named.route == doubted.route == "agency"
    assert named.particulars["name"] == decided.enquiry.name
    assert doubted.particulars == {"remains": decided.remains.bureau_number}
