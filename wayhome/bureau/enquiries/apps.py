from typing import Any

from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    name = "wayhome.bureau.enquiries"
    label = "enquiries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.captives.announcements import file_import_begun
        from wayhome.bureau.captives.rules import FileKind
        from wayhome.bureau.enquiries import jobs

        def on_file(sender: Any, file: Any, **_: Any) -> None:
            if file.kind == FileKind.ENQUIRIES:
                jobs.import_enquiries.defer(file_id=str(file.pk))

        file_import_begun.connect(on_file, weak=False, dispatch_uid="enquiries.file")
