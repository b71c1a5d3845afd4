"""Articles are cited as in the language of the page."""

import pytest
from django.utils import translation

from wayhome.web.templatetags.wayhome import provision


@pytest.mark.parametrize(
    ("language", "cited"),
    [
        ("en", "CAT 3; GC III 12; AP I 74"),
        ("uk", "Конвенція проти катувань 3; ЖК III 12; ДП I 74"),
        ("ru", "Конвенция против пыток 3; ЖК III 12; ДП I 74"),
    ],
)
def test_an_article_is_cited_in_the_language_of_the_page(language, cited):
    with translation.override(language):
        assert provision("CAT 3; GC III 12; AP I 74") == cited
    assert provision("") == ""
