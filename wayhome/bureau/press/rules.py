"""What the press asks of captives, and why none of it is given (P9)."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal

LONGEST = 4_000


class Asked(StrEnum):
    NAMED = "a named captive"
    PICTURE = "a picture of a group"
    QUOTE = "a quote"
    CALL = "a blurred call"
    INTERVIEW = "an interview"
    OTHER = "something else"


ASKED_NAMES = {
    Asked.NAMED: _("Whether somebody is a captive, or about a named captive"),
    Asked.PICTURE: _("A picture or film, of one or of a group"),
    Asked.QUOTE: _("A quote, a letter, a statement"),
    Asked.CALL: _("A call home, blurred or with altered voices"),
    Asked.INTERVIEW: _("An interview or a visit"),
    Asked.OTHER: _("Something else by which a captive could be known"),
}
PROVISION = "GC III 13"
WHY = {
    Asked.NAMED: _("Whether somebody is a captive is told to his family and the Red Cross alone."),
    Asked.PICTURE: _("A picture of a group shows each person in it, also to those who would harm."),
    Asked.QUOTE: _("What a captive says or writes is meant for his family, and for nobody else."),
    Asked.CALL: _("Behind a blurred face or an altered voice a person is still known to others."),
    Asked.INTERVIEW: _("A captive cannot refuse freely those who hold him. So nobody asks him."),
    Asked.OTHER: _("Whatever makes a captive known to the public exposes him to its curiosity."),
}


def why_not_publish(asked: Asked) -> Refusal:
    """There is always a reason: no kind of request, no consent and no blurring makes it lawful."""
    return Refusal(f"press.{asked.name.lower()}", WHY[asked], PROVISION)


def why_not_keep(who: str) -> Refusal | None:
    if who.strip():
        return None
    return Refusal("press.who", _("Write who asks, so that the letter can be addressed."),
                   field="who")  # fmt: skip
