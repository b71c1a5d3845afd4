"""Whatever a superuser does to the journal, the verification finds it and names the first of it."""

import json
import shutil

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.sequencing import sequence_all, witness_file
from wayhome.bureau.journal.verification import verify
from wayhome.bureau.staff.models import Site

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ENTRIES = 12
COLUMNS = ("actor_id", "actor_role", "action", "subject_type", "subject_id", "person", "purpose")


@pytest.fixture(scope="module")
def twelve(django_db_setup, django_db_blocker):
    """One journal for all of Hypothesis's damages, each undone by its savepoint."""
    with django_db_blocker.unblock(), transaction.atomic():
        witness_file().unlink(missing_ok=True)
        site, _ = Site.objects.get_or_create(code="A", defaults={"name": "First"})
        for number in range(ENTRIES):
            journal.record("looked at", subject=site, by=journal.MACHINE, person=f"A-{number}")
            if number % 4 == 0:
                sequence_all()
        sequence_all()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(
                "ALTER TABLE journal_entry"
                " DROP CONSTRAINT journal_position_and_hashes_stand_together"
            )
        yield
        transaction.set_rollback(True)
    witness_file().unlink(missing_ok=True)


places = st.integers(1, ENTRIES)
one_bit = st.integers(0, 255)


@st.composite
def damages(draw):
    """SQL of one change, and the first place that it spoils."""
    place = draw(places)
    kind = draw(
        st.sampled_from(["text", "moment", "digest", "hash", "gap", "cut", "swap", "extra"])
    )
    where = f"WHERE seq = {place}"
    if kind == "text":
        return f"UPDATE journal_entry SET {draw(st.sampled_from(COLUMNS))} = 'x' {where}", place
    if kind == "moment":
        shift = draw(st.integers(-(10**9), 10**9).filter(bool))
        return (
            f"UPDATE journal_entry SET at = at + {shift} * interval '1 microsecond' {where}",
            place,
        )
    if kind == "digest":
        return rf"UPDATE journal_entry SET digest = '\x{draw(one_bit):02x}' {where}", place
    if kind == "hash":
        column = draw(st.sampled_from(["leaf_hash", "chain_hash"]))
        byte = draw(st.integers(0, 31))
        flip = f"set_byte({column}, {byte}, get_byte({column}, {byte}) # 1)"
        return f"UPDATE journal_entry SET {column} = {flip} {where}", place
    if kind == "gap":
        return f"DELETE FROM journal_entry {where}", place
    if kind == "cut":
        return f"DELETE FROM journal_entry WHERE seq >= {place}", place
    if kind == "swap":
        other = draw(places.filter(lambda n: n != place))
        first, last = sorted((place, other))
        return (
            f"UPDATE journal_entry SET seq = -seq WHERE seq IN ({first}, {last});"
            f"UPDATE journal_entry SET seq = {last} WHERE seq = -{first};"
            f"UPDATE journal_entry SET seq = {first} WHERE seq = -{last}"
        ), first
    return (
        "INSERT INTO journal_entry SELECT gen_random_uuid(), seq + 1000, at, actor_id, actor_role,"
        " action, subject_type, subject_id, person, purpose, digest, leaf_hash, chain_hash"
        f" FROM journal_entry {where}"
    ), ENTRIES + 1


def found_after(statement: str):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)
        finding = verify()
        transaction.set_rollback(True)
    return finding


@given(damages())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(("DELETE FROM journal_entry", 1))
@example(("DELETE FROM journal_checkpoint WHERE size = 12", 12))
def test_every_change_gap_and_reordering_is_found_and_the_first_bad_entry_named(twelve, damage):
    statement, first_bad = damage

    finding = found_after(statement)

    assert not finding.ok, statement
    assert finding.first_bad == first_bad, (statement, finding)


def test_an_untouched_one_is_sound_after_all_of_that(twelve):
    assert verify().ok


def test_a_superuser_who_makes_the_whole_journal_anew_is_known_to_the_witness(twelve, tmp_path):
    """Every hash, checkpoint and our own file made anew with the bureau's key: a copy knows."""
    copy = shutil.copy(witness_file(), tmp_path / "witness")
    kept = witness_file().read_bytes()
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("UPDATE journal_entry SET action = 'never happened' WHERE seq = 5")
                cursor.execute("UPDATE journal_entry SET seq = NULL, leaf_hash = NULL,"
                               " chain_hash = NULL")  # fmt: skip
                cursor.execute("DELETE FROM journal_checkpoint")
            witness_file().unlink()
            sequence_all()
            assert verify().ok  # it looks whole from inside
            assert not verify(copy).ok
            transaction.set_rollback(True)
    finally:
        witness_file().write_bytes(kept)


@pytest.mark.parametrize(
    "spoilt", [b"", b"what is this\n\n", b"\xff\xfe\x00", b"wayhome/journal\n3\n"]
)
def test_a_witness_file_that_is_none_is_told_and_breaks_nothing(twelve, tmp_path, spoilt):
    path = tmp_path / "witness"
    path.write_bytes(spoilt)

    finding = verify(path)

    assert json.dumps(finding.as_dict())
    assert finding.ok is False
