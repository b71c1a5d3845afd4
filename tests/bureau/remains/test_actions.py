"""Remains by action: what is written, by whom, what is refused, and one custodian at any moment."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.at_once import DONE, all_at_once
from tests.factories import CaptiveFactory, CustodyEventFactory, SiteFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.actions import Happening
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.remains import actions
from wayhome.bureau.remains.actions import FirstHands, Lorry, Seen
from wayhome.bureau.remains.models import BagLine, Change, PartLink, Remains
from wayhome.bureau.remains.queries import chain_of, gaps_in, numbered
from wayhome.bureau.remains.rules.custody import Break
from wayhome.bureau.remains.rules.register import Found, RemainsKind
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Permission, Role, roles_with
from wayhome.lib.refusal import Refused

pytestmark = pytest.mark.django_db
FOUND = Found(on="2022-05-03", scene="лісосмуга", latitude="48.5", longitude="37.9")
DRIVER = "Кіт Остап, поховальна служба"


@pytest.fixture
def officer(db):
    return StaffFactory(role=Role.CUSTODY)


@pytest.fixture
def expert(db):
    return StaffFactory(role=Role.FORENSIC)


@pytest.fixture
def remains(officer):
    return registered(officer)


def registered(by, kind=RemainsKind.WHOLE, bag="П-1") -> Remains:
    now = timezone.now()
    return actions.register_remains(
        kind=kind, bag=bag, found=FOUND, hands=FirstHands(now, now), by=by
    )


def seen(seal="", condition="мішок цілий") -> Seen:
    return Seen(timezone.now(), seal, condition)


def held_by(remains) -> str:
    return remains.last_change().taking


def given(remains, by, to, seal="") -> Change:
    offer = actions.hand_over(remains=remains, receiver=to, seen=seen(seal), by=by)
    return actions.take(change=offer, seen=seen(seal), by=to)


def test_remains_get_the_next_number_of_the_site_and_their_first_hands(remains, officer):
    assert remains.bureau_number.startswith("A-")
    assert held_by(remains) == officer.number
    assert remains.recoveries.get().found["scene"] == "лісосмуга"
    assert gaps_in(remains) == []
    (entry, _recovery) = Entry.objects.filter(person=remains.bureau_number)
    assert entry.action == "remains registered"


def test_where_they_were_found_is_not_readable_in_the_database(remains):
    with connection.cursor() as cursor:
        cursor.execute("SELECT found FROM remains_recovery")
        (raw,) = cursor.fetchone()

    assert "лісосмуга".encode() not in bytes(raw)
    assert b"48.5" not in bytes(raw)


def test_until_the_second_signature_they_are_where_they_were(remains, officer, expert):
    offer = actions.hand_over(remains=remains, receiver=expert, seen=seen(), by=officer)

    assert held_by(remains) == officer.number
    with pytest.raises(Refused, match=r"custody\.another"), nothing_written():
        actions.take(change=offer, seen=seen(), by=officer)
    actions.take(change=offer, seen=seen(), by=expert)

    assert held_by(remains) == expert.number
    assert [change.number for change in chain_of(remains)] == [1, 2]
    with pytest.raises(Refused, match=r"custody\.not_yours"), nothing_written():
        actions.hand_over(remains=remains, receiver=expert, seen=seen(), by=officer)


def test_an_offer_is_taken_back_by_who_made_it(remains, officer, expert):
    offer = actions.hand_over(remains=remains, receiver=expert, seen=seen(), by=officer)
    with pytest.raises(Refused, match=r"custody\.not_yours"):
        actions.take_back(change=offer, by=expert)

    actions.take_back(change=offer, by=officer)

    with pytest.raises(Refused, match=r"custody\.signed"):
        actions.take(change=offer, seen=seen(), by=expert)
    assert given(remains, officer, expert).number == 2


def test_hands_outside_have_a_name_and_give_them_back_with_one_signature(remains, officer, expert):
    with pytest.raises(Refused, match=r"custody\.no_name"), nothing_written():
        actions.hand_outside(remains=remains, receiver=" ", seen=seen(), by=officer)
    actions.hand_outside(remains=remains, receiver=DRIVER, seen=seen(), by=officer)
    assert held_by(remains) == DRIVER

    actions.take_over(
        remains=remains, giver="Хтось інший", given_at=timezone.now(), seen=seen(), reason="",
        by=expert,
    )  # fmt: skip

    assert held_by(remains) == expert.number
    assert Break.HANDS in {gap.kind for gap in gaps_in(remains)}


def test_taken_over_unsigned_is_a_gap_for_ever(remains, officer, expert):
    now = timezone.now()
    told = {"remains": remains, "giver": "", "given_at": now, "seen": seen(), "by": expert}
    with pytest.raises(Refused, match=r"custody\.unsigned"), nothing_written():
        actions.take_over(reason="", **told)

    actions.take_over(reason="Він у лікарні.", **told)
    remains.refresh_from_db()

    assert {gap.kind for gap in gaps_in(remains)} == {Break.UNSIGNED, Break.NO_SEAL}
    assert remains.has_gap
    assert chain_of(remains)[1].details["reason"] == "Він у лікарні."


def test_seals_that_are_read_as_they_were_put_on_keep_the_chain_whole(remains, officer, expert):
    actions.put_seal_on(remains=remains, seal="К 1001", reason="", by=officer)
    given(remains, officer, expert, seal="к1001")
    actions.put_seal_on(remains=remains, seal="К 1002", reason="розтин", by=expert)
    given(remains, expert, officer, seal="К 1002")
    remains.refresh_from_db()

    assert gaps_in(remains) == []
    assert not remains.has_gap
    with pytest.raises(Refused, match=r"custody\.seal_used"):
        actions.put_seal_on(remains=remains, seal="К1001", reason="ще раз", by=officer)


def test_many_are_given_and_taken_at_once_each_with_its_own_seal(officer, expert):
    many = [registered(officer, bag=f"П-{n}") for n in range(3)]
    for number, each in enumerate(many):
        actions.put_seal_on(remains=each, seal=f"М {number}", reason="", by=officer)
    offers = actions.hand_over_many(many=many, receiver=expert, seen=seen(), by=officer)

    actions.take_many(changes=offers, taken_at=timezone.now(), by=expert)

    assert {held_by(each) for each in many} == {expert.number}
    assert not any(gaps_in(each) for each in many)


def test_of_many_all_are_given_or_none(officer, expert):
    own, others = registered(officer), registered(expert)

    with pytest.raises(Refused, match=r"custody\.not_yours"), nothing_written():
        actions.hand_over_many(many=[own, others], receiver=expert, seen=seen(), by=officer)


def at_the_end_of_the_transaction():
    """Ask what is asked when a transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def link(remains, **columns) -> Change:
    now = timezone.now()
    told = {
        "remains": remains, "key": remains.key, "number": 2, "is_last": True, "given_at": now,
        "taken_at": now, "receiver_signed_at": now, "details": {}, "giver": remains.registered_by,
        "receiver": StaffFactory(role=Role.FORENSIC), **columns,
    }  # fmt: skip
    return Change(**told)


def test_the_database_knows_exactly_one_custodian(remains, officer):
    at_the_end_of_the_transaction()
    with pytest.raises(IntegrityError, match="one_custodian_at_most"), transaction.atomic():
        link(remains).save(force_insert=True)
    with pytest.raises(IntegrityError, match="have 0 custodians"):
        nobody_has(remains)
    with pytest.raises(IntegrityError, match="have 0 custodians"):
        registered_without_hands(remains)


@transaction.atomic
def nobody_has(remains) -> None:
    Change.objects.filter(remains=remains).update(is_last=False)
    at_the_end_of_the_transaction()


@transaction.atomic
def registered_without_hands(like) -> None:
    Remains.objects.create(
        bureau_number="A-999999-X", site=like.site, key=like.key, registered_at=timezone.now(),
        registered_by=like.registered_by,
    )  # fmt: skip
    at_the_end_of_the_transaction()


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"giver": None}, "change_has_a_giver"),
        ({"receiver": None}, "change_has_a_receiver"),
        ({"giver": None, "giver_outside": True, "receiver": None, "receiver_outside": True},
         "change_has_two_ends"),
        ({"receiver_signed_at": None}, "change_is_a_link_once_signed"),
        ({"taken_at": timezone.now() - timedelta(days=1)}, "change_is_taken_after_it_is_given"),
    ],
)  # fmt: skip
def test_a_link_with_one_end_is_no_link_to_the_database(remains, columns, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        link(remains, is_last=False, **columns).save(force_insert=True)


def test_a_link_of_the_chain_is_never_changed_nor_taken_out(remains, officer, expert):
    change = given(remains, officer, expert)
    for wrong in (
        lambda: Change.objects.filter(pk=change.pk).update(seal="інша"),
        lambda: Change.objects.filter(pk=change.pk).update(receiver=officer, giver=expert),
        lambda: Change.objects.filter(pk=change.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic():
            wrong()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twelve_who_take_the_same_remains_at_once_are_one_custodian():
    officer = StaffFactory(role=Role.CUSTODY)
    remains = registered(officer)
    actions.hand_outside(remains=remains, receiver=DRIVER, seen=seen(), by=officer)
    takers = [StaffFactory(role=Role.FORENSIC) for _ in range(12)]

    came = all_at_once(
        [
            lambda by=by: actions.take_over(
                remains=remains, giver=DRIVER, given_at=timezone.now(), seen=seen(), reason="",
                by=by,
            )
            for by in takers
        ],
        "take the same remains over",
    )  # fmt: skip

    assert came == {DONE: 1, "custody.unsigned": 11}
    assert Change.objects.filter(remains=remains, is_last=True).count() == 1
    assert [change.number for change in chain_of(remains)] == [1, 2, 3]


# A lorry


def lorry(by, bags=("1", "2", "3")):
    return actions.open_intake(lorry=Lorry(timezone.now(), DRIVER), bags=bags, by=by)


def test_a_lorry_is_held_against_its_list_and_what_differs_is_kept(officer):
    intake = lorry(officer)
    first = actions.take_in(intake=intake, bag="1", by=officer)
    actions.take_in(intake=intake, bag="77", by=officer)
    with pytest.raises(Refused, match=r"intake\.again"), nothing_written():
        actions.take_in(intake=intake, bag=" 1 ", by=officer)
    with pytest.raises(Refused, match=r"intake\.differs"), nothing_written():
        actions.close_intake(intake=intake, words="", by=officer)

    actions.close_intake(intake=intake, words="Двох мішків водій не бачив.", by=officer)

    count = actions.count(intake)
    assert (count.listed, count.came, count.missing, count.unlisted) == (3, 2, 2, 1)
    with pytest.raises(Refused, match=r"intake\.closed"), nothing_written():
        actions.take_in(intake=intake, bag="2", by=officer)
    (change,) = chain_of(first.remains)
    assert (change.giving, change.taking) == (DRIVER, officer.number)
    assert list(BagLine.objects.filter(listed=False).values_list("bag", flat=True)) == ["77"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_three_people_tick_the_same_bag_in_once():
    officers = [StaffFactory(role=Role.CUSTODY) for _ in range(3)]
    intake = lorry(officers[0])

    came = all_at_once(
        [lambda by=by: actions.take_in(intake=intake, bag="2", by=by) for by in officers]
    )

    assert came == {DONE: 1, "intake.again": 2}
    assert Remains.objects.count() == 1


# Parts


def test_parts_of_one_body_are_linked_not_merged_and_the_link_is_taken_back(officer, expert):
    one = registered(officer, RemainsKind.PART)
    other = registered(officer, RemainsKind.PART)
    made = actions.link_parts(one=other, other=one, grounds="Кінці кістки сходяться.", by=expert)
    with pytest.raises(Refused, match=r"remains\.linked"):
        actions.link_parts(one=one, other=other, grounds="ще раз", by=expert)

    actions.unlink_parts(link=made, reason="Зразки різні.", by=expert)

    assert Remains.objects.count() == 2
    assert PartLink.objects.get().why_taken_back == "Зразки різні."
    assert actions.link_parts(one=one, other=other, grounds="Новий зразок.", by=expert)


def test_two_whole_bodies_and_a_thing_with_itself_are_not_parts_of_one(officer, expert):
    one, other = registered(officer), registered(officer)
    for second, code in ((other, r"remains\.two_wholes"), (one, r"remains\.itself")):
        with pytest.raises(Refused, match=code), nothing_written():
            actions.link_parts(one=one, other=second, grounds="схожі", by=expert)


# A death in custody


def died(man, by, **when):
    on = when or {"on": timezone.localdate().isoformat()}
    event = captives.record_custody_event(
        captive=man, happened=Happening(EventKind.DIED, **on), by=by
    )
    return event, Remains.objects.filter(captive=man).first()


def test_who_dies_in_custody_keeps_his_number_among_the_dead(officer):
    man = CustodyEventFactory().captive

    _event, remains = died(man, officer)

    assert remains.bureau_number == man.bureau_number
    assert remains.kind == RemainsKind.WHOLE
    assert held_by(remains) == officer.number
    assert gaps_in(remains) == []
    at_the_end_of_the_transaction()


def test_days_between_his_death_and_its_record_are_a_gap(officer):
    man = CustodyEventFactory().captive
    three_days_ago = (timezone.localdate() - timedelta(days=3)).isoformat()

    _event, remains = died(man, officer, on=three_days_ago)

    assert [gap.kind for gap in gaps_in(remains)] == [Break.TIME]
    assert remains.has_gap


def test_who_escaped_and_died_elsewhere_is_not_among_our_dead(officer):
    man = CustodyEventFactory().captive
    captives.record_custody_event(
        captive=man, happened=Happening(EventKind.ESCAPED, at=timezone.now()), by=officer
    )

    assert died(man, officer, at=timezone.now())[1] is None


def test_two_cards_of_one_man_bring_him_here_once(officer):
    first = CustodyEventFactory().captive
    second = CustodyEventFactory(captive=CaptiveFactory(same_as=first)).captive
    died(first, officer)
    died(second, officer)

    assert Remains.objects.count() == 1


# Who may, and who sees


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES - roles_with(Permission.RECORD_REMAINS)))
def test_whoever_keeps_no_remains_registers_none(role):
    with pytest.raises(Forbidden), nothing_written():
        registered(StaffFactory.build(role=role))
    assert not Remains.objects.visible_to(StaffFactory.build(role=role)).exists()


def test_another_site_sees_them_once_they_are_on_their_way_to_it(remains, officer):
    other = StaffFactory(role=Role.CUSTODY, site=SiteFactory(code="B", name="Second"))
    assert not Remains.objects.visible_to(other).exists()

    actions.hand_over(remains=remains, receiver=other, seen=seen(), by=officer)

    assert Remains.objects.visible_to(other).get() == remains
    assert Change.objects.visible_to(other).count() == 2


def test_they_are_found_by_number_bag_and_seal_as_people_type_them(remains, officer):
    actions.put_seal_on(remains=remains, seal="К 1001", reason="", by=officer)
    rows = Remains.objects.visible_to(officer)
    lower = remains.bureau_number.lower().replace("-", " ")

    for text in (lower, remains.bureau_number[:6], "п-1", "k1001", ""):
        assert list(numbered(rows, text)) == [remains], text
    for text in ("П-2", "B-1", "%", "К 1002"):
        assert not numbered(rows, text).exists(), text
