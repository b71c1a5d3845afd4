"""Registers and enquiries as CSV files: read, compared, candidates written.

A batch goes over the enquiries twice. First each is ranked, in lots, by all processors or by a
cluster; the rankings are kept beside the candidates' file, so that a batch that was stopped goes on
where it was. Then, when the share of persons on the register is known from all of them together,
candidates are written. A register may be a file, or the folder of an index. What a register says
of each enquiry may be handed over as likelihoods, which `pooling` joins.
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
from .likeness import MOST_BITS
from .persons import Description
from .same_person import UNLIKELY
from .sheets import Reject, Sheet, UnreadableFile, read_sheet
from .weights import Floats, Weights
from .workers import workers

__all__ = ["MatchReport", "Reject", "UnreadableFile", "UnwritableFile", "learn_prior", "match"]

SMALLEST_BATCH_TO_SHARE = 200
REJECTS, RANKINGS = ".rejects.csv", ".rankings"  # what stands beside OUT
LOT = 100  # enquiries that one processor ranks before it hands them over
PRIOR_ROUNDS = 200
VERSION = 5  # of the file of rankings
# Of a file of likelihoods: what a number of a person stands beside, in this order.
LIKELIHOODS = ("enquiry_id", "candidate", "bits", "cards", "batch")
OTHER, NAMESAKE, BROTHER = "other", "namesake", "brother"
SIGNS = 4  # that tell one batch of enquiries from another, and too few to tell whom it is about
# Written figures are made smaller by this share, so that rounding never lifts a sum above one.
ROUNDING = 1e-9

Progress = Callable[[int, int], None]
Lot = Sequence[Description]
Likelihood = tuple[int | str, float]  # the rank of a person, or what it is of; bits
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
    likelihoods: Path | None = None,
    weights: Weights | None = None,
    spread: Spread | None = None,
    progress: Progress | None = None,
) -> MatchReport:
    """Write the best candidates of a register for every enquiry.

    Without `prior` the share of enquiries whose person is on the register is learned from all of
    them together, and so are the weights, if none are given. `absent` gets, for each enquiry, the
    probability that the person is not there; an enquiry whose row cannot be used, but whose id
    can, gets what is likely of anybody. `likelihoods` gets what may be handed to other bureaus, see
    `pooling`. Faulty rows go to OUT.rejects.csv and stop nothing.
    `progress` hears how many enquiries are done, of how many. Stopped, and called again with the
    same files, it goes on from where it was. With `spread` other machines do the ranking; OUT's
    folder must be the same to them. Raises UnreadableFile if a file holds no row that can be used,
    and UnwritableFile before anything is done.
    """
    beside = [_beside(out, REJECTS), _beside(out, RANKINGS)]
    refuse_to_write((out, absent, likelihoods), beside, read=(register, enquiries))
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
        if likelihoods:
            _write_likelihoods(likelihoods, asked, batch)
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


def refuse_to_write(
    named: Sequence[Path | None], beside: Sequence[Path] = (), *, read: Sequence[Path]
) -> None:
    """Raise UnwritableFile if a file cannot be written, or another would be lost by it.

    Those that are `named`, and others that come to stand `beside` them.
    """
    for path in filter(None, named):
        if path.is_dir():
            raise UnwritableFile(f"{path} is a folder: expected a file to write")
        if not path.parent.is_dir():
            raise UnwritableFile(f"{path}: there is no folder {path.parent}")
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise UnwritableFile(f"{path}: nothing can be written in {path.parent}")
    taken = {x.resolve() for x in read}
    for path in (*beside, *filter(None, named)):
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


@dataclass(frozen=True, slots=True)
class Kept:
    """The ranking of one enquiry, as it was written down.

    `odds` as of a `Ranking`; `pattern` are its lines of OUT, which wait for the shares; `bits` of
    its persons, `first` the place of each one's first card, nothing where each has one card;
    `others` bits that all have beside; `like` as of a `Found`.
    """

    odds: float
    pattern: str
    bits: Floats
    first: list[int]
    others: float
    like: tuple[float, float]

    @classmethod
    def of(cls, line: str) -> "Kept":
        odds, pattern, of_persons, first, others, *like = json.loads(line)
        bits = np.frombuffer(bytes.fromhex(of_persons))
        return cls(odds, pattern, bits, first, others, (like[0], like[1]))

    def likelihoods(self, cards: int) -> list[Likelihood]:
        """Ranks of the persons who could be the one sought, and their bits; then all others."""
        bits = (self.bits - self.others).tolist()
        least = np.log2(max(cards, 1)) - UNLIKELY
        persons: list[Likelihood] = [
            (place + 1, each)
            for place, each in enumerate(bits)
            if each >= least and (not self.first or self.first[place] == place)
        ]
        rest = cards * self.odds * 2.0**-self.others - sum(2.0**x for _, x in persons)
        return [*persons, *_in_bits((rest, *self.like))]


def _in_bits(sums: Sequence[float]) -> list[Likelihood]:
    """All other persons together, a namesake, a brother."""
    bits = np.log2(np.maximum(sums, 2.0**-MOST_BITS)).tolist()
    return list(zip((OTHER, NAMESAKE, BROTHER), bits, strict=True))


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
    """A line of text for each enquiry of a lot: what `Kept` holds.

    Odds come first, and the bits are the bytes of float64, in hex.
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
        persons, found = ranking.persons, ranking.found
        first = [] if persons.as_found else persons.first.tolist()
        told = [float(ranking.odds), pattern, persons.bits.tobytes().hex(), first]
        told += [found.others, *map(float, found.like)]
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
    return cell(id).replace("%", "%%")


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
        written(batch.out, "enquiry_id", "register_id", "rank", "bits", "probability") as text,
        batch.kept.open(encoding="utf-8") as kept,
    ):
        next(kept)
        for ranking in map(Kept.of, kept):
            shares = probabilities(ranking.bits, ranking.odds, prior, cards) * (1.0 - ROUNDING)
            text.write(ranking.pattern % tuple(shares.tolist()))
            count += len(shares)
    return count


def _write_absent(path: Path, asked: Sheet, odds: Floats, prior: float) -> None:
    shares = (1.0 - prior) / (1.0 - prior + prior * odds)
    with written(path, "enquiry_id", "p_absent") as text:
        for id, row in _in_order(asked):
            share = 1.0 - prior if row is None else float(shares[row])
            text.write(f"{cell(id)},{figure(share)}\n")


def _write_likelihoods(path: Path, asked: Sheet, batch: Batch) -> None:
    """What the register says of each enquiry, without a name or a number of any card.

    A row for each person who could be the one sought, as ranked in OUT; one for all others
    together, one for "a namesake of his is here", one for "a brother". Bits are counted from
    anybody, who has none. Of whom nothing is known, all others are as likely.
    """
    cards, batch_signs = len(batch.index), _signs_of(batch.asked)
    unknown = _in_bits((cards, 1.0, 1.0))
    with written(path, *LIKELIHOODS) as text, batch.kept.open(encoding="utf-8") as kept:
        next(kept)
        told = (Kept.of(line).likelihoods(cards) for line in kept)
        for id, row in _in_order(asked):
            for candidate, bits in unknown if row is None else next(told):
                text.write(f"{cell(id)},{candidate},{bits:.6f},{cards},{batch_signs}\n")


def _in_order(asked: Sheet) -> list[tuple[str, int | None]]:
    """Ids in the order of the file, each with its place among the rows that can be used."""
    used = {id: (row, row) for row, id in enumerate(asked.ids)}
    unused = {id: (place, None) for place, id in asked.unused if id not in used}
    lines = [(*of_id, id) for id, of_id in (unused | used).items()]
    return [(id, row) for _, row, id in sorted(lines, key=itemgetter(0))]


def _signs_of(asked: Lot) -> str:
    """A few signs by which two files of enquiries are told apart."""
    told = hashlib.sha256()
    for one in asked:
        told.update(repr(one).encode("utf-8", "surrogateescape"))
    return told.hexdigest()[:SIGNS]


def _write_rejects(path: Path, rejects: list[Reject]) -> None:
    with written(path, "file", "line", "field", "reason") as text:
        for reject in rejects:
            told = (reject.file, str(reject.line), reject.field, reject.reason)
            text.write(",".join(map(cell, told)) + "\n")


_QUOTED = re.compile('[,"\r\n]')
_TO_QUOTE = re.compile('[,"\r\n%]')  # in a pattern


def cell(text: str) -> str:
    """A text as it stands in a CSV file."""
    if _QUOTED.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def figure(share: float) -> str:
    return f"{share * (1.0 - ROUNDING):.9g}"


@contextmanager
def written(path: Path, *heading: str) -> Iterator[IO[str]]:
    """A CSV file, in its place only when it is whole."""
    part = path.with_name(path.name + ".part")
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(part, "wt", encoding="utf-8", newline="") as text:
        text.write(",".join(heading) + "\n")
        yield text
    part.replace(path)
