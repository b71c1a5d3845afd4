"""Letters and cards, and the copies that go on."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import CustodyState, choices
from wayhome.bureau.consents.models import Sitting, of_same_man
from wayhome.bureau.contact.rules import (
    UNREAD_AT_MOST,
    Direction,
    HoldReason,
    LetterKind,
    LetterState,
    NotFiled,
    ScanState,
)
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import AT_ONE_SITE, Acting, Permission
from wayhome.lib.ids import new_id

_IS_HELD = Q(captive__same_as=None, captive__custody_state=CustodyState.HELD) | Q(
    captive__same_as__custody_state=CustodyState.HELD
)
# On its way to somebody who is not held any more: nobody reads it or gives it to him.
_NOBODY_GETS_IT = (
    Q(direction=Direction.TO_HIM)
    & Q(state__in=[LetterState.TO_REVIEW, LetterState.HELD, LetterState.PASSED])
    & ~_IS_HELD
)


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
            read = self.exclude(state__in=[LetterState.KEPT, LetterState.TAKEN_BACK])
            return read.exclude(kind=LetterKind.CAPTURE_CARD).exclude(_NOBODY_GETS_IT)
        if person.may(Permission.SEND_LETTER):
            sent = self.filter(state__in=[LetterState.PASSED, LetterState.DELIVERED])
            sent = sent.exclude(_NOBODY_GETS_IT)
            if person.acting_role in AT_ONE_SITE:
                return sent.filter(captive__site=person.site)  # type: ignore[attr-defined]
            return sent
        return self.none()

    def to_review(self) -> "LetterQuerySet":
        return self.filter(state=LetterState.TO_REVIEW).exclude(_NOBODY_GETS_IT)

    def that_nobody_reads(self) -> "LetterQuerySet":
        """In a language that no reviewer has."""
        return self.exclude(language__in=Staff.objects.languages_read())

    def for_reader(self, person: Staff, now: datetime) -> "LetterQuerySet":
        """In a language that this reviewer reads; and, once it waited too long for one who does,
        in any other. All of them for whom no language is noted.
        """
        if not person.reads:
            return self
        too_long = self.that_nobody_reads().filter(waits_since__lte=now - UNREAD_AT_MOST)
        return self.filter(Q(language__in=person.reads.split()) | Q(pk__in=too_long.values("pk")))


class SheetQuerySet(models.QuerySet["Sheet"]):
    def visible_to(self, person: Acting) -> "SheetQuerySet":
        """Her own; those of the men of one's own site."""
        if isinstance(person, Enquirer):
            return self.filter(enquiry__enquirer=person)
        if not isinstance(person, Sitting) and person.may(Permission.SEND_LETTER):
            if person.acting_role in AT_ONE_SITE:
                return self.filter(captive__site=person.site)  # type: ignore[attr-defined]
            return self.filter(captive__isnull=False)
        return self.none()


class Sheet(models.Model):
    """An empty sheet that was printed for somebody: whoever has its code knows nothing by it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=12, unique=True)
    direction = models.CharField(max_length=10, choices=choices(Direction))
    kind = models.CharField(max_length=20, choices=choices(LetterKind))
    captive = models.ForeignKey(Captive, models.PROTECT, null=True, related_name="sheets")
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, related_name="sheets")
    language = models.CharField(max_length=8)
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    objects = SheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(direction=Direction.FROM_HIM, captive__isnull=False, enquiry=None)
                | Q(direction=Direction.TO_HIM, captive=None, enquiry__isnull=False),
                name="sheet_has_its_sender",
            ),
        ]

    class Disclosure:
        send = ("id", "code", "kind", "captive", "printed_at", "printed_by")
        self_ = ("code", "kind", "printed_at")
        never = ("direction", "enquiry", "language")


class Letter(models.Model):
    """One letter or card as it was written; only its sender's key opens it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    direction = models.CharField(max_length=10, choices=choices(Direction))
    kind = models.CharField(max_length=20, choices=choices(LetterKind))
    # Of a letter to him: from when the enquiry's match stands and he allows letters.
    captive = models.ForeignKey(Captive, models.PROTECT, null=True, related_name="letters")
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, related_name="letters")
    sitting = models.ForeignKey(Sitting, models.PROTECT, null=True)
    # Of one written by hand: what it was written on, its sides are in Scan. Of a typed Red Cross
    # Message: what its answer is written on.
    sheet = models.ForeignKey(Sheet, models.PROTECT, null=True, related_name="letters")
    answers = models.OneToOneField("self", models.PROTECT, null=True, related_name="reply")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    # {"text"}, and of his own {"name", "address"}; of a capture card "health" instead of a text;
    # {} of one written by hand
    content = EncryptedJSONField()
    language = models.CharField(max_length=8)  # that it is written in, as far as it was said
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
                condition=Q(direction=Direction.FROM_HIM, captive__isnull=False, enquiry=None)
                & (Q(sitting__isnull=False) | Q(sheet__isnull=False))
                | Q(direction=Direction.TO_HIM, sitting=None)
                & (Q(enquiry__isnull=False) | Q(answers__isnull=False, captive__isnull=False)),
                name="letter_has_its_sender",
            ),
            models.UniqueConstraint(
                fields=["sheet"],
                condition=Q(answers=None, sheet__isnull=False),
                name="one_letter_and_its_reply_a_sheet",
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
        send = (
            "id",
            "direction",
            "kind",
            "captive",
            "state",
            "written_at",
            "delivered_by",
            "delivered_at",
        )
        never = ("enquiry", "sitting", "key", "sheet", "answers")

    @property
    def by_hand(self) -> bool:
        """Whether it came as pictures of a sheet. A typed message has a sheet for its answer."""
        return self.sheet_id is not None and self.scans.exists()


class LetterCopy(models.Model):
    """What goes on of a letter: its text without what was blacked out, under the captive's key."""

    letter = models.OneToOneField(Letter, models.PROTECT, primary_key=True, related_name="copy")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    text = EncryptedJSONField()
    blacked_out = models.PositiveIntegerField(default=0)  # passages

    class Disclosure:
        self_ = ("text", "blacked_out")
        never = ("letter", "key")


class ScanQuerySet(models.QuerySet["Scan"]):
    def visible_to(self, person: Acting) -> "ScanQuerySet":
        """Reviewers see all; at a site those that were brought there."""
        if isinstance(person, Enquirer | Sitting):
            return self.none()
        if person.may(Permission.REVIEW_LETTER):
            return self
        if person.may(Permission.BRING_SCAN):
            return self.filter(brought_by__site=person.site)  # type: ignore[attr-defined]
        return self.none()

    def waiting(self) -> "ScanQuerySet":
        """What a person must file, or scan again."""
        return self.filter(state__in=[ScanState.NOT_FILED, ScanState.UNREADABLE])


class Scan(models.Model):
    """One side of a sheet that came back: a picture drawn anew, encrypted, named by `picture`.

    Not filed, it lies under a key of its own; filed, under its sender's.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.BinaryField(max_length=32)  # SHA-256 of the file in which it came
    place = models.PositiveSmallIntegerField()  # in that file
    key = models.ForeignKey(PersonKey, models.PROTECT)
    picture = models.UUIDField(null=True, unique=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=20, choices=choices(ScanState), db_index=True)
    why = models.CharField(max_length=20, blank=True, choices=choices(NotFiled))
    code = models.CharField(max_length=12, blank=True)  # as read on it, or typed
    side = models.PositiveSmallIntegerField(null=True)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="scans")
    brought_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    came_at = models.DateTimeField(db_index=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ScanQuerySet.as_manager()

    class Meta:
        constraints = [
            # A file that is met again, after a crash or by mistake, is not taken in again.
            models.UniqueConstraint(fields=["digest", "place"], name="side_of_a_file_once"),
            models.UniqueConstraint(
                fields=["letter", "side"], condition=Q(letter__isnull=False),
                name="side_of_a_letter_once",
            ),
            models.CheckConstraint(
                condition=Q(state=ScanState.FILED, letter__isnull=False, side__isnull=False)
                | ~Q(state=ScanState.FILED) & Q(letter=None),
                name="scan_is_filed_to_a_letter",
            ),
            models.CheckConstraint(
                condition=Q(picture__isnull=False) | Q(why=NotFiled.NOT_OPENED),
                name="scan_has_its_picture",
            ),
        ]  # fmt: skip

    class Disclosure:
        review = ("id", "width", "height", "state", "why", "code", "side", "came_at", "place",
                  "brought_by", "decided_by", "decided_at")  # fmt: skip
        never = ("digest", "key", "picture", "letter")


class CopyPicture(models.Model):
    """One side of what goes on of a letter by hand: what was made black is not in it any more."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    copy = models.ForeignKey(LetterCopy, models.PROTECT, related_name="pictures")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the captive's
    side = models.PositiveSmallIntegerField()
    boxes = models.PositiveIntegerField(default=0)  # made black

    class Meta:
        constraints = [models.UniqueConstraint(fields=["copy", "side"], name="copy_of_a_side_once")]

    class Disclosure:
        self_ = ("id", "side", "boxes")
        never = ("copy", "key")
