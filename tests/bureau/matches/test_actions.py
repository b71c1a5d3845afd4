"""Two people, neither seeing the other's verdict, confirm a match; two withdraw it."""

import contextlib

import pytest
from django.db import transaction

from tests.factories import CaptiveFactory, EnquiryFactory, StaffFactory
from wayhome.bureau.captives.actions import propose_same_men
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.matches import bridge
from wayhome.bureau.matches.actions import (
    Judged,
    ask_withdrawal,
    judge_candidate,
    match_all,
    rematch_captive,
    rematch_enquiry,
    withdraw_match,
)
from wayhome.bureau.matches.models import Candidate, Comparison, Judgement, Match, Outlook
from wayhome.bureau.matches.rules import CandidateState, Verdict
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_indexes")]
HE = {"surname": "Буйничев", "given": "Константин", "patronymic": "Ильич", "born": "1999-04-12"}
SAME = Judged(Verdict.SAME, "name and date")


@pytest.fixture
def candidate():
    CaptiveFactory(**HE)
    enquiry = EnquiryFactory(**HE)
    rematch_enquiry(enquiry)
    return Candidate.objects.get(enquiry=enquiry)


@pytest.fixture
def officers():
    return [StaffFactory(role=Role.TRACING) for _ in range(3)]


def test_an_enquiry_finds_the_man_in_another_spelling():
    captive = CaptiveFactory(**HE)
    enquiry = EnquiryFactory(surname="Buinichev", given="Kostya", patronymic="", born="1999")

    rematch_enquiry(enquiry)

    assert Candidate.objects.get(enquiry=enquiry).captive == captive


def test_the_fathers_first_name_of_a_card_is_compared_with_her_patronymic():
    CaptiveFactory(**HE | {"patronymic": "", "father_name": "Ілля"})
    enquiry = EnquiryFactory(**HE)

    rematch_enquiry(enquiry)

    evidence = Candidate.objects.get(enquiry=enquiry).evidence
    verdict, bits = next((x[1], x[3]) for x in evidence if x[0] == "patronymic")
    assert verdict == "agrees"
    assert bits > 0


COMRADE = {
    "surname": "Щеголихин",
    "given": "Аристарх",
    "patronymic": "Саввич",
    "born": "1988-05-17",
}


def test_a_comrade_who_is_on_the_register_tells_the_unit():
    of_his_unit, other = (CaptiveFactory(**HE, unit=each) for each in ("в/ч 74577", "в/ч 12390"))
    CaptiveFactory(**COMRADE, unit="74577")
    enquiry = EnquiryFactory(**HE, comrade="Щеголихин Аристарх, 17.05.1988")

    rematch_enquiry(enquiry)

    by_man = {
        each.captive: next(x[1:4] for x in each.evidence if x[0] == "unit")
        for each in Candidate.objects.filter(enquiry=enquiry)
    }
    assert by_man[of_his_unit][:2] == ["agrees", "unit.comrade"]
    assert by_man[of_his_unit][2] > 0 > by_man[other][2]
    assert by_man[other][1] == "unit.comrade_differs"
    assert all("Щеголихин" not in str(x.evidence) for x in Candidate.objects.all())


def test_a_comrade_stands_in_no_index():
    enquiry = EnquiryFactory(**HE, comrade="Щеголихин Аристарх, 17.05.1988")
    rematch_enquiry(enquiry)
    bridge.enquiries_like(enquiry)

    held = [x for x in bridge.SOUGHT.folder.rglob("*") if x.is_file()]
    assert held
    assert not any("Щеголихин".encode() in x.read_bytes() for x in held)


def test_a_new_card_finds_the_family_that_waits():
    enquiry = EnquiryFactory(**HE)
    rematch_enquiry(enquiry)
    captive = CaptiveFactory(**HE)

    rematch_captive(captive)

    assert Candidate.objects.get().enquiry == enquiry


def test_two_cards_of_one_man_are_proposed_once_by_the_record_that_stands_for_him():
    first = CaptiveFactory(**HE)
    CaptiveFactory(**HE, same_as=first)

    rematch_enquiry(EnquiryFactory(**HE))

    assert [c.captive for c in Candidate.objects.all()] == [first]


def test_two_cards_of_one_man_share_their_probability_and_the_best_is_compared():
    first = CaptiveFactory(**HE | {"born": "1999-04"})
    best = CaptiveFactory(**HE, same_as=first)
    enquiry = EnquiryFactory(**HE)
    of_each = {x.person: x.probability for x in bridge.proposals_for_enquiry(enquiry).all}

    rematch_enquiry(enquiry)

    candidate = Candidate.objects.get()
    assert candidate.captive == first
    assert candidate.compared == best
    assert candidate.probability == pytest.approx(min(1.0, sum(of_each.values())))


def test_two_whom_the_machine_takes_for_one_man_are_one_share_of_the_whole():
    for number in range(14):
        CaptiveFactory(surname=f"Жерех{number}", given="Глеб", born=f"{1980 + number}")
    for _ in range(2):
        CaptiveFactory(**HE, birthplace="Ветлуга", mother_name="Буйничева Агафья Титовна")
    enquiry = EnquiryFactory(**HE, birthplace="Ветлуга")

    rematch_enquiry(enquiry)

    outlook = Outlook.objects.get(enquiry=enquiry)
    first, second = Candidate.objects.filter(enquiry=enquiry, bits__gt=10).order_by("rank")
    assert (first.likely_same, second.likely_same) == (None, first.captive)
    assert first.probability == pytest.approx(second.probability)
    counted = Candidate.objects.filter(enquiry=enquiry, likely_same=None)
    shown = counted.values_list("probability", flat=True)
    assert sum(shown) + outlook.unshown + outlook.absent == pytest.approx(1.0)


def test_everybody_who_could_be_meant_and_nobody_make_one_whole():
    for number in range(14):
        CaptiveFactory(surname="Іванов", given="Иван", born=f"{1980 + number}")
    enquiry = EnquiryFactory(surname="Иванов", given="Иван")

    rematch_enquiry(enquiry)

    outlook = Outlook.objects.get(enquiry=enquiry)
    shown = Candidate.objects.filter(enquiry=enquiry).values_list("probability", flat=True)
    assert sum(shown) + outlook.unshown + outlook.absent == pytest.approx(1.0)


def test_a_corrected_card_takes_its_unjudged_proposal_back(candidate):
    captive = candidate.captive
    captive.surname, captive.given, captive.born = "Іваненко", "Петро", "1970-01-01"
    captive.patronymic = "Олегович"
    captive.save()

    rematch_captive(captive)

    candidate.refresh_from_db()
    assert candidate.state == CandidateState.GONE


def test_two_same_from_two_people_confirm_the_match(candidate, officers):
    assert judge_candidate(candidate=candidate, judged=SAME, by=officers[0]) is None

    match = judge_candidate(candidate=candidate, judged=SAME, by=officers[1])

    assert {match.first_judge, match.second_judge} == set(officers[:2])
    candidate.refresh_from_db()
    assert candidate.state == CandidateState.CONFIRMED


def test_one_person_cannot_judge_twice(candidate, officers):
    judge_candidate(candidate=candidate, judged=SAME, by=officers[0])

    with pytest.raises(Refused, match=r"matches\.again"):
        judge_candidate(candidate=candidate, judged=SAME, by=officers[0])

    assert Judgement.objects.count() == 1


def test_after_a_disagreement_two_same_on_a_new_fact_are_needed(candidate, officers):
    judge_candidate(candidate=candidate, judged=SAME, by=officers[0])
    judge_candidate(candidate=candidate, judged=Judged(Verdict.DIFFERENT, "no"), by=officers[1])
    with pytest.raises(Refused, match=r"matches\.new_fact"):
        judge_candidate(candidate=candidate, judged=SAME, by=officers[2])
    told = Judged(Verdict.SAME, "now", new_fact="a scar she named")

    assert judge_candidate(candidate=candidate, judged=told, by=officers[2]) is None
    assert not Match.objects.exists()
    assert judge_candidate(candidate=candidate, judged=SAME, by=officers[0]) is not None


def test_a_match_is_withdrawn_by_two(candidate, officers):
    judge_candidate(candidate=candidate, judged=SAME, by=officers[0])
    match = judge_candidate(candidate=candidate, judged=SAME, by=officers[1])
    ask_withdrawal(match=match, reason="another man", by=officers[0])
    with pytest.raises(Refused, match=r"matches\.second"):
        withdraw_match(match=match, by=officers[0])

    withdraw_match(match=match, by=officers[2])

    assert not Match.objects.standing().exists()


def test_somebody_without_the_permission_judges_nothing(candidate):
    with pytest.raises(Forbidden):
        judge_candidate(candidate=candidate, judged=SAME, by=StaffFactory(role=Role.CONTACT))

    assert not Judgement.objects.exists()


def test_everything_is_compared_and_the_day_is_kept(candidate):
    seen = []

    done = match_all(lambda at, of: seen.append((at, of)))

    assert (done.enquiries, done.captives, seen) == (1, 1, [(1, 1)])
    assert Comparison.objects.get().enquiries == 1


@pytest.mark.django_db(transaction=True)
def test_a_record_whose_registration_was_undone_is_proposed_to_nobody():
    enquiry = EnquiryFactory(surname="Ветошников", given="Прохор", born="1999-02-03")
    alike = {"surname": "Ветошников", "given": "Прохор", "born": "1999-02-03"}
    with contextlib.suppress(RuntimeError), transaction.atomic():
        undone = CaptiveFactory(**alike)
        assert bridge.proposals_for_enquiry(enquiry).all  # the index has seen him
        raise RuntimeError
    assert not Captive.objects.filter(pk=undone.pk).exists()

    assert rematch_enquiry(enquiry) == 0
    assert propose_same_men([CaptiveFactory(**alike)]) == 0  # nobody but the undone one
