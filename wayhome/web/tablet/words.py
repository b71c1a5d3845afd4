"""What the tablet says beside its questions."""

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.concerns.rules import ComplaintState, ObjectionState
from wayhome.bureau.consents.rules import Answer
from wayhome.lib.dates import Said
from wayhome.lib.refusal import Refusal

NOT_OPEN = Refusal("sitting.closed", _("No conversation is open on this tablet."))
OPEN_ALREADY = Refusal("sitting.unlocked", _("This page is open already."))
WRONG = _("This is not the secret. Please try again.")
ALLOWED = {
    "lives": _("To know that I live"),
    "how": _("To know how I am"),
    "letters": _("To send me letters"),
    "calls": _("To talk with me in a call"),
    "papers": _("My papers compared with those of this person"),
    "dna": _("A sample of mine compared once with one of this person"),
    "return": _("I go home if this person comes for me"),
    "home": _("I go home of my own wish"),
}
ANSWERS: dict[Answer | None, object] = {
    Answer.YES: _("Yes"),
    Answer.NO: _("No"),
    Answer.NOT_NOW: _("Not now"),
    None: _("Not answered"),
}

# His card as it is read to him; where a line says what he did not tell, that is said.
LINES = {
    "surname": _("Your surname"),
    "given": _("Your first names"),
    "full_name": _("Your whole name as it was written"),
    "rank": _("Your rank"),
    "born": _("Your date of birth"),
    "service_no": _("Your number"),
    "patronymic": _("Your patronymic"),
    "power": _("The State in whose army you served"),
    "unit": _("Your unit"),
    "birthplace": _("Where you were born"),
    "father_name": _("First name of the father"),
    "mother_name": _("Name of your mother"),
    "mothers_maiden_name": _("Maiden name of your mother"),
    "inform_person": _("Whom you wanted told"),
    "inform_address": _("Where this person lives"),
    "letters_address": _("Where letters to you go"),
    "health": _("How you were"),
    "captured_on": _("The day on which you were taken"),
}
SAID = {
    Said.DECLINED.value: _("You did not want to say it."),
    Said.UNKNOWN.value: _("It is not known."),
    Said.UNABLE.value: _("You could not say it then."),
}
OBJECTIONS = {
    ObjectionState.OPEN: _("You said that this is wrong. The clerk has not answered yet."),
    ObjectionState.CORRECTED: _("You said that this was wrong. It was corrected."),
    ObjectionState.KEPT: _("You said that this is wrong. It was not changed."),
}
COMPLAINTS = {
    ComplaintState.OPEN: _("It is kept. It has not been answered yet."),
    ComplaintState.ANSWERED: _("It was answered."),
}
