"""Another bureau of a demo: an agreement in force with a question each way, one not checked yet."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.bureaus import actions
from wayhome.bureau.bureaus.models import Agreement, Asked
from wayhome.bureau.bureaus.rules import Agreed, Answer, Question, that_travel
from wayhome.bureau.comparisons.models import Profile
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.staff.permissions import Role
from wayhome.config.demo.comparisons import Drawn
from wayhome.config.demo.people import staff_of
from wayhome.config.folder import Folder
from wayhome.lib.sealed import OwnKey, seal

# Keys of nobody, known to everybody: they open a demo's messages and no others.
NEIGHBOUR, OTHER = OwnKey(b"demo" * 8, b"open" * 8), OwnKey(b"othe" * 8, b"rkey" * 8)
ASKED_BY_THEM = str(UUID(int=2022))


def make(folder: Folder, bar: Callable[[int, int], None]) -> dict[str, int]:
    """Whole or not at all; what stands already, after a kill at the wrong moment, is left."""
    with transaction.atomic():
        if not Agreement.objects.exists():
            _both_ways(_agreed("Бюро сусідньої держави (вигадане)", NEIGHBOUR, checked=True))
            _agreed("Міжнародна комісія (вигадана)", OTHER, checked=False)
    bar(1, 1)
    return {"questions between bureaus": Asked.objects.count()}


def _agreed(name: str, key: OwnKey, *, checked: bool) -> Agreement:
    agreed = Agreed(
        name, "Тіла з поля за висотою; родини, які дозволили інші бюро.",
        "Протокол № 4, підписаний обома міністерствами (вигадано)",
        timezone.localdate() + timedelta(days=365), 40, str(key.public()),
    )  # fmt: skip
    made = actions.record_agreement(agreed=agreed, by=staff_of(Role.LEGAL))
    if not checked:
        return made
    return actions.check_agreement(agreement=made, by=staff_of(Role.LEGAL, "B"))


def _both_ways(agreement: Agreement) -> None:
    """They answered one of ours with yes; two wait; theirs was answered with no."""
    expert, own = staff_of(Role.FORENSIC), actions.own_key().public()
    typed = Profile.objects.standing().filter(sample__isnull=False).values("sample__remains")
    for place, remains in enumerate(Remains.objects.filter(pk__in=typed).order_by("pk")[:3]):
        asked = actions.ask(agreement=agreement, remains=remains, by=expert)
        if place == 0:
            answer = Answer(asked.reference, fits=True, log10_lr=6.84, markers=20)
            file = seal(answer.as_body(), by=NEIGHBOUR, to=own)
            actions.take_in(agreement=agreement, content=file, by=expert)
    theirs = Question(ASKED_BY_THEM, "M", that_travel(Drawn(11).stranger()))
    file = seal(theirs.as_body(), by=NEIGHBOUR, to=own)
    actions.take_in(agreement=agreement, content=file, by=expert)
