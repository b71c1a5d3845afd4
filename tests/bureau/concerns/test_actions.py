"""A line called wrong stays as it is; a complaint goes past everybody who decides."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.bureau.consents.test_actions import sitting_of
from tests.factories import CaptiveFactory, SiteFactory, StaffFactory
from wayhome.bureau.captives.actions import correct_card
from wayhome.bureau.captives.models import Captive, CaptureCard
from wayhome.bureau.concerns import actions
from wayhome.bureau.concerns.models import Complaint, Objection
from wayhome.bureau.concerns.rules import ComplaintState, ObjectionState
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = pytest.mark.django_db
CARD = {
    "surname": "Буйничев",
    "given": "Прохор",
    "unit": "declined",
    "captured_where": "у Верхнеозёрска",
    "note": "для служебного пользования",
}


@pytest.fixture
def captive() -> Captive:
    man = CaptiveFactory(surname="Буйничев")
    CaptureCard.objects.create(captive=man, key=man.key, version=1, as_received=CARD)
    return man


def objected(captive: Captive, line: str = "surname", words: str = "Буйничёв") -> Objection:
    sitting = captive.sittings.first() or sitting_of(captive)
    return actions.object_to_line(line=line, words=words, by=sitting)


def test_what_he_calls_wrong_changes_nothing_by_itself(captive):
    objection = objected(captive)

    assert captive.cards.select_related("key").get().as_received == CARD
    assert (objection.words, objection.state) == ("Буйничёв", ObjectionState.OPEN)
    assert Entry.objects.get().action == "answered for himself"


def test_where_he_was_taken_and_a_clerks_remark_are_not_read_to_him(captive):
    assert [line for line, _ in actions.lines_of(captive)] == ["surname", "given", "unit"]
    for line in ("captured_where", "note", "rank", "no such line"):
        with pytest.raises(Refused, match=r"objection\.line"):
            objected(captive, line)


def test_a_line_is_called_wrong_once_until_the_clerk_has_answered(captive):
    objected(captive)
    with pytest.raises(Refused, match=r"objection\.open"):
        objected(captive)
    one = Objection.objects.select_related("key").get()
    again = Objection(captive=captive, key=captive.key, card=one.card, line="surname",
                      sitting=one.sitting, at=timezone.now())  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_corrected_means_that_the_card_was_corrected(captive):
    objection, clerk = objected(captive), StaffFactory(site=captive.site)
    settled = {"objection": objection, "outcome": ObjectionState.CORRECTED, "by": clerk}

    with pytest.raises(Refused, match=r"objection\.same"):
        actions.settle_objection(**settled, reason="Исправили.")
    correct_card(captive=captive, card={"surname": "Буйничёв"}, reason="Он сказал", by=clerk)
    actions.settle_objection(**settled, reason="Исправили.")

    objection.refresh_from_db()
    assert (objection.state, objection.reason) == (ObjectionState.CORRECTED, "Исправили.")
    with pytest.raises(Refused, match=r"objection\.settled"):
        actions.settle_objection(**settled, reason="Ещё раз.")


def test_a_line_that_stays_needs_a_word_to_him(captive):
    objection, clerk = objected(captive), StaffFactory(site=captive.site)
    kept = {"objection": objection, "outcome": ObjectionState.KEPT, "by": clerk}

    with pytest.raises(Refused, match=r"objection\.reason"):
        actions.settle_objection(**kept, reason="  ")
    actions.settle_objection(**kept, reason="Так в паспорте.")


def test_another_sites_clerk_meets_none_of_it(captive):
    objected(captive)
    stranger = StaffFactory(site=SiteFactory(code="B"))

    assert not Objection.objects.visible_to(stranger).exists()
    assert Objection.objects.visible_to(StaffFactory(site=captive.site)).exists()


def test_a_complaint_is_seen_by_auditor_and_neutral_and_by_nobody_else(captive):
    actions.complain(text="Не дают бумаги.", by=sitting_of(captive))

    sees = {
        role
        for role in CONSOLE_ROLES
        if Complaint.objects.visible_to(StaffFactory(role=role, site=captive.site)).exists()
    }
    assert sees == {Role.AUDITOR, Role.NEUTRAL}
    # To the journal it is one more answer, as every other.
    assert Entry.objects.get().action == "answered for himself"
    assert not Complaint.objects.visible_to(sitting_of(CaptiveFactory())).exists()


def test_complaints_are_never_limited_and_answered_once(captive):
    sitting, auditor = sitting_of(captive), StaffFactory(role=Role.AUDITOR)
    for number in range(30):
        actions.complain(text=f"Жалоба {number}", by=sitting)
    with pytest.raises(Refused, match=r"complaint\.empty"):
        actions.complain(text="  ", by=sitting)
    one = Complaint.objects.first()

    actions.answer_complaint(complaint=one, text="Бумагу выдали.", by=auditor)

    with pytest.raises(Refused, match=r"complaint\.answered"):
        actions.answer_complaint(complaint=one, text="Ещё", by=auditor)
    with pytest.raises(Forbidden):
        actions.answer_complaint(complaint=one, text="Ещё", by=StaffFactory(role=Role.LEGAL))
    assert Complaint.objects.filter(state=ComplaintState.ANSWERED).count() == 1


def test_who_looked_is_told_by_role_and_without_a_reason(captive):
    number = captive.bureau_number
    for role in (Role.REGISTRAR, Role.REGISTRAR, Role.PHYSICIAN):
        by = StaffFactory(role=role)
        journal.looked(subject=captive, by=by, person=number, purpose="card")
    sitting = sitting_of(captive)
    journal.looked(subject=captive, by=sitting, person=number, purpose="who asks")
    journal.looked(subject=captive, by=StaffFactory(), person="A-000009-9", purpose="card")

    looks = actions.who_looked(captive)

    assert {(one.role, one.times) for one in looks} == {(Role.REGISTRAR, 2), (Role.PHYSICIAN, 1)}
