from typing import Any

from django.apps import AppConfig


class CaptivesConfig(AppConfig):
    name = "wayhome.bureau.captives"
    label = "captives"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.captives import announcements, jobs
        from wayhome.bureau.captives.rules import FileKind
        from wayhome.lib.parts import in_parts

        def on_file(sender: Any, file: Any, **_: Any) -> None:
            if file.kind == FileKind.CARDS:
                jobs.import_cards.defer(file_id=str(file.pk))

        def on_card(sender: Any, captive: Any, **_: Any) -> None:
            jobs.propose_same_men.defer(captive_ids=[str(captive.pk)])

        def on_cards(sender: Any, captives: Any, **_: Any) -> None:
            for ids in in_parts([str(one.pk) for one in captives]):
                jobs.propose_same_men.defer(captive_ids=ids)

        announcements.file_import_begun.connect(on_file, weak=False, dispatch_uid="captives.file")
        announcements.card_changed.connect(on_card, weak=False, dispatch_uid="captives.card")
        announcements.cards_imported.connect(on_cards, weak=False, dispatch_uid="captives.cards")
