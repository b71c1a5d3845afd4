"""What he fears is read by the legal officer and the neutral, and by nobody else anywhere."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from tests.factories import EnquiryFactory, MatchFactory, StaffFactory
from tests.web.portal.walking import text_of
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.consents.actions import answer_fear
from wayhome.bureau.consents.models import DangerAssessment, Sitting
from wayhome.bureau.consents.rules import Danger, Fear
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Role

# A minute passes while all pages are read: an index left by others would be found out then.
pytestmark = [
    pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("fresh_indexes"),
]  # fmt: skip
WORDS = "Боюсь трибунала в Зоряном"
SEES = {Role.LEGAL, Role.NEUTRAL}


@pytest.fixture
def match():
    return MatchFactory(enquiry=EnquiryFactory())


def sitting_of(captive: Captive) -> Sitting:
    now = timezone.now()
    neutral = StaffFactory(role=Role.NEUTRAL)
    return Sitting.objects.create(
        captive=captive, neutral=neutral, language="ru", opened_at=now, unlocked_at=now
    )


def signed_in(role: Role) -> Client:
    # A page that fails is for its own tests; here it must only fail alike.
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    client.force_login(StaffFactory(role=role))
    return client


def feared(captive: Captive, fear: Fear = Fear.YES) -> None:
    answer_fear(fear=fear, words=WORDS, by=sitting_of(captive))


def addresses(match) -> list[str]:
    """Every GET address of console and portal, filled with this man's and this family's numbers."""
    known = {
        "captive_number": match.captive.bureau_number,
        "enquiry_number": match.enquiry.bureau_number,
        "candidate_id": match.candidate_id,
        "match_id": match.pk,
    }
    return [
        reverse(name, kwargs={kwarg: known[kwarg] for kwarg in kwargs})
        for name, kwargs in _named(get_resolver().url_patterns, "")
        if set(kwargs) <= set(known)
    ]


def _named(patterns, space):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _named(pattern.url_patterns, f"{pattern.namespace}:")
        elif isinstance(pattern, URLPattern) and _is_read(pattern):
            kwargs = re.findall(r"<(?:\w+:)?(\w+)>", str(pattern.pattern))
            yield f"{space}{pattern.name}", kwargs


def _is_read(pattern: URLPattern) -> bool:
    access = getattr(pattern.callback, "access", None)
    return bool(access and "GET" in access.methods and not access.ends_session)


def masked(body: str) -> str:
    body = re.sub(r'(name="(?:csrfmiddlewaretoken|idempotency_key)" value=")[^"]+', r"\1…", body)
    body = re.sub(r'nonce="[^"]+"', 'nonce="…"', body)
    # The number of an error page, to be quoted: new each time.
    return re.sub(r'<strong class="wh-number">[0-9A-F]{8}</strong>', "…", body)


def everything(client: Client, paths: list[str]) -> dict[str, tuple[int, str]]:
    answers = {path: client.get(path) for path in paths}
    return {
        path: (answer.status_code, masked(text_of(answer)))
        for path, answer in answers.items()
        if not answer.streaming
    }


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES - SEES))
def test_nobody_else_reads_or_notices_what_he_fears(match, role):
    client = signed_in(role)
    # The journal itself grows by every look and every answer: that he answered is no secret.
    paths = [path for path in addresses(match) if "/journal/" not in path]
    sitting = sitting_of(match.captive)
    answer_fear(fear=Fear.NO, words="", by=sitting)
    first = everything(client, paths)  # looks that change what is shown next happen here
    served = [path for path in paths if first.get(path, (403, ""))[0] != 403]
    before = first | everything(client, served)

    answer_fear(fear=Fear.YES, words=WORDS, by=sitting)
    after = everything(client, paths)

    assert before == after
    assert after[reverse("console:danger")][0] == 403
    others = [path for path in addresses(match) if "/journal/" in path]
    for path, (_status, page) in (after | everything(client, others)).items():
        assert WORDS not in page, path


def test_a_family_notices_nothing(match):
    # A page that fails is for its own tests; here it must only fail alike.
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    session = client.session
    session["enquirer_id"] = str(match.enquiry.enquirer_id)
    session.save()
    paths = [path for path in addresses(match) if not path.startswith("/language/")]
    everything(client, paths)
    before = everything(client, paths)

    feared(match.captive)

    assert everything(client, paths) == before


@pytest.mark.parametrize("role", sorted(SEES))
def test_who_may_reads_it_and_the_look_is_in_the_journal(match, role):
    feared(match.captive)
    client = signed_in(role)
    number = match.captive.bureau_number

    page = client.get(f"/console/danger/{number}/").content.decode()

    assert WORDS in page
    looked = Entry.objects.get(action="looked at")
    assert (looked.person, looked.purpose) == (number, "danger of return")
    assert WORDS not in client.get("/console/danger/").content.decode()


@pytest.mark.parametrize("fear", list(Fear))
def test_every_man_is_listed_alike_whatever_he_said(match, fear):
    feared(match.captive, fear)
    client = signed_in(Role.LEGAL)

    page = client.get("/console/danger/").content.decode()
    assert match.captive.bureau_number in page
    assert "fear" not in re.sub(r"<[^>]+>", "", page)
    sent = {"danger": Danger.NONE_KNOWN, "reasons": "Беседа без свидетелей"}
    done = client.post(f"/console/danger/{match.captive.bureau_number}/assessment/", sent)

    assert done.status_code == 303
    assert match.captive.bureau_number not in client.get("/console/danger/").content.decode()
    assert DangerAssessment.objects.get().finding["danger"] == Danger.NONE_KNOWN


def test_a_neutral_sees_and_does_not_assess(match):
    client = signed_in(Role.NEUTRAL)
    url = f"/console/danger/{match.captive.bureau_number}/"

    assert "assessment/" not in client.get(url).content.decode()
    sent = {"danger": Danger.NONE_KNOWN, "reasons": "…"}
    assert client.post(f"{url}assessment/", sent).status_code == 403
    assert not DangerAssessment.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"danger": Danger.NONE_KNOWN}, {"reasons": "…"},
                                  {"danger": "none", "reasons": "…"}])  # fmt: skip
def test_a_finding_without_reasons_or_reasons_without_a_finding_is_refused(match, sent):
    url = f"/console/danger/{match.captive.bureau_number}/assessment/"

    answer = signed_in(Role.LEGAL).post(url, sent)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not DangerAssessment.objects.exists()
