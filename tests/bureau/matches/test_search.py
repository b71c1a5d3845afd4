"""One line finds a person by whatever is known, and never lists a unit, a place or a year."""

import pytest

from tests.factories import CaptiveFactory, EnquiryFactory, SiteFactory, StaffFactory
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches import search_rules
from wayhome.bureau.matches.search import (
    SHOWN,
    captives_named,
    cards_named,
    look_for,
    read,
    sought_named,
)
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Permission, Role, roles_with
from wayhome.lib.numbers import make
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("fresh_indexes")]
UNIT = "в/ч 54321"


def man(surname="Буйничев", given="Константин", patronymic="Лаврентьевич", **more):
    return CaptiveFactory(surname=surname, given=given, patronymic=patronymic, **more)


def found(text, role=Role.NEUTRAL, **more):
    return [hit.record for hit in look_for(text, by=StaffFactory(role=role, **more)).hits]


@pytest.fixture
def crowd():
    names = ("Иванов", "Петренко", "Абдуллаев", "Цыренов", "Кузьмин", "Сидорчук", "Лебедев")
    return [man(one, "Иван", "Петрович", unit=UNIT, birthplace="Самара") for one in names]


@pytest.mark.parametrize(
    "line",
    [
        "Буйничев",
        "буйничев костя 14.01.1999",
        "14.01.1999 костя буйничев",
        "Bujnichov Konstantyn 1999",
        "BUINICHEV KONSTANTIN",
        "<eqybxtd",
        "Костя Буйничев, Самара, 27 лет",
        "самара буйничев костя",
        "Буйничеву Константину",
        "буйн",
        "Буй",
    ],
)
def test_he_is_found_first_however_he_is_written(crowd, line):
    sought = man(born="1999-01-14", birthplace="Самара")

    assert found(line)[0] == sought


@pytest.mark.parametrize(
    "line",
    ["Неведомск Буйничев Костя", "Буйничев Неведомск Костя", "мой сын Буйничев Костя Неведомск"],
)
def test_a_place_that_the_register_knows_may_stand_anywhere(crowd, line):
    man(birthplace="Самара")
    sought = man(birthplace="Неведомск")

    assert found(line)[0] == sought


@pytest.mark.parametrize("typed", ["A-{}", "a{}", "А {}"])
def test_a_bureau_number_finds_its_record(crowd, typed):
    number = crowd[3].bureau_number.removeprefix("A-")

    assert found(typed.format(number)) == [crowd[3]]
    assert crowd[3] in found(typed.format(number[:5]))


def test_a_personal_number_and_a_number_of_a_list_find_theirs(crowd):
    sought = man("Щербаков", service_no="АБ-123456")
    listed = EnquiryFactory(list_number="E00042")

    assert found("АБ-123456") == [sought]
    assert found("e00042", Role.TRACING) == [listed]


@pytest.mark.parametrize(
    "line", [UNIT, f"{UNIT} 1999", "1999", "14.01.1999", "рядовой " + UNIT, "54321"]
)
def test_no_line_without_a_name_or_a_number_is_searched(crowd, line):
    answer = look_for(line, by=StaffFactory(role=Role.NEUTRAL))

    assert answer.refusal or not answer.hits
    assert not answer.hits


@pytest.mark.parametrize(
    "name",
    [
        "Иван",
        "Ваня",
        "И",
        "И.",
        "Петрович",
        "Иван Петрович",
        "Ззз",
        "Ззз Иван",
        "Аб",
        "Сид",
        "Иванко",
    ],
)
def test_a_unit_never_brings_a_man_onto_the_list(crowd, name):
    """What is asked beside it is no surname of theirs: so nobody of the unit is shown (P18)."""
    assert not set(found(f"{name} {UNIT}")) & set(crowd)


@pytest.mark.parametrize("name", ["Неслыханов Карп", "Иван", "Неслыханов"])
def test_nor_does_a_comrade(crowd, name):
    man("Щеголихин", "Аристарх", "Саввич", unit=UNIT)

    assert found(f"{name} служил с Щеголихиным Аристархом Саввичем") == found(name)


def test_a_unit_beside_his_surname_puts_him_first(crowd):
    other = man("Иванов", "Иван", "Петрович", unit="в/ч 11111")

    assert found(f"Иванов {UNIT}") == [crowd[0], other]


def test_each_sees_only_whom_their_permission_and_site_give_them():
    here, there = man(), man(site=SiteFactory(code="B", name="Second site"))
    enquiry = EnquiryFactory(surname="Буйничев", given="Константин")

    for role in sorted(CONSOLE_ROLES):
        seen = set(found("Буйничев Константин", role))
        wanted = set()
        if role in roles_with(Permission.SEE_CAPTIVE):
            wanted |= {here} if role in search_at_one_site() else {here, there}
        if role in roles_with(Permission.SEE_ENQUIRY):
            wanted |= {enquiry}
        assert seen == wanted, role


def search_at_one_site():
    return {Role.REGISTRAR, Role.CUSTODY, Role.WELFARE, Role.PHYSICIAN}


def test_a_man_of_ones_own_site_is_found_behind_many_of_others(monkeypatch):
    elsewhere = SiteFactory(code="B", name="Second site")
    for _ in range(30):
        man(site=elsewhere)
    here = man("Буйничов")

    assert found("Буйничев Константин", Role.REGISTRAR) == [here]


def test_a_forgotten_enquiry_is_not_found():
    EnquiryFactory(surname="Буйничев", state=EnquiryState.FORGOTTEN)

    assert found("Буйничев", Role.TRACING) == []


@pytest.mark.parametrize("line", ["Буйничев", "Bujnitschew", f"Буйничев {UNIT}", "буйн"])
def test_an_enquiry_that_the_agency_asks_is_found_too(line):
    theirs = EnquiryFactory(surname="Буйничев", state=EnquiryState.FOR_AGENCY)
    EnquiryFactory(surname="Лебедев", state=EnquiryState.FOR_AGENCY)

    assert found(line, Role.TRACING) == [theirs]
    assert {*sought_named(line)} == {theirs}


def test_a_search_is_in_the_journal_and_names_nobody():
    sought, by = man(), StaffFactory(role=Role.NEUTRAL)
    hits = look_for("Буйничев", by=by).hits

    read("Буйничев", hits, by=by)
    read("Буйничев К", hits, by=by)

    entries = list(Entry.objects.order_by("at", "pk").values_list("action", "person", "purpose"))
    assert entries == [
        ("searched", "", "search"),
        (SHOWN, sought.bureau_number, "search"),
        ("searched", "", "search"),  # the same man is entered once a day
    ]
    assert all(one.digest for one in Entry.objects.filter(action="searched"))


def test_what_one_person_may_read_in_a_day_ends(monkeypatch):
    monkeypatch.setattr(search_rules, "READING_BUDGET", 2)
    by = StaffFactory(role=Role.NEUTRAL)
    men = [man("Иванов"), man("Иванов"), man("Щербаков")]
    assert read("Иванов", look_for("Иванов", by=by).hits, by=by) == 2
    before = Entry.objects.count()

    with pytest.raises(Refused, match=r"search\.budget"):
        read("Щербаков", look_for("Щербаков", by=by).hits, by=by)

    assert Entry.objects.count() == before
    assert not Entry.objects.filter(person=men[2].bureau_number).exists()
    # Whom they were shown today they may find again, and another's budget is not touched.
    assert read("Иванов", look_for("Иванов", by=by).hits, by=by) == 2
    other = StaffFactory(role=Role.NEUTRAL)
    assert read("Щербаков", look_for("Щербаков", by=other).hits, by=other) == 1


def test_too_many_are_cut_and_said_to_be_so():
    for _ in range(12):
        man("Иванов")
    by = StaffFactory(role=Role.NEUTRAL)

    assert len(look_for("Иванов", by=by, most=8).hits) == 8
    assert look_for("Иванов", by=by, most=8).more
    assert not look_for("Иванов", by=by, most=12).more


@pytest.mark.parametrize(
    "line",
    ["Bujnitschew", "BUINICHEV Kostya", "<eqybxtd", "Буйничеву", "уйнич", f"Буйничев {UNIT}"],
)
def test_a_list_is_narrowed_to_those_called_so_in_any_script(crowd, line):
    one, main = man(), man("Лебедев")
    linked = man(same_as=main)
    enquiry = EnquiryFactory(surname="Буйничев", given="Константин")
    EnquiryFactory(surname="Лебедев")

    assert {*captives_named(line)} == {one, main, linked}
    assert {*sought_named(line)} == {enquiry}


def test_a_number_narrows_a_list_to_one_and_a_unit_or_place_to_none(crowd):
    enquiry = EnquiryFactory()

    assert [*captives_named(crowd[0].bureau_number.lower())] == [crowd[0]]
    assert [*sought_named(enquiry.bureau_number.replace("-", " "))] == [enquiry]
    for line in (UNIT, "1999", "Самара 1999"):
        assert not captives_named(line)


def test_an_initial_alone_brings_nobody_onto_a_list(crowd):
    EnquiryFactory(surname="Троицкий", given="С. Б.", patronymic="")
    whole = EnquiryFactory(surname="Сенченко", given="С.", patronymic="")

    assert {*sought_named("Senczenko")} == {*sought_named("Сенченко Степан")} == {whole}
    assert not sought_named("Самара")
    assert not sought_named("zzz")


@pytest.mark.parametrize("line", ["К", "к.", "К. Л.", "ё", "-", "7"])
def test_letters_that_stand_in_many_names_bring_nobody_onto_a_list(line):
    man(service_no="АБ-777777")

    assert not captives_named(line)


def test_each_word_of_a_line_may_stand_in_the_name_or_in_a_number(crowd):
    one = man(service_no="АБ-123456", bureau_number="A-009876-0")
    listed = EnquiryFactory(surname="Буйничев", given="Константин", list_number="Q-17")

    for line in ("буйн конст", "лавр АБ-12", "3456", "А-0098", "a 009876", "9876 буй"):
        assert {*captives_named(line)} == {one}
    for line in ("буйн лебед", "9876 лебед"):
        assert not captives_named(line)
    assert {*sought_named("q-17")} == {*sought_named("Q-17 буй")} == {listed}
    assert not sought_named("Q-1")


def test_where_no_number_of_a_card_is_shown_none_finds_it():
    one = man(bureau_number=make("A", 9876))

    for line in (one.bureau_number, "A-0098", "9876"):
        assert not captives_named(line, numbers=False)
        assert {*captives_named(line)} == {one}
    assert {*captives_named("Bujnitschew", numbers=False)} == {one}


def test_only_what_a_person_may_see_brings_a_man_onto_a_list():
    main, elsewhere = man("Лебедев"), SiteFactory(code="B", name="Second site")
    theirs = man(same_as=main, site=elsewhere)
    here, there = (StaffFactory(role=Role.WELFARE, site=x) for x in (main.site, elsewhere))

    assert {*captives_named("Bujnitschew")} == {main, theirs}
    assert not captives_named("Bujnitschew", by=here)
    assert {*captives_named("Bujnitschew", by=there)} == {theirs}
    assert not captives_named("Bujnitschew", by=StaffFactory(role=Role.TRACING))


def test_a_narrowed_list_holds_nobody_twice_and_asks_the_core_once(django_assert_num_queries):
    main = man()
    cards = {main, *(man(same_as=main) for _ in range(3))}
    for _ in range(2):  # the index is built, and counted
        cards_named("Bujnitschew")

    with django_assert_num_queries(3):  # what has changed, the newest weights, the list
        found = [*captives_named("Bujnitschew").order_by("-bureau_number")]

    assert len(found) == len(cards)
    assert {*found} == {*cards_named("Bujnitschew")} == cards


def test_a_name_is_looked_up_once_and_only_who_fits_is_read(crowd, django_assert_num_queries):
    sought, by = man(), StaffFactory(role=Role.NEUTRAL)
    for _ in range(2):  # the index is built, and counted
        look_for("Буйничев", by=by)

    # What has changed, the newest weights, and those who are shown.
    with django_assert_num_queries(3) as asked:
        found = look_for("Буйничев Константин", by=by)

    assert [hit.record for hit in found.hits] == [sought]
    read = asked.captured_queries[-1]["sql"]
    assert sought.pk.hex in read
    assert not any(other.pk.hex in read for other in crowd)


def test_the_budget_and_the_journal_are_one_transaction(django_assert_num_queries):
    sought, by = man(), StaffFactory(role=Role.NEUTRAL)
    hits = look_for("Буйничев", by=by).hits
    read("Буйничев", hits, by=by)

    with django_assert_num_queries(4):  # begin, whom they were shown today, the search, end
        read("Буйничев", hits, by=by)

    assert Entry.objects.filter(action=SHOWN, person=sought.bureau_number).count() == 1


def test_whoever_begins_with_the_one_word_typed_is_found():
    """A beginning may be too short for the core to take it for a name."""
    wanted = [man(f"Парф{ending}") for ending in ("енко", "ёнов", "ианов")]

    assert set(found("Парф")) == set(wanted)
