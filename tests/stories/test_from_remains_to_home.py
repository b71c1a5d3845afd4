"""Two bodies with one tag: the right one gets its name, its family is told by people, one is wrong.

The sad twin stands at its end: after the decision a contradiction is found, the name is taken back
in that moment, and everyone who was told is listed until a person has told them.
"""

import re

import pytest

from tests.browser import LANGUAGE_TODAY
from tests.stories.living import Bureau, Person, album
from tests.stories.men import DEAD
from tests.stories.steps import Mother, mother

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
TAG = "жетон К-70417"
NUMBER, STAFF = re.compile(r"\bA-\d{6,}-[0-9A-Z]\b"), re.compile(r"\bS-\d{4}\b")


def test_from_remains_to_a_name_and_to_a_doubt(bureau: Bureau) -> None:
    pictures = album("from-remains-to-home", LANGUAGE_TODAY)
    family = mother(bureau, "remains", LANGUAGE_TODAY, pictures)
    family.ask(DEAD)
    family.come_back()
    expert = bureau.office("forensic", pictures)
    right, wrong = _found(expert, "1"), _found(expert, "2")
    asked = _asked_number(bureau.office("tracing-1", pictures))

    page = _weighed(bureau, right, asked)
    _signed(bureau, page)
    assert not family.page().count("К-70417")
    _told(bureau, page, family)
    _the_other_is_not_him(bureau, wrong, asked)
    _doubted(bureau, page, family)
    family.person.leave()


def _found(expert: Person, bag: str) -> str:
    """Recovered, registered, examined by code. Returns the number of the remains."""
    expert.open("console/remains/new/")
    expert.choose("kind", "whole")
    expert.type(bag=f"К-{bag}", on="03.05.2022", scene="лісосмуга", how="під гілками")
    expert.press()
    (number,) = set(NUMBER.findall(expert.page.url))
    expert.open(f"console/remains/{number}/examination/")
    expert.type(condition="скелет майже повний", worn=TAG, height="181", teeth_filled="16 36")
    expert.press()
    assert not expert.refused()
    expert.look("examined")
    return number


def _asked_number(tracer: Person) -> str:
    tracer.open(f"console/enquiries/?q={DEAD.spelt[LANGUAGE_TODAY].surname}")
    (number,) = set(NUMBER.findall(tracer.page.content()))
    return number


def _opened(tracer: Person, number: str, asked: str) -> str:
    tracer.open("console/identifications/new/")
    tracer.type(number=number, person=asked, why=TAG)
    tracer.press()
    assert not tracer.refused()
    page = tracer.page.url
    tracer.open(f"{page}names/documents/")
    tracer.choose("word", "probable")
    tracer.type(reason="Номер на жетоні той самий.")
    tracer.look("both-sides")
    tracer.press()
    return page


def _weighed(bureau: Bureau, number: str, asked: str) -> str:
    """A tag points to him, prints establish it; a face or a tag alone would not do."""
    tracer, expert = bureau.office("tracing-1"), bureau.office("forensic")
    page = _opened(tracer, number, asked)
    assert tracer.page.locator("form [name=asked]").count() == 0  # no primary identifier yet
    expert.open(page)
    assert DEAD.spelt[LANGUAGE_TODAY].surname not in expert.page.content()  # works by code
    expert.open(f"{page}evidence/prints/")
    expert.choose("word", "established")
    expert.type(reason="Десять відбитків збіглися з карткою.")
    expert.press()
    expert.look("nothing-missing")
    expert.press("main form:has([value=identify]) button")
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
    contact.choose("kinship", "papers")
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
    """A second body with the same tag: one of the two tags lies in a wrong bag."""
    tracer = bureau.office("tracing-1")
    _opened(tracer, number, asked)
    stop = tracer.page.locator(".wh-panel--stop")
    assert stop.count() == 1
    assert stop.locator("li").count() >= 2  # no primary identifier, and another body of this name


def _doubted(bureau: Bureau, page: str, family: Mother) -> None:
    second = bureau.office("tracing-2", family.person.album)
    second.open(f"{page}doubt/")
    second.choose("cause", "mix-up")
    second.type(reason="Жетон лежав у чужому мішку.")
    second.press()
    second.look("doubted")
    listed = second.page.locator("main section:has(#told) .wh-tag--late")
    assert listed.count() == 1
    family.page()
    assert not family.person.page.locator("main strong", has_text="К-70417").count()
    family.person.look("a-person-must-speak")
    contact = bureau.office("contact")
    contact.open("console/deaths/told/?state=to_correct")
    contact.press("main form[action$='error/'] button")
    assert not contact.refused()
    contact.open("console/deaths/told/?state=to_correct")
    assert not contact.page.locator("main form[action$='error/']").count()
