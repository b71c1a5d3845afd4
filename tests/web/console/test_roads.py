"""The pages of the roads home: what they print, for whom, and that a hidden reason stays hidden."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.boards import convened
from tests.cases import Case
from tests.factories import HarmFlagFactory
from tests.journeying import World
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.models import DangerAssessment
from wayhome.bureau.consents.rules import Danger, Fear
from wayhome.bureau.journeys.models import Journey
from wayhome.bureau.journeys.stopping import look_at_all
from wayhome.bureau.returns import boards
from wayhome.bureau.returns.facts import is_open
from wayhome.bureau.returns.grounds import Found, keep_finding
from wayhome.bureau.returns.models import Application, Ground, Seat
from wayhome.bureau.returns.rules import ROAD_NAMES, TABLE, Road
from wayhome.bureau.returns.rules.grounds import FindingKind, GroundKind
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ON = datetime(2026, 3, 9, 11, 30, tzinfo=UTC)
CLOCK = re.compile(r"\d\d:\d\d EES?T")
RANDOM = re.compile(r'name="(?:csrfmiddlewaretoken|idempotency_key)" value="[^"]*"|nonce="[^"]*"')


def client_of(case: Case, role: Role, number: int = 1) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(case.staff(role, number))
    return client


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, name
    return answer.content.decode()


def form(**told: str) -> dict[str, str]:
    return {"idempotency_key": str(uuid.uuid4()), **told}


def on(field: str, day: str) -> dict[str, str]:
    year, month, date = day.split("-")
    return {f"{field}_day": date, f"{field}_month": month, f"{field}_year": year}


@pytest.mark.parametrize("role", [Role.LEGAL, Role.DECISION, Role.COORDINATOR, Role.NEUTRAL])
def test_the_table_is_printed_whole(role):
    printed = page(client_of(Case(), role), "console:roads")

    for name in ROAD_NAMES.values():
        assert str(name) in printed
    assert printed.count('<th scope="row">') == len(TABLE)
    assert printed.count(">must stand<") == sum(len(row.roads) for row in TABLE)


def test_a_legal_officer_records_an_agreement_a_second_checks_and_it_opens_the_road():
    case = Case()
    _ = case.application, case.verdict, case.consented, case.assessed
    number = case.captive.bureau_number
    first, second = client_of(case, Role.LEGAL), client_of(case, Role.LEGAL, 2)
    told = form(kind="agreement", reference="№ 7", **on("from_on", "2026-03-01"))

    made = first.post(reverse("console:grounds"), told)

    ground = Ground.objects.get()
    assert (made.status_code, ground.kind) == (303, GroundKind.AGREEMENT)
    check = reverse("console:ground_check", args=[ground.pk])
    own = first.post(check, form(only_improves="yes"))
    assert own.status_code == 422
    assert "A second legal officer must check this." in own.content.decode()
    against = "No agreement, checked by a second lawyer, is in force."
    assert against in page(second, "console:roads_of", number)
    assert second.post(check, form(only_improves="yes")).status_code == 303
    assert against not in page(second, "console:roads_of", number)
    assert "This road is open." in page(client_of(case, Role.DECISION), "console:roads_of", number)

    ends = reverse("console:ground_end", args=[ground.pk])
    assert first.post(ends, form(reason="")).status_code == 422
    assert first.post(ends, form(reason="истекла")).status_code == 303
    assert against in page(second, "console:roads_of", number)


def test_findings_are_kept_by_whoever_finds_them_and_read_by_nobody_else():
    case = Case()
    number = case.captive.bureau_number
    doctor = client_of(case, Role.PHYSICIAN)
    url = reverse("console:roads_health", args=[number])

    assert doctor.post(url, form(value="fit to travel:fit")).status_code == 422
    assert doctor.post(url, form(value="court:proceedings")).status_code == 422
    today = timezone.localdate().isoformat()
    fit = doctor.post(url, form(value="fit to travel:fit", **on("until", today)))

    assert fit.status_code == 303
    assert "Can travel until the day below" in doctor.get(url).content.decode()
    legal = client_of(case, Role.LEGAL)
    assert "Can travel" not in page(legal, "console:roads_legal", number)
    assert legal.get(url).status_code == 403


def test_whoever_reads_applications_opens_the_roads_of_nobody_else():
    case = Case()
    for role in (Role.DECISION, Role.COORDINATOR):
        url = reverse("console:roads_of", args=[case.captive.bureau_number])
        assert client_of(case, role).get(url).status_code == 404


def test_from_the_list_without_a_plan_a_coordinator_opens_his_file():
    case = Case(road=Road.END_OF_HOSTILITIES)
    _ = case.captive, case.ground
    client, number = client_of(case, Role.COORDINATOR), case.captive.bureau_number
    assert number in page(client, "console:without_plan")
    assert "nobody has asked for him" in page(client, "console:roads_of", number)
    url = reverse("console:roads_open", args=[number])
    assert client.post(url, {}).status_code == 422

    opened = client.post(url, form())

    file = Application.objects.get()
    assert (opened.status_code, file.by_law) == (303, True)
    assert "nobody: hostilities have ended" in page(client, "console:application", file.pk)
    assert "nobody has asked for him" not in page(client, "console:roads_of", number)


# Who reads why.


def _fear(fear: Fear) -> Callable[[Case], object]:
    return lambda case: consents.answer_fear(fear=fear, words="убьют", by=case.sitting)


def _danger(danger: Danger) -> Callable[[Case], object]:
    return lambda case: consents.assess_danger(
        captive=case.captive, danger=danger, reasons="угрозы", by=case.staff(Role.LEGAL)
    )


def _court(case: Case) -> None:
    found = Found(FindingKind.COURT, "proceedings", "Суд № 3")
    keep_finding(captive=case.captive, found=found, by=case.staff(Role.LEGAL))


HIDDEN: dict[str, Callable[[Case], object]] = {
    "he fears": _fear(Fear.YES),
    "he is unsure": _fear(Fear.UNSURE),
    "substantial danger": _danger(Danger.SUBSTANTIAL),
    "more to find out": _danger(Danger.MORE_NEEDED),
    "not assessed": lambda case: DangerAssessment.objects.all().delete(),
    "a harm flag": lambda case: HarmFlagFactory(captive=case.captive),
    "a court": _court,
}
READERS = (Role.DECISION, Role.COORDINATOR)


def told_to(case: Case, role: Role) -> list[str]:
    """Every page about him that this role is served, but for what is random on it."""
    client = client_of(case, role)
    application, number = case.application.pk, case.captive.bureau_number
    urls = [
        reverse("console:home"),
        reverse("console:applications"),
        reverse("console:application", args=[application]),
        reverse("console:application_decide", args=[application]),
        reverse("console:application_board", args=[application]),
        reverse("console:application_guarantee", args=[application]),
        reverse("console:application_appoint", args=[application]),
        reverse("console:act_prepare", args=[application]),
        reverse("console:roads_of", args=[number]),
        reverse("console:without_plan"),
    ]
    answers = [client.get(url) for url in urls]
    # A page that is not this role's says so with a number of its own.
    return [
        RANDOM.sub("", answer.content.decode()) if answer.status_code == 200 else "not theirs"
        for answer in answers
    ]


def test_whoever_decides_or_plans_reads_that_the_legal_officer_stops_it_and_never_why():
    case = Case()
    _ = case.granted
    open_pages = {role: told_to(case, role) for role in READERS}
    assert is_open(case.granted)
    stopped: dict[Role, list[str]] = {}
    for what, happens in HIDDEN.items():
        happens(case)
        assert not is_open(Application.objects.get()), what
        for role in READERS:
            seen = told_to(case, role)
            assert seen == stopped.setdefault(role, seen), (what, role)
        _forget_all(case)
    assert "Stopped by the legal officer." in " ".join(stopped[Role.DECISION])
    assert "not theirs" not in (stopped[Role.DECISION][2], stopped[Role.COORDINATOR][2])
    assert stopped[Role.DECISION] != open_pages[Role.DECISION]


def test_a_board_member_reads_that_the_legal_officer_stops_it_and_never_why():
    case = Case()
    _ = case.verdict, case.consented, case.assessed, case.ground, case.staff(Role.LEGAL)
    board = convened(case.application, case.road, case.staff(Role.DECISION))
    asked, reads, _third = board.seats_standing()
    boards.declare_free(seat=reads, by=reads.member)
    open_pages = {seat.pk: told_to_member(seat) for seat in (asked, reads)}
    open_pages[board.pk] = told_of_board(case)
    stopped: dict[object, list[str]] = {}
    for what, happens in HIDDEN.items():
        happens(case)
        seen = {seat.pk: told_to_member(seat) for seat in (asked, reads)}
        seen[board.pk] = told_of_board(case)
        for who, pages in seen.items():
            assert pages == stopped.setdefault(who, pages), what
        _forget_all(case)
    assert "Stopped by the legal officer." in " ".join(stopped[reads.pk])
    assert stopped[reads.pk] != open_pages[reads.pk]
    assert stopped[asked.pk] == open_pages[asked.pk]  # not even that it is stopped


def told_to_member(seat: Seat) -> list[str]:
    """Every page that a member is served."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(seat.member)
    names = [("console:home",), ("console:boards",), ("console:seat", seat.pk)]
    return [RANDOM.sub("", page(client, *name)) for name in names]


def told_of_board(case: Case) -> list[str]:
    """What whoever convened it is served of it."""
    client, application = client_of(case, Role.DECISION), case.application.pk
    names = ("console:application_board", "console:application_decide")
    return [RANDOM.sub("", page(client, name, application)) for name in names]


def _forget_all(case: Case) -> None:
    """Back to where nothing was against it: each hidden reason stands alone."""
    case.captive.findings.all().delete()
    case.captive.harm_flags.all().delete()
    case.captive.fears.exclude(pk=case.captive.fears.earliest("at").pk).delete()
    DangerAssessment.objects.all().delete()
    consents.assess_danger(
        captive=case.captive, danger=Danger.NONE_KNOWN, reasons="нет", by=case.staff(Role.LEGAL)
    )


def test_the_legal_officer_reads_why():
    case = Case()
    _ = case.granted
    _fear(Fear.YES)(case)
    _court(case)
    legal, number = client_of(case, Role.LEGAL), case.captive.bureau_number

    assert "He fears to go back" in page(legal, "console:danger_man", number)
    assert "Суд № 3" in page(legal, "console:roads_legal", number)


def test_whoever_plans_and_she_herself_read_the_same_whatever_stops_a_journey():
    case = Case()
    world = World(by=case.staff(Role.COORDINATOR))
    world.travels(case)
    world.published()
    journey = world.confirmed(case)
    stopped: list[str] = []

    for what, happens in HIDDEN.items():
        with transaction.atomic():
            happens(case)
            look_at_all()
            seen = pages_of_a_journey(case, journey)
            stopped = stopped or seen
            assert seen == stopped, what
            transaction.set_rollback(True)

    assert "The road home is not open any more" in stopped[0]
    assert stopped[0] != pages_of_a_journey(case, journey)[0]


def pages_of_a_journey(case: Case, journey: Journey) -> list[str]:
    coordinator, hers = client_of(case, Role.COORDINATOR), Client()
    session = hers.session
    session["enquirer_id"] = str(case.enquirer.pk)
    session.save()
    hers.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    asked = [
        page(coordinator, "console:journey", journey.pk),
        page(coordinator, "console:application", case.granted.pk),
        page(coordinator, "console:journeys"),
        coordinator.get(reverse("console:journeys"), {"state": "back"}).content.decode(),
        page(hers, "portal:application"),
    ]
    return [CLOCK.sub("", RANDOM.sub("", each)) for each in asked]
