from typing import Any

from django.apps import AppConfig


class AnswersConfig(AppConfig):
    name = "wayhome.bureau.answers"
    label = "answers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.bureau.answers.actions import (
            owes_a_correction,
            stop_invitations,
            stop_questions,
            stop_telling,
            write_questions,
        )
        from wayhome.bureau.enquiries.announcements import (
            enquiry_forgotten,
            questions_asked,
            what_holds,
        )
        from wayhome.bureau.matches.announcements import match_withdrawn

        def stop(sender: Any, match: Any, **_: Any) -> None:
            stop_telling(match)

        def forget(sender: Any, enquiry: Any, **_: Any) -> None:
            stop_invitations(enquiry.invitations.all())
            stop_questions(enquiry)

        def hold(sender: Any, enquiry: Any, **_: Any) -> str:
            return "an error to be told" if owes_a_correction(enquiry) else ""

        def ask(sender: Any, round: Any, **_: Any) -> None:
            write_questions(round)

        questions_asked.connect(ask, weak=False, dispatch_uid="answers.ask")
        match_withdrawn.connect(stop, weak=False, dispatch_uid="answers.stop")
        enquiry_forgotten.connect(forget, weak=False, dispatch_uid="answers.forget")
        what_holds.connect(hold, weak=False, dispatch_uid="answers.hold")
