"""The act: what must stand before it, that it is sealed once, and that it shows every change."""

import base64
import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from tests.cases import SECRET, Case, signature
from tests.factories import HarmFlagFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.captives.rules import CustodyState, EventKind
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.models import Consent
from wayhome.bureau.consents.rules import Answer, Danger, Kind
from wayhome.bureau.consents.sittings import close_sitting, give_secret, open_sitting
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeKind, Route
from wayhome.bureau.handovers import actions
from wayhome.bureau.handovers.effects import Belonging
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import (
    SIGNERS,
    ActState,
    MedicalFile,
    Onward,
    Readiness,
    why_not_seal,
)
from wayhome.bureau.handovers.sealing import document_of, sealed, sha256, verify_file
from wayhome.bureau.handovers.wording import told_in_act
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.actions import ask_withdrawal, withdraw_match
from wayhome.bureau.returns.genuine import is_genuine
from wayhome.bureau.returns.grounds import Found, keep_finding
from wayhome.bureau.returns.models import Application
from wayhome.bureau.returns.rules import FRESH_FOR, ApplicationState, Road
from wayhome.bureau.returns.rules.grounds import FindingKind
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TODAY = timezone.localdate()
READY = Readiness(
    state=ActState.PREPARED,
    on=TODAY,
    today=TODAY,
    granted=True,
    reasons=(),
    identified=frozenset({"he", "she"}),
    last_answer="yes",
    onward_noted=True,
    belongings_explained=True,
    effects_listed=True,
    signed=frozenset(SIGNERS),
    she_comes=True,
    pass_noted=True,
)
MISSING = {
    "sealed already": ({"state": ActState.SEALED}, "handovers.sealed"),
    "stopped": ({"state": ActState.STOPPED}, "handovers.stopped"),
    "not granted": ({"granted": False}, "handovers.not_granted"),
    "another day": ({"on": TODAY - timedelta(days=1)}, "handovers.not_the_day"),
    "he is not identified": ({"identified": frozenset({"she"})}, "handovers.identity"),
    "she is not identified": ({"identified": frozenset({"he"})}, "handovers.identity"),
    "a pass that is neither verified nor lost": ({"pass_noted": False}, "handovers.pass"),
    "not asked": ({"last_answer": ""}, "handovers.last_question"),
    "he said no": ({"last_answer": "no"}, "handovers.last_question"),
    "what goes with him is not noted": ({"onward_noted": False}, "handovers.onward"),
    "a belonging unexplained": ({"belongings_explained": False}, "handovers.belongings"),
    "the register holds something else": ({"effects_listed": False}, "handovers.register"),
    "no witness": ({"signed": frozenset({"he", "she"})}, "handovers.signatures"),
    "he did not sign": ({"signed": frozenset({"she", "witness"})}, "handovers.signatures"),
}


@pytest.fixture
def case() -> Case:
    return Case()


def test_nothing_stands_against_a_whole_act():
    assert why_not_seal(READY) == []
    alone = {"identified": frozenset({"he"}), "signed": frozenset({"he", "witness"})}
    assert why_not_seal(replace(READY, she_comes=False, **alone)) == []
    assert why_not_seal(replace(READY, **alone))


@pytest.mark.parametrize("what", MISSING)
def test_each_missing_thing_stands_against_the_seal(what):
    changed, code = MISSING[what]

    assert [refusal.code for refusal in why_not_seal(replace(READY, **changed))] == [code]


def test_a_sealed_act_ends_his_custody_and_tells_both_routes_in_the_same_step(case):
    act = case.sealed

    case.captive.refresh_from_db()
    assert case.captive.custody_state == CustodyState.RETURNED
    assert case.captive.custody_events.last().kind == EventKind.RETURNED
    assert Application.objects.get().state == ApplicationState.CLOSED
    entry = Entry.objects.get(action="act sealed")
    assert entry.purpose == f"sha256:{act.sha256}"
    due = Notice.objects.filter(kind=NoticeKind.RETURNED).values_list("route", flat=True)
    assert set(due) == set(Route)


@pytest.fixture
def document(case, tmp_path):
    path = tmp_path / "act.pdf"
    path.write_bytes(base64.b64decode(case.sealed.document))
    return path


def test_the_sealed_file_is_genuine_and_readable(case, document):
    verdict = verify_file(document)
    text = "".join(page.extract_text() for page in PdfReader(document).pages)

    assert (verdict.genuine, verdict.what) == (True, "an act sealed by this bureau, unchanged")
    assert sha256(document.read_bytes()) == case.sealed.sha256
    assert case.surname in text
    assert case.captive.bureau_number in text
    code = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}", text)
    assert code
    assert is_genuine(code[0])


def test_one_changed_byte_anywhere_is_noticed(document):
    content = document.read_bytes()
    for place in range(0, len(content), max(1, len(content) // 60)):
        changed = bytearray(content)
        changed[place] ^= 1
        document.write_bytes(bytes(changed))
        assert not verify_file(document).genuine, f"byte {place}"


def _unsigned(case: Case, content: bytes) -> bytes:
    return document_of(told_in_act(case.sealed), timezone.now())


def _signed_again(case: Case, content: bytes) -> bytes:
    return sealed(_unsigned(case, content))


FORGERIES = {
    "something added at the end": lambda case, content: content + b"\n% more\n",
    "the end cut off": lambda case, content: content[:-200],
    "no PDF": lambda case, content: b"an act",
    "nothing": lambda case, content: b"",
    "the same words without a signature": _unsigned,
    "the bureau's key but no act in its records": _signed_again,
}


@pytest.mark.parametrize("how", FORGERIES)
def test_what_is_no_act_of_the_bureau_is_not_genuine(case, document, how):
    document.write_bytes(FORGERIES[how](case, document.read_bytes()))

    assert not verify_file(document).genuine


def test_a_second_act_for_the_same_man_is_refused_in_words_and_by_the_database(case):
    act, coordinator = case.sealed, case.staff(Role.COORDINATOR)
    with nothing_written(), pytest.raises(Refused, match=r"handovers\.second"):
        actions.prepare_act(application=case.granted, by=coordinator)
    with nothing_written(), pytest.raises(Refused, match=r"handovers\.sealed"):
        actions.seal_act(act=act, by=coordinator)

    columns = ", ".join(
        f'"{field.column}"' for field in Act._meta.local_fields if field.column != "id"
    )
    again = (
        f"INSERT INTO handovers_act (id, {columns}) "
        f"SELECT gen_random_uuid(), {columns} FROM handovers_act WHERE id = %s"
    )
    with (
        pytest.raises(IntegrityError, match="a_man_is_handed_over_at_most_once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(again, [act.pk])
    assert Act.objects.count() == 1


SEALED_WITHOUT = ["sealed_at", "witness_id", "document", "signatures", "identified",
                  "last_asked_at", "last_asked_by_id"]  # fmt: skip


@pytest.mark.parametrize("column", SEALED_WITHOUT)
def test_the_database_keeps_no_sealed_act_that_is_not_whole(case, column):
    act = case.sealed
    with (
        pytest.raises(IntegrityError, match="sealed_act_is_whole"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE handovers_act SET {column} = NULL WHERE id = %s", [act.pk])
    with (
        pytest.raises(IntegrityError, match="sealed_act_is_whole"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE handovers_act SET sha256 = '' WHERE id = %s", [act.pk])


UNDER = {
    "an open road": "UPDATE returns_application SET state = 'open' WHERE id = %(file)s",
    "custody here": "UPDATE captives_captive SET custody_state = 'exchanged' WHERE id = %(man)s",
    "a day with a way out":
        "UPDATE returns_appointment SET cancelled_at = now() WHERE id = %(day)s",
    "a fresh yes before a neutral":
        f"UPDATE consents_consent SET at = at - interval '{FRESH_FOR.days * 24 + 1} hours'"
        " WHERE captive_id = %(man)s",
    "an assessment of danger":
        "UPDATE consents_fearanswer SET at = now() + interval '1 day' WHERE captive_id = %(man)s",
    "the last question, asked today":
        "UPDATE handovers_act SET last_asked_at = now() - interval '2 days' WHERE id = %(act)s",
}  # fmt: skip


def _write(told: dict[str, object], *statements: str) -> None:
    with connection.cursor() as cursor:
        for each in statements:
            cursor.execute(each, told)


@pytest.mark.parametrize("what", UNDER)
def test_the_database_seals_no_act_against_what_it_rests_on(case, what):
    """Even where somebody goes past the rules, with what a rightly sealed act would hold."""
    act = case.ready
    told = {"act": act.pk, "man": case.captive.pk, "file": case.granted.pk,
            "day": act.appointment_id, "by": act.last_asked_by_id}  # fmt: skip
    seal = (
        "UPDATE handovers_act SET state = 'sealed', sealed_at = now(), sha256 = 'x',"
        " document = signatures, witness_id = %(by)s WHERE id = %(act)s"
    )
    with pytest.raises(IntegrityError, match=what), transaction.atomic():
        _write(told, UNDER[what], seal)
    _write(told, seal)  # as it stands it may be
    assert Act.objects.get(pk=act.pk).state == ActState.SEALED


def _harm(case: Case) -> None:
    HarmFlagFactory(captive=case.captive)


def _long_ago(case: Case) -> None:
    Consent.objects.filter(kind=Kind.GO_HOME).update(
        at=timezone.now() - FRESH_FOR - timedelta(minutes=1)
    )


def _no_longer(case: Case) -> None:
    consents.withdraw(match=case.match, kind=Kind.GO_HOME, by=case.sitting)


def _another_road(case: Case) -> None:
    case.appointment.cancelled_at = timezone.now()
    case.appointment.save(update_fields=["cancelled_at"])


LATE = {
    "a harm flag": (_harm, "returns.legal"),
    "his no in the tablet": (_no_longer, "returns.no_yes"),
    "his yes grown old": (_long_ago, "returns.stale_yes"),
    "the day cancelled": (_another_road, "handovers.not_granted"),
}


@pytest.mark.parametrize("what", LATE)
def test_whatever_changes_before_the_seal_stops_it(case, what):
    happens, code = LATE[what]
    act, coordinator = case.ready, case.staff(Role.COORDINATOR)
    happens(case)

    with nothing_written(), pytest.raises(Refused) as refused:
        actions.seal_act(act=act, by=coordinator)

    assert code in [refusal.code for refusal in refused.value.refusals]


def test_on_the_road_of_the_end_of_hostilities_his_yes_of_before_is_not_asked_but_his_word_is():
    case = Case(road=Road.END_OF_HOSTILITIES)
    _ = case.granted
    consents.withdraw(match=case.match, kind=Kind.GO_HOME, by=case.sitting)
    # A no opens an assessment of its own (GC III 118).
    with pytest.raises(Refused, match=r"returns\.legal"):
        _ = case.act
    consents.assess_danger(
        captive=case.captive, danger=Danger.NONE_KNOWN, reasons="проверено снова",
        by=case.staff(Role.LEGAL),
    )  # fmt: skip

    assert case.sealed.state == ActState.SEALED


def test_an_act_is_sealed_though_she_cannot_travel():
    case = Case(wish={"travel": "no"})
    case.meeting = replace(case.meeting, way_out_hers=None)
    case.signers = ("he",)

    act = case.sealed

    assert act.state == ActState.SEALED
    assert set(act.signatures) == {"he", "witness"}
    text = PdfReader(io.BytesIO(base64.b64decode(act.document))).pages[0].extract_text()
    assert "Ознобихина" not in text  # she met nobody


def test_his_no_at_the_last_door_stops_the_act(case):
    act, neutral = case.act, case.staff(Role.NEUTRAL)
    coordinator = case.staff(Role.COORDINATOR)

    actions.ask_last_question(act=act, wants_to_go=False, by=neutral)

    stopped = Act.objects.get()
    assert stopped.state == ActState.STOPPED
    for step in (
        lambda: actions.seal_act(act=act, by=coordinator),
        lambda: actions.sign(act=act, who="he", picture=signature(), by=coordinator),
        lambda: actions.note_identified(act=act, who="he", how="x", by=coordinator),
        lambda: actions.ask_last_question(act=act, wants_to_go=True, by=neutral),
    ):
        with nothing_written(), pytest.raises(Refused):
            step()
    case.captive.refresh_from_db()
    assert case.captive.custody_state == CustodyState.HELD


def test_the_journal_never_tells_what_he_said_at_the_last_door(case):
    yes, no = case, Case()
    actions.ask_last_question(act=yes.act, wants_to_go=True, by=yes.staff(Role.NEUTRAL))
    actions.ask_last_question(act=no.act, wants_to_go=False, by=no.staff(Role.NEUTRAL))

    asked = Entry.objects.filter(action="last question asked")
    assert asked.count() == 2
    assert len(set(asked.values_list("action", "purpose", "digest"))) == 1


def test_after_a_no_at_the_last_door_nothing_begins_until_he_says_yes_anew(case):
    actions.ask_last_question(act=case.act, wants_to_go=False, by=case.staff(Role.NEUTRAL))
    coordinator = case.staff(Role.COORDINATOR)
    with nothing_written(), pytest.raises(Refused, match=r"handovers\.yes_is_old"):
        actions.prepare_act(application=case.granted, by=coordinator)

    close_sitting(sitting=case.sitting, by=case.sitting)
    opened = open_sitting(captive=case.captive, language="ru", by=case.staff(Role.NEUTRAL))
    assert give_secret(secret=SECRET, by=opened)
    consents.answer(match=case.match, kind=Kind.GO_HOME, answer=Answer.YES, by=opened)

    assert actions.prepare_act(application=case.granted, by=coordinator).state == "prepared"


def test_the_last_question_is_asked_once_and_only_on_the_day(case):
    act, neutral = case.act, case.staff(Role.NEUTRAL)
    actions.ask_last_question(act=act, wants_to_go=True, by=neutral)
    with nothing_written(), pytest.raises(Refused, match=r"handovers\.asked"):
        actions.ask_last_question(act=act, wants_to_go=True, by=neutral)

    other = Case()
    _ = other.act
    other.appointment.on = TODAY + timedelta(days=1)
    other.appointment.save(update_fields=["on"])
    neutral = other.staff(Role.NEUTRAL)
    with nothing_written(), pytest.raises(Refused, match=r"handovers\.not_the_day"):
        actions.ask_last_question(act=other.act, wants_to_go=True, by=neutral)


def test_a_withdrawn_match_stops_an_act_before_its_seal_and_leaves_a_sealed_one(case):
    for act_of in ("act", "sealed"):
        one = Case()
        _ = getattr(one, act_of)
        ask_withdrawal(match=one.match, reason="не он", by=one.staff(Role.TRACING))
        withdraw_match(match=one.match, by=one.staff(Role.TRACING, 2))
        act = Act.objects.get(captive=one.captive)
        application = Application.objects.get(enquiry=one.enquiry)
        if act_of == "act":
            assert (act.state, application.captive) == (ActState.STOPPED, None)
        else:
            assert (act.state, application.captive) == (ActState.SEALED, one.captive)
            assert application.state == ApplicationState.CLOSED


def test_only_a_coordinator_works_on_the_act_and_only_a_neutral_asks_and_witnesses(case):
    act = case.act
    listed = [Belonging("часы", "возвращены")]
    work = (
        lambda by: actions.prepare_act(application=case.granted, by=by),
        lambda by: actions.note_identified(act=act, who="he", how="паспорт", by=by),
        lambda by: actions.note_belongings(act=act, belongings=listed, by=by),
        lambda by: actions.note_onward(act=act, onward=Onward(MedicalFile.NONE), by=by),
        lambda by: actions.sign(act=act, who="he", picture=signature(), by=by),
        lambda by: actions.seal_act(act=act, by=by),
    )
    witness = (
        lambda by: actions.ask_last_question(act=act, wants_to_go=True, by=by),
        lambda by: actions.sign(act=act, who="witness", picture=signature(), by=by),
    )
    for steps, roles in (
        (work, (Role.NEUTRAL, Role.DECISION, Role.CUSTODY, Role.LEGAL)),
        (witness, (Role.COORDINATOR, Role.CUSTODY, Role.LEGAL)),
    ):
        for role in roles:
            other = StaffFactory(role=role)
            for step in steps:
                with nothing_written(), pytest.raises(Forbidden):
                    step(other)


def test_the_act_says_where_his_medical_file_is_and_not_how_he_is_reached(case):
    onward = Onward(MedicalFile.GIVEN, "через сестру, +7 000 000 00 09")
    act = actions.note_onward(act=case.act, onward=onward, by=case.staff(Role.COORDINATOR))

    told = str(told_in_act(act))

    assert "запечатаною" in told
    assert "+7 000" not in told


def test_on_his_word_the_act_bears_the_words_he_gave_and_no_others(case):
    act, word = case.act, "Обещаю не воевать до конца."
    assert word not in str(told_in_act(act))
    assert any("обіцянк" in line[0] for line in told_in_act(act)["statements"])

    finding = Found(FindingKind.WORD, "given", word)
    keep_finding(captive=case.captive, found=finding, by=case.staff(Role.NEUTRAL))
    act.road = Road.PAROLE

    last = told_in_act(act)["statements"][-1]
    assert all(word in line for line in last)
    assert not any("обіцянк" in line[0] for line in told_in_act(act)["statements"])


def test_the_act_of_an_exchange_names_the_agreement_that_governs_it(case):
    """The table of the law, row 37: nobody signs it, and 117 is not printed in its place."""
    act = case.act

    told = told_in_act(act)["statements"]
    assert case.ground.reference in told[-1][0]
    act.road = Road.UNILATERAL
    assert case.ground.reference not in str(told_in_act(act))


def test_a_stranger_signs_as_nobody(case):
    act, coordinator = case.act, case.staff(Role.COORDINATOR)
    with nothing_written(), pytest.raises(ValueError, match="nobody"):
        actions.sign(act=act, who="general", picture=signature(), by=coordinator)


def test_the_document_of_an_act_names_no_place_and_no_program(case):
    case.brought_to("Верхнегорье")
    reader = PdfReader(io.BytesIO(base64.b64decode(case.sealed.document)))
    everything = str(reader.metadata) + "".join(page.extract_text() for page in reader.pages)

    assert "Верхнегорье" not in everything
    assert "/root" not in everything


def test_two_linked_records_are_one_man_and_are_handed_over_once(case):
    other = Case()
    act, coordinator = other.ready, other.staff(Role.COORDINATOR)
    _ = case.sealed
    other.captive.same_as = case.captive
    other.captive.save(update_fields=["same_as"])

    with nothing_written(), pytest.raises(Refused, match=r"handovers\.second"):
        actions.seal_act(act=Act.objects.get(pk=act.pk), by=coordinator)
    assert "handovers.second" in [
        refusal.code for refusal in actions.why_not_prepare_act(other.granted)
    ]
