"""Capture cards, captives, their custody, and what protects them."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.captives.rules import (
    CLOSING,
    CustodyState,
    DutyKind,
    EventKind,
    FileKind,
    FileState,
    IdentityState,
    Outcome,
    ProposalState,
    StatusBasis,
    choices,
)
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import Described, PersonKey
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import AT_ONE_SITE, Acting, Permission, Role
from wayhome.lib.ids import new_id


class PlaceQuerySet(models.QuerySet["Place"]):
    def visible_to(self, person: Acting) -> "PlaceQuerySet":
        """The places of their own site, or of all sites, for those who must know them."""
        if not person.may(Permission.SEE_PLACE):
            return self.none()
        if person.acting_role in AT_ONE_SITE:
            return self.filter(site=person.site)  # type: ignore[attr-defined]
        return self


class Place(models.Model):
    """Where captives are or were held. Reaches nobody but those who must know, and the CTA (P4)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="places")
    name = models.CharField(max_length=200)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="place_once_a_site")]

    class Disclosure:
        place = ("id", "site", "name")  # Permission.SEE_PLACE

    def __str__(self) -> str:
        return str(self.pk)


class CaptiveQuerySet(models.QuerySet["Captive"]):
    def visible_to(self, person: Acting) -> "CaptiveQuerySet":
        """Own site for those who work at one; every site for neutral and legal officer."""
        if not person.may(Permission.SEE_CAPTIVE):
            return self.none()
        if person.acting_role in AT_ONE_SITE:
            return self.filter(site=person.site)  # type: ignore[attr-defined]
        return self

    def in_custody(self) -> "CaptiveQuerySet":
        return self.filter(custody_state=CustodyState.HELD)


class Captive(Described):
    """One captured person as the bureau knows him. Described by his current card."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bureau_number = models.CharField(max_length=24, unique=True)
    site = models.ForeignKey(Site, models.PROTECT)
    key = models.ForeignKey(PersonKey, models.PROTECT)
    status_basis = models.CharField(
        max_length=20, choices=choices(StatusBasis), default=StatusBasis.PRESUMED
    )
    identity_state = models.CharField(
        max_length=20, choices=choices(IdentityState), default=IdentityState.STATED
    )
    captured_on = models.CharField(max_length=40, blank=True)  # EDTF
    custody_state = models.CharField(
        max_length=20, choices=choices(CustodyState), default=CustodyState.HELD, db_index=True
    )
    given_to_authority_at = models.DateTimeField(null=True)
    # Until he is given, the 24 hours of rule 8 run from here: the first moment at which he can have
    # been captured. None where no unit and no civilians are known to hold him (rules.clock_runs).
    authority_clock_from = models.DateTimeField(null=True, db_index=True)
    registered_at = models.DateTimeField(db_index=True)
    registered_by = models.ForeignKey(Staff, models.PROTECT, null=True)
    languages = models.CharField(max_length=60, blank=True)
    # Linked, never merged: the earlier record of the same man, once two cards are judged one man.
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="other_records")

    objects = CaptiveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(same_as=None) | ~Q(same_as=F("id")), name="captive_is_not_his_own_link"
            )
        ]

    class Disclosure:
        file = (
            "bureau_number",
            "site",
            "surname",
            "given",
            "patronymic",
            "full_name",
            "born",
            "birthplace",
            "unit",
            "rank",
            "service_no",
            "mother_name",
            "father_name",
            "status_basis",
            "identity_state",
            "captured_on",
            "custody_state",
            "given_to_authority_at",
            "authority_clock_from",
            "registered_at",
            "languages",
            "same_as",
        )
        # What a tracing officer weighs; no number, site or state.
        evidence = (
            "surname",
            "given",
            "patronymic",
            "full_name",
            "born",
            "birthplace",
            "unit",
            "rank",
            "service_no",
            "mother_name",
            "father_name",
        )
        never = ("id", "key", "sort_uk", "sort_ru", "sort_en", "changed_at", "registered_by")

    def __str__(self) -> str:
        return self.bureau_number

    @property
    def principal(self) -> "Captive":
        """The record that stands for the man where several cards are linked."""
        return self.same_as or self

    def all_records(self) -> CaptiveQuerySet:
        """Every record of this man: the linked ones too."""
        principal = self.principal.pk
        return Captive.objects.filter(Q(pk=principal) | Q(same_as=principal))

    def under_harm_flag(self) -> bool:
        """Whether a harm flag stands on any record of this man."""
        return HarmFlag.objects.standing().filter(captive__in=self.all_records()).exists()

    def last_card(self) -> "CaptureCard | None":
        """The card as it stands: the last version."""
        return self.cards.select_related("key").order_by("-version").first()

    def last_event(self) -> "CustodyEvent | None":
        return self.custody_events.order_by("-number").first()


class CardFileQuerySet(models.QuerySet["CardFile"]):
    def visible_to(self, person: Acting) -> "CardFileQuerySet":
        """The files of their own site, of the kinds that they may import."""
        kinds = [kind for kind, needed in IMPORTED_WITH.items() if person.may(needed)]
        if not kinds:
            return self.none()
        return self.filter(site=person.site, kind__in=kinds)  # type: ignore[attr-defined]


IMPORTED_WITH = {
    FileKind.CARDS: Permission.IMPORT_CARDS,
    FileKind.ENQUIRIES: Permission.IMPORT_ENQUIRIES,
}


class CardFile(models.Model):
    """A file of cards or enquiries: resumes after a crash, adds nothing a second time.

    What was taken from it lies under each person's own key; when it is done the file keeps only
    the lines that were set aside.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(PersonKey, models.PROTECT)
    kind = models.CharField(max_length=20, choices=choices(FileKind), default=FileKind.CARDS)
    site = models.ForeignKey(Site, models.PROTECT)
    digest = models.BinaryField(db_index=True)  # blind index of the content
    name = EncryptedJSONField(null=True)
    # What was found: columns, faults and warnings by line, counts; no value of any line.
    found = EncryptedJSONField(null=True)
    content = EncryptedJSONField(null=True)  # the lines
    lines = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)  # of the lines without faults
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=20, choices=choices(FileState), default=FileState.CHECKED, db_index=True
    )
    by = models.ForeignKey(Staff, models.PROTECT, null=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = CardFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done=F("added") + F("known")), name="file_lines_added_or_known"
            ),
            models.CheckConstraint(
                condition=Q(lines__gte=F("done") + F("set_aside")), name="file_lines_are_enough"
            ),
        ]

    class Disclosure:
        file = (
            "id",
            "kind",
            "site",
            "lines",
            "done",
            "added",
            "known",
            "set_aside",
            "state",
            "at",
            "by",
        )
        preview = ("name", "found", "content")  # to whoever imports it
        never = ("key", "digest")

    def __str__(self) -> str:
        return str(self.pk)


class CaptureCard(models.Model):
    """A card exactly as received. Superseded by a corrected one with a reason, never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="cards")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    version = models.PositiveIntegerField()
    as_received = EncryptedJSONField()  # {field: text | "declined" | "unknown" | "unable"}
    reason = EncryptedJSONField(null=True)  # why it supersedes the one before
    source = models.CharField(max_length=20, default="typed")  # typed | file
    from_file = models.ForeignKey(CardFile, models.PROTECT, null=True)
    line = models.PositiveIntegerField(null=True)
    # Blind index of the line's content: the same line of a second import adds nothing.
    line_digest = models.BinaryField(null=True, unique=True)
    received_at = models.DateTimeField(auto_now_add=True)
    entered_by = models.ForeignKey(Staff, models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["captive", "version"], name="card_version_once"),
            models.CheckConstraint(
                condition=Q(version=1, reason=None) | Q(version__gt=1, reason__isnull=False),
                name="card_correction_has_a_reason",
            ),
        ]

    class Disclosure:
        file = ("version", "as_received", "reason", "source", "line", "received_at", "entered_by")
        never = ("id", "captive", "key", "from_file", "line_digest")


class CustodyEvent(models.Model):
    """One event of the custody ledger; the captive's state and place follow from the last."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="custody_events")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=choices(EventKind))
    happened_at = models.DateTimeField(null=True)
    happened_on = models.CharField(max_length=40, blank=True)  # EDTF, where no moment is known
    # The first moment of that day: what a clock runs from. A derived copy, for the clock board.
    begins_at = models.DateTimeField(null=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True)
    details = EncryptedJSONField(null=True)  # where, by whom (civilians too), to which authority
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(Staff, models.PROTECT, null=True)

    class Meta:
        constraints = [
            # Two clerks cannot both add "the next" event.
            models.UniqueConstraint(fields=["captive", "number"], name="custody_event_number_once"),
            models.UniqueConstraint(
                fields=["captive"],
                condition=Q(kind__in=CLOSING),
                name="custody_closes_at_most_once",
            ),
        ]
        ordering: ClassVar = ["number"]

    class Disclosure:
        file = ("number", "kind", "happened_at", "happened_on", "recorded_at", "recorded_by")
        place = ("place", "details")
        never = ("id", "captive", "key", "begins_at")


class SameManQuerySet(models.QuerySet["SameManProposal"]):
    def visible_to(self, person: Acting) -> "SameManQuerySet":
        """Those that touch a record of their own site."""
        if not person.may(Permission.JUDGE_SAME_MAN):
            return self.none()
        site = person.site  # type: ignore[attr-defined]
        return self.filter(Q(earlier__site=site) | Q(later__site=site))


class SameManProposal(models.Model):
    """The machine thinks that two records are one man; a person says, and may say otherwise."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    earlier = models.ForeignKey(Captive, models.PROTECT, related_name="proposed_later")
    later = models.ForeignKey(Captive, models.PROTECT, related_name="proposed_earlier")
    bits = models.FloatField()
    probability = models.FloatField()
    evidence = models.JSONField(default=list)  # rules and bits, no names
    state = models.CharField(
        max_length=20, choices=choices(ProposalState), default=ProposalState.OPEN, db_index=True
    )
    judged_by = models.ForeignKey(Staff, models.PROTECT, null=True)
    judged_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(
        null=True
    )
    reason = EncryptedJSONField(null=True)  # why it was judged so

    objects = SameManQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="same_man_proposed_once"),
            models.CheckConstraint(
                condition=~Q(earlier=F("later")), name="same_man_is_two_records"
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.OPEN, judged_by=None, judged_at=None)
                | (
                    ~Q(state=ProposalState.OPEN)
                    & Q(judged_by__isnull=False, judged_at__isnull=False)
                ),
                name="same_man_judged_by_somebody",
            ),
        ]

    class Disclosure:
        file = (
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
        """The reason is kept under the later record's key."""
        return self.later.key


class HarmFlagQuerySet(models.QuerySet["HarmFlag"]):
    def visible_to(self, person: Acting) -> "HarmFlagQuerySet":
        return self if person.may(Permission.SEE_HARM_FLAG) else self.none()

    def standing(self) -> "HarmFlagQuerySet":
        return self.filter(lifted_at=None)

    def of_his_own(self, captive: Captive) -> "HarmFlagQuerySet":
        """Those that he set himself and has not taken back."""
        own = self.standing().filter(set_by_role=Role.CAPTIVE, taken_back_at=None)
        return own.filter(captive__in=captive.all_records())


class HarmFlag(models.Model):
    """Telling his family could harm him or them. Closes the family's route always (P3)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="harm_flags")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    reason = EncryptedJSONField(null=True)
    set_by_role = models.CharField(max_length=20)
    set_by_id = models.CharField(max_length=80)
    set_at = models.DateTimeField()
    # He himself takes back what he said; without it nobody lifts a flag of his own.
    taken_back_at = models.DateTimeField(null=True)
    lift_reason = EncryptedJSONField(null=True)
    first_lifter = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    lifter = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = HarmFlagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None)
                | ~Q(set_by_role=Role.CAPTIVE)
                | Q(taken_back_at__isnull=False),
                name="harm_flag_never_lifted_against_his_word",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifter=None)
                | Q(lifted_at__isnull=False, lifter__isnull=False, first_lifter__isnull=False),
                name="harm_flag_lifted_by_two",
            ),
            models.CheckConstraint(
                condition=Q(lifter=None) | ~Q(lifter=F("first_lifter")),
                name="harm_flag_lifters_differ",
            ),
        ]

    class Disclosure:
        sealed = (
            "id",
            "reason",
            "set_by_role",
            "set_at",
            "taken_back_at",
            "lift_reason",
            "first_lifter",
            "lifter",
            "lifted_at",
        )
        never = ("captive", "key", "set_by_id")


class HealthNoteQuerySet(models.QuerySet["HealthNote"]):
    def visible_to(self, person: Acting) -> "HealthNoteQuerySet":
        if not person.may(Permission.SEE_HEALTH):
            return self.none()
        if person.acting_role in AT_ONE_SITE:
            return self.filter(captive__site=person.site)  # type: ignore[attr-defined]
        return self


class HealthNote(models.Model):
    """A physician's note; its own compartment."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="health_notes")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    note = EncryptedJSONField()
    cannot_decide = models.BooleanField(default=False)
    inspection = models.BooleanField(default=False)  # the monthly one, with a weight (GC III 31)
    weight_kg = EncryptedJSONField(null=True)
    by = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    objects = HealthNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(inspection=True, weight_kg__isnull=False)
                | Q(inspection=False, weight_kg=None),
                name="an_inspection_has_a_weight",
            )
        ]

    class Disclosure:
        health = (
            "id",
            "note",
            "cannot_decide",
            "inspection",
            "weight_kg",
            "by",
            "at",
        )  # Permission.SEE_HEALTH
        never = ("captive", "key")


class DutyNote(models.Model):
    """That a duty towards him was done: told his rights, given his two cards. Never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="duty_notes")
    kind = models.CharField(max_length=20, choices=choices(DutyKind))
    outcome = models.CharField(max_length=20, choices=choices(Outcome), default=Outcome.DONE)
    language = models.CharField(max_length=20, blank=True)  # in which he was told
    version = models.PositiveIntegerField(null=True)  # of the text that he was told
    done_at = models.DateTimeField()
    noted_at = models.DateTimeField(auto_now_add=True)
    noted_by = models.ForeignKey(Staff, models.PROTECT, null=True)

    class Disclosure:
        file = ("kind", "outcome", "language", "version", "done_at", "noted_at", "noted_by")
        never = ("id", "captive")
