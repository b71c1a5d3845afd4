from typing import Any

from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "wayhome.bureau.consents"
    label = "consents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.consents.actions import stop_consents
        from wayhome.bureau.enquiries.announcements import enquiry_forgotten
        from wayhome.bureau.matches.announcements import match_withdrawn

        def stop(sender: Any, match: Any, **_: Any) -> None:
            stop_consents(match)

        def forget(sender: Any, enquiry: Any, **_: Any) -> None:
            for match in enquiry.matches.filter(withdrawn_at=None).select_related("captive"):
                stop_consents(match)

        match_withdrawn.connect(stop, weak=False, dispatch_uid="consents.stop")
        enquiry_forgotten.connect(forget, weak=False, dispatch_uid="consents.forget")
