"""Open an enquiry, lead it from outside the camp, hear witnesses, report."""

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.captives.models import Captive, CustodyEvent
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.inquests.announcements import inquest_opened, inquest_reported
from wayhome.bureau.inquests.models import Inquest, Report, Testimony
from wayhome.bureau.inquests.rules import (
    About,
    Heard,
    Reported,
    Said,
    Source,
    why_not_ask,
    why_not_hear,
    why_not_lead,
    why_not_report,
)
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import Actor
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if


@transaction.atomic
def open_at_death(*, captive: Captive, event: CustodyEvent) -> Inquest | None:
    """The machine opens an enquiry at each death in custody: its cause is unknown until then.

    None follows where he had escaped and died elsewhere, or where one into his death is here.
    """
    before = captive.custody_events.filter(number__lt=event.number).order_by("-number").first()
    same_man = Inquest.objects.filter(captive__in=captive.all_records(), about=About.DEATH)
    if (before and before.kind == EventKind.ESCAPED) or same_man.exists():
        return None
    return _open(captive, journal.MACHINE, about=About.DEATH, event=event)


@transaction.atomic
def ask_for_inquest(*, captive: Captive, what: str, by: Staff) -> Inquest:
    """Ask for an enquiry into an injury that somebody may have caused."""
    by.must(Permission.ASK_FOR_INQUEST)
    # Locked, so that two who see the same injury open one enquiry.
    captive = Captive.objects.select_for_update(of=("self",)).get(pk=captive.pk)
    is_open = Inquest.objects.open().filter(captive__in=captive.all_records()).exists()
    refuse_if(why_not_ask(what=what, one_is_open=is_open))
    return _open(captive, by, about=About.INJURY, what=what.strip(), opened_by=by)


def _open(captive: Captive, by: Actor, **columns: object) -> Inquest:
    inquest = Inquest.objects.create(
        captive=captive, key=PersonKey.make(), opened_at=timezone.now(), **columns
    )
    _journal("enquiry outside the camp opened", inquest, by)
    inquest_opened.send(Inquest, inquest=inquest)
    return inquest


def why_not_lead_this(inquest: Inquest, by: Staff) -> Refusal | None:
    """Say why this person cannot lead it. Every record of the man counts as where he was held."""
    sites = inquest.captive.all_records().values_list("site_id", flat=True)
    led = inquest.lead is not None and inquest.lead.is_active
    return why_not_lead(led=led, of_his_site=by.site_id in set(sites))


@transaction.atomic
def lead(*, inquest: Inquest, by: Staff) -> Inquest:
    """Take the lead: nobody of a site where he was held can, nor a second person."""
    by.must(Permission.LEAD_INQUEST)
    inquest = _locked(inquest)
    refuse_if([why_not_lead_this(inquest, by)])
    inquest.lead, inquest.led_at = by, timezone.now()
    inquest.save(update_fields=["lead", "led_at"])
    _journal("lead of an enquiry taken", inquest, by)
    return inquest


@transaction.atomic
def hear(*, inquest: Inquest, said: Said, by: Staff) -> Testimony:
    """Keep what a witness, a physician or a place says."""
    by.must(Permission.LEAD_INQUEST)
    inquest = _locked(inquest)
    refuse_if(why_not_hear(said, leads=inquest.lead_id == by.pk, now=timezone.now()))
    testimony = inquest.testimonies.create(
        key=inquest.key,
        number=inquest.testimonies.count() + 1,
        source=said.source,
        said=said.as_kept(),
        camp_present=said.camp_present,
        taken_at=said.taken_at,
        by=by,
    )
    _journal("statement to an enquiry kept", inquest, by)
    return testimony


def heard_in(inquest: Inquest, by: Staff) -> Heard:
    """The file as the rules of reporting see it."""
    sources = set(inquest.testimonies.values_list("source", flat=True))
    return Heard(
        about=About(inquest.about),
        leads=inquest.lead_id == by.pk,
        physician=Source.PHYSICIAN in sources,
        prisoners=Source.PRISONER in sources,
        reports=inquest.reports.count(),
    )


@transaction.atomic
def report(*, inquest: Inquest, reported: Reported, by: Staff) -> Report:
    """Say what was found: it is due to the Protecting Power with every statement."""
    by.must(Permission.LEAD_INQUEST)
    inquest = _locked(inquest)
    heard = heard_in(inquest, by)
    refuse_if(why_not_report(reported, heard))
    new = inquest.reports.create(
        key=inquest.key,
        number=heard.reports + 1,
        finding=reported.finding,
        told=reported.as_kept(),
        by=by,
        at=timezone.now(),
    )
    _journal("enquiry outside the camp reported", inquest, by)
    inquest_reported.send(Inquest, inquest=inquest, report=new)
    return new


def _locked(inquest: Inquest) -> Inquest:
    rows = Inquest.objects.select_for_update(of=("self",))
    return rows.select_related("key", "captive__key", "lead").get(pk=inquest.pk)


def _journal(action: str, inquest: Inquest, by: Actor) -> None:
    journal.record(action, subject=inquest, by=by, person=inquest.captive.bureau_number)
