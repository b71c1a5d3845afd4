"""The pages of one man and two enquiries."""

import pytest
from django.urls import reverse

from tests.factories import CandidateFactory, EnquiryFactory, StaffFactory
from wayhome.bureau.captives.rules import ProposalState
from wayhome.bureau.enquiries.models import Enquirer
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.models import SameSought
from wayhome.bureau.staff.permissions import NOT_STAFF, Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EVIDENCE = [
    ["surname", "agrees", "surname.translit", 11.5],
    ["born", "disagrees", "dob.one_digit", -1.5],
    ["unit", "unknown", "unit.unknown", 0.0],
]


@pytest.fixture
def office(client):
    client.force_login(StaffFactory(role=Role.TRACING))
    client.cookies["language"] = "en"
    return client


def pair(probability: float = 0.6, **of_later) -> SameSought:
    earlier = EnquiryFactory(surname="Буйничев", born="1999-05-03")
    later = EnquiryFactory(surname="Buinichev", born="1999-05-08", **of_later)
    return SameSought.objects.create(
        earlier=earlier, later=later, bits=10.0, probability=probability, evidence=EVIDENCE
    )


def page(one: SameSought) -> str:
    return reverse("console:same_sought_pair", args=[one.pk])


def judge(client, one: SameSought, verdict: str, reason: str = "Одна мать"):
    return client.post(page(one), {"verdict": verdict, "reason": reason})


def test_the_likeliest_pair_stands_first_and_is_found_by_name_and_number(office):
    weak, strong = pair(0.4), pair(0.95)
    asked = reverse("console:same_sought")

    listed = office.get(asked).content.decode()

    assert listed.index(page(strong)) < listed.index(page(weak))
    upside_down = office.get(asked, {"sort": "probability"}).content.decode()
    assert upside_down.index(page(weak)) < upside_down.index(page(strong))
    assert page(weak) in office.get(asked, {"q": "buinich"}).content.decode()
    found = office.get(asked, {"q": weak.earlier.bureau_number}).content.decode()
    assert page(weak) in found
    assert page(strong) not in found


def test_both_enquiries_stand_side_by_side_with_bars_and_the_look_is_kept(office):
    one = pair()

    seen = office.get(page(one)).content.decode()

    for text in ("Буйничев", "Buinichev", "the same in another script", "11.5", "-1.5", "60.0 %"):
        assert text in seen
    assert seen.count("wh-bar__against") == 1
    looks = Entry.objects.filter(action="looked at", purpose="same sought")
    assert {entry.person for entry in looks} == {
        one.earlier.bureau_number, one.later.bureau_number
    }  # fmt: skip
    assert one.later.enquirer.name not in seen


def test_a_verdict_links_for_officers_alone_and_the_next_unlinks(office, client):
    one = pair()
    candidate = CandidateFactory(enquiry=one.later)
    of_the_other = CandidateFactory(enquiry=one.earlier, captive=candidate.captive)
    here = reverse("console:candidate", args=[candidate.pk])

    assert judge(office, one, "same").status_code == 303

    seen = office.get(here).content.decode()
    assert "Others who ask for the same man" in seen
    assert one.earlier.bureau_number in seen
    assert reverse("console:candidate", args=[of_the_other.pk]) in seen
    assert judge(office, one, "different", "Братья").status_code == 303
    assert one.earlier.bureau_number not in office.get(here).content.decode()


def test_the_enquiry_names_the_linked_one_to_officers_and_not_to_the_family_contact(office):
    one = pair()
    judge(office, one, "same")
    enquiry = reverse("console:enquiry", args=[one.later.bureau_number])
    office.post(enquiry, {"purpose": "compare"})
    seen = office.get(enquiry).content.decode()
    assert one.later.bureau_number in seen

    office.force_login(StaffFactory(role=Role.CONTACT))
    office.post(enquiry, {"purpose": "talk"})
    theirs = office.get(enquiry).content.decode()

    assert one.earlier.bureau_number not in theirs


@pytest.mark.parametrize(
    "sent", [{}, {"verdict": "same"}, {"reason": "Причина"}, {"verdict": "open", "reason": "x"}]
)
def test_half_a_verdict_is_refused_and_writes_nothing(office, sent):
    one = pair()

    answer = office.post(page(one), sent)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert SameSought.objects.get().state == ProposalState.OPEN
    assert not Entry.objects.exists()


def test_nobody_else_is_served(client):
    one = pair()
    for role in sorted(set(Role) - NOT_STAFF - {Role.TRACING}):
        client.force_login(StaffFactory(role=role))
        assert client.get(page(one)).status_code == 403, role
        assert client.get(reverse("console:same_sought")).status_code == 403, role
        assert judge(client, one, "same").status_code == 403, role
    client.logout()
    assert client.get(page(one)).status_code == 303
    session = client.session
    session["enquirer_id"] = str(Enquirer.objects.earliest("made_at").pk)
    session.save()
    assert client.get(page(one)).status_code in (303, 403)
