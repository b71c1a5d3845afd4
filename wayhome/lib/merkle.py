"""The Merkle tree of RFC 9162, section 2.1, over SHA-256.

Every function but `leaf_hash` takes leaf hashes, not entries, so that a proof can be made
and checked without seeing what was logged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
HASH_BYTES = 32


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry, which no inner node can equal."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def _next_level(level: Sequence[bytes]) -> list[bytes]:
    pairs = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs


def root(leaves: Sequence[bytes]) -> bytes:
    """The head of the tree over these leaf hashes."""
    level = leaves
    while len(level) > 1:
        level = _next_level(level)
    return level[0] if level else EMPTY_ROOT


@dataclass(frozen=True)
class Accumulator:
    """A log's size and the right edge of its tree: all that appending needs.

    `edge` holds the roots of the full subtrees, largest first, one for each bit set in `size`.
    """

    size: int = 0
    edge: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "Accumulator":
        """The accumulator after one more leaf hash."""
        edge, size = list(self.edge), self.size
        while size & 1:
            leaf, size = node_hash(edge.pop(), leaf), size >> 1
        return Accumulator(self.size + 1, (*edge, leaf))

    def extend(self, leaves: Iterable[bytes]) -> "Accumulator":
        """The accumulator after these leaf hashes, in their order."""
        grown = self
        for leaf in leaves:
            grown = grown.append(leaf)
        return grown

    def root(self) -> bytes:
        """The head of the tree so far."""
        if not self.edge:
            return EMPTY_ROOT
        *larger, head = self.edge
        for subtree in reversed(larger):
            head = node_hash(subtree, head)
        return head

    def dump(self) -> str:
        """Size and edge as one line of text, which `load` reads."""
        return f"{self.size}:{b''.join(self.edge).hex()}"

    @classmethod
    def load(cls, text: str) -> "Accumulator":
        """Read what `dump` wrote. Raises ValueError if it is not that."""
        digits, _, hashes = text.partition(":")
        size, joined = int(digits), bytes.fromhex(hashes)
        if size < 0 or len(joined) != size.bit_count() * HASH_BYTES:
            raise ValueError("the edge does not fit the size")
        starts = range(0, len(joined), HASH_BYTES)
        return cls(size, tuple(joined[at : at + HASH_BYTES] for at in starts))


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root. Raises IndexError outside the log."""
    if not 0 <= index < len(leaves):
        raise IndexError("no such leaf")
    path, level = [], leaves
    while len(level) > 1:
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        level, index = _next_level(level), index >> 1
    return path


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], head: bytes
) -> bool:
    """Is this leaf hash at `index` in the log of `size` with this head? RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    at, last = index, size - 1
    for sibling in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            leaf = node_hash(sibling, leaf)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            leaf = node_hash(leaf, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and leaf == head


def _subproof(leaves: Sequence[bytes], old_size: int, is_whole: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if is_whole else [root(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1  # the largest power of two below the size
    left, right = leaves[:split], leaves[split:]
    if old_size <= split:
        return [*_subproof(left, old_size, is_whole), root(right)]
    return [*_subproof(right, old_size - split, False), root(left)]


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """The hashes that show the log of `old_size` to be the beginning of this one.

    Empty if the old log was empty or is this one. Raises IndexError if it was longer.
    """
    if not 0 <= old_size <= len(leaves):
        raise IndexError("the old log is longer than the new one")
    return _subproof(leaves, old_size, True) if old_size else []


def verify_consistency(
    old_size: int, old_head: bytes, size: int, head: bytes, path: Sequence[bytes]
) -> bool:
    """Is the old log the beginning of the new one? RFC 9162, 2.1.4.2."""
    if old_size in (0, size):
        expected = EMPTY_ROOT if old_size == 0 else head
        return not path and old_head == expected
    if not 0 < old_size < size or not path:
        return False
    is_full = old_size & (old_size - 1) == 0  # its head is then a node of the new tree
    return _rebuild(old_size, size, [old_head, *path] if is_full else list(path)) == (
        old_head,
        head,
    )


def _rebuild(old_size: int, size: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Both heads as the path of a consistency proof implies them."""
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        at, last = at >> 1, last >> 1
    return (old, new) if last == 0 else None
