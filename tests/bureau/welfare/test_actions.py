"""What is written down of a man's welfare, by whom, and what it leaves alone."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pypdf
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.at_once import DONE, all_at_once
from tests.factories import CaptiveFactory, CustodyEventFactory, SiteFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeKind, Route
from wayhome.bureau.journal.models import Entry as JournalEntry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Role
from wayhome.bureau.welfare import actions
from wayhome.bureau.welfare.models import (
    Certificate,
    DayPage,
    Difference,
    Entry,
    Illness,
    Parcel,
)
from wayhome.bureau.welfare.printing import certificate_of, receipt_of
from wayhome.bureau.welfare.rules import (
    Condition,
    Differed,
    EntryKind,
    Issuer,
    Line,
    Meal,
    TakenOut,
    Treated,
)
from wayhome.lib.refusal import Refused

pytestmark = pytest.mark.django_db
WATCH = Line("годинник", Decimal(1))
MONEY = Line("", Decimal(500), "RUB")
TAKEN = actions.Written(
    EntryKind.TAKEN, (WATCH, MONEY), Issuer("майор Б.", "сержант В., рота охорони"), "ru",
    "на зберігання",
)  # fmt: skip


@pytest.fixture
def officer(db):
    return StaffFactory(role=Role.WELFARE)


@pytest.fixture
def physician(db):
    return StaffFactory(role=Role.PHYSICIAN)


@pytest.fixture
def man(db):
    return CaptiveFactory(languages="ru")


def raw_lines(entry):
    """The column as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lines, details FROM welfare_entry WHERE id = %s", [entry.pk])
        return [bytes(value) for value in cursor.fetchone()]


def test_a_day_is_kept_once_and_corrected_by_a_new_version(man, officer):
    today = timezone.localdate()
    counts = {**dict.fromkeys(Meal), Meal.TEA: 1}
    first = actions.keep_day(on=today, counts=counts, by=officer)
    again = actions.keep_day(on=today, counts=counts, by=officer)
    corrected = actions.keep_day(on=today, counts={**counts, Meal.TEA: 2}, by=officer)

    assert (again, corrected.version, corrected.held) == (first, 2, 1)
    assert DayPage.objects.count() == 2
    assert DayPage.objects.standing().get() == corrected
    assert DayPage.objects.get(version=1).counts == {"tea": 1}


def test_what_was_otherwise_for_a_man_stands_once_and_can_be_taken_back(man, officer):
    said = {
        "on": timezone.localdate(), "meal": Meal.DINNER, "how": Differed.REFUSED, "words": "",
    }  # fmt: skip
    first = actions.note_difference(captive=man, by=officer, **said)
    assert actions.note_difference(captive=man, by=officer, **said) == first

    actions.take_back_difference(difference=first, by=officer)

    assert not Difference.objects.standing().exists()
    assert Difference.objects.get().taken_back_by == officer


def test_a_correction_overwrites_nothing_and_the_balance_follows(man, officer):
    entry = actions.enter_effects(captive=man, written=TAKEN, by=officer)
    before = raw_lines(entry)

    correction = actions.correct_entry(
        entry=entry, reason="було два годинники", issued_by="сержант В.", by=officer
    )

    assert raw_lines(entry) == before
    assert (correction.number, correction.corrects) == (2, entry)
    assert actions.held_for(man) == []
    assert not Captive.objects.get(pk=man.pk).effects_account.holds
    with nothing_written(), pytest.raises(Refused, match=r"welfare\.corrected"):
        actions.correct_entry(entry=entry, reason="ще раз", issued_by="В.", by=officer)


def test_each_entry_is_shown_with_what_was_held_after_it(man, officer):
    actions.enter_effects(captive=man, written=TAKEN, by=officer)
    paid = replace(TAKEN, kind=EntryKind.SPENT, lines=(replace(MONEY, quantity=Decimal(120)),))
    actions.enter_effects(captive=man, written=paid, by=officer)
    with nothing_written(), pytest.raises(Refused, match=r"welfare\.not_held"):
        actions.enter_effects(
            captive=man,
            written=replace(paid, lines=(replace(MONEY, quantity=Decimal(381)),)),
            by=officer,
        )

    entries = list(man.effects.select_related("key").order_by("number"))
    balances = [held for _entry, held in actions.with_balance(entries)]
    assert balances == [[WATCH, MONEY], [WATCH, replace(MONEY, quantity=Decimal(380))]]


def test_a_receipt_waits_for_the_second_signature_of_another(man, officer):
    entry = actions.enter_effects(captive=man, written=TAKEN, by=officer)
    with nothing_written(), pytest.raises(Refused, match=r"welfare\.one_signature"):
        actions.hand_receipt(entry=entry, by=officer)
    with nothing_written(), pytest.raises(Refused, match=r"welfare\.one_person"):
        actions.sign_entry(entry=entry, by=officer)

    actions.sign_entry(entry=entry, by=StaffFactory(role=Role.CUSTODY))
    handed = actions.hand_receipt(entry=entry, by=officer)

    assert handed.receipt_at is not None
    assert [each.code for each in actions.why_not_close(man.effects.all())] == ["welfare.held"]


@pytest.mark.parametrize(
    "change",
    [
        {"second_by": "by", "second_at": "now"},
        {"second_at": "now"},
        {"receipt_at": "now"},
        {"kind": EntryKind.CORRECTION},
    ],
)
def test_the_database_itself_refuses_a_receipt_of_one_hand(man, officer, change):
    entry = actions.enter_effects(captive=man, written=TAKEN, by=officer)
    words = {"by": officer.pk, "now": timezone.now()}
    values = {name: words.get(value, value) for name, value in change.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(**values)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_eight_who_give_back_the_one_watch_at_once_one_succeeds():
    officer, man = StaffFactory(role=Role.WELFARE), CaptiveFactory()
    actions.enter_effects(captive=man, written=replace(TAKEN, lines=(WATCH,)), by=officer)
    given = replace(TAKEN, kind=EntryKind.RETURNED, lines=(WATCH,))

    came = all_at_once([lambda: actions.enter_effects(captive=man, written=given, by=officer)] * 8)

    assert came == {DONE: 1, "welfare.not_held": 7}
    assert actions.held_for(man) == []


def test_a_parcel_keeps_before_whom_it_was_opened_and_why_something_was_taken_out(man, officer):
    parcel = actions.note_parcel(captive=man, sender="мати", arrived_at=timezone.now(), by=officer)
    with nothing_written(), pytest.raises(Refused, match=r"welfare\.before_nobody"):
        actions.open_parcel(parcel=parcel, before="", comrade="", removed=[], by=officer)

    removed = [("телефон", TakenOut.CONNECTED.value), ("", "")]
    actions.open_parcel(
        parcel=parcel, before="comrade", comrade="Лавр", removed=removed, by=officer
    )

    kept = Parcel.objects.select_related("key").get()
    assert kept.opening == {
        "comrade": "Лавр",
        "removed": [{"what": "телефон", "why": "connected"}],
    }
    assert not Parcel.objects.to_open().exists()


def test_the_weekly_note_goes_to_his_power_and_the_agency_without_what_ails_him(man, physician):
    actions.call_seriously_ill(captive=man, by=physician)
    with nothing_written(), pytest.raises(Refused, match=r"welfare\.ill_already"):
        actions.call_seriously_ill(captive=man, by=physician)

    actions.note_week(
        captive=man, condition=Condition.WORSE, note="Сепсис правої ноги.", by=physician
    )

    notices = Notice.objects.filter(kind=NoticeKind.HEALTH).select_related("key")
    assert {notice.route for notice in notices} == {Route.AGENCY, Route.POWER}
    for notice in notices:
        assert notice.particulars["condition"] == "worse"
        assert "Сепсис" not in str(notice.particulars)
    assert man.health_notes.select_related("key").get().note == "Сепсис правої ноги."

    actions.call_recovered(captive=man, by=physician)
    with nothing_written(), pytest.raises(Refused, match=r"welfare\.not_ill"):
        actions.note_week(captive=man, condition=Condition.SAME, note="", by=physician)


def test_a_certificate_is_issued_once_and_its_duplicate_goes_to_the_agency_alone(
    man, officer, physician
):
    asked = actions.ask_certificate(captive=man, language="ru", by=officer)
    with nothing_written(), pytest.raises(Refused, match=r"welfare\.asked"):
        actions.ask_certificate(captive=man, language="uk", by=officer)
    treated = Treated("Перелом ключицы", "Повязка", timezone.localdate())

    issued = actions.issue_certificate(certificate=asked, treated=treated, by=physician)

    notice = Notice.objects.select_related("key").get(kind=NoticeKind.CERTIFICATE)
    assert notice.route == Route.AGENCY
    assert notice.particulars["illness"] == "Перелом ключицы"
    with nothing_written(), pytest.raises(Refused, match=r"welfare\.issued"):
        actions.issue_certificate(certificate=issued, treated=treated, by=physician)
    actions.ask_certificate(captive=man, language="uk", by=officer)  # again, as often as he likes


@pytest.mark.slow
def test_papers_for_his_hand_are_pdf_in_his_language_and_never_say_where_he_is(
    man, officer, physician
):
    entry = actions.enter_effects(captive=man, written=TAKEN, by=officer)
    asked = actions.ask_certificate(captive=man, language="ru", by=officer)
    treated = Treated("Перелом #strong[ключицы]", "Повязка", timezone.localdate())
    issued = actions.issue_certificate(certificate=asked, treated=treated, by=physician)

    papers = [receipt_of(entry), certificate_of(issued)]

    texts = []
    for paper in papers:
        reader = pypdf.PdfReader(io.BytesIO(paper))
        texts.append(" ".join("\n".join(p.extract_text() for p in reader.pages).split()))
        assert man.site.name not in texts[-1]
        assert man.site.name not in str(reader.metadata)
    assert "500,00 RUB" in texts[0]
    assert "сержант В., рота охорони" in texts[0]
    assert "#strong[ключицы]" in texts[1]  # data, never markup


def test_each_sees_what_their_own_site_and_work_need(man, officer, physician):
    elsewhere = SiteFactory(code="B", name="Second")
    actions.enter_effects(captive=man, written=TAKEN, by=officer)
    actions.note_parcel(captive=man, sender="", arrived_at=timezone.now(), by=officer)
    actions.call_seriously_ill(captive=man, by=physician)
    actions.ask_certificate(captive=man, language="ru", by=officer)
    sees = {
        Entry: {Role.WELFARE, Role.CUSTODY, Role.NEUTRAL},
        Parcel: {Role.WELFARE, Role.CUSTODY, Role.NEUTRAL},
        Illness: {Role.PHYSICIAN},
        Certificate: {Role.PHYSICIAN, Role.WELFARE},
    }
    for role in CONSOLE_ROLES:
        here, there = StaffFactory(role=role), StaffFactory(role=role, site=elsewhere)
        for model, roles in sees.items():
            assert model.objects.visible_to(here).exists() == (role in roles), (role, model)
            everywhere = role == Role.NEUTRAL and role in roles
            assert model.objects.visible_to(there).exists() == everywhere, (role, model)


def test_nobody_but_the_welfare_officer_enters_effects_and_a_refused_entry_leaves_no_trace(man):
    officer = StaffFactory(role=Role.WELFARE)
    others = [StaffFactory(role=role) for role in CONSOLE_ROLES - {Role.WELFARE}]
    empty = replace(TAKEN, lines=())
    with nothing_written():
        for other in others:
            with pytest.raises(Forbidden):
                actions.enter_effects(captive=man, written=TAKEN, by=other)
        with pytest.raises(Refused):
            actions.enter_effects(captive=man, written=empty, by=officer)
    assert not JournalEntry.objects.filter(action__startswith="effects").exists()


def test_who_is_gone_is_called_ill_by_nobody(physician):
    gone = CaptiveFactory(custody_state="released")
    CustodyEventFactory(captive=gone, happened_at=timezone.now() - timedelta(days=9))
    with nothing_written(), pytest.raises(Refused, match=r"welfare\.not_held"):
        actions.call_seriously_ill(captive=gone, by=physician)


def test_nothing_that_goes_to_a_man_or_comes_from_him_has_a_price():
    """Letters, cards, parcels and papers are free (GC III 74): there is nowhere to write a fee."""
    models = [model for model in apps.get_models() if model.__module__.startswith("wayhome.")]
    fields = {f"{model.__name__}.{field.name}" for model in models for field in model._meta.fields}

    assert len(fields) > 300
    assert [name for name in fields if re.search(r"fee\b|price|charge|postage|cost", name)] == []


def test_a_destroyed_key_leaves_a_register_that_says_nothing(man, officer):
    entry = actions.enter_effects(captive=man, written=TAKEN, by=officer)
    man.key.destroy()

    gone = Entry.objects.select_related("key", "captive__key").get(pk=entry.pk)

    assert gone.said() == []
    assert actions.held_for(Captive.objects.get(pk=man.pk)) == []
