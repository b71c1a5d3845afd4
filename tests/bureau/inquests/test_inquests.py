"""A death in custody is looked into outside the camp, and nobody of the camp leads or reads it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import CustodyEventFactory, SiteFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.actions import Happening
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeKind, Route
from wayhome.bureau.inquests import actions, rules
from wayhome.bureau.inquests.models import Inquest
from wayhome.bureau.inquests.printing import report_paper
from wayhome.bureau.inquests.queries import body_is_needed
from wayhome.bureau.inquests.rules import About, Finding, Heard, Reported, Said, Source, State
from wayhome.bureau.oversight.clocks import running_for
from wayhome.bureau.oversight.rules import ClockKind
from wayhome.bureau.remains.actions import why_not_bury_now
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Role
from wayhome.lib.refusal import Refused

NOON = timezone.now()
SAID = Said(Source.PRISONER, "Сусід по бараку", "Вранці він не встав.", NOON)
BODY = Said(Source.PHYSICIAN, "Лікарка району", "Серце; слідів насильства нема.", NOON)
FOUND = Reported(Finding.NATURAL, "Зупинка серця, за оглядом тіла.")


def codes(refusals) -> list[str]:
    return [one.code for one in refusals if one]


@pytest.mark.parametrize(
    ("reported", "heard", "refused"),
    [
        (FOUND, Heard(About.DEATH, leads=True, physician=True, prisoners=True), []),
        (
            FOUND,
            Heard(About.DEATH, leads=False),
            ["inquest.not_yours", "inquest.no_physician", "inquest.no_witness"],
        ),
        (FOUND, Heard(About.INJURY, leads=True, prisoners=True), []),
        (
            Reported(Finding.UNKNOWN, "Невідомо.", no_witness="Він лежав сам."),
            Heard(About.DEATH, leads=True, physician=True),
            [],
        ),
        (
            Reported(Finding.PERSON, "Удар.", measures=" "),
            Heard(About.INJURY, leads=True, prisoners=True),
            ["inquest.no_measures"],
        ),
        (
            Reported(Finding.NATURAL, " "),
            Heard(About.DEATH, leads=True, physician=True, prisoners=True, reports=1),
            ["inquest.no_cause", "inquest.no_reason"],
        ),
    ],
)
def test_what_a_report_cannot_leave_out(reported, heard, refused):
    assert codes(rules.why_not_report(reported, heard)) == refused


def test_a_captive_is_heard_without_the_camp_and_a_guard_may_be_heard_with_it():
    alone, watched = SAID, Said(Source.PRISONER, "Він", "Так.", NOON, camp_present=True)
    guard = Said(Source.GUARD, "Черговий", "Обхід о шостій.", NOON, camp_present=True)

    assert codes(rules.why_not_hear(alone, leads=True, now=NOON)) == []
    assert codes(rules.why_not_hear(watched, leads=True, now=NOON)) == ["inquest.not_alone"]
    assert codes(rules.why_not_hear(guard, leads=True, now=NOON)) == []
    later = Said(Source.PAPER, "", " ", NOON + timedelta(seconds=1))
    assert codes(rules.why_not_hear(later, leads=False, now=NOON)) == [
        "inquest.not_yours", "inquest.nobody", "inquest.nothing_said", "inquest.future",
    ]  # fmt: skip


@pytest.fixture
def camp(db):
    return StaffFactory(role=Role.CUSTODY)


@pytest.fixture
def outside(db):
    return StaffFactory(role=Role.LEGAL, site=SiteFactory(code="B"))


def dies(man: Captive, by) -> Inquest | None:
    happened = Happening(EventKind.DIED, on=timezone.localdate().isoformat())
    captives.record_custody_event(captive=man, happened=happened, by=by)
    return Inquest.objects.filter(captive=man).select_related("key", "captive__key").first()


@pytest.fixture
def inquest(camp) -> Inquest:
    opened = dies(CustodyEventFactory().captive, camp)
    assert opened is not None
    return opened


def notices(kind: NoticeKind) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("route", flat=True))


def test_a_death_in_custody_is_looked_into_and_both_routes_are_told_at_once(inquest):
    assert (inquest.about, inquest.opened_by, inquest.state()) == (About.DEATH, None, State.WAITS)
    assert notices(NoticeKind.INQUEST) == [Route.AGENCY, Route.POWER]
    legal = StaffFactory(role=Role.LEGAL)
    kinds = {one.kind for one in running_for(legal, number=inquest.captive.bureau_number)}
    assert {ClockKind.INQUEST, ClockKind.INQUEST_REPORT} <= kinds


def test_who_had_escaped_and_died_elsewhere_died_in_nobodys_custody(camp):
    man = CustodyEventFactory().captive
    captives.record_custody_event(
        captive=man, happened=Happening(EventKind.ESCAPED, at=timezone.now()), by=camp
    )

    assert dies(man, camp) is None


def test_nobody_of_his_site_leads_it_and_only_one_person_does(inquest, outside):
    own, second = StaffFactory(role=Role.LEGAL), StaffFactory(role=Role.LEGAL, site=outside.site)
    with pytest.raises(Refused, match=r"inquest\.own_site"), nothing_written():
        actions.lead(inquest=inquest, by=own)
    actions.lead(inquest=inquest, by=outside)
    with pytest.raises(Refused, match=r"inquest\.led"):
        actions.lead(inquest=inquest, by=second)
    for by in (second, own):
        with pytest.raises(Refused, match=r"inquest\.not_yours"):
            actions.hear(inquest=inquest, said=SAID, by=by)


def test_the_camp_neither_leads_nor_reads_it(inquest):
    sees = {
        role
        for role in CONSOLE_ROLES
        if Inquest.objects.visible_to(StaffFactory(role=role)).exists()
    }

    assert sees == {Role.LEGAL, Role.NEUTRAL}
    for role in CONSOLE_ROLES - {Role.LEGAL}:
        with pytest.raises(Forbidden):
            actions.lead(inquest=inquest, by=StaffFactory(role=role))


def test_he_is_not_buried_before_a_physician_has_spoken(inquest, outside):
    body = Remains.objects.select_related("captive").get(captive=inquest.captive)
    assert "burial.needed" in codes(why_not_bury_now(body))
    actions.lead(inquest=inquest, by=outside)
    actions.hear(inquest=inquest, said=SAID, by=outside)
    assert body_is_needed(inquest.captive)

    actions.hear(inquest=inquest, said=BODY, by=outside)

    assert "burial.needed" not in codes(why_not_bury_now(body))


def test_what_was_found_goes_to_his_power_with_every_statement_and_stays(inquest, outside):
    actions.lead(inquest=inquest, by=outside)
    with pytest.raises(Refused, match=r"inquest\.no_physician"), nothing_written():
        actions.report(inquest=inquest, reported=FOUND, by=outside)
    for said in (SAID, BODY):
        actions.hear(inquest=inquest, said=said, by=outside)
    actions.report(inquest=inquest, reported=FOUND, by=outside)
    anew = Reported(Finding.PERSON, "Його вдарили.", measures="Справу передано суду.",
                    reason="Свідок сказав більше.")  # fmt: skip
    actions.report(inquest=inquest, reported=anew, by=outside)

    assert [one.finding for one in inquest.reports.all()] == [Finding.NATURAL, Finding.PERSON]
    assert notices(NoticeKind.INQUEST_REPORT) == [Route.AGENCY, Route.AGENCY, Route.POWER,
                                                  Route.POWER]  # fmt: skip
    assert inquest.state() == State.REPORTED
    kinds = {one.kind for one in running_for(outside)}
    assert not {ClockKind.INQUEST, ClockKind.INQUEST_REPORT} & kinds
    for language in ("en", "uk", "ru"):
        assert report_paper(inquest, language).startswith(b"%PDF")
    with pytest.raises(IntegrityError), transaction.atomic():
        inquest.testimonies.create(
            key=inquest.key, number=9, source=Source.PRISONER, said={},
            camp_present=True, taken_at=NOON, by=outside,
        )  # fmt: skip


def test_a_physician_asks_once_for_an_enquiry_into_an_injury(camp):
    man = CustodyEventFactory().captive
    physician = StaffFactory(role=Role.PHYSICIAN)
    asked = {"captive": man, "by": physician}
    with pytest.raises(Refused, match=r"inquest\.no_words"):
        actions.ask_for_inquest(what=" ", **asked)
    opened = actions.ask_for_inquest(what="Синці на спині; каже, що впав.", **asked)
    with pytest.raises(Refused, match=r"inquest\.open"):
        actions.ask_for_inquest(what="Ще раз.", **asked)

    assert (opened.about, opened.opened_by) == (About.INJURY, physician)
    assert not body_is_needed(man)
    died = dies(man, camp)  # and then he died: that is looked into too
    assert died is not None
    assert set(man.inquests.values_list("about", flat=True)) == {About.DEATH, About.INJURY}
