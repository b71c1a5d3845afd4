"""A demo's calls: times are drawn by lot, and two that clash do not stop its preparing."""

import pytest

from tests.calling import Calling
from wayhome.bureau.contact.calls.models import CallOffer
from wayhome.config.demo.calls import NEAR, accompanied

pytestmark = pytest.mark.django_db


def test_nobody_is_to_accompany_two_calls_at_once() -> None:
    one, other = Calling(), Calling()
    begins, supervisor = one.now.starts_at, one.supervisor
    assert begins is not None
    clashing, beside, *_ = other.offered
    for offer, at in ((clashing, begins + NEAR / 3), (beside, begins + NEAR)):
        CallOffer.objects.filter(pk=offer.pk).update(starts_at=at)

    found = [offer.pk for offer in accompanied(other.call, supervisor)]

    assert clashing.pk not in found
    assert beside.pk in found
