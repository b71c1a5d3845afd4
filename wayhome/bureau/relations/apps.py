from typing import Any

from django.apps import AppConfig


class RelationsConfig(AppConfig):
    name = "wayhome.bureau.relations"
    label = "relations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.matches.announcements import match_withdrawn
        from wayhome.bureau.relations.actions import stop_verdicts

        def stop(sender: Any, match: Any, **_: Any) -> None:
            stop_verdicts(match)

        match_withdrawn.connect(stop, weak=False, dispatch_uid="relations.stop")
