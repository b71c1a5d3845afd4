"""Files of cards: imported once, resumed where they stopped, faulty lines set aside."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection, connections
from django.utils import timezone, translation

from tests.factories import SiteFactory, StaffFactory
from wayhome.bureau.captives.actions import drop_file, files, start_import, stop_import
from wayhome.bureau.captives.actions.files import lines_of
from wayhome.bureau.captives.actions.imported import OTHER
from wayhome.bureau.captives.announcements import cards_imported
from wayhome.bureau.captives.importing import CARDS, check_file, import_file
from wayhome.bureau.captives.models import Captive, CaptureCard, CardFile, CustodyEvent
from wayhome.bureau.captives.reading.cards import check
from wayhome.bureau.captives.reading.mending import mend_file
from wayhome.bureau.captives.rules import FILE_KEPT_FOR, FileState
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.persons.vault import CannotOpen
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FAULTY = Path(__file__).parent / "cards-with-faults.xlsx"
WAR = date(2022, 2, 24)
TODAY = date(2026, 1, 1)
HEADINGS = "№;Прізвище;Ім'я;По батькові;Дата народження;Дата полонення;Місце тримання"
SURNAMES = ("Буйничев", "Жерех", "Лаптун", "Мокроусов", "Пичугин", "Ряполов", "Сыроват", "Тючев")


def man(number: int) -> str:
    """A line of the list; no two are alike."""
    surname, day = SURNAMES[number % len(SURNAMES)], number % 28 + 1
    year, month = 1970 + number % 31, number % 12 + 1
    born = f"{day:02}.{month:02}.{year}"
    return f"{number};{surname}{number};Прохор;Лаврентьевич;{born};16.04.2022;пункт 7"


def content_of(lines: list[str]) -> bytes:
    return "\n".join([HEADINGS, *lines]).encode()


def list_of(count: int) -> bytes:
    return content_of([man(number) for number in range(1, count + 1)])


def file_at(folder: Path, content: bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read_of(content: bytes):
    """As it is read in the sandbox, a second quicker."""
    return check(content, name="list.csv", war_began_on=WAR, today=TODAY)


def kept(content: bytes, by=None, site=None) -> CardFile:
    return CARDS.keep(read_of(content), content, site=site or SiteFactory(), by=by)


def imported(content: bytes, **whose) -> CardFile:
    file = start_import(file=kept(content, **whose), set_aside=True, by=None)
    return CARDS.go_on(file)


@pytest.fixture
def clerk():
    return StaffFactory(role=Role.REGISTRAR)


def test_every_line_becomes_a_captive_with_card_event_entry_and_notices(tmp_path):
    done = import_file(file_at(tmp_path, list_of(3)), site="A")

    assert (done.lines, done.added, done.known, done.set_aside) == (3, 3, 0, 0)
    assert done.state == FileState.DONE
    captive = Captive.objects.get(surname="Жерех1")
    card = captive.cards.select_related("key").get()
    assert (card.line, card.source, card.from_file) == (2, "file", done)
    assert card.as_received["born"] == "1971-02-02"
    assert card.as_received["born_as_said"] == "02.02.1971"
    assert card.as_received[f"{OTHER}Місце тримання"] == "пункт 7"
    event = captive.custody_events.get()
    assert (event.kind, event.happened_on) == ("captured", "2022-04-16")
    assert Entry.objects.filter(action="captive registered").count() == 3
    assert Notice.objects.count() == 6
    numbers = sorted(Captive.objects.values_list("bureau_number", flat=True))
    assert len(set(numbers)) == 3


def test_each_card_lies_under_a_key_of_its_own_and_the_file_keeps_none():
    file = imported(list_of(2))

    keys = set(CaptureCard.objects.values_list("key", flat=True))
    assert len(keys) == 2
    assert file.key_id not in keys
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, name FROM captives_cardfile")
        raw = b"".join(bytes(part) for part in cursor.fetchone())
    assert "Буйничев".encode() not in raw
    assert lines_of(CardFile.objects.get()) == []


def test_a_second_import_of_the_same_file_adds_nothing(tmp_path):
    path = file_at(tmp_path, list_of(5))
    import_file(path, site="A")
    before = {model: model.objects.count() for model in (Captive, CaptureCard, Notice)}

    again = import_file(path, site="A")

    assert (again.added, again.known) == (0, 5)
    assert {model: model.objects.count() for model in before} == before


def test_a_list_that_grew_adds_only_what_is_new():
    imported(list_of(4))

    grown = imported(list_of(6))

    assert (grown.added, grown.known) == (2, 4)


def test_the_number_on_the_list_does_not_make_another_man():
    imported(content_of([man(1)]))

    moved = imported(content_of([man(1).replace("1;", "77;", 1)]))

    assert (moved.added, moved.known) == (0, 1)


def test_two_men_of_whom_little_is_said_are_two():
    little = content_of([";Жерех;;;;16.04.2022;", ";Жерех;;;;16.04.2022;"])

    first = imported(little)
    again = imported(little)
    elsewhere = imported(little + b"\n")

    assert (first.added, again.added, elsewhere.added) == (2, 0, 2)


def test_nothing_is_imported_while_a_fault_stands(clerk):
    read = check(FAULTY, name="f.xlsx", war_began_on=WAR, today=TODAY)
    file = CARDS.keep(read, FAULTY.read_bytes(), site=clerk.site, by=clerk)

    with pytest.raises(Refused, match=r"files\.faults"):
        start_import(file=file, set_aside=False, by=clerk)

    assert not Captive.objects.exists()
    assert CardFile.objects.get().state == FileState.CHECKED


def test_lines_set_aside_come_back_mended():
    bad = man(2).replace("16.04.2022", "31.02.2022")
    first = imported(content_of([man(1), bad, man(3)]))
    assert (first.added, first.set_aside) == (2, 1)

    columns = [(heading, name) for heading, name in first.found["columns"]]
    with translation.override("uk"):
        mend = mend_file(lines_of(CardFile.objects.get()), columns)
    assert "Такого дня" in mend.decode("utf-8-sig") or "31.02.2022" in mend.decode("utf-8-sig")
    second = imported(mend.decode("utf-8-sig").replace("31.02.2022", "28.02.2022").encode())

    assert (second.added, second.known, second.set_aside) == (1, 0, 0)
    whole = imported(content_of([man(1), man(2).replace("16.04", "28.02"), man(3)]))
    assert (whole.added, whole.known) == (0, 3)


@pytest.mark.parametrize("content", [b"", b"\x00" * 500, b"PK\x03\x04 no archive", b"a;b\n1;2"])
def test_a_bad_file_is_refused_and_nothing_is_kept(tmp_path, content):
    path = file_at(tmp_path, content)
    checked = check_file(path)
    assert [fault.field for fault in checked.faults] == ["file"]

    with pytest.raises(Refused, match=r"files\.problem"):
        import_file(path, site="A", read=checked)

    assert not Captive.objects.exists()


def test_a_site_that_is_none_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"files\.no_site"):
        import_file(file_at(tmp_path, list_of(1)), site="QQ")


def test_whoever_may_not_import_cannot_begin_stop_or_throw_away(clerk):
    physician = StaffFactory(role=Role.PHYSICIAN)
    file = kept(list_of(1), by=clerk)

    for forbidden in (
        lambda: kept(list_of(2), by=physician),
        lambda: start_import(file=file, set_aside=False, by=physician),
        lambda: stop_import(file=file, by=physician),
        lambda: drop_file(file=file, by=physician),
    ):
        with pytest.raises(Forbidden):
            forbidden()


def test_a_stopped_import_goes_on_where_it_was(clerk, monkeypatch):
    monkeypatch.setattr(files, "AT_A_TIME", 2)
    file = start_import(file=kept(list_of(5), by=clerk), set_aside=False, by=clerk)
    running = files.Import(CardFile.objects.get(), CARDS.importer)
    running.batch()
    stop_import(file=file, by=clerk)

    assert running.batch().done == 2  # a batch that comes late does nothing
    assert Captive.objects.count() == 2
    start_import(file=file, set_aside=False, by=clerk)
    assert CARDS.go_on(file).added == 5
    assert Captive.objects.count() == 5
    with pytest.raises(Refused, match=r"files\.not_running"):
        stop_import(file=file, by=clerk)
    with pytest.raises(Refused, match=r"files\.over"):
        start_import(file=file, set_aside=False, by=clerk)


def test_a_file_thrown_away_cannot_be_read_again(clerk):
    file = kept(list_of(2), by=clerk)

    drop_file(file=file, by=clerk)

    gone = CardFile.objects.select_related("key").get()
    assert (gone.state, gone.content, gone.name) == (FileState.CANCELLED, None, None)
    with pytest.raises(CannotOpen):
        gone.key.data_key()
    begun = start_import(file=kept(list_of(2), by=clerk), set_aside=False, by=clerk)
    with pytest.raises(Refused, match=r"files\.begun"):
        drop_file(file=begun, by=clerk)


def test_a_file_that_nobody_decided_about_is_thrown_away_after_a_week(clerk):
    old, young, done = kept(list_of(1)), kept(list_of(2)), imported(list_of(3))
    long_ago = timezone.now() - FILE_KEPT_FOR - timedelta(hours=1)
    CardFile.objects.filter(pk__in=[old.pk, done.pk]).update(at=long_ago)

    assert files.drop_forgotten_files() == 1

    states = dict(CardFile.objects.values_list("pk", "state"))
    assert states == {
        old.pk: FileState.CANCELLED, young.pk: FileState.CHECKED, done.pk: FileState.DONE
    }  # fmt: skip


def test_a_batch_that_fails_leaves_nothing_and_the_next_try_is_whole(monkeypatch):
    monkeypatch.setattr(files, "AT_A_TIME", 2)
    file = start_import(file=kept(list_of(4)), set_aside=False, by=None)
    running = files.Import(CardFile.objects.get(), CARDS.importer)
    running.batch()

    def break_off(**_):
        raise RuntimeError

    cards_imported.connect(break_off, weak=False, dispatch_uid="test")
    try:
        with pytest.raises(RuntimeError):
            running.batch()
    finally:
        cards_imported.disconnect(dispatch_uid="test")

    assert (Captive.objects.count(), CustodyEvent.objects.count()) == (2, 2)
    assert PersonKey.objects.count() == 3  # two men's and the file's
    assert CardFile.objects.get().done == 2
    assert CARDS.go_on(file).added == 4
    assert Captive.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_who_import_one_list_at_once_bring_each_man_once(monkeypatch):
    monkeypatch.setattr(files, "AT_A_TIME", 7)
    SiteFactory()
    begun = [start_import(file=kept(list_of(60)), set_aside=False, by=None) for _ in range(2)]
    counts, faults = [], []

    def run(file):
        try:
            counts.append(CARDS.go_on(file).added)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    # Two processes on the first file, one on a second file with the same lines.
    clerks = [threading.Thread(target=run, args=(file,)) for file in (*begun, begun[0])]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join()

    assert not faults
    assert Captive.objects.count() == CaptureCard.objects.count() == 60
    assert sum(CardFile.objects.values_list("added", flat=True)) == 60
    assert all(file.state == FileState.DONE for file in CardFile.objects.all())


def test_an_import_that_was_broken_off_is_continued_by_the_same_command(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "AT_A_TIME", 2)
    path = file_at(tmp_path, list_of(5))
    content = path.read_bytes()
    begun = start_import(file=kept(content), set_aside=True, by=None)
    files.Import(CardFile.objects.get(), CARDS.importer).batch()
    told = []

    done = import_file(path, site="A", progress=lambda now, of: told.append((now, of)))

    assert (done.pk, done.added, done.known) == (begun.pk, 5, 0)
    assert told == [(4, 5), (5, 5)]
    assert CardFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_command_given_twice_at_once_takes_one_file(tmp_path):
    SiteFactory()
    path, done = file_at(tmp_path, list_of(30)), []

    def run():
        try:
            done.append(import_file(path, site="A", read=read_of(path.read_bytes())))
        finally:
            connections.close_all()

    clerks = [threading.Thread(target=run) for _ in range(2)]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join()

    assert len(done) == 2
    assert Captive.objects.count() == 30
    assert sum(CardFile.objects.values_list("added", flat=True)) == 30


KILLED = """
import os, sys, threading
import django
django.setup()
from django.db import connection
from wayhome.bureau.captives.actions import files
from wayhome.bureau.captives.importing import CARDS
from wayhome.bureau.captives.models import CardFile
files.AT_A_TIME = 20
print("ready", flush=True)
CARDS.go_on(CardFile.objects.get(pk=sys.argv[1]))
print("done", flush=True)
"""
LINES = 400
KILLS = 5


def open_transactions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_again_and_again_brings_each_man_once():
    file = start_import(file=kept(list_of(LINES)), set_aside=False, by=None)
    kills = hits = unfinished = 0

    while kills < KILLS:
        process = import_in_a_process(file)
        hit = held_in_a_transaction(process, after=0.01 * (kills % 4))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills, hits = kills + 1, hits + hit
        wait_until_its_connection_is_gone()
        now = CardFile.objects.get()
        unfinished += now.state == FileState.IMPORTING
        # Whole batches, or nothing of them.
        assert Captive.objects.count() == CaptureCard.objects.count() == now.added == now.done
        assert Entry.objects.filter(action="captive registered").count() == now.added
        assert Notice.objects.count() == 2 * now.added
        if now.state == FileState.DONE:
            break

    assert CARDS.go_on(file).state == FileState.DONE
    print(f"import: {kills} kills, {hits} in an open transaction, {unfinished} unfinished")
    assert hits
    assert unfinished
    assert Captive.objects.count() == LINES
    assert CardFile.objects.get().added == LINES


def import_in_a_process(file: CardFile) -> "subprocess.Popen[str]":
    settings = connection.settings_dict
    url = (
        f"postgresql://{settings['USER']}:{settings['PASSWORD']}@"
        f"{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    )
    environment = os.environ | {"DATABASE_URL": url, "PYTHONPATH": str(Path.cwd())}
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(file.pk)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def held_in_a_transaction(process: "subprocess.Popen[str]", after: float) -> bool:
    """Stop the process so that its transaction stays open; whether there is one."""
    until = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.002 + after)
        process.send_signal(signal.SIGSTOP)
        if open_transactions():
            return True
        process.send_signal(signal.SIGCONT)
    return False


def wait_until_its_connection_is_gone() -> None:
    until = time.monotonic() + 10
    while open_transactions() and time.monotonic() < until:
        time.sleep(0.01)
    connection.close()


def test_the_command_line_says_exactly_the_faults(capsys):
    listed = check_file(FAULTY).faults
    said = [{"row": one.row, "field": one.field, "fault": str(one.fault)} for one in listed]
    rows = (FAULTY.parent / "faults.csv").read_text("utf-8-sig").splitlines()[1:]

    assert [f"{one['row']},{one['field']},{one['fault']}" for one in said] == rows
    json.dumps(said)
