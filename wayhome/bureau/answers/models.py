"""Invitations, talks, what was said, what was withdrawn."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from wayhome.bureau.answers.rules import (
    FreezeCause,
    FreezeEnd,
    InvitationState,
    MessageState,
    ReachOutcome,
)
from wayhome.bureau.captives.rules import choices
from wayhome.bureau.consents.models import PersonToTell
from wayhome.bureau.enquiries.models import Asked, Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import Channel
from wayhome.bureau.matches.models import Match
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, person: Acting) -> "InvitationQuerySet":
        if isinstance(person, Enquirer):
            return self.filter(enquiry__enquirer=person)
        return self if person.may(Permission.TELL_FAMILY) else self.none()


class Invitation(models.Model):
    """ "A member of our staff would like to talk with you": the first difference she meets."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="invitations")
    match = models.ForeignKey(Match, models.PROTECT, null=True, related_name="invitations")
    channel = models.CharField(max_length=20, choices=choices(Channel))
    state = models.CharField(
        max_length=20, choices=choices(InvitationState), default=InvitationState.OPEN
    )
    by = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField()

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enquiry"],
                condition=Q(state=InvitationState.OPEN),
                name="one_open_invitation_an_enquiry",
            )
        ]

    class Disclosure:
        contact = ("id", "enquiry", "channel", "state", "by", "at")
        self_ = ("state", "at")
        never = ("match",)


class MessageQuerySet(models.QuerySet["OutgoingMessage"]):
    def visible_to(self, person: Acting) -> "MessageQuerySet":
        return self if person.may(Permission.RESOLVE_MESSAGE) else self.none()


class OutgoingMessage(models.Model):
    """One e-mail without content. Tried once by itself; if its answer is unknown, never again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # It says that there is an invitation, or a question of the month, or only that she has a page.
    invitation = models.ForeignKey(Invitation, models.PROTECT, null=True, related_name="messages")
    asked = models.OneToOneField(Asked, models.PROTECT, null=True, related_name="message")
    page_of = models.ForeignKey(Enquiry, models.PROTECT, null=True, related_name="reminders")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    to = EncryptedJSONField()
    message_id = models.CharField(max_length=200, unique=True)
    language = models.CharField(max_length=2)
    state = models.CharField(
        max_length=20, choices=choices(MessageState), default=MessageState.WRITTEN, db_index=True
    )
    tried_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Staff, models.PROTECT, null=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(invitation__isnull=False, asked=None, page_of=None)
                | Q(invitation=None, asked__isnull=False, page_of=None)
                | Q(invitation=None, asked=None, page_of__isnull=False),
                name="message_is_about_one_thing",
            )
        ]

    class Disclosure:
        contact = (
            "id",
            "invitation",
            "asked",
            "page_of",
            "to",
            "message_id",
            "language",
            "state",
            "tried_at",
            "at",
        )
        never = ("key", "settled_by")

    @property
    def enquiry(self) -> Enquiry:
        """Whose family it goes to."""
        if self.page_of is not None:
            return self.page_of
        about = self.invitation or self.asked
        assert about is not None, "a constraint of the database"
        return about.enquiry


class ToldQuerySet(models.QuerySet["Told"]):
    def visible_to(self, person: Acting) -> "ToldQuerySet":
        if isinstance(person, Enquirer):
            return self.filter(invitation__enquiry__enquirer=person)
        return self if person.may(Permission.TELL_FAMILY) else self.none()

    def standing_for(self, enquiry: Enquiry) -> "Told | None":
        """What was told to her last and not withdrawn."""
        told = self.filter(invitation__enquiry=enquiry, withdrawn_at=None)
        return told.order_by("-at").first()

    def to_correct_for(self, enquiry: Enquiry) -> "ToldQuerySet":
        """What was told to her wrongly, and no person has told her so yet (P20)."""
        told = self.filter(invitation__enquiry=enquiry, withdrawn_at__isnull=False)
        return told.filter(withdrawal_told_at=None)


class Told(models.Model):
    """What a person said to a family in a talk; only then does her page show it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="told")
    match = models.ForeignKey(Match, models.PROTECT, related_name="told")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the enquirer's
    # What was said: {"alive_on", "how_known", "how_is", "letters", "calls", "his_words"}
    said = EncryptedJSONField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)  # P20: a person must tell her so
    withdrawal_told_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    withdrawal_told_at = models.DateTimeField(null=True)

    objects = ToldQuerySet.as_manager()

    class Disclosure:
        contact = (
            "id",
            "invitation",
            "said",
            "by",
            "at",
            "withdrawn_at",
            "withdrawal_told_by",
            "withdrawal_told_at",
        )
        self_ = ("said", "at")
        never = ("match", "key")


class ReachAttemptQuerySet(models.QuerySet["ReachAttempt"]):
    def visible_to(self, person: Acting) -> "ReachAttemptQuerySet":
        """Whoever sees the person named, himself too."""
        return self.filter(named__in=PersonToTell.objects.visible_to(person))

    def settled(self) -> "ReachAttemptQuerySet":
        return self.exclude(outcome=ReachOutcome.NOT_REACHED)


class ReachAttempt(models.Model):
    """One try to tell somebody whom a captive named. Added, never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    named = models.ForeignKey(PersonToTell, models.PROTECT, related_name="attempts")
    outcome = models.CharField(max_length=20, choices=choices(ReachOutcome))
    by = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField()

    objects = ReachAttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["named"],
                condition=~Q(outcome=ReachOutcome.NOT_REACHED),
                name="named_person_is_settled_once",
            )
        ]

    class Disclosure:
        contact = ("outcome", "by", "at")
        self_ = ("outcome", "at")
        never = ("id", "named")


class FreezeQuerySet(models.QuerySet["Freeze"]):
    def visible_to(self, person: Acting) -> "FreezeQuerySet":
        if isinstance(person, Enquirer):
            return self.filter(match__enquiry__enquirer=person)
        return self if person.may(Permission.TELL_FAMILY) else self.none()

    def with_family(self) -> "FreezeQuerySet":
        """With all that the desk shows of them."""
        return self.select_related(
            "match__enquiry__enquirer__key",
            "match__enquiry__key",
            "match__captive__key",
            "match__key",
        )

    def with_talks(self) -> "FreezeQuerySet":
        """Each with whether she was `told` of him, and it stands, and whether she is `invited`."""
        told = Told.objects.filter(match=OuterRef("match"), withdrawn_at=None)
        invited = Invitation.objects.filter(
            enquiry=OuterRef("match__enquiry"), state=InvitationState.OPEN
        )
        return self.annotate(told=Exists(told), invited=Exists(invited))

    def open(self) -> "FreezeQuerySet":
        """Until a person has spoken, or has looked and found nothing to say."""
        return self.filter(ended_at=None)

    def last_talk(self, enquiry: Enquiry) -> "Freeze | None":
        """The last talk in which she heard that something changed."""
        spoken = self.filter(match__enquiry=enquiry, end=FreezeEnd.SPOKEN)
        return spoken.order_by("-ended_at").first()


class Freeze(models.Model):
    """Something happened to him: no machine tells his family anything until a person has spoken."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    match = models.ForeignKey(Match, models.PROTECT, related_name="freezes")
    cause = models.CharField(max_length=20, choices=choices(FreezeCause))
    at = models.DateTimeField(db_index=True)
    end = models.CharField(max_length=20, blank=True, choices=choices(FreezeEnd))
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = FreezeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["match", "cause"], condition=Q(ended_at=None), name="frozen_once_a_cause"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | Q(ended_at__isnull=False) & ~Q(end=""),
                name="freeze_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(end__in=[FreezeEnd.SPOKEN, FreezeEnd.LOOKED_AT])
                | Q(ended_by__isnull=False),
                name="freeze_is_ended_by_a_person",
            ),
        ]

    class Disclosure:
        contact = ("id", "match", "cause", "at", "end", "ended_by", "ended_at")
        self_ = ("ended_at",)
