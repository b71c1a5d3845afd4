"""The way home of a demo's dead: offers, requests and consignments, one at each state."""

import io
from collections.abc import Callable, Iterator

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from wayhome.bureau.identifications.models import DeathTold
from wayhome.bureau.remains import actions as the_dead
from wayhome.bureau.remains.actions import FirstHands
from wayhome.bureau.remains.models import Remains, Store
from wayhome.bureau.remains.rules.findings import Piece as Thing
from wayhome.bureau.remains.rules.findings import SampleKind
from wayhome.bureau.remains.rules.register import Found, RemainsKind
from wayhome.bureau.repatriations import actions
from wayhome.bureau.repatriations.actions import Ends
from wayhome.bureau.repatriations.actions.offering import Wanted
from wayhome.bureau.repatriations.models import Consignment, Leg, Offer
from wayhome.bureau.repatriations.rules.consigning import Journey
from wayhome.bureau.repatriations.rules.offering import Answer, Said
from wayhome.bureau.repatriations.rules.requesting import Asked, Asker
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.config.demo.people import staff_of
from wayhome.config.demo.remains import CONTAINER, SEEN, photographed
from wayhome.config.folder import Folder

POWER = "Російська Федерація"
DELEGATE = "Кнехт Й., делегат (вигадано)"
JOURNEY = Journey(
    POWER, "Міжнародний комітет Червоного Хреста", "Гомін Улас (вигадано)",
    "Пункт «Липовий» (вигадано)", "рефрижератор, АА 0000 ВВ",
)  # fmt: skip
FOUND = Found("2022-04", "окоп на узліссі", "", "48.5201", "37.9544", "команда 3", "під бруствером",
              "шеврон на рукаві")  # fmt: skip
GROUNDS = "шеврон і форма російського зразка"
AS_NEW = "мішки цілі, пломби цілі"
STEPS = 7


def make(folder: Folder, bar: Callable[[int, int], None]) -> dict[str, int]:
    """Whole or not at all; what stands already, after a kill at the wrong moment, is left."""
    with transaction.atomic():
        if not Offer.objects.exists():
            for done, _step in enumerate(_steps(), start=1):
                bar(done, STEPS)
    bar(STEPS, STEPS)
    return {"consignments": Consignment.objects.count(), "offers": Offer.objects.count()}


def _steps() -> Iterator[None]:
    ready = [_ready(number) for number in range(1, 11)]
    yield
    _offers(ready)
    yield
    _requests(ready[7])
    yield
    _received(ready[0])
    yield
    _opened(ready[1], ready[2])
    yield
    _differs(ready[3], ready[4])
    yield
    _counted_and_outside(ready[8], ready[9])
    yield


def _ready(number: int) -> Remains:
    """With the minimum set, a seal on the bag and one on the packet, cold on a shelf."""
    officer, expert, now = staff_of(Role.CUSTODY), staff_of(Role.FORENSIC), timezone.now()
    found = the_dead.register_remains(
        kind=RemainsKind.PARTS if number == 3 else RemainsKind.WHOLE, bag=f"Д-{number}",
        found=FOUND, hands=FirstHands(now, now), by=officer,
    )  # fmt: skip
    photographed(found, 10 + number)
    packet, things = (f"ПД {number}", [Thing("ремінь з бляхою")]) if number % 2 else ("", [])
    listed = the_dead.list_effects(
        remains=found, pieces=things, nothing=not things, packet=packet, by=officer
    )
    the_dead.sign_effects(effects=listed, by=expert)
    the_dead.examine(remains=found, said=SEEN, teeth={}, reason="", by=expert)
    the_dead.take_sample(
        remains=found, kind=SampleKind.BONE, what="стегнова, зліва", taken_at=now, by=expert
    )
    the_dead.put_seal_on(remains=found, seal=f"Д {900 + number}", reason="", by=officer)
    store = Store.objects.get(name=CONTAINER)
    the_dead.put_into(remains=found, store=store, shelf=f"Г-{number}", by=officer)
    return found


def _offers(ready: list[Remains]) -> None:
    """One is answered, one waits for its answer, one is not sent."""
    by, today = staff_of(Role.COORDINATOR), timezone.localdate()
    first = _offer(by, [*ready[:6], *ready[8:]])
    actions.send_offer(offer=first, by=by)
    lines = list(first.lines.all())
    accepted = Said(Answer.ACCEPTED, today, "нота 17-Г (вигадано)")
    actions.answer(offer=first, lines=[*lines[:5], *lines[6:]], said=accepted, by=by)
    refused = Said(Answer.REFUSED, today, "«не наш військовослужбовець»")
    actions.answer(offer=first, lines=[lines[5]], said=refused, by=by)
    actions.send_offer(offer=_offer(by, ready[6:7]), by=by)
    _offer(by, ready[7:8])


def _offer(by: Staff, many: list[Remains]) -> Offer:
    wanted = [Wanted(each.bureau_number, GROUNDS) for each in many]
    return actions.write_offer(power=POWER, wanted=wanted, by=by)


def _requests(refused: Remains) -> None:
    """A family's waits for the home country; one of that country is refused, with a remedy."""
    by, today = staff_of(Role.COORDINATOR), timezone.localdate()
    told = DeathTold.objects.filter(withdrawn_at=None).select_related("enquiry").first()
    if told is not None:
        words = "Просимо повернути тіло до міста, звідки він родом."
        asked = Asked(Asker.KIN, today, words)
        remains, enquiry = told.identification.remains, told.enquiry
        actions.take_request(remains=remains, asked=asked, enquiry=enquiry, by=by)
    asked = Asked(Asker.HOME, today, "Нота 18-Г: просимо повернути (вигадано).", POWER)
    request = actions.take_request(remains=refused, asked=asked, enquiry=None, by=by)
    reason = "Слідство про обставини смерті ще потребує огляду."
    remedy = "Адміністративний суд, 30 днів від дня рішення; через МКЧХ."
    actions.refuse(request=request, reason=reason, remedy=remedy, by=staff_of(Role.DECISION))


def _opened(*many: Remains) -> Consignment:
    officer = staff_of(Role.CUSTODY)
    consignment = actions.open_consignment(journey=JOURNEY, by=officer)
    for each in many:
        actions.add(consignment=consignment, remains=each, by=officer)
    return consignment


def _leg(consignment: Consignment, receiver: Staff | None = None) -> Leg:
    ends = Ends("Склад (вигадано)", receiver, "" if receiver else DELEGATE)
    return actions.open_leg(consignment=consignment, ends=ends, by=staff_of(Role.CUSTODY))


def _counted(leg: Leg, by: Staff, besides: str = "") -> Leg:
    for piece in leg.consignment.standing_pieces().exclude(code=besides):
        actions.count(leg=leg, read=piece.code, seal=piece.seal, by=by)
    return actions.close_count(leg=leg, condition=AS_NEW, by=by)


def _handed_outside(remains: Remains) -> Consignment:
    officer, consignment = staff_of(Role.CUSTODY), _opened(remains)
    _counted(_counted(_leg(consignment), officer), officer)
    return consignment


def _received(remains: Remains) -> None:
    """Gone home, with its receipt."""
    consignment, officer = _handed_outside(remains), staff_of(Role.CUSTODY)
    words = "Без зауважень (вигадано)."
    actions.receive(
        consignment=consignment, who=DELEGATE, picture=_stroke(), words=words, by=officer
    )


def _differs(here: Remains, missing: Remains) -> None:
    """Counted out: a bag is missing, which one has explained; another is on no manifest."""
    officer, expert = staff_of(Role.CUSTODY), staff_of(Role.FORENSIC)
    leg = _leg(_opened(here, missing), expert)
    actions.count(leg=leg, read="В-77", seal="", by=expert)
    leg = _counted(leg, officer, besides=missing.bureau_number)
    for difference in leg.differences.filter(piece__remains=missing):
        words = "Контейнер примерз, мішок вийме друга зміна."
        actions.explain(difference=difference, words=words, by=officer)


def _counted_and_outside(being_counted: Remains, outside: Remains) -> None:
    """One is being counted out; one is in the hands of the Red Cross and has no receipt yet."""
    officer, expert = staff_of(Role.CUSTODY), staff_of(Role.FORENSIC)
    leg = _leg(_opened(being_counted), expert)
    actions.count(
        leg=leg, read=being_counted.bureau_number, seal=being_counted.last_seal(), by=officer
    )
    _handed_outside(outside)


def _stroke() -> bytes:
    """A line as a pen leaves it: nobody's signature."""
    drawn = Image.new("RGB", (420, 120), "white")
    points = [(20, 90), (90, 30), (130, 95), (210, 35), (260, 90), (400, 60)]
    ImageDraw.Draw(drawn).line(points, fill="black", width=4, joint="curve")
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()
