"""Boxes under which other spellings are proposed while somebody types; nothing is overwritten."""

from typing import Any

from django.urls import reverse_lazy

# Which name stands in which field of a form; of a line the last word is looked at.
KINDS = {
    "surname": "surname",
    "given": "given",
    "patronymic": "patronymic",
    "father_name": "given",
    "mothers_maiden_name": "surname",
    "mother_name": "line",
    "full_name": "line",
    "comrade": "line",
}


def suggesting(field: str) -> dict[str, Any]:
    """The attributes of a box for this field; without JavaScript they do nothing."""
    if field not in KINDS:
        return {}
    return {
        "data-combobox": "fill",
        "hx-get": reverse_lazy("console:spelling", args=[field]),
        "hx-trigger": "input changed delay:300ms",
        "hx-sync": "this:replace",
    }
