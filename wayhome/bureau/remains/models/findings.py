"""What is found on and of the dead: photographs, samples, effects, examinations."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.models.register import Remains, of_remains
from wayhome.bureau.remains.rules.findings import Piece, SampleKind, View, pieces_of
from wayhome.bureau.remains.rules.register import choices
from wayhome.bureau.remains.rules.teeth import Tooth, chart_of
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class PhotographQuerySet(models.QuerySet["Photograph"]):
    def visible_to(self, person: Acting) -> "PhotographQuerySet":
        """Seen by who examines alone; who took one does not see it again."""
        return of_remains(self, person, Permission.EXAMINE_REMAINS)


class Photograph(models.Model):
    """A picture, drawn anew without metadata and encrypted on disk (store.py)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    remains = models.ForeignKey(Remains, models.PROTECT, related_name="photographs")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    view = models.CharField(max_length=10, choices=choices(View))
    words = EncryptedJSONField(null=True)
    digest = models.BinaryField()  # keyed, of the file as it came: the same one is taken once
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = PhotographQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remains", "digest"], name="photograph_once")
        ]
        ordering: ClassVar = ["at"]

    class Disclosure:
        examination = ("id", "remains", "view", "words", "by", "at")
        never = ("key", "digest")


class Sample(models.Model):
    """A sample by its own code: the laboratory meets the code and never the number."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    remains = models.ForeignKey(Remains, models.PROTECT, related_name="samples")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    code = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=10, choices=choices(SampleKind))
    what = EncryptedJSONField()  # from which part of the body
    taken_at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["at"]

    class Disclosure:
        examination = ("code", "kind", "what", "taken_at", "by", "at")
        never = ("id", "remains", "key")


class NoSample(models.Model):
    """That no sample can be taken of these remains, and why."""

    remains = models.OneToOneField(
        Remains, models.PROTECT, primary_key=True, related_name="no_sample"
    )
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    reason = EncryptedJSONField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Disclosure:
        examination = ("reason", "by", "at")
        never = ("remains", "key")


class EffectsListQuerySet(models.QuerySet["EffectsList"]):
    def visible_to(self, person: Acting) -> "EffectsListQuerySet":
        return of_remains(self, person, Permission.SEE_REMAINS)

    def signed(self) -> "EffectsListQuerySet":
        return self.filter(second_at__isnull=False)


class EffectsList(models.Model):
    """What was found on them, by two people; with its seal the packet is closed (GC I 16)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    remains = models.ForeignKey(Remains, models.PROTECT, related_name="effects_lists")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    pieces = EncryptedJSONField()  # [{"what", "pieces"}]; empty where nothing was found
    packet = models.CharField(max_length=40, blank=True)
    packet_key = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    second_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)

    objects = EffectsListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remains", "number"], name="effects_list_number_once"),
            models.UniqueConstraint(
                fields=["packet_key"], condition=~Q(packet_key=""), name="packet_seal_once"
            ),
            models.CheckConstraint(
                condition=Q(second_by=None, second_at=None)
                | (Q(second_at__isnull=False) & Q(second_by__isnull=False) & ~Q(second_by=F("by"))),
                name="effects_of_the_dead_are_signed_by_two",
            ),
        ]
        ordering: ClassVar = ["number"]

    class Disclosure:
        file = (
            "id",
            "remains",
            "number",
            "pieces",
            "packet",
            "by",
            "at",
            "second_by",
            "second_at",
        )
        never = ("key", "packet_key")

    def listed(self) -> list[Piece]:
        return pieces_of(self.pieces)


class ExaminationQuerySet(models.QuerySet["Examination"]):
    def visible_to(self, person: Acting) -> "ExaminationQuerySet":
        return of_remains(self, person, Permission.EXAMINE_REMAINS)


class Examination(models.Model):
    """What the expert saw, by groups, with the chart of the teeth. A later one supersedes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    remains = models.ForeignKey(Remains, models.PROTECT, related_name="examinations")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    said = EncryptedJSONField()  # {field of rules.findings.GROUPS: text}
    teeth = EncryptedJSONField()  # {FDI number: rules.teeth.Tooth}
    reason = EncryptedJSONField(null=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ExaminationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remains", "version"], name="examination_version_once"),
            models.CheckConstraint(
                condition=Q(version=1, reason=None) | Q(version__gt=1, reason__isnull=False),
                name="examination_anew_has_a_reason",
            ),
        ]
        ordering: ClassVar = ["version"]

    class Disclosure:
        examination = ("version", "said", "teeth", "reason", "by", "at")
        never = ("id", "remains", "key")

    def chart(self) -> dict[int, Tooth]:
        return chart_of(self.teeth)
