"""Registers and enquiries as CSV files: read, compared, candidates written.

A batch goes over the enquiries twice. First each is ranked, in lots, by all processors or by a
cluster; the rankings are kept beside the candidates' file, so that a batch that was stopped goes on
where it was. Then, when the share of persons on the register is known from all of them together,
candidates are written. A register may be a file, or the folder of an index.
"""

import contextlib
import gzip
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache, partial
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np

from .index import Index, probabilities
from .learning import ON_REGISTER_BEFOREHAND, Pair, inspect_all, learn
from .persons import Description
from .sheets import Reject, Sheet, UnreadableFile, read_sheet
from .weights import Floats, Weights
from .workers import workers

__all__ = ["MatchReport", "Reject", "UnreadableFile", "UnwritableFile", "learn_prior", "match"]

SMALLEST_BATCH_TO_SHARE = 200
REJECTS, RANKINGS = ".rejects.csv", ".rankings"  # what stands beside OUT
LOT = 100  # enquiries that one processor ranks before it hands them over
PRIOR_ROUNDS = 200
VERSION = 4  # of the file of rankings
# Written figures are made smaller by this share, so that rounding never lifts a sum above one.
ROUNDING = 1e-9

Progress = Callable[[int, int], None]
Lot = Sequence[Description]
# Hands lots to workers; what each gives comes back in their order.
Spread = Callable[[Sequence[Lot], Callable[[Lot], list[Any]], Progress], Iterable[Any]]


class UnwritableFile(ValueError):
    """A batch was told to write where it cannot, or over a file that it reads."""


@dataclass(frozen=True, slots=True)
class MatchReport:
    """How many candidates were written, and how many faults stand in the file of rejects.

    `read_as` says of which file another encoding than UTF-8, or a divider, was found.
    """

    rows: int
    rejected: int
    prior: float = 0.0
    read_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How a register was read: its faults, and in words what it is, if it is unusual."""

    rejects: list[Reject] = field(default_factory=list)
    read_as: str = ""


class Asking(NamedTuple):
    """How a worker finds the index, and how many candidates it wants of each enquiry."""

    folder: str  # "" for the index that this process holds
    top: int
    weights: str  # as JSON, "" for those of the index


@dataclass(slots=True)
class Batch:
    """One run of `match`."""

    index: Index
    asked: list[Description]
    out: Path
    asking: Asking
    stamp: str
    learning: bool
    inspected: Callable[[Lot], Iterable[Pair]] | None = None

    def use(self, weights: str) -> None:
        """Weigh by these, here and at the workers."""
        self.asking = self.asking._replace(weights=weights)
        if weights:
            self.index.use(Weights.of_json(weights), keep=False)

    @property
    def kept(self) -> Path:
        """Where the rankings are, until the candidates are written."""
        return _beside(self.out, RANKINGS)


def match(
    register: Path,
    enquiries: Path,
    out: Path,
    *,
    top: int = 50,
    prior: float | None = None,
    absent: Path | None = None,
    weights: Weights | None = None,
    spread: Spread | None = None,
    progress: Progress | None = None,
) -> MatchReport:
    """Write the best candidates of a register for every enquiry.

    Without `prior` the share of enquiries whose person is on the register is learned from all of
    them together, and so are the weights, if none are given. `absent` gets, for each enquiry, the
    probability that the person is not there; an enquiry whose row cannot be used, but whose id
    can, gets what is likely of anybody. Faulty rows go to OUT.rejects.csv and stop nothing.
    `progress` hears how many enquiries are done, of how many. Stopped, and called again with the
    same files, it goes on from where it was. With `spread` other machines do the ranking; OUT's
    folder must be the same to them. Raises UnreadableFile if a file holds no row that can be used,
    and UnwritableFile before anything is done.
    """
    _refuse_to_write(out, absent, read=(register, enquiries))
    asked = read_sheet(enquiries, "enquiry_id")
    with (
        _indexed(register, out, laid_down=spread is not None) as (index, folder, of_register),
        nullcontext(spread) if spread else _here(index, len(asked)) as spreading,
    ):
        told = weights.to_json() if weights is not None else ""
        batch = Batch(
            index=index,
            asked=list(asked.descriptions()),
            out=out,
            asking=Asking(folder, top, ""),
            stamp=_stamp(register, enquiries, top, prior is None, told),
            learning=weights is None and prior is None,
        )
        batch.use(told)
        if spread is None:
            batch.inspected = partial(_inspected_by, spreading, batch.asked)
        odds = _rank_all(batch, spreading, progress)
        share = learn_prior(odds) if prior is None else prior
        rows = _write_candidates(batch, share)
        if absent:
            _write_absent(absent, asked, odds, share)
    rejects = of_register.rejects + asked.rejects
    _write_rejects(_beside(out, REJECTS), rejects)
    batch.kept.unlink()
    how = ((register, of_register.read_as), (enquiries, asked.read_as))
    return MatchReport(
        rows=rows,
        rejected=len(rejects),
        prior=share,
        read_as=tuple(f"{path.name}: {words}" for path, words in how if words),
    )


def _beside(out: Path, ending: str) -> Path:
    return out.with_name(out.name + ending)


def _refuse_to_write(out: Path, absent: Path | None, *, read: Sequence[Path]) -> None:
    """Raise UnwritableFile if a file cannot be written, or another would be lost by it."""
    for path in filter(None, (out, absent)):
        if path.is_dir():
            raise UnwritableFile(f"{path} is a folder: expected a file to write")
        if not path.parent.is_dir():
            raise UnwritableFile(f"{path}: there is no folder {path.parent}")
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise UnwritableFile(f"{path}: nothing can be written in {path.parent}")
    taken = {x.resolve() for x in read}
    written = [out, _beside(out, REJECTS), _beside(out, RANKINGS), *filter(None, [absent])]
    for path in written:
        if path.resolve() in taken:
            raise UnwritableFile(f"{path} would be written over: give another name")
        taken.add(path.resolve())


def learn_prior(odds: Floats) -> float:
    """The share of persons who are on the register, by expectation maximisation.

    `odds` holds, for each enquiry, the mean of 2 ** bits over the register. Beforehand, every share
    counts as equally likely, which weighs as much as two enquiries: one that is asked alone cannot
    make its own answer sure.
    """
    here, absent = ON_REGISTER_BEFOREHAND
    prior = here / (here + absent)
    for _ in range(PRIOR_ROUNDS):
        found = float((prior * odds / (1.0 - prior + prior * odds)).sum())
        prior = (found + here) / (len(odds) + here + absent)
    return prior


@contextmanager
def _indexed(register: Path, out: Path, *, laid_down: bool) -> Iterator[tuple[Index, str, Reading]]:
    """The index of a register, the folder where workers find it, and how its file was read.

    `laid_down` beside OUT for as long as this lasts, if it is not in a folder already.
    """
    if register.is_dir():
        try:
            yield Index.open(register), str(register.resolve()), Reading()
        except FileNotFoundError as error:
            raise UnreadableFile(f"{register}: no index") from error
        return
    sheet: Sheet = read_sheet(register, "register_id")
    how = Reading(sheet.rejects, sheet.read_as)
    if not laid_down:
        index = Index.build_from(sheet)
        del sheet
        yield index, "", how
        return
    folder = Path(tempfile.mkdtemp(prefix="wayhome-index-", dir=out.resolve().parent))
    try:
        yield Index.build_from(sheet, folder), str(folder), how
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stamp(register: Path, enquiries: Path, *settings: object) -> str:
    """What must be the same for a batch to go on from where it was."""
    told: list[object] = [VERSION, *settings]
    for path in (register, enquiries):
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        told += [(str(x.resolve()), x.stat().st_size, x.stat().st_mtime_ns) for x in files]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _rank_all(batch: Batch, spread: Spread, progress: Progress | None) -> Floats:
    """Rank every enquiry, and keep the rankings; the odds of each."""
    odds = _taken_up(batch)
    if not odds:
        if batch.learning:
            batch.use(learn(batch.index, batch.asked, inspected=batch.inspected).to_json())
        _begin(batch)
    done = len(odds)
    rest = batch.asked[done:]
    lots = [rest[x : x + LOT] for x in range(0, len(rest), LOT)]

    def told(lots_done: int, _: int) -> None:
        if progress:
            progress(min(done + lots_done * LOT, len(batch.asked)), len(batch.asked))

    with batch.kept.open("a", encoding="utf-8") as kept:
        for line in spread(lots, partial(_ranked, batch.asking), told):
            kept.write(line)
            odds.append(_odds_of(line))
    if progress and not lots:
        progress(len(odds), len(batch.asked))
    return np.array(odds, np.float64)


def _taken_up(batch: Batch) -> list[float]:
    """The odds of what a batch that was stopped had done; a line that broke off is forgotten.

    The weights it went by come first in the file, so that they are not learned again.
    """
    odds: list[float] = []
    size = 0
    with contextlib.suppress(FileNotFoundError, ValueError), batch.kept.open("rb") as kept:
        first = kept.readline()
        heading = json.loads(first)
        if isinstance(heading, dict) and heading.get("stamp") == batch.stamp:
            batch.use(heading["weights"])
            size = len(first)
            for raw in kept:
                if not raw.endswith(b"\n") or len(odds) == len(batch.asked):
                    break
                odds.append(_odds_of(raw.decode()))
                size += len(raw)
    if size:
        os.truncate(batch.kept, size)
        return odds
    return []


def _begin(batch: Batch) -> None:
    """A file for the rankings, readable by its owner alone."""
    heading = json.dumps({"stamp": batch.stamp, "weights": batch.asking.weights}) + "\n"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with open(os.open(batch.kept, flags, 0o600), "w", encoding="utf-8") as kept:
        kept.write(heading)


# The index of a batch, set before the workers are forked, which then share it; and the weights
# that it goes by in this process.
_held: Index | None = None
_held_by = ""


@lru_cache(maxsize=1)
def _opened(folder: str, weights: str) -> Index:
    index = Index.open(Path(folder))
    if weights:
        index.use(Weights.of_json(weights), keep=False)
    return index


def _ranked(asking: Asking, lot: Lot) -> list[str]:
    """A line of text for each enquiry of a lot: odds, lines of OUT without shares, bits of persons.

    Those lines are a pattern that waits for the shares; the bits are the bytes of float64, in hex.
    """
    global _held_by
    index = _held
    if index is None:
        index = _opened(asking.folder, asking.weights)
    elif asking.weights not in ("", _held_by):
        index.use(Weights.of_json(asking.weights), keep=False)
        _held_by = asking.weights
    lines = []
    for one in lot:
        ranking = index.rank(one, asking.top)
        pattern = _without_shares(one.id, ranking.ids, ranking.bits.tolist())
        told = [float(ranking.odds), pattern, ranking.persons.bits.tobytes().hex()]
        lines.append(json.dumps(told) + "\n")
    return lines


def _without_shares(enquiry: str, ids: Sequence[str], bits: Sequence[float]) -> str:
    """The lines of OUT for one enquiry, with a gap for each share."""
    if _TO_QUOTE.search("".join((enquiry, *ids))):
        enquiry, ids = _in_a_gap(enquiry), [_in_a_gap(x) for x in ids]
    told = [x for id, each in zip(ids, bits, strict=True) for x in (enquiry, id, each)]
    return _lines_of(len(ids)) % tuple(told)


@lru_cache
def _lines_of(count: int) -> str:
    """Enquiry, card, rank, bits, and the gap that is left for the share."""
    return "".join(f"%s,%s,{rank},%.6f,%%.9g\n" for rank in range(1, count + 1))


def _in_a_gap(id: str) -> str:
    return _cell(id).replace("%", "%%")


def _odds_of(line: str) -> float:
    return float(line[1 : line.index(",")])


def _inspected_by(spread: Spread, every: Lot, asked: Lot) -> Iterable[Pair]:
    """What learning wants to know of some of the enquiries.

    In the lots in which they will be ranked: who looked up their words knows them then.
    """
    lot_of = {id(one): number // LOT for number, one in enumerate(every)}
    lots: list[list[Description]] = [[] for _ in range(0, len(every), LOT)]
    for one in asked:
        lots[lot_of[id(one)]].append(one)
    return spread(lots, _inspected, lambda done, of: None)


def _inspected(lot: Lot) -> list[Pair]:
    assert _held is not None
    return [inspect_all(_held, lot)] if lot else []


@contextmanager
def _here(index: Index, enquiries: int) -> Iterator[Spread]:
    """By all processors of this machine, if it is worth a fork."""
    global _held, _held_by
    _held, _held_by = index, ""
    count = len(os.sched_getaffinity(0))
    try:
        if count == 1 or enquiries < SMALLEST_BATCH_TO_SHARE:
            yield _one_by_one
        else:
            with workers(count) as many:
                yield many.spread
    finally:
        _held = None


def _one_by_one(
    lots: Sequence[Lot], work: Callable[[Lot], list[Any]], progress: Progress
) -> Iterator[Any]:
    for done, lot in enumerate(lots, 1):
        yield from work(lot)
        progress(done, len(lots))


def _write_candidates(batch: Batch, prior: float) -> int:
    count, cards = 0, len(batch.index)
    with (
        _written(batch.out, "enquiry_id", "register_id", "rank", "bits", "probability") as text,
        batch.kept.open(encoding="utf-8") as kept,
    ):
        next(kept)
        for line in kept:
            odds, pattern, of_persons = json.loads(line)
            bits = np.frombuffer(bytes.fromhex(of_persons))
            shares = probabilities(bits, odds, prior, cards) * (1.0 - ROUNDING)
            text.write(pattern % tuple(shares.tolist()))
            count += len(bits)
    return count


def _write_absent(path: Path, asked: Sheet, odds: Floats, prior: float) -> None:
    """In the order of the file, with the ids of rows that could not be used."""
    shares = (1.0 - prior) / (1.0 - prior + prior * odds)
    used = dict(zip(asked.ids, enumerate(shares.tolist()), strict=True))
    unused = {id: (place, 1.0 - prior) for place, id in asked.unused if id not in used}
    lines = [(*of_id, id) for id, of_id in (unused | used).items()]
    with _written(path, "enquiry_id", "p_absent") as text:
        for _, share, id in sorted(lines, key=itemgetter(0)):
            text.write(f"{_cell(id)},{_figure(share)}\n")


def _write_rejects(path: Path, rejects: list[Reject]) -> None:
    with _written(path, "file", "line", "field", "reason") as text:
        for reject in rejects:
            told = (reject.file, str(reject.line), reject.field, reject.reason)
            text.write(",".join(map(_cell, told)) + "\n")


_QUOTED = re.compile('[,"\r\n]')
_TO_QUOTE = re.compile('[,"\r\n%]')  # in a pattern


def _cell(text: str) -> str:
    """A text as it stands in a CSV file."""
    if _QUOTED.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def _figure(share: float) -> str:
    return f"{share * (1.0 - ROUNDING):.9g}"


@contextmanager
def _written(path: Path, *heading: str) -> Iterator[IO[str]]:
    """A CSV file, in its place only when it is whole."""
    part = path.with_name(path.name + ".part")
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(part, "wt", encoding="utf-8", newline="") as text:
        text.write(",".join(heading) + "\n")
        yield text
    part.replace(path)
