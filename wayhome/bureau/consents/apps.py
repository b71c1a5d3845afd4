from typing import Any

from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "wayhome.bureau.consents"
    label = "consents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.consents.actions import stop_consents
        from wayhome.bureau.matches.announcements import match_withdrawn

        def stop(sender: Any, match: Any, **_: Any) -> None:
            stop_consents(match)

        match_withdrawn.connect(stop, weak=False, dispatch_uid="consents.stop")
