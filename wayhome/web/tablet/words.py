"""What the tablet says beside its questions."""

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.consents.rules import Answer
from wayhome.lib.refusal import Refusal

NOT_OPEN = Refusal("sitting.closed", _("No conversation is open on this tablet."))
OPEN_ALREADY = Refusal("sitting.unlocked", _("This page is open already."))
WRONG = _("This is not the secret. Please try again.")
ALLOWED = {
    "lives": _("To know that I live"),
    "how": _("To know how I am"),
    "letters": _("To send me letters"),
    "calls": _("To talk with me in a call"),
    "return": _("I go home if this person comes for me"),
    "home": _("I go home of my own wish"),
}
ANSWERS: dict[Answer | None, object] = {
    Answer.YES: _("Yes"),
    Answer.NO: _("No"),
    Answer.NOT_NOW: _("Not now"),
    None: _("Not answered"),
}
