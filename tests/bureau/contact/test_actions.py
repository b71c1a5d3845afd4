"""Letters both ways: who may write, what a review does, what stops one on its way."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cases import Case
from tests.traces import nothing_written
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.models import DutyNote
from wayhome.bureau.captives.rules import DutyKind, EventKind
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.contact import actions
from wayhome.bureau.contact.actions import Addressee
from wayhome.bureau.contact.jobs import bring_letters_forward
from wayhome.bureau.contact.models import Letter, LetterCopy
from wayhome.bureau.contact.rules import BLACK, Health, LetterKind, LetterState
from wayhome.bureau.enquiries.actions import forget_enquiry
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.actions import ask_withdrawal, withdraw_match
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TO = Addressee("Ознобихина Агафья", "Кострома, Садовая 3")
TEXT = "Мама, я жив. Мы стоим в Кологриве. Поцелуй Аню!"


@pytest.fixture
def case() -> Case:
    return Case()


def from_him(case: Case, text: str = TEXT, kind: LetterKind = LetterKind.LETTER) -> Letter:
    return actions.write_from_him(kind=kind, to=TO, text=text, by=case.sitting)


def to_him(case: Case, text: str = TEXT) -> Letter:
    letter = actions.write_to_him(enquiry=case.enquiry, text=text, by=case.enquirer)
    job = ProcrastinateJob.objects.get(task_name="contact.bring_letters_forward")
    assert job.args == {"enquiry_id": str(case.enquiry.pk)}
    bring_letters_forward(**job.args)
    return letter


def state(letter: Letter) -> str:
    return Letter.objects.get(pk=letter.pk).state


def passed(case: Case, letter: Letter, black_out: frozenset[int] = frozenset()) -> Letter:
    reader = case.staff(Role.SUPERVISOR)
    return actions.pass_letter(letter=letter, black_out=black_out, by=reader)


def test_he_writes_without_a_match_a_neutral_or_a_consent(case):
    assert case.sitting.neutral_id is not None
    type(case.sitting).objects.update(neutral=None)

    letter = from_him(case)

    assert (letter.state, letter.enquiry_id) == (LetterState.TO_REVIEW, None)
    assert Entry.objects.filter(action="letter written").count() == 1


def test_letters_beyond_any_number_are_taken_from_him(case):
    for kind in (LetterKind.LETTER, LetterKind.CARD):
        for number in range(9):
            from_him(case, f"Письмо {number}", kind)

    assert Letter.objects.filter(state=LetterState.TO_REVIEW).count() == 18


def test_a_capture_card_is_on_its_way_at_once_and_stops_both_clocks(case):
    card = actions.write_capture_card(health=Health.GOOD, to=TO, by=case.sitting)

    assert card.state == LetterState.PASSED
    assert not Letter.objects.visible_to(case.staff(Role.SUPERVISOR)).exists()
    done = set(DutyNote.objects.values_list("kind", flat=True))
    assert done == {DutyKind.FAMILY_CARD, DutyKind.AGENCY_CARD}


def test_who_names_nobody_still_has_his_card_to_the_agency(case):
    actions.write_capture_card(health=Health.SICK, to=Addressee(), by=case.sitting)

    assert list(DutyNote.objects.values_list("kind", flat=True)) == [DutyKind.AGENCY_CARD]


@pytest.mark.parametrize(
    ("text", "to", "code"),
    [
        ("  ", TO, "letter.empty"),
        ("а" * 8001, TO, "letter.long"),
        (TEXT, Addressee("", "Садовая"), "letter.name"),
        (TEXT, Addressee("Аглая", ""), "letter.address"),
    ],
)
def test_a_refused_letter_leaves_no_trace(case, text, to, code):
    _ = case.sitting
    with nothing_written(), pytest.raises(Refused, match=code.replace(".", r"\.")):
        actions.write_from_him(kind=LetterKind.LETTER, to=to, text=text, by=case.sitting)


def test_what_is_blacked_out_is_in_no_copy_and_the_original_is_kept(case):
    letter = from_him(case)

    passed(case, letter, frozenset({1}))

    copy = LetterCopy.objects.get(letter=letter)
    assert copy.text == f"Мама, я жив. {BLACK} Поцелуй Аню!"
    assert copy.blacked_out == 1
    assert Letter.objects.get(pk=letter.pk).content["text"] == TEXT


def test_a_letter_is_reviewed_once(case):
    letter = passed(case, from_him(case))

    with nothing_written(), pytest.raises(Refused, match=r"letter\.state"):
        passed(case, letter)
    reader, tomorrow = case.staff(Role.SUPERVISOR), timezone.localdate() + timedelta(days=1)
    with nothing_written(), pytest.raises(Refused, match=r"letter\.state"):
        actions.hold_letter(letter=letter, reason="place", until=tomorrow, by=reader)


def test_he_reads_why_his_letter_is_held_and_until_when(case):
    letter, tomorrow = from_him(case), timezone.localdate() + timedelta(days=1)

    actions.hold_letter(
        letter=letter, reason="place", until=tomorrow, by=case.staff(Role.SUPERVISOR)
    )

    seen = Letter.objects.visible_to(case.sitting).get()
    assert (seen.state, seen.hold_reason, seen.held_until) == ("held", "place", tomorrow)
    assert passed(case, letter).state == LetterState.PASSED


def test_passages_that_name_a_place_are_shown_to_the_reviewer(case):
    case.brought_to("Кологрив")

    assert actions.passages_that_tell_a_place(from_him(case)) == {1}


def test_her_letter_is_kept_until_he_is_found_and_allows_letters(case):
    letter = to_him(case)
    assert (state(letter), Letter.objects.get().captive) == (LetterState.KEPT, None)

    _ = case.verdict, case.consented

    assert state(letter) == LetterState.TO_REVIEW
    assert Letter.objects.get().captive == case.captive


def test_a_letter_to_somebody_who_allows_them_goes_to_review_by_itself(case):
    _ = case.consented

    assert state(to_him(case)) == LetterState.TO_REVIEW


def _takes_back(case: Case) -> None:
    consents.answer(match=case.match, kind=Kind.LETTERS, answer=Answer.NO, by=case.sitting)


def _withdrawn(case: Case) -> None:
    ask_withdrawal(match=case.match, reason="другой человек", by=case.staff(Role.TRACING))
    withdraw_match(match=case.match, by=case.staff(Role.TRACING, 2))


@pytest.mark.parametrize("stops", [_takes_back, _withdrawn])
@pytest.mark.parametrize("read", [False, True])
def test_a_letter_comes_back_the_moment_he_no_longer_allows_it(case, stops, read):
    _ = case.consented
    letter = to_him(case)
    if read:
        passed(case, letter)

    stops(case)

    assert state(letter) == LetterState.KEPT
    assert not LetterCopy.objects.exists()
    assert not Letter.objects.visible_to(case.sitting).exists()


def test_a_letter_to_one_who_died_is_read_and_given_by_nobody_and_looks_to_her_as_before(case):
    _ = case.consented
    before, reader, officer = to_him(case), case.staff(Role.SUPERVISOR), case.staff(Role.WELFARE)
    officer.site = case.captive.site
    given = passed(case, before)
    happened = captives.Happening(EventKind.DIED, on="2022-05-01")
    captives.record_custody_event(
        captive=case.captive, happened=happened, by=case.staff(Role.REGISTRAR)
    )

    after = actions.write_to_him(enquiry=case.enquiry, text="Пиши", by=case.enquirer)
    actions.bring_forward(case.enquiry)

    assert (state(given), state(after)) == (LetterState.PASSED, LetterState.TO_REVIEW)
    for desk in (reader, officer):
        assert not Letter.objects.visible_to(desk).exists()
    assert not Letter.objects.to_review().exists()
    with nothing_written(), pytest.raises(Letter.DoesNotExist):
        actions.note_sent(letter=given, by=officer)
    with nothing_written(), pytest.raises(Letter.DoesNotExist):
        passed(case, after)


def test_he_opens_her_letter_and_so_it_is_delivered(case):
    _ = case.consented
    letter = to_him(case)
    with pytest.raises(Letter.DoesNotExist):
        actions.read_letter(letter=letter, by=case.sitting)
    passed(case, letter, frozenset({1}))

    copy = actions.read_letter(letter=letter, by=case.sitting)

    assert BLACK in copy.text
    assert state(letter) == LetterState.DELIVERED


def test_what_has_not_passed_is_taken_back_by_its_sender_alone(case):
    letter, stranger = from_him(case), case.enquirer
    with nothing_written(), pytest.raises(Letter.DoesNotExist):
        actions.ask_back(letter=letter, by=stranger)

    actions.take_back(letter=letter, by=case.sitting)

    assert state(letter) == LetterState.TAKEN_BACK
    reader = case.staff(Role.SUPERVISOR)
    with nothing_written(), pytest.raises(Letter.DoesNotExist):
        actions.pass_letter(letter=letter, black_out=frozenset(), by=reader)


def test_her_letters_go_with_her_enquiry(case):
    letter = to_him(case)

    forget_enquiry(enquiry=case.enquiry, by=case.enquirer)

    assert state(letter) == LetterState.TAKEN_BACK
    assert Letter.objects.select_related("key").get().content is None


def test_who_may_send_off_and_who_may_not(case):
    letter = passed(case, from_him(case))
    for role in sorted(CONSOLE_ROLES - {Role.WELFARE}):
        somebody = case.staff(role)
        with nothing_written(), pytest.raises(Forbidden):
            actions.note_sent(letter=letter, by=somebody)
    officer = case.staff(Role.WELFARE)
    officer.site = case.captive.site
    officer.save()

    assert actions.note_sent(letter=letter, by=officer).state == LetterState.DELIVERED


@pytest.mark.parametrize(
    "broken",
    [
        {"state": LetterState.HELD},
        {"captive": None},
        {"kind": LetterKind.CAPTURE_CARD},
    ],
)
def test_the_database_keeps_what_is_always_true(case, broken):
    letter = from_him(case)

    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**broken)
