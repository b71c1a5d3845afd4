"""Acts of law and findings: what is kept, what opens, what reaches whom."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.boards import decided
from tests.cases import Case
from tests.factories import StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Answer, Danger, Fear, Kind
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeKind, Route
from wayhome.bureau.oversight.actions import tell_overdue
from wayhome.bureau.oversight.models import Overdue
from wayhome.bureau.oversight.rules import ClockKind
from wayhome.bureau.returns import actions
from wayhome.bureau.returns.facts import facts_of, facts_of_man, is_open
from wayhome.bureau.returns.grounds import (
    Found,
    LawfulAct,
    check_ground,
    end_ground,
    keep_finding,
    record_ground,
)
from wayhome.bureau.returns.models import Application, Finding, Ground
from wayhome.bureau.returns.queries import to_assess, without_plan
from wayhome.bureau.returns.rules import Road, missing_for_act, reasons_against
from wayhome.bureau.returns.rules.grounds import FindingKind, GroundKind
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def case() -> Case:
    return Case()


def ended(case: Case, days_ago: int = 0) -> Ground:
    """Two legal officers say that active hostilities have ended."""
    on = timezone.localdate() - timedelta(days=days_ago)
    act = LawfulAct(GroundKind.HOSTILITIES_ENDED, "Договір про мир (вигаданий)", "", on)
    kept = record_ground(act=act, by=case.staff(Role.LEGAL))
    return check_ground(ground=kept, only_improves=True, by=case.staff(Role.LEGAL, 2))


def find(
    case: Case, role: Role, kind: FindingKind, value: str, words: str = "основание"
) -> Finding:
    until = timezone.localdate() if kind == FindingKind.FIT and value == "fit" else None
    found = Found(kind, value, words, until)
    return keep_finding(captive=case.captive, found=found, by=case.staff(role))


def codes(case: Case, road: Road) -> list[str]:
    return [reason.code for reason in reasons_against(facts_of_man(case.captive, road))]


def test_an_agreement_opens_its_road_once_a_second_lawyer_has_checked_it(case):
    today, first, second = timezone.localdate(), case.staff(Role.LEGAL), case.staff(Role.LEGAL, 2)
    act = LawfulAct(GroundKind.AGREEMENT, "Договорённость № 7", "headquarters", today)
    kept = record_ground(act=act, by=first)
    assert "returns.no_agreement" in codes(case, Road.EXCHANGE)
    with nothing_written(), pytest.raises(Refused, match=r"grounds\.second"):
        check_ground(ground=kept, only_improves=True, by=first)
    with nothing_written(), pytest.raises(Refused, match=r"grounds\.lessens"):
        check_ground(ground=kept, only_improves=False, by=second)

    check_ground(ground=kept, only_improves=True, by=second)
    assert "returns.no_agreement" not in codes(case, Road.EXCHANGE)

    end_ground(ground=kept, reason="истекла", by=second)
    assert "returns.no_agreement" in codes(case, Road.EXCHANGE)
    with nothing_written(), pytest.raises(Refused, match=r"grounds\.settled"):
        end_ground(ground=kept, reason="истекла", by=second)


def test_a_law_that_forbids_parole_is_one_law_and_closes_the_road(case):
    today, first = timezone.localdate(), case.staff(Role.LEGAL)
    law = LawfulAct(GroundKind.PAROLE_LAW, "Статут (вымышленный)", "", today, allows=False)
    kept = record_ground(act=law, by=first)
    check_ground(ground=kept, only_improves=True, by=case.staff(Role.LEGAL, 2))

    assert "returns.parole_law" in codes(case, Road.PAROLE)
    with nothing_written(), pytest.raises(Refused, match=r"grounds\.one"):
        record_ground(act=replace(law, allows=True), by=first)


def test_the_database_wants_a_second_person_and_one_end_of_hostilities(case):
    kept = ended(case)

    for change in ({"checked_by": kept.recorded_by}, {"checked_at": None}, {"ended_by": None,
                    "ended_at": timezone.now()}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Ground.objects.filter(pk=kept.pk).update(**change)
    twin = Ground.objects.get(pk=kept.pk)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_only_a_legal_officer_keeps_the_register_and_each_finds_what_is_theirs(case):
    act = LawfulAct(GroundKind.AGREEMENT, "№ 7", "", timezone.localdate())
    for role in (Role.DECISION, Role.COORDINATOR, Role.NEUTRAL, Role.AUDITOR):
        other_role = StaffFactory(role=role)
        with nothing_written(), pytest.raises(Forbidden):
            record_ground(act=act, by=other_role)
    theirs = {
        Role.PHYSICIAN: (FindingKind.MEDICAL, "incurable"),
        Role.LEGAL: (FindingKind.COURT, "proceedings"),
        Role.NEUTRAL: (FindingKind.GUARDIAN, "agrees"),
    }
    for role, (kind, value) in theirs.items():
        find(case, role, kind, value)
        _ = [case.staff(other) for other in (*theirs, Role.DECISION, Role.REGISTRAR)]
        for other in {*theirs, Role.DECISION, Role.REGISTRAR} - {role}:
            with nothing_written(), pytest.raises(Forbidden):
                find(case, other, kind, value)
            seen = Finding.objects.visible_to(case.staff(other))
            assert not seen.filter(kind=kind).exists()
        assert Finding.objects.visible_to(case.staff(role)).get().kind == kind


def test_the_medical_road_opens_by_a_finding_and_a_certificate_and_closes_with_the_next(case):
    _ = case.consented, case.assessed
    doctor = Role.PHYSICIAN
    assert codes(case, Road.MEDICAL)[0] == "returns.unfit"
    find(case, doctor, FindingKind.FIT, "fit")
    find(case, doctor, FindingKind.MEDICAL, "within a year")
    assert "returns.not_grave" in codes(case, Road.MEDICAL)
    assert "returns.not_for_neutral" not in codes(case, Road.NEUTRAL)

    find(case, doctor, FindingKind.MEDICAL, "over a year")
    assert codes(case, Road.MEDICAL) == ["returns.no_yes"]  # nobody asked for him; he did not
    find(case, doctor, FindingKind.PROPOSED, "representative")
    assert "returns.not_examined" in codes(case, Road.MEDICAL)
    find(case, doctor, FindingKind.MEDICAL, "none")

    assert "returns.not_examined" not in codes(case, Road.MEDICAL)
    assert "returns.not_grave" in codes(case, Road.MEDICAL)
    Finding.objects.filter(kind=FindingKind.FIT).update(
        until=timezone.localdate() - timedelta(days=1)
    )
    assert "returns.unfit" in codes(case, Road.MEDICAL)


def test_names_of_those_a_court_holds_and_a_word_of_honour_are_communicated(case):
    """GC III 115 and 119; GC III 21."""
    find(case, Role.LEGAL, FindingKind.COURT, "proceedings", "Суд № 3, дело 12")
    find(case, Role.NEUTRAL, FindingKind.WORD, "given", "Обещаю не воевать до конца.")
    find(case, Role.LEGAL, FindingKind.COURT, "ended", "прекращено")

    for kind in (NoticeKind.COURT, NoticeKind.PAROLE):
        sent = Notice.objects.filter(captive=case.captive, kind=kind)
        assert {notice.route for notice in sent} == set(Route)
    promise = Notice.objects.select_related("key").filter(kind=NoticeKind.PAROLE).first()
    assert promise
    assert promise.particulars["promise"] == "Обещаю не воевать до конца."


def test_the_switch_lists_every_file_without_a_plan_the_next_day(case):
    other = Case()
    _ = case.appointment, other.captive
    assert not without_plan(timezone.localdate()).exists()

    ended(case)

    assert other.captive in without_plan(timezone.localdate())
    assert case.captive not in without_plan(timezone.localdate())
    late = Overdue.objects.filter(kind=ClockKind.PLAN)
    tell_overdue(timezone.now())
    assert not late.filter(number=other.captive.bureau_number).exists()
    Captive.objects.update(registered_at=timezone.now() - timedelta(days=40))
    tomorrow = timezone.now() + timedelta(days=1)
    tell_overdue(tomorrow)
    listed = late.visible_to(case.staff(Role.AUDITOR)).values_list("number", flat=True)
    assert list(listed) == [other.captive.bureau_number]
    # A day that passed without an act is no plan.
    case.granted.appointments.update(on=timezone.localdate() - timedelta(days=1))
    assert case.captive in without_plan(timezone.localdate())


def test_after_the_end_a_man_for_whom_nobody_asked_goes_home_all_the_same(case):
    _, coordinator = case.assessed, case.staff(Role.COORDINATOR)
    with nothing_written(), pytest.raises(Refused, match=r"returns\.not_ended"):
        actions.open_by_law(captive=case.captive, by=coordinator)
    ended(case)

    file = actions.open_by_law(captive=case.captive, by=coordinator)

    assert (file.by_law, file.enquiry, is_open(file)) == (True, None, False)  # no road named yet
    granted = decided(file, Road.END_OF_HOSTILITIES, case.staff(Role.DECISION))
    assert is_open(granted)
    with nothing_written(), pytest.raises(Refused, match=r"returns\.file"):
        actions.open_by_law(captive=case.captive, by=coordinator)
    decision = case.staff(Role.DECISION)
    with nothing_written(), pytest.raises(Forbidden):
        actions.open_by_law(captive=case.captive, by=decision)
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=file.pk).update(by_captive=True)


def test_after_the_end_all_are_assessed_and_a_no_is_assessed_anew(case):
    _ = case.consented, case.assessed
    today = timezone.localdate()
    assert case.captive not in Captive.objects.filter(to_assess(today))
    unasked = Case().captive
    assert unasked not in Captive.objects.filter(to_assess(today))
    ended(case)
    assert unasked in Captive.objects.filter(to_assess(today))
    assert "returns.legal" not in codes(case, Road.END_OF_HOSTILITIES)

    consents.answer(match=case.match, kind=Kind.GO_HOME, answer=Answer.NO, by=case.sitting)

    assert codes(case, Road.END_OF_HOSTILITIES) == ["returns.legal"]
    assert case.captive in Captive.objects.filter(to_assess(today))
    consents.assess_danger(
        captive=case.captive, danger=Danger.NONE_KNOWN, reasons="проверено",
        by=case.staff(Role.LEGAL),
    )  # fmt: skip
    assert codes(case, Road.END_OF_HOSTILITIES) == []  # unwillingness alone is no ground


# Nothing of these may be read: whoever differs in them alone is equal on every road (GC III 16).
BORN_AS = (
    {"birthplace": "Грозный", "unit": "в/ч 00000", "note": "мусульманин"},
    {"birthplace": "Улан-Удэ", "unit": "declined", "note": "буддист"},
    {"birthplace": "declined", "unit": "", "note": "за мир"},
)
WISHES = (
    {"words": "Дам интервью, подпишу обращение", "travel": "yes"},
    {"words": "Заплачу сколько надо", "travel": "unsure"},
    {"words": "", "travel": "yes"},
)


def test_no_reason_reads_faith_origin_opinion_or_what_a_family_said_or_paid():
    seen = []
    for card, wish in zip(BORN_AS, (*WISHES[1:], WISHES[0]), strict=True):
        one = Case(card=dict(card), wish=dict(wish))
        _ = one.application, one.verdict, one.consented, one.assessed
        facts = replace(facts_of(one.application, None), yes_is_fresh=True)
        seen.append([
            ([reason.code for reason in missing_for_act(replace(facts, road=road))],
             is_open(one.application))
            for road in Road
        ])  # fmt: skip

    assert seen[0] == seen[1] == seen[2]


def test_a_planner_reads_whether_a_road_is_open_and_nothing_else(case):
    _ = case.granted
    assert is_open(case.granted) is True

    consents.answer_fear(fear=Fear.UNSURE, words="", by=case.sitting)

    assert is_open(case.granted) is False
