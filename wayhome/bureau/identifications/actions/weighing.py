"""Hold remains against a person, and weigh one line of evidence after the other."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.identifications.comparing import basis_of
from wayhome.bureau.identifications.models import EvidenceLine, Identification
from wayhome.bureau.identifications.policy import policy
from wayhome.bureau.identifications.rules.board import WEIGHED_IN, State, why_not_open
from wayhome.bureau.identifications.rules.evidence import (
    BY_CODE,
    Kind,
    Weighed,
    why_not_weigh,
)
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Match
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if

WEIGH = Permission.WEIGH_IDENTITY
# Who may weigh what: by code, whoever examines; by name, whoever traces.
NEEDS = {
    kind: Permission.WEIGH_BY_CODE if kind in BY_CODE else Permission.WEIGH_BY_NAME
    for kind in Kind
}  # fmt: skip
FAMILIES = """
    SELECT e.id FROM enquiries_enquiry e
    JOIN identifications_identification i ON i.enquiry_id = e.id
    WHERE i.id = ANY(%s) ORDER BY e.id FOR KEY SHARE OF e
"""


@transaction.atomic
def open_identification(
    *, remains: Remains, enquiry: Enquiry | None, captive: Captive | None, why: str, by: Staff
) -> Identification:
    """Hold remains against the person a family seeks, or against a captive of the register."""
    by.must(WEIGH)
    _lock(remains)
    # With the enquiry alone or with the captive too: of one pair there is one question.
    whose = {"enquiry": enquiry} if enquiry is not None else {"captive": captive}
    known = Identification.objects.filter(remains=remains, **whose)
    refuse_if(
        why_not_open(
            same=captive is not None and captive.bureau_number == remains.bureau_number,
            has_person=enquiry is not None or captive is not None,
            known=known.exists(),
        )
    )
    opened = _make(remains, enquiry=enquiry, captive=captive, why=why.strip() or None, by=by)
    number = remains.bureau_number
    journal.record("identification opened", subject=opened, by=by, person=number)
    return opened


@transaction.atomic
def open_between(*, remains: Remains, enquiry: Enquiry) -> Identification:
    """The machine proposes: a comparison has found these two. People weigh and decide."""
    _lock(remains)
    known = Identification.objects.filter(remains=remains, enquiry=enquiry).first()
    if known is not None:
        return known
    opened = _make(remains, enquiry=enquiry, captive=None, why=None, by=None)
    number = remains.bureau_number
    journal.record("identification opened", subject=opened, by=journal.MACHINE, person=number)
    return opened


@transaction.atomic
def open_for_captive(*, remains: Remains) -> Identification | None:
    """Somebody died in custody: hold him against his card, and against whoever asks for him."""
    captive = remains.captive
    if captive is None:
        return None
    _lock(remains)
    known = Identification.objects.filter(remains=remains, captive=captive).first()
    if known is not None:
        return known
    match = Match.objects.standing().filter(captive=captive).select_related("enquiry").first()
    enquiry = match.enquiry if match else None
    opened = _make(remains, enquiry=enquiry, captive=captive, why=None, by=None)
    number = remains.bureau_number
    journal.record("identification opened", subject=opened, by=journal.MACHINE, person=number)
    return opened


def _lock(remains: Remains) -> None:
    """So that of two who open the same pair the second finds it."""
    Remains.objects.select_for_update(of=("self",)).get(pk=remains.pk)


def _make(
    remains: Remains,
    *,
    enquiry: Enquiry | None,
    captive: Captive | None,
    why: str | None,
    by: Staff | None,
) -> Identification:
    return Identification.objects.create(
        remains=remains, key=remains.key, enquiry=enquiry, captive=captive, why=why,
        opened_by=by, opened_at=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def weigh(
    *, identification: Identification, kind: Kind, weighed: Weighed, by: Staff
) -> EvidenceLine:
    """Weigh one line; numbers are read from the comparison as it stands now, never typed."""
    by.must(WEIGH)
    by.must(NEEDS[kind])
    identification = locked(identification)
    basis, kept = basis_of(identification, kind)
    is_open = State(identification.state) in WEIGHED_IN
    refuse_if(why_not_weigh(kind, weighed, basis, policy(), is_open=is_open))
    earlier = identification.lines.filter(kind=kind)
    version = earlier.count() + 1
    earlier.filter(is_last=True).update(is_last=False)
    line = EvidenceLine.objects.create(
        identification=identification, key=identification.key, kind=kind, version=version,
        word=weighed.word, said=weighed.as_kept(), basis=kept,
        contradictions=basis.contradictions, by=by, at=timezone.now(),
    )  # fmt: skip
    number = identification.remains.bureau_number
    journal.record(
        "evidence weighed", subject=line, by=by, person=number, purpose=f"{kind}: {weighed.word}"
    )
    return line


def hold_families(ids: Sequence[UUID]) -> None:
    """Hold whoever asks for these before what is identified, as telling them does.

    No more than a row takes that is written about them: two who hold them so do not wait.
    """
    with connection.cursor() as cursor:
        cursor.execute(FAMILIES, [list(ids)])


def locked(identification: Identification) -> Identification:
    """With its remains locked first: two identifications of the same remains wait for each other.

    Of two boards that would name them the second finds them named.
    """
    Remains.objects.select_for_update(of=("self",)).get(pk=identification.remains_id)
    rows = Identification.objects.select_for_update(of=("self",))
    joined = rows.select_related("remains__key", "enquiry__key", "captive__key", "key")
    return joined.get(pk=identification.pk)
