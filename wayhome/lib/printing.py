"""A document as PDF, from a typst template and data alone."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst

FONTS = Path(__file__).parent / "fonts"


def printed(
    template: Path,
    told: Mapping[str, Any],
    made_at: datetime,
    standard: Literal["a-2b", "a-3b"] = "a-2b",
) -> bytes:
    """The document as PDF/A, with our own fonts and nothing of the system's.

    `told` reaches the template as data, never as markup, under the template's own name (act.typ
    reads sys.inputs.act); pictures and files in it are lists of octets.
    """
    compiled: Any = typst.compile(  # type: ignore[misc]
        template.read_bytes(),
        sys_inputs={template.stem: json.dumps(told, ensure_ascii=False)},
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=[standard],
        timestamp=made_at.replace(microsecond=0),
    )
    assert isinstance(compiled, bytes)
    return compiled
