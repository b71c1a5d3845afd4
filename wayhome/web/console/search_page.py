"""One line of a search's answer: who it is, and in a few words why it fits."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.matches.search import Hit
from wayhome.bureau.matches.wording import field_words, rule_words
from wayhome.bureau.staff.disclosure import shown
from wayhome.web.console.captive_page import day
from wayhome.web.console.wording import IDENTITIES
from wayhome.web.console.wording import STATES as CAPTIVE_STATES
from wayhome.web.console.wording_enquiries import STATES as ENQUIRY_STATES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REASONS_FOR, REASONS_AGAINST = 3, 1
MACHINES_OWN = frozenset({"others", "together"})  # they say nothing of this one man
WORDS = {"number": _("Number")}


@dataclass(frozen=True)
class Reason:
    """One field that speaks for or against him, in words."""

    words: str
    agrees: bool


@dataclass(frozen=True)
class Answer:
    """One record that fits, as the list shows it."""

    url: str
    kind: "StrOrPromise"
    record: Any
    nameless: "StrOrPromise"
    born: str
    state: "StrOrPromise"
    reasons: list[Reason]


def answer(hit: Hit, language: str) -> Answer:
    record = shown(hit.record, "file")
    is_captive = isinstance(hit.record, Captive)
    states = CAPTIVE_STATES if is_captive else ENQUIRY_STATES
    return Answer(
        url=reverse(
            "console:captive" if is_captive else "console:enquiry", args=[record.bureau_number]
        ),
        kind=_("Captive") if is_captive else _("Enquiry"),
        record=record,
        nameless=IDENTITIES[record.identity_state] if is_captive else "",
        born=day(record.born, language),
        state=states[record.custody_state if is_captive else record.state],
        reasons=reasons(hit.evidence),
    )


def reasons(evidence: list[list[Any]]) -> list[Reason]:
    """What speaks for him most, and what most against."""
    ranked = sorted(evidence, key=lambda piece: -abs(piece[3]))
    told = [piece for piece in ranked if piece[0] not in MACHINES_OWN]
    speaking = {
        verdict: [piece for piece in told if piece[1] == verdict]
        for verdict in ("agrees", "disagrees")
    }
    return [
        Reason(
            gettext("%(field)s: %(how)s")
            % {"field": WORDS.get(field) or field_words(field), "how": rule_words(rule)},
            verdict == "agrees",
        )
        for field, verdict, rule, _bits in (
            *speaking["agrees"][:REASONS_FOR],
            *speaking["disagrees"][:REASONS_AGAINST],
        )
    ]
