"""Other bureaus on the pages: an agreement of two lawyers, a file out, a file in."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.bureau.bureaus.test_bureaus import THEIRS
from tests.bureau.comparisons.test_searching import Bench
from tests.factories import StaffFactory
from wayhome.bureau.bureaus import actions
from wayhome.bureau.bureaus.models import Agreement, Asked
from wayhome.bureau.bureaus.rules import Answer
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.sealed import seal, unseal

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
KEY = {"idempotency_key": "0123456789abcdef"}


def signed_in(role: Role) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=role))
    return client


def test_from_an_agreement_to_an_answer():
    lawyer, second, auditor = (signed_in(one) for one in (Role.LEGAL, Role.LEGAL, Role.AUDITOR))
    until = timezone.localdate() + timedelta(days=90)
    said = {
        "name": "Бюро <b>сусідів</b>", "purpose": "тіла з поля", "act": "Протокол № 4",
        "until_0": until.day, "until_1": until.month, "until_2": until.year,
        "until": until.isoformat(), "most_a_month": "20", "key": str(THEIRS.public()),
    }  # fmt: skip
    assert lawyer.post("/console/bureaus/new/", {"name": ""}).status_code == 422
    assert lawyer.post("/console/bureaus/new/", {**KEY, **said}).status_code == 303
    page = f"/console/bureaus/{Agreement.objects.get().pk}/"
    refused = lawyer.post(f"{page}check/", KEY)
    assert (refused.status_code, 'role="alert"' in refused.content.decode()) == (422, True)
    assert THEIRS.public().fingerprint() in second.get(page).content.decode()
    assert second.post(f"{page}check/", KEY).status_code == 303

    bench = Bench()
    expert = Client(headers={"accept-language": "en"})
    expert.force_login(bench.expert)
    one, bone = bench.remains()
    bench.typed((bone, "M", bench.drawn.stranger()))
    assert expert.post(f"{page}ask/", {"number": "A-000000-0"}).status_code == 422
    assert expert.post(f"{page}ask/", {**KEY, "number": one.bureau_number}).status_code == 303
    asked = Asked.objects.get()
    file = expert.get(f"/console/bureaus/messages/{asked.pk}/")
    assert file["Content-Disposition"] == 'attachment; filename="message.json"'
    own = actions.own_key().public()
    reference = unseal(file.content, by=THEIRS, sender=own)["reference"]

    answer = seal(Answer(reference, True, 7.25, 19).as_body(), by=THEIRS, to=own)
    bad = {"file": SimpleUploadedFile("x.json", b"{}")}
    assert "changed on its way" in expert.post(f"{page}file/", bad).content.decode()
    good = {**KEY, "file": SimpleUploadedFile("x.json", answer)}
    assert expert.post(f"{page}file/", good).status_code == 303

    text = expert.get(page).content.decode()
    assert "10<sup>7.25</sup>" in text
    assert one.bureau_number in text
    assert "&lt;b&gt;" in text
    assert str(own) in auditor.get("/console/bureaus/").content.decode()
    assert one.bureau_number not in auditor.get(page).content.decode()
    assert auditor.get(f"/console/bureaus/messages/{asked.pk}/").status_code == 403
    assert lawyer.post(f"{page}end/", {"reason": ""}).status_code == 422
    assert lawyer.post(f"{page}end/", {**KEY, "reason": "розірвано"}).status_code == 303
    assert expert.get(f"/console/bureaus/messages/{asked.pk}/").status_code == 404  # goes no more
    assert expert.post(f"{page}file/", good).status_code in (303, 422)
