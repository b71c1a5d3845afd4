from typing import Any

from django.apps import AppConfig


class TabletConfig(AppConfig):
    name = "wayhome.web.tablet"
    label = "web_tablet"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from wayhome.web.tablet.session import end_at_sign_in

        def end(sender: Any, request: Any, user: Any, **_: Any) -> None:
            end_at_sign_in(request, user)

        user_logged_in.connect(end, weak=False, dispatch_uid="tablet.end")
