"""The words for what is kept about a captive: fields of the card, states, events, duties."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.rules import (
    Captor,
    CustodyState,
    DutyKind,
    EventKind,
    IdentityState,
    Outcome,
    Purpose,
    StatusBasis,
)
from wayhome.lib.dates import Said

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CARD_FIELDS: "dict[str, StrOrPromise]" = {
    "surname": _("Surname"),
    "given": _("First names"),
    "rank": _("Rank"),
    "born": _("Date of birth"),
    "service_no": _("Army, regimental or personal number"),
    "full_name": _("Whole name as written"),
    "patronymic": _("Patronymic"),
    "father_name": _("First name of his father"),
    "mother_name": _("Name of his mother"),
    "mothers_maiden_name": _("Maiden name of his mother"),
    "birthplace": _("Place of birth"),
    "power": _("The Power on which he depends"),
    "unit": _("Unit"),
    "inform_person": _("Person to be informed"),
    "inform_address": _("Address of that person"),
    "letters_address": _("Address for letters to him"),
    "health": _("State of health"),
    "captured_on": _("Captured on"),
    "captured_by": _("Who took him"),
    "captured_where": _("Where he was taken"),
    "given_to": _("Given to which authority"),
    "given_on": _("Given on"),
    "status_decided": _("Tribunal that decided his status, and its day"),
    "status": _("Status as written"),
    "note": _("Remark"),
}
SAID_WORDS: "dict[str, StrOrPromise]" = {
    Said.DECLINED.value: _("he declined"),
    Said.UNKNOWN.value: _("unknown"),
    Said.UNABLE.value: _("he is unable to say"),
}
STATES: "dict[str, StrOrPromise]" = {
    CustodyState.HELD: _("In custody"),
    CustodyState.RETURNED: _("Returned"),
    CustodyState.RELEASED: _("Released"),
    CustodyState.EXCHANGED: _("Exchanged"),
    CustodyState.ESCAPED: _("Escaped"),
    CustodyState.DEAD: _("Died"),
}
IDENTITIES: "dict[str, StrOrPromise]" = {
    IdentityState.STATED: _("As he stated"),
    IdentityState.DECLINED: _("He declined to state it"),
    IdentityState.UNKNOWN: _("Not known"),
    IdentityState.UNABLE: _("He is unable to state it: goes to the physician"),
}
STATUS: "dict[str, StrOrPromise]" = {
    StatusBasis.PRESUMED: _("Presumed a prisoner of war"),
    StatusBasis.DETERMINED: _("Decided by a tribunal"),
}
EVENTS: "dict[str, StrOrPromise]" = {
    EventKind.CAPTURED: _("Taken captive"),
    EventKind.GIVEN_TO_AUTHORITY: _("Given to an authority"),
    EventKind.ARRIVED: _("Arrived at a place"),
    EventKind.LEFT: _("Left a place"),
    EventKind.HOSPITAL: _("Admitted to hospital"),
    EventKind.RETURNED: _("Returned by a sealed act"),
    EventKind.RELEASED: _("Released"),
    EventKind.EXCHANGED: _("Exchanged"),
    EventKind.ESCAPED: _("Escaped"),
    EventKind.DIED: _("Died"),
}
CAPTORS: "dict[str, StrOrPromise]" = {
    Captor.UNIT: _("A military unit"),
    Captor.CIVILIANS: _("Civilians"),
    Captor.AUTHORITY: _("The authority that holds him now"),
    Captor.UNKNOWN: _("Not known"),
}
DETAILS: "dict[str, StrOrPromise]" = {
    "captor": _("Taken by"),
    "by": _("Who took him"),
    "where": _("Where he was taken"),
    "to": _("Authority"),
    "note": _("Remark"),
}
DUTIES: "dict[str, StrOrPromise]" = {
    DutyKind.AUTHORITY: _("He is given to an authority"),
    DutyKind.RIGHTS: _("He is told his rights, and whom his registration reaches"),
    DutyKind.FAMILY_CARD: _("His own card to his family"),
    DutyKind.AGENCY_CARD: _("His card to the Central Tracing Agency"),
}
OUTCOMES: "dict[str, StrOrPromise]" = {
    Outcome.DONE: _("Done"),
    Outcome.DECLINED: _("Offered, and he declined"),
}
CLOCK_STATES: "dict[str, StrOrPromise]" = {
    "done": _("done in time"),
    "done late": _("done late"),
    "late": _("overdue"),
    "soon": _("due soon"),
    "running": _("runs"),
}
PURPOSES: "dict[str, StrOrPromise]" = {
    Purpose.CARD: _("To register him or correct his card"),
    Purpose.CUSTODY: _("To record his custody"),
    Purpose.CARE: _("To care for him"),
    Purpose.HEALTH: _("To look after his health"),
    Purpose.PROTECTION: _("To protect him or his family"),
    Purpose.RETURN: _("For his return home"),
    Purpose.COMPLAINT: _("To answer a complaint"),
    Purpose.OWN_QUESTION: _("He asked about his own file"),
}
