"""Remains with what was found on them, and a family with a comparison: invented, for the tests."""

from django.utils import timezone

from tests.factories import EnquiryFactory, StaffFactory
from wayhome.bureau.comparisons.models import Hit
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.identifications import actions
from wayhome.bureau.identifications.models import Identification
from wayhome.bureau.identifications.rules.board import Asked
from wayhome.bureau.identifications.rules.evidence import BY_CODE, Kind, Weighed, Word
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.relations import actions as relations
from wayhome.bureau.relations.models import KinshipVerdict
from wayhome.bureau.relations.rules import Check, Level, Rung
from wayhome.bureau.remains import actions as remains_actions
from wayhome.bureau.remains.actions import FirstHands
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.remains.rules.register import Found, RemainsKind
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.bureau.staff.rules import Profession

FOUND = Found(on="2022-05-03", scene="лісосмуга", latitude="48.5", longitude="37.9")
BOARD = (Profession.FORENSIC_PHYSICIAN, Profession.DENTIST, Profession.LAWYER)


def remains_found(kind: RemainsKind = RemainsKind.WHOLE, *, examined: bool = True) -> Remains:
    officer, now = StaffFactory(role=Role.CUSTODY), timezone.now()
    found = remains_actions.register_remains(
        kind=kind, bag="", found=FOUND, hands=FirstHands(now, now), by=officer
    )
    if examined:
        said = {"condition": "цілі", "worn": "жетон К-417", "height": "182"}
        expert = StaffFactory(role=Role.FORENSIC)
        remains_actions.examine(remains=found, said=said, teeth={}, reason="", by=expert)
    return found


def hit(remains: Remains, enquiry: Enquiry, *, posterior: float = 0.999_95, against=()) -> Hit:
    """What a blind search found of these two; an earlier one falls."""
    Hit.objects.standing().filter(remains=remains, enquiry=enquiry).update(fell_at=timezone.now())
    return Hit.objects.create(
        key=PersonKey.make(), remains=remains, enquiry=enquiry, log10_lr=9.4, missing=400,
        prior=1 / 400, posterior=posterior, chance_matches=0.000_02, markers=23, rank=1,
        found={"against": [{"marker": each, "persons": {"MP": [], "Ф-1": []}} for each in against]},
        found_at=timezone.now(),
    )  # fmt: skip


def opened(remains: Remains | None = None, enquiry: Enquiry | None = None) -> Identification:
    remains, enquiry = remains or remains_found(), enquiry or EnquiryFactory()
    hit(remains, enquiry)
    return actions.open_between(remains=remains, enquiry=enquiry)


def weigh(identification: Identification, kind: Kind, word: Word, **more: str) -> Staff:
    """Weigh a line by somebody who may; returns who did."""
    by = StaffFactory(role=Role.FORENSIC if kind in BY_CODE else Role.TRACING)
    said = Weighed(word, more.get("reason", "порівняно"), more.get("explained", ""))
    actions.weigh(identification=identification, kind=kind, weighed=said, by=by)
    return by


def before_the_board(identification: Identification) -> Identification:
    weigh(identification, Kind.DNA, Word.ESTABLISHED)
    by = weigh(identification, Kind.PLACE, Word.POSSIBLE)
    actions.present(identification=identification, asked=Asked.IDENTIFY, by=by)
    identification.refresh_from_db()
    return identification


def members() -> list[Staff]:
    return [StaffFactory(role=Role.BOARD, profession=each) for each in BOARD]


def signed(identification: Identification, *words: Word) -> list[Staff]:
    """Signed apart by as many members as there are words."""
    people = members()[: len(words)]
    for member, word in zip(people, words, strict=True):
        actions.sign(identification=identification, word=word, reason="переконливо", by=member)
    identification.refresh_from_db()
    return people


def identified(remains: Remains | None = None, enquiry: Enquiry | None = None) -> Identification:
    """Named by a board of three."""
    identification = before_the_board(opened(remains, enquiry))
    signed(identification, Word.ESTABLISHED, Word.ESTABLISHED, Word.ESTABLISHED)
    return identification


def kinship_proven(enquiry: Enquiry) -> KinshipVerdict:
    """By a paper, and by two verifiers."""
    weighed = relations.Weighed(Level.PROVEN, {Rung.BIRTH: Check.AGREES}, "метрика")
    given = relations.give_verdict_of_the_dead(
        enquiry=enquiry, weighed=weighed, by=StaffFactory(role=Role.VERIFIER)
    )
    return relations.confirm_verdict(verdict=given, by=StaffFactory(role=Role.VERIFIER))
