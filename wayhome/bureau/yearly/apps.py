from typing import Any

from django.apps import AppConfig


class YearlyConfig(AppConfig):
    name = "wayhome.bureau.yearly"
    label = "yearly"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.enquiries.announcements import enquiry_forgotten
        from wayhome.bureau.yearly.actions import forget_wish

        def forget(sender: Any, enquiry: Any, **_: Any) -> None:
            forget_wish(enquiry)

        enquiry_forgotten.connect(forget, weak=False, dispatch_uid="yearly.forget")
