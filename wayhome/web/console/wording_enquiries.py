"""The words for what is kept about an enquiry: what was told, by whom, how, and where it stands."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.enquiries.rules import Channel, EnquiryState, Party, Relation, Source

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RELATIONS: "dict[str, StrOrPromise]" = {
    Relation.MOTHER: _("Mother"),
    Relation.FATHER: _("Father"),
    Relation.WIFE: _("Wife"),
    Relation.HUSBAND: _("Husband"),
    Relation.PARTNER: _("Partner, not married"),
    Relation.SISTER: _("Sister"),
    Relation.BROTHER: _("Brother"),
    Relation.SON: _("Son"),
    Relation.DAUGHTER: _("Daughter"),
    Relation.GRANDPARENT: _("Grandmother or grandfather"),
    Relation.OTHER_RELATIVE: _("Another relative"),
    Relation.FRIEND: _("Friend"),
}
PARTIES: "dict[str, StrOrPromise]" = {
    Party.ADVERSE: _("With the Russian forces, in any unit or service"),
    Party.CIVILIAN: _("A civilian from Russia or another country"),
    Party.OWN_SOLDIER: _("A soldier of Ukraine"),
    Party.OWN_CIVILIAN: _("A civilian of Ukraine"),
    Party.UNKNOWN: _("Not known"),
}
SOURCES: "dict[str, StrOrPromise]" = {
    Source.PORTAL: _("On the page for families"),
    Source.TELEPHONE: _("By telephone"),
    Source.PAPER: _("On a sheet of paper"),
    Source.ABROAD: _("Somebody abroad asks for her"),
    Source.FILE: _("In a file"),
}
STATES: "dict[str, StrOrPromise]" = {
    EnquiryState.OPEN: _("Open"),
    EnquiryState.FOR_AGENCY: _("The Central Tracing Agency asks"),
    EnquiryState.FORGOTTEN: _("Forgotten"),
}
CHANNELS: "dict[str, StrOrPromise]" = {
    Channel.NONE: _("She comes back herself; nobody contacts her"),
    Channel.TELEPHONE: _("By telephone"),
    Channel.EMAIL: _("By e-mail"),
}
LANGUAGES: "dict[str, StrOrPromise]" = {
    "uk": _("Ukrainian"),
    "ru": _("Russian"),
    "en": _("English"),
}
SOUGHT_FIELDS: "dict[str, StrOrPromise]" = {
    "surname": _("Surname"),
    "given": _("First names"),
    "patronymic": _("Patronymic"),
    "full_name": _("Whole name as written"),
    "born": _("Date of birth"),
    "birthplace": _("Place of birth"),
    "mother_name": _("Name of his mother"),
    "father_name": _("First name of his father"),
    "unit": _("Unit"),
    "comrade": _("With whom he served"),
    "rank": _("Rank"),
    "service_no": _("Army, regimental or personal number"),
}
# What else a correction can say that it changed.
CORRECTED: "dict[str, StrOrPromise]" = {
    **SOUGHT_FIELDS,
    "relation": _("What she is to him"),
    "may_tell_him": _("He may be told that she asks"),
    "three_things": _("Three things that only the two of them know"),
}
NAMES = frozenset(
    {"surname", "given", "patronymic", "full_name", "mother_name", "father_name", "comrade"}
)
YES_NO: "dict[str, StrOrPromise]" = {"yes": _("Yes"), "no": _("No")}
WHY: "dict[str, StrOrPromise]" = {
    "compare": _("To compare it with the register"),
    "kinship": _("To weigh her kinship"),
    "talk": _("To talk with the family"),
    "complaint": _("To answer a complaint"),
    "own question": _("She asks about her own enquiry"),
}
