"""How fast a ministry's list comes in, beside a bare COPY of the same cells."""

import time
from collections.abc import Sequence

from django.db import connection

from tools.bench.figures import Figure
from tools.bench.sources import CARDS, SITE
from wayhome.bureau.captives import importing
from wayhome.bureau.captives.models import CaptureCard


def figures() -> list[Figure]:
    began = time.monotonic()
    done = importing.import_file(CARDS, site=SITE)
    seconds = time.monotonic() - began
    began = time.monotonic()
    again = importing.import_file(CARDS, site=SITE)
    again_seconds = time.monotonic() - began
    if not done.added or again.added:
        raise RuntimeError("the import added nothing, or added it twice")
    copied = copied_rows_a_second()
    return [
        Figure("import", "cards imported", done.added, "cards"),
        Figure("import", "import, reading included", done.added / seconds, "cards/s", copied),
        Figure("import", "the whole file", seconds, "s"),
        Figure("import", "the same file again, which adds nothing", again_seconds, "s"),
    ]


def copied_rows_a_second() -> float:
    """COPY of the same cells as text into a table of its own, committed."""
    rows = [
        [str(value) for value in card.as_received.values()]
        for card in CaptureCard.objects.select_related("key").iterator(chunk_size=2000)
    ]
    width = max(map(len, rows))
    columns = ", ".join(f"c{number} text" for number in range(width))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare_copy (id bigint PRIMARY KEY, {columns})")
        began = time.monotonic()
        _copy(cursor, rows, width)
        seconds = time.monotonic() - began
        cursor.execute("DROP TABLE bare_copy")
    return len(rows) / seconds


def _copy(cursor: object, rows: Sequence[Sequence[str]], width: int) -> None:
    with cursor.copy("COPY bare_copy FROM STDIN") as copy:  # type: ignore[attr-defined]
        for number, row in enumerate(rows):
            copy.write_row([number, *row, *[None] * (width - len(row))])
