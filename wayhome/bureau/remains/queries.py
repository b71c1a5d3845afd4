"""Remains found by what somebody types, and what is read of them together."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from wayhome.bureau.remains.models import Change, PartLink, Remains, RemainsQuerySet
from wayhome.bureau.remains.rules.custody import Gap, gaps_of
from wayhome.bureau.remains.rules.intake import bag_key
from wayhome.bureau.remains.rules.register import RemainsKind
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


def one_body(remains: Remains) -> set[UUID]:
    """These, and all that links which stand join to them.

    A bag of parts, perhaps of several people, is joined to others, and joins no two others.
    """
    found, waiting = {remains.pk}, [remains.pk]
    while waiting:
        links = PartLink.objects.standing().filter(Q(one__in=waiting) | Q(other__in=waiting))
        ends = {pk for pair in links.values_list("one_id", "other_id") for pk in pair}
        new = ends - found
        found |= new
        several = Remains.objects.filter(pk__in=new, kind=RemainsKind.PARTS)
        waiting = list(new - set(several.values_list("pk", flat=True)))
    return found


def parts_with(remains: Remains) -> Sequence[PartLink]:
    """Every link of parts, standing or taken back, that has these at one end."""
    rows = PartLink.objects.filter(Q(one=remains) | Q(other=remains))
    joined = rows.select_related("key", "one__key", "other__key", "by", "taken_back_by")
    return list(joined.order_by("at"))
