"""Accounts, and the numbers that a site gives out."""

import uuid
from collections.abc import Collection

from django.db import connection, transaction

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import Actor
from wayhome.bureau.staff.models import NumberCounter, Site, Staff
from wayhome.bureau.staff.permissions import Permission, Role
from wayhome.bureau.staff.rules import (
    Profession,
    why_not_close,
    why_not_open,
    why_not_open_site,
    why_not_read,
)
from wayhome.lib.numbers import make
from wayhome.lib.refusal import refuse_if

NUMBERING = 0x57415946  # this lock's number; no other of ours has it
NOBODY = uuid.UUID(int=0)


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
def open_site(*, code: str, name: str, by: Actor) -> Site:
    """Open a place of work, from the command line. Raises Refused for no code, or a taken one."""
    taken = Site.objects.filter(code=code).exists()
    refuse_if(why_not_open_site(code=code, taken=taken))
    site = Site.objects.create(code=code, name=name)
    journal.record("site opened", subject=site, by=by, purpose=code)
    return site


@transaction.atomic
def create_staff(
    *,
    username: str,
    password: str,
    role: Role,
    site: Site,
    by: Actor,
    language: str = "uk",
    reads: Collection[str] = (),
    profession: Profession | None = None,
) -> Staff:
    """Open an account. The caller (administrator's page or command line) has asked permission."""
    refuse_if(why_not_read(reads))
    _one_at_a_time()
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
        reads=_kept(reads),
        profession=profession.value if profession else "",
    )
    journal.record("account opened", subject=staff, by=by, purpose=role.value)
    return staff


def _one_at_a_time() -> None:
    """Until this transaction ends nobody else numbers an account: numbers count over all sites."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])


@transaction.atomic
def open_account(
    *,
    username: str,
    password: str,
    role: Role,
    site: Site,
    by: Staff,
    reads: Collection[str] = (),
    profession: Profession | None = None,
) -> Staff:
    """The administrator opens an account. Raises Refused if the name is taken."""
    by.must(Permission.MANAGE_STAFF)
    _one_at_a_time()  # before the question: of two at once the second is told that it is taken
    taken = Staff.objects.get_queryset().filter(username__iexact=username).exists()
    refuse_if(why_not_open(username_taken=taken))
    return create_staff(
        username=username,
        password=password,
        role=role,
        site=site,
        by=by,
        reads=reads,
        profession=profession,
    )


@transaction.atomic
def note_languages(*, staff: Staff, reads: Collection[str], by: Staff) -> Staff:
    """The administrator notes which languages this person reads: letters go to them by it."""
    by.must(Permission.MANAGE_STAFF)
    refuse_if(why_not_read(reads))
    staff = Staff.objects.get_queryset().select_for_update().get(pk=staff.pk)
    staff.reads = _kept(reads)
    staff.save(update_fields=["reads"])
    journal.record("languages noted", subject=staff, by=by, purpose=staff.reads)
    return staff


@transaction.atomic
def note_profession(*, staff: Staff, profession: Profession | None, by: Staff) -> Staff:
    """The administrator notes what this person learned: boards are made of several professions."""
    by.must(Permission.MANAGE_STAFF)
    return keep_profession(staff=staff, profession=profession, by=by)


@transaction.atomic
def keep_profession(*, staff: Staff, profession: Profession | None, by: Actor) -> Staff:
    """Keep it. The caller (administrator's page or command line) has asked permission."""
    staff = Staff.objects.get_queryset().select_for_update(of=("self",)).get(pk=staff.pk)
    staff.profession = profession.value if profession else ""
    staff.save(update_fields=["profession"])
    journal.record("profession noted", subject=staff, by=by, purpose=staff.profession)
    return staff


def _kept(languages: Collection[str]) -> str:
    return " ".join(sorted(set(languages)))


@transaction.atomic
def note_failed_sign_in(*, username: str) -> None:
    """Keep that somebody tried in vain to sign in. The same entry whether the name is known or not.

    Of the name only the entry's salted digest stays: a suspected one can be held against it.
    """
    facts = {"username": username.casefold()}
    journal.record("sign-in failed", subject=Staff(pk=NOBODY), by=journal.MACHINE, facts=facts)


@transaction.atomic
def close_account(*, staff: Staff, by: Staff) -> Staff:
    """End an account: its sessions stop at their next request, its past stays in the journal."""
    by.must(Permission.MANAGE_STAFF)
    staff = Staff.objects.get_queryset().select_for_update().get(pk=staff.pk)
    refuse_if(why_not_close(own=staff.pk == by.pk, active=staff.is_active))
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    journal.record("account closed", subject=staff, by=by)
    return staff


@transaction.atomic
def reopen_account(*, staff: Staff, by: Staff) -> Staff:
    """Open a closed account again."""
    by.must(Permission.MANAGE_STAFF)
    staff = Staff.objects.get_queryset().select_for_update().get(pk=staff.pk)
    staff.is_active = True
    staff.save(update_fields=["is_active"])
    journal.record("account reopened", subject=staff, by=by)
    return staff
