"""Whatever the press asks of captives is refused with its article, kept, and answered."""

import io

import pytest
from pypdf import PdfReader

from tests.factories import StaffFactory
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.press.actions import refuse_request
from wayhome.bureau.press.models import PressRequest
from wayhome.bureau.press.printing import letter_of
from wayhome.bureau.press.rules import Asked, why_not_publish
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = pytest.mark.django_db
NAME = "Подлесный Евстигней"


def asked(kind: Asked = Asked.NAMED, by=None, **more) -> PressRequest:
    given = {"who": "Корреспондент", "outlet": "Газета", "words": f"Где {NAME}?", **more}
    return refuse_request(asked=kind, by=by or StaffFactory(role=Role.LEGAL), **given)


@pytest.mark.parametrize("kind", list(Asked))
def test_there_is_no_request_that_is_not_refused_with_an_article(kind):
    assert why_not_publish(kind).provision == "GC III 13"
    kept = asked(kind)
    assert kept.provision == "GC III 13"
    entry = Entry.objects.get()
    assert (entry.action, entry.purpose) == ("press request refused", "GC III 13")


def test_nobody_asks_without_a_name_and_only_two_roles_write_it_down():
    with pytest.raises(Refused, match=r"press\.who"):
        asked(who=" ")
    for role in CONSOLE_ROLES - {Role.LEGAL, Role.OPERATOR}:
        with pytest.raises(Forbidden):
            asked(by=StaffFactory(role=role))
    assert not PressRequest.objects.exists()


def test_the_auditor_reads_all_and_an_operator_her_own():
    one, other = StaffFactory(role=Role.OPERATOR), StaffFactory(role=Role.OPERATOR)
    asked(by=one)
    asked(by=other)

    assert PressRequest.objects.visible_to(one).count() == 1
    assert PressRequest.objects.visible_to(StaffFactory(role=Role.AUDITOR)).count() == 2
    for role in CONSOLE_ROLES - {Role.LEGAL, Role.AUDITOR, Role.OPERATOR}:
        assert not PressRequest.objects.visible_to(StaffFactory(role=role)).exists(), role


def test_the_letter_speaks_three_languages_and_says_nothing_of_whom_they_asked_for():
    letter = letter_of(asked())

    reader = PdfReader(io.BytesIO(letter))
    text = " ".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
    for article in ("Article 13", "Стаття 13", "Статья 13"):
        assert article in " ".join(text.split()), article
    assert "Корреспондент" in text
    assert "Подлесный" not in text
    assert len(reader.pages) == 1
