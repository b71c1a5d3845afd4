"""What passes between the browsers of a call, and orders to cut one off; gone when it has ended."""

from datetime import datetime

from django.db import models
from django.db.models import Q


class Signal(models.Model):
    """One message of one browser to another; they read it in the order of `id`."""

    id = models.BigAutoField(primary_key=True)
    call = models.UUIDField()
    sender = models.UUIDField()
    to = models.UUIDField()
    body = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["call", "id"], name="lines_signal_call")]

    class Disclosure:
        never = ("id", "call", "sender", "to", "body", "at")


class BoundKey(models.Model):
    """The fingerprint of the key with which one browser encrypts, bound to its connection."""

    party = models.UUIDField(primary_key=True)
    call = models.UUIDField(db_index=True)
    connection = models.UUIDField()
    fingerprint = models.CharField(max_length=95)
    at = models.DateTimeField(auto_now=True)

    class Disclosure:
        never = ("party", "call", "connection", "fingerprint", "at")


class CutQuerySet(models.QuerySet["Cut"]):
    def due(self, now: datetime) -> "CutQuerySet":
        """Not done yet, or to be done again: a credential given before may open a line anew."""
        return self.filter(Q(done_at=None) | Q(until__gt=now))


class Cut(models.Model):
    """An order to cut a call, or one participant of it, off at the relay."""

    id = models.BigAutoField(primary_key=True)
    call = models.UUIDField()
    party = models.UUIDField(null=True)  # None is everybody
    at = models.DateTimeField()
    until = models.DateTimeField()  # until when it is repeated
    done_at = models.DateTimeField(null=True)

    objects = CutQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["at"], name="lines_cut_at")]

    class Disclosure:
        never = ("id", "call", "party", "at", "until", "done_at")
