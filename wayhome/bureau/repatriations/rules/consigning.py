"""A consignment: what stands on its manifest, counted out and in at each change of hands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal

MOST_PIECES = 2_000


class State(StrEnum):
    """Where a consignment stands."""

    PREPARING = "preparing"
    ON_THE_WAY = "on the way"
    CLOSED = "closed"
    STOPPED = "stopped"


STATE_NAMES = {
    State.PREPARING: _("being put together"),
    State.ON_THE_WAY: _("on the way"),
    State.CLOSED: _("received"),
    State.STOPPED: _("stopped"),
}
MAY_FOLLOW: dict[State, frozenset[State]] = {
    State.PREPARING: frozenset({State.ON_THE_WAY, State.STOPPED}),
    State.ON_THE_WAY: frozenset({State.CLOSED, State.STOPPED}),
    State.CLOSED: frozenset(),
    State.STOPPED: frozenset(),
}
IS_OPEN = (State.PREPARING, State.ON_THE_WAY)


class PieceKind(StrEnum):
    BAG = "bag"
    PACKET = "packet"


PIECE_NAMES = {PieceKind.BAG: _("bag"), PieceKind.PACKET: _("sealed packet of effects")}


class LegState(StrEnum):
    """One change of hands: counted out by who gives, then in by who takes."""

    COUNTING_OUT = "counting out"
    OUT_DIFFERS = "out differs"
    COUNTING_IN = "counting in"
    IN_DIFFERS = "in differs"
    DONE = "done"
    STOPPED = "stopped"


LEG_NAMES = {
    LegState.COUNTING_OUT: _("is counted out"),
    LegState.OUT_DIFFERS: _("counted out, and differs"),
    LegState.COUNTING_IN: _("is counted in"),
    LegState.IN_DIFFERS: _("counted in, and differs"),
    LegState.DONE: _("changed hands"),
    LegState.STOPPED: _("stopped"),
}
LEG_MAY_FOLLOW: dict[LegState, frozenset[LegState]] = {
    LegState.COUNTING_OUT: frozenset(
        {LegState.OUT_DIFFERS, LegState.COUNTING_IN, LegState.STOPPED}
    ),
    LegState.OUT_DIFFERS: frozenset({LegState.COUNTING_IN, LegState.STOPPED}),
    LegState.COUNTING_IN: frozenset({LegState.IN_DIFFERS, LegState.DONE}),
    LegState.IN_DIFFERS: frozenset({LegState.DONE}),
    LegState.DONE: frozenset(),
    LegState.STOPPED: frozenset(),
}
RUNNING = frozenset(LegState) - {LegState.DONE, LegState.STOPPED}
COUNTING = frozenset({LegState.COUNTING_OUT, LegState.COUNTING_IN})
DIFFERS = frozenset({LegState.OUT_DIFFERS, LegState.IN_DIFFERS})


class Way(StrEnum):
    OUT = "out"
    IN = "in"


WAY_NAMES = {Way.OUT: _("counted out"), Way.IN: _("counted in")}


def way_of(state: LegState) -> Way:
    """Which of the two counts a leg is at."""
    return Way.OUT if state in (LegState.COUNTING_OUT, LegState.OUT_DIFFERS) else Way.IN


class Differs(StrEnum):
    MISSING = "missing"
    UNLISTED = "unlisted"
    SEAL = "seal"


DIFFERS_NAMES = {
    Differs.MISSING: _("on the manifest, and not counted"),
    Differs.UNLISTED: _("counted, and not on the manifest"),
    Differs.SEAL: _("the seal is not that of the manifest"),
}


@dataclass(frozen=True)
class Journey:
    """From whom and to whom, through whom, with what: as the papers tell it."""

    power: str
    through: str
    carrier: str
    destination: str
    vehicle: str = ""

    def as_kept(self) -> dict[str, str]:
        told = {name: text.strip() for name, text in vars(self).items() if text.strip()}
        told.pop("power", None)  # stands in a column of its own
        return told


def why_not_open(journey: Journey) -> Iterator[Refusal]:
    """Say why no consignment can be opened so."""
    if not journey.power.strip():
        yield Refusal("consignment.no_power", _("Write the country."), field="power")
    if not journey.through.strip():
        text = _("Write who carries it between the sides: it goes through the Red Cross.")
        yield Refusal("consignment.no_through", text, "Customary rule 114", field="through")
    if not journey.carrier.strip():
        text = _("Write who drives.")
        yield Refusal("consignment.no_carrier", text, field="carrier")
    if not journey.destination.strip():
        text = _("Write where it changes hands.")
        yield Refusal("consignment.no_destination", text, field="destination")


@dataclass(frozen=True)
class Bag:
    """Remains as somebody would put them on a manifest."""

    known: bool = True
    on_it: bool = False
    elsewhere: bool = False  # on another consignment
    gone: bool = False
    buried: bool = False
    with_us: bool = True  # in the hands of one of the staff
    waits: bool = False  # a change of hands for its second signature
    sealed: bool = True
    agreed: bool = True  # this country accepted an offer, or a request was granted
    against: tuple[Refusal, ...] = ()  # of the minimum set, and of going.why_not_go


def why_not_add(bag: Bag, *, preparing: bool, pieces: int) -> Iterator[Refusal]:
    """Say everything that keeps these remains off this manifest."""
    if not preparing:
        yield Refusal("consignment.closed", _("The manifest is closed."), field="number")
    elif not bag.known:
        text = _("No remains that you may see have this number, bag or seal.")
        yield Refusal("consignment.no_number", text, field="number")
    elif bag.on_it:
        text = _("They are on this manifest already.")
        yield Refusal("consignment.again", text, field="number")
    elif bag.elsewhere:
        text = _("They are on another consignment.")
        yield Refusal("consignment.elsewhere", text, field="number")
    elif bag.gone:
        yield Refusal("consignment.gone", _("They have gone home."), field="number")
    elif pieces >= MOST_PIECES:
        text = _("One consignment carries at most 2,000 pieces.")
        yield Refusal("consignment.too_many", text, field="number")
    else:
        yield from _why_not_ready(bag)


def _why_not_ready(bag: Bag) -> Iterator[Refusal]:
    if bag.buried:
        text = _("They are buried. The grave is opened first.")
        yield Refusal("consignment.buried", text, "AP I 34")
    if not bag.with_us:
        text = _("They are in hands outside.")
        yield Refusal("consignment.outside", text, "Minnesota Protocol")
    if bag.waits:
        text = _("A change of hands waits for the second signature.")
        yield Refusal("consignment.waits", text, "Minnesota Protocol")
    if not bag.sealed:
        text = _("There is no seal on the bag.")
        yield Refusal("consignment.no_seal", text, "GC I 16")
    if not bag.agreed:
        text = _("This country has accepted no offer of them, and no request for them is granted.")
        yield Refusal("consignment.not_agreed", text, "AP I 34")
    yield from bag.against


def why_not_take_off(*, movable: bool, stayed: bool, reason: str) -> Iterator[Refusal]:
    """Say why this piece cannot be taken off the manifest; `movable`: no leg runs."""
    if stayed:
        yield Refusal("consignment.stayed", _("This piece is off the manifest."))
    elif not movable:
        text = _("A change of hands runs, or the consignment is closed.")
        yield Refusal("consignment.runs", text)
    if not reason.strip():
        yield Refusal("consignment.no_reason", _("Give your reason."), field="reason")


@dataclass(frozen=True)
class Next:
    """A consignment before its next change of hands."""

    is_open: bool
    bags: int
    leg_runs: bool = False
    left_us: bool = False  # the last leg gave it into hands outside
    not_held: tuple[str, ...] = ()  # numbers that are not in the hands of who would give
    against: tuple[tuple[str, Refusal], ...] = ()


def why_not_open_leg(
    this: Next, *, outside: str, to_staff: bool, able: bool, to_oneself: bool, place: str
) -> Iterator[Refusal]:
    """Say why the next change of hands cannot begin."""
    if not this.is_open:
        yield Refusal("leg.closed", _("This consignment is closed."))
    elif this.leg_runs:
        yield Refusal("leg.runs", _("A change of hands runs already."))
    elif this.left_us:
        text = _("It is in hands outside. Their receipt closes it.")
        yield Refusal("leg.left_us", text)
    elif not this.bags:
        yield Refusal("leg.empty", _("Nothing is on the manifest."))
    if not to_staff and not outside.strip():
        text = _("Choose one of the staff, or write the name and for whom they work.")
        yield Refusal("leg.no_receiver", text, "Minnesota Protocol", field="outside")
    if to_staff and outside.strip():
        text = _("Choose one of the list, or write a name. Not both.")
        yield Refusal("leg.two_receivers", text, field="outside")
    if to_oneself:
        yield Refusal("leg.oneself", _("Nobody gives to themselves."), field="receiver")
    elif to_staff and not able:
        text = _("This person does not keep remains.")
        yield Refusal("leg.not_able", text, field="receiver")
    if not place.strip():
        yield Refusal("leg.no_place", _("Write where it changes hands."), field="place")
    yield from why_not_leave(this)


def why_not_leave(this: Next) -> Iterator[Refusal]:
    """Say what keeps single bags here: whose hands they are in, what came up since."""
    for number in this.not_held:
        text = _("%(number)s is not in your hands.") % {"number": number}
        yield Refusal("leg.not_held", text, "Minnesota Protocol")
    for number, reason in this.against:
        told = _("%(number)s: %(reason)s") % {"number": number, "reason": reason.reason}
        yield Refusal(reason.code, told, reason.provision)


def why_not_count(*, counting: bool, read: str, again: bool) -> Refusal | None:
    """Say why this bag or packet cannot be counted."""
    if not counting:
        return Refusal("count.closed", _("Nothing is counted now."), field="number")
    if not read:
        text = _("Scan the label, or type the number.")
        return Refusal("count.empty", text, field="number")
    if again:
        text = _("This one was counted already. Look at its number again.")
        return Refusal("count.again", text, field="number")
    return None


@dataclass(frozen=True)
class Line:
    """One line of the manifest, or something beside it, as it was counted."""

    listed: bool
    counted: bool
    seal: str = ""  # of the manifest
    read: str = ""  # as it was read
    is_bag: bool = True


@dataclass(frozen=True)
class Tally:
    """How the count and the manifest stand to each other."""

    listed: int
    counted: int
    missing: int
    unlisted: int
    seals: int

    @property
    def differs(self) -> bool:
        return bool(self.missing or self.unlisted or self.seals)


def tally(lines: Sequence[Line]) -> Tally:
    found = [how_it_differs(line) for line in lines]
    return Tally(
        listed=sum(line.listed for line in lines),
        counted=sum(line.counted for line in lines),
        missing=found.count(Differs.MISSING),
        unlisted=found.count(Differs.UNLISTED),
        seals=found.count(Differs.SEAL),
    )


def how_it_differs(line: Line) -> Differs | None:
    if not line.listed:
        return Differs.UNLISTED
    if not line.counted:
        return Differs.MISSING
    if line.is_bag and _plain(line.seal) != _plain(line.read):
        return Differs.SEAL
    return None


def _plain(seal: str) -> str:
    return seal.replace(" ", "").casefold()


def why_not_close_count(
    *, counting: bool, theirs: bool, counted: int, condition: str
) -> Iterator[Refusal]:
    """Say why the running count cannot be closed; `theirs`: by who signs at this end."""
    if not counting:
        yield Refusal("count.closed", _("Nothing is counted now."))
        return
    if not theirs:
        text = _("Who gives closes the count out, who takes the count in: it is their signature.")
        yield Refusal("count.not_yours", text, "Minnesota Protocol")
    if not counted:
        yield Refusal("count.nothing", _("Nothing was counted yet."))
    if not condition.strip():
        text = _("Write how bags and seals look.")
        yield Refusal("count.no_condition", text, field="condition")


def why_not_explain(*, explained: bool, words: str) -> Iterator[Refusal]:
    """Say why this difference cannot be explained so."""
    if explained:
        yield Refusal("difference.explained", _("This difference is explained already."))
    if not words.strip():
        text = _("Write what is known of it.")
        yield Refusal("difference.no_words", text, "Minnesota Protocol", field="words")


def why_not_confirm(*, explained: bool, confirmed: bool, own: bool) -> Iterator[Refusal]:
    """Say why this person cannot sign the explanation as the second."""
    if not explained:
        yield Refusal("difference.not_explained", _("Nobody has explained it yet."))
    elif confirmed:
        yield Refusal("difference.confirmed", _("Two people have signed it already."))
    elif own:
        text = _("You wrote it. Another person signs.")
        yield Refusal("difference.own", text, "Minnesota Protocol")


def why_not_sign(
    *, differs: bool, theirs: bool, unexplained: int, this: Next | None = None
) -> Iterator[Refusal]:
    """Say why this change of hands cannot be signed after its count differed."""
    if not differs:
        yield Refusal("leg.not_to_sign", _("There is nothing to be signed here now."))
        return
    if unexplained:
        text = _("A difference is not explained by two people. Nothing goes on before.")
        yield Refusal("leg.unexplained", text, "Minnesota Protocol")
    if not theirs:
        text = _("Who gives closes the count out, who takes the count in: it is their signature.")
        yield Refusal("count.not_yours", text, "Minnesota Protocol")
    if this is not None:
        yield from why_not_leave(this)


def why_not_taken(not_given: Sequence[str]) -> Iterator[Refusal]:
    """Say why what was counted in cannot be signed for: an offer was taken back meanwhile."""
    for number in not_given:
        text = _("%(number)s is not given to you any more. Who has it gives it on its own page.")
        yield Refusal("leg.not_given", text % {"number": number}, "Minnesota Protocol")


def why_not_receive(
    *, is_open: bool, leg_runs: bool, left_us: bool, bags: int, who: str
) -> Iterator[Refusal]:
    """Say why no receipt can close this consignment."""
    if not is_open:
        yield Refusal("receipt.closed", _("This consignment is closed."))
    elif leg_runs:
        yield Refusal("receipt.runs", _("A change of hands is not done yet."))
    elif not left_us:
        text = _("It is not in the hands of whoever receives it.")
        yield Refusal("receipt.with_us", text)
    elif not bags:
        yield Refusal("receipt.empty", _("Nothing is on the manifest."))
    if not who.strip():
        text = _("Write the name, and for whom they work.")
        yield Refusal("receipt.no_name", text, "Minnesota Protocol", field="who")


def why_not_stop(
    *, is_open: bool, left_us: bool, being_taken: bool, reason: str
) -> Iterator[Refusal]:
    """Say why this consignment cannot be stopped."""
    if not is_open:
        yield Refusal("consignment.done", _("This consignment is closed."))
    elif left_us:
        text = _("It is in hands outside. Their receipt closes it.")
        yield Refusal("consignment.left_us", text)
    elif being_taken:
        text = _("It is between two hands. Finish the count in first.")
        yield Refusal("consignment.between", text, "Minnesota Protocol")
    if not reason.strip():
        yield Refusal("consignment.no_reason", _("Give your reason."), field="reason")
