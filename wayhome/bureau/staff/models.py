"""Accounts of the bureau's people, and the sites they work at."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Acting, Permission, Role, roles_with
from wayhome.bureau.staff.rules import Profession
from wayhome.lib.ids import new_id


class Site(models.Model):
    """One place of work; its code begins the bureau numbers made there."""

    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z]{1,4}$"), name="site_code_is_latin_capitals"
            )
        ]

    class Disclosure:
        staff = ("code", "name")

    def __str__(self) -> str:
        return self.code


class StaffQuerySet(models.QuerySet["Staff"]):
    def visible_to(self, person: "Staff") -> "StaffQuerySet":
        return self if person.acting_role == Role.ADMINISTRATOR else self.filter(pk=person.pk)


class StaffManager(BaseUserManager["Staff"]):
    def get_queryset(self) -> StaffQuerySet:
        return StaffQuerySet(self.model, using=self._db)

    def visible_to(self, person: "Staff") -> StaffQuerySet:
        return self.get_queryset().visible_to(person)

    def languages_read(self) -> frozenset[str]:
        """In which languages somebody can review a letter now."""
        reviewers = roles_with(Permission.REVIEW_LETTER)
        rows = self.get_queryset().filter(is_active=True, role__in=reviewers)
        return frozenset(
            code for reads in rows.values_list("reads", flat=True) for code in reads.split()
        )

    def create_user(self, username: str, password: str, **fields: Any) -> "Staff":
        staff = self.model(username=username, **fields)
        staff.set_password(password)
        staff.save()
        return staff


class Staff(Acting, AbstractBaseUser):
    """One person, one role, one number; families and captives meet the number, never the name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=80, unique=True)
    number = models.CharField(max_length=12, unique=True)
    role = models.CharField(
        max_length=20, choices=[(r.value, r.value) for r in sorted(CONSOLE_ROLES)]
    )
    site = models.ForeignKey(Site, models.PROTECT)
    language = models.CharField(max_length=2, default="uk")
    # Codes of lib.languages: in which letters and cards can be given to them to be read.
    reads = models.CharField(max_length=80, blank=True)
    # Told of whoever sits on boards; "" is not said.
    profession = models.CharField(
        max_length=30, blank=True, choices=[(each.value, each.value) for each in Profession]
    )
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = StaffManager()

    class Disclosure:
        administrator = (
            "id",
            "username",
            "number",
            "role",
            "site",
            "language",
            "reads",
            "profession",
            "is_active",
            "made_at",
            "last_login",
        )
        staff = ("number", "role", "site", "profession")
        never = ("password",)

    def __str__(self) -> str:
        return self.number

    @property
    def actor_id(self) -> str:
        return self.number

    @property
    def acting_role(self) -> Role:
        return Role(self.role)

    # Django's own permission questions: we have none of its permissions and no superuser.
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class NumberCounter(models.Model):
    """The last serial number given at a site; its row is locked while a number is taken."""

    site = models.OneToOneField(Site, models.PROTECT, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Disclosure:
        never = ("site", "last")
