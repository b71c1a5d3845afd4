"""Accounts and sites, and the numbers that are given once."""

import pytest
from django.db import IntegrityError, transaction

from tests.at_once import DONE, all_at_once
from tests.factories import SiteFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff import actions
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import (
    CONSOLE_ROLES,
    GRANTS,
    NOT_STAFF,
    ROLE_NAMES,
    Forbidden,
    Permission,
    Role,
    roles_with,
)
from wayhome.bureau.staff.rules import Profession
from wayhome.lib.numbers import is_valid
from wayhome.lib.refusal import Refused

pytestmark = pytest.mark.django_db
PASSWORD = "a long invented password"


@pytest.fixture
def administrator():
    return StaffFactory(role=Role.ADMINISTRATOR)


def opened(administrator, username: str = "clerk"):
    return actions.open_account(
        username=username, password=PASSWORD, role=Role.REGISTRAR, site=SiteFactory(),
        by=administrator,
    )  # fmt: skip


def test_every_role_has_grants_and_a_name():
    assert set(GRANTS) == set(ROLE_NAMES) == set(Role)
    assert set(Permission) == frozenset().union(*GRANTS.values())
    assert all(Permission.USE_CONSOLE in GRANTS[role] for role in CONSOLE_ROLES)
    assert not any(Permission.USE_CONSOLE in GRANTS[role] for role in NOT_STAFF)


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (Permission.SEE_PLACE, {Role.REGISTRAR, Role.CUSTODY, Role.NEUTRAL}),
        (Permission.SEE_HARM_FLAG, {Role.LEGAL, Role.NEUTRAL}),
        (Permission.SEE_FEAR, {Role.LEGAL, Role.NEUTRAL}),
        (Permission.SEE_HEALTH, {Role.PHYSICIAN}),
        (Permission.ASSESS_DANGER, {Role.LEGAL}),
        (Permission.READ_JOURNAL, {Role.AUDITOR}),
        (Permission.MANAGE_STAFF, {Role.ADMINISTRATOR}),
        (Permission.OPEN_SITTING, {Role.NEUTRAL}),
        (Permission.WITNESS_ACT, {Role.NEUTRAL}),
    ],
)
def test_what_only_a_few_may(permission, roles):
    assert roles_with(permission) == roles


def test_nobody_who_keeps_captives_witnesses_judges_or_decides():
    camp = {Role.REGISTRAR, Role.CUSTODY, Role.WELFARE, Role.PHYSICIAN}
    for permission in (
        Permission.OPEN_SITTING, Permission.WITNESS_ACT, Permission.JUDGE_CANDIDATE,
        Permission.DECIDE_APPLICATION, Permission.VERIFY_KINSHIP, Permission.TELL_FAMILY,
        Permission.SEE_ENQUIRY, Permission.SEE_CONSENT,
    ):  # fmt: skip
        assert not roles_with(permission) & camp


@pytest.mark.slow
def test_an_account_is_opened_closed_and_opened_again(administrator):
    staff = opened(administrator)
    assert staff.check_password(PASSWORD)
    assert PASSWORD not in str(Entry.objects.values_list())

    actions.close_account(staff=staff, by=administrator)
    assert not Staff.objects.get(pk=staff.pk).is_active
    with nothing_written(), pytest.raises(Refused, match=r"staff\.closed"):
        actions.close_account(staff=staff, by=administrator)

    actions.reopen_account(staff=staff, by=administrator)
    assert Staff.objects.get(pk=staff.pk).is_active
    told = Entry.objects.order_by("at").values_list("action", flat=True)
    assert list(told) == ["account opened", "account closed", "account reopened"]


@pytest.mark.slow
def test_a_name_is_given_once_whatever_its_capitals(administrator):
    opened(administrator)

    with nothing_written(), pytest.raises(Refused, match=r"staff\.taken"):
        opened(administrator, "CLERK")


def test_nobody_closes_their_own_account(administrator):
    with nothing_written(), pytest.raises(Refused, match=r"staff\.own"):
        actions.close_account(staff=administrator, by=administrator)


@pytest.mark.slow
def test_the_administrator_notes_what_somebody_learned(administrator):
    staff = StaffFactory(role=Role.BOARD)

    actions.note_profession(staff=staff, profession=Profession.LAWYER, by=administrator)
    assert Staff.objects.get(pk=staff.pk).profession == "lawyer"
    actions.note_profession(staff=staff, profession=None, by=administrator)

    assert Staff.objects.get(pk=staff.pk).profession == ""
    assert Entry.objects.filter(action="profession noted").count() == 2


def test_the_administrator_notes_which_languages_somebody_reads(administrator):
    staff = opened(administrator)

    actions.note_languages(staff=staff, reads=["tt", "ru", "ru"], by=administrator)
    assert Staff.objects.get(pk=staff.pk).reads == "ru tt"
    entry = Entry.objects.get(action="languages noted")
    assert (entry.purpose, entry.subject_id) == ("ru tt", str(staff.pk))

    actions.note_languages(staff=staff, reads=[], by=administrator)
    assert Staff.objects.get(pk=staff.pk).reads == ""
    with nothing_written(), pytest.raises(Refused, match=r"staff\.language"):
        actions.note_languages(staff=staff, reads=["klingon"], by=administrator)


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES - {Role.ADMINISTRATOR}))
def test_only_the_administrator_manages_accounts(role):
    other, staff = StaffFactory(role=role), StaffFactory()
    for act in (
        lambda: opened(other),
        lambda: actions.close_account(staff=staff, by=other),
        lambda: actions.reopen_account(staff=staff, by=other),
        lambda: actions.note_languages(staff=staff, reads=["ru"], by=other),
        lambda: actions.note_profession(staff=staff, profession=None, by=other),
    ):
        with nothing_written(), pytest.raises(Forbidden):
            act()
    assert list(Staff.objects.visible_to(other)) == [other]


def test_the_database_keeps_no_two_of_one_number_and_no_site_in_small_letters(administrator):
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffFactory(number=administrator.number)
    with pytest.raises(IntegrityError, match="site_code_is_latin_capitals"), transaction.atomic():
        Site.objects.create(code="ж", name="…")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_who_take_a_number_at_once_get_twenty_numbers():
    site, got = SiteFactory(), []

    def take() -> None:
        with transaction.atomic():
            got.append(actions.take_number(site))

    came = all_at_once([take] * 20, "take a number")

    assert came == {DONE: 20}
    assert len(set(got)) == 20
    assert all(is_valid(number) for number in got)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_twenty_accounts_of_one_name_at_once_one_is_opened(administrator):
    came = all_at_once([lambda: opened(administrator) for _ in range(20)], "open an account")

    assert came == {DONE: 1, "staff.taken": 19}
    assert Staff.objects.get_queryset().filter(username="clerk").count() == 1
