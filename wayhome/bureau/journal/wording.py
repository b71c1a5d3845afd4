"""What may stand in the journal as having been done, in words. An action without words is a bug."""

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTIONS: "dict[str, StrPromise]" = {
    "looked at": _("looked at"),
    "searched": _("searched"),
    "asked for comrades": _("asked for comrades of one sought"),
    "shown by a search": _("shown by a search"),
    # captives
    "captive registered": _("captive registered"),
    "card corrected": _("card corrected"),
    "custody event recorded": _("custody event recorded"),
    "duty noted": _("duty towards him noted"),
    "medical inspection noted": _("medical inspection noted"),
    "health noted": _("health noted"),
    "protection noted": _("protection noted"),
    "file taken in": _("file taken in"),
    "file thrown away": _("file thrown away"),
    "import begun": _("import begun"),
    "import resumed": _("import resumed"),
    "import stopped": _("import stopped"),
    "import done": _("import done"),
    "lines to mend taken": _("lines to mend taken"),
    "same man judged": _("judged whether two cards are one man"),
    "record linked": _("record linked"),
    "record unlinked": _("record unlinked"),
    # enquiries
    "enquiry made": _("enquiry made"),
    "enquiry corrected": _("enquiry corrected"),
    "enquiry forgotten": _("enquiry forgotten"),
    "question asked": _("question of the month asked"),
    "contact changed": _("way of contact changed"),
    "came back": _("came back to her page"),
    "PIN changed": _("PIN changed"),
    "caller's word asked": _("caller's word asked"),
    # matches and kinship
    "candidate judged": _("candidate judged"),
    "same sought judged": _("judged whether two enquiries seek one man"),
    "match confirmed": _("match confirmed"),
    "withdrawal asked": _("withdrawal of a match asked"),
    "match withdrawn": _("match withdrawn"),
    "paper sent": _("paper sent"),
    "kinship weighed": _("kinship weighed"),
    "kinship confirmed": _("kinship confirmed by a second person"),
    # the captive himself
    "sitting opened": _("sitting opened"),
    "sitting unlocked": _("sitting unlocked"),
    "sitting closed": _("sitting closed"),
    "secret set": _("secret set"),
    "secret reset": _("secret reset"),
    "wrong secret": _("wrong secret given"),
    "rights given": _("rights told"),
    "answered for himself": _("answered for himself"),
    "decided in his place": _("decided in his place, who cannot"),
    "decision in his place ended": _("decision in his place ended"),
    "objection settled": _("line that he called wrong settled"),
    "complaint answered": _("complaint answered"),
    "danger of return assessed": _("danger of return assessed"),
    # families told
    "family invited": _("family invited to a talk"),
    "family told": _("family told"),
    "family told of an error": _("family told of an error"),
    "letter written": _("letter written"),
    "capture card written": _("capture card written"),
    "letter taken back": _("letter taken back"),
    "letter passed": _("letter passed"),
    "letter held back": _("letter held back"),
    "letter sent": _("letter sent"),
    "letter delivered": _("letter delivered"),
    "sheets printed": _("sheets to write on printed"),
    "scan taken in": _("side of a sheet taken in"),
    "scan filed": _("side of a sheet filed"),
    "scan put aside": _("side of a sheet put aside"),
    "scan not opened": _("file of a sheet not opened"),
    "times for calls opened": _("times for calls opened"),
    "call asked for": _("call asked for"),
    "times of a call offered": _("times of a call offered"),
    "times of a call taken back": _("times of a call taken back"),
    "time of a call chosen": _("time of a call chosen"),
    "call given to a supervisor": _("call given to a supervisor"),
    "call taken back": _("wish for a call taken back"),
    "call cancelled": _("call cancelled"),
    "call opened": _("call opened"),
    "call entered": _("call entered"),
    "call ended": _("call ended"),
    "family spoken with about a call": _("family spoken with about a call"),
    "said how a call was": _("said how a call was"),
    "worry after a call looked into": _("worry after a call looked into"),
    "person named by him told": _("person named by him told"),
    "person named by him not reached": _("person named by him not reached"),
    "person named by him answered wrongly": _("person named by him answered wrongly"),
    "message settled": _("message settled"),
    "message tried again": _("message tried again"),
    # the road home
    "application made": _("wish to go home kept"),
    "application granted": _("road home opened"),
    "application refused": _("road home refused"),
    "appointment set": _("day and crossing set"),
    "act prepared": _("act prepared"),
    "identity of he noted": _("his identity noted"),
    "identity of she noted": _("her identity noted"),
    "belongings listed": _("belongings listed"),
    "last question asked": _("last question asked"),
    "signed by he": _("signed by him"),
    "signed by she": _("signed by her"),
    "signed by witness": _("signed by the witness"),
    "act sealed": _("act sealed"),
    # the bureau
    "notice released to his Power": _("notice released to his Power"),
    "site opened": _("site opened"),
    "account opened": _("account opened"),
    "account closed": _("account closed"),
    "account reopened": _("account reopened"),
    "sign-in failed": _("sign-in failed"),
}
# Purposes that the program itself gives; what else stands there is a code or a number.
PURPOSES: "dict[str, StrPromise]" = {
    "application": pgettext_lazy("purpose", "application"),
    "card": pgettext_lazy("purpose", "card"),
    "care": pgettext_lazy("purpose", "care"),
    "complaint": pgettext_lazy("purpose", "complaint"),
    "custody": pgettext_lazy("purpose", "custody"),
    "comrades": pgettext_lazy("purpose", "comrades of one sought"),
    "danger of return": pgettext_lazy("purpose", "danger of return"),
    "in his place": pgettext_lazy("purpose", "decision in his place"),
    "objection": pgettext_lazy("purpose", "line called wrong"),
    "statement": pgettext_lazy("purpose", "statement"),
    "document": pgettext_lazy("purpose", "sealed document"),
    "file": pgettext_lazy("purpose", "file"),
    "first news": pgettext_lazy("purpose", "first news"),
    "handover": pgettext_lazy("purpose", "act of return"),
    "health": pgettext_lazy("purpose", "health"),
    "judge": pgettext_lazy("purpose", "judgement of a candidate"),
    "match": pgettext_lazy("purpose", "match"),
    "own question": pgettext_lazy("purpose", "his own question"),
    "portal": pgettext_lazy("purpose", "portal"),
    "protection": pgettext_lazy("purpose", "protection"),
    "read to a caller": pgettext_lazy("purpose", "read to a caller"),
    "return": pgettext_lazy("purpose", "return"),
    "same man": pgettext_lazy("purpose", "two cards of one man"),
    "same sought": pgettext_lazy("purpose", "two enquiries for one man"),
    "search": pgettext_lazy("purpose", "search"),
    "sitting": pgettext_lazy("purpose", "sitting"),
    "verify kinship": pgettext_lazy("purpose", "kinship"),
    "who asks": pgettext_lazy("purpose", "who asks for him"),
}
    # statements and the press
    "statement taken": _("statement taken"),
    "statement weighed": _("judged whether a statement speaks of him"),
    "press request refused": _("press request refused"),
# What the verification says is wrong, as a pattern of its own words (verification.py).
FAULTS: "tuple[tuple[str, StrPromise], ...]" = (
    (r"this entry is missing", _("this entry is missing")),
    (r"this entry was changed or moved", _("this entry was changed or moved")),
    (r"this entry, or one before it, .*", _("this entry, or one before it, was displaced")),
    (r"no checkpoint covers this entry", _("no checkpoint covers this entry")),
    (
        r"this entry is missing: (?P<file>.*) knows it",
        _("this entry is missing: %(file)s knows it"),
    ),
    (
        r"the log differs from the checkpoint in (?P<file>.*)",
        _("the log differs from the checkpoint in %(file)s"),
    ),
    (
        r"a checkpoint in (?P<file>.*) is not signed by this log",
        _("a checkpoint in %(file)s is not signed by this log"),
    ),
    (r"(?P<file>.*) holds no checkpoint", _("%(file)s holds no checkpoint")),
)


def fault_in_words(what: str) -> str:
    """What is wrong with the journal, in the language of the page."""
    for pattern, words in FAULTS:
        if found := re.fullmatch(pattern, what):
            return str(words) % found.groupdict() if found.groupdict() else str(words)
    return what
