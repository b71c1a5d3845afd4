"""A signed guarantee: what an authority promises to whoever travels, and when it can be kept.

"To check": the articles were cited from the table of the law, not read again here.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.returns.rules.applying import ApplicationState
from wayhome.lib.refusal import Refusal

# What is promised, each line a sentence to her (GC IV 27, 35).
PROMISES = (
    _("You come and go as a protected person. Nobody may harm, threaten or insult you."),
    _("Nobody questions you. You may say nothing, about anything."),
    _("Nobody films or photographs you. Nobody shows you to the public."),
    _("Your phone is yours. Nobody searches it, copies it or takes it."),
    _("You may leave at any time, also before you have met. You are helped to the border."),
    _("Nobody asks you for a statement, a signature or money in return."),
)


def why_not_make(
    *, state: ApplicationState, she_comes: bool, one_stands: bool, authority_known: bool
) -> list[Refusal]:
    """Say why no guarantee can be made ready; an empty list permits it."""
    refusals = []
    if state != ApplicationState.GRANTED:
        refusals.append(Refusal("guarantees.not_granted", _("No decision opens this road yet.")))
    if not she_comes:
        refusals.append(Refusal("guarantees.nobody", _("Nobody of the family comes.")))
    if one_stands:
        text = _("A guarantee is there already. End it first.")
        refusals.append(Refusal("guarantees.stands", text))
    if not authority_known:
        text = _("Choose the authority that signs.")
        refusals.append(Refusal("guarantees.authority", text, field="authority"))
    return refusals


def why_not_sign(
    *, signed: bool, ended: bool, signed_by: str, signed_on: date, made_on: date, today: date
) -> list[Refusal]:
    """Say why this signature cannot be recorded."""
    refusals = []
    if signed or ended:
        refusals.append(_SETTLED)
    if not signed_by.strip():
        text = _("Write who signed: name and office.")
        refusals.append(Refusal("guarantees.who", text, field="signed_by"))
    if not made_on <= signed_on <= today:
        text = _("It was signed between the day it was printed and today.")
        refusals.append(Refusal("guarantees.when", text, field="signed_on"))
    return refusals


def why_not_end(*, ended: bool) -> Refusal | None:
    return _SETTLED if ended else None


_SETTLED = Refusal("guarantees.settled", _("This guarantee is signed or ended already."))
