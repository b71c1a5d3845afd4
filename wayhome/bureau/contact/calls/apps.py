from typing import Any

from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "wayhome.bureau.contact.calls"
    label = "calls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.captives.announcements import custody_changed, harm_flag_changed
        from wayhome.bureau.consents.announcements import consent_changed
        from wayhome.bureau.contact.calls import jobs
        from wayhome.bureau.contact.calls.actions import calls_of, forget, look_again
        from wayhome.bureau.contact.calls.announcements import minutes_owed, wish_kept
        from wayhome.bureau.contact.calls.models import Call
        from wayhome.bureau.contact.calls.rules import Reason
        from wayhome.bureau.enquiries.announcements import enquiry_forgotten
        from wayhome.bureau.matches.announcements import match_doubted
        from wayhome.bureau.relations.announcements import kinship_confirmed
        from wayhome.bureau.welfare.announcements import seriously_ill

        def later(sender: Any, enquiry: Any, **_: Any) -> None:
            jobs.bring_forward.defer(enquiry_id=str(enquiry.pk))

        def consent(sender: Any, enquiry: Any, **_: Any) -> None:
            if enquiry is not None:
                look_again(Call.objects.filter(enquiry=enquiry))
                later(sender, enquiry)

        def doubt(sender: Any, match: Any, **_: Any) -> None:
            look_again(Call.objects.filter(match=match))

        def proven(sender: Any, verdict: Any, **_: Any) -> None:
            if verdict.match is not None:  # one of the dead is called by nobody
                later(sender, verdict.match.enquiry)

        def custody(sender: Any, captive: Any, **_: Any) -> None:
            look_again(calls_of(captive))

        def ill(sender: Any, captive: Any, **_: Any) -> None:
            look_again(calls_of(captive), because=Reason.STATE)

        def protect(sender: Any, captive: Any, **_: Any) -> None:
            look_again(calls_of(captive))
            for match in captive.matches.filter(withdrawn_at=None).select_related("enquiry"):
                later(sender, match.enquiry)

        def gone(sender: Any, enquiry: Any, **_: Any) -> None:
            forget(enquiry)

        def owed(sender: Any, call: Any, **_: Any) -> None:
            jobs.give_back.defer(call_id=str(call.pk))

        wish_kept.connect(later, weak=False, dispatch_uid="calls.later")
        consent_changed.connect(consent, weak=False, dispatch_uid="calls.consent")
        match_doubted.connect(doubt, weak=False, dispatch_uid="calls.doubt")
        kinship_confirmed.connect(proven, weak=False, dispatch_uid="calls.proven")
        custody_changed.connect(custody, weak=False, dispatch_uid="calls.custody")
        seriously_ill.connect(ill, weak=False, dispatch_uid="calls.ill")
        harm_flag_changed.connect(protect, weak=False, dispatch_uid="calls.protect")
        enquiry_forgotten.connect(gone, weak=False, dispatch_uid="calls.gone")
        minutes_owed.connect(owed, weak=False, dispatch_uid="calls.owed")
