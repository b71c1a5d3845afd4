"""The pages' tests; their browser is of the whole run (tests/conftest.py)."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.signals import user_logged_in

from wayhome.web.console.second_factor import PASSED


@pytest.fixture
def real_sign_in() -> None:
    """For tests about signing in: whoever is signed in must show the code."""


@pytest.fixture(autouse=True)
def _code_was_shown(request: pytest.FixtureRequest) -> Iterator[None]:
    """Who is signed in by `force_login` has shown the code too, but where that is the question."""
    if "real_sign_in" in request.fixturenames:
        yield
        return

    def remember(sender, request, **_):
        request.session[PASSED] = True

    user_logged_in.connect(remember, weak=False, dispatch_uid="tests.code_was_shown")
    yield
    user_logged_in.disconnect(dispatch_uid="tests.code_was_shown")
