"""Registers and enquiries as CSV files: read, compared, candidates written."""

import csv
import gzip
import io
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .dates import read_born
from .index import Index, Ranking
from .persons import Description

SMALLEST_BATCH_TO_SHARE = 200
ROWS_AT_ONCE = 25
FIRST_PRIOR = 0.5
PRIOR_ROUNDS = 200
FIELDS = {
    "surname": "surname", "given": "given", "patronymic": "patronymic", "full_name": "full_name",
    "dob": "born", "birthplace": "birthplace", "unit": "unit", "rank": "rank",
    "service_no": "service_no", "mother_name": "mother_name", "kind": "kind",
}  # fmt: skip
NAME_COLUMNS = ("surname", "given", "full_name")
# Written figures are made smaller by this share, so that rounding never lifts a sum above one.
ROUNDING = 1e-9

Progress = Callable[[int, int], None]


class UnreadableFile(ValueError):
    """Nothing in a file could be read."""


@dataclass(frozen=True, slots=True)
class MatchReport:
    """How many candidates were written, and how many faults stand in the file of rejects."""

    rows: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Reject:
    """A row, or one field of it, that was set aside."""

    file: str
    line: int
    field: str
    reason: str


@dataclass(slots=True)
class Reading:
    """What came out of one file."""

    descriptions: list[Description] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


def match(
    register: Path,
    enquiries: Path,
    out: Path,
    *,
    top: int = 50,
    prior: float | None = None,
    absent: Path | None = None,
    progress: Progress | None = None,
) -> MatchReport:
    """Write the best candidates of a register for every enquiry.

    Without `prior` the share of enquiries whose person is on the register is learned from all of
    them together. `absent` gets, for each enquiry, the probability that the person is not there.
    Faulty rows go to OUT.rejects.csv and stop nothing. `progress` hears how many enquiries are
    done, of how many. Raises UnreadableFile if a file holds no row that can be used.
    """
    cards, asked = read_file(register, "register_id"), read_file(enquiries, "enquiry_id")
    index = Index.build(cards.descriptions)
    cards_rejects = cards.rejects
    del cards
    rankings = _rank_all(index, asked.descriptions, top, progress)
    odds = np.array([x.odds for x in rankings])
    share = learn_prior(odds) if prior is None else prior
    rows = _write_candidates(out, index, asked.descriptions, rankings, share)
    if absent:
        _write_absent(absent, asked.descriptions, rankings, share)
    rejects = cards_rejects + asked.rejects
    _write_rejects(out.with_name(out.name + ".rejects.csv"), rejects)
    return MatchReport(rows=rows, rejected=len(rejects))


def learn_prior(odds: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """The share of persons who are on the register, by expectation maximisation.

    `odds` holds, for each enquiry, the mean of 2 ** bits over the register.
    """
    prior = FIRST_PRIOR
    for _ in range(PRIOR_ROUNDS):
        prior = float((prior * odds / (1.0 - prior + prior * odds)).mean())
        prior = min(max(prior, 1e-6), 1.0 - 1e-6)
    return prior


def read_file(path: Path, id_column: str) -> Reading:
    """Read a CSV file (.csv or .csv.gz, UTF-8), setting aside the rows that cannot be used."""
    reading, seen = Reading(), set[str]()
    for line, row, fault in _rows(path, id_column):
        problem = fault or _why_not(row, id_column, seen)
        if problem:
            reading.rejects.append(Reject(path.name, line, *problem))
            continue
        seen.add(row[id_column].strip())
        description = _description(row, id_column)
        if description.born and not read_born(description.born).year:
            reading.rejects.append(
                Reject(path.name, line, "dob", "not a date; the row is used without it")
            )
        reading.descriptions.append(description)
    if not reading.descriptions:
        raise UnreadableFile(f"{path.name}: no row could be read")
    return reading


def _why_not(row: dict[str, str], id_column: str, seen: set[str]) -> tuple[str, str] | None:
    """The field and the reason for which a row cannot be used, or None."""
    id = row[id_column].strip()
    if not id:
        return id_column, "empty"
    if id in seen:
        return id_column, "stands in the file twice; the first is used"
    for name, value in row.items():
        if any("\ud800" <= x <= "\udfff" for x in value):
            return name, "not UTF-8"
    if not any(row.get(x, "").strip() for x in NAME_COLUMNS):
        return "surname", "no name"
    return None


def _description(row: dict[str, str], id_column: str) -> Description:
    values = {FIELDS[name]: value.strip() for name, value in row.items() if name in FIELDS}
    return Description(id=row[id_column].strip(), **values)


def _rows(
    path: Path, id_column: str
) -> Iterator[tuple[int, dict[str, str], tuple[str, str] | None]]:
    """Each row with its line and what is wrong with its shape."""
    with _opened(path) as text:
        reader = csv.reader(text, strict=True)
        heading: list[str] = []
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield reader.line_num, {}, ("", str(error))
                continue
            except (OSError, EOFError) as error:
                yield reader.line_num, {}, ("", f"the file breaks off: {error}")
                return
            if not heading:
                heading = [x.strip().casefold() for x in cells]
                if id_column not in heading:
                    raise UnreadableFile(f"{path.name}: no column {id_column}")
            elif len(cells) == len(heading):
                yield reader.line_num, dict(zip(heading, cells, strict=True)), None
            elif cells:
                fault = f"{len(cells)} fields instead of {len(heading)}"
                yield reader.line_num, {}, ("", fault)


@contextmanager
def _opened(path: Path) -> Iterator[io.TextIOBase]:
    with ExitStack() as stack:
        try:
            raw = stack.enter_context(path.open("rb"))
        except OSError as error:
            raise UnreadableFile(f"{path.name}: {error.strerror}") from error
        data = stack.enter_context(gzip.open(raw)) if path.suffix == ".gz" else raw
        yield io.TextIOWrapper(data, "utf-8-sig", errors="surrogateescape", newline="")


# The index and the enquiries of a batch, set before the workers are forked, which then share them.
_shared: tuple[Index, list[Description], int] | None = None


def _rank_one(place: int) -> Ranking:
    assert _shared is not None
    index, asked, top = _shared
    return index.rank(asked[place], top)


def _rank_all(
    index: Index, asked: list[Description], top: int, progress: Progress | None
) -> list[Ranking]:
    """Rankings in the order of the enquiries, on all processors if it is worth a fork."""
    global _shared
    _shared = (index, asked, top)
    rankings: list[Ranking] = []
    try:
        with ExitStack() as stack:
            found: Iterator[Ranking] = map(_rank_one, range(len(asked)))
            workers = len(os.sched_getaffinity(0))
            if workers > 1 and len(asked) >= SMALLEST_BATCH_TO_SHARE:
                fork = multiprocessing.get_context("fork")
                pool = stack.enter_context(ProcessPoolExecutor(workers, mp_context=fork))
                found = pool.map(_rank_one, range(len(asked)), chunksize=ROWS_AT_ONCE)
            for ranking in found:
                rankings.append(ranking)
                if progress:
                    progress(len(rankings), len(asked))
    finally:
        _shared = None
    return rankings


def _write_candidates(
    out: Path, index: Index, asked: list[Description], rankings: list[Ranking], prior: float
) -> int:
    count = 0
    with _written(out, "enquiry_id", "register_id", "rank", "bits", "probability") as write:
        for enquiry, ranking in zip(asked, rankings, strict=True):
            shares = ranking.probabilities(prior, len(index))
            found = zip(ranking.ids, ranking.bits, shares, strict=True)
            for rank, (id, bits, share) in enumerate(found, 1):
                write([enquiry.id, id, str(rank), f"{bits:.6f}", _figure(share)])
                count += 1
    return count


def _write_absent(
    path: Path, asked: list[Description], rankings: list[Ranking], prior: float
) -> None:
    with _written(path, "enquiry_id", "p_absent") as write:
        for enquiry, ranking in zip(asked, rankings, strict=True):
            share = (1.0 - prior) / (1.0 - prior + prior * ranking.odds)
            write([enquiry.id, _figure(share)])


def _write_rejects(path: Path, rejects: list[Reject]) -> None:
    with _written(path, "file", "line", "field", "reason") as write:
        for reject in rejects:
            write([reject.file, str(reject.line), reject.field, reject.reason])


def _figure(share: float) -> str:
    return f"{share * (1.0 - ROUNDING):.9g}"


@contextmanager
def _written(path: Path, *heading: str) -> Iterator[Callable[[list[str]], object]]:
    """A CSV file, in its place only when it is whole."""
    part = path.with_name(path.name + ".part")
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(part, "wt", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(heading)
        yield writer.writerow
    part.replace(path)
