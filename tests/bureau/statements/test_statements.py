"""What he says of comrades is for tracing alone; from one enquiry, and never a list."""

from dataclasses import replace
from datetime import date

import pytest

from tests.factories import (
    CaptiveFactory,
    CustodyEventFactory,
    EnquiryFactory,
    MatchFactory,
    StaffFactory,
)
from wayhome.bureau.captives.models import Captive, Place
from wayhome.bureau.captives.rules import CustodyState, EventKind
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.models import Match
from wayhome.bureau.matches.search import SHOWN
from wayhome.bureau.matches.search_rules import READING_BUDGET
from wayhome.bureau.persons.models import NameWeights
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Role
from wayhome.bureau.statements import actions
from wayhome.bureau.statements.actions import Account, Comrade
from wayhome.bureau.statements.bridge import MENTIONED
from wayhome.bureau.statements.models import Statement, Weighed
from wayhome.bureau.statements.rules import HELD_BACK, MOST_COMRADES, Seen, Tie, Verdict
from wayhome.cores.names.weights import WEIGHTS
from wayhome.lib.refusal import Refused

pytestmark = pytest.mark.django_db
PLACE = "Верхнеозёрск"
UNIT = "в/ч 71428"


@pytest.fixture
def officer():
    return StaffFactory(role=Role.TRACING)


@pytest.fixture
def neutral():
    return StaffFactory(role=Role.NEUTRAL)


def account(**more) -> Account:
    given = {
        "about": Comrade("Остроглазов", "Фадей", "Лукич", born="1998-05-03"),
        "words": "Он был ранен в руку.",
        "seen": Seen.WOUNDED,
        "told_on": date(2026, 3, 1),
        "language": "ru",
        "free": True,
        "how_asked": "Наедине",
        **more,
    }
    return Account(**given)


def taken(neutral, captive: Captive | None = None, **more) -> Statement:
    return actions.take_statement(
        captive=captive or CaptiveFactory(), account=account(**more), by=neutral
    )


def sought(**more) -> Enquiry:
    given = {"surname": "Остроглазов", "given": "Фадій", "patronymic": "Лукич"}
    return EnquiryFactory(**{**given, "born": "1998-05-03", **more})


def test_it_is_kept_with_all_that_tells_how_it_was_taken(neutral):
    kept = taken(neutral, where="комната у канцелярии", translator="П. Р.")

    kept = Statement.objects.select_related("key").get(pk=kept.pk)
    assert kept.taken == {
        "where": "комната у канцелярии", "translator": "П. Р.", "how_asked": "Наедине",
    }  # fmt: skip
    assert (kept.before, kept.language, kept.free) == (neutral, "ru", True)
    assert (kept.surname, kept.unit, kept.rank) == ("Остроглазов", "", "")
    assert Entry.objects.get().action == "statement taken"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"free": False}, "statement.free"),
        ({"how_asked": " "}, "statement.how"),
        ({"words": "Нам отдали приказ стрелять."}, "statement.beyond"),
        ({"words": "Наш командир наказав обстріл."}, "statement.beyond"),
        ({"words": "They ordered the shelling."}, "statement.beyond"),
        ({"words": f"Его везли в {PLACE}."}, "statement.place"),
    ],
)
def test_it_warns_and_refuses_nothing(neutral, more, code):
    captive = CaptiveFactory()
    Place.objects.create(site=captive.site, name=PLACE)

    assert [one.code for one in actions.warnings_of(captive, account(**more))] == [code]
    assert taken(neutral, captive, **more).pk


def test_an_ordinary_word_is_not_warned_of():
    captive = CaptiveFactory()
    assert actions.warnings_of(captive, account(words="Он жив. Передавал привет матери.")) == []


def test_tracing_reads_what_was_free_and_stands_and_others_nothing(neutral, officer):
    free, forced, back = taken(neutral), taken(neutral, free=False), taken(neutral)
    actions.take_back_statement(statement=back, by=neutral)
    actions.take_back_statement(statement=back, by=neutral)

    assert set(Statement.objects.visible_to(officer)) == {free}
    assert set(Statement.objects.visible_to(neutral)) == {free, forced, back}
    for role in CONSOLE_ROLES - {Role.TRACING, Role.NEUTRAL}:
        assert not Statement.objects.visible_to(StaffFactory(role=role)).exists(), role
    with pytest.raises(Forbidden):
        taken(officer)


def test_a_statement_stands_beside_the_man_it_may_speak_of_and_matches_nobody(neutral, officer):
    kept, other = taken(neutral), taken(neutral, about=Comrade("Бесфамильный", "Кузьма"))
    enquiry = sought()

    (found,) = actions.told_of(enquiry, by=officer)
    verdict = actions.weigh_statement(
        told=found, enquiry=enquiry, verdict=Verdict.SAME, reason="Имя и день", by=officer
    )

    assert found.statement == kept
    assert found.statement != other
    assert any(field == "surname" and says == "agrees" for field, says, *_ in found.evidence)
    assert Weighed.objects.get() == verdict
    assert not Match.objects.exists()
    enquiry.refresh_from_db()
    assert enquiry.state == "open"


def test_what_was_taken_back_or_not_free_stands_beside_nobody(neutral, officer):
    kept, _forced = taken(neutral), taken(neutral, free=False)
    enquiry = sought()
    assert len(actions.told_of(enquiry, by=officer)) == 1

    actions.take_back_statement(statement=kept, by=neutral)

    assert actions.told_of(enquiry, by=officer) == []


def test_tracing_reads_no_sentence_that_names_where_anybody_is_held(neutral):
    captive = CaptiveFactory()
    Place.objects.create(site=captive.site, name=PLACE)
    words = f"Он жив. Видел его в {PLACE.upper()}е, он хромал. Ест хорошо."

    read = actions.for_tracing(taken(neutral, captive, words=words, seen_where=PLACE))

    assert read["account"] == f"Он жив. {HELD_BACK} Ест хорошо."
    assert read["seen_where"] == HELD_BACK


def names(found: list[actions.Found]) -> set[str]:
    return {one.captive.surname for one in found}


def test_comrades_are_of_the_same_unit_in_whatever_writing(officer):
    for surname, unit in (
        ("Первый", "71428"),
        ("Второй", "войсковая часть 71428"),
        ("Чужой", "в/ч 71429"),
        ("Ничей", "71428 и другие слова тоже"),
        ("Молчун", "declined"),
    ):
        CaptiveFactory(surname=surname, unit=unit)
    CaptiveFactory(surname="Вышедший", unit=UNIT, custody_state=CustodyState.RELEASED)

    found = actions.comrades_of(sought(unit=UNIT), by=officer)

    assert names(found) >= {"Первый", "Второй"}
    assert not names(found) & {"Чужой", "Молчун", "Вышедший"}
    assert all(one.tie == Tie.UNIT for one in found)


def test_without_a_number_no_unit_is_searched(officer):
    CaptiveFactory(unit="рота связи")
    CaptiveFactory(unit="")
    for unit in ("рота связи", "", "declined", "unknown"):
        assert actions.comrades_of(sought(unit=unit), by=officer) == []


def test_whoever_was_taken_with_him_is_his_comrade_once_two_people_know_him(officer):
    match = MatchFactory(enquiry=sought(), captive=CaptiveFactory(captured_on="2022-04-16"))
    beside = CaptiveFactory(surname="Рядом", captured_on="2022-04-16")
    elsewhere = CaptiveFactory(surname="Далеко", captured_on="2022-04-16")
    for captive, where in (
        (match.captive, "біля лісу"),
        (beside, "Біля  лісу"),
        (elsewhere, "міст"),
    ):
        CustodyEventFactory(captive=captive, kind=EventKind.CAPTURED, details={"where": where})

    found = actions.comrades_of(match.enquiry, by=officer)

    assert [(one.captive, one.tie) for one in found] == [(beside, Tie.CAPTURE)]


def test_nobody_sees_more_than_a_few_and_never_himself(officer):
    for number in range(MOST_COMRADES + 5):
        CaptiveFactory(surname=f"Сослуживец{number}", unit=UNIT)
    assert len(actions.comrades_of(sought(unit=UNIT), by=officer)) == MOST_COMRADES


def test_each_comrade_counts_once_in_the_days_one_reading_budget(officer):
    comrade = CaptiveFactory(unit=UNIT)
    enquiry = sought(unit=UNIT)
    for _ in range(2):
        actions.comrades_of(enquiry, by=officer)
    assert Entry.objects.filter(action=SHOWN, person=comrade.bureau_number).count() == 1
    assert Entry.objects.filter(action="asked for comrades").count() == 2

    spent = [(officer, f"Z-{number:06d}-0") for number in range(READING_BUDGET - 1)]
    journal.record_many(SHOWN, subjects=spent, by=officer, purpose="search")
    CaptiveFactory(unit=UNIT)
    with pytest.raises(Refused, match=r"search\.budget"):
        actions.comrades_of(enquiry, by=officer)


def test_whoever_wrote_the_enquiry_down_sees_no_comrades_of_it(officer):
    CaptiveFactory(unit=UNIT)
    own = sought(unit=UNIT, entered_by=officer)

    with pytest.raises(Refused, match=r"comrades\.own"):
        actions.comrades_of(own, by=officer)
    assert not Entry.objects.exists()
    assert actions.comrades_of(own, by=StaffFactory(role=Role.TRACING))


def test_comrades_are_shown_to_tracing_alone(neutral):
    enquiry = sought(unit=UNIT)
    for role in CONSOLE_ROLES - {Role.TRACING}:
        with pytest.raises(Forbidden):
            actions.comrades_of(enquiry, by=StaffFactory(role=role))


def test_a_statement_holds_no_field_for_orders_operations_or_guilt():
    fields = {field.name for field in Statement._meta.get_fields()}
    assert not fields & {"orders", "operation", "operations", "guilt", "crime", "position"}
    assert set(account().__dict__) == {
        "about", "words", "seen", "told_on", "language", "free", "seen_on", "seen_where", "where",
        "translator", "how_asked",
    }  # fmt: skip
    assert "unit" not in Comrade().__dict__


def test_they_are_weighed_by_what_the_bureau_has_learned():
    assert MENTIONED.ask(lambda index: index.weights.made.version) == 0

    learned = replace(WEIGHTS, made=replace(WEIGHTS.made, version=1))
    NameWeights.objects.create(version=1, learned=learned.to_json())

    assert MENTIONED.ask(lambda index: index.weights.made.version) == 1
