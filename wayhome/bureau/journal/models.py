"""The journal: who did or looked at what. Only ever added to.

An entry is inserted in its action's transaction. After the commit one sequencer (sequencing.py)
gives it the next position, and with it its hash: the entries are the leaves of an RFC 9162 log.
"""

from typing import Any

from django.db import models

from wayhome.lib.ids import new_id


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, person: Any) -> "EntryQuerySet":
        """The whole journal for the auditor, nothing for anybody else."""
        return self if person.may_read_journal() else self.none()


class Entry(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seq = models.BigIntegerField(unique=True, null=True)
    at = models.DateTimeField(db_index=True)
    actor_id = models.CharField(max_length=80, db_index=True)
    actor_role = models.CharField(max_length=20)
    action = models.CharField(max_length=120, db_index=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60, db_index=True)
    # Whose file it belongs to, so that all about one person is found: captive or enquiry number.
    person = models.CharField(max_length=40, blank=True, db_index=True)
    purpose = models.CharField(max_length=120, blank=True)
    digest = models.BinaryField(default=b"")
    leaf_hash = models.BinaryField(null=True)
    chain_hash = models.BinaryField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        db_table = "journal_entry"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seq=None, leaf_hash=None, chain_hash=None)
                | models.Q(seq__gte=1, leaf_hash__isnull=False, chain_hash__isnull=False),
                name="journal_position_and_hashes_stand_together",
            )
        ]

    @property
    def seal(self) -> str:
        """The beginning of the entry's hash, enough to compare two prints by eye."""
        return bytes(self.leaf_hash or b"").hex()[:12]

    class Disclosure:
        auditor = (
            "seq",
            "at",
            "actor_id",
            "actor_role",
            "action",
            "subject_type",
            "subject_id",
            "person",
            "purpose",
            "leaf_hash",
        )
        never = ("id", "digest", "chain_hash")


class Checkpoint(models.Model):
    """A signed statement of the log's size and root (C2SP signed note)."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    edge = models.JSONField()  # the right edge of the tree, to go on from
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "journal_checkpoint"

    class Disclosure:
        auditor = ("size", "root", "note", "made_at")
        never = ("edge",)


class Once(models.Model):
    """A creating form that was taken: the same key gives the same answer and no second effect."""

    key = models.CharField(max_length=64)
    actor_id = models.CharField(max_length=80)
    path = models.CharField(max_length=200)
    location = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "actor_id", "path"], name="once_only")
        ]

    class Disclosure:
        never = ("id", "key", "actor_id", "path", "location", "at")
