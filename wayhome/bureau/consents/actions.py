"""What a captive allows."""

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents.models import Consent
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.matches.models import Match
from wayhome.bureau.relations.models import KinshipVerdict
from wayhome.lib.refusal import Refusal


def why_not_disclose(match: Match, kind: Kind) -> list[Refusal]:
    """What stands against telling this family this; empty permits it (P3)."""
    consent = Consent.objects.in_force(match, kind)
    yes = bool(consent and consent.answer == Answer.YES and consent.before_id)
    found = [
        (match.withdrawn_at is not None, "consents.no_match", _("No confirmed match stands.")),
        (
            not KinshipVerdict.objects.proven(match),
            "consents.kinship",
            _("Her kinship is not proven yet."),
        ),
        (not yes, "consents.no_yes", _("His own yes before a neutral is not in force.")),
        (match.captive.under_harm_flag(), "consents.harm", _("Stopped by the legal officer.")),
        (
            match.captive.custody_state != CustodyState.HELD,
            "consents.state",
            _("His state changed. A person must look at it first."),
        ),
    ]
    return [Refusal(code, words) for stands, code, words in found if stands]
