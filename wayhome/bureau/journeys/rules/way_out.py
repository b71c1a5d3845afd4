"""The way out before the way in: what a journey lacks before it can be confirmed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journeys.rules.plans import NIGHTS, JourneyState
from wayhome.bureau.returns.rules import Reason
from wayhome.lib.refusal import Refusal


class Whose(StrEnum):
    HIS = "his"
    HERS = "hers"


WHOSE_NAMES = {Whose.HIS: _("His way out"), Whose.HERS: _("The family's way out")}


class TravelPaper(StrEnum):
    """By what somebody crosses borders."""

    ICRC = "ICRC travel document"
    PASSPORT = "passport"
    RETURN = "certificate of return"
    REFUGEE = "refugee travel document"
    OTHER = "other"


PAPER_NAMES = {
    TravelPaper.ICRC: _("ICRC travel document"),
    TravelPaper.PASSPORT: _("Passport"),
    TravelPaper.RETURN: _("Certificate of return"),
    TravelPaper.REFUGEE: _("Travel document of a refugee"),
    TravelPaper.OTHER: _("Another paper"),
}


@dataclass(frozen=True)
class Out:
    """How one of them leaves. `consents` are the States that allow the transit.

    `exits` are the crossings by which the destination can be reached; none: nothing was said.
    """

    destination: str = ""
    paper: str = ""
    paper_until: date | None = None
    consents: Collection[str] = ()
    phone: str = ""
    exits: Collection[str] = ()

    def leads_by(self, exit: str) -> bool:
        """Whether this exit leads where they chose to go, as far as anybody said."""
        return not self.exits or exit in self.exits


def exits_for(ways: Collection[Out]) -> frozenset[str] | None:
    """The exits by which all of these can leave together; None: every one, as nobody chose."""
    chosen = [frozenset(one.exits) for one in ways if one.exits]
    return frozenset.intersection(*chosen) if chosen else None


@dataclass(frozen=True)
class Readiness:
    """All that a confirmation asks. `missing` is what stands against setting out at all."""

    state: JourneyState
    on: date
    leaves_on: date
    today: date
    his: Out
    hers: Out
    exit: str  # by which this journey leads out
    states: Sequence[str]  # on the way out, each of which must consent
    has_escort_out: bool
    has_hour_out: bool
    dangers: Collection[str]  # areas of this journey that are in danger on its days
    closed: bool  # something that it uses is closed or used no longer
    missing: Sequence[Reason] = ()
    yes_until: date | None = None  # the last day on which his yes is fresh, where he must say it


def why_not_confirm(ready: Readiness) -> list[Refusal]:
    """Say everything that a journey lacks; an empty list permits to confirm it."""
    refusals = [Refusal(each.code, each.words, each.provision) for each in ready.missing]
    if ready.state != JourneyState.PLANNED:
        refusals.append(Refusal("journeys.state", _("This journey does not wait for it.")))
    if ready.on < ready.today:
        refusals.append(Refusal("journeys.past", _("This day has passed.")))
    if ready.yes_until is not None and ready.yes_until < ready.on:
        text = _("On that day his yes is too old. He is asked anew, before a neutral, before it.")
        refusals.append(Refusal("journeys.yes_ends", text, "GC III 7"))
    refusals += _missing_of(ready.his, ready, HIS)
    refusals += _missing_of(ready.hers, ready, HERS)
    if (ready.leaves_on - ready.on).days < NIGHTS:
        refusals.append(Refusal("journeys.nights", _("They have no shelter for 14 days.")))
    if not ready.has_escort_out:
        refusals.append(
            Refusal("journeys.escort_out", _("Nobody goes with them to the border of exit."))
        )
    if not ready.has_hour_out:
        refusals.append(Refusal("journeys.hour_out", _("The hour of the way out is not set.")))
    if ready.dangers:
        refusals.append(Refusal("journeys.danger", _("Danger is told of the way. Plan anew.")))
    if ready.closed:
        refusals.append(Refusal("journeys.closed", _("Something on the way is closed. Plan anew.")))
    return refusals


# The same lack in words for each of them: whole sentences, never glued.
HIS = {
    "destination": Refusal("journeys.his_destination", _("Where he chose to go is not written.")),
    "exit": Refusal(
        "journeys.his_exit", _("This exit does not lead where he chose to go. Plan anew.")
    ),
    "paper": Refusal("journeys.his_paper", _("He has no travel paper.")),
    "expired": Refusal(
        "journeys.his_paper_ends", _("His travel paper ends before he has left the country.")
    ),
    "consent": Refusal(
        "journeys.his_transit", _("Not every State on his way out has allowed the transit.")
    ),
    "phone": Refusal("journeys.his_phone", _("He has no telephone for the first month.")),
}
HERS = {
    "destination": Refusal(
        "journeys.her_destination", _("Where the family goes afterwards is not written.")
    ),
    "exit": Refusal(
        "journeys.her_exit", _("This exit does not lead where the family goes. Plan anew.")
    ),
    "paper": Refusal("journeys.her_paper", _("The family has no travel paper.")),
    "expired": Refusal(
        "journeys.her_paper_ends",
        _("The family's travel paper ends before they have left the country."),
    ),
    "consent": Refusal(
        "journeys.her_transit",
        _("Not every State on the family's way out has allowed the transit."),
    ),
    "phone": Refusal("journeys.her_phone", _("The family has no telephone for the first month.")),
}


def _missing_of(out: Out, ready: Readiness, words: dict[str, Refusal]) -> list[Refusal]:
    ends = out.paper_until is not None and out.paper_until < ready.leaves_on
    found = [
        (not out.destination.strip(), "destination"),
        (not out.leads_by(ready.exit), "exit"),
        (not out.paper, "paper"),
        (bool(out.paper) and ends, "expired"),
        (not set(ready.states) <= set(out.consents), "consent"),
        (not out.phone.strip(), "phone"),
    ]
    return [words[what] for stands, what in found if stands]


def why_not_change_way_out(state: JourneyState) -> Refusal | None:
    """What a confirmation rests on is changed only by taking the confirmation back."""
    if state == JourneyState.CONFIRMED:
        return Refusal("journeys.confirmed", _("This journey is confirmed. Take that back first."))
    if state != JourneyState.PLANNED:
        return Refusal("journeys.over", _("This journey is over."))
    return None


def why_not_take_back(state: JourneyState, *, act_sealed: bool) -> Refusal | None:
    """What an act was sealed on stays as it was."""
    if act_sealed:
        return Refusal("journeys.over", _("This journey is over."))
    if state != JourneyState.CONFIRMED:
        return Refusal("journeys.not_confirmed", _("This journey is not confirmed."))
    return None


def why_not_out(*, state: JourneyState, act_sealed: bool) -> list[Refusal]:
    """The duty to bring them out closes at the exit crossing, once the act is sealed."""
    refusals = []
    if state != JourneyState.CONFIRMED:
        refusals.append(Refusal("journeys.not_confirmed", _("This journey is not confirmed.")))
    if not act_sealed:
        refusals.append(Refusal("journeys.no_act", _("The act of return is not sealed.")))
    return refusals
