"""The page of the question of the month: she may answer, or leave it."""

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from wayhome.bureau.enquiries.rules import why_not_answer
from wayhome.web.access import FamilyRequest, family
from wayhome.web.once import see_other
from wayhome.web.portal.forms import StepForm
from wayhome.web.portal.month import MONTHLY, question_for, take_answer
from wayhome.web.portal.own import own_enquiry
from wayhome.web.portal.views.enquiry import answer_page, sent


@family(methods=("GET", "POST"))
def question(request: FamilyRequest) -> HttpResponse:
    """One question, the same for all who left its answer open."""
    enquiry = own_enquiry(request)
    asked = question_for(request, enquiry)
    form = MONTHLY[asked].form(sent(request)) if asked else StepForm(sent(request))
    if form.is_valid():
        said = form.answers()
        form.refuse(why_not_answer(asked, str(said.get(asked, ""))))
        if form.is_valid():
            take_answer(request, enquiry, asked, said)
            return see_other("portal:waiting")
    context = {
        "form": form,
        "asked": asked,
        "question_heading": "" if asked else _("There is no question for you now."),
        "back_url": reverse("portal:waiting"),
        "button": _("Keep this"),
    }
    template = "portal/ask/month.html" if asked else "portal/ask/no_question.html"
    return answer_page(request, template, context)


urlpatterns = [path("waiting/question/", question, name="question")]
