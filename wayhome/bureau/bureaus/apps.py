from typing import Any

from django.apps import AppConfig


class BureausConfig(AppConfig):
    name = "wayhome.bureau.bureaus"
    label = "bureaus"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.bureaus.actions import forget_answers
        from wayhome.bureau.comparisons.announcements import reference_withdrawn

        def on_withdrawal(sender: Any, sample: Any, **_: Any) -> None:
            forget_answers(sample.enquiry)

        reference_withdrawn.connect(on_withdrawal, weak=False, dispatch_uid="bureaus.withdrawn")
