"""Who is shown which letter: by its language, and after five days without a reader everybody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.bureau.contact.test_paper import come, sheet_for_him, side
from tests.cases import Case
from tests.factories import StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.contact import actions
from wayhome.bureau.contact.actions import Addressee
from wayhome.bureau.contact.models import Letter
from wayhome.bureau.contact.rules import UNREAD_AT_MOST, LetterKind, LetterState
from wayhome.bureau.oversight.actions import tell_overdue
from wayhome.bureau.oversight.models import Overdue
from wayhome.bureau.oversight.rules import ClockKind
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Permission, Role, roles_with
from wayhome.lib.refusal import Refused
from wayhome.lib.sheet_codes import OnSheet

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TO = Addressee("Дугар", "Улан-Удэ")


@pytest.fixture
def case() -> Case:
    return Case()


def reader(reads: str) -> Staff:
    return StaffFactory(role=Role.SUPERVISOR, reads=reads)


def written(case: Case, language: str, *, days_ago: float = 0) -> Letter:
    letter = actions.write_from_him(
        kind=LetterKind.CARD, to=TO, text="Сайн байна, эжы!", language=language, by=case.sitting
    )
    since = timezone.now() - timedelta(days=days_ago)
    Letter.objects.filter(pk=letter.pk).update(waits_since=since)
    return letter


def shown_to(person: Staff) -> set[str]:
    rows = Letter.objects.visible_to(person).to_review().for_reader(person, timezone.now())
    return set(rows.values_list("language", flat=True))


def overdue() -> list[Overdue]:
    tell_overdue(timezone.now())
    return list(Overdue.objects.filter(kind=ClockKind.UNREAD))


def test_each_is_shown_what_they_read_and_whoever_has_no_language_noted_everything(case):
    for language in ("ru", "uk", "bxr"):
        written(case, language)

    assert shown_to(reader("ru uk")) == {"ru", "uk"}
    assert shown_to(reader("bxr")) == {"bxr"}
    assert shown_to(reader("")) == {"ru", "uk", "bxr"}


@pytest.mark.parametrize(("days", "shown"), [(4.9, set()), (5.1, {"bxr"})])
def test_after_five_days_everybody_is_shown_what_nobody_reads(case, days, shown):
    written(case, "bxr", days_ago=days)

    assert shown_to(reader("ru")) == shown

    reader("bxr")
    assert shown_to(Staff.objects.get_queryset().filter(reads="ru").get()) == set()


@pytest.mark.parametrize(("days", "told"), [(4.9, 0), (5.1, 1)])
def test_what_nobody_reads_reaches_the_auditor_by_itself_until_it_goes_on(case, days, told):
    assert timedelta(days=5) == UNREAD_AT_MOST
    read, unread = written(case, "ru", days_ago=days), written(case, "bxr", days_ago=days)
    somebody = reader("ru")

    assert [one.number for one in overdue()] == [case.captive.bureau_number] * told
    assert Letter.objects.get(pk=unread.pk).state == LetterState.TO_REVIEW

    for letter in (read, unread):
        actions.pass_letter(letter=letter, black_out=frozenset(), by=somebody)
    assert all(one.met_at for one in overdue())


def test_a_closed_account_and_another_role_read_nothing(case):
    written(case, "bxr", days_ago=6)
    StaffFactory(role=Role.SUPERVISOR, reads="bxr", is_active=False)
    StaffFactory(role=Role.WELFARE, reads="bxr")

    assert Staff.objects.languages_read() == frozenset()
    assert shown_to(reader("ru")) == {"bxr"}
    assert len(overdue()) == 1


def test_a_letter_in_another_language_goes_to_who_reads_that_and_waits_since_the_same_moment(case):
    letter, first, second = written(case, "ru", days_ago=3), reader("ru"), reader("bxr")
    since = Letter.objects.get(pk=letter.pk).waits_since

    actions.note_language(letter=letter, language="bxr", by=first)

    assert (shown_to(first), shown_to(second)) == (set(), {"bxr"})
    assert Letter.objects.get(pk=letter.pk).waits_since == since


@pytest.mark.parametrize("language", ["", "ru", "klingon"])
def test_a_language_is_another_one_of_the_list(case, language):
    letter, somebody = written(case, "ru"), reader("ru")

    with nothing_written(), pytest.raises(Refused, match=r"letter\.language"):
        actions.note_language(letter=letter, language=language, by=somebody)


def test_what_went_on_keeps_its_language(case):
    letter, somebody = written(case, "ru"), reader("ru")
    actions.pass_letter(letter=letter, black_out=frozenset(), by=somebody)

    with nothing_written(), pytest.raises(Refused, match=r"letter\.state"):
        actions.note_language(letter=letter, language="bxr", by=somebody)


def test_only_who_reviews_letters_notes_their_language(case):
    letter = written(case, "ru")
    for role in sorted(CONSOLE_ROLES - roles_with(Permission.REVIEW_LETTER)):
        somebody = case.staff(role)
        with nothing_written(), pytest.raises(Forbidden):
            actions.note_language(letter=letter, language="uk", by=somebody)


def test_who_says_nothing_of_it_writes_in_the_language_of_the_page(case):
    said = actions.write_from_him(kind=LetterKind.CARD, to=TO, text="Жив.", by=case.sitting)
    hers = actions.write_to_him(enquiry=case.enquiry, text="Ждём.", by=case.enquirer)
    tatar = actions.write_to_him(
        enquiry=case.enquiry, text="Көтәбез.", language="tt", by=case.enquirer
    )

    assert (said.language, hers.language, tatar.language) == ("ru", "ru", "tt")


def test_a_side_that_came_after_the_reader_s_page_was_made_does_not_go_on_unread(case):
    sheet = sheet_for_him(case)
    come(side(OnSheet(sheet.code, 1)))
    (scan,) = come(side(OnSheet(sheet.code, 2), shade="grey"))
    somebody = reader("")
    passing = {"letter": scan.letter, "black_out": frozenset(), "by": somebody}
    with nothing_written(), pytest.raises(Refused, match=r"letter\.sides"):
        actions.pass_letter(**passing, sides=1)

    assert actions.pass_letter(**passing, sides=2).state == LetterState.PASSED
