"""Asking, from the first page to the words on paper."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from tests.web.portal.walking import (
    LANGUAGES,
    PIN,
    SECOND_PIN,
    WAY,
    answer_all,
    asked,
    choose_pin,
    come_in,
    say,
    send,
    text_of,
    visitor,
    words_on,
)
from wayhome.bureau.enquiries.models import Draft, Enquiry
from wayhome.bureau.enquiries.rules import Channel, EnquiryState, Party, Source
from wayhome.bureau.exchange.models import Notice
from wayhome.lib.codes import decode
from wayhome.web.portal import limits
from wayhome.web.portal.questions import QUESTIONS
from wayhome.web.voice import forbidden_on, long_sentences, texts_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PUBLIC = (
    "",
    "help/",
    "privacy/",
    "accessibility/",
    "other-ways/",
    "beware/",
    "back/",
    "forgotten/",
)
FORMS = (
    *(f"ask/{question.slug}/" for question in QUESTIONS if question.slug != "elsewhere"),
    "ask/check/",
    "ask/pin/",
    "ask/second-pin/",
    "ask/code/",
    "back/",
)
REFUSED = [
    ("who", {}, []),
    ("who", {"abroad": "on"}, ["checked"]),
    ("side", {"party": "nobody"}, []),
    ("name", {"given": "Остап", "patronymic": "Лукич"}, ["Остап", "Лукич"]),
    ("name", {"surname": "Скорoбогатько"}, ["Скорoбогатько", "Скоробогатько"]),
    ("born", {"born": "в тот самый день"}, ["в тот самый день"]),
    ("birthplace", {"birthplace": "Лыcьва"}, ["Лыcьва", "Лысьва"]),
    ("three-things", {"question_1": "Кличка?", "answer_2": "Ива"}, ["Кличка?", "Ива"]),
    ("may-tell", {}, []),
    ("contact", {"channel": "telephone", "hours": "с 18"}, ["с 18"]),
    ("contact", {"channel": "email", "email": "agafya@"}, ["agafya@"]),
    ("contact", {"channel": "email"}, []),
]


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    cache.clear()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_family_asks_and_comes_back(language: str):
    client = visitor(language)

    words = asked(client)
    client.post("/ask/code/", {"written": "on"})
    come_in(client, words)
    page = text_of(client.get("/waiting/"))

    enquiry = Enquiry.objects.get()
    assert "Скоробогатько Остап Лукич" in page
    assert (enquiry.surname, enquiry.born, enquiry.rank) == (
        "Скоробогатько",
        "1999-05-03",
        "рядовой",
    )
    assert enquiry.three_things == [{"question": "Как звали первую собаку?", "answer": "Жулька"}]
    assert enquiry.source == Source.PORTAL
    assert enquiry.enquirer.language == language
    assert enquiry.enquirer.contact == {
        "channel": Channel.TELEPHONE,
        "to": "+7 000 000 00 00",
        "hours": "с 18 до 20",
        "code_word": "подсолнух",
        "society_route": False,
    }
    assert not Draft.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_says_what_families_are_not_told(language: str):
    client = visitor(language)
    pages = {path: client.get(f"/{path}") for path in PUBLIC}
    for step, fields, _ in REFUSED:
        pages[f"refused {step}"] = say(client, step, fields)
    answer_all(client, side={"party": "own soldier"})
    for question in QUESTIONS:
        pages[question.slug] = client.get(f"/ask/{question.slug}/")
    pages["check"] = client.get("/ask/check/")
    send(client, choose_pin(client))
    for path in ("code", "receipt", "done"):
        pages[path] = client.get(f"/ask/{path}/")

    faults = [
        f"{name}: {fault}"
        for name, page in pages.items()
        for fault in (
            *forbidden_on(text_of(page), language),
            *(one for text in texts_of(text_of(page)) for one in long_sentences(text)),
        )
    ]

    assert not faults
    assert {page.status_code for page in pages.values()} == {200, 422}


def test_everything_is_said_before_the_first_question():
    page = text_of(visitor().get("/"))
    before = page.split('href="/ask/"')[0]

    for told in (
        "an authority of the other State",
        "it may be dangerous to write to us",
        "Everything here is free",
        "Statements, videos or appeals",
        "Central Tracing Agency",
        "The Red Cross society of your own country",
        "A relative or friend abroad",
        "Leave this page",
    ):
        assert told in before, told
    assert "<input" not in page


def test_the_unit_comes_last_and_with_its_warning():
    assert QUESTIONS[-1].slug == "unit"
    page = text_of(visitor().get("/ask/unit/"))

    assert page.index("may be punishable") < page.index('name="unit"')
    assert 'href="/ask/check/"' in page  # she may pass by


def test_only_a_few_answers_are_needed():
    client = visitor()
    few = {q.slug: {} for q in QUESTIONS if not q.must}
    few |= {"may-tell": {"may_tell": "no"}, "contact": {"channel": "none"}}

    asked(client, **few)

    enquiry = Enquiry.objects.get()
    assert (enquiry.born, enquiry.unit, enquiry.three_things) == ("", "", None)
    assert enquiry.may_tell_him is False
    assert enquiry.enquirer.reachable_by() == Channel.NONE
    assert enquiry.enquirer.name is None


def test_she_comes_back_herself_unless_she_says_otherwise():
    page = text_of(visitor().get("/ask/contact/"))

    assert 'value="none" class="govuk-radios__input" id="id_channel_0" checked' in page or (
        page.index("checked") > page.index('value="none"')
        and page.index("checked") < page.index('value="telephone"')
    )
    assert "never leave a message" in page


@pytest.mark.parametrize(("step", "fields", "kept"), REFUSED)
def test_a_refused_page_says_why_and_keeps_what_was_typed(step, fields, kept):
    client = visitor()
    page = say(client, step, fields)

    assert page.status_code == 422
    assert 'role="alert"' in text_of(page)
    for typed in kept:
        assert typed in text_of(page)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("path", FORMS)
def test_a_form_sent_empty_is_refused_in_words(path: str):
    page = visitor().post(f"/{path}")

    assert page.status_code == 422
    assert 'role="alert"' in text_of(page)
    assert not Draft.objects.exists()


def test_letters_of_another_alphabet_are_shown_and_she_decides():
    client, mixed = visitor(), {"surname": "Скорoбогатько"}

    assert say(client, "name", mixed).status_code == 422
    assert say(client, "name", mixed | {"letters": "ours"}).status_code == 303
    assert "Скоробогатько" in text_of(client.get("/ask/name/"))
    assert say(client, "name", mixed | {"letters": "mine"}).status_code == 303
    assert "Скорoбогатько" in text_of(client.get("/ask/name/"))


def test_back_shows_what_was_answered():
    client = visitor()
    answer_all(client)

    for step, answer in WAY.items():
        page = text_of(client.get(f"/ask/{step}/"))
        for value in answer.values():
            assert value in page
    assert "checked" in text_of(client.get("/ask/who/"))


def test_each_page_leads_back_to_the_one_before():
    client = visitor()
    answer_all(client)
    path, seen = "/ask/unit/", []

    while path != "/":
        seen.append(path)
        page = text_of(client.get(path))
        path = page.split('class="govuk-back-link"')[0].rsplit('href="', 1)[1].split('"')[0]

    assert [f"/ask/{step}/" for step in reversed(WAY)] == seen


def test_a_changed_answer_leads_back_to_the_overview():
    client = visitor()
    answer_all(client)

    done = say(client, "born", {"born": "1998"}, change=True)

    assert done["Location"] == "/ask/check/"
    assert "1998" in text_of(client.get("/ask/check/"))


def test_a_broken_connection_loses_nothing():
    client = visitor()
    for step in ("who", "side", "name", "born"):
        say(client, step, WAY[step])

    assert "Go on where you stopped" in text_of(client.get("/"))
    assert client.get("/ask/")["Location"] == "/ask/birthplace/"
    assert "3.05.1999" in text_of(client.get("/ask/born/"))


def test_what_she_skipped_is_not_asked_again():
    client = visitor()
    for step in ("who", "side", "name", "contact"):
        say(client, step, WAY[step])

    assert client.get("/ask/")["Location"] == "/ask/unit/"


def test_nothing_is_sent_without_what_is_needed():
    client = visitor()
    say(client, "who", WAY["who"])

    assert client.get("/ask/check/")["Location"] == "/ask/side/"
    assert client.post("/ask/check/", {"answered": "yes"})["Location"] == "/ask/side/"
    assert send(client, choose_pin(client))["Location"] == "/ask/side/"
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    ("pin", "again"), [("111111", "111111"), ("12345", "12345"), (PIN, "904418"), (PIN, "")]
)
def test_a_pin_is_not_easy_and_written_twice(pin: str, again: str):
    client = visitor()
    answer_all(client)
    page = client.post("/ask/pin/", {"answered": "yes", "pin": pin, "again": again})

    assert page.status_code == 422
    assert "pin" not in Draft.objects.get().answers


def test_the_second_pin_is_offered_to_all_and_is_another():
    client = visitor()
    answer_all(client)
    key = choose_pin(client)

    assert "We offer it to everybody" in text_of(client.get("/ask/second-pin/"))
    assert send(client, key, PIN).status_code == 422
    assert send(client, key, "12").status_code == 422
    assert not Enquiry.objects.exists()
    assert send(client, key, SECOND_PIN)["Location"] == "/ask/code/"


def test_sent_twice_it_is_one_enquiry():
    client = visitor()
    answer_all(client)
    key = choose_pin(client)

    answers = [send(client, key), send(client, key), send(client, "another" * 4), send(client, "")]

    assert {answer["Location"] for answer in answers} == {"/ask/code/"}
    assert Enquiry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sent_at_once_from_many_windows_it_is_one_enquiry():
    client = visitor()
    answer_all(client)
    choose_pin(client)

    def press(number: int) -> str:
        window = Client(headers={"accept-language": "en"})
        window.cookies = client.cookies
        try:
            return str(send(window, f"key-of-window-{number:04}")["Location"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as windows:
        led_to = set(windows.map(press, range(8)))

    assert led_to == {"/ask/code/"}
    assert Enquiry.objects.count() == 1


def test_the_words_stay_until_they_are_on_paper_and_no_longer():
    client = visitor()
    words = asked(client)

    assert words_on(text_of(client.get("/ask/code/"))) == words
    assert client.post("/ask/code/", {}).status_code == 422
    assert words_on(text_of(client.get("/ask/receipt/")).split("</ol>")[0]) == words
    assert client.get("/ask/born/")["Location"] == "/ask/code/"  # nothing is changed any more
    assert client.post("/ask/code/", {"written": "on"})["Location"] == "/ask/done/"
    assert client.get("/ask/code/")["Location"] == "/back/"
    assert client.get("/ask/receipt/")["Location"] == "/back/"
    assert client.post("/ask/code/", {"written": "on"})["Location"] == "/ask/done/"  # pressed twice
    assert client.post("/ask/code/", {}).status_code == 422


def test_the_words_mean_the_same_in_every_language():
    client = visitor("uk")
    words = {decode(asked(client))}
    for language in ("ru", "en"):
        client.get(f"/language/{language}/")
        words.add(decode(words_on(text_of(client.get("/ask/code/")))))

    assert len(words) == 1


def test_the_receipt_names_nobody():
    client = visitor()
    asked(client)
    page = text_of(client.get("/ask/receipt/"))

    for field in ("surname", "given", "patronymic"):
        assert WAY["name"][field] not in page
    assert WAY["your-name"]["your_name"] not in page
    assert Enquiry.objects.get().bureau_number not in page
    assert "<title>Information service</title>" in page


def test_another_language_shows_the_same_page_with_the_same_answers():
    client = visitor("en")
    say(client, "name", WAY["name"])

    led_to = client.get("/language/ru/?next=/ask/name/")
    page = text_of(client.get(led_to["Location"]))

    assert led_to["Location"] == "/ask/name/"
    assert 'lang="ru"' in page.split("<head>")[0]
    assert "Скоробогатько" in page
    assert "Surname" not in page


def test_somebody_abroad_asks_for_her():
    asked(visitor(), who={"relation": "mother", "abroad": "on"})

    assert Enquiry.objects.get().source == Source.ABROAD


@pytest.mark.parametrize("party", [Party.OWN_SOLDIER, Party.OWN_CIVILIAN])
def test_for_a_soldier_or_civilian_of_our_own_the_agency_asks(party: Party):
    client = visitor()
    say(client, "who", WAY["who"])

    led_to = say(client, "side", {"party": party})["Location"]
    page = text_of(client.get(led_to))

    assert led_to == "/ask/elsewhere/"
    assert "Coordination Headquarters" in page
    asked(client, side={"party": party})
    enquiry = Enquiry.objects.get()
    assert enquiry.state == EnquiryState.FOR_AGENCY
    notice = Notice.objects.get(enquiry=enquiry)
    assert notice.particulars["sought"]["surname"] == "Скоробогатько"
    assert "Фёкла" not in str(notice.particulars["party"])


def test_whoever_changes_the_side_is_told_where_else_to_ask():
    client = visitor()
    answer_all(client)

    led_to = say(client, "side", {"party": "own soldier"}, change=True)["Location"]

    assert led_to == "/ask/elsewhere/?change=1"
    assert say(client, "elsewhere", {}, change=True)["Location"] == "/ask/check/"


def test_a_page_that_does_not_apply_leads_on():
    client = visitor()
    say(client, "who", WAY["who"])

    assert client.get("/ask/elsewhere/")["Location"] == "/ask/"
    assert say(client, "elsewhere", {})["Location"] == "/ask/"
    assert client.get("/ask/nothing/").status_code == 404


def test_leaving_deletes_what_was_typed():
    client = visitor()
    say(client, "name", WAY["name"])

    page = client.get("/leave/")

    assert "Скоробогатько" not in text_of(page)
    assert not Draft.objects.exists()
    assert "Скоробогатько" not in text_of(client.get("/ask/name/"))


def test_too_many_enquiries_from_one_place_wait(monkeypatch):
    monkeypatch.setattr(limits, "NEW_ENQUIRIES", limits.Limit("new", 1, 2, 3600))
    for _ in range(2):
        asked(visitor())
    client = visitor()
    answer_all(client)

    page = send(client, choose_pin(client))

    assert page.status_code == 429
    assert 'role="alert"' in text_of(page)
    assert Enquiry.objects.count() == 2


def test_too_many_beginnings_from_one_place_wait(monkeypatch):
    monkeypatch.setattr(limits, "BEGUN", limits.Limit("begun", 9, 2, 3600))
    for _ in range(2):
        assert say(visitor(), "who", WAY["who"]).status_code == 303

    page = say(visitor(), "who", WAY["who"])

    assert page.status_code == 422
    assert "try again in an hour" in text_of(page)
    assert Draft.objects.count() == 2


def test_what_nobody_should_type_is_cleaned():
    client = visitor()
    say(client, "name", {"surname": "  Скоробогатько\u202e\x00 "})

    assert Draft.objects.get().answers["name"]["surname"] == "Скоробогатько"
    assert say(client, "name", {"surname": "Щ" * 5000}).status_code == 422
