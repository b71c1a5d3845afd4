from typing import Any

from django.apps import AppConfig


class AnswersConfig(AppConfig):
    name = "wayhome.bureau.answers"
    label = "answers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.answers import freezing
        from wayhome.bureau.answers.actions import (
            owes_a_correction,
            stop_invitations,
            stop_questions,
            stop_telling,
            to_be_corrected,
            write_questions,
        )
        from wayhome.bureau.answers.rules import FreezeCause
        from wayhome.bureau.captives.announcements import custody_changed
        from wayhome.bureau.enquiries.announcements import (
            enquiry_forgotten,
            questions_asked,
            what_holds,
            who_is_left_in_peace,
        )
        from wayhome.bureau.matches.announcements import match_doubted, match_withdrawn
        from wayhome.bureau.welfare.announcements import seriously_ill

        def stop(sender: Any, match: Any, **_: Any) -> None:
            stop_telling(match)
            freezing.end_with_match(match)

        def forget(sender: Any, enquiry: Any, **_: Any) -> None:
            stop_invitations(enquiry.invitations.all())
            stop_questions(enquiry)

        def hold(sender: Any, enquiry: Any, **_: Any) -> str:
            return "an error to be told" if owes_a_correction(enquiry) else ""

        def correct(sender: Any, enquiry: Any, **_: Any) -> set[Any]:
            return to_be_corrected(enquiry)

        def ask(sender: Any, round: Any, **_: Any) -> None:
            write_questions(round)

        def freeze(sender: Any, captive: Any, event: Any, **_: Any) -> None:
            if event.kind in freezing.CAUSE_OF:
                freezing.freeze_of(captive, freezing.CAUSE_OF[event.kind])

        def is_ill(sender: Any, captive: Any, **_: Any) -> None:
            freezing.freeze_of(captive, FreezeCause.ILL)

        def doubt(sender: Any, match: Any, **_: Any) -> None:
            freezing.freeze(match, FreezeCause.DOUBT)

        custody_changed.connect(freeze, weak=False, dispatch_uid="answers.freeze")
        seriously_ill.connect(is_ill, weak=False, dispatch_uid="answers.is_ill")
        match_doubted.connect(doubt, weak=False, dispatch_uid="answers.doubt")
        questions_asked.connect(ask, weak=False, dispatch_uid="answers.ask")
        match_withdrawn.connect(stop, weak=False, dispatch_uid="answers.stop")
        enquiry_forgotten.connect(forget, weak=False, dispatch_uid="answers.forget")
        who_is_left_in_peace.connect(correct, weak=False, dispatch_uid="answers.correct")
        what_holds.connect(hold, weak=False, dispatch_uid="answers.hold")
