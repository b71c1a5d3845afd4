"""The dead of a demo: two lorries, a team's own finds, and something at each state of the way."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from wayhome.bureau.remains import actions
from wayhome.bureau.remains.actions import FirstHands, Grave, Ground, Lorry, Seen
from wayhome.bureau.remains.models import Intake, Remains, Store
from wayhome.bureau.remains.rules.burial import StoreKind
from wayhome.bureau.remains.rules.findings import Piece, SampleKind, View
from wayhome.bureau.remains.rules.opening import Opened, Why
from wayhome.bureau.remains.rules.register import Found, RemainsKind
from wayhome.bureau.remains.rules.teeth import Tooth
from wayhome.bureau.staff.permissions import Role
from wayhome.config.demo.cases import as_jpeg
from wayhome.config.demo.people import staff_of
from wayhome.config.folder import Folder

DRIVER = "Курінний Панас, похоронна служба (вигадано)"
CONTAINER = "Контейнер 2 (вигадано)"
ON_LIST, CAME = 14, 11
WATCH, BELT = Piece("годинник на ремінці, скло розбите"), Piece("ремінь з бляхою")
SEEN = {
    "condition": "ціле тіло, розкладання почалося",
    "sex": "чоловік",
    "age": "20–30, за зубами й ключицею",
    "height": "178, лежачи, по п'яту",
    "marks": "старий шрам над лівою бровою, 3 см",
    "outer": "куртка зелена, розмір 50, ярлик стертий",
}
TEETH = {
    **dict.fromkeys((11, 12, 13, 21, 22, 23, 31, 32, 33, 41, 42, 43), Tooth.SOUND),
    16: Tooth.FILLED,
    26: Tooth.CROWN,
    36: Tooth.LOST_AFTER_DEATH,
    46: Tooth.LOST_IN_LIFE,
}
FINDS = (
    (RemainsKind.WHOLE, Found("2022-04-02", "лісосмуга за кар'єром", "", "48.5132", "37.9974",
                              "команда 3", "на спині, під гілками", "куртка, без взуття")),
    (RemainsKind.PART, Found("2022-04-02", "лісосмуга за кар'єром", "", "48.5135", "37.9981",
                             "команда 3", "за 60 кроків від попереднього", "рукав тієї ж тканини")),
    (RemainsKind.PARTS, Found("2022-04", "підвал ферми", "37U DQ 1234 5678", "", "",
                              "команда 1", "після пожежі", "метал, кістки")),
    (RemainsKind.WHOLE, Found("2022-05-11", "берег ставу", "", "48.6001", "38.0120",
                              "команда 2", "у воді, біля очерету", "чоботи, ремінь")),
)  # fmt: skip


def make(folder: Folder, bar: Callable[[int, int], None]) -> dict[str, int]:
    """Whole or not at all; what stands already, after a kill at the wrong moment, is left."""
    with transaction.atomic():
        if not Store.objects.filter(name=CONTAINER).exists():
            _lorries()
            bar(1, 2)
            _finds()
    bar(2, 2)
    return {"remains": Remains.objects.count()}


def _lorries() -> None:
    """One that is being ticked in by two, and one that was closed with what differs."""
    officer, expert = staff_of(Role.CUSTODY), staff_of(Role.FORENSIC)
    bags = [f"В-{number}" for number in range(1, ON_LIST + 1)]
    here = Lorry(timezone.now(), DRIVER, "морг району (вигадано)", "накладна 17")
    open_one = actions.open_intake(lorry=here, bags=bags, by=officer)
    for number, bag in enumerate([*bags[:CAME], "В-77"]):
        actions.take_in(intake=open_one, bag=bag, by=(officer, expert)[number % 2])
    closed = actions.open_intake(lorry=here, bags=["Г-1", "Г-2", "Г-3"], by=officer)
    for bag in ("Г-1", "Г-3", "Г-9"):
        actions.take_in(intake=closed, bag=bag, by=officer)
    words = "Г-2 лишився в морзі: водій показав розписку. Г-9 дописано від руки."
    actions.close_intake(intake=closed, words=words, by=officer)
    _between_hands(closed)


def _between_hands(intake: Intake) -> None:
    """Of three bags one is sealed and taken, one waits for a signature, one was taken unsigned."""
    officer, expert = staff_of(Role.CUSTODY), staff_of(Role.FORENSIC)
    whole, waits, unsigned = Remains.objects.filter(bag_line__intake=intake).order_by("bag")
    actions.put_seal_on(remains=whole, seal="К 4501", reason="", by=officer)
    _give(whole, officer, expert, "К 4501")
    actions.put_seal_on(remains=waits, seal="К 4502", reason="", by=officer)
    seen = Seen(timezone.now(), "К 4502", "мішок цілий, пломба ціла")
    actions.hand_over(remains=waits, receiver=expert, seen=seen, by=officer)
    actions.take_over(
        remains=unsigned,
        giver="",
        given_at=timezone.now(),
        seen=Seen(timezone.now(), "", "мішок надірваний"),
        reason="Офіцера повезли до лікарні.",
        by=expert,
    )


def _finds() -> None:
    """What teams of ours brought in; two of them are linked as one body's."""
    officer, expert = staff_of(Role.CUSTODY), staff_of(Role.FORENSIC)
    now = timezone.now()
    found = [
        actions.register_remains(
            kind=kind, bag=f"П-{number}", found=how, hands=FirstHands(now, now), by=officer
        )
        for number, (kind, how) in enumerate(FINDS, start=1)
    ]
    grounds = "Тканина рукава та сама, плечова кістка сходиться."
    actions.link_parts(one=found[0], other=found[1], grounds=grounds, by=expert)
    for number, one in enumerate(found, start=1):
        actions.put_seal_on(remains=one, seal=f"Л {700 + number}", reason="", by=officer)
    _to_the_grave(*found)


def _to_the_grave(whole: Remains, part: Remains, burnt: Remains, drowned: Remains) -> None:
    """One is buried again, one is ready for it, of one no sample can be taken, one half listed."""
    officer, expert = staff_of(Role.CUSTODY), staff_of(Role.FORENSIC)
    store = actions.open_store(name=CONTAINER, kind=StoreKind.COLD, by=officer)
    plot = actions.lay_out_plot(
        ground=Ground("Східна ділянка (вигадано)", 4, 12, "48.6102", "38.0107", "за насипом"),
        by=officer,
    )
    for shelf, one in enumerate((whole, part, burnt, drowned), start=1):
        actions.put_into(remains=one, store=store, shelf=f"Б-{shelf}", by=officer)
        photographed(one, shelf)
    for number, one in enumerate((whole, drowned), start=1):
        _listed(one, f"ПК {300 + number}", WATCH, BELT)
        actions.examine(remains=one, said=SEEN, teeth=TEETH, reason="", by=expert)
        actions.take_sample(
            remains=one, kind=SampleKind.TOOTH, what="36, нижня щелепа зліва",
            taken_at=timezone.now(), by=expert,
        )  # fmt: skip
    reason = "Прожарені до крихкості: лабораторія відмовилася."
    actions.say_no_sample(remains=burnt, reason=reason, by=expert)
    # The first signature alone.
    actions.list_effects(remains=part, pieces=[BELT], nothing=False, packet="ПК 310", by=expert)
    grave = Grave(
        plot, 1, 1, timezone.now(), "48.61021", "38.01072", f"№ {drowned.bureau_number}",
        "капелан гарнізону (вигаданий)", disc_on_body=True,
    )  # fmt: skip
    actions.bury(remains=drowned, grave=grave, by=officer)
    opened = Opened(
        Why.IDENTITY, "Прокуратура, постанова № 12 (вигадано)", "Землекопи, слідчий, експерт",
        "Л 704", "Могила ціла, мішок вологий, пломба ціла.", timezone.now(),
        timezone.localdate(), "та сама ділянка, ряд 1, могила 2",
    )  # fmt: skip
    actions.open_grave(remains=drowned, opened=opened, by=officer)
    actions.bury(remains=drowned, grave=replace(grave, number=2), by=officer)


def photographed(remains: Remains, shade: int) -> None:
    """A grey field with a line and a number: nobody's picture."""
    drawn = Image.new("RGB", (640, 480), (60 * shade, 200, 200))
    ImageDraw.Draw(drawn).text((40, 40), remains.bureau_number, fill="black")
    actions.take_photograph(
        remains=remains, view=View.WHOLE, content=as_jpeg(drawn), words="",
        by=staff_of(Role.CUSTODY),
    )  # fmt: skip


def _listed(remains: Remains, packet: str, *pieces: Piece) -> None:
    listed = actions.list_effects(
        remains=remains, pieces=pieces, nothing=False, packet=packet, by=staff_of(Role.CUSTODY)
    )
    actions.sign_effects(effects=listed, by=staff_of(Role.FORENSIC))


def _give(remains: Remains, giver: Any, receiver: Any, seal: str) -> None:
    seen = Seen(timezone.now(), seal, "мішок цілий, пломба ціла")
    offer = actions.hand_over(remains=remains, receiver=receiver, seen=seen, by=giver)
    actions.take(change=offer, seen=seen, by=receiver)
