"""Published lists of pairs: two descriptions a line, and whether they are one person."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

from .compare import compare, total
from .index import Index
from .letters import script_of
from .persons import Description
from .sheets import FIELDS, Reject, UnreadableFile, read_rows

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


class Pairs(NamedTuple):
    """The pairs of a list, and what was set aside of it."""

    pairs: list[Pair]
    rejects: list[Reject]


def read_pairs(path: Path) -> Pairs:
    """Read a list with the columns left, right, label.

    In place of `left` there may be left_surname, left_given, left_dob and so on, and so for
    `right`; both may stand side by side. Raises UnreadableFile if there is nothing to use.
    """
    rows = read_rows(path, "label")
    pairs = []
    for line, row in rows.found:
        _must_have(path, row)
        label = row["label"].casefold()
        if label not in SAME | DIFFERENT:
            rows.rejects.append(Reject(path.name, line, "label", "expected 1 or 0"))
            continue
        left, right = (_description(side, row, line) for side in SIDES)
        pairs.append(Pair(left, right, label in SAME))
    rejects = sorted(rows.rejects, key=lambda x: x.line)
    if not pairs:
        why = f": {rejects[0]}" if rejects else ""
        raise UnreadableFile(f"{path.name}: no row could be read{why}")
    return Pairs(pairs, rejects)


def _must_have(path: Path, columns: Iterable[str]) -> None:
    for side in SIDES:
        if not any(x == side or x.startswith(f"{side}_") for x in columns):
            raise UnreadableFile(f"{path.name}: no column {side}")


def _description(side: str, row: dict[str, str], line: int) -> Description:
    known = {x.name for x in fields(Description)} - {"id"}
    values = {}
    for name, field in {**FIELDS, **{x: x for x in known}}.items():
        if value := row.get(f"{side}_{name}"):
            values[field] = value
    if side in row:
        values.setdefault("full_name", row[side])
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
