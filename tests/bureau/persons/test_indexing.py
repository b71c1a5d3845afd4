"""The indexes in the data folder: shared, made of the database, and nobody's who was erased."""

import os
import signal
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.factories import CaptiveFactory, EnquiryFactory
from tests.full_disk import full_disk
from wayhome.bureau.captives.bridge import REGISTER
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.matches.bridge import FOR_AGENCY, SOUGHT
from wayhome.bureau.persons.indexing import Fresh
from wayhome.cores.names import Description

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
RARE = "Ющекяжев"


def another(index=REGISTER):
    """As another process holds it: the same files, and nothing in memory."""
    return Fresh(index.name, index._rows, belongs=index._belongs, standing=index._standing)


@pytest.fixture(autouse=True)
def _nothing_there():
    REGISTER.forget()
    SOUGHT.forget()
    FOR_AGENCY.forget()


def found(index, surname=RARE):
    near = index.nearest(Description("", surname=surname), top=3)
    return [each.id for each in near if each.bits > 0]


def contents(index):
    """What its files hold: parts and logs, whatever they are called."""
    names = ("part-*", "log-*")
    return sorted(path.read_bytes() for name in names for path in index.folder.glob(name))


def test_a_new_card_is_found_by_the_next_question_of_every_process():
    CaptiveFactory()
    other = another()
    assert found(REGISTER) == found(other) == []

    man = CaptiveFactory(surname=RARE)

    assert found(other) == [str(man.pk)]
    assert found(REGISTER) == [str(man.pk)]
    assert found(another()) == [str(man.pk)]


def test_what_one_process_has_written_another_need_not_look_up():
    CaptiveFactory()
    other = another()
    found(other)
    man = CaptiveFactory(surname=RARE)
    found(REGISTER)

    with other.held():  # up to date, and then only the files are asked
        assert found(other) == [str(man.pk)]


def test_a_change_that_is_committed_late_is_found_too():
    """A transaction may begin before we look and end after: its rows are dated back."""
    CaptiveFactory()
    assert found(REGISTER) == []
    man = CaptiveFactory(surname=RARE)
    a_minute_ago = timezone.now() - timedelta(minutes=1)
    Captive.objects.filter(pk=man.pk).update(changed_at=a_minute_ago)

    assert found(REGISTER) == [str(man.pk)]


def test_a_corrected_card_is_found_by_what_it_says_now():
    man = CaptiveFactory(surname="Иванов")
    assert found(REGISTER, "Иванов") == [str(man.pk)]

    man.surname = RARE
    man.save()

    assert found(REGISTER) == found(another()) == [str(man.pk)]
    assert len(REGISTER) == 1


def test_a_correction_that_a_full_disk_did_not_take_is_taken_by_the_next_question():
    man = CaptiveFactory(surname="Иванов")
    assert found(REGISTER, "Иванов") == [str(man.pk)]
    (log,) = REGISTER.folder.glob("log-*")
    man.surname = RARE
    man.save()

    with full_disk(log.stat().st_size + 3), pytest.raises(OSError, match="no room"):
        found(REGISTER)

    assert found(REGISTER) == [str(man.pk)]


@pytest.mark.parametrize("damage", ["deleted", "emptied", "cut", "no note", "note of tomorrow"])
def test_an_index_that_is_missing_or_damaged_is_built_anew(damage):
    men = [CaptiveFactory(surname=RARE), CaptiveFactory()]
    assert len(REGISTER) == 2
    note = REGISTER.folder.with_name("register.until")
    for path in list(REGISTER.folder.iterdir()):
        if damage == "deleted":
            path.unlink()
        elif damage == "emptied":
            path.write_bytes(b"")
        elif damage == "cut":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    if damage == "no note":
        note.unlink()
    elif damage == "note of tomorrow":
        note.write_text("2999-01-01T00:00:00+00:00")

    assert found(another()) == [str(men[0].pk)]
    assert len(another()) == 2
    if damage == "deleted":  # under the hands of a process that has it open
        assert found(REGISTER) == [str(men[0].pk)]


def test_an_index_of_another_database_is_built_anew():
    CaptiveFactory(surname=RARE)
    assert found(REGISTER)
    Captive.objects.all().delete()  # as a backup of an earlier day has it

    assert found(another()) == []


@pytest.mark.parametrize(
    ("index", "state"), [(SOUGHT, EnquiryState.OPEN), (FOR_AGENCY, EnquiryState.FOR_AGENCY)]
)
def test_of_whom_was_erased_nothing_is_left_in_any_file(index, state):
    kept = EnquiryFactory(surname="Иванов", state=state)
    assert len(index) == 1
    before_she_asked = contents(index)
    gone = EnquiryFactory(surname=RARE, state=state)
    assert found(index) == [str(gone.pk)]
    assert contents(index) != before_she_asked

    gone.describe({})
    gone.state = EnquiryState.FORGOTTEN
    gone.save()
    assert found(index) == found(another(index)) == []
    assert index.leave_nothing_of_the_removed()

    assert contents(index) == before_she_asked  # byte for byte
    assert found(index, "Иванов") == [str(kept.pk)]
    assert not index.leave_nothing_of_the_removed()


def test_nobody_else_may_read_the_files(monkeypatch):
    before = os.umask(0)
    try:
        CaptiveFactory(surname=RARE)
        assert found(REGISTER)
        CaptiveFactory()
        assert len(REGISTER) == 2
    finally:
        os.umask(before)
    paths = [settings.FOLDER.index, *settings.FOLDER.index.rglob("*")]

    open_to_others = [path for path in paths if path.stat().st_mode & 0o077]
    assert not open_to_others
    assert stat.S_IMODE(REGISTER.folder.stat().st_mode) == 0o700


def test_its_building_is_told_and_so_is_how_it_stands():
    for _ in range(3):
        CaptiveFactory()
    told = []

    assert REGISTER.rebuild(lambda done, of: told.append((done, of))) == 3

    assert told == [(0, 3), (3, 3)]
    status = REGISTER.status()
    assert (status.cards, status.done) == (3, None)
    assert status.bytes > 0
    assert status.until


def test_many_changes_at_once_build_it_anew(monkeypatch):
    monkeypatch.setattr("wayhome.bureau.persons.indexing.MANY", 2)
    CaptiveFactory()
    assert len(REGISTER) == 1
    men = [CaptiveFactory(surname=RARE) for _ in range(5)]

    assert set(found(REGISTER)) <= {str(one.pk) for one in men}
    assert len(REGISTER) == 6


KILLED = """
import django, os, sys
django.setup()
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.bridge import REGISTER
len(REGISTER)
print("ready", flush=True)
while True:
    for man in Captive.objects.all():
        man.save()
    len(REGISTER)
"""


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_while_it_writes_leaves_a_usable_index(tmp_path):
    men = [CaptiveFactory(surname=RARE if number == 7 else "Иванов") for number in range(40)]
    assert len(REGISTER) == 40
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)
    environment = {**os.environ, "DATABASE_URL": url,
                   "DJANGO_SETTINGS_MODULE": "wayhome.config.settings",
                   "PYTHONPATH": str(Path(__file__).parents[3])}  # fmt: skip
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, script], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        found(REGISTER)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()

        # Whoever opens it finds it whole; who had it open follows.
        assert len(another()) == len(REGISTER) == 40
        assert found(another()) == [str(men[7].pk)]
