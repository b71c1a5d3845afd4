"""Commands on files: cards, enquiries, candidates, sealed acts."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wayhome.config.commands.shell import (
    EXIT_FAILED,
    EXIT_WRONG_USE,
    Failure,
    ProgressBar,
    as_json,
    bureau,
    readable_file,
    refusals_told,
    say,
    say_json,
)

if TYPE_CHECKING:
    from wayhome.cores.names.files import Spread
    from wayhome.cores.names.weights import Weights

SITE = "A"
EXIT_STOPPED = 130
FAULTS_SHOWN = 20
check_only = click.option("--check", is_flag=True, help="List the faults; import nothing.")
set_aside = click.option(
    "--set-aside-faulty", is_flag=True, help="Import the rest, and leave faulty lines to be mended."
)
at_site = click.option(
    "--site", default=SITE, show_default=True, help="The site that gives numbers."
)


@click.group()
def cards() -> None:
    """Capture cards from other registers."""


@click.group()
def enquiries() -> None:
    """Enquiries that another service took."""


@cards.command("import")
@click.argument("file")
@check_only
@as_json
@at_site
@set_aside
def import_cards(file: str, check: bool, as_json: bool, site: str, set_aside_faulty: bool) -> int:
    """Import capture cards from FILE, .csv or .xlsx.

    Nothing is imported while a line has a fault, unless --set-aside-faulty. A file that was
    imported before adds nothing; one that was broken off is continued.
    """
    path = readable_file(file)
    with bureau(), refusals_told():
        from wayhome.bureau.captives import importing

        return import_table(importing, path, check, as_json, site, set_aside_faulty)


@enquiries.command("import")
@click.argument("file")
@check_only
@as_json
@at_site
@set_aside
def import_enquiries(
    file: str, check: bool, as_json: bool, site: str, set_aside_faulty: bool
) -> int:
    """Import enquiries from FILE, .csv or .xlsx, as cards are imported."""
    path = readable_file(file)
    with bureau(), refusals_told():
        from wayhome.bureau.enquiries import importing

        return import_table(importing, path, check, as_json, site, set_aside_faulty)


def import_table(
    importing: Any, path: Path, check: bool, as_json: bool, site: str, set_aside_faulty: bool
) -> int:
    """Check a file and, unless only that was asked, import it. Returns the exit code."""
    checked = importing.check_file(path)
    if check or (checked.faults and not set_aside_faulty):
        return tell_faults(checked.faults, as_json)
    bar = ProgressBar("Imported")
    done = importing.import_file(path, site=site, progress=bar, read=checked)
    counts = {name: getattr(done, name) for name in ("lines", "added", "known", "set_aside")}
    if as_json:
        say_json(counts)
    else:
        say("{lines} lines: {added} added, {known} known, {set_aside} set aside".format(**counts))
    return 0


def tell_faults(faults: Iterable[Any], as_json: bool) -> int:
    """Print what is wrong, by line and field. Returns the exit code."""
    found = [{"row": one.row, "field": one.field, "fault": str(one.fault)} for one in faults]
    if as_json:
        say_json(found)
        return EXIT_FAILED if found else 0
    for one in found[:FAULTS_SHOWN]:
        say("line {row}, {field}: {fault}".format(**one))
    if not found:
        say("No faults.")
        return 0
    further = len(found) - FAULTS_SHOWN
    raise Failure(
        f"Faults: {len(found)}"
        + (f", {further} of them not shown (--json shows all)" if further > 0 else "")
        + ". Nothing was imported: mend the lines, or use --set-aside-faulty."
    )


def prior_option(help: str) -> Callable[[Any], Any]:
    """--prior, a probability or auto, which a command is given as None."""
    return click.option(
        "--prior",
        callback=lambda context, option, value: stated_prior(value),
        default="auto",
        show_default=True,
        help=help,
    )


def stated_prior(text: str) -> float | None:
    """A probability, or None for one that is learned."""
    if text == "auto":
        return None
    try:
        prior = float(text)
    except ValueError:
        prior = 0.0
    if not 0.0 < prior < 1.0:
        raise click.BadParameter(f"{text}: expected auto, or a number between 0 and 1")
    return prior


@click.command()
@click.option("--register", help="CSV of persons on a register, or the folder of its index.")
@click.option("--enquiries", help="CSV of persons sought.")
@click.option("--out", help="CSV to write: enquiry_id, register_id, rank, bits, probability.")
@click.option("--top", type=click.IntRange(1), default=50, show_default=True)
@prior_option(
    "How likely a man is on the register. auto learns it from all enquiries, and what each "
    "agreement is worth, too; with a number nothing is learned: give --weights for that.",
)
@click.option(
    "--absent",
    help="CSV to write: for each enquiry the probability of no match. One set aside whose id "
    "can be read has that of a man of whom nothing is known.",
)
@click.option(
    "--likelihoods",
    metavar="L.csv",
    help="CSV to write: what the register says of each enquiry, without a name or a card's number, "
    "for `wayhome names pool` at another bureau.",
)
@click.option("--weights", metavar="W.json", help="What `wayhome names learn` wrote.")
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="This machine's processors, or Spark: the candidates are the same.",
)
@click.option(
    "--master", default="", metavar="URL", help="The Spark cluster; without it Spark stays here."
)
def match(
    register: str | None,
    enquiries: str | None,
    out: str | None,
    top: int,
    prior: float | None,
    absent: str | None,
    likelihoods: str | None,
    weights: str | None,
    engine: str,
    master: str,
) -> None:
    """Compare enquiries with a register.

    With --register, --enquiries and --out on files, without any database: faulty rows go to
    OUT.rejects.csv; stopped, the same command goes on from where it was. Files may be UTF-8,
    UTF-16 or Windows-1251, divided by commas, semicolons, tabs or bars. Without them, everything
    in the bureau's database is compared anew.
    """
    if master and engine != "spark":
        raise click.UsageError("--master: expected --engine spark beside it.")
    if register and enquiries and out:
        with spreading(engine, master) as spread:
            match_files(
                *(Path(register), Path(enquiries), Path(out)),
                top=top,
                prior=prior,
                absent=Path(absent) if absent else None,
                likelihoods=Path(likelihoods) if likelihoods else None,
                weights=weights_in(weights) if weights else None,
                spread=spread,
                progress=ProgressBar("Compared"),
            )
    elif register or enquiries or out or absent or likelihoods:
        raise click.UsageError("--register, --enquiries and --out go together.")
    else:
        match_all()


def match_files(register: Path, enquiries: Path, out: Path, **how: Any) -> None:
    """Compare two files."""
    from wayhome.cores.names import files

    try:
        report = files.match(register, enquiries, out, **how)
    except (files.UnreadableFile, files.UnwritableFile, OSError) as error:
        raise Failure(str(error), EXIT_WRONG_USE) from None
    except KeyboardInterrupt:
        told = "Stopped. The same command goes on from here"
        raise Failure(f"{told}; {out}.rankings has what was done.", EXIT_STOPPED) from None
    for told in report.read_as:
        click.echo(f"Assumed: {told}", err=True)
    if report.rejected:
        click.echo(f"Faults: {report.rejected}, see {out}.rejects.csv", err=True)


def weights_in(file: str) -> "Weights":
    """Weights that were learned before. Raises Failure."""
    from wayhome.cores.names.weights import BadWeights, Weights

    try:
        return Weights.of_json(readable_file(file).read_text(encoding="utf-8"))
    except (BadWeights, UnicodeDecodeError) as error:
        raise Failure(f"{file}: {error}", EXIT_WRONG_USE) from None


@contextmanager
def spreading(engine: str, master: str) -> Iterator["Spread | None"]:
    """How the enquiries are split over a cluster; None where this machine does all of it."""
    if engine == "local":
        yield None
        return
    from wayhome.lib.spark import LOCAL, SparkMissing, session, shared_out

    try:
        with session("wayhome match", master or LOCAL) as spark:
            yield partial(shared_out, spark)
    except SparkMissing as missing:
        raise Failure(str(missing)) from None


def match_all() -> None:
    """Compare everything in the database anew."""
    with bureau(), refusals_told():
        from wayhome.bureau.matches.actions import match_all as compare

        compare(progress=ProgressBar("Compared"))


@click.command()
@click.argument("file")
@as_json
def verify(file: str, as_json: bool) -> int:
    """Check a sealed act: is FILE, a signed PDF, the one that the journal holds?"""
    path = readable_file(file)
    with bureau():
        from wayhome.bureau.handovers.sealing import verify_file

        verdict = verify_file(path)
    if as_json:
        say_json(verdict.as_dict())
    elif verdict.genuine:
        say(f"{path.name}: {verdict.what}")
    else:
        raise Failure(f"{path.name}: {verdict.what}")
    return 0 if verdict.genuine else EXIT_FAILED
