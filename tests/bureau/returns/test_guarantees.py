"""The signed guarantee: its rules, and what stands on the paper."""

from datetime import date

import pypdfium2 as pdfium
import pytest
from django.utils import translation

from tests.cases import Case
from wayhome.bureau.returns.genuine import is_genuine
from wayhome.bureau.returns.guarantees import document_of, told_in_guarantee
from wayhome.bureau.returns.rules import ApplicationState
from wayhome.bureau.returns.rules.guarantees import (
    PROMISES,
    why_not_end,
    why_not_make,
    why_not_sign,
)

GOOD = {
    "state": ApplicationState.GRANTED, "she_comes": True, "one_stands": False,
    "authority_known": True,
}  # fmt: skip
DAY = date(2026, 3, 17)
SIGNED = {
    "signed": False, "ended": False, "signed_by": "Вигаданий", "signed_on": DAY, "made_on": DAY,
    "today": DAY,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"state": ApplicationState.OPEN}, "guarantees.not_granted"),
        ({"she_comes": False}, "guarantees.nobody"),
        ({"one_stands": True}, "guarantees.stands"),
        ({"authority_known": False}, "guarantees.authority"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_paper_is_made_for_whoever_comes_on_an_open_road(changed, code):
    assert why_not_make(**GOOD) == []
    assert [one.code for one in why_not_make(**GOOD | changed)] == [code]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"signed": True}, "guarantees.settled"),
        ({"ended": True}, "guarantees.settled"),
        ({"signed_by": " "}, "guarantees.who"),
        ({"signed_on": date(2026, 3, 16)}, "guarantees.when"),
        ({"signed_on": date(2026, 3, 18)}, "guarantees.when"),
    ],
    ids=["twice", "ended", "nobody", "before it was printed", "tomorrow"],
)
def test_a_signature_has_a_name_and_a_day(changed, code):
    assert why_not_sign(**SIGNED) == []
    assert [one.code for one in why_not_sign(**SIGNED | changed)] == [code]
    assert why_not_end(ended=False) is None
    assert why_not_end(ended=True)


@pytest.mark.django_db
@pytest.mark.slow
def test_the_paper_is_in_her_language_and_in_the_authoritys_and_names_nobody_else():
    case = Case()
    guarantee = case.guaranteed

    told = told_in_guarantee(guarantee)
    pdf = pdfium.PdfDocument(document_of(guarantee))
    text = "".join(page.get_textpage().get_text_bounded() for page in pdf)

    assert len(pdf) == 1
    assert [part["language"] for part in told["parts"]] == ["ru", "uk"]
    for language in ("ru", "uk"):
        with translation.override(language):
            assert str(PROMISES[1])[:30] in text.replace("\r\n", " ")
    assert "Ознобихина Агафья" in text
    assert case.surname not in text  # of him there is nothing in it
    assert is_genuine(told["code"])
