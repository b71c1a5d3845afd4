"""Is the journal what it was? Finds any change, gap or reordering and names the first bad entry."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from wayhome.bureau.journal.models import Checkpoint, Entry
from wayhome.bureau.journal.sequencing import (
    CHAIN_START,
    ORIGIN,
    leaf_of,
    signing_key,
    witness_file,
)
from wayhome.lib.merkle import Accumulator, leaf_hash, node_hash
from wayhome.lib.signed_note import BadNote, verify_checkpoint


@dataclass(frozen=True)
class Finding:
    """What the verification found. `first_bad` is a place in the log (from 1)."""

    ok: bool
    entries: int
    waiting: int  # committed and not placed yet
    checkpoints: int
    first_bad: int | None = None
    what: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Claim:
    """What a checkpoint says: so long, with this root; and who says so."""

    size: int
    root: bytes
    said_by: str


class _Bad(Exception):
    def __init__(self, seq: int, what: str) -> None:
        self.seq, self.what = seq, what


def verify(witness: Path | None = None) -> Finding:
    """Read the whole journal and hold it against its hashes and every known checkpoint."""
    entries, bad = 0, None
    try:
        claims = _claims(witness)
        entries = _walk(claims)
    except _Bad as found:
        bad = found
    waiting = Entry.objects.filter(seq=None).count()
    return Finding(
        ok=bad is None,
        entries=entries or Entry.objects.exclude(seq=None).count(),
        waiting=waiting,
        checkpoints=Checkpoint.objects.count(),
        first_bad=bad.seq if bad else None,
        what=bad.what if bad else "",
    )


def _claims(witness: Path | None) -> list[Claim]:
    """All checkpoints, those of the files too, by size. Raises _Bad for a false signature."""
    key = signing_key().public_key()
    notes = []
    for path in (witness_file(), witness):
        if path and path.exists():
            in_file = _notes_in(path)
            notes += [(0, note, str(path.name)) for note in in_file]
            if path == witness and not in_file:
                raise _Bad(0, f"{path.name} holds no checkpoint")
    # After the files: what they hold stood in the database before.
    notes += [(c.size, c.note, "database") for c in Checkpoint.objects.order_by("size")]
    claims = []
    for size, note, said_by in notes:
        try:
            said = verify_checkpoint(note, ORIGIN, key)
        except BadNote:
            raise _Bad(size, f"a checkpoint in {said_by} is not signed by this log") from None
        claims.append(Claim(said.size, said.root, said_by))
    return sorted(claims, key=lambda claim: claim.size)


def _notes_in(path: Path) -> list[str]:
    """Notes one after the other, each ended by an empty line after its signature."""
    pieces = path.read_text("utf-8", errors="replace").split("\n\n")
    pairs = zip(pieces[::2], pieces[1::2], strict=False)
    return [f"{text.lstrip()}\n\n{signature}\n" for text, signature in pairs]


def _walk(claims: list[Claim]) -> int:
    tree, chain, waiting_claims = Accumulator(), CHAIN_START, list(reversed(claims))
    known = Entry.objects.filter(seq__lte=max((claim.size for claim in claims), default=0))
    for entry in known.order_by("seq").iterator(chunk_size=5000):
        expected = tree.size + 1
        if entry.seq != expected:
            raise _Bad(expected, "this entry is missing")
        leaf = leaf_hash(leaf_of(entry))
        if leaf != bytes(entry.leaf_hash or b""):
            raise _Bad(expected, "this entry was changed or moved")
        chain = node_hash(chain, leaf)
        if chain != bytes(entry.chain_hash or b""):
            raise _Bad(expected, "this entry, or one before it, was put in another's place")
        tree = tree.append(leaf)
        _hold_against(tree, waiting_claims)
    if waiting_claims:
        raise _Bad(tree.size + 1, f"this entry is missing: {waiting_claims[-1].said_by} knows it")
    # One in a file alone does not do: the sequencer goes on from the database's own. People work
    # meanwhile: what was placed since is covered by a checkpoint since, and read the next time.
    placed = Entry.objects.exclude(seq=None).order_by("seq").values_list("seq", flat=True)
    last = placed.last()
    if last and not Checkpoint.objects.filter(size__gte=last).exists():
        if placed.filter(seq__gt=tree.size).first() not in (None, tree.size + 1):
            raise _Bad(tree.size + 1, "this entry is missing")
        raise _Bad(last, "no checkpoint covers this entry")
    return tree.size


def _hold_against(tree: Accumulator, claims: list[Claim]) -> None:
    while claims and claims[-1].size == tree.size:
        claim = claims.pop()
        if claim.root != tree.root():
            raise _Bad(tree.size, f"the log differs from the checkpoint in {claim.said_by}")
