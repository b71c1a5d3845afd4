"""A lorry with bags, held against its list: what came, what is missing, what nobody listed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.remains.rules.register import LONGEST_BAG
from wayhome.lib.numbers import LOOK_ALIKES
from wayhome.lib.refusal import Refusal
from wayhome.lib.text import clean

MOST_BAGS = 2_000  # of one lorry or train: more is a wrong file
# Headings of the column that holds the bag's number, in the three languages; compared whole.
HEADINGS = frozenset(
    {
        "bag", "bag no", "bag number", "no", "number", "№", "n", "#",
        "мішок", "номер мішка", "№ мішка", "пакет", "номер пакета", "номер",
        "мешок", "номер мешка", "№ мешка",
    }
)  # fmt: skip
_BETWEEN = re.compile(r"[\r\n;,\t]+")
_GAPS, _DASHES = re.compile(r"[\s№#]+"), re.compile(r"[‐-―−]")


def bag_key(bag: str) -> str:
    """By which a bag's number is known again: case, spaces and look-alike letters are forgiven.

    Signs between its parts stay, since 1-23 is not 12-3.
    """
    return _DASHES.sub("-", _GAPS.sub("", bag)).upper().translate(LOOK_ALIKES)


def read_bags(text: str) -> list[str]:
    """The bag numbers in a typed or pasted list, in its order, each once."""
    return each_once(clean(part, longest=LONGEST_BAG) for part in _BETWEEN.split(text))


def column_of_bags(rows: Sequence[Sequence[object]]) -> list[str]:
    """The bag numbers of a table: of the column with such a heading, or else of the first."""
    column, heading = 0, -1
    for place, row in enumerate(rows[:20]):
        known = [n for n, cell in enumerate(row) if _plain(cell).casefold() in HEADINGS]
        if known:
            # A bag's own heading before a running number's.
            named = [n for n in known if re.search("bag|міш|меш|пакет", _plain(row[n]).casefold())]
            column, heading = (named or known)[0], place
            break
    cells = (row[column] for row in rows[heading + 1 :] if column < len(row))
    return each_once(_plain(cell) for cell in cells)


def each_once(bags: Iterable[str]) -> list[str]:
    """In their order; a number that comes again, or is none, is left out."""
    first: dict[str, str] = {}
    for bag in bags:
        if key := bag_key(bag):
            first.setdefault(key, bag)
    return list(first.values())


def _plain(cell: object) -> str:
    whole = isinstance(cell, float) and cell.is_integer()
    return clean(str(int(cell)) if whole and isinstance(cell, float) else str(cell),
                 longest=LONGEST_BAG)  # fmt: skip


def why_not_open(
    *, bags: int, brought_by: str, arrived_at: datetime, now: datetime
) -> Iterator[Refusal]:
    """Say why no intake can be opened with this list."""
    if arrived_at > now:
        yield Refusal("intake.future", _("This is in the future."), field="arrived_on")
    if not brought_by.strip():
        text = _("Write who brings them: the first hands of the chain.")
        yield Refusal("intake.nobody", text, "GC I 16", field="brought_by")
    if bags > MOST_BAGS:
        text = _("These are too many bags for one list. Split it.")
        yield Refusal("intake.too_many", text, field="bags")


def why_not_take_in(*, bag: str, closed: bool, came: bool) -> Refusal | None:
    """Say why this bag cannot be ticked in."""
    if closed:
        return Refusal("intake.closed", _("This intake is closed."), field="bag")
    if not bag_key(bag):
        return Refusal("intake.no_bag", _("Type the number on the bag."), field="bag")
    if came:
        text = _("This bag was ticked in already. Look at its number again.")
        return Refusal("intake.again", text, field="bag")
    return None


@dataclass(frozen=True)
class Count:
    """How a lorry and its list stand to each other."""

    listed: int
    came: int
    missing: int  # listed, not in the lorry
    unlisted: int  # in the lorry, not listed

    @property
    def differs(self) -> bool:
        return bool(self.missing or self.unlisted)


def count_of(lines: Iterable[tuple[bool, bool]]) -> Count:
    """Count lines given as (listed, came)."""
    told = list(lines)
    return Count(
        listed=sum(listed for listed, _came in told),
        came=sum(came for _listed, came in told),
        missing=sum(listed and not came for listed, came in told),
        unlisted=sum(came and not listed for listed, came in told),
    )


def why_not_close(count: Count, *, closed: bool, words: str) -> Refusal | None:
    """Say why this intake cannot be closed. A difference is no reason; one without a word is."""
    if closed:
        return Refusal("intake.closed", _("This intake is closed."))
    if not count.came and not count.listed:
        return Refusal("intake.empty", _("Nothing is on the list, and nothing came."))
    if count.differs and not words.strip():
        text = _("The lorry and its list differ. Write what is known of it.")
        return Refusal("intake.differs", text, "Minnesota Protocol", field="words")
    return None
