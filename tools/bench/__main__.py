"""Measure the bureau at work: import, comparison, the search box, the waiting page.

Each figure stands beside a peer measured in the same run, on the same rows: our machines differ,
the ratio does so less. A peer that did not run is printed as not measured. With --write what was
measured stands in docs/methods/figures.md; its other parts stay as they are.
"""

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.bench.figures import PAGE, Figure, page_of, shown
from wayhome.config.database import Database
from wayhome.config.folder import Folder

PARTS = ("import", "compare", "search", "waiting", "online")


@contextlib.contextmanager
def installation() -> Iterator[Folder]:
    """A data folder of its own that goes when the measuring is done."""
    root = Path(tempfile.mkdtemp(prefix="wayhome-bench-"))
    root.chmod(0o711)
    folder = Folder(root / "data")
    try:
        folder.create("live")
        yield folder
    finally:
        shutil.rmtree(root, ignore_errors=True)


def measured(parts: list[str], seconds: int, rate: int, enquiries: int) -> list[Figure]:
    """Run the parts that are asked for, in their order, in one installation."""
    found: list[Figure] = []
    with installation() as folder:
        os.environ["WAYHOME_DATA_DIR"] = str(folder.root)
        database = Database.of(folder)
        with database.running():
            os.environ.update(database.environment("owner"))
            set_up()
            from django.db import connections

            from tools.bench import comparing, importing, online, searching, waiting

            found += importing.figures()
            if "compare" in parts:
                found += comparing.figures()
            words = waiting.words_of_a_family()
            typed = searching.prepare()
            connections.close_all()
        if "search" in parts:
            found += searching.figures(folder, typed, seconds=seconds, rate=rate)
        if "waiting" in parts:
            found += waiting.figures(folder, words, seconds=seconds, rate=rate)
        if "online" in parts:  # last: the others are measured with a smaller bureau
            with database.running():
                found += online.figures(enquiries)
                connections.close_all()
    return [one for one in found if one.part in parts]


def set_up() -> None:
    """Django on the database of the environment, with its tables."""
    import django
    from django.core.management import call_command

    os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all if none is named")
    parser.add_argument("--seconds", type=int, default=30, help="of load on each page")
    parser.add_argument("--rate", type=int, default=50, help="requests a second")
    parser.add_argument(
        "--enquiries", type=int, default=150_000, help="open ones, for a new card to meet"
    )
    parser.add_argument("--write", action="store_true", help=f"into {PAGE.name}")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    parts = options.parts or list(PARTS)
    found = measured(parts, options.seconds, options.rate, options.enquiries)
    print(shown(found))
    if options.write:
        PAGE.write_text(page_of(found, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
