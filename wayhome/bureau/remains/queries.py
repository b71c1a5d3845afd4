"""Remains found by what somebody types, and what is read of them together."""

from collections.abc import Sequence

from django.db.models import Q

from wayhome.bureau.remains.models import Change, PartLink, Remains, RemainsQuerySet
from wayhome.bureau.remains.rules.custody import Gap, gaps_of
from wayhome.bureau.remains.rules.intake import bag_key
from wayhome.lib.numbers import parse, parse_begun


def numbered(rows: RemainsQuerySet, text: str) -> RemainsQuerySet:
    """Those whose number, bag or seal this is, or begins as this does."""
    if not text:
        return rows
    if number := parse(text):
        return rows.filter(bureau_number=str(number))
    begun, key = parse_begun(text), bag_key(text)
    found = Q(bag_key__startswith=key) | Q(seals__seal_key__startswith=key) if key else Q(pk=None)
    if begun:
        found |= Q(bureau_number__startswith=begun)
    return rows.filter(found).distinct()


def chain_of(remains: Remains) -> list[Change]:
    """Every signed change of hands, in order."""
    rows = remains.changes.signed().select_related("key", "giver", "receiver")
    return list(rows.order_by("number"))


def gaps_in(remains: Remains) -> list[Gap]:
    """What breaks the chain; computed anew from its links."""
    return gaps_of([change.as_link() for change in chain_of(remains)])


def parts_with(remains: Remains) -> Sequence[PartLink]:
    """Every link of parts, standing or taken back, that has these at one end."""
    rows = PartLink.objects.filter(Q(one=remains) | Q(other=remains))
    joined = rows.select_related("key", "one__key", "other__key", "by", "taken_back_by")
    return list(joined.order_by("at"))
