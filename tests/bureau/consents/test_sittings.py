from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories import CaptiveFactory, StaffFactory
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents import sittings
from wayhome.bureau.consents.models import CaptiveSecret, Sitting
from wayhome.bureau.consents.rules import IDLE_FOR, SECRET_TRIES
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

SECRET = "калина47"


@pytest.fixture
def captive():
    return CaptiveFactory()


@pytest.fixture
def neutral():
    return StaffFactory(role=Role.NEUTRAL)


def opened(captive, neutral):
    return sittings.open_sitting(captive=captive, language="ru", by=neutral)


@pytest.mark.django_db
def test_only_a_neutral_opens_a_sitting(captive):
    for role in Role:
        if role in {Role.NEUTRAL, Role.WELFARE, Role.NOBODY, Role.FAMILY, Role.CAPTIVE}:
            continue
        with pytest.raises(Forbidden):
            opened(captive, StaffFactory(role=role))
    assert not Sitting.objects.exists()


@pytest.mark.django_db
def test_where_no_neutral_can_come_his_own_secret_opens_it_and_no_yes_is_taken(captive, neutral):
    welfare = StaffFactory(role=Role.WELFARE)
    with pytest.raises(Refused, match=r"sitting\.no_secret"):
        opened(captive, welfare)
    first = sittings.set_secret(secret=SECRET, again=SECRET, by=opened(captive, neutral))
    sittings.close_sitting(sitting=first, by=first)

    alone = opened(captive, welfare)

    assert alone.neutral is None
    assert sittings.give_secret(secret=SECRET, by=alone)


@pytest.mark.django_db
def test_a_sitting_is_of_the_man_not_of_one_of_his_records(captive, neutral):
    later = CaptiveFactory(same_as=captive)

    assert opened(later, neutral).captive == captive


@pytest.mark.django_db
def test_nobody_opens_a_second_one_or_one_for_somebody_gone(captive, neutral):
    opened(captive, neutral)
    gone = CaptiveFactory(custody_state=CustodyState.RETURNED)

    with pytest.raises(Refused, match=r"sitting\.open"):
        opened(captive, neutral)
    with pytest.raises(Refused, match=r"sitting\.held"):
        opened(gone, neutral)


@pytest.mark.django_db
def test_one_left_alone_is_over_and_the_next_can_be_opened(captive, neutral):
    left = opened(captive, neutral)
    Sitting.objects.update(last_seen_at=timezone.now() - IDLE_FOR - timedelta(seconds=1))

    assert not Sitting.objects.open().exists()
    sittings.touch(left)  # too late
    assert not Sitting.objects.open().exists()
    new = opened(captive, neutral)

    left.refresh_from_db()
    assert left.closed_at
    assert list(Sitting.objects.open()) == [new]


@pytest.mark.django_db
@pytest.mark.slow
def test_the_first_time_he_chooses_his_secret_and_later_gives_it(captive, neutral):
    first = opened(captive, neutral)
    sittings.set_secret(secret=SECRET, again="КАЛИНА47", by=first)
    assert Sitting.objects.unlocked().get() == first
    sittings.close_sitting(sitting=first, by=first)

    second = opened(captive, neutral)
    assert not Sitting.objects.unlocked().exists()
    assert sittings.give_secret(secret=" Калина47", by=second)

    assert Sitting.objects.unlocked().get() == second
    kept = CaptiveSecret.objects.get()
    assert kept.hash.startswith("argon2")
    assert "калина" not in kept.hash


@pytest.mark.django_db
@pytest.mark.slow
def test_a_secret_that_is_set_is_not_set_again_from_the_tablet(captive, neutral):
    sitting = opened(captive, neutral)
    sittings.set_secret(secret=SECRET, again=SECRET, by=sitting)

    with pytest.raises(Refused, match=r"secret\.set"):
        sittings.set_secret(secret="рябина", again="рябина", by=sitting)


@pytest.mark.django_db
@pytest.mark.slow
def test_tries_are_counted_over_sittings_and_then_only_a_reset_helps(captive, neutral):
    sitting = opened(captive, neutral)
    sittings.set_secret(secret=SECRET, again=SECRET, by=sitting)
    for _ in range(SECRET_TRIES):
        sittings.close_sitting(sitting=sitting, by=neutral)
        sitting = opened(captive, neutral)
        assert not sittings.give_secret(secret="рябина", by=sitting)

    with pytest.raises(Refused, match=r"secret\.tries"):
        sittings.give_secret(secret=SECRET, by=sitting)
    sittings.reset_secret(captive=captive, by=neutral)
    assert not sittings.has_secret(captive)
    assert not sittings.give_secret(secret=SECRET, by=sitting)
    sittings.set_secret(secret="рябина", again="рябина", by=sitting)

    assert Sitting.objects.unlocked().get() == sitting


@pytest.mark.django_db
def test_closing_twice_is_closing_once(captive, neutral):
    sitting = opened(captive, neutral)

    sittings.close_sitting(sitting=sitting, by=sitting)
    at = Sitting.objects.get().closed_at
    sittings.close_sitting(sitting=sitting, by=neutral)

    assert Sitting.objects.get().closed_at == at


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_neutrals_who_open_at_once_one_does():
    captive = CaptiveFactory()
    neutrals = [StaffFactory(role=Role.NEUTRAL) for _ in range(4)]
    together, outcomes = Barrier(len(neutrals)), []

    def try_it(neutral):
        together.wait()
        try:
            outcomes.append(opened(Captive.objects.get(pk=captive.pk), neutral))
        except Refused as refused:
            outcomes.append(refused.refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=try_it, args=(neutral,)) for neutral in neutrals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(type(one).__name__ for one in outcomes) == ["Sitting", "str", "str", "str"]
    assert outcomes.count("sitting.open") == 3
    assert Sitting.objects.count() == 1
