from typing import Any

from django.apps import AppConfig


class HandoversConfig(AppConfig):
    name = "wayhome.bureau.handovers"
    label = "handovers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.enquiries.announcements import enquiry_forgotten, what_holds
        from wayhome.bureau.handovers.actions import (
            is_in_sealed_act,
            stop_acts,
            stop_acts_for,
            stop_acts_on,
            was_asked_since,
        )
        from wayhome.bureau.matches.announcements import match_withdrawn
        from wayhome.bureau.returns import announcements as returns

        def stop(sender: Any, match: Any, **_: Any) -> None:
            stop_acts(match)

        def of_day(sender: Any, appointment: Any, **_: Any) -> None:
            stop_acts_on(appointment)

        def forget(sender: Any, enquiry: Any, **_: Any) -> None:
            stop_acts_for(enquiry)

        def hold(sender: Any, enquiry: Any, **_: Any) -> str:
            return "act of return" if is_in_sealed_act(enquiry) else ""

        def asked(sender: Any, captive: Any, at: Any, **_: Any) -> bool:
            return was_asked_since(captive, at)

        match_withdrawn.connect(stop, weak=False, dispatch_uid="handovers.stop")
        enquiry_forgotten.connect(forget, weak=False, dispatch_uid="handovers.forget")
        returns.appointment_cancelled.connect(of_day, weak=False, dispatch_uid="handovers.of_day")
        returns.was_asked_since.connect(asked, weak=False, dispatch_uid="handovers.asked")
        what_holds.connect(hold, weak=False, dispatch_uid="handovers.hold")
