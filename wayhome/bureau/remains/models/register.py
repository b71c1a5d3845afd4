"""Remains, the lorries they came in, the chain of their custody, parts of one body."""

from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.rules.custody import Link
from wayhome.bureau.remains.rules.register import LONGEST_BAG, RemainsKind, State, choices
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import AT_ONE_SITE, Acting, Permission
from wayhome.lib.ids import new_id

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


class RemainsQuerySet(models.QuerySet["Remains"]):
    def visible_to(self, person: Acting) -> "RemainsQuerySet":
        """Every site's for the forensic expert; else those of their site, or in its hands."""
        if not person.may(Permission.SEE_REMAINS):
            return self.none()
        if person.acting_role not in AT_ONE_SITE:
            return self
        site = person.site  # type: ignore[attr-defined]
        in_its_hands = Change.objects.filter(
            Q(is_last=True) | Q(number=None, taken_back_at=None), receiver__site=site
        )
        return self.filter(Q(site=site) | Q(pk__in=in_its_hands.values("remains")))


class Remains(models.Model):
    """A body or a part of one, by its number. It has no name before an identification."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bureau_number = models.CharField(max_length=24, unique=True)
    site = models.ForeignKey(Site, models.PROTECT)
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    # Who died in custody keeps the number of his card.
    captive = models.OneToOneField(Captive, models.PROTECT, null=True, related_name="remains")
    kind = models.CharField(
        max_length=10, choices=choices(RemainsKind), default=RemainsKind.UNKNOWN
    )
    bag = models.CharField(max_length=LONGEST_BAG, blank=True)
    bag_key = models.CharField(max_length=LONGEST_BAG, blank=True, db_index=True)
    found_on = models.CharField(max_length=40, blank=True)  # EDTF; of the last recovery
    state = models.CharField(
        max_length=10, choices=choices(State), default=State.KEPT, db_index=True
    )
    # Derived from the chain whenever it grows, so that a list can be filtered by it.
    has_gap = models.BooleanField(default=False, db_index=True)
    registered_at = models.DateTimeField(db_index=True)
    registered_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    objects = RemainsQuerySet.as_manager()

    class Disclosure:
        file = (
            "bureau_number",
            "site",
            "kind",
            "bag",
            "found_on",
            "state",
            "has_gap",
            "registered_at",
            "registered_by",
        )
        never = ("id", "key", "captive", "bag_key")

    def __str__(self) -> str:
        return self.bureau_number

    def last_change(self) -> "Change | None":
        """The last link of the chain: who took them then has them now."""
        rows = self.changes.select_related("key", "receiver", "giver")
        return rows.filter(is_last=True).first()

    def waiting(self) -> "Change | None":
        """A change of hands that waits for the second signature."""
        return self.changes.select_related("key", "receiver", "giver").waiting().first()

    def last_seal(self) -> str:
        return self.seals.order_by("-number").values_list("seal", flat=True).first() or ""


def of_remains(rows: Rows, person: Acting, permission: Permission) -> Rows:
    """Rows about one of the remains each, for whoever may see these."""
    if not person.may(permission):
        return rows.none()
    if person.acting_role not in AT_ONE_SITE:
        return rows
    return rows.filter(remains__in=Remains.objects.visible_to(person))


class Recovery(models.Model):
    """How they were found. A later version corrects, with a reason; none is lost."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    remains = models.ForeignKey(Remains, models.PROTECT, related_name="recoveries")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    found = EncryptedJSONField()  # rules.register.Found
    reason = EncryptedJSONField(null=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remains", "version"], name="recovery_version_once"),
            models.CheckConstraint(
                condition=Q(version=1, reason=None) | Q(version__gt=1, reason__isnull=False),
                name="recovery_correction_has_a_reason",
            ),
        ]
        ordering: ClassVar = ["version"]

    class Disclosure:
        file = ("version", "found", "reason", "by", "at")
        never = ("id", "remains", "key")


class ChangeQuerySet(models.QuerySet["Change"]):
    def visible_to(self, person: Acting) -> "ChangeQuerySet":
        return of_remains(self, person, Permission.SEE_REMAINS)

    def waiting(self) -> "ChangeQuerySet":
        """Given, and not yet signed by who takes them."""
        return self.filter(number=None, taken_back_at=None)

    def signed(self) -> "ChangeQuerySet":
        return self.filter(number__isnull=False)


class Change(models.Model):
    """One change of hands: a link of the chain once who takes has signed.

    An end is one of the staff, or somebody from outside by name; both ends outside cannot be.
    The database holds it that at the end of each transaction all remains have exactly one last
    link, and with it exactly one custodian (migration 0002).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    remains = models.ForeignKey(Remains, models.PROTECT, related_name="changes")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(null=True)  # its place in the chain, once signed
    is_last = models.BooleanField(default=False)
    giver = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="gave")
    receiver = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="took")
    giver_outside = models.BooleanField(default=False)
    receiver_outside = models.BooleanField(default=False)
    given_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    seal = models.CharField(max_length=40, blank=True)  # as who took them read it
    seal_put_on = models.CharField(max_length=40, blank=True)  # the last that was put on before
    # {"giver", "receiver": names from outside, "condition", "taken_as", "reason"}
    details = EncryptedJSONField()
    giver_signed_at = models.DateTimeField(null=True)
    receiver_signed_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            # Two people cannot both take them: the second finds this number taken.
            models.UniqueConstraint(fields=["remains", "number"], name="change_number_once"),
            models.UniqueConstraint(
                fields=["remains"], condition=Q(is_last=True), name="one_custodian_at_most"
            ),
            models.UniqueConstraint(
                fields=["remains"],
                condition=Q(number=None, taken_back_at=None),
                name="one_change_of_hands_waits",
            ),
            models.CheckConstraint(
                condition=Q(number=1)
                | Q(giver__isnull=False, giver_outside=False)
                | Q(giver=None, giver_outside=True),
                name="change_has_a_giver",
            ),
            models.CheckConstraint(
                condition=Q(receiver__isnull=False, receiver_outside=False)
                | Q(receiver=None, receiver_outside=True),
                name="change_has_a_receiver",
            ),
            models.CheckConstraint(
                condition=~Q(giver_outside=True, receiver_outside=True)
                & (Q(giver=None) | Q(receiver=None) | ~Q(giver=F("receiver"))),
                name="change_has_two_ends",
            ),
            models.CheckConstraint(
                condition=Q(number=None, taken_at=None, receiver_signed_at=None, is_last=False)
                | Q(
                    number__isnull=False,
                    taken_at__isnull=False,
                    receiver_signed_at__isnull=False,
                    taken_back_at=None,
                ),
                name="change_is_a_link_once_signed",
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None) | Q(taken_at__gte=F("given_at")),
                name="change_is_taken_after_it_is_given",
            ),
        ]
        ordering: ClassVar = ["number"]

    class Disclosure:
        file = (
            "id",
            "remains",
            "number",
            "is_last",
            "giver",
            "receiver",
            "giver_outside",
            "receiver_outside",
            "given_at",
            "taken_at",
            "seal",
            "seal_put_on",
            "details",
            "giver_signed_at",
            "receiver_signed_at",
            "taken_back_at",
        )
        never = ("key",)

    @property
    def giving(self) -> str:
        """Who gave: a number of the staff, or the name of somebody from outside."""
        return self.giver.number if self.giver else str((self.details or {}).get("giver", ""))

    @property
    def taking(self) -> str:
        return self.receiver.number if self.receiver else str(
            (self.details or {}).get("receiver", "")
        )  # fmt: skip

    def as_link(self) -> Link:
        """As the rules see it."""
        assert self.number is not None, "only what is signed is a link"
        assert self.taken_at is not None, "a constraint of the database"
        return Link(
            self.number,
            self.giving,
            self.taking,
            self.given_at,
            self.taken_at,
            self.seal,
            self.seal_put_on,
            giver_signed=self.giver is None or self.giver_signed_at is not None,
            from_grave=bool((self.details or {}).get("grave")),
        )


class Seal(models.Model):
    """A seal that was put on. The one before is opened with it, and why stands here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    remains = models.ForeignKey(Remains, models.PROTECT, related_name="seals")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    seal = models.CharField(max_length=40)
    seal_key = models.CharField(max_length=40, unique=True)  # a seal is used once
    reason = EncryptedJSONField(null=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remains", "number"], name="seal_number_once"),
            models.CheckConstraint(
                condition=Q(number=1) | Q(reason__isnull=False), name="a_new_seal_has_a_reason"
            ),
        ]
        ordering: ClassVar = ["number"]

    class Disclosure:
        file = ("number", "seal", "reason", "by", "at")
        never = ("id", "remains", "key", "seal_key")


class IntakeQuerySet(models.QuerySet["Intake"]):
    def visible_to(self, person: Acting) -> "IntakeQuerySet":
        if not person.may(Permission.RECORD_REMAINS):
            return self.none()
        if person.acting_role in AT_ONE_SITE:
            return self.filter(site=person.site)  # type: ignore[attr-defined]
        return self


class Intake(models.Model):
    """A lorry with bags and its list: what differs is shown, and kept when it is closed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.PROTECT)
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    brought = EncryptedJSONField()  # {"by", "from", "papers"}
    arrived_at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    words = EncryptedJSONField(null=True)  # what is known of the differences

    objects = IntakeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, words=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False, words__isnull=False),
                name="intake_is_closed_by_somebody",
            )
        ]

    class Disclosure:
        file = (
            "id",
            "site",
            "brought",
            "arrived_at",
            "by",
            "opened_at",
            "closed_at",
            "closed_by",
            "words",
        )
        never = ("key",)


class BagLine(models.Model):
    """A bag of a lorry: on its list, in it, or both."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    intake = models.ForeignKey(Intake, models.PROTECT, related_name="lines")
    bag = models.CharField(max_length=LONGEST_BAG)
    bag_key = models.CharField(max_length=LONGEST_BAG)
    place = models.PositiveIntegerField()  # in the list, or in the order in which it came
    listed = models.BooleanField()
    remains = models.OneToOneField(Remains, models.PROTECT, null=True, related_name="bag_line")
    came_at = models.DateTimeField(null=True)
    came_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intake", "bag_key"], name="bag_once_a_lorry"),
            models.CheckConstraint(
                condition=Q(remains=None, came_at=None, came_by=None)
                | Q(remains__isnull=False, came_at__isnull=False, came_by__isnull=False),
                name="a_bag_that_came_has_its_number",
            ),
            models.CheckConstraint(
                condition=Q(listed=True) | Q(remains__isnull=False),
                name="a_bag_is_listed_or_came",
            ),
        ]
        ordering: ClassVar = ["place"]

    class Disclosure:
        file = ("intake", "bag", "place", "listed", "remains", "came_at", "came_by")
        never = ("id", "bag_key")


class PartLinkQuerySet(models.QuerySet["PartLink"]):
    def visible_to(self, person: Acting) -> "PartLinkQuerySet":
        """Those of which they may see both ends."""
        theirs = Remains.objects.visible_to(person)
        return self.filter(one__in=theirs, other__in=theirs)

    def standing(self) -> "PartLinkQuerySet":
        return self.filter(taken_back_at=None)


class PartLink(models.Model):
    """Somebody says that two remains are parts of one body. They are linked, never merged."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    one = models.ForeignKey(Remains, models.PROTECT, related_name="linked_later")
    other = models.ForeignKey(Remains, models.PROTECT, related_name="linked_earlier")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    grounds = EncryptedJSONField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    why_taken_back = EncryptedJSONField(null=True)

    objects = PartLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            # Kept in the order of their ids, so that a pair has one row whichever was named first.
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="parts_are_two"),
            models.UniqueConstraint(
                fields=["one", "other"],
                condition=Q(taken_back_at=None),
                name="parts_are_linked_once",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None, why_taken_back=None)
                | Q(
                    taken_back_at__isnull=False,
                    taken_back_by__isnull=False,
                    why_taken_back__isnull=False,
                ),
                name="a_link_is_taken_back_by_somebody",
            ),
        ]

    class Disclosure:
        file = (
            "id",
            "one",
            "other",
            "grounds",
            "by",
            "at",
            "taken_back_by",
            "taken_back_at",
            "why_taken_back",
        )
        never = ("key",)
