"""The hotline: what an operator writes down, the words read once, and the text for a caller."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.factories import EnquirerFactory, EnquiryFactory, MatchFactory, StaffFactory
from wayhome.bureau.answers.models import Invitation
from wayhome.bureau.enquiries.actions import hash_spoken
from wayhome.bureau.enquiries.models import Draft, Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import Channel, EnquiryState, Source
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Permission, Role, roles_with
from wayhome.lib.codes import LANGUAGES, decode
from wayhome.lib.spelling import spelled
from wayhome.web import waiting
from wayhome.web.voice import forbidden_in, forbidden_on

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NEW, WORDS, CALLER, TEXT = (
    "/console/hotline/new/",
    "/console/hotline/words/",
    "/console/hotline/caller/",
    "/console/hotline/caller/text/",
)
ADD = "/console/hotline/caller/add/"
TOLD = {
    "source": "telephone",
    "language": "ru",
    "relation": "mother",
    "party": "adverse",
    "surname": "Буйничев",
    "given": "Прохор",
    "born": "весна 2001",
    "may_tell": "yes",
    "channel": "none",
    "spoken": "Черёмуха",
}
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def no_tries_counted():
    cache.clear()


def signed_in(role: Role = Role.OPERATOR, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(StaffFactory(role=role))
    return client


def written_down(client: Client, **told: str) -> list[str]:
    """Write an enquiry down; returns its nine words."""
    assert client.post(NEW, {**TOLD, **told}).headers.get("Location") == WORDS
    return words_on(client.get(WORDS).content.decode())


def words_on(page: str) -> list[str]:
    return re.findall(r"<li><strong>(\w+)</strong></li>", page)


def masked(page: str) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1…", page)


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES))
def test_only_whose_work_it_is_is_let_in(role):
    client = signed_in(role)
    enters = role in roles_with(Permission.ENTER_ENQUIRY)
    reads = role in roles_with(Permission.READ_WAITING_TEXT)

    statuses = {path: client.get(path).status_code for path in (NEW, WORDS, CALLER, TEXT)}

    assert statuses == {
        NEW: 200 if enters else 403,
        WORDS: 200 if enters else 403,
        CALLER: 200 if reads else 403,
        TEXT: 303 if reads else 403,
    }


def test_an_operator_sees_no_list_no_file_and_no_captive():
    match = MatchFactory()
    client = signed_in()

    for path in ("captives/", "enquiries/", f"enquiries/{match.enquiry.bureau_number}/",
                 f"captives/{match.captive.bureau_number}/", "tracing/", "matches/"):  # fmt: skip
        assert client.get(f"/console/{path}").status_code == 403
    home = client.get("/console/").content.decode()
    assert re.findall(r'<li><a href="([^"]+)"', home) == [
        "/console/",
        NEW,
        CALLER,
        "/console/programmes/",  # which everybody may read, and may be read out
        "/console/press/",
    ]


def test_an_enquiry_by_telephone_is_kept_whole():
    client = signed_in()

    told = {
        "enquirer_name": "Буйничева Агафья", "channel": "telephone", "to": "+7 000 000-00-01",
        "hours": "после шести", "code_word": "подсолнух", "society_route": "on",
        "question_1": "Как звали собаку?", "answer_1": "Жучка", "mother_name": "Агафья",
        "comrade": "Щеголихин Аристарх",
    }  # fmt: skip
    words = written_down(client, **told)

    enquiry = Enquiry.objects.get()
    assert (enquiry.source, enquiry.name, enquiry.born) == (
        Source.TELEPHONE, "Буйничев Прохор", "2001-21",
    )  # fmt: skip
    assert enquiry.entered_by is not None
    assert enquiry.comrade == "Щеголихин Аристарх"
    assert enquiry.three_things == [{"question": "Как звали собаку?", "answer": "Жучка"}]
    assert enquiry.enquirer.contact["code_word"] == "подсолнух"
    assert (enquiry.enquirer.language, enquiry.enquirer.pin_hash) == ("ru", "")
    assert decode(" ".join(words), language="ru") is not None
    made = Entry.objects.get(action="enquiry made")
    assert (made.person, made.actor_id) == (enquiry.bureau_number, enquiry.entered_by.number)


@pytest.mark.parametrize("source", ["paper", "abroad"])
def test_a_sheet_and_a_relative_abroad_are_written_down_too(source):
    client = signed_in(Role.TRACING)

    written_down(client, source=source, written_on="3.05.2022", language="uk")

    enquiry = Enquiry.objects.get()
    assert enquiry.source == source
    received = timezone.localdate(enquiry.received_at).isoformat()
    assert (received == "2022-05-03") == (source == "paper")


def test_the_words_are_shown_until_they_are_on_paper_and_then_kept_nowhere():
    client = signed_in()
    words = written_down(client)

    assert words_on(client.get(WORDS).content.decode()) == words
    refused = client.post(WORDS, {})
    assert (refused.status_code, words_on(refused.content.decode())) == (422, words)
    assert client.post(WORDS, {"written": "on"}).headers["Location"] == NEW

    assert words_on(client.get(WORDS).content.decode()) == []
    assert client.post(WORDS, {"written": "on"}).status_code == 422
    assert not Draft.objects.exists()
    assert len(words) == 9


def test_another_operator_sees_no_words_of_it():
    written_down(signed_in())

    assert words_on(signed_in().get(WORDS).content.decode()) == []


def test_two_enquiries_have_their_words_one_after_the_other():
    client = signed_in()
    first = written_down(client)
    client.post(NEW, {**TOLD, "surname": "Другой"})

    assert "were not read yet" in client.get(NEW).content.decode()
    assert client.post(WORDS, {"written": "on"}).headers["Location"] == WORDS
    second = words_on(client.get(WORDS).content.decode())
    assert len(second) == 9
    assert second != first


def test_the_same_form_sent_twice_makes_one_enquiry():
    client = signed_in()

    places = {client.post(NEW, {**TOLD, "idempotency_key": KEY}).headers["Location"]
              for _ in range(2)}  # fmt: skip

    assert places == {WORDS}
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"surname": ""}, "at least the surname"), ({"relation": ""}, "Choose one of the list."),
     ({"may_tell": ""}, "Choose one of the list."), ({"born": "99.99.1999"}, "no such day"),
     ({"surname": "Буйничeв"}, "two alphabets"), ({"spoken": "да"}, "four letters"),
     ({"spoken": "прохор"}, "no name of the person"), ({"spoken": "12345"}, "no number"),
     ({"channel": "telephone"}, "telephone number"), ({"channel": "email", "to": "x"}, "no e-mail"),
     ({"question_1": "Как?"}, "answer beside each"), ({"given": "Я" * 200}, "at most 120"),
     ({"source": "paper", "written_on": "весна 2022"}, "whole day"),
     ({"source": "paper", "written_on": "3.05.2999"}, "future"),
     ({"source": "portal"}, "Select a valid choice")],
)  # fmt: skip
def test_a_refused_form_keeps_what_was_typed_and_writes_nothing(wrong, says):
    answer = signed_in().post(NEW, {**TOLD, "answer_2": "", "birthplace": "У реки", **wrong})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert says in page
    assert 'value="У реки"' in page
    assert not Enquiry.objects.exists()
    assert not Enquirer.objects.exists()
    assert not Draft.objects.exists()
    assert not Entry.objects.filter(action="enquiry made").exists()


def test_an_empty_form_asks_only_for_what_it_must():
    page = signed_in().post(NEW, {}).content.decode()

    wanted = set(re.findall(r'href="#id_(\w+?)(?:_0)?"', page))
    assert wanted == {"source", "language", "relation", "party", "surname", "may_tell", "channel",
                      "spoken"}  # fmt: skip


def test_marks_that_turn_the_reading_and_nothings_are_cleaned_away():
    written_down(signed_in(), surname="\u202eБуй\x00ничев\u2066", given="  Про  хор ")

    enquiry = Enquiry.objects.get()
    assert (enquiry.surname, enquiry.given) == ("Буйничев", "Про хор")


def test_letters_that_are_right_as_they_stand_are_kept():
    written_down(signed_in(), surname="Буйничeв", letters_right="on")

    assert Enquiry.objects.get().surname == "Буйничeв"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_read_aloud_is_in_the_callers_language_and_fit_to_be_heard(language):
    page = signed_in(language="en").get(f"{NEW}?family={language}").content.decode()

    aloud = re.search(rf'<ul[^>]* lang="{language}">(.*?)</ul>', page, re.S)
    assert aloud
    assert not forbidden_on(aloud[1], language)
    assert spelled(language)[0][1] in page
    assert len(spelled(language)) >= 26


def test_she_comes_in_by_the_agreed_word_once_and_chooses_a_pin():
    words = " ".join(written_down(signed_in()))
    mother = Client(headers={"accept-language": "ru"})

    assert mother.post("/back/", {"words": words, "pin": "берёза"}).status_code == 422
    answer = mother.post("/back/", {"words": words, "pin": "черемуха"})
    assert answer.headers["Location"] == "/waiting/first-pin/"
    assert mother.get("/waiting/pin/").headers["Location"] == "/waiting/first-pin/"
    page = mother.get("/waiting/first-pin/").content.decode()
    assert not forbidden_on(page, "ru")
    assert (
        mother.post("/waiting/first-pin/", {"pin": "111111", "again": "111111"}).status_code == 422
    )
    chosen = {"answered": "yes", "pin": "481516", "again": "481516"}
    assert mother.post("/waiting/first-pin/", chosen).headers["Location"] == "/waiting/"

    again = Client()
    assert again.post("/back/", {"words": words, "pin": "черемуха"}).status_code == 422
    assert (
        again.post("/back/", {"words": words, "pin": "481516"}).headers["Location"] == "/waiting/"
    )
    other = {**chosen, "pin": "230815", "again": "230815"}
    assert again.post("/waiting/first-pin/", other).headers["Location"] == "/waiting/pin/"
    assert Client().post("/back/", {"words": words, "pin": "481516"}).status_code == 303


def caller_reads(client: Client, which: str, spoken: str) -> str:
    assert client.post(CALLER, {"which": which, "spoken": spoken}).headers["Location"] == TEXT
    return client.get(TEXT).content.decode()


def test_a_caller_with_number_or_words_hears_what_her_own_page_says():
    operator = signed_in()
    words = " ".join(written_down(operator))
    enquiry = Enquiry.objects.get()
    mother = Client(headers={"accept-language": "ru"})
    mother.post("/back/", {"words": words, "pin": "черёмуха"})
    own = mother.get("/waiting/").content.decode()

    for which in (enquiry.bureau_number, enquiry.bureau_number.lower().replace("-", ""), words):
        page = caller_reads(operator, which, "ЧЕРЕМУХА!")
        read = re.search(r'<section class="wh-panel" lang="ru">(.*?)</section>', page, re.S)
        assert read
        said = re.findall(r"<p[^>]*>(.*?)</p>", read[1])
        assert len(said) == 3
        assert all(sentence in own for sentence in said)
        assert not forbidden_in(" ".join(said), "ru")
        assert "Вы обратились" in page
        assert "Буйничев" not in page
    looked = Entry.objects.filter(action="looked at", person=enquiry.bureau_number)
    assert {look.purpose for look in looked} == {"read to a caller"}


def test_who_seeks_one_of_our_own_hears_of_the_agency_too():
    enquiry = asked_for(state=EnquiryState.FOR_AGENCY, language="en")

    page = caller_reads(signed_in(), enquiry.bureau_number, "черёмуха")

    assert str(waiting.FOR_AGENCY) in page
    assert "There is nothing we can tell you today." in page


def test_a_caller_who_gave_her_word_adds_to_her_enquiry_and_nothing_of_it_is_shown():
    operator = signed_in()
    written_down(operator, question_1="Как звали собаку?", answer_1="Жучка")
    before = Enquiry.objects.get()
    caller_reads(operator, before.bureau_number, "черёмуха")
    page = operator.get(ADD).content.decode()
    assert not any(told in page for told in ("Буйничев", "Прохор", "Жучка"))

    told = {"birthplace": "Кологрив", "question": "Что росло у дома?", "answer": "Ива"}
    assert operator.post(ADD, {**told, "idempotency_key": KEY}).headers["Location"] == TEXT
    assert operator.post(ADD, {**told, "idempotency_key": KEY}).headers["Location"] == TEXT

    kept = Enquiry.objects.select_related("key").get()
    assert (kept.surname, kept.given, kept.born) == (before.surname, before.given, before.born)
    assert kept.birthplace == "Кологрив"
    assert [one["answer"] for one in kept.three_things] == ["Жучка", "Ива"]
    (correction,) = kept.as_received["corrections"]
    assert correction["by"] == "operator"
    assert "Вы что-то добавили" in operator.get(TEXT).content.decode()


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({}, "Write down what the caller adds."),
        ({"question": "Что росло у дома?"}, "Please write the answer beside each question."),
        ({"question": "Четвёртый?", "answer": "да"}, "Please write three questions at most."),
        ({"born": "вчера утром"}, ""),
    ],
)
def test_what_cannot_be_added_is_refused_and_changes_nothing(told, says):
    operator = signed_in()
    things = {f"question_{n}": f"Вопрос {n}" for n in (1, 2, 3)}
    written_down(operator, **things, **{f"answer_{n}": f"Ответ {n}" for n in (1, 2, 3)})
    before = Enquiry.objects.select_related("key").get()
    caller_reads(operator, before.bureau_number, "черёмуха")

    answer = operator.post(ADD, told)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert says in answer.content.decode()
    assert Enquiry.objects.select_related("key").get().as_received == before.as_received


def test_without_the_word_of_this_call_nothing_is_added():
    operator = signed_in()
    written_down(operator)
    assert operator.get(ADD).headers["Location"] == CALLER

    answer = operator.post(ADD, {"birthplace": "Кологрив"})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Enquiry.objects.get().birthplace
    for role in sorted(CONSOLE_ROLES - {Role.OPERATOR}):
        assert signed_in(role).get(ADD).status_code == 403


def asked_for(word: str = "Черёмуха", **fields) -> Enquiry:
    enquirer = EnquirerFactory(
        spoken_hash=hash_spoken(word), pin_hash="!", language=fields.pop("language", "ru")
    )
    return EnquiryFactory(enquirer=enquirer, **fields)


def test_two_families_hear_the_same_whatever_we_know():
    same_day = timezone.now() - timedelta(days=3)
    sought, found = asked_for(received_at=same_day), asked_for(received_at=same_day)
    MatchFactory(enquiry=found)
    client = signed_in()

    pages = [masked(caller_reads(client, one.bureau_number, "черёмуха")) for one in (sought, found)]

    assert pages[0] == pages[1]


def test_who_is_invited_hears_that_and_nothing_else():
    enquiry = asked_for()
    Invitation.objects.create(
        enquiry=enquiry, channel=Channel.NONE, by=StaffFactory(role=Role.CONTACT), at=timezone.now()
    )

    page = caller_reads(signed_in(), enquiry.bureau_number, "черёмуха")

    read = re.search(r'<section class="wh-panel" lang="ru">(.*?)</section>', page, re.S)
    assert read
    assert len(re.findall("<p", read[1])) == 1


def test_a_family_of_the_portal_may_say_the_code_word_of_her_own():
    contact = {"channel": Channel.TELEPHONE, "to": "1", "code_word": "Подсолнух"}
    enquiry = EnquiryFactory(enquirer__contact=contact)

    caller_reads(signed_in(), enquiry.bureau_number, "подсолнух")
    assert signed_in().post(
        CALLER, {"which": enquiry.bureau_number, "spoken": "роза"}
    ).status_code == 422  # fmt: skip


def test_a_wrong_word_and_an_enquiry_of_nobody_are_answered_alike():
    number, forgotten = asked_for().bureau_number, asked_for(state=EnquiryState.FORGOTTEN)
    tries = [(number, "берёза"), ("A-000009-X", "берёза"), ("что-то", "берёза"),
             (forgotten.bureau_number, "черёмуха")]  # fmt: skip
    pages = set()
    for which, spoken in tries:
        client = signed_in()
        answer = client.post(CALLER, {"which": which, "spoken": spoken})
        assert answer.status_code == 422
        assert client.get(TEXT).status_code == 303
        page = masked(answer.content.decode()).replace(which, "…").replace(spoken, "…")
        pages.add(re.sub(r"No\. S-\d+", "…", page))

    assert len(pages) == 1
    assert Entry.objects.filter(action="caller's word asked").count() == len(tries)
    assert not Entry.objects.filter(action="looked at").exists()


def test_too_many_wrong_words_shut_the_enquiry_for_a_while_for_every_operator():
    number = asked_for().bureau_number
    for _ in range(5):
        signed_in().post(CALLER, {"which": number, "spoken": "берёза"})

    answer = signed_in().post(CALLER, {"which": number, "spoken": "черёмуха"})

    assert answer.status_code == 429
    assert "quarter of an hour" in answer.content.decode()
    assert Client().get(TEXT).status_code == 303


def test_an_opened_text_is_closed_after_a_while():
    enquiry, client = asked_for(), signed_in()
    caller_reads(client, enquiry.bureau_number, "черёмуха")
    session = client.session
    session["waiting_text"] = {
        **session["waiting_text"], "at": (timezone.now() - timedelta(minutes=16)).isoformat()
    }  # fmt: skip
    session.save()

    assert client.get(TEXT).headers["Location"] == CALLER


def test_every_sentence_for_a_family_is_short():
    texts = [*waiting.BEFORE, *waiting.WITH_WORDS, *waiting.ON_THE_SHEET]

    assert all(len(str(text).split()) <= 20 for text in texts)
