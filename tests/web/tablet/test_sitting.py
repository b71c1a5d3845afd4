"""One captive at the tablet, from the neutral's screen to the closed page."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import CaptiveFactory, EnquiryFactory, MatchFactory, StaffFactory
from tests.web.tablet.walking import (
    SECRET,
    THINGS,
    masked,
    opened,
    sent_from,
    topic_of,
    unlocked,
    walk,
)
from wayhome.bureau.captives.models import HarmFlag
from wayhome.bureau.consents.models import (
    Consent,
    FearAnswer,
    PersonToTell,
    Sitting,
    ThingsAnswer,
)
from wayhome.bureau.consents.rules import IDLE_FOR, SECRET_TRIES, Answer, Kind
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.returns.models import Application
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CONSOLE = ("/console/sittings/", "/console/danger/", "/console/captives/", "/console/clocks/")


@pytest.fixture
def match():
    return MatchFactory(enquiry=EnquiryFactory(three_things=THINGS))


@pytest.fixture
def neutral():
    return StaffFactory(role=Role.NEUTRAL)


def step(topic: str, match) -> str:
    return f"/tablet/{topic}-{match.pk}/"


def test_from_the_first_screen_to_the_closed_page(match, neutral):
    client = unlocked(match.captive, neutral)

    seen = walk(client, "yes")
    closed = client.post("/tablet/end/finish/", {"go_on": "1"})

    topics = [topic_of(path) for path, _ in seen]
    assert topics[:6] == ["rights", "file", "things", "who", "lives", "how"]
    assert {row.kind for row in Consent.objects.filter(match=match)} == set(Kind)
    assert all(row.before == neutral for row in Consent.objects.all())
    assert ThingsAnswer.objects.get().answers == ["Жучка", "Не помню"]
    assert FearAnswer.objects.get().answer["fear"] == "yes"
    assert Application.objects.get().by_captive
    assert (closed.status_code, closed["Location"]) == (303, "/tablet/")
    assert Sitting.objects.get().closed_at
    for path, _page in seen:
        assert client.get(path)["Location"] == "/tablet/"


def test_screens_are_the_same_whatever_he_answers(neutral):
    """As many, in the same order, and byte for byte alike but for the overview."""
    walks = {}
    for answer in ("yes", "no", "not now"):
        enquiry = EnquiryFactory(three_things=THINGS, enquirer__name="Агафья")
        match = MatchFactory(enquiry=enquiry)
        walks[answer] = walk(unlocked(match.captive, neutral), answer)

    yes, no, later = walks.values()
    assert [topic_of(path) for path, _ in yes] == [topic_of(path) for path, _ in no]
    for (path, one), (_, two), (_, three) in zip(yes, no, later, strict=True):
        if path != "/tablet/allowed/":
            assert masked(one) == masked(two) == masked(three), path


def test_her_questions_come_first_and_neither_her_name_nor_her_answers(match, neutral):
    client = unlocked(match.captive, neutral)

    page = client.get(step("things", match)).content.decode()

    assert THINGS[0]["question"] in page
    for hidden in (THINGS[0]["answer"], THINGS[1]["answer"], match.enquiry.enquirer.name, "mother"):
        assert hidden not in page
    assert match.enquiry.enquirer.name in client.get(step("who", match)).content.decode()


def test_without_three_things_he_is_asked_none(neutral):
    plain = MatchFactory()
    client = unlocked(plain.captive, neutral)

    assert [topic_of(path) for path, _ in walk(client, "no")][:4] == [
        "rights",
        "file",
        "who",
        "lives",
    ]
    assert client.get(step("things", plain)).status_code == 404


def test_of_an_asker_who_does_not_want_it_he_hears_nothing(neutral):
    silent = MatchFactory(enquiry=EnquiryFactory(may_tell_him=False, three_things=THINGS))
    client = unlocked(silent.captive, neutral)

    topics = [topic_of(path) for path, _ in walk(client, "yes")]

    assert "who" not in topics
    assert client.get(step("who", silent)).status_code == 404
    assert client.post(step("lives", silent), {"go_on": "1", "answer": "yes"}).status_code == 404


def test_another_mans_questions_are_not_his(match, neutral):
    client = unlocked(CaptiveFactory(), neutral)

    sent = {"go_on": "1", "answer": "yes"}
    assert client.get(step("lives", match)).status_code == 404
    assert client.post(step("lives", match), sent).status_code == 404
    taken = client.post("/tablet/allowed/take-back/", {"match": match.pk, "kind": Kind.LIVES})
    assert taken.status_code == 404
    assert not Consent.objects.exists()


def test_he_goes_back_and_changes_an_answer_which_adds_a_newer_one(match, neutral):
    client = unlocked(match.captive, neutral)
    walk(client, "yes")

    page = client.get(step("lives", match)).content.decode()
    assert (
        'value="yes" id="id_answer_0" checked'
        in page.replace('checked id="id_answer_0"', 'id="id_answer_0" checked')
        or "checked" in page
    )
    client.post(step("lives", match), {"go_on": "1", "answer": "no", "words": "Позже"})

    rows = Consent.objects.filter(match=match, kind=Kind.LIVES).order_by("at")
    assert [(row.answer, row.words) for row in rows] == [("yes", None), ("no", "Позже")]


def test_the_same_page_sent_twice_has_one_effect(match, neutral):
    client = unlocked(match.captive, neutral)
    paths = [(path, sent_from(path, page, "yes")) for path, page in walk(client, "yes")[:-2]]
    counts = [model.objects.count() for model in (Consent, FearAnswer, ThingsAnswer, Application)]

    again = [client.post(path, sent) for path, sent in paths]

    assert {answer.status_code for answer in again} == {303}
    assert counts == [
        model.objects.count() for model in (Consent, FearAnswer, ThingsAnswer, Application)
    ]


def test_one_press_takes_it_back_at_once(match, neutral):
    client = unlocked(match.captive, neutral)
    walk(client, "yes")

    done = client.post("/tablet/allowed/take-back/", {"match": match.pk, "kind": Kind.LETTERS})

    assert (done.status_code, done["Location"]) == (303, "/tablet/allowed/")
    assert Consent.objects.in_force(match, Kind.LETTERS).answer == Answer.NO
    assert Consent.objects.in_force(match, Kind.LIVES).answer == Answer.YES
    home = client.post("/tablet/allowed/take-back/", {"match": "", "kind": Kind.GO_HOME})
    assert home.status_code == 303
    assert Consent.objects.of_his_own(match.captive).answer == Answer.NO


def test_somebody_named_needs_a_way_and_a_question_and_no_enquiry(neutral):
    captive = CaptiveFactory()
    client = unlocked(captive, neutral)
    named = {
        "name": "Аглая",
        "reach": "Садовая, 3",
        "question": "Кличка кота?",
        "right_answer": "Дым",
    }
    for left_out in named:
        half = {field: text for field, text in named.items() if field != left_out}
        answer = client.post("/tablet/tell/", {"go_on": "1", **half})
        assert answer.status_code == 422, left_out
        assert 'role="alert"' in answer.content.decode()
    assert not PersonToTell.objects.exists()

    sent = {"go_on": "1", **named, "name": "Аглая\u202e"}
    assert client.post("/tablet/tell/", sent).status_code == 303

    assert PersonToTell.objects.get().who == {**named, "words": ""}
    assert "Аглая" in client.get("/tablet/tell/").content.decode()


def test_an_empty_form_is_refused_on_every_screen_and_writes_nothing(match, neutral):
    client = unlocked(match.captive, neutral)
    paths = [path for path, _ in walk(client, "no")][:-2]
    before = (Consent.objects.count(), Entry.objects.count())

    for path in (*paths, "/tablet/allowed/take-back/", "/tablet/end/finish/"):
        answer = client.post(path, {})
        assert answer.status_code == 422, path
        assert 'role="alert"' in answer.content.decode(), path

    assert (Consent.objects.count(), Entry.objects.count()) == before


@pytest.mark.parametrize("text", ["\x00", "x" * 5000])
def test_what_cannot_be_kept_is_said_at_the_field(match, neutral, text):
    client = unlocked(match.captive, neutral)

    sent = {"go_on": "1", "answer": "no", "words": text}
    assert client.post(step("lives", match), sent).status_code == 422
    assert not Consent.objects.exists()


def test_the_console_is_gone_from_that_browser_until_staff_signs_in(match, neutral):
    client = opened(match.captive, neutral)
    old = Client()
    old.force_login(neutral)
    old_cookie = old.cookies["sessionid"].value

    for locked in (True, False):
        for path in CONSOLE:
            answer = client.get(path)
            assert answer.status_code in {303, 403, 404}, path
            assert match.captive.surname not in answer.content.decode()
        if locked:
            assert client.get("/console/sittings/").status_code == 303
            client.post("/tablet/", {"secret": SECRET, "again": SECRET})
    assert client.get("/console/sittings/").status_code == 403
    assert client.cookies["sessionid"].value != old_cookie

    client.force_login(neutral)
    assert client.get("/console/sittings/").status_code == 200
    assert client.get("/tablet/rights/").status_code == 403
    assert Sitting.objects.get().closed_at


def test_the_neutrals_own_session_is_dead_once_the_tablet_is_his(match, neutral):
    """Going back, reloading, or keeping the old cookie opens nothing."""
    client = Client()
    client.force_login(neutral)
    url = f"/console/sittings/{match.captive.bureau_number}/"
    old = client.cookies["sessionid"].value
    assert client.get(url)["Cache-Control"] == "no-store"
    client.post(url, {"language": "en"})

    thief = Client()
    thief.cookies["sessionid"] = old
    assert thief.get(url).status_code == 303
    assert thief.get(url)["Location"].startswith("/console/account/login/")
    assert client.get(url).status_code == 303
    assert client.post(url, {"language": "en"}).status_code == 303
    assert Sitting.objects.count() == 1


def test_before_his_secret_nothing_of_his_is_open(match, neutral):
    client = opened(match.captive, neutral)

    page = client.get("/tablet/").content.decode()
    assert match.captive.surname not in page
    assert match.captive.bureau_number not in page
    for path in ("/tablet/start/", "/tablet/rights/", "/tablet/allowed/", "/tablet/end/"):
        assert client.get(path)["Location"] == "/tablet/"


def test_later_he_gives_his_secret_and_a_wrong_one_opens_nothing(match, neutral):
    first = unlocked(match.captive, neutral)
    first.post("/tablet/end/finish/", {"go_on": "1"})
    client = opened(match.captive, neutral)
    assert 'name="again"' not in client.get("/tablet/").content.decode()

    for _ in range(SECRET_TRIES):
        wrong = client.post("/tablet/", {"secret": "рябина"})
        assert wrong.status_code == 422
        assert 'role="alert"' in wrong.content.decode()
    assert client.post("/tablet/", {"secret": SECRET}).status_code == 422
    assert client.get("/tablet/rights/").status_code == 303

    client.force_login(neutral)
    number = match.captive.bureau_number
    assert client.post(f"/console/sittings/{number}/secret/", {}).status_code == 422
    client.post(f"/console/sittings/{number}/secret/", {"sure": "on"})
    again = unlocked(match.captive, neutral)
    assert again.get("/tablet/rights/").status_code == 200


@pytest.mark.parametrize("given", [{}, {"secret": "1"}, {"secret": SECRET, "again": "рябина9"}])
def test_a_secret_that_will_not_do_is_said_at_the_field(match, neutral, given):
    client = opened(match.captive, neutral)

    answer = client.post("/tablet/", given)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert SECRET not in answer.content.decode()


def test_a_tablet_left_alone_closes_by_itself(match, neutral):
    client = unlocked(match.captive, neutral)
    assert client.get("/tablet/rights/").status_code == 200
    Sitting.objects.update(last_seen_at=timezone.now() - IDLE_FOR - timedelta(seconds=1))

    assert client.get("/tablet/rights/")["Location"] == "/tablet/"
    page = client.get("/tablet/")

    assert page.status_code == 200
    assert "sitting_id" not in client.session
    assert Sitting.objects.get().closed_at


def test_a_page_sent_after_the_match_was_withdrawn_is_refused(match, neutral):
    client = unlocked(match.captive, neutral)
    one, two = StaffFactory(role=Role.TRACING), StaffFactory(role=Role.TRACING)
    match.withdrawal_asked_by, match.withdrawn_by = one, two
    match.withdrawn_at = timezone.now()
    match.save()

    assert client.post(step("lives", match), {"go_on": "1", "answer": "yes"}).status_code == 404
    assert not Consent.objects.exists()


def test_a_browser_without_a_sitting_reads_only_that_it_is_closed():
    client = Client(headers={"accept-language": "en"})

    assert client.get("/tablet/").status_code == 200
    refused = client.post("/tablet/", {"secret": SECRET})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()


@pytest.mark.parametrize(("language", "word"), [("uk", "Ваші права"), ("ru", "Ваши права")])
def test_he_reads_his_own_language_on_every_page(match, neutral, language, word):
    client = unlocked(match.captive, neutral, language)

    page = client.get("/tablet/rights/", headers={"accept-language": "en"}).content.decode()

    assert f'lang="{language}"' in page
    refused = client.get("/console/sittings/", headers={"accept-language": "en"})
    assert f'lang="{language}"' in refused.content.decode()


def test_his_own_word_closes_the_family_route_until_he_takes_it_back(match, neutral):
    client = unlocked(match.captive, neutral)
    said = {"go_on": "1", "words": "Братьев уже спрашивали."}

    client.post("/tablet/harm/", {**said, "answer": "unsure"})
    client.post("/tablet/harm/", {**said, "answer": "yes"})
    flag = HarmFlag.objects.get()
    assert (flag.set_by_role, flag.reason) == ("captive", said["words"])
    page = client.get("/tablet/harm/").content.decode()
    assert re.search(r'<input[^>]*value="yes"[^>]*checked', page)

    client.post("/tablet/harm/", {"go_on": "1", "answer": "no"})
    flag.refresh_from_db()
    assert flag.taken_back_at is not None
    assert match.captive.under_harm_flag()  # until two people have looked at it
