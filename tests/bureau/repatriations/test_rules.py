"""Who may go home and when, what an answer is, what a count says: as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest

from wayhome.bureau.identifications.rules.telling import Return
from wayhome.bureau.repatriations.policy import PolicyUnreadable, Terms, read, terms
from wayhome.bureau.repatriations.rules import consigning, offering, requesting
from wayhome.bureau.repatriations.rules.consigning import (
    Bag,
    Differs,
    Journey,
    Line,
    Next,
    how_it_differs,
    tally,
)
from wayhome.bureau.repatriations.rules.going import KIN_TERM, Case, Kin, term_of, why_not_go
from wayhome.bureau.repatriations.rules.offering import Answer, Offered, Said
from wayhome.bureau.repatriations.rules.requesting import Asker, Asking, Home
from wayhome.lib.refusal import Refusal

TODAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG_AGO = TODAY - KIN_TERM
DAYS = "[days]\nanswer = 10\nkin = 20\nobject = 30\ndecide = 9\n"
DOUBT = Refusal("going.doubted", "сумнів")


def codes(refusals) -> list[str]:
    return [one.code for one in refusals]


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (Case(), []),
        (Case(doubted=True, before_board=True), ["going.doubted", "going.board"]),
        (Case(kin=(Kin(),)), ["going.not_told"]),
        (Case(kin=(Kin(LONG_AGO, Return.HOME), Kin())), ["going.not_told"]),
        (Case(kin=(Kin(TODAY, Return.HOME),)), []),
        (Case(kin=(Kin(TODAY, Return.HERE),)), ["going.no_return"]),
        (Case(kin=(Kin(LONG_AGO, Return.HERE),)), ["going.no_return"]),
        (Case(kin=(Kin(LONG_AGO, Return.PARTS_FIRST),)), ["going.parts_first"]),
        (Case(kin=(Kin(LONG_AGO + timedelta(1)),)), ["going.term"]),
        (Case(kin=(Kin(TODAY, Return.NOT_YET),)), ["going.term"]),
        (Case(kin=(Kin(LONG_AGO),)), []),
        (Case(kin=(Kin(LONG_AGO, Return.NOT_YET), Kin(TODAY))), ["going.term"]),
    ],
)
def test_what_keeps_remains_here(case, said):
    assert codes(why_not_go(case, today=TODAY)) == said


@pytest.mark.parametrize(
    "text", ["", "[days]\nanswer = 30\n", "answer = 1", "[days", DAYS.replace("9", "0"),
             DAYS.replace("9", "367"), DAYS.replace("9", '"9"'), DAYS.replace("9", "true")],
)  # fmt: skip
def test_a_policy_that_cannot_be_is_not_read(text):
    with pytest.raises(PolicyUnreadable):
        read(text)


def test_the_terms_stand_in_the_policy():
    assert read(DAYS) == Terms(*(timedelta(days) for days in (10, 20, 30, 9)))
    assert terms().kin == KIN_TERM


def test_the_term_of_a_family_that_has_not_chosen_is_that_of_the_last_one():
    two = Case(kin=(Kin(TODAY - timedelta(5)), Kin(TODAY - timedelta(2)), Kin(TODAY, Return.HOME)))

    assert term_of(two, today=TODAY) == TODAY - timedelta(2) + KIN_TERM


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Offered("A-1", named=True), []),
        (Offered("A-1", grounds="шеврон"), []),
        (Offered("A-1"), ["offer.no_grounds"]),
        (Offered("A-1", known=False), ["offer.no_number"]),
        (Offered("A-1", named=True, offered=True), ["offer.offered"]),
        (Offered("A-1", named=True, gone=True), ["offer.gone"]),
        (Offered("A-1", named=True, against=(DOUBT,)), ["going.doubted"]),
    ],
)
def test_whom_an_offer_may_list(one, said):
    assert codes(offering.why_not_offer("Країна", [one])) == said


def test_an_offer_names_a_country_and_lists_somebody():
    assert codes(offering.why_not_offer(" ", [])) == ["offer.no_power", "offer.empty"]


def test_every_answer_has_what_may_follow_it():
    assert set(offering.MAY_FOLLOW) == set(Answer)
    assert not any(Answer.WAITS in after for after in offering.MAY_FOLLOW.values())


@pytest.mark.parametrize(
    ("answer", "before", "days", "said"),
    [
        (Answer.ACCEPTED, Answer.WAITS, 1, []),
        (Answer.REFUSED, Answer.ACCEPTED, 1, []),
        (Answer.ACCEPTED, Answer.SILENCE, 40, []),
        (Answer.SILENCE, Answer.WAITS, 29, ["offer.too_soon"]),
        (Answer.SILENCE, Answer.WAITS, 30, []),
        (Answer.SILENCE, Answer.REFUSED, 30, ["offer.answered"]),
        (Answer.ACCEPTED, Answer.ACCEPTED, 1, ["offer.answered"]),
        (Answer.WAITS, Answer.WAITS, 1, ["offer.no_answer"]),
        ("maybe", Answer.WAITS, 1, ["offer.no_answer"]),
    ],
)
def test_what_may_be_noted_as_an_answer(answer, before, days, said):
    sent = NOW - timedelta(days=days)

    found = offering.why_not_answer(
        Said(answer, TODAY), before=[before], sent_at=sent, consigned=False, now=NOW, today=TODAY
    )

    assert codes(found) == said


def test_what_travels_is_not_refused_and_no_answer_comes_before_the_question():
    known = {"before": [Answer.ACCEPTED], "now": NOW, "today": TODAY}
    early = Said(Answer.REFUSED, TODAY - timedelta(days=3))

    found = offering.why_not_answer(early, sent_at=NOW, consigned=True, **known)

    assert codes(found) == ["offer.consigned", "offer.before"]
    assert codes(
        offering.why_not_answer(early, sent_at=None, consigned=False, **known)
    ) == ["offer.not_sent"]  # fmt: skip


@pytest.mark.parametrize(("day", "said"), [(26, ["offer.before"]), (27, [])])
def test_an_offer_is_sent_on_the_day_of_the_clock_on_the_wall(day, said):
    sent = datetime(2026, 11, 26, 22, 30, tzinfo=UTC)  # half past twelve in Kyiv, the next day
    now, today = sent + timedelta(minutes=5), date(2026, 11, 27)
    answer = Said(Answer.ACCEPTED, date(2026, 11, day))

    found = offering.why_not_answer(
        answer, before=[Answer.WAITS], sent_at=sent, consigned=False, now=now, today=today
    )

    assert codes(found) == said


@pytest.mark.parametrize(
    ("asking", "said"),
    [
        (Asking(True, Asker.HOME), []),
        (Asking(True, Asker.HOME, against=(DOUBT,)), ["going.doubted"]),
        (Asking(True, Asker.KIN), ["request.not_asked"]),
        (Asking(True, Asker.KIN, Home.ASKED, TODAY), ["request.term"]),
        (Asking(True, Asker.KIN, Home.ASKED, TODAY - requesting.OBJECT_WITHIN), []),
        (Asking(True, Asker.KIN, Home.AGREES, is_kin=False), ["request.not_theirs"]),
        (Asking(True, Asker.KIN, Home.OBJECTS, TODAY), ["request.objects"]),
        (Asking(True, Asker.KIN, Home.AGREES, TODAY), []),
        (Asking(False, Asker.KIN, Home.AGREES, TODAY), ["request.decided"]),
    ],
)
def test_when_a_request_may_be_granted(asking, said):
    assert codes(requesting.why_not_grant(asking, today=TODAY)) == said


def test_no_refusal_without_its_reason_and_a_remedy():
    found = requesting.why_not_refuse(is_open=True, reason=" ", remedy="")

    assert codes(found) == ["request.no_reason", "request.no_remedy"]
    assert not list(requesting.why_not_refuse(is_open=True, reason="так", remedy="суд, 30 днів"))


def test_a_country_is_known_again_and_kin_name_none():
    assert requesting.agrees(["російська  Федерація"], "Російська Федерація")
    assert requesting.agrees([""], "Російська Федерація")
    assert not requesting.agrees(["Білорусь"], "Російська Федерація")
    assert not requesting.agrees([], "Російська Федерація")


@pytest.mark.parametrize(
    ("bag", "said"),
    [
        (Bag(), []),
        (Bag(known=False), ["consignment.no_number"]),
        (Bag(on_it=True, buried=True), ["consignment.again"]),
        (Bag(elsewhere=True), ["consignment.elsewhere"]),
        (Bag(gone=True), ["consignment.gone"]),
        (Bag(buried=True, waits=True), ["consignment.buried", "consignment.waits"]),
        (Bag(with_us=False, sealed=False), ["consignment.outside", "consignment.no_seal"]),
        (Bag(agreed=False, against=(DOUBT,)), ["consignment.not_agreed", "going.doubted"]),
    ],
)
def test_what_keeps_remains_off_a_manifest(bag, said):
    assert codes(consigning.why_not_add(bag, preparing=True, pieces=0)) == said


def test_a_consignment_says_to_whom_through_whom_and_where():
    found = consigning.why_not_open(Journey("", "", "", ""))

    assert [one.field for one in found] == ["power", "through", "carrier", "destination"]


@pytest.mark.parametrize(
    ("line", "differs"),
    [
        (Line(True, True, "М 1", "м1"), None),
        (Line(True, True, "М 1", "М 2"), Differs.SEAL),
        (Line(True, True, "М 1", ""), Differs.SEAL),
        (Line(True, True, "П 1", "", is_bag=False), None),
        (Line(True, False, "М 1"), Differs.MISSING),
        (Line(False, True), Differs.UNLISTED),
    ],
)
def test_how_a_line_differs(line, differs):
    assert how_it_differs(line) == differs


def test_a_tally_counts_each_difference():
    lines = [Line(True, True, "1", "1"), Line(True, True, "2", "3"), Line(True, False, "4"),
             Line(False, True)]  # fmt: skip

    found = tally(lines)

    assert (found.listed, found.counted) == (3, 3)
    assert (found.missing, found.unlisted, found.seals) == (1, 1, 1)
    assert found.differs
    assert not tally(lines[:1]).differs


@pytest.mark.parametrize(
    ("this", "more", "said"),
    [
        (Next(True, 2), {}, []),
        (Next(False, 2), {}, ["leg.closed"]),
        (Next(True, 0), {}, ["leg.empty"]),
        (Next(True, 2, leg_runs=True), {}, ["leg.runs"]),
        (Next(True, 2, left_us=True), {}, ["leg.left_us"]),
        (Next(True, 2), {"outside": ""}, ["leg.no_receiver"]),
        (Next(True, 2), {"to_staff": True}, ["leg.two_receivers"]),
        (Next(True, 2), {"outside": "", "to_staff": True, "to_oneself": True}, ["leg.oneself"]),
        (Next(True, 2), {"outside": "", "to_staff": True, "able": False}, ["leg.not_able"]),
        (Next(True, 2), {"place": ""}, ["leg.no_place"]),
        (Next(True, 2, not_held=("A-1",)), {}, ["leg.not_held"]),
        (Next(True, 2, against=(("A-1", DOUBT),)), {}, ["going.doubted"]),
    ],
)
def test_when_the_next_change_of_hands_may_begin(this, more, said):
    ends = {"outside": "Делегат", "to_staff": False, "able": True, "to_oneself": False}

    assert codes(consigning.why_not_open_leg(this, **{**ends, "place": "тут", **more})) == said


def test_a_count_is_closed_by_who_signs_with_how_all_looks():
    found = consigning.why_not_close_count(counting=True, theirs=False, counted=0, condition=" ")

    assert codes(found) == ["count.not_yours", "count.nothing", "count.no_condition"]


def test_a_difference_is_explained_by_two_and_blocks_until_then():
    assert codes(consigning.why_not_explain(explained=False, words=" ")) == ["difference.no_words"]
    signing = {"explained": True, "confirmed": False}
    assert codes(consigning.why_not_confirm(**signing, own=True)) == ["difference.own"]
    assert not list(consigning.why_not_confirm(**signing, own=False))
    found = consigning.why_not_sign(differs=True, theirs=True, unexplained=1)
    assert codes(found) == ["leg.unexplained"]


def test_every_state_has_what_may_follow_it():
    assert set(consigning.MAY_FOLLOW) == set(consigning.State)
    assert set(consigning.LEG_MAY_FOLLOW) == set(consigning.LegState)
    assert set(requesting.MAY_FOLLOW) == set(Home)
