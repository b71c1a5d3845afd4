"""Who travels; and which families the planner is given: those whose road is open, by code."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wayhome.bureau.answers.models import Told as FirstNews
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.bridge import Days, Man, Travellers
from wayhome.bureau.journeys.models import Journey, Party
from wayhome.bureau.journeys.rules.plans import weight_of
from wayhome.bureau.journeys.rules.resources import why_not_days
from wayhome.bureau.journeys.rules.way_out import exits_for
from wayhome.bureau.returns.facts import facts_of, may_have_a_day, she_comes
from wayhome.bureau.returns.models import Application, Appointment, Finding
from wayhome.bureau.returns.rules import ApplicationState, Facts, Road
from wayhome.bureau.returns.rules.grounds import FindingKind
from wayhome.bureau.returns.rules.roads import NEEDS_CERTIFICATE
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if


@dataclass(frozen=True)
class Told:
    """Who travels, from where, and when they can."""

    region: str
    size: int
    languages: tuple[str, ...]
    woman_escort: bool
    from_on: date | None
    until_on: date | None
    urgent: tuple[str, ...]

    def as_kept(self) -> dict[str, Any]:
        return {
            "region": self.region,
            "size": self.size,
            "languages": list(self.languages),
            "woman_escort": self.woman_escort,
            "from_on": self.from_on and self.from_on.isoformat(),
            "until_on": self.until_on and self.until_on.isoformat(),
            "urgent": list(self.urgent),
        }


@transaction.atomic
def keep_party(*, application: Application, told: Told, by: Staff) -> Party:
    """Keep who travels with her; for whomever of hers they come, they travel together."""
    by.must(Permission.PLAN_JOURNEYS)
    if told.from_on:
        refuse_if(why_not_days(first=told.from_on, last=told.until_on))
    assert application.enquiry is not None
    enquirer = application.enquiry.enquirer
    party = Party.objects.select_for_update(of=("self",)).filter(pk=enquirer.pk).first()
    party = party or Party(enquirer=enquirer, key=enquirer.key)
    party.told, party.by, party.at = told.as_kept(), by, timezone.now()
    party.save()
    journal.record(
        "travellers noted", subject=party, by=by, person=application.enquiry.bureau_number
    )
    return party


def granted() -> "QuerySet[Application]":
    """Applications whose road was opened, of a family that may come."""
    rows = Application.objects.filter(state=ApplicationState.GRANTED, captive__isnull=False)
    return rows.filter(enquiry__isnull=False).select_related(
        "captive__key", "captive__same_as__key", "enquiry__enquirer__key", "key"
    )


def travellers(days: Days) -> list[Travellers]:
    """The families whose road is open now, of whom it is known who travels.

    Each man stands once, with whoever applied first. Why a road is closed is not asked. Whoever
    has a day that this plan does not reach, or one set by hand, keeps it. A day is never the first
    news.
    """
    found: dict[Any, list[tuple[Application, Facts]]] = {}
    for application, facts in _one_a_man(days):
        assert application.enquiry is not None
        found.setdefault(application.enquiry.enquirer_id, []).append((application, facts))
    parties = Party.objects.filter(pk__in=found).select_related("key").order_by("pk")
    return [_travellers(party, found[party.pk]) for party in parties]


def _one_a_man(days: Days) -> Iterator[tuple[Application, Facts]]:
    """Whoever cannot come takes no man's place from whoever can."""
    kept = Journey.objects.out_of_reach(days.first, days.last).values("application")
    by_hand = Appointment.objects.that_stand(timezone.localdate()).exclude(
        application__in=Journey.objects.standing().values("application")
    )
    theirs = granted().filter(Q(pk__in=kept) | Q(pk__in=by_hand.values("application")))
    men = {one.captive.principal.pk for one in theirs if one.captive}
    known = granted().filter(enquiry__enquirer__in=Party.objects.values("pk"))
    for application in known.order_by("made_at", "pk"):
        assert application.captive is not None
        man = application.captive.principal.pk
        if man not in men and _comes(application):
            facts = facts_of(application, Road(application.road))
            if may_have_a_day(application, facts):
                men.add(man)
                yield application, facts


def _comes(application: Application) -> bool:
    assert application.enquiry is not None
    return she_comes(application) and (
        FirstNews.objects.standing_for(application.enquiry) is not None
    )


def _travellers(party: Party, facts: list[tuple[Application, Facts]]) -> Travellers:
    told = party.told
    return Travellers(
        code=str(party.pk),
        region=told["region"],
        size=told["size"],
        languages=told["languages"],
        woman_escort=told["woman_escort"],
        from_on=_day(told["from_on"]),
        until_on=_day(told["until_on"]),
        weight=weight_of(told["urgent"], he_is_ill=any(one.seriously_ill for _, one in facts)),
        since=timezone.localdate(min(each.made_at for each, _ in facts)),
        men=[Man(str(each.pk), _fit_until(each, one), _exits_for(each)) for each, one in facts],
    )


def _exits_for(application: Application) -> frozenset[str] | None:
    """The exits that lead where both chose to go: none is chosen for them."""
    return exits_for([one.out() for one in application.ways_out.select_related("key")])


def _fit_until(application: Application, facts: Facts) -> date | None:
    """The last day of his certificate, where he may not travel without one."""
    needed = facts.seriously_ill or facts.road in NEEDS_CERTIFICATE
    if not needed or application.captive is None:
        return None
    found = Finding.objects.newest_of(application.captive).get(FindingKind.FIT)
    return found.until if found else None


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None
