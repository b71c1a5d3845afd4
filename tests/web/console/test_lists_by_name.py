"""Lists of the console find whoever is called so, in any script, and show nobody else."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    CaptiveFactory,
    EnquiryFactory,
    HarmFlagFactory,
    SiteFactory,
    StaffFactory,
)
from wayhome.bureau.captives.models import Captive, SameManProposal
from wayhome.bureau.contact.models import Sheet
from wayhome.bureau.contact.rules import Direction, LetterKind
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.matches.models import SameSought
from wayhome.bureau.staff.permissions import Role
from wayhome.bureau.welfare.models import Certificate, Difference, Entry, Illness, Parcel

pytestmark = [
    pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("fresh_indexes"),
]  # fmt: skip


def clerk():
    return StaffFactory(role=Role.REGISTRAR)


def pair_of_cards(man: Captive) -> None:
    other = CaptiveFactory(surname="Юрченко", given="Остап", patronymic="")
    SameManProposal.objects.create(earlier=man, later=other, bits=9, probability=0.5)


def flag(man: Captive) -> None:
    HarmFlagFactory(captive=man)


def entry(man: Captive) -> None:
    Entry.objects.create(
        captive=man, key=man.key, number=1, kind="taken", lines=[], details={}, language="uk",
        at=timezone.now(), by=clerk(),
    )  # fmt: skip


def illness(man: Captive) -> None:
    Illness.objects.create(captive=man, began_at=timezone.now(), by=clerk())


def certificate(man: Captive) -> None:
    Certificate.objects.create(captive=man, key=man.key, language="uk", asked_at=timezone.now())


def parcel(man: Captive) -> None:
    Parcel.objects.create(captive=man, key=man.key, arrived_at=timezone.now(), by=clerk())


def difference(man: Captive) -> None:
    Difference.objects.create(
        captive=man, key=man.key, on=timezone.localdate(), meal="dinner", how="refused", by=clerk()
    )


def sheet(man: Captive) -> None:
    Sheet.objects.create(
        captive=man, code=f"{man.pk.hex[-12:]}", direction=Direction.FROM_HIM,
        kind=LetterKind.LETTER, language="uk", printed_at=timezone.now(), printed_by=clerk(),
    )  # fmt: skip


def nothing(man: Captive) -> None:
    """He stands on the list as he is."""


# For each list whose work it is, and what puts a man onto it.
OF_MEN: dict[str, tuple[Role, Callable[[Captive], None]]] = {
    "captives": (Role.REGISTRAR, nothing),
    "same_man": (Role.REGISTRAR, pair_of_cards),
    "harm_flags": (Role.LEGAL, flag),
    "effects": (Role.WELFARE, entry),
    "ill": (Role.PHYSICIAN, illness),
    "certificates": (Role.PHYSICIAN, certificate),
    "parcels": (Role.WELFARE, parcel),
    "differences": (Role.WELFARE, difference),
    "no_news": (Role.WELFARE, nothing),
    "sheets": (Role.WELFARE, sheet),
}
LINES = [
    "Kurbanov",
    "КУРБАНОВУ",
    "قربانوف",
    "Reh,fyjd",
    "курб",
    "рустам курбанов",
    "Курбанов в/ч 54321",
    "аб-123",
]


def registered(**more: Any) -> Captive:
    his = {"surname": "Курбанов", "given": "Рустам", "patronymic": "Алиевич"}
    return CaptiveFactory(**{**his, "registered_at": timezone.now() - timedelta(days=60), **more})


def listed(name: str, role: Role, **asked: str) -> str:
    """The rows of a list, as somebody of site A reads them."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=role, site=SiteFactory(code="A")))
    answer = client.get(reverse(f"console:{name}"), asked)
    assert answer.status_code == 200
    return "".join(re.findall(r"<tbody>.*?</tbody>", answer.content.decode(), re.DOTALL))


@pytest.mark.parametrize("name", OF_MEN)
def test_a_list_finds_a_man_by_his_name_in_any_script_and_by_his_number(name):
    role, put = OF_MEN[name]
    man, other = registered(service_no="АБ-123456"), registered(surname="Лебедев", given="Иван")
    for each in (man, other):
        put(each)

    number = man.bureau_number
    for line in (*LINES, number.lower().replace("-", " "), number[:-2].replace("A", "А")):
        rows = listed(name, role, q=line)
        assert "Курбанов" in rows, line
        assert "Лебедев" not in rows, line
    for line in ("в/ч 54321", "Самара 1999", "К", "Жерех", other.bureau_number):
        assert "Курбанов" not in listed(name, role, q=line), line
    assert "Курбанов" in listed(name, role, q="")


@pytest.mark.parametrize("name", sorted(OF_MEN.keys() - {"captives", "same_man", "harm_flags"}))
def test_a_card_of_another_site_brings_nobody_onto_a_list(name):
    role, put = OF_MEN[name]
    man, at_home = registered(surname="Лебедев"), registered(surname="Ряполов")
    registered(same_as=man, site=SiteFactory(code="B", name="Second site"))
    registered(same_as=at_home)
    for each in (man, at_home):
        put(each)

    rows = listed(name, role, q="Kurbanov")

    assert "Лебедев" not in rows
    assert "Ряполов" in rows


def pair_of_enquiries(enquiry: Enquiry) -> None:
    other = EnquiryFactory(surname="Юрченко", given="Остап", patronymic="")
    SameSought.objects.create(earlier=enquiry, later=other, bits=9, probability=0.5)


@pytest.mark.parametrize(
    ("name", "put"), [("enquiries", nothing), ("same_sought", pair_of_enquiries)]
)
def test_a_list_finds_whom_a_family_seeks_in_any_script(name, put):
    his = {"surname": "Курбанов", "given": "Рустам", "patronymic": ""}
    sought = EnquiryFactory(**his, service_no="АБ-123456", list_number="Q-17")
    other = EnquiryFactory(surname="Лебедев", given="Иван", patronymic="")
    for each in (sought, other):
        put(each)

    for line in (*LINES, "q-17", sought.bureau_number.lower().replace("-", " ")):
        rows = listed(name, Role.TRACING, q=line)
        assert "Курбанов" in rows, line
        assert "Лебедев" not in rows, line
    for line in ("в/ч 54321", "Самара 1999", "К", "Жерех", other.bureau_number):
        assert "Курбанов" not in listed(name, Role.TRACING, q=line), line


def test_a_long_register_stays_sorted_and_paged_when_it_is_searched(
    django_assert_max_num_queries,
):
    numbers = [registered(bureau_number=f"A-{at:06d}-0").bureau_number for at in range(30)]
    registered(surname="Лебедев")

    found = []
    for page in ("1", "2"):
        rows = listed("captives", Role.REGISTRAR, q="Kurbanov", sort="-number", page=page)
        found += re.findall(r">(A-\d{6}-0)<", rows)

    assert found == numbers[::-1]
    with django_assert_max_num_queries(25):
        listed("captives", Role.REGISTRAR, q="Kurbanov")


# Of every list that is searched by a name: whose work it is.
SEARCHED = {
    **{name: role for name, (role, _put) in OF_MEN.items()},
    **dict.fromkeys(("tracing", "matches", "enquiries", "same_sought"), Role.TRACING),
    "letters_to_send": Role.WELFARE,
    **dict.fromkeys(("first_news", "named", "frozen"), Role.CONTACT),
    **dict.fromkeys(("journeys", "parties", "acts"), Role.COORDINATOR),
    "applications": Role.DECISION,
    "kinship": Role.VERIFIER,
    "calls": Role.SUPERVISOR,
}
WAY_BACK = re.compile(
    r'<div class="wh-empty"><p>([^<]+)</p><p><a class="govuk-link" href="([^"]+)">'
)


@pytest.mark.parametrize("name", SEARCHED)
def test_a_search_that_finds_nothing_says_so_and_shows_the_way_back(name):
    client, path = Client(), reverse(f"console:{name}")
    client.force_login(StaffFactory(role=SEARCHED[name], site=SiteFactory(code="A")))
    said = set()

    for language in ("uk", "ru", "en"):
        client.cookies["language"] = language
        page = client.get(path, {"q": "Жерех"}).content.decode()
        [(words, back)] = WAY_BACK.findall(page)
        said.add(words)
        assert back.startswith((path, "?list="))
        assert not WAY_BACK.findall(client.get(path).content.decode())

    assert len(said) == 3
    assert words.endswith("fits this search.")
