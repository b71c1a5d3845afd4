"""Keep the lists of what journeys are made of."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.models import RESOURCES, Resource
from wayhome.bureau.journeys.rules.resources import (
    ResourceKind,
    moments_of,
    why_not_change,
    why_not_crossing,
    why_not_days,
    why_not_way,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if

Told = dict[str, Any]


@transaction.atomic
def keep_resource(
    *, kind: ResourceKind, told: Told, by: Staff, resource: Resource | None = None
) -> Resource:
    """Keep one more, or change this one. A plan that was made before keeps what it was made of."""
    by.must(Permission.PLAN_JOURNEYS)
    if resource is None:
        resource = RESOURCES[kind]()
    else:
        resource = RESOURCES[kind].objects.select_for_update(of=("self",)).get(pk=resource.pk)
        refuse_if(why_not_change(ended=resource.ended_at is not None))
    refuse_if(why_not_keep(kind, told))
    for column, value in told.items():
        setattr(resource, column, value)
    resource.by, resource.at = by, timezone.now()
    resource.save()
    journal.record("resource kept", subject=resource, by=by, facts={"kind": kind.value})
    return resource


@transaction.atomic
def end_resource(*, resource: Resource, by: Staff) -> Resource:
    """Say that it is used no longer; nothing that was planned with it is forgotten."""
    by.must(Permission.PLAN_JOURNEYS)
    resource = type(resource).objects.select_for_update(of=("self",)).get(pk=resource.pk)
    refuse_if(why_not_change(ended=resource.ended_at is not None))
    resource.ended_at = timezone.now()
    resource.save(update_fields=["ended_at"])
    journal.record("resource ended", subject=resource, by=by)
    return resource


def why_not_keep(kind: ResourceKind, told: Told) -> list[Refusal | None]:
    """What is wrong with a resource as it was told."""
    if kind == ResourceKind.CROSSING:
        asked = {name: told[name] for name in ("opens", "closes", "baggage_kg")}
        return [*why_not_crossing(**asked, out=told["places_out"])]
    if kind == ResourceKind.WAY:
        crossing = told["crossing"]
        leaves, crosses, arrives = hours_of(told, timezone.localdate())
        return [*why_not_way(leaves=leaves, crosses=crosses, arrives=arrives,
                             opens=crossing.opens, closes=crossing.closes)]  # fmt: skip
    if "from_on" in told:
        return [why_not_days(first=told["from_on"], last=told["until_on"])]
    return []


def hours_of(way: Told, on: Any) -> tuple[datetime, datetime, datetime]:
    """When whoever takes this way leaves, crosses and arrives on this day."""
    times = [way["leaves"], way["crosses"], way["arrives"]]
    return moments_of(times, [way["zone"], way["crossing"].zone, settings.TIME_ZONE], on)
