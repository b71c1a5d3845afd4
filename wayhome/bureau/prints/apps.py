from typing import Any

from django.apps import AppConfig


class PrintsConfig(AppConfig):
    name = "wayhome.bureau.prints"
    label = "prints"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.enquiries.announcements import enquiry_forgotten
        from wayhome.bureau.prints.actions import forget_prints

        def forget(sender: Any, enquiry: Any, **_: Any) -> None:
            forget_prints(enquiry)

        enquiry_forgotten.connect(forget, weak=False, dispatch_uid="prints.forget")
