"""The enquiries of families: who sees which part of them, and how the list is searched."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import CandidateFactory, EnquiryFactory, MatchFactory, StaffFactory
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import Channel, EnquiryState, Relation, Source
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Permission, Role, roles_with

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SEE = roles_with(Permission.SEE_ENQUIRY)
THINGS = [{"question": "Как звали собаку?", "answer": "Жучка"}]
CONTACT = {
    "channel": Channel.TELEPHONE,
    "to": "+7 000 000-00-01",
    "hours": "после шести",
    "code_word": "подсолнух",
    "society_route": True,
}
CORRECTED = {
    "sought": {"surname": "Буйничов", "born": "1999"},
    "party": "adverse",
    "corrections": [
        {"at": "2022-05-03T10:00:00+00:00", "by": "family",
         "changed": {"surname": "Буйничев", "three_things": ""}}
    ],
}  # fmt: skip


def signed_in(role: Role) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=role))
    return client


def enquiry_of(**fields) -> Enquiry:
    fields = {"surname": "Буйничев", "given": "Прохор", **fields}
    enquiry = EnquiryFactory(enquirer__contact=CONTACT, three_things=THINGS, **fields)
    enquiry.set_sort_keys()
    enquiry.save()
    return enquiry


def opened(client: Client, enquiry: Enquiry) -> str:
    path = f"/console/enquiries/{enquiry.bureau_number}/"
    assert client.post(path, {"purpose": "compare"}).status_code == 303
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/console/enquiries/{query}").content.decode()
    return re.findall(r'/console/enquiries/(A-[^/"]+)/', page)


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES))
def test_only_whose_work_is_enquiries_is_let_in(role):
    enquiry = enquiry_of()
    client = signed_in(role)

    for path in ("", f"{enquiry.bureau_number}/"):
        status = client.get(f"/console/enquiries/{path}").status_code
        assert status == (200 if role in SEE else 403)
    assert not Entry.objects.filter(action="looked at").exists()


def test_nobody_is_sent_to_the_door():
    answer = Client().get("/console/enquiries/")

    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        "/console/account/login/?next=/console/enquiries/",
    )


def test_an_enquiry_that_nobody_made_is_not_here():
    client = signed_in(Role.TRACING)

    assert client.get("/console/enquiries/A-000009-X/").status_code == 404


@pytest.mark.parametrize("role", sorted(SEE))
def test_each_reads_the_parts_of_their_own_work(role):
    page = opened(signed_in(role), enquiry_of())

    shown = {
        "name": "Буйничева Агафья" in page,
        "number": "+7 000 000-00-01" in page,
        "code word": "подсолнух" in page,
        "things": "Жучка" in page,
    }
    contact, things = role == Role.CONTACT, role == Role.VERIFIER
    assert shown == {"name": contact, "number": contact, "code word": contact, "things": things}
    assert "<bdi>Буйничев Прохор</bdi>" in page


def test_why_it_is_opened_is_asked_once_and_stands_beside_each_look():
    enquiry, client = enquiry_of(), signed_in(Role.VERIFIER)
    path = f"/console/enquiries/{enquiry.bureau_number}/"

    assert "Why do you open this enquiry?" in client.get(path).content.decode()
    refused = client.post(path, {"purpose": "curiosity"})
    assert (refused.status_code, 'role="alert"' in refused.content.decode()) == (422, True)
    assert not Entry.objects.filter(action="looked at").exists()
    client.post(path, {"purpose": "kinship"})
    client.get(path)
    client.get(path)

    looks = Entry.objects.filter(action="looked at", person=enquiry.bureau_number)
    assert [look.purpose for look in looks] == ["kinship", "kinship"]


def test_candidates_and_the_match_are_links_for_whoever_judges_or_weighs():
    match = MatchFactory(enquiry=enquiry_of())
    other = CandidateFactory(enquiry=match.enquiry, rank=2)
    urls = {
        Role.TRACING: {f"/console/tracing/{other.pk}/", f"/console/matches/{match.pk}/"},
        Role.VERIFIER: {f"/console/kinship/{match.pk}/", f"/console/matches/{match.pk}/"},
        Role.CONTACT: set(),
    }

    for role, wanted in urls.items():
        page = opened(signed_in(role), match.enquiry)
        found = set(re.findall(r'href="(/console/(?:tracing|matches|kinship)/[^"]+-[^"]+/)"', page))
        assert wanted <= found
        assert bool(found) == bool(wanted)
        assert match.captive.bureau_number not in page


def test_the_history_of_corrections_keeps_what_was_first_received():
    page = opened(signed_in(Role.TRACING), enquiry_of(as_received=CORRECTED))

    assert "3.05.2022 13:00 EEST" in page
    assert "Family" in page
    assert "As it was first received" in page
    assert page.index("<bdi>Буйничев</bdi>") < page.index("<bdi>Буйничов</bdi>")
    assert "changed" in page  # that, not what


def test_of_a_forgotten_enquiry_nothing_is_shown():
    enquiry = enquiry_of(state=EnquiryState.FORGOTTEN)
    client = signed_in(Role.CONTACT)

    page = opened(client, enquiry)

    assert "Буйничев" not in page
    assert "подсолнух" not in page
    assert listed(client) == []
    assert listed(client, "?state=forgotten") == [enquiry.bureau_number]


def test_the_list_is_sorted_by_the_alphabet_of_the_language():
    numbers = [
        enquiry_of(surname=name).bureau_number for name in ("Ґанок", "Гай", "Дуб", "Єрмак", "Жук")
    ]
    order = [numbers[n] for n in (1, 0, 2, 3, 4)]
    client = signed_in(Role.TRACING)
    client.cookies["language"] = "uk"

    assert listed(client) == order
    assert listed(client, "?sort=-name") == order[::-1]
    assert listed(client, "?sort=nonsense") == order


@pytest.mark.parametrize(
    ("query", "found"),
    [("?q=БУЙ", "uk"), ("?q=прох+буйн", "uk"), ("?q=buyn", "en"), ("?q=Q-17", "en"),
     ("?source=telephone", "uk"), ("?relation=wife", "en"), ("?language=en", "en"),
     ("?state=for+agency", "en"), ("?q=%00%E2%80%AE", "uk en"), ("?q=nobody", "")],
)  # fmt: skip
def test_the_list_is_searched_and_filtered_by_its_address(query, found):
    one = enquiry_of(
        source=Source.TELEPHONE, entered_by=StaffFactory(role=Role.OPERATOR),
        received_at=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    other = enquiry_of(
        surname="Buynichev", given="Prokhor", relation=Relation.WIFE, list_number="Q-17",
        state=EnquiryState.FOR_AGENCY, enquirer__language="en",
    )  # fmt: skip
    numbers = {"uk": one.bureau_number, "en": other.bureau_number}
    client = signed_in(Role.TRACING)

    assert set(listed(client, query)) == {numbers[each] for each in found.split()}
    by_number = one.bureau_number.lower().replace("-", " ")
    assert listed(client, f"?q={by_number}") == [one.bureau_number]


def test_a_long_list_has_pages_and_keeps_its_filters():
    for _ in range(27):
        enquiry_of()
    client = signed_in(Role.TRACING)

    assert len(listed(client)) == 25
    assert len(listed(client, "?page=2&source=portal")) == 2
    page = client.get("/console/enquiries/?page=2&source=portal&sort=-received").content.decode()
    assert re.search(r'rel="prev" href="\?[^"]*source=portal', page)


def test_an_empty_list_says_so():
    client = signed_in(Role.CONTACT)

    assert "Nobody has asked yet." in client.get("/console/enquiries/").content.decode()
    searched = client.get("/console/enquiries/?q=x").content.decode()
    assert "No enquiry fits this search." in searched
    assert "Write down an enquiry" not in searched
