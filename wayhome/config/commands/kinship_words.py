"""The kinship core's sentences in the languages of the bureau, out of its catalogue."""

import gettext
from collections.abc import Mapping
from pathlib import Path

import click

LOCALE = Path(__file__).parents[2] / "locale"
ENGLISH = "en"
LANGUAGES = (ENGLISH, "uk", "ru")
LANGUAGE = click.option(
    *("--lang", "language"),
    type=click.Choice(LANGUAGES),
    default=ENGLISH,
    show_default=True,
    help="The language of what is written.",
)


def in_language(sentences: Mapping[str, str], language: str) -> dict[str, str]:
    """The same keys with the sentences of this language; what was not translated stays English."""
    if language == ENGLISH:
        return dict(sentences)
    catalogue = gettext.translation("django", LOCALE, [language])
    return {key: catalogue.gettext(sentence) for key, sentence in sentences.items()}
