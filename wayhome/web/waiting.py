"""What a family is told until a person has talked with her: on her page, and on the telephone.

Asks the database only about what she herself did, what she was invited to and told in person, and
for the bureau's day of comparison (P5).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.answers.models import Freeze, Invitation, Told
from wayhome.bureau.answers.rules import GONE, InvitationState
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import corrections_in
from wayhome.bureau.identifications.models import DeathTold
from wayhome.bureau.matches.models import Comparison
from wayhome.bureau.relations.models import Paper
from wayhome.bureau.returns.models import Application

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ASKED, ADDED, PAPERS, APPLIED = "asked", "added", "papers", "applied"
STAGES: "dict[str, StrOrPromise]" = {
    ASKED: _("You asked"),
    ADDED: _("You added or corrected something"),
    PAPERS: _("You sent papers"),
    APPLIED: _("You asked to bring the person home"),
}
# Read to a caller before her first question.
BEFORE = (
    _("We are the information bureau of Ukraine under the Geneva Conventions."),
    _("If you live in Russia, we are an authority of the other State."),
    _("It may be dangerous for you to call us. Somebody may hear this talk."),
    _("We do not tell the authorities of your country that you asked."),
    _("A relative abroad can ask for you. So can the Red Cross society of your own country."),
    _("The Central Tracing Agency of the International Committee of the Red Cross helps too."),
    _("Everything here is free. We ask for no money, no statements and nothing about the army."),
    _("You need not answer every question. You may stop at any moment."),
)
# Read to her with her words.
WITH_WORDS = (
    _("I will read nine words to you. Please write them on paper, in this order."),
    _("Keep the paper where nobody finds it. Nobody here keeps these words."),
    _("With these words and the word that we agreed you can come back to us."),
    _("You can come back on our page, or by telephone. We never call to ask for the words."),
)
# Printed on the sheet with her words; no name of a person stands on it.
ON_THE_SHEET = (
    _("Open our page. Write these words, and the agreed word in place of a PIN."),
    _("Then choose a PIN of your own."),
    _("Or call us: say the number of this sheet and the word that we agreed."),
    _("We compare all enquiries with all our records every day."),
    _("It is free of charge."),
    _("You may have everything forgotten at any time, in one step."),
)
INVITATION = _(
    "A member of our staff would like to talk with you. "
    "This is the same sentence for every kind of news."
)
FOR_AGENCY = _(
    "For you we also ask the Central Tracing Agency. It passes your enquiry to the other State."
)
TALKED_OF_A_CHANGE = _(
    "A member of our staff has talked with you. You can talk with us again at any time."
)
TALKED = _("A member of our staff has talked with you. What was said stands on your page.")


def waits_for_a_talk(family: Enquirer, enquiry: Enquiry) -> bool:
    """Whether a person wants to talk with her: she is invited, or was told something wrong.

    What was wrong leaves her page at once; only a person tells her so (P6, P20).
    """
    invited = Invitation.objects.visible_to(family).filter(enquiry=enquiry)
    to_correct = Told.objects.visible_to(family).to_correct_for(enquiry)
    doubted = DeathTold.objects.visible_to(family).to_correct().filter(enquiry=enquiry)
    return (
        invited.filter(state=InvitationState.OPEN).exists()
        or to_correct.exists()
        or doubted.exists()
    )


def told_of_a_death(family: Enquirer, enquiry: Enquiry) -> DeathTold | None:
    """What people told her of a death, while it stands."""
    told = DeathTold.objects.visible_to(family).select_related("key")
    return told.standing_for(enquiry)


def spoken_about_a_change(family: Enquirer, enquiry: Enquiry) -> Freeze | None:
    """The last talk in which a person told her that something changed; what was told before it
    does not stand on her page any more.
    """
    talk = Freeze.objects.visible_to(family).last_talk(enquiry)
    if talk is None or talk.cause not in GONE:
        return None
    later = Told.objects.visible_to(family).standing_for(enquiry)
    is_newer = later is not None and talk.ended_at is not None and later.at > talk.ended_at
    return None if is_newer else talk


def heard_that_he_is_gone(family: Enquirer, enquiry: Enquiry) -> bool:
    """Whether a person has told her that he died, or is not with us any more."""
    return (
        told_of_a_death(family, enquiry) is not None
        or spoken_about_a_change(family, enquiry) is not None
    )


def may_be_prompted(family: Enquirer, enquiry: Enquiry) -> bool:
    """Whether four weeks may be mentioned: to every family, until she is invited to a talk.

    Before that her page is the same as all, also when a board has decided who lies with us (P5);
    from then on not while a person must speak with her first, nor after she heard that he is gone
    (P6, P20). What happens to him after she was told of him changes nothing by itself: words that
    go from her page would be news from a machine.
    """
    if waits_for_a_talk(family, enquiry) or told_of_a_death(family, enquiry) is not None:
        return False
    return spoken_about_a_change(family, enquiry) is None


def compared_on() -> date:
    """The bureau's day of the last comparison: the same for everybody."""
    at = Comparison.objects.order_by("-at").values_list("at", flat=True).first()
    return timezone.localdate(at) if at else timezone.localdate()


def sentences(on: str) -> "tuple[StrOrPromise, ...]":
    """The waiting text: the same for every family, whatever we know."""
    return (
        _("We compare all enquiries with all our records every day, last on %(on)s.") % {"on": on},
        _(
            "There is nothing we can tell you today. "
            "This sentence is the same for every family, whatever we know."
        ),
        _("A card written by the person you seek may reach you before we may speak."),
    )


def stages_of(
    family: Enquirer, enquiry: Enquiry, also: Mapping[str, Iterable[datetime]] | None = None
) -> "list[tuple[StrOrPromise, date]]":
    """What she herself did, each with its day; nothing else is a stage."""
    own = {
        ASKED: [enquiry.received_at],
        ADDED: corrections_in(enquiry.as_received),
        PAPERS: Paper.objects.visible_to(family)
        .filter(enquiry=enquiry)
        .values_list("sent_at", flat=True),
        APPLIED: Application.objects.visible_to(family)
        .filter(enquiry=enquiry, by_captive=False)
        .values_list("made_at", flat=True),
    }
    done = [
        (words, day)
        for name, words in STAGES.items()
        for day in _days([*own[name], *(also or {}).get(name, ())])
    ]
    return sorted(done, key=lambda stage: stage[1])


def _days(at: Iterable[datetime]) -> list[date]:
    return sorted({timezone.localdate(moment) for moment in at})
