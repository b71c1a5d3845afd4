from typing import Any

from django.apps import AppConfig


class RepatriationsConfig(AppConfig):
    name = "wayhome.bureau.repatriations"
    label = "repatriations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.remains.announcements import remains_came_back
        from wayhome.bureau.repatriations.actions.consigning import note_back

        def on_back(sender: Any, remains: Any, **_: Any) -> None:
            note_back(remains)

        remains_came_back.connect(on_back, weak=False, dispatch_uid="repatriations.came_back")
