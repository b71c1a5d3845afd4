"""How well candidates, or scores of pairs, do against the truth.

Measures only: no code of whoever made the candidates is used here. A best candidate for a man who
is not on the register counts as a false one. Candidates are taken in the order of `probability`,
ties in that of `bits`, further ties in an order of no meaning, so that the order of a file gains
nothing.
"""

import csv
import gzip
import hashlib
import re
import zlib
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from math import isfinite, nan
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DEPTH = 50  # candidates of an enquiry that are looked at
RECALLS_AT = (1, 10, 50)
PRECISIONS = (0.9, 0.95, 0.99)
KEPT = (0.5, 0.8, 0.9)
THRESHOLDS = 201
# A queue that people can read: so many pairs for each enquiry (60 a day for 300), where so many of
# the men asked for are on the register.
PAIRS_READ, ON_REGISTER = 0.2, 0.02
BINS = 10
BY = ("group", "script", "noise", "dob_noise", "reg_script", "case")

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
SetAside = Callable[[str], None]  # hears which row cannot be used, and why

_NO_TEXT = re.compile("[\ud800-\udfff]")


class UnusableFile(ValueError):
    """A file that lacks what is asked of it; the text says what."""


@dataclass
class Truth:
    """Of one enquiry: its true cards, none for a man who is not there, and what kind it is."""

    cards: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """One candidate."""

    card: str
    probability: float
    bits: float


@dataclass(frozen=True)
class Judged:
    """The first candidates of each enquiry, flat: which enquiry, and whether it is a true card."""

    enquiries: list[str]
    whose: NDArray[np.int64]
    true: Flags
    probability: Floats
    best: Floats  # of each enquiry with a match: rank of its first true card, inf if none
    top: Floats  # of each enquiry: probability of its best candidate, 0 without any
    top_true: Flags
    matched: Flags  # whether the sought man is on the register
    score: Floats  # of each candidate: its place among all by probability and bits
    top_score: Floats  # -1 without any candidate


def judge(
    truth: Path,
    candidates: Path,
    *,
    first: int | None = None,
    set_aside: SetAside = lambda fault: None,
) -> dict[str, Any]:
    """All measures of a file of candidates; `first` so many enquiries only.

    `set_aside` hears of each row that cannot be used. Raises UnusableFile where a column is
    missing.
    """
    truths = read_truth(truth, set_aside)
    if first is not None:
        truths = dict(list(truths.items())[:first])
    judged = _judged(truths, read_candidates(candidates, set_aside))
    cards = sum(len(x.cards) for x in truths.values())
    measures: dict[str, Any] = {
        "enquiries": len(truths),
        "matches": int(judged.matched.sum()),
        **_recalls(judged, cards),
        **_decisions(judged),
        **_calibration(judged, cards),
    }
    return measures | {"breakdown": _breakdown(judged, truths)}


def read_truth(path: Path, set_aside: SetAside = lambda fault: None) -> dict[str, Truth]:
    """The truth of each enquiry, in the order of the file."""
    truths: dict[str, Truth] = {}
    for _, row in _rows(path, set_aside):
        truth = truths.setdefault(row["enquiry_id"], Truth())
        if row["register_id"]:
            truth.cards.add(row["register_id"])
        if not truth.kinds:
            truth.kinds = {x: row[x] for x in BY if x in row}
    return truths


def read_candidates(path: Path, set_aside: SetAside = lambda fault: None) -> dict[str, list[Found]]:
    """The candidates of each enquiry; a column `score` stands in for bits and probability."""
    found: defaultdict[str, list[Found]] = defaultdict(list)
    for line, row in _rows(path, set_aside):
        try:
            probability = float(row.get("probability") or row.get("score") or 0.0)
            bits = float(row.get("bits") or row.get("score") or 0.0)
        except ValueError:
            probability = bits = nan
        if not isfinite(probability + bits):
            set_aside(f"{path.name}, line {line}: a number was expected")
            continue
        found[row["enquiry_id"]].append(Found(row["register_id"], probability, bits))
    return found


@contextmanager
def _opened(path: Path) -> Iterator[Iterable[str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            yield text
    except (EOFError, zlib.error) as error:
        raise UnusableFile(f"{path.name} breaks off: {error}") from error


class _Lines:
    """Lines that a reader took since the last mark may be given back to it."""

    def __init__(self, source: Iterable[str]) -> None:
        self._source, self._back = iter(source), deque[str]()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._source)
        self.taken.append(line)
        return line

    def give_back(self) -> None:
        """All but the first."""
        self._back.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def _rows(path: Path, set_aside: SetAside) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows with their lines. A quotation mark that is not closed costs one line alone."""
    with _opened(path) as text:
        lines, number = _Lines(text), 0
        reader = csv.reader(lines, strict=True)
        heading: list[str] = []
        with suppress(csv.Error):
            heading = next(reader, [])
        for name in ("enquiry_id", "register_id"):
            if name not in heading:
                raise UnusableFile(f"{path.name}: no column {name}")
        while True:
            number += len(lines.taken)
            lines.taken.clear()
            try:
                cells, fault = next(reader), ""
            except StopIteration:
                return
            except csv.Error as error:
                cells, fault = [], str(error)
            if not fault and cells and len(cells) != len(heading):
                fault = "wrong number of fields"
            elif _NO_TEXT.search("".join(cells)):
                fault = "not UTF-8"
            if fault:
                lines.give_back()
                set_aside(f"{path.name}, line {number + 1}: {fault}")
            elif cells:
                yield number + 1, dict(zip(heading, cells, strict=True))


def _chance(card: str) -> int:
    """An order that no file can know."""
    return int.from_bytes(hashlib.blake2b(card.encode(), digest_size=8).digest())


def _judged(truths: dict[str, Truth], candidates: dict[str, list[Found]]) -> Judged:
    whose, true, probability, bits = [], [], [], []
    best = np.full(len(truths), np.inf)
    for number, (enquiry, truth) in enumerate(truths.items()):
        distinct = {x.card: x for x in reversed(candidates.get(enquiry, []))}
        ranked = sorted(
            distinct.values(), key=lambda x: (-x.probability, -x.bits, _chance(x.card))
        )[:DEPTH]
        for rank, one in enumerate(ranked, 1):
            whose.append(number)
            true.append(one.card in truth.cards)
            probability.append(one.probability)
            bits.append(one.bits)
            if true[-1]:
                best[number] = min(best[number], rank)
    owners, flags = np.array(whose, np.int64), np.array(true, np.bool_)
    shares = np.array(probability, np.float64)
    scores = _places(shares, np.array(bits, np.float64))
    tops = np.flatnonzero(np.diff(owners, prepend=-1) > 0)
    top, top_score = np.zeros(len(truths)), np.full(len(truths), -1.0)
    top_true = np.zeros(len(truths), np.bool_)
    top[owners[tops]], top_score[owners[tops]] = shares[tops], scores[tops]
    top_true[owners[tops]] = flags[tops]
    matched = np.array([bool(x.cards) for x in truths.values()], np.bool_)
    return Judged(
        list(truths), owners, flags, shares, best, top, top_true, matched, scores, top_score
    )


def _places(shares: Floats, bits: Floats) -> Floats:
    """Of each candidate its place among all by probability, then bits; equal ones share one."""
    order = np.lexsort((bits, shares))
    new = np.zeros(len(order), np.int64)
    new[1:] = (np.diff(shares[order]) != 0) | (np.diff(bits[order]) != 0)
    places = np.empty(len(order))
    places[order] = np.cumsum(new)
    return places


def _recalls(judged: Judged, cards: int) -> dict[str, float]:
    best = judged.best[judged.matched]
    found = {f"recall@{k}": _mean(best <= k) for k in RECALLS_AT}
    found["recall@queue"] = _recall_in_queue(judged)
    return found | {f"all_cards@{DEPTH}": float(judged.true.sum() / max(cards, 1))}


def _recall_in_queue(judged: Judged) -> float:
    """Share of the men on the register of whom a true card stands in the queue.

    Pairs enter by their place among all, as long as there are no more than can be read. Enquiries
    of the trial count so that ON_REGISTER of them are for men on the register.
    """
    order = np.argsort(-judged.score, kind="stable")
    here = judged.matched[judged.whose[order]]
    matches, absent = judged.matched.sum(), (~judged.matched).sum()
    worth = np.where(here, ON_REGISTER / max(matches, 1), (1.0 - ON_REGISTER) / max(absent, 1))
    score = judged.score[order]
    last = np.append(score[1:] != score[:-1], True)  # pairs of one place enter together
    read = np.cumsum(worth)
    fits = np.flatnonzero(last & (read <= PAIRS_READ))
    taken = order[: fits[-1] + 1] if len(fits) else order[:0]
    found = np.unique(judged.whose[taken][judged.true[taken]])
    return float(len(found) / max(int(matches), 1))


def _decisions(judged: Judged) -> dict[str, float | None]:
    """Of the one decision "best candidate, if his score reaches a threshold"."""
    matches = int(judged.matched.sum())
    points = list(_thresholds(judged.top_score, judged.top_true, matches))
    found: dict[str, float | None] = {
        "roc_auc": roc_auc(judged.top_true, judged.top_score),
        "pr_auc": average_precision(judged.top_true, judged.top_score, matches),
        "match_vs_absent_auc": roc_auc(judged.matched, judged.top_score),
    }
    for least in PRECISIONS:
        recalls = [recall for _, precision, recall in points if precision >= least]
        found[f"recall_at_precision_{least}"] = max(recalls, default=0.0)
    absent = judged.top_score[~judged.matched]
    for kept in KEPT:
        cuts = [threshold for threshold, _, recall in points if recall >= kept]
        rate = _mean(absent >= max(cuts)) if cuts and len(absent) else None
        found[f"false_rate_absent@recall{kept}"] = rate
    return found


def _thresholds(score: Floats, true: Flags, matches: int) -> Iterator[tuple[float, float, float]]:
    """Threshold, precision and recall at so many quantiles of the score."""
    given = score[score >= 0]
    if not len(given):
        return
    for threshold in np.unique(np.quantile(given, np.linspace(0, 1, THRESHOLDS))).tolist():
        taken = score >= threshold
        yield threshold, _mean(true[taken]), float(true[taken].sum() / max(matches, 1))


def _calibration(judged: Judged, cards: int) -> dict[str, float]:
    with_any = judged.top_score >= 0
    top, top_true = judged.top[with_any], judged.top_true[with_any]
    return {
        "pair_pr_auc": average_precision(judged.true, judged.score, cards),
        "pair_ece": calibration_error(judged.true, judged.probability),
        "pair_brier": _mean((judged.probability - judged.true) ** 2),
        "top_ece": calibration_error(top_true, top),
        "top_brier": _mean((top - top_true) ** 2),
    }


def _breakdown(judged: Judged, truths: dict[str, Truth]) -> dict[str, dict[str, list[float]]]:
    """Of each kind of enquiry with a match: how many, recall@1, recall@10."""
    ranks: dict[str, defaultdict[str, list[float]]] = {x: defaultdict(list) for x in BY[:-1]}
    for truth, best, matched in zip(truths.values(), judged.best, judged.matched, strict=True):
        for name, kinds in ranks.items():
            for kind in truth.kinds.get(name, "").split("+") if matched else ():
                kinds[kind].append(float(best))
    return {
        name: {
            kind: [len(x), _mean(np.array(x) <= 1), _mean(np.array(x) <= 10)]
            for kind, x in sorted(kinds.items(), key=lambda item: -len(item[1]))
        }
        for name, kinds in ranks.items()
        if any(kinds)
    }


def judge_scores(labels: Sequence[bool], scores: Sequence[float]) -> dict[str, Any]:
    """Measures of scores of pairs, of which some are the same person."""
    true, score = np.array(labels, np.bool_), np.array(scores, np.float64)
    found: dict[str, Any] = {
        "pairs": len(true),
        "same": int(true.sum()),
        "roc_auc": roc_auc(true, score),
        "pr_auc": average_precision(true, score),
    }
    return found | {
        f"recall_at_precision_{least}": recall_at_precision(true, score, least)
        for least in PRECISIONS
    }


def roc_auc(true: Flags, score: Floats) -> float | None:
    """The probability that a true one scores above a false one, ties counted half."""
    positive = int(true.sum())
    negative = len(true) - positive
    if not positive or not negative:
        return None
    _, places, counts = np.unique(score, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[places]
    return float((ranks[true].sum() - positive * (positive + 1) / 2) / (positive * negative))


def average_precision(true: Flags, score: Floats, total: int | None = None) -> float:
    """The area under precision and recall; ties are taken together, so that no order helps."""
    hits, sizes = _by_falling_score(true, score)
    precision = np.cumsum(hits) / np.cumsum(sizes)
    return float((precision * hits).sum() / max(1, true.sum() if total is None else total))


def recall_at_precision(true: Flags, score: Floats, least: float) -> float:
    """The greatest recall at any threshold whose precision reaches `least`."""
    hits, sizes = _by_falling_score(true, score)
    found = np.cumsum(hits)
    good = found / np.cumsum(sizes) >= least
    return float(found[good].max() / max(true.sum(), 1)) if good.any() else 0.0


def _by_falling_score(true: Flags, score: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each distinct score, from the highest: how many true ones have it, and how many do."""
    values, places = np.unique(-score, return_inverse=True)
    sizes = np.bincount(places, minlength=len(values))
    hits = np.bincount(places, weights=true, minlength=len(values)).astype(np.int64)
    return hits, sizes


def calibration_error(true: Flags, probability: Floats) -> float:
    """How far probabilities lie from what came true, in ten lots of equal size."""
    order = np.argsort(probability, kind="stable")
    lots = zip(
        np.array_split(true[order], BINS), np.array_split(probability[order], BINS), strict=True
    )
    off = sum(abs(y.mean() - p.mean()) * len(y) for y, p in lots if len(y))
    return float(off / max(len(true), 1))


def _mean(values: NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else 0.0
