"""Make the pictures of docs/ anew, from a living bureau: `python -m tools.pictures`.

A bureau is begun in a folder of its own; invented people do at its pages what the guides tell.
"""

import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.browser import chromium
from tests.stories.living import Album, Bureau, Person, living_bureau, within
from tests.stories.men import MEN, write_cards
from tests.stories.steps import found_in_queue, import_file, mother

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
COLOURS = 64  # of a palette: pages have few, and a picture in docs/ stays small
HIGHEST = 1600  # CSS pixels: the rest of a long page tells nothing more
FAMILIES = ("en", "uk", "ru")
OFFICES = ("en", "uk")
WAIT_SECONDS = 60
# What the stories call a moment, and the picture that shows it.
MOTHERS = {"who-we-are": "start", "name": "question", "words": "words", "waiting": "waiting"}


@dataclass
class Chosen(Album):
    """Takes only the pictures that the guides show."""

    who: str = ""
    language: str = ""
    wanted: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str) -> None:
        if name in self.wanted:
            picture(page, self.folder / f"{self.who}-{self.wanted[name]}-{self.language}.png")


def picture(page: Page, path: Path) -> None:
    """A picture of the page in few colours."""
    whole = Image.open(BytesIO(page.screenshot(full_page=True)))
    shown = whole.crop((0, 0, whole.width, min(whole.height, HIGHEST)))
    shown.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    print(path.name)


def in_language(person: Person, language: str) -> Person:
    """The same person's pages in another language from now on."""
    cookie = {"name": "language", "value": language, "url": person.url}
    person.page.context.add_cookies([cookie])  # type: ignore[list-item]
    return person


def mothers_pages(bureau: Bureau) -> None:
    for language in FAMILIES:
        chosen = Chosen(PICTURES, who="mother", language=language, wanted=MOTHERS)
        family = mother(bureau, f"main-{language}", language, chosen)
        family.ask(MEN[f"main-{language}"])
        family.come_back()
        family.page()
        family.person.look("waiting")
        family.person.leave()


def registrars_pages(bureau: Bureau, cards: Path) -> None:
    for language in OFFICES:
        registrar = in_language(bureau.office("registrar"), language)
        registrar.open("console/captives/new/")
        picture(registrar.page, PICTURES / f"registrar-register-{language}.png")
        registrar.open("console/imports/")
        registrar.page.locator("main input[type=file]").set_input_files(cards)
        registrar.press()
        picture(registrar.page, PICTURES / f"registrar-import-{language}.png")


def tracing_pages(bureau: Bureau) -> None:
    officer, man = bureau.office("tracing-1"), MEN["main-en"]
    within(WAIT_SECONDS, lambda: found_in_queue(officer, man), "a candidate in the queue")
    candidate = officer.page.url
    for language in OFFICES:
        in_language(officer, language).open("console/tracing/")
        picture(officer.page, PICTURES / f"tracing-queue-{language}.png")
        officer.open(candidate)
        picture(officer.page, PICTURES / f"tracing-candidate-{language}.png")


def main() -> int:
    root = Path(tempfile.mkdtemp(prefix="wayhome-pictures-"))
    root.chmod(0o711)  # under root the database is another user, who must pass
    try:
        with chromium() as browser, living_bureau(root, browser) as bureau:
            cards = write_cards(root / "список.xlsx")
            import_file(bureau.office("registrar"), cards)
            mothers_pages(bureau)
            registrars_pages(bureau, cards)
            tracing_pages(bureau)
    finally:
        shutil.rmtree(root)
    return 0


if __name__ == "__main__":
    sys.exit(main())
