"""Names for the dead of a demo: one at each state, from evidence that is gathered to a doubt."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import Relation
from wayhome.bureau.identifications import actions, telling
from wayhome.bureau.identifications.models import Identification
from wayhome.bureau.identifications.rules.board import Asked, Cause
from wayhome.bureau.identifications.rules.evidence import BY_CODE, Kind, Weighed, Word
from wayhome.bureau.identifications.rules.telling import Talk, Way
from wayhome.bureau.matches.models import Match
from wayhome.bureau.prints import actions as prints
from wayhome.bureau.prints.rules import Finger, Taken
from wayhome.bureau.relations.actions import (
    Weighed as KinshipWeighed,
)
from wayhome.bureau.relations.actions import (
    confirm_verdict,
    give_verdict_of_the_dead,
)
from wayhome.bureau.relations.models import KinshipVerdict
from wayhome.bureau.relations.rules import Check, Level, Rung
from wayhome.bureau.remains import actions as the_dead
from wayhome.bureau.remains.actions import FirstHands
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.remains.rules.register import Found, RemainsKind
from wayhome.bureau.staff.permissions import Role
from wayhome.config.demo.cases import as_jpeg
from wayhome.config.demo.people import board_of, staff_of
from wayhome.config.folder import Folder

FOUND = Found("2022-04-20", "поле за фермою", "", "48.5511", "37.9020", "команда 2", "у лісосмузі",
              "жетон на шиї")  # fmt: skip
SEEN = {"condition": "скелет майже повний", "worn": "жетон, номер читається", "age": "20–25"}
REASONS = {
    Kind.PRINTS: "Десять відбитків збіглися з карткою призову.",
    Kind.DOCUMENTS: "Номер на жетоні той самий, що назвала родина.",
    Kind.PLACE: "Знайдено там, де востаннє бачили його роту.",
    Kind.DENTAL: "Карти зубів від родини немає.",
}
STATES = 6


def make(folder: Folder, bar: Callable[[int, int], None]) -> dict[str, int]:
    """Whole or not at all; what stands already, after a kill at the wrong moment, is left."""
    with transaction.atomic():
        if not Identification.objects.filter(opened_by__isnull=False).exists():
            _all_states(bar)
    bar(STATES, STATES)
    return {"identifications": Identification.objects.count()}


def _all_states(bar: Callable[[int, int], None]) -> None:
    matched = Match.objects.values("enquiry")
    asked = Enquiry.objects.open().exclude(pk__in=matched).exclude(relation=Relation.FRIEND)
    sought = list(asked.order_by("received_at")[:STATES])
    ways = (_gathered, _with_prints, _half_signed, _to_be_told, _told, _doubted)
    for done, (enquiry, go_on) in enumerate(
        zip(sought, ways, strict=False),
        start=1,
    ):
        go_on(_opened(_remains(), enquiry))
        bar(done, STATES)


def _remains() -> Remains:
    officer, expert, now = staff_of(Role.CUSTODY), staff_of(Role.FORENSIC), timezone.now()
    found = the_dead.register_remains(
        kind=RemainsKind.WHOLE, bag="", found=FOUND, hands=FirstHands(now, now), by=officer
    )
    the_dead.examine(remains=found, said=SEEN, teeth={}, reason="", by=expert)
    return found


def _opened(remains: Remains, enquiry: Enquiry) -> Identification:
    tracer = staff_of(Role.TRACING)
    why = "Жетон на шиї: номер, який назвала родина."
    opened = actions.open_identification(
        remains=remains, enquiry=enquiry, captive=None, why=why, by=tracer
    )
    _weigh(opened, Kind.DOCUMENTS, Word.PROBABLE)
    return opened


def _weigh(identification: Identification, kind: Kind, word: Word) -> None:
    by = staff_of(Role.FORENSIC if kind in BY_CODE else Role.TRACING)
    weighed = Weighed(word, REASONS[kind])
    actions.weigh(identification=identification, kind=kind, weighed=weighed, by=by)


def _gathered(identification: Identification) -> None:
    _weigh(identification, Kind.DENTAL, Word.SILENT)


def _before_board(identification: Identification) -> None:
    _weigh(identification, Kind.PRINTS, Word.ESTABLISHED)
    _weigh(identification, Kind.PLACE, Word.POSSIBLE)
    expert = staff_of(Role.FORENSIC)
    actions.present(identification=identification, asked=Asked.IDENTIFY, by=expert)


def _with_prints(identification: Identification) -> None:
    """A thumb from the call-up card and one of the dead lie side by side before the board."""
    assert identification.enquiry is not None, "opened with one"
    expert, thumb = staff_of(Role.FORENSIC), Finger.R1
    card = Taken(thumb, "Картка призову, 2020 рік (вигадано)", "2020")
    prints.keep_of_sought(enquiry=identification.enquiry, taken=card, content=ridges(0), by=expert)
    found = Taken(thumb, "Після зволоження шкіри, порошок", timezone.localdate().isoformat())
    prints.keep_of_remains(
        remains=identification.remains, taken=found, content=ridges(2), by=expert
    )
    _before_board(identification)


def ridges(turned: int) -> bytes:
    """Arcs like those of a thumb: nobody's."""
    image = Image.new("L", (360, 480), 255)
    draw = ImageDraw.Draw(image)
    for step in range(12, 230, 11):
        box = (180 - step + turned, 210 - step, 180 + step + turned, 210 + int(step * 1.25))
        draw.arc(box, 150 + turned, 480 - step // 3, fill=40, width=5)
    return as_jpeg(image)


def _signed(identification: Identification, *words: Word) -> None:
    for member, word in zip(reversed(board_of()), words, strict=False):
        reason = "Відбитки й жетон збігаються, суперечностей немає."
        actions.sign(identification=identification, word=word, reason=reason, by=member)


def _half_signed(identification: Identification) -> None:
    _before_board(identification)
    _signed(identification, Word.ESTABLISHED)


def _identified(identification: Identification) -> None:
    _before_board(identification)
    _signed(identification, Word.ESTABLISHED, Word.PROBABLE, Word.ESTABLISHED)


def _kin(identification: Identification) -> KinshipVerdict:
    """By papers; a second verifier has not confirmed it yet."""
    assert identification.enquiry is not None, "opened with one"
    checks = {Rung.BIRTH.value: Check.AGREES.value, Rung.NAMES.value: Check.AGREES.value}
    reason = "Свідоцтво про народження, прізвище те саме."
    return give_verdict_of_the_dead(
        enquiry=identification.enquiry,
        weighed=KinshipWeighed(Level.PROVEN, checks, reason),
        by=staff_of(Role.VERIFIER),
    )


def _to_be_told(identification: Identification) -> None:
    """Named; before its family is told a second verifier confirms who they are."""
    _identified(identification)
    _kin(identification)


def _told(identification: Identification) -> None:
    """Named, and people told the family."""
    _identified(identification)
    confirm_verdict(verdict=_kin(identification), by=staff_of(Role.VERIFIER, "B"))
    pair = [staff_of(Role.CONTACT), staff_of(Role.CONTACT, "B")]
    assert identification.enquiry is not None, "opened with one"
    enquiry, by = identification.enquiry, pair[0]
    telling.invite_to_talk(identification=identification, enquiry=enquiry, by=by)
    talk = Talk(
        way=Way.IN_PERSON, second=pair[1].number, present="сестра",
        words="Питала, чи можна побачити годинник.",
    )  # fmt: skip
    telling.note_told_of_death(identification=identification, enquiry=enquiry, talk=talk, by=by)


def _doubted(identification: Identification) -> None:
    _told(identification)
    reason = "У шафі для зразків знайшли два пакети з одним кодом."
    doubter = staff_of(Role.TRACING)
    actions.doubt(identification=identification, cause=Cause.MIX_UP, reason=reason, by=doubter)
