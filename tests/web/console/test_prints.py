"""Fingerprints on the pages: kept, taken back, side by side for who weighs and for the board."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.bureau.prints.test_prints import CARD, keep_both, picture
from tests.bureau.remains.test_actions import registered
from tests.factories import EnquiryFactory, StaffFactory
from wayhome.bureau.identifications.actions import open_identification, weigh
from wayhome.bureau.identifications.rules.evidence import Kind, Weighed, Word
from wayhome.bureau.prints import actions
from wayhome.bureau.prints.rules import Finger
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_two_sides_stand_before_who_weighs_and_before_the_board():
    remains, expert = registered(StaffFactory(role=Role.CUSTODY)), StaffFactory(role=Role.FORENSIC)
    enquiry, tracer = EnquiryFactory(), StaffFactory(role=Role.TRACING)
    this = open_identification(
        remains=remains, enquiry=enquiry, captive=None, why="жетон", by=tracer
    )
    before, after = keep_both(remains, enquiry, expert, after=Finger.L5)
    weighed = Weighed(Word.ESTABLISHED, "14 ознак збігаються.")
    with pytest.raises(Refused, match=r"evidence\.one_sided"):
        weigh(identification=this, kind=Kind.PRINTS, weighed=weighed, by=expert)
    client, board, stranger = Client(), Client(), EnquiryFactory()
    client.force_login(expert)
    board.force_login(StaffFactory(role=Role.BOARD))

    number = remains.bureau_number
    sent = {
        "idempotency_key": "0123456789abcdef", "finger": "R1", "source": "чорнило",
        "file": SimpleUploadedFile("x.jpg", picture(130)),
    }  # fmt: skip
    assert client.post(f"/console/remains/{number}/prints/", {"source": ""}).status_code == 422
    assert client.post(f"/console/remains/{number}/prints/", sent).status_code == 303
    line = weigh(identification=this, kind=Kind.PRINTS, weighed=weighed, by=expert)
    assert line.basis == {"before": 1, "after": 2, "fingers": ["R1"]}

    path = f"/console/identifications/{this.pk}/prints/"
    other = actions.keep_of_sought(enquiry=stranger, taken=CARD, content=picture(7), by=expert)
    for who in (client, board):
        assert str(before.pk) in who.get(path).content.decode()
        assert who.get(f"{path}{before.pk}/")["Content-Type"] == "image/jpeg"
        assert who.get(f"{path}{other.pk}/").status_code == 404
    assert board.get(f"/console/prints/{after.pk}/").status_code == 403
    assert client.get(f"/console/prints/of/{stranger.bureau_number}/").status_code == 200
    assert client.post(f"/console/prints/{after.pk}/back/", {"reason": ""}).status_code == 422
