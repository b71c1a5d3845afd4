"""What is known of remains that may go home: read from the records, judged by the rules."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.identifications.comparing import held_alive, same_sought
from wayhome.bureau.identifications.models import DeathTold, Identification
from wayhome.bureau.identifications.rules.board import State as IdentityState
from wayhome.bureau.identifications.rules.telling import is_friend
from wayhome.bureau.remains.actions.places import minimum_of
from wayhome.bureau.remains.models import EffectsList, PartLink, Remains
from wayhome.bureau.remains.rules.burial import why_not_bury
from wayhome.bureau.remains.rules.register import State as WhereState
from wayhome.bureau.repatriations.models import Consignment, OfferLine, Piece, ReturnRequest
from wayhome.bureau.repatriations.rules.consigning import Bag, State
from wayhome.bureau.repatriations.rules.going import (
    NOT_ASKED_FOR,
    STAY_WITH_US,
    Case,
    Kin,
    why_not_go,
)
from wayhome.bureau.repatriations.rules.offering import Answer
from wayhome.bureau.repatriations.rules.requesting import Asker, RequestState, agrees
from wayhome.lib.refusal import Refusal

# Of an identification in another state nothing follows for the way home.
SAYING = (IdentityState.IDENTIFIED, IdentityState.BEFORE_BOARD, IdentityState.REOPENED)


def name_of(remains: Remains) -> Identification | None:
    """The decision of a board that stands for these remains."""
    return Identification.objects.standing().filter(remains=remains).first()


def families_of(identification: Identification) -> list[Enquiry]:
    """Every family that seeks whom a board named, but friends and who was forgotten."""
    return [
        enquiry
        for enquiry in same_sought(identification)
        if enquiry.state != EnquiryState.FORGOTTEN and not is_friend(enquiry.relation)
    ]


def case_of(remains: Remains) -> Case:
    """What sending these remains home rests on now."""
    states = set(Identification.objects.filter(remains=remains).values_list("state", flat=True))
    named = name_of(remains)
    # A name that a living man of the register bears is doubted, whoever has noticed it.
    alive = named is not None and held_alive(named)
    return Case(
        doubted=IdentityState.REOPENED in states or alive,
        before_board=IdentityState.BEFORE_BOARD in states,
        kin=tuple(_kin(enquiry) for enquiry in families_of(named)) if named else (),
    )


def _kin(enquiry: Enquiry) -> Kin:
    told = DeathTold.objects.standing_for(enquiry)
    if told is None:
        return Kin()
    return Kin(timezone.localdate(told.at), _wishes(told).get("return", ""))


def _wishes(told: DeathTold) -> dict[str, str]:
    last = told.wishes.select_related("key").order_by("-number").first()
    return (last.wishes if last else None) or {}  # nothing is left once the key is destroyed


def why_not_go_now(remains: Remains) -> tuple[Refusal, ...]:
    """Everything that keeps these remains here now."""
    return tuple(why_not_go(case_of(remains), today=timezone.localdate()))


def held_back(many: Iterable[Remains]) -> list[tuple[Remains, Refusal]]:
    """What keeps any of these here now; of those that were never held against anybody nothing."""
    remains = list(many)
    weighed = Identification.objects.filter(remains__in=remains, state__in=SAYING)
    asked = set(weighed.values_list("remains_id", flat=True))
    return [(one, reason) for one in remains if one.pk in asked for reason in why_not_go_now(one)]


def packets_of(remains: Remains) -> list[EffectsList]:
    """The sealed packets that go with the body: all, but where a family wants them otherwise."""
    named = name_of(remains)
    for enquiry in families_of(named) if named else ():
        told = DeathTold.objects.standing_for(enquiry)
        if told is not None and _wishes(told).get("belongings") in STAY_WITH_US:
            return []
    return list(remains.effects_lists.signed().exclude(packet="").order_by("number"))


def bag_of(remains: Remains, power: str) -> Bag:
    """These remains as somebody would put them on a manifest."""
    last = remains.last_change()
    pieces = Piece.objects.standing().bags().filter(remains=remains)
    other = pieces.exclude(consignment__state=State.STOPPED).exists()
    minimum = why_not_bury(minimum_of(remains, located=True))
    return Bag(
        elsewhere=other,
        gone=remains.state == WhereState.HOME,
        buried=remains.state == WhereState.BURIED,
        with_us=last is not None and not last.receiver_outside,
        waits=remains.waiting() is not None,
        sealed=bool(remains.last_seal()),
        agreed=is_agreed(remains, power),
        against=(
            *(one for one in minimum if one.code not in ("burial.waits", "burial.buried")),
            *why_not_go_now(remains),
        ),
    )


def is_agreed(remains: Remains, power: str) -> bool:
    """Whether this country accepted an offer of them, or a request for them was granted."""
    return agrees(countries_that_agreed(remains), power)


def why_not_open_for_home(remains: Remains) -> list[Refusal]:
    """What forbids to open their grave for the way home (AP I 34)."""
    agreed = [] if countries_that_agreed(remains) else [NOT_ASKED_FOR]
    return [*agreed, *why_not_go_now(remains)]


def countries_that_agreed(remains: Remains) -> list[str]:
    """Who accepted an offer of them, or asked and was granted; kin, who name none, as ""."""
    accepted = OfferLine.objects.filter(remains=remains, answer=Answer.ACCEPTED)
    granted = ReturnRequest.objects.filter(remains=remains, state=RequestState.GRANTED)
    return [
        *accepted.values_list("offer__power", flat=True),
        *(one.power for one in granted.select_related("enquiry") if is_still_theirs(one)),
    ]


def is_consigned(remains: Iterable[Remains]) -> bool:
    """Whether one of these stands on a consignment that is not stopped."""
    rows = Piece.objects.standing().bags().filter(remains__in=list(remains))
    return rows.exclude(consignment__state=State.STOPPED).exists()


def travels_with(remains: Remains) -> Consignment | None:
    """The consignment that carries them, or with which they went home."""
    gone = Piece.objects.standing().bags().filter(remains=remains)
    under_way = gone.filter(consignment__state__in=(State.ON_THE_WAY, State.CLOSED))
    piece = under_way.select_related("consignment").first()
    return piece.consignment if piece else None


def earlier_part(remains: Remains) -> Piece | None:
    """The bag of the same body that went home before: by a link of parts, or by one name."""
    others = set(_linked(remains)) | set(_same_name(remains))
    others.discard(remains.pk)
    rows = Piece.objects.standing().bags().filter(remains__in=others)
    return rows.exclude(consignment__state=State.STOPPED).order_by("at").first()


def _linked(remains: Remains) -> Iterable[UUID]:
    links = PartLink.objects.standing()
    for one, other in links.filter(one=remains).values_list("one", "other"):
        yield from (one, other)
    for one, other in links.filter(other=remains).values_list("one", "other"):
        yield from (one, other)


def _same_name(remains: Remains) -> Iterable[UUID]:
    named = name_of(remains)
    if named is None:
        return
    standing = Identification.objects.standing()
    yield from standing.filter(enquiry__in=same_sought(named)).values_list("remains", flat=True)
    if named.captive_id:
        yield from standing.filter(captive=named.captive).values_list("remains", flat=True)


def is_kin(remains: Remains, enquiry: Enquiry) -> bool:
    """Whether this family was told that these are the remains of whom it seeks."""
    named = name_of(remains)
    if named is None or enquiry.pk not in {one.pk for one in families_of(named)}:
        return False
    return DeathTold.objects.standing_for(enquiry) is not None


def is_still_theirs(request: ReturnRequest) -> bool:
    """Whether who asks may ask still: kin, as long as the remains bear the name of their man."""
    if request.enquiry is None:
        return True
    named = name_of(request.remains)
    return named is not None and request.enquiry in same_sought(named)


def home_country_of(remains: Remains) -> str:
    """The country that an offer or a request named for these remains; "" where none did."""
    offered = OfferLine.objects.filter(remains=remains).order_by("-offer__written_at")
    asked = ReturnRequest.objects.filter(remains=remains, asker=Asker.HOME)
    return (
        offered.values_list("offer__power", flat=True).first()
        or asked.values_list("power", flat=True).first()
        or ""
    )
