"""Accounts, and the numbers that a site gives out."""

from django.db import transaction

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import Actor
from wayhome.bureau.staff.models import NumberCounter, Site, Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.numbers import make


def take_numbers(site: Site, how_many: int) -> list[str]:
    """The next bureau numbers of a site, taken in the running transaction."""
    NumberCounter.objects.get_or_create(site=site)
    counter = NumberCounter.objects.select_for_update().get(site=site)
    first = counter.last + 1
    counter.last += how_many
    counter.save(update_fields=["last"])
    return [make(site.code, serial) for serial in range(first, first + how_many)]


def take_number(site: Site) -> str:
    return take_numbers(site, 1)[0]


@transaction.atomic
def create_staff(
    *, username: str, password: str, role: Role, site: Site, by: Actor, language: str = "uk"
) -> Staff:
    """Open an account. The caller (administrator's page or command line) has asked permission."""
    serial = Staff.objects.count() + 1
    while Staff.objects.filter(number=f"S-{serial:04d}").exists():
        serial += 1
    staff = Staff.objects.create_user(
        username,
        password,
        number=f"S-{serial:04d}",
        role=role.value,
        site=site,
        language=language,
    )
    journal.record("account opened", subject=staff, by=by, purpose=role.value)
    return staff
