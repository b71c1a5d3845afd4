"""The dead of a demo: two lorries, a team's own finds, and something at each state of the way."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.remains import actions
from wayhome.bureau.remains.actions import FirstHands, Lorry, Seen
from wayhome.bureau.remains.models import Intake, Remains
from wayhome.bureau.remains.rules.register import Found, RemainsKind
from wayhome.bureau.staff.permissions import Role
from wayhome.config.demo.people import staff_of
from wayhome.config.folder import Folder

DRIVER = "Курінний Панас, похоронна служба (вигадано)"
ON_LIST, CAME = 14, 11
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
    """Whole or not at all."""
    with transaction.atomic():
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


def _give(remains: Remains, giver: Any, receiver: Any, seal: str) -> None:
    seen = Seen(timezone.now(), seal, "мішок цілий, пломба ціла")
    offer = actions.hand_over(remains=remains, receiver=receiver, seen=seen, by=giver)
    actions.take(change=offer, seen=seen, by=receiver)
