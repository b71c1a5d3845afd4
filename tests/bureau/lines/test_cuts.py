"""An order to cut somebody off: in its transaction, again while it must, never who is back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wayhome.bureau.lines import actions as lines
from wayhome.bureau.lines.models import BoundKey, Cut, Signal
from wayhome.bureau.lines.rules import CREDENTIAL, LINGERING
from wayhome.lib.relay import Relay, RelayError

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
CALL, PARTY = uuid4(), uuid4()
KEY = ":".join(["AB"] * 32)


def due(after=timedelta(0)):
    return Cut.objects.due(timezone.now() + after).count()


def test_an_order_falls_with_its_transaction():
    with transaction.atomic():
        lines.cut(call=CALL)
        transaction.set_rollback(True)

    assert not due()


def test_an_end_is_cut_as_long_as_a_credential_could_open_a_line_anew():
    lines.cut(call=CALL)
    Cut.objects.update(done_at=timezone.now())

    assert due(CREDENTIAL) == 1
    assert due(LINGERING + timedelta(seconds=1)) == 0


def test_who_dropped_is_cut_once_and_who_is_let_in_again_not_again():
    lines.cut(call=CALL, party=PARTY, for_good=False)
    lines.cut(call=CALL, party=PARTY)
    assert due() == 2

    Cut.objects.update(done_at=timezone.now())
    assert due() == 1
    lines.bind_key(call=CALL, party=PARTY, connection_id=uuid4(), fingerprint=KEY)
    assert due() == 0


def test_an_order_stands_while_the_relay_does_not_answer():
    lines.cut(call=CALL)
    with pytest.raises(RelayError):
        lines.carry_out_cuts()
    Relay(("turn:127.0.0.1:1",), ("127.0.0.1",), "secret", 1, "password").save(settings.RELAY_FILE)
    try:
        with pytest.raises(RelayError):
            lines.carry_out_cuts()
    finally:
        settings.RELAY_FILE.unlink()

    assert Cut.objects.get().done_at is None


def test_nothing_is_kept_of_a_call_that_is_over_or_was_forgotten():
    lines.bind_key(call=CALL, party=PARTY, connection_id=uuid4(), fingerprint=KEY)
    Signal.objects.create(call=CALL, sender=PARTY, to=PARTY, body={})
    lines.forget(CALL)
    assert not Signal.objects.exists()
    assert not BoundKey.objects.exists()

    Signal.objects.create(call=CALL, sender=PARTY, to=PARTY, body={})
    Signal.objects.update(at=timezone.now() - timedelta(days=1))
    lines.forget_old()
    assert not Signal.objects.exists()


def test_without_a_relay_there_are_no_ways_into_a_call():
    assert lines.ways_of(call=CALL, party=PARTY) is None
