from typing import Any

from django.apps import AppConfig


class RepatriationsConfig(AppConfig):
    name = "wayhome.bureau.repatriations"
    label = "repatriations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.remains.announcements import grave_opens_for_home, remains_came_back
        from wayhome.bureau.repatriations.actions.consigning import note_back
        from wayhome.bureau.repatriations.facts import why_not_open_for_home
        from wayhome.lib.refusal import refuse_if

        def on_opening(sender: Any, remains: Any, **_: Any) -> None:
            refuse_if(why_not_open_for_home(remains))

        def on_back(sender: Any, remains: Any, **_: Any) -> None:
            note_back(remains)

        grave_opens_for_home.connect(
            on_opening, weak=False, dispatch_uid="repatriations.grave_opens"
        )
        remains_came_back.connect(on_back, weak=False, dispatch_uid="repatriations.came_back")
