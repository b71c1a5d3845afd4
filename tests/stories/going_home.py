"""The last leg of a story of the dead: offered, accepted, counted from hand to hand, received."""

import io

from PIL import Image

from tests.stories.living import Bureau, Person
from tests.stories.steps import draw

POWER, DELEGATE = "Країна", "Кнехт Й., делегат"
SEAL = "ПЛ 7001"


def goes_home(bureau: Bureau, named: str, unnamed: str) -> None:
    """Whose family was told today stays until it has chosen; whom nobody knows goes home."""
    expert = bureau.office("forensic")
    _made_ready(expert, bureau.office("registrar"), unnamed)
    _offered_and_accepted(bureau.office("coordinator", expert.album), named, unnamed)
    page = _put_together(expert, unnamed)
    hands = _begun(expert, page)
    for way in ("out", "in"):
        _counted(expert, hands, unnamed)
        expert.look(f"counted-{way}")
    _received(expert, page)
    expert.open(f"console/remains/{unnamed}/")
    assert DELEGATE in expert.text()
    assert "/consignments/" in expert.page.content()


def _made_ready(expert: Person, second: Person, number: str) -> None:
    """The minimum set: a picture, the effects signed by two, a seal."""
    picture = io.BytesIO()
    Image.new("RGB", (80, 60), "grey").save(picture, "JPEG")
    expert.open(f"console/remains/{number}/photograph/")
    expert.choose("view", "whole")
    content = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    expert.page.locator("main input[type=file]").set_input_files(content)  # type: ignore[arg-type]
    expert.press()
    assert not expert.refused(), expert.text()
    expert.open(f"console/remains/{number}/effects/")
    expert.tick("nothing")
    expert.press()
    expert.open(f"console/remains/{number}/seal/")
    expert.type(seal=SEAL)
    expert.press()
    assert not expert.refused(), expert.text()
    second.open(f"console/remains/{number}/")
    second.follow("/remains/effects/")
    second.press()
    assert not second.refused(), second.text()


def _offered_and_accepted(coordinator: Person, named: str, unnamed: str) -> None:
    coordinator.open("console/offers/new/")
    coordinator.type(power=POWER, lines=named)
    coordinator.press()
    assert coordinator.refused()  # told today: the family has its term to choose
    coordinator.type(lines=f"{unnamed}; шеврон на рукаві")
    coordinator.press()
    assert not coordinator.refused(), coordinator.text()
    coordinator.press("main form[action$='/send/'] button")
    coordinator.look("offer")
    coordinator.follow("/answer/")
    coordinator.tick("lines")
    coordinator.choose("answer", "accepted")
    coordinator.press()
    assert coordinator.page.locator("main .wh-tag--done").count() == 1, coordinator.text()


def _put_together(expert: Person, number: str) -> str:
    expert.open("console/consignments/new/")
    expert.type(power=POWER, through="МКЧХ", destination="Липовий", carrier="Гомін Улас")
    expert.press()
    expert.type(number=number)
    expert.press()
    assert not expert.refused(), expert.text()
    return expert.page.url.removesuffix("bags/")


def _begun(expert: Person, page: str) -> str:
    expert.open(f"{page}hands/")
    expert.type(outside=DELEGATE, place="Липовий")
    expert.press()
    assert not expert.refused(), expert.text()
    return expert.page.url


def _counted(expert: Person, hands: str, number: str) -> None:
    expert.open(hands)
    expert.type(number=number, seal=SEAL)
    expert.press()
    expert.open(f"{hands}close/")
    expert.type(condition="мішок і пломба цілі")
    expert.press()
    assert not expert.refused(), expert.text()


def _received(expert: Person, page: str) -> None:
    expert.open(f"{page}receipt/")
    draw(expert)
    expert.type(who=DELEGATE)
    expert.press()
    assert not expert.refused(), expert.text()
    assert expert.page.locator("main .wh-tag--done").count() == 1
    expert.look("received")
