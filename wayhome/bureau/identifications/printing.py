"""Papers about one of the dead who has a name: the notification of death, the certificate."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.identifications.models import DeathTold, Identification
from wayhome.bureau.remains.models import Burial, Remains
from wayhome.bureau.remains.printing import HERE, moment, paper
from wayhome.bureau.remains.rules.register import State
from wayhome.lib.dates import PartialDate, display
from wayhome.lib.printing import printed

UNKNOWN = "–"
Facts = list[list[str]]


def notification_of_death(identification: Identification, language: str) -> bytes:
    """Annex IV D of the Third Convention, as PDF/A-2b, for the Power and the Central Agency."""
    remains = identification.remains
    with translation.override(language):
        told = paper(_("Notification of death"), remains, language)
        told |= {
            "article": _("Third Geneva Convention, Article 120 and Annex IV D"),
            "facts": [
                *_named(identification),
                [_("When death probably came"), _seen(remains, "died")],
                [_("Cause and circumstances of death"), _seen(remains, "cause")],
                [_("Found on"), _found_on(remains, language)],
                *_where_they_lie(remains),
                [_("Effects"), _effects(remains)],
                [_("Identified by the board on"), _decided(identification)],
                [_("Printed on"), moment(timezone.now())],
            ],
            "nothing": "",
            "signatures": [
                [_("Responsible authority: date, seal, signature"), ""],
                [_("First witness: signature and address"), ""],
                [_("Second witness: signature and address"), ""],
            ],
        }
        return printed(HERE / "sheet.typ", told, timezone.now())


def certificate_of_death(told_of: DeathTold) -> bytes:
    """For the family, in its language, after people told it; it says no more than they did."""
    identification, language = told_of.identification, told_of.enquiry.enquirer.language
    remains = identification.remains
    with translation.override(language):
        told = paper(_("Certificate of death"), remains, language)
        told |= {
            "article": _("Third Geneva Convention, Article 120"),
            "facts": [
                *_as_asked(told_of.enquiry),
                [_("The body was found"), _found_on(remains, language)],
                *_where_they_lie(remains),
                [_("Who it is was decided on"), _decided(identification)],
                [_("Printed on"), moment(timezone.now())],
            ],
            "nothing": "",
            "broken": [],  # stands on the papers of the bureau, and is told, not printed, to her
            "after": [_("Three experts of different professions decided who it is, each alone.")],
            "signatures": [[_("Responsible authority: date, seal, signature"), ""]],
        }
        return printed(HERE / "sheet.typ", told, timezone.now())


def _named(identification: Identification) -> Facts:
    """Him, as the board named him."""
    whose = identification.enquiry or identification.captive
    assert whose is not None, "a constraint of the database"
    decided = identification.decision()
    named = (decided.named if decided else None) or {}
    return _person(whose, named.get("name", ""), named.get("number", ""))


def _as_asked(enquiry: Enquiry) -> Facts:
    """Him, as this family asked for him: who else asks, and what they wrote, it does not learn."""
    parts = (enquiry.surname, enquiry.given, enquiry.patronymic)
    return _person(enquiry, " ".join(filter(None, parts)), enquiry.bureau_number)


def _person(whose: Enquiry | Captive, name: str, number: str) -> Facts:
    language = translation.get_language() or "en"
    return [
        [_("Name"), name or UNKNOWN],
        [_("Date of birth"), display(PartialDate(whose.born), language) if whose.born else UNKNOWN],
        [_("Place of birth"), whose.birthplace or UNKNOWN],
        [_("Rank"), whose.rank or UNKNOWN],
        [_("Army, regimental or personal number"), whose.service_no or UNKNOWN],
        [_("Number of the enquiry or card"), number or UNKNOWN],
    ]


def _seen(remains: Remains, name: str) -> str:
    last = remains.examinations.select_related("key").order_by("-version").first()
    return str(((last.said if last else None) or {}).get(name, "")) or UNKNOWN


def _found_on(remains: Remains, language: str) -> str:
    return display(PartialDate(remains.found_on), language) if remains.found_on else UNKNOWN


def _where_they_lie(remains: Remains) -> Facts:
    if remains.state == State.HOME:
        return [[_("Where the body is"), _("gone home")]]
    if remains.state != State.BURIED:
        return [[_("Where the body is"), _("kept with care until the way home")]]
    burial = Burial.objects.select_related("key", "plot").get(remains=remains, opened_at=None)
    details = burial.details or {}
    place = ", ".join(details.get(name, "") for name in ("latitude", "longitude"))
    grave = _("row %(row)s, grave %(number)s") % {"row": burial.row, "number": burial.number}
    return [
        [_("Grave"), f"{burial.plot.name}, {grave}"],
        [_("Coordinates of the grave"), place],
        [_("How the grave is marked"), details.get("marker", "") or UNKNOWN],
    ]


def _effects(remains: Remains) -> str:
    lists = list(remains.effects_lists.signed())
    packets = [one.packet for one in lists if one.packet]
    if not packets:
        return _("none were found") if lists else UNKNOWN
    return _("kept in sealed packets: %(packets)s") % {"packets": ", ".join(packets)}


def _decided(identification: Identification) -> str:
    return moment(identification.decided_at) if identification.decided_at else UNKNOWN
