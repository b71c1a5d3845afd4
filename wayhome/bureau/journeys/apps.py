from typing import Any

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "wayhome.bureau.journeys"
    label = "journeys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.captives.announcements import custody_changed, harm_flag_changed
        from wayhome.bureau.captives.rules import EventKind
        from wayhome.bureau.consents.announcements import consent_changed, danger_changed
        from wayhome.bureau.enquiries.announcements import enquiry_forgotten
        from wayhome.bureau.journeys.jobs import look_at_all
        from wayhome.bureau.journeys.stopping import (
            forget_his_way_out,
            is_planned,
            stop_journey_on,
            stop_journeys,
            stop_journeys_of,
        )
        from wayhome.bureau.matches.announcements import match_withdrawn
        from wayhome.bureau.returns import announcements as returns

        def of_man(sender: Any, captive: Any, event: Any = None, **_: Any) -> None:
            # A return through our own act is what the journey was for.
            if event is None or event.kind != EventKind.RETURNED:
                stop_journeys(captive)

        def of_finding(sender: Any, finding: Any, **_: Any) -> None:
            stop_journeys(finding.captive)

        def of_match(sender: Any, match: Any, **_: Any) -> None:
            stop_journeys_of(match.enquiry, is_told=False)  # a person tells her (P20)
            forget_his_way_out(match.enquiry)

        def of_enquiry(sender: Any, enquiry: Any, **_: Any) -> None:
            stop_journeys_of(enquiry, is_told=False)

        def of_application(sender: Any, application: Any, **_: Any) -> None:
            if application.enquiry:
                stop_journeys_of(application.enquiry)

        def of_guarantee(sender: Any, guarantee: Any, **_: Any) -> None:
            stop_journey_on(guarantee.application)

        def of_law(sender: Any, **_: Any) -> None:
            look_at_all.defer()

        def says(sender: Any, application: Any, **_: Any) -> bool:
            return is_planned(application)

        for signal in (consent_changed, danger_changed, custody_changed, harm_flag_changed):
            signal.connect(of_man, weak=False, dispatch_uid="journeys.of_man")
        returns.finding_kept.connect(of_finding, weak=False, dispatch_uid="journeys.of_finding")
        returns.application_changed.connect(
            of_application, weak=False, dispatch_uid="journeys.of_file"
        )
        returns.guarantee_ended.connect(of_guarantee, weak=False, dispatch_uid="journeys.of_word")
        returns.law_changed.connect(of_law, weak=False, dispatch_uid="journeys.of_law")
        returns.is_planned.connect(says, weak=False, dispatch_uid="journeys.is_planned")
        enquiry_forgotten.connect(of_enquiry, weak=False, dispatch_uid="journeys.forget")
        match_withdrawn.connect(of_match, weak=False, dispatch_uid="journeys.of_match")
