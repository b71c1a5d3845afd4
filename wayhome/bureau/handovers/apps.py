from typing import Any

from django.apps import AppConfig


class HandoversConfig(AppConfig):
    name = "wayhome.bureau.handovers"
    label = "handovers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.handovers.actions import stop_acts
        from wayhome.bureau.matches.announcements import match_withdrawn

        def stop(sender: Any, match: Any, **_: Any) -> None:
            stop_acts(match)

        match_withdrawn.connect(stop, weak=False, dispatch_uid="handovers.stop")
