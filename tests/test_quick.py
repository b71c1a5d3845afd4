"""The tests' own short cuts leave out nothing that is proven elsewhere."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import Permission
from django.db import connection, transaction

from tests import quick
from tests.factories import CaptiveFactory
from tests.traces import nothing_written
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.actions import hash_pin, is_pin
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import MACHINE
from wayhome.bureau.journal.models import Entry

PIN = "904417"


def test_outside_the_tests_a_try_at_a_pin_costs_100_megabytes_twice(monkeypatch):
    assert hash_pin(PIN).startswith("argon2$argon2id$v=19$m=8,t=1,p=1$")

    for name, value in quick.COST_OF_THE_BUREAU.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, value)

    kept = hash_pin(PIN)
    assert kept.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
    assert is_pin(PIN, kept)
    assert not is_pin("904418", kept)


@pytest.mark.django_db(transaction=True)
def test_nothing_outlives_a_test_that_commits_neither_the_journal_nor_a_job():
    captive = CaptiveFactory()
    journal.record("contact changed", subject=captive, by=MACHINE)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args) VALUES ('t', 'q', '{}')"
        )

    quick.empty()

    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM procrastinate_jobs)")
        assert cursor.fetchone() == (0,)
    assert not Entry.objects.exists()
    assert not type(captive).objects.exists()
    assert Permission.objects.exists()


@pytest.mark.django_db
def test_a_row_that_is_written_changed_or_taken_away_is_noticed():
    CaptiveFactory()
    with nothing_written():
        assert Captive.objects.exists()
    with pytest.raises(AssertionError, match="captives_captive"), nothing_written():
        captive = CaptiveFactory()
    with pytest.raises(AssertionError, match="captives_captive"), nothing_written():
        Captive.objects.filter(pk=captive.pk).update(surname="Іншенко")
    with pytest.raises(AssertionError, match="captives_captive"), nothing_written():
        Captive.objects.filter(pk=captive.pk).delete()
    with nothing_written(), transaction.atomic():
        CaptiveFactory(site=captive.site)
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_committed_is_noticed():
    with pytest.raises(AssertionError, match="captives_captive"), nothing_written():
        CaptiveFactory()
