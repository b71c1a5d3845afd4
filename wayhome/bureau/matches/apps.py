from typing import Any

from django.apps import AppConfig


class MatchesConfig(AppConfig):
    name = "wayhome.bureau.matches"
    label = "matches"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.captives import announcements as captives
        from wayhome.bureau.enquiries import announcements as enquiries
        from wayhome.bureau.matches import jobs

        def on_card(sender: Any, captive: Any, **_: Any) -> None:
            jobs.rematch_captive.defer(captive_id=str(captive.pk))

        def on_enquiry(sender: Any, enquiry: Any, **_: Any) -> None:
            jobs.rematch_enquiry.defer(enquiry_id=str(enquiry.pk))

        captives.card_changed.connect(on_card, weak=False, dispatch_uid="matches.card")
        captives.men_linked.connect(on_card, weak=False, dispatch_uid="matches.linked")
        enquiries.enquiry_changed.connect(on_enquiry, weak=False, dispatch_uid="matches.enquiry")
        enquiries.enquiry_forgotten.connect(on_enquiry, weak=False, dispatch_uid="matches.forgot")
