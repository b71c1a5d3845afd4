"""What people say elsewhere contradicts a name: the doubt is noted in their transaction.

Nobody is told anything by it. What was told of a death leaves the page, as with every doubt, and
stands on the list of those whom a person tells (decision 0050).
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import QuerySet

from wayhome.bureau.identifications.actions.deciding import one_name_at_a_time, reopen
from wayhome.bureau.identifications.actions.weighing import hold_families
from wayhome.bureau.identifications.comparing import (
    held_alive,
    names_of,
    names_of_same,
    whole,
)
from wayhome.bureau.identifications.models import Identification
from wayhome.bureau.identifications.rules.board import Cause
from wayhome.bureau.matches.models import Match, SameSought
from wayhome.bureau.remains.models import PartLink
from wayhome.bureau.remains.queries import one_body
from wayhome.bureau.remains.rules.register import RemainsKind


def see_to_match(match: Match) -> None:
    """A match was confirmed: who is on the register alive was not found among the dead."""
    one_name_at_a_time()  # a board that would decide in this moment finds the match
    _see_to_person(names_of(match.enquiry))


def see_to_link(pair: SameSought) -> None:
    """Two enquiries seek one man: what a board named, or a match joined, for one is for both."""
    one_name_at_a_time()
    _see_to_person(names_of(pair.earlier))


def _see_to_person(names: "QuerySet[Identification]") -> None:
    _doubt([one.pk for one in _read(names) if held_alive(one)], Cause.ALIVE)
    bodies = dict(whole(names).values_list("pk", "remains"))
    if len(set(bodies.values())) > 1:
        _doubt(bodies, Cause.TWO_BODIES)


def see_to_parts(link: PartLink) -> None:
    """Two remains are one body: it bears one name. Which of two is wrong no machine says."""
    one_name_at_a_time()
    names = _read(Identification.objects.standing().filter(remains__in=_body_of(link)))
    if names and len(names) > names_of_same(names[0]).filter(pk__in=[n.pk for n in names]).count():
        _doubt([one.pk for one in names], Cause.TWO_NAMES)


def _body_of(link: PartLink) -> set[UUID]:
    """All that this link makes one body; two bags with parts of several people join no others."""
    for end in (link.one, link.other):
        if end.kind != RemainsKind.PARTS:
            return one_body(end)
    return {link.one_id, link.other_id}


def _read(names: "QuerySet[Identification]") -> Sequence[Identification]:
    return list(names.select_related("remains__key", "enquiry__key", "captive", "key"))


def _doubt(ids: Iterable[UUID], cause: Cause) -> None:
    """Reopen those that stand still; locked in one order, after whoever asks for them."""
    ids = list(ids)
    hold_families(ids)
    rows = Identification.objects.standing().filter(pk__in=ids).order_by("pk")
    for identification in _read(rows.select_for_update(of=("self",))):
        reopen(identification, cause, None, None)
