"""Consignments: the manifest, the changes of hands with their counts, differences, the receipt."""

from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.identifications.models import Identification
from wayhome.bureau.identifications.rules.board import State as IdentityState
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.models import EffectsList, Remains
from wayhome.bureau.remains.rules.custody import LONGEST_SEAL
from wayhome.bureau.remains.rules.register import choices
from wayhome.bureau.repatriations.rules.consigning import (
    IS_OPEN,
    RUNNING,
    Differs,
    LegState,
    PieceKind,
    State,
    Way,
)
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import AT_ONE_SITE, Acting, Permission
from wayhome.lib.ids import new_id

LONGEST_CODE = 40
UNSURE = (IdentityState.REOPENED, IdentityState.BEFORE_BOARD)  # rules.going
Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def _of_site(rows: Rows, person: Acting, column: str) -> Rows:
    """Every site's; of one site for those who work at one, or what is in its hands."""
    if not person.may(Permission.SEE_CONSIGNMENT):
        return rows.none()
    if person.acting_role not in AT_ONE_SITE:
        return rows
    site = person.site  # type: ignore[attr-defined]
    taking = Leg.objects.filter(receiver__site=site).values("consignment")
    return rows.filter(Q(**{f"{column}site": site}) | Q(**{f"{column}pk__in": taking}))


class ConsignmentQuerySet(models.QuerySet["Consignment"]):
    def visible_to(self, person: Acting) -> "ConsignmentQuerySet":
        return _of_site(self, person, "")

    def open(self) -> "ConsignmentQuerySet":
        return self.filter(state__in=IS_OPEN)

    def doubted(self) -> "ConsignmentQuerySet":
        """Open, with remains of whom it is doubted, or lies before a board, who they are."""
        unsure = Identification.objects.filter(state__in=UNSURE).values("remains")
        bags = Piece.objects.standing().bags().filter(remains__in=unsure)
        return self.open().filter(pk__in=bags.values("consignment"))


class Consignment(models.Model):
    """Bags and packets that go home together through the Red Cross. No name stands on it.

    The database closes none of which a bag is not counted in, or without its receipt
    (migration 0002).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    power = models.CharField(max_length=120)
    state = models.CharField(
        max_length=12, choices=choices(State), default=State.PREPARING, db_index=True
    )
    journey = EncryptedJSONField()  # rules.consigning.Journey
    opened_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_index=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    why_stopped = EncryptedJSONField(null=True)

    objects = ConsignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=IS_OPEN, ended_by=None, ended_at=None)
                | ~Q(state__in=IS_OPEN) & Q(ended_by__isnull=False, ended_at__isnull=False),
                name="consignment_is_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.STOPPED) | Q(why_stopped__isnull=False),
                name="consignment_is_stopped_with_a_reason",
            ),
        ]

    class Disclosure:
        work = (
            "id",
            "number",
            "site",
            "power",
            "state",
            "journey",
            "opened_by",
            "opened_at",
            "ended_by",
            "ended_at",
            "why_stopped",
        )
        never = ("key",)

    def __str__(self) -> str:
        return str(self.number)

    def standing_pieces(self) -> "PieceQuerySet":
        """What is on the manifest, without what was taken off it."""
        return Piece.objects.filter(consignment=self, stayed_at=None)

    def running_leg(self) -> "Leg | None":
        rows = self.legs.filter(state__in=RUNNING).select_related("key", "giver", "receiver")
        return rows.first()

    def last_leg(self) -> "Leg | None":
        """The last change of hands that was done: who took it then has it now."""
        return self.legs.filter(state=LegState.DONE).order_by("-number").first()


class PieceQuerySet(models.QuerySet["Piece"]):
    def visible_to(self, person: Acting) -> "PieceQuerySet":
        return _of_site(self, person, "consignment__")

    def bags(self) -> "PieceQuerySet":
        return self.filter(kind=PieceKind.BAG)

    def standing(self) -> "PieceQuerySet":
        """On their way or gone home: not taken off, and not come back."""
        return self.filter(stayed_at=None, came_back_at=None)


class Piece(models.Model):
    """One line of the manifest: a bag with remains, or a sealed packet of their effects."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    consignment = models.ForeignKey(Consignment, models.PROTECT, related_name="pieces")
    remains = models.ForeignKey(Remains, models.PROTECT, related_name="pieces")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")  # of the remains
    kind = models.CharField(max_length=8, choices=choices(PieceKind))
    effects = models.ForeignKey(EffectsList, models.PROTECT, null=True, related_name="+")
    place = models.PositiveIntegerField()
    # What is read of it: the number of the remains, or the seal of the packet.
    code = models.CharField(max_length=LONGEST_CODE)
    code_key = models.CharField(max_length=LONGEST_CODE)
    seal = models.CharField(max_length=LONGEST_SEAL)
    # A part that follows: the bag of the same body that went home before it.
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    stayed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    stayed_at = models.DateTimeField(null=True)
    why_stayed = EncryptedJSONField(null=True)
    came_back_at = models.DateTimeField(null=True)  # after it had gone home

    objects = PieceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["remains"],
                condition=Q(kind=PieceKind.BAG, stayed_at=None, came_back_at=None),
                name="remains_on_one_consignment",
            ),
            models.UniqueConstraint(
                fields=["effects"],
                condition=Q(stayed_at=None, came_back_at=None),
                name="packet_on_one_consignment",
            ),
            models.UniqueConstraint(
                fields=["consignment", "code_key"],
                condition=Q(stayed_at=None),
                name="code_once_a_manifest",
            ),
            models.CheckConstraint(
                condition=Q(kind=PieceKind.BAG, effects=None)
                | Q(kind=PieceKind.PACKET, effects__isnull=False),
                name="a_packet_has_its_list",
            ),
            models.CheckConstraint(condition=~Q(seal=""), name="a_piece_is_sealed"),
            models.CheckConstraint(
                condition=Q(stayed_at=None, stayed_by=None, why_stayed=None)
                | Q(stayed_at__isnull=False, stayed_by__isnull=False, why_stayed__isnull=False),
                name="a_piece_stays_for_a_reason",
            ),
        ]
        ordering: ClassVar = ["place"]

    class Disclosure:
        work = (
            "id",
            "consignment",
            "remains",
            "kind",
            "place",
            "code",
            "seal",
            "follows",
            "by",
            "at",
            "stayed_by",
            "stayed_at",
            "why_stayed",
            "came_back_at",
        )
        never = ("key", "effects", "code_key")


class LegQuerySet(models.QuerySet["Leg"]):
    def visible_to(self, person: Acting) -> "LegQuerySet":
        return _of_site(self, person, "consignment__")


class Leg(models.Model):
    """One change of hands of a consignment: counted out, counted in, signed at both ends.

    Custody itself moves by the chain of each of the remains; a leg only says when it may.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    consignment = models.ForeignKey(Consignment, models.PROTECT, related_name="legs")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")  # of the consignment
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=14, choices=choices(LegState), default=LegState.COUNTING_OUT
    )
    giver = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    details = (
        EncryptedJSONField()
    )  # {"receiver": from outside, "place", "out", "in": how all looks}
    opened_at = models.DateTimeField()
    out_at = models.DateTimeField(null=True)
    in_at = models.DateTimeField(null=True)

    objects = LegQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consignment", "number"], name="leg_number_once"),
            models.UniqueConstraint(
                fields=["consignment"],
                condition=Q(state__in=sorted(RUNNING)),
                name="one_leg_runs",
            ),
            models.CheckConstraint(
                condition=Q(receiver=None) | ~Q(receiver=F("giver")), name="a_leg_has_two_ends"
            ),
            models.CheckConstraint(
                condition=~Q(state=LegState.DONE) | Q(out_at__isnull=False, in_at__isnull=False),
                name="a_leg_is_counted_twice",
            ),
        ]
        ordering: ClassVar = ["number"]

    class Disclosure:
        work = (
            "id",
            "consignment",
            "number",
            "state",
            "giver",
            "receiver",
            "details",
            "opened_at",
            "out_at",
            "in_at",
        )
        never = ("key",)

    @property
    def is_to_outside(self) -> bool:
        return self.receiver_id is None

    @property
    def taking(self) -> str:
        """Who takes: a number of the staff, or the name of somebody from outside."""
        return self.receiver.number if self.receiver else str(
            (self.details or {}).get("receiver", "")
        )  # fmt: skip

    def unexplained(self) -> "models.QuerySet[Discrepancy]":
        return self.differences.filter(second_at=None)


class Count(models.Model):
    """A bag or packet as somebody read it. Counts are only ever added to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    leg = models.ForeignKey(Leg, models.PROTECT, related_name="counts")
    way = models.CharField(max_length=4, choices=choices(Way))
    piece = models.ForeignKey(Piece, models.PROTECT, null=True, related_name="counts")
    read = models.CharField(max_length=LONGEST_CODE)
    read_key = models.CharField(max_length=LONGEST_CODE)
    seal = models.CharField(max_length=LONGEST_SEAL, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["leg", "way", "piece"],
                condition=Q(piece__isnull=False),
                name="a_piece_is_counted_once",
            ),
            models.UniqueConstraint(
                fields=["leg", "way", "read_key"],
                condition=Q(piece=None),
                name="what_is_not_listed_is_counted_once",
            ),
        ]
        ordering: ClassVar = ["at"]

    class Disclosure:
        work = ("leg", "way", "piece", "read", "seal", "by", "at")
        never = ("id", "read_key")


class DiscrepancyQuerySet(models.QuerySet["Discrepancy"]):
    def visible_to(self, person: Acting) -> "DiscrepancyQuerySet":
        return _of_site(self, person, "leg__consignment__")

    def open(self) -> "DiscrepancyQuerySet":
        return self.filter(second_at=None)


class Discrepancy(models.Model):
    """Where a count differed from the manifest. It stays; two people say what is known of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    leg = models.ForeignKey(Leg, models.PROTECT, related_name="differences")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")  # of the consignment
    way = models.CharField(max_length=4, choices=choices(Way))
    kind = models.CharField(max_length=10, choices=choices(Differs))
    piece = models.ForeignKey(Piece, models.PROTECT, null=True, related_name="differences")
    read = models.CharField(max_length=LONGEST_CODE, blank=True)
    seal = models.CharField(max_length=LONGEST_SEAL, blank=True)
    found_at = models.DateTimeField()
    words = EncryptedJSONField(null=True)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)
    second_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)

    objects = DiscrepancyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Differs.UNLISTED, piece=None)
                | ~Q(kind=Differs.UNLISTED) & Q(piece__isnull=False),
                name="a_difference_is_about_something",
            ),
            models.CheckConstraint(
                condition=Q(at=None, by=None, words=None)
                | Q(at__isnull=False, by__isnull=False, words__isnull=False),
                name="a_difference_is_explained_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(second_at=None, second_by=None)
                | Q(second_at__isnull=False, second_by__isnull=False, at__isnull=False)
                & ~Q(second_by=F("by")),
                name="two_people_explain_a_difference",
            ),
        ]
        ordering: ClassVar = ["found_at", "read"]

    class Disclosure:
        work = (
            "id",
            "leg",
            "way",
            "kind",
            "piece",
            "read",
            "seal",
            "found_at",
            "words",
            "by",
            "at",
            "second_by",
            "second_at",
        )
        never = ("key",)


class Receipt(models.Model):
    """Who received a consignment, with their signature: drawn, or a scan of the one on paper."""

    consignment = models.OneToOneField(
        Consignment, models.PROTECT, primary_key=True, related_name="receipt"
    )
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")  # of the consignment
    who = EncryptedJSONField()  # name, and for whom they work
    picture = EncryptedJSONField()  # PNG as base64
    words = EncryptedJSONField(null=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Disclosure:
        work = ("consignment", "who", "words", "by", "at")
        signature = ("picture",)
        never = ("key",)
