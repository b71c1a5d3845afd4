"""The facts on which a road home rests, read from the subjects below."""

from datetime import datetime

from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents.models import Consent, DangerAssessment, FearAnswer
from wayhome.bureau.consents.rules import Answer, Danger, Fear, Kind
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.matches.models import Match
from wayhome.bureau.relations.models import KinshipVerdict
from wayhome.bureau.returns.models import Application, Appointment
from wayhome.bureau.returns.rules import FRESH_FOR, Facts, Road


def facts_of(application: Application, road: Road | None) -> Facts:
    """What stands for and against this application on this road, at this moment."""
    captive, enquiry = application.captive, application.enquiry
    match = standing_match(enquiry, captive)
    appointment, yes_at = standing_appointment(application), said_yes_at(application)
    return Facts(
        road=road,
        in_custody=bool(captive and captive.custody_state == CustodyState.HELD),
        his_yes=yes_at is not None,
        yes_is_fresh=yes_at is not None and timezone.now() - yes_at <= FRESH_FOR,
        fears=bool(captive and _fears(captive)),
        assessed=_assessed(captive) if captive else None,
        harm_flag=bool(captive and captive.under_harm_flag()),
        by_family=not application.by_captive,
        she_comes=she_comes(application),
        match_stands=match is not None,
        kinship_proven=bool(match and KinshipVerdict.objects.proven(match)),
        way_out_his=bool(appointment and whole_way_out(appointment.way_out_his)),
        way_out_hers=bool(appointment and whole_way_out(appointment.way_out_hers)),
    )


def she_comes(application: Application) -> bool:
    """Whether somebody of his family meets him, as far as she has said."""
    wish = application.wish or {}
    return not application.by_captive and wish.get("travel") != "no"


WAY_OUT = ("destination", "papers", "shelter", "legs")


def whole_way_out(way_out: dict[str, str] | None) -> bool:
    """Whether destination, papers, shelter and legs are all there."""
    return all((way_out or {}).get(part, "").strip() for part in WAY_OUT)


def standing_match(enquiry: Enquiry | None, captive: Captive | None) -> Match | None:
    if enquiry is None or captive is None:
        return None
    return Match.objects.standing().filter(enquiry=enquiry, captive=captive).first()


def standing_appointment(application: Application) -> Appointment | None:
    rows = application.appointments.select_related("key")
    return rows.filter(cancelled_at=None).first()


def said_yes_at(application: Application) -> datetime | None:
    """When he said the yes before a neutral that is in force; None if there is none.

    His own application is his yes only through such a consent, like hers.
    """
    captive, newest = application.captive, None
    if match := standing_match(application.enquiry, captive):
        newest = Consent.objects.in_force(match, Kind.GO_HOME)
    elif captive and application.by_captive:
        newest = Consent.objects.of_his_own(captive)
    is_yes = newest and newest.answer == Answer.YES and newest.before_id
    return newest.at if newest and is_yes else None


def _fears(captive: Captive) -> bool:
    answer = FearAnswer.objects.select_related("key").latest_of(captive)
    return bool(answer and answer.answer.get("fear") != Fear.NO)


def _assessed(captive: Captive) -> bool | None:
    """The latest assessment, if it is not older than his latest answer about fear."""
    assessment = DangerAssessment.objects.select_related("key").latest_of(captive)
    if assessment is None:
        return None
    fear = FearAnswer.objects.latest_of(captive)
    if fear and fear.at > assessment.at:
        return None
    return bool(assessment.finding.get("danger") == Danger.NONE_KNOWN)
