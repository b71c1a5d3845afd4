from typing import Any

from django.apps import AppConfig


class AnswersConfig(AppConfig):
    name = "wayhome.bureau.answers"
    label = "answers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.answers.actions import stop_telling
        from wayhome.bureau.matches.announcements import match_withdrawn

        def stop(sender: Any, match: Any, **_: Any) -> None:
            stop_telling(match)

        match_withdrawn.connect(stop, weak=False, dispatch_uid="answers.stop")
