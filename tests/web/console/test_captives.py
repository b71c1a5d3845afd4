"""The register: who may open it, how it is searched, what a card and its correction keep."""

import re

import pytest
from django.test import Client

from tests.factories import CaptiveFactory, CustodyEventFactory, SiteFactory, StaffFactory
from wayhome.bureau.captives.actions import Captured, Received, register_captive
from wayhome.bureau.captives.models import Captive, CaptureCard, CustodyEvent, Place
from wayhome.bureau.captives.rules import (
    ASKED,
    CAPTURE,
    HEALTH,
    VOLUNTARY,
    Captor,
    CustodyState,
    EventKind,
    IdentityState,
    StatusBasis,
)
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import (
    AT_ONE_SITE,
    CONSOLE_ROLES,
    Permission,
    Role,
    roles_with,
)
from wayhome.lib.numbers import is_valid

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NEW = "/console/captives/new/"
SEE, PLACE = roles_with(Permission.SEE_CAPTIVE), roles_with(Permission.SEE_PLACE)
CARD = {
    "surname": "Буйничев",
    "given": "Прохор",
    "rank_said": "declined",
    "born": "spring 2001",
    "service_no_said": "unknown",
    "patronymic": "Лаврентьевич",
    "father_name": "Лаврентий",
    "mother_name": "Агафья",
    "mothers_maiden_name_said": "declined",
    "birthplace": "Вымышленск",
    "power": "Российская Федерация",
    "unit_said": "declined",
    "inform_person": "Буйничева Агафья",
    "inform_address": "Вымышленск, Речная 1",
    "letters_address": "через Красный Крест",
    "captured_on": "3.05.2022",
    "captured_time": "14:30",
    "captor": "civilians",
    "captured_by": "Жители села",
    "captured_where": "У реки Вымышленной",
    "given_to": "Комендатура",
    "given_on": "4.05.2022",
    "given_time": "10:00",
    "health": "Ранен в ногу",
    "note": "Просит очки",
    "languages": ["ru", "tt"],
}
SECRETS = ("Реки Тайной", "Госпиталь Секретный", "Тайная комендатура", "Тайные жители")


def signed_in(role: Role = Role.REGISTRAR, site: str = "A", language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(StaffFactory(role=role, site=SiteFactory(code=site)))
    return client


def registered() -> Captive:
    """A man with every particular that only some may read."""
    card = {
        "surname": "Буйничев", "health": "Больное сердце", "note": "Тайная заметка",
        "captured_where": SECRETS[0], "given_to": SECRETS[2], "captured_by": SECRETS[3],
    }  # fmt: skip
    captured = Captured(
        on="2022-05-03", captor=Captor.CIVILIANS, by=SECRETS[3], where=SECRETS[0],
        given_to=SECRETS[2], given_on="2022-05-04",
    )  # fmt: skip
    man = register_captive(received=Received(card, captured), by=StaffFactory())
    place = Place.objects.create(site=man.site, name=SECRETS[1])
    CustodyEventFactory(captive=man, kind=EventKind.HOSPITAL, place=place)
    return man


def opened(client: Client, man: Captive, purpose: str = "card") -> str:
    path = f"/console/captives/{man.bureau_number}/"
    assert client.post(path, {"purpose": purpose}).status_code == 303
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/console/captives/{query}").content.decode()
    return re.findall(r'/console/captives/(A-[^/"]+)/', page)


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES))
def test_each_page_is_served_to_those_whose_work_it_is(role):
    man, client = CaptiveFactory(), signed_in(role)
    wanted = {
        "": SEE,
        f"{man.bureau_number}/": SEE,
        "new/": roles_with(Permission.REGISTER_CAPTIVE),
        f"{man.bureau_number}/correction/": roles_with(Permission.CORRECT_CARD),
    }

    for path, roles in wanted.items():
        status = client.get(f"/console/captives/{path}").status_code
        assert status == (200 if role in roles else 403), path


@pytest.mark.parametrize("role", sorted(AT_ONE_SITE))
def test_another_site_knows_nothing_of_him(role):
    man = registered()
    client = signed_in(role, site="B")

    assert listed(client) == []
    assert client.get(f"/console/captives/{man.bureau_number}/").status_code == 404
    correction = client.get(f"/console/captives/{man.bureau_number}/correction/").status_code
    assert correction == (404 if role == Role.REGISTRAR else 403)


def test_nobody_is_sent_to_the_door():
    answer = Client().post(NEW, CARD)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/console/account/login/")
    assert not Captive.objects.exists()


def test_a_card_is_kept_as_it_was_said_and_everything_follows_from_it():
    answer = signed_in().post(NEW, CARD)

    man = Captive.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (
        303, f"/console/captives/{man.bureau_number}/",
    )  # fmt: skip
    assert is_valid(man.bureau_number)
    card = CaptureCard.objects.get().as_received
    asked = (*ASKED, *VOLUNTARY, *HEALTH)
    assert {name for name in asked if not card.get(name)} == set()
    assert (card["rank"], card["service_no"], card["unit"]) == ("declined", "unknown", "declined")
    assert (card["born"], card["born_as_said"]) == ("2001-21", "spring 2001")
    assert (man.rank, man.unit, man.born) == ("", "", "2001-21")  # a word is no particular
    assert (man.status_basis, man.identity_state) == (StatusBasis.PRESUMED, IdentityState.STATED)
    assert man.languages == "ru tt"
    captured, given = CustodyEvent.objects.order_by("number")
    assert captured.details == {
        "captor": "civilians", "by": "Жители села", "where": "У реки Вымышленной",
    }  # fmt: skip
    assert given.details == {"to": "Комендатура"}
    assert man.given_to_authority_at == given.happened_at
    assert Entry.objects.filter(action="captive registered", person=man.bureau_number).count() == 1


def test_only_five_facts_are_asked_and_the_rest_is_marked_voluntary():
    page = signed_in().get(NEW).content.decode()

    legends = re.findall(r"<legend[^>]*>([^<]+)</legend>", page)
    asked, *others = re.split(r"<fieldset", page)[1:]
    assert legends[0] == "These five facts are asked of him"
    assert set(re.findall(r'name="(\w+)"', asked)) >= set(ASKED)
    assert not set(re.findall(r'name="(\w+)"', asked)) & set(VOLUNTARY)
    assert [each.endswith("voluntary") for each in legends[1:4]] == [True] * 3
    assert "only the five facts above are asked of him" in others[0]


@pytest.mark.parametrize(
    ("card", "state"),
    [({"surname_said": "declined", "given_said": "declined"}, IdentityState.DECLINED),
     ({"surname_said": "unknown"}, IdentityState.UNKNOWN),
     ({"surname_said": "unable", "given_said": "unable"}, IdentityState.UNABLE)],
)  # fmt: skip
def test_a_man_who_says_nothing_is_registered_too(card, state):
    client = signed_in()

    assert client.post(NEW, {**card, "captured_on": "3.05.2022"}).status_code == 303

    man = Captive.objects.get()
    assert man.identity_state == state
    page = opened(client, man)
    assert ("The physician sees him first" in page) == (state == IdentityState.UNABLE)


@pytest.mark.parametrize(
    ("said", "kept"),
    [("1999", "1999"), ("spring 2001", "2001-21"), ("about 20", "2002~"),
     ("3.05.1999", "1999-05-03"), ("весна 2001", "2001-21"), ("близько 20", "2002~")],
)  # fmt: skip
def test_a_date_may_be_as_vague_as_he_knows_it(said, kept):
    signed_in().post(NEW, {"surname": "Буйничев", "born": said, "captured_on": "3.05.2022"})

    assert Captive.objects.get().born == kept  # an age is his age when he was taken


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"captured_on": ""}, "Write a day, or choose why"), ({"captured_on": "3.05.2999"}, "future"),
     ({"captured_on": "3.05.2011"}, "before the war"), ({"given_on": "2.05.2022"}, "earlier than"),
     ({"given_to": ""}, "Write the authority"), ({"given_on": "", "given_time": ""}, "Write when"),
     ({"born": "99.99.1999"}, "no such day"), ({"born": "1850"}, "age is not possible"),
     ({"rank": "рядовой"}, "Not both"), ({"birthplace": "Я" * 301}, "too long"),
     ({"captured_by": "Я" * 301}, "at most 300"), ({"captor": "x"}, "Select a valid choice"),
     ({"surname": "Буйничeв"}, "two alphabets"), ({"captured_time": "25:70"}, "Write a time"),
     ({"note": "Я" * 4001}, "at most 4000"), ({"rank_said": "x"}, "one of the list")],
)  # fmt: skip
def test_a_refused_card_says_where_keeps_what_was_typed_and_writes_nothing(wrong, says):
    answer = signed_in().post(NEW, {**CARD, **wrong})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'role="alert".*?{re.escape(says)}.*?</ul>', page, re.S)
    assert 'value="Вымышленск, Речная 1"' in page
    for made in (Captive, CaptureCard, CustodyEvent):
        assert not made.objects.exists()
    assert not Entry.objects.filter(action="captive registered").exists()


def test_the_same_card_sent_twice_is_one_man():
    client = signed_in()
    sent = {**CARD, "idempotency_key": "0123456789abcdef0123456789abcdef"}

    places = {client.post(NEW, sent).headers["Location"] for _ in range(2)}

    assert len(places) == Captive.objects.count() == 1


def test_marks_that_turn_the_reading_and_nothings_are_cleaned_away():
    signed_in().post(NEW, {**CARD, "surname": "\u202eБуй\x00ничев\u2066"})

    assert Captive.objects.get().surname == "Буйничев"


@pytest.mark.parametrize("role", sorted(SEE))
def test_where_he_is_and_how_he_was_taken_only_they_read_who_must_know(role):
    man = registered()

    page = opened(signed_in(role), man)

    assert [secret in page for secret in SECRETS] == [role in PLACE] * 4
    assert ("Больное сердце" in page) == (role in {Role.REGISTRAR, Role.PHYSICIAN})
    assert ("Тайная заметка" in page) == (role == Role.REGISTRAR)


def test_why_a_file_is_opened_is_asked_once_and_stands_beside_each_look():
    man, client = CaptiveFactory(), signed_in(Role.WELFARE)
    path = f"/console/captives/{man.bureau_number}/"

    assert "Why do you open this file?" in client.get(path).content.decode()
    refused = client.post(path, {"purpose": "curiosity"})
    assert (refused.status_code, 'role="alert"' in refused.content.decode()) == (422, True)
    assert not Entry.objects.exists()
    client.post(path, {"purpose": "care"})
    client.get(path)
    client.get(path)

    looks = Entry.objects.filter(action="looked at", person=man.bureau_number)
    assert [look.purpose for look in looks] == ["care", "care"]


def test_a_man_not_given_to_an_authority_within_24_hours_is_an_alarm():
    client = signed_in()
    client.post(NEW, {**CARD, "given_to": "", "given_on": "", "given_time": ""})
    man = Captive.objects.get()

    row = re.search(r"He is given to an authority.*?</tr>", opened(client, man), re.S)
    assert row
    assert "wh-tag--late" in row[0]
    assert "overdue" in row[0]
    assert listed(client, "?authority=none") == [man.bureau_number]
    home = client.get("/console/").content.decode()
    assert re.search(r'authority=none">Not given to an authority yet</a>.*?--late">1<', home, re.S)


def test_a_corrected_card_supersedes_the_one_before_with_a_reason():
    man, client = registered(), signed_in()
    path = f"/console/captives/{man.bureau_number}/correction/"
    page = client.get(path).content.decode()
    assert 'value="Буйничев"' in page

    typed = {
        "surname": "Буйничёв",
        "captured_on": "3.05.2022",
        "health": "",
        "reason": "Сам сказал",
    }
    assert client.post(path, typed).status_code == 303

    man.refresh_from_db()
    first, second = man.cards.order_by("version")
    assert (first.as_received["surname"], second.as_received["surname"]) == ("Буйничев", "Буйничёв")
    assert (second.reason, man.surname) == ("Сам сказал", "Буйничёв")
    assert "health" not in second.as_received
    assert second.as_received["captured_where"] == SECRETS[0]  # in no field of this form: carried
    page = opened(client, man)
    assert "Version 1, superseded" in page
    assert "Сам сказал" in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [({"reason": ""}, "Give your reason"), ({"surname": "Буйничев"}, "Nothing was changed"),
     ({"born": "1.13.1999"}, "no such day"), ({"surname": ""}, "Write a name or a number")],
)  # fmt: skip
def test_a_refused_correction_changes_nothing(typed, says):
    man = registered()
    path = f"/console/captives/{man.bureau_number}/correction/"
    same = {"surname": "Буйничев", "health": "Больное сердце", "note": "Тайная заметка"}
    changed = {} if says.startswith("Nothing") else {"given": "Прохор"}
    if says.startswith("Write a name"):
        changed = {"given": ""}

    answer = signed_in().post(path, {**same, **changed, "reason": "Причина", **typed})

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert man.cards.count() == 1
    assert not Entry.objects.filter(action="card corrected").exists()


def test_the_list_is_sorted_by_the_alphabet_of_the_language():
    names = ("Ґанок", "Гай", "Дуб", "Єрмак", "Жук")
    numbers = [CaptiveFactory(surname=name).bureau_number for name in names]
    client = signed_in(language="uk")

    assert listed(client) == [numbers[n] for n in (1, 0, 2, 3, 4)]
    assert listed(client, "?sort=-name") == [numbers[n] for n in (4, 3, 2, 0, 1)]
    assert listed(client, "?sort=registered") == numbers
    assert len(listed(client, "?sort=nonsense")) == 5


def test_the_list_is_searched_and_filtered_by_its_address():
    man = CaptiveFactory(surname="Буйничев", service_no="АБ-17")
    other = CaptiveFactory(
        surname="Другой", given="Пётр", patronymic="", custody_state=CustodyState.RELEASED,
        identity_state=IdentityState.UNABLE,
    )  # fmt: skip
    client = signed_in()
    number = man.bureau_number

    for query in ("?q=буйн", "?q=прохор+БУЙ", "?q=аб-17", f"?q={number.lower()}", "?state=held"):
        assert listed(client, query) == [number]
    for query in ("?state=released", "?identity=unable", "?q=пётр&state=released"):
        assert listed(client, query) == [other.bureau_number]
    assert listed(client, "?q=%00%E2%80%AE&page=99") != []
    assert "Nobody fits this search." in client.get("/console/captives/?q=ъъ").content.decode()


def test_a_long_list_has_pages_and_keeps_its_filters():
    for _ in range(27):
        CaptiveFactory()
    client = signed_in()

    assert len(listed(client)) == 25
    assert len(listed(client, "?page=2&state=held")) == 2
    page = client.get("/console/captives/?page=2&state=held").content.decode()
    assert re.search(r'rel="prev" href="\?[^"]*state=held', page)


def test_capture_fields_are_all_named():
    assert set(CAPTURE) == {"captured_where", "captured_by", "given_to"}
