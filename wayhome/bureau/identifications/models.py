"""Remains held against a person: lines of evidence, boards with their statements, doubts."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from wayhome.bureau.answers.models import Invitation
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.identifications.rules.board import BY_MACHINE, Asked, Cause, Outcome, State
from wayhome.bureau.identifications.rules.evidence import Kind, Line, Word
from wayhome.bureau.identifications.rules.telling import Way
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.remains.rules.register import choices
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class IdentificationQuerySet(models.QuerySet["Identification"]):
    def visible_to(self, person: Acting) -> "IdentificationQuerySet":
        return self if person.may(Permission.SEE_IDENTIFICATION) else self.none()

    def standing(self) -> "IdentificationQuerySet":
        """Those that a board decided, and nobody doubts."""
        return self.filter(state=State.IDENTIFIED)

    def waiting_for(self, member: Staff) -> "IdentificationQuerySet":
        """Those before the board that this member has not signed."""
        signed = BoardStatement.objects.filter(round=OuterRef("pk"), member=member)
        rounds = BoardRound.objects.filter(decided_at=None).exclude(Exists(signed))
        return self.filter(pk__in=rounds.values("identification"))


class Identification(models.Model):
    """The question whether these remains are this person. Remains have one name at most."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    remains = models.ForeignKey(Remains, models.PROTECT, related_name="identifications")
    # Whom it would be: the person that a family seeks, a captive of the register, or both in one.
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, related_name="identifications")
    captive = models.ForeignKey(Captive, models.PROTECT, null=True, related_name="identifications")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")  # of the remains
    state = models.CharField(
        max_length=20, choices=choices(State), default=State.OPEN, db_index=True
    )
    why = EncryptedJSONField(null=True)  # in words of who opened it; the machine has none
    opened_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(db_index=True)
    decided_at = models.DateTimeField(null=True, db_index=True)  # of the decision that stands

    objects = IdentificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(enquiry__isnull=False) | Q(captive__isnull=False),
                name="identification_is_of_somebody",
            ),
            models.UniqueConstraint(fields=["remains", "enquiry"], name="remains_and_enquiry_once"),
            models.UniqueConstraint(
                fields=["remains", "captive"],
                condition=Q(enquiry=None),
                name="remains_and_captive_once",
            ),
            models.UniqueConstraint(
                fields=["remains"],
                condition=Q(state=State.IDENTIFIED),
                name="remains_have_one_name",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.IDENTIFIED, State.EXCLUDED], decided_at__isnull=False)
                | ~Q(state__in=[State.IDENTIFIED, State.EXCLUDED]) & Q(decided_at=None),
                name="decided_identification_has_its_moment",
            ),
        ]

    class Disclosure:
        work = ("id", "remains", "state", "opened_by", "opened_at", "decided_at")
        named = ("enquiry", "captive", "why")
        never = ("key",)

    def __str__(self) -> str:
        return str(self.pk)

    def current_lines(self) -> "models.QuerySet[EvidenceLine]":
        return self.lines.filter(is_last=True).select_related("key", "by")

    def open_round(self) -> "BoardRound | None":
        return self.rounds.filter(decided_at=None).first()

    def decision(self) -> "BoardRound | None":
        """The round whose decision stands."""
        if self.decided_at is None:
            return None
        rounds = self.rounds.filter(outcome__in=[Outcome.IDENTIFIED, Outcome.EXCLUDED])
        return rounds.select_related("key").order_by("-number").first()


class EvidenceLineQuerySet(models.QuerySet["EvidenceLine"]):
    def visible_to(self, person: Acting) -> "EvidenceLineQuerySet":
        return self if person.may(Permission.SEE_IDENTIFICATION) else self.none()


class EvidenceLine(models.Model):
    """One line of evidence as a person weighed it. A later one of its kind supersedes it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    identification = models.ForeignKey(Identification, models.PROTECT, related_name="lines")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=choices(Kind))
    version = models.PositiveIntegerField()
    is_last = models.BooleanField(default=True)
    word = models.CharField(max_length=12, choices=choices(Word))
    said = EncryptedJSONField()  # {"reason", "explained"}
    # What it was read from, as it stood: {"hit", "log10_lr", "prior", "missing", "posterior",
    # "chance_matches", "examination", "am", "teeth"}; of DNA never an allele
    basis = EncryptedJSONField()
    contradictions = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = EvidenceLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["identification", "kind", "version"], name="line_version_once"
            ),
            models.UniqueConstraint(
                fields=["identification", "kind"],
                condition=Q(is_last=True),
                name="one_line_of_a_kind_stands",
            ),
        ]
        ordering: ClassVar = ["version"]

    class Disclosure:
        work = ("id", "kind", "version", "word", "said", "basis", "contradictions", "by", "at")
        never = ("identification", "key", "is_last")

    def as_line(self, *, is_stale: bool) -> Line:
        """As the rules of naming see it."""
        basis = self.basis or {}
        return Line(
            Kind(self.kind),
            Word(self.word),
            posterior=basis.get("posterior"),
            contradictions=self.contradictions,
            explained=bool((self.said or {}).get("explained")),
            is_stale=is_stale,
        )


class BoardRound(models.Model):
    """One time before the board: what lay before it, and what it decided. None is ever removed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    identification = models.ForeignKey(Identification, models.PROTECT, related_name="rounds")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    asked = models.CharField(max_length=10, choices=choices(Asked))
    lines = models.JSONField(default=list)  # ids of the lines that lay before it
    opened_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=choices(Outcome), blank=True)
    # The name that was given: {"name", "born", "number": of the enquiry or the card}
    named = EncryptedJSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["identification", "number"], name="round_number_once"),
            models.UniqueConstraint(
                fields=["identification"],
                condition=Q(decided_at=None),
                name="one_round_before_the_board",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, outcome="")
                | Q(decided_at__isnull=False) & ~Q(outcome=""),
                name="round_ends_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.IDENTIFIED, named__isnull=False)
                | ~Q(outcome=Outcome.IDENTIFIED) & Q(named=None),
                name="an_identified_round_gives_a_name",
            ),
        ]
        ordering: ClassVar = ["number"]

    class Disclosure:
        work = ("number", "asked", "opened_by", "opened_at", "decided_at", "outcome")
        named = ("named",)
        never = ("id", "identification", "key", "lines")


class BoardStatementQuerySet(models.QuerySet["BoardStatement"]):
    def visible_to(self, person: Any) -> "BoardStatementQuerySet":
        """Those of decided rounds; of an open one only one's own: each signs apart."""
        if not person.may(Permission.SEE_IDENTIFICATION):
            return self.none()
        return self.filter(Q(round__decided_at__isnull=False) | Q(member=person))


class BoardStatement(models.Model):
    """What one member of the board says. Signed once, never changed, seen when all have signed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(BoardRound, models.PROTECT, related_name="statements")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    member = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    profession = models.CharField(max_length=40)  # as it was noted when it was signed
    word = models.CharField(max_length=12, choices=choices(Word))
    reason = EncryptedJSONField()
    at = models.DateTimeField()

    objects = BoardStatementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "member"], name="a_member_signs_once"),
            models.UniqueConstraint(
                fields=["round", "profession"], name="members_are_of_different_professions"
            ),
            models.CheckConstraint(condition=~Q(profession=""), name="a_member_has_a_profession"),
        ]
        ordering: ClassVar = ["at"]

    class Disclosure:
        work = ("member", "profession", "word", "at")
        named = ("reason",)  # in words that may hold a name
        never = ("id", "round", "key")


class Doubt(models.Model):
    """Why a decision was reopened: by a third person, or by the machine, which gives no reason."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    identification = models.ForeignKey(Identification, models.PROTECT, related_name="doubts")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    round = models.ForeignKey(BoardRound, models.PROTECT, related_name="doubts")
    cause = models.CharField(max_length=16, choices=choices(Cause))
    reason = EncryptedJSONField(null=True)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cause__in=BY_MACHINE, by=None, reason=None)
                | ~Q(cause__in=BY_MACHINE) & Q(by__isnull=False, reason__isnull=False),
                name="a_person_doubts_with_a_reason",
            )
        ]
        ordering: ClassVar = ["at"]

    class Disclosure:
        work = ("cause", "by", "at")
        named = ("reason",)  # in words that may hold a name
        never = ("id", "identification", "key", "round")


class DeathToldQuerySet(models.QuerySet["DeathTold"]):
    def visible_to(self, person: Acting) -> "DeathToldQuerySet":
        if isinstance(person, Enquirer):
            return self.filter(enquiry__enquirer=person)
        return self if person.may(Permission.TELL_FAMILY) else self.none()

    def standing_for(self, enquiry: Enquiry) -> "DeathTold | None":
        """What she was told and is not withdrawn."""
        return self.filter(enquiry=enquiry, withdrawn_at=None).order_by("-at").first()

    def to_correct(self) -> "DeathToldQuerySet":
        """What was told and is doubted, and no person has told her so yet (P20)."""
        return self.filter(withdrawn_at__isnull=False, withdrawal_told_at=None)


class DeathTold(models.Model):
    """What people said to a family of a death; only then does her page show it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    identification = models.ForeignKey(Identification, models.PROTECT, related_name="told")
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="deaths_told")
    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="death_told")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")  # the enquirer's
    way = models.CharField(max_length=12, choices=choices(Way))
    second = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    # {"found_on", "known_by": kinds, "decided_on", "buried", "kind"}
    said = EncryptedJSONField()
    talk = EncryptedJSONField()  # rules.telling.Talk, without the second's number
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_told_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    withdrawal_told_at = models.DateTimeField(null=True)

    objects = DeathToldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enquiry"], condition=Q(withdrawn_at=None), name="told_of_one_death"
            ),
            models.CheckConstraint(
                condition=~Q(way=Way.IN_PERSON) | Q(second__isnull=False),
                name="in_person_two_of_us_tell",
            ),
            models.CheckConstraint(
                condition=Q(withdrawal_told_at=None) | Q(withdrawn_at__isnull=False),
                name="only_what_is_withdrawn_is_corrected",
            ),
        ]

    class Disclosure:
        contact = (
            "id",
            "identification",
            "enquiry",
            "way",
            "second",
            "said",
            "talk",
            "by",
            "at",
            "withdrawn_at",
            "withdrawal_told_by",
            "withdrawal_told_at",
        )
        self_ = ("said", "at")
        never = ("invitation", "key")


class Wish(models.Model):
    """What a family wishes for the dead; a later one stands in its place."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    told = models.ForeignKey(DeathTold, models.PROTECT, related_name="wishes")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")  # the enquirer's
    number = models.PositiveIntegerField()
    wishes = EncryptedJSONField()  # {"return", "belongings", "rite", "words"}
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["told", "number"], name="wish_number_once")]
        ordering: ClassVar = ["number"]

    class Disclosure:
        contact = ("number", "wishes", "by", "at")
        never = ("id", "told", "key")
