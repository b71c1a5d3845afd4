"""The access table: every address of the program, and whom it serves."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from wayhome.bureau.answers.actions import matches_to_tell, why_not_invite_for
from wayhome.bureau.answers.freezing import (
    frozen_matches,
    standing_of,
    why_not_invite_after_for,
)
from wayhome.bureau.answers.models import Freeze, Invitation, OutgoingMessage, Told
from wayhome.bureau.answers.rules import InvitationState
from wayhome.bureau.bureaus.models import Agreement, Asked
from wayhome.bureau.captives.models import Captive, CardFile, HarmFlag, SameManProposal
from wayhome.bureau.captives.rules import FileKind
from wayhome.bureau.comparisons.models import Hit, ProfileFile, ReferenceSample, Talk
from wayhome.bureau.concerns.models import Complaint, Objection
from wayhome.bureau.consents.models import DecisionForHim, PersonToTell, Sitting
from wayhome.bureau.contact.calls.models import AfterCall, Call
from wayhome.bureau.contact.models import Letter, Scan, Sheet
from wayhome.bureau.contact.rules import Direction, LetterState, ScanState
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeState
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import ActState
from wayhome.bureau.identifications.models import DeathTold, Identification
from wayhome.bureau.identifications.rules.board import State as IdentityState
from wayhome.bureau.identifications.rules.evidence import Kind as EvidenceKind
from wayhome.bureau.identifications.telling import kinship_to_weigh
from wayhome.bureau.inquests.models import Inquest
from wayhome.bureau.journeys.models import (
    ConvoyEvent,
    ConvoyPhone,
    Crossing,
    Journey,
    JourneyNews,
    JourneyPass,
    Plan,
)
from wayhome.bureau.journeys.parties import granted
from wayhome.bureau.journeys.rules.plans import JourneyState, PlanState
from wayhome.bureau.matches.models import Candidate, Match, SameSought
from wayhome.bureau.press.models import PressRequest
from wayhome.bureau.prints.models import Print
from wayhome.bureau.relations.models import KinshipVerdict, Paper
from wayhome.bureau.relations.rules import PaperFor
from wayhome.bureau.remains.models import (
    Change,
    EffectsList,
    Intake,
    Opening,
    PartLink,
    Photograph,
    Plot,
    Remains,
)
from wayhome.bureau.repatriations.models import (
    Consignment,
    Discrepancy,
    Leg,
    Offer,
    OfferLine,
    Piece,
    ReturnRequest,
)
from wayhome.bureau.repatriations.rules.consigning import LegState
from wayhome.bureau.repatriations.rules.consigning import State as ConsignmentState
from wayhome.bureau.repatriations.rules.offering import Answer
from wayhome.bureau.repatriations.rules.requesting import Asker, RequestState
from wayhome.bureau.returns.models import (
    Application,
    Appointment,
    Board,
    Ground,
    Guarantee,
    Programme,
    Seat,
)
from wayhome.bureau.returns.rules import ApplicationState
from wayhome.bureau.returns.rules.boards import SeatState
from wayhome.bureau.returns.rules.programmes import ProgrammeState
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.bureau.statements.models import Statement
from wayhome.bureau.welfare.models import Certificate, Difference, Entry, Parcel
from wayhome.bureau.yearly.models import YearlyLetter, YearlyText
from wayhome.web.access import THEIRS, Access

# An example of what stands in an address, for whoever walks the table.
EXAMPLES: dict[str, Callable[[], Any]] = {
    "captive_number": lambda: _first(Captive, "bureau_number"),
    "enquiry_number": lambda: _first(Enquiry, "bureau_number"),
    "candidate_id": lambda: _first(Candidate, "pk"),
    "match_id": lambda: _first(Match, "pk"),
    "same_sought_id": lambda: _first(SameSought, "pk"),
    "remains_number": lambda: _of_site_a(Remains.objects.all(), "bureau_number"),
    "change_id": lambda: _one_of(Change.objects.waiting().filter(remains__site="A")),
    "reference_id": lambda: _one_of(ReferenceSample.objects.standing()),
    "hit_id": lambda: _one_of(Hit.objects.standing()),
    "profile_file_id": lambda: _first(ProfileFile, "pk"),
    "group": lambda: "teeth",
    "part_link_id": lambda: _one_of(PartLink.objects.standing()),
    "plot_id": lambda: _of_site_a(Plot.objects.all()),
    "opening_id": lambda: _one_of(
        Opening.objects.filter(burial__remains__site="A", second_at=None)
    ),
    "photograph_id": lambda: _one_of(Photograph.objects.filter(remains__site="A")),
    "yearly_text_id": lambda: _one_of(YearlyText.objects.filter(approved_at=None)),
    "yearly_letter_id": lambda: _one_of(YearlyLetter.objects.to_read_out()),
    "agreement_id": lambda: _first(Agreement, "pk"),
    "asked_id": lambda: _first(Asked, "pk"),
    "print_id": lambda: _one_of(Print.objects.standing().filter(enquiry__isnull=False)),
    "effects_list_id": lambda: _one_of(
        EffectsList.objects.filter(remains__site="A", second_at=None)
    ),
    "identification_id": lambda: _identified(IdentityState.OPEN),
    "death_told_id": lambda: _one_of(DeathTold.objects.filter(withdrawn_at=None)),
    "code_kind": lambda: EvidenceKind.DENTAL.value,
    "name_kind": lambda: EvidenceKind.DOCUMENTS.value,
    "consignment_id": lambda: _of_site_a(
        Consignment.objects.filter(state=ConsignmentState.PREPARING)
    ),
    "piece_id": lambda: _one_of(
        Piece.objects.bags().filter(
            stayed_at=None, consignment__site="A", consignment__state=ConsignmentState.PREPARING
        )
    ),
    "hands_id": lambda: _one_of(
        Leg.objects.filter(state=LegState.COUNTING_OUT, consignment__site="A")
    ),
    "count_difference_id": lambda: _one_of(
        Discrepancy.objects.filter(at=None, leg__consignment__site="A")
    ),
    "offer_id": lambda: _one_of(Offer.objects.filter(sent_at=None)),
    "return_request_id": lambda: _one_of(ReturnRequest.objects.to_decide().filter(asker=Asker.KIN)),
    "lorry_id": lambda: _of_site_a(Intake.objects.filter(closed_at=None)),
    "file_id": lambda: _first(CardFile, "pk"),
    "proposal_id": lambda: _first(SameManProposal, "pk"),
    "flag_id": lambda: _first(HarmFlag, "pk"),
    "paper_id": lambda: _first(Paper, "pk"),
    "invitation_id": lambda: _first(Invitation, "pk"),
    "freeze_id": lambda: _one_of(Freeze.objects.open()),
    "message_id": lambda: _first(OutgoingMessage, "pk"),
    "objection_id": lambda: _first(Objection, "pk"),
    "complaint_id": lambda: _first(Complaint, "pk"),
    "inquest_id": lambda: _one_of(Inquest.objects.reported()),
    "decision_id": lambda: _first(DecisionForHim, "pk"),
    "statement_id": lambda: _first(Statement, "pk"),
    "press_id": lambda: _first(PressRequest, "pk"),
    "letter_id": lambda: _first(Letter, "pk"),
    "sheet_id": lambda: _one_of(Sheet.objects.filter(captive__isnull=False)),
    "scan_id": lambda: _one_of(
        Scan.objects.filter(state=ScanState.NOT_FILED, brought_by__role=Role.WELFARE)
    ),
    "number": lambda: 1,
    "call_id": lambda: _one_of(Call.objects.exclude(captive=None).exclude(enquiry=None)),
    "worry_id": lambda: _first(AfterCall, "pk"),
    "named_id": lambda: _first(PersonToTell, "pk"),
    "difference_id": lambda: _one_of(Difference.objects.standing()),
    "entry_id": lambda: _one_of(Entry.objects.filter(second_at=None)),
    "parcel_id": lambda: _one_of(Parcel.objects.to_open()),
    "certificate_id": lambda: _one_of(Certificate.objects.to_write()),
    "application_id": lambda: _first(Application, "pk"),
    "seat_id": lambda: _one_of(_her_seats()),
    "ground_id": lambda: _first(Ground, "pk"),
    "programme_number": lambda: _first(Programme, "number") or 1,
    "appointment_id": lambda: _first(Appointment, "pk"),
    "resource_kind": lambda: "crossing",
    "resource_id": lambda: _one_of(Crossing.objects.in_use()),
    "plan_id": lambda: _one_of(Plan.objects.filter(state=PlanState.DRAFT)),
    "journey_id": lambda: _one_of(Journey.objects.filter(state=JourneyState.PLANNED)),
    "out_whose": lambda: "his",
    "news_id": lambda: _one_of(JourneyNews.objects.to_call()),
    "event_id": lambda: _first(ConvoyEvent, "pk"),
    "phone_id": lambda: _first(ConvoyPhone, "pk"),
    "act_id": lambda: _first(Act, "pk"),
    "notice_id": lambda: _first(Notice, "pk"),
    "staff_number": lambda: Staff.objects.get_queryset().values_list("number", flat=True).first(),
    "sitting_id": lambda: _first(Sitting, "pk"),
    "code": lambda: "en",
    "field": lambda: "surname",
}
# What an address needs besides: an object at the stage at which its page is used.
FITTING: dict[tuple[str, str], Callable[[], Any]] = {
    ("console:sought_prints", "enquiry_number"): lambda: _one_of(
        Enquiry.objects.open(), "bureau_number"
    ),
    ("console:print_of_both", "identification_id"): lambda: _identified(IdentityState.BEFORE_BOARD),
    ("console:print_of_both", "print_id"): lambda: _one_of(
        Print.objects.standing().filter(
            remains__identifications=_identified(IdentityState.BEFORE_BOARD)
        )
    ),
    ("console:identification_sign", "identification_id"): lambda: _identified(
        IdentityState.BEFORE_BOARD
    ),
    **{
        (f"console:{name}", "identification_id"): lambda: _told_of("identification_id")
        for name in ("death", "death_invite", "death_told", "identification_notification")
    },
    **{
        (f"console:{name}", "enquiry_number"): lambda: _told_of("enquiry__bureau_number")
        for name in ("death", "death_invite", "death_told")
    },
    ("console:death_error_told", "death_told_id"): lambda: _one_of(DeathTold.objects.to_correct()),
    ("console:consignment_receipt", "consignment_id"): lambda: _of_site_a(
        Consignment.objects.filter(
            state=ConsignmentState.ON_THE_WAY, legs__state=LegState.DONE, legs__receiver=None
        )
    ),
    ("console:consignment_leg_sign", "hands_id"): lambda: _one_of(
        Leg.objects.filter(state=LegState.OUT_DIFFERS, consignment__site="A")
    ),
    ("console:consignment_difference_confirm", "count_difference_id"): lambda: _one_of(
        Discrepancy.objects.filter(at__isnull=False, second_at=None, leg__consignment__site="A")
    ),
    ("console:offer_answer", "offer_id"): lambda: _one_of(
        OfferLine.objects.waiting().filter(answer=Answer.WAITS), "offer_id"
    ),
    ("console:return_request_refusal", "return_request_id"): lambda: _one_of(
        ReturnRequest.objects.filter(state=RequestState.REFUSED)
    ),
    ("console:identification_doubt", "identification_id"): lambda: _identified(
        IdentityState.IDENTIFIED
    ),
    ("console:claim", "match_id"): lambda: _weighed(),
    ("console:claim_confirm", "match_id"): lambda: _weighed(),
    ("console:news", "match_id"): lambda: _to_tell(),
    ("console:invite", "match_id"): lambda: _to_tell(),
    ("console:freeze_invite", "freeze_id"): lambda: next(
        (one.pk for one in frozen_matches() if not why_not_invite_after_for(one, standing_of(one))),
        None,
    ),
    ("console:told", "invitation_id"): lambda: _one_of(
        Invitation.objects.filter(state=InvitationState.OPEN)
    ),
    **{
        (name, "letter_id"): lambda: _one_of(
            Letter.objects.filter(direction=Direction.FROM_HIM, state=LetterState.TO_REVIEW)
        )
        for name in ("tablet:letter", "tablet:letter_take_back", "console:letter")
    },
    **{
        (name, "letter_id"): lambda: _one_of(Letter.objects.filter(state=LetterState.PASSED))
        for name in ("console:letter_sheet", "console:letter_sent")
    },
    ("tablet:letter_side", "letter_id"): lambda: _one_of(
        Letter.objects.filter(direction=Direction.FROM_HIM, scans__side=1)
    ),
    ("console:effects_handed", "entry_id"): lambda: _one_of(
        Entry.objects.without_receipt().exclude(second_at=None)
    ),
    ("console:certificate_paper", "certificate_id"): lambda: _one_of(
        Certificate.objects.exclude(issued_at=None)
    ),
    # His own session's man wants to talk with somebody whom he named.
    **{
        (name, "call_id"): lambda: _one_of(Call.objects.exclude(named=None))
        for name in ("tablet:call", "tablet:call_times", "tablet:call_how")
    },
    ("console:call_family", "call_id"): lambda: _one_of(Call.objects.to_call()),
    ("console:withdrawal_told", "invitation_id"): lambda: _one_of(
        Told.objects.filter(withdrawn_at__isnull=False, withdrawal_told_at=None), "invitation_id"
    ),
    ("console:programme_edit", "programme_number"): lambda: _one_of(
        Programme.objects.filter(state=ProgrammeState.DRAFT), "number"
    ),
    **{
        (name, "captive_number"): lambda: _one_of(
            Application.objects.filter(captive__isnull=False), "captive__bureau_number"
        )
        for name in ("console:roads_of", "console:roads_open")
    },
    **{
        (f"console:{name}", "application_id"): lambda: _one_of(
            Board.objects.sitting(), "application_id"
        )
        for name in ("application_decide", "board_replace", "board_dissolve")
    },
    ("console:application_board", "application_id"): lambda: _one_of(
        Application.objects.filter(state=ApplicationState.OPEN, captive__isnull=False)
    ),
    ("console:application_again", "application_id"): lambda: _one_of(
        Application.objects.filter(state=ApplicationState.REFUSED, captive__isnull=False)
    ),
    ("console:application_guarantee", "application_id"): lambda: _granted(),
    **{
        (f"console:guarantee_{name}", "application_id"): lambda: _one_of(
            Guarantee.objects.filter(ended_at=None), "application_id"
        )
        for name in ("sign", "end", "paper")
    },
    ("console:seat_vote", "seat_id"): lambda: _one_of(_her_seats().filter(state=SeatState.FREE)),
    ("console:application_appoint", "application_id"): lambda: _granted(),
    ("console:act_prepare", "application_id"): lambda: _granted(),
    ("console:journey_itinerary", "journey_id"): lambda: _one_of(
        JourneyPass.objects.filter(ended_at=None), "journey_id"
    ),
    **{
        (f"console:{name}", "journey_id"): lambda: _one_of(
            Journey.objects.filter(phones__isnull=False)
        )
        for name in ("journey_heard", "phone_wipe")
    },
    ("console:party", "application_id"): lambda: _one_of(granted()),
    ("console:act_document", "act_id"): lambda: _one_of(Act.objects.filter(state=ActState.SEALED)),
    ("console:act_seal", "act_id"): lambda: _one_of(
        Act.objects.filter(state=ActState.PREPARED, appointment__on=timezone.localdate())
    ),
    ("console:outbox_release", "notice_id"): lambda: _one_of(
        Notice.objects.filter(state=NoticeState.HELD)
    ),
    ("console:harm_flag", "flag_id"): lambda: _one_of(HarmFlag.objects.standing()),
    ("console:objection", "objection_id"): lambda: _one_of(Objection.objects.open()),
    ("console:complaint", "complaint_id"): lambda: _one_of(Complaint.objects.open()),
    **{
        (name, "enquiry_number"): lambda: _one_of(
            ReferenceSample.objects.standing(), "enquiry__bureau_number"
        )
        for name in (
            "console:bench_family",
            "console:bench_picture",
            "console:bench_next",
        )
    },
    **{
        (name, "enquiry_number"): lambda: _one_of(kinship_to_weigh(), "bureau_number")
        for name in ("console:claim_of_dead", "console:claim_of_dead_confirm")
    },
    **{
        (name, "enquiry_number"): lambda: _one_of(
            Talk.objects.get_queryset(), "enquiry__bureau_number"
        )
        for name in ("console:antemortem", "console:antemortem_talk")
    },
    # Beside the enquiry of whom it speaks, and beside no other.
    ("console:told_of_him", "statement_id"): lambda: _one_of(Statement.objects.usable()),
    ("console:told_of_him", "enquiry_number"): lambda: _spoken_of(),
}
# One address, two kinds of object: each kind is served to its own role alone.
KINDS: dict[tuple[str, str], dict[Role, Callable[[], Any]]] = {
    (name, "file_id"): {
        Role.REGISTRAR: lambda: _file_of(FileKind.CARDS),
        Role.TRACING: lambda: _file_of(FileKind.ENQUIRIES),
    }
    for name in ("console:import_file", "console:import_mend")
} | {
    ("console:paper", "paper_id"): {
        Role.VERIFIER: lambda: _one_of(Paper.objects.filter(serves=PaperFor.KINSHIP)),
        Role.COORDINATOR: lambda: _one_of(Paper.objects.filter(serves=PaperFor.JOURNEY)),
    }
}
# Where nothing of the kind is in this demo the address still stands, with a number of nobody.
NOBODYS = {"_number": "A-000000-0", "_id": "00000000-0000-7000-8000-000000000000"}


def _first(model: Any, field: str) -> Any:
    return model.objects.order_by(field).values_list(field, flat=True).first()


def _one_of(rows: "QuerySet[Any]", field: str = "pk") -> Any:
    return rows.order_by("pk").values_list(field, flat=True).first()


def _of_site_a(rows: "QuerySet[Any]", field: str = "pk") -> Any:
    """Of the site whose people open the demo's sessions."""
    return _one_of(rows.filter(site="A"), field)


def _file_of(kind: FileKind) -> Any:
    return _one_of(CardFile.objects.filter(kind=kind, set_aside__gt=0))


def _weighed() -> Any:
    waiting = KinshipVerdict.objects.standing().filter(confirmed_at=None)
    return _one_of(waiting.filter(match__withdrawn_at=None), "match_id")


def _to_tell() -> Any:
    matches = matches_to_tell().order_by("confirmed_at")
    return next((each.pk for each in matches if not why_not_invite_for(each)), None)


def _told_of(field: str) -> Any:
    """Of a family that was told of a death, and it stands."""
    return _one_of(DeathTold.objects.filter(withdrawn_at=None), field)


def _identified(state: IdentityState) -> Any:
    return _one_of(Identification.objects.filter(state=state))


def _spoken_of() -> Any:
    said = Statement.objects.usable().order_by("pk").first()
    sought = Enquiry.objects.open().filter(surname=said.surname) if said else Enquiry.objects.none()
    return _one_of(sought, "bureau_number")


def _her_seats() -> "QuerySet[Any]":
    """Of the board member whose session the demo opens."""
    return Seat.objects.filter(member__username=Role.BOARD.value)


def _granted() -> Any:
    return _one_of(Application.objects.filter(state=ApplicationState.GRANTED))


@dataclass(frozen=True)
class Address:
    pattern: str
    name: str
    access: Access | None
    kwargs: tuple[str, ...]
    steps: tuple[str, ...]


def addresses() -> list[Address]:
    """Every URL pattern with the view's access; None where a view has none (a fault)."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], before: str, space: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            yield _address(pattern, route, space)


def _address(pattern: URLPattern, route: str, space: str) -> Address:
    name = f"{space}{pattern.name}"
    access = getattr(pattern.callback, "access", None) or THEIRS.get(name)
    steps = tuple(getattr(pattern.callback, "steps", ()))
    return Address(route, name, access, tuple(re.findall(r"<(?:\w+:)?(\w+)>", route)), steps)


def table() -> list[dict[str, Any]]:
    """The whole table, a row for each URL pattern and method, with an example of each."""
    return [
        row for address in addresses() if address.access for row in _rows(address, address.access)
    ]


def _rows(address: Address, access: Access) -> Iterator[dict[str, Any]]:
    for url, roles in _urls(address, access):
        for method in access.methods:
            yield {
                "pattern": f"/{address.pattern}",
                "name": address.name,
                "url": url,
                "method": method,
                "allow": sorted(role.value for role in roles),
                "form": method == "POST",
                "form_url": _form_url(address, access, url) if method == "POST" else "",
                "ends_session": access.ends_session,
            }


def _urls(address: Address, access: Access) -> Iterator[tuple[str, frozenset[Role]]]:
    """The address with an example; where kinds of object differ, with one for each role."""
    kinds = [KINDS[address.name, one] for one in address.kwargs if (address.name, one) in KINDS]
    if not kinds:
        yield _example(address), access.roles
        return
    (kwarg,) = address.kwargs
    for role, example in kinds[0].items():
        value = example() or NOBODYS["_id"]
        yield reverse(address.name, kwargs={kwarg: value}), frozenset({role})


def _form_url(address: Address, access: Access, url: str) -> str:
    if not access.form_at:
        return url
    page = next(other for other in addresses() if other.name == access.form_at)
    return _example(page)


def _example(address: Address) -> str:
    values = {kwarg: _value(address, kwarg) for kwarg in address.kwargs}
    return reverse(address.name, kwargs=values)


def _value(address: Address, kwarg: str) -> Any:
    if kwarg in EXAMPLES:
        nobodys = next((value for end, value in NOBODYS.items() if kwarg.endswith(end)), "none")
        fitting = FITTING.get((address.name, kwarg), EXAMPLES[kwarg])
        return fitting() or EXAMPLES[kwarg]() or nobodys
    return address.steps[0] if address.steps else "none"
