import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from wayhome.cores.names import Description, Index, columns
from wayhome.cores.names.columns import FIELDS, of_descriptions, of_sheet
from wayhome.cores.names.sheets import read_sheet
from wayhome.cores.names.store import NoIndex, Store
from wayhome.cores.names.weights import WEIGHTS

from .drawn import drawn_description, drawn_register
from .people import KONSTANTIN, REGISTER, sought
from .test_files import write
from .test_index import PlainIndex, same_best

ASKED = sought(surname="Буйничев", given="Костя", born="1999")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


def found(index, asked=ASKED, top=5):
    return [(x.id, round(x.bits, 9)) for x in index.candidates(asked, top=top)]


def test_an_index_opened_again_finds_the_same(folder):
    built = Index.build(REGISTER, folder=folder)

    opened = Index.open(folder)

    assert found(opened) == found(built) == found(Index.build(REGISTER))
    assert opened.info()["cards"] == len(REGISTER)
    assert opened.info()["bytes"] == sum(x.stat().st_size for x in folder.iterdir())


def test_only_its_owner_may_read_the_files(folder):
    Index.build(REGISTER, folder=folder).add(replace(KONSTANTIN, id="new"))

    assert folder.stat().st_mode & 0o77 == 0
    assert all(x.stat().st_mode & 0o77 == 0 for x in folder.iterdir())


def test_what_one_process_adds_or_removes_another_finds_at_its_next_question(folder):
    one, other = Index.build(REGISTER, folder=folder), Index.open(folder)
    asked = sought(surname="Тверитинов")

    one.add(Description(id="C9", surname="Tveritinov"))
    assert found(other, asked)[0][0] == "C9"
    assert len(other) == len(REGISTER) + 1

    other.remove("C9")
    other.remove(KONSTANTIN.id)
    assert "C9" not in one
    assert KONSTANTIN.id not in one
    assert KONSTANTIN.id not in [x for x, _ in found(one, top=400)]


def test_an_index_in_a_folder_weighs_like_one_in_memory_while_cards_come_and_go(
    folder, monkeypatch
):
    monkeypatch.setattr("wayhome.cores.names.index.MOST_RECENT", 7)
    monkeypatch.setattr("wayhome.cores.names.index.MOST_PARTS", 3)
    draw = random.Random(1)
    records = drawn_register(draw, 80)
    index, plain = Index.build(records[:20], folder=folder), PlainIndex.build(records[:20])
    other = Index.open(folder)
    for number, card in enumerate(records[20:]):
        one = (index, other)[number % 2]
        one.add(card)
        plain.add(card)
        if draw.random() < 0.4:
            gone = draw.choice(records).id
            one.remove(gone)
            plain.remove(gone)
        for each in (index, other):
            same_best(each, plain, drawn_description(draw, "E", out_of=records), 10)
    assert len(index) == len(plain)
    assert index.info()["parts"] > 1
    index.compact()
    assert index.info()["parts"] == 1
    assert index.info()["recent"] == 0
    for each in (index, other, Index.open(folder)):
        same_best(each, plain, drawn_description(draw, "E", out_of=records), 50)


def test_who_was_removed_is_in_no_file_after_compacting(folder):
    index = Index.build(REGISTER, folder=folder)
    index.add(Description(id="secret-id", surname="Тверитинов", service_no="ЩЪ-111999"))
    index.remove(KONSTANTIN.id)
    index.remove("secret-id")

    index.compact()

    data = b"".join(x.read_bytes() for x in folder.iterdir())
    for gone in ("буйничев", "тверитинов", "Тверитинов", "secret-id"):
        assert gone.encode() not in data
        assert gone.encode("utf-32-le") not in data
    assert not any(x.id in (KONSTANTIN.id, "secret-id") for x in index.candidates(ASKED, top=400))


def test_a_rebuild_into_the_same_folder_is_seen_by_who_has_it_open(folder):
    Index.build(REGISTER, folder=folder)
    opened = Index.open(folder)
    opened.add(Description(id="before", surname="Тверитинов"))

    Index.build(REGISTER[:50], folder=folder)

    assert len(opened) == 50
    assert "before" not in opened
    assert len([x for x in folder.iterdir() if x.name.startswith("part-")]) == 1


def test_a_deleted_index_is_reported_and_can_be_built_anew(folder):
    index = Index.build(REGISTER, folder=folder)
    for path in folder.iterdir():
        path.unlink()

    with pytest.raises(NoIndex):
        index.candidates(ASKED)
    with pytest.raises(NoIndex):
        Index.open(folder)
    assert found(Index.build(REGISTER, folder=folder))[0][0] == KONSTANTIN.id


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\0", b'{"made_by": "another"}'])
def test_a_damaged_index_is_reported(folder, damage):
    Index.build(REGISTER, folder=folder)
    (folder / "CURRENT").write_bytes(damage)

    with pytest.raises(NoIndex):
        Index.open(folder)


def test_an_index_of_another_version_is_reported(folder):
    Index.build(REGISTER, folder=folder)
    current = json.loads((folder / "CURRENT").read_text())
    (folder / "CURRENT").write_text(json.dumps(current | {"made_by": "older"}))

    with pytest.raises(NoIndex, match="another version"):
        Index.open(folder)


def test_an_entry_cut_off_is_never_taken_in_and_gives_way_to_the_next(folder):
    index = Index.build(REGISTER, folder=folder)
    index.add(Description(id="whole", surname="Тверитинов"))
    index.add(Description(id="torn", surname="Тверитинов"))
    (log,) = folder.glob("log-*")
    whole = log.read_bytes()
    first = 8 + int.from_bytes(whole[:4], "little")
    for cut in range(first, len(whole)):
        log.write_bytes(whole[:cut])
        assert len(Index.open(folder)) == len(REGISTER) + 1

    writer = Index.open(folder)
    writer.add(Description(id="next", surname="Тверитинов"))

    again = Index.open(folder)
    assert "whole" in again
    assert "next" in again
    assert "torn" not in again


def test_a_changed_byte_in_the_log_is_noticed(folder):
    index = Index.build(REGISTER, folder=folder)
    index.add(Description(id="changed", surname="Тверитинов"))
    (log,) = folder.glob("log-*")
    data = bytearray(log.read_bytes())
    data[-5] ^= 1
    log.write_bytes(data)

    assert "changed" not in Index.open(folder)


WRITER = """
import sys
from pathlib import Path
from wayhome.cores.names import Description, Index
from wayhome.cores.names import index as module
module.MOST_RECENT, module.MOST_PARTS = 20, 3
index = Index.open(Path(sys.argv[1]))
for number in range(100_000):
    index.add(Description(id=f"{sys.argv[2]}-{number}", surname=f"Тверитинов{number}"))
    print(number, flush=True)
"""


@pytest.mark.slow
def test_a_killed_writer_loses_no_card_that_it_said_was_in(folder):
    Index.build(REGISTER, folder=folder)
    reader = Index.open(folder)
    acknowledged = set()
    draw = random.Random(3)
    for round_ in range(4):
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(folder), f"{round_}{name}"],
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in "ab"
        ]
        for writer in writers:
            assert writer.stdout.readline() == "0\n"
        time.sleep(draw.uniform(0.3, 0.8))
        for writer, name in zip(writers, "ab", strict=True):
            os.kill(writer.pid, signal.SIGKILL)
            said = writer.stdout.read().split("\n")[:-1]
            writer.wait()
            writer.stdout.close()
            acknowledged |= {f"{round_}{name}-{x}" for x in ["0", *said]}
    assert len(acknowledged) > 40
    for index in (reader, Index.open(folder)):
        assert all(x in index for x in acknowledged)
        assert len(acknowledged) <= len(index) - len(REGISTER) <= len(acknowledged) + 8
        one = draw.choice(sorted(acknowledged))
        asked = sought(surname=f"Тверитинов{one.partition('-')[2]}")
        assert one in [x.id for x in index.candidates(asked, top=20)]


def test_weights_are_kept_in_the_folder(folder):
    index = Index.build(REGISTER, folder=folder)
    index.use(replace(WEIGHTS, namesakes=0.05))

    assert Index.open(folder).weights.namesakes == 0.05
    assert found(Index.open(folder)) == found(index)


@pytest.mark.parametrize("worth_a_process", [0, 10**6])
def test_the_columns_of_a_file_are_read_like_its_rows(tmp_path, monkeypatch, worth_a_process):
    monkeypatch.setattr(columns, "WORTH_A_PROCESS", worth_a_process)
    draw = random.Random(5)
    odd = [
        Description(id="K1", surname="<eqybxtd", given="Rjycnfynby"),
        Description(id="K2", surname="ИГШТШСРУМ", given="ЛЩТЫЕФТЕШТ"),
        Description(id="K3", surname="Буйничев «Седой»", given="Костя Олегович"),
        Description(id="K4", surname="Буйничев", given="К.О."),
        Description(id="K5", full_name="Буйничев Константин Олегович"),
        Description(id="K6", given="Вагиф Алиевич", surname="?"),
        Description(id="K7", surname="фон Берг", given="Али оглы", patronymic="...", rank="?",
                    father_name="Хасмагомед"),
        Description(
            id="K8", surname="Буйничев", given="Костя", patronymic="нет", unit="н/д", rank="-",
            birthplace="не установлено", service_no="unknown", mother_name="не известна",
        ),
        Description(id="K10", surname="Буйничев", given="Олегович", patronymic="Константин"),
        Description(id="K9", surname="-", given="Константин", mother_name="? Неизвестно"),
    ]  # fmt: skip
    records = [*REGISTER, *odd, *drawn_register(draw, 300)]
    named = [x for x in records if x.surname or x.given or x.full_name]
    sheet = read_sheet(write(tmp_path / "r.csv", "register_id", named), "register_id")

    fast, plain = of_sheet(sheet), of_descriptions(named)

    assert list(fast.ids) == list(plain.ids)
    for place, field in enumerate(FIELDS):
        one = [None, *map(_kept, fast.values[field])]
        other = [None, *map(_kept, plain.values[field])]
        assert [one[x] for x in fast.codes[place]] == [other[x] for x in plain.codes[place]], field


def _kept(value):
    """A word as an index keeps it; unreadable ones are none."""
    from wayhome.cores.names.spelling import spelling

    if not isinstance(value, tuple):
        return value
    read = spelling(*value)
    return (read.literal, read.also) if read.folded else None


def test_the_store_refuses_what_is_no_folder_of_an_index(tmp_path):
    with pytest.raises(NoIndex):
        Store(tmp_path).current()
