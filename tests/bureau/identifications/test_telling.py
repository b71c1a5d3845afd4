"""A family hears of a death from people: how it is invited, what is noted, what is withdrawn."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pypdf import PdfReader

from tests.bureau.identifications.dead import (
    identified,
    kinship_proven,
    opened,
    remains_found,
    signed,
    weigh,
)
from tests.factories import (
    CaptiveFactory,
    EnquiryFactory,
    HarmFlagFactory,
    MatchFactory,
    StaffFactory,
)
from tests.traces import nothing_written
from wayhome.bureau.answers.actions import write_questions, write_reminder
from wayhome.bureau.answers.jobs import left_in_peace, send_message
from wayhome.bureau.answers.models import Invitation, OutgoingMessage
from wayhome.bureau.answers.rules import InvitationState
from wayhome.bureau.captives.rules import ProposalState
from wayhome.bureau.comparisons.actions import give_sample
from wayhome.bureau.comparisons.actions.samples import Gift
from wayhome.bureau.comparisons.models import Hit
from wayhome.bureau.comparisons.rules.samples import Kin, Scope
from wayhome.bureau.comparisons.rules.samples import Way as SampleWay
from wayhome.bureau.enquiries.actions import forget_enquiry
from wayhome.bureau.enquiries.announcements import what_holds
from wayhome.bureau.enquiries.models import Asked, QuestionRound
from wayhome.bureau.enquiries.rules import MONTHLY_QUESTIONS, Relation
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.identifications import actions, telling
from wayhome.bureau.identifications.comparing import names_of, same_sought
from wayhome.bureau.identifications.models import DeathTold
from wayhome.bureau.identifications.printing import certificate_of_death
from wayhome.bureau.identifications.rules.board import Asked as ToBoard
from wayhome.bureau.identifications.rules.board import Cause, State
from wayhome.bureau.identifications.rules.evidence import Kind, Word
from wayhome.bureau.identifications.rules.telling import (
    BELONGINGS_NAMES,
    RETURN_NAMES,
    WAY_NAMES,
    Belongings,
    Case,
    Reach,
    Return,
    Talk,
    Way,
    why_not_choose,
    why_not_invite_to_it,
    why_not_note_correction,
    why_not_note_told,
)
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.actions import ask_withdrawal, withdraw_match
from wayhome.bureau.matches.models import SameSought
from wayhome.bureau.matches.same_sought import judge_same_sought
from wayhome.bureau.relations import actions as relations
from wayhome.bureau.relations.models import KinshipVerdict
from wayhome.bureau.relations.rules import Check, Level, Rung
from wayhome.bureau.remains.rules.register import RemainsKind
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Permission, Role, roles_with
from wayhome.lib.refusal import Refused
from wayhome.web.waiting import may_be_prompted, waits_for_a_talk

STANDS = Case(stands=True)
REACH = Reach("telephone", society=True)
BY_TELEPHONE = Talk(way=Way.TELEPHONE)


@pytest.mark.parametrize(
    ("case", "codes"),
    [
        (STANDS, []),
        (replace(STANDS, stands=False), ["telling.no_decision"]),
        (replace(STANDS, alive=True), ["telling.alive"]),
        (replace(STANDS, harm_flag=True), ["consents.harm"]),
        (replace(STANDS, is_friend=True), ["telling.friend"]),
        (replace(STANDS, kinship_proven=False), ["telling.kinship"]),
        (replace(STANDS, told=True), ["telling.told"]),
        (replace(STANDS, told_of_him=True), ["telling.told_of_him"]),
        (replace(STANDS, forgotten=True), ["telling.forgotten"]),
        (replace(STANDS, invited=True), ["answers.invited"]),
    ],
)
def test_who_is_not_invited_to_hear_of_a_death(case, codes):
    assert [each.code for each in why_not_invite_to_it(case)] == codes


@pytest.mark.parametrize(
    ("talk", "reach", "pair", "codes"),
    [
        (BY_TELEPHONE, REACH, False, []),
        (replace(BY_TELEPHONE, way=Way.IN_PERSON), REACH, False, ["telling.alone"]),
        (replace(BY_TELEPHONE, way=Way.IN_PERSON), REACH, True, []),
        (BY_TELEPHONE, Reach("email", society=True), False, ["telling.no_telephone"]),
        (
            replace(BY_TELEPHONE, way=Way.SOCIETY),
            Reach("telephone", society=False), False, ["telling.no_society"],
        ),
        (replace(BY_TELEPHONE, way="letter"), REACH, False, ["telling.no_way"]),
    ],
)  # fmt: skip
def test_how_she_may_be_told(talk, reach, pair, codes):
    invited = replace(STANDS, invited=True)

    assert [each.code for each in why_not_note_told(invited, talk, reach, pair=pair)] == codes
    alone = [each.code for each in why_not_note_told(STANDS, talk, reach, pair=pair)]
    assert alone == ["telling.not_invited", *codes]


def test_nothing_is_asked_of_her_in_the_first_talk():
    day = date(2022, 6, 1)

    assert why_not_choose(told_on=None, today=day).code == "telling.not_told"
    assert why_not_choose(told_on=day, today=day).code == "telling.too_soon"
    assert why_not_choose(told_on=day, today=day + timedelta(1)) is None
    assert why_not_note_correction(withdrawn=False, told=False).code == "telling.stands"
    assert why_not_note_correction(withdrawn=True, told=True).code == "telling.corrected"


def test_every_choice_has_its_words():
    assert set(WAY_NAMES) == set(Way)
    assert set(RETURN_NAMES) == set(Return)
    assert set(BELONGINGS_NAMES) == set(Belongings)


def family(channel: str = "telephone", **more):
    """Somebody who was identified, and who asks for him."""
    enquiry = EnquiryFactory(**more)
    enquiry.enquirer.contact = {"channel": channel, "to": "+7 900", "hours": "18"}
    enquiry.enquirer.save()
    kinship_proven(enquiry)
    return identified(enquiry=enquiry), enquiry


def told(identification, enquiry, by=None) -> DeathTold:
    by = by or StaffFactory(role=Role.CONTACT)
    whose = {"identification": identification, "enquiry": enquiry, "by": by}
    telling.invite_to_talk(**whose)
    return telling.note_told_of_death(talk=BY_TELEPHONE, **whose)


@pytest.mark.django_db
def test_she_is_invited_like_all_and_told_by_people():
    identification, enquiry = family()
    assert [one.enquiry for one in telling.families_to_tell()] == [enquiry]

    heard = told(identification, enquiry)

    assert heard.said["known_by"] == ["dna"]
    assert heard.said["found_on"] == "2022-05-03"
    assert heard.invitation.match is None
    assert heard.invitation.state == InvitationState.TALKED
    assert telling.families_to_tell() == []
    actions_done = Entry.objects.filter(person=enquiry.bureau_number)
    assert [each.action for each in actions_done.order_by("pk")] == [
        "kinship weighed", "kinship confirmed", "family invited", "family told of a death",
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES - roles_with(Permission.TELL_FAMILY)))
def test_nobody_else_tells(role):
    with pytest.raises(Forbidden):
        telling.invite_to_talk(identification=None, enquiry=None, by=StaffFactory(role=role))


@pytest.mark.django_db
def test_a_friend_a_flag_and_an_open_question_keep_silence():
    flagged = MatchFactory()
    flagged.captive.custody_state = "dead"
    flagged.captive.save()
    HarmFlagFactory(captive=flagged.captive)
    by = StaffFactory(role=Role.CONTACT)
    friend = EnquiryFactory(relation=Relation.FRIEND)
    for identification, code in (
        (opened(), "no_decision"),
        (identified(enquiry=friend), "friend"),
        (identified(enquiry=flagged.enquiry), "harm"),
    ):
        whose = {"identification": identification, "enquiry": identification.enquiry, "by": by}
        with nothing_written(), pytest.raises(Refused, match=code):
            telling.invite_to_talk(**whose)


@pytest.mark.django_db
def test_a_flag_on_whoever_died_in_custody_closes_the_road_by_dna():
    identification, enquiry = family()
    captive = CaptiveFactory()
    HarmFlagFactory(captive=captive)
    identification.remains.captive = captive

    assert telling.family_of(identification, enquiry).case.harm_flag


@pytest.mark.django_db
def test_who_heard_of_his_death_is_not_told_of_it_again_by_another_part():
    identification, enquiry = family()
    told(identification, enquiry)
    part = identified(remains_found(RemainsKind.PART), enquiry)

    assert telling.families_to_tell() == []
    by = StaffFactory(role=Role.CONTACT)
    with nothing_written(), pytest.raises(Refused, match="told_of_him"):
        telling.invite_to_talk(identification=part, enquiry=enquiry, by=by)


@pytest.mark.django_db
def test_in_person_two_of_us_come_and_the_database_knows_it():
    identification, enquiry = family("email")
    by, second = StaffFactory(role=Role.CONTACT), StaffFactory(role=Role.CONTACT)
    whose = {"identification": identification, "enquiry": enquiry, "by": by}
    telling.invite_to_talk(**whose)
    in_person = replace(BY_TELEPHONE, way=Way.IN_PERSON)
    for number in ("", by.number, "S-99999"):
        with nothing_written(), pytest.raises(Refused, match="alone"):
            telling.note_told_of_death(talk=replace(in_person, second=number), **whose)

    heard = telling.note_told_of_death(talk=replace(in_person, second=second.number), **whose)

    assert heard.second == second
    with pytest.raises(IntegrityError, match="two_of_us"), transaction.atomic():
        DeathTold.objects.filter(pk=heard.pk).update(second=None)


@pytest.mark.django_db
def test_what_she_wishes_is_noted_another_day_and_may_change():
    heard = told(*family())
    by = StaffFactory(role=Role.CONTACT)
    wishes = {"return": Return.HOME.value, "belongings": Belongings.TO_HER.value}
    with nothing_written(), pytest.raises(Refused, match="too_soon"):
        telling.note_wish(told=heard, wishes=wishes, by=by)
    DeathTold.objects.filter(pk=heard.pk).update(at=timezone.now() - timedelta(days=2))

    telling.note_wish(told=heard, wishes=wishes, by=by)
    telling.note_wish(told=heard, wishes={**wishes, "return": Return.HERE.value}, by=by)

    assert [one.wishes["return"] for one in heard.wishes.all()] == ["home", "here"]


@pytest.mark.django_db
def test_a_doubt_withdraws_what_was_told_and_lists_everyone():
    identification, enquiry = family()
    heard = told(identification, enquiry)

    by = StaffFactory(role=Role.TRACING)
    actions.doubt(identification=identification, cause=Cause.MIX_UP, reason="бирки", by=by)

    (listed,) = telling.everyone_told(identification)
    assert listed.withdrawn_at is not None
    assert telling.owes_a_correction(enquiry)
    assert DeathTold.objects.standing_for(enquiry) is None
    held_by = [name for _, name in what_holds.send(type(enquiry), enquiry=enquiry)]
    assert "an error to be told" in held_by  # forgotten or not, her number is kept for the talk
    contact = StaffFactory(role=Role.CONTACT)
    telling.note_error_told(told=heard, by=contact)
    assert not telling.owes_a_correction(enquiry)
    with nothing_written(), pytest.raises(Refused, match="corrected"):
        telling.note_error_told(told=heard, by=contact)


@pytest.mark.django_db
def test_an_open_invitation_stops_with_the_decision():
    identification, enquiry = family("email")
    by = StaffFactory(role=Role.CONTACT)
    telling.invite_to_talk(identification=identification, enquiry=enquiry, by=by)

    doubter = StaffFactory(role=Role.TRACING)
    actions.doubt(identification=identification, cause=Cause.OTHER, reason="так", by=doubter)

    assert Invitation.objects.get().state == InvitationState.STOPPED
    assert OutgoingMessage.objects.get().state == "stopped"


@pytest.mark.django_db
def test_nobody_is_told_whose_kinship_two_verifiers_have_not_confirmed():
    enquiry = EnquiryFactory()
    identification = identified(enquiry=enquiry)
    whose = {"identification": identification, "enquiry": enquiry}
    by = StaffFactory(role=Role.CONTACT)
    assert list(telling.kinship_to_weigh()) == [enquiry]
    weighed = relations.Weighed(Level.PROVEN, {Rung.DNA: Check.AGREES}, "зразок матері")
    verifier = StaffFactory(role=Role.VERIFIER)
    unproven = replace(weighed, checks={Rung.NAMES: Check.AGREES})
    with nothing_written(), pytest.raises(Refused, match="no_proof"):
        relations.give_verdict_of_the_dead(enquiry=enquiry, weighed=unproven, by=verifier)
    given = relations.give_verdict_of_the_dead(enquiry=enquiry, weighed=weighed, by=verifier)

    with nothing_written(), pytest.raises(Refused, match=r"telling\.kinship"):
        telling.invite_to_talk(**whose, by=by)
    with nothing_written(), pytest.raises(Refused, match=r"telling\.kinship"):
        telling.note_told_of_death(talk=BY_TELEPHONE, **whose, by=by)
    with nothing_written(), pytest.raises(Refused, match=r"relations\.own"):
        relations.confirm_verdict(verdict=given, by=verifier)

    relations.confirm_verdict(verdict=given, by=StaffFactory(role=Role.VERIFIER))
    telling.invite_to_talk(**whose, by=by)
    again = replace(weighed, level=Level.NOT_SUPPORTED)
    relations.give_verdict_of_the_dead(enquiry=enquiry, weighed=again, by=verifier)
    with nothing_written(), pytest.raises(Refused, match=r"telling\.kinship"):
        telling.note_told_of_death(talk=BY_TELEPHONE, **whose, by=by)
    with pytest.raises(IntegrityError, match="match_or_an_enquiry"), transaction.atomic():
        KinshipVerdict.objects.filter(pk=given.pk).update(enquiry=None)


@pytest.mark.django_db
def test_a_family_that_is_matched_after_he_was_named_comes_onto_the_list():
    """He was named by his card; who asks for him is found later, or is linked with who was."""
    captive = CaptiveFactory(custody_state="dead")
    named = named_by_card(captive)
    assert telling.families_to_tell() == []

    match = MatchFactory(captive=captive)
    other = EnquiryFactory()
    SameSought.objects.create(
        earlier=match.enquiry, later=other, bits=30, probability=0.9, state=ProposalState.SAME,
        reason="одна мати", judged_by=StaffFactory(), judged_at=timezone.now(),
    )  # fmt: skip

    assert {one.enquiry for one in telling.families_to_tell()} == {match.enquiry, other}
    assert {one.pk for one in same_sought(named)} == {match.enquiry_id, other.pk}
    assert telling.count_to_tell() == 2
    for enquiry in (match.enquiry, other):
        assert list(names_of(enquiry)) == [named]
    kinship_proven(other)
    other.enquirer.contact = {"channel": "telephone", "to": "+7"}
    other.enquirer.save()
    heard = told(named, other)
    assert [one.enquiry for one in telling.families_to_tell()] == [match.enquiry]

    # The match was wrong: what rested on it is withdrawn, and a person must say so.
    ask_withdrawal(match=match, reason="інший", by=StaffFactory(role=Role.TRACING))
    withdraw_match(match=match, by=StaffFactory(role=Role.TRACING))
    heard.refresh_from_db()
    assert heard.withdrawn_at is not None
    assert telling.families_to_tell() == []


def named_by_card(captive):
    """Papers and prints point to a man of the register for whom nobody asks yet."""
    by = StaffFactory(role=Role.TRACING)
    one = actions.open_identification(
        remains=remains_found(), enquiry=None, captive=captive, why="жетон", by=by
    )
    weigh(one, Kind.PRINTS, Word.ESTABLISHED)
    expert = weigh(one, Kind.DENTAL, Word.SILENT)
    actions.present(identification=one, asked=ToBoard.IDENTIFY, by=expert)
    signed(one, Word.ESTABLISHED, Word.ESTABLISHED, Word.ESTABLISHED)
    return one


@pytest.mark.django_db
def test_the_list_of_families_to_tell_asks_as_much_for_many_as_for_one(
    django_assert_num_queries,
):
    family()
    with CaptureQueriesContext(connection) as one:
        telling.families_to_tell()
    for _ in range(3):
        family()
    with django_assert_num_queries(len(one)):
        assert len(telling.families_to_tell()) == 4


@pytest.mark.django_db
def test_the_day_of_a_decision_is_the_day_here():
    """At eleven in the evening in London it is the next day in Kyiv."""
    identification, _ = family()
    late = datetime(2026, 6, 1, 22, 30, tzinfo=UTC)
    identification.rounds.update(decided_at=late)

    assert telling.what_to_say(identification)["decided_on"] == "2026-06-02"


@pytest.mark.django_db
def test_whoever_was_told_by_a_link_that_is_taken_back_is_listed_for_a_person():
    identification, hers = family()
    other = EnquiryFactory()
    linked = SameSought.objects.create(
        earlier=hers, later=other, bits=30, probability=0.9, state=ProposalState.SAME,
        reason="одна мати", judged_by=StaffFactory(), judged_at=timezone.now(),
    )  # fmt: skip
    kinship_proven(other)
    other.enquirer.contact = hers.enquirer.contact
    other.enquirer.save()
    heard, wrongly = told(identification, hers), told(identification, other)

    judge_same_sought(
        pair=linked, verdict=ProposalState.DIFFERENT, reason="різні люди",
        by=StaffFactory(role=Role.TRACING),
    )  # fmt: skip

    assert list(DeathTold.objects.to_correct()) == [wrongly]
    assert DeathTold.objects.standing_for(hers) == heard
    assert waits_for_a_talk(other.enquirer, other)


@pytest.mark.django_db
def test_from_the_decision_on_no_machine_writes_to_her():
    """Nor from a doubt until a person told her; her page stays as all until she is invited."""
    identification, enquiry = family("email", patronymic="")
    waiting = EnquiryFactory(patronymic="")
    waiting.enquirer.contact = enquiry.enquirer.contact
    waiting.enquirer.save()
    assert left_in_peace() == {enquiry.pk}
    assert left_in_peace(enquiry) == {enquiry.pk}
    assert left_in_peace(waiting) == set()
    assert not write_reminder(enquiry)
    assert write_reminder(waiting)
    assert not OutgoingMessage.objects.filter(page_of=enquiry).exists()
    assert may_be_prompted(enquiry.enquirer, enquiry)  # as every family is: P5

    by = StaffFactory(role=Role.CONTACT)
    telling.invite_to_talk(identification=identification, enquiry=enquiry, by=by)
    assert not may_be_prompted(enquiry.enquirer, enquiry)
    second = StaffFactory(role=Role.CONTACT)
    in_person = Talk(way=Way.IN_PERSON, second=second.number)
    heard = telling.note_told_of_death(
        identification=identification, enquiry=enquiry, talk=in_person, by=by
    )
    assert left_in_peace(enquiry) == {enquiry.pk}
    doubter = StaffFactory(role=Role.TRACING)
    actions.doubt(identification=identification, cause=Cause.MIX_UP, reason="так", by=doubter)
    assert left_in_peace() == {enquiry.pk}
    assert not may_be_prompted(enquiry.enquirer, enquiry)
    telling.note_error_told(told=heard, by=by)
    assert left_in_peace() == set()


@pytest.mark.django_db
def test_what_was_written_before_the_decision_is_stopped_when_it_would_go_out(settings):
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    enquiry = EnquiryFactory()
    enquiry.enquirer.contact = {"channel": "email", "to": "a@b.example"}
    enquiry.enquirer.save()
    write_reminder(enquiry)
    message = OutgoingMessage.objects.get()
    identified(enquiry=enquiry)

    send_message(message_id=str(message.pk))

    message.refresh_from_db()
    assert message.state == "stopped"


@pytest.mark.django_db
def test_of_a_part_it_is_not_said_that_the_body_was_found():
    enquiry = EnquiryFactory()
    part = identified(remains_found(RemainsKind.PART), enquiry)

    with translation.override("en"):
        said = render_to_string("answers/said_of_death.html", {"said": telling.what_to_say(part)})

    assert "A part of the body of the person you seek was found." in said
    assert "The body was found" not in said


@pytest.mark.django_db
def test_who_mourns_is_asked_no_question_of_the_month():
    mourning, waiting = family("email"), (None, EnquiryFactory())
    waiting[1].enquirer.contact = mourning[1].enquirer.contact
    told_by_society = replace(BY_TELEPHONE, way=Way.SOCIETY)
    for _identification, enquiry in (mourning, waiting):
        enquiry.enquirer.contact = {**enquiry.enquirer.contact, "society_route": True}
        enquiry.enquirer.save()
    by = StaffFactory(role=Role.CONTACT)
    whose = {"identification": mourning[0], "enquiry": mourning[1], "by": by}
    telling.invite_to_talk(**whose)
    telling.note_told_of_death(talk=told_by_society, **whose)
    now = QuestionRound.objects.create(
        month=timezone.localdate().replace(day=1), question=sorted(MONTHLY_QUESTIONS)[0],
        at=timezone.now(),
    )  # fmt: skip
    for _identification, enquiry in (mourning, waiting):
        Asked.objects.create(round=now, enquiry=enquiry)

    assert write_questions(now) == 1


@pytest.mark.django_db
def test_who_is_forgotten_leaves_the_dead_their_name():
    identification, enquiry = family()
    heard, enquiry_id = told(identification, enquiry), enquiry.pk
    gift = Gift("Ганна", Kin.MOTHER, SampleWay.HERE, "", Scope.THIS_BUREAU, True, True)
    give_sample(enquiry=enquiry, gift=gift, by=StaffFactory(role=Role.CONTACT))

    forget_enquiry(enquiry=enquiry, by=enquiry.enquirer)

    identification.refresh_from_db()
    assert identification.state == State.IDENTIFIED
    assert not Hit.objects.standing().filter(enquiry=enquiry_id).exists()
    heard.refresh_from_db()
    assert heard.withdrawn_at is None
    by = StaffFactory(role=Role.TRACING)
    gone = type(identification).objects.get(pk=identification.pk)
    assert gone.enquiry.key.is_destroyed
    actions.doubt(identification=gone, cause=Cause.MIX_UP, reason="бирки", by=by)
    assert {one.kind for one in Notice.objects.filter(enquiry=enquiry_id)} == {"named", "doubted"}


@pytest.mark.django_db
def test_a_certificate_tells_a_family_nothing_that_another_wrote():
    identification, first = family(birthplace="Кологрив", service_no="АВ-771904")
    other = EnquiryFactory(birthplace="Солигалич", service_no="")

    printed = certificate_of_death(DeathTold(identification=identification, enquiry=other))

    words = PdfReader(io.BytesIO(printed)).pages[0].extract_text()
    assert other.bureau_number in words
    assert "Солигалич" in words
    for told_by_another in (first.bureau_number, "Кологрив", "771904"):
        assert told_by_another not in words
