"""The leaflet for whoever thinks of a journey."""

import re
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from django.utils import timezone

from wayhome.bureau.journeys.leaflet import as_page, leaflet_of, told_in_leaflet
from wayhome.lib.jurisdiction import LANGUAGES
from wayhome.web.voice import forbidden_in, long_sentences

GUIDES = Path(__file__).parents[3] / "docs" / "guides"
by_language = pytest.mark.parametrize("language", LANGUAGES)


@by_language
@pytest.mark.slow
def test_it_is_one_sheet_of_a5_with_every_line_and_whom_to_call(language, settings):
    settings.PHONE, settings.ICRC_PHONE = "+380 44 000 00 00", "+41 22 000 00 00"
    told = told_in_leaflet(language)

    sheet = pdfium.PdfDocument(leaflet_of(language, timezone.now()))

    width, height = sheet[0].get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (148, 210)
    assert len(sheet) <= 2
    text = re.sub(r"\s+", "", "".join(page.get_textpage().get_text_range() for page in sheet))
    lines = [line for part in told["parts"] for line in part["lines"]]
    assert len(lines) > 20
    for line in (*lines, *told["lead"], settings.PHONE, settings.ICRC_PHONE):
        assert re.sub(r"\s+", "", line) in text
    sheet.close()


@by_language
def test_its_words_are_ours_and_stand_in_the_guides(language):
    page = as_page(language)

    assert not list(forbidden_in(page, language))
    assert not list(long_sentences(page))
    name = "leaflet-road-home.md" if language == "en" else f"leaflet-road-home.{language}.md"
    assert (GUIDES / name).read_text(encoding="utf-8") == page
