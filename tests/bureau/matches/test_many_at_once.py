"""Files of cards and enquiries are matched as single ones are, many at once."""

import pytest

from tests.factories import CaptiveFactory, EnquiryFactory
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.matches import actions, bridge
from wayhome.bureau.matches.models import Candidate
from wayhome.bureau.matches.rules import least_bits_worth_showing

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("fresh_indexes")]
SURNAMES = ("Жерех", "Лаптун", "Мокроусов", "Пичугин", "Ряполов", "Сыроват", "Тючев", "Щапов")


@pytest.fixture
def lists():
    for number, surname in enumerate(SURNAMES):
        born = f"{1970 + number}-03-0{number + 1}"
        CaptiveFactory(surname=surname, born=born)
        EnquiryFactory(surname=surname, born=born)


def proposed() -> set[tuple[str, str]]:
    pairs = Candidate.objects.exclude(state="gone")
    return set(pairs.values_list("enquiry__surname", "captive__surname"))


def test_many_new_cards_propose_what_each_alone_would(lists):
    for captive in Captive.objects.all():
        actions.rematch_captive(captive)
    one_by_one = proposed()
    Candidate.objects.all().delete()

    actions.rematch_captives(Captive.objects.all())

    assert {(name, name) for name in SURNAMES} <= proposed() <= one_by_one


@pytest.mark.parametrize("many", [False, True])
def test_of_seventy_families_that_may_seek_him_each_gets_the_new_card(lists, many):
    for _ in range(70):
        EnquiryFactory(surname="Сковорода", given="Остап", born="1999-02-03")
    captive = CaptiveFactory(surname="Сковорода", given="Остап", born="1999-02-03")

    if many:
        actions.rematch_captives([captive])
    else:
        actions.rematch_captive(captive)

    assert Candidate.objects.filter(captive=captive).count() == 70


def test_many_new_enquiries_propose_what_each_alone_would(lists):
    for enquiry in Enquiry.objects.all():
        actions.rematch_enquiry(enquiry)
    one_by_one = proposed()
    Candidate.objects.all().delete()

    actions.rematch_enquiries(Enquiry.objects.all())

    assert proposed() == one_by_one


def test_a_forgotten_enquiry_keeps_no_candidate(lists):
    actions.rematch_enquiries(Enquiry.objects.all())
    Enquiry.objects.filter(surname="Жерех").update(state=EnquiryState.FORGOTTEN)

    actions.rematch_enquiries(Enquiry.objects.all())

    assert not any(name == "Жерех" for name, _ in proposed())


def test_an_index_that_is_held_is_fresh_and_then_stays():
    CaptiveFactory(surname="Жерех")
    with bridge.held():
        before = bridge.on_register()
        CaptiveFactory(surname="Лаптун")
        assert bridge.on_register() == before == 1

    assert bridge.on_register() == 2


@pytest.mark.parametrize(("captives", "bits"), [(1, -1.0), (20_000, 12.0)])
def test_below_these_bits_nobody_is_shown(captives, bits):
    assert least_bits_worth_showing(captives, 0.02) == pytest.approx(bits, abs=0.1)
