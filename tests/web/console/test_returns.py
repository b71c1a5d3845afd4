"""The pages of applications: what was refused comes back on its day."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.boards import AGAINST, FOR, board_members, convened, decided
from tests.cases import WAY_OUT, Case
from tests.factories import HarmFlagFactory, StaffFactory
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.consents.queries import men_to_assess
from wayhome.bureau.returns import actions
from wayhome.bureau.returns.models import Application, Board, Seat
from wayhome.bureau.returns.rules import ApplicationState, Road, looked_at_again_on
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.bureau.staff.rules import Profession

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def case() -> Case:
    one = Case()
    _ = one.application, one.verdict, one.consented, one.assessed
    return one


def officer(case: Case) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(case.staff(Role.DECISION))
    return client


def refused(case: Case) -> None:
    again_on = looked_at_again_on(timezone.localdate())
    against = (AGAINST, AGAINST, FOR)
    decided(case.application, Road.UNILATERAL, case.staff(Role.DECISION), against, again_on)


def test_a_refused_application_waits_for_its_day_and_is_then_on_the_first_page(case):
    refused(case)
    client = officer(case)
    name = case.captive.bureau_number
    assert name not in client.get("/console/applications/?state=again").content.decode()

    Application.objects.update(review_on=timezone.localdate())

    listed = client.get("/console/applications/?state=again").content.decode()
    assert name in listed
    assert "whose day to be looked at again has come" in client.get("/console/").content.decode()


def sent(**told: Any) -> dict[str, Any]:
    return {"idempotency_key": str(uuid.uuid4()), **told}


def signed_in(person: Staff) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_what_was_refused_comes_before_a_new_board_with_a_new_fact_and_is_granted(case):
    refused(case)
    client, three = officer(case), board_members()
    page = reverse("console:application", args=[case.application.pk])
    assert "Look at it again" in client.get(page).content.decode()
    board = reverse("console:application_board", args=[case.application.pk])
    assert "A second decision needs new facts." in client.get(board).content.decode()
    told = {"road": Road.UNILATERAL.value, "members": [str(each.pk) for each in three]}
    assert client.post(board, sent(**told)).status_code == 422

    assert client.post(board, sent(**told, new_fact="место есть")).status_code == 303

    decision = reverse("console:application_decide", args=[case.application.pk])
    assert client.post(decision, sent(reason="место есть")).status_code == 422  # votes are sealed
    for member in three:
        hers = signed_in(member)
        assert case.captive.bureau_number in hers.get(reverse("console:boards")).content.decode()
        seat = reverse("console:seat", args=[Seat.objects.get(member=member, state="asked").pk])
        assert case.surname in hers.get(seat).content.decode()
        assert hers.post(f"{seat}vote/", sent(vote="for", words="да")).status_code == 422
        assert hers.post(f"{seat}conflict/", sent()).status_code == 422
        assert hers.post(f"{seat}conflict/", sent(between="nothing")).status_code == 303
        file = hers.get(seat).content.decode()
        assert "место есть" in file
        assert case.surname not in file  # names were for the declaration alone
        assert "Хочу его забрать" not in file  # nothing that a family says may count
        assert "Votes for it" not in file
        assert hers.post(f"{seat}vote/", sent(vote="for", words="да")).status_code == 303
    assert "Votes for it" in hers.get(seat).content.decode()
    assert "Votes for it" in client.get(decision).content.decode()
    assert client.post(decision, sent(reason="место есть")).status_code == 303
    assert Application.objects.get().state == ApplicationState.GRANTED
    after = client.get(page).content.decode()
    assert "Look at it again</a>" not in after
    assert "3 of 3" in after


def test_a_member_who_has_a_conflict_is_replaced_and_sees_the_file_no_more(case):
    three = board_members()
    board = convened(case.application, Road.UNILATERAL, case.staff(Role.DECISION), three)
    seat = board.seats.get(member=three[1])
    hers, client = signed_in(three[1]), officer(case)
    page = reverse("console:seat", args=[seat.pk])
    hers.post(f"{page}conflict/", sent(between="conflict", words="кум"))
    assert "You do not sit on this board." in hers.get(page).content.decode()
    manages = reverse("console:application_board", args=[case.application.pk])
    assert "кум" in client.get(manages).content.decode()
    (other,) = board_members([Profession.TEACHER])

    replace = {"seat": str(seat.pk), "instead": str(other.pk)}
    assert client.post(f"{manages}member/", sent(**replace)).status_code == 303

    assert Seat.objects.filter(member=other, board=board, state="asked").exists()
    assert hers.get(page).status_code == 404
    assert client.post(f"{manages}end/", sent(reason="не та дорога")).status_code == 303
    assert Board.objects.get().state == "dissolved"


def test_a_day_on_which_nothing_is_new_gives_a_next_day(case):
    refused(case)
    Application.objects.update(review_on=timezone.localdate())
    url = reverse("console:application_again", args=[case.application.pk])

    assert officer(case).post(url, sent(reason="")).status_code == 422
    assert officer(case).post(url, sent(reason="места всё ещё нет")).status_code == 303

    assert Application.objects.get().review_on == looked_at_again_on(timezone.localdate())


def test_whether_the_family_can_travel_is_read_by_whoever_decides(case):
    wish = {"travel": "no", "words": ""}
    Application.objects.all().delete()
    actions.apply_for_him(enquiry=case.enquiry, wish=wish, by=case.enquirer)
    page = reverse("console:application", args=[Application.objects.get().pk])

    assert "They cannot travel" in officer(case).get(page).content.decode()


def test_whoever_has_no_step_reads_that_it_is_somebody_elses(case):
    page = reverse("console:application", args=[case.application.pk])
    sentence = "The next step is somebody else's."

    pages = {
        role: signed_in(case.staff(role)).get(page).content.decode()
        for role in (Role.DECISION, Role.COORDINATOR)
    }

    assert sentence not in pages[Role.DECISION]
    assert sentence in pages[Role.COORDINATOR]


def test_who_is_refused_or_waits_for_his_day_is_still_assessed_by_the_legal_officer():
    case = Case()
    _ = case.application, case.match
    assert case.captive in Captive.objects.filter(pk__in=to_assess())

    refused(case)

    assert case.captive in Captive.objects.filter(pk__in=to_assess())


def to_assess() -> Any:
    applying = Application.objects.that_may_lead_home()
    return men_to_assess(applying=applying.values("captive_id"))


def test_harm_flags_are_searched_by_name_and_number():
    found, other = HarmFlagFactory(), HarmFlagFactory()
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=Role.LEGAL))

    page = client.get(f"/console/harm/?q={found.captive.bureau_number}").content.decode()

    assert f"/console/harm/{found.pk}/" in page
    assert f"/console/harm/{other.pk}/" not in page
    nobody = client.get("/console/harm/?q=A-999999-X").content.decode()
    assert "Nothing fits this search." in nobody


def test_no_day_is_set_before_an_authority_has_signed_for_her_journey(case):
    application = decided(case.application, Road.UNILATERAL, case.staff(Role.DECISION))
    client = signed_in(case.staff(Role.COORDINATOR))
    page = reverse("console:application_guarantee", args=[application.pk])
    appoint = reverse("console:application_appoint", args=[application.pk])
    ways = {f"{who}_{part}": "…" for who in ("his", "her") for part in WAY_OUT}
    day = on("on", timezone.localdate())
    told = {**ways, **day, "crossing": "Шегини"}
    missing = "No signed guarantee for the journey of whoever comes is recorded."
    refused = client.post(appoint, sent(**told))
    assert (refused.status_code, missing in refused.content.decode()) == (422, True)

    assert client.post(page, sent(authority="nobody")).status_code == 422
    assert client.post(page, sent(authority="defence")).status_code == 303
    assert client.post(page, sent(authority="defence")).status_code == 422  # one stands
    assert 'role="alert"' in client.post(page, {}).content.decode()
    paper = client.get(f"{page}paper/")
    assert paper.content.startswith(b"%PDF")
    assert client.post(appoint, sent(**told)).status_code == 422  # printed is not signed
    assert client.post(f"{page}signed/", sent(signed_by="")).status_code == 422
    signed = {"signed_by": "Вигаданий", **on("signed_on", timezone.localdate())}
    assert client.post(f"{page}signed/", sent(**signed)).status_code == 303

    assert client.post(appoint, sent(**told)).status_code == 303
    assert client.post(f"{page}end/", sent()).status_code == 303
    assert client.post(appoint, sent(**told)).status_code == 422


def on(field: str, day: date) -> dict[str, int]:
    return {f"{field}_day": day.day, f"{field}_month": day.month, f"{field}_year": day.year}


def test_a_wish_that_came_on_paper_is_kept_as_hers_and_says_nothing_of_him():
    known, waiting = Case(), Case()
    _ = known.match, waiting.made
    answers = []
    for each in (known, waiting):
        contact = signed_in(each.staff(Role.CONTACT))
        url = reverse("console:enquiry_wish", args=[each.enquiry.bureau_number])
        assert contact.post(url, sent(travel="yes")).status_code == 422  # they are told first
        kept = contact.post(url, sent(told="on", travel="yes", words="двое детей"))
        wish = each.enquiry.applications.select_related("key").get().wish
        assert wish == {"travel": "yes", "words": "двое детей"}
        # She changes her mind: it takes the place of what she said, and is no second wish.
        again = contact.post(url, sent(told="on", travel="no"))
        answers.append((kept.status_code, again.status_code))
        wish = each.enquiry.applications.select_related("key").get().wish
        assert wish == {"travel": "no", "words": "двое детей"}

    assert answers == [(303, 303), (303, 303)]
    assert Application.objects.get(enquiry=known.enquiry).captive == known.captive
    hers = Client(headers={"accept-language": "en"})
    hers.force_login(known.staff(Role.COORDINATOR))
    assert hers.get(url).status_code == 403
