"""The facts on which a road home rests, read from the subjects below."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents.models import Consent, DangerAssessment, FearAnswer, of_same_man
from wayhome.bureau.consents.rules import Answer, Danger, Fear, Kind, may_be_a_child
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.matches.models import Match
from wayhome.bureau.relations.models import KinshipVerdict
from wayhome.bureau.relations.rules import Level
from wayhome.bureau.returns.announcements import was_asked_since
from wayhome.bureau.returns.models import (
    Application,
    Appointment,
    Finding,
    Ground,
    Guarantee,
    Programme,
)
from wayhome.bureau.returns.rules import (
    FRESH_FOR,
    NEEDS_HIS_YES,
    SAY_IT_ANEW,
    Facts,
    Reason,
    Road,
    begins_on,
    is_eligible,
)
from wayhome.bureau.returns.rules import missing_for_travel as missing_in
from wayhome.bureau.returns.rules.grounds import (
    HELD_BY_COURT,
    SENT_HOME,
    TO_NEUTRAL,
    FindingKind,
    GroundKind,
)
from wayhome.bureau.welfare.models import Illness

EVER = datetime(1, 1, 2, tzinfo=UTC)  # before whatever was asked


def facts_of(application: Application, road: Road | None) -> Facts:
    """What stands for and against this application on this road, at this moment."""
    captive, enquiry = application.captive, application.enquiry
    match = standing_match(enquiry, captive)
    appointment, yes_at = standing_appointment(application), _said_yes_at(application, match)
    return replace(
        _of_man(captive, road),
        his_yes=yes_at is not None,
        yes_is_fresh=_is_fresh(yes_at),
        by_family=enquiry is not None,
        she_comes=she_comes(application),
        match_stands=match is not None,
        kinship_proven=bool(match and KinshipVerdict.objects.proven(match)),
        programme_open=_programme_open(appointment),
        guaranteed=Guarantee.objects.standing().filter(application=application).exists(),
        way_out_his=bool(appointment and whole_way_out(appointment.way_out_his)),
        way_out_hers=bool(appointment and whole_way_out(appointment.way_out_hers)),
    )


def facts_of_man(captive: Captive, road: Road | None) -> Facts:
    """What stands for and against a road for a man for whom nobody applied."""
    own_yes = _yes_of(captive, Consent.objects.of_his_own(captive))
    return replace(
        _of_man(captive, road),
        his_yes=own_yes is not None,
        yes_is_fresh=_is_fresh(own_yes),
        programme_open=_programme_open(),
    )


def _of_man(captive: Captive | None, road: Road | None) -> Facts:
    """What stands for and against a road whoever applied."""
    if captive is None:
        return replace(NOBODY, road=road)
    return replace(
        NOBODY,
        road=road,
        in_custody=captive.custody_state == CustodyState.HELD,
        fears=_fears(captive),
        assessed=_assessed(captive),
        no_is_new=_no_is_new(captive),
        harm_flag=captive.under_harm_flag(),
        child=bool(captive.born) and may_be_a_child(captive.born, timezone.localdate()),
        seriously_ill=Illness.objects.open().filter(of_same_man(captive)).exists(),
        **_found(captive),
        **_in_force(),
    )


NOBODY = Facts(
    road=None,
    in_custody=False,
    his_yes=False,
    fears=False,
    assessed=None,
    harm_flag=False,
    by_family=False,
    match_stands=False,
    kinship_proven=False,
    she_comes=False,
)


def _found(captive: Captive) -> dict[str, bool]:
    """What people found about him, as the table asks it."""
    newest = Finding.objects.newest_of(captive)
    values = {kind: one.told["value"] for kind, one in newest.items()}
    medical, fit = newest.get(FindingKind.MEDICAL), newest.get(FindingKind.FIT)
    proposed = newest.get(FindingKind.PROPOSED)
    return {
        "gravely_ill": values.get(FindingKind.MEDICAL) in SENT_HOME,
        "for_neutral": values.get(FindingKind.MEDICAL) in TO_NEUTRAL,
        "proposed": bool(proposed and not (medical and medical.at > proposed.at)),
        "fit_certified": bool(fit and fit.until and fit.until >= timezone.localdate()),
        "court_hold": values.get(FindingKind.COURT) in HELD_BY_COURT,
        "retained_unneeded": values.get(FindingKind.RETAINED) == "not needed",
        "within_limits": values.get(FindingKind.LIMITS) != "left out",
        "guardian_agrees": values.get(FindingKind.GUARDIAN) == "agrees",
        "gave_his_word": values.get(FindingKind.WORD) == "given",
    }


def _in_force() -> dict[str, bool]:
    """What the law allows today, for everybody alike."""
    rows = Ground.objects.in_force(timezone.localdate())
    stands = set(rows.filter(allows=True).values_list("kind", flat=True))
    return {
        "agreement": GroundKind.AGREEMENT in stands,
        "neutral_accepts": GroundKind.NEUTRAL in stands,
        "parole_allowed": GroundKind.PAROLE_LAW in stands,
        "hostilities_ended": GroundKind.HOSTILITIES_ENDED in stands,
    }


def _programme_open(appointment: Appointment | None = None) -> bool:
    """Whether a programme uses the invitation now, or did when this journey began."""
    those, today = Programme.objects.that_uses(Road.INVITATION), timezone.localdate()
    if those.open(today).exists():
        return True
    if appointment is None:
        return False
    begun_on = max(begins_on(appointment.on), timezone.localdate(appointment.at))
    return begun_on <= today and those.honouring(begun_on).exists()


@dataclass(frozen=True)
class Evidence:
    """How far each thing is shown that a board may weigh: levels and days, never papers."""

    match_stands: bool
    kinship: Level | None
    yes_at: datetime | None
    yes_is_fresh: bool
    she_comes: bool


def evidence_of(application: Application) -> Evidence:
    """What a board reads of the evidence at this moment."""
    match = standing_match(application.enquiry, application.captive)
    verdicts = KinshipVerdict.objects.standing().filter(confirmed_at__isnull=False)
    weighed = verdicts.filter(match=match).values_list("level", flat=True).first()
    yes_at = _said_yes_at(application, match)
    return Evidence(
        match_stands=match is not None,
        kinship=Level(weighed) if match and weighed else None,
        yes_at=yes_at,
        yes_is_fresh=_is_fresh(yes_at),
        she_comes=she_comes(application),
    )


def is_open(application: Application) -> bool:
    """All that a planner reads of an application: whether its road is open."""
    road = Road(application.road) if application.road else None
    return may_have_a_day(application, facts_of(application, road))


def may_have_a_day(application: Application, facts: Facts) -> bool:
    """The same where the facts are known. A day towards an act that cannot be begun is none."""
    return is_eligible(facts) and not must_say_anew(application, facts)


def must_say_anew(application: Application, facts: Facts) -> bool:
    """Whether an act of his stopped after the last question, and he has not said yes since.

    Before he does none is begun, nor a day planned for one, on whatever road.
    """
    return not facts.his_yes and _was_asked(application.captive)


def she_comes(application: Application) -> bool:
    """Whether somebody of his family meets him, as far as she has said."""
    wish = application.wish or {}
    return application.enquiry_id is not None and wish.get("travel") != "no"


def missing_for_travel(application: Application) -> list[Reason]:
    """What stands against setting out now; asked before a day or a journey is confirmed."""
    road = Road(application.road) if application.road else None
    return missing_to_set_out(application, facts_of(application, road))


def missing_to_set_out(application: Application, facts: Facts) -> list[Reason]:
    """The same where the facts are known. A road that needs his yes says itself that none is in
    force.
    """
    needs_no_yes = facts.road is not None and facts.road not in NEEDS_HIS_YES
    anew = needs_no_yes and must_say_anew(application, facts)
    return missing_in(facts) + [SAY_IT_ANEW] * anew


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
    """When he said the yes before a neutral that is in force; None if there is none."""
    return _said_yes_at(application, standing_match(application.enquiry, application.captive))


def _said_yes_at(application: Application, match: Match | None) -> datetime | None:
    """The same where the match is known.

    His own application is his yes only through such a consent, like hers.
    """
    captive, newest = application.captive, None
    if match:
        newest = Consent.objects.in_force(match, Kind.GO_HOME)
    elif captive and application.enquiry_id is None:
        newest = Consent.objects.of_his_own(captive)
    return _yes_of(captive, newest)


def _yes_of(captive: Captive | None, newest: Consent | None) -> datetime | None:
    """Of a yes that carries. Once he was asked at the door and did not go, it carries no further:
    whatever he said there, he is asked anew before anybody sets out.
    """
    if captive is None or newest is None or newest.answer != Answer.YES or not newest.before_id:
        return None
    return None if _was_asked(captive, since=newest.at) else newest.at


def _was_asked(captive: Captive | None, since: datetime = EVER) -> bool:
    """Whether an act of his stopped though he was asked for the last time after this moment."""
    if captive is None:
        return False
    asked = was_asked_since.send(Captive, captive=captive, at=since)
    return any(says for _, says in asked)


def _is_fresh(yes_at: datetime | None) -> bool:
    return yes_at is not None and timezone.now() - yes_at <= FRESH_FOR


def _no_is_new(captive: Captive) -> bool:
    """Whether his last word to going home, to anybody, was no yes, and nothing assessed since."""
    said = Consent.objects.filter(of_same_man(captive), kind=Kind.GO_HOME, stopped_at=None)
    last = said.order_by("-at", "-id").first()
    if last is None or last.answer == Answer.YES:
        return False
    assessed = DangerAssessment.objects.latest_of(captive)
    return assessed is None or last.at > assessed.at


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
