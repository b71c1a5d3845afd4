"""Where the dead lie: stores, plots with their graves, burials."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.models.register import Remains
from wayhome.bureau.remains.rules.burial import StoreKind
from wayhome.bureau.remains.rules.opening import Why
from wayhome.bureau.remains.rules.register import choices
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import AT_ONE_SITE, Acting, Permission
from wayhome.lib.ids import new_id


class StoreQuerySet(models.QuerySet["Store"]):
    def visible_to(self, person: Acting) -> "StoreQuerySet":
        if not person.may(Permission.SEE_REMAINS):
            return self.none()
        if person.acting_role in AT_ONE_SITE:
            return self.filter(site=person.site)  # type: ignore[attr-defined]
        return self


class Store(models.Model):
    """A room or container in which remains are kept until they are buried or go home."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=choices(StoreKind))

    objects = StoreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="store_name_once_a_site")
        ]

    class Disclosure:
        file = ("id", "site", "name", "kind")

    def __str__(self) -> str:
        return str(self.pk)


class Stay(models.Model):
    """Remains in a store, on a shelf. The last one is where they are; the others stay written."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    remains = models.ForeignKey(Remains, models.PROTECT, related_name="stays")
    store = models.ForeignKey(Store, models.PROTECT, related_name="stays")
    shelf = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["remains"], condition=Q(ended_at=None), name="in_one_store_at_most"
            )
        ]
        ordering: ClassVar = ["since"]

    class Disclosure:
        file = ("remains", "store", "shelf", "since", "by", "ended_at")
        never = ("id",)


class PlotQuerySet(models.QuerySet["Plot"]):
    def visible_to(self, person: Acting) -> "PlotQuerySet":
        if not person.may(Permission.SEE_REMAINS):
            return self.none()
        if person.acting_role in AT_ONE_SITE:
            return self.filter(site=person.site)  # type: ignore[attr-defined]
        return self


class Plot(models.Model):
    """A piece of ground with rows of graves; its place is encrypted like every other one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    rows = models.PositiveSmallIntegerField()
    in_row = models.PositiveSmallIntegerField()
    place = EncryptedJSONField()  # {"latitude", "longitude": of its first grave, "words"}
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = PlotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="plot_name_once_a_site"),
            models.CheckConstraint(
                condition=Q(rows__gte=1, rows__lte=60, in_row__gte=1, in_row__lte=60),
                name="plot_has_graves",
            ),
        ]

    class Disclosure:
        file = ("id", "site", "name", "rows", "in_row", "place", "by", "at")
        never = ("key",)

    def __str__(self) -> str:
        return str(self.pk)


class BurialQuerySet(models.QuerySet["Burial"]):
    def visible_to(self, person: Acting) -> "BurialQuerySet":
        return self.filter(remains__in=Remains.objects.visible_to(person))


class Burial(models.Model):
    """Remains in a grave of their own (GC I 17)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    remains = models.ForeignKey(Remains, models.PROTECT, related_name="burials")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    plot = models.ForeignKey(Plot, models.PROTECT, related_name="burials")
    row = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    # {"latitude", "longitude": of this grave, "marker", "rite", "disc"}
    details = EncryptedJSONField()
    disc_on_body = models.BooleanField()  # half of the disc stays with them (GC I 17)
    buried_at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True)  # nobody lies there any more

    objects = BurialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plot", "row", "number"],
                condition=Q(opened_at=None),
                name="each_lies_alone",
            ),
            models.UniqueConstraint(
                fields=["remains"], condition=Q(opened_at=None), name="in_one_grave_at_most"
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(opened_at__gte=F("buried_at")),
                name="a_grave_is_opened_after_the_burial",
            ),
            models.CheckConstraint(
                condition=Q(row__gte=1, number__gte=1), name="graves_are_counted_from_one"
            ),
        ]

    class Disclosure:
        file = (
            "remains",
            "plot",
            "row",
            "number",
            "details",
            "disc_on_body",
            "buried_at",
            "by",
            "at",
            "opened_at",
        )
        never = ("id", "key")


class OpeningQuerySet(models.QuerySet["Opening"]):
    def visible_to(self, person: Acting) -> "OpeningQuerySet":
        return self.filter(burial__in=Burial.objects.visible_to(person))


class Opening(models.Model):
    """A grave was opened: on whose order, for what, before whom (AP I 34)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    burial = models.OneToOneField(Burial, models.PROTECT, related_name="opening")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=10, choices=choices(Why))
    told = EncryptedJSONField()  # {"order", "present", "condition", "again_at"}
    told_on = models.DateField(null=True)  # when their country was told
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    second_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(second_by=None, second_at=None)
                | (Q(second_at__isnull=False) & Q(second_by__isnull=False) & ~Q(second_by=F("by"))),
                name="an_opened_grave_is_signed_by_two",
            ),
            models.CheckConstraint(
                condition=Q(ground=Why.HOME) | Q(told_on__isnull=False),
                name="their_country_is_told_before_a_grave_is_opened",
            ),
        ]

    class Disclosure:
        file = ("id", "ground", "told", "told_on", "by", "at", "second_by", "second_at")
        never = ("burial", "key")
