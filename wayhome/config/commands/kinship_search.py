"""Commands that compare all remains: with all families, and with each other."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wayhome.config.commands.kinship import faults_told
from wayhome.config.commands.shell import EXIT_WRONG_USE, Failure, ProgressBar, readable_file, say
from wayhome.config.folder import program_version

if TYPE_CHECKING:
    from wayhome.cores.kinship.blind.files import Input
    from wayhome.cores.kinship.blind.spread import Share

EXIT_STOPPED = 130
# Told here, so that a word of help need not load the core; a test holds them together.
RELATIONS = ("same", "PC", "FS", "HS", "AV", "FC")
ASKED = RELATIONS[:4]

OUT = click.option("--out", required=True, metavar="PAIRS.csv", help="The file to be written.")
THRESHOLD = click.option(
    *("--min-log10-lr", "threshold"),
    type=float,
    help="Only pairs whose ratio reaches 10 to this power. Without it all are written, if few.",
)
MARKERS = click.option("--markers", metavar="M.json", help="The list of a case's markers.")
REMAINS = click.option("--remains", metavar="R.jsonl", help="Remains, one JSON object a line.")
THETA = click.option(
    "--theta", type=click.FloatRange(0, 1, max_open=True), help="Co-ancestry (Fst).", default=0.0
)
FLOOR = click.option(
    *("--unknown-alleles-floor", "floor"),
    type=click.FloatRange(0, 0.5),
    default=0.0,
    help="Frequency of alleles that no table has; without it their lines are set aside.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, for a program.")


@click.command()
@click.argument("event", required=False, metavar="[EVENT.json]")
@MARKERS
@click.option("--families", metavar="F.jsonl", help="Families, one JSON object a line.")
@REMAINS
@OUT
@THRESHOLD
@THETA
@FLOOR
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="This machine's processors, or Spark: the pairs are the same.",
)
@click.option(
    "--master", default="", metavar="URL", help="The Spark cluster; without it Spark stays here."
)
@AS_JSON
def search(
    event: str | None,
    markers: str | None,
    families: str | None,
    remains: str | None,
    out: str,
    threshold: float | None,
    theta: float,
    floor: float,
    engine: str,
    master: str,
    as_json: bool,
) -> None:
    """Compare all remains with all families, and write the pairs that fit.

    Lines that mean nothing are set aside in PAIRS.csv.rejects.csv. A search that was stopped goes
    on where it was when the same command is given again.
    """
    from wayhome.cores.kinship.blind.files import search_files

    found = read_input(event, markers, remains, families, theta, floor)
    if not (len(found.families) and len(found.remains)):
        raise Failure("expected remains and families in the event", EXIT_WRONG_USE)
    lowest = lowest_told(threshold, len(found.families) * len(found.remains))
    with stopped_told(out), spark_share(engine, master) as share:
        done = search_files(
            *(found, Path(out), lowest),
            program=program_version(),
            progress=ProgressBar("Compared"),
            share=share,
        )
    tell(done, f"Pairs: {done['pairs']}", out, as_json)
    if done["chance_pairs"]:
        click.echo(by_chance(done["chance_pairs"], done["families"]), err=True)


@click.command()
@click.argument("event", required=False, metavar="[EVENT.json]")
@MARKERS
@REMAINS
@OUT
@THRESHOLD
@THETA
@FLOOR
@click.option(
    *("--relation", "relations"),
    multiple=True,
    type=click.Choice(RELATIONS),
    default=ASKED,
    help="same: parts of one body; PC: parent and child; FS, HS: full and half siblings; "
    "AV: uncle; FC: cousins. May be given several times.",
)
@AS_JSON
def pairs(
    event: str | None,
    markers: str | None,
    remains: str | None,
    out: str,
    threshold: float | None,
    theta: float,
    floor: float,
    relations: tuple[str, ...],
    as_json: bool,
) -> None:
    """Compare all remains with each other: parts of one body, parents, siblings.

    What was stopped goes on where it was when the same command is given again.
    """
    from wayhome.cores.kinship.blind.files import pairs_files
    from wayhome.cores.kinship.blind.pairs import RELATIONS as KNOWN

    found = read_input(event, markers, remains, None, theta, floor)
    count = len(found.remains)
    lowest = lowest_told(threshold, count * (count - 1) // 2 * len(relations))
    wanted = [KNOWN[name] for name in dict.fromkeys(relations)]
    with stopped_told(out):
        done = pairs_files(
            *(found, Path(out), wanted, lowest),
            program=program_version(),
            progress=ProgressBar("Compared"),
        )
    told = ", ".join(f"{name} {number}" for name, number in done["pairs"].items())
    tell(done, f"Pairs: {told}", out, as_json)


def read_input(
    event: str | None,
    markers: str | None,
    remains: str | None,
    families: str | None,
    theta: float,
    floor: float,
) -> "Input":
    """An event, or lines of remains and families."""
    from wayhome.cores.kinship.blind.files import read_event, read_lines

    asked = click.get_current_context().command.name
    if event:
        if markers or remains or families or theta or floor:
            raise Failure("an event holds its markers, remains and families", EXIT_WRONG_USE)
        path = readable_file(event)
        with faults_told(path):
            return read_event(path, pairwise=asked == "pairs")
    if not (markers and remains):
        raise Failure("expected EVENT.json, or --markers and --remains", EXIT_WRONG_USE)
    if asked == "search" and not families:
        raise Failure("expected --families beside --remains", EXIT_WRONG_USE)
    paths = readable_file(markers), readable_file(remains)
    lines = readable_file(families) if families else None
    with faults_told(paths[0]):
        return read_lines(*paths, lines, theta=theta, floor=floor)


def lowest_told(threshold: float | None, pairs: int) -> float:
    """The threshold; without one all pairs, if they are few."""
    from wayhome.cores.kinship.blind.files import WITHOUT_THRESHOLD

    if threshold is None:
        if pairs > WITHOUT_THRESHOLD:
            raise Failure(f"{pairs} pairs: expected --min-log10-lr", EXIT_WRONG_USE)
        return float("-inf")
    if threshold != threshold:
        raise Failure("--min-log10-lr: expected a number", EXIT_WRONG_USE)
    return threshold


@contextmanager
def spark_share(engine: str, master: str) -> Iterator["Share | None"]:
    """Spark's workers where they are asked for. Raises Failure where they cannot be had."""
    from wayhome.lib.spark import LOCAL, SparkMissing, session, shared_out

    if engine != "spark":
        if master:
            raise Failure("--master: expected --engine spark beside it", EXIT_WRONG_USE)
        yield None
        return
    try:
        with session("wayhome kinship search", master or LOCAL) as spark:
            yield partial(shared_out, spark)
    except SparkMissing as missing:
        raise Failure(str(missing)) from None


@contextmanager
def stopped_told(out: str) -> Iterator[None]:
    """Say how a search that is stopped goes on."""
    with faults_told(Path(out)):
        try:
            yield
        except KeyboardInterrupt:
            raise Failure(
                f"Stopped. The same command goes on from here; {out}.part has the pairs so far.",
                EXIT_STOPPED,
            ) from None


def tell(done: dict[str, Any], line: str, out: str, as_json: bool) -> None:
    """What was done, for a person or a program."""
    done["rests_on"]["wayhome"] = program_version()
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False, allow_nan=False))
    else:
        say(f"{line}, of {done['compared']} compared in {done['search_s']:.1f} s")
    if done["rejected"]:
        click.echo(f"Faults: {done['rejected']}, see {out}.rejects.csv", err=True)


def by_chance(chance: dict[str, Any], families: int) -> str:
    """How many pairs are to be expected that mean nothing."""
    about, error = (f"{chance[f'{key}_in_all']:.3g}" for key in ("expected", "standard_error"))
    about = f"{about} (standard error {error})" if chance["standard_error_in_all"] else about
    return (
        f"By chance alone, about {about} pairs with strangers are to be expected at or above this "
        f"ratio. Families: {families}."
    )


COMMANDS: tuple[click.Command, ...] = (search, pairs)
