import csv
import gzip
import pickle
from dataclasses import asdict, replace

import numpy as np
import pytest

from wayhome.cores.names import Index, files
from wayhome.cores.names.files import UnreadableFile, learn_prior, match
from wayhome.cores.names.sheets import read_sheet

from .people import REGISTER, sought

HEADING = [
    "surname",
    "given",
    "patronymic",
    "full_name",
    "dob",
    "birthplace",
    "unit",
    "rank",
    "service_no",
    "mother_name",
    "father_name",
]


def write(path, id_column, descriptions, heading=HEADING):
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow([id_column, *heading])
        for one in map(asdict, descriptions):
            one["dob"] = one["born"]
            writer.writerow([one["id"], *(one[x] for x in heading)])
    return path


def rows(path):
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture
def register(tmp_path):
    return write(tmp_path / "register.csv", "register_id", REGISTER)


@pytest.fixture
def enquiries(tmp_path):
    asked = [sought(surname="Bujnitschew", given="Kostja"), sought(surname="Тверитинов")]
    asked = [type(x)(**{**asdict(x), "id": f"E{2 - i}"}) for i, x in enumerate(asked)]
    return write(tmp_path / "enquiries.csv", "enquiry_id", asked)


def test_candidates_stand_in_the_order_of_the_enquiries(register, enquiries, tmp_path):
    heard = []

    report = match(
        register,
        enquiries,
        tmp_path / "out.csv",
        top=5,
        absent=tmp_path / "absent.csv",
        progress=lambda done, of: heard.append((done, of)),
    )

    found = rows(tmp_path / "out.csv")
    assert list(found[0]) == ["enquiry_id", "register_id", "rank", "bits", "probability"]
    assert [x["enquiry_id"] for x in found] == ["E2"] * 5 + ["E1"] * 5
    assert [x["rank"] for x in found] == list("12345") * 2
    assert found[0]["register_id"] == "C1"
    assert (report.rows, report.rejected) == (10, 0)
    assert heard[-1] == (2, 2)
    for enquiry in rows(tmp_path / "absent.csv"):
        shares = [
            float(x["probability"]) for x in found if x["enquiry_id"] == enquiry["enquiry_id"]
        ]
        assert sum(shares) + float(enquiry["p_absent"]) <= 1


def test_a_faulty_row_is_set_aside_and_stops_nothing(register, enquiries, tmp_path):
    with register.open("ab") as file:
        file.write("C1,Двойников,,,,,,,,,,\n".encode())
        file.write(b"C80,,,,,,,,,,,\n")
        file.write(b"C81,too,few\n")
        file.write(b"C82,\xff\xfe,,,,,,,,,,\n")
        file.write("C83,Тверитинов,,,,tomorrow,,,,,,\n".encode())

    report = match(register, enquiries, tmp_path / "out.csv", top=1)

    faults = rows(tmp_path / "out.csv.rejects.csv")
    assert report.rejected == 5
    assert [(x["line"], x["field"]) for x in faults] == [
        ("303", "register_id"),
        ("304", ""),
        ("305", ""),
        ("306", "surname"),
        ("307", "dob"),
    ]
    assert {x["file"] for x in faults} == {"register.csv"}
    assert rows(tmp_path / "out.csv")[1]["register_id"] == "C83"


def test_compressed_files_are_read_and_written(register, enquiries, tmp_path):
    packed = tmp_path / "register.csv.gz"
    packed.write_bytes(gzip.compress(register.read_bytes()))

    match(packed, enquiries, tmp_path / "out.csv.gz", top=1)

    assert b"C1" in gzip.decompress((tmp_path / "out.csv.gz").read_bytes())


def test_a_compressed_file_that_breaks_off_gives_what_it_has(register, enquiries, tmp_path):
    packed = tmp_path / "register.csv.gz"
    packed.write_bytes(gzip.compress(register.read_bytes())[:-200])

    report = match(packed, enquiries, tmp_path / "out.csv", top=1)

    assert report.rows == 2
    assert "breaks off" in rows(tmp_path / "out.csv.rejects.csv")[-1]["reason"]


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "register_id,surname\n", "\0\0\0"])
def test_a_file_without_a_usable_row_is_refused(content, enquiries, tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(content)

    with pytest.raises(UnreadableFile):
        match(path, enquiries, tmp_path / "out.csv")


def test_a_file_that_is_not_there_is_refused(enquiries, tmp_path):
    with pytest.raises(UnreadableFile):
        match(tmp_path / "nowhere.csv", enquiries, tmp_path / "out.csv")


@pytest.mark.slow
def test_many_enquiries_are_shared_out_and_give_the_same(register, tmp_path):
    asked = [type(x)(**{**asdict(x), "id": f"E{x.id}"}) for x in REGISTER[:210]]
    many = write(tmp_path / "many.csv", "enquiry_id", asked)
    few = write(tmp_path / "few.csv", "enquiry_id", asked[:20])

    match(register, many, tmp_path / "many-out.csv", top=3, prior=0.7)
    match(register, few, tmp_path / "few-out.csv", top=3, prior=0.7)

    assert rows(tmp_path / "many-out.csv")[:60] == rows(tmp_path / "few-out.csv")


@pytest.mark.slow
def test_what_is_learned_by_many_processes_is_what_one_learns(register, tmp_path, monkeypatch):
    asked = [type(x)(**{**asdict(x), "id": f'E"{x.id},'}) for x in REGISTER[:210]]
    many = write(tmp_path / "many.csv", "enquiry_id", asked)

    match(register, many, tmp_path / "many-out.csv", top=3)
    monkeypatch.setattr(files, "SMALLEST_BATCH_TO_SHARE", 1000)
    match(register, many, tmp_path / "one-out.csv", top=3)

    found = rows(tmp_path / "one-out.csv")
    assert [x["enquiry_id"] for x in found[::3]] == [x.id for x in asked]
    assert rows(tmp_path / "many-out.csv") == found


@pytest.fixture
def many(tmp_path):
    asked = [type(x)(**{**asdict(x), "id": f"E{x.id}"}) for x in REGISTER[:30]]
    return write(tmp_path / "many.csv", "enquiry_id", asked)


class Stopped(Exception):
    pass


def stopping_at(count):
    def heard(done, of):
        if done >= count:
            raise Stopped

    return heard


@pytest.mark.slow
def test_a_batch_that_was_stopped_goes_on_and_ends_the_same(register, many, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LOT", 7)
    match(register, many, tmp_path / "whole.csv", absent=tmp_path / "whole-absent.csv")
    with pytest.raises(Stopped):
        match(register, many, tmp_path / "out.csv", progress=stopping_at(15))
    kept = tmp_path / "out.csv.rankings"
    assert not (tmp_path / "out.csv").exists()
    assert kept.stat().st_mode & 0o777 == 0o600
    with kept.open("a") as torn:
        torn.write("[1.5, [")
    heard = []

    match(
        *(register, many, tmp_path / "out.csv"),
        absent=tmp_path / "absent.csv",
        progress=lambda done, of: heard.append(done),
    )

    assert heard[0] > 15
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    absent = (tmp_path / "absent.csv").read_bytes()
    assert absent == (tmp_path / "whole-absent.csv").read_bytes()
    assert not kept.exists()


@pytest.mark.slow
def test_a_batch_of_other_files_begins_anew(register, many, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LOT", 7)
    with pytest.raises(Stopped):
        match(register, many, tmp_path / "out.csv", progress=stopping_at(15))
    register.write_bytes(register.read_bytes() + "C999,Новиченко,,,,,,,,,\n".encode())
    heard = []

    match(register, many, tmp_path / "out.csv", progress=lambda done, of: heard.append(done))

    assert heard[0] == 7


@pytest.mark.slow
def test_a_register_may_be_the_folder_of_an_index(register, many, tmp_path):
    Index.build_from(read_sheet(register, "register_id"), tmp_path / "index")
    before = sorted(x.name for x in (tmp_path / "index").iterdir())

    match(register, many, tmp_path / "one.csv")
    match(tmp_path / "index", many, tmp_path / "other.csv")

    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "other.csv").read_bytes()
    # What was learned for this batch is not what the folder is asked by from now on.
    assert sorted(x.name for x in (tmp_path / "index").iterdir()) == before


def test_a_folder_without_an_index_is_refused(enquiries, tmp_path):
    (tmp_path / "empty").mkdir()

    with pytest.raises(UnreadableFile, match="no index"):
        match(tmp_path / "empty", enquiries, tmp_path / "out.csv")


@pytest.mark.slow
def test_workers_elsewhere_find_the_same_by_the_folder_alone(register, many, tmp_path):
    seen = []

    def spread(lots, work, progress):
        for number, lot in enumerate(lots, 1):
            far = pickle.loads(pickle.dumps(work))
            seen.append(far.args[0].folder)
            yield from far(lot)
            progress(number, len(lots))

    match(register, many, tmp_path / "one.csv")
    match(register, many, tmp_path / "other.csv", spread=spread)

    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "other.csv").read_bytes()
    assert seen
    assert not any(tmp_path.glob("wayhome-index-*"))


def test_the_share_of_persons_on_the_register_is_learned():
    sure, absent = [1e9] * 700, [1e-9] * 300

    assert learn_prior(np.array(sure + absent)) == pytest.approx(0.7, abs=1e-3)


@pytest.mark.parametrize("odds", [1e-3, 1.0, 20.0, 1e3])
def test_one_enquiry_cannot_make_its_own_answer_sure(odds):
    prior = learn_prior(np.array([odds]))

    assert 1 / 2 <= prior / (1 - prior) <= 2


@pytest.mark.parametrize(("odds", "share"), [(1e-3, 0), (1e3, 1)])
def test_many_enquiries_may(odds, share):
    assert learn_prior(np.array([odds] * 5000)) == pytest.approx(share, abs=2e-3)


def test_an_enquiry_without_a_name_is_ranked(register, tmp_path):
    asked = [sought(surname="", given="", born=REGISTER[0].born, unit=REGISTER[0].unit)]
    asked = write(tmp_path / "asked.csv", "enquiry_id", asked)

    match(register, asked, tmp_path / "out.csv", top=1, absent=tmp_path / "absent.csv")

    assert rows(tmp_path / "out.csv")[0]["register_id"] == REGISTER[0].id


def test_a_comrade_tells_the_unit_in_a_batch(tmp_path):
    he = replace(REGISTER[0], id="he", unit="в/ч 74577")
    namesake = replace(he, id="namesake", unit="в/ч 12390", service_no="", mother_name="")
    comrade = replace(
        he, id="comrade", surname="Щеголихин", given="Аристарх", born="1988-05-17", mother_name=""
    )
    register = write(tmp_path / "r.csv", "register_id", [*REGISTER[1:], he, namesake, comrade])
    asked = sought(surname=he.surname, given=he.given)
    named = replace(asked, id="E2", comrade="Щеголихин Аристарх, 17.05.1988")
    both, heading = [replace(asked, id="E1"), named], [*HEADING, "comrade"]
    enquiries = write(tmp_path / "e.csv", "enquiry_id", both, heading)

    match(register, enquiries, tmp_path / "out.csv", top=5)

    bits = {
        (x["enquiry_id"], x["register_id"]): float(x["bits"]) for x in rows(tmp_path / "out.csv")
    }
    assert bits["E2", "he"] > bits["E2", "namesake"] + 2
    assert abs(bits["E1", "he"] - bits["E1", "namesake"]) < 1


def test_absent_tells_of_every_enquiry_that_has_an_id(register, tmp_path):
    path = tmp_path / "enquiries.csv"
    path.write_bytes(
        "enquiry_id,surname,given\nE0,,\nE1,Тверитинов,\nE2,,\nE3,\xff,\nE4,too,many,fields\n"
        "E1,,\n,Безномерный,\nE5,Щукин,Иван\nE6,,\n".encode().replace("\xff".encode(), b"\xff")
    )

    report = match(register, path, tmp_path / "out.csv", prior=0.3, absent=tmp_path / "absent.csv")

    told = {x["enquiry_id"]: float(x["p_absent"]) for x in rows(tmp_path / "absent.csv")}
    assert list(told) == ["E0", "E1", "E2", "E3", "E5", "E6"]
    assert [told[x] for x in ("E0", "E2", "E3", "E6")] == pytest.approx([0.7] * 4)
    assert report.rejected == 7


@pytest.mark.parametrize(
    ("out", "absent"),
    [
        (".", None),
        ("enquiries.csv", None),
        ("./register.csv", None),
        ("out.csv", "enquiries.csv"),
        ("out.csv", "out.csv"),
        ("out.csv", "out.csv.rejects.csv"),
        ("out.csv", "nowhere/absent.csv"),
        ("nowhere/out.csv", None),
        ("out.csv", "."),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_done(
    register, enquiries, tmp_path, out, absent
):
    before = {x: x.read_bytes() for x in tmp_path.iterdir()}

    with pytest.raises(files.UnwritableFile):
        match(*(register, enquiries, tmp_path / out), absent=tmp_path / absent if absent else None)

    assert {x: x.read_bytes() for x in tmp_path.iterdir()} == before


def test_it_is_told_how_a_file_was_read(register, enquiries, tmp_path):
    match(register, enquiries, tmp_path / "one.csv")
    for path in (register, enquiries):
        text = path.read_text(encoding="utf-8").replace(",", ";")
        path.write_text(text, encoding="cp1251", errors="replace")

    report = match(register, enquiries, tmp_path / "other.csv")

    assert [x.split(": ")[0] for x in report.read_as] == ["register.csv", "enquiries.csv"]
    assert all("Windows-1251" in x and "semicolons" in x for x in report.read_as)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "other.csv").read_bytes()
