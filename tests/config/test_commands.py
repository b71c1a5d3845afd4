"""The command line: help, exit statuses, one line for a person."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from wayhome.config.commands import wayhome
from wayhome.config.commands.shell import one_line

COMMANDS = (
    "demo", "serve", "worker", "migrate", "doctor", "cards import", "enquiries import", "match",
    "journal verify", "verify", "site create", "staff create", "session", "access", "log-ins",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    told = CliRunner().invoke(wayhome, [*command.split(), "--help"])

    assert told.exit_code == 0
    assert told.output.startswith(f"Usage: wayhome {command}")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["no-such-command"], 2),
        (["serve", "--port", "0"], 2),
        (["cards", "import", "/no/such/file"], 2),
        (["match", "--register", "r.csv"], 2),
        (["session", "--role", "registrar"], 1),
        (["log-ins"], 1),
        (["session"], 2),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(arguments, code):
    told = CliRunner().invoke(wayhome, arguments)

    assert told.exit_code == code
    assert told.stderr.startswith("wayhome: ")
    assert told.stderr.count("\n") == 1
    assert "Traceback" not in told.output


@pytest.mark.slow
def test_a_session_of_an_invented_person_is_refused_in_a_live_folder(monkeypatch):
    monkeypatch.setenv("WAYHOME_DEMO", "1")
    told = CliRunner().invoke(wayhome, ["session", "--role", "registrar", "--json"])

    assert told.exit_code == 1
    assert "demo" in told.stderr
    assert told.stdout == ""


@pytest.mark.slow
def test_help_loads_neither_django_nor_the_database():
    code = (
        "import sys\nfrom wayhome.config.commands import wayhome\n"
        "heavy = {'django', 'psycopg', 'uvicorn', 'procrastinate', 'numpy'} & set(sys.modules)\n"
        "print(*heavy)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert (done.stderr, done.stdout, done.returncode) == ("", "\n", 0)


@pytest.mark.slow
def test_files_are_compared_without_a_database(tmp_path):
    columns = "surname,given,patronymic,full_name,dob,birthplace,unit,rank,service_no,mother_name"
    person = "Вигаданий,Остап,Юхимович,,1999-05-03,,,,,"
    (tmp_path / "r.csv").write_text(f"register_id,{columns}\nR1,{person}\n")
    (tmp_path / "e.csv").write_text(f"enquiry_id,{columns}\nE1,{person}\n,{person}\n")
    files = {name: str(tmp_path / f"{name[0]}.csv") for name in ("register", "enquiries", "out")}

    told = CliRunner().invoke(
        wayhome, ["match", *(word for name, path in files.items() for word in (f"--{name}", path))]
    )

    assert told.exit_code == 0
    assert (tmp_path / "o.csv").read_text().splitlines()[1].startswith("E1,R1,1,")
    assert "Faults: 1" in told.stderr


def test_a_message_of_many_lines_becomes_one():
    assert one_line("one\n  two\tthree ") == "one two three"


@pytest.mark.slow
def test_machine_code_is_made_before_anybody_waits_for_it():
    done = subprocess.run(
        [sys.executable, "-m", "wayhome.config.commands", "compile"],
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.endswith("Next: wayhome demo\n")
