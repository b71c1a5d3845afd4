"""Our telephone stands beside the agency's, and a live folder prints none that was not set."""

import pytest

from tests.web.portal.walking import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OURS, THEIRS = "+380 00 000 00 01", "+41 00 000 00 02"
PAGES = ("/", "/help/", "/other-ways/", "/beware/", "/back/")


@pytest.mark.parametrize("path", PAGES)
def test_both_numbers_stand_on_every_page(settings, path):
    settings.PHONE, settings.ICRC_PHONE = OURS, THEIRS

    page = text_of(visitor().get(path))

    assert OURS in page
    assert THEIRS in page
    assert "invented" not in page


@pytest.mark.parametrize(("language", "mark"), [("uk", "вигаданий"), ("ru", "вымышленный")])
def test_the_numbers_of_a_demo_are_marked_as_nobodys(settings, language, mark):
    settings.DEMO, settings.PHONE, settings.ICRC_PHONE = True, OURS, THEIRS

    page = text_of(visitor(language).get("/"))

    assert f"{OURS} ({mark})" in page
    assert f"{THEIRS} ({mark})" in page


def test_without_a_number_none_is_spoken_of(settings):
    settings.PHONE = settings.ICRC_PHONE = ""

    assert "elephone:" not in text_of(visitor().get("/"))


def test_what_is_said_of_the_words_is_one_thing_everywhere():
    """A caller may say them; whoever calls a family and asks for them is not us."""
    beware, helps = (text_of(visitor().get(path)) for path in ("/beware/", "/help/"))

    assert "calls you and wants to hear your nine words" in beware
    assert "We never call you to ask for them." in helps
