"""Another bureau is asked for one of the dead at a time, and answers yes with a ratio, or no."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.bureau.comparisons.test_searching import Bench, gift
from tests.factories import EnquiryFactory, SiteFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.bureaus import actions, rules
from wayhome.bureau.bureaus.comparing import Best
from wayhome.bureau.bureaus.models import Agreement, Asked
from wayhome.bureau.bureaus.rules import Agreed, Answer, Direction, Question, State, Unread
from wayhome.bureau.comparisons import actions as comparisons
from wayhome.bureau.comparisons.rules.samples import Kin, Scope
from wayhome.bureau.comparisons.rules.samples import State as Kit
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeKind, Route
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Role
from wayhome.lib.refusal import Refused
from wayhome.lib.sealed import OwnKey, seal, unseal

TODAY = timezone.localdate()
THEIRS, STRANGER = OwnKey(bytes([7]) * 32, bytes([8]) * 32), OwnKey(b"s" * 32, b"t" * 32)
AGREED = Agreed(
    "Бюро сусідньої держави (вигадане)", "Тіла з поля за фермою", "Протокол № 4",
    TODAY + timedelta(days=200), 2, str(THEIRS.public()),
)  # fmt: skip
REFERENCE = str(uuid4())


def codes(refusals) -> list[str]:
    return [one.code for one in refusals if one]


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ({}, []),
        ({"name": " "}, ["agreement.no_name"]),
        ({"purpose": "", "act": ""}, ["agreement.no_purpose", "agreement.no_act"]),
        ({"until": TODAY}, ["agreement.no_end"]),
        ({"until": None}, ["agreement.no_end"]),
        ({"most_a_month": 0}, ["agreement.many"]),
        ({"most_a_month": 1_001}, ["agreement.many"]),
    ],
)
def test_an_agreement_has_a_name_a_purpose_an_end_and_a_number(more, refused):
    agreed = Agreed(**{**AGREED.__dict__, **more})

    found = rules.why_not_agree(agreed, key_is_good=True, key_is_known=False, today=TODAY)
    assert codes(found) == refused


def test_below_the_threshold_a_no_says_nothing_more():
    question = Question(REFERENCE, "M", {})

    assert rules.answer_to(question, 3.99, 20) == Answer(REFERENCE, False, None, 0)
    assert rules.answer_to(question, None, 20) == Answer(REFERENCE, False, None, 0)
    assert rules.answer_to(question, 7.1234, 20) == Answer(REFERENCE, True, 7.12, 20)


MARKERS = {f"D{n}S{n}": ["15", "16.3"] for n in range(12)}
GOOD = {"kind": "question", "reference": REFERENCE, "sex": "M", "markers": MARKERS}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "order"}, "kind"),
        ({"reference": "../../x"}, "reference"),
        ({"reference": None}, "reference"),
        ({"sex": "Ч"}, "sex"),
        ({"markers": dict(list(MARKERS.items())[:11])}, "markers"),
        ({"markers": {**MARKERS, "TH01": ["OL", "9"]}}, "markers"),
        ({"markers": {**MARKERS, "TH01": ["9", "9", "9"]}}, "markers"),
        ({"markers": {**MARKERS, "<b>": ["9", "9"]}}, "markers"),
        ({"kind": "answer", "fits": "yes", "markers": 3}, "fits"),
        ({"kind": "answer", "fits": True, "markers": 3, "log10_lr": 1.0}, "log10_lr"),
        ({"kind": "answer", "fits": True, "markers": 3, "log10_lr": float("nan")}, "log10_lr"),
        ({"kind": "answer", "fits": False, "markers": 3, "log10_lr": 2.0}, "log10_lr"),
        ({"kind": "answer", "fits": False, "markers": True, "log10_lr": None}, "markers"),
    ],
    ids=str,
)
def test_what_a_stranger_writes_is_a_question_or_an_answer_or_nothing(body, field):
    assert isinstance(rules.read_body(GOOD), Question)
    yes = {"kind": "answer", "reference": REFERENCE, "fits": True, "markers": 20, "log10_lr": 7}
    assert rules.read_body(yes) == Answer(REFERENCE, True, 7.0, 20)
    with pytest.raises(Unread, match=field):
        rules.read_body({**GOOD, **body})


def agreement_of(**more) -> Agreement:
    one, other = StaffFactory(role=Role.LEGAL), StaffFactory(role=Role.LEGAL)
    made = actions.record_agreement(agreed=Agreed(**{**AGREED.__dict__, **more}), by=one)
    return actions.check_agreement(agreement=made, by=other)


@pytest.mark.django_db
def test_two_lawyers_stand_behind_it_and_it_ends():
    one = StaffFactory(role=Role.LEGAL)
    made = actions.record_agreement(agreed=AGREED, by=one)
    with pytest.raises(Refused, match=r"agreement\.own"):
        actions.check_agreement(agreement=made, by=one)
    for key in ("no key", str(actions.own_key().public())):
        with pytest.raises(Refused, match=r"agreement\.key"), nothing_written():
            actions.record_agreement(agreed=Agreed(**{**AGREED.__dict__, "key": key}), by=one)
    with pytest.raises(Refused, match=r"agreement\.key_known"):
        actions.record_agreement(agreed=AGREED, by=one)
    with pytest.raises(Refused, match=r"question\.no_agreement"):
        actions.take_in(agreement=made, content=b"{}", by=StaffFactory(role=Role.FORENSIC))
    other = StaffFactory(role=Role.LEGAL, site=SiteFactory(code="B"))
    checked = actions.check_agreement(agreement=made, by=other)
    assert checked.state(TODAY) == State.STANDS
    assert checked.state(AGREED.until + timedelta(days=1)) == State.ENDED

    actions.end_agreement(agreement=made, reason="Протокол розірвано.", by=one)
    assert Agreement.objects.get().state(TODAY) == State.ENDED
    actions.record_agreement(agreed=AGREED, by=other)  # and anew
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=made.pk).update(checked_by=one)
    for role in CONSOLE_ROLES - {Role.LEGAL}:
        with pytest.raises(Forbidden):
            actions.record_agreement(agreed=AGREED, by=StaffFactory(role=role))


@pytest.fixture
def bench(db) -> Bench:
    return Bench()


@pytest.mark.slow
def test_a_sample_that_is_taken_back_while_it_is_searched_answers_nothing(bench, monkeypatch):
    agreement, drawn, enquiry = agreement_of(), bench.drawn, EnquiryFactory()
    father = drawn.stranger()
    wide = comparisons.give_sample(
        enquiry=enquiry, gift=gift(Kin.FATHER, scope=Scope.OTHER_BUREAUS), by=bench.contact
    )
    for to in (Kit.CAME, Kit.AT_LABORATORY):
        comparisons.note_step(sample=wide, to=to, by=bench.contact)
    bench.typed((wide, "M", father))
    search = actions.best_family

    def withdrawn_meanwhile(question: Question) -> Best:
        best = search(question)
        if best.enquiry is not None:
            comparisons.withdraw_sample(sample=wide, by=enquiry.enquirer)
        return best

    monkeypatch.setattr(actions, "best_family", withdrawn_meanwhile)
    his = drawn.child(father, drawn.stranger())
    question = Question(REFERENCE, "M", rules.that_travel(his))
    file = seal(question.as_body(), by=THEIRS, to=actions.own_key().public())

    answered = actions.take_in(agreement=agreement, content=file, by=bench.expert)

    assert (answered.fits, answered.enquiry) == (False, None)
    assert not Notice.objects.filter(kind=NoticeKind.DEAD_FIT).exists()


@pytest.mark.slow
def test_we_ask_for_one_of_the_dead_and_they_answer(bench):
    agreement, expert = agreement_of(), bench.expert
    one, bone = bench.remains()
    with pytest.raises(Refused, match=r"question\.no_profile"), nothing_written():
        actions.ask(agreement=agreement, remains=one, by=expert)
    bench.typed((bone, "M", his := bench.drawn.stranger()))

    asked = actions.ask(agreement=agreement, remains=one, by=expert)

    body = unseal(asked.file.encode(), by=THEIRS, sender=actions.own_key().public())
    assert (body["kind"], body["sex"]) == ("question", "M")
    assert {name: sorted(of) for name, of in body["markers"].items()} == {
        name: sorted(of) for name, of in his.items()
    }
    for told in (one.bureau_number, bone.code, agreement.name):
        assert told not in json.dumps(body, ensure_ascii=False)
    with pytest.raises(Refused, match=r"question\.asked"):
        actions.ask(agreement=agreement, remains=one, by=expert)

    answer = Answer(body["reference"], True, 6.5, 20)
    file = seal(answer.as_body(), by=THEIRS, to=actions.own_key().public())
    forged = seal(answer.as_body(), by=STRANGER, to=actions.own_key().public())
    with pytest.raises(Refused, match=r"question\.not_theirs"), nothing_written():
        actions.take_in(agreement=agreement, content=forged, by=expert)
    noted = actions.take_in(agreement=agreement, content=file, by=expert)
    assert (noted.pk, noted.fits, noted.log10_lr) == (asked.pk, True, 6.5)
    actions.take_in(agreement=agreement, content=file, by=expert)  # again: nothing more
    due = Notice.objects.get(kind=NoticeKind.DEAD_FIT)
    assert due.particulars == {
        "bureau": agreement.name, "question": body["reference"], "remains": one.bureau_number,
    }  # fmt: skip
    assert (due.route, due.captive, due.enquiry) == (Route.AGENCY, None, None)
    assert body["reference"].endswith(due.about)  # and no number of anybody
    said = Entry.objects.filter(person=one.bureau_number, action__contains="bureau")
    assert sorted(said.values_list("action", flat=True)) == [
        "another bureau asked", "answer of another bureau noted",
    ]  # fmt: skip
    unknown = Answer(str(uuid4()), False, None, 0).as_body()
    stray = seal(unknown, by=THEIRS, to=actions.own_key().public())
    with pytest.raises(Refused, match=r"question\.unknown"):
        actions.take_in(agreement=agreement, content=stray, by=expert)


@pytest.mark.slow
def test_only_relatives_who_allowed_it_are_held_against_their_dead_and_each_is_counted(bench):
    agreement, drawn, enquiry = agreement_of(), bench.drawn, EnquiryFactory()
    father, mother = drawn.stranger(), drawn.stranger()
    his = drawn.child(father, mother)
    narrow = bench.sample(enquiry, Kin.MOTHER)
    wide = comparisons.give_sample(
        enquiry=enquiry, gift=gift(Kin.FATHER, scope=Scope.OTHER_BUREAUS), by=bench.contact
    )
    for to in (Kit.CAME, Kit.AT_LABORATORY):
        comparisons.note_step(sample=wide, to=to, by=bench.contact)
    bench.typed((narrow, "F", mother), (wide, "M", father))

    def file_of(genotypes, reference) -> bytes:
        question = Question(reference, "M", rules.that_travel(genotypes))
        return seal(question.as_body(), by=THEIRS, to=actions.own_key().public())

    file = file_of(his, REFERENCE)
    answered = actions.take_in(agreement=agreement, content=file, by=bench.expert)

    assert (answered.enquiry, answered.direction) == (enquiry, Direction.IN)
    of_father_alone = answered.log10_lr
    assert 4 < of_father_alone < 12  # of both it would be near 20
    body = unseal(answered.file.encode(), by=THEIRS, sender=actions.own_key().public())
    told = rules.read_body(body)
    assert told == Answer(REFERENCE, True, of_father_alone, answered.markers)
    assert actions.take_in(agreement=agreement, content=file, by=bench.expert) == answered
    columns = [field.name for field in Asked._meta.get_fields()]
    assert "typed" not in columns
    assert "genotypes" not in columns

    odd = dict.fromkeys(his, ("X", "Y"))  # letters of a marker that tells the sex
    with pytest.raises(Refused, match=r"question\.unread"), nothing_written():
        actions.take_in(agreement=agreement, content=file_of(odd, str(uuid4())), by=bench.expert)
    other = file_of(drawn.stranger(), str(uuid4()))
    no = actions.take_in(agreement=agreement, content=other, by=bench.expert)
    assert (no.fits, no.log10_lr, no.markers, no.enquiry) == (False, None, 0, None)
    third = file_of(drawn.stranger(), str(uuid4()))
    with pytest.raises(Refused, match=r"question\.many"), nothing_written():
        actions.take_in(agreement=agreement, content=third, by=bench.expert)  # two a month
    due = Notice.objects.get(kind=NoticeKind.DEAD_FIT)
    assert due.particulars["enquiry"] == enquiry.bureau_number
    comparisons.withdraw_sample(sample=wide, by=enquiry.enquirer)
    assert not Notice.objects.filter(kind=NoticeKind.DEAD_FIT).exists()
    answered.refresh_from_db()
    assert (answered.enquiry, answered.file, answered.fits) == (None, "", True)
    agreement_two = agreement_of(key=str(STRANGER.public()), most_a_month=5)
    question = Question(str(uuid4()), "M", rules.that_travel(his))
    again = seal(question.as_body(), by=STRANGER, to=actions.own_key().public())
    assert not actions.take_in(agreement=agreement_two, content=again, by=bench.expert).fits
