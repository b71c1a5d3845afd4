from typing import Any

from django.apps import AppConfig


class MatchesConfig(AppConfig):
    name = "wayhome.bureau.matches"
    label = "matches"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.captives import announcements as captives
        from wayhome.bureau.enquiries import announcements as enquiries
        from wayhome.bureau.matches import jobs
        from wayhome.bureau.matches.same_sought import forget_pairs
        from wayhome.lib.parts import in_parts

        def on_card(sender: Any, captive: Any, **_: Any) -> None:
            jobs.rematch_captive.defer(captive_id=str(captive.pk))

        def on_cards(sender: Any, captives: Any, **_: Any) -> None:
            for ids in in_parts([str(one.pk) for one in captives]):
                jobs.rematch_captives.defer(captive_ids=ids)

        def on_enquiries(sender: Any, enquiries: Any, **_: Any) -> None:
            for ids in in_parts([str(one.pk) for one in enquiries]):
                jobs.rematch_enquiries.defer(enquiry_ids=ids)
                jobs.propose_same_sought.defer(enquiry_ids=ids)

        def on_enquiry(sender: Any, enquiry: Any, **_: Any) -> None:
            jobs.rematch_enquiry.defer(enquiry_id=str(enquiry.pk))
            jobs.propose_same_sought.defer(enquiry_ids=[str(enquiry.pk)])

        def on_forgotten(sender: Any, enquiry: Any, **_: Any) -> None:
            jobs.rematch_enquiry.defer(enquiry_id=str(enquiry.pk))
            forget_pairs(enquiry)

        captives.card_changed.connect(on_card, weak=False, dispatch_uid="matches.card")
        captives.men_linked.connect(on_card, weak=False, dispatch_uid="matches.linked")
        captives.cards_imported.connect(on_cards, weak=False, dispatch_uid="matches.cards")
        enquiries.enquiries_imported.connect(
            on_enquiries, weak=False, dispatch_uid="matches.enquiries"
        )
        enquiries.enquiry_changed.connect(on_enquiry, weak=False, dispatch_uid="matches.enquiry")
        enquiries.enquiry_forgotten.connect(on_forgotten, weak=False, dispatch_uid="matches.forgot")
