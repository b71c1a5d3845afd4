"""What agreements are worth is learned here, used at once by every index, and taken back."""

import json
from random import Random

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories import CaptiveFactory, EnquiryFactory, StaffFactory
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches import actions, bridge, jobs, learning, rules
from wayhome.bureau.matches.models import Candidate
from wayhome.bureau.persons.indexing import Fresh
from wayhome.bureau.persons.models import NameWeights
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_indexes")]
SURNAMES = ("Жерех", "Лаптун", "Мокроусов", "Пичугин", "Ряполов", "Сыроват", "Тючев", "Щапов")
GIVEN = ("Глеб", "Яким", "Прохор", "Фаддей", "Мартьян", "Савва", "Тит", "Клим")


@pytest.fixture
def tracing():
    return StaffFactory(role=Role.TRACING)


@pytest.fixture
def many(monkeypatch):
    """Sixty cards, and as many families of whom two in three seek one of these men."""
    monkeypatch.setattr(rules, "FEWEST_CARDS", 50)
    monkeypatch.setattr(rules, "FEWEST_ENQUIRIES", 50)
    chance = Random(5)
    for number in range(60):
        he = {
            "surname": f"{chance.choice(SURNAMES)}{'аоиу'[number % 4]}в",
            "given": chance.choice(GIVEN),
            "born": f"{1970 + number % 35}-0{1 + number % 9}-1{number % 9}",
        }
        CaptiveFactory(**he)
        EnquiryFactory(**(he if number % 3 else he | {"surname": "Небывалов", "born": "1960"}))


def test_what_was_learned_is_used_by_every_process(many, tracing):
    other = Fresh(
        "register",
        Captive.objects.all,
        belongs=lambda captive: True,
        standing=Captive.objects.all,
        learns=True,
    )
    before = bridge.prior()
    assert other.ask(lambda index: index.weights.made.version) == 0

    made = learning.learn_anew(tracing)

    assert made.version == 1
    assert before == rules.PRIOR
    assert 0.4 < bridge.prior() < 0.95  # two in three, and it was told of none
    for index in (bridge.REGISTER, bridge.SOUGHT, other):
        assert index.ask(lambda index: index.weights.made.version) == 1
    assert bridge.weights_in_use().made.enquiries == 60
    assert bridge.register_drift()
    bridge.REGISTER.rebuild()
    assert bridge.weights_in_use().made.version == 1
    assert Entry.objects.get(action="weights learned").actor_id == tracing.actor_id


def test_proposals_go_by_what_was_learned(many, tracing):
    actions.match_all()
    before = dict(Candidate.objects.filter(rank=1).values_list("enquiry", "probability"))

    jobs.learn_weights(str(tracing.pk))

    after = dict(Candidate.objects.filter(rank=1).values_list("enquiry", "probability"))
    assert after.keys() >= before.keys()
    assert any(abs(after[x] - before[x]) > 0.01 for x in before)


def test_one_goes_back_to_what_came_with_the_program(many, tracing):
    learning.learn_anew(tracing)

    learning.go_back_to_the_first(tracing)
    learning.go_back_to_the_first(tracing)

    assert bridge.weights_in_use().made.version == 0
    assert bridge.prior() == rules.PRIOR
    assert NameWeights.newest_version() == 2
    assert learning.learn_anew(tracing).version == 3
    assert bridge.weights_in_use().made.version == 3


def test_weights_that_this_program_cannot_read_are_not_used(many, tracing, caplog):
    made = learning.learn_anew(tracing)
    of_another = json.dumps(json.loads(made.learned) | {"format": 0})
    NameWeights.objects.create(version=2, learned=of_another)

    assert bridge.weights_in_use().made.version == 0
    assert "weights 2 cannot be used" in caplog.text


def test_from_too_few_nothing_is_learned(tracing):
    CaptiveFactory()
    EnquiryFactory()

    with pytest.raises(Refused, match="too_few_to_learn"):
        learning.ask_to_learn(tracing)
    with pytest.raises(Refused):
        learning.learn_anew(tracing)

    assert not NameWeights.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name=learning.TASK).exists()


def test_asked_for_twice_it_is_learned_once(many, tracing):
    learning.ask_to_learn(tracing)
    learning.ask_to_learn(tracing)

    assert learning.is_being_learned()
    assert ProcrastinateJob.objects.filter(task_name=learning.TASK).count() == 1


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.REGISTRAR])
def test_others_neither_learn_nor_take_back(many, role):
    other = StaffFactory(role=role)
    for act in (learning.ask_to_learn, learning.learn_anew, learning.go_back_to_the_first):
        with pytest.raises(Forbidden):
            act(other)
