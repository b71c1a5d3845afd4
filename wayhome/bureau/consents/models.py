"""What a captive allows, to whom, before whom; his fear, sealed."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from wayhome.bureau.captives.models import Captive, HarmFlag
from wayhome.bureau.captives.rules import choices
from wayhome.bureau.consents.rules import IDLE_FOR, Answer, Kind, Unable
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.matches.models import Match
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission, Role
from wayhome.lib.ids import new_id


def of_same_man(captive: Captive) -> Q:
    """What belongs to any record of this man: linked records are one man."""
    return Q(captive=captive.principal) | Q(captive__same_as=captive.principal)


class CaptiveSecret(models.Model):
    """What only he knows, set before a neutral; opens his sittings. No hash: to be set anew."""

    captive = models.OneToOneField(Captive, models.PROTECT, primary_key=True)
    hash = models.CharField(max_length=200)
    set_before = models.ForeignKey(Staff, models.PROTECT)
    set_at = models.DateTimeField()
    failed_tries = models.PositiveIntegerField(default=0)

    class Disclosure:
        never = ("captive", "hash", "set_before", "set_at", "failed_tries")


class SittingQuerySet(models.QuerySet["Sitting"]):
    def visible_to(self, person: Acting) -> "SittingQuerySet":
        return self if person.may(Permission.SEE_CONSENT) else self.none()

    def open(self) -> "SittingQuerySet":
        """Neither closed nor left alone for so long that it is over."""
        return self.filter(closed_at=None, last_seen_at__gt=timezone.now() - IDLE_FOR)

    def unlocked(self) -> "SittingQuerySet":
        """Open, and he gave his secret: only these act as him."""
        return self.open().filter(unlocked_at__isnull=False)


class Sitting(Acting, models.Model):
    """One session of one captive at a tablet. It acts as him while it is open."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="sittings")
    # The neutral who is there; none for a sitting in which he only says no or withdraws.
    neutral = models.ForeignKey(Staff, models.PROTECT, null=True)
    language = models.CharField(max_length=2)
    opened_at = models.DateTimeField()
    unlocked_at = models.DateTimeField(null=True)  # he gave his secret
    closed_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(default=timezone.now)  # the last touch of the tablet

    objects = SittingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["captive"], condition=Q(closed_at=None), name="one_open_sitting_a_captive"
            )
        ]

    class Disclosure:
        consent = ("id", "captive", "neutral", "language", "opened_at", "unlocked_at", "closed_at")
        never = ("last_seen_at",)

    @property
    def actor_id(self) -> str:
        return f"captive:{self.captive_id}"

    @property
    def acting_role(self) -> Role:
        return Role.CAPTIVE

    def may_act(self) -> bool:
        """Whether it acts as him at this moment."""
        return Sitting.objects.unlocked().filter(pk=self.pk).exists()


class ThingsAnswer(models.Model):
    """What he answered to her three things, asked without her name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    match = models.ForeignKey(Match, models.PROTECT, related_name="things_answers")
    sitting = models.ForeignKey(Sitting, models.PROTECT)
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the captive's
    answers = EncryptedJSONField()  # [text or "" for each question]
    at = models.DateTimeField(auto_now_add=True)
    stopped_at = models.DateTimeField(null=True)

    class Disclosure:
        verifier = ("answers", "at", "stopped_at")
        never = ("id", "match", "sitting", "key")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, person: Acting) -> "ConsentQuerySet":
        if isinstance(person, Sitting):
            return self.filter(of_same_man(person.captive))
        return self if person.may(Permission.SEE_CONSENT) else self.none()

    def in_force(self, match: Match, kind: Kind) -> "Consent | None":
        """His latest answer to this about her, if its match still stands."""
        asked = self.filter(match=match, kind=kind, stopped_at=None)
        return asked.order_by("-at", "-id").first()

    def of_his_own(self, captive: Captive) -> "Consent | None":
        """His latest answer to going home of his own wish, without any family."""
        asked = self.filter(of_same_man(captive), match=None, kind=Kind.GO_HOME, stopped_at=None)
        return asked.order_by("-at", "-id").first()


class Consent(models.Model):
    """One answer to one question about one person. The latest counts; none is ever edited.

    Going home of his own wish names nobody: no match, no enquiry. One without family may go too.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="consents")
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, related_name="consents")
    match = models.ForeignKey(Match, models.PROTECT, null=True, related_name="consents")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the captive's
    kind = models.CharField(max_length=20, choices=choices(Kind))
    answer = models.CharField(max_length=10, choices=choices(Answer))
    words = EncryptedJSONField(null=True)  # words of his own for her
    sitting = models.ForeignKey(Sitting, models.PROTECT)
    before = models.ForeignKey(Staff, models.PROTECT, null=True)  # the neutral
    at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)  # its match was withdrawn

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(answer=Answer.YES) | Q(before__isnull=False),
                name="yes_is_said_before_a_neutral",
            ),
            models.CheckConstraint(
                condition=Q(match__isnull=False, enquiry__isnull=False)
                | Q(match=None, enquiry=None, kind=Kind.GO_HOME),
                name="consent_names_somebody_but_to_go_home",
            ),
        ]
        indexes = [models.Index(fields=["captive", "enquiry", "kind", "-at"])]

    class Disclosure:
        consent = (
            "id",
            "captive",
            "enquiry",
            "match",
            "kind",
            "answer",
            "words",
            "sitting",
            "before",
            "at",
            "stopped_at",
        )
        never = ("key",)


class ForHimQuerySet(models.QuerySet["DecisionForHim"]):
    def visible_to(self, person: Acting) -> "ForHimQuerySet":
        """The neutral's at every site; at his own site the physician's, whose word it needs."""
        if person.may(Permission.SEE_CONSENT):
            return self
        if person.may(Permission.NOTE_HEALTH):
            return self.filter(captive__in=Captive.objects.visible_to(person))
        return self.none()

    def running(self) -> "ForHimQuerySet":
        """Those that hold at this moment."""
        return self.agreed().filter(Q(until=None) | Q(until__gt=timezone.now()))

    def agreed(self) -> "ForHimQuerySet":
        return self.filter(ended_at=None, agreed_at__isnull=False)

    def waiting(self) -> "ForHimQuerySet":
        """Proposed by the neutral, and not agreed to by the physician yet."""
        return self.filter(ended_at=None, agreed_at=None)

    def in_force(self, match: Match, kind: Kind) -> "DecisionForHim | None":
        """What physician and neutral, or his guardian, allowed in his place about this, now."""
        return self.running().filter(match=match, kind=kind).order_by("-agreed_at").first()


class DecisionForHim(models.Model):
    """A yes in the place of a man who cannot decide, in his interest (P3).

    Physician and neutral, a week at a time; for a child his guardian, before a neutral. His own
    first answer ends it; there is no *no* in his place, since without a yes nothing is told.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="decided_for_him")
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, models.PROTECT, related_name="decided_for_him")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the captive's
    kind = models.CharField(max_length=20, choices=choices(Kind))
    why = models.CharField(max_length=10, choices=choices(Unable))
    grounds = EncryptedJSONField()
    guardian = EncryptedJSONField(null=True)  # who he or she is, and how that is known
    neutral = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    physician = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ForHimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_at=None)
                | Q(why=Unable.ILL, physician__isnull=False, until__isnull=False)
                | Q(why=Unable.CHILD, guardian__isnull=False),
                name="for_him_by_physician_for_a_time_or_by_guardian",
            )
        ]

    class Disclosure:
        consent = (
            "id", "captive", "enquiry", "match", "kind", "why", "grounds", "guardian", "neutral",
            "proposed_at", "physician", "agreed_at", "until", "ended_at",
        )  # fmt: skip
        # What the physician is asked: whether it is in his interest, never for which family.
        health = ("id", "kind", "why", "grounds", "proposed_at", "agreed_at", "until", "ended_at")
        never = ("key",)


class FearQuerySet(models.QuerySet["FearAnswer"]):
    def visible_to(self, person: Acting) -> "FearQuerySet":
        return self if person.may(Permission.SEE_FEAR) else self.none()

    def latest_of(self, captive: Captive) -> "FearAnswer | None":
        return self.filter(of_same_man(captive)).order_by("-at", "-id").first()


class FearAnswer(models.Model):
    """Does he fear to go back? Sealed: legal officer and neutral alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="fears")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    answer = EncryptedJSONField()  # {"fear": yes|unsure|no, "words": …}
    sitting = models.ForeignKey(Sitting, models.PROTECT)
    at = models.DateTimeField()

    objects = FearQuerySet.as_manager()

    class Disclosure:
        sealed = ("id", "captive", "answer", "sitting", "at")
        never = ("key",)


class AssessmentQuerySet(models.QuerySet["DangerAssessment"]):
    def visible_to(self, person: Acting) -> "AssessmentQuerySet":
        return self if person.may(Permission.SEE_FEAR) else self.none()

    def latest_of(self, captive: Captive) -> "DangerAssessment | None":
        return self.filter(of_same_man(captive)).order_by("-at", "-id").first()


class DangerAssessment(models.Model):
    """The legal officer's assessment for every man, whatever he said (P8)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="assessments")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    finding = EncryptedJSONField()  # {"danger": …, "reasons": …}
    by = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField()

    objects = AssessmentQuerySet.as_manager()

    class Disclosure:
        sealed = ("id", "captive", "finding", "by", "at")
        never = ("key",)


class PersonToTellQuerySet(models.QuerySet["PersonToTell"]):
    def visible_to(self, person: Acting) -> "PersonToTellQuerySet":
        """Himself, the neutral, and whoever tells families: these not where telling could harm."""
        if isinstance(person, Sitting):
            return self.filter(of_same_man(person.captive))
        if person.may(Permission.OPEN_SITTING):
            return self
        if person.may(Permission.TELL_FAMILY):
            flagged = HarmFlag.objects.standing().filter(captive=OuterRef("captive"))
            return self.filter(~Exists(flagged))
        return self.none()


class PersonToTell(models.Model):
    """Somebody he names to be told, by whoever can reach them; needs no enquiry and no match."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="persons_to_tell")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    who = EncryptedJSONField()  # {"name", "reach", "words", "question", "right_answer"}
    sitting = models.ForeignKey(Sitting, models.PROTECT)
    at = models.DateTimeField()

    objects = PersonToTellQuerySet.as_manager()

    class Disclosure:
        consent = ("who", "at")
        never = ("id", "captive", "key", "sitting")
