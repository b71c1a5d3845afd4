"""The same way where it ends well with a stop: he says no, he fears, the match was wrong."""

import re

import pytest

from tests.browser import LANGUAGE_TODAY, by_thirds
from tests.stories.living import Bureau, Person, album
from tests.stories.men import MEN, NOBODY
from tests.stories.steps import (
    Mother,
    Said,
    assess,
    decide,
    invite,
    match,
    mother,
    note_told,
    open_application,
    prove_kinship,
    sitting,
)

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
# A family's own words, and what every page makes anew (both of fixed length).
ANEW = re.compile(r'((?:nonce|name="(?:csrfmiddlewaretoken|idempotency_key)" value)=")[^"]*')
AGAINST_TORTURE = re.compile("катувань 3|пыток 3|CAT 3")  # in the office's language
NO = Said(lives="no", how="no", letters="no", calls="no", go_home="no")


@by_thirds(0)
def test_he_says_no(bureau: Bureau) -> None:
    """Her page stays the page of a family whose man is on no register."""
    man, pictures, language = MEN["no"], album("he-says-no", LANGUAGE_TODAY), LANGUAGE_TODAY
    family = mother(bureau, "no", language, pictures)
    family.ask(man)
    family.come_back()
    other = mother(bureau, "nobody", language)
    other.ask(NOBODY)
    other.come_back()

    match(bureau, man, pictures)
    sitting(bureau, man, NO, pictures)
    prove_kinship(bureau, man, pictures)
    contact = bureau.office("contact", pictures)
    contact.open("console/first-news/")
    contact.look("not-to-be-told")

    assert not contact.row(man.card.surname).count()  # his no is nobody's news
    assert not contact.row(man.spelt[language].surname).count()
    assert not bureau.mail.to(family.email)
    assert masked(family, man.spelt[language]) == masked(other, NOBODY.spelt[language])
    family.person.look("still-waiting")
    family.person.leave()
    other.person.leave()


def masked(family: Mother, name: object) -> str:
    """Her waiting page, byte for byte but for her own name for him."""
    answer = family.person.open("waiting/")
    assert answer is not None
    html = ANEW.sub(r"\1", answer.text())
    assert str(name) in html
    return f"{answer.status} {html.replace(str(name), 'NAME')}"


@by_thirds(1)
def test_he_fears(bureau: Bureau) -> None:
    """Every later step stops, and whoever decides reads only that the legal officer stops it."""
    man, pictures, language = MEN["fear"], album("he-fears", LANGUAGE_TODAY), LANGUAGE_TODAY
    family = mother(bureau, "fear", language, pictures)
    family.ask(man)
    family.come_back()
    match(bureau, man, pictures)
    number = sitting(bureau, man, Said(fear="yes"), pictures)
    prove_kinship(bureau, man, pictures)
    family.apply()

    officer = decide(bureau, number, pictures)

    assert officer.refused()
    assert AGAINST_TORTURE.search(officer.text())
    assess(bureau, number, "substantial grounds", pictures)
    officer = decide(bureau, number, pictures)
    assert officer.refused()
    before = open_application(bureau, "decision", number, pictures).text()
    assert "appointment" not in officer.page.content()
    coordinator = open_application(bureau, "coordinator", number, pictures)
    coordinator.look("nothing-to-appoint")
    assert not coordinator.page.locator("main a[href*=appointment]").count()
    assert AGAINST_TORTURE.search(before)
    nobody_else_reads_it(bureau, number)
    family.person.leave()


def nobody_else_reads_it(bureau: Bureau, number: str) -> None:
    """What he fears is read by the legal officer and the neutral alone."""
    for username in ("tracing-1", "decision", "coordinator", "contact", "registrar"):
        answer = bureau.office(username).open(f"console/danger/{number}/")
        assert answer is not None
        assert answer.status in (403, 404), username


@by_thirds(2)
def test_the_match_was_wrong(bureau: Bureau) -> None:
    """Two people withdraw it after she was told: all of it stops, and a person tells her."""
    man, pictures, language = (
        MEN["wrong"],
        album("the-match-was-wrong", LANGUAGE_TODAY),
        LANGUAGE_TODAY,
    )
    family = mother(bureau, "wrong", language, pictures)
    family.ask(man)
    family.come_back()
    before = family.page()
    match(bureau, man, pictures)
    number = sitting(bureau, man, Said(), pictures)
    prove_kinship(bureau, man, pictures)
    note_told(invite(bureau, man, pictures))
    assert family.page() != before
    family.apply()
    assess(bureau, number, album=pictures)

    withdraw(bureau.office("tracing-1", pictures), man.spelt[language].surname, reason=True)
    withdraw(bureau.office("tracing-2", pictures), man.spelt[language].surname, reason=False)

    officer = bureau.office("decision", pictures)
    officer.open(f"console/applications/?q={number}")
    officer.look("no-application-about-him")
    assert not officer.row(number).count()
    contact = bureau.office("contact", pictures)
    contact.open("console/withdrawn/")
    contact.look("told-wrongly")
    contact.press("main form[action*=told] button")
    contact.look("told-of-the-error")
    assert not contact.refused(), contact.text()
    after = family.page()
    family.person.look("no-longer-told")
    assert "Рука заживает" not in after
    family.person.leave()


def withdraw(officer: Person, surname: str, *, reason: bool) -> None:
    officer.open(f"console/matches/?q={surname}")
    officer.row(surname).locator("a").first.click()
    officer.page.wait_for_load_state()
    if reason:
        officer.type(reason="Ідеться про іншого з таким ім'ям.")
    officer.press("main form button.govuk-button--warning")
    assert not officer.refused(), officer.text()
    officer.look("withdrawal-asked" if reason else "withdrawn")
