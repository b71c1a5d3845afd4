"""Claims of kinship, the papers that support them, and the verdicts."""

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.captives.rules import choices
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.matches.models import Match
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.relations.rules import Level, PaperFor
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, person: Acting) -> "PaperQuerySet":
        if isinstance(person, Enquirer):
            return self.filter(enquiry__enquirer=person)
        kinds = [kind for need, kind in READ_BY if person.may(need)]
        return self.filter(serves__in=kinds) if kinds else self.none()


# Each kind for whoever works with it: nobody reads both.
READ_BY = (
    (Permission.VERIFY_KINSHIP, PaperFor.KINSHIP),
    (Permission.SET_APPOINTMENT, PaperFor.JOURNEY),
)


class Paper(models.Model):
    """A photographed paper: re-encoded, encrypted, outside the web root, named by its id."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="papers")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the enquirer's
    serves = models.CharField(max_length=20, choices=choices(PaperFor), default=PaperFor.KINSHIP)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    note = EncryptedJSONField(null=True)  # what she says it is
    sent_at = models.DateTimeField(auto_now_add=True)

    objects = PaperQuerySet.as_manager()

    class Disclosure:
        verifier = ("id", "serves", "media_type", "size", "note", "sent_at")
        self_ = ("id", "serves", "note", "sent_at")
        never = ("enquiry", "key")


class VerdictQuerySet(models.QuerySet["KinshipVerdict"]):
    def visible_to(self, person: Acting) -> "VerdictQuerySet":
        return self if person.may(Permission.VERIFY_KINSHIP) else self.none()

    def standing(self) -> "VerdictQuerySet":
        return self.filter(stopped_at=None)

    def proven(self, match: Match) -> bool:
        """Whether two verifiers hold her kinship to him proven."""
        return (
            self.standing()
            .filter(match=match, level=Level.PROVEN, confirmed_at__isnull=False)
            .exists()
        )

    def proven_for(self, enquiry: Enquiry) -> bool:
        """Whether two verifiers hold it proven that she is kin to the person she seeks."""
        whose = Q(enquiry=enquiry) | Q(match__enquiry=enquiry)
        proven = self.standing().filter(whose, level=Level.PROVEN)
        return proven.filter(confirmed_at__isnull=False).exists()


class KinshipVerdict(models.Model):
    """How far her kinship to him is proven, by one verifier and confirmed by a second.

    To somebody of the register by a match; to one of the dead, whom no match joins to her, to the
    person whom she seeks.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    match = models.ForeignKey(Match, models.PROTECT, null=True, related_name="verdicts")
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, related_name="kinship_verdicts")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the enquirer's
    level = models.CharField(max_length=20, choices=choices(Level))
    checklist = models.JSONField(default=dict)  # {rung: "agrees" | "disagrees" | "unclear"}
    reason = EncryptedJSONField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)  # its match was withdrawn, or a newer one stands

    objects = VerdictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("by"))
                ),
                name="kinship_confirmed_by_a_second",
            ),
            models.UniqueConstraint(
                fields=["match"], condition=Q(stopped_at=None), name="one_standing_kinship_verdict"
            ),
            models.UniqueConstraint(
                fields=["enquiry"],
                condition=Q(stopped_at=None),
                name="one_standing_kinship_verdict_of_an_enquiry",
            ),
            models.CheckConstraint(
                condition=Q(match__isnull=False, enquiry=None)
                | Q(match=None, enquiry__isnull=False),
                name="kinship_is_weighed_of_a_match_or_an_enquiry",
            ),
        ]

    class Disclosure:
        verifier = (
            "id",
            "match",
            "enquiry",
            "level",
            "checklist",
            "reason",
            "by",
            "at",
            "confirmed_by",
            "confirmed_at",
            "stopped_at",
        )
        never = ("key",)

    @property
    def asks(self) -> Enquiry:
        """The enquiry of whoever's kinship this is."""
        enquiry = self.enquiry or (self.match.enquiry if self.match else None)
        assert enquiry is not None, "a constraint of the database"
        return enquiry
