"""A report on kinship as a PDF for court and file, out of plain data.

What is told comes from `wayhome.cores.kinship.reporting`; this module knows how it is printed.
Whoever has another language hands in `words`, and the core its own sentences.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from wayhome.lib.printing import printed

from .words import WORDS as WORDS

HERE = Path(__file__).parent


def pdf(
    told: Mapping[str, Any],
    case: bytes,
    made_at: datetime,
    words: Mapping[str, str] | None = None,
    language: str = "en",
) -> bytes:
    """The report as PDF/A-3b with the case itself attached, so that it can be computed again.

    What is told reaches the template as data, never as markup.
    """
    whole = {
        **told,
        "words": {**WORDS, **(words or {})},
        "language": language,
        "made_at": made_at.strftime("%Y-%m-%d %H:%M %Z").strip(),
        "case": list(case),
    }
    return printed(HERE / "report.typ", whole, made_at, standard="a-3b")
