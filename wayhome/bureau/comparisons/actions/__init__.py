"""Everything that the subject does."""

from wayhome.bureau.comparisons.actions.antemortem import keep_talk
from wayhome.bureau.comparisons.actions.profiles import (
    count_missing,
    draw_pedigree,
    import_profiles,
    register_elimination,
)
from wayhome.bureau.comparisons.actions.samples import (
    drop_samples,
    give_sample,
    note_step,
    withdraw_sample,
)

__all__ = [
    "count_missing",
    "draw_pedigree",
    "drop_samples",
    "give_sample",
    "import_profiles",
    "keep_talk",
    "note_step",
    "register_elimination",
    "withdraw_sample",
]
