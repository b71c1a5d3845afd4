"""Prepare, sign and seal the act of handover: at most one a man, whoever presses at once."""

import base64
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.handovers import passes
from wayhome.bureau.handovers.announcements import act_sealed
from wayhome.bureau.handovers.closing import close_custody
from wayhome.bureau.handovers.effects import Belonging, give_back, is_explained, is_listed
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import (
    SECOND,
    SIGNERS,
    ActState,
    Onward,
    Readiness,
    ShownPass,
    why_not_ask,
    why_not_change,
    why_not_prepare,
    why_not_seal,
)
from wayhome.bureau.handovers.sealing import document_of, sealed, sha256
from wayhome.bureau.handovers.wording import told_in_act
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.cancelling import turn_back
from wayhome.bureau.returns.facts import (
    facts_of,
    must_say_anew,
    she_comes,
    standing_appointment,
)
from wayhome.bureau.returns.genuine import What, new_code
from wayhome.bureau.returns.models import Application, Appointment
from wayhome.bureau.returns.rules import ApplicationState, Road, missing_for_act
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.welfare.actions import lock_registers
from wayhome.lib.refusal import Refusal, refuse_if


def why_not_prepare_act(application: Application) -> list[Refusal]:
    """What stands against beginning the act of this application; empty permits it."""
    facts = facts_of(application, Road(application.road) if application.road else None)
    states = [ActState.PREPARED, ActState.SEALED]
    return why_not_prepare(
        granted=application.state == ApplicationState.GRANTED,
        appointed=standing_appointment(application) is not None,
        reasons=missing_for_act(facts),
        one_stands=_acts_of(application.captive).filter(state__in=states).exists(),
        yes_is_old=must_say_anew(application, facts),
    )


def was_asked_since(captive: Captive, at: datetime) -> bool:
    """Whether an act of his stopped though he was asked for the last time after this moment."""
    asked = _acts_of(captive).filter(state=ActState.STOPPED, last_asked_at__gte=at)
    return asked.exists()


def _acts_of(captive: Captive | None) -> "QuerySet[Act]":
    """Acts of any record of this man: linked records are one man."""
    return Act.objects.filter(captive__in=captive.all_records()) if captive else Act.objects.none()


@transaction.atomic
def prepare_act(*, application: Application, by: Staff) -> Act:
    """Begin the act. Raises Refused with everything that stands against it."""
    by.must(Permission.PREPARE_ACT)
    rows = Application.objects.select_for_update(of=("self",))
    application = rows.select_related("captive__key", "enquiry", "key").get(pk=application.pk)
    refuse_if(why_not_prepare_act(application))
    captive, appointment = application.captive, standing_appointment(application)
    assert captive is not None
    assert appointment is not None
    act = Act(
        captive=captive,
        application=application,
        appointment=appointment,
        key=captive.key,
        road=application.road,
        identified={},
        belongings=[],
        signatures={},
        prepared_by=by,
        prepared_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            act.save(force_insert=True)
    except IntegrityError:
        refuse_if(why_not_prepare(granted=True, appointed=True, reasons=[], one_stands=True))
    journal.record("act prepared", subject=act, by=by, person=captive.bureau_number)
    return act


@transaction.atomic
def note_identified(
    *, act: Act, who: str, how: str, by: Staff, shown: ShownPass | None = None
) -> Act:
    """Note how he ("he") or she ("she") was identified on the day.

    Whoever comes by a journey with a pass is identified by it too, or tells that it was lost:
    then it is made invalid.
    """
    by.must(Permission.PREPARE_ACT)
    Application.objects.select_for_update(of=("self",)).get(pk=act.application_id)
    act = _open(act)
    if who == "she":
        act.her_pass = passes.kept_of(act, shown)
        passes.end_if_lost(act, shown, by)
    act.identified = {**(act.identified or {}), who: how}
    return _saved(act, f"identity of {who} noted", by)


@transaction.atomic
def note_belongings(*, act: Act, belongings: list[Belonging], by: Staff) -> Act:
    """Replace the list of his belongings and money, line by line; the seal gives them back."""
    by.must(Permission.PREPARE_ACT)
    act = _open(act)
    act.belongings = [each.as_kept() for each in belongings]
    return _saved(act, "belongings listed", by)


@transaction.atomic
def note_onward(*, act: Act, onward: Onward, by: Staff) -> Act:
    """Note what goes with him: his medical file, and his wish to be reached later. Nobody asks
    for more: who wants no call is not followed.
    """
    by.must(Permission.PREPARE_ACT)
    act = _open(act)
    act.onward = onward.as_kept()
    return _saved(act, "what goes with him noted", by)


@transaction.atomic
def ask_last_question(*, act: Act, wants_to_go: bool, by: Staff) -> Act:
    """The neutral asked him alone, today. His no stops the act; nothing is held against him.

    A journey ends with it: whoever came is brought home.
    """
    by.must(Permission.WITNESS_ACT)
    application = Application.objects.select_for_update(of=("self",)).get(pk=act.application_id)
    act = _open(act)
    today = timezone.localdate()
    refuse_if(why_not_ask(on=act.appointment.on, today=today, asked=act.last_asked_at is not None))
    act.last_answer = "yes" if wants_to_go else "no"
    act.last_asked_at, act.last_asked_by = timezone.now(), by
    if not wants_to_go:
        act.state = ActState.STOPPED
    act = _saved(act, "last question asked", by)
    if not wants_to_go:
        turn_back(application, by)
    return act


@transaction.atomic
def sign(*, act: Act, who: str, picture: bytes, by: Staff) -> Act:
    """Keep a signature: drawn on the screen, or a scan of the one on paper. `picture` is PNG."""
    by.must(Permission.WITNESS_ACT if who == "witness" else Permission.PREPARE_ACT)
    if who not in SIGNERS:
        raise ValueError("nobody signs as this")
    act = _open(act)
    act.signatures = {**(act.signatures or {}), who: base64.b64encode(picture).decode()}
    if who == "witness":
        act.witness = by
    return _saved(act, f"signed by {who}", by)


def readiness(act: Act) -> Readiness:
    """What of this act is there, and what stands against it, at this moment."""
    road = Road(act.road)
    return Readiness(
        state=ActState(act.state),
        on=act.appointment.on,
        today=timezone.localdate(),
        granted=act.application.state == ApplicationState.GRANTED
        and act.appointment.cancelled_at is None,
        reasons=tuple(missing_for_act(facts_of(act.application, road))),
        identified=frozenset(who for who, how in (act.identified or {}).items() if how),
        pass_noted=passes.is_noted(act),
        last_answer=act.last_answer or "",
        belongings_explained=all(map(is_explained, act.belongings or [])),
        onward_noted=bool(act.onward),
        effects_listed=is_listed(act),
        signed=frozenset(act.signatures or {}),
        she_comes=she_comes(act.application),
    )


@transaction.atomic
def seal_act(*, act: Act, by: Staff) -> Act:
    """Seal it: one signed PDF, its hash in the journal, custody closed, his effects given back.

    The man is locked first: of twenty who press at once one seals, the others are Refused. What
    he says meanwhile waits for the seal, and a withdrawal waits at the application.
    """
    by.must(Permission.PREPARE_ACT)
    lock_registers(act.captive)  # first, as by whoever enters something
    records = {each.pk for each in act.captive.all_records()}
    locked = Captive.objects.select_for_update(of=("self",)).filter(pk__in=records).order_by("pk")
    captive = next(each for each in locked if each.pk == act.captive_id)
    Application.objects.select_for_update(of=("self",)).get(pk=act.application_id)
    act = _locked(act)
    refuse_if([*why_not_seal(readiness(act)), _second_act(act)])
    act.sealed_at = timezone.now()
    told = told_in_act(act, new_code(What.ACT, act))
    document = sealed(document_of(told, act.sealed_at))
    act.document = base64.b64encode(document).decode()
    act.sha256 = sha256(document)
    act.state = ActState.SEALED
    act.save()
    give_back(act, by)
    close_custody(captive, act, by)
    act.application.state = ApplicationState.CLOSED
    act.application.save(update_fields=["state"])
    journal.record(
        "act sealed",
        subject=act,
        by=by,
        person=captive.bureau_number,
        purpose=f"sha256:{act.sha256}",
    )
    act_sealed.send(Act, act=act)
    return act


def _second_act(act: Act) -> Refusal | None:
    others = _acts_of(act.captive).filter(state=ActState.SEALED).exclude(pk=act.pk)
    return SECOND if others.exists() else None


def stop_acts(match: Any) -> None:
    """A match was withdrawn: an act that rests on it is stopped before it is sealed."""
    resting = Act.objects.filter(application__enquiry=match.enquiry, captive=match.captive)
    resting.filter(state=ActState.PREPARED).update(state=ActState.STOPPED)


def stop_acts_on(appointment: Appointment) -> None:
    """Its day fell: an act that was being prepared for it is begun anew on another."""
    Act.objects.filter(appointment=appointment, state=ActState.PREPARED).update(
        state=ActState.STOPPED
    )


def stop_acts_for(enquiry: Enquiry) -> None:
    """She took her enquiry back: an act that was being prepared for her stops."""
    Act.objects.filter(application__enquiry=enquiry, state=ActState.PREPARED).update(
        state=ActState.STOPPED
    )


def is_in_sealed_act(enquiry: Enquiry) -> bool:
    """Whether a sealed act names her. A seal that is under way is waited for."""
    list(enquiry.applications.select_for_update(of=("self",)))  # in the order of the seal
    return Act.objects.filter(application__enquiry=enquiry, state=ActState.SEALED).exists()


def _locked(act: Act) -> Act:
    rows = Act.objects.select_for_update(of=("self",))
    return rows.select_related(
        "captive__key", "application__captive", "application__enquiry__enquirer__key",
        "application__key", "appointment__key", "key", "witness",
    ).get(pk=act.pk)  # fmt: skip


def _open(act: Act) -> Act:
    act = _locked(act)
    refuse_if(why_not_change(ActState(act.state)))
    return act


def _saved(act: Act, done: str, by: Staff) -> Act:
    act.save()
    journal.record(done, subject=act, by=by, person=act.captive.bureau_number)
    return act
