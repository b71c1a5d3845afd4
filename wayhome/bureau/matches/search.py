"""Look for a person by one line: what is typed into the search of the console."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wayhome.bureau.captives.bridge import REGISTER, Candidate, Fresh, evidence_of
from wayhome.bureau.captives.models import Captive, CaptiveQuerySet
from wayhome.bureau.enquiries.models import Enquiry, EnquiryQuerySet
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.bridge import FOR_AGENCY, SOUGHT
from wayhome.bureau.matches.search_bridge import (
    Line,
    evidence_of_surname,
    read_line,
)
from wayhome.bureau.matches.search_rules import (
    LEAST_BITS,
    LEAST_LETTERS,
    LOOKED_THROUGH,
    MISSES_IN_A_ROW,
    MOST_SHOWN,
    fits,
    fits_closely,
    is_his_surname,
    least_bits_beside,
    why_not_read,
    why_not_search,
)
from wayhome.bureau.staff.models import Staff
from wayhome.lib.alphabet import sort_key
from wayhome.lib.numbers import parse, parse_begun
from wayhome.lib.refusal import Refusal, refuse_if

Record = Captive | Enquiry
R = TypeVar("R", Captive, Enquiry)
Rows = tuple[CaptiveQuerySet, EnquiryQuerySet]
SORTED_BY = "ru"  # every alphabet's key holds the same letters; one is enough to find how it begins
SHOWN = "shown by a search"  # in the journal, once a day for each person and reader
BEGINS = [["surname", "agrees", "surname.shortened", 0.0]]
NAME = (
    "surname__icontains",
    "given__icontains",
    "patronymic__icontains",
    "full_name__icontains",
    "service_no__icontains",
)
BUREAU_NUMBER = ("bureau_number__icontains",)
ENQUIRY_NUMBERS = (*BUREAU_NUMBER, "list_number__iexact")
ENQUIRIES = (SOUGHT, FOR_AGENCY)
BY_NUMBER = [["number", "agrees", "number.exact", 0.0]]


@dataclass(frozen=True)
class Hit:
    """One record that fits the line, and why; no names in the evidence."""

    record: Record
    evidence: list[list[Any]]  # [field, verdict, rule, bits]


@dataclass(frozen=True)
class Found:
    """What a line finds among the records that this person may see, best first."""

    hits: list[Hit]
    more: bool = False  # there are others, which nobody is shown: the line says too little
    refusal: Refusal | None = None


def look_for(text: str, *, by: Staff, most: int = MOST_SHOWN) -> Found:
    """Everybody who fits, up to `most`. Nothing is read yet: what a page shows goes to `read`."""
    if len(text) < LEAST_LETTERS:
        return Found([])
    wanted = most + 1  # one more tells that there are others
    rows = _visible(by)
    numbered = list(_numbered(text, rows, wanted))
    if parse(text):  # nobody else can be meant
        return Found(numbered)
    line = read_line(text)
    refusal = why_not_search(names=line.has_name, numbers=line.has_number or bool(numbered))
    if refusal:
        return Found([], refusal=refusal)
    everybody = chain(
        numbered,
        _fitting(line, rows, wanted),
        _begun(line, rows, wanted),
    )
    found = list(islice(_once_each(everybody), wanted))
    return Found(found[:most], more=len(found) > most)


def sought_named(text: str) -> "QuerySet[Enquiry]":
    """Enquiries for whoever is called so, in any script, or under this number: to narrow a list."""
    return _narrowed(Enquiry.objects.all(), text, ENQUIRIES, ENQUIRY_NUMBERS)


def cards_named(text: str) -> "QuerySet[Captive]":
    """Records of captives called so, in any script, or of this number: as above."""
    return _narrowed(Captive.objects.all(), text, [REGISTER], BUREAU_NUMBER)


def captives_named(
    text: str, *, by: Staff | None = None, numbers: bool = True
) -> "QuerySet[Captive]":
    """Captives called so on any of their cards, in any script, or of this number: as above.

    `by`: only what this person may see brings a man onto the list. Without `numbers` no number of a
    card does.
    """
    rows = Captive.objects.visible_to(by) if by else Captive.objects.all()
    cards = _narrowed(rows, text, [REGISTER], BUREAU_NUMBER if numbers else ())
    return rows.filter(Q(pk__in=cards) | Q(pk__in=cards.values("same_as")))


def read(text: str, hits: Sequence[Hit], *, by: Staff) -> int:
    """Keep in the journal that somebody searched, and whom they were shown.

    Returns how many persons searches have shown them today. Raises Refused, with nothing written,
    when that were more than the reading budget allows (P18).
    """
    records = [hit.record for hit in hits]
    return note_shown("searched", records, about=by, purpose="search", by=by, line=text)


@transaction.atomic
def note_shown(
    action: str,
    records: Sequence[Record],
    *,
    about: Staff | Enquiry,
    purpose: str,
    by: Staff,
    line: str = "",
) -> int:
    """Keep in the journal whom a page shows, each person once a day, within the one budget.

    Returns how many persons were shown today. Raises Refused, with nothing written (P18).
    """
    numbers = [record.bureau_number for record in records]
    before = set(_read_today(by))
    if not before.issuperset(numbers):
        refuse_if(why_not_read(len(before)))
    person = about.bureau_number if isinstance(about, Enquiry) else ""
    facts = {"line": line, "shown": numbers}
    journal.record(action, subject=about, by=by, person=person, purpose=purpose, facts=facts)
    new = [(record, record.bureau_number) for record in records]
    new = [(record, number) for record, number in new if number not in before]
    journal.record_many(SHOWN, subjects=new, by=by, purpose=purpose)
    return len(before) + len(new)


def _read_today(by: Staff) -> Iterable[str]:
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    shown = Entry.objects.filter(actor_id=by.actor_id, action=SHOWN, at__gte=today)
    return shown.values_list("person", flat=True)


def _visible(by: Staff) -> Rows:
    enquiries = Enquiry.objects.visible_to(by).exclude(state=EnquiryState.FORGOTTEN)
    return Captive.objects.visible_to(by), enquiries


def _numbered(text: str, rows: Rows, most: int) -> Iterator[Hit]:
    """Those whose number is the line, or begins so, or who came in a file under it."""
    begun = parse_begun(text)
    number = parse(text)
    for each in rows:
        if number:
            yield from (Hit(one, BY_NUMBER) for one in each.filter(bureau_number=str(number)))
        elif begun:
            like = each.filter(bureau_number__startswith=begun).order_by("bureau_number")
            yield from (Hit(one, BY_NUMBER) for one in like[:most])
    if not number and text.isascii() and any(map(str.isdigit, text)) and " " not in text:
        listed = rows[1].filter(list_number__iexact=text).order_by("pk")
        yield from (Hit(one, BY_NUMBER) for one in listed[:most])


def _fitting(line: Line, rows: Rows, most: int) -> Iterator[Hit]:
    """Those whom the names core finds, best first, each with its evidence."""
    captives, enquiries = rows
    ranked = merge(
        _ranked(line, REGISTER, captives, most),
        _ranked(line, SOUGHT, enquiries, most),
        _ranked(line, FOR_AGENCY, enquiries, most),
        key=lambda one: -one[0],
    )
    return (hit for _bits, hit in ranked)


def _narrowed(
    rows: "QuerySet[R]", text: str, indexes: Sequence[Fresh], numbers: Sequence[str]
) -> "QuerySet[R]":
    """Those whom the names core finds, and those in whose name or numbers the text stands.

    `numbers` are the columns to look for it in beside the name. An initial alone, or a unit or a
    rank, brings nobody onto a list (P18).
    """
    if number := parse(text):
        return rows.filter(bureau_number=str(number)) if numbers else rows.none()
    if all(sum(map(str.isalnum, word)) < LEAST_LETTERS for word in text.split()):
        return rows.none()
    found = _stands_in(text, numbers) | Q(pk__in=_who_fit(text, indexes))
    if numbers and (begun := parse_begun(text)):
        found |= Q(bureau_number__startswith=begun)
    return rows.filter(found)


def _stands_in(text: str, numbers: Sequence[str]) -> Q:
    """That each word of the text stands somewhere in the name or the numbers."""
    everywhere = Q()
    for word in text.split():
        columns = (*NAME, *numbers) if any(map(str.isdigit, word)) else NAME
        everywhere &= Q(*((column, word) for column in columns), _connector=Q.OR)
    return everywhere


def _who_fit(text: str, indexes: Iterable[Fresh]) -> list[str]:
    """Ids of those whom the names core finds; of a name that thousands bear, of the best."""
    line = read_line(text).without_service
    if not (line.has_name or line.has_number):
        return []
    near = chain.from_iterable(_beside_the_best(line, x, LOOKED_THROUGH[-1]) for x in indexes)
    worth = (each for each in near if each.bits >= LEAST_BITS)
    return [each.id for each in worth if fits_closely(evidence_of(each))]


def _beside_the_best(line: Line, index: Fresh, top: int) -> list[Candidate]:
    """The best of one index, without those who are too far below the first to be meant."""
    found = index.nearest(line.asked, top=top)
    least = least_bits_beside(found[0].bits) if found else 0.0
    return [each for each in found if each.bits >= least]


def _ranked(
    line: Line, index: Fresh, rows: "QuerySet[Any]", most: int
) -> Iterator[tuple[float, Hit]]:
    """Records of one index that fit, and by how many bits, as far as this person may see them."""
    if rows.query.is_empty():
        return
    fitting = _near(line, index)
    while part := list(islice(fitting, most)):
        ids = [each.id for each, _evidence in part]
        records = {str(one.pk): one for one in rows.filter(pk__in=ids)}
        for each, evidence in part:
            if each.id in records:
                yield each.bits, Hit(records[each.id], evidence)


def _near(line: Line, index: Fresh) -> Iterator[tuple[Candidate, list[list[Any]]]]:
    """Those of one index that fit, whoever may see them."""
    seen = missed = 0
    for top in LOOKED_THROUGH:
        near = _beside_the_best(line, index, top)
        for each in near[seen:]:
            evidence = evidence_of(each)
            if fits(evidence) and (not line.by_service or _is_named(line, each.id, index)):
                missed = 0
                yield each, evidence
            elif (missed := missed + 1) >= MISSES_IN_A_ROW:
                return
        if len(near) < top:
            return
        seen = len(near)


def _is_named(line: Line, id: str, index: Fresh) -> bool:
    return any(map(is_his_surname, evidence_of_surname(line, id, index)))


def _begun(line: Line, rows: Rows, most: int) -> Iterator[Hit]:
    """Those whose name begins with the one word that was typed, in the order of the alphabet.

    Not where the line says anything else: then a unit or a place would list its people. Whoever
    begins with several words is found by them.
    """
    if not line.is_one_word:
        return
    first = sort_key(line.asked.full_name, SORTED_BY).partition("\x01")[0].encode()
    for each in rows:
        column = f"sort_{SORTED_BY}"
        begun = each.filter(**{f"{column}__gte": first, f"{column}__lt": first + b"\xff"})
        yield from (Hit(one, BEGINS) for one in begun.order_by(column, "pk")[:most])


def _once_each(hits: Iterable[Hit]) -> Iterator[Hit]:
    seen = set()
    for hit in hits:
        if hit.record.pk not in seen:
            seen.add(hit.record.pk)
            yield hit
