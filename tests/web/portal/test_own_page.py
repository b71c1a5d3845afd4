"""Coming back, the waiting page, and what she may do from it."""

import io
import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.cases import PIN as CASES_PIN
from tests.cases import Case
from tests.web.portal.walking import (
    LANGUAGES,
    PIN,
    SECOND_PIN,
    WAY,
    asked,
    change,
    come_in,
    family,
    seen,
    text_of,
    visitor,
)
from wayhome.bureau.answers.actions import note_withdrawal_told
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import TRIES, Channel, EnquiryState
from wayhome.bureau.matches.actions import ask_withdrawal, withdraw_match
from wayhome.bureau.relations.models import Paper
from wayhome.bureau.returns.models import Application
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.codes import encode
from wayhome.web import waiting
from wayhome.web.portal import limits
from wayhome.web.portal.questions import CHANGEABLE
from wayhome.web.voice import forbidden_on, long_sentences, texts_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OTHER_PIN = "380572"
ANSWERS = [
    ("who", {"relation": "wife"}, "Wife"),
    ("name", {"surname": "Скоробогатько", "given": "Лукьян"}, "Лукьян"),
    ("born", {"born": "о 20"}, None),
    ("born", {"born": "весна 2001"}, "spring 2001"),
    ("birthplace", {"birthplace": "Губаха"}, "Губаха"),
    ("mother", {"mother_name": "Скоробогатько Агафья"}, "Агафья"),
    ("your-name", {"your_name": "Агафья"}, "Агафья"),
    ("three-things", {"question_2": "Что у калитки?", "answer_2": "Рябина"}, "Рябина"),
    ("may-tell", {"may_tell": "no"}, "No"),
    ("contact", {"channel": "email", "email": "agafya@example.org"}, "agafya@example.org"),
    ("unit", {"rank": "сержант"}, "сержант"),
]


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    cache.clear()


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return SimpleUploadedFile("scan.png", out.getvalue(), "image/png")


def client_of(case: Case, language: str = "en"):
    client = visitor(language)
    words = " ".join(encode(case.made.code, "ru"))
    assert come_in(client, words, CASES_PIN)["Location"] == "/waiting/"
    return client


def test_the_waiting_page_is_the_one_sentence_and_what_she_did():
    page = text_of(family().get("/waiting/"))

    assert "We compare all enquiries with all our records every day, last on" in page
    assert "This sentence is the same for every family, whatever we know." in page
    assert "You asked" in page
    for path in ("answers", "pin", "forget"):
        assert f'href="/waiting/{path}/"' in page
    for path in ("papers", "bring-home", "other-ways", "beware", "leave", "help", "privacy"):
        assert f'href="/{path}/"' in page


@pytest.mark.parametrize(("step", "answer", "shown"), ANSWERS)
def test_she_corrects_and_adds(step, answer, shown):
    client = family()

    done = change(client, step, answer)
    page = text_of(client.get("/waiting/answers/"))

    if shown is None:
        assert done.status_code == 422
        assert "о 20" in text_of(done)
        return
    assert done["Location"] == "/waiting/answers/"
    assert shown in page
    for value in answer.values():
        assert value in text_of(client.get(f"/waiting/answers/{step}/")) or shown in page
    of_herself = step in {"your-name", "contact"}
    assert ("You added or corrected something" in text_of(client.get("/waiting/"))) != of_herself


def test_what_she_only_looked_at_is_no_correction():
    client = family()
    for question in CHANGEABLE:
        page = text_of(client.get(f"/waiting/answers/{question.slug}/"))
        born = re.search(r'name="born" value="([^"]*)"', page)
        if born:
            assert born[1] == "3 May 1999"
            change(client, "born", {"born": born[1]})

    assert Enquiry.objects.get().born == "1999-05-03"
    assert Enquiry.objects.get().as_received["corrections"] == []


def test_the_side_is_asked_anew_and_not_changed():
    client = family()

    assert client.get("/waiting/answers/side/").status_code == 404
    assert change(client, "side", {"party": "civilian"}).status_code == 404
    assert 'name="abroad"' not in text_of(client.get("/waiting/answers/who/"))


def test_she_sends_a_paper_and_a_wish_once():
    client = family()
    for _ in range(2):
        sent = client.post("/papers/", {"paper": picture(), "note": "метрика",
                                        "idempotency_key": "a" * 32})  # fmt: skip
        assert sent["Location"] == "/papers/"
    for key in ("b" * 32, "c" * 32):
        wish = client.post("/bring-home/", {"travel": "yes", "idempotency_key": key})
        assert wish["Location"] == "/bring-home/"
    page = text_of(client.get("/waiting/"))

    assert (Paper.objects.count(), Application.objects.count()) == (1, 1)
    assert "You sent papers" in page
    assert "You asked to bring the person home" in page
    assert "Not possible at present. We look again on" in text_of(client.get("/bring-home/"))


def test_a_forgotten_enquiry_opens_nothing_any_more():
    client = visitor()
    words = asked(client)
    come_in(client, words)

    assert client.post("/waiting/forget/", {}).status_code == 422
    assert client.post("/waiting/forget/", {"sure": "on"})["Location"] == "/forgotten/"

    assert client.get("/waiting/")["Location"] == "/back/"
    assert come_in(client, words).status_code == 422
    enquiry = Enquiry.objects.get()
    assert (enquiry.state, enquiry.surname) == (EnquiryState.FORGOTTEN, "")
    assert enquiry.key.destroyed_at


def test_what_a_duty_holds_is_forgotten_to_her_in_the_same_words():
    held, free = Case(), Case()
    _ = held.consented
    pages = []
    for case in (held, free):
        client = client_of(case)
        done = client.post("/waiting/forget/", {"sure": "on"})
        pages.append((done.status_code, done["Location"], text_of(client.get("/forgotten/"))))

    assert pages[0] == pages[1]


def test_she_changes_her_pins():
    client = visitor()
    words = asked(client)
    come_in(client, words)
    form = {"answered": "yes", "now": PIN, "pin": OTHER_PIN, "again": OTHER_PIN}
    second = {"second": SECOND_PIN, "second_again": SECOND_PIN}

    assert client.post("/waiting/pin/", form | {"now": "555444"}).status_code == 422
    assert client.post("/waiting/pin/", form | {"again": PIN}).status_code == 422
    same = {"second": OTHER_PIN, "second_again": OTHER_PIN}
    assert client.post("/waiting/pin/", form | same).status_code == 422
    assert client.post("/waiting/pin/", form | second)["Location"] == "/waiting/pin/changed/"

    assert come_in(visitor(), words, PIN).status_code == 422
    assert come_in(visitor(), words, OTHER_PIN)["Location"] == "/waiting/"
    assert come_in(visitor(), words, SECOND_PIN)["Location"] == "/waiting/"


def test_the_new_pin_is_not_the_second_one():
    client = family(second=SECOND_PIN)

    page = client.post(
        "/waiting/pin/", {"answered": "yes", "now": PIN, "pin": SECOND_PIN, "again": SECOND_PIN}
    )

    assert page.status_code == 422
    assert "must not be the same" in text_of(page)


def test_her_door_stays_shut_after_wrong_pins():
    words = asked(visitor())
    for _ in range(TRIES):
        assert come_in(visitor(), words, "555444").status_code == 422

    assert come_in(visitor(), words, PIN).status_code == 422
    Enquirer.objects.update(locked_until=None)
    assert come_in(visitor(), words, PIN)["Location"] == "/waiting/"


def test_nobody_learns_whether_words_exist():
    words = asked(visitor())
    unknown = " ".join(encode(12345, "en"))

    page, other = (
        seen(come_in(visitor(), said, "555444")).body.replace(said, "") for said in (words, unknown)
    )

    assert page == other


def test_too_many_wrong_pins_from_one_place_wait(monkeypatch):
    monkeypatch.setattr(limits, "WRONG_PINS", limits.Limit("pin", 9, 2, 900))
    words = asked(visitor())
    for _ in range(2):
        come_in(visitor(), words, "555444")

    page = come_in(visitor(), words, PIN)

    assert page.status_code == 429
    assert 'role="alert"' in text_of(page)


def test_closing_her_page_closes_it():
    client = family()

    assert client.post("/waiting/sign-out/").status_code == 422
    assert client.post("/waiting/sign-out/", {"close": "yes"})["Location"] == "/signed-out/"
    assert client.get("/waiting/")["Location"] == "/back/"


def test_leaving_closes_it_too():
    client = family()
    client.get("/leave/")

    assert client.get("/waiting/")["Location"] == "/back/"


@pytest.mark.parametrize("path", ["/waiting/", "/waiting/answers/", "/papers/", "/bring-home/"])
def test_one_family_never_sees_another(path: str):
    family()
    other = family(name={"surname": "Тимошенко"}, mother={}, **{"your-name": {}})

    assert "Скоробогатько" not in text_of(other.get(path))


def test_after_the_talk_her_page_shows_what_was_said_with_its_day():
    case = Case(language="en")
    client = client_of(case)
    waiting = text_of(client.get("/waiting/"))
    _ = case.invitation
    invited = text_of(client.get("/waiting/"))
    _ = case.told
    told = text_of(client.get("/waiting/"))

    assert "A member of our staff would like to talk with you." in invited
    assert "There is nothing we can tell you today." not in invited
    assert "the person you seek was alive" in told
    assert len({waiting, invited, told}) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_on_her_pages_is_said_that_families_are_not_told(language: str):
    case = Case(language=language)
    _ = case.application
    client = client_of(case, language)
    paths = ["/waiting/", "/waiting/answers/", "/papers/", "/papers/journey/", "/bring-home/"]
    paths += ["/waiting/pin/"]
    paths += ["/waiting/forget/", "/waiting/pin/changed/"]
    paths += [f"/waiting/answers/{question.slug}/" for question in CHANGEABLE]
    pages = [text_of(client.get(path)) for path in paths]
    _ = case.invitation
    pages.append(text_of(client.get("/waiting/")))
    _ = case.told
    pages.append(text_of(client.get("/waiting/")))

    said = [text for page in pages for text in texts_of(page)]
    assert not [found for page in pages for found in forbidden_on(page, language)]
    assert not [one for text in said for one in long_sentences(text)]


def test_whoever_asks_for_another_keeps_two_pages():
    client = visitor()
    first = asked(client)
    client.post("/ask/code/", {"written": "on"})
    come_in(client, first)

    second = asked(client, name={"surname": "Тимошенко"})

    assert first != second
    come_in(client, second)
    assert "Тимошенко" in text_of(client.get("/waiting/"))
    assert Enquirer.objects.count() == 2


def test_how_to_reach_her_is_kept_as_she_says():
    client = family()
    change(client, "contact", {"channel": "none", "number": "+7 111", "code_word": "ива"})

    kept = Enquirer.objects.get().contact
    assert kept["channel"] == Channel.NONE
    assert (kept["to"], kept["code_word"]) == ("", "")


def test_every_answer_can_be_read_again():
    page = text_of(family().get("/waiting/answers/"))

    for value in ("Скоробогатько Остап Лукич", "Лысьва", "Жулька", "рядовой", "подсолнух"):
        assert value in page
    assert WAY["contact"]["hours"] in page


def test_whoever_comes_in_gets_a_new_session():
    client = visitor()
    words = asked(client)
    before = client.session.session_key
    come_in(client, words)

    assert client.session.session_key != before


def test_what_was_told_wrongly_leaves_her_page_and_only_a_person_tells_her_so():
    """P6 and P20: until then she reads the one sentence that stands for every kind of news."""
    case, client = Case(language="en"), visitor("en")
    told, officer = case.told, case.staff(Role.CONTACT)
    session = client.session
    session["enquirer_id"] = str(case.enquirer.pk)
    session.save()
    ask_withdrawal(match=case.match, reason="не он", by=case.staff(Role.TRACING))
    withdraw_match(match=case.match, by=case.staff(Role.TRACING, 2))

    before = text_of(client.get("/waiting/"))
    told.refresh_from_db()
    note_withdrawal_told(told=told, by=officer)
    after = text_of(client.get("/waiting/"))

    assert str(waiting.INVITATION) in before
    assert "was alive" not in before
    assert "There is nothing we can tell you today." not in before
    assert str(waiting.INVITATION) not in after
    assert "There is nothing we can tell you today." in after
