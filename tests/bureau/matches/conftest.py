"""What tests of matches begin with."""

import pytest

from wayhome.bureau.matches import bridge


@pytest.fixture
def fresh_indexes() -> None:
    """Nothing of the test before is in an index."""
    bridge.REGISTER.forget()
    bridge.SOUGHT.forget()
    bridge.FOR_AGENCY.forget()
