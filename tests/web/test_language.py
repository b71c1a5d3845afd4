"""The language of the pages is chosen by a link, and leads back only to our own pages."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from wayhome.web.language import set_language_view


def test_a_language_is_kept_until_the_browser_closes():
    response = set_language_view(
        RequestFactory().get("/language/ru/", {"next": "/help/?a=1"}), "ru"
    )

    assert response.status_code == 303
    assert response.headers["Location"] == "/help/?a=1"
    assert response.cookies["language"].value == "ru"
    assert not response.cookies["language"]["max-age"]


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", "", "\\\\x.org"]
)
def test_a_link_leads_to_no_other_host(elsewhere: str):
    response = set_language_view(RequestFactory().get("/language/uk/", {"next": elsewhere}), "uk")

    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("code", ["de", "xx", "..", "UK"])
def test_a_language_that_we_do_not_speak_is_no_page(code: str):
    with pytest.raises(Http404):
        set_language_view(RequestFactory().get("/"), code)
