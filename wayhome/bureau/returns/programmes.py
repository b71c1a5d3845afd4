"""Write a programme, publish it by a second person, close or withdraw it."""

from django.db import connection, transaction
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.returns.announcements import law_changed
from wayhome.bureau.returns.genuine import What, new_code
from wayhome.bureau.returns.jobs import tell_all
from wayhome.bureau.returns.models import Programme
from wayhome.bureau.returns.rules.programmes import (
    ProgrammeState,
    Told,
    why_not_change,
    why_not_end,
    why_not_publish,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.jurisdiction import LANGUAGES, profile
from wayhome.lib.refusal import refuse_if

NUMBERING = 7_305_044  # the lock of whoever takes the next number


@transaction.atomic
def draft_programme(*, told: Told, by: Staff) -> Programme:
    """Keep a draft. It may lack anything: what it lacks is said when it is to be published."""
    by.must(Permission.KEEP_PROGRAMME)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
    last = Programme.objects.order_by("-number").first()
    new = Programme(
        number=last.number + 1 if last else 1,
        profile=profile().code,
        drafted_by=by,
        drafted_at=timezone.now(),
    )
    _take(new, told)
    new.save(force_insert=True)
    journal.record("programme drafted", subject=new, by=by)
    return new


@transaction.atomic
def change_draft(*, programme: Programme, told: Told, by: Staff) -> Programme:
    """Write a draft anew. Whoever wrote it last does not publish it."""
    by.must(Permission.KEEP_PROGRAMME)
    programme = _locked(programme)
    refuse_if(why_not_change(ProgrammeState(programme.state)))
    _take(programme, told)
    programme.drafted_by, programme.drafted_at = by, timezone.now()
    programme.save()
    journal.record("programme drafted", subject=programme, by=by)
    return programme


@transaction.atomic
def publish_programme(*, programme: Programme, by: Staff) -> Programme:
    """Publish what another wrote; its leaflets get their codes. Raises Refused with every fault."""
    by.must(Permission.KEEP_PROGRAMME)
    programme = _locked(programme)
    refuse_if(
        why_not_publish(
            programme.told(),
            state=ProgrammeState(programme.state),
            drafted_by_me=programme.drafted_by_id == by.pk,
            profile=profile(),
        )
    )
    programme.state = ProgrammeState.PUBLISHED
    programme.published_by, programme.published_at = by, timezone.now()
    programme.codes = {language: new_code(What.LEAFLET, programme) for language in LANGUAGES}
    programme.save()
    journal.record("programme published", subject=programme, by=by)
    return programme


@transaction.atomic
def end_programme(*, programme: Programme, to: ProgrammeState, reason: str, by: Staff) -> Programme:
    """Close it, or take it back: then all are told. Journeys that have begun are honoured."""
    by.must(Permission.KEEP_PROGRAMME)
    programme = _locked(programme)
    refuse_if(why_not_end(ProgrammeState(programme.state), to, reason=reason))
    programme.state = to
    programme.ended_by, programme.ended_at = by, timezone.now()
    programme.save(update_fields=["state", "ended_by", "ended_at"])
    journal.record(
        f"programme {to.value}", subject=programme, by=by, facts={"reason": reason.strip()}
    )
    if to == ProgrammeState.WITHDRAWN:
        tell_all.defer(programme_id=str(programme.pk))
    law_changed.send(Programme)
    return programme


def _take(programme: Programme, told: Told) -> None:
    programme.legal_act, programme.signed_by = told.legal_act.strip(), told.signed_by
    programme.opens_on, programme.closes_on = told.opens_on, told.closes_on
    programme.comes, programme.roads = list(told.comes), list(told.roads)
    programme.alone, programme.crossings = told.alone, list(told.crossings)
    programme.phones, programme.email = list(told.phones), told.email
    programme.channel, programme.baggage_kg = told.channel, told.baggage_kg
    programme.conditions = list(told.conditions)
    programme.texts = {language: dict(parts) for language, parts in told.texts.items()}


def _locked(programme: Programme) -> Programme:
    return Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
