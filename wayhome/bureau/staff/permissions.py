"""Who may do what: the one table, asked in the first line of every action."""

from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    NOBODY = "nobody"
    FAMILY = "family"
    CAPTIVE = "captive"
    REGISTRAR = "registrar"
    CUSTODY = "custody"
    WELFARE = "welfare"
    PHYSICIAN = "physician"
    TRACING = "tracing"
    VERIFIER = "verifier"
    SUPERVISOR = "supervisor"
    DECISION = "decision"
    BOARD = "board"
    COORDINATOR = "coordinator"
    ESCORT = "escort"
    FORENSIC = "forensic"
    CONTACT = "contact"
    OPERATOR = "operator"
    NEUTRAL = "neutral"
    LEGAL = "legal"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


NOT_STAFF = frozenset({Role.NOBODY, Role.FAMILY, Role.CAPTIVE})

ROLE_NAMES = {
    Role.NOBODY: _("Visitor"),
    Role.FAMILY: _("Family"),
    Role.CAPTIVE: _("Captive"),
    Role.REGISTRAR: _("Registrar"),
    Role.CUSTODY: _("Custody officer"),
    Role.WELFARE: _("Welfare officer"),
    Role.PHYSICIAN: _("Physician"),
    Role.TRACING: _("Tracing officer"),
    Role.VERIFIER: _("Kinship verifier"),
    Role.SUPERVISOR: _("Call supervisor"),
    Role.DECISION: _("Decision officer"),
    Role.BOARD: _("Board member"),
    Role.COORDINATOR: _("Coordinator"),
    Role.ESCORT: _("Escort"),
    Role.FORENSIC: _("Forensic expert"),
    Role.CONTACT: _("Family contact"),
    Role.OPERATOR: _("Hotline operator"),
    Role.NEUTRAL: _("Neutral"),
    Role.LEGAL: _("Legal officer"),
    Role.AUDITOR: _("Auditor"),
    Role.ADMINISTRATOR: _("Administrator"),
}


class Permission(StrEnum):
    # captives
    REGISTER_CAPTIVE = "register captive"
    IMPORT_CARDS = "import cards"
    CORRECT_CARD = "correct card"
    SEE_CAPTIVE = "see captive"
    JUDGE_SAME_MAN = "judge whether two cards are one man"
    RECORD_CUSTODY = "record custody"
    SEE_PLACE = "see place"
    NOTE_HEALTH = "note health"
    SEE_HEALTH = "see health"
    KEEP_WELFARE = "keep welfare"
    SEE_WELFARE = "see welfare"
    SIGN_EFFECTS = "sign for effects"
    ASK_CERTIFICATE = "ask for a certificate"
    SET_HARM_FLAG = "set harm flag"
    SEE_HARM_FLAG = "see harm flag"
    LIFT_HARM_FLAG = "lift harm flag"
    # inquests
    ASK_FOR_INQUEST = "ask for an enquiry into an injury"
    LEAD_INQUEST = "lead an enquiry outside the camp"
    SEE_INQUEST = "see enquiries outside the camp"
    # remains
    SEE_REMAINS = "see remains"
    RECORD_REMAINS = "record remains"
    EXAMINE_REMAINS = "examine remains"
    # identifications
    WEIGH_IDENTITY = "weigh evidence of identity"
    WEIGH_BY_CODE = "weigh evidence without a name"
    WEIGH_BY_NAME = "weigh evidence that names"
    SEE_IDENTIFICATION = "see identification"
    SIGN_IDENTIFICATION = "sign identification as one of a board"
    DOUBT_IDENTIFICATION = "doubt an identification"
    # repatriations
    SEE_OFFER = "see offers of remains"
    OFFER_REMAINS = "offer remains to their country"
    SEE_RETURN_REQUEST = "see requests for remains"
    TAKE_RETURN_REQUEST = "take requests for remains"
    DECIDE_RETURN = "decide requests for remains"
    SEE_CONSIGNMENT = "see consignments of remains"
    # enquiries
    ASK_OWN = "ask for one's own"
    ENTER_ENQUIRY = "enter enquiry"
    IMPORT_ENQUIRIES = "import enquiries"
    SEE_ENQUIRY = "see enquiry"
    READ_WAITING_TEXT = "read waiting text"
    # comparisons
    KEEP_REFERENCES = "keep reference samples"
    SEE_GENETICS = "see genetics"
    TAKE_ANTEMORTEM = "take ante-mortem data"
    SEE_ANTEMORTEM = "see ante-mortem data"
    GIVE_SAMPLE = "give a reference sample"
    # other bureaus
    KEEP_AGREEMENTS = "keep agreements with other bureaus"
    SEE_AGREEMENTS = "see agreements with other bureaus"
    # matches
    JUDGE_CANDIDATE = "judge candidate"
    JUDGE_SAME_SOUGHT = "judge whether two enquiries seek one man"
    WITHDRAW_MATCH = "withdraw match"
    SEE_MATCH = "see match"
    SEE_TRACING_FIGURES = "see figures of tracing"
    LEARN_WEIGHTS = "learn weights"
    # relations
    BRING_PROOF = "bring proof"
    VERIFY_KINSHIP = "verify kinship"
    # consents
    OPEN_SITTING = "open a captive's sitting"
    OPEN_HIS_PAGE = "open a captive's page without a neutral"
    ANSWER_FOR_SELF = "answer for oneself"
    SEE_CONSENT = "see consent"
    SEE_FEAR = "see fear"
    ASSESS_DANGER = "assess danger of return"
    READ_COMPLAINT = "read complaint"
    # statements and the press
    TAKE_STATEMENT = "take statement"
    READ_STATEMENT = "read statement"
    SEE_COMRADES = "see comrades of one sought"
    REFUSE_PRESS = "refuse press request"
    SEE_PRESS = "see press requests"
    # answers
    TELL_FAMILY = "tell family"
    RESOLVE_MESSAGE = "resolve message"
    # contact
    REVIEW_LETTER = "review letter"
    SEND_LETTER = "send letter"
    ARRANGE_CALL = "arrange and accompany calls"
    SEE_WORRY = "see worry after a call"
    BRING_SCAN = "bring scans of letters"
    # returns and handovers
    KEEP_PROGRAMME = "write and publish programmes"
    APPLY = "apply"
    WRITE_APPLICATION = "write down an application"
    SEE_APPLICATION = "see application"
    DECIDE_APPLICATION = "decide application"
    SIT_ON_BOARD = "sit on a board"
    SET_APPOINTMENT = "set appointment"
    PLAN_JOURNEYS = "plan journeys"
    MEET_FAMILY = "meet families on the way"
    PREPARE_ACT = "prepare act"
    WITNESS_ACT = "witness act"
    # exchange and oversight
    SEE_OUTBOX = "see outbox"
    READ_JOURNAL = "read journal"
    SEE_CLOCKS = "see clocks"
    MANAGE_STAFF = "manage staff"
    USE_CONSOLE = "use console"


P = Permission
_CAMP = {P.SEE_CAPTIVE, P.SEE_CLOCKS}
_THE_DEAD = {P.SEE_REMAINS, P.RECORD_REMAINS, P.SEE_CONSIGNMENT}
_NAMING = {P.WEIGH_IDENTITY, P.SEE_IDENTIFICATION, P.DOUBT_IDENTIFICATION}
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.NOBODY: frozenset(),
    Role.FAMILY: frozenset({P.ASK_OWN, P.BRING_PROOF, P.GIVE_SAMPLE, P.APPLY}),
    Role.CAPTIVE: frozenset({P.ANSWER_FOR_SELF, P.APPLY, P.ASK_CERTIFICATE, P.SET_HARM_FLAG}),
    Role.REGISTRAR: frozenset(
        {
            *_CAMP,
            P.REGISTER_CAPTIVE,
            P.IMPORT_CARDS,
            P.CORRECT_CARD,
            P.JUDGE_SAME_MAN,
            P.RECORD_CUSTODY,
            P.SEE_PLACE,
            P.SET_HARM_FLAG,
            P.SEE_OUTBOX,
            *_THE_DEAD,
        }
    ),
    Role.CUSTODY: frozenset(
        {*_CAMP, *_THE_DEAD, P.RECORD_CUSTODY, P.SEE_PLACE, P.SEE_WELFARE, P.SIGN_EFFECTS}
    ),
    Role.WELFARE: frozenset(
        {
            *_CAMP,
            P.BRING_SCAN,
            P.SEND_LETTER,
            P.OPEN_HIS_PAGE,
            P.KEEP_WELFARE,
            P.SEE_WELFARE,
            P.SIGN_EFFECTS,
            P.ASK_CERTIFICATE,
        }
    ),
    Role.PHYSICIAN: frozenset(
        {
            *_CAMP,
            P.NOTE_HEALTH,
            P.SEE_HEALTH,
            P.ASK_CERTIFICATE,
            P.SET_HARM_FLAG,
            P.ASK_FOR_INQUEST,
        }
    ),
    Role.TRACING: frozenset(
        {
            *_NAMING,
            P.WEIGH_BY_NAME,
            P.SEE_CONSIGNMENT,
            P.SEE_ENQUIRY,
            P.ENTER_ENQUIRY,
            P.WRITE_APPLICATION,
            P.IMPORT_ENQUIRIES,
            P.JUDGE_CANDIDATE,
            P.JUDGE_SAME_SOUGHT,
            P.WITHDRAW_MATCH,
            P.SEE_MATCH,
            P.SEE_TRACING_FIGURES,
            P.LEARN_WEIGHTS,
            P.READ_STATEMENT,
            P.SEE_COMRADES,
            P.SEE_CLOCKS,
        }
    ),
    Role.VERIFIER: frozenset({P.SEE_ENQUIRY, P.SEE_MATCH, P.VERIFY_KINSHIP, P.SEE_CLOCKS}),
    Role.SUPERVISOR: frozenset({P.REVIEW_LETTER, P.BRING_SCAN, P.ARRANGE_CALL}),
    Role.DECISION: frozenset(
        {
            P.SEE_APPLICATION,
            P.DECIDE_APPLICATION,
            P.SEE_OFFER,
            P.SEE_RETURN_REQUEST,
            P.DECIDE_RETURN,
        }
    ),
    Role.BOARD: frozenset(
        {
            P.SIT_ON_BOARD,
            P.SEE_IDENTIFICATION,
            P.SIGN_IDENTIFICATION,
            P.DOUBT_IDENTIFICATION,
            P.SEE_CONSIGNMENT,
        }
    ),
    Role.COORDINATOR: frozenset(
        {
            P.SEE_APPLICATION,
            P.SET_APPOINTMENT,
            P.PLAN_JOURNEYS,
            P.MEET_FAMILY,
            P.PREPARE_ACT,
            P.SEE_OFFER,
            P.OFFER_REMAINS,
            P.SEE_RETURN_REQUEST,
            P.TAKE_RETURN_REQUEST,
            P.SEE_CONSIGNMENT,
        }
    ),
    Role.ESCORT: frozenset({P.MEET_FAMILY}),
    Role.FORENSIC: frozenset(
        {
            *_THE_DEAD,
            *_NAMING,
            P.WEIGH_BY_CODE,
            P.EXAMINE_REMAINS,
            P.SEE_OFFER,
            P.OFFER_REMAINS,
            P.SEE_GENETICS,
            P.SEE_AGREEMENTS,
            P.SEE_ANTEMORTEM,
        }
    ),
    Role.CONTACT: frozenset(
        {
            P.SEE_ENQUIRY,
            P.WRITE_APPLICATION,
            P.TELL_FAMILY,
            P.RESOLVE_MESSAGE,
            P.SEE_RETURN_REQUEST,
            P.TAKE_RETURN_REQUEST,
            P.KEEP_REFERENCES,
            P.TAKE_ANTEMORTEM,
            P.SEE_ANTEMORTEM,
        }
    ),
    Role.OPERATOR: frozenset({P.ENTER_ENQUIRY, P.READ_WAITING_TEXT, P.REFUSE_PRESS}),
    Role.NEUTRAL: frozenset(
        {
            P.SEE_WORRY,
            P.SEE_CAPTIVE,
            P.SEE_PLACE,
            P.SEE_WELFARE,
            P.OPEN_SITTING,
            P.SEE_CONSENT,
            P.SEE_FEAR,
            P.SET_HARM_FLAG,
            P.SEE_HARM_FLAG,
            P.LIFT_HARM_FLAG,
            P.ASK_FOR_INQUEST,
            P.SEE_INQUEST,
            P.WITNESS_ACT,
            P.READ_COMPLAINT,
            P.TAKE_STATEMENT,
            P.READ_STATEMENT,
            P.SEE_CLOCKS,
        }
    ),
    Role.LEGAL: frozenset(
        {
            P.SEE_CAPTIVE,
            P.SEE_CONSENT,
            P.SEE_FEAR,
            P.ASSESS_DANGER,
            P.KEEP_PROGRAMME,
            P.SET_HARM_FLAG,
            P.SEE_HARM_FLAG,
            P.LIFT_HARM_FLAG,
            P.ASK_FOR_INQUEST,
            P.LEAD_INQUEST,
            P.SEE_INQUEST,
            P.KEEP_AGREEMENTS,
            P.SEE_AGREEMENTS,
            P.REFUSE_PRESS,
            P.SEE_PRESS,
            P.SEE_OUTBOX,
            P.SEE_CLOCKS,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            P.SEE_WORRY,
            P.READ_JOURNAL,
            P.SEE_AGREEMENTS,
            P.READ_COMPLAINT,
            P.SEE_PRESS,
            P.SEE_TRACING_FIGURES,
            P.SEE_OUTBOX,
            P.SEE_CLOCKS,
        }
    ),
    Role.ADMINISTRATOR: frozenset({P.MANAGE_STAFF}),
}
CONSOLE_ROLES = frozenset(Role) - NOT_STAFF
for _role in CONSOLE_ROLES:
    GRANTS[_role] = GRANTS[_role] | {P.USE_CONSOLE}

# Seen at their own site alone; the others see what their permission names at every site.
AT_ONE_SITE = frozenset({Role.REGISTRAR, Role.CUSTODY, Role.WELFARE, Role.PHYSICIAN})


class Forbidden(PermissionDenied):
    """Somebody asked for what their role does not allow. Holds the permission, never a name."""


class Acting:
    """What everybody who acts can be asked: mixed into Staff, Enquirer and CaptiveAtTablet."""

    @property
    def acting_role(self) -> Role:
        raise NotImplementedError

    @property
    def actor_role(self) -> str:
        return self.acting_role.value

    def may(self, permission: Permission) -> bool:
        return permission in GRANTS[self.acting_role]

    def must(self, permission: Permission) -> None:
        if not self.may(permission):
            raise Forbidden(permission.value)

    def may_read_journal(self) -> bool:
        return self.may(Permission.READ_JOURNAL)


def roles_with(permission: Permission) -> frozenset[Role]:
    return frozenset(role for role in Role if permission in GRANTS[role])
