"""Letters and cards, and the copies that go on."""

from django.db import models
from django.db.models import Q

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import choices
from wayhome.bureau.consents.models import Sitting, of_same_man
from wayhome.bureau.contact.rules import Direction, HoldReason, LetterKind, LetterState
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import AT_ONE_SITE, Acting, Permission
from wayhome.lib.ids import new_id


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, person: Acting) -> "LetterQuerySet":
        """His own and what came to him; her own; what a reviewer reads; what a site sends off."""
        if isinstance(person, Sitting):
            came = Q(direction=Direction.TO_HIM) & Q(
                state__in=[LetterState.PASSED, LetterState.DELIVERED]
            )
            return self.filter(of_same_man(person.captive)).filter(
                Q(direction=Direction.FROM_HIM) | came
            )
        if isinstance(person, Enquirer):
            return self.filter(enquiry__enquirer=person)
        if person.may(Permission.REVIEW_LETTER):
            return self.exclude(state__in=[LetterState.KEPT, LetterState.TAKEN_BACK]).exclude(
                kind=LetterKind.CAPTURE_CARD
            )
        if person.may(Permission.SEND_LETTER):
            sent = self.filter(direction=Direction.FROM_HIM).filter(
                state__in=[LetterState.PASSED, LetterState.DELIVERED]
            )
            if person.acting_role in AT_ONE_SITE:
                return sent.filter(captive__site=person.site)  # type: ignore[attr-defined]
            return sent
        return self.none()

    def to_review(self) -> "LetterQuerySet":
        return self.filter(state=LetterState.TO_REVIEW)


class Letter(models.Model):
    """One letter or card as it was written; only its sender's key opens it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    direction = models.CharField(max_length=10, choices=choices(Direction))
    kind = models.CharField(max_length=20, choices=choices(LetterKind))
    # Of a letter to him: from when the enquiry's match stands and he allows letters.
    captive = models.ForeignKey(Captive, models.PROTECT, null=True, related_name="letters")
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, related_name="letters")
    sitting = models.ForeignKey(Sitting, models.PROTECT, null=True)
    key = models.ForeignKey(PersonKey, models.PROTECT)
    # {"text"}, and of his own {"name", "address"}; of a capture card "health" instead of a text
    content = EncryptedJSONField()
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=20, choices=choices(LetterState), db_index=True)
    written_at = models.DateTimeField()
    waits_since = models.DateTimeField(null=True, db_index=True)  # of its review
    reviewed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    hold_reason = models.CharField(max_length=20, blank=True, choices=choices(HoldReason))
    held_until = models.DateField(null=True)
    asked_back_at = models.DateTimeField(null=True)  # by a family; where it is they are not told
    delivered_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    delivered_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(direction=Direction.FROM_HIM, captive__isnull=False,
                            sitting__isnull=False, enquiry=None)
                | Q(direction=Direction.TO_HIM, enquiry__isnull=False, sitting=None),
                name="letter_has_its_sender",
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.HELD)
                | (Q(held_until__isnull=False) & ~Q(hold_reason="")),
                name="letter_is_held_for_a_reason_until_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(kind=LetterKind.CAPTURE_CARD)
                | Q(state__in=[LetterState.PASSED, LetterState.DELIVERED]),
                name="capture_card_meets_no_review",
            ),
        ]  # fmt: skip

    class Disclosure:
        self_ = (
            "id",
            "direction",
            "kind",
            "content",
            "state",
            "written_at",
            "hold_reason",
            "held_until",
            "delivered_at",
            "asked_back_at",
        )
        review = (*self_, "language", "waits_since", "reviewed_by", "reviewed_at")
        send = ("id", "kind", "captive", "state", "written_at", "delivered_by", "delivered_at")
        never = ("enquiry", "sitting", "key")


class LetterCopy(models.Model):
    """What goes on of a letter: its text without what was blacked out, under the captive's key."""

    letter = models.OneToOneField(Letter, models.PROTECT, primary_key=True, related_name="copy")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    text = EncryptedJSONField()
    blacked_out = models.PositiveIntegerField(default=0)  # passages

    class Disclosure:
        self_ = ("text", "blacked_out")
        never = ("letter", "key")
