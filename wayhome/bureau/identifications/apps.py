from typing import Any

from django.apps import AppConfig


class IdentificationsConfig(AppConfig):
    name = "wayhome.bureau.identifications"
    label = "identifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.comparisons.announcements import hits_changed
        from wayhome.bureau.identifications.actions import see_to_numbers

        def on_hits(sender: Any, remains: Any, **_: Any) -> None:
            see_to_numbers(remains)

        hits_changed.connect(on_hits, weak=False, dispatch_uid="identifications.numbers")
