"""A wish to bring somebody home that came on paper or in a talk, written down by staff.

The page says nothing of whether he is known: whoever writes it down learns nothing by it.
"""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.returns.actions import write_down_application
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_text
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.views.custody import show_on
from wayhome.web.forms import IdempotentForm, Radios
from wayhome.web.once import once, see_other


class WrittenWishForm(IdempotentForm):
    told = forms.BooleanField(
        label=_("They were told of the dangers of the way, and what a phone may show"),
        help_text=_("Read it to them from the page of the portal. It is the same for everybody."),
        error_messages={"required": _("Tell them first.")},
    )
    travel = forms.ChoiceField(
        label=_("Could they travel?"),
        help_text=_("No road depends on their coming."),
        choices=[
            ("yes", _("They could travel")),
            ("no", _("They cannot travel")),
            ("unsure", _("They do not know yet whether they can travel")),
        ],
        widget=Radios,
        error_messages={"required": _("Choose one of these answers.")},
    )
    words = forms.CharField(
        label=_("What they want us to know for the journey"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )


@allowed(Permission.WRITE_APPLICATION)
@once
def wish(request: StaffRequest, enquiry_number: str) -> HttpResponse:
    rows = Enquiry.objects.visible_to(request.user).select_related("key", "enquirer__key")
    one = get_object_or_404(rows, bureau_number=enquiry_number)
    form = WrittenWishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = {
            "travel": form.cleaned_data["travel"],
            "words": clean_text(form.cleaned_data["words"]),
        }
        try:
            write_down_application(enquiry=one, wish=told, by=request.user)
            return see_other("console:enquiry", one.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "number": one.bureau_number}
    return render(request, "console/returns/wish.html", context, status=status)


urlpatterns = [path("enquiries/<str:enquiry_number>/wish/", wish, name="enquiry_wish")]
