"""A mother finds her son: from her first question to the sealed act, by clicks and typing."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.browser import by_rotation
from tests.stories.living import WORKER_SECONDS, Album, Bureau, Person, album, within
from tests.stories.men import MEN, Man
from tests.stories.steps import (
    KYIV,
    Said,
    appoint,
    assess,
    decide,
    hand_over,
    invite,
    match,
    mother,
    note_told,
    prove_kinship,
    sitting,
)

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]


@by_rotation
def test_a_mother_finds_her_son(bureau: Bureau, language: str, tmp_path: Path) -> None:
    man, pictures = MEN[f"main-{language}"], album("the-main-way", language)
    family = mother(bureau, f"main-{language}", language, pictures)

    family.ask(man)
    family.come_back()
    family.person.look("waiting")
    before = family.page()
    assert man.spelt[language].surname in before

    match(bureau, man, pictures)
    number = sitting(bureau, man, Said(), pictures)
    prove_kinship(bureau, man, pictures)
    assert family.page() == before  # the invitation is the first difference

    contact = invite(bureau, man, pictures)
    one_letter_came(bureau, family.email, man)
    invited = family.page()
    family.person.look("invited")
    assert invited != before
    note_told(contact)
    told = family.page()
    family.person.look("told")
    assert str(datetime.now(KYIV).year) in told
    assert told != invited

    family.apply()
    assess(bureau, number, album=pictures)
    decide(bureau, number, pictures)
    coordinator = appoint(bureau, number, pictures)
    application = coordinator.page.url
    hand_over(bureau, coordinator, pictures)
    the_document_is_genuine(bureau, coordinator, tmp_path)
    no_second_act(coordinator, application)
    the_bureau_knows(bureau, number, pictures)
    everybody_watched(bureau, family.person)
    family.person.leave()


def one_letter_came(bureau: Bureau, address: str, man: Man) -> None:
    """One e-mail without content, and never a second one."""
    letters = within(WORKER_SECONDS, lambda: bureau.mail.to(address), "an e-mail")
    assert len(letters) == 1
    told = letters[0].as_string() + str(letters[0].get_payload(decode=True), "utf-8")
    for name in (man.card, *man.spelt.values()):
        assert name.surname not in told
    assert letters[0]["Message-ID"]


def the_document_is_genuine(bureau: Bureau, officer: Person, folder: Path) -> None:
    with officer.page.expect_download() as waiting:
        officer.page.locator("main a[href*=document]").click()
    paper, changed = folder / "document.pdf", folder / "changed.pdf"
    waiting.value.save_as(paper)
    content = bytearray(paper.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)

    assert content.startswith(b"%PDF")
    genuine = bureau.wayhome("verify", str(paper), "--json")
    assert genuine.returncode == 0, genuine.stderr
    assert bureau.wayhome("verify", str(changed), "--json").returncode == 1


def no_second_act(officer: Person, application: str) -> None:
    officer.open(f"{application}act/")
    officer.look("no-second-act")
    assert officer.page.locator("main form button[type=submit]:enabled").count() == 0


def the_bureau_knows(bureau: Bureau, number: str, pictures: Album) -> None:
    """Custody is closed, the agency's notice is due, the journal has it all and is sound."""
    registrar = bureau.office("registrar", pictures)
    answer = registrar.open(f"console/captives/{number}/")
    registrar.look("returned")
    assert answer is not None
    assert answer.status == 200
    auditor = bureau.office("auditor", pictures)
    auditor.open(f"console/outbox/?q={number}&kind=returned")
    auditor.look("outbox")
    assert auditor.row(number).count()
    auditor.open(f"console/journal/?person={number}")
    auditor.look("journal")
    assert auditor.page.locator("main tbody tr").count() > 5
    finding = bureau.told("journal", "verify")
    assert finding["ok"], finding


def everybody_watched(bureau: Bureau, *people: Person) -> None:
    """No page of the story called elsewhere or broke a script."""
    faults = [f for one in (*people, *bureau.offices.values()) for f in one.watcher.faults]
    assert not faults, faults
