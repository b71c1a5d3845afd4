"""The key of each person, and the searchable description derived from what was received."""

import os
import uuid
from datetime import datetime
from typing import Any, cast

from django.db import models
from django.utils import timezone

from wayhome.bureau.persons.vault import CannotOpen, derived_key, seal, unseal
from wayhome.lib.alphabet import sort_key
from wayhome.lib.ids import new_id

DATA_KEY_BYTES = 32
SORTED_LANGUAGES = ("uk", "ru", "en")


class PersonKey(models.Model):
    """One person's data key, wrapped by the master key; destroying it is the erasure."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    wrapped = models.BinaryField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=False, destroyed_at__isnull=True)
                | models.Q(wrapped__isnull=True, destroyed_at__isnull=False),
                name="person_key_is_there_or_destroyed",
            )
        ]

    class Disclosure:
        never = ("id", "wrapped", "made_at", "destroyed_at")

    @classmethod
    def make(cls) -> "PersonKey":
        return cls.objects.create(**cls._fresh())

    @classmethod
    def unsaved(cls) -> "PersonKey":
        """A key for bulk_create."""
        return cls(**cls._fresh())

    @staticmethod
    def _fresh() -> dict[str, Any]:
        pk = new_id()
        data_key = os.urandom(DATA_KEY_BYTES)
        return {"id": pk, "wrapped": seal(derived_key("wrap"), data_key, _bound_to(pk))}

    def destroy(self) -> None:
        """Make everything under this key unreadable for ever."""
        self.wrapped, self.destroyed_at = None, timezone.now()
        self.save(update_fields=["wrapped", "destroyed_at"])

    @property
    def is_destroyed(self) -> bool:
        """Whether everything under it is erased."""
        return self.wrapped is None

    def data_key(self) -> bytes:
        """The opened key. Raises CannotOpen once it has been destroyed."""
        if self.wrapped is None:
            raise CannotOpen(str(self.pk))
        if not hasattr(self, "_opened"):
            self._opened = unseal(derived_key("wrap"), bytes(self.wrapped), _bound_to(self.pk))
        return self._opened


class NameWeights(models.Model):
    """What agreements of names and dates are worth here: the newest version is in use.

    `learned` is the core's own text, in which names are that several records share; empty where the
    bureau went back to what came with the program.
    """

    version = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    learned = models.TextField(blank=True)

    class Disclosure:
        figures = ("version", "at")
        never = ("learned",)

    @classmethod
    def newest(cls) -> tuple[int, datetime] | None:
        """Version and time; after a backup was restored a version may come again."""
        return cls.objects.order_by("-version").values_list("version", "at").first()

    @classmethod
    def newest_version(cls) -> int:
        """0 before anything was learned."""
        version, _ = cls.newest() or (0, None)
        return version


def _bound_to(pk: uuid.UUID) -> str:
    return f"person_key|{pk}|wrapped"


class Described(models.Model):
    """Searchable columns about a person: derived copies of a card or an enquiry, deleted with it.

    `born` is an EDTF text (lib/dates.py). The sort keys give each alphabet's order bytewise.
    """

    surname = models.CharField(max_length=120, blank=True)
    given = models.CharField(max_length=120, blank=True)
    patronymic = models.CharField(max_length=120, blank=True)
    full_name = models.CharField(max_length=300, blank=True)
    born = models.CharField(max_length=40, blank=True)
    birthplace = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=200, blank=True)
    rank = models.CharField(max_length=100, blank=True)
    service_no = models.CharField(max_length=100, blank=True)
    mother_name = models.CharField(max_length=300, blank=True)
    father_name = models.CharField(max_length=300, blank=True, default="")
    sort_uk = models.BinaryField(editable=False, default=b"", db_index=True)
    sort_ru = models.BinaryField(editable=False, default=b"", db_index=True)
    sort_en = models.BinaryField(editable=False, default=b"", db_index=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    DESCRIBING: tuple[str, ...] = (
        "surname",
        "given",
        "patronymic",
        "full_name",
        "born",
        "birthplace",
        "unit",
        "rank",
        "service_no",
        "mother_name",
        "father_name",
    )

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """The whole name as it was given, undeclined; always shown in <bdi>."""
        parts = " ".join(p for p in (self.surname, self.given, self.patronymic) if p)
        return parts or self.full_name

    def describe(self, received: dict[str, str]) -> None:
        """Set the derived columns from a card or enquiry as received."""
        for column in self.DESCRIBING:
            field = cast("models.CharField[str, str]", self._meta.get_field(column))
            setattr(self, column, (received.get(column) or "")[: field.max_length])
        self.set_sort_keys()

    def set_sort_keys(self) -> None:
        for language in SORTED_LANGUAGES:
            setattr(self, f"sort_{language}", sort_key(self.name, language).encode()[:600])
