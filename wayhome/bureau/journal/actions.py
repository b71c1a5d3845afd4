"""Write into the journal; nothing else does."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Protocol

from django.db import models
from django.utils import timezone

from wayhome.bureau.journal.models import Entry
from wayhome.bureau.journal.wording import ACTIONS
from wayhome.lib.copying import copy_in


class Actor(Protocol):
    """Whoever acts: staff, a family, a captive, or the bureau's own machine."""

    @property
    def actor_id(self) -> str: ...
    @property
    def actor_role(self) -> str: ...


class _Machine:
    """The bureau acting by itself: jobs and imports by command."""

    actor_id = "machine"
    actor_role = "machine"


MACHINE = _Machine()


def record(
    action: str,
    *,
    subject: models.Model,
    by: Actor,
    person: str = "",
    purpose: str = "",
    facts: dict[str, Any] | None = None,
) -> Entry:
    """Add an entry in the running transaction.

    `facts` are not kept: only their salted digest is, so that a fact can later be shown to be
    the one recorded while the journal tells nobody anything. `person` is a bureau number.
    """
    entry = _entry(action, subject, by, person, purpose)
    if facts is not None:
        told = json.dumps(facts, sort_keys=True, default=str, ensure_ascii=False)
        entry.digest = hashlib.sha256(f"{entry.pk}|{told}".encode()).digest()
    entry.save(force_insert=True)
    return entry


def record_many(
    action: str, *, subjects: Iterable[tuple[models.Model, str]], by: Actor, purpose: str = ""
) -> None:
    """Add an entry for each (subject, bureau number), in the running transaction."""
    copy_in([_entry(action, subject, by, person, purpose) for subject, person in subjects])


def _entry(action: str, subject: models.Model, by: Actor, person: str, purpose: str) -> Entry:
    if action not in ACTIONS:
        raise ValueError(f"no words for {action!r}: see journal/wording.py")
    return Entry(
        at=timezone.now(),
        actor_id=by.actor_id,
        actor_role=by.actor_role,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        person=person,
        purpose=purpose[:120],
    )


def looked(*, subject: models.Model, by: Actor, person: str, purpose: str) -> Entry:
    """Record that somebody looked at a person's file, and why."""
    return record("looked at", subject=subject, by=by, person=person, purpose=purpose)
