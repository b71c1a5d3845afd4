"""A small cut of the demo's files: some of its cards, and the families who seek these men."""

import csv
from pathlib import Path

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from wayhome.config.demo.preparing import CLERKS, ENQUIRIES, LIST, TRUTH

FILES = Path(__file__).parent.parent / "wayhome" / "config" / "demo" / "files"
HEAD = 3  # rows above the first card


def cut(to: Path, *, cards: int, enquiries: int) -> Path:
    """Write the cut into a folder: a quarter of the enquiries are for men who are not in it."""
    to.mkdir(parents=True, exist_ok=True)
    sought = _sought()
    absent = [enquiry for enquiry, men in sought.items() if not men][: enquiries // 4]
    there = [enquiry for enquiry, men in sought.items() if men][: enquiries - len(absent)]
    _cut_list(to / LIST, {number for enquiry in there for number in sought[enquiry]}, cards)
    clerks = (FILES / CLERKS).read_bytes().split(b"\n")
    (to / CLERKS).write_bytes(b"\n".join(clerks[: cards // 5 + 1]) + b"\n")
    for name in (ENQUIRIES, TRUTH):
        _cut_csv(name, to, {*absent, *there})
    return to


def _sought() -> dict[str, set[int]]:
    """For each enquiry the numbers of his cards."""
    sought: dict[str, set[int]] = {}
    for row in _read(TRUTH):
        men = sought.setdefault(row["enquiry_id"], set())
        men |= {int(row["card_no"])} if row["card_no"] else set()
    return sought


def _cut_list(to: Path, men: set[int], cards: int) -> None:
    """These men's cards, filled up with others."""
    sheet = CalamineWorkbook.from_path(FILES / LIST).get_sheet_by_index(0)
    rows, book = sheet.to_python(skip_empty_area=False), Workbook()
    assert book.active is not None
    others = cards - len(men)
    for number, row in enumerate(rows, start=1 - HEAD):
        is_other = number > 0 and number not in men and others > 0
        if number <= 0 or number in men or is_other:
            book.active.append(row)
            others -= is_other
    book.save(to)
    book.close()


def _read(name: str) -> list[dict[str, str]]:
    with (FILES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _cut_csv(name: str, to: Path, chosen: set[str]) -> None:
    rows = _read(name)
    with (to / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row for row in rows if row["enquiry_id"] in chosen)
