"""The day book of a site, effects and money, parcels, the seriously ill, certificates."""

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import choices
from wayhome.bureau.consents.models import Sitting, of_same_man
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import AT_ONE_SITE, Acting, Permission
from wayhome.bureau.welfare.rules import Before, Differed, EntryKind, Line, Meal, moves
from wayhome.lib.ids import new_id

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def _seen_by(rows: Rows, person: Acting, *needed: Permission) -> Rows:
    """Rows about one captive each: his own, or those of the site whose work needs them."""
    if isinstance(person, Sitting):
        return rows.filter(of_same_man(person.captive))
    if not any(person.may(each) for each in needed):
        return rows.none()
    if person.acting_role in AT_ONE_SITE:
        return rows.filter(captive__site=person.site)  # type: ignore[attr-defined]
    return rows


class DayPageQuerySet(models.QuerySet["DayPage"]):
    def visible_to(self, person: Acting) -> "DayPageQuerySet":
        """Their own site's; of every site for the neutral."""
        if not person.may(Permission.SEE_WELFARE):
            return self.none()
        if person.acting_role in AT_ONE_SITE:
            return self.filter(site=person.site)  # type: ignore[attr-defined]
        return self

    def standing(self) -> "DayPageQuerySet":
        """Of each day the version that no later one corrected."""
        return self.filter(is_last=True)


class DayPage(models.Model):
    """What was served on one day at one site, by count. A later version corrects, none is lost."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="day_pages")
    on = models.DateField()
    version = models.PositiveIntegerField()
    is_last = models.BooleanField(default=True)
    held = models.PositiveIntegerField()  # men in custody at the site when it was written
    counts = models.JSONField()  # {meal: how many}; one left out was not served
    by = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    objects = DayPageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "on", "version"], name="day_version_once"),
            models.UniqueConstraint(
                fields=["site", "on"], condition=Q(is_last=True), name="one_version_of_a_day_stands"
            ),
        ]

    class Disclosure:
        day = ("site", "on", "version", "held", "counts", "by", "at")
        never = ("id", "is_last")


class DifferenceQuerySet(models.QuerySet["Difference"]):
    def visible_to(self, person: Acting) -> "DifferenceQuerySet":
        return _seen_by(self, person, Permission.SEE_WELFARE, Permission.SEE_HEALTH)

    def standing(self) -> "DifferenceQuerySet":
        return self.filter(taken_back_at=None)


class Difference(models.Model):
    """What was otherwise for one man at one meal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="differences")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    on = models.DateField(db_index=True)
    meal = models.CharField(max_length=10, choices=choices(Meal))
    how = models.CharField(max_length=10, choices=choices(Differed))
    words = EncryptedJSONField(null=True)
    by = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    taken_back_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["captive", "on", "meal", "how"],
                condition=Q(taken_back_at=None),
                name="difference_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="difference_is_taken_back_by_somebody",
            ),
        ]

    class Disclosure:
        welfare = ("id", "captive", "on", "meal", "how", "words", "by", "at")
        never = ("key", "taken_back_by", "taken_back_at")


class Account(models.Model):
    """That a register of effects is kept for him: its row is locked while an entry is added."""

    captive = models.OneToOneField(
        Captive, models.PROTECT, primary_key=True, related_name="effects_account"
    )
    entries = models.PositiveIntegerField(default=0)
    holds = models.BooleanField(default=False)  # derived: whether anything is held for him

    class Disclosure:
        never = ("captive", "entries", "holds")


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, person: Acting) -> "EntryQuerySet":
        return _seen_by(self, person, Permission.SEE_WELFARE)

    def without_receipt(self) -> "EntryQuerySet":
        """What was taken or given, and he has no receipt of it yet."""
        return self.filter(receipt_at=None)


class Entry(models.Model):
    """One entry of the register of effects and money (GC III 18): added, never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="effects")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=choices(EntryKind))
    lines = EncryptedJSONField()  # [{"what", "quantity", "currency"}]
    details = EncryptedJSONField()  # {"officer", "issued_by", "reason"}
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    language = models.CharField(max_length=2)  # of the receipt: his own
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT)
    second_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    receipt_at = models.DateTimeField(null=True)  # he has it, on paper or read at the tablet

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["captive", "number"], name="entry_number_once"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.CORRECTION, corrects__isnull=False)
                | (~Q(kind=EntryKind.CORRECTION) & Q(corrects=None)),
                name="correction_names_its_entry",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None, second_at=None)
                | (Q(second_at__isnull=False) & Q(second_by__isnull=False) & ~Q(second_by=F("by"))),
                name="entry_is_signed_by_two",
            ),
            models.CheckConstraint(
                condition=Q(receipt_at=None) | Q(second_at__isnull=False),
                name="receipt_has_two_signatures",
            ),
        ]
        ordering: ClassVar = ["number"]

    class Disclosure:
        welfare = (
            "id",
            "captive",
            "number",
            "kind",
            "lines",
            "details",
            "corrects",
            "language",
            "at",
            "by",
            "second_by",
            "second_at",
            "receipt_at",
        )
        never = ("key",)

    def said(self) -> list[Line]:
        """Its lines as they were written; none once his key is destroyed."""
        return [Line.of(kept) for kept in self.lines or ()]

    def moved(self) -> list[Line]:
        """What it adds to what is held for him."""
        return moves(EntryKind(self.kind), self.said())


def moved_by(entries: Iterable[Entry]) -> list[Line]:
    return [line for entry in entries for line in entry.moved()]


class ParcelQuerySet(models.QuerySet["Parcel"]):
    def visible_to(self, person: Acting) -> "ParcelQuerySet":
        return _seen_by(self, person, Permission.SEE_WELFARE)

    def to_open(self) -> "ParcelQuerySet":
        return self.filter(opened_at=None)


class Parcel(models.Model):
    """A parcel for him: when it came, before whom it was opened, what was taken out and why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="parcels")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    sender = EncryptedJSONField(null=True)
    arrived_at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(Staff, models.PROTECT)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    before = models.CharField(max_length=10, blank=True, choices=choices(Before))
    opening = EncryptedJSONField(null=True)  # {"comrade", "removed": [{"what", "why"}]}

    objects = ParcelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at=None, opened_by=None, before="", opening=None)
                | (
                    Q(opened_at__isnull=False, opened_by__isnull=False, opening__isnull=False)
                    & ~Q(before="")
                ),
                name="parcel_is_opened_before_somebody",
            )
        ]

    class Disclosure:
        welfare = (
            "id",
            "captive",
            "sender",
            "arrived_at",
            "by",
            "opened_at",
            "opened_by",
            "before",
            "opening",
        )
        never = ("key",)


class IllnessQuerySet(models.QuerySet["Illness"]):
    def visible_to(self, person: Acting) -> "IllnessQuerySet":
        return _seen_by(self, person, Permission.SEE_HEALTH)

    def open(self) -> "IllnessQuerySet":
        """Of men in custody; of the others nothing is due any more."""
        held = Captive.objects.in_custody()
        return self.filter(ended_at=None, captive__in=held)


class Illness(models.Model):
    """That he is seriously ill or wounded: until it ends a note is due every week (GC III 122)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="illnesses")
    began_at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    objects = IllnessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["captive"], condition=Q(ended_at=None), name="seriously_ill_once"
            )
        ]

    class Disclosure:
        health = ("id", "captive", "began_at", "by", "ended_at", "ended_by")


class WeeklyNote(models.Model):
    """How he is this week: better, unchanged, worse, in danger; nothing of what ails him."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    illness = models.ForeignKey(Illness, models.PROTECT, related_name="notes")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    condition = EncryptedJSONField()
    by = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField()

    class Disclosure:
        health = ("condition", "by", "at")
        never = ("id", "illness", "key")


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, person: Acting) -> "CertificateQuerySet":
        """Himself and the physician; for the welfare officer that it is asked, no more."""
        return _seen_by(self, person, Permission.SEE_HEALTH, Permission.KEEP_WELFARE)

    def to_write(self) -> "CertificateQuerySet":
        return self.filter(issued_at=None)


class Certificate(models.Model):
    """What he asked for: an official paper on his illness and its treatment (GC III 30)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="certificates")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    language = models.CharField(max_length=2)
    asked_at = models.DateTimeField(db_index=True)
    asked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    content = EncryptedJSONField(null=True)  # {"illness", "treatment", "since", "until"}
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["captive"], condition=Q(issued_at=None), name="one_certificate_waits"
            ),
            models.CheckConstraint(
                condition=Q(issued_at=None, issued_by=None, content=None)
                | Q(issued_at__isnull=False, issued_by__isnull=False, content__isnull=False),
                name="certificate_says_something_by_somebody",
            ),
        ]

    class Disclosure:
        asked = ("id", "captive", "language", "asked_at", "asked_by", "issued_at", "issued_by")
        health = ("content",)
        never = ("key",)
