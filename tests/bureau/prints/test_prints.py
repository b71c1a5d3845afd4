"""Fingerprints: drawn anew, encrypted, of the dead and of persons sought, seen side by side."""

import io

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from tests.bureau.remains.test_actions import registered
from tests.factories import EnquiryFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.persons.vault import CannotOpen
from wayhome.bureau.prints import actions, store
from wayhome.bureau.prints.models import Print
from wayhome.bureau.prints.rules import Finger, Taken, comparable, why_not_keep
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Role
from wayhome.lib.refusal import Refused

CARD = Taken(Finger.R1, "картка призову, 2020 рік", "2020")
FOUND = Taken(Finger.R1, "порошок, після зволоження", "2026-03-04")


def picture(shade: int = 90) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "камера на складі"
    Image.new("L", (60, 80), shade).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("before", "after", "both"),
    [
        ({Finger.R1, Finger.L2}, {Finger.L2, Finger.R3}, [Finger.L2]),
        ({Finger.R1}, {Finger.L2}, []),
        ({Finger.CARD}, {Finger.L2, Finger.R1}, [Finger.R1, Finger.L2]),
        ({Finger.R1}, {Finger.UNKNOWN}, [Finger.R1]),
        ({Finger.CARD}, {Finger.UNKNOWN}, [Finger.CARD, Finger.UNKNOWN]),
        ({Finger.CARD}, set(), []),
    ],
)
def test_which_fingers_lie_on_both_sides(before, after, both):
    assert comparable(frozenset(before), frozenset(after)) == both


def test_a_print_says_where_it_is_from():
    taken = Taken(Finger.R1, " ", "колись")
    refused = [one.code for one in why_not_keep(taken, known=True, kept=40)]

    assert refused == ["print.no_source", "print.day", "print.known", "print.too_many"]


@pytest.fixture
def expert(db):
    return StaffFactory(role=Role.FORENSIC)


@pytest.fixture
def remains(db):
    return registered(StaffFactory(role=Role.CUSTODY))


def keep_both(remains, enquiry, expert, *, after: Finger = Finger.R1) -> tuple[Print, Print]:
    before = actions.keep_of_sought(enquiry=enquiry, taken=CARD, content=picture(60), by=expert)
    found = Taken(after, FOUND.source, FOUND.on)
    return before, actions.keep_of_remains(
        remains=remains, taken=found, content=picture(), by=expert
    )


@pytest.mark.slow
def test_a_print_is_drawn_anew_kept_under_its_persons_key_and_taken_once(remains, expert):
    before, after = keep_both(remains, enquiry := EnquiryFactory(), expert)
    with pytest.raises(Refused, match=r"print\.known"), nothing_written():
        actions.keep_of_remains(remains=remains, taken=FOUND, content=picture(), by=expert)
    with pytest.raises(Refused, match=r"print\.not_a_picture"):
        actions.keep_of_remains(remains=remains, taken=FOUND, content=b"GIF", by=expert)

    drawn = actions.open_print(kept=after, by=expert)
    assert Image.open(io.BytesIO(drawn)).size == (60, 80)
    assert not Image.open(io.BytesIO(drawn)).getexif()
    assert picture()[:200] not in store.path(after.pk).read_bytes()
    assert Entry.objects.filter(purpose="fingerprint", person=remains.bureau_number).exists()
    enquiry.key.destroy()
    with pytest.raises(CannotOpen):
        actions.open_print(kept=Print.objects.get(pk=before.pk), by=expert)
    with pytest.raises(IntegrityError), transaction.atomic():
        Print.objects.create(remains=remains, enquiry=enquiry, key=remains.key, finger="R1",
                             source="x", digest=b"x", by=expert)  # fmt: skip

    with pytest.raises(Refused, match=r"print\.no_reason"):
        actions.take_back(kept=after, reason=" ", by=expert)
    actions.take_back(kept=after, reason="це лівий великий", by=expert)
    assert not remains.prints.standing().exists()
    again = actions.keep_of_remains(remains=remains, taken=FOUND, content=picture(), by=expert)
    assert store.path(again.pk).exists()


def test_who_sees_which_side(remains, expert):
    for role in CONSOLE_ROLES - {Role.FORENSIC}:
        by = StaffFactory(role=role)
        with pytest.raises(Forbidden):
            actions.keep_of_remains(remains=remains, taken=FOUND, content=b"", by=by)
        if role != Role.CONTACT:
            with pytest.raises(Forbidden):
                actions.keep_of_sought(enquiry=EnquiryFactory(), taken=CARD, content=b"", by=by)
    Print.objects.create(remains=remains, key=remains.key, finger="R1", source="x", digest=b"x",
                         by=expert)  # fmt: skip

    sees = {
        role for role in CONSOLE_ROLES if Print.objects.visible_to(StaffFactory(role=role)).exists()
    }
    assert sees == {Role.FORENSIC}
