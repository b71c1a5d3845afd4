from typing import Any

from django.apps import AppConfig


class IdentificationsConfig(AppConfig):
    name = "wayhome.bureau.identifications"
    label = "identifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.comparisons.announcements import hits_changed
        from wayhome.bureau.enquiries.announcements import what_holds, who_is_left_in_peace
        from wayhome.bureau.identifications.actions import (
            open_for_captive,
            see_to_kind,
            see_to_link,
            see_to_match,
            see_to_numbers,
            see_to_parts,
        )
        from wayhome.bureau.identifications.announcements import identification_reopened
        from wayhome.bureau.identifications.telling import (
            left_in_peace,
            owes_a_correction,
            see_to_told,
            withdraw_what_was_told,
        )
        from wayhome.bureau.matches.announcements import (
            link_made,
            link_taken_back,
            match_confirmed,
            match_withdrawn,
        )
        from wayhome.bureau.remains.announcements import (
            kind_said,
            parts_linked,
            remains_registered,
        )

        def on_hits(sender: Any, remains: Any, **_: Any) -> None:
            see_to_numbers(remains)

        def on_remains(sender: Any, remains: Any, **_: Any) -> None:
            open_for_captive(remains=remains)

        def on_kind(sender: Any, remains: Any, **_: Any) -> None:
            see_to_kind(remains)

        def on_doubt(sender: Any, identification: Any, **_: Any) -> None:
            withdraw_what_was_told(identification)

        def hold(sender: Any, enquiry: Any, **_: Any) -> str:
            return "an error to be told" if owes_a_correction(enquiry) else ""

        def in_peace(sender: Any, enquiry: Any, **_: Any) -> set[Any]:
            return left_in_peace(enquiry)

        def on_withdrawal(sender: Any, match: Any, **_: Any) -> None:
            see_to_told(match.enquiry)

        def on_match(sender: Any, match: Any, **_: Any) -> None:
            see_to_match(match)

        def on_linked(sender: Any, pair: Any, **_: Any) -> None:
            see_to_link(pair)

        def on_parts(sender: Any, link: Any, **_: Any) -> None:
            see_to_parts(link)

        def on_unlinked(sender: Any, pair: Any, **_: Any) -> None:
            for enquiry in (pair.earlier, pair.later):
                see_to_told(enquiry)

        match_confirmed.connect(on_match, weak=False, dispatch_uid="identifications.matched")
        link_made.connect(on_linked, weak=False, dispatch_uid="identifications.linked")
        parts_linked.connect(on_parts, weak=False, dispatch_uid="identifications.parts")
        link_taken_back.connect(on_unlinked, weak=False, dispatch_uid="identifications.unlinked")
        who_is_left_in_peace.connect(in_peace, weak=False, dispatch_uid="identifications.in_peace")
        match_withdrawn.connect(
            on_withdrawal, weak=False, dispatch_uid="identifications.match_withdrawn"
        )
        remains_registered.connect(on_remains, weak=False, dispatch_uid="identifications.died")
        kind_said.connect(on_kind, weak=False, dispatch_uid="identifications.kind")
        hits_changed.connect(on_hits, weak=False, dispatch_uid="identifications.numbers")
        identification_reopened.connect(
            on_doubt, weak=False, dispatch_uid="identifications.doubted"
        )
        what_holds.connect(hold, weak=False, dispatch_uid="identifications.hold")
