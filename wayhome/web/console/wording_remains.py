"""The words for what is kept about the dead."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FOUND_WORDS: "dict[str, StrOrPromise]" = {
    "on": _("On which day"),
    "scene": _("Place, as people there call it"),
    "grid": _("Grid of the map"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "team": _("Who found them: team, names or numbers"),
    "how": _("How they were found: position, depth, what lay beside them"),
    "visible": _("What is visible on them"),
}
