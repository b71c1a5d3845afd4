"""A mother brings her son home: from an invitation to both safe outside; and the sad twins."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from tests.browser import axe_violations, by_thirds, by_turns, describe, scrolls_sideways
from tests.cases import PIN, SECRET, Case
from tests.journeying import BY_TELEPHONE, World
from tests.stories.indoors import Indoors, indoors
from tests.stories.living import PHONE, TABLET, Person
from tests.stories.steps import (
    BOARD,
    Said,
    answer_all,
    decide,
    guarantee,
    hand_over,
    open_application,
)
from wayhome.bureau.answers.freezing import is_frozen
from wayhome.bureau.answers.models import OutgoingMessage
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Kind
from wayhome.bureau.consents.sittings import close_sitting
from wayhome.bureau.handovers import actions as handovers
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import ActState
from wayhome.bureau.handovers.sealing import verify_file
from wayhome.bureau.journeys import plans
from wayhome.bureau.journeys.models import ConvoyEvent, Escort, Journey, JourneyPass
from wayhome.bureau.journeys.passes import text_of
from wayhome.bureau.journeys.publishing import publish_plan
from wayhome.bureau.journeys.queries import to_tell
from wayhome.bureau.journeys.rules.plans import Cancelled, JourneyState
from wayhome.bureau.journeys.stopping import look_at_all
from wayhome.bureau.returns.facts import standing_appointment
from wayhome.bureau.returns.guarantees import end_guarantee
from wayhome.bureau.returns.models import Application, Programme
from wayhome.bureau.returns.programmes import draft_programme, end_programme, publish_programme
from wayhome.bureau.returns.rules import Road
from wayhome.bureau.returns.rules.programmes import ProgrammeState
from wayhome.bureau.staff.permissions import Role
from wayhome.config.demo.programmes import FIRST, told_in
from wayhome.lib.codes import encode

pytestmark = [
    pytest.mark.story,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]
TODAY = timezone.localdate()
ANEW = re.compile(r'((?:nonce|name="(?:csrfmiddlewaretoken|idempotency_key)" value)=")[^"]*')
STOPPED, BACK = "console/journeys/?state=stopped", "console/journeys/?state=back"
NOT_POSSIBLE = "Сейчас невозможно"
A_DAY = "назначен день"
PASSWORD_OF_PHONE = "три тихих слова"
WAIT_MS = 60_000


@pytest.fixture
def bureau(browser: Browser, live_server) -> Iterator[Indoors]:
    served = indoors(browser, live_server.url)
    yield served
    served.leave()


def opened(case: Case) -> Programme:
    """The announcement, written by one legal officer and published by another."""
    draft = draft_programme(told=told_in(FIRST), by=case.staff(Role.LEGAL))
    return publish_programme(programme=draft, by=case.staff(Role.LEGAL, 2))


@by_turns(1)
def test_a_mother_brings_her_son_home(bureau: Indoors, tmp_path: Path) -> None:
    case = Case(road=Road.INVITATION)
    World()
    programme, number = opened(case), case.captive.bureau_number
    bureau.staff["escort"] = Escort.objects.get().staff
    _ = case.told  # a person has told her of him: test_the_main_way walks there

    mother = bureau.person(width=PHONE, language="ru")
    she_reads_the_invitation(mother, programme)
    she_asks_to_bring_him_home(mother, case)
    reasons_are_read(bureau, case)
    for username in BOARD:
        bureau.hire(username)
    decide(bureau, number, road="invitation")
    tablet = he_is_asked_anew(bureau, case)
    journey = a_plan_gives_her_a_day(bureau, case)
    assert A_DAY in her_page(mother)
    his_page_shows_the_day(tablet)
    the_way_out_is_there_before_the_way_in(bureau, journey)
    his_page_shows_the_day(tablet, stands=True)
    tablet.leave()
    travel_pass = the_pass_is_good(bureau, journey)
    coordinator = open_application(bureau, "coordinator", number, None)
    hand_over(bureau, coordinator, travel_pass=travel_pass)
    the_act_is_genuine_and_there_is_no_second(coordinator, case, tmp_path)
    both_cross_at_the_exit(coordinator, journey)
    everybody_watched(bureau, mother, tablet)
    mother.leave()


def she_reads_the_invitation(mother: Person, programme: Programme) -> None:
    mother.open("programmes/")
    mother.follow(f"/programmes/{programme.number}/")
    assert programme.texts["ru"]["title"] in mother.text()
    assert not scrolls_sideways(mother.page)
    mother.follow("/journey/")
    told = mother.text()
    for words in ("Если вы думаете о поездке", "скажет «нет»", "сопровождающий", "бесплатно"):
        assert words in told
    faults = axe_violations(mother.page)
    assert not faults, describe(faults)


def she_asks_to_bring_him_home(mother: Person, case: Case) -> None:
    mother.open("back/")
    mother.type(words=" ".join(encode(case.made.code, "ru")), pin=PIN)
    mother.press()
    mother.follow("bring-home")
    mother.choose("travel", "yes")
    mother.press()
    assert NOT_POSSIBLE in mother.text()
    case.__dict__["application"] = Application.objects.select_related("key").get()


def reasons_are_read(bureau: Indoors, case: Case) -> None:
    """Against the invitation stands what the legal officer must say first, and then nothing."""
    officer = bureau.office("decision")
    page = f"console/roads/of/{case.captive.bureau_number}/"
    officer.open(page)
    before = officer.text()
    _ = case.verdict, case.assessed
    officer.open(page)
    assert "Зупинено юристом" in before
    assert "Зупинено юристом" not in officer.text()


def he_is_asked_anew(bureau: Indoors, case: Case) -> Person:
    """Alone, before a neutral, before she travels; and the legal officer weighs what he said."""
    close_sitting(sitting=case.sitting, by=case.sitting)
    tablet = bureau.person(width=TABLET, language="uk")
    bureau.sign_in(tablet, "neutral")
    tablet.open(f"console/sittings/{case.captive.bureau_number}/")
    tablet.choose("language", "ru")
    tablet.press("main .wh-panel--next form button")
    tablet.type(secret=SECRET)
    tablet.press()
    answer_all(tablet, Said())
    del case.__dict__["assessed"]
    _ = case.assessed
    return tablet


def his_page_shows_the_day(tablet: Person, *, stands: bool = False) -> None:
    tablet.open("tablet/allowed/")
    assert (A_DAY in tablet.text()) is stands


def a_plan_gives_her_a_day(bureau: Indoors, case: Case) -> Journey:
    coordinator = bureau.office("coordinator")
    coordinator.open(f"console/journeys/travellers/{case.application.pk}/")
    coordinator.select("region", "Варшава")
    coordinator.press()
    assert not coordinator.refused(), coordinator.text()
    coordinator.open("console/journeys/plans/")
    coordinator.type(
        first_on_day=str(TODAY.day), first_on_month=str(TODAY.month), first_on_year=str(TODAY.year),
        days="3",
    )  # fmt: skip
    coordinator.press("main form.wh-form button")
    assert not coordinator.refused(), coordinator.text()
    assert not Journey.objects.exists()  # a draft tells nobody
    coordinator.press("main form[action*=publish] button:enabled")
    assert not coordinator.refused(), coordinator.text()
    coordinator.row(case.surname).locator("a").first.click()
    coordinator.page.wait_for_load_state()
    return Journey.objects.get()


def the_way_out_is_there_before_the_way_in(bureau: Indoors, journey: Journey) -> None:
    coordinator, page = bureau.office("coordinator"), f"console/journeys/{journey.pk}/"
    guarantee(open_application(bureau, "coordinator", number_of(journey), None))
    coordinator.open(page)
    assert coordinator.page.locator("main form[action*=confirm] button:disabled").count()
    for whose in ("his", "hers"):
        coordinator.open(f"{page}way-out/{whose}/")
        coordinator.type(destination="Вільнюс", phone="+370 000 (вигаданий)")
        coordinator.select("paper", "passport")
        coordinator.page.locator("main input[name=consents]").first.check()
        coordinator.press("main form.wh-form button")
    coordinator.open(f"{page}leg-out/")
    coordinator.type(hour="09:00")
    coordinator.page.locator("main select[name=escort]").select_option(index=1)
    coordinator.press("main form.wh-form button")
    assert not coordinator.refused(), coordinator.text()
    coordinator.press("main form[action*=confirm] button:enabled")
    assert not coordinator.refused(), coordinator.text()
    coordinator.press('main form[action$="/pass/"] button:enabled')
    assert not coordinator.refused(), coordinator.text()


def number_of(journey: Journey) -> str:
    captive = journey.application.captive
    assert captive is not None
    return captive.bureau_number


def the_pass_is_good(bureau: Indoors, journey: Journey) -> str:
    """The escort's phone has no network: it knows the pass as ours, and an altered one as none.

    The text of the pass, as it is shown at the act.
    """
    made = JourneyPass.objects.select_related("journey", "key").get(journey=journey)
    phone = bureau.office("escort").page.context.new_page()
    phone.goto(f"{bureau.url}escort/")
    for field in ("#password", "#again"):
        phone.fill(field, PASSWORD_OF_PHONE)
    phone.press("#again", "Enter")
    step = phone.locator('[data-is="families"] [data-is="step"]')
    expect(step).to_be_visible(timeout=WAIT_MS)
    phone.wait_for_function("Boolean(navigator.serviceWorker.controller)", timeout=WAIT_MS)
    phone.context.set_offline(True)
    phone.reload()
    phone.fill("#open", PASSWORD_OF_PHONE)
    phone.press("#open", "Enter")
    verdict, code = phone.locator('[data-is="verdict"]'), text_of(made)
    altered = code[:-1] + ("A" if code[-1] != "A" else "B")
    for text, how in ((altered, "invalid"), (code, "good")):
        phone.fill("#code", text)
        phone.click('[data-is="look"] button')
        expect(verdict).to_have_attribute("data-how", how, timeout=WAIT_MS)
    expect(verdict).to_contain_text(made.words["ours"])
    step.click()
    assert not ConvoyEvent.objects.exists()
    phone.context.set_offline(False)
    expect(phone.locator('[data-is="sent"]')).to_have_attribute("data-how", "sent", timeout=WAIT_MS)
    told = ConvoyEvent.objects.order_by("number").values_list("kind", flat=True)
    assert list(told) == ["pass", "check in"]
    phone.close()
    return code


def the_act_is_genuine_and_there_is_no_second(officer: Person, case: Case, folder: Path) -> None:
    with officer.page.expect_download() as waiting:
        officer.page.locator("main a[href*=document]").click()
    paper = folder / "document.pdf"
    waiting.value.save_as(paper)
    assert verify_file(paper).genuine
    changed = bytearray(paper.read_bytes())
    changed[len(changed) // 2] ^= 1
    paper.write_bytes(changed)
    assert not verify_file(paper).genuine
    officer.open(f"console/applications/{case.application.pk}/act/")
    assert not officer.page.locator("main form button[type=submit]:enabled").count()


def both_cross_at_the_exit(coordinator: Person, journey: Journey) -> None:
    coordinator.open(f"console/journeys/{journey.pk}/")
    coordinator.press('main form[action$="/out/"] button:enabled')
    assert not coordinator.refused(), coordinator.text()
    journey.refresh_from_db()
    assert journey.state == JourneyState.OUT


def everybody_watched(bureau: Indoors, *people: Person) -> None:
    faults = [f for one in (*people, *bureau.offices.values()) for f in one.watcher.faults]
    assert not faults, faults


# The sad twins: what leads to them is done by the bureau's own actions.


def on_the_way(world: World, case: Case) -> Journey:
    """Her journey is confirmed, and today is its day."""
    world.travels(case)
    publish_plan(plan=plans.make_plan(first_on=TODAY, days=3, by=world.by), by=world.by)
    journey = world.confirmed(case)
    case.__dict__["appointment"] = standing_appointment(case.granted)
    return journey


def family(bureau: Indoors, case: Case) -> Person:
    return bureau.come_in(bureau.person(width=PHONE, language="ru"), case.enquirer)


def her_page(mother: Person) -> str:
    mother.open("bring-home/")
    return mother.text()


def again(journey: Journey) -> Journey:
    return Journey.objects.with_all().get(pk=journey.pk)


@by_thirds(0)
def test_he_declines_before_she_travels(bureau: Indoors) -> None:
    """She reads what a family reads whose paper alone was taken back: byte for byte the same."""
    world, declines, other = World(), Case(), Case()
    for case in (declines, other):
        world.travels(case)
    publish_plan(plan=plans.make_plan(first_on=TODAY, days=3, by=world.by), by=world.by)
    for case in (declines, other):
        journey, later = world.confirmed(case), TODAY + timedelta(days=10)
        Journey.objects.filter(pk=journey.pk).update(on=later, leaves_on=later + timedelta(days=14))
    mothers = [family(bureau, case) for case in (declines, other)]
    assert all(A_DAY in her_page(mother) for mother in mothers)

    consents.withdraw(match=declines.match, kind=Kind.GO_HOME, by=declines.sitting)
    end_guarantee(guarantee=other.guaranteed, by=world.by)

    pages = []
    for mother in mothers:
        answer = mother.open("bring-home/")
        assert answer is not None
        pages.append(ANEW.sub(r"\1", answer.text()))
        mother.leave()
    assert NOT_POSSIBLE in pages[0]
    assert pages[0] == pages[1]
    bureau.staff["coordinator"] = world.by
    coordinator = bureau.office("coordinator")
    coordinator.open(STOPPED)
    assert coordinator.row(declines.surname).count() == coordinator.row(other.surname).count() == 1


@by_thirds(1)
def test_he_says_no_at_the_door(bureau: Indoors) -> None:
    """It ends well: nothing is sealed, nothing is held against anybody, and she is brought home."""
    world, case = World(), Case()
    journey = on_the_way(world, case)

    handovers.ask_last_question(act=case.act, wants_to_go=False, by=case.staff(Role.NEUTRAL))

    assert Act.objects.get().state == ActState.STOPPED
    assert again(journey).cancelled == Cancelled.AT_THE_DOOR
    assert not captives_flags(case)
    bureau.staff["coordinator"] = world.by
    coordinator = bureau.office("coordinator")
    coordinator.open(BACK)
    coordinator.row(case.surname).locator("a").first.click()
    coordinator.page.wait_for_load_state()
    faults = axe_violations(coordinator.page)
    assert not faults, describe(faults)
    coordinator.press('main form[action$="/home/"] button')
    assert not coordinator.refused(), coordinator.text()
    coordinator.open(BACK)
    assert not coordinator.row(case.surname).count()


def captives_flags(case: Case) -> bool:
    """Whether anything was noted against him for his no."""
    return case.captive.under_harm_flag() or case.captive.findings.exists()


@by_thirds(2)
def test_a_crossing_closes_on_the_way(bureau: Indoors) -> None:
    """The same day by the other crossing: the promise is kept, and she hears nothing twice."""
    world, case = World(), Case(contact=BY_TELEPHONE)
    journey = on_the_way(world, case)
    case.granted.journeys.get().news.update(told_at=timezone.now())
    world.close(journey.crossing, TODAY)
    bureau.staff["coordinator"] = world.by
    coordinator = bureau.office("coordinator")

    coordinator.open("console/journeys/plans/")
    coordinator.type(
        first_on_day=str(TODAY.day), first_on_month=str(TODAY.month), first_on_year=str(TODAY.year),
        days="3",
    )  # fmt: skip
    coordinator.press("main form.wh-form button")
    assert "Збережено 1 з 1" in coordinator.text()
    coordinator.press("main form[action*=publish] button:enabled")
    assert not coordinator.refused(), coordinator.text()

    other = world.promised(case)
    assert (other.on, other.crossing_id != journey.crossing_id) == (TODAY, True)
    assert again(journey).cancelled == Cancelled.REPLANNED
    assert not Journey.objects.to_bring_back().exists()
    assert not to_tell(case.staff(Role.CONTACT)).exists()
    assert world.confirmed(case).state == JourneyState.CONFIRMED


@by_thirds(0)
def test_he_is_exchanged_while_she_travels(bureau: Indoors) -> None:
    """A person speaks with her first, and she stands before the coordinator until she is home."""
    world, case = World(), Case()
    journey = on_the_way(world, case)
    happened = captives.Happening(EventKind.EXCHANGED, at=timezone.now())

    captives.record_custody_event(
        captive=case.captive, happened=happened, by=case.staff(Role.REGISTRAR)
    )

    found = again(journey)
    assert (found.cancelled, found.under_way) == (Cancelled.ROAD_CLOSED, True)
    bureau.staff["contact"] = case.staff(Role.CONTACT)
    contact = bureau.office("contact")
    contact.open("console/journeys/to-tell/")
    assert not contact.row(case.enquiry.bureau_number).count()
    contact.open("console/first-news/frozen/")  # nothing is read to her before
    assert contact.row(case.surname).count()
    assert [one.pk for one in Journey.objects.to_bring_back()] == [journey.pk]
    mother = family(bureau, case)
    assert A_DAY not in her_page(mother)
    mother.leave()


@by_thirds(1)
def test_the_programme_is_withdrawn_while_she_travels(bureau: Indoors) -> None:
    """What has begun is honoured to the sealed act; the public page says that it is over."""
    world, case = World(), Case(road=Road.INVITATION)
    programme = opened(case)
    journey = on_the_way(world, case)

    by = case.staff(Role.LEGAL)
    end_programme(programme=programme, to=ProgrammeState.WITHDRAWN, reason="скасовано", by=by)
    look_at_all()

    anybody = bureau.person(width=PHONE, language="ru")
    anybody.open(f"programmes/{programme.number}/")
    assert "Начатые поездки продолжаются" in anybody.text()
    anybody.leave()
    assert again(journey).state == JourneyState.CONFIRMED
    assert case.sealed.state == ActState.SEALED


@by_thirds(2)
def test_he_dies_before_she_travels(bureau: Indoors) -> None:
    """No machine tells it: her day falls in the words of every family, and a person comes first."""
    world, case = World(), Case()
    journey = on_the_way(world, case)
    Journey.objects.filter(pk=journey.pk).update(on=TODAY + timedelta(days=10))
    before = OutgoingMessage.objects.count()

    died = captives.Happening(EventKind.DIED, at=timezone.now())
    captives.record_custody_event(
        captive=case.captive, happened=died, by=case.staff(Role.REGISTRAR)
    )

    assert again(journey).state == JourneyState.CANCELLED
    assert is_frozen(case.enquiry)
    assert not to_tell(case.staff(Role.CONTACT)).exists()
    assert OutgoingMessage.objects.count() == before
    mother = family(bureau, case)
    page = her_page(mother)
    assert NOT_POSSIBLE in page
    assert A_DAY not in page
    mother.leave()
