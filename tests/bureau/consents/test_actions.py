from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.factories import (
    CaptiveFactory,
    EnquiryFactory,
    MatchFactory,
    StaffFactory,
)
from wayhome.bureau.captives.models import Captive, HarmFlag
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents import actions
from wayhome.bureau.consents.announcements import consent_changed, danger_changed
from wayhome.bureau.consents.models import (
    Consent,
    DangerAssessment,
    FearAnswer,
    PersonToTell,
    Sitting,
    ThingsAnswer,
)
from wayhome.bureau.consents.queries import men_to_assess
from wayhome.bureau.consents.rules import Answer, Danger, Fear, Kind
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.announcements import match_withdrawn
from wayhome.bureau.matches.models import Match
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.relations.models import KinshipVerdict
from wayhome.bureau.relations.rules import Level
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = pytest.mark.django_db


def sitting_of(captive: Captive, *, neutral: bool = True, **more) -> Sitting:
    now = timezone.now()
    return Sitting.objects.create(
        captive=captive,
        neutral=StaffFactory(role=Role.NEUTRAL) if neutral else None,
        language="ru",
        **{"opened_at": now, "unlocked_at": now, **more},
    )


@pytest.fixture
def match() -> Match:
    return MatchFactory()


def proven(match: Match) -> KinshipVerdict:
    one, two = StaffFactory(role=Role.VERIFIER), StaffFactory(role=Role.VERIFIER)
    return KinshipVerdict.objects.create(
        match=match, key=match.enquiry.key, level=Level.PROVEN, reason="Бумаги", by=one,
        confirmed_by=two, confirmed_at=timezone.now(),
    )  # fmt: skip


def withdraw_match(match: Match) -> None:
    one, two = StaffFactory(role=Role.TRACING), StaffFactory(role=Role.TRACING)
    with transaction.atomic():
        match.withdrawal_asked_by, match.withdrawn_by = one, two
        match.withdrawn_at = timezone.now()
        match.save()
        match_withdrawn.send(Match, match=match, by=two)


def said_yes(match: Match, kind: Kind = Kind.LIVES) -> Sitting:
    sitting = sitting_of(match.captive)
    actions.answer(match=match, kind=kind, answer=Answer.YES, by=sitting)
    return sitting


def test_a_yes_without_a_neutral_is_refused(match):
    alone = sitting_of(match.captive, neutral=False)

    with pytest.raises(Refused, match="yes_before_neutral"):
        actions.answer(match=match, kind=Kind.LIVES, answer=Answer.YES, by=alone)

    assert not Consent.objects.exists()
    assert not Entry.objects.exists()


def test_the_database_itself_keeps_no_yes_without_a_neutral(match):
    row = {"captive": match.captive, "key": match.captive.key, "match": match, "at": timezone.now()}
    sitting = sitting_of(match.captive, neutral=False)

    with pytest.raises(IntegrityError, match="yes_is_said_before_a_neutral"):
        Consent.objects.create(
            **row, enquiry=match.enquiry, kind=Kind.LIVES, answer=Answer.YES, sitting=sitting
        )


def test_the_database_keeps_no_consent_to_nobody_but_to_go_home(match):
    sitting = sitting_of(match.captive)
    row = {"captive": match.captive, "key": match.captive.key, "at": timezone.now()}

    with pytest.raises(IntegrityError, match="names_somebody"):
        Consent.objects.create(**row, kind=Kind.LETTERS, answer=Answer.NO, sitting=sitting)


def test_a_no_needs_nobody(match):
    alone = sitting_of(match.captive, neutral=False)

    said = actions.answer(match=match, kind=Kind.LIVES, answer=Answer.NO, by=alone, words="Позже")

    assert (said.answer, said.before, said.words) == (Answer.NO, None, "Позже")


def test_what_he_allows_is_in_force_until_he_takes_it_back(match):
    proven(match)
    sitting = said_yes(match)
    assert actions.why_not_disclose(match, Kind.LIVES) == []

    actions.withdraw(match=match, kind=Kind.LIVES, by=sitting)

    assert [one.code for one in actions.why_not_disclose(match, Kind.LIVES)] == ["consents.no_yes"]
    assert Consent.objects.filter(match=match).count() == 2  # none is edited


def test_one_yes_opens_nothing_else(match):
    proven(match)
    said_yes(match, Kind.LETTERS)

    assert [one.code for one in actions.why_not_disclose(match, Kind.LIVES)] == ["consents.no_yes"]


def test_every_reason_against_telling_is_named(match):
    HarmFlag.objects.create(
        captive=match.captive, key=match.captive.key, set_by_role="legal", set_by_id="S",
        set_at=timezone.now(),
    )  # fmt: skip
    Captive.objects.filter(pk=match.captive.pk).update(custody_state=CustodyState.ESCAPED)

    codes = [one.code for one in actions.why_not_disclose(match, Kind.LIVES)]

    assert codes == ["consents.kinship", "consents.no_yes", "consents.harm", "consents.state"]


def test_a_withdrawn_match_stops_what_he_said_in_the_same_transaction(match):
    proven(match)
    sitting = said_yes(match)
    actions.answer_things(match=match, answers=["Жучка"], by=sitting)

    withdraw_match(match)

    assert Consent.objects.get().stopped_at
    assert ThingsAnswer.objects.get().stopped_at
    codes = [one.code for one in actions.why_not_disclose(match, Kind.LIVES)]
    assert codes[0] == "consents.no_match"
    assert "consents.no_yes" in codes
    with pytest.raises(Refused, match=r"consents\.gone"):
        actions.answer(match=match, kind=Kind.LIVES, answer=Answer.NO, by=sitting)


def test_a_withdrawal_that_fails_stops_nothing(match):
    said_yes(match)

    with transaction.atomic():
        match_withdrawn.send(Match, match=match, by=None)
        assert Consent.objects.get().stopped_at
        transaction.set_rollback(True)

    assert Consent.objects.get().stopped_at is None


def test_the_same_answer_twice_in_a_sitting_is_one_and_in_another_is_repeated(match):
    sitting = said_yes(match)
    actions.answer(match=match, kind=Kind.LIVES, answer=Answer.YES, by=sitting)
    assert Consent.objects.count() == 1

    Sitting.objects.update(closed_at=timezone.now())
    said_yes(match)

    assert Consent.objects.count() == 2


@pytest.mark.parametrize(
    "state",
    [
        {"closed_at": timezone.now()},
        {"unlocked_at": None},
        {"last_seen_at": timezone.now() - timedelta(hours=1)},
    ],
)
def test_nothing_is_answered_in_a_closed_locked_or_forgotten_sitting(match, state):
    sitting = sitting_of(match.captive, **state)

    for act in (
        lambda: actions.answer(match=match, kind=Kind.LIVES, answer=Answer.NO, by=sitting),
        lambda: actions.answer_fear(fear=Fear.NO, words="", by=sitting),
        lambda: actions.answer_things(match=match, answers=[""], by=sitting),
        lambda: actions.name_person_to_tell(who={"name": "Аглая"}, by=sitting),
        lambda: actions.keep_rights_given(language="ru", by=sitting),
    ):
        with pytest.raises(Refused, match=r"sitting\.(closed|locked)"):
            act()
    assert not Entry.objects.exists()


def test_he_answers_only_about_himself(match):
    stranger = sitting_of(CaptiveFactory())

    with pytest.raises(Refused, match=r"consents\.gone"):
        actions.answer(match=match, kind=Kind.LIVES, answer=Answer.NO, by=stranger)


def test_who_does_not_want_to_be_named_is_not():
    silent = MatchFactory(enquiry=EnquiryFactory(may_tell_him=False))
    sitting = sitting_of(silent.captive)

    assert not actions.matches_of(silent.captive).exists()
    assert not actions.matches_to_ask().exists()
    with pytest.raises(Refused, match=r"consents\.gone"):
        actions.answer(match=silent, kind=Kind.LIVES, answer=Answer.NO, by=sitting)


def test_linked_records_are_one_man(match):
    principal = CaptiveFactory()
    Captive.objects.filter(pk=match.captive.pk).update(same_as=principal)
    match.captive.refresh_from_db()
    sitting = sitting_of(principal)

    assert list(actions.matches_of(principal)) == [match]
    actions.answer(match=match, kind=Kind.LIVES, answer=Answer.YES, by=sitting)
    actions.answer_fear(fear=Fear.UNSURE, words="", by=sitting)

    assert Consent.objects.in_force(match, Kind.LIVES)
    assert FearAnswer.objects.latest_of(match.captive) == FearAnswer.objects.get()


def test_a_match_is_asked_once_he_answered_anything_about_it(match):
    assert not actions.asked(match)
    assert list(actions.matches_to_ask()) == [match]

    sitting = sitting_of(match.captive)
    actions.answer(match=match, kind=Kind.LIVES, answer=Answer.NOT_NOW, by=sitting)

    assert actions.asked(match)
    assert not actions.matches_to_ask().exists()


def test_he_may_want_to_go_home_without_any_family():
    captive = CaptiveFactory()
    sitting = sitting_of(captive)

    actions.answer(match=None, kind=Kind.GO_HOME, answer=Answer.YES, by=sitting)
    assert Consent.objects.of_his_own(captive).answer == Answer.YES
    actions.withdraw(match=None, kind=Kind.GO_HOME, by=sitting)

    assert Consent.objects.of_his_own(captive).answer == Answer.NO


def test_what_he_says_is_unreadable_in_the_database(match):
    sitting = sitting_of(match.captive)
    actions.answer(match=match, kind=Kind.LIVES, answer=Answer.NO, by=sitting, words="Бережанка")
    actions.answer_fear(fear=Fear.YES, words="Бережанка", by=sitting)
    actions.answer_things(match=match, answers=["Бережанка"], by=sitting)
    actions.name_person_to_tell(who={"name": "Бережанка"}, by=sitting)

    with connection.cursor() as cursor:
        for table, column in (
            ("consents_consent", "words"),
            ("consents_fearanswer", "answer"),
            ("consents_thingsanswer", "answers"),
            ("consents_persontotell", "who"),
        ):
            cursor.execute(f"SELECT {column} FROM {table}")
            assert "Бережанка".encode() not in bytes(cursor.fetchone()[0])
    assert FearAnswer.objects.get().answer == {"fear": "yes", "words": "Бережанка"}


def test_a_person_to_tell_is_kept_once():
    sitting = sitting_of(CaptiveFactory())
    who = {"name": "Аглая", "reach": "улица Садовая, 3", "words": ""}

    assert actions.name_person_to_tell(who=who, by=sitting) == actions.name_person_to_tell(
        who=who, by=sitting
    )
    assert PersonToTell.objects.count() == 1


def test_the_journal_tells_that_he_answered_and_never_how(match):
    sitting = sitting_of(match.captive)
    for answer in Answer:
        actions.answer(match=match, kind=Kind.LIVES, answer=answer, by=sitting)
    for fear in Fear:
        actions.answer_fear(fear=fear, words="", by=sitting)

    assert set(Entry.objects.values_list("action", "purpose")) == {(actions.ANSWERED, "")}


def test_only_a_captive_answers_and_only_a_legal_officer_assesses(match):
    for role in Role:
        if role in {Role.LEGAL, Role.NOBODY, Role.FAMILY, Role.CAPTIVE}:
            continue
        staff = StaffFactory(role=role)
        with pytest.raises(Forbidden):
            actions.assess_danger(
                captive=match.captive, danger=Danger.NONE_KNOWN, reasons="…", by=staff
            )
        with pytest.raises(Forbidden):
            actions.answer(match=match, kind=Kind.LIVES, answer=Answer.NO, by=staff)


def test_an_assessment_has_reasons_and_the_latest_counts():
    captive, legal = CaptiveFactory(), StaffFactory(role=Role.LEGAL)
    with pytest.raises(Refused, match=r"danger\.reasons"):
        actions.assess_danger(captive=captive, danger=Danger.NONE_KNOWN, reasons=" ", by=legal)

    actions.assess_danger(captive=captive, danger=Danger.NONE_KNOWN, reasons="Нет", by=legal)
    actions.assess_danger(captive=captive, danger=Danger.SUBSTANTIAL, reasons="Есть", by=legal)

    latest = DangerAssessment.objects.latest_of(captive)
    assert latest
    assert latest.finding == {"danger": Danger.SUBSTANTIAL, "reasons": "Есть"}


@pytest.mark.parametrize("fear", list(Fear))
def test_whatever_he_said_of_fear_the_legal_officer_assesses_and_anew_after_a_new_answer(fear):
    captive, legal = CaptiveFactory(), StaffFactory(role=Role.LEGAL)
    none = Captive.objects.none()
    assert not men_to_assess(applying=none).exists()
    sitting = sitting_of(captive)

    actions.answer_fear(fear=fear, words="", by=sitting)
    assert [row["pk"] for row in men_to_assess(applying=none)] == [captive.pk]
    actions.assess_danger(captive=captive, danger=Danger.NONE_KNOWN, reasons="…", by=legal)
    assert not men_to_assess(applying=none).exists()
    actions.answer_fear(fear=fear, words="Ещё", by=sitting)

    assert men_to_assess(applying=none).exists()


def test_a_yes_to_going_home_or_an_application_brings_him_to_the_legal_officer(match):
    sitting = said_yes(match, Kind.GO_HOME)
    other = CaptiveFactory(same_as=CaptiveFactory())
    none = Captive.objects.none()

    assert [row["pk"] for row in men_to_assess(applying=none)] == [match.captive.pk]
    actions.withdraw(match=match, kind=Kind.GO_HOME, by=sitting)
    assert not men_to_assess(applying=none).exists()
    assert [row["pk"] for row in men_to_assess(applying=[other.pk])] == [other.same_as_id]


def test_others_hear_of_a_change_within_its_transaction(match):
    heard = []

    def on_consent(sender, captive, enquiry, **_):
        heard.append((captive, enquiry, connection.in_atomic_block))

    def on_danger(sender, captive, **_):
        heard.append(captive)

    consent_changed.connect(on_consent)
    danger_changed.connect(on_danger)
    try:
        sitting = said_yes(match)
        actions.answer_fear(fear=Fear.NO, words="", by=sitting)
    finally:
        consent_changed.disconnect(on_consent)
        danger_changed.disconnect(on_danger)

    assert heard == [(match.captive, match.enquiry, True), match.captive]


def test_a_destroyed_key_leaves_nothing_of_what_he_feared():
    captive = CaptiveFactory()
    actions.answer_fear(fear=Fear.YES, words="…", by=sitting_of(captive))

    PersonKey.objects.filter(pk=captive.key_id).update(wrapped=None, destroyed_at=timezone.now())

    assert FearAnswer.objects.get().answer is None
