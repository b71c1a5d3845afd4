"""Under the second PIN everything looks accepted, and nothing takes effect."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.cases import PIN, SECOND_PIN, Case
from tests.traces import digests
from tests.web.portal.test_own_page import OTHER_PIN, picture
from tests.web.portal.walking import Seen, change, come_in, seen, text_of, visitor
from wayhome.bureau.enquiries.actions import drop_old_drafts
from wayhome.bureau.enquiries.models import Draft, Enquiry
from wayhome.bureau.journal.models import Entry
from wayhome.lib.codes import encode
from wayhome.web.portal.questions import CHANGEABLE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TYPED = {
    "who": {"relation": "wife"},
    "name": {"surname": "Скоробогатько", "given": "Лукьян"},
    "born": {"born": "весна 2001"},
    "birthplace": {"birthplace": "Губаха"},
    "mother": {"mother_name": "Скоробогатько Агафья"},
    "your-name": {"your_name": "Агафья"},
    "three-things": {"question_1": "Что у калитки?", "answer_1": "Рябина"},
    "may-tell": {"may_tell": "no"},
    "contact": {"channel": "telephone", "number": "+7 111", "hours": "утром"},
    "unit": {"rank": "сержант"},
}
PATHS = (
    "/waiting/",
    "/waiting/answers/",
    *(f"/waiting/answers/{question.slug}/" for question in CHANGEABLE),
    "/papers/",
    "/papers/journey/",
    "/bring-home/",
    "/letters/",
    "/calls/",
    "/calls/before/",
    "/calls/other-times/",
    "/calls/how/",
    "/calls/thanks/",
    "/waiting/pin/",
    "/waiting/pin/changed/",
    "/waiting/forget/",
)
# What may be written under the second PIN: her visit, the memory of the page, the form's key.
OF_A_VISIT = {
    "cache_entry",
    "django_session",
    "enquiries_draft",
    "persons_personkey",
    "journal_once",
    "journal_entry",
    "enquiries_enquirer",
}


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    cache.clear()


def came_in(case: Case, pin: str) -> Client:
    client = visitor()
    words = " ".join(encode(case.made.code, "ru"))
    assert come_in(client, words, pin)["Location"] == "/waiting/"
    return client


def everything_done(client: Client) -> list[Seen]:
    """What a family may do, each answer and each page after it."""
    answers = [seen(change(client, step, answer)) for step, answer in TYPED.items()]
    answers.append(seen(change(client, "born", {"born": "никогда"})))
    paper = {"paper": picture(), "note": "метрика", "idempotency_key": "a" * 32}
    answers.append(seen(client.post("/papers/", paper)))
    passport = {"paper": picture(), "note": "паспорт", "idempotency_key": "e" * 32}
    answers.append(seen(client.post("/papers/journey/", passport)))
    for key in ("b" * 32, "c" * 32):
        wish = {"travel": "yes", "words": "", "idempotency_key": key}
        answers.append(seen(client.post("/bring-home/", wish)))
    answers.append(seen(client.post("/bring-home/", {"idempotency_key": "d" * 32})))
    for number, text in enumerate(("Мы тебя ждём.", "  ")):
        letter = {"text": text, "idempotency_key": f"{number}" * 32}
        answers.append(seen(client.post("/letters/", letter)))
    for number in ("1", "1", "7"):
        back = {"number": number, "idempotency_key": f"{number}f" * 16}
        answers.append(seen(client.post("/letters/take-back/", back)))
    times = {"zone": "Asia/Omsk", "language": "tt", "days": ["1"], "parts": ["evening"]}
    for number, path in enumerate(("", "other-times/", "choose/", "enter/")):
        for form in ({}, times):
            form = form | {"idempotency_key": f"{number}a" * 16}
            answers += [seen(client.post(f"/calls/{path}", form)), seen(client.get("/calls/"))]
    answers.append(seen(client.get("/calls/other-times/")))
    for key in ("3e" * 16, "4e" * 16):
        back = {"idempotency_key": key}
        answers += [seen(client.post("/calls/take-back/", back)), seen(client.get("/calls/"))]
    return answers + [seen(client.get(path)) for path in PATHS]


def new_pins(client: Client, now: str) -> list[Seen]:
    form = {"answered": "yes", "now": now, "pin": OTHER_PIN, "again": OTHER_PIN}
    return [
        seen(client.post("/waiting/pin/", form | {"now": "555444"})),
        seen(client.post("/waiting/pin/", form | {"again": ""})),
        seen(client.post("/waiting/pin/", form)),
        seen(client.get("/waiting/")),
    ]


def test_the_two_pages_are_equal_byte_for_byte():
    case, other = Case(), Case()
    other.surname = case.surname
    real, decoy = came_in(case, PIN), came_in(other, SECOND_PIN)

    for path in PATHS:
        assert seen(real.get(path)) == seen(decoy.get(path)), path
    assert everything_done(real) == everything_done(decoy)
    assert new_pins(real, PIN) == new_pins(decoy, SECOND_PIN)
    assert seen(real.post("/waiting/forget/")) == seen(decoy.post("/waiting/forget/"))
    forgotten = [seen(client.post("/waiting/forget/", {"sure": "on"})) for client in (real, decoy)]
    assert forgotten[0] == forgotten[1]
    assert [client.get("/waiting/").status_code for client in (real, decoy)] == [303, 303]


def test_nothing_takes_effect():
    case = Case()
    _ = case.made
    before = digests()
    client = came_in(case, SECOND_PIN)

    everything_done(client)
    new_pins(client, SECOND_PIN)
    client.post("/waiting/forget/", {"sure": "on"})

    after = digests()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= OF_A_VISIT
    enquiry = Enquiry.objects.get()
    assert (enquiry.surname, enquiry.relation) == (case.surname, "mother")
    assert "Лукьян" not in text_of(came_in(case, PIN).get("/waiting/answers/"))
    assert came_in(case, SECOND_PIN)


def test_the_journal_says_only_that_she_came():
    case = Case()
    _ = case.made
    before = list(Entry.objects.values_list("pk", flat=True))

    everything_done(came_in(case, SECOND_PIN))

    written = Entry.objects.exclude(pk__in=before)
    assert list(written.values_list("action", flat=True)) == ["came back"]


def test_it_always_opens_the_waiting_page_whatever_was_told():
    case = Case()
    before = seen(came_in(case, SECOND_PIN).get("/waiting/"))
    _ = case.invitation
    invited = seen(came_in(case, SECOND_PIN).get("/waiting/"))
    _ = case.told

    assert seen(came_in(case, SECOND_PIN).get("/waiting/")) == invited == before
    assert seen(came_in(case, PIN).get("/waiting/")) != before


def test_the_memory_of_the_visit_is_deleted_after_a_day():
    case = Case()
    everything_done(came_in(case, SECOND_PIN))
    assert Draft.objects.exists()

    Draft.objects.update(changed_at=timezone.now() - timedelta(days=2))

    assert drop_old_drafts() == 1
