"""Match candidates with their evidence, people's judgements, and confirmed matches."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import ProposalState, choices
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.matches.rules import CandidateState, Verdict
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def visible_to(self, person: Acting) -> "CandidateQuerySet":
        return self if person.may(Permission.JUDGE_CANDIDATE) else self.none()

    def in_queue(self) -> "CandidateQuerySet":
        """Those that have reached people and wait; what one person judged waits for another."""
        reached = Q(state=CandidateState.PROPOSED, queued_at__isnull=False)
        return self.filter(reached | Q(state=CandidateState.HALF_JUDGED))

    def below_threshold(self) -> "CandidateQuerySet":
        """Those that wait for new evidence, or for room."""
        return self.filter(state=CandidateState.PROPOSED, queued_at=None)


class Candidate(models.Model):
    """The machine's proposal that a captive is a sought person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="candidates")
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="candidates")
    # Of a man with several linked records the one that fits best: the evidence is read from it.
    record = models.ForeignKey(Captive, models.PROTECT, null=True, related_name="+")
    # The captive whom the machine takes for the same man, though no person has linked the two: they
    # have one probability together, which both carry.
    likely_same = models.ForeignKey(Captive, models.PROTECT, null=True, related_name="+")
    rank = models.PositiveIntegerField()
    bits = models.FloatField()
    probability = models.FloatField()
    # [[field, verdict, rule, bits], …]: no names; those are read from both records
    evidence = models.JSONField(default=list)
    state = models.CharField(
        max_length=20, choices=choices(CandidateState), default=CandidateState.PROPOSED
    )
    round = models.PositiveIntegerField(default=1)  # a new one begins with a new fact
    computed_at = models.DateTimeField()
    proposed_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(null=True, db_index=True)  # since when it is people's to judge

    objects = CandidateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "captive"], name="candidate_once")
        ]
        indexes = [models.Index(fields=["state", "-probability"])]

    class Disclosure:
        judge = (
            "id",
            "enquiry",
            "captive",
            "record",
            "likely_same",
            "rank",
            "bits",
            "probability",
            "evidence",
            "state",
            "round",
            "computed_at",
            "proposed_at",
            "queued_at",
        )

    @property
    def compared(self) -> Captive:
        """The record that the evidence was read from."""
        return self.record or self.captive


class Threshold(models.Model):
    """From which probability on a pair reaches people: set once a day, so that there is room."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(db_index=True)
    probability = models.FloatField()
    pairs_a_day = models.PositiveIntegerField()  # what there is room for
    proposed_a_day = models.FloatField()  # what came in, over the days that were looked at
    true_below = models.FloatField()  # pairs below that are expected to be right

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1),
                name="threshold_is_a_probability",
            )
        ]

    class Disclosure:
        judge = ("at", "probability", "pairs_a_day", "proposed_a_day", "true_below")
        never = ("id",)


class Outlook(models.Model):
    """How likely it is, by the last comparison, that none of an enquiry's candidates is he."""

    enquiry = models.OneToOneField(
        Enquiry, models.CASCADE, primary_key=True, related_name="outlook"
    )
    absent = models.FloatField()  # the probability that he is not on the register
    unshown = models.FloatField()  # that he is, and none of those who are proposed
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(absent__gte=0, absent__lte=1, unshown__gte=0, unshown__lte=1),
                name="outlook_is_of_probabilities",
            )
        ]

    class Disclosure:
        judge = ("absent", "unshown", "at")
        never = ("enquiry",)


class Judgement(models.Model):
    """One person's verdict. The second officer cannot see the first before giving their own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="judgements")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the enquiry's
    round = models.PositiveIntegerField()
    by = models.ForeignKey(Staff, models.PROTECT)
    verdict = models.CharField(max_length=20, choices=choices(Verdict))
    reason = EncryptedJSONField()
    new_fact = EncryptedJSONField(null=True)  # what opened this round
    probability = models.FloatField(null=True)  # what the machine said when this was judged
    or_else = models.ForeignKey(Candidate, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "round", "by"], name="one_verdict_a_person_and_round"
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.ONE_OF_TWO, or_else__isnull=False)
                | (~Q(verdict=Verdict.ONE_OF_TWO) & Q(or_else=None)),
                name="one_of_two_names_the_other",
            ),
        ]

    class Disclosure:
        judge = (
            "id",
            "round",
            "by",
            "verdict",
            "reason",
            "new_fact",
            "probability",
            "or_else",
            "at",
        )
        never = ("candidate", "key")


class MatchQuerySet(models.QuerySet["Match"]):
    def visible_to(self, person: Acting) -> "MatchQuerySet":
        return self if person.may(Permission.SEE_MATCH) else self.none()

    def standing(self) -> "MatchQuerySet":
        """Neither withdrawn nor of an enquiry that its family has taken back."""
        return self.filter(withdrawn_at=None).exclude(enquiry__state=EnquiryState.FORGOTTEN)


class Match(models.Model):
    """Confirmed by two people; withdrawn by two. One standing match an enquiry."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="matches")
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="matches")
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="matches")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the enquiry's
    first_judge = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    second_judge = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(db_index=True)
    withdrawal_asked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    withdrawal_reason = EncryptedJSONField(null=True)
    withdrawn_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enquiry"],
                condition=Q(withdrawn_at=None),
                name="one_standing_match_an_enquiry",
            ),
            models.CheckConstraint(
                condition=~Q(first_judge=F("second_judge")), name="match_confirmed_by_two"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | (
                    Q(
                        withdrawn_at__isnull=False,
                        withdrawn_by__isnull=False,
                        withdrawal_asked_by__isnull=False,
                    )
                    & ~Q(withdrawn_by=F("withdrawal_asked_by"))
                ),
                name="match_withdrawn_by_two",
            ),
        ]

    class Disclosure:
        file = (
            "id",
            "candidate",
            "enquiry",
            "captive",
            "first_judge",
            "second_judge",
            "confirmed_at",
            "withdrawal_asked_by",
            "withdrawal_reason",
            "withdrawn_by",
            "withdrawn_at",
        )
        never = ("key",)


class SameSoughtQuerySet(models.QuerySet["SameSought"]):
    def visible_to(self, person: Acting) -> "SameSoughtQuerySet":
        if not person.may(Permission.JUDGE_SAME_SOUGHT):
            return self.none()
        forgotten = Q(earlier__state=EnquiryState.FORGOTTEN)
        return self.exclude(forgotten | Q(later__state=EnquiryState.FORGOTTEN))


class SameSought(models.Model):
    """The machine thinks that two enquiries seek one man; a person says, and may say otherwise.

    Nothing of it is in either enquiry, so that no enquirer's page can show it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    earlier = models.ForeignKey(Enquiry, models.PROTECT, related_name="+")
    later = models.ForeignKey(Enquiry, models.PROTECT, related_name="+")
    bits = models.FloatField()
    probability = models.FloatField()
    evidence = models.JSONField(default=list)  # rules and bits, no names
    state = models.CharField(
        max_length=20, choices=choices(ProposalState), default=ProposalState.OPEN, db_index=True
    )
    judged_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    judged_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(
        null=True
    )
    reason = EncryptedJSONField(null=True)  # why it was judged so

    objects = SameSoughtQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="same_sought_proposed_once"),
            models.CheckConstraint(
                condition=~Q(earlier=F("later")), name="same_sought_is_two_enquiries"
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.OPEN, judged_by=None, judged_at=None)
                | (
                    ~Q(state=ProposalState.OPEN)
                    & Q(judged_by__isnull=False, judged_at__isnull=False)
                ),
                name="same_sought_judged_by_somebody",
            ),
        ]

    class Disclosure:
        judge = (
            "id",
            "earlier",
            "later",
            "bits",
            "probability",
            "evidence",
            "state",
            "judged_by",
            "judged_at",
            "reason",
        )

    @property
    def key(self) -> PersonKey:
        """The reason is kept under the later enquiry's key."""
        return self.later.key


class WeekOfTracing(models.Model):
    """How well the machine found invented men in one week, and how likely pairs agreed: figures."""

    week = models.DateField(primary_key=True)  # its Monday
    at = models.DateTimeField()
    version = models.PositiveIntegerField()  # of the weights
    cards = models.PositiveIntegerField()  # of the register, among which they were to be found
    planted = models.PositiveIntegerField()
    first = models.PositiveIntegerField()  # found in the first place
    among_ten = models.PositiveIntegerField()
    reached = models.PositiveIntegerField()  # and above the day's threshold
    absent = models.PositiveIntegerField()  # asked for, and planted nowhere
    absent_reached = models.PositiveIntegerField()  # and somebody else above the threshold
    # {field: {rule: pairs}} of the likely pairs that were proposed: how they agree
    agreeing = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first__lte=F("among_ten"), among_ten__lte=F("planted"))
                & Q(reached__lte=F("among_ten"), absent_reached__lte=F("absent")),
                name="week_of_tracing_adds_up",
            )
        ]

    class Disclosure:
        figures = (
            "week",
            "at",
            "version",
            "cards",
            "planted",
            "first",
            "among_ten",
            "reached",
            "absent",
            "absent_reached",
            "agreeing",
        )


class Comparison(models.Model):
    """When an enquiry was last compared with all records: the bureau's day, for everybody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(db_index=True)
    enquiries = models.PositiveIntegerField()
    captives = models.PositiveIntegerField()

    class Disclosure:
        everybody = ("at",)
        judge = ("enquiries", "captives")
        never = ("id",)
