from typing import Any

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "wayhome.bureau.returns"
    label = "returns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.captives.announcements import custody_changed, harm_flag_changed
        from wayhome.bureau.captives.rules import EventKind
        from wayhome.bureau.consents.announcements import consent_changed, danger_changed
        from wayhome.bureau.enquiries.announcements import enquiry_forgotten
        from wayhome.bureau.matches.announcements import match_confirmed, match_withdrawn
        from wayhome.bureau.returns.actions import (
            join_applications,
            stop_applications,
            withdraw_applications,
        )
        from wayhome.bureau.returns.announcements import (
            application_changed,
            finding_kept,
            guarantee_ended,
            law_changed,
        )
        from wayhome.bureau.returns.days import look_at_day_on, look_at_days_of
        from wayhome.bureau.returns.jobs import look_at_days

        def join(sender: Any, match: Any, **_: Any) -> None:
            join_applications(match)

        def stop(sender: Any, match: Any, **_: Any) -> None:
            stop_applications(match)

        def forget(sender: Any, enquiry: Any, **_: Any) -> None:
            withdraw_applications(enquiry)

        def of_man(sender: Any, captive: Any, event: Any = None, **_: Any) -> None:
            # A return through our own act is what the day was for.
            if event is None or event.kind != EventKind.RETURNED:
                look_at_days_of(captive)

        def of_finding(sender: Any, finding: Any, **_: Any) -> None:
            look_at_days_of(finding.captive)

        def of_word(sender: Any, guarantee: Any, **_: Any) -> None:
            look_at_day_on(guarantee.application)

        def of_application(sender: Any, application: Any, **_: Any) -> None:
            look_at_day_on(application)

        def of_law(sender: Any, **_: Any) -> None:
            look_at_days.defer()

        for signal in (consent_changed, danger_changed, custody_changed, harm_flag_changed):
            signal.connect(of_man, weak=False, dispatch_uid="returns.of_man")
        application_changed.connect(
            of_application, weak=False, dispatch_uid="returns.of_application"
        )
        finding_kept.connect(of_finding, weak=False, dispatch_uid="returns.of_finding")
        guarantee_ended.connect(of_word, weak=False, dispatch_uid="returns.of_word")
        law_changed.connect(of_law, weak=False, dispatch_uid="returns.of_law")
        enquiry_forgotten.connect(forget, weak=False, dispatch_uid="returns.forget")
        match_confirmed.connect(join, weak=False, dispatch_uid="returns.join")
        match_withdrawn.connect(stop, weak=False, dispatch_uid="returns.stop")
