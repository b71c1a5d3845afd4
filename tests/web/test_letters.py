"""A letter both ways at the pages: portal, tablet, and the two desks between them."""

import io
import re
import uuid
from datetime import timedelta

import pypdf
import pytest
from django.test import Client
from django.utils import timezone

from tests.cases import SECRET, Case
from tests.factories import StaffFactory
from tests.web.tablet.walking import unlocked
from wayhome.bureau.answers import freezing
from wayhome.bureau.answers.models import Freeze
from wayhome.bureau.answers.rules import FreezeEnd
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.contact.actions import bring_forward
from wayhome.bureau.contact.models import Letter
from wayhome.bureau.contact.rules import BLACK, LetterState
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HIS = {"name": "Агафья", "address": "Садовая, 3", "text": "Я жив. Мы в лагере № 5. Целую!"}
HERS = "Мы тебя ждём. Дед в лагере 7."


@pytest.fixture
def case() -> Case:
    return Case()


def key() -> dict[str, str]:
    return {"idempotency_key": uuid.uuid4().hex}


def family(case: Case) -> Client:
    client = Client(headers={"accept-language": "en"})
    session = client.session
    session["enquirer_id"] = str(case.enquirer.pk)
    session.save()
    return client


def tablet(case: Case) -> Client:
    _ = case.captive
    return unlocked(case.captive, StaffFactory(role=Role.NEUTRAL))


def staff(role: Role, **more: object) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=role, **more))
    return client


def welfare(case: Case) -> Client:
    return staff(Role.WELFARE, site=case.captive.site)


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_his_letter_is_written_read_once_printed_and_sent(case):
    him, reader, officer = tablet(case), staff(Role.SUPERVISOR), welfare(case)
    written = him.post("/tablet/letters/new/letter/", {**key(), **HIS})
    assert (written.status_code, Letter.objects.get().state) == (303, LetterState.TO_REVIEW)
    letter = Letter.objects.get()

    page = text_of(reader, f"/console/letters/{letter.pk}/")
    assert page.count("may tell a place") == 1
    assert Entry.objects.filter(action="looked at", subject_id=str(letter.pk)).count() == 1
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    held = {**key(), "what": "hold", "reason": "place", "until": until}
    assert reader.post(f"/console/letters/{letter.pk}/", held).status_code == 303
    why = "It tells where somebody is held."
    assert why in text_of(him, "/tablet/letters/")
    passed = reader.post(f"/console/letters/{letter.pk}/", {**key(), "what": "pass", "black": "1"})
    assert passed.status_code == 303

    pdf = officer.get(f"/console/letters/{letter.pk}/sheet/").content
    sheet = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]
    said = sheet.extract_text()
    assert "Я жив." in said
    assert BLACK in said
    assert "лагере" not in said
    assert [round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:]] == [150, 290]
    assert officer.post(f"/console/letters/{letter.pk}/sent/", key()).status_code == 303
    page = text_of(him, "/tablet/letters/")
    assert ("Delivered" in page, why in page) == (True, False)


def test_his_capture_card_is_two_sheets_at_their_real_size_without_a_place(case):
    case.brought_to("Кологрив")
    him = tablet(case)
    sent = {**key(), "health": "good health", "name": "Агафья", "address": "Садовая, 3"}
    assert him.post("/tablet/letters/new/capture-card/", sent).status_code == 303

    letter = Letter.objects.get()
    pages = pypdf.PdfReader(
        io.BytesIO(welfare(case).get(f"/console/letters/{letter.pk}/sheet/").content)
    ).pages
    assert len(pages) == 4
    for page in pages:
        assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [150, 105]
    said = "".join(page.extract_text() for page in pages)
    assert case.captive.surname in said
    assert "Агафья" in said
    assert "Кологрив" not in said


def test_her_letter_reaches_him_once_he_allows_it(case):
    her = family(case)
    assert her.post("/letters/", {**key(), "text": HERS}).status_code == 303
    assert "We have your letter." in text_of(her, "/letters/")
    _ = case.consented
    letter = Letter.objects.get()
    reader = staff(Role.SUPERVISOR)
    decision = {**key(), "what": "pass", "black": "1"}
    assert reader.post(f"/console/letters/{letter.pk}/", decision).status_code == 303

    type(case.sitting).objects.update(closed_at=timezone.now())
    him = Client(headers={"accept-language": "en"})
    him.force_login(StaffFactory(role=Role.NEUTRAL))
    him.post(f"/console/sittings/{case.captive.bureau_number}/", {"language": "en"})
    assert him.post("/tablet/", {"secret": SECRET}).status_code == 303
    page = text_of(him, f"/tablet/letters/{letter.pk}/")

    assert "Мы тебя ждём." in page
    assert "лагере" not in page
    assert "Some words were made black on the way." in page
    assert Letter.objects.get().state == LetterState.DELIVERED
    assert "We have your letter." in text_of(her, "/letters/")  # she was told nothing yet


def test_told_of_him_she_reads_why_a_letter_is_held_and_takes_it_back(case):
    _ = case.told
    her = family(case)
    her.post("/letters/", {**key(), "text": HERS})
    bring_forward(case.enquiry)
    letter = Letter.objects.get()
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    held = {**key(), "what": "hold", "reason": "place", "until": until}
    assert staff(Role.SUPERVISOR).post(f"/console/letters/{letter.pk}/", held).status_code == 303

    page = text_of(her, "/letters/")
    assert "It is held back. It tells where somebody is held." in page
    assert her.post("/letters/take-back/", {**key(), "number": "1"}).status_code == 303
    assert Letter.objects.get().state == LetterState.TAKEN_BACK


def test_her_letters_look_as_before_until_a_person_has_spoken_of_what_happened_to_him(case):
    _ = case.told
    her = family(case)
    her.post("/letters/", {**key(), "text": HERS})
    bring_forward(case.enquiry)
    path = f"/console/letters/{Letter.objects.get().pk}/"
    assert staff(Role.SUPERVISOR).post(path, {**key(), "what": "pass"}).status_code == 303
    happened = captives.Happening(EventKind.DIED, on=timezone.localdate().isoformat())
    clerk = case.staff(Role.REGISTRAR)
    captives.record_custody_event(captive=case.captive, happened=happened, by=clerk)

    her.post("/letters/", {**key(), "text": HERS})
    bring_forward(case.enquiry)

    page = text_of(her, "/letters/")
    assert "It is on its way." in page
    assert "It is read once, then it goes on." in page
    frozen = Freeze.objects.open().get()
    freezing.end_freeze(frozen=frozen, end=FreezeEnd.SPOKEN, by=case.staff(Role.CONTACT))
    page = text_of(her, "/letters/")
    assert ("It is on its way." in page, page.count("We have your letter.")) == (False, 2)


@pytest.mark.parametrize("arrived", [False, True])
def test_before_she_is_told_asking_a_letter_back_looks_the_same_wherever_it_is(case, arrived):
    her = family(case)
    her.post("/letters/", {**key(), "text": HERS})
    if arrived:
        _ = case.consented
        decision = {**key(), "what": "pass"}
        path = f"/console/letters/{Letter.objects.get().pk}/"
        assert staff(Role.SUPERVISOR).post(path, decision).status_code == 303
    asking = {**key(), "number": "1"}

    assert her.post("/letters/take-back/", asking).status_code == 303

    assert "You asked us not to pass this letter on." in text_of(her, "/letters/")
    stopped = LetterState.PASSED if arrived else LetterState.TAKEN_BACK
    assert Letter.objects.get().state == stopped
    for number in ("1", "2", "0", "x", ""):
        refused = her.post("/letters/take-back/", {**key(), "number": number})
        assert refused.status_code == 422, number
        assert 'role="alert"' in refused.content.decode()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"what": "hold"}, "Please choose the reason."),
        ({"what": "hold", "reason": "place", "until": "3022-01-01"}, "within the next 30 days"),
        ({}, "Pass it on, or hold it back."),
    ],
)
def test_a_refused_review_says_why_and_keeps_what_was_marked(case, given, says):
    him = tablet(case)
    him.post("/tablet/letters/new/letter/", {**key(), **HIS})
    path = f"/console/letters/{Letter.objects.get().pk}/"

    answer = staff(Role.SUPERVISOR).post(path, {**key(), "black": ["0"], **given})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert re.search(r'value="0" id="black-0" checked', page)
    assert Letter.objects.get().state == LetterState.TO_REVIEW


def test_the_same_letter_sent_twice_is_one_letter(case):
    him, sent = tablet(case), {**key(), **HIS}

    for _ in range(2):
        assert him.post("/tablet/letters/new/letter/", sent).status_code == 303

    assert Letter.objects.count() == 1


def test_nobody_else_of_the_console_opens_a_letter_or_its_sheet(case):
    him = tablet(case)
    him.post("/tablet/letters/new/letter/", {**key(), **HIS})
    letter = Letter.objects.get()
    reading = ("/console/letters/", f"/console/letters/{letter.pk}/")
    sending = ("/console/letters/to-send/", f"/console/letters/{letter.pk}/sheet/")
    for role in sorted(CONSOLE_ROLES):
        client = staff(role)
        for path in (*reading, *sending):
            answer = client.get(path).status_code
            allowed = {Role.SUPERVISOR: reading, Role.WELFARE: sending[:1]}.get(role, ())
            if path in allowed:
                assert answer == 200, (role, path)
            else:
                assert answer in (403, 404), (role, path)  # of a letter not passed: 404


@pytest.mark.parametrize("desk", ["review", "post"])
def test_what_he_forbids_between_page_and_press_goes_no_further_and_the_desk_is_told(case, desk):
    _ = case.consented
    family(case).post("/letters/", {**key(), "text": HERS})
    bring_forward(case.enquiry)
    letter, reader, officer = Letter.objects.get(), staff(Role.SUPERVISOR), welfare(case)
    page, passing = f"/console/letters/{letter.pk}/", {**key(), "what": "pass"}
    if desk == "post":
        assert reader.post(page, passing).status_code == 303
        assert f"{letter.pk}/sent/" in text_of(officer, "/console/letters/to-send/")

    consents.answer(match=case.match, kind=Kind.LETTERS, answer=Answer.NO, by=case.sitting)
    pressed = {"review": (reader, page, passing), "post": (officer, f"{page}sent/", key())}
    client, path, sent = pressed[desk]
    answer = client.post(path, sent)

    assert answer.status_code == 422
    assert "is not allowed any more" in answer.content.decode()
    letter.refresh_from_db()
    assert (letter.state, letter.captive, letter.delivered_at) == (LetterState.KEPT, None, None)


def test_the_desk_shows_each_reader_their_languages_and_the_administrator_notes_them(case):
    him, person = tablet(case), StaffFactory(role=Role.SUPERVISOR)
    for language in ("ru", "bxr"):
        sent = {**key(), **HIS, "language": language}
        assert him.post("/tablet/letters/new/letter/", sent).status_code == 303
    office, reader = staff(Role.ADMINISTRATOR), Client(headers={"accept-language": "en"})
    reader.force_login(person)
    assert "No language is noted for you" in text_of(reader, "/console/letters/")

    page = f"/console/staff/{person.number}/"
    noted = office.post(page, {"change": "languages", "reads": ["uk", "ru"]})
    assert noted.status_code == 303
    refused = office.post(page, {"change": "languages", "reads": ["klingon"]})
    assert (refused.status_code, 'role="alert"' in refused.content.decode()) == (422, True)
    assert re.search(r'value="ru"[^>]*checked', text_of(office, page))

    rows = re.compile(r"<td>(Russian|Buryat)</td>")
    assert rows.findall(text_of(reader, "/console/letters/")) == ["Russian"]
    everything = text_of(reader, "/console/letters/?language=any")
    assert sorted(rows.findall(everything)) == ["Buryat", "Russian"]
    buryat = Letter.objects.get(language="bxr")
    assert "Leave it to somebody who reads it." in text_of(reader, f"/console/letters/{buryat.pk}/")
    decided = {**key(), "what": "language", "language": "uk"}
    assert reader.post(f"/console/letters/{buryat.pk}/", decided).status_code == 303
    assert text_of(reader, "/console/letters/").count("Ukrainian</td>") == 1


def test_an_account_of_another_role_has_no_languages(case):
    office, clerk = staff(Role.ADMINISTRATOR), StaffFactory(role=Role.REGISTRAR)
    page = f"/console/staff/{clerk.number}/"

    assert 'name="reads"' not in text_of(office, page)
    assert office.post(page, {"change": "languages", "reads": ["ru"]}).status_code == 422
