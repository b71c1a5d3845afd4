"""An opened grave on the pages: opened by one, signed by a second, printed."""

import pytest
from django.test import Client

from tests.bureau.remains.test_opening import buried  # noqa: F401
from tests.bureau.repatriations.homeward import accepted
from wayhome.bureau.remains.models import Opening

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
KEY = {"idempotency_key": "0123456789abcdef"}


def as_(staff) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    return client


def test_a_grave_is_opened_by_one_and_signed_by_a_second(buried):  # noqa: F811
    remains, officer, expert, plot = buried
    page = f"/console/remains/{remains.bureau_number}/"
    one, other = as_(officer), as_(expert)
    assert "Open the grave" in one.get(page).content.decode()
    said = {"ground": "home", "order": "№ 7", "present": "двоє", "seal": "Л 1",
            "condition": "<b>вологий</b>"}  # fmt: skip
    assert one.post(f"{page}opening/", {"ground": "necessity"}).status_code == 422
    refused = one.post(f"{page}opening/", {**KEY, **said})
    assert refused.status_code == 422
    assert "no request for them is granted" in refused.content.decode()
    accepted(remains)
    assert one.post(f"{page}opening/", {**KEY, **said}).status_code == 303
    sign = f"/console/remains/openings/{Opening.objects.get().pk}/"
    assert one.post(sign, KEY).status_code == 422
    assert "&lt;b&gt;" in other.get(sign).content.decode()
    assert other.post(sign, KEY).status_code == 303

    text = other.get(page).content.decode()
    assert "Opened graves" in text
    assert "waits for the second signature" not in text
    assert other.get(f"{sign}paper/")["Content-Type"] == "application/pdf"
    assert "Nobody lies here yet" in one.get(f"/console/remains/plots/{plot.pk}/").content.decode()
