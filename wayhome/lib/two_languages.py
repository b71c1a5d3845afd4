"""The two languages in which the bureau prints what goes from hand to hand."""

from typing import Any

from django.utils import translation

LANGUAGES = ("uk", "ru")  # of the Detaining Power and of the captives' own


def both(words: Any) -> list[str]:
    """Translatable words in either language."""
    texts = []
    for language in LANGUAGES:
        with translation.override(language):
            texts.append(str(words))
    return texts
