"""When an account may be opened or closed."""

import re
from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.lib.languages import LANGUAGE_NAMES
from wayhome.lib.refusal import Refusal

SITE_CODE = re.compile(r"[A-Z]{1,4}")


class Profession(StrEnum):
    """What somebody learned. A board is made of several: each sees what another does not."""

    LAWYER = "lawyer"
    PHYSICIAN = "physician"
    PSYCHOLOGIST = "psychologist"
    SOCIAL_WORKER = "social worker"
    FORENSIC_PHYSICIAN = "forensic physician"
    ANTHROPOLOGIST = "anthropologist"
    GENETICIST = "geneticist"
    DENTIST = "dentist"
    FINGERPRINTS = "fingerprint examiner"
    OFFICER = "officer"
    DIPLOMAT = "diplomat"
    TEACHER = "teacher"


PROFESSION_NAMES = {
    Profession.LAWYER: _("Lawyer"),
    Profession.PHYSICIAN: _("Physician"),
    Profession.PSYCHOLOGIST: _("Psychologist"),
    Profession.SOCIAL_WORKER: _("Social worker"),
    Profession.FORENSIC_PHYSICIAN: _("Forensic physician"),
    Profession.ANTHROPOLOGIST: _("Anthropologist"),
    Profession.GENETICIST: _("Geneticist"),
    Profession.DENTIST: _("Dentist"),
    Profession.FINGERPRINTS: _("Fingerprint examiner"),
    Profession.OFFICER: _("Officer of the armed forces"),
    Profession.DIPLOMAT: _("Diplomat"),
    Profession.TEACHER: _("Teacher"),
}


def why_not_open_site(*, code: str, taken: bool) -> Refusal | None:
    if not SITE_CODE.fullmatch(code):
        return Refusal("staff.site_code", _("A site's code is one to four Latin capitals."))
    if taken:
        return Refusal("staff.site_taken", _("There is a site of this code already."))
    return None


def why_not_open(*, username_taken: bool) -> Refusal | None:
    if username_taken:
        return Refusal("staff.taken", _("This name is in use already."), field="username")
    return None


def why_not_read(languages: Iterable[str]) -> Refusal | None:
    """Say why these are not the languages that somebody reads; none at all is an answer."""
    if not set(languages) <= set(LANGUAGE_NAMES):
        return Refusal("staff.language", _("Choose languages of the list."), field="reads")
    return None


def why_not_close(*, own: bool, active: bool) -> Refusal | None:
    if own:
        return Refusal("staff.own", _("You cannot close your own account."))
    if not active:
        return Refusal("staff.closed", _("This account is closed already."))
    return None
