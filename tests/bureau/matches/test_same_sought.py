"""Two enquiries for one man: proposed by the machine, linked by people; no asker learns of it."""

import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories import EnquiryFactory, StaffFactory
from wayhome.bureau.captives.rules import ProposalState
from wayhome.bureau.enquiries.actions import correct_enquiry, forget_enquiry
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches import bridge
from wayhome.bureau.matches.models import SameSought
from wayhome.bureau.matches.same_sought import (
    judge_same_sought,
    others_who_seek,
    propose_same_sought,
)
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HIM = {
    "surname": "Буйничев", "given": "Прохор", "patronymic": "Лаврентьевич",
    "born": "1999-05-03", "birthplace": "Ветлуга",
}  # fmt: skip
IN_LATIN = {"surname": "Buinichev", "given": "Prokhor", "patronymic": "Lavrentievich"}
OTHERS = ("Жерех", "Лаптун", "Мокроусов", "Пичугин", "Ряполов", "Сыроват", "Тючев", "Щапов")
ANOTHER = {
    "surname": "Ошурков", "given": "Яким", "patronymic": "Титович", "born": "1950-12-30",
    "birthplace": "Онега",
}  # fmt: skip
REASON = "Одна мать, один день"


@pytest.fixture(autouse=True)
def _fresh_index():
    bridge.SOUGHT.forget()


@pytest.fixture
def officer():
    return StaffFactory(role=Role.TRACING)


@pytest.fixture
def waiting():
    for number, surname in enumerate(OTHERS):
        EnquiryFactory(surname=surname, given="Глеб", born=f"{1970 + number}-01-09")


def two(**other) -> tuple[Enquiry, Enquiry]:
    return EnquiryFactory(**HIM), EnquiryFactory(**{**HIM, **IN_LATIN, **other})


def proposed(one: Enquiry, other: Enquiry) -> SameSought:
    return SameSought.objects.create(earlier=one, later=other, bits=30, probability=0.9)


@pytest.mark.parametrize("new", [0, 1])
def test_a_relative_who_spells_him_otherwise_is_proposed_whoever_came_first(waiting, new):
    pair = two()

    propose_same_sought([pair[new]])

    found = SameSought.objects.get()
    assert ((found.earlier, found.later), found.state) == (pair, ProposalState.OPEN)
    assert found.probability > 0.9
    assert {"surname", "born"} <= {name for name, *_ in found.evidence}


def test_his_brother_is_another_man(waiting):
    two(given="Глеб", born="1994-11-20")

    propose_same_sought(Enquiry.objects.all())

    assert not SameSought.objects.exists()


def test_what_is_forgotten_or_asked_by_the_agency_is_paired_with_nothing(waiting):
    _, second = two()
    for state in (EnquiryState.FORGOTTEN, EnquiryState.FOR_AGENCY):
        Enquiry.objects.filter(pk=second.pk).update(state=state)
        bridge.SOUGHT.forget()

        propose_same_sought(Enquiry.objects.all())

        assert not SameSought.objects.exists()


def test_an_open_pair_goes_with_its_evidence_and_a_judged_one_stays(waiting, officer):
    first, second = two()
    propose_same_sought([first])
    held = SameSought.objects.get().pk
    correct_enquiry(enquiry=second, by=officer, sought={"birthplace": "Vetluga"})
    propose_same_sought([second])
    assert SameSought.objects.get().pk == held  # renewed, not made anew
    second = correct_enquiry(enquiry=second, by=officer, sought=ANOTHER)

    propose_same_sought([second])

    assert not SameSought.objects.exists()
    pair = proposed(first, second)
    judge_same_sought(pair=pair, verdict=ProposalState.SAME, reason=REASON, by=officer)
    propose_same_sought([second])
    assert SameSought.objects.get().state == ProposalState.SAME


def test_a_new_or_changed_enquiry_is_looked_at_by_itself(officer):
    enquiry = EnquiryFactory(**HIM)
    jobs = ProcrastinateJob.objects.filter(task_name="matches.propose_same_sought")
    before = list(jobs.values_list("pk", flat=True))

    correct_enquiry(enquiry=enquiry, by=officer, sought={"born": "1999-05-04"})

    new = jobs.exclude(pk__in=before)
    assert [job.args["enquiry_ids"] for job in new] == [[str(enquiry.pk)]]


def test_enquiries_hang_together_and_a_later_verdict_parts_them(officer):
    a, b, c = (EnquiryFactory(**HIM) for _ in range(3))
    ab, bc = proposed(a, b), proposed(b, c)
    for pair in (ab, bc):
        judge_same_sought(pair=pair, verdict=ProposalState.SAME, reason=REASON, by=officer)
    assert (others_who_seek(a), others_who_seek(b)) == ([b, c], [a, c])

    judge_same_sought(pair=bc, verdict=ProposalState.DIFFERENT, reason="Братья", by=officer)

    assert others_who_seek(a) == [b]
    assert others_who_seek(c) == []


def test_a_verdict_is_in_the_journal_of_both_and_its_reason_is_encrypted(officer):
    first, second = two()

    judge_same_sought(
        pair=proposed(first, second), verdict=ProposalState.SAME, reason=REASON, by=officer
    )

    entries = Entry.objects.filter(action="same sought judged")
    assert {entry.person for entry in entries} == {first.bureau_number, second.bureau_number}
    assert SameSought.objects.get().reason == REASON
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM matches_samesought")
        assert REASON.encode() not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("verdict", "reason", "code"),
    [
        (ProposalState.SAME, "  ", "matches.reason"),
        (ProposalState.OPEN, REASON, "matches.no_verdict"),
        (ProposalState.UNDECIDED, REASON, "matches.same_verdict"),
    ],
)
def test_a_verdict_that_says_nothing_new_is_refused(officer, verdict, reason, code):
    pair = proposed(*two())
    judge_same_sought(pair=pair, verdict=ProposalState.UNDECIDED, reason=REASON, by=officer)

    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        judge_same_sought(pair=pair, verdict=verdict, reason=reason, by=officer)


def test_another_role_cannot_judge():
    pair = proposed(*two())
    for role in (Role.VERIFIER, Role.CONTACT, Role.REGISTRAR):
        with pytest.raises(Forbidden):
            judge_same_sought(
                pair=pair, verdict=ProposalState.SAME, reason=REASON, by=StaffFactory(role=role)
            )
        assert not SameSought.objects.visible_to(StaffFactory(role=role)).exists()


def contents() -> dict[str, str]:
    """A digest of every row of every table."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        digests = (
            f"SELECT '{name}', md5(coalesce(string_agg(told, '|' ORDER BY told), '')) FROM"
            f' (SELECT to_jsonb(t)::text AS told FROM "{name}" t) AS rows'
            for name in names
        )
        cursor.execute(" UNION ALL ".join(digests))
        return dict(cursor.fetchall())


def test_linking_writes_nothing_that_a_family_is_shown_or_sent(officer):
    """Pages, letters and PDFs are made from rows: every row but the pair's and the journal's is
    the same as before, and no job is begun."""
    pair = proposed(*two())
    before = contents()

    judge_same_sought(pair=pair, verdict=ProposalState.SAME, reason=REASON, by=officer)

    after = contents()
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {"matches_samesought", "journal_entry"}


def test_when_one_is_forgotten_the_pair_is_too(officer):
    first, second = two()
    pair = proposed(first, second)
    judge_same_sought(pair=pair, verdict=ProposalState.SAME, reason=REASON, by=officer)

    forget_enquiry(enquiry=first, by=first.enquirer)

    assert not SameSought.objects.exists()
    assert others_who_seek(second) == []


def test_what_must_be_true_of_a_pair():
    first, second = two()
    for broken in ({"later": first}, {"later": second, "state": ProposalState.SAME}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SameSought.objects.create(earlier=first, bits=1, probability=0.5, **broken)
    proposed(first, second)
    with pytest.raises(IntegrityError), transaction.atomic():
        proposed(first, second)
