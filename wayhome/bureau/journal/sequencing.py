"""The one sequencer: gives committed entries their place in the log, and signs its root."""

import json
import logging
import threading
from datetime import UTC
from errno import ENOSPC
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from wayhome.bureau.journal.models import Checkpoint, Entry
from wayhome.lib import signed_note
from wayhome.lib.merkle import Accumulator, leaf_hash, node_hash

log = logging.getLogger("wayhome.journal")
ORIGIN = "wayhome/journal"
LOCK = 0x57415948  # one sequencer at a time, whichever process it runs in
BATCH = 2000
EVERY_SECONDS = 0.5
CHAIN_START = bytes(32)


def leaf_of(entry: Entry) -> bytes:
    """The bytes of an entry that its hash covers, its place included."""
    told = [
        entry.seq,
        str(entry.id),
        entry.at.astimezone(UTC).isoformat(),
        entry.actor_id,
        entry.actor_role,
        entry.action,
        entry.subject_type,
        entry.subject_id,
        entry.person,
        entry.purpose,
        bytes(entry.digest).hex(),
    ]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def signing_key() -> Ed25519PrivateKey:
    """The log's key, made at first use and kept with the other keys of the folder."""
    path: Path = settings.FOLDER.keys / "journal-ed25519"
    settings.FOLDER.keep_key(path.name, Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def witness_file() -> Path:
    """Every checkpoint as it was signed, beside the database; give copies of it away."""
    path: Path = settings.FOLDER.log / "journal.checkpoints"
    return path


def sequence() -> int:
    """Place the committed entries that have no place yet. Returns how many were placed."""
    with transaction.atomic():
        if not _is_the_only_one():
            return 0
        waiting = list(Entry.objects.filter(seq=None).order_by("at", "id")[:BATCH])
        if not waiting:
            return 0
        note = _place(waiting)
    _tell_witness(note)
    return len(waiting)


def _tell_witness(note: str) -> None:
    """Add a checkpoint to the file, whole or not at all: behind half a note none could be read.

    Raises OSError where there is no room; the next note says all that this one did.
    """
    told = f"{note}\n".encode()
    with witness_file().open("ab", buffering=0) as file:
        before = file.tell()
        if file.write(told) < len(told):
            file.truncate(before)
            raise OSError(ENOSPC, "no room for a checkpoint")


def sequence_all() -> int:
    """Place whatever waits now."""
    placed = 0
    while more := sequence():
        placed += more
    return placed


def keep_sequencing(stop: threading.Event) -> None:
    """Run in the worker until told to stop; a database that is away for a while is waited for."""
    while not stop.is_set():
        try:
            placed = sequence()
        except DatabaseError:
            connection.close()
            placed = 0
        except OSError as fault:  # the entries have their places; the file waits for room
            log.error("the witness file: %s", type(fault).__name__)
            placed = 0
        if not placed:
            stop.wait(EVERY_SECONDS)
    connection.close()


def _is_the_only_one() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])


def _place(waiting: list[Entry]) -> str:
    last = Checkpoint.objects.order_by("-size").first()
    tree = Accumulator.load(last.edge) if last else Accumulator()
    chain = _last_chain(tree.size)
    for entry in waiting:
        entry.seq = tree.size + 1
        entry.leaf_hash = leaf_hash(leaf_of(entry))
        chain = entry.chain_hash = node_hash(chain, entry.leaf_hash)
        tree = tree.append(entry.leaf_hash)
    _write_places(waiting)
    checkpoint = signed_note.Checkpoint(ORIGIN, tree.size, tree.root())
    note = signed_note.sign_checkpoint(checkpoint, signing_key())
    Checkpoint.objects.create(size=tree.size, root=tree.root(), note=note, edge=tree.dump())
    return note


def _last_chain(size: int) -> bytes:
    if not size:
        return CHAIN_START
    return bytes(Entry.objects.values_list("chain_hash", flat=True).get(seq=size) or b"")


def _write_places(entries: list[Entry]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_entry AS e SET seq = p.seq, leaf_hash = p.leaf, chain_hash = p.chain"
            " FROM unnest(%s::uuid[], %s::bigint[], %s::bytea[], %s::bytea[])"
            " AS p(id, seq, leaf, chain) WHERE e.id = p.id",
            [
                [entry.id for entry in entries],
                [entry.seq for entry in entries],
                [entry.leaf_hash for entry in entries],
                [entry.chain_hash for entry in entries],
            ],
        )
