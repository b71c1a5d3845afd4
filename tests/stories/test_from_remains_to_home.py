"""Two families, three remains, one mix-up: the machine suspects it, people settle it, and the right
one gets its name; two verifiers say whose kin she is, and people tell her. Whom nobody knows goes
home, offered, counted from hand to hand, and signed for.

The sad twin stands at its end: after the decision another laboratory contradicts, the name is taken
back in that moment, and everyone who was told is listed until a person has told them.
"""

import re

import pytest

from tests.browser import LANGUAGE_TODAY, by_turns
from tests.families import Drawn, as_csv
from tests.stories.going_home import goes_home
from tests.stories.living import WORKER_SECONDS, Bureau, Person, album, within
from tests.stories.men import DEAD, DEAD_TOO, Man
from tests.stories.steps import Mother, mother

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
TAG = "жетон К-70417"
NUMBER, STAFF = re.compile(r"\bA-\d{6,}-[0-9A-Z]\b"), re.compile(r"\bS-\d{4}\b")
BENCH = "console/bench/"


class People:
    """Those of the story, drawn on the bureau's own frequencies."""

    def __init__(self) -> None:
        drawn = Drawn(1)
        self.mother, self.mother_too = drawn.stranger(), drawn.stranger()
        self.his = drawn.child(drawn.stranger(), self.mother)
        self.other = drawn.child(drawn.stranger(), self.mother_too)
        self.nobody, self.another = drawn.stranger(), drawn.stranger()


@by_turns(0)
def test_from_remains_to_a_name_to_the_way_home_and_to_a_doubt(bureau: Bureau) -> None:
    pictures, people = album("from-remains-to-home", LANGUAGE_TODAY), People()
    family = _asking(bureau, "remains", DEAD, pictures=True)
    family_too = _asking(bureau, "remains-too", DEAD_TOO, pictures=False)
    hers, hers_too = _gives_a_sample(family), _gives_a_sample(family_too)
    expert = bureau.office("forensic", pictures)
    (right, bone), (wrong, rib), (third, tooth) = (_found(expert, bag) for bag in "123")
    tracer = bureau.office("tracing-1", pictures)
    asked, asked_too = (_asked_number(tracer, man) for man in (DEAD, DEAD_TOO))

    # On the laboratory's plate the first bone lay twice.
    _typed(
        expert, (hers, "F", people.mother), (hers_too, "F", people.mother_too),
        (bone, "M", people.his), (rib, "M", people.his), (tooth, "M", people.nobody),
    )  # fmt: skip
    _mix_up_is_caught(bureau, right, asked, bone, rib)
    _typed(expert, (rib, "M", people.other))
    _mix_up_is_settled(bureau, right, wrong, third, asked_too)

    page = _weighed(bureau, right, asked)
    _signed(bureau, page)
    assert not family.page().count("К-70417")
    _kin(bureau, asked)
    _told(bureau, page, family)
    goes_home(bureau, right, third)
    _the_other_is_not_him(bureau, wrong, asked)
    _typed(expert, (bone, "M", people.another))  # another laboratory, from what is left of it
    _contradicted(bureau, page, family)
    family.person.leave()
    family_too.person.leave()


def _asking(bureau: Bureau, name: str, man: Man, *, pictures: bool) -> Mother:
    taken = album("from-remains-to-home", LANGUAGE_TODAY) if pictures else None
    family = mother(bureau, name, LANGUAGE_TODAY, taken)
    family.ask(man)
    family.come_back()
    return family


def _gives_a_sample(family: Mother) -> str:
    """Offered to every family in the same words. Returns the code of the kit."""
    her = family.person
    her.open("sample/")
    her.select("kin", "mother")
    her.type(name="Мати", to="вулиця Вигадана, 3")
    her.choose("way", "post")
    her.tick("adult")
    her.tick("allowed")
    her.press()
    assert not her.refused(), her.text()
    her.look("sample-offered")
    return her.page.locator("main .wh-stages .wh-number").inner_text()


def _found(expert: Person, bag: str) -> tuple[str, str]:
    """Recovered, registered, examined and sampled by code. Returns its number and the code."""
    expert.open("console/remains/new/")
    expert.choose("kind", "whole")
    expert.type(bag=f"К-{bag}", on="03.05.2022", scene="лісосмуга", how="під гілками")
    expert.press()
    (number,) = set(NUMBER.findall(expert.page.url))
    expert.open(f"console/remains/{number}/examination/")
    worn = TAG if bag in "12" else ""
    expert.type(condition="скелет майже повний", worn=worn, height="181", teeth_filled="16 36")
    expert.press()
    assert not expert.refused()
    expert.open(f"console/remains/{number}/sample/")
    expert.choose("kind", "bone")
    expert.type(what="стегно, середина")
    expert.press()
    assert not expert.refused(), expert.text()
    expert.look("examined")
    return number, expert.page.locator("section:has(#samples) .wh-number").first.inner_text()


def _asked_number(tracer: Person, man: Man) -> str:
    tracer.open(f"console/enquiries/?q={man.spelt[LANGUAGE_TODAY].surname}")
    (number,) = set(NUMBER.findall(tracer.page.content()))
    return number


def _typed(expert: Person, *profiles: tuple[str, str, dict[str, list[str]]]) -> None:
    """A laboratory's file, by code alone."""
    expert.open(f"{BENCH}files/new/")
    expert.type(laboratory="Лабораторія")
    content = {"name": "profiles.csv", "mimeType": "text/csv", "buffer": as_csv(profiles)}
    expert.page.locator("main input[type=file]").set_input_files(content)  # type: ignore[arg-type]
    expert.press()
    assert f">{len(profiles)}<" in expert.page.content(), expert.text()


def _bench_says(expert: Person, words: str) -> bool:
    expert.open(BENCH)
    return words in expert.text()


def _mix_up_is_caught(bureau: Bureau, number: str, asked: str, *codes: str) -> None:
    """Two remains with one profile: the machine says so, and nothing goes before a board."""
    expert, tracer = bureau.office("forensic"), bureau.office("tracing-1")
    within(
        WORKER_SECONDS,
        lambda: _bench_says(expert, "плутанина"),
        "a suspicion on the bench",
        pause=1,
    )
    expert.look("a-mix-up-is-suspected")
    suspected = expert.page.locator("section:has(#suspicions)").inner_text()
    assert all(code in suspected for code in codes), suspected
    page = _identification(tracer, number, asked)
    _weigh(expert, f"{page}evidence/dna/", "established", "Мати, 22 маркери.")
    _weigh(tracer, f"{page}names/documents/", "probable", "Номер на жетоні той самий.")
    expert.open(page)
    assert expert.page.locator(".wh-panel--stop li").count() == 1, expert.text()
    assert expert.page.locator("form [value=identify]").count() == 0
    expert.look("a-mix-up-stops-it")


def _mix_up_is_settled(bureau: Bureau, right: str, wrong: str, third: str, asked: str) -> None:
    """Typed anew, the second is another family's; the third is nobody's here."""
    expert = bureau.office("forensic")
    within(
        WORKER_SECONDS, lambda: not _bench_says(expert, "або плутанина"), "it is settled", pause=1
    )
    expert.look("settled")
    best = {row.locator("a").nth(0).inner_text(): row.locator("a").nth(1).inner_text()
            for row in expert.page.locator("main tbody tr").all()}  # fmt: skip
    assert best[wrong] == asked
    assert right in best
    assert third not in best


def _identification(person: Person, number: str, asked: str) -> str:
    """The page on which these remains are held against this person. Returns its address."""
    person.open(f"console/identifications/?q={number}")
    person.row(asked).locator("a").first.click()
    person.page.wait_for_load_state()
    return person.page.url


def _weigh(person: Person, page: str, word: str, reason: str) -> None:
    person.open(page)
    person.choose("word", word)
    person.type(reason=reason)
    person.look("both-sides")
    person.press()
    assert not person.refused(), person.text()


def _weighed(bureau: Bureau, number: str, asked: str) -> str:
    """DNA and a tag, both weighed; the expert works without a name."""
    expert = bureau.office("forensic")
    page = _identification(bureau.office("tracing-1"), number, asked)
    expert.open(page)
    assert DEAD.spelt[LANGUAGE_TODAY].surname not in expert.page.content()
    expert.look("nothing-missing")
    expert.press("main form:has([value=identify]) button")
    assert not expert.refused(), expert.text()
    return page


def _signed(bureau: Bureau, page: str) -> None:
    """Three of different professions, each apart; the dissent of one stays."""
    for number, word in enumerate(("established", "probable", "established"), start=1):
        member = bureau.office(f"board-{number}")
        member.open(f"{page}sign/")
        assert "мій погляд" not in member.page.content()
        member.choose("word", word)
        member.type(reason=f"мій погляд {number}")
        member.press()
        assert not member.refused()
    assert member.page.content().count("мій погляд") == 3
    assert member.page.locator(".wh-tag--done").count() == 1


def _kin(bureau: Bureau, asked: str) -> None:
    """Who tells her cannot say that she is his mother: two others do."""
    path = f"console/kinship/dead/{asked}/"
    first, second = bureau.office("verifier-1"), bureau.office("verifier-2")
    first.open(path)
    for rung in ("birth", "names", "dna"):
        first.choose(f"check_{rung}", "agrees")
    first.choose("level", "proven")
    first.type(reason="Свідоцтво, і зразок, на який спирається ім'я.")
    first.press()
    assert not first.refused(), first.text()
    second.open(path)
    second.press("main form[action$='confirmation/'] button")
    assert not second.refused(), second.text()


def _told(bureau: Bureau, page: str, family: Mother) -> None:
    """The same invitation as for every news; what was said stands on her page, nothing before."""
    before = family.page()
    contact = bureau.office("contact", family.person.album)
    contact.open("console/deaths/")
    contact.row(DEAD.spelt[LANGUAGE_TODAY].surname).locator("a").first.click()
    contact.page.wait_for_load_state()
    contact.look("script")
    contact.press("main form[action$='invitation/'] button")
    assert family.page() != before
    second = _member_of(bureau, page)
    contact.choose("way", "in person")
    contact.type(second=second, present="сестра")
    contact.tick("talked")
    contact.press()
    assert not contact.refused()
    assert "/certificate/" in contact.page.content()
    family.page()
    family.person.look("told")
    assert not family.person.page.locator("main a[href*='/letters/']").count()


def _member_of(bureau: Bureau, page: str) -> str:
    member = bureau.office("board-1")
    member.open(page)
    return STAFF.findall(member.text())[0]


def _the_other_is_not_him(bureau: Bureau, number: str, asked: str) -> None:
    """The second body with the same tag: one of the two tags lies in a wrong bag."""
    tracer = bureau.office("tracing-1")
    page = _identification(tracer, number, asked)
    _weigh(tracer, f"{page}names/documents/", "probable", "Номер на жетоні той самий.")
    stop = tracer.page.locator(".wh-panel--stop")
    assert stop.count() == 1
    assert stop.locator("li").count() >= 2  # no primary identifier, and another body of this name


def _contradicted(bureau: Bureau, page: str, family: Mother) -> None:
    """What another laboratory found bears the name no more: it is open again by itself."""
    second = bureau.office("tracing-2", family.person.album)
    late = "main section:has(#told) .wh-tag--late"

    def reopened() -> bool:
        second.open(page)
        return bool(second.page.locator(late).count())

    within(WORKER_SECONDS, reopened, "everyone told is listed", pause=1)
    second.look("doubted")
    assert second.page.locator(late).count() == 1
    family.page()
    assert not family.person.page.locator("main strong", has_text="К-70417").count()
    family.person.look("a-person-must-speak")
    contact = bureau.office("contact")
    contact.open("console/deaths/told/?state=to_correct")
    contact.press("main form[action$='error/'] button")
    assert not contact.refused()
    contact.open("console/deaths/told/?state=to_correct")
    assert not contact.page.locator("main form[action$='error/']").count()
