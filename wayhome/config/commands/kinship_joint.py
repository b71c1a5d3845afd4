"""Commands on kinship over a whole event, and on what a family can decide."""

import json
import math
from typing import Any

import click

from wayhome.config.commands.kinship import faults_told
from wayhome.config.commands.shell import EXIT_WRONG_USE, Failure, readable_file
from wayhome.config.folder import program_version


@click.command()
@click.argument("file", metavar="EVENT.json")
@click.option(
    "--top",
    type=click.IntRange(1, 10_000),
    default=200,
    show_default=True,
    help="How many ways to say who is who are listed.",
)
def identify(file: str, top: int) -> None:
    """Say who is who, over all remains and all families of an event at once.

    All ways are counted exactly where that can be done. `left_out` is a bound on what was not.
    """
    from wayhome.cores.kinship.events import read_event
    from wayhome.cores.kinship.files import read_document
    from wayhome.cores.kinship.joint import identify as identified

    path = readable_file(file)
    with faults_told(path):
        document, digest = read_document(path)
        found = identified(read_event(document), top=top).as_dict()
    tell(found, digest)


@click.command()
@click.argument("file", metavar="FAMILY.json")
@click.option(
    *("--remains", "remains"),
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Say how many chance matches to expect among so many remains of strangers.",
)
@click.option(
    "--min-log10-lr",
    "thresholds",
    type=float,
    multiple=True,
    metavar="X",
    help="A threshold of the log10 ratio, or several; 2, 4 and 6 if none is told.",
)
@click.option(
    "--together",
    type=click.IntRange(1, 4),
    default=1,
    show_default=True,
    help="Look at sets of up to so many relatives who are sampled at once.",
)
def power(file: str, remains: int, thresholds: tuple[float, ...], together: int) -> None:
    """Say what a family's typed members can decide, and which relatives to sample next."""
    from wayhome.cores.kinship.files import read_document
    from wayhome.cores.kinship.power import THRESHOLDS, read_question
    from wayhome.cores.kinship.power import power as worked_out

    for one in thresholds:
        if not math.isfinite(one):
            raise Failure(f"--min-log10-lr {one}: expected a finite number", EXIT_WRONG_USE)
    path = readable_file(file)
    with faults_told(path):
        document, digest = read_document(path)
        asked = read_question(document)
        found = worked_out(
            asked, thresholds=thresholds or THRESHOLDS, remains=remains, together=together
        ).as_dict()
    tell(found, digest)


COMMANDS = (identify, power)


def tell(found: dict[str, Any], digest: str) -> None:
    """Print a result, with the program and the file that it comes from."""
    found["rests_on"] |= {"wayhome": program_version(), "input_sha256": digest}
    click.echo(json.dumps(found, ensure_ascii=False, allow_nan=False))
