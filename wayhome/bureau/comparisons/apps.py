from typing import Any

from django.apps import AppConfig


class ComparisonsConfig(AppConfig):
    name = "wayhome.bureau.comparisons"
    label = "comparisons"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.comparisons.actions import drop_samples
        from wayhome.bureau.comparisons.announcements import profiles_changed
        from wayhome.bureau.comparisons.jobs import search_soon
        from wayhome.bureau.enquiries.announcements import enquiry_forgotten

        def search(sender: Any, **_: Any) -> None:
            search_soon()

        def forget(sender: Any, enquiry: Any, **_: Any) -> None:
            drop_samples(enquiry)

        profiles_changed.connect(search, weak=False, dispatch_uid="comparisons.search")
        enquiry_forgotten.connect(forget, weak=False, dispatch_uid="comparisons.forget")
