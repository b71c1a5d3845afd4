"""Commands on files of kinship: formats, frequency tables, drawings, the report."""

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wayhome.config.commands.kinship import faults_told, stated_prior
from wayhome.config.commands.kinship_words import LANGUAGE, in_language
from wayhome.config.commands.shell import EXIT_FAILED, EXIT_WRONG_USE, Failure, readable_file, say
from wayhome.config.folder import program_version

if TYPE_CHECKING:
    from wayhome.cores.kinship.formats import Contents, Frequencies

FAULTS_SHOWN = 20
# Told here, so that a word of help need not load the core; a test holds them together.
FORMATS = ("case", "csv", "wide", "genemapper", "pedsuite", "familias", "cmf", "dvi")
READ_AS = click.option(
    *("--from", "read_as"), type=click.Choice(FORMATS), help="What FILE is, if its look deceives."
)
OUT = click.option("--out", required=True, metavar="FILE", help="The file to be written.")


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--to", "form", required=True, type=click.Choice(FORMATS))
@OUT
@READ_AS
@click.option("--frequencies", metavar="NAME|FILE", help="A frequency table: ours, or a CSV.")
@click.option("--population", default="", help="Which population of the table.")
@click.option("--source", default="", help="In words: whose frequencies, which version.")
@click.option("--pedigrees", metavar="FILE", help="CSV: hypothesis, id, father, mother, sex.")
@click.option("--reference", default="", help="The hypothesis below the line; else the last one.")
@click.option("--id", "case_id", default="", help="The code of the case.")
@click.option("--theta", type=float, help="Co-ancestry, from 0 to 1.")
@click.option("--floor", type=float, help="The frequency of alleles that the table has not.")
@click.option(
    *("--mutation", "mutations"),
    multiple=True,
    metavar="[SEX:]MODEL,…",
    help="As in stepwise,rate=0.002,rate2=1e-6,range=0.1 or female:equal,rate=0.001.",
)
@click.option(
    *("--linked", "linked"),
    multiple=True,
    metavar="MARKER,MARKER=R",
    help="A linked pair and how often it recombines.",
)
@click.option(
    "--one-allele",
    type=click.Choice(["same", "any"]),
    default="same",
    show_default=True,
    help="What one allele alone is: two copies, or one of two of which the other is unknown.",
)
@click.option("--leave-out-faulty", is_flag=True, help="Take the rest of a file that has faults.")
@click.option("--destination-ori", default="", help="CMF: to which laboratory.")
@click.option("--source-lab", default="", help="CMF: from which laboratory.")
@click.option("--user", default="", help="CMF: the number of who submits.")
@click.option("--category", "categories", multiple=True, metavar="[SAMPLE=]CATEGORY", help="CMF.")
def convert(
    file: str,
    form: str,
    out: str,
    read_as: str | None,
    one_allele: str,
    leave_out_faulty: bool,
    **chosen: Any,
) -> None:
    """Turn FILE into another format: profiles, cases, projects.

    A case comes out of profiles with --pedigrees and --frequencies. Every fault is told by line and
    field, and then nothing is written. What a format has no place for is said.
    """
    from wayhome.cores.kinship import formats

    with faults_of_file(file):
        contents = formats.read(readable_file(file).read_bytes(), read_as or "", one_allele)
    if contents.faults and not leave_out_faulty:
        raise told_faults(file, contents.faults)
    for fault in contents.faults:
        say_aside(f"left out: {fault}")
    document, notes = contents.document, list(contents.notes)
    if formats.needs_a_case(form, document, **_given(chosen)):
        document, notes = _assembled(file, contents, chosen)
    for note in notes:
        say_aside(note)
    with faults_of_file(file):
        written = formats.write(document, form, _header(chosen))
    if written.left_out:
        say_aside(f"{form} has no place for: {', '.join(written.left_out)}")
    save(out, written.data)


def _given(chosen: Mapping[str, Any]) -> dict[str, bool]:
    return {"parts_given": bool(chosen["pedigrees"] or chosen["frequencies"])}


def _assembled(
    file: str, contents: "Contents", chosen: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    from wayhome.cores.kinship import formats

    pedigrees = None
    if chosen["pedigrees"]:
        with faults_of_file(chosen["pedigrees"]):
            pedigrees = formats.read(readable_file(chosen["pedigrees"]).read_bytes(), "pedsuite")
        if pedigrees.faults:
            raise told_faults(chosen["pedigrees"], pedigrees.faults)
    table = frequency_table(chosen["frequencies"]) if chosen["frequencies"] else None
    with faults_of_file(file):
        assumed = formats.Assumptions(
            id=chosen["case_id"],
            reference=chosen["reference"],
            theta=chosen["theta"],
            floor=chosen["floor"],
            mutation=formats.read_mutation(chosen["mutations"]),
            linkage=formats.read_linkage(chosen["linked"]),
            population=chosen["population"],
            source=chosen["source"],
        )
        return formats.assembled(contents, assumed, pedigrees, table)


def _header(chosen: Mapping[str, Any]) -> Any:
    from wayhome.cores.kinship.formats import Header

    categories = {}
    for one in chosen["categories"]:
        sample, _, category = one.rpartition("=")
        categories[sample] = category
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return Header(chosen["destination_ori"], chosen["source_lab"], chosen["user"], now, categories)


def frequency_table(name: str) -> "Frequencies":
    """One of our tables by its name, or a file of one's own."""
    from wayhome.cores.kinship import formats

    if name in formats.names_of_tables():
        return formats.table_of(name)
    with faults_of_file(name):
        return formats.read_frequencies(readable_file(name).read_bytes(), name)


@click.command()
@click.argument("tables", nargs=-1, metavar="[NAME|FILE]...")
def frequencies(tables: tuple[str, ...]) -> None:
    """Print frequency tables with source and licence, a line each; ours, if none is named."""
    from wayhome.cores.kinship import formats

    for name in tables or formats.names_of_tables():
        click.echo(json.dumps(frequency_table(name).as_dict(), ensure_ascii=False))


@click.command()
@click.argument("file", metavar="CASE.json")
@OUT
@click.option("--hypothesis", "hypotheses", multiple=True, help="Only this one; may be repeated.")
@click.option("--missing", multiple=True, metavar="CODE", help="Mark this person as missing.")
@click.option("--dead", multiple=True, metavar="CODE", help="Mark this person as dead.")
@LANGUAGE
def draw(
    file: str,
    out: str,
    hypotheses: tuple[str, ...],
    missing: tuple[str, ...],
    dead: tuple[str, ...],
    language: str,
) -> None:
    """Draw the pedigrees of a case as SVG; print them in words."""
    from wayhome.cores.kinship import drawing
    from wayhome.cores.kinship.files import read_case_file
    from wayhome.cores.kinship.saying import SENTENCES

    sentences = in_language(SENTENCES, language)
    path = readable_file(file)
    with faults_told(path):
        case, _ = read_case_file(path)
    known = {one.id for pedigree in case.hypotheses.values() for one in pedigree}
    for name, words, among in (
        ("hypothesis", hypotheses, set(case.hypotheses)),
        ("missing", missing, known),
        ("dead", dead, known),
    ):
        if unknown := set(words) - among:
            told = f"--{name} {min(unknown)}: expected one of {', '.join(sorted(among))}"
            raise Failure(told, EXIT_WRONG_USE)
    marks = drawing.Marks(missing=missing, dead=dead)
    save(out, drawing.of_case(case, hypotheses, marks, sentences).encode())
    marks = drawing.marks_of(case, marks)
    for name in hypotheses or case.hypotheses:
        say(f"{name}: {drawing.described(case.hypotheses[name], marks, sentences)}")


@click.command()
@click.argument("file", metavar="CASE.json")
@OUT
@click.option(
    *("--prior", "priors"),
    multiple=True,
    metavar="[HYPOTHESIS=]P",
    help="Probability of a hypothesis before the evidence; the one left over has the rest.",
)
@LANGUAGE
def report(file: str, out: str, priors: tuple[str, ...], language: str) -> None:
    """Print a case as a PDF for court and file, with all that it rests on.

    The case is attached to the PDF, so that another laboratory can compute it again.
    """
    import numpy as np

    from wayhome.cores.kinship import solve
    from wayhome.cores.kinship.cases import read_case
    from wayhome.cores.kinship.files import parsed_document
    from wayhome.cores.kinship.reporting import Origin
    from wayhome.cores.kinship.reporting import report as told
    from wayhome.cores.kinship.saying import SENTENCES
    from wayhome.lib.kinship_report import WORDS, pdf

    path = readable_file(file)
    data = path.read_bytes()
    with faults_told(path):
        case = read_case(parsed_document(data))
        prior = stated_prior(case, priors) if priors else None
        versions = {
            "Wayhome": program_version(),
            "Python, NumPy": f"{platform.python_version()}, {np.__version__}",
        }
        origin = Origin(hashlib.sha256(data).hexdigest(), path.name, versions)
        sentences = in_language(SENTENCES, language)
        document = told(solve(case), origin, data, prior, sentences)
    words = in_language(WORDS, language)
    save(out, pdf(document, data, datetime.now(UTC), words, language))


# What these commands share


@contextmanager
def faults_of_file(file: str) -> Iterator[None]:
    """A file that cannot be taken is told by its faults, each on a line."""
    from wayhome.cores.kinship.formats import FaultyFile

    try:
        yield
    except FaultyFile as faulty:
        raise told_faults(file, faulty.faults) from None


def told_faults(file: str, faults: Any) -> Failure:
    """Print the faults, and make the line that the command ends with."""
    name = Path(file).name
    for fault in list(faults)[:FAULTS_SHOWN]:
        say_aside(f"{name}: {fault}")
    further = len(faults) - FAULTS_SHOWN
    also = f", {further} of them not shown" if further > 0 else ""
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    return Failure(f"{name}: {count}{also}; nothing was written", EXIT_WRONG_USE)


def say_aside(line: str) -> None:
    """Tell the person, apart from what the command prints."""
    click.echo(" ".join(line.split()), err=True)


def save(out: str, data: bytes) -> None:
    """Write a file whole. Raises Failure where that cannot be."""
    try:
        Path(out).write_bytes(data)
    except OSError as error:
        raise Failure(f"{out}: {error.strerror}", EXIT_FAILED) from None


COMMANDS: tuple[click.Command, ...] = (convert, frequencies, draw, report)
