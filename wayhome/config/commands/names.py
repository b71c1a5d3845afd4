"""Commands on names: invented registers, the evidence of a pair, how well candidates do."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import wayhome
from wayhome.config.commands.shell import (
    EXIT_WRONG_USE,
    Failure,
    ProgressBar,
    as_json,
    readable_file,
    say,
)

if TYPE_CHECKING:
    from wayhome.cores.names import Description, Evidence
    from wayhome.cores.names.sheets import Sheet

EVIDENCE = {"rich": ("rich",), "sparse": ("sparse",), "both": ("rich", "sparse")}
LANGUAGES = ("en", "uk", "ru")
FAULTS_SHOWN = 20
in_language = click.option(
    *("--lang", "language"),
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="The language of the explanation.",
)


@click.group()
def names() -> None:
    """Names: who on a register is the person sought? docs/guides/names.md shows it."""


@names.command()
@click.option("--size", type=click.IntRange(1), required=True, help="How many cards.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--out", required=True, metavar="FOLDER", help="Where the files go.")
@click.option(
    "--evidence",
    type=click.Choice(list(EVIDENCE)),
    default="both",
    show_default=True,
    help="rich: date, place, unit and mother's name mostly; sparse: what is written in fear.",
)
@click.option("--enquiries", type=click.IntRange(0), default=5000, show_default=True)
def generate(size: int, seed: int, out: str, evidence: str, enquiries: int) -> None:
    """Make an invented register, enquiries, and the truth of each enquiry.

    FOLDER gets register.csv, enquiries-rich.csv, truth-rich.csv and the same for sparse; with one
    --evidence they are enquiries.csv and truth.csv. The same seed gives the same files. Thirty
    enquiries in a hundred are for men who are not on the register. Nobody in them is real.
    """
    from wayhome.cores.trials import registers

    folder = Path(out)
    try:
        registers.generate(
            *(size, seed, folder),
            enquiries=enquiries,
            evidence=EVIDENCE[evidence],
            progress=ProgressBar("Cards"),
        )
    except OSError as error:
        raise Failure(f"{out}: {error.strerror}", EXIT_WRONG_USE) from None
    asked = "enquiries.csv" if evidence != "both" else "enquiries-rich.csv"
    say(f"Written to {out}. Next: wayhome match --register {folder / 'register.csv'} "
        f"--enquiries {folder / asked} --out {folder / 'candidates.csv'}")  # fmt: skip


@names.command()
@click.option("--truth", metavar="T.csv", help="enquiry_id, register_id (empty: he is not there).")
@click.option("--candidates", metavar="C.csv", help="What `wayhome match` wrote.")
@click.option("--first", type=click.IntRange(1), help="Judge only so many enquiries.")
@click.option("--pairs", metavar="F.csv", help="left, right, label: a published list of pairs.")
@as_json
def evaluate(
    truth: str | None, candidates: str | None, first: int | None, pairs: str | None, as_json: bool
) -> None:
    """Say how well candidates do, or how well the core tells pairs apart.

    With --truth and --candidates: recall, precision of the best candidate, wrong candidates for
    men who are not there, calibration. With --pairs: how well the bits of a pair tell the same
    person from another. The measures share no code with what they judge. Rows that cannot be used
    are set aside and told on standard error; `set_aside` counts them.
    """
    if pairs and not (truth or candidates):
        found = judged_pairs(readable_file(pairs))
    elif truth and candidates and not pairs:
        found = judged(readable_file(truth), readable_file(candidates), first)
    else:
        raise click.UsageError("Give --truth and --candidates, or --pairs.")
    if as_json:
        tell_json(found)
        return
    breakdown = found.pop("breakdown", {})
    say_figures(found, 28)
    for name, kinds in breakdown.items():
        say(f"\n{name:28} {'matches':>9} {'recall@1':>9} {'recall@10':>9}")
        for kind, (count, one, ten) in kinds.items():
            say(f"  {kind or '-':26} {count:9} {one:9.4f} {ten:9.4f}")


def say_figures(told: dict[str, Any], width: int) -> None:
    """Figures for a person, a line each; names take so many letters."""
    for name, value in told.items():
        say(f"{name:{width}} {figure(value)}")


def figure(value: Any) -> str:
    """A number for a person."""
    if value is None:
        return "not reached"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def judged(truth: Path, candidates: Path, first: int | None) -> dict[str, Any]:
    """The measures of candidates."""
    from wayhome.cores.trials.judging import judge

    with rows_set_aside() as faults:
        found = judge(truth, candidates, first=first, set_aside=faults.append)
    return found | {"set_aside": len(faults)}


@contextmanager
def rows_set_aside() -> Iterator[list[str]]:
    """Room for what is wrong with rows of a truth or of candidates: it is told at the end.

    A file that cannot be used at all is told in one line.
    """
    from wayhome.cores.trials.judging import UnusableFile

    faults: list[str] = []
    try:
        yield faults
    except (UnusableFile, OSError) as error:
        raise Failure(str(error), EXIT_WRONG_USE) from None
    tell_set_aside(faults)


def tell_set_aside(faults: Sequence[object]) -> None:
    """Say on standard error which rows are left out, and why."""
    for fault in faults[:FAULTS_SHOWN]:
        click.echo(f"Left out: {fault}", err=True)
    if len(faults) > FAULTS_SHOWN:
        click.echo(f"Left out: {len(faults) - FAULTS_SHOWN} more rows", err=True)


def judged_pairs(path: Path) -> dict[str, Any]:
    """The measures of the core's bits on a list of pairs."""
    from wayhome.cores.names.pairs import read_pairs, score_pairs
    from wayhome.cores.trials.judging import judge_scores

    with faults_told():
        read, rejects = read_pairs(path)
    tell_set_aside(rejects)
    scores = score_pairs(read, progress=ProgressBar("Compared"))
    found = judge_scores([x.same for x in read], scores) | {"set_aside": len(rejects)}
    other = [not x.latin for x in read]
    if any(other) and not all(other):
        kept = [(x.same, y) for x, y, z in zip(read, scores, other, strict=True) if z]
        found["not_latin"] = judge_scores([x for x, _ in kept], [y for _, y in kept])
    return found


def tell_json(value: Any) -> None:
    """Print a value for a program."""
    click.echo(json.dumps(value, ensure_ascii=False, allow_nan=False))


@names.command()
@click.argument("sought")
@click.argument("found")
@click.option("--enquiries", metavar="E.csv", help="Where SOUGHT is an enquiry: @ID.")
@click.option("--register", metavar="R.csv", help="Where FOUND is a card: @ID.")
@in_language
@as_json
def explain(
    sought: str,
    found: str,
    enquiries: str | None,
    register: str | None,
    language: str,
    as_json: bool,
) -> None:
    """Show the evidence of one pair, field by field: which rule ties them, and what it weighs.

    SOUGHT and FOUND are lines such as "Буйничев Костя 14.01.1999 Самара", or @ID of a row in
    --enquiries or --register. With --register the rarity of names is counted there. Bits for are
    above 0, bits against below; each bit doubles the odds.
    """
    from wayhome.cores.names import Frequencies, Index, compare
    from wayhome.cores.names.compare import total

    with faults_told():
        asked = described(sought, enquiries, "enquiry_id")
        held = described(found, register, "register_id")
        frequencies = Frequencies()
        if register:
            frequencies = Index.build(sheet_of(register, "register_id").descriptions()).frequencies
    pieces = compare(asked, held, frequencies)
    if as_json:
        with words_in(language) as words:
            tell_json(
                {
                    "bits": round(total(pieces), 3),
                    "evidence": [evidence_as_json(x, words) for x in pieces],
                }
            )
        return
    tell_evidence(pieces, language)


def described(text: str, file: str | None, id_column: str) -> "Description":
    """A line of text, or the row of a file that @ID names."""
    from wayhome.cores.names.line import read_line

    if not text.startswith("@"):
        return read_line(text, this_year=datetime.now(UTC).year).description
    if not file:
        option = "--enquiries" if id_column == "enquiry_id" else "--register"
        raise Failure(f"{text}: expected {option} with the file that holds it", EXIT_WRONG_USE)
    sheet = sheet_of(file, id_column)
    row = sheet.row_of(text[1:])
    if row is None:
        raise Failure(f"{file}: no row {text[1:]}", EXIT_WRONG_USE)
    return sheet.description(row)


@cache
def sheet_of(file: str, id_column: str) -> "Sheet":
    """A CSV file, read once. Its faults are counted on standard error."""
    from wayhome.cores.names.sheets import read_sheet

    with faults_told():
        sheet = read_sheet(readable_file(file), id_column, progress=ProgressBar("Read"))
    if sheet.read_as:
        click.echo(f"Assumed: {file}: {sheet.read_as}", err=True)
    if sheet.rejects:
        click.echo(f"{file}: {len(sheet.rejects)} faults; those rows are left out", err=True)
    return sheet


Words = tuple[Callable[[str], Any], Callable[[str], Any]]


@contextmanager
def words_in(language: str) -> Iterator[Words]:
    """What fields and rules are called in a language. No database is needed for it."""
    import django
    from django.conf import settings

    if not settings.configured:
        locale = Path(wayhome.__file__).parent / "locale"
        settings.configure(USE_I18N=True, LOCALE_PATHS=[locale], LANGUAGE_CODE="en")
        django.setup()
    from django.utils import translation

    from wayhome.bureau.matches.wording import field_words, rule_words

    with translation.override(language):
        yield field_words, rule_words


def evidence_as_json(piece: "Evidence", words: Words) -> dict[str, Any]:
    """One piece of evidence for a program, with its words."""
    field, rule = words
    return {
        "field": piece.field, "verdict": piece.verdict, "rule": piece.rule,
        "bits": round(piece.bits, 3), "sought": piece.sought, "found": piece.found,
        "words": f"{field(piece.field)}: {rule(piece.rule)}",
    }  # fmt: skip


def tell_evidence(pieces: "Iterable[Evidence]", language: str) -> None:
    """A line for each piece of evidence that is known, and the sum."""
    pieces = tuple(pieces)
    with words_in(language) as (field, rule):
        for piece in pieces:
            if piece.verdict == "unknown" or not (piece.bits or piece.sought):
                continue
            both = f"{piece.sought} | {piece.found}" if piece.sought or piece.found else ""
            say(f"{piece.bits:+7.1f}  {field(piece.field)}: {rule(piece.rule)}  {both}".rstrip())
    say(f"{sum(x.bits for x in pieces):+7.1f}  =")


@contextmanager
def faults_told() -> Iterator[None]:
    """A file that cannot be read is told in one line."""
    from wayhome.cores.names.sheets import UnreadableFile

    try:
        yield
    except UnreadableFile as error:
        raise Failure(str(error), EXIT_WRONG_USE) from None
    except OSError as error:
        raise Failure(f"{error.filename or 'file'}: {error.strerror}", EXIT_WRONG_USE) from None
