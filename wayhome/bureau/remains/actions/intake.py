"""Take in a lorry: open it with its list, tick its bags in, close it with what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.actions.registering import FirstHands, register_bag
from wayhome.bureau.remains.models import BagLine, Intake
from wayhome.bureau.remains.rules.intake import (
    Count,
    bag_key,
    count_of,
    why_not_close,
    why_not_open,
    why_not_take_in,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.copying import copy_in
from wayhome.lib.refusal import refuse_if


@dataclass(frozen=True)
class Lorry:
    """Who brings the bags, from where, with which papers, and when."""

    arrived_at: datetime
    brought_by: str
    came_from: str = ""
    papers: str = ""

    def as_kept(self) -> dict[str, str]:
        told = {"by": self.brought_by, "from": self.came_from, "papers": self.papers}
        return {name: text.strip() for name, text in told.items() if text.strip()}


@transaction.atomic
def open_intake(*, lorry: Lorry, bags: Sequence[str], by: Staff) -> Intake:
    """Open a lorry's intake with its list, which may be empty."""
    by.must(Permission.RECORD_REMAINS)
    now = timezone.now()
    refuse_if(
        why_not_open(
            bags=len(bags), brought_by=lorry.brought_by, arrived_at=lorry.arrived_at, now=now
        )
    )
    intake = Intake.objects.create(
        site=by.site, key=PersonKey.make(), brought=lorry.as_kept(), arrived_at=lorry.arrived_at,
        by=by,
    )  # fmt: skip
    copy_in(
        [
            BagLine(intake=intake, bag=bag, bag_key=bag_key(bag), place=place, listed=True)
            for place, bag in enumerate(bags, start=1)
        ]
    )
    journal.record("intake opened", subject=intake, by=by, purpose=str(len(bags)))
    return intake


@transaction.atomic
def take_in(*, intake: Intake, bag: str, by: Staff) -> BagLine:
    """Tick one bag in: it gets its number, and who ticks it in is its custodian.

    A bag that is on no list is taken in too: the difference stands. Raises Refused for one that
    came already.
    """
    by.must(Permission.RECORD_REMAINS)
    intake = _locked(intake)
    line = intake.lines.filter(bag_key=bag_key(bag)).first()
    came = line is not None and line.remains_id is not None
    refuse_if(why_not_take_in(bag=bag, closed=intake.closed_at is not None, came=came))
    now = timezone.now()
    hands = FirstHands(now, now, from_outside=(intake.brought or {}).get("by", ""))
    as_listed = line.bag if line else bag
    remains = register_bag(bag=as_listed, hands=hands, site=intake.site, by=by)
    if line is None:
        last = intake.lines.aggregate(last=Max("place"))["last"] or 0
        line = BagLine(
            intake=intake, bag=bag, bag_key=bag_key(bag), place=last + 1, listed=False
        )  # fmt: skip
    line.remains, line.came_at, line.came_by = remains, now, by
    line.save()
    return line


def count(intake: Intake) -> Count:
    """How the lorry and its list stand to each other now."""
    told = intake.lines.values_list("listed", "remains_id")
    return count_of((listed, remains is not None) for listed, remains in told)


@transaction.atomic
def close_intake(*, intake: Intake, words: str, by: Staff) -> Intake:
    """Close it. What differs is kept with what is known of it; nothing is added afterwards."""
    by.must(Permission.RECORD_REMAINS)
    intake = _locked(intake)
    refuse_if(why_not_close(count(intake), closed=intake.closed_at is not None, words=words))
    intake.closed_at, intake.closed_by, intake.words = timezone.now(), by, words.strip()
    intake.save(update_fields=["closed_at", "closed_by", "words"])
    told = count(intake)
    purpose = f"{told.listed} listed, {told.came} came, {told.missing} missing"
    journal.record("intake closed", subject=intake, by=by, purpose=purpose)
    return intake


def _locked(intake: Intake) -> Intake:
    """Locked, so that two people cannot tick the same bag in."""
    rows = Intake.objects.select_for_update(of=("self",)).select_related("key", "site")
    return rows.get(pk=intake.pk)
