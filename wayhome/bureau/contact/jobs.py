"""Let a family's letters follow what he allows: never in her own request, whose time would tell."""

from procrastinate.contrib.django import app

from wayhome.bureau.contact.actions import bring_forward
from wayhome.bureau.enquiries.models import Enquiry


@app.task(name="contact.bring_letters_forward")
def bring_letters_forward(enquiry_id: str) -> None:
    enquiry = Enquiry.objects.filter(pk=enquiry_id).first()
    if enquiry:
        bring_forward(enquiry)
