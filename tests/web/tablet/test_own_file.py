"""His file read to him, what he calls wrong, what he complains of, and who looked."""

import pytest
from django.test import Client

from tests.bureau.concerns.test_actions import CARD
from tests.factories import CaptiveFactory, MatchFactory, StaffFactory
from tests.web.tablet.walking import SECRET, unlocked, walk
from wayhome.bureau.captives.models import CaptureCard
from wayhome.bureau.concerns.actions import answer_complaint
from wayhome.bureau.concerns.models import Complaint, Objection
from wayhome.bureau.consents.models import Consent
from wayhome.bureau.consents.rules import Kind
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def client():
    man = CaptiveFactory(surname="Буйничев")
    CaptureCard.objects.create(captive=man, key=man.key, version=1, as_received=CARD)
    physician = StaffFactory(role=Role.PHYSICIAN)
    journal.looked(subject=man, by=physician, person=man.bureau_number, purpose="health")
    return unlocked(man, StaffFactory(role=Role.NEUTRAL))


def page(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_his_file_is_read_line_by_line_with_who_looked(client):
    text = page(client, "/tablet/file/")

    assert "Буйничев" in text
    assert "You did not want to say it." in text
    assert "Physician, last on" in text
    for hidden in ("Верхнеозёрск", "для служебного пользования"):
        assert hidden not in text
    assert text.count("This is wrong") == 3


def test_this_is_wrong_asks_the_clerk_and_the_line_says_so(client):
    assert client.get("/tablet/file/captured_where/").status_code == 404
    assert client.post("/tablet/file/note/", {"go_on": "1"}).status_code == 404
    assert client.post("/tablet/file/surname/", {}).status_code == 422
    done = client.post("/tablet/file/surname/", {"go_on": "1", "words": "Буйничёв"})

    assert (done.status_code, done["Location"]) == (303, "/tablet/file/")
    text = page(client, "/tablet/file/")
    assert "The clerk has not answered yet" in text
    assert text.count("This is wrong") == 2
    again = client.post("/tablet/file/surname/", {"go_on": "1", "words": "Буйничёв"})
    assert again.status_code == 422
    assert Objection.objects.count() == 1


def test_a_complaint_is_kept_and_its_answer_is_read_here(client):
    assert client.post("/tablet/complaints/", {}).status_code == 422
    assert client.post("/tablet/complaints/", {"text": "Не дают бумаги."}).status_code == 303
    assert "has not been answered yet" in page(client, "/tablet/complaints/")

    auditor = StaffFactory(role=Role.AUDITOR)
    answer_complaint(complaint=Complaint.objects.get(), text="Бумагу выдали.", by=auditor)

    assert "Бумагу выдали." in page(client, "/tablet/complaints/")


def test_where_he_would_go_is_kept_with_his_wish(client):
    given = {"go_on": "1", "answer": "yes", "would": "Вильнюс", "would_not": "домой", "words": ""}
    assert client.post("/tablet/home/", given).status_code == 303
    text = page(client, "/tablet/home/")
    assert "Вильнюс" in text
    assert "домой" in text


def test_every_screen_has_what_reads_it_aloud_and_is_whole_without_it(client):
    for path, text in walk(client, "no"):
        assert "data-read-aloud" in text, path
        assert "read-aloud.js" in text, path
        # Hidden until the tablet is known to speak: without a script nothing stands there.
        assert "data-read-aloud-box hidden" in text, path


def test_without_a_neutral_he_writes_and_takes_back_and_is_asked_nothing():
    """Where no neutral can come a welfare officer gives him the tablet; his secret opens it."""
    match = MatchFactory()
    man = match.captive
    welfare = StaffFactory(role=Role.WELFARE, site=man.site)
    opens = f"/console/captives/{man.bureau_number}/own-page/"
    tablet = Client(headers={"accept-language": "en"})
    tablet.force_login(welfare)
    refused = tablet.post(opens, {"language": "en"})
    assert (refused.status_code, "no secret yet" in refused.content.decode()) == (422, True)

    before = unlocked(man, StaffFactory(role=Role.NEUTRAL))
    before.post(f"/tablet/letters-{match.pk}/", {"go_on": "1", "answer": "yes"})
    before.post("/tablet/end/finish/", {"go_on": "1"})
    assert tablet.post(opens, {})["Content-Type"].startswith("text/html")
    assert tablet.post(opens, {"language": "en"})["Location"] == "/tablet/"
    assert tablet.get(f"/console/captives/{man.bureau_number}/").status_code in (303, 403)
    assert tablet.post("/tablet/", {"secret": SECRET}).status_code == 303

    seen = [path for path, _page in walk(tablet, "yes")]
    assert seen == ["/tablet/rights/", "/tablet/file/", "/tablet/allowed/", "/tablet/end/"]
    rights = page(tablet, "/tablet/rights/")
    assert "So you are asked nothing." in rights
    assert "because a neutral person is with you" not in rights
    for topic in (f"lives-{match.pk}", "fear", "harm", "home", "tell"):
        assert tablet.post(f"/tablet/{topic}/", {"go_on": "1", "answer": "yes"}).status_code == 404
    taken = {"match": match.pk, "kind": Kind.LETTERS}
    assert tablet.post("/tablet/allowed/take-back/", taken).status_code == 303
    assert tablet.post("/tablet/complaints/", {"text": "Холодно."}).status_code == 303
    card = {"name": "Аглая", "address": "Садовая, 3", "text": "Жив."}
    assert tablet.post("/tablet/letters/new/card/", card).status_code == 303
    assert Consent.objects.in_force(match, Kind.LETTERS).answer == "no"
