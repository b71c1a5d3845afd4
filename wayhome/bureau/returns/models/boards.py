"""Boards that decide on applications: who sits, their votes, what they came to."""

from django.db import models
from django.db.models import Q

from wayhome.bureau.captives.rules import choices
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.returns.models.applications import Application
from wayhome.bureau.returns.rules import Road
from wayhome.bureau.returns.rules.boards import (
    STANDING,
    BoardState,
    SeatState,
    Standing,
    are_open,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.bureau.staff.rules import Profession
from wayhome.lib.ids import new_id


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, person: Acting) -> "BoardQuerySet":
        return self if person.may(Permission.DECIDE_APPLICATION) else self.none()

    def sitting(self) -> "BoardQuerySet":
        return self.filter(state=BoardState.SITTING)


class Board(models.Model):
    """Several people who decide on one application, once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="boards")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the application's
    road = models.CharField(max_length=30, choices=choices(Road))
    new_fact = EncryptedJSONField(null=True)  # what came since the last refusal, in words
    state = models.CharField(max_length=20, choices=choices(BoardState), default=BoardState.SITTING)
    convened_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    convened_at = models.DateTimeField()
    # {road: [codes]}: the reasons that it could read when it decided.
    read = EncryptedJSONField(null=True)
    reason = EncryptedJSONField(null=True)
    review_on = models.DateField(null=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = BoardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state=BoardState.SITTING),
                name="one_board_sits_on_an_application",
            ),
            models.CheckConstraint(
                condition=Q(state=BoardState.SITTING, ended_at=None)
                | ~Q(state=BoardState.SITTING) & Q(ended_at__isnull=False),
                name="board_ended_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[BoardState.SITTING, BoardState.DISSOLVED])
                | Q(ended_by__isnull=False, reason__isnull=False, read__isnull=False),
                name="board_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=BoardState.REFUSED, review_on__isnull=False)
                | ~Q(state=BoardState.REFUSED) & Q(review_on=None),
                name="what_a_board_refused_has_a_day",
            ),
        ]

    class Disclosure:
        file = (
            "id", "application", "road", "new_fact", "state", "convened_by", "convened_at",
            "reason", "review_on", "ended_by", "ended_at",
        )  # fmt: skip
        never = ("key", "read")

    def seats_standing(self) -> "list[Seat]":
        """Those who sit now, in the order in which they were asked."""
        rows = self.seats.filter(state__in=STANDING).select_related("member", "key")
        return list(rows.order_by("asked_at", "pk"))

    def votes_are_open(self) -> bool:
        """Whether all who sit have voted and are enough. Until then a vote is its giver's."""
        return are_open([seat.standing for seat in self.seats_standing()])


class SeatQuerySet(models.QuerySet["Seat"]):
    def visible_to(self, person: Acting) -> "SeatQuerySet":
        """A member's own. Who sits with them is told once the votes are open."""
        if isinstance(person, Staff) and person.may(Permission.SIT_ON_BOARD):
            return self.filter(member=person).exclude(state=SeatState.REPLACED)
        return self if person.may(Permission.DECIDE_APPLICATION) else self.none()

    def to_act(self) -> "SeatQuerySet":
        """Seats whose member must say or vote something."""
        open_ones = [SeatState.ASKED, SeatState.FREE]
        return self.filter(state__in=open_ones, board__state=BoardState.SITTING)


class Seat(models.Model):
    """One member's place on one board. The vote is sealed until all are in, and never changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    board = models.ForeignKey(Board, models.PROTECT, related_name="seats")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the board's
    member = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    profession = models.CharField(  # as it was when they were asked
        max_length=30, choices=[(each.value, each.value) for each in Profession]
    )
    state = models.CharField(max_length=20, choices=choices(SeatState), default=SeatState.ASKED)
    asked_at = models.DateTimeField()
    said_at = models.DateTimeField(null=True)
    # Why they do not sit: the conflict they declared, or why they were replaced.
    why_not = EncryptedJSONField(null=True)
    vote = EncryptedJSONField(null=True)  # {"for": bool, "words"}
    voted_at = models.DateTimeField(null=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "member"], name="one_seat_a_member"),
            models.CheckConstraint(
                condition=Q(
                    state=SeatState.VOTED,
                    vote__isnull=False,
                    voted_at__isnull=False,
                    said_at__isnull=False,
                )
                | ~Q(state=SeatState.VOTED) & Q(vote=None, voted_at=None),
                name="whoever_voted_was_free_to",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[SeatState.CONFLICT, SeatState.REPLACED])
                | Q(why_not__isnull=False),
                name="whoever_does_not_sit_has_a_reason",
            ),
            models.CheckConstraint(condition=~Q(profession=""), name="a_seat_has_a_profession"),
        ]

    class Disclosure:
        file = ("id", "board", "member", "profession", "state", "asked_at", "said_at", "why_not")
        sealed = ("vote", "voted_at")  # opened by Board.votes_are_open
        never = ("key",)

    @property
    def standing(self) -> Standing:
        """As the rules ask it, without how they voted."""
        return Standing(self.profession, self.state == SeatState.VOTED)
