"""Take a statement, take it back, weigh it; and who a sought man's comrades are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wayhome.bureau.captives.models import Captive, CustodyEvent, Place
from wayhome.bureau.captives.queries import places_of
from wayhome.bureau.captives.rules import CustodyState, EventKind
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Match
from wayhome.bureau.matches.search import note_shown
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.statements import bridge, rules
from wayhome.bureau.statements.models import Statement, Weighed
from wayhome.bureau.statements.rules import LEAST_BITS, MOST_COMRADES, Seen, Tie, Verdict
from wayhome.lib.place_names import names_one
from wayhome.lib.refusal import Refusal, refuse_if


@dataclass(frozen=True)
class Comrade:
    """Of whom he speaks, as he says it. His unit is not asked."""

    surname: str = ""
    given: str = ""
    patronymic: str = ""
    born: str = ""
    birthplace: str = ""

    def names(self) -> dict[str, str]:
        return {name: text for name, text in self.__dict__.items() if text}


@dataclass(frozen=True)
class Account:
    """What he said and how it was taken."""

    about: Comrade
    words: str
    seen: Seen
    told_on: date
    language: str
    free: bool
    seen_on: str = ""
    seen_where: str = ""
    where: str = ""
    translator: str = ""
    how_asked: str = ""


def _places(captive: Captive) -> list[str]:
    """Where he, or anybody, is held or was: a text may not tell it (P4)."""
    return [*places_of(captive), *Place.objects.values_list("name", flat=True)]


def warnings_of(captive: Captive, account: Account) -> list[Refusal]:
    """What should be looked at again before it is kept; nothing is refused for it."""
    whole = f"{account.words}\n{account.seen_where}"
    names_a_place = names_one(whole, _places(captive))
    return rules.warnings_of(rules.Told(whole, account.free, account.how_asked, names_a_place))


@transaction.atomic
def take_statement(*, captive: Captive, account: Account, by: Staff) -> Statement:
    """Keep what he said before the neutral. What was warned of is kept as it was said."""
    by.must(Permission.TAKE_STATEMENT)
    captive = Captive.objects.select_related("key").get(pk=captive.principal.pk)
    names = account.about.names()
    refuse_if(rules.why_not_take(name="".join(names.values()), account=account.words))
    new = Statement(
        captive=captive,
        key=captive.key,
        told={"account": account.words, "seen_where": account.seen_where, "names": names},
        seen=account.seen,
        seen_on=account.seen_on,
        told_on=account.told_on,
        taken={
            "where": account.where,
            "translator": account.translator,
            "how_asked": account.how_asked,
        },
        language=account.language,
        free=account.free,
        before=by,
        at=timezone.now(),
    )
    new.describe(names)
    new.save(force_insert=True)
    journal.record("statement taken", subject=new, by=by, person=captive.bureau_number)
    return new


@transaction.atomic
def take_back_statement(*, statement: Statement, by: Staff) -> None:
    """He takes it back: tracing reads it no longer. Twice is once."""
    by.must(Permission.TAKE_STATEMENT)
    rows = Statement.objects.visible_to(by).select_for_update(of=("self",))
    one = rows.select_related("captive").get(pk=statement.pk)
    if one.taken_back_at is None:
        one.taken_back_at = timezone.now()
        one.save(update_fields=["taken_back_at", "changed_at"])
        number = one.captive.bureau_number
        journal.record("statement taken back", subject=one, by=by, person=number)


@dataclass(frozen=True)
class ToldOfHim:
    """A statement that may speak of the man sought, and why. For a person to judge, never more."""

    statement: Statement
    bits: float
    evidence: list[list[Any]]


def told_of(enquiry: Enquiry, *, by: Staff) -> list[ToldOfHim]:
    """The statements that may speak of him, the likeliest first; none is a match of anybody."""
    by.must(Permission.SEE_COMRADES)
    found = [each for each in bridge.fitting(enquiry) if each.bits >= LEAST_BITS]
    rows = Statement.objects.visible_to(by).select_related("key", "captive__key")
    by_id = rows.in_bulk([each.statement_id for each in found])
    return [
        ToldOfHim(by_id[each.statement_id], each.bits, each.evidence)
        for each in found
        if each.statement_id in by_id
    ]


def for_tracing(statement: Statement) -> dict[str, str]:
    """His words as tracing reads them: without a sentence that tells where anybody is held."""
    places = _places(statement.captive)
    return {
        name: rules.without_places(
            statement.told.get(name, ""), lambda text: names_one(text, places)
        )
        for name in ("account", "seen_where")
    }


@transaction.atomic
def weigh_statement(
    *, told: ToldOfHim, enquiry: Enquiry, verdict: Verdict, reason: str, by: Staff
) -> Weighed:
    """Keep a person's word on whether a statement speaks of him. It matches and tells nobody."""
    by.must(Permission.SEE_COMRADES)
    refuse_if(rules.why_not_weigh(reason))
    new = Weighed.objects.create(
        statement=told.statement,
        enquiry=enquiry,
        key=enquiry.key,
        verdict=verdict,
        reason=reason.strip(),
        evidence=told.evidence,
        by=by,
        at=timezone.now(),
    )
    number = enquiry.bureau_number
    journal.record("statement weighed", subject=new, by=by, person=number, purpose=verdict.value)
    return new


def weighed_of(enquiry: Enquiry, statement: Statement, *, by: Staff) -> "QuerySet[Weighed]":
    rows = Weighed.objects.visible_to(by).filter(enquiry=enquiry, statement=statement)
    return rows.select_related("key", "by").order_by("-at")


# Whose comrades he has.


@dataclass(frozen=True)
class Found:
    """One comrade of the man sought, and why he counts as one."""

    captive: Captive
    tie: Tie


def why_not_see_comrades(enquiry: Enquiry, by: Staff) -> Refusal | None:
    return rules.why_not_see_comrades(
        is_open=enquiry.state == EnquiryState.OPEN,
        entered_by_same=enquiry.entered_by_id == by.pk,
    )


@transaction.atomic
def comrades_of(enquiry: Enquiry, *, by: Staff) -> list[Found]:
    """Men in custody of the sought man's unit, or taken with him; from this one enquiry alone.

    Each that is shown counts in the reading budget. Raises Refused, with nothing written but that
    it was asked, where the budget is spent or he wrote the enquiry down himself.
    """
    by.must(Permission.SEE_COMRADES)
    refuse_if(why_not_see_comrades(enquiry, by))
    himself = _records_of_him(enquiry)
    found = list(_found(enquiry, himself))[:MOST_COMRADES]
    note_shown(
        "asked for comrades",
        [one.captive for one in found],
        about=enquiry,
        purpose="comrades",
        by=by,
    )
    return found


def _records_of_him(enquiry: Enquiry) -> list[Captive]:
    """The man himself, where two people have confirmed a match."""
    match = Match.objects.standing().filter(enquiry=enquiry).select_related("captive").first()
    return list(match.captive.all_records()) if match else []


def _found(enquiry: Enquiry, himself: list[Captive]) -> Iterator[Found]:
    seen = {one.pk for one in himself}
    for tie, rows in ((Tie.CAPTURE, _taken_with(himself)), (Tie.UNIT, _of_unit(enquiry, himself))):
        for captive in rows:
            if captive.pk not in seen and captive.principal.pk not in seen:
                seen |= {captive.pk, captive.principal.pk}
                yield Found(captive.principal, tie)


def _others() -> "QuerySet[Captive]":
    rows = Captive.objects.in_custody().select_related("same_as")
    return rows.order_by("sort_uk", "pk")


def _of_unit(enquiry: Enquiry, himself: list[Captive]) -> Iterator[Captive]:
    """Those whose unit, in whatever writing, is his: a number and a kind of unit, both the same."""
    units = {bridge.unit_of(text) for text in (enquiry.unit, *(one.unit for one in himself))}
    units.discard(("", ""))
    if not units:
        return
    digits = Q()
    for text, _kind in units:
        number = "".join(letter for letter in text if letter.isdigit())
        digits |= Q(unit__contains=number)
    for captive in _others().filter(digits):
        if bridge.unit_of(captive.unit) in units:
            yield captive


def _taken_with(himself: list[Captive]) -> Iterable[Captive]:
    """Those whose capture was recorded on the same day and at the same place as his."""
    places = {key for event in _captures(himself) if (key := _when_and_where(event))}
    days = {day for day, _where in places}
    if not places:
        return []
    same_day = Captive.objects.in_custody().filter(captured_on__in=days)
    events = _captures(same_day).filter(captive__custody_state=CustodyState.HELD)
    ids = [one.captive_id for one in events if _when_and_where(one) in places]
    return _others().filter(pk__in=ids)


def _captures(captives: Any) -> "QuerySet[CustodyEvent]":
    rows = CustodyEvent.objects.filter(captive__in=captives, kind=EventKind.CAPTURED)
    return rows.select_related("captive", "key")


def _when_and_where(event: CustodyEvent) -> tuple[str, str] | None:
    where = " ".join((event.details or {}).get("where", "").casefold().split())
    return (event.captive.captured_on, where) if where and event.captive.captured_on else None
