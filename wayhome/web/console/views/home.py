"""The first page: what waits for this person, and nothing that waits for others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.answers.actions import matches_to_tell, named_to_reach
from wayhome.bureau.answers.models import Freeze, Invitation, OutgoingMessage
from wayhome.bureau.answers.rules import InvitationState, MessageState
from wayhome.bureau.captives.models import Captive, HarmFlag, SameManProposal
from wayhome.bureau.captives.queries import not_given_to_authority, unable_to_say_who
from wayhome.bureau.captives.rules import ProposalState
from wayhome.bureau.comparisons.models import ReferenceSample, Run
from wayhome.bureau.comparisons.rules.samples import State as Kit
from wayhome.bureau.concerns.models import Complaint, Objection
from wayhome.bureau.consents.actions import matches_to_ask
from wayhome.bureau.consents.models import DecisionForHim, PersonToTell
from wayhome.bureau.consents.rules import Answer
from wayhome.bureau.contact.calls.models import AfterCall, Call
from wayhome.bureau.contact.calls.rules import CallState
from wayhome.bureau.contact.models import Letter, Scan
from wayhome.bureau.contact.queries import without_news
from wayhome.bureau.contact.rules import LetterState
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeState
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import ActState
from wayhome.bureau.identifications.models import DeathTold, Identification
from wayhome.bureau.identifications.rules.board import State as IdentityState
from wayhome.bureau.identifications.telling import count_to_tell, kinship_to_weigh
from wayhome.bureau.inquests.models import Inquest
from wayhome.bureau.journeys.barred import barred
from wayhome.bureau.journeys.models import ConvoyEvent, Journey
from wayhome.bureau.journeys.queries import fell_by_hand, to_tell, unasked
from wayhome.bureau.journeys.rules.plans import JourneyState
from wayhome.bureau.journeys.trails import missed
from wayhome.bureau.matches.models import Candidate, Judgement, Match, SameSought
from wayhome.bureau.oversight.clocks import late_for
from wayhome.bureau.oversight.models import Overdue
from wayhome.bureau.relations.models import KinshipVerdict
from wayhome.bureau.remains.models import Change, EffectsList, Intake
from wayhome.bureau.repatriations.models import Consignment, Discrepancy, Offer, ReturnRequest
from wayhome.bureau.repatriations.rules.consigning import LegState
from wayhome.bureau.repatriations.rules.consigning import State as ConsignmentState
from wayhome.bureau.returns.days import days_to_tell
from wayhome.bureau.returns.models import Application, Ground, Seat
from wayhome.bureau.returns.queries import to_assess, without_plan
from wayhome.bureau.returns.rules import ApplicationState
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.welfare.models import Certificate, Entry, Parcel
from wayhome.bureau.yearly.actions import to_call
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.navigation import address_of
from wayhome.web.console.views.calls import todays

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

P = Permission


@dataclass(frozen=True)
class Waiting:
    """So many of something wait for this person; the link leads to their list."""

    words: "StrOrPromise"
    count: int
    url: str
    pressing: bool = False


@dataclass(frozen=True)
class Counter:
    """One line of the page: for whom, in which words, how it is counted, where it leads."""

    permission: Permission
    words: "StrOrPromise"
    count: Callable[[Staff], int]
    name: str
    query: str = ""
    pressing: bool = False


def _late(person: Staff) -> int:
    return late_for(person, timezone.now())


def _overdue(person: Staff) -> int:
    return Overdue.objects.visible_to(person).not_met().count()


def _to_sign(person: Staff) -> int:
    return Entry.objects.visible_to(person).filter(second_at=None).exclude(by=person).count()


def _receipts(person: Staff) -> int:
    return Entry.objects.visible_to(person).without_receipt().exclude(second_at=None).count()


def _parcels(person: Staff) -> int:
    return Parcel.objects.visible_to(person).to_open().count()


def _certificates(person: Staff) -> int:
    return Certificate.objects.visible_to(person).to_write().count()


def _without_authority(person: Staff) -> int:
    return not_given_to_authority(Captive.objects.visible_to(person)).count()


def _unable(person: Staff) -> int:
    return unable_to_say_who(Captive.objects.visible_to(person)).count()


def _same_men(person: Staff) -> int:
    men = Captive.objects.visible_to(person)
    return SameManProposal.objects.filter(state=ProposalState.OPEN, later__in=men).count()


def _candidates(person: Staff) -> int:
    mine = Judgement.objects.filter(candidate=OuterRef("pk"), round=OuterRef("round"), by=person)
    return Candidate.objects.visible_to(person).in_queue().filter(~Exists(mine)).count()


def _same_sought(person: Staff) -> int:
    return SameSought.objects.visible_to(person).filter(state=ProposalState.OPEN).count()


def _withdrawals(person: Staff) -> int:
    asked = Match.objects.visible_to(person).standing().exclude(withdrawal_asked_by=None)
    return asked.exclude(withdrawal_asked_by=person).count()


def _unweighed(person: Staff) -> int:
    verdicts = KinshipVerdict.objects.standing().filter(match=OuterRef("pk"))
    living = Match.objects.visible_to(person).standing().filter(~Exists(verdicts)).count()
    weighed = KinshipVerdict.objects.standing().filter(enquiry=OuterRef("pk"))
    return living + kinship_to_weigh().filter(~Exists(weighed)).count()


def _second_verdicts(person: Staff) -> int:
    given = KinshipVerdict.objects.visible_to(person).standing().filter(confirmed_at=None)
    waiting = given.filter(Q(match__in=Match.objects.standing()) | Q(enquiry__isnull=False))
    return waiting.exclude(by=person).count()


def _to_ask(person: Staff) -> int:
    return len({match.captive.principal.pk for match in matches_to_ask()})


def _objections(person: Staff) -> int:
    return Objection.objects.visible_to(person).open().count()


def _complaints(person: Staff) -> int:
    return Complaint.objects.visible_to(person).open().count()


def _in_their_place(person: Staff) -> int:
    return DecisionForHim.objects.visible_to(person).waiting().count()


def _flags(person: Staff) -> int:
    asked = HarmFlag.objects.visible_to(person).standing().exclude(first_lifter=None)
    return asked.exclude(first_lifter=person).count()


def _to_assess(person: Staff) -> int:
    return Captive.objects.filter(to_assess(timezone.localdate())).count()


def _without_plan(person: Staff) -> int:
    return without_plan(timezone.localdate()).count()


def _to_check(person: Staff) -> int:
    """Acts of law that another legal officer recorded."""
    rows = Ground.objects.visible_to(person).filter(checked_at=None, ended_at=None)
    return rows.exclude(recorded_by=person).count()


def _held(person: Staff) -> int:
    return Notice.objects.visible_to(person).filter(state=NoticeState.HELD).count()


def _to_invite(person: Staff) -> int:
    invited = Invitation.objects.filter(enquiry=OuterRef("enquiry"), state=InvitationState.OPEN)
    return matches_to_tell().filter(~Exists(invited)).count()


def _talks(person: Staff) -> int:
    return Invitation.objects.visible_to(person).filter(state=InvitationState.OPEN).count()


def _frozen(person: Staff) -> int:
    return Freeze.objects.visible_to(person).open().count()


def _to_reach(person: Staff) -> int:
    return named_to_reach(PersonToTell.objects.visible_to(person)).count()


def _to_read(person: Staff) -> int:
    rows = Letter.objects.visible_to(person).to_review()
    return rows.for_reader(person, timezone.now()).count()


def _without_news(person: Staff) -> int:
    return without_news(Captive.objects.visible_to(person), timezone.now()).count()


def _to_file(person: Staff) -> int:
    return Scan.objects.visible_to(person).waiting().count()


def _to_send(person: Staff) -> int:
    return Letter.objects.visible_to(person).filter(state=LetterState.PASSED).count()


def _messages(person: Staff) -> int:
    unsure = [MessageState.UNKNOWN, MessageState.REFUSED]
    return OutgoingMessage.objects.visible_to(person).filter(state__in=unsure).count()


def _todays_calls(person: Staff) -> int:
    return todays(person, timezone.now()).count()


def _wishes(person: Staff) -> int:
    asked = Call.objects.visible_to(person).filter(state=CallState.ASKED)
    return asked.filter(his_answer__in=["", Answer.YES]).count()


def _alone(person: Staff) -> int:
    return Call.objects.visible_to(person).unaccompanied().count()


def _worries(person: Staff) -> int:
    return AfterCall.objects.visible_to(person).filter(looked_into_at=None).count()


def _to_call(person: Staff) -> int:
    return Call.objects.visible_to(person).to_call().count()


def _applications(person: Staff) -> int:
    rows = Application.objects.visible_to(person).filter(captive__isnull=False)
    return rows.filter(state=ApplicationState.OPEN).count()


def _seats(person: Staff) -> int:
    return Seat.objects.visible_to(person).to_act().count()


def _again(person: Staff) -> int:
    rows = Application.objects.visible_to(person).filter(captive__isnull=False)
    return rows.to_look_at_again(timezone.localdate()).count()


def _granted(person: Staff) -> int:
    rows = Application.objects.visible_to(person).filter(captive__isnull=False)
    return rows.filter(state=ApplicationState.GRANTED).count()


def _barred(person: Staff) -> int:
    return barred(Journey.objects.visible_to(person), timezone.localdate()).count()


def _fell(person: Staff) -> int:
    return fell_by_hand(person).count()


def _days_for_him(person: Staff) -> int:
    return len(list(days_to_tell(timezone.localdate())))


def _unasked(person: Staff) -> int:
    return unasked(person).count()


def _to_confirm(person: Staff) -> int:
    rows = Journey.objects.visible_to(person).filter(state=JourneyState.PLANNED)
    return rows.filter(on__gte=timezone.localdate()).count()


def _stopped(person: Staff) -> int:
    return Journey.objects.visible_to(person).stopped().count()


def _to_bring_back(person: Staff) -> int:
    return Journey.objects.visible_to(person).to_bring_back().count()


def _days_to_tell(person: Staff) -> int:
    return to_tell(person).count()


def _missed(person: Staff) -> int:
    return missed(timezone.now()).filter(journey__in=Journey.objects.visible_to(person)).count()


def _alarms(person: Staff) -> int:
    return ConvoyEvent.objects.visible_to(person).alarms().count()


def _acts(person: Staff) -> int:
    return Act.objects.visible_to(person).filter(state=ActState.PREPARED).count()


def _hands_to_sign(person: Staff) -> int:
    return Change.objects.visible_to(person).waiting().filter(receiver=person).count()


def _names_to_sign(person: Staff) -> int:
    return Identification.objects.visible_to(person).waiting_for(person).count()


def _deaths_to_tell(person: Staff) -> int:
    return count_to_tell()


def _deaths_to_correct(person: Staff) -> int:
    return DeathTold.objects.visible_to(person).to_correct().count()


def _names_doubted(person: Staff) -> int:
    return Identification.objects.visible_to(person).filter(state=IdentityState.REOPENED).count()


def _kits_to_send(person: Staff) -> int:
    return ReferenceSample.objects.visible_to(person).filter(state=Kit.ASKED).count()


def _suspected(person: Staff) -> int:
    run = Run.objects.select_related("key").first() if person.may(P.SEE_GENETICS) else None
    return len((run.suspicions if run else None) or ())


def _effects_of_the_dead(person: Staff) -> int:
    rows = EffectsList.objects.visible_to(person).filter(second_at=None)
    return rows.exclude(by=person).values("remains").distinct().count()


def _yearly_to_read(person: Staff) -> int:
    return to_call().visible_to(person).count()


def _inquests_to_lead(person: Staff) -> int:
    """Those that this person may lead: nobody of the man's own site may."""
    rows = Inquest.objects.visible_to(person).open().not_led()
    return rows.exclude(captive__site=person.site).count()


def _inquests(person: Staff) -> int:
    return Inquest.objects.visible_to(person).open().count()


def _lorries(person: Staff) -> int:
    return Intake.objects.visible_to(person).filter(closed_at=None).count()


def _differing(person: Staff) -> int:
    """Consignments whose counts differ, until two people have explained each."""
    open_ones = Discrepancy.objects.visible_to(person).open()
    running = open_ones.exclude(leg__state=LegState.STOPPED)
    return running.values("leg__consignment").distinct().count()


def _doubted_on_the_way(person: Staff) -> int:
    """Consignments with remains of whom it is not sure any more who they are."""
    return Consignment.objects.visible_to(person).doubted().count()


def _to_receive(person: Staff) -> int:
    """Consignments in hands outside, without a receipt."""
    rows = Consignment.objects.visible_to(person).filter(state=ConsignmentState.ON_THE_WAY)
    return rows.filter(legs__state=LegState.DONE, legs__receiver=None).count()


def _remains_asked_for(person: Staff) -> int:
    return ReturnRequest.objects.visible_to(person).to_decide().count()


def _unsent_offers(person: Staff) -> int:
    return Offer.objects.visible_to(person).filter(sent_at=None).count()


COUNTERS = (
    Counter(P.SEE_CLOCKS, _("Overdue"), _late, "console:clocks", pressing=True),
    Counter(
        P.RECORD_CUSTODY, _("Not given to an authority yet"), _without_authority,
        "console:captives", "?authority=none", pressing=True,
    ),
    Counter(
        P.NOTE_HEALTH, _("Unable to say who they are, and not seen by a physician"), _unable,
        "console:captives", "?identity=unable", pressing=True,
    ),
    Counter(
        P.JUDGE_SAME_MAN, _("Two cards that may be of one man"), _same_men, "console:same_man"
    ),
    Counter(P.JUDGE_CANDIDATE, _("Candidates to be judged"), _candidates, "console:tracing"),
    Counter(
        P.JUDGE_SAME_SOUGHT, _("Two enquiries that may seek one man"), _same_sought,
        "console:same_sought",
    ),
    Counter(
        P.WITHDRAW_MATCH, _("Withdrawals that wait for a second person"), _withdrawals,
        "console:matches", "?state=asked", pressing=True,
    ),
    Counter(P.VERIFY_KINSHIP, _("Kinship to be weighed"), _unweighed, "console:kinship"),
    Counter(
        P.VERIFY_KINSHIP, _("Kinship that waits for a second person"), _second_verdicts,
        "console:kinship", "?state=second",
    ),
    Counter(P.OPEN_SITTING, _("Captives to be asked"), _to_ask, "console:sittings"),
    Counter(P.OPEN_SITTING, _("Captives to be told of their day"), _days_for_him,
            "console:sittings"),
    Counter(P.CORRECT_CARD, _("Lines called wrong"), _objections, "console:objections"),
    Counter(P.READ_COMPLAINT, _("Complaints not answered yet"), _complaints,
            "console:complaints", pressing=True),
    Counter(P.NOTE_HEALTH, _("Men who cannot decide: your word is awaited"), _in_their_place,
            "console:in_his_place", pressing=True),
    Counter(
        P.LEAD_INQUEST, _("Enquiries outside the camp that nobody leads"), _inquests_to_lead,
        "console:inquests", "?state=waits", pressing=True,
    ),
    Counter(
        P.SEE_INQUEST, _("Enquiries outside the camp without a report"), _inquests,
        "console:inquests",
    ),
    Counter(P.ASSESS_DANGER, _("Danger of return to be assessed"), _to_assess, "console:danger"),
    Counter(P.ASSESS_DANGER, _("Agreements and laws to be checked"), _to_check, "console:grounds"),
    Counter(
        P.LIFT_HARM_FLAG, _("Harm flags that wait for a second person"), _flags,
        "console:harm_flags",
    ),
    Counter(
        P.ASSESS_DANGER, _("Notices held for a lawyer"), _held, "console:outbox", "?state=held"
    ),
    Counter(
        P.READ_JOURNAL, _("Deadlines that passed and are not met"), _overdue, "console:overdue",
        "?state=open", pressing=True,
    ),
    Counter(
        P.SIGN_EFFECTS, _("Effects that wait for a second signature"), _to_sign,
        "console:effects", "?waits=signature",
    ),
    Counter(
        P.KEEP_WELFARE, _("Receipts to be given"), _receipts, "console:effects", "?waits=receipt"
    ),
    Counter(
        P.KEEP_WELFARE, _("Parcels to be opened"), _parcels, "console:parcels", "?state=waits"
    ),
    Counter(
        P.NOTE_HEALTH, _("Certificates to be written"), _certificates, "console:certificates",
        "?state=waits",
    ),
    Counter(P.REVIEW_LETTER, _("Letters to be read"), _to_read, "console:letters"),
    Counter(P.SEND_LETTER, _("Men without news for four weeks"), _without_news, "console:no_news"),
    Counter(P.BRING_SCAN, _("Scanned letters to be filed"), _to_file, "console:scans"),
    Counter(P.SEND_LETTER, _("Letters to be sent"), _to_send, "console:letters_to_send"),
    Counter(P.ARRANGE_CALL, _("Calls today"), _todays_calls, "console:calls", "?day=today"),
    Counter(P.ARRANGE_CALL, _("Calls that wait for a time"), _wishes, "console:calls",
            "?day=late"),
    Counter(P.ARRANGE_CALL, _("Agreed calls that are given to nobody"), _alone, "console:calls",
            "?day=alone", pressing=True),
    Counter(P.SEE_WORRY, _("Worries after calls"), _worries, "console:worries", pressing=True),
    Counter(
        P.RECORD_REMAINS, _("Remains wait for your signature"), _hands_to_sign,
        "console:remains_waiting", pressing=True,
    ),
    Counter(
        P.SIGN_IDENTIFICATION, _("Names of the dead wait for your word"), _names_to_sign,
        "console:identifications", "?only=mine", pressing=True,
    ),
    Counter(
        P.TELL_FAMILY, _("Families to tell of a death"), _deaths_to_tell, "console:deaths",
        pressing=True,
    ),
    Counter(
        P.TELL_FAMILY, _("Families who were told of a death that is doubted"),
        _deaths_to_correct, "console:deaths_told", "?state=to_correct", pressing=True,
    ),
    Counter(
        P.WEIGH_IDENTITY, _("Names of the dead that are doubted"), _names_doubted,
        "console:identifications", "?state=reopened", pressing=True,
    ),
    Counter(
        P.KEEP_REFERENCES, _("Kits to send to families"), _kits_to_send, "console:references",
        "?state=asked",
    ),
    Counter(P.SEE_GENETICS, _("What the machine suspects of samples"), _suspected, "console:bench"),
    Counter(P.RECORD_REMAINS, _("Lorries whose intake is open"), _lorries, "console:lorries"),
    Counter(
        P.RECORD_REMAINS, _("Differences of consignments to be explained"), _differing,
        "console:consignments", "?only=differs", pressing=True,
    ),
    Counter(
        P.RECORD_REMAINS, _("Consignments with remains that are doubted"), _doubted_on_the_way,
        "console:consignments", "?only=doubted", pressing=True,
    ),
    Counter(
        P.RECORD_REMAINS, _("Consignments that wait for their receipt"), _to_receive,
        "console:consignments", "?state=on+the+way",
    ),
    Counter(
        P.DECIDE_RETURN, _("Requests for remains to be decided"), _remains_asked_for,
        "console:return_requests", "?state=open",
    ),
    Counter(
        P.OFFER_REMAINS, _("Offers of remains that are not sent"), _unsent_offers,
        "console:offers",
    ),
    Counter(
        P.RECORD_REMAINS, _("Effects of the dead to be signed by a second person"),
        _effects_of_the_dead, "console:remains_list", "?only=effects",
    ),
    Counter(P.TELL_FAMILY, _("People to call"), _to_call, "console:call_families"),
    Counter(
        P.TELL_FAMILY, _("Families with whom a person must speak first"), _frozen,
        "console:frozen", pressing=True,
    ),
    Counter(P.TELL_FAMILY, _("Families to be invited to a talk"), _to_invite, "console:first_news"),
    Counter(P.TELL_FAMILY, _("People whom the men want told"), _to_reach, "console:named"),
    Counter(P.TELL_FAMILY, _("Families invited, who wait for the talk"), _talks,
            "console:first_news"),
    Counter(
        P.RESOLVE_MESSAGE, _("Messages that wait for a person's decision"), _messages,
        "console:messages", pressing=True,
    ),
    Counter(
        P.DECIDE_APPLICATION, _("Applications to be decided"), _applications,
        "console:applications", "?state=open",
    ),
    Counter(
        P.DECIDE_APPLICATION, _("Applications whose day to be looked at again has come"), _again,
        "console:applications", "?state=again", pressing=True,
    ),
    Counter(
        P.SIT_ON_BOARD, _("Boards that wait for your word"), _seats, "console:boards",
        pressing=True,
    ),
    Counter(
        P.SET_APPOINTMENT, _("Roads home that are open"), _granted, "console:applications",
        "?state=granted",
    ),
    Counter(
        P.SET_APPOINTMENT, _("Days set by hand that fell"), _fell, "console:applications",
        "?state=fell", pressing=True,
    ),
    Counter(
        P.SET_APPOINTMENT, _("Men without a plan, though hostilities have ended"), _without_plan,
        "console:without_plan", pressing=True,
    ),
    Counter(
        P.PLAN_JOURNEYS, _("Families to be brought back from the way"), _to_bring_back,
        "console:journeys", "?state=back", pressing=True,
    ),
    Counter(
        P.PLAN_JOURNEYS, _("Journeys through danger, or by something closed"), _barred,
        "console:journeys", "?state=barred", pressing=True,
    ),
    Counter(
        P.PLAN_JOURNEYS, _("Journeys that were stopped, and are not planned anew"), _stopped,
        "console:journeys", "?state=stopped", pressing=True,
    ),
    Counter(
        P.PLAN_JOURNEYS, _("On the way, and no word came for half an hour"), _missed,
        "console:on_the_way", pressing=True,
    ),
    Counter(P.PLAN_JOURNEYS, _("Alarms from the way"), _alarms, "console:on_the_way",
            pressing=True),
    Counter(
        P.PLAN_JOURNEYS, _("Families of whom it is not known who travels"), _unasked,
        "console:parties", "?state=unasked",
    ),
    Counter(
        P.PLAN_JOURNEYS, _("Journeys to be confirmed"), _to_confirm, "console:journeys",
        "?state=planned",
    ),
    Counter(
        P.TELL_FAMILY, _("Letters of the year to be read out"), _yearly_to_read, "console:yearly",
    ),
    Counter(P.TELL_FAMILY, _("Days of journeys to tell"), _days_to_tell, "console:journey_news"),
    Counter(P.PREPARE_ACT, _("Acts that are prepared"), _acts, "console:acts", "?state=prepared"),
    Counter(P.WITNESS_ACT, _("Acts that are prepared"), _acts, "console:acts", "?state=prepared"),
)  # fmt: skip
STARTS = (
    (P.REGISTER_CAPTIVE, _("Register a captive"), "console:captive_new"),
    (P.KEEP_WELFARE, _("Keep the day book"), "console:day_book"),
    (P.ENTER_ENQUIRY, _("Write down an enquiry"), "console:enquiry_new"),
    (P.READ_WAITING_TEXT, _("Somebody calls again"), "console:caller"),
    (P.MANAGE_STAFF, _("Open an account"), "console:staff_new"),
    (P.READ_JOURNAL, _("Read the journal"), "console:journal"),
)


def waiting_for(person: Staff) -> Iterator[Waiting]:
    for each in COUNTERS:
        url = address_of(each.name)
        if url and person.may(each.permission):
            yield Waiting(each.words, each.count(person), url + each.query, each.pressing)


@allowed(P.USE_CONSOLE, methods=("GET",))
def home(request: StaffRequest) -> HttpResponse:
    """Each role gets only its own."""
    starts = [(words, reverse(name)) for need, words, name in STARTS if request.user.may(need)]
    context: dict[str, Any] = {"waiting": list(waiting_for(request.user)), "starts": starts}
    return render(request, "console/home.html", context)


urlpatterns = [path("", home, name="home")]
