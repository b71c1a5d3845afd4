"""The seriously ill, their weekly note, and the certificate that a man asks for."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from wayhome.bureau.captives.actions import note_health
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.welfare.announcements import certificate_issued, seriously_ill, weekly_noted
from wayhome.bureau.welfare.models import Certificate, Illness, WeeklyNote
from wayhome.bureau.welfare.rules import (
    Condition,
    Treated,
    why_not_ask_certificate,
    why_not_call_ill,
    why_not_certify,
    why_not_note_week,
)
from wayhome.lib.refusal import refuse_if


def open_illness(captive: Captive) -> Illness | None:
    """Since when he stands among the seriously ill; None if he does not."""
    return captive.illnesses.filter(ended_at=None).first()


@transaction.atomic
def call_seriously_ill(*, captive: Captive, by: Staff) -> Illness:
    """From now on a note is due every week (GC III 122)."""
    by.must(Permission.NOTE_HEALTH)
    captive = _locked(captive)
    already = open_illness(captive) is not None
    held = captive.custody_state == CustodyState.HELD
    refuse_if(why_not_call_ill(already=already, held=held))
    illness = captive.illnesses.create(began_at=timezone.now(), by=by)
    journal.record("seriously ill noted", subject=illness, by=by, person=captive.bureau_number)
    seriously_ill.send(Illness, captive=captive, illness=illness)
    return illness


@transaction.atomic
def call_recovered(*, captive: Captive, by: Staff) -> Illness:
    """He no longer stands among the seriously ill."""
    by.must(Permission.NOTE_HEALTH)
    captive = _locked(captive)
    illness = open_illness(captive)
    refuse_if(why_not_note_week(ill=illness is not None))
    assert illness is not None
    illness.ended_at, illness.ended_by = timezone.now(), by
    illness.save(update_fields=["ended_at", "ended_by"])
    journal.record("recovery noted", subject=illness, by=by, person=captive.bureau_number)
    return illness


@transaction.atomic
def note_week(*, captive: Captive, condition: Condition, note: str, by: Staff) -> WeeklyNote:
    """How he is this week. The condition goes to his Power and the Agency, the note to nobody."""
    by.must(Permission.NOTE_HEALTH)
    captive = _locked(captive)
    illness = open_illness(captive)
    refuse_if(why_not_note_week(ill=illness is not None))
    assert illness is not None
    new = illness.notes.create(key=captive.key, condition=condition.value, by=by, at=timezone.now())
    if note.strip():
        note_health(captive=captive, note=note, by=by)
    journal.record("weekly note written", subject=new, by=by, person=captive.bureau_number)
    weekly_noted.send(WeeklyNote, captive=captive, note=new)
    return new


@transaction.atomic
def ask_certificate(*, captive: Captive, language: str, by: Staff | Sitting) -> Certificate:
    """He asks for the official paper on his illness and treatment (GC III 30).

    At the tablet he asks himself; the welfare officer or the physician notes that he asked.
    """
    by.must(Permission.ASK_CERTIFICATE)
    captive = _locked(captive)
    waiting = captive.certificates.filter(issued_at=None)
    refuse_if(why_not_ask_certificate(waits=waiting.exists()))
    try:
        with transaction.atomic():
            asked = captive.certificates.create(
                key=captive.key,
                language=language,
                asked_at=timezone.now(),
                asked_by=None if isinstance(by, Sitting) else by,
            )
    except IntegrityError:
        refuse_if(why_not_ask_certificate(waits=True))
        raise
    journal.record("certificate asked", subject=asked, by=by, person=captive.bureau_number)
    return asked


@transaction.atomic
def issue_certificate(*, certificate: Certificate, treated: Treated, by: Staff) -> Certificate:
    """The physician writes it: one for him, a duplicate to the Central Tracing Agency."""
    by.must(Permission.NOTE_HEALTH)
    rows = Certificate.objects.select_for_update(of=("self",))
    certificate = rows.select_related("captive__key", "key").get(pk=certificate.pk)
    issued = certificate.issued_at is not None
    refuse_if(why_not_certify(treated, issued=issued, today=timezone.localdate()))
    certificate.content = treated.as_kept()
    certificate.issued_at, certificate.issued_by = timezone.now(), by
    certificate.save(update_fields=["content", "issued_at", "issued_by"])
    captive = certificate.captive
    number = captive.bureau_number
    journal.record("certificate issued", subject=certificate, by=by, person=number)
    certificate_issued.send(Certificate, captive=captive, certificate=certificate)
    return certificate


def _locked(captive: Captive) -> Captive:
    rows = Captive.objects.select_for_update(of=("self",)).select_related("key", "same_as")
    return rows.get(pk=captive.pk)
