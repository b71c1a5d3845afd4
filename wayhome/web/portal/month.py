"""The question of the month on her page: it follows from the calendar and from what she told alone.

Asks the database for the bureau's round, the same for everybody, and for her own enquiry (P5).
"""

from dataclasses import dataclass

from wayhome.bureau.enquiries.asking import round_of_now
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState, is_left_empty
from wayhome.web.access import FamilyRequest
from wayhome.web.portal import forms
from wayhome.web.portal.own import answers_in, change
from wayhome.web.portal.questions import SOUGHT_IN, Answers


@dataclass(frozen=True)
class Monthly:
    """One of the fixed list: with which answer it is kept, and how it is asked."""

    slug: str
    form: type[forms.StepForm]


MONTHLY = {
    "born": Monthly("born", forms.BornForm),
    "birthplace": Monthly("birthplace", forms.BirthplaceForm),
    "mother_name": Monthly("mother", forms.MotherForm),
    "patronymic": Monthly("name", forms.PatronymicForm),
}


def question_for(request: FamilyRequest, enquiry: Enquiry) -> str:
    """The field that this month's question asks for, if she left it open; "" if not."""
    now = round_of_now()
    if now is None or enquiry.state != EnquiryState.OPEN or enquiry.received_at > now.at:
        return ""
    answers = answers_in(request, enquiry)
    told = {
        name: answers[slug].get(name, "") for slug, names in SOUGHT_IN.items() for name in names
    }
    return now.question if is_left_empty(now.question, told) else ""


def take_answer(request: FamilyRequest, enquiry: Enquiry, question: str, said: Answers) -> None:
    """Into her enquiry as an addition of her own, or only into the decoy's memory."""
    slug = MONTHLY[question].slug
    change(request, enquiry, slug, {**answers_in(request, enquiry)[slug], **said})
