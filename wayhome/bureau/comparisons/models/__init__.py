"""Reference samples, profiles by code, pedigrees, what a search found, ante-mortem talks."""

from wayhome.bureau.comparisons.models.antemortem import AnteMortem, Talk
from wayhome.bureau.comparisons.models.profiles import Elimination, Profile, ProfileFile
from wayhome.bureau.comparisons.models.samples import ReferenceSample
from wayhome.bureau.comparisons.models.search import FamilyPedigree, Hit, MissingCount, Run

__all__ = [
    "AnteMortem",
    "Elimination",
    "FamilyPedigree",
    "Hit",
    "MissingCount",
    "Profile",
    "ProfileFile",
    "ReferenceSample",
    "Run",
    "Talk",
]
