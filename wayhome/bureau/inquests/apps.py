from typing import Any

from django.apps import AppConfig


class InquestsConfig(AppConfig):
    name = "wayhome.bureau.inquests"
    label = "inquests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.captives.announcements import custody_changed
        from wayhome.bureau.captives.rules import EventKind
        from wayhome.bureau.inquests.actions import open_at_death

        def on_custody(sender: Any, captive: Any, event: Any, **_: Any) -> None:
            if event.kind == EventKind.DIED:
                open_at_death(captive=captive, event=event)

        custody_changed.connect(on_custody, weak=False, dispatch_uid="inquests.died")
