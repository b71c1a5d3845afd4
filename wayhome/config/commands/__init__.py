"""The command line `wayhome`: everything that an administrator or a researcher does."""

import click

from wayhome.config.commands import (
    bureau,
    compiling,
    files,
    inspecting,
    kinship,
    kinship_files,
    kinship_joint,
    kinship_search,
    names,
    names_bench,
    names_search,
    planning,
    running,
)
from wayhome.config.commands.shell import Shell
from wayhome.config.folder import program_version


@click.group(cls=Shell, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(program_version(), "--version", message="wayhome %(version)s")
def wayhome() -> None:
    """Bring captured soldiers home to their families.

    Data lie in ./data, or where WAYHOME_DATA_DIR says; the database in that folder, or where
    DATABASE_URL says. Exit status: 0 done, 1 refused or failed, 2 wrong use or unreadable input,
    3 the data folder is in use.
    """


for command in (
    *(running.demo, running.serve, running.worker, running.migrate),
    *(running.web, running.prepare_demo, running.log_ins),
    *(files.cards, files.enquiries, files.match, files.verify),
    kinship.kinship,
    names.names,
    planning.plan,
    *(inspecting.doctor, inspecting.journal, inspecting.access),
    *(bureau.site, bureau.staff, bureau.session),
    compiling.compile_,
):
    wayhome.add_command(command)
for command in (
    *kinship_files.COMMANDS,
    *kinship_search.COMMANDS,
    *kinship_joint.COMMANDS,
):
    kinship.kinship.add_command(command)
for command in (*names_search.COMMANDS, names_bench.bench):
    names.names.add_command(command)


def main() -> None:
    """Run the command line and end the process."""
    wayhome(prog_name="wayhome")
