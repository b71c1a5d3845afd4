"""The pages of one man and two cards."""

import pytest
from django.urls import reverse

from tests.factories import CaptiveFactory, SiteFactory, StaffFactory
from wayhome.bureau.captives.models import Captive, SameManProposal
from wayhome.bureau.captives.rules import ProposalState
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EVIDENCE = [
    ["surname", "agrees", "surname.translit", 11.5],
    ["born", "disagrees", "dob.one_digit", -1.5],
    ["mother_given", "unknown", "mother_given.unknown", 0.0],
    ["others", "disagrees", "others.like_him", -2.0],
]


@pytest.fixture
def clerk():
    return StaffFactory(role=Role.REGISTRAR)


@pytest.fixture
def office(clerk, client):
    client.force_login(clerk)
    client.cookies["language"] = "en"
    return client


def pair(bits: float = 30.0, **sites) -> SameManProposal:
    earlier = CaptiveFactory(surname="Буйничев", born="1999-05-03", **sites)
    later = CaptiveFactory(surname="Buinichev", born="1999-05-08")
    return SameManProposal.objects.create(
        earlier=earlier, later=later, bits=bits, probability=bits / 100, evidence=EVIDENCE
    )


def page(one: SameManProposal) -> str:
    return reverse("console:same_man_pair", args=[one.pk])


def judge(client, one: SameManProposal, verdict: str, reason: str = "Та же мать"):
    return client.post(page(one), {"verdict": verdict, "reason": reason})


def test_the_likeliest_pair_stands_first(office):
    weak, strong = pair(20.0), pair(90.0)

    listed = office.get(reverse("console:same_man")).content.decode()

    assert listed.index(page(strong)) < listed.index(page(weak))
    upside_down = office.get(reverse("console:same_man"), {"sort": "bits"}).content.decode()
    assert upside_down.index(page(weak)) < upside_down.index(page(strong))


def test_pairs_are_found_by_name_and_by_list(office, clerk):
    one = pair()
    asked = reverse("console:same_man")

    assert page(one) in office.get(asked, {"q": "buinich"}).content.decode()
    assert page(one) in office.get(asked, {"q": one.earlier.bureau_number}).content.decode()
    assert page(one) not in office.get(asked, {"q": "Жерех"}).content.decode()
    judge(office, one, "undecided")
    assert page(one) not in office.get(asked).content.decode()
    assert page(one) in office.get(asked, {"list": "undecided"}).content.decode()


def test_both_cards_stand_side_by_side_with_their_evidence(office):
    one = pair()

    seen = office.get(page(one)).content.decode()

    for text in ("Буйничев", "Buinichev", "the same in another script", "11.5", "-1.5"):
        assert text in seen
    looks = Entry.objects.filter(action="looked at", purpose="same man")
    assert {entry.person for entry in looks} == {
        one.earlier.bureau_number, one.later.bureau_number
    }  # fmt: skip


def test_a_verdict_links_and_the_next_unlinks(office):
    one = pair()

    assert judge(office, one, "same").status_code == 303
    assert Captive.objects.get(pk=one.later_id).same_as == one.earlier
    assert "Та же мать" in office.get(page(one)).content.decode()

    assert judge(office, one, "different", "Другая мать").status_code == 303
    assert Captive.objects.get(pk=one.later_id).same_as is None


@pytest.mark.parametrize(
    "sent", [{}, {"verdict": "same"}, {"reason": "Причина"}, {"verdict": "open", "reason": "x"}]
)
def test_half_a_verdict_is_refused_and_writes_nothing(office, sent):
    one = pair()

    answer = office.post(page(one), sent)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert SameManProposal.objects.get().state == ProposalState.OPEN
    assert not Entry.objects.exists()


def test_the_same_verdict_again_is_refused(office):
    one = pair()
    judge(office, one, "same")

    answer = judge(office, one, "same")

    assert answer.status_code == 422
    assert "stands already" in answer.content.decode()


def test_of_a_man_at_another_site_only_the_evidence_is_shown(office):
    one = pair(site=SiteFactory(code="B"))

    seen = office.get(page(one)).content.decode()

    assert one.later.bureau_number in seen
    assert one.earlier.bureau_number not in seen
    assert "at another site" in seen


def test_pairs_of_another_site_are_not_there(office, client):
    one = pair()
    client.force_login(StaffFactory(role=Role.REGISTRAR, site=SiteFactory(code="B")))

    assert client.get(page(one)).status_code == 404
    assert judge(client, one, "same").status_code == 404
    client.force_login(StaffFactory(role=Role.CUSTODY))
    assert client.get(reverse("console:same_man")).status_code == 403
