"""Harm flags: set blindly, read by neutral and legal officer alone, lifted by two of them."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.cases import Case
from tests.factories import CaptiveFactory, HarmFlagFactory, SiteFactory, StaffFactory
from wayhome.bureau.captives.actions import set_harm_flag
from wayhome.bureau.captives.models import Captive, HarmFlag
from wayhome.bureau.inquests.actions import ask_for_inquest
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Permission, Role, roles_with

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
KEY = "0123456789abcdef0123456789abcdef"
REASON = "Его семью уже спрашивали о нём"
SET, LIFT = roles_with(Permission.SET_HARM_FLAG), roles_with(Permission.LIFT_HARM_FLAG)


@pytest.fixture
def case() -> Case:
    return Case()


@pytest.fixture
def man() -> Captive:
    return CaptiveFactory()


def signed_in(role: Role, site: str = "A") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=role, site=SiteFactory(code=site)))
    return client


def harm(man: Captive) -> str:
    return f"/console/captives/{man.bureau_number}/harm/"


def opened(client: Client, man: Captive) -> str:
    path = f"/console/captives/{man.bureau_number}/"
    client.post(path, {"purpose": "protection"})
    return client.get(path).content.decode()


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES))
def test_each_page_is_served_to_those_whose_work_it_is(man, role):
    flag, client = HarmFlagFactory(captive=man), signed_in(role)
    wanted = {harm(man): SET, "/console/harm/": LIFT, f"/console/harm/{flag.pk}/": LIFT}

    for path, roles in wanted.items():
        assert client.get(path).status_code == (200 if role in roles else 403), path
    assert client.post(harm(man), {}).status_code == (422 if role in SET else 403)
    assert HarmFlag.objects.count() == 1


def test_another_site_and_nobody_reach_nothing(man):
    assert (
        signed_in(Role.REGISTRAR, site="B").post(harm(man), {"reason": REASON}).status_code == 404
    )
    assert Client().get("/console/harm/").status_code == 303
    assert signed_in(Role.LEGAL).get(f"/console/harm/{man.pk}/").status_code == 404
    assert not HarmFlag.objects.exists()


def test_a_flag_is_kept_once_however_often_it_is_sent(man):
    client = signed_in(Role.PHYSICIAN)

    for _ in range(2):
        answer = client.post(harm(man), {"reason": REASON, "idempotency_key": KEY})
        assert answer.headers["Location"] == f"/console/captives/{man.bureau_number}/"

    flag = HarmFlag.objects.get()
    assert (flag.reason, flag.set_by_role, flag.lifted_at) == (REASON, Role.PHYSICIAN, None)
    entry = Entry.objects.get(action="protection noted")
    assert (entry.person, REASON in str(entry.__dict__)) == (man.bureau_number, False)


@pytest.mark.parametrize("reason", ["", " \x00\u202e ", "Я" * 4001])
def test_without_a_reason_nothing_is_set(man, reason):
    answer = signed_in(Role.REGISTRAR).post(harm(man), {"reason": reason})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not HarmFlag.objects.exists()
    assert not Entry.objects.filter(action="protection noted").exists()


@pytest.mark.parametrize("role", sorted(roles_with(Permission.SEE_CAPTIVE)))
def test_only_two_roles_notice_that_a_flag_stands(man, role):
    client = signed_in(role)
    before = opened(client, man)
    HarmFlagFactory(captive=man, reason=REASON)
    after = opened(client, man)

    sees = role in LIFT
    assert ("Stands since" in after) == sees
    assert REASON not in after
    masks = [re.sub(r'csrfmiddlewaretoken" value="[^"]+', "…", page) for page in (before, after)]
    assert (masks[0] == masks[1]) != sees


def test_nobody_of_his_site_notices_a_flag_in_the_outbox_or_on_the_clocks(case):
    registrar, legal = signed_in(Role.REGISTRAR), signed_in(Role.LEGAL)
    Captive.objects.filter(pk=case.captive.pk).update(site=SiteFactory(code="A"))
    paths = ("/console/outbox/", "/console/outbox/?state=held&sort=-state", "/console/clocks/")
    before = [pages_of(registrar, path) for path in paths]
    assert case.captive.bureau_number in before[0]
    set_harm_flag(captive=case.captive, reason=REASON, by=StaffFactory(role=Role.NEUTRAL))
    ask_for_inquest(captive=case.captive, what="рана", by=StaffFactory(role=Role.NEUTRAL))

    assert [pages_of(registrar, path) for path in paths] == before
    seen = pages_of(legal, "/console/outbox/")
    for told in ("Warning of harm", "Held for a lawyer", "Enquiry outside the camp opened"):
        assert f"<td>{told}" in seen


def pages_of(client: Client, path: str) -> str:
    page = client.get(path).content.decode()
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+', "…", page[page.index("<main") :])


def test_whoever_sets_one_reads_the_same_whether_others_stand_or_not(man):
    client = signed_in(Role.REGISTRAR)
    first = client.get(harm(man)).content.decode()
    HarmFlagFactory(captive=man)
    second = client.get(harm(man)).content.decode()

    hidden = r'(csrfmiddlewaretoken|idempotency_key)" value="[^"]+'
    assert re.sub(hidden, "", first) == re.sub(hidden, "", second)


def test_two_people_lift_it_one_after_the_other(man):
    flag = HarmFlagFactory(captive=man, reason=REASON)
    path = f"/console/harm/{flag.pk}/"
    one, other = signed_in(Role.LEGAL), signed_in(Role.NEUTRAL)

    page = one.get(path).content.decode()
    assert REASON in page
    assert "Ask to lift it" in page
    assert one.post(path, {"reason": ""}).status_code == 422
    assert one.post(path, {"reason": "Сестра уехала"}).headers["Location"] == path
    assert "A second person must decide this." in one.get(path).content.decode()
    assert one.post(path, {"sure": "on"}).status_code == 422
    assert HarmFlag.objects.get().lifted_at is None

    assert other.post(path, {}).status_code == 422
    assert other.post(path, {"sure": "on"}).headers["Location"] == path
    flag.refresh_from_db()
    assert (flag.lift_reason, flag.lifted_at is not None) == ("Сестра уехала", True)
    page = other.get(path).content.decode()
    assert "Lifted on" in page
    assert "<button" not in page[page.index("<main") : page.index("</main")]
    looks = Entry.objects.filter(action="looked at", person=man.bureau_number)
    assert {look.purpose for look in looks} == {"protection"}


def test_his_own_flag_is_never_lifted_against_his_word(man):
    flag = HarmFlagFactory(captive=man, set_by_role=Role.CAPTIVE, reason=None)
    path, client = f"/console/harm/{flag.pk}/", signed_in(Role.LEGAL)

    assert "Only he can take it back." in client.get(path).content.decode()
    assert client.post(path, {"reason": "Иначе"}).status_code == 422

    flag.taken_back_at = timezone.now()
    flag.save()
    assert client.post(path, {"reason": "Он взял слово назад"}).status_code == 303


def test_the_list_shows_those_that_stand_and_says_what_waits(man):
    standing = HarmFlagFactory(captive=man)
    waiting = HarmFlagFactory(first_lifter=StaffFactory(role=Role.LEGAL), lift_reason="Причина")
    client = signed_in(Role.NEUTRAL)

    page = client.get("/console/harm/").content.decode()
    listed = re.findall(r'href="/console/harm/([0-9a-f-]{36})/"', page)
    assert set(listed) == {str(standing.pk), str(waiting.pk)}
    assert page.count("waits for a second person") == 1
    assert "Причина" not in page
    home = client.get("/console/").content.decode()
    assert re.search(r"Harm flags that wait for a second person</a></td><td[^>]*>1<", home)
    HarmFlag.objects.all().delete()
    assert "No harm flag stands." in client.get("/console/harm/").content.decode()
