"""Blind search on files: read, searched, pairs written; stopped and gone on with."""

import csv
import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, field
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any, BinaryIO

from ..cases import (
    Case,
    linked_but_not_declared,
    optional,
    read_floor,
    read_lineage,
    read_linkage,
    read_markers,
    read_theta,
)
from ..faults import MalformedCase
from ..files import read_document
from ..markers import Marker
from ..pedigree import X
from ..ratios import lines_of, linked_pairs
from ..reading import At
from ..saying import Said
from .families import Families, RemainsList
from .observed import Kit
from .pairs import Pair, Relation, best_of, passes, related, without_x
from .search import Found, Progress, Ready, Spent, blocks_of, search
from .spread import Share, search_spread
from .strangers import expected

SCHEMA = "wayhome-blind/1"
EVENT_KEYS = (
    *("schema", "id", "theta", "markers", "families", "remains", "pairwise_profiles"),
    *("unknown_alleles", "linkage", "lineages", "frequencies"),
    *("description", "expected", "truth", "source", "category"),
)
PAIRS_HEADING = ("remains_id", "family_id", "missing_id", "log10_lr", "markers")
RELATED_HEADING = ("a", "b", "relation", "log10_lr")
WITHOUT_THRESHOLD = 1_000_000  # pairs that are all written if no threshold is told
LONGEST_LINE_BYTES = 2**24


@dataclass(frozen=True)
class Reject:
    """A line, or a family, that was set aside."""

    file: str
    line: int
    field: str
    reason: str


@dataclass
class Input:
    """Everything that is to be compared, and what it rests on."""

    kit: Kit
    remains: RemainsList
    families: Families
    lines: list[int] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    added: tuple[tuple[str, str, float], ...] = ()
    frequencies: str = ""
    notes: tuple[str, ...] = ()
    files: tuple[str, str] = ("", "")
    read_s: float = 0.0

    def close(self) -> "Input":
        """Add unknown alleles to the markers, and note what a reader should know."""
        self.added = self.kit.close()
        case = Case("", {}, "", self.kit.markers, {}, linkage=self.kit.linkage())
        unused = (Said("not used", marker=name) for name in self.kit.not_used)
        self.notes = (*self.notes, *sorted(unused), *linked_but_not_declared(case))
        return self

    def rests_on(self) -> dict[str, Any]:
        return {
            "input_sha256": self.digests,
            "frequencies": self.frequencies,
            "theta": self.kit.theta,
            "linked": linked_pairs(self.kit.linkage()),
            "lineages": lines_of(
                (seen.marker, seen.theta) for seen in self.kit.seen if seen.is_lineage
            ),
            "markers": [marker.name for marker in self.kit.markers],
            "added_alleles": [{"marker": m, "allele": a, "frequency": f} for m, a, f in self.added],
            "assumed_unrelated": "founders of a family, and remains that are not its missing",
            "notes": list(self.notes),
        }


def read_event(path: Path, *, pairwise: bool = False) -> Input:
    """An event of the schema wayhome-blind/1; its `pairwise_profiles` only if asked for.

    Raises MalformedCase or OSError.
    """
    begun = time.perf_counter()
    document, digest = read_document(path)
    at = At(document)
    at.get("schema").one_of([SCHEMA])
    notes = tuple(Said("not read", part=key) for key in at.knows(EVENT_KEYS))
    kit = _kit(at, theta=read_theta(at), floor=read_floor(at))
    found = Input(kit, RemainsList(kit), Families(kit), notes=notes, digests={path.name: digest})
    for one in at.get("remains") if at.has("remains") else ():
        found.remains.add(one.value, one.place)
    for code, profile in optional(at, "pairwise_profiles") if pairwise else ():
        # The schema tells them without a sex and means men.
        found.remains.add({"id": code, "sex": "M", "genotypes": profile.value}, profile.place)
    for one in at.get("families") if at.has("families") else ():
        found.families.add(one.value, one.place)
    found.frequencies = at.get("frequencies").text() if at.has("frequencies") else ""
    found.read_s = time.perf_counter() - begun
    return found.close()


def read_lines(
    markers: Path, remains: Path, families: Path | None, *, theta: float = 0.0, floor: float = 0.0
) -> Input:
    """Remains and families, one JSON object a line; lines that mean nothing are set aside.

    Raises MalformedCase for markers that cannot be, or where no line at all can be used.
    """
    begun = time.perf_counter()
    document, digest = read_document(markers)
    told = At(document if isinstance(document, dict) else {"markers": document})
    kit = _kit(told, theta=theta, floor=floor)
    found = Input(kit, RemainsList(kit), Families(kit), digests={markers.name: digest})
    found.files = (remains.name, families.name if families else "")
    _add_lines(remains, found, found.remains.add, None)
    if not len(found.remains):
        raise MalformedCase("", "no line that could be read", "remains, one JSON object a line")
    if families:
        _add_lines(families, found, found.families.add, found.lines)
        if not len(found.families):
            raise MalformedCase(
                "", "no line that could be read", "families, one JSON object a line"
            )
    found.read_s = time.perf_counter() - begun
    return found.close()


def _kit(at: At, *, theta: float, floor: float) -> Kit:
    """Markers, and beside them linked pairs and the tables of haplotypes."""
    markers = read_markers(at.get("markers"))
    lineages = [read_lineage(one) for one in at.get("lineages")] if at.has("lineages") else []
    names = [marker.name for marker in (*markers, *(one.marker for one in lineages))]
    if len(set(names)) < len(names):
        raise at.get("lineages").wrong("names of their own, each once")
    return Kit.of(markers, theta=theta, floor=floor, linkage=read_linkage(at), lineages=lineages)


def _add_lines(
    path: Path, found: Input, add: Callable[[Any], None], lines: list[int] | None
) -> None:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE_BYTES), b""), 1):
            digest.update(line)
            if not line.strip():
                continue
            before = len(found.families)
            try:
                add(_parsed(line))
            except MalformedCase as fault:
                reason = fault.bare()
                found.rejects.append(Reject(path.name, number, fault.place, reason))
            if lines is not None:
                lines.extend([number] * (len(found.families) - before))
    found.digests[path.name] = digest.hexdigest()


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig").strip(), object_pairs_hook=_once)
    except MalformedCase:
        raise
    except UnicodeDecodeError as error:
        raise MalformedCase("", f"byte {error.start} is not UTF-8", "a JSON object") from None
    except json.JSONDecodeError as error:
        where = f"column {error.colno}"
        raise MalformedCase(where, error.msg, "a JSON object in one line") from None
    except (RecursionError, ValueError):
        raise MalformedCase("", "what cannot be read", "a JSON object in one line") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise MalformedCase("", "a key twice in one object", "each key once")
    return found


def write_rejects(out: Path, rejects: Sequence[Reject]) -> None:
    """OUT.rejects.csv, if there is anything in it; an old one is taken away."""
    path = out.with_name(out.name + ".rejects.csv")
    path.unlink(missing_ok=True)
    if not rejects:
        return
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("file", "line", "field", "reason"))
        writer.writerows((one.file, one.line, one.field, one.reason) for one in rejects)


# Searching, so that it may be stopped


@lru_cache(maxsize=1)
def machine_code_s() -> float:
    """Make the machine code, or load it, before anything is measured; the seconds that it took."""
    begun = time.perf_counter()
    kit = Kit.of((Marker("D1", ("12", "13"), (0.5, 0.5)),))
    remains, families = RemainsList(kit), Families(kit)
    remains.add({"id": "R", "genotypes": {"D1": ["12", "13"]}})
    persons = [{"id": "MP", "sex": "M"}]
    families.add({"id": "F", "missing": "MP", "persons": persons, "genotypes": {}})
    for _ in search(families, Ready.of(remains), 0.0):
        pass
    return time.perf_counter() - begun


@dataclass
class State:
    """How far a search of this input has come, how much of OUT.part is whole, and which families
    were found to be impossible: number, marker, why."""

    key: str
    blocks: int = 0
    size: int = 0
    pairs: int = 0
    impossible: list[tuple[int, str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, path: Path, key: str) -> "State":
        """Where a search that was stopped had come to; the beginning, if it was another's."""
        try:
            state = cls(**json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return cls(key)
        return state if state.key == key else cls(key)


def search_files(
    found: Input,
    out: Path,
    threshold: float,
    *,
    program: str,
    progress: Progress | None = None,
    share: Share | None = None,
) -> dict[str, Any]:
    """Write every pair at or above the threshold to `out`; say what was done, and how fast.

    A search that was stopped goes on where it was, if its input, its threshold and the program are
    the same: until it is whole, the pairs stand in OUT.part and its state in OUT.state. With
    `share` the blocks are compared by others, to whom the folder of `out` must be the same.
    """
    compile_s = 0.0 if share else machine_code_s()
    key = _key(found, threshold, program)
    part, kept = (out.with_name(f"{out.name}.{end}") for end in ("part", "state"))
    state = State.of(kept, key) if part.exists() else State(key)
    spent = Spent()
    resumed, known = state.blocks, len(state.impossible)
    with _continued(part, state, ",".join(PAIRS_HEADING) + "\n") as file:
        for block in _blocks(found, out, threshold, resumed, spent, progress, share):
            told = len(state.impossible)
            state.impossible += [astuple(one) for one in spent.impossible[told - known :]]
            _add(file, kept, state, _written(block, found), len(block))
    rejects = [*found.rejects, *_impossible(found, state)]
    chance, begun = None, time.perf_counter()
    if isfinite(threshold):
        of_each = _pairs_of_each(part)
        chance = expected(found.families, found.remains, threshold, of_each).as_dict()
    chance_s = time.perf_counter() - begun
    write_rejects(out, rejects)
    part.replace(out)
    kept.unlink(missing_ok=True)
    return {
        "remains": len(found.remains),
        "families": len(found.families),
        "pairs": state.pairs,
        "compared": spent.compared,
        "computed_exactly": spent.computed,
        "rejected": len(rejects),
        "resumed_at_block": resumed,
        "read_s": found.read_s,
        "compile_s": compile_s,
        "tables_s": spent.tables_s,
        "search_s": spent.search_s,
        "search_cpu_s": spent.search_cpu_s,
        "chance_s": chance_s,
        "chance_pairs": chance,
        "rests_on": found.rests_on(),
    }


def _blocks(
    found: Input,
    out: Path,
    threshold: float,
    skip: int,
    spent: Spent,
    progress: Progress | None,
    share: Share | None,
) -> Iterator[Found]:
    """The pairs, block by block: by the processors here, or those of a cluster."""
    if share:
        lists = found.families, found.remains
        return search_spread(
            *(share, out.absolute().parent, *lists, threshold),
            skip=skip,
            spent=spent,
            progress=progress,
        )
    began = time.perf_counter()
    ready = Ready.of(found.remains)
    spent.tables_s += time.perf_counter() - began
    return search(found.families, ready, threshold, skip=skip, spent=spent, progress=progress)


def _pairs_of_each(path: Path) -> Counter[tuple[str, str]]:
    """How many pairs each family has, as they stand in a file."""
    with path.open(encoding="utf-8", newline="") as text:
        return Counter((row["family_id"], row["missing_id"]) for row in csv.DictReader(text))


@contextmanager
def _continued(part: Path, state: State, heading: str = "") -> Iterator[BinaryIO]:
    """The file of what was found so far, ready to be written on: what is not whole is cut off."""
    with part.open("r+b" if state.blocks else "wb") as file:
        if not state.blocks:
            file.write(heading.encode())
            state.size = file.tell()
        file.seek(state.size)
        file.truncate()
        yield file


def _add(file: BinaryIO, kept: Path, state: State, data: bytes, pairs: int) -> None:
    """Write one more block, and then that it is whole."""
    file.write(data)
    file.flush()
    state.blocks, state.size = state.blocks + 1, file.tell()
    state.pairs += pairs
    _replace(kept, json.dumps(asdict(state)))


def _key(
    found: Input, threshold: float, program: str, relations: Sequence[str] | None = None
) -> str:
    """What must be the same where something stopped is to go on."""
    told = json.dumps(
        [
            relations,
            found.digests,
            found.kit.theta,
            [s.floor for s in found.kit.seen],
            repr(threshold),
            program,
        ],
        sort_keys=True,
    )
    return hashlib.sha256(told.encode()).hexdigest()


def _replace(path: Path, text: str) -> None:
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, path)


def _impossible(found: Input, state: State) -> Iterator[Reject]:
    """Families that were left out since their own profiles cannot be."""
    told: set[int] = set()
    for family, marker, why in state.impossible:
        if family in told:
            continue
        told.add(family)
        line = found.lines[family] if found.lines else 0
        code = found.families.names[family][0]
        yield Reject(found.files[1], line, f"{code}/genotypes/{marker}", why)


class _Lines:
    """Rows of CSV as bytes."""

    def __init__(self) -> None:
        self.rows: list[str] = []

    def write(self, row: str) -> None:
        self.rows.append(row)

    def encoded(self) -> bytes:
        return "".join(self.rows).encode()


def _written(block: Found, found: Input) -> bytes:
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\n")
    remains, names = found.remains.names, found.families.names
    columns = (block.family, block.remains, block.log10_lr, block.markers)
    writer.writerows(
        (remains[r], *names[f], figure(log10_lr), markers)
        for f, r, log10_lr, markers in zip(*(c.tolist() for c in columns), strict=True)
    )
    return lines.encoded()


def figure(log10_lr: float) -> str:
    """With 17 digits, so that it is read back as it was."""
    return "-inf" if log10_lr == float("-inf") else f"{log10_lr:.17g}"


def pairs_files(
    found: Input,
    out: Path,
    relations: Sequence[Relation],
    threshold: float,
    *,
    program: str,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write every two remains that may be related to `out`; say what was done, and how fast.

    What was stopped goes on where it was, as a search does: until it is whole, what was found
    stands in OUT.part and how far it came in OUT.state.
    """
    compile_s = machine_code_s()
    names = found.remains.names
    key = _key(found, threshold, program, [one.name for one in relations])
    part, kept = (out.with_name(f"{out.name}.{end}") for end in ("part", "state"))
    state = State.of(kept, key) if part.exists() else State(key)
    resumed = state.blocks
    spent = Spent()
    with _continued(part, state) as file:
        for block in _related(found, relations, threshold, resumed, spent, progress):
            _add(file, kept, state, _lines(block), len(block))
    with part.open(encoding="utf-8", newline="") as text:
        best = best_of(_pair(row) for row in csv.reader(text))
    count = Counter(one.relation for one in best)
    order = {one.name: n for n, one in enumerate(relations)}
    whole = out.with_name(f"{out.name}.whole")
    with whole.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(RELATED_HEADING)
        writer.writerows(
            (names[one.a], names[one.b], one.relation, figure(one.log10_lr))
            for one in sorted(best, key=lambda one: order[one.relation])
        )
    write_rejects(out, found.rejects)
    whole.replace(out)
    part.unlink()
    kept.unlink(missing_ok=True)
    rests_on = found.rests_on()
    notes = ["markers of the X chromosome were not used"] if _has_x(found) else []
    return {
        "remains": len(found.remains),
        "pairs": {name: count[name] for name in order},
        "compared": spent.compared,
        "computed_exactly": spent.computed,
        "rejected": len(found.rejects),
        "resumed_at_block": resumed,
        "read_s": found.read_s,
        "compile_s": compile_s,
        "tables_s": spent.tables_s,
        "search_s": spent.search_s,
        "search_cpu_s": spent.search_cpu_s,
        "rests_on": rests_on | {"notes": rests_on["notes"] + notes},
    }


def _related(
    found: Input,
    relations: Sequence[Relation],
    threshold: float,
    skip: int,
    spent: Spent,
    progress: Progress | None,
) -> Iterator[list[Pair]]:
    """What is found, block by block over all passes; the first `skip` blocks are left out."""
    begun = time.perf_counter()
    remains = without_x(found.remains)
    ready = Ready.of(remains)
    spent.tables_s += time.perf_counter() - begun
    every = list(passes(remains, relations))
    for number, one in enumerate(every):
        blocks = len(blocks_of(one.families))
        if skip < blocks:
            heard = _part_of(progress, number, len(every))
            yield from related(one, ready, threshold, skip=skip, spent=spent, progress=heard)
        skip = max(0, skip - blocks)


def _lines(block: Sequence[Pair]) -> bytes:
    lines = _Lines()
    csv.writer(lines, lineterminator="\n").writerows(
        (one.relation, one.a, one.b, repr(one.log10_lr), one.markers) for one in block
    )
    return lines.encoded()


def _pair(row: Sequence[str]) -> Pair:
    relation, a, b, log10_lr, markers = row
    return Pair(int(a), int(b), relation, float(log10_lr), int(markers))


def _part_of(progress: Progress | None, number: int, parts: int) -> Progress | None:
    """Progress of one of several parts, told as that of the whole."""
    if progress is None:
        return None
    return lambda done, of: progress(number * of + done, parts * of)


def _has_x(found: Input) -> bool:
    return any(marker.chrom == X for marker in found.kit.markers)
