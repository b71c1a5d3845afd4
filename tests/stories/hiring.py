"""A site and one account for each who takes part in the stories, in one process.

`python -m tests.stories.hiring` in a data folder's environment: the commands of the command line,
which would else load the bureau anew for each account.
"""

from click.testing import CliRunner

from tests.stories.living import PASSWORD, PROFESSIONS, STAFF
from wayhome.config.commands import wayhome
from wayhome.config.commands.shell import bureau


def main() -> None:
    """Hire them all; fails at the first who cannot be."""
    with bureau():
        call("site", "create", "A", "Пункт А")
        for username, role in STAFF.items():
            learned = PROFESSIONS.get(username)
            options = ("--profession", learned) if learned else ()
            call("staff", "create", username, "--role", role, "--password-stdin", *options)


def call(*arguments: str) -> None:
    """One command, with the password on its standard input."""
    done = CliRunner().invoke(wayhome, arguments, input=f"{PASSWORD}\n")
    if done.exit_code != 0:
        raise SystemExit(f"{arguments}: {done.output}")


if __name__ == "__main__":
    main()
