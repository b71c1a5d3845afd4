"""Letters and cards between a captive and his family, and each one's single review.

Nothing here limits how much anybody writes: GC III 71 forbids less than two letters and four
cards a month from him, and any limit on what comes to him, so that there is no rule to refuse by.
Nor is there a fee (74).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.lib.languages import LANGUAGES
from wayhome.lib.refusal import Refusal

LONGEST_LETTER = 8_000  # signs: about four pages by hand
LONGEST_CARD = 700  # what fits on the back of a correspondence card (Annex IV C 1)
LONGEST_MESSAGE = 2_000  # about 30 lines of a Red Cross Message
REVIEW_WITHIN = timedelta(days=2)  # 76: as quickly as possible; ours
# 71: no reader of its language is no reason to keep it; then it is passed with a spot check; ours.
UNREAD_AT_MOST = timedelta(days=5)
HELD_AT_MOST = timedelta(days=30)  # 76: temporary and as short as possible; ours
NO_NEWS_FOR = timedelta(weeks=4)  # 71: long without news; ours
BLACK = "█████"  # of one length, so that it does not tell how long the passage was


class Direction(StrEnum):
    FROM_HIM = "from him"
    TO_HIM = "to him"


class LetterKind(StrEnum):
    LETTER = "letter"
    CARD = "card"
    MESSAGE = "message"  # a Red Cross Message: two parts, of about 30 lines, family news only
    CAPTURE_CARD = "capture card"  # Annex IV B; no review on its way (70)


KIND_NAMES = {
    LetterKind.LETTER: _("Letter"),
    LetterKind.CARD: _("Card"),
    LetterKind.MESSAGE: _("Red Cross Message"),
    LetterKind.CAPTURE_CARD: _("Capture card"),
}
LONGEST = {
    LetterKind.LETTER: LONGEST_LETTER,
    LetterKind.CARD: LONGEST_CARD,
    LetterKind.MESSAGE: LONGEST_MESSAGE,
}


class Health(StrEnum):
    """What a capture card may tell of it (Annex IV B): nothing may be added."""

    GOOD = "good health"
    NOT_WOUNDED = "not wounded"
    RECOVERED = "recovered"
    CONVALESCENT = "convalescent"
    SICK = "sick"
    SLIGHTLY = "slightly wounded"
    SERIOUSLY = "seriously wounded"


HEALTH_NAMES = {
    Health.GOOD: _("In good health"),
    Health.NOT_WOUNDED: _("Not wounded"),
    Health.RECOVERED: _("Recovered"),
    Health.CONVALESCENT: _("Getting better"),
    Health.SICK: _("Sick"),
    Health.SLIGHTLY: _("Slightly wounded"),
    Health.SERIOUSLY: _("Seriously wounded"),
}


class LetterState(StrEnum):
    KEPT = "kept"  # to him, until it is known that he is with us and wants it
    TO_REVIEW = "to review"
    HELD = "held"  # by a reviewer, for a stated reason, until a stated day
    PASSED = "passed"
    DELIVERED = "delivered"
    TAKEN_BACK = "taken back"


STATE_NAMES = {
    LetterState.KEPT: _("kept"),
    LetterState.TO_REVIEW: _("to be read"),
    LetterState.HELD: _("held back"),
    LetterState.PASSED: _("on its way"),
    LetterState.DELIVERED: _("delivered"),
    LetterState.TAKEN_BACK: _("taken back"),
}
# What may follow what. KEPT comes again when he takes back that she may write, before it is read.
MAY_FOLLOW: dict[LetterState, frozenset[LetterState]] = {
    LetterState.KEPT: frozenset({LetterState.TO_REVIEW, LetterState.TAKEN_BACK}),
    LetterState.TO_REVIEW: frozenset(
        {LetterState.PASSED, LetterState.HELD, LetterState.KEPT, LetterState.TAKEN_BACK}
    ),
    # Its day has passed: it waits for its review again, and cannot be held a second time.
    LetterState.HELD: frozenset(
        {LetterState.PASSED, LetterState.TO_REVIEW, LetterState.KEPT, LetterState.TAKEN_BACK}
    ),
    LetterState.PASSED: frozenset({LetterState.DELIVERED, LetterState.KEPT}),
    LetterState.DELIVERED: frozenset(),
    LetterState.TAKEN_BACK: frozenset(),
}
ON_ITS_WAY = frozenset({LetterState.KEPT, LetterState.TO_REVIEW, LetterState.HELD})


class HoldReason(StrEnum):
    """The closed list: nothing else holds a letter back. Discipline is no reason (71)."""

    PLACE = "place"
    MILITARY = "military"
    ENDANGERS = "endangers"
    THREAT = "threat"


HOLD_REASONS = {
    HoldReason.PLACE: _("It tells where somebody is held."),
    HoldReason.MILITARY: _("It tells of forces, weapons or movements."),
    HoldReason.ENDANGERS: _("It could put somebody in danger."),
    HoldReason.THREAT: _("It threatens somebody."),
}


def is_long_since(last: datetime, now: datetime) -> bool:
    """Whether it is time to say that somebody may write (71)."""
    return now - last >= NO_NEWS_FOR


class ScanState(StrEnum):
    """Of one picture of one side of a sheet."""

    NOT_FILED = "not filed"  # a person says whose it is
    FILED = "filed"
    PUT_ASIDE = "put aside"  # a blank side, or one that came twice: kept, and sent to nobody
    UNREADABLE = "unreadable"  # the file could not be opened: it lies beside the folder


SCAN_STATE_NAMES = {
    ScanState.NOT_FILED: _("to be filed"),
    ScanState.FILED: _("filed"),
    ScanState.PUT_ASIDE: _("put aside"),
    ScanState.UNREADABLE: _("could not be opened"),
}
# What may follow what. A side is put aside by a person, and may be taken up again.
SCAN_MAY_FOLLOW: dict[ScanState, frozenset[ScanState]] = {
    ScanState.NOT_FILED: frozenset({ScanState.FILED, ScanState.PUT_ASIDE}),
    ScanState.FILED: frozenset(),
    ScanState.PUT_ASIDE: frozenset({ScanState.FILED}),
    ScanState.UNREADABLE: frozenset({ScanState.PUT_ASIDE}),
}


class NotFiled(StrEnum):
    """Why the machine did not file a side by itself."""

    NO_CODE = "no code"
    SEVERAL_CODES = "several codes"
    UNKNOWN_CODE = "unknown code"
    CAME_BEFORE = "came before"
    LETTER_GONE = "letter gone"
    SENDER_FORGOTTEN = "sender forgotten"
    NOT_OPENED = "not opened"


WHY_NOT_FILED = {
    NotFiled.NO_CODE: _("No code can be read on it."),
    NotFiled.SEVERAL_CODES: _("There are codes of several sheets on it. Scan each alone."),
    NotFiled.UNKNOWN_CODE: _("This bureau printed no sheet with its code."),
    NotFiled.CAME_BEFORE: _("This side of its sheet came before."),
    NotFiled.LETTER_GONE: _("The letter of its sheet has gone on, or was taken back."),
    NotFiled.SENDER_FORGOTTEN: _("Its sender had everything forgotten. It can be put aside only."),
    NotFiled.NOT_OPENED: _("The file could not be opened. Scan the sheet again."),
}
SIDES = {LetterKind.LETTER: 2, LetterKind.CARD: 2, LetterKind.MESSAGE: 2}
REPLY_SIDE = 2  # of a Red Cross Message, once its first part has gone on
TAKES_MORE_SIDES = frozenset({LetterState.KEPT, LetterState.TO_REVIEW, LetterState.HELD})
WENT_ON = frozenset({LetterState.PASSED, LetterState.DELIVERED})
BY_HAND = frozenset(SIDES)
MOST_SHEETS_AT_ONCE = 20


@dataclass(frozen=True)
class Box:
    """A part of a picture that is made black, in shares of its width and height."""

    left: float
    top: float
    right: float
    bottom: float


def why_not_file(
    *, side: int, came: Collection[int], letter: LetterState | None
) -> NotFiled | None:
    """Say why a side is not filed to the letter of its sheet, or None if it is.

    `came` are its sides that are filed; `letter` is its state, None before the first of them.
    """
    if side in came:
        return NotFiled.CAME_BEFORE
    if letter is not None and letter not in TAKES_MORE_SIDES:
        return NotFiled.LETTER_GONE
    return None


def is_reply(*, kind: LetterKind, side: int, letter: LetterState | None) -> bool:
    """Whether a side is the answer to a Red Cross Message that went on."""
    return kind == LetterKind.MESSAGE and side == REPLY_SIDE and letter in WENT_ON


def why_not_move_scan(now: ScanState, then: ScanState) -> Refusal | None:
    """Say why a side cannot go from one state to another, or None if it can."""
    if then not in SCAN_MAY_FOLLOW[now]:
        return Refusal("scan.state", _("Somebody has decided about this side already."))
    return None


def why_not_code(code: str | None) -> Refusal | None:
    """Say why what was typed is no code of a sheet, or None if it is one."""
    if code is None:
        return Refusal(
            "scan.code", _("This is no code of a sheet. Look at the twelve signs again."),
            field="code",
        )  # fmt: skip
    return None


def why_not_print(*, kind: LetterKind, copies: int, from_him: bool) -> list[Refusal]:
    """A family's sheet is a Red Cross Message; his are those of Annex IV too. Each is free."""
    refusals = []
    if kind not in BY_HAND or (not from_him and kind != LetterKind.MESSAGE):
        refusals.append(Refusal("sheet.kind", _("Please choose the kind of sheet."), field="kind"))
    if not 1 <= copies <= MOST_SHEETS_AT_ONCE:
        refusals.append(
            Refusal("sheet.copies", _("Print between 1 and 20 sheets at once."), field="copies")
        )
    return refusals


def read_boxes(text: str) -> list[Box] | None:
    """Rectangles as typed, one a line: left, top, right, bottom in percent. None if one is none."""
    boxes = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        numbers = re.split(r"[\s;]+|,\s+", line.strip(" ;,"))
        try:
            left, top, right, bottom = (float(one.replace(",", ".")) / 100 for one in numbers)
        except ValueError:
            return None
        if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
            return None
        boxes.append(Box(left, top, right, bottom))
    return boxes


def why_not_write(*, kind: LetterKind, text: str, name: str, address: str) -> list[Refusal]:
    """Say what is missing of a letter of his; an empty list takes it, however many he wrote."""
    refusals = why_not_text(kind, text)
    if not name:
        refusals.append(Refusal("letter.name", _("Please write to whom it goes."), field="name"))
    if not address:
        refusals.append(
            Refusal("letter.address", _("Please write where it goes."), field="address")
        )
    return refusals


def why_not_text(kind: LetterKind, text: str) -> list[Refusal]:
    """Say what is wrong with the text itself."""
    if not text.strip():
        return [Refusal("letter.empty", _("Please write some words."), field="text")]
    if len(text) > LONGEST[kind]:
        return [Refusal("letter.long", _("This is longer than the sheet. Please make it two."),
                        field="text")]  # fmt: skip
    return []


def why_not_language(*, language: str, written_in: str, letter: LetterState) -> Refusal | None:
    """Say why a letter cannot be noted as one in another language, or None if it can."""
    if letter not in ON_ITS_WAY:
        return Refusal("letter.state", _("This letter is not in that state any more."))
    if language not in LANGUAGES or language == written_in:
        return Refusal("letter.language", _("Please choose its language."), field="language")
    return None


def why_not_card(*, name: str, address: str) -> list[Refusal]:
    """A capture card needs no addressee: then only the Central Tracing Agency gets it (70)."""
    if bool(name) == bool(address):
        return []
    if name:
        return [Refusal("letter.address", _("Please write where it goes."), field="address")]
    return [Refusal("letter.name", _("Please write to whom it goes."), field="name")]


def why_not_move(now: LetterState, then: LetterState) -> Refusal | None:
    """Say why a letter cannot go from one state to another, or None if it can."""
    if then not in MAY_FOLLOW[now]:
        return Refusal("letter.state", _("This letter is not in that state any more."))
    return None


def why_not_pass(*, shown: int | None, came: int) -> Refusal | None:
    """A side that came after its reader's page was made is read first: nothing goes on unseen."""
    if shown is not None and shown != came:
        return Refusal("letter.sides", _("Another side of this letter has come. Read it first."))
    return None


def why_not_ask_back(*, asked: bool) -> Refusal | None:
    """A family asks once; that it came too late is no reason to say so (P5)."""
    if asked:
        return Refusal("letter.asked_back", _("You have asked for this letter already."))
    return None


def why_not_hold(
    *, reason: str, until: date | None, today: date, held_before: bool = False
) -> list[Refusal]:
    """A letter is held for a reason of the list and until a day; never silently, nor twice (76)."""
    if held_before:
        return [Refusal("letter.held_before", _("It was held back once. It cannot be again."))]
    refusals = []
    if reason not in set(HoldReason):
        refusals.append(Refusal("letter.reason", _("Please choose the reason."), field="reason"))
    if until is None or not today < until <= today + HELD_AT_MOST:
        refusals.append(
            Refusal(
                "letter.until",
                _("Please give the day until which it is held, within the next 30 days."),
                field="until",
            )
        )
    return refusals


# A position on a map, in the ways in which people write one.
_POSITION = re.compile(
    r"\d{1,3}\s*°|(?<![\d.,])\d{1,3}[.,]\d{4,}(?!\d)"
    # two numbers of a map beside each other; or degrees, minutes, seconds and a quarter
    r"|(?<![\d.,])\d{1,2}[.,]\d{2,}\s*[,;/ ]\s*\d{1,3}[.,]\d{2,}(?!\d)"
    r"|\b\d{1,2}\s+\d{1,2}(?:\s+\d{1,2}(?:[.,]\d+)?)?\s*[nsewсюзв]\b"
    r"|\b[nsew]\s?\d{1,2}\s\d{1,2}"
    # military grid, plus codes, axes, squares of a map
    r"|\b\d{1,2}\s?[c-x]\s?[a-hj-z]{2}\s?\d{2,5}\s?\d{2,5}\b"
    r"|\b[23456789cfghjmpqrvwx]{4,8}\+[23456789cfghjmpqrvwx]{2,3}\b"
    r"|\b[xyху]\s?[=:]\s?\d{4,}"
    r"|\b(?:широт|долгот|довгот|lat|lon|lng|азимут|azimuth|координат|coordinat)\w*\W{1,4}\d"
    r"|\b(?:ш|д)\.?\s?\d{1,2}[.,]\d+"
    r"|\b(?:квадрат|grid|square)\w*\W{1,3}\d{2,}",
    re.IGNORECASE,
)
_HELD_AT = (
    r"(?:лагер|табір|табор|колони|колоні|тюрьм|тюрм|вязниц|острог|сизо|сізо|зон[аыіуеи]\b|барак|"
    r"корпус|камер|карцер|изолятор|ізолятор|блок|сектор|больниц|лікарн|госпитал|госпітал|"
    r"санчаст|учрежден|установ|объект|обєкт|camp|colon|prison|jail|barrack|block|cell\b|ward\b|"
    r"hospital|facility|compound)"
)
_NUMBER = (
    r"(?:\d+|один|перв|перш|втор|друг|дв[аі]|трет|тр[иь]|четверт|четыр|чотир|пят|шест|шост|шіст|"
    r"седьм|сем|сьом|сім|восьм|восем|вісім|девят|десят|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty)"
)
# The number of a place where people are held, before or after its name; or of a field post.
_NUMBERED = re.compile(
    rf"\b{_HELD_AT}[\w-]*\W{{0,3}}(?:№|#|no\b\.?|n°|номер\w*|number)?\W{{0,2}}{_NUMBER}"
    rf"|\b{_NUMBER}(?:-?\w{{0,6}})\s+{_HELD_AT}"
    r"|\b(?:ик|ік|лиу|лпу|сизо|сізо|тк|вк)\W{0,2}(?:№\s?)?\d"
    r"|(?:в/ч|п/п|вч\b|пп\b|полев\w+ почт\w+|польов\w+ пошт\w+|field post)\W{0,3}(?:№\s?)?[ав]?\d",
    re.IGNORECASE,
)
_APOSTROPHES = re.compile(r"(?<=[^\W\d_])['’ʼ`](?=[^\W\d_])")


def tells_a_position(text: str) -> bool:
    """Whether a text holds coordinates or the number of a place where people are held."""
    if _POSITION.search(text):
        return True
    return bool(_NUMBERED.search(_APOSTROPHES.sub("", text)))


_PASSAGE = re.compile(r"[^.!?…\n]*(?:[.!?…]+[\"»”']?\s*|\n+|$)")


def passages_of(text: str) -> list[str]:
    """A text in sentences and lines; put together again they are the text."""
    return [passage for passage in _PASSAGE.findall(text) if passage]


def blacked_out(text: str, passages: Collection[int]) -> str:
    """The text without these passages: their words are gone, only that they were there is told."""
    parts = passages_of(text)
    return "".join(
        BLACK + part[len(part.rstrip()) :] if place in passages else part
        for place, part in enumerate(parts)
    )
