"""Two cards of one man: proposed by the machine, linked by a person, unlinked again."""

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories import CaptiveFactory, StaffFactory
from wayhome.bureau.captives import bridge
from wayhome.bureau.captives.actions import judge_same_man, propose_same_men
from wayhome.bureau.captives.announcements import men_linked
from wayhome.bureau.captives.models import Captive, SameManProposal
from wayhome.bureau.captives.rules import ProposalState
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HIM = {
    "surname": "Буйничев", "given": "Прохор", "patronymic": "Лаврентьевич",
    "born": "1999-05-03", "birthplace": "Ветлуга", "unit": "217 дшп",
}  # fmt: skip
OTHERS = ("Жерех", "Лаптун", "Мокроусов", "Пичугин", "Ряполов", "Сыроват", "Тючев", "Щапов")


@pytest.fixture(autouse=True)
def _fresh_index():
    bridge.REGISTER.forget()


@pytest.fixture
def clerk():
    return StaffFactory(role=Role.REGISTRAR)


@pytest.fixture
def register():
    for number, surname in enumerate(OTHERS):
        CaptiveFactory(surname=surname, given="Глеб", patronymic="", born=f"{1970 + number}-01-09")


def card(**other) -> Captive:
    return CaptiveFactory(**{**HIM, **other})


def proposed(one: Captive, other: Captive) -> SameManProposal:
    return SameManProposal.objects.create(earlier=one, later=other, bits=30, probability=0.9)


def test_another_card_of_the_same_man_is_proposed_and_nobody_else(register):
    first = card()
    second = card(
        surname="Buinichev", given="Prokhor", patronymic="Lavrentievich", birthplace="Vetluga"
    )

    propose_same_men(Captive.objects.all())

    pair = SameManProposal.objects.get()
    assert (pair.earlier, pair.later, pair.state) == (first, second, ProposalState.OPEN)
    assert pair.probability > 0.9
    assert {"surname", "born"} <= {name for name, *_ in pair.evidence}
    assert "Буйничев" not in str(pair.evidence)
    assert "Buinichev" not in str(pair.evidence)


def test_a_brother_is_not_proposed(register):
    card()
    card(given="Архип", born="2001-08-19")

    assert propose_same_men(Captive.objects.all()) == 0


def test_looking_again_proposes_nothing_twice_and_keeps_verdicts(register, clerk):
    card()
    card()
    propose_same_men(Captive.objects.all())
    pair = SameManProposal.objects.get()
    judge_same_man(proposal=pair, verdict=ProposalState.DIFFERENT, reason="Два двойники", by=clerk)

    propose_same_men(Captive.objects.all())

    assert SameManProposal.objects.get().state == ProposalState.DIFFERENT


def test_the_same_links_and_a_later_verdict_unlinks(clerk):
    first, second = card(), card()
    pair = proposed(first, second)
    heard = []
    men_linked.connect(lambda captive, **_: heard.append(captive), weak=False, dispatch_uid="t")
    try:
        judge_same_man(proposal=pair, verdict=ProposalState.SAME, reason="Та же мать", by=clerk)
        second.refresh_from_db()
        assert second.principal == first
        assert set(first.all_records()) == {first, second}

        judge_same_man(proposal=pair, verdict=ProposalState.DIFFERENT, reason="Ошибка", by=clerk)
    finally:
        men_linked.disconnect(dispatch_uid="t")

    second.refresh_from_db()
    assert second.same_as is None
    assert heard == [second, second]
    assert Captive.objects.count() == 2
    actions = Entry.objects.filter(person=second.bureau_number).order_by("at")
    assert list(actions.values_list("action", flat=True)) == [
        "same man judged", "record linked", "same man judged", "record unlinked",
    ]  # fmt: skip
    tasks = ProcrastinateJob.objects.filter(
        task_name="matches.rematch_captive",
        args__captive_id__in=[str(first.pk), str(second.pk)],  # other tests leave theirs
    )
    assert tasks.count() == 2


def test_three_cards_hang_on_the_earliest_and_part_again(clerk):
    first, second, third = card(), card(), card()
    late, early = proposed(second, third), proposed(first, second)
    same = {"verdict": ProposalState.SAME, "reason": "Та же мать", "by": clerk}

    judge_same_man(proposal=late, **same)
    assert links() == {third: second}
    judge_same_man(proposal=early, **same)
    assert links() == {second: first, third: first}
    judge_same_man(proposal=early, **{**same, "verdict": ProposalState.UNDECIDED})
    assert links() == {third: second}


def links() -> dict[Captive, Captive]:
    linked = Captive.objects.exclude(same_as=None).select_related("same_as")
    return {one: one.same_as for one in linked if one.same_as}


@pytest.mark.parametrize(
    ("verdict", "reason", "code"),
    [
        (ProposalState.SAME, " ", "captives.no_reason"),
        (ProposalState.OPEN, "Причина", "captives.same_verdict"),
    ],
)
def test_a_verdict_without_a_reason_or_news_writes_nothing(clerk, verdict, reason, code):
    pair = proposed(card(), card())

    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        judge_same_man(proposal=pair, verdict=verdict, reason=reason, by=clerk)

    assert links() == {}
    assert not Entry.objects.exists()


def test_only_a_registrar_judges():
    pair = proposed(card(), card())

    with pytest.raises(Forbidden):
        judge_same_man(
            proposal=pair,
            verdict=ProposalState.SAME,
            reason="Причина",
            by=StaffFactory(role=Role.CUSTODY),
        )


def test_the_database_refuses_a_verdict_of_nobody():
    pair = proposed(card(), card())

    with pytest.raises(IntegrityError), transaction.atomic():
        SameManProposal.objects.filter(pk=pair.pk).update(state=ProposalState.SAME)
