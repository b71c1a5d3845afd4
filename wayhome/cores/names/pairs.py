"""Published lists of pairs: two descriptions a line, and whether they are one person."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from .compare import compare, total
from .index import Index
from .letters import script_of
from .persons import Description
from .sheets import FIELDS, UnreadableFile

SAME = frozenset({"1", "true", "yes", "same", "match", "positive", "t", "y"})
DIFFERENT = frozenset({"0", "false", "no", "different", "negative", "f", "n"})
SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two descriptions, and whether somebody who knows says that they are one person."""

    left: Description
    right: Description
    same: bool

    @property
    def latin(self) -> bool:
        """Whether both names are written in Latin letters."""
        sides = (f"{x.surname} {x.given} {x.full_name}" for x in (self.left, self.right))
        return all(script_of(x) == "l" for x in sides)


def read_pairs(path: Path) -> list[Pair]:
    """Read a list with the columns left, right, label.

    In place of `left` there may be left_surname, left_given, left_dob and so on, and so for
    `right`; both may stand side by side. Raises UnreadableFile with the first fault.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text)
            columns = {x.strip().casefold(): x for x in reader.fieldnames or ()}
            _must_have(path, columns)
            pairs = list(_pairs(path, reader, columns))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"{path.name}: {error}") from error
    if not pairs:
        raise UnreadableFile(f"{path.name}: no row could be read")
    return pairs


def _must_have(path: Path, columns: dict[str, str]) -> None:
    for side in SIDES:
        if side not in columns and not any(x.startswith(f"{side}_") for x in columns):
            raise UnreadableFile(f"{path.name}: no column {side}")
    if "label" not in columns:
        raise UnreadableFile(f"{path.name}: no column label")


def _pairs(path: Path, reader: "csv.DictReader[str]", columns: dict[str, str]) -> Iterator[Pair]:
    for row in reader:
        label = (row[columns["label"]] or "").strip().casefold()
        if label not in SAME | DIFFERENT:
            fault = f"{path.name}, line {reader.line_num}: label: expected 1 or 0"
            raise UnreadableFile(fault)
        left, right = (_description(side, row, columns, reader.line_num) for side in SIDES)
        yield Pair(left, right, label in SAME)


def _description(side: str, row: dict[str, str], columns: dict[str, str], line: int) -> Description:
    known = {x.name for x in fields(Description)} - {"id"}
    values = {}
    for name, field in {**FIELDS, **{x: x for x in known}}.items():
        value = row.get(columns.get(f"{side}_{name}", ""), "") or ""
        if value.strip():
            values[field] = value.strip()
    if side in columns:
        values.setdefault("full_name", (row[columns[side]] or "").strip())
    return Description(id=f"{side} {line}", **values)


def score_pairs(
    pairs: list[Pair], *, progress: Callable[[int, int], None] | None = None
) -> list[float]:
    """The bits of each pair; how rare a name is, is counted in the list itself, on both sides."""
    once = {
        tuple(getattr(x, name.name) for name in fields(Description)[1:]): x
        for pair in pairs
        for x in (pair.left, pair.right)
    }
    frequencies = Index.build(once.values()).frequencies
    scores = []
    for number, pair in enumerate(pairs, 1):
        scores.append(total(compare(pair.left, pair.right, frequencies)))
        if progress:
            progress(number, len(pairs))
    return scores
