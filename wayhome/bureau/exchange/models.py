"""The outbox: notices that the Conventions make due. Sending them comes later."""

from django.db import models
from django.db.models import Q

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import choices
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.exchange.rules import OF_A_SITE, NoticeKind, NoticeState, Route
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Site
from wayhome.bureau.staff.permissions import AT_ONE_SITE, Acting, Permission
from wayhome.lib.ids import new_id


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, person: Acting) -> "NoticeQuerySet":
        if not person.may(Permission.SEE_OUTBOX):
            return self.none()
        if person.acting_role in AT_ONE_SITE:
            return self.of_site(person.site)  # type: ignore[attr-defined]
        return self

    def of_site(self, site: Site) -> "NoticeQuerySet":
        """What follows from what was recorded there: no flag, no court, no illness, no enquiry."""
        return self.filter(captive__site=site, kind__in=OF_A_SITE)


class Notice(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    route = models.CharField(max_length=10, choices=choices(Route))
    kind = models.CharField(max_length=20, choices=choices(NoticeKind))
    captive = models.ForeignKey(Captive, models.PROTECT, null=True, related_name="notices")
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, related_name="notices")
    # Of what is about many at once: the number of an offer or a consignment of remains.
    about = models.CharField(max_length=24, blank=True)
    key = models.ForeignKey(PersonKey, models.PROTECT)
    particulars = EncryptedJSONField()
    state = models.CharField(
        max_length=10, choices=choices(NoticeState), default=NoticeState.DUE, db_index=True
    )
    harm = models.BooleanField(default=False)
    cause = models.CharField(max_length=60)  # id of the card, event, flag or act behind it
    due_at = models.DateTimeField(db_index=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["route", "kind", "cause"], name="notice_once_a_cause"),
            models.CheckConstraint(
                condition=Q(captive__isnull=False) | Q(enquiry__isnull=False) | ~Q(about=""),
                name="notice_is_about_somebody",
            ),
        ]

    class Disclosure:
        outbox = (
            "id",
            "route",
            "kind",
            "captive",
            "enquiry",
            "about",
            "state",
            "due_at",
            "made_at",
        )
        sealed = ("harm", "particulars")
        never = ("key", "cause")
