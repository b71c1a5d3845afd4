"""Profiles by code, and what is compared with what: a closed table, in which no captive stands."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal

LARGEST_FILE = 20 * 1024 * 1024
FEWEST_MARKERS = 8  # of a profile that is searched with: fewer tell no two people apart


class Holder(StrEnum):
    """Whose a profile may be. A living captive is none of these, and never will be (LAW 53)."""

    REMAINS = "remains"
    REFERENCE = "reference"
    ELIMINATION = "elimination"  # somebody of the staff, against traces of whoever touched a sample


HOLDER_NAMES = {
    Holder.REMAINS: _("remains"),
    Holder.REFERENCE: _("reference sample"),
    Holder.ELIMINATION: _("staff, for elimination"),
}


class Purpose(StrEnum):
    IDENTIFY = "identify"  # how likely, if they are kin
    SAME = "same"  # whether two samples are one person's: mix-ups, parts of one body


# What may be compared, and to what end. The sample of a living relative is held against remains,
# and, only to see that none was mixed up, against those of its own family and of the staff.
COMPARED: Mapping[frozenset[Holder], frozenset[Purpose]] = {
    frozenset({Holder.REMAINS, Holder.REFERENCE}): frozenset({Purpose.IDENTIFY, Purpose.SAME}),
    frozenset({Holder.REMAINS}): frozenset({Purpose.SAME}),
    frozenset({Holder.REFERENCE}): frozenset({Purpose.SAME}),
    frozenset({Holder.REMAINS, Holder.ELIMINATION}): frozenset({Purpose.SAME}),
    frozenset({Holder.REFERENCE, Holder.ELIMINATION}): frozenset({Purpose.SAME}),
    frozenset({Holder.ELIMINATION}): frozenset({Purpose.SAME}),
}


def why_not_compare(one: Holder, other: Holder, purpose: Purpose) -> Refusal | None:
    """Say why two profiles are not compared to this end.

    A relative's sample is given to find the dead: whether she is kin to anybody of another family
    is asked by nobody; in her own only whether the samples can be of those who gave them.
    """
    if purpose in COMPARED.get(frozenset({one, other}), frozenset()):
        return None
    text = _("A sample given to find the dead is compared with no living person.")
    return Refusal("profile.living", text, "ICRC, Missing people, DNA analysis")


class Suspicion(StrEnum):
    """What the machine suspects of samples; a person looks."""

    SAME_REMAINS = "same remains"
    SAME_REFERENCE = "same reference"
    REMAINS_AS_REFERENCE = "remains as reference"
    ELIMINATION = "elimination"
    TYPED_ANEW = "typed anew"
    OTHER_SEX = "other sex"
    EXCLUDED = "excluded"
    NO_PEDIGREE = "no pedigree"


SUSPICION_NAMES = {
    Suspicion.SAME_REMAINS: _("Two remains with one profile: parts of one body, or a mix-up"),
    Suspicion.SAME_REFERENCE: _("Two relatives with one profile: twins, or a mix-up"),
    Suspicion.REMAINS_AS_REFERENCE: _("Remains with the profile of a living relative: a mix-up"),
    Suspicion.ELIMINATION: _("The profile of somebody of the staff: contaminated"),
    Suspicion.TYPED_ANEW: _("Typed anew, and the alleles differ"),
    Suspicion.OTHER_SEX: _("Another sex than the kinship tells"),
    Suspicion.EXCLUDED: _("Members of one family exclude each other"),
    Suspicion.NO_PEDIGREE: _("Nothing can be computed of this pedigree"),
}
# While one of these stands nothing may rest on the sample; a person settles it: typed anew, or two
# remains linked as parts of one body.
MIX_UPS = frozenset({Suspicion.SAME_REMAINS, Suspicion.REMAINS_AS_REFERENCE, Suspicion.ELIMINATION})
SAME_FROM = 6.0  # log10 LR from which two samples are suspected to be one person's
EXCLUDED_FROM = 2.0  # log10 by which a family is likelier without one of its members


def why_not_import(*, size: int, faults: Sequence[object], known: int) -> Refusal | None:
    """Say why nothing of a laboratory's file is taken. It is kept, with every fault, either way."""
    if size > LARGEST_FILE:
        return Refusal("profiles.large", _("This file is too large."), field="file")
    if faults:
        text = _("Nothing was taken from this file: correct the lines below and send it again.")
        return Refusal("profiles.faults", text, field="file")
    if not known:
        text = _("No code of this file is one of ours.")
        return Refusal("profiles.unknown", text, field="file")
    return None
