"""Remains that may go home, offers that were accepted, consignments: invented, for the tests."""

from datetime import timedelta

from django.utils import timezone

from tests.bureau.identifications.dead import identified, kinship_proven
from tests.bureau.remains.test_actions import registered
from tests.bureau.remains.test_burial import SAID, all_but_the_sample, picture, sampled
from tests.factories import EnquiryFactory, StaffFactory
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.identifications import telling
from wayhome.bureau.identifications.models import DeathTold, Identification
from wayhome.bureau.identifications.rules.telling import Talk
from wayhome.bureau.identifications.rules.telling import Way as TalkWay
from wayhome.bureau.remains import actions as the_dead
from wayhome.bureau.remains.models import EffectsList, Remains
from wayhome.bureau.remains.rules.findings import Piece as Thing
from wayhome.bureau.remains.rules.findings import View
from wayhome.bureau.repatriations import actions
from wayhome.bureau.repatriations.actions import Ends
from wayhome.bureau.repatriations.actions.offering import Wanted
from wayhome.bureau.repatriations.models import Consignment, Leg, Offer
from wayhome.bureau.repatriations.rules.consigning import Journey
from wayhome.bureau.repatriations.rules.offering import Answer, Said
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role

POWER = "Російська Федерація"
JOURNEY = Journey(POWER, "МКЧХ", "Гомін Улас", "Пункт «Липовий»", "фургон 1")
DELEGATE = "Кнехт Й., делегат МКЧХ"
AS_NEW = "мішки й пломби цілі"


def ready(by: Staff, number: int = 1, *, packet: bool = True) -> Remains:
    """Remains with the minimum set, a seal on the bag and one on the packet of effects."""
    expert = StaffFactory(role=Role.FORENSIC)
    remains = registered(by, bag=f"П-{number}")
    if number == 1 and packet:
        all_but_the_sample(remains, by, expert)
    else:
        _described(remains, number, by, expert, packet=packet)
    sampled(remains, expert)
    the_dead.put_seal_on(remains=remains, seal=f"М {100 + number}", reason="", by=by)
    return remains


def _described(remains: Remains, number: int, by: Staff, expert: Staff, *, packet: bool) -> None:
    the_dead.take_photograph(
        remains=remains, view=View.WHOLE, content=picture(number), words="", by=by
    )
    things, seal = ([Thing("ремінь")], f"П {number}") if packet else ([], "")
    listed = the_dead.list_effects(
        remains=remains, pieces=things, nothing=not packet, packet=seal, by=by
    )
    the_dead.sign_effects(effects=listed, by=expert)
    the_dead.examine(remains=remains, said=SAID, teeth={}, reason="", by=expert)


def offered(*many: Remains, sent: bool = True, power: str = POWER) -> Offer:
    by = StaffFactory(role=Role.COORDINATOR)
    wanted = [Wanted(each.bureau_number, "шеврон і форма") for each in many]
    offer = actions.write_offer(power=power, wanted=wanted, by=by)
    return actions.send_offer(offer=offer, by=by) if sent else offer


def accepted(*many: Remains, power: str = POWER) -> Offer:
    offer = offered(*many, power=power)
    said = Said(Answer.ACCEPTED, timezone.localdate(), "нота 17")
    by = StaffFactory(role=Role.COORDINATOR)
    actions.answer(offer=offer, lines=list(offer.lines.all()), said=said, by=by)
    return offer


def consignment(by: Staff, *many: Remains) -> Consignment:
    """Opened by this officer, with these on its manifest; each was accepted."""
    accepted(*many)
    opened = actions.open_consignment(journey=JOURNEY, by=by)
    for each in many:
        actions.add(consignment=opened, remains=each, by=by)
    return opened


def leg(opened: Consignment, by: Staff, *, to: Staff | None = None) -> Leg:
    ends = Ends("Склад 2", receiver=to, outside="" if to else DELEGATE)
    return actions.open_leg(consignment=opened, ends=ends, by=by)


def count_all(one: Leg, by: Staff, *, besides: tuple[str, ...] = ()) -> None:
    """Read every label and seal as it should be."""
    for piece in one.consignment.standing_pieces():
        if piece.code not in besides:
            actions.count(leg=one, read=piece.code, seal=piece.seal, by=by)


def counted(one: Leg, by: Staff, **more: tuple[str, ...]) -> Leg:
    count_all(one, by, **more)
    return actions.close_count(leg=one, condition=AS_NEW, by=by)


def handed_outside(opened: Consignment, by: Staff) -> Leg:
    """Counted out and in, into the hands of a delegate."""
    one = counted(leg(opened, by), by)
    return counted(one, by)


def told(identification: Identification, enquiry: Enquiry, days_ago: int = 0) -> DeathTold:
    """People told this family, so many days ago."""
    by, second = StaffFactory(role=Role.CONTACT), StaffFactory(role=Role.CONTACT)
    whose = {"identification": identification, "enquiry": enquiry, "by": by}
    kinship_proven(enquiry)
    telling.invite_to_talk(**whose)
    heard = telling.note_told_of_death(talk=Talk(TalkWay.IN_PERSON, second=second.number), **whose)
    if days_ago:
        DeathTold.objects.filter(pk=heard.pk).update(at=timezone.now() - timedelta(days=days_ago))
        heard.refresh_from_db()
    return heard


def wishes(heard: DeathTold, **said: str) -> None:
    by = StaffFactory(role=Role.CONTACT)
    telling.note_wish(told=heard, wishes={**said}, by=by)


def named(remains: Remains, enquiry: Enquiry | None = None) -> tuple[Identification, Enquiry]:
    enquiry = enquiry or EnquiryFactory()
    return identified(remains, enquiry), enquiry


def packets(remains: Remains) -> list[EffectsList]:
    return list(remains.effects_lists.all())
