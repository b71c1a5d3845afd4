from typing import Any

from django.apps import AppConfig


class RelationsConfig(AppConfig):
    name = "wayhome.bureau.relations"
    label = "relations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.enquiries.announcements import enquiry_forgotten
        from wayhome.bureau.matches.announcements import match_withdrawn
        from wayhome.bureau.relations.actions import (
            drop_papers,
            stop_verdict_of_the_dead,
            stop_verdicts,
        )

        def stop(sender: Any, match: Any, **_: Any) -> None:
            stop_verdicts(match)

        def forget(sender: Any, enquiry: Any, held: bool, **_: Any) -> None:
            for match in enquiry.matches.all():
                stop_verdicts(match)
            stop_verdict_of_the_dead(enquiry)
            if not held:
                drop_papers(enquiry)

        match_withdrawn.connect(stop, weak=False, dispatch_uid="relations.stop")
        enquiry_forgotten.connect(forget, weak=False, dispatch_uid="relations.forget")
