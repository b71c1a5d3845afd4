"""Commands on an index of a register: build it, ask it, learn its weights."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wayhome.config.commands.files import prior_option, weights_in
from wayhome.config.commands.names import (
    evidence_as_json,
    faults_told,
    in_language,
    say_figures,
    sheet_of,
    tell_evidence,
    tell_json,
    tell_set_aside,
    words_in,
)
from wayhome.config.commands.shell import (
    EXIT_FAILED,
    EXIT_WRONG_USE,
    Failure,
    ProgressBar,
    as_json,
    bureau,
    readable_file,
    say,
)

if TYPE_CHECKING:
    from wayhome.cores.names import Candidate, Index

WIDTH = 12  # letters of the names of figures
BEST = 10
LOT = 1000  # cards that are put in at once
register_option = click.option("--register", metavar="R.csv", help="A register, read anew.")
index_option = click.option("--index", "folder", metavar="FOLDER", help="An index of a register.")


@click.command("index")
@click.argument("folder", required=False)
@click.option("--register", metavar="R.csv", help="Build it anew from this register.")
@click.option("--update", metavar="R.csv", help="Put in the cards of this file, or replace them.")
@click.option("--remove", metavar="IDS.txt", help="Take out the cards of these ids, one a line.")
@click.option("--weights", metavar="W.json", help="Weigh by these from now on; so do all others.")
@click.option("--compact", is_flag=True, help="Put all that was added since into its main part.")
@click.option("--bureau", "of_bureau", is_flag=True, help="Those that the bureau itself asks.")
@click.option("--rebuild", is_flag=True, help="With --bureau: make them anew of the database.")
@as_json
def index(
    folder: str | None,
    register: str | None,
    update: str | None,
    remove: str | None,
    weights: str | None,
    compact: bool,
    of_bureau: bool,
    rebuild: bool,
    as_json: bool,
) -> None:
    """Build, update or describe the index of a register in FOLDER.

    Without an option it is described. Others may ask it, and several processes may change it, at
    the same time. FOLDER may be deleted at any time and built anew. The bureau's own indexes stand
    in its data folder and are kept fresh by themselves.
    """
    changes = register or update or remove or weights or compact
    if bool(folder) == of_bureau or (of_bureau and changes) or (rebuild and not of_bureau):
        raise click.UsageError(
            "Give FOLDER with its options, or --bureau with or without --rebuild."
        )
    if not folder:
        told_of_bureau(rebuild, as_json)
        return
    with faults_told():
        given = weights_in(weights) if weights else None
        if register:
            built(Path(folder), register)
        held = opened(folder)
        if given:
            held.use(given)
        if remove:
            held.change(removed=ids_of(remove))
        if update:
            put_in(held, update)
        if compact:
            held.compact()
        told = held.info() | {"weights": held.weights.made.version}
    if as_json:
        tell_json(told)
        return
    say_figures(told, WIDTH)
    if register:
        say(f'Next: wayhome names search --index {folder} "surname, name, date, place"')


def built(path: Path, register: str) -> None:
    """Build an index from a CSV file."""
    from wayhome.cores.names import Index

    Index.build_from(sheet_of(register, "register_id"), path, progress=ProgressBar("Built"))


def told_of_bureau(rebuild: bool, as_json: bool) -> None:
    """How the bureau's own indexes stand, after they are made anew if so wished."""
    with bureau():
        from wayhome.bureau.matches.bridge import INDEXES
        from wayhome.bureau.statements.bridge import MENTIONED

        told = []
        for one in (*INDEXES, MENTIONED):
            if rebuild:
                one.rebuild(ProgressBar(one.name))
            told.append(asdict(one.status()))
    if as_json:
        click.echo(json.dumps(told, default=str))
        return
    for status in told:
        say(", ".join(f"{name} {value}" for name, value in status.items()))


def put_in(held: "Index", update: str) -> None:
    """Add the cards of a file, each in place of one with its id."""
    sheet = sheet_of(update, "register_id")
    bar, done = ProgressBar("Put in"), 0
    descriptions = sheet.descriptions()
    while lot := list(islice(descriptions, LOT)):
        held.change(lot)
        done += len(lot)
        bar(done, len(sheet))


def ids_of(file: str) -> list[str]:
    """The ids in a file, one a line; a line that is no text is told and left out."""
    data = readable_file(file).read_bytes().removeprefix(b"\xef\xbb\xbf")
    ids, faults = [], []
    for number, line in enumerate(data.splitlines(), 1):
        try:
            ids.append(line.decode().strip())
        except UnicodeDecodeError:
            faults.append(f"{file}, line {number}: not UTF-8")
    tell_set_aside(faults)
    return [x for x in ids if x]


def opened(folder: str) -> "Index":
    """The index in a folder. Raises Failure if there is none."""
    from wayhome.cores.names import Index
    from wayhome.cores.names.store import NoIndex

    try:
        return Index.open(Path(folder))
    except (NoIndex, NotADirectoryError):
        build = f"wayhome names index {folder} --register R.csv"
        raise Failure(f"{folder} holds no index: build it with `{build}`", EXIT_WRONG_USE) from None


def held_index(folder: str | None, register: str | None) -> "Index":
    """The index that a command names: in a folder, or of a file for as long as it runs."""
    from wayhome.cores.names import Index

    if bool(folder) == bool(register):
        raise click.UsageError("Give --index or --register.")
    if folder:
        return opened(folder)
    return Index.build_from(sheet_of(str(register), "register_id"), progress=ProgressBar("Built"))


@click.command()
@click.argument("line")
@index_option
@register_option
@click.option("--top", type=click.IntRange(1), default=BEST, show_default=True)
@click.option(
    "--prior",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.02,
    show_default=True,
    help="How likely he is on the register, before any look.",
)
@click.option("--weights", metavar="W.json", help="Weigh by these, this once.")
@click.option("--explain", is_flag=True, help="Show the evidence of each.")
@in_language
@as_json
def search(
    line: str,
    folder: str | None,
    register: str | None,
    top: int,
    prior: float,
    weights: str | None,
    explain: bool,
    language: str,
    as_json: bool,
) -> int:
    """Look for a man by one LINE: name, date, place, unit, in any order and any script.

    For example "Буйничев Костя 14.01.1999 Самара в/ч 12345". Exit status 1: nobody is like him.
    """
    from wayhome.cores.names.line import read_line

    if not read_line(line).names_somebody:
        raise Failure("expected a name or a service number in the line", EXIT_WRONG_USE)
    with faults_told():
        given = weights_in(weights) if weights else None
        held = held_index(folder, register)
        if given:
            held.use(given, keep=False)
        asked = read_line(line, is_place=held.is_place, this_year=datetime.now(UTC).year)
        ranking = held.rank(asked.description, top)
        found, absent = ranking.candidates(prior, len(held)), ranking.absent(prior)
    if as_json:
        tell_json(
            {
                "asked": {
                    x: getattr(asked.description, x)
                    for x in asked.description.__dataclass_fields__
                    if x not in ("id", "kind") and getattr(asked.description, x)
                },
                "candidates": candidates_as_json(found, language),
                "p_absent": absent,
            }
        )
    else:
        tell_candidates(found, absent, language, explain)
    return 0 if found else EXIT_FAILED


def candidates_as_json(found: "list[Candidate]", language: str) -> list[dict[str, Any]]:
    """Candidates with their evidence, for a program."""
    with words_in(language) as words:
        return [
            {
                "id": x.id,
                "rank": x.rank,
                "bits": round(x.bits, 3),
                "probability": x.probability,
                "person": x.person,
                "evidence": [evidence_as_json(y, words) for y in x.evidence],
            }
            for x in found
        ]


def tell_candidates(found: "list[Candidate]", absent: float, language: str, explain: bool) -> None:
    """A line for each candidate: how likely, which card, what is on it."""
    for one in found:
        names = {x.field: x.found for x in one.evidence if x.found}
        shown = [names.get(x, "") for x in ("surname", "given", "patronymic", "born", "birthplace")]
        card = " ".join(filter(None, shown))
        again = f"  (as {one.person})" if one.person != one.id else ""
        say(f"{one.rank:3}  {one.probability:7.2%}  {one.bits:+6.1f} bits  {one.id}  {card}{again}")
        if explain:
            tell_evidence(one.evidence, language)
    say(f"     {absent:7.2%}  not on the register")


@click.command()
@index_option
@register_option
@click.option("--enquiries", required=True, metavar="E.csv", help="Who is sought.")
@click.option("--judgements", metavar="J.csv", help="enquiry_id, register_id, same (1 or 0).")
@click.option("--start", metavar="W.json", help="Weights to go on from; else those of the program.")
@click.option("--out", required=True, metavar="W.json", help="Where the weights go.")
@as_json
def learn(
    folder: str | None,
    register: str | None,
    enquiries: str,
    judgements: str | None,
    start: str | None,
    out: str,
    as_json: bool,
) -> None:
    """Learn from a register and its enquiries what each agreement is worth.

    Nobody has to say who is who; what people judged counts as known. The file carries a version;
    `wayhome match --weights` and `names search --weights` use it once, and
    `names index FOLDER --weights` for all who ask that index from then on.
    """
    from wayhome.cores.names.learning import learn as learned
    from wayhome.cores.names.weights import WEIGHTS

    with faults_told():
        judged, set_aside = judgements_of(judgements) if judgements else (None, 0)
        held = held_index(folder, register)
        asked = list(sheet_of(enquiries, "enquiry_id").descriptions())
        weights = learned(
            held,
            asked,
            judgements=judged,
            start=weights_in(start) if start else WEIGHTS,
            on=datetime.now(UTC).date().isoformat(),
            progress=ProgressBar("Looked at"),
        )
        Path(out).write_text(weights.to_json(), encoding="utf-8")
    made = weights.made
    told = {
        "version": made.version, "on": made.on, "cards": made.cards, "enquiries": made.enquiries,
        "judgements": made.judgements, "set_aside": set_aside, "prior": round(weights.prior, 4),
        "namesakes": round(weights.namesakes, 4), "kin": round(weights.kin, 4),
    }  # fmt: skip
    if as_json:
        tell_json(told | {"out": out})
        return
    say_figures(told, WIDTH)
    say(f"Next: wayhome match --weights {out} …")


def judgements_of(file: str) -> tuple[dict[str, dict[str, bool]], int]:
    """What people said of pairs, by enquiry and card; and how many rows were set aside."""
    from wayhome.cores.names.sheets import Reject, read_rows

    path = readable_file(file)
    rows = read_rows(path, "enquiry_id", "register_id", "same")
    found: dict[str, dict[str, bool]] = {}
    for line, row in rows.found:
        if row["same"] in ("0", "1"):
            found.setdefault(row["enquiry_id"], {})[row["register_id"]] = row["same"] == "1"
        else:
            rows.rejects.append(Reject(path.name, line, "same", "expected 1 or 0"))
    rejects = sorted(rows.rejects, key=lambda x: x.line)
    tell_set_aside(rejects)
    return found, len(rejects)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="A.csv B.csv …")
@click.option("--out", required=True, metavar="C.csv", help="CSV of probabilities to write.")
@click.option("--absent", metavar="P.csv", help="CSV to write: how likely he is on no register.")
@prior_option(
    "How likely a man is on any of the registers. auto learns it from all enquiries, and how "
    "many of the others have a namesake or a brother there.",
)
@as_json
def pool(
    files: tuple[str, ...], out: str, absent: str | None, prior: float | None, as_json: bool
) -> None:
    """Join what several bureaus say, that may not put their registers together.

    Each FILE is what `wayhome match --likelihoods` wrote at one bureau of the same enquiries. For
    each enquiry the probabilities of all persons, of all others of each bureau, and that he is on
    no register sum to one. `candidate` is the rank by which his own bureau knows him. A file with
    a fault is refused whole.
    """
    from wayhome.cores.names.files import UnwritableFile
    from wayhome.cores.names.pooling import pool as pooled

    with faults_told():
        try:
            report = pooled(
                [readable_file(x) for x in files],
                Path(out),
                prior=prior,
                absent=Path(absent) if absent else None,
                progress=ProgressBar("Read"),
            )
        except UnwritableFile as error:
            raise Failure(str(error), EXIT_WRONG_USE) from None
    told = {
        "enquiries": report.enquiries, "cards": report.cards, "registers": len(files),
        "found": round(report.found, 1), "prior": round(report.shares.prior, 4),
        "namesakes": round(report.shares.namesakes, 4), "kin": round(report.shares.kin, 4),
    }  # fmt: skip
    if as_json:
        tell_json(told | {"out": out})
        return
    say_figures(told, WIDTH)


COMMANDS: tuple[click.Command, ...] = (index, search, learn, pool)
