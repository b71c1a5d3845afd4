"""Calls, who takes part, the times that were offered, what happened, how it was."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import choices
from wayhome.bureau.consents.models import PersonToTell, Sitting, of_same_man
from wayhome.bureau.consents.rules import Answer
from wayhome.bureau.contact.calls.rules import (
    ALIVE_FOR,
    LIVE,
    STAFF_KINDS,
    TO_COME,
    USUAL_MINUTES,
    CallState,
    EventOfCall,
    How,
    PartyKind,
    Reason,
    Side,
)
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.matches.models import Match
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id

Moment = models.DateTimeField  # shorter lines below


class SlotQuerySet(models.QuerySet["Slot"]):
    def visible_to(self, person: Acting) -> "SlotQuerySet":
        """Those of their own site: whoever arranges calls works at one."""
        if not person.may(Permission.ARRANGE_CALL):
            return self.none()
        return self.filter(site=person.site)  # type: ignore[attr-defined]

    def free(self) -> "SlotQuerySet":
        return self.exclude(pk__in=CallOffer.objects.filter(closed_at=None).values("slot"))


class Slot(models.Model):
    """A time at which one call can be held at a site. Never shown to a family as a list."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="call_slots")
    starts_at = models.DateTimeField(db_index=True)
    minutes = models.PositiveIntegerField()
    room = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(Staff, models.PROTECT)

    objects = SlotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "starts_at", "room"], name="call_slot_once")
        ]

    class Disclosure:
        arrange = ("id", "starts_at", "minutes", "room", "made_by")
        never = ("site",)


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, person: Acting) -> "CallQuerySet":
        """Each side's own; at one site what can be arranged; what was given to a supervisor."""
        if isinstance(person, Sitting):
            return self.filter(of_same_man(person.captive))
        if isinstance(person, Enquirer):
            return self.filter(enquiry__enquirer=person)
        if person.may(Permission.ARRANGE_CALL):
            # What her wish rests on is not there yet: it is nobody's to see.
            here = self.exclude(captive=None).filter(captive__site=person.site)  # type: ignore[attr-defined]
            mine = Q(supervisor=person) | Q(interpreter=person)
            return here | self.exclude(captive=None).filter(mine)
        if person.may(Permission.TELL_FAMILY):
            # Whom he named has no page: the time is agreed on by telephone.
            return self.filter(named__isnull=False, shown_at__isnull=False)
        if person.may(Permission.READ_JOURNAL):
            return self.exclude(captive=None)
        return self.none()

    def live(self) -> "CallQuerySet":
        return self.filter(state__in=LIVE)

    def to_come(self) -> "CallQuerySet":
        return self.filter(state__in=TO_COME)

    def unaccompanied(self) -> "CallQuerySet":
        """Agreed, and given to nobody: without somebody it cannot be opened."""
        return self.filter(state=CallState.AGREED, supervisor=None)

    def to_call(self) -> "CallQuerySet":
        """Of people without a page: a time to choose, an agreed one, or something to be said."""
        to_come = Q(state__in=[CallState.OFFERED, CallState.AGREED])
        to_say = Q(frozen_at__isnull=False, spoken_by=None)
        return self.filter(to_come | to_say, named__isnull=False, shown_at__isnull=False)


class Call(models.Model):
    """One call between two people, from the wish to what came of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Her side: an enquiry, or somebody whom he named. His: known from when a match stands.
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, related_name="calls")
    named = models.ForeignKey(PersonToTell, models.PROTECT, null=True, related_name="calls")
    match = models.ForeignKey(Match, models.PROTECT, null=True, related_name="calls")
    captive = models.ForeignKey(Captive, models.PROTECT, null=True, related_name="calls")
    asked_by = models.CharField(max_length=10, choices=choices(Side))  # who began
    she_asked_at = Moment(null=True)  # her own wish; without one she is told of none until a time
    shown_at = Moment(null=True)  # ... is offered to her
    sitting = models.ForeignKey(Sitting, models.PROTECT, null=True)  # in which he asked
    asked_at = Moment(db_index=True)
    language = models.CharField(max_length=8)  # that they will speak; understood by us or not
    minutes = models.PositiveIntegerField(default=USUAL_MINUTES)
    state = models.CharField(
        max_length=10, choices=choices(CallState), default=CallState.ASKED, db_index=True
    )
    # His answer to this very call; a yes before a neutral (P7).
    his_answer = models.CharField(max_length=10, choices=choices(Answer), blank=True)
    his_answer_at = Moment(null=True)
    his_yes_before = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    her_yes_at = Moment(null=True)
    starts_at = Moment(null=True, db_index=True)  # the time that both agreed to
    supervisor = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="accompanied")
    interpreter = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="interpreted")
    reminded_at = Moment(null=True)
    opened_at = Moment(null=True)
    # Minutes run while both are in; what ran before stands in `seconds_used`.
    seconds_used = models.FloatField(default=0)
    running_since = Moment(null=True)
    talked = models.BooleanField(default=False)  # both were in at one moment
    over_at = Moment(null=True)
    reason = models.CharField(max_length=20, choices=choices(Reason), blank=True)
    # From when her page may show that it is over: by lot, never the moment itself.
    learns_at = Moment(null=True)
    # Nothing of it is told by a machine until a person has spoken with her (P20).
    frozen_at = Moment(null=True)
    spoken_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    instead_of = models.OneToOneField("self", models.PROTECT, null=True, related_name="given_back")

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(enquiry__isnull=False, named=None)
                | Q(enquiry=None, named__isnull=False, captive__isnull=False),
                name="call_has_one_other_side",
            ),
            models.CheckConstraint(
                condition=Q(enquiry=None)
                | Q(match=None, captive=None)
                | Q(match__isnull=False, captive__isnull=False),
                name="call_knows_him_by_a_match",
            ),
            models.CheckConstraint(
                condition=~Q(his_answer=Answer.YES) | Q(his_yes_before__isnull=False),
                name="call_yes_is_said_before_a_neutral",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CallState.AGREED, CallState.OPEN])
                | Q(
                    his_answer=Answer.YES,
                    her_yes_at__isnull=False,
                    starts_at__isnull=False,
                    captive__isnull=False,
                ),
                name="call_is_agreed_by_both",
            ),
            models.CheckConstraint(
                condition=~Q(state=CallState.OPEN)
                | Q(supervisor__isnull=False, opened_at__isnull=False),
                name="call_opens_with_a_supervisor",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE, over_at=None, reason="")
                | (Q(over_at__isnull=False) & ~Q(reason="") & ~Q(state__in=LIVE)),
                name="call_over_has_a_moment_and_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(running_since=None) | Q(state=CallState.OPEN),
                name="call_minutes_run_while_open",
            ),
            models.UniqueConstraint(
                fields=["enquiry"], condition=Q(state__in=LIVE), name="one_live_call_an_enquiry"
            ),
            models.UniqueConstraint(
                fields=["named"], condition=Q(state__in=LIVE), name="one_live_call_a_person_named"
            ),
            models.CheckConstraint(
                condition=Q(supervisor=None) | ~Q(supervisor=F("interpreter")),
                name="call_supervisor_is_not_its_interpreter",
            ),
        ]
        indexes = [models.Index(fields=["state", "starts_at"])]

    class Disclosure:
        arrange = (
            "id",
            "captive",
            "asked_by",
            "asked_at",
            "she_asked_at",
            "shown_at",
            "language",
            "minutes",
            "state",
            "his_answer",
            "his_answer_at",
            "his_yes_before",
            "her_yes_at",
            "starts_at",
            "supervisor",
            "interpreter",
            "reminded_at",
            "opened_at",
            "talked",
            "over_at",
            "reason",
            "frozen_at",
            "instead_of",
        )
        # What her page is made of; where it stands she reads from views.of_hers alone.
        self_ = ("id", "asked_by", "asked_at", "minutes", "state", "starts_at", "talked")
        # The auditor: that it was, when, how long, why it ended. No person.
        audit = (
            "id",
            "asked_at",
            "minutes",
            "state",
            "starts_at",
            "supervisor",
            "opened_at",
            "over_at",
            "reason",
        )
        spoken = ("id", "asked_at", "state", "minutes", "starts_at", "over_at", "frozen_at",
                  "spoken_by")  # fmt: skip
        never = (
            "enquiry",
            "named",
            "match",
            "sitting",
            "seconds_used",
            "running_since",
            "learns_at",
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_only_kept_for_her(self) -> bool:
        """Whether her page says of it no more than every family's that asked (P5)."""
        return self.she_asked_at is not None and self.shown_at is None

    @property
    def person(self) -> str:
        """Whose it is in the journal: a bureau number."""
        return self.captive.bureau_number if self.captive else self.enquiry.bureau_number  # type: ignore[union-attr]


class CallWish(models.Model):
    """When one side can talk, under its own key; replaced when it says so anew."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="wishes")
    side = models.CharField(max_length=10, choices=choices(Side))
    key = models.ForeignKey(PersonKey, models.PROTECT)
    times = EncryptedJSONField()  # {"zone", "days", "parts"}
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "side"], name="one_wish_a_side_of_a_call")
        ]

    class Disclosure:
        self_ = ("times",)
        never = ("id", "call", "side", "key", "at")


class CallOffer(models.Model):
    """One time that was offered. While it is not closed its slot is nobody else's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="offers")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="offers")
    starts_at = models.DateTimeField()  # moved by lot within its slot
    offered_at = models.DateTimeField()
    suits_him = models.BooleanField(default=False)  # he said yes to it: only then she sees it
    chosen = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=Q(closed_at=None), name="call_slot_is_offered_to_one"
            ),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(chosen=True, closed_at=None),
                name="call_has_one_chosen_time",
            ),
        ]

    class Disclosure:
        arrange = ("id", "starts_at", "offered_at", "suits_him", "chosen", "closed_at")
        self_ = ("id", "starts_at")
        never = ("call", "slot")


class CallPartyQuerySet(models.QuerySet["CallParty"]):
    def of(self, person: Acting) -> "CallPartyQuerySet":
        """The part that this person has."""
        if isinstance(person, Enquirer):
            return self.filter(kind=PartyKind.FAMILY, call__enquiry__enquirer=person)
        if isinstance(person, Sitting):
            rows = self.filter(kind=PartyKind.CAPTIVE)
            man = person.captive.principal
            return rows.filter(Q(call__captive=man) | Q(call__captive__same_as=man))
        return self.filter(kind__in=STAFF_KINDS, staff__number=person.actor_id)  # type: ignore[attr-defined]


class CallParty(models.Model):
    """One person of a call: the link that works once, device and connection, when they were in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="parties")
    kind = models.CharField(max_length=12, choices=choices(PartyKind))
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    links_used = models.PositiveIntegerField(default=0)  # a link names the number that it uses up
    link_used_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=64, blank=True)  # drawn when the link was used
    connection = models.UUIDField(null=True)
    seen_at = models.DateTimeField(null=True)  # the last sign of life of this connection
    admitted_at = models.DateTimeField(null=True)
    muted_at = models.DateTimeField(null=True)
    mute_reason = models.CharField(max_length=20, choices=choices(Reason), blank=True)
    left_at = models.DateTimeField(null=True)

    objects = CallPartyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "kind"], name="one_of_a_kind_in_a_call"),
            models.CheckConstraint(
                condition=Q(kind__in=STAFF_KINDS, staff__isnull=False)
                | (~Q(kind__in=STAFF_KINDS) & Q(staff=None)),
                name="call_staff_is_named_and_nobody_else",
            ),
            models.CheckConstraint(
                condition=Q(muted_at=None, mute_reason="")
                | (Q(muted_at__isnull=False) & ~Q(mute_reason="")),
                name="call_voice_is_muted_for_a_reason",
            ),
        ]

    class Disclosure:
        arrange = ("id", "kind", "staff", "link_used_at", "admitted_at", "muted_at", "mute_reason",
                   "left_at", "seen_at")  # fmt: skip
        never = ("call", "links_used", "device", "connection")

    @property
    def is_staff(self) -> bool:
        return self.kind in STAFF_KINDS

    def is_alive(self, now: datetime) -> bool:
        """Whether a connection of this person was heard of just now."""
        if self.connection is None or self.seen_at is None or self.left_at is not None:
            return False
        return self.seen_at > now - ALIVE_FOR


class CallEvent(models.Model):
    """One thing that happened, with its moment; added, never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    what = models.CharField(max_length=16, choices=choices(EventOfCall))
    kind = models.CharField(max_length=12, choices=choices(PartyKind), blank=True)
    reason = models.CharField(max_length=20, choices=choices(Reason), blank=True)
    by_role = models.CharField(max_length=20)

    class Meta:
        ordering = ("at", "id")

    class Disclosure:
        arrange = ("at", "what", "kind", "reason", "by_role")
        never = ("id", "call")


class AfterCallQuerySet(models.QuerySet["AfterCall"]):
    def visible_to(self, person: Acting) -> "AfterCallQuerySet":
        """How it was: each side's own. A worry goes outside the camp: neutral and auditor (58)."""
        if isinstance(person, Sitting):
            man = person.captive.principal
            own = Q(call__captive=man) | Q(call__captive__same_as=man)
            return self.filter(own, side=Side.CAPTIVE)
        if isinstance(person, Enquirer):
            return self.filter(call__enquiry__enquirer=person, side=Side.FAMILY)
        if person.may(Permission.SEE_WORRY):
            return self.filter(worry__isnull=False)
        return self.none()


class AfterCall(models.Model):
    """What one side said after a call, asked apart: how it was, and what worries them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="answers")
    side = models.CharField(max_length=10, choices=choices(Side))
    key = models.ForeignKey(PersonKey, models.PROTECT)
    how = models.CharField(max_length=10, choices=choices(How))
    worry = EncryptedJSONField(null=True)  # the words; null if nothing worries them
    at = models.DateTimeField()
    looked_into_at = models.DateTimeField(null=True)  # within a day (AP I 75; ours)
    looked_into_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    objects = AfterCallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "side"], name="how_it_was_once_a_side"),
            models.CheckConstraint(
                condition=Q(looked_into_at=None, looked_into_by=None)
                | Q(
                    looked_into_at__isnull=False,
                    looked_into_by__isnull=False,
                    worry__isnull=False,
                ),
                name="a_worry_is_looked_into_by_somebody",
            ),
        ]

    class Disclosure:
        worry = ("id", "side", "how", "worry", "at", "looked_into_at", "looked_into_by")
        self_ = ("side", "how", "at")
        never = ("call", "key")
