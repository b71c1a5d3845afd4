"""What captives call wrong, on the staff's pages: clerks, auditor and neutral, physicians."""

import pytest
from django.test import Client

from tests.bureau.concerns.test_actions import CARD
from tests.bureau.consents.test_actions import sitting_of
from tests.factories import CaptiveFactory, MatchFactory, StaffFactory
from wayhome.bureau.captives.actions import note_health
from wayhome.bureau.captives.models import CaptureCard
from wayhome.bureau.concerns import actions
from wayhome.bureau.concerns.models import Complaint, Objection
from wayhome.bureau.consents.models import DecisionForHim
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
KEY = "0123456789abcdef"


def signed_in(role: Role, **more) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=role, **more))
    return client


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def captive():
    man = CaptiveFactory(surname="Буйничев")
    CaptureCard.objects.create(captive=man, key=man.key, version=1, as_received=CARD)
    return man


def test_a_clerk_settles_a_line_and_he_reads_what_came_of_it(captive):
    sitting = sitting_of(captive)
    one = actions.object_to_line(line="surname", words="Буйничёв", by=sitting)
    clerk = signed_in(Role.REGISTRAR, site=captive.site)
    assert captive.bureau_number in text_of(clerk.get("/console/objections/"))
    page = f"/console/objections/{one.pk}/"
    assert "Буйничёв" in text_of(clerk.get(page))
    assert Entry.objects.filter(action="looked at", person=captive.bureau_number).exists()

    wrong = clerk.post(page, {"outcome": "corrected", "reason": "Исправили."})
    kept = clerk.post(page, {"outcome": "kept", "reason": "Так в паспорте."})

    assert (wrong.status_code, kept.status_code) == (422, 303)
    assert 'role="alert"' in text_of(wrong)
    assert Objection.objects.get().reason == "Так в паспорте."
    assert "Nobody has called a line wrong" in text_of(clerk.get("/console/objections/"))
    assert captive.bureau_number in text_of(clerk.get("/console/objections/?all=1"))


def test_a_complaint_reaches_auditor_and_neutral_and_no_other_page_tells_of_it(captive):
    one = actions.complain(text="Не дают бумаги для писем.", by=sitting_of(captive))
    auditor = signed_in(Role.AUDITOR)
    page = f"/console/complaints/{one.pk}/"
    assert captive.bureau_number in text_of(auditor.get("/console/complaints/"))
    assert "Не дают бумаги" in text_of(auditor.get(page))

    assert auditor.post(page, {"idempotency_key": KEY}).status_code == 422
    assert auditor.post(page, {"text": "Бумагу выдали."}).status_code == 303

    assert Complaint.objects.get().answer == "Бумагу выдали."
    for role in (Role.LEGAL, Role.DECISION, Role.REGISTRAR, Role.WELFARE, Role.PHYSICIAN):
        client = signed_in(role, site=captive.site)
        assert client.get(page).status_code == 403, role
        home = text_of(client.get("/console/"))
        assert "omplaint" not in home, role


def test_neutral_and_physician_decide_in_his_place(captive):
    match = MatchFactory(captive=captive)
    doctor = StaffFactory(role=Role.PHYSICIAN, site=captive.site)
    note_health(captive=captive, note="Без сознания", cannot_decide=True, by=doctor)
    neutral = signed_in(Role.NEUTRAL)
    page = f"/console/sittings/{captive.bureau_number}/in-his-place/"
    given = {"kind": "that I live", "why": "ill", "grounds": "Мать ищет его"}

    assert neutral.get(page).status_code == 200
    assert neutral.post(page, {}).status_code == 422
    assert neutral.post(page, {**given, "why": "child"}).status_code == 422
    assert neutral.post(page, given).status_code == 303

    decision = DecisionForHim.objects.get(match=match)
    client = Client(headers={"accept-language": "en"})
    client.force_login(doctor)
    shown = text_of(client.get(f"/console/in-his-place/{decision.pk}/"))
    assert match.enquiry.bureau_number not in shown  # not for whom: whether it is good for him
    assert client.post(f"/console/in-his-place/{decision.pk}/", {}).status_code == 422
    done = client.post(f"/console/in-his-place/{decision.pk}/", {"sure": "on"})
    assert done.status_code == 303
    decision.refresh_from_db()
    assert (decision.physician, bool(decision.until)) == (doctor, True)
