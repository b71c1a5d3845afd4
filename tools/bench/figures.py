"""What was measured, as lines of a terminal and as a page of docs/."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "methods" / "figures.md"
HEAD = """# Figures

Made by `make bench`, which measures and writes this page. Machines differ; look at the ratios.
"""
HEADINGS = {
    "import": "Importing cards",
    "compare": "Comparing enquiries with the register",
    "search": "The search box as somebody types",
    "waiting": "The waiting page under load",
    "online": "A new card against every open enquiry, and back",
}
NOTES = {
    "import": (
        "20,000 capture cards of the demo's XLSX list: read in the sandbox, checked, encrypted "
        "each under a key of its person, entered in the journal, with the notices made due and "
        "the search for men who stand there twice. The peer is a bare `COPY` of the same cells as "
        "plain text into one table of the same database: what the disk alone would take."
    ),
    "compare": (
        "3,000 families' enquiries of the demo against the register that stands then. Recall is "
        "measured with the truth that belongs to the file: the share of the enquiries whose man is "
        "on the list that have him as the first, or among the first ten. The peer is rapidfuzz's "
        "`token_sort_ratio` over every name of the register, on a sample of the same enquiries."
    ),
    "search": (
        "The same register, a neutral signed in, who types whole names, beginnings, the other "
        "script and a year beside a name, at a steady rate. Each answer is searched, limited to "
        "whom they may see, explained, and entered in the journal. The peer is the page of the "
        "search without a line, of the same process at the same rate, asked in turn with ours."
    ),
    "waiting": (
        "One web process on the same machine, a family that came in with her words and PIN, asked "
        "again and again over kept connections, at a steady rate: a request that has to wait "
        "counts from the moment at which it was due. The peer is `/healthz` of the same process, "
        "at the same rate."
    ),
    "online": (
        "So many open enquiries for invented persons (`wayhome names generate`), and the demo's "
        "cards. A new card, once it is stored, is compared with all of them by the job's own "
        "function: the index taken up to date, the best found, every enquiry that it touches "
        "compared anew with the register, and all candidates kept. The peer is rapidfuzz's "
        "`token_sort_ratio` over every enquiry's name, without any of that."
    ),
}


@dataclass(frozen=True)
class Figure:
    """One figure, and the peer's in the same run; None is not measured."""

    part: str
    what: str
    value: float
    unit: str
    peer: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many of the peer's one of ours is."""
        return self.value / self.peer if self.peer else None


def number(value: float | None) -> str:
    """A figure with as many digits as it deserves."""
    if value is None:
        return "not measured"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def shown(figures: Sequence[Figure]) -> str:
    """One line for each figure."""
    return "\n".join(
        f"{one.part:<8} {one.what:<52} {number(one.value):>10} {one.unit:<12}"
        f" peer {number(one.peer):>12}  ratio {number(one.ratio):>12}"
        for one in figures
    )


def page_of(figures: Sequence[Figure], before: str = "") -> str:
    """The page of docs/; a part that was not measured stays as it was before."""
    old = dict(each.split("\n", 1) for each in before.split("\n## ")[1:])
    new = {HEADINGS[part]: section(part, of) for part, of in groupby(figures, lambda x: x.part)}
    found = old | new
    texts = [f"## {each}\n\n{found[each].strip()}\n" for each in HEADINGS.values() if each in found]
    return "\n".join([HEAD, *texts])


def section(part: str, figures: Iterable[Figure]) -> str:
    """What the page says of one part."""
    when = (
        f"Measured on {date.today().isoformat()}, with {os.cpu_count()} shared processor cores "
        f"({platform.machine()}, Python {platform.python_version()}) and a load average of "
        f"{os.getloadavg()[0]:.1f}, others' work included."
    )
    return "\n".join([NOTES[part], "", when, "", *rows_of(figures)])


def rows_of(figures: Iterable[Figure]) -> list[str]:
    """The table of a page."""
    return [
        "| figure | ours | unit | peer | ours : peer |",
        "|---|---|---|---|---|",
        *(
            f"| {one.what} | {number(one.value)} | {one.unit} | {_peer(one.peer)} |"
            f" {_peer(one.ratio)} |"
            for one in figures
        ),
    ]


def _peer(value: float | None) -> str:
    return "–" if value is None else number(value)
