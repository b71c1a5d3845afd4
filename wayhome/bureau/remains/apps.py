from typing import Any

from django.apps import AppConfig


class RemainsConfig(AppConfig):
    name = "wayhome.bureau.remains"
    label = "remains"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.captives.announcements import custody_changed
        from wayhome.bureau.captives.rules import EventKind
        from wayhome.bureau.remains.actions import take_over_from_captives

        def on_custody(sender: Any, captive: Any, event: Any, **_: Any) -> None:
            if event.kind == EventKind.DIED:
                take_over_from_captives(captive=captive, event=event)

        custody_changed.connect(on_custody, weak=False, dispatch_uid="remains.died")
