"""Commands on kinship: how much likelier the data are by one pedigree than by another."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wayhome.config.commands.shell import EXIT_WRONG_USE, Failure, readable_file
from wayhome.config.folder import program_version

if TYPE_CHECKING:
    from wayhome.cores.kinship import Case


@click.group()
def kinship() -> None:
    """DNA and kinship: exact likelihood ratios. docs/methods/kinship.md has the method."""


@kinship.command()
@click.argument("files", nargs=-1, required=True, metavar="CASE.json...")
@click.option(
    *("--prior", "priors"),
    multiple=True,
    metavar="[HYPOTHESIS=]P",
    help="Probability of a hypothesis before the evidence; the one left over has the rest.",
)
@click.option("--explain", is_flag=True, help="Say which markers do not fit, and why.")
@click.option("--sensitivity", is_flag=True, help="Change each assumption, and say what follows.")
def lr(files: tuple[str, ...], priors: tuple[str, ...], explain: bool, sensitivity: bool) -> None:
    """Print the likelihoods and ratios of each case, one JSON object a line."""
    for file in files:
        path = readable_file(file)
        with faults_told(path):
            found = worked_out(path, priors, explain, sensitivity)
        click.echo(json.dumps(found, ensure_ascii=False, allow_nan=False))


def worked_out(path: Path, priors: tuple[str, ...], explain: bool, vary: bool) -> dict[str, Any]:
    """Everything that `lr` prints of one case."""
    from wayhome.cores.kinship import sensitivity, solve, unexplained
    from wayhome.cores.kinship.files import read_case_file

    case, digest = read_case_file(path)
    prior = stated_prior(case, priors) if priors else None
    result = solve(case)
    found = result.as_dict()
    if prior:
        found |= {"prior": prior, "posterior": result.posterior(prior)}
    if explain:
        found["unexplained"] = [one.as_dict() for one in unexplained(case)]
    if vary:
        found["sensitivity"] = [one.as_dict() for one in sensitivity(case)]
    found["rests_on"] |= {"wayhome": program_version(), "input_sha256": digest}
    return found


def stated_prior(case: "Case", priors: tuple[str, ...]) -> dict[str, float]:
    """The prior of every hypothesis. Without a name: of the one beside the reference."""
    stated: dict[str, float] = {}
    others = [name for name in case.hypotheses if name != case.reference]
    for one in priors:
        name, named, number = one.rpartition("=")
        if not named and len(others) == 1:
            name = others[0]
        if name not in case.hypotheses or name in stated:
            names = ", ".join(case.hypotheses)
            raise Failure(f"--prior {one}: expected one of {names}, each once", EXIT_WRONG_USE)
        stated[name] = probability(number)
    left = [name for name in case.hypotheses if name not in stated]
    if len(left) == 1:
        stated[left[0]] = 1 - sum(stated.values())
    return stated


def probability(text: str) -> float:
    """A number from 0 to 1."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise Failure(f"--prior {text}: expected a number from 0 to 1", EXIT_WRONG_USE)
    return number


@kinship.command()
@click.argument("file", metavar="MODEL.json")
def matrix(file: str) -> None:
    """Print the transition matrix of a mutation model: row from, column to.

    A file of several models, under `cases`, gives one line each.
    """
    from wayhome.cores.kinship.cases import read_matrices
    from wayhome.cores.kinship.files import read_document

    path = readable_file(file)
    with faults_told(path):
        found = read_matrices(read_document(path)[0])
    for one in found:
        click.echo(json.dumps(one, ensure_ascii=False, allow_nan=False))


@contextmanager
def faults_told(path: Path) -> Iterator[None]:
    """A file that means nothing, or asks too much, is told in one line."""
    from wayhome.cores.kinship import KinshipError, TooLarge

    try:
        yield
    except TooLarge as error:
        raise Failure(f"{path.name}: {error}") from None
    except KinshipError as error:
        raise Failure(f"{path.name}: {error}", EXIT_WRONG_USE) from None
    except OSError as error:
        raise Failure(f"{path.name}: {error.strerror}", EXIT_WRONG_USE) from None
