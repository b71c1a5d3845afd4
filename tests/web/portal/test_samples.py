"""A sample for a comparison, as a family offers it and takes it back."""

import re

import pytest
from django.core.cache import cache

from tests.web.portal.walking import PIN, SECOND_PIN, asked, come_in, family, text_of, visitor
from wayhome.bureau.comparisons.models import ReferenceSample
from wayhome.bureau.comparisons.rules.samples import State

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OFFER = {
    "kin": "mother", "name": "Фёкла Вигадана", "way": "post", "to": "Кут, Вигадана 3",
    "scope": "this bureau", "adult": "on", "allowed": "on",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    cache.clear()


def offered(client, key="a" * 32, **said):
    return client.post("/sample/", {"idempotency_key": key, **OFFER, **said})


def test_she_offers_a_sample_once_and_takes_it_back_by_her_pin():
    client = family()
    page = text_of(client.get("/sample/"))
    assert "It is not compared with captives" in page
    assert 'href="/sample/"' in text_of(client.get("/waiting/"))
    refused = offered(client, allowed="", to=" ")
    assert refused.status_code == 422
    assert "Without this box no sample is taken." in text_of(refused)
    assert "Write where the kit should go." in text_of(refused)
    for _ in range(2):
        assert offered(client)["Location"] == "/sample/"
    sample = ReferenceSample.objects.get()
    assert sample.giver == {"name": "Фёкла Вигадана", "to": "Кут, Вигадана 3"}
    back = {"sample": str(sample.pk), "pin": PIN}
    assert str(sample.pk) in text_of(client.get("/sample/back/"))

    assert client.post("/sample/back/", {**back, "pin": "000000"}).status_code == 422
    assert family().post("/sample/back/", back).status_code == 422  # another family's
    assert client.post("/sample/back/", back)["Location"] == "/sample/"

    sample = ReferenceSample.objects.get()
    assert (sample.state, sample.giver) == (State.WITHDRAWN, None)
    assert "You took it back on" in text_of(client.get("/sample/"))
    assert client.post("/sample/back/", back).status_code == 422


def test_behind_the_second_pin_a_sample_looks_offered_and_taken_back_and_is_neither():
    client = visitor()
    words = asked(client, SECOND_PIN)
    come_in(client, words)
    offered(client, kin="father")
    decoy = visitor()
    come_in(decoy, words, pin=SECOND_PIN)

    assert offered(decoy, key="d" * 32, allowed="").status_code == 422
    assert offered(decoy, key="b" * 32)["Location"] == "/sample/"
    assert offered(decoy, key="c" * 32).status_code == 422  # one mother
    given = re.findall(r'value="([0-9a-f-]{36})"', text_of(decoy.get("/sample/back/")))
    assert len(given) == 2
    for one in given:
        back = {"sample": one, "pin": PIN}
        assert decoy.post("/sample/back/", back).status_code == 422
        assert decoy.post("/sample/back/", {**back, "pin": SECOND_PIN})["Location"] == "/sample/"
    page = text_of(decoy.get("/sample/"))

    assert page.count("You took it back on") == 2
    sample = ReferenceSample.objects.get()
    assert (sample.kin, sample.state) == ("father", State.ASKED)
