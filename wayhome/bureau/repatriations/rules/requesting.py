"""Remains are asked for: by the home country, or by next of kin unless that country objects."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.repatriations.policy import terms
from wayhome.lib.refusal import Refusal

# AP I 34 and ECHR 8 want an answer, and name no time.
DECIDE_WITHIN = terms().decide
OBJECT_WITHIN = terms().object


class Asker(StrEnum):
    HOME = "home country"
    KIN = "next of kin"


ASKER_NAMES = {Asker.HOME: _("the home country"), Asker.KIN: _("next of kin")}


class RequestState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


STATE_NAMES = {
    RequestState.OPEN: _("to be decided"),
    RequestState.GRANTED: _("granted"),
    RequestState.REFUSED: _("refused"),
}


class Home(StrEnum):
    """Whether the home country objects to what its dead man's kin ask."""

    NOT_ASKED = "not asked"
    ASKED = "asked"
    AGREES = "does not object"
    OBJECTS = "objects"


HOME_NAMES = {
    Home.NOT_ASKED: _("not asked yet"),
    Home.ASKED: _("asked"),
    Home.AGREES: _("does not object"),
    Home.OBJECTS: _("objects"),
}
MAY_FOLLOW: dict[Home, frozenset[Home]] = {
    Home.NOT_ASKED: frozenset({Home.ASKED}),
    Home.ASKED: frozenset({Home.AGREES, Home.OBJECTS}),
    Home.AGREES: frozenset({Home.OBJECTS}),
    Home.OBJECTS: frozenset({Home.AGREES}),
}


@dataclass(frozen=True)
class Asked:
    """What came: from whom, about which remains, in which words."""

    asker: str
    came_on: date
    words: str
    power: str = ""  # the home country


def why_not_take(
    asked: Asked, *, known: bool, gone: bool, is_kin: bool, open_one: bool, today: date
) -> Iterator[Refusal]:
    """Say why this request cannot be written down; `is_kin`: her enquiry's person is named so."""
    if asked.asker not in set(Asker):
        yield Refusal("request.no_asker", _("Please choose who asks."), field="asker")
    if not known:
        text = _("No remains have this number.")
        yield Refusal("request.no_number", text, field="number")
    if gone:
        yield Refusal("request.gone", _("They have gone home."), field="number")
    if open_one:
        text = _("The same is asked already, and not decided.")
        yield Refusal("request.open", text, field="number")
    if asked.asker == Asker.HOME and not asked.power.strip():
        yield Refusal("request.no_power", _("Write the country."), field="power")
    if asked.asker == Asker.KIN and known and not is_kin:
        text = _("No family with this enquiry was told that these are the remains.")
        yield Refusal("request.not_kin", text, "AP I 34", field="enquiry")
    if not asked.words.strip():
        yield Refusal("request.no_words", _("Write what is asked."), field="words")
    if asked.came_on > today:
        yield Refusal("request.future", _("This is in the future."), field="came_on")


def why_not_note_home(
    home: str, *, before: Home, is_open: bool, asker: Asker, on: date, today: date
) -> Iterator[Refusal]:
    """Say why it cannot be noted so what the home country says to a request of kin."""
    if not is_open:
        yield Refusal("request.decided", _("This request is decided."))
    if asker == Asker.HOME:
        yield Refusal("request.home", _("The home country asks itself."))
    elif home not in set(Home) or Home(home) not in MAY_FOLLOW[before]:
        yield Refusal("request.order", _("Please choose what came next."), field="home")
    if on > today:
        yield Refusal("request.future", _("This is in the future."), field="on")


@dataclass(frozen=True)
class Asking:
    """A request as whoever decides must see it."""

    is_open: bool
    asker: Asker
    home: Home = Home.NOT_ASKED
    home_asked_on: date | None = None
    is_kin: bool = True  # the remains bear the name of whom they seek
    against: tuple[Refusal, ...] = ()  # of going.why_not_go


def why_not_grant(asking: Asking, *, today: date) -> Iterator[Refusal]:
    """Say everything that stands against granting this request."""
    if not asking.is_open:
        yield Refusal("request.decided", _("This request is decided."))
        return
    if asking.asker == Asker.KIN:
        yield from _why_not_for_kin(asking, today)
    yield from asking.against


def _why_not_for_kin(asking: Asking, today: date) -> Iterator[Refusal]:
    if not asking.is_kin:
        text = _("No decision says any more that these are the remains of whom they seek.")
        yield Refusal("request.not_theirs", text, "AP I 34")
    if asking.home == Home.OBJECTS:
        yield Refusal("request.objects", _("The home country objects."), "AP I 34")
    elif asking.home == Home.NOT_ASKED:
        text = _("The home country was not asked whether it objects.")
        yield Refusal("request.not_asked", text, "AP I 34")
    elif asking.home == Home.ASKED and asking.home_asked_on:
        until = asking.home_asked_on + OBJECT_WITHIN
        if until > today:
            text = _("The home country may object until %(day)s.")
            told = text % {"day": until.strftime("%d.%m.%Y")}
            yield Refusal("request.term", told, "AP I 34")


def why_not_refuse(*, is_open: bool, reason: str, remedy: str) -> Iterator[Refusal]:
    """Say why a refusal cannot be issued: it carries its reason and a remedy (ECHR 8)."""
    if not is_open:
        yield Refusal("request.decided", _("This request is decided."))
    if not reason.strip():
        yield Refusal("request.no_reason", _("Give your reason."), "ECHR 8", field="reason")
    if not remedy.strip():
        text = _("Write where and until when this can be appealed.")
        yield Refusal("request.no_remedy", text, "ECHR 8", field="remedy")


def agrees(home_countries: Sequence[str], power: str) -> bool:
    """Whether one of these is this country; kin name none, and theirs goes with any."""
    wanted = _plain(power)
    return any(not _plain(one) or _plain(one) == wanted for one in home_countries)


def _plain(power: str) -> str:
    return " ".join(power.split()).casefold()
