"""Damage done to the journal with a superuser's hands, and what the verification says of it."""

import threading

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from tests.full_disk import full_disk
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal import verification
from wayhome.bureau.journal.models import Checkpoint, Entry
from wayhome.bureau.journal.sequencing import keep_sequencing, sequence, sequence_all, witness_file
from wayhome.bureau.journal.verification import verify
from wayhome.bureau.staff.models import Site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ten_entries():
    witness_file().unlink(missing_ok=True)
    site, _ = Site.objects.get_or_create(code="A", defaults={"name": "First"})
    for number in range(10):
        journal.record("looked at", subject=site, by=journal.MACHINE, person=f"A-{number}")
        if number % 3 == 0:
            sequence_all()
    sequence_all()
    yield
    witness_file().unlink(missing_ok=True)


def tamper(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        hit = cursor.rowcount
        cursor.execute("SET session_replication_role = DEFAULT")
    print(f"tampered rows: {hit}")
    assert hit
    return hit


def test_an_untouched_journal_is_sound():
    finding = verify()

    assert finding.ok
    assert (finding.entries, finding.waiting) == (10, 0)


def test_what_is_placed_while_it_is_read_is_no_damage(monkeypatch):
    """On a running installation: with each look of somebody an entry is placed."""
    read = verification._claims

    def read_while_people_work(witness):
        claims = read(witness)
        journal.record("looked at", subject=Site.objects.get(code="A"), by=journal.MACHINE)
        sequence_all()
        return claims

    monkeypatch.setattr(verification, "_claims", read_while_people_work)

    finding = verify()

    assert finding.ok
    assert finding.entries == 10


def test_a_full_disk_leaves_no_half_checkpoint_in_the_witness_file():
    """Behind half a note every later one would read as forged."""
    size = witness_file().stat().st_size
    journal.record("looked at", subject=Site.objects.get(code="A"), by=journal.MACHINE)

    with full_disk(size + 40), pytest.raises(OSError, match="no room"):
        sequence()
    assert witness_file().stat().st_size == size
    journal.record("looked at", subject=Site.objects.get(code="A"), by=journal.MACHINE)
    sequence_all()

    finding = verify()
    assert finding.ok
    assert finding.entries == 12


DAMAGES = {
    "an action rewritten": ("UPDATE journal_entry SET action = 'x' WHERE seq = 5", 5),
    "an actor rewritten": ("UPDATE journal_entry SET actor_id = 'S-1' WHERE seq = 1", 1),
    "a moment rewritten": ("UPDATE journal_entry SET at = at - interval '1 s' WHERE seq = 7", 7),
    "a digest rewritten": ("UPDATE journal_entry SET digest = '\\x00' WHERE seq = 4", 4),
    "a gap": ("DELETE FROM journal_entry WHERE seq = 6", 6),
    "the beginning cut off": ("DELETE FROM journal_entry WHERE seq <= 2", 1),
    "the end cut off": ("DELETE FROM journal_entry WHERE seq > 8", 9),
    "two entries swapped": (
        "UPDATE journal_entry SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE seq IN (3, 4);"
        "UPDATE journal_entry SET seq = -seq WHERE seq < 0",
        3,
    ),
    "all rows gone": ("DELETE FROM journal_entry", 1),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_first_bad_entry_is_named(damage):
    statement, first_bad = DAMAGES[damage]
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE journal_entry DROP CONSTRAINT IF EXISTS "
            "journal_position_and_hashes_stand_together"
        )
    tamper(statement)

    finding = verify()

    assert not finding.ok
    assert finding.first_bad == first_bad


def test_an_end_cut_off_with_its_checkpoints_is_known_to_the_witness(tmp_path):
    witness = tmp_path / "witness"
    witness.write_bytes(witness_file().read_bytes())
    witness_file().unlink()
    tamper("DELETE FROM journal_entry WHERE seq > 8")
    tamper("DELETE FROM journal_checkpoint WHERE size > 8")

    assert verify().first_bad == 8  # the checkpoint at seven no longer covers it
    assert verify(witness).first_bad == 9


def test_a_checkpoint_of_another_key_is_noticed():
    tamper("UPDATE journal_checkpoint SET note = replace(note, 'wayhome/journal', 'wayhome/other')")

    assert not verify().ok


@pytest.mark.parametrize("statement", [
    "UPDATE journal_entry SET action = 'x' WHERE seq = 5",
    "DELETE FROM journal_entry WHERE seq = 5",
    "UPDATE journal_entry SET seq = 99 WHERE seq = 5",
    "DELETE FROM journal_checkpoint",
])  # fmt: skip
def test_the_database_itself_refuses_to_change_the_journal(statement):
    with (
        pytest.raises(DatabaseError, match="only ever added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert Entry.objects.count() == 10
    assert Checkpoint.objects.exists()


def test_what_has_no_words_is_not_recorded() -> None:
    with pytest.raises(ValueError, match="no words"):
        journal.record("something new", subject=Site(code="A"), by=journal.MACHINE)

    assert not Entry.objects.filter(action="something new").exists()


class OnceMore(threading.Event):
    """Is set by whoever waits."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


@pytest.mark.django_db(transaction=True)
def test_the_sequencer_outlives_a_witness_file_that_cannot_be_written():
    witness_file().unlink()
    witness_file().mkdir()
    journal.record("looked at", subject=Site.objects.get(code="A"), by=journal.MACHINE)
    try:
        keep_sequencing(OnceMore())
    finally:
        witness_file().rmdir()

    assert not Entry.objects.filter(seq=None).exists()
