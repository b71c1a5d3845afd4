from typing import Any

from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "wayhome.bureau.contact"
    label = "contact"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.consents.announcements import consent_changed
        from wayhome.bureau.consents.models import Consent
        from wayhome.bureau.contact.actions import bring_forward, take_back_all
        from wayhome.bureau.contact.announcements import letter_to_him_written
        from wayhome.bureau.contact.jobs import bring_letters_forward
        from wayhome.bureau.enquiries.announcements import enquiry_forgotten

        def follow(sender: Any, enquiry: Any, **_: Any) -> None:
            if enquiry is not None:
                bring_forward(enquiry)

        def forget(sender: Any, enquiry: Any, **_: Any) -> None:
            take_back_all(enquiry)

        def later(sender: Any, enquiry: Any, **_: Any) -> None:
            bring_letters_forward.defer(enquiry_id=str(enquiry.pk))

        letter_to_him_written.connect(later, weak=False, dispatch_uid="contact.later")
        # What others decide in his place is never about letters.
        consent_changed.connect(follow, sender=Consent, weak=False, dispatch_uid="contact.follow")
        enquiry_forgotten.connect(forget, weak=False, dispatch_uid="contact.forget")
