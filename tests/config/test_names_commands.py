"""`wayhome names …`, as it is typed."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from wayhome.config import names_peers
from wayhome.config.commands import wayhome
from wayhome.config.commands.names_bench import recalls
from wayhome.cores.names.sheets import read_sheet
from wayhome.cores.trials.judging import read_truth

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments):
    return CliRunner().invoke(wayhome, ["names", *map(str, arguments)])


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    """A small invented register with its enquiries and the truth."""
    folder = tmp_path_factory.mktemp("trial")
    done = run("generate", "--size", 300, "--seed", 5, "--out", folder, "--enquiries", 20)
    assert done.exit_code == 0, done.output
    return folder


@pytest.mark.slow
def test_a_generated_register_is_matched_and_judged(trial):
    out = trial / "candidates.csv"
    files = ("--register", trial / "register.csv", "--enquiries", trial / "enquiries-rich.csv")
    matched = CliRunner().invoke(wayhome, ["match", *map(str, files), "--out", str(out)])
    assert matched.exit_code == 0, matched.output

    told = run("evaluate", "--truth", trial / "truth-rich.csv", "--candidates", out, "--json")

    measures = json.loads(told.stdout)
    assert measures["enquiries"] == 20
    assert measures["recall@10"] > 0.8
    assert "script" in measures["breakdown"]
    for_people = run("evaluate", "--truth", trial / "truth-rich.csv", "--candidates", out)
    assert "recall@10" in for_people.stdout


@pytest.mark.slow
def test_what_comes_next_is_said(trial):
    told = run("generate", "--size", 20, "--out", trial / "more", "--evidence", "sparse")

    assert told.stdout.count("\n") == 1
    assert f"--enquiries {trial / 'more' / 'enquiries.csv'}" in told.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "a short form of the other"), ("uk", "коротка форма"), ("ru", "краткая форма")],
)
def test_a_pair_is_explained_in_three_languages(language, words):
    told = run(
        *("explain", "Буйничев Костя 14.01.1999", "Buinichev Konstantin 1999-01-14"),
        *("--lang", language),
    )

    assert told.exit_code == 0, told.output
    assert words in told.stdout
    assert told.stdout.splitlines()[-1].endswith("=")


@pytest.mark.slow
def test_the_bits_of_an_explanation_add_up():
    told = run("explain", "Буйничев Костя 14.01.1999", "Буйничев Константин 1999", "--json")

    found = json.loads(told.stdout)
    assert sum(x["bits"] for x in found["evidence"]) == pytest.approx(found["bits"], abs=0.01)
    assert {"surname", "born"} <= {x["field"] for x in found["evidence"]}


@pytest.mark.slow
def test_rows_of_files_are_explained(trial):
    with (trial / "truth-rich.csv").open(encoding="utf-8", newline="") as text:
        truth = list(csv.DictReader(text))
    one = next(x for x in truth if x["register_id"])

    told = run(
        *("explain", f"@{one['enquiry_id']}", f"@{one['register_id']}", "--json"),
        *("--enquiries", trial / "enquiries-rich.csv", "--register", trial / "register.csv"),
    )

    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["bits"] > 0


PAIRS = """left,right,label
Буйничев Константин,Buinichev Konstantin,1
Іванов Сергій,Ivanov Sergei,same
Konstantin Bujnitschew,Konstantin Buinichev,1
Сидоренко Павел,Гаджиев Магомед,0
Kovalchuk Andrii,Shchukin Ivan,different
"""


@pytest.mark.slow
def test_a_published_list_of_pairs_is_judged(tmp_path):
    (tmp_path / "pairs.csv").write_text(PAIRS, encoding="utf-8")

    told = run("evaluate", "--pairs", tmp_path / "pairs.csv", "--json")

    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert (found["pairs"], found["same"], found["roc_auc"]) == (5, 3, 1.0)
    assert found["not_latin"]["pairs"] == 3


@pytest.mark.slow
def test_pairs_that_cannot_be_used_are_told_and_stop_nothing(tmp_path):
    lines = PAIRS.encode().splitlines(keepends=True)
    bad = [b"a,b,perhaps\n", b"\xff,b,1\n", b'"a,b,1\n', b"a,b\n"]
    (tmp_path / "pairs.csv").write_bytes(b"".join([lines[0], *bad, *lines[1:]]))

    told = run("evaluate", "--pairs", tmp_path / "pairs.csv", "--json")

    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert (found["pairs"], found["set_aside"]) == (5, 4)
    for line in (2, 3, 4, 5):
        assert f"pairs.csv, line {line}: " in told.stderr


@pytest.mark.slow
def test_pairs_may_come_in_columns(tmp_path):
    (tmp_path / "pairs.csv").write_text(
        "left_surname,left_given,left_dob,right_surname,right_given,right_born,label\n"
        "Щукин,Иван,1990-01-02,Shchukin,Ivan,1990-01-02,1\n"
        "Щукин,Иван,1990-01-02,Shchukin,Ivan,1971-05-30,0\n",
        encoding="utf-8",
    )

    assert json.loads(run("evaluate", "--pairs", tmp_path / "pairs.csv", "--json").stdout)[
        "roc_auc"
    ] == 1.0  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["evaluate"], "--truth"),
        (["evaluate", "--pairs", "/no/such.csv"], "No such file"),
        (["evaluate", "--pairs", "bad.csv"], "no column label"),
        (["evaluate", "--pairs", "one.csv"], "no column right"),
        (["evaluate", "--pairs", "worse.csv"], "line 2"),
        (["evaluate", "--truth", "bad.csv", "--candidates", "bad.csv"], "no column"),
        (["explain", "@E1", "Щукин"], "--enquiries"),
        (["explain", "@E1", "Щукин", "--enquiries", "bad.csv"], "no column enquiry_id"),
        (["explain", "Щукин", "@R9", "--register", "register.csv"], "no row R9"),
        (["generate", "--size", "0", "--out", "x"], "--size"),
        (["generate", "--size", "1", "--out", "bad.csv/x"], "Not a directory"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.csv").write_text("left,b\n1,2\n")
    (tmp_path / "one.csv").write_text("left,label\na,1\n")
    (tmp_path / "worse.csv").write_text("left,right,label\na,b,perhaps\n")
    (tmp_path / "register.csv").write_text("register_id,surname\nR1,Щукин\n", encoding="utf-8")

    told = run(*arguments)

    assert told.exit_code == 2
    lines = [x for x in told.stderr.splitlines() if not x.startswith("Read:")]
    assert len(lines) == 1
    assert said in lines[0]


@pytest.fixture(scope="module")
def index(trial):
    told = run("index", trial / "index", "--register", trial / "register.csv", "--json")
    assert told.exit_code == 0, told.output
    return trial / "index"


CARD = "register_id,surname,given,patronymic,dob,birthplace\nX1,Вигаданий,Остап,Юхимович,{},Суми\n"


@pytest.mark.slow
def test_an_index_is_built_described_changed_and_asked(index, tmp_path):
    (tmp_path / "one.csv").write_text(CARD.format("1999-05-03"), encoding="utf-8")
    (tmp_path / "gone.txt").write_text("X1\n")
    before = json.loads(run("index", index, "--json").stdout)

    added = json.loads(run("index", index, "--update", tmp_path / "one.csv", "--json").stdout)
    found = run("search", "Vyhadanyi Ostap 1999-05-03", "--index", index, "--json", "--lang", "uk")
    for_people = run("search", "Остап Вигаданий", "--index", index, "--top", 1, "--explain")
    compacted = json.loads(run("index", index, "--compact", "--json").stdout)
    removed = json.loads(run("index", index, "--remove", tmp_path / "gone.txt", "--json").stdout)

    assert (before["cards"], added["cards"], removed["cards"]) == (300, 301, 300)
    assert (compacted["parts"], compacted["recent"]) == (1, 0)
    told = json.loads(found.stdout)
    assert told["asked"] == {"full_name": "Vyhadanyi Ostap", "born": "1999-05-03"}
    assert told["candidates"][0]["id"] == "X1"
    shares = [x["probability"] for x in told["candidates"] if x["person"] == x["id"]]
    assert sum(shares) + told["p_absent"] == pytest.approx(1.0, abs=1e-6)
    assert "X1" in for_people.stdout.splitlines()[0]
    assert "not on the register" in for_people.stdout.splitlines()[-1]


@pytest.mark.slow
def test_a_register_is_searched_without_an_index(trial):
    told = run("search", "Иванов 1990", "--register", trial / "register.csv", "--json")

    assert told.exit_code == 0, told.output
    assert len(json.loads(told.stdout)["candidates"]) == 10


@pytest.mark.slow
def test_a_place_of_the_register_may_stand_before_the_name(tmp_path):
    register = tmp_path / "register.csv"
    card = CARD.format("1999-05-03").replace("Суми", "Неведомск")
    register.write_text(card, encoding="utf-8")

    told = run("search", "Неведомск Остап Вигаданий", "--register", register, "--json")

    asked = {"full_name": "Остап Вигаданий", "birthplace": "Неведомск"}
    assert json.loads(told.stdout)["asked"] == asked


@pytest.mark.slow
def test_weights_are_learned_and_used(trial, tmp_path):
    weights, out = tmp_path / "weights.json", tmp_path / "out.csv"
    files = ("--register", trial / "register.csv", "--enquiries", trial / "enquiries-rich.csv")

    learned = run("learn", *files, "--out", weights, "--json")
    matched = CliRunner().invoke(
        wayhome, ["match", *map(str, files), "--out", str(out), "--weights", str(weights)]
    )
    again = run("learn", *files, "--out", weights, "--start", weights, "--json")

    assert learned.exit_code == 0, learned.output
    assert matched.exit_code == 0, matched.output
    assert out.exists()
    assert json.loads(learned.stdout)["version"] + 1 == json.loads(again.stdout)["version"]


@pytest.mark.slow
def test_judgements_and_ids_that_cannot_be_used_are_told_and_stop_nothing(index, trial, tmp_path):
    judgements, ids = tmp_path / "judgements.csv", tmp_path / "ids.txt"
    judgements.write_bytes(
        b"enquiry_id;register_id;same\nE0000001;R0000001;0\nE1;R1;maybe\nE\xff;R1;1\nE2;R2\n"
    )
    ids.write_bytes(b"\xef\xbb\xbfnobody\n\xff\nno one\n")

    told = run("learn", "--index", index, "--enquiries", trial / "enquiries-rich.csv",
               "--judgements", judgements, "--out", tmp_path / "w.json", "--json")  # fmt: skip
    removed = run("index", index, "--remove", ids)

    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["set_aside"] == 3
    assert "line 3: same: expected 1 or 0" in told.stderr
    assert removed.exit_code == 0, removed.output
    assert "line 2: not UTF-8" in removed.stderr


@pytest.mark.slow
def test_an_index_weighs_by_what_was_learned_once_or_from_now_on(trial, tmp_path):
    folder, weights = tmp_path / "index", tmp_path / "weights.json"
    run("index", folder, "--register", trial / "register.csv")
    learned = run("learn", "--index", folder, "--enquiries", trial / "enquiries-rich.csv",
                  "--out", weights, "--json")  # fmt: skip
    with (trial / "register.csv").open(encoding="utf-8", newline="") as text:
        card = next(csv.DictReader(text))
    line = f"{card['surname']} {card['given']} {card['dob']}"

    def best(*options):
        told = run("search", line, "--index", folder, "--top", 1, "--json", *options)
        assert told.exit_code == 0, told.output
        return json.loads(told.stdout)["candidates"][0]["bits"]

    before, once, after = best(), best("--weights", weights), best()
    told = json.loads(run("index", folder, "--weights", weights, "--json").stdout)

    assert before == after != once
    assert best() == once
    assert told["weights"] == json.loads(learned.stdout)["version"]


@pytest.mark.slow
def test_what_is_timed_and_what_peers_do_is_told_in_one_run(trial, tmp_path):
    told = run(
        *("bench", "--register", trial / "register.csv", "--json", "--lookups", 10),
        *("--enquiries", trial / "enquiries-rich.csv", "--truth", trial / "truth-rich.csv"),
        *("--candidates", tmp_path / "c.csv", "--peers", "rapidfuzz,splink", "--sample", 3),
    )

    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    for name in (
        "lookup_p50_ms", "lookup_p99_ms", "index_bytes_per_person", "build_persons_per_s",
        "batch_enquiries_per_s", "times_rapidfuzz", "recall@10", "rapidfuzz_lookup_p50_ms",
    ):  # fmt: skip
        assert found[name] > 0
    rapidfuzz, splink = found["peers"]["rapidfuzz"], found["peers"]["splink"]
    assert rapidfuzz["enquiries"] == 3
    assert {"matches", "recall@1", "recall@10"} <= rapidfuzz.keys()
    assert isinstance(splink, dict) or splink.startswith("not measured: ")
    with (tmp_path / "c.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert len({x["enquiry_id"] for x in rows}) == 10


@pytest.fixture(scope="module")
def task(trial):
    sheet = read_sheet(trial / "register.csv", "register_id")
    asked = list(read_sheet(trial / "enquiries-rich.csv", "enquiry_id").descriptions())
    return names_peers.Task.of(sheet, asked)


def measured(task, *names):
    return names_peers.measured(task, 10, names, lambda what, done, of: None)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [x for x, (why_not, _) in names_peers.PEERS.items() if not why_not()]
)
@pytest.mark.filterwarnings("default")
def test_a_peer_finds_most_men_of_a_small_register(task, trial, name):
    figures, found = measured(task, name)

    assert figures[name]["enquiries"] == len(found[name]) == 10
    told = recalls([x.id for x in task.asked], found[name], read_truth(trial / "truth-rich.csv"))
    assert told["recall@10"] > 0.5


@pytest.mark.slow
def test_what_fails_in_a_peer_costs_no_other_figures(task, monkeypatch):
    def fail(*_):
        raise ArithmeticError("no pairs\nfor EM")

    monkeypatch.setitem(names_peers.PEERS, "splink", (lambda: "", fail))

    figures, _ = measured(task, "splink", "rapidfuzz")

    assert figures["splink"] == "not measured: no pairs"
    assert figures["rapidfuzz"]["enquiries"] == 10


@pytest.mark.slow
def test_a_peer_is_asked_no_more_when_its_time_is_over(task):
    figures, found = measured(replace(task, longest_s=0), "rapidfuzz")

    assert figures["rapidfuzz"]["enquiries"] == len(found["rapidfuzz"]) == 1


def test_peers_are_in_a_file_of_their_own_and_change_no_version():
    def versions(name):
        lines = (ROOT / name).read_text().splitlines()
        return {x.removesuffix(" \\") for x in lines if re.match(r"\w", x)}

    def names(lines):
        return {x.partition("==")[0] for x in lines}

    peers, dev = versions("requirements-peers.txt"), versions("requirements-dev.txt")

    assert {"nomenklatura", "splink", "duckdb"} <= names(peers) - names(dev)
    assert names(peers - dev).isdisjoint(names(dev))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "Щукин"], "--index"),
        (["search", "в/ч 12345", "--index", "x"], "expected a name"),
        (["search", "Щукин", "--index", "nowhere"], "wayhome names index nowhere"),
        (["index", "nowhere"], "holds no index"),
        (["index", "x", "--register", "bad.csv"], "no column register_id"),
        (["index", "x", "--register", "bad.csv", "--weights", "bad.csv"], "bad.csv"),
        (["index", "--bureau", "--weights", "bad.csv"], "FOLDER"),
        (["bench", "--register", "bad.csv", "--enquiries", "bad.csv"], "no column register_id"),
        (
            ["bench", "--register", "bad.csv", "--enquiries", "bad.csv", "--truth", "bad.csv"],
            "no column enquiry_id",
        ),
        (["bench", "--register", "r", "--enquiries", "e", "--peers", "him"], "expected rapidfuzz"),
        (["learn", "--enquiries", "bad.csv", "--out", "w.json"], "--index"),
    ],
)
def test_an_index_that_cannot_be_had_is_told_in_one_line(arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.csv").write_text("left,b\n1,2\n")

    told = run(*arguments)

    assert told.exit_code == 2
    lines = [x for x in told.stderr.splitlines() if not x.startswith("Read:")]
    assert len(lines) == 1
    assert said in lines[0]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_bureaus_own_indexes_are_described_and_made_anew(monkeypatch):
    monkeypatch.setenv("WAYHOME_PROCESS", "test")  # the database runs already

    told = run("index", "--bureau", "--rebuild", "--json")

    assert told.exit_code == 0, told.output
    assert [(x["name"], x["cards"]) for x in json.loads(told.stdout)] == [
        ("register", 0), ("enquiries", 0), ("enquiries-for-agency", 0), ("statements", 0),
    ]  # fmt: skip
    assert "register" in run("index", "--bureau").stdout
    assert run("index", "--bureau", "--compact").exit_code == 2
    assert run("index", "somewhere", "--rebuild").exit_code == 2


LIKELIHOODS = """enquiry_id,candidate,bits,cards,batch
E1,1,21.5,5000,ab12
E1,other,9.0,5000,ab12
E1,namesake,-1.0,5000,ab12
E1,brother,-2.0,5000,ab12
"""


def test_what_bureaus_say_is_pooled(tmp_path):
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path in files:
        path.write_text(LIKELIHOODS)
    out = ("--out", tmp_path / "out.csv", "--absent", tmp_path / "absent.csv")

    told = run("pool", *files, *out, "--prior", "0.5", "--json")

    report = json.loads(told.stdout)
    assert told.exit_code == 0
    assert (report["enquiries"], report["cards"], report["prior"]) == (1, 10_000, 0.5)
    assert (tmp_path / "absent.csv").read_text().startswith("enquiry_id,p_absent\nE1,")
    assert "prior        0.5000" in run("pool", *files, *out, "--prior", "0.5").stdout


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        (LIKELIHOODS.replace("9.0", "many"), "bad.csv, line 3: bits: expected a number"),
        (LIKELIHOODS.replace("ab12", "cd34"), "other enquiries than"),
        (None, "bad.csv: No such file"),
    ],
)
def test_a_file_that_cannot_be_pooled_is_told_in_one_line(file, fault, tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(LIKELIHOODS)
    if file is not None:
        bad.write_text(file)

    told = run("pool", good, bad, "--out", tmp_path / "out.csv")

    assert told.exit_code == 2
    assert fault in told.stderr
    assert not (tmp_path / "out.csv").exists()
