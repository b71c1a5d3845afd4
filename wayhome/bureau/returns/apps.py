from typing import Any

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "wayhome.bureau.returns"
    label = "returns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.enquiries.announcements import enquiry_forgotten
        from wayhome.bureau.matches.announcements import match_confirmed, match_withdrawn
        from wayhome.bureau.returns.actions import (
            join_applications,
            stop_applications,
            withdraw_applications,
        )

        def join(sender: Any, match: Any, **_: Any) -> None:
            join_applications(match)

        def stop(sender: Any, match: Any, **_: Any) -> None:
            stop_applications(match)

        def forget(sender: Any, enquiry: Any, **_: Any) -> None:
            withdraw_applications(enquiry)

        enquiry_forgotten.connect(forget, weak=False, dispatch_uid="returns.forget")
        match_confirmed.connect(join, weak=False, dispatch_uid="returns.join")
        match_withdrawn.connect(stop, weak=False, dispatch_uid="returns.stop")
